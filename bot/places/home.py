"""Places as the fact ``home`` holds them, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.places.gazetteer import fold, gazetteer
from bot.places.model import Place


def home_of(place: Place) -> dict[str, Any]:
    """The fact: its region by name, and left out where this program has no name for it."""
    region = gazetteer().region_names.get((place.country, place.region or ""))
    told = {
        "country": place.country,
        "region": region,
        "city": place.city,
        "latitude": place.latitude,
        "longitude": place.longitude,
    }
    return {field: value for field, value in told.items() if value is not None}


def place_of(home: Mapping[str, Any]) -> Place:
    """The place that a checked ``home`` tells."""
    pairs = gazetteer().regions.get(fold(home.get("region", "")), ())
    region = next((region for country, region in pairs if country == home["country"]), None)
    return Place(home["country"], region, home.get("city"), home.get("latitude"), home.get("longitude"))
