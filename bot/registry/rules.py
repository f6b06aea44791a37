"""Readings as rules of a trial's file: conditions over facts, with fixed sentences for families.

No case of ``not_met`` or ``not_yet`` is ever true for a fact that was not told or told as not sure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from bot.registry.reading.model import Reading
from bot.registry.sentences import sentence
from criteria.facts import COURSES, DIAGNOSIS_IDS

Tree = dict[str, Any]

SOFT_TISSUE = frozenset(DIAGNOSIS_IDS[: DIAGNOSIS_IDS.index("desmoid_tumor")])
_WIDE = {"soft_tissue_sarcoma", "sarcoma", "undifferentiated_sarcoma", "desmoid_tumor", "other_cancer"}
BROAD = frozenset({"leukemia", "lymphoma", "brain_tumor", "germ_cell_tumor", "thyroid_cancer", "melanoma"})
"""Ids that hold several illnesses of which a trial may want but one."""
_MAY_PASS = {"gvhd", "wound_not_healing", "blood_thinners", "low_platelets", "gut_trouble"}


def rule_of(readings: tuple[Reading, ...]) -> Tree | None:
    """One rule for all readings of a criterion: met where all are; None where no reading has a rule."""
    rules = [rule for rule in (_RULES[reading.topic](reading) for reading in readings) if rule is not None]
    if not rules or len(rules) < len([one for one in readings if one.topic in _RULES]):
        return None
    if len(rules) == 1:
        return rules[0]
    joined: Tree = {
        "met": {
            "when": {"all": [rule["met"]["when"] for rule in rules]},
            "reason": " ".join(rule["met"]["reason"] for rule in rules),
        }
    }
    for group in ("not_met", "not_yet", "unknown"):
        cases = [case for rule in rules for case in rule.get(group, [])]
        if cases:
            joined[group] = cases
    return joined


def age_in_words(months: int) -> str:
    """An age for staff and families: years where they are whole, otherwise months."""
    number, unit = (months // 12, "year") if months % 12 == 0 else (months, "month")
    return f"{number} {unit}{'' if number == 1 else 's'}"


def _every(*parts: Tree) -> Tree:
    return {"all": list(parts)}


def _case(when: Tree, reason: str, family: str | None = None) -> Tree:
    return {"when": when, "reason": reason, **({} if family is None else {"family": family})}


def _age(reading: Reading) -> Tree:
    least, most = (_number(reading, name) for name in ("at_least_months", "at_most_months"))
    limits = {"at_least": least, "at_most": most}
    when = {"fact": "age.months", **{name: value for name, value in limits.items() if value is not None}}
    rule: Tree = {"met": _case(when, "The age lies within the limits.")}
    if most is not None:
        words = age_in_words(most + 1)
        rule["not_met"] = [
            _case(
                {"fact": "age.months", "at_least": most + 1},
                f"The patient is {words} or older.",
                sentence("family_cases", "age", "too_old", limit=words),
            )
        ]
    if least:
        words = age_in_words(least)
        rule["not_yet"] = [
            _case(
                {"fact": "age.months", "at_most": least - 1},
                f"The patient is younger than {words}.",
                sentence("family_cases", "age", "too_young", limit=words),
            )
        ]
    return rule


def _performance(reading: Reading) -> Tree:
    least = _number(reading, "at_least") or 0
    one_year: Tree = {"fact": "age.months", "at_least": 12}
    rule: Tree = {
        "met": _case(
            {"all": [one_year, {"fact": "activity.score", "at_least": least}]},
            f"The activity level told corresponds to a score of {least} or more.",
        ),
        "unknown": [
            _case(
                {"fact": "age.months", "at_most": 11},
                "Neither the Lansky nor the Karnofsky scale holds for a child under 1.",
            )
        ],
    }
    if least >= 20:
        # Lay words are not exact: a score right below the limit is left open.
        rule["not_yet"] = [
            _case(
                {"all": [one_year, {"fact": "activity.score", "at_most": least - 20}]},
                f"The activity level told corresponds to a score of {least - 20} or less.",
                sentence("family_cases", "performance"),
            )
        ]
    return rule


def _diagnosis(reading: Reading) -> Tree | None:
    ids = _ids(reading)
    wanted = ids - {"other_cancer"}
    if not wanted:
        return None
    if "soft_tissue_sarcoma" in wanted:
        wanted |= SOFT_TISSUE
    if "sarcoma" in wanted:
        wanted |= SOFT_TISSUE | {"soft_tissue_sarcoma", "osteosarcoma"}
    others = set(DIAGNOSIS_IDS) - wanted - _WIDE
    if "brain_tumor" in wanted or "malignant_rhabdoid_tumor" in wanted:
        others -= {"brain_tumor", "malignant_rhabdoid_tumor", "germ_cell_tumor", "ewing_sarcoma"}
    return {
        "met": _case(
            {"fact": "diagnosis.id", "in": [name for name in DIAGNOSIS_IDS if name in wanted]},
            "The illness told is among those named.",
        ),
        "not_met": [
            _case(
                {"fact": "diagnosis.id", "in": [name for name in DIAGNOSIS_IDS if name in others]},
                "The illness told is none of those named.",
                sentence("family_cases", "diagnosis"),
            )
        ],
    }


def _course(reading: Reading) -> Tree:
    wanted = [name for name in COURSES if name in _any_of(reading)]
    includes: list[Tree] = [{"fact": "disease_course", "includes": name} for name in wanted]
    when: Tree = includes[0] if len(includes) == 1 else {"any": includes}
    rule: Tree = {"met": _case(when, f"The course told is one of: {', '.join(wanted)}.")}
    if wanted == ["newly_diagnosed"]:
        came_back = ("relapsed", "refractory")
        later: Tree = {"any": [{"fact": "disease_course", "includes": name} for name in came_back]}
        rule["not_met"] = [
            _case(
                _every({"not": when}, later),
                "The illness came back or did not go away with treatment.",
                sentence("family_cases", "course", "not_met"),
            )
        ]
    elif "newly_diagnosed" not in wanted:
        rule["not_yet"] = [
            _case(
                {"not": when},
                f"The course told is none of: {', '.join(wanted)}.",
                sentence("family_cases", "course", "not_yet"),
            )
        ]
    return rule


def _washout(reading: Reading) -> Tree:
    fact = str(reading.parameters["fact"])
    unit = next(unit for unit in ("days", "months", "years") if unit in reading.parameters)
    number = _number(reading, unit) or 0
    limit = f"{number} {unit if number != 1 else unit[:-1]}"
    kind, other = _kind(fact, reading.words)
    mets, too_near = [], []
    for event in (fact, "other_surgery") if fact == "surgery" else (fact,):
        within: Tree = {"within": {"fact": event, unit: number}}
        outside: Tree = {"not": within}
        mets.append(outside)
        near = within
        if kind is not None and other is not None:
            mets[-1] = {"any": [outside, {"fact": f"{event}.kind", "is": other}]}
            near = _every(within, {"fact": f"{event}.kind", "is": kind})
        too_near.append(
            _case(
                near,
                f"{event}: less than {limit} ago.",
                sentence("family_cases", "washout", fact, limit=limit),
            )
        )
    return {
        "met": _case(mets[0] if len(mets) == 1 else {"all": mets}, f"{fact}: not within {limit}."),
        "not_yet": too_near,
    }


def _kind(fact: str, words: str) -> tuple[str | None, str | None]:
    """The kind that the words are about, and the other one, which does not count."""
    if fact == "surgery" and re.search(r"\bmajor\b", words, re.IGNORECASE):
        return "major", "minor"
    if fact == "stem_cell_transplant":
        donor, own = (re.search(sign, words, re.IGNORECASE) for sign in (r"\ballo", r"\bauto"))
        if (donor is None) != (own is None):
            return ("donor", "own") if donor else ("own", "donor")
    return None, None


def _excluded_history(reading: Reading) -> Tree:
    fact = str(reading.parameters["fact"])
    kind = reading.parameters["kind"]
    if fact == "organ_transplant" and not re.search("tissue", reading.words, re.IGNORECASE):
        kind = "organ"
    other = {"organ": "tissue", "donor": "own", "own": "donor"}.get(str(kind))
    met: Tree = {"fact": f"{fact}.had", "is": "no"}
    bad: Tree = {"fact": f"{fact}.had", "is": "yes"}
    if other is not None:
        met = {"any": [met, {"fact": f"{fact}.kind", "is": other}]}
        bad = {"all": [bad, {"fact": f"{fact}.kind", "is": str(kind)}]}
    return {
        "met": _case(met, f"{fact}: none that counts."),
        "not_met": [_case(bad, f"{fact}: had one.", sentence("family_cases", "excluded_history", fact))],
    }


def _brain(reading: Reading) -> Tree:
    none: Tree = {"fact": "brain_tumour_spread.had", "is": "no"}
    had: Tree = {"fact": "brain_tumour_spread.had", "is": "yes"}
    if reading.parameters["rule"] == "none":
        return {
            "met": _case(none, "No spread to the brain."),
            "not_met": [
                _case(had, "Spread to the brain.", sentence("family_cases", "brain_spread", "not_met"))
            ],
        }
    symptoms, treated = "brain_tumour_spread.symptoms_now", "brain_tumour_spread.treated"
    stable: Tree = {"all": [{"fact": symptoms, "is": "no"}, {"fact": treated, "is": "yes"}]}
    unstable: Tree = {"any": [{"fact": symptoms, "is": "yes"}, {"fact": treated, "is": "no"}]}
    return {
        "met": _case({"any": [none, stable]}, "No spread to the brain, or treated and without symptoms."),
        "not_yet": [
            _case(
                {"all": [had, unstable]},
                "Spread to the brain that is untreated or causes symptoms.",
                sentence("family_cases", "brain_spread", "not_yet"),
            )
        ],
    }


def _infection(reading: Reading) -> Tree:
    return _ongoing("infection", "infection")


def _other_trial(reading: Reading) -> Tree:
    days = _number(reading, "days")
    if days is None:
        return _ongoing("trial_drug", "other_trial")
    return _washout(Reading("washout", {"fact": "trial_drug", "days": days}, reading.words))


def _ongoing(event: str, topic: str) -> Tree:
    return {
        "met": _case({"not": {"ongoing": event}}, f"{event}: none now."),
        "not_yet": [_case({"ongoing": event}, f"{event}: goes on now.", sentence("family_cases", topic))],
    }


def _yes_no(reading: Reading) -> Tree:
    fact = str(reading.parameters["fact"])
    rule: Tree = {"met": _case({"fact": fact, "is": "no"}, f"{fact}: no.")}
    case = _case({"fact": fact, "is": "yes"}, f"{fact}: yes.")
    if fact in _MAY_PASS:
        rule["not_yet"] = [case | {"family": sentence("family_cases", "yes_no")}]
    else:
        # The fact is wider than what criteria exclude: the study team looks at it.
        rule["unknown"] = [case]
    return rule


_RULES: Mapping[str, Callable[[Reading], Tree | None]] = {
    "age": _age,
    "performance": _performance,
    "diagnosis": _diagnosis,
    "course": _course,
    "washout": _washout,
    "excluded_history": _excluded_history,
    "brain_spread": _brain,
    "infection": _infection,
    "other_trial": _other_trial,
    "yes_no": _yes_no,
    "pregnancy": lambda reading: None,
    "hepatitis_hiv": lambda reading: None,
}


def _number(reading: Reading, name: str) -> int | None:
    value = reading.parameters[name]
    if value is None or isinstance(value, int):
        return value
    raise TypeError(f"{name} must be a whole number, not {value!r}")


def _any_of(reading: Reading) -> tuple[str, ...]:
    value = reading.parameters["any_of"]
    return tuple(str(name) for name in value) if isinstance(value, tuple) else ()


def _ids(reading: Reading) -> set[str]:
    value = reading.parameters["ids"]
    return {str(name) for name in value} if isinstance(value, tuple) else set()
