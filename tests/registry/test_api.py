"""The registry's API over HTTP, against a server on this machine; the clock is made up, so nothing waits."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.registry.api import Registry
from bot.registry.errors import (
    BadRequest,
    RecordError,
    RegistryFailed,
    RegistryUnreachable,
    TooManyRequests,
    UnknownStudy,
)
from bot.registry.pace import SECONDS_BETWEEN, Pace
from tests.registry.server import FakeRegistry, running
from tests.registry.studies import api_study

NUMBERS = [f"NCT9000000{number}" for number in range(1, 6)]


class Clock:
    """A clock that goes on only when somebody sleeps."""

    def __init__(self) -> None:
        self.time = 100.0
        self.slept: list[float] = []

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))
        self.time += seconds


@pytest.fixture
def server() -> Iterator[FakeRegistry]:
    with running() as fake:
        fake.studies = {number: api_study(number) for number in NUMBERS}
        yield fake


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def registry(server: FakeRegistry, clock: Clock) -> Registry:
    return Registry(server.address, Pace(now=clock.now, sleep=clock.sleep), attempts=3)


def test_a_study_is_asked_for_by_its_number(registry: Registry, server: FakeRegistry) -> None:
    assert registry.study("nct90000001").nct_id == "NCT90000001"
    assert server.asked == ["/api/v2/studies/NCT90000001?format=json"]


def test_pages_are_followed_to_the_last(registry: Registry, server: FakeRegistry) -> None:
    server.page_size = 2
    found = registry.find([*NUMBERS, "NCT99999999"])
    assert list(found.records) == NUMBERS
    assert found.errors == {"NCT99999999": "the registry has no study NCT99999999"}
    assert ["pageToken" in asked for asked in server.asked] == [False, True, True]


def test_one_unreadable_record_does_not_hide_the_others(registry: Registry, server: FakeRegistry) -> None:
    server.studies[NUMBERS[1]] = api_study(NUMBERS[1], status="DREAMING")
    found = registry.find(NUMBERS)
    assert len(found.records) == 4
    assert found.errors == {NUMBERS[1]: "unknown status 'DREAMING'"}


def test_requests_keep_their_distance(registry: Registry, server: FakeRegistry, clock: Clock) -> None:
    for number in NUMBERS[:3]:
        registry.study(number)
    assert clock.slept == [SECONDS_BETWEEN, SECONDS_BETWEEN]
    assert len(server.asked) == 3


def test_who_waits_anyway_is_not_held_up(registry: Registry, clock: Clock) -> None:
    registry.study(NUMBERS[0])
    clock.time += 5
    registry.study(NUMBERS[1])
    assert clock.slept == []


def test_an_unknown_study_and_a_bad_request_have_names(registry: Registry, server: FakeRegistry) -> None:
    with pytest.raises(UnknownStudy, match="no study NCT99999999"):
        registry.study("NCT99999999")
    with pytest.raises(RecordError, match="no registry number"):
        registry.study("NCT1")
    server.failures = [400]
    with pytest.raises(BadRequest, match="Not now"):
        registry.study(NUMBERS[0])
    assert len(server.asked) == 2


def test_it_waits_as_long_as_it_is_asked_to(registry: Registry, server: FakeRegistry, clock: Clock) -> None:
    server.failures = [(429, {"Retry-After": "7"})]
    assert registry.study(NUMBERS[0]).nct_id == NUMBERS[0]
    assert clock.slept == [7]


def test_it_does_not_wait_for_ever(registry: Registry, server: FakeRegistry, clock: Clock) -> None:
    server.failures = [(429, {"Retry-After": "86400"})]
    with pytest.raises(TooManyRequests, match="asks to wait"):
        registry.study(NUMBERS[0])
    assert clock.slept == []


def test_too_many_requests_are_told_in_the_end(registry: Registry, server: FakeRegistry) -> None:
    server.failures = [429, 429, 429]
    with pytest.raises(TooManyRequests):
        registry.study(NUMBERS[0])
    assert len(server.asked) == 3


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_server_that_fails_is_asked_again_after_a_growing_while(
    registry: Registry, server: FakeRegistry, clock: Clock, status: int
) -> None:
    server.failures = [status, status]
    assert registry.study(NUMBERS[0]).nct_id == NUMBERS[0]
    assert clock.slept == [SECONDS_BETWEEN, 2 * SECONDS_BETWEEN]


def test_a_server_that_keeps_failing_is_told(registry: Registry, server: FakeRegistry) -> None:
    server.failures = [503] * 3
    with pytest.raises(RegistryFailed, match="answered 503"):
        registry.study(NUMBERS[0])


@pytest.mark.parametrize("failure", ["drop", "break"])
def test_a_lost_connection_is_tried_again(registry: Registry, server: FakeRegistry, failure: str) -> None:
    server.failures = [failure]
    assert registry.study(NUMBERS[0]).nct_id == NUMBERS[0]
    assert len(server.asked) == 2


@pytest.mark.parametrize("failure", ["drop", "break"])
def test_a_connection_lost_each_time_is_told(registry: Registry, server: FakeRegistry, failure: str) -> None:
    server.failures = [failure] * 9
    with pytest.raises(RegistryUnreachable):
        registry.study(NUMBERS[0])
    assert len(server.asked) == 3


def test_no_server_at_all_is_told(clock: Clock) -> None:
    with running() as gone:
        address = gone.address
    with pytest.raises(RegistryUnreachable, match="cannot be reached"):
        Registry(address, Pace(now=clock.now, sleep=clock.sleep), attempts=2).study(NUMBERS[0])


@pytest.mark.parametrize("failure", ["nonsense", 302, 403])
def test_an_answer_that_is_none_is_told(registry: Registry, server: FakeRegistry, failure: object) -> None:
    server.failures = [failure]
    with pytest.raises(RegistryFailed):
        registry.study(NUMBERS[0])


def test_a_page_without_studies_and_a_page_that_comes_again_are_told(
    registry: Registry, server: FakeRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages: list[dict[str, object]] = [{"studies": [], "nextPageToken": "a"}] * 2
    monkeypatch.setattr(registry, "_ask", lambda *_: pages.pop())
    with pytest.raises(RegistryFailed, match="again and again"):
        registry.find(NUMBERS)
    pages.append({"error": "no"})
    with pytest.raises(RegistryFailed, match="no list of studies"):
        registry.find(NUMBERS)
