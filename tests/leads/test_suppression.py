"""What is shown of small numbers: nothing that can be computed back."""

from hypothesis import given
from hypothesis import strategies as st

from bot.leads.suppression import LEAST, covered, shown_parts

NUMBERS = st.lists(st.integers(0, 40), min_size=1, max_size=8)


def test_a_number_below_ten_is_not_shown() -> None:
    assert [covered(number) for number in (0, 1, 9, 10, 400)] == [None, None, None, 10, 400]


def test_one_small_part_takes_the_next_larger_with_it() -> None:
    assert shown_parts({"a": 33, "b": 25, "c": 3}) == {"a"}


def test_small_parts_that_are_many_together_stand_alone() -> None:
    assert shown_parts({"a": 33, "b": 25, "c": 7, "d": 5}) == {"a", "b"}


def test_a_zero_is_kept_back_like_any_small_number() -> None:
    assert shown_parts({"a": 33, "b": 25, "c": 0}) == {"a"}


def test_nothing_small_hides_nothing() -> None:
    assert shown_parts({"a": 10, "b": 11}) == {"a", "b"}


def test_criteria_that_overlap_hide_only_what_the_whole_gives_away() -> None:
    assert shown_parts({"a": 20, "b": 3}, whole=20) == {"a"}
    # Nobody but b can have decided the 9 verdicts that a did not.
    assert shown_parts({"a": 11, "b": 9}, whole=20) == frozenset()
    assert shown_parts({"a": 30, "b": 11, "c": 9}, whole=50) == {"a"}


@given(NUMBERS)
def test_no_small_part_can_be_computed_from_the_sum(numbers: list[int]) -> None:
    parts = dict(enumerate(numbers))
    shown = shown_parts(parts)
    assert all(parts[key] >= LEAST for key in shown)
    hidden = [parts[key] for key in parts if key not in shown]
    rest = sum(numbers) - sum(parts[key] for key in shown)
    if not hidden or not shown:
        return
    # Whoever knows the sum can only say: these several parts, all alike, come to so much together.
    assert len(hidden) > 1
    assert rest >= LEAST


@given(NUMBERS, st.integers(0, 60))
def test_no_small_criterion_can_be_computed_from_the_verdicts(numbers: list[int], more: int) -> None:
    parts = dict(enumerate(numbers))
    whole = max(max(numbers), sum(numbers) - more)
    shown = shown_parts(parts, whole=whole)
    hidden = [key for key in parts if key not in shown]
    unexplained = whole - sum(parts[key] for key in shown)
    assert all(parts[key] >= LEAST for key in shown)
    assert not hidden or unexplained <= 0 or len(hidden) > 1 or not shown


def test_a_criterion_that_nearly_always_decided_gives_nobody_away() -> None:
    """Of twelve families eleven were decided by X: shown, it would say that one was not."""
    assert shown_parts({"X": 11, "Y": 1, "Z": 1}, whole=12) == frozenset()
