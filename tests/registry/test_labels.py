"""The labelled criteria are well formed, from the half held back, and counted rightly in their README."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from criteria.facts import DIAGNOSIS_IDS, EVENTS, OLDEST_MONTHS, YES_NO_FACTS

HERE = Path(__file__).parent / "labels"
LINES = (HERE / "criteria.jsonl").read_text(encoding="utf-8").splitlines()
CRITERIA: list[dict[str, Any]] = [json.loads(line) for line in LINES]
LABELS = [label for criterion in CRITERIA for label in criterion["labels"]]

BUILT_ON = {
    "NCT06848582",
    "NCT03420963",
    "NCT05642455",
    "NCT04995003",
    "NCT07148050",
    "NCT06625190",
    "NCT04901702",
    "NCT04851119",
    "NCT04890093",
    "NCT02332668",
    "NCT06083883",
    "NCT05703854",
}
FIELDS: dict[str, set[str]] = {
    "age": {"at_least_months", "at_most_months"},
    "performance": {"at_least"},
    "diagnosis": {"ids"},
    "course": {"any_of"},
    "excluded_history": {"fact", "kind"},
    "brain_spread": {"rule"},
    "infection": set(),
    "pregnancy": set(),
    "hepatitis_hiv": set(),
    "other_trial": {"days"},
    "yes_no": {"fact"},
}
LIMITS = {"days", "months", "years"}


def is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def faults(label: dict[str, Any]) -> list[str]:
    """What is wrong with a label, in words; an empty list where nothing is."""
    topic, fields = label.get("topic"), set(label) - {"topic", "acceptable"}
    found = []
    if label.get("acceptable", True) is not True:
        found.append("acceptable is true or absent")
    if topic == "washout":
        limits = fields - {"fact"}
        if len(limits) != 1 or not limits <= LIMITS or not is_count(label[limits.pop()]):
            found.append("one limit in days, months or years")
        if label.get("fact") not in EVENTS:
            found.append("an event")
        return found
    if topic not in FIELDS:
        return [*found, "a known topic"]
    if fields != FIELDS[topic]:
        return [*found, "the topic's fields"]
    match topic:
        case "age":
            ends = [label["at_least_months"], label["at_most_months"]]
            told = [end for end in ends if end is not None]
            if not told or told != sorted(told) or not all(is_count(e) and e <= OLDEST_MONTHS for e in told):
                found.append("a range of months")
        case "performance":
            if not is_count(label["at_least"]) or label["at_least"] > 100:
                found.append("a score up to 100")
        case "diagnosis":
            if not label["ids"] or label["ids"] != sorted(set(label["ids"]) & set(DIAGNOSIS_IDS)):
                found.append("sorted diagnosis ids")
        case "course":
            allowed = {"relapsed", "refractory", "newly_diagnosed", "metastatic"}
            if not label["any_of"] or label["any_of"] != sorted(set(label["any_of"]) & allowed):
                found.append("sorted courses")
        case "excluded_history":
            # A transplant's kinds are told apart, other events' kinds are not.
            kinds = EVENTS["stem_cell_transplant"] if label["fact"] == "stem_cell_transplant" else ()
            if label["fact"] not in EVENTS or label["kind"] not in (None, *kinds):
                found.append("an event and its kind")
        case "brain_spread":
            if label["rule"] not in ("none", "treated_stable"):
                found.append("a known rule")
        case "other_trial":
            if label["days"] is not None and not is_count(label["days"]):
                found.append("days or null")
        case "yes_no":
            if label["fact"] not in YES_NO_FACTS:
                found.append("a yes-or-no fact")
    return found


def test_every_line_is_well_formed() -> None:
    for number, criterion in enumerate(CRITERIA, start=1):
        assert set(criterion) == {"trial", "kind", "words", "labels"}, number
        assert criterion["kind"] in ("inclusion", "exclusion"), number
        words = criterion["words"]
        assert words, number
        assert words == " ".join(words.split()), number
        assert "\\" not in words, number
        for label in criterion["labels"]:
            assert not faults(label), (number, label, faults(label))
        bare = [
            json.dumps({k: v for k, v in label.items() if k != "acceptable"}, sort_keys=True)
            for label in criterion["labels"]
        ]
        assert len(bare) == len(set(bare)), f"line {number} holds a label twice"


@pytest.mark.parametrize(
    "label",
    [
        {"topic": "mood"},
        {"topic": "age", "at_least_months": None, "at_most_months": None},
        {"topic": "age", "at_least_months": 216, "at_most_months": 144},
        {"topic": "performance", "at_least": 700},
        {"topic": "diagnosis", "ids": ["leukaemia"]},
        {"topic": "diagnosis", "ids": ["lymphoma", "leukemia"]},
        {"topic": "course", "any_of": []},
        {"topic": "washout", "fact": "chemo", "days": 14},
        {"topic": "washout", "fact": "chemotherapy", "days": 14, "months": 1},
        {"topic": "washout", "fact": "chemotherapy", "weeks": 2},
        {"topic": "excluded_history", "fact": "radiation", "kind": "donor"},
        {"topic": "brain_spread", "rule": "maybe"},
        {"topic": "other_trial", "days": 0},
        {"topic": "yes_no", "fact": "headache"},
        {"topic": "infection", "acceptable": False},
        {"topic": "infection", "days": 3},
    ],
)
def test_a_label_that_is_wrong_is_found(label: dict[str, Any]) -> None:
    assert faults(label)


def test_every_trial_is_of_the_half_held_back() -> None:
    for trial in {criterion["trial"] for criterion in CRITERIA}:
        assert re.fullmatch(r"NCT\d{8}", trial)
        assert hashlib.md5(trial.encode()).hexdigest()[0] in "89abcdef", trial
        assert trial not in BUILT_ON


def test_the_readme_counts_rightly() -> None:
    readme = (HERE / "README.md").read_text(encoding="utf-8")
    counted = {
        (topic, int(firm), int(acceptable))
        for topic, firm, acceptable in re.findall(
            r"^\| `(\w+)` \|.*\| (\d+) \| (\d+) \|$", readme, re.MULTILINE
        )
    }
    firm = Counter(label["topic"] for label in LABELS if "acceptable" not in label)
    acceptable = Counter(label["topic"] for label in LABELS if "acceptable" in label)
    assert counted == {(topic, firm[topic], acceptable[topic]) for topic in firm | acceptable}
    trials = {criterion["trial"] for criterion in CRITERIA}
    empty = sum(not criterion["labels"] for criterion in CRITERIA)
    assert readme.split("\n\n")[1].startswith(
        f"{len(CRITERIA)} eligibility criteria of {len(trials)} registered trials"
    )
    assert f"({empty} lines)" in readme
