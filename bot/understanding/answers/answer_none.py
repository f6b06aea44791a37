"""Whether an answer denies a whole list, in whatever wording: "none of that", "he's healthy otherwise"."""

from __future__ import annotations

from typing import Any

from rapidfuzz.distance import OSA

from bot.understanding.answers.answer_verdicts import doubts, reply
from bot.understanding.answers.answer_words import ANSWERS, Part, is_denied, parts_of, phrases, says
from bot.understanding.answers.enumerations import pieces_of
from bot.understanding.answers.positions import read_places
from bot.understanding.answers.replies import replies, says_none, without_marks
from bot.understanding.statements.scene import Scene
from criteria.facts import LISTS

_NEARLY_THE_WEEKS_ASKED = 27
_RECENT_EVENTS = "recent_events"
_TREATMENTS = "treatments"
_SHORTEST_ROW = 3


def misspelt_none(text: str, lang: str) -> bool:
    """Whether the text is "none of these" with one slip; "one of these" is none such."""
    slips = phrases(lang, "none_with_a_slip")
    return not says(lang, "not_none", text.split(" ")[0]) and any(
        OSA.distance(text, name, score_cutoff=1) <= 1 for name in slips
    )


def denies_list(scene: Scene, asked: str, facts: dict[str, Any], lang: str) -> bool:
    """Whether the text denies the list; items denied by name may stand beside."""
    items = LISTS[asked]
    parts = pieces_of(scene.words, scene.language)
    if not parts or read_places(scene, len(items)).yes:
        return False  # "not 1, but 2 and 3"
    aside = _of_the_cancer(scene)
    away = aside | _set_aside(scene, asked, facts)
    words = [word for at, word in enumerate(scene.words) if at not in away]
    ever = asked == _TREATMENTS
    plain = without_marks(words)
    if says_none(plain, lang, ever=ever) or _denied_in_one(scene, lang):
        return True
    if any(item in facts and not is_denied(facts[item]) for item in items):
        return False
    if _said(scene, asked, aside) or _from_no_to_nothing(scene):
        return True
    return _opens_with_none(scene, lang, ever, aside) or _ends_with_none(parts, scene, lang, ever)


def _set_aside(scene: Scene, asked: str, facts: dict[str, Any]) -> set[int]:
    """Give the words of pieces that deny an item by name, and of the weeks that were asked about."""
    denied = {
        mention.start
        for mention in scene.found.mentions
        if mention.name in LISTS[asked] and is_denied(facts.get(mention.name))
    }
    parts = pieces_of(scene.words, scene.language)
    ends = [start for start, _ in parts[1:]] + [len(scene.words)]
    aside = {
        at
        for (start, _), end in zip(parts, ends, strict=True)
        if denied & set(range(start, end))
        for at in range(start, end)
    }
    if asked == _RECENT_EVENTS:
        for when in scene.dates:
            if when.interval and (when.interval[1] - when.interval[0]).days >= _NEARLY_THE_WEEKS_ASKED:
                aside |= set(range(when.start, when.end))
    return aside


def _of_the_cancer(scene: Scene) -> set[int]:
    """Give the words of "apart from the cancer": nobody counts that among the items of a list."""
    message = scene.found.message
    found = scene.language.pattern(ANSWERS, "beside_the_cancer").finditer(message.norm)
    return {at for match in found for at in range(*message.span_of(match))}


def _said(scene: Scene, asked: str, aside: set[int]) -> bool:
    """Whether all that is said is that there was none ("no known conditions", "perfectly healthy")."""
    if any(part.asks for part in parts_of(scene.words, scene.language)):
        return False
    text = " ".join(without_marks(word for at, word in enumerate(scene.words) if at not in aside))
    names = ["none_said", f"none_said_{asked}"]
    if asked != _TREATMENTS:
        names.append("healthy_said")
    return any(scene.language.pattern(ANSWERS, name).fullmatch(text) for name in names)


def _from_no_to_nothing(scene: Scene) -> bool:
    """Read "no heart no lungs nothing": all of the row is denied, known names and unknown ones."""
    language = scene.language
    words = without_marks(scene.words)
    opens, closes = (language.words(ANSWERS, name) for name in ("row_opens", "none_at_all"))
    if len(words) < _SHORTEST_ROW or words[0] not in opens or words[-1] not in closes:
        return False
    back = language.words(ANSWERS, "takes_back") | language.words(ANSWERS, "picks")
    back |= language.words(ANSWERS, "turning")
    return back.isdisjoint(scene.words) and not doubts(scene)


def _denied_in_one(scene: Scene, lang: str) -> bool:
    """Read "not that I can think of", where it is all that the message says."""
    parts = parts_of(scene.words, scene.language)
    if len(parts) != 1 or parts[0].asks or scene.found.mentions:
        return False
    return says(lang, "no_of_list", parts[0].words[0]) and reply(list(parts[0].words), scene.language) == "no"


def _ends_with_none(parts: list[tuple[int, str]], scene: Scene, lang: str, ever: bool) -> bool:
    """Read "He has asthma, none of your list": whatever else is told is no item of it.

    "Let me think... no" ends so as well, where nothing of the list was named before.
    """
    language = scene.language
    last = parts[-1][1].split()
    of_list, none = (language.words(ANSWERS, name) for name in ("of_the_list", "none_at_all"))
    if of_list & set(last) and none & set(last) and says_none(last, lang, ever=ever):
        return True
    answered = parts_of(scene.words, language)
    before = [word for part in answered[:-1] for word in part.words]
    if not before or any(part.asks for part in answered) or _tells_of_some(scene, before):
        return False
    if reply(list(answered[-1].words), language) == "no":
        return bool(language.words(ANSWERS, "thinks") & set(before))
    return _strong(answered[-1], scene, lang, ever) and not doubts(scene)


def _strong(part: Part, scene: Scene, lang: str, ever: bool) -> bool:
    """Whether a part says "nothing" of all, and not only of the rest ("nothing else")."""
    language = scene.language
    held = set(part.words)
    if held & language.words(ANSWERS, "of_the_rest") or not held & language.words(ANSWERS, "none_at_all"):
        return False
    return says_none(list(part.words), lang, ever=ever)


def _tells_of_some(scene: Scene, before: list[str]) -> bool:
    """Whether the words before the "none" may tell of an item ("he had a bad week, nothing now")."""
    language = scene.language
    telling = language.words(ANSWERS, "picks") | language.words(ANSWERS, "takes_back")
    telling |= language.words(ANSWERS, "turning") | language.words(ANSWERS, "tells_of_some")
    if not telling.isdisjoint(before) or scene.found.cue("correction"):
        return True
    return any(mention.name for mention in scene.found.mentions)


def _opens_with_none(scene: Scene, lang: str, ever: bool, aside: set[int]) -> bool:
    """Read "no, none of that, he was the healthiest kid": what follows only tells why.

    A "no" of its own may open a correction as well, so that what follows it must be no item of the list,
    and take nothing back.
    """
    language = scene.language
    parts = parts_of(scene.words, language)
    if not parts or parts[0].asks or says_none(list(parts[0].words), lang, ever=ever) is False:
        return False
    strong = not language.words(ANSWERS, "none_at_all").isdisjoint(parts[0].words)
    behind = scene.words[parts[0].end : parts[0].end + 1]
    if not language.words(ANSWERS, "turning").isdisjoint(behind):
        return False
    following = {word for at, word in enumerate(scene.words) if at >= parts[0].end and at not in aside}
    if following & language.words(ANSWERS, "takes_back"):
        return False
    if strong:
        return True
    table = replies(lang)
    if following & language.words(ANSWERS, "picks") or scene.found.cue("correction"):
        return False
    if ever and following & table.of("none", "time", "well"):
        return False  # what is not so now may have been before
    return not any(mention.name for mention in scene.found.mentions)
