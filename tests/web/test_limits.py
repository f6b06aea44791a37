"""Rate limits and the lock of a family."""

import asyncio

import pytest

from bot.web.limits import RateLimit, TooMany, TurnLocks, WrongTries, limited_address


class Clock:
    """A clock that stands still until told."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_bucket_empties_and_fills() -> None:
    clock = Clock()
    limit = RateLimit(6, clock=clock)
    for _ in range(6):
        limit.take("a")
    with pytest.raises(TooMany) as error:
        limit.take("a")
    assert error.value.retry_after == 10
    limit.take("b")
    clock.now = 10.0
    limit.take("a")
    with pytest.raises(TooMany):
        limit.take("a")


def test_zero_sets_no_limit() -> None:
    limit = RateLimit(0)
    for _ in range(1000):
        limit.take("a")


def test_memory_is_bounded() -> None:
    limit = RateLimit(1, most_keys=3)
    for key in "abcd":
        limit.take(key)
    limit.take("a")
    with pytest.raises(TooMany):
        limit.take("d")


@pytest.mark.parametrize(
    ("host", "key"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:0db8:0001:0002"),
        ("127.0.0.1", None),
        ("::1", None),
        ("testclient", None),
        (None, None),
    ],
)
def test_key_of_an_address(host: str | None, key: str | None) -> None:
    assert limited_address(host) == key


def test_turns_of_one_family_follow_each_other() -> None:
    async def scenario() -> list[str]:
        locks, order = TurnLocks(), []

        async def turn(name: str) -> None:
            async with locks.turn("family"):
                order.append(f"{name} in")
                await asyncio.sleep(0)
                order.append(f"{name} out")

        await asyncio.gather(turn("a"), turn("b"), turn("c"))
        assert not locks._locks
        return order

    assert asyncio.run(scenario()) == ["a in", "a out", "b in", "b out", "c in", "c out"]


def test_families_do_not_wait_for_each_other_and_too_many_waiting_are_refused() -> None:
    async def scenario() -> None:
        locks, go = TurnLocks(most_waiting=1), asyncio.Event()

        async def hold() -> None:
            async with locks.turn("family"):
                await go.wait()

        holding = [asyncio.create_task(hold()) for _ in range(2)]
        await asyncio.sleep(0)
        async with locks.turn("other family"):
            pass
        with pytest.raises(TooMany):
            async with locks.turn("family"):
                pass
        erasing = asyncio.create_task(_enter(locks))
        await asyncio.sleep(0)
        assert not erasing.done()
        go.set()
        await asyncio.gather(*holding, erasing)
        assert not locks._locks

    async def _enter(locks: TurnLocks) -> None:
        async with locks.turn("family", always=True):
            pass

    asyncio.run(scenario())


def test_wrong_tries_count_for_a_name_at_an_address() -> None:
    now = 0.0
    tries = WrongTries(most=2, wait_seconds=60, most_keys=2, clock=lambda: now)
    for _ in range(2):
        assert not tries.must_wait("ana", "1.1.1.1")
        tries.wrong("ana", "1.1.1.1")
    assert tries.must_wait("ana", "1.1.1.1")
    assert not tries.must_wait("ana", "2.2.2.2")
    assert not tries.must_wait("bo", "1.1.1.1")
    now = 60.0
    assert not tries.must_wait("ana", "1.1.1.1")
    tries.wrong("ana", "1.1.1.1")
    tries.right("ana", "1.1.1.1")
    tries.wrong("ana", "1.1.1.1")
    assert not tries.must_wait("ana", "1.1.1.1")
    for name in ("b", "c"):
        tries.wrong(name, "1.1.1.1")
    tries.wrong("ana", "1.1.1.1")
    assert not tries.must_wait("ana", "1.1.1.1"), "the oldest pair was dropped"
