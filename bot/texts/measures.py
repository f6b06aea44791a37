"""Days, ages and places in a language's own words, for the chat, the pages and the mails alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from babel import Locale

from bot.texts import Texts


def day_as_text(day: date, texts: Texts) -> str:
    """A day as families read it: December 13, 2026."""
    months: list[str] = texts.node("calendar.months")
    return texts.say("calendar.day", month=months[day.month - 1], day=day.day, year=day.year)


def weekday_as_text(day: date, texts: Texts) -> str:
    """A day that is near, with its weekday: Monday, December 14."""
    months, weekdays = texts.node("calendar.months"), texts.node("calendar.weekdays")
    return texts.say(
        "calendar.weekday", weekday=weekdays[day.weekday()], month=months[day.month - 1], day=day.day
    )


def place_as_text(home: Mapping[str, Any], texts: Texts) -> str:
    """A home as families read it: "Houston, United States"; the country alone where no town was told."""
    country = Locale(texts.language).territories.get(home["country"], home["country"])
    return ", ".join(filter(None, (home.get("city") or home.get("region"), country)))


def age_as_text(months: Sequence[int], texts: Texts) -> str:
    """An age of [least, most] months as families read it: in years from the second birthday on."""
    least, most = months
    if least // 12 == most // 12 and least >= 24:
        return texts.say("told.age_years", n=least // 12)
    if least == most:
        return texts.say("told.age_months", n=least)
    return texts.say("told.age_range", least=least, most=most)
