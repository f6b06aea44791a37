"""The bench runs, compares its ways with each other, and its page says what was measured."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.commands.multiplying import multiplied
from criteria import load_trial
from scripts.match_bench import measuring
from scripts.match_bench.__main__ import main
from scripts.match_bench.measuring import Disagreement, Times, measure

TRIAL = load_trial("NCT06848582")


def test_the_page_holds_every_way_and_every_number_of_trials(tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    assert main(["--families", "1", "--sizes", "3", "6", "--output", str(page)]) == 0
    text = page.read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert rows[0] == "| trials | 3 | 6 |"
    assert {line.count("|") for line in rows} == {4}
    for way in ("matcher", "plain loop", "SQL"):
        assert sum(line.startswith(f"{way} ") and "#" in line for line in text.splitlines()) == 2
    assert "from 3 to 6 trials" in text
    assert "make match-bench ARGS=" in text
    assert "$" not in text


def test_all_turns_of_all_ways_are_compared() -> None:
    found = measure(multiplied([TRIAL], 4, seed=1), families=2, seed=1)
    assert len(found.turn.turns) == len(found.again.turns) == len(found.loop.turns) == len(found.sql.turns)
    assert found.agree == 2 * 4 * len(found.turn.turns)
    assert found.rules <= found.criteria


def test_a_way_that_differs_stops_the_bench(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(measuring, "loop", lambda trials, facts: [0] * len(trials))
    with pytest.raises(Disagreement, match="the matcher and the plain loop differ on"):
        measure(multiplied([TRIAL], 3, seed=1), families=1, seed=1)
    page = tmp_path / "performance.md"
    assert main(["--families", "1", "--sizes", "3", "--output", str(page)]) == 1
    assert not page.exists()


def test_a_percentile_is_a_time_that_enough_turns_do_not_exceed() -> None:
    times = Times([0.004, 0.001, 0.002, 0.003])
    assert times.milliseconds(0.5) == 2
    assert times.milliseconds(0.95) == times.milliseconds(1.0) == 4
