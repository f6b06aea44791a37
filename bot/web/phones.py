"""The site's phone numbers as links: on a phone, one touch calls."""

import re

from markupsafe import Markup, escape

from bot.settings import Settings

_NUMBER = re.compile(r"\+?[\d\s().-]{3,}")


def phone_numbers(settings: Settings) -> list[str]:
    """The settings that are numbers as they stand; others are words, such as "text HOME to 741741"."""
    told = (settings.site_phone, settings.site_emergency_number, settings.site_crisis_line)
    numbers = {number for number in told if number and _NUMBER.fullmatch(number)}
    # The longest first: a short number may be a part of a long one.
    return sorted(numbers, key=lambda number: (-len(number), number))


def linked(text: str, numbers: list[str]) -> Markup:
    """The text, escaped, with these numbers as links."""
    if not numbers:
        return escape(text)
    pattern = "|".join(rf"(?<![\d+]){re.escape(number)}(?!\d)" for number in numbers)
    parts = re.split(f"({pattern})", text)
    return Markup("").join(_link(part) if part in numbers else escape(part) for part in parts)


def tel(number: str) -> str:
    """The address that calls this number."""
    return "tel:" + re.sub(r"[^\d+]", "", number)


def _link(number: str) -> Markup:
    return Markup('<a href="{}">{}</a>').format(tel(number), number)
