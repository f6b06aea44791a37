"""Short names of a list's items, clear only where that list was asked: "heart", "blud thiners"."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

from rapidfuzz.distance import OSA

from bot.understanding.answers.answer_words import ANSWERS, Part, parts_of, phrases
from bot.understanding.answers.replies import opening
from bot.understanding.language import Language
from bot.understanding.vocabulary import Found, Mention
from criteria.facts import EVENTS

_LETTERS_A_SLIP = 5
_LONGEST_PIECE = 9
_DOUBTING = ("unsure", "unsure_when", "planned", "hypothetical")


def with_asked_names(found: Found, asked: str | None, lang: str) -> Found:
    """Add the names that are clear only under the question `asked` ("transplant" among treatments)."""
    language = found.message.language
    if not asked:
        return found
    found = _without_where_to_start(found)
    weak = [mention for mention in found.mentions if mention.entry.get("weak")]
    firm = [mention for mention in found.mentions if not mention.entry.get("weak")]
    taken = {at for mention in firm for at in range(mention.start, mention.end)}
    words = found.message.words
    added: list[Mention] = []
    if asked in language.table(ANSWERS, "names_when_asked"):
        names = phrases(lang, "names_when_asked", asked)
        added = [
            _mention(at, at + size, names[" ".join(words[at : at + size])])
            for at in range(len(words))
            if (size := opening(words[at:], names)) and _is_free(range(at, at + size), firm)
        ]
        now = {at for mention in added for at in range(mention.start, mention.end)}
        firm = [mention for mention in firm if now.isdisjoint(range(mention.start, mention.end))]
    taken |= {at for mention in added for at in range(mention.start, mention.end)}
    added += _bare(found, asked, language, taken)
    if not added:
        return found
    told_again = {at for mention in added for at in range(mention.start, mention.end)}
    firm += [mention for mention in weak if told_again.isdisjoint(range(mention.start, mention.end))]
    return replace(found, mentions=tuple(sorted((*firm, *added), key=lambda m: m.start)))


def _without_where_to_start(found: Found) -> Found:
    """Take the doubt out of "I don't know where to start, chemo, radiation, ...": nothing is in doubt."""
    message = found.message
    pattern = message.language.pattern(ANSWERS, "where_to_start")
    spans = [message.span_of(match) for match in pattern.finditer(message.norm)]
    if not spans:
        return found
    kept = {
        name: [cue for cue in found.cue(name) if not any(s <= cue[0] and cue[1] <= e for s, e in spans)]
        for name in _DOUBTING
    }
    return replace(found, cues={**found.cues, **kept})


def _is_free(words: range, firm: list[Mention]) -> bool:
    """Whether no other name stands there but one of just these words, which means something else here."""
    crossing = [mention for mention in firm if mention.start < words.stop and words.start < mention.end]
    return all((mention.start, mention.end) == (words.start, words.stop) for mention in crossing)


def _mention(start: int, end: int, name: str) -> Mention:
    if name in EVENTS:
        return Mention(start, end, "treatments", {"event": name})
    entry: dict[str, Any] = {"fact": name, "value": "yes"}
    return Mention(start, end, "health", entry)


def _bare(found: Found, asked: str, language: Language, taken: set[int]) -> list[Mention]:
    """Find names in pieces that say nothing else: "heart", "all but the vaccine", "the heart is fine"."""
    names = _bare_names(asked, language)
    if not names:
        return []
    cuts = language.words(ANSWERS, "cuts_of_bare_names")
    words = found.message.words
    added = []
    for part in parts_of(words, language):
        added += _pointed_at(words, part, names, taken, language)
        taken = taken | {at for mention in added for at in range(mention.start, mention.end)}
        start = part.start
        for at in range(part.start, part.end + 1):
            if at < part.end and words[at] not in cuts:
                continue
            mention = _in_piece(words, start, at, names, language)
            if mention and taken.isdisjoint(range(mention.start, mention.end)):
                added.append(mention)
            start = at + 1
    return added


def _pointed_at(
    words: list[str], part: Part, names: dict[str, str], taken: set[int], language: Language
) -> list[Mention]:
    """Find "the heart one" and "the gut thing": an item that is pointed at, whatever stands around it."""
    articles, ones = (language.words(ANSWERS, name) for name in ("points_at", "pointed_ones"))
    added = []
    for at in range(part.start, part.end):
        size = opening(words[at + 1 : part.end], names) if words[at] in articles else 0
        end = at + 1 + size
        if size and end < part.end and words[end] in ones and taken.isdisjoint(range(at + 1, end)):
            added.append(_mention(at + 1, end, names[" ".join(words[at + 1 : end])]))
    return added


@cache
def _bare_names(asked: str, language: Language) -> dict[str, str]:
    """Give the short names of a list's items; where a single item was asked, of that one only."""
    table = language.table(ANSWERS, "bare_names")
    if asked in table:
        return phrases(language.code, "bare_names", asked)
    lists = [phrases(language.code, "bare_names", each) for each in table]
    return {name: item for names in lists for name, item in names.items() if item == asked}


def _in_piece(
    words: list[str], start: int, end: int, names: dict[str, str], language: Language
) -> Mention | None:
    beside, no_slips = (language.words(ANSWERS, name) for name in ("beside_bare_names", "no_slips"))
    while start < end and end - start > _LONGEST_PIECE and words[start] in beside:
        start += 1
    while 0 < end - start <= _LONGEST_PIECE:
        text = " ".join(words[start:end])
        if text in names:
            return _mention(start, end, names[text])
        if words[start] in beside:
            start += 1
        elif words[end - 1] in beside:
            end -= 1
        else:
            name = None if text in no_slips else _slip_of(text, names)
            return _mention(start, end, name) if name else None
    return None


def _slip_of(text: str, names: dict[str, str]) -> str | None:
    """Give what a misspelt short name means: one slip for every five letters."""
    slips = len(text) // _LETTERS_A_SLIP
    if not slips and len(text) >= _LETTERS_A_SLIP - 1:
        slips = 1
    near = {
        item
        for name, item in names.items()
        if name[0] == text[0]
        and len(name) >= _LETTERS_A_SLIP
        and OSA.distance(name, text, score_cutoff=slips) <= slips
    }
    return near.pop() if len(near) == 1 else None
