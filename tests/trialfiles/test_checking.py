"""All checks together: what is wrong in the first trial's source is found without its unclear list."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.trialfiles.checking import check_trial
from criteria.checking.defects import Defect
from criteria.loading import TRIALS
from tests.criteria.checking.trials import AGE, criterion, trial_file

FIRST = TRIALS / "NCT06848582.yml"
PAGE = (Path(__file__).parent / "page.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def silent(tmp_path_factory: pytest.TempPathFactory) -> list[Defect]:
    """What is found in the first trial's file without its ``unclear`` list and ``phase_note``."""
    raw = FIRST.read_text(encoding="utf-8")
    raw = re.sub(r"^unclear:\n(?:  - .*\n)+", "", raw, flags=re.MULTILINE)
    raw = re.sub(r"^phase_note: >-\n(?:  .*\n)+", "", raw, flags=re.MULTILINE)
    assert "unclear:" not in raw
    assert "N/A" not in raw
    path = tmp_path_factory.mktemp("trials") / FIRST.name
    path.write_text(raw, encoding="utf-8")
    return check_trial(path, source=("page.txt", PAGE))


@pytest.mark.parametrize(
    ("file", "kind", "words"),
    [
        ("page.txt", "phase", ("Phase N/A", "phase I/II")),
        ("page.txt", "template mark", ("{{SITE_NAME}}",)),
        ("page.txt", "nobody named", ("no site, phone or mail address",)),
        ("page.txt", "promise", ("early access to potentially effective treatments",)),
        ("page.txt", "promise", ("safeguard",)),
        (FIRST.name, "and or or", ("I4", "high-risk and relapsed/refractory")),
        (FIRST.name, "contradiction", ("I11", "E24", "transplant")),
        (FIRST.name, "left open twice", ("I11", "E24", "stem_cell_transplant.kind donor")),
        (FIRST.name, "without", ("I11", "without whole-body irradiation")),
        (FIRST.name, "allowed and not", ("E20", "vaccines")),
        (FIRST.name, "exception list", ("E13", "anti-fungal drug treatment")),
        (FIRST.name, "no list", ("I7", "myelosuppressive")),
        (FIRST.name, "exception of one", ("E7", "E8", "fracture")),
        (FIRST.name, "nobody named", ("no site is named",)),
    ],
)
def test_every_known_defect_of_the_first_source_is_found(
    silent: list[Defect], file: str, kind: str, words: tuple[str, ...]
) -> None:
    fitting = [
        one
        for one in silent
        if (one.file, one.kind) == (file, kind) and all(word in str(one) for word in words)
    ]
    assert len(fitting) == 1, [str(one) for one in silent]
    assert not fitting[0].known


def test_nothing_in_the_first_file_is_to_be_put_right_or_new() -> None:
    found = check_trial(FIRST)
    assert [str(one) for one in found if one.severity == "error" or not one.known] == []
    assert len([one for one in found if one.kind == "unclear"]) == 10


def test_a_file_that_can_not_be_used_is_one_error_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "NCT00000001.yml"
    trial_file(tmp_path, AGE)
    path.write_text(path.read_text(encoding="utf-8").replace("phase: II", "fase: II"), encoding="utf-8")
    assert [(one.line, one.kind) for one in check_trial(path)] == [(6, "unusable")]
    path.write_text("id: [", encoding="utf-8")
    assert [one.kind for one in check_trial(path)] == ["unusable"]


@pytest.mark.parametrize(
    ("family", "kind"),
    [
        ("{who} is eligible", "forbidden word"),
        ("a promising medicine", "forbidden word"),
        ("{whom} the team asks", "words in braces"),
        ("the {who", "words in braces"),
        (
            "The administration of investigational immunotherapy necessitates comprehensive evaluation.",
            "grade",
        ),
    ],
)
def test_family_texts_are_held_to_grade_and_words(tmp_path: Path, family: str, kind: str) -> None:
    trial_file(tmp_path, AGE + criterion("E1", "Words.", family=family))
    found = [one for one in check_trial(tmp_path / "NCT00000001.yml") if one.severity == "error"]
    assert kind in {one.kind for one in found}
    lines = (tmp_path / "NCT00000001.yml").read_text(encoding="utf-8").splitlines()
    assert all("family" in lines[one.line - 1] for one in found if one.kind == kind)
