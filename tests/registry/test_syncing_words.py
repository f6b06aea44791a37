"""Which criteria a changed text touches, however a person cut the text into criteria."""

from __future__ import annotations

import pytest

from bot.registry.syncing import _is_new, _key


def test_bullets_breaks_and_escapes_are_no_change() -> None:
    assert _key("* Age \\>= 2 years\n  * or older.") == _key("Age >= 2 years or older")


@pytest.mark.parametrize(
    ("words", "new"),
    [
        ("Body weight ≥ 10 kg", False),
        ("Performance: Lansky 80 or more. Karnofsky 80 or more.", False),
        ("Inclusion, all of:", False),
        ("Known seizure disorder within the last two years", True),
        ("Body weight ≥ 12 kg and no seizures at all", True),
    ],
)
def test_only_words_that_no_criterion_holds_are_new(words: str, new: bool) -> None:
    before = [_key(one) for one in ("Body weight ≥ 10 kg", "Lansky 80 or more", "Karnofsky 80 or more")]
    assert _is_new(_key(words), before) is new
