"""The words that stand for the patient in a text, by who reads it."""

from __future__ import annotations

from typing import Any

from bot.texts import VOICES, Texts

_UNTIL_TOLD = {
    "they": "who",
    "them": "who",
    "their": "whose",
    "are": "is",
    "have": "has",
    "were": "was",
    "do": "does",
}
"""The words of ``voices`` that stand for the pronoun's while nobody has said "he", "she" or "they"."""


def voice(texts: Texts, respondent: Any, pronoun: str | None = None) -> dict[str, str]:
    """The words that stand for the patient: "your child" for a parent, "you" for the patient.

    Until it is known who writes, the parent's words are used. ``pronoun`` is the family's own word
    for the patient, "he", "she" or "they"; until she has said one, her child is called by the words of
    the voice, since a pronoun is never guessed.
    """
    who = respondent if respondent in VOICES else VOICES[0]
    words = dict(texts.node(f"voices.{who}"))
    if pronoun is None or who == "patient":
        words |= {word: words[instead] for word, instead in _UNTIL_TOLD.items()}
    else:
        words |= texts.node(f"pronouns.{pronoun}")
    return {**words, **{key.capitalize(): capital(word) for key, word in words.items()}}


def capital(text: str) -> str:
    """The text as it begins a sentence."""
    return text[:1].upper() + text[1:]
