"""Every walk is gone once in a test run, and measured in all ways on it: the tests read what was found."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache

import pytest
from playwright.sync_api import Browser

from .inspections import PHONE, Findings, prepare
from .stage import Stage, open_stage
from .states import WALKS
from .visit import Visit, own_requests_only

TODAY = "2026-11-22"


@pytest.fixture(scope="session")
def stage(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The two sites, on a day that does not pass."""
    with open_stage(tmp_path_factory.mktemp("stage"), TODAY) as opened:
        yield opened


@contextmanager
def visiting(browser: Browser, stage: Stage) -> Iterator[Visit]:
    """A fresh visitor on a phone. Errors in the pages' own scripts and strangers' addresses are failures."""
    context = browser.new_context(viewport=PHONE)
    prepare(context)
    visit = Visit(context, stage)
    problems: list[str] = []
    visit.page.on("pageerror", lambda error: problems.append(str(error)))
    own_requests_only(visit.page, stage, problems)
    try:
        yield visit
    finally:
        context.close()
    assert problems == []


@pytest.fixture(scope="session")
def findings(browser: Browser, stage: Stage) -> Callable[[str], Findings]:
    """What was found on a walk, by the walk's name."""

    @cache
    def walk(name: str) -> Findings:
        found = Findings()
        with visiting(browser, stage) as visit:
            for state in WALKS[name](visit):
                found.inspect(state, visit.page)
        return found

    return walk
