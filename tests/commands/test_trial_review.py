"""`prescreen trial review` in the terminal: asked, and with options alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.cli import app
from bot.leads.audit import newest_deeds
from bot.leads.database import open_store
from bot.settings import get_settings
from criteria.loading import read_trial
from tests.criteria.checking.trials import AGE, criterion, trial_file

TRIAL = (
    AGE
    + "    draft: {words: ≤ 18 years, reader: a reader}\n"
    + AGE.replace("I1", "I2")
    + criterion("E1", "Words.")
)
Review = Callable[..., Result]


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    (tmp_path / "trials").mkdir()
    trial_file(tmp_path / "trials", TRIAL)
    monkeypatch.setenv("TRIALS_FOLDER", str(tmp_path / "trials"))
    monkeypatch.setenv("PRESCREEN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PRESCREEN_TODAY", "2026-11-30")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    for cache in (get_settings, open_store):
        cache.cache_clear()
    yield tmp_path / "trials" / "NCT00000001.yml"
    for cache in (get_settings, open_store):
        cache.cache_clear()


@pytest.fixture
def review(path: Path) -> Review:
    def run(*options: str, typed: str = "") -> Result:
        return CliRunner().invoke(app, ["trial", "review", "NCT00000001", *options], input=typed)

    return run


def reviewer(path: Path, id_: str) -> str | None:
    review = read_trial(path).criterion(id_).reviewed
    return None if review is None else f"{review.by} {review.on}"


def test_options_alone_decide(review: Review, path: Path) -> None:
    result = review("--accept", "I1", "--accept", "E1", "--by", "Ana Li")
    assert result.exit_code == 0, result.output
    assert [reviewer(path, id_) for id_ in ("I1", "I2", "E1")] == [
        "Ana Li 2026-11-30",
        None,
        "Ana Li 2026-11-30",
    ]
    assert review("--leave", "I2", "--reason", "It needs a chart.", "--by", "Ana Li").exit_code == 0
    assert read_trial(path).criterion("I2").why_not_asked == "It needs a chart."
    assert not get_settings().prescreen_home.exists()


@pytest.mark.parametrize(
    ("options", "said", "code"),
    [
        (("--accept", "I1"), "need --by", 2),
        (("--leave", "I1", "--by", "Ana"), "needs --reason", 2),
        (("--accept", "I9", "--by", "Ana"), "no criterion I9", 1),
        (("--accept", "I1", "--by", " "), "needs the name", 1),
    ],
)
def test_what_can_not_be_done_is_told(
    review: Review, path: Path, options: tuple[str, ...], said: str, code: int
) -> None:
    before = path.read_bytes()
    result = review(*options)
    assert result.exit_code == code
    assert said in result.output
    assert path.read_bytes() == before


def test_a_trial_that_is_not_there_or_can_not_be_used(review: Review, path: Path) -> None:
    result = CliRunner().invoke(app, ["trial", "review", "NCT00000009"])
    assert (result.exit_code, "no trial 'NCT00000009'" in result.output) == (2, True)
    path.write_text("id: NCT00000001\n", encoding="utf-8")
    result = review()
    assert (result.exit_code, "missing" in result.output) == (2, True)


def test_one_criterion_after_the_other_is_shown_and_asked(review: Review, path: Path) -> None:
    result = review(typed="Ana Li\na\nl\nIt needs a chart.\n")
    assert result.exit_code == 0, result.output
    for said in ("2 of 3 criteria", "Age ≤ 18 years.", "up to age 18", "Draft", "Not accepted yet"):
        assert said in result.output
    assert [reviewer(path, id_) for id_ in ("I1", "I2", "E1")] == ["Ana Li 2026-11-30"] * 2 + [None]
    assert read_trial(path).criterion("I2").rule is None
    assert "0 of 3 criteria" in review().output


def test_skipping_and_ending_change_nothing(review: Review, path: Path) -> None:
    before = path.read_bytes()
    assert review("--by", "Ana", typed="s\nq\n").exit_code == 0
    assert review("--by", "Ana", "--all", typed="s\ns\ns\n").exit_code == 0
    assert path.read_bytes() == before


def test_the_editor_comes_again_until_the_text_can_be_kept(
    review: Review, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []

    def edit(text: str, extension: str) -> str:
        shown.append(text)
        wrong = text.replace("family: the age", "famly: the age")
        return wrong if len(shown) == 1 else text.replace("famly: the age", "family: how old {they} {are}")

    monkeypatch.setattr("bot.commands.trial.review.click.edit", edit)
    result = review("--by", "Ana", typed="c\ny\nq\n")
    assert result.exit_code == 0, result.output
    assert "Not kept. Line 3 of the criterion: unknown key 'famly'" in result.output
    assert "famly" in shown[1]
    criterion_now = read_trial(path).criterion("I1")
    assert (criterion_now.family, reviewer(path, "I1")) == ("how old {they} {are}", "Ana 2026-11-30")


def test_an_editor_that_changes_nothing_decides_nothing(
    review: Review, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = path.read_bytes()
    monkeypatch.setattr("bot.commands.trial.review.click.edit", lambda text, extension: None)
    result = review("--by", "Ana", typed="c\nq\n")
    assert "Nothing was changed." in result.output
    assert path.read_bytes() == before


def test_where_there_is_a_store_the_audit_has_it(review: Review) -> None:
    with open_store().session():
        pass
    assert review("--accept", "I1", "--by", "Ana").exit_code == 0
    (deed,), _ = newest_deeds(5)
    assert (deed.who, deed.action, deed.detail) == (
        "command line",
        "accepted criterion",
        "NCT00000001 I1, by Ana",
    )
