"""How the load test looks for its border, and what it calls held."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from scripts.bench.programs import TurnFailed
from scripts.load import families
from scripts.load.families import Crowd, Level, new_client, next_level
from scripts.load.processor import Spent, shares, spent
from scripts.load.programs import hidden_fields


def level(number: int, seconds: float) -> Level:
    return Level(number, [seconds] * 100, lasted=60)


def borders(holds: int, most: int = 2000, finest: float = 0.1) -> list[int]:
    """The numbers of families tried with a program that holds so many."""
    levels: list[Level] = []
    wanted = next_level(levels, 50, most, finest)
    while wanted is not None:
        levels.append(level(wanted, 0.2 if wanted <= holds else 3.0))
        wanted = next_level(levels, 50, most, finest)
    return [each.families for each in levels]


def test_the_border_is_found_from_both_sides() -> None:
    assert borders(230) == [50, 100, 200, 400, 300, 250, 225]
    assert borders(7)[:4] == [50, 25, 12, 6]


@pytest.mark.parametrize("holds", [0, 1, 33, 230, 999, 5000])
def test_the_search_ends_close_to_the_border(holds: int) -> None:
    tried = borders(holds)
    assert len(tried) < 15
    assert max(tried) <= 2000
    best = max((number for number in tried if number <= holds), default=0)
    assert best >= min(holds, 2000) * 0.88 - 2


def test_one_unanswered_message_is_not_held() -> None:
    good = level(10, 0.2)
    assert good.held
    good.failed["status 503"] += 1
    assert not good.held


def test_five_of_a_hundred_may_be_slow() -> None:
    assert Level(10, [0.1] * 95 + [9.0] * 5).held
    assert not Level(10, [0.1] * 94 + [9.0] * 6).held
    assert not Level(10).held


def test_processor_shares_are_told_apart() -> None:
    found = shares(Spent(1000, 500, 100, 10), Spent(2000, 900, 400, 60))
    assert found is not None
    assert (found.program, found.load, found.others) == (30.0, 5.0, 25.0)
    assert spent([], 1) is None or shares(None, spent([], 1)) is None


def test_the_last_form_of_a_page_is_sent() -> None:
    page = (
        '<form><input type="hidden" name="mark" value="old"></form>'
        '<form method="post"><input type="hidden" name="mark" value="a&amp;b"></form>'
    )
    assert hidden_fields(page) == {"mark": "a&b"}
    with pytest.raises(TurnFailed):
        hidden_fields("<p>closed</p>")


class Waiting:
    """A program whose first answer of each visit takes until the test lets it come."""

    title = "waiting"

    def __init__(self) -> None:
        self.asked = 0
        self.answer = asyncio.Event()
        self.failing = False

    def check(self) -> None:
        """Always well."""

    def processes(self) -> dict[str, set[int]]:
        return {}

    async def visit(self, client: httpx.AsyncClient, number: int) -> AsyncIterator[None]:
        self.asked += 1
        await self.answer.wait()
        yield
        if self.failing:
            raise TurnFailed("no answer")
        yield


def test_who_still_waits_and_who_failed_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(families, "PAUSE", 0.05)
    monkeypatch.setattr(families, "DRAIN_SECONDS", 0.0)
    monkeypatch.setattr(families, "MOST_SECONDS", 0.01)

    async def measured() -> tuple[Level, Level, Level]:
        program = Waiting()
        async with new_client() as client:
            crowd = Crowd(program, client, seed=1)
            stuck = await crowd.measure(3, 0.2)
            assert program.asked == 3
            program.answer.set()
            answered = await crowd.measure(3, 0.5)
            program.failing = True
            failed = await crowd.measure(3, 0.5)
            await crowd.leave()
        return stuck, answered, failed

    stuck, answered, failed = asyncio.run(measured())
    assert len(stuck.seconds) == 3
    assert not stuck.held
    assert len(answered.seconds) > 3
    assert not answered.failed
    assert failed.failed["no answer"] > 0
    assert not failed.held
