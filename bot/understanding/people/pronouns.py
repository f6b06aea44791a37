"""The family's own word for the patient: "he", "she" or "they". It is never guessed."""

from __future__ import annotations

from functools import cache

from bot.understanding.language import Language
from bot.understanding.people.genders import word_genders
from bot.understanding.vocabulary import Found, Span

_FILE = "pronouns"
_IN_SO_MANY_WORDS = ("he", "she", "they")
_PATIENT = ("child_of_parent", "child_of_carer", "sibling")
_OTHERS = ("others", "strangers")
_WRITER = ("i_am_parent", "i_am_carer")
_ANYBODY = ""
_LOOK_BACK = 2


def patient_pronoun(found: Found, who: str | None) -> tuple[str | None, bool]:
    """Give the writer's word for the patient, and whether a name tells it ("my son") and no mere "he".

    who: who writes, where that is known; a patient who writes needs no word. What could mean somebody
    else ("his cousin, she ...") does not count, and two words that differ tell nothing.
    """
    if who == "patient":
        return None, False
    told = _in_so_many_words(found) or _by_name(found, who)
    if told:
        return (told.pop(), True) if len(told) == 1 else (None, False)
    spoken = _spoken(found)
    return (spoken.pop() if len(spoken) == 1 else None), False


def _in_so_many_words(found: Found) -> set[str]:
    message = found.message
    return {name for name in _IN_SO_MANY_WORDS if message.language.pattern(_FILE, name).search(message.norm)}


def _by_name(found: Found, who: str | None) -> set[str]:
    """Give the pronouns of the names by which the patient is called: "my son", "our baby girl".

    A grandfather's daughter is the mother; and who only helps ("my daughter has the papers") is not the
    patient either.
    """
    named_by = _PATIENT[1:] if who == "carer" else _PATIENT
    helps = {start for start, _ in found.cue("reporting")}
    words, names = found.message.words, _names(found.message.language)
    denials = found.message.language.words(_FILE, "denials")
    return {
        names[word]
        for start, end in _spans(found, named_by)
        if end not in helps and denials.isdisjoint(words[max(start - _LOOK_BACK, 0) : start])
        # With the word behind it: "our baby girl".
        for word in words[start : end + 1]
        if word in names
    }


def _spoken(found: Found) -> set[str]:
    """Give the pronouns that can mean nobody but the patient: nobody like that was named before."""
    language, genders = found.message.language, word_genders(found.message.language)
    written_as = language.table(_FILE, "genders")
    others = _others(found)
    named: set[str] = set()
    spoken = set()
    for at, word in enumerate(found.message.words):
        gender = genders["pronouns"].get(word)
        if gender and named.isdisjoint({gender, _ANYBODY}):
            spoken.add(written_as[gender])
        elif at in others:
            named.add(genders["kin"].get(word, _ANYBODY))
    return spoken


def _spans(found: Found, names: tuple[str, ...]) -> list[Span]:
    return [span for name in names for span in found.cue(name)]


def _others(found: Found) -> set[int]:
    """Give the places of words for somebody else: neither the patient nor the one who writes."""
    message = found.message
    may_mean = message.language.words("people", "pronoun_may_mean")
    somebody = {end - 1 for name in _OTHERS for _, end in found.cue(name)}
    somebody |= {at for at, word in enumerate(message.words) if word in may_mean}
    known = _spans(found, (*_PATIENT, *_WRITER))
    return somebody - {at for start, end in known for at in range(start, end)}


@cache
def _names(language: Language) -> dict[str, str]:
    """Give the pronoun that each word for a child tells."""
    return {name: pronoun for pronoun, names in language.table(_FILE, "named").items() for name in names}
