"""The answer to "where do you live?". Nothing else in a message tells it."""

from __future__ import annotations

from typing import Any

from bot.places import Ambiguous, Place, find_place, home_of


def read_home(text: str) -> dict[str, Any] | None:
    """The home that an answer tells, as the fact holds it; None where no place is found.

    Of several towns of one name only their country, and their region, is told where that is the same.
    """
    found = find_place(text)
    if found is None:
        return None
    places = found.candidates if isinstance(found, Ambiguous) else (found,)
    if len({place.country for place in places}) > 1:
        return None
    first = places[0]
    if len(places) > 1:
        same_region = len({place.region for place in places}) == 1
        first = Place(first.country, first.region if same_region else None)
    return home_of(first)
