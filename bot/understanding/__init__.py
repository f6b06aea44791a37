"""From a family's own words to facts: pure, deterministic, without input or output.

>>> from datetime import date
>>> understand("no radiation", date(2026, 11, 22)).facts
{'radiation': {'had': 'no'}}
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.understanding.merge import understand_message
from bot.understanding.result import Understood
from bot.understanding.statements.corrections import only_a_day_or_age, taken_back

__all__ = ["Understood", "only_a_day_or_age", "taken_back", "understand"]


def understand(
    text: str, today: date, asked: str | None = None, lang: str = "en", known: Mapping[str, Any] | None = None
) -> Understood:
    """Read one message.

    text: any string; its first 2,000 characters count.
    asked: the question it answers: a fact, a detail ("chemotherapy.last") or a list ("treatments"), if any.
    lang: a language with a lexicon; any other is read as English.
    known: facts told before (the age is used for "when he was 5").
    Never raises for any text.
    """
    return understand_message(text, today, asked, lang, known)
