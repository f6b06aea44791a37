"""No text raises, tells a day in the future, an impossible age, or an interval that ends before it begins."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.commands.understand import askable
from bot.understanding import understand
from criteria import check_facts

_FOLDER = Path(__file__).parent
_SEEN = [
    case["text"]
    for name in ("narratives.yml", "answers.yml", "review_cases.yml")
    for case in yaml.safe_load((_FOLDER / name).read_text(encoding="utf-8"))
]
_WORDS = [
    *sorted({word for text in _SEEN for word in text.split()}),
    "99999",
    "0",
    "1/2",
    "29/02/2023",
    "00/00/0000",
    "31.12.9999",
    "9999-99-99",
    "february",
    "30",
    "a",
    "and",
    "half",
    "ago",
    "in",
    "since",
    "until",
    "last",
    "next",
    "year",
    "months",
    "weeks",
    "turned",
    "born",
    "when",
    "he",
    "was",
    "no",
    "not",
    "never",
    "'",
    "-",
    "…",
    "—",
    "½",
    "((",
    "))",
    "?",
    "!",
    ",",
    ".",
    ";",
    "\n",
    "1e9",
    "３",
    "²",
]
_TEXTS = st.one_of(
    st.text(max_size=300),
    st.lists(st.sampled_from(_WORDS), max_size=40).map(" ".join),
    st.tuples(st.sampled_from(_SEEN), st.sampled_from(_SEEN)).map(" ".join),
)
_ASKED = st.one_of(st.none(), st.sampled_from(askable()))
_DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))


@settings(max_examples=300, deadline=None)
@given(text=_TEXTS, asked=_ASKED, today=_DAYS)
def test_any_text_gives_facts_that_can_be(text: str, asked: str | None, today: date) -> None:
    facts: dict[str, Any] = understand(text, today, asked).facts
    check_facts(facts, today)
    age = facts.get("age")
    if isinstance(age, dict):
        assert 0 <= age["months"][0] <= age["months"][1] <= 120 * 12
    for value in facts.values():
        if isinstance(value, dict) and isinstance(value.get("last"), list):
            earliest, latest = value["last"]
            assert earliest <= latest <= today.isoformat()


@settings(max_examples=100, deadline=None)
@given(text=_TEXTS, today=_DAYS)
def test_understanding_is_the_same_every_time(text: str, today: date) -> None:
    assert understand(text, today) == understand(text, today)


@settings(max_examples=100, deadline=None)
@given(text=_TEXTS, today=_DAYS, months=st.tuples(st.integers(0, 300), st.integers(0, 11)))
def test_no_day_before_birth_where_the_age_is_known(text: str, today: date, months: tuple[int, int]) -> None:
    known = {"age": {"months": [months[0], months[0] + months[1]]}}
    facts = understand(text, today, "chemotherapy.last", known=known).facts
    if "age" in facts:
        return
    last = facts.get("chemotherapy", {}).get("last") if isinstance(facts.get("chemotherapy"), dict) else None
    if isinstance(last, list):
        years = (months[0] + months[1] + 1) // 12 + 1
        assert int(last[0][:4]) >= today.year - years - 1
