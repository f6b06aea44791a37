"""Choices told by their place in the list that was shown: "the first two", "3 and 7", "all but the last"."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cache

from bot.understanding.answers.answer_words import ANSWERS, Part, parts_of
from bot.understanding.answers.replies import MARKS, without_marks
from bot.understanding.language import Language
from bot.understanding.statements.scene import Scene

_FEWEST_OF_A_ROW = 2
_NAME = "_"


@dataclass
class Chosen:
    """Places in the list (from 0) that were ticked and crossed out; whether nothing else was said."""

    yes: set[int] = field(default_factory=set)
    no: set[int] = field(default_factory=set)
    whole: bool = False

    def __bool__(self) -> bool:
        return bool(self.yes or self.no)


@dataclass
class _Row:
    """What one part of the message chooses.

    sure: whether the part can mean nothing but places ("the second one", "numbers 3 and 5").
    opens: whether a word before the places says yes or no of them; told_after: one behind them.
    """

    part: Part
    places: list[tuple[int, bool | None]]
    sure: bool
    opens: bool | None
    told_after: bool | None


def read_places(scene: Scene, count: int, after: int = 0) -> Chosen:
    """Read which of `count` choices the message names by their places. `after`: from which word on."""
    language = scene.language
    parts = _behind(parts_of(scene.words, language), after)
    dated = {at for when in scene.dates for at in range(when.start, when.end)}
    named = {at for mention in scene.found.mentions for at in range(mention.start, mention.end)}
    rows = [_row(scene, part, count, dated, named) for part in parts]
    found = [row for row in rows if row and row.places]
    chosen = Chosen()
    strong = [row for row in found if row.sure or len(row.places) >= _FEWEST_OF_A_ROW]
    if not strong and len(found) < _FEWEST_OF_A_ROW and (not found or found[0].part is not parts[0]):
        return chosen
    if not strong and _spelt_out_one(scene, found):
        return chosen
    _spread_back(found)
    sign: bool | None = None
    for row in found:
        sign = row.opens if row.opens is not None else (sign if _goes_on(row, scene) else None)
        told = sign if row.told_after is None else row.told_after
        for place, own in row.places:
            value = own if own is not None else told
            (chosen.no if value is False else chosen.yes).add(place)
    chosen.yes -= chosen.no
    chosen.whole = len(found) == len(parts)
    return chosen


def _behind(parts: list[Part], after: int) -> list[Part]:
    """Give the parts from this word on, the first one cut there."""
    kept = [part for part in parts if part.end > after]
    if kept and kept[0].start < after:
        first = kept[0]
        dropped = len(without_marks(first.words)) - (first.end - after)
        kept[0] = replace(first, start=after, words=first.words[dropped:])
    return [part for part in kept if part.words]


def _goes_on(row: _Row, scene: Scene) -> bool:
    """Whether the part stands behind a comma only, so that the "never" of "never 4, 5 or 6" reaches it."""
    return scene.words[max(row.part.start - 1, 0)] == "," and row.told_after is None


def _spread_back(rows: list[_Row]) -> None:
    """Let the "no" of "4, 5, 6 no" reach the places before it that have no word of their own."""
    for row, following in zip(reversed(rows[:-1]), reversed(rows[1:]), strict=True):
        unsigned = row.opens is None and row.told_after is None
        if unsigned and following.told_after is not None and following.part.sentence == row.part.sentence:
            row.told_after = following.told_after


def _spelt_out_one(scene: Scene, rows: list[_Row]) -> bool:
    """Whether the only choice is the word "one", which means no place ("one of these")."""
    return len(rows) == 1 and all(
        token.raw.isalpha()
        for token in scene.found.message.tokens[rows[0].part.start : rows[0].part.end]
        if token.text.isdigit()
    )


@dataclass(frozen=True)
class _Selectors:
    """The words and patterns of places in one language."""

    selector: re.Pattern[str]
    ordinals: dict[str, int]
    yes: frozenset[str]
    no: frozenset[str]
    filler: frozenset[str]
    declined: re.Pattern[str]


@cache
def _selectors(language: Language) -> _Selectors:
    names = language.table(ANSWERS, "ordinals")
    return _Selectors(
        language.pattern(ANSWERS, "place"),
        {word: int(number) for number, words in names.items() for word in words},
        language.words(ANSWERS, "place_yes"),
        language.words(ANSWERS, "place_no"),
        language.words(ANSWERS, "place_filler"),
        language.pattern(ANSWERS, "declined"),
    )


def _row(scene: Scene, part: Part, count: int, dated: set[int], named: set[int]) -> _Row | None:
    """Read one part word by word; None where it says something else."""
    by = _selectors(scene.language)
    text = _without_names(scene, part, named)
    row = _Row(part, [], False, None, None)
    sign: bool | None = None
    signed = at = 0
    closing = text.rpartition(" ")[2] in by.yes | by.no  # "1 yes 2 no": each word speaks of what is before
    while at < len(text):
        match = by.selector.match(text, at)
        if match and (places := _places(match, by, count)):
            if not _words_of(scene, part, text, match).isdisjoint(dated):
                return None
            if text.startswith(f" {_NAME}", match.end()) and not match["sure"]:
                return None  # "2nd recurrence"
            if match["sure"] and text[: match.start()].endswith(f"{_NAME} "):
                return None  # "relapse number 3"
            row.places += [(place, sign) for place in places]
            row.sure = row.sure or bool(match["sure"] or not match["digit"])
            at = match.end() + 1
            continue
        end = text.find(" ", at)
        word = text[at:end] if end >= 0 else text[at:]
        if word in by.no or word in by.yes:
            value = word in by.yes
            if row.places[signed:] and (end < 0 or (closing and row.opens is None)):
                _close(row, signed, value)
                signed = len(row.places)
            else:
                sign, signed = value, len(row.places)
                row.opens = row.opens if row.places else value
        elif word not in by.filler and word != _NAME:
            if not row.places or not by.declined.search(text, at):
                return None
            row.told_after = False
            return row
        at += len(word) + 1
    return row if row.sure or _NAME not in text.split() else None


def _close(row: _Row, signed: int, value: bool) -> None:
    """Let the last word speak of the places since the last yes or no ("5 and 6 no")."""
    row.places[signed:] = [(place, value if own is None else own) for place, own in row.places[signed:]]
    row.told_after = value


def _without_names(scene: Scene, part: Part, named: set[int]) -> str:
    """Give the part's text with a mark in the place of names of the lexicon ("steroids and number 3")."""
    words = ((at, scene.words[at]) for at in range(part.start, part.end))
    return " ".join(_NAME if at in named else word for at, word in words if word not in MARKS)


def _words_of(scene: Scene, part: Part, text: str, match: re.Match[str]) -> set[int]:
    """Give the numbers of the words that a selector takes up, to see whether they are a date ("the 4th")."""
    numbers = [at for at in range(part.start, part.end) if scene.words[at] not in MARKS]
    first = text.count(" ", 0, match.start())
    return set(numbers[first : first + match[0].count(" ") + 1])


def _places(match: re.Match[str], by: _Selectors, count: int) -> list[int]:
    """Give the places that one selector means; none where there are not so many choices."""
    if match["first"]:
        places = range(int(match["first"]))
    elif match["last"]:
        places = range(count - int(match["last"]), count)
    elif match["from"]:
        places = range(int(match["from"]) - 1, int(match["to"]))
    elif match["before_last"]:
        places = range(count - 2, count - 1)
    elif match["end"]:
        places = range(count - 1, count)
    elif match["middle"]:
        places = range(count // 2, count // 2 + 1) if count % 2 else range(0)
    elif match["both"]:
        places = range(2) if count == 2 else range(0)
    elif match["ordinal"]:
        number = by.ordinals[match["ordinal"]]
        places = range(number - 1, number)
    else:
        number = int(match["digit"])
        places = range(number - 1, number)
    return list(places) if all(0 <= place < count for place in places) else []
