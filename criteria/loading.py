"""Reading trial files, strictly: what the program would not use is an error.

Every error names the file, the line, what is wrong there and what is allowed, so
that whoever writes a trial file needs no other tool than this message.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import yaml

from criteria.conditions import (
    Between,
    Every,
    Includes,
    Not,
    OneOf,
    Ongoing,
    Some,
    Washout,
    Within,
)
from criteria.facts import (
    BRAIN,
    COURSES,
    DIAGNOSIS_IDS,
    EVENTS,
    ORIGINS,
    RESPONDENTS,
    SEXES,
    YES_NO,
    YES_NO_FACTS,
)
from criteria.judging import Condition, fact_paths
from criteria.place import Place, TrialError
from criteria.sites import read_site
from criteria.study import STATUSES, Study, read_study
from criteria.trial import Case, Criterion, Draft, Review, Rule, Source, Trial

TRIALS = Path(__file__).parent / "trials"


def trial_names(folder: Path = TRIALS) -> list[str]:
    """The trials that have a file, by registry number."""
    return sorted(path.stem for path in folder.glob("*.yml"))


def load_trial(name: str, folder: Path = TRIALS) -> Trial:
    """The trial of this registry number, for example NCT06848582. A file is read anew where it has changed.

    Raises TrialError where there is no such file or it cannot be used.
    """
    if name not in trial_names(folder):
        there = ", ".join(trial_names(folder)) or "none"
        raise TrialError(f"no trial {name!r}; there are: {there}")
    path = folder / f"{name}.yml"
    return _as_of(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=20_000)
def _as_of(path: Path, changed: int) -> Trial:
    return read_trial(path)


def read_trial(path: Path) -> Trial:
    """The trial in a file. Raises TrialError, which names file and line."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise TrialError(f"{path.name}: cannot be read as YAML: {error}") from error
    return trial_in(text, path.name)


def trial_in(text: str, file: str) -> Trial:
    """The trial in the text of a file of that name. Raises TrialError, which names file and line."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark is not None else None
        raise TrialError(f"{file}: cannot be read as YAML: {error}", line) from error
    if root is None:
        raise TrialError(f"{file}: the file is empty")
    top = Place(root, file).mapping(
        (
            *("id", "version", "official_title", "title", "summary", "phase", "sponsor", "source"),
            *("read_by", "reviewed_by", "criteria"),
        ),
        ("phase_note", "age_limit_months", "unclear", "study", "conditions", "sites"),
    )
    source = top["source"].mapping(("name", "date"), ("address", "text_hash"))
    criteria = tuple(_criterion(item) for item in top["criteria"].items())
    for number, criterion in enumerate(criteria):
        if criterion.id in {earlier.id for earlier in criteria[:number]}:
            raise top["criteria"].items()[number].wrong(f"the criterion {criterion.id} stands twice")
    return Trial(
        id=top["id"].text((Path(file).stem,)),
        version=top["version"].text(),
        official_title=top["official_title"].text(),
        title=top["title"].text(),
        summary=top["summary"].text(),
        phase=top["phase"].text(),
        phase_note=top["phase_note"].text() if "phase_note" in top else None,
        sponsor=top["sponsor"].text(),
        source=Source(
            source["name"].text(),
            source["address"].text_or_none() if "address" in source else None,
            source["date"].day(),
        ),
        read_by=top["read_by"].text(),
        reviewed_by=top["reviewed_by"].text_or_none(),
        age_limit_months=top["age_limit_months"].whole_number() if "age_limit_months" in top else None,
        unclear=tuple(item.text() for item in top["unclear"].items()) if "unclear" in top else (),
        study=read_study(top["study"]) if "study" in top else Study(),
        criteria=criteria,
        text_hash=source["text_hash"].text() if "text_hash" in source else None,
        conditions=tuple(item.text() for item in top["conditions"].items()) if "conditions" in top else (),
        sites=tuple(read_site(item, STATUSES) for item in top["sites"].items()) if "sites" in top else (),
    )


def _criterion(place: Place) -> Criterion:
    parts = place.mapping(
        ("id", "source", "family"),
        (
            *("part", "rule", "fits", "why_not_asked", "sensitive", "note"),
            *("draft", "reviewed", "changed"),
        ),
    )
    if ("rule" in parts) == ("why_not_asked" in parts):
        raise place.wrong("a criterion has either a rule or why_not_asked")
    return Criterion(
        id=parts["id"].text(),
        source=parts["source"].text(),
        family=parts["family"].text(),
        rule=_rule(parts["rule"]) if "rule" in parts else None,
        fits=parts["fits"].text() if "fits" in parts else None,
        why_not_asked=parts["why_not_asked"].text() if "why_not_asked" in parts else None,
        sensitive=parts["sensitive"].yes() if "sensitive" in parts else False,
        note=parts["note"].text() if "note" in parts else None,
        part=parts["part"].text() if "part" in parts else None,
        draft=_draft(parts["draft"]) if "draft" in parts else None,
        reviewed=_review(parts["reviewed"]) if "reviewed" in parts else None,
        changed=parts["changed"].yes() if "changed" in parts else False,
    )


def _draft(place: Place) -> Draft:
    parts = place.mapping(("words", "reader"))
    return Draft(parts["words"].text(), parts["reader"].text())


def _review(place: Place) -> Review:
    parts = place.mapping(("by", "on"))
    return Review(parts["by"].text(), parts["on"].day())


def _rule(place: Place) -> Rule:
    parts = place.mapping(("met",), ("not_met", "not_yet", "unknown"))

    def cases(group: str, family: bool) -> tuple[Case, ...]:
        return tuple(_case(item, family) for item in parts[group].items()) if group in parts else ()

    return Rule(
        met=_case(parts["met"], False),
        not_met=cases("not_met", True),
        not_yet=cases("not_yet", True),
        unknown=cases("unknown", False),
    )


def _case(place: Place, family: bool) -> Case:
    parts = place.mapping(("when", "reason", "family") if family else ("when", "reason"))
    return Case(
        when=read_condition(parts["when"]),
        reason=parts["reason"].text(),
        family=parts["family"].text() if family else None,
    )


def read_condition(place: Place) -> Condition:
    """The condition tree that starts here."""
    leaves: dict[str, Callable[[Place], Condition]] = {
        "all": lambda at: Every(tuple(read_condition(part) for part in at.items())),
        "any": lambda at: Some(tuple(read_condition(part) for part in at.items())),
        "not": lambda at: Not(read_condition(at)),
        "within": _within,
        "ongoing": lambda at: Ongoing(at.text(EVENTS)),
    }
    if not isinstance(place.node, yaml.MappingNode) or not place.node.value:
        raise place.wrong(f"expected a condition: {', '.join([*leaves, 'fact'])}")
    first = str(place.node.value[0][0].value)
    if first == "fact":
        return _fact(place)
    if first not in leaves:
        raise place.wrong(f"unknown condition {first!r}; allowed: {', '.join([*leaves, 'fact'])}")
    return leaves[first](place.mapping((first,))[first])


def _fact(place: Place) -> Condition:
    parts = place.mapping(("fact",), ("is", "in", "includes", "at_least", "at_most", "if_not_told"))
    kinds = fact_paths() | dict.fromkeys(YES_NO_FACTS, "values")
    path = parts["fact"].text(kinds)
    tests = {
        "values": (("is",), ("in",)),
        "list": (("includes",),),
        "number": (("at_least",), ("at_most",), ("at_least", "at_most")),
    }[kinds[path]]
    given = tuple(key for key in ("is", "in", "includes", "at_least", "at_most") if key in parts)
    if given not in tests:
        allowed = " or ".join(" with ".join(test) for test in tests)
        raise place.wrong(f"{path} is tested by {allowed}, not by {' with '.join(given) or 'nothing'}")
    if "if_not_told" in parts and kinds[path] != "values":
        raise parts["if_not_told"].wrong("if_not_told goes with is and in only")
    if kinds[path] == "list":
        return Includes(path, parts["includes"].text(COURSES))
    if kinds[path] == "number":
        return Between(
            path,
            parts["at_least"].whole_number() if "at_least" in parts else None,
            parts["at_most"].whole_number() if "at_most" in parts else None,
        )
    allowed_values = values_of(path)
    values = [parts["is"]] if "is" in parts else parts["in"].items()
    return OneOf(
        path,
        frozenset(value.text(allowed_values) for value in values),
        parts["if_not_told"].text(allowed_values) if "if_not_told" in parts else None,
    )


def values_of(path: str) -> tuple[str, ...]:
    """The values that a fact path may hold, ``not_sure`` aside."""
    name, _, field = path.partition(".")
    if field == "kind":
        return EVENTS[name]
    fixed = {
        "respondent": RESPONDENTS,
        "sex": SEXES,
        "diagnosis.id": DIAGNOSIS_IDS,
        "diagnosis.arises_in": ORIGINS,
    }
    return fixed.get(path, YES_NO)


def _within(place: Place) -> Condition:
    parts = place.mapping(("fact",), ("days", "months", "years", "if_not_told"))
    units = [unit for unit in ("days", "months", "years") if unit in parts]
    if len(units) != 1:
        raise place.wrong("a washout has one of days, months, years")
    number = parts[units[0]].whole_number()
    return Within(
        parts["fact"].text((*EVENTS, f"{BRAIN}.symptom_free_since")),
        Washout(
            days=number if units[0] == "days" else 0,
            months=number if units[0] == "months" else 0,
            years=number if units[0] == "years" else 0,
        ),
        parts["if_not_told"].text(("no",)) if "if_not_told" in parts else None,
    )
