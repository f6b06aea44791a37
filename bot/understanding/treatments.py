"""Treatments and other dated events: whether they were had, whether they go on, their kind."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from bot.understanding.aspect import settle_aspect
from bot.understanding.assertions import judge, stands_before_a_plan
from bot.understanding.counted_days import count_from_another
from bot.understanding.event_dates import ONE_DAY_EVENTS, Told, attach_dates
from bot.understanding.scene import Scene
from bot.understanding.vocabulary import Mention
from criteria.facts import EVENTS

WINDOW_EVENTS = frozenset(
    {"growth_factor", "steroids", "infection", "live_vaccine", "other_surgery", "injury", "blood_clot"}
)
_BY_TUMOUR = re.compile(
    r"\b(?:tumou?r|cancer|mass|growth)(?: (?:itself|also|just|has|had|that|which|is|what|actually))* "
    r"(?:broke|broken|breaking|fractured|cracked|snapped|weakened|ate)\b"
    r"|\b(?:by|from|due to|because of|through) (?:(?:the|his|her|my|a|that) )?(?:tumou?r|cancer|mass)\b"
)
_NOT_BY_TUMOUR = re.compile(
    r"\b(?:not|never|nothing)(?: [a-z]+){0,3} (?:by|from|due|because|through|to do)\b"
    r"|\b(?:tumou?r|cancer)(?: itself)? (?:did|has|had) not\b"
)
_FINISHING = ("will", "supposed", "should", "finishes", "finish", "ends", "end", "due")


def read_events(scene: Scene, topic: str | None = None) -> tuple[list[Told], list[str]]:
    """Read all events, in order, and the problems of dates. `topic`: the event that the text answers
    about."""
    told: list[Told] = []
    named: dict[int, Told] = {}
    for mention in scene.found.mentions:
        event = _event_of(scene, mention)
        if event is None:
            continue
        verdict = judge(scene, mention)
        if verdict == "leave_out":
            _finishing_later(scene, mention, event, told)
            continue
        item = Told(event, verdict, mention.start, kind=_kind(scene, mention, event), names=[mention])
        _stopped_not_never(scene, mention, item)
        told.append(item)
        named[mention.start] = item
    problems = attach_dates(scene, told, named, topic)
    count_from_another(scene, told, topic)
    for item in told:
        settle_aspect(scene, item)
    return [item for item in told if item.names or item.last is not None], problems


def _event_of(scene: Scene, mention: Mention) -> str | None:
    event = mention.name
    if mention.kind != "treatments" or event not in EVENTS:
        return None
    sentence = scene.clause_of(mention.start).sentence
    spans = scene.found.message.sentences
    words = scene.words[spans[sentence][0] : spans[sentence][1]] if sentence < len(spans) else scene.words
    if event == "autoimmune_treatment" and mention.entry.get("unless_medicine"):
        clause = scene.clause_of(mention.start)
        near = words
        treated = {
            "medicine",
            "medicines",
            "medication",
            "meds",
            "treated",
            "treatment",
            "takes",
            "took",
            "shots",
            "infusions",
            "methotrexate",
        }
        if (
            judge(scene, mention) == "yes"
            and not treated & set(near)
            and not any(
                other.name in ("steroids", "autoimmune_treatment", "chemotherapy")
                and other is not mention
                and clause.holds(other.start)
                for other in scene.found.mentions
            )
        ):
            return None
    if event == "infection" and {
        "prevent",
        "preventive",
        "prophylaxis",
        "preventative",
        "prophylactic",
        "preventing",
    } & set(words):
        return None
    if event == "steroids" and {
        "inhaler",
        "cream",
        "inhaled",
        "drops",
        "ointment",
        "inhalers",
        "topical",
    } & set(words):
        return None
    if event == "chemotherapy" and {"arthritis", "lupus", "crohns", "psoriasis"} & set(words):
        return None
    return event


def _kind(scene: Scene, mention: Mention, event: str) -> str | None:
    kind = mention.entry.get("kind")
    clause = scene.clause_of(mention.start)
    words = scene.words[clause.start : clause.end]
    near = set(words)
    text = " ".join(words)
    if event == "stem_cell_transplant" and kind is None:
        if "own cells" in text or "own stem cells" in text or "own marrow" in text or "autologous" in near:
            return "own"
        if (
            "donor" in near
            or "from his" in text
            or "from her" in text
            or "from my" in text
            or "from a" in text
        ):
            return "donor"
    if event == "radiation" and kind is None:
        return _radiation_kind(text, near)
    if event == "chemotherapy" and mention.entry.get("mild_alone") and {"only", "just", "alone"} & near:
        others = [
            m
            for m in scene.found.mentions
            if m.name == "chemotherapy" and m is not mention and clause.holds(m.start)
        ]
        return None if any(m.entry.get("agent") for m in others) else "mild"
    if (
        event == "chemotherapy"
        and kind is None
        and "low dose" in text
        and {"mouth", "oral", "pill", "pills"} & near
    ):
        return "mild"
    if event == "injury" and kind is None and broken_by_tumour(_sentence_of(scene, mention)):
        return "by_tumour"
    if event == "surgery" and kind is None and mention.entry.get("event") == "surgery":
        return "major" if {"major", "big"} & near else "minor" if "minor" in near else None
    if event == "organ_transplant" and kind is None:
        return None
    return str(kind) if kind else None


def broken_by_tumour(text: str) -> bool:
    """Whether these words say that the tumour itself broke the bone."""
    return _BY_TUMOUR.search(text) is not None and _NOT_BY_TUMOUR.search(text) is None


def _sentence_of(scene: Scene, mention: Mention) -> str:
    first, last = next(
        (span for span in scene.found.message.sentences if span[0] <= mention.start < span[1]),
        (mention.start, mention.end),
    )
    return " ".join(scene.words[first:last])


def _radiation_kind(text: str, near: set[str]) -> str | None:
    to_ease = "for pain" in text or "ease pain" in text or "pain relief" in text or "palliative" in near
    small = {"small", "spot", "one", "single"} & near and {"area", "spot", "place"} & near
    if to_ease:
        return "small_area"
    if small and ({"cure", "curative"} & near or "to kill" in text):
        return "small_area_to_cure"
    if {"large", "larger", "whole", "wide", "bigger"} & near and {
        "area",
        "lung",
        "lungs",
        "belly",
        "abdomen",
        "pelvis",
        "brain",
    } & near:
        return "large_area"
    return None


def _stopped_not_never(scene: Scene, mention: Mention, item: Told) -> None:
    """Read "no chemo since June" as a last day, "no fever in the last 5 weeks" as no, "no chemo this
    month" as nothing."""
    if item.had != "no":
        return
    clause = scene.clause_of(mention.start)
    tail = scene.words[mention.end : clause.end]
    if any(
        word in ("now", "currently", "anymore", "lately", "today") for word in tail
    ) or "right now" in " ".join(tail):
        item.had = "no" if item.event in WINDOW_EVENTS else "stopped"
    if tail[:1] == ["since"] and "diagnosis" not in tail and item.event not in WINDOW_EVENTS:
        item.had = "stopped"  # "no chemo since his transplant"
    for when in scene.dates:
        if not clause.holds(when.start) or when.start < mention.start:
            continue
        if when.intro == "since" or when.role in ("lapse", "in"):
            if item.event in WINDOW_EVENTS and when.intro != "since":
                continue
            item.had, item.last = "yes", when.interval
        elif when.role == "window" or scene.words[when.start] == "this":
            item.had = "no" if item.event in WINDOW_EVENTS else "stopped"


def _finishing_later(scene: Scene, mention: Mention, event: str, told: list[Told]) -> None:
    """Read "will finish chemo next week" and "next chemo is Friday" as ongoing."""
    clause = scene.clause_of(mention.start)
    words = scene.words[clause.start : clause.end]
    before = scene.words[max(mention.start - 2, clause.start) : mention.start]
    finishing = any(word in _FINISHING for word in words) and {
        "finish",
        "finishes",
        "end",
        "ends",
        "done",
    } & set(words)
    if stands_before_a_plan(scene, clause, mention):
        return
    if clause.asks or event in ONE_DAY_EVENTS or not (finishing or ("next" in before and "is" not in before)):
        return
    if (
        not scene.cue("hypothetical", clause.start, clause.end)
        and "start" not in words
        and "starts" not in words
    ):
        told.append(Told(event, "yes", mention.start, last="ongoing", names=[mention]))


def as_fact(items: list[Told]) -> dict[str, Any]:
    """Join what was told of one event, in order of the text, into one fact."""
    positive = [item for item in items if item.had in ("yes", "stopped")]
    if not positive:
        return {"had": items[-1].had}
    denied_later = [item for item in items if item.had == "no" and item.at > positive[-1].at]
    if denied_later and not any(item.last for item in positive):
        return {"had": "no"}
    if all(item.had == "stopped" for item in positive):
        return {}
    event = positive[0].event
    if event in ("surgery", "other_surgery") and any(item.kind != "minor" for item in positive):
        positive = [item for item in positive if item.kind != "minor"]
    fact: dict[str, Any] = {"had": "yes"}
    lasts = [item.last for item in positive if item.last is not None]
    days = [last for last in lasts if isinstance(last, tuple)]
    if "ongoing" in lasts:
        fact["last"] = "ongoing"
    elif days:
        fact["last"] = _iso(max(days, key=lambda interval: (interval[1], interval[0])))
    elif lasts:
        fact["last"] = lasts[-1]
    kinds = [item.kind for item in positive]
    told = [kind for kind in kinds if kind]
    if event in ("chemotherapy", "infection"):
        told = (
            told
            if len(told) == len([k for item, k in zip(positive, kinds, strict=True) if _specific(item)])
            or all(kinds)
            else []
        )
    if told:
        fact["kind"] = (
            told[-1]
            if len(set(told)) == 1 or event in ("surgery", "other_surgery")
            else _strongest(event, told)
        )
    return fact


def _specific(item: Told) -> bool:
    return (
        any(name.entry.get("agent") or name.entry.get("kind") for name in item.names)
        or item.event == "infection"
    )


def _strongest(event: str, kinds: list[str]) -> str:
    """Where two kinds were told, the one with the longer wait."""
    order = list(EVENTS[event])
    if event == "radiation":
        order = ["small_area", "small_area_to_cure", "large_area", "mibg"]
    return max(kinds, key=lambda kind: order.index(kind) if kind in order else -1)


def _iso(interval: tuple[date, date]) -> list[str]:
    return [interval[0].isoformat(), interval[1].isoformat()]
