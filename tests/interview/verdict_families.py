"""One family for each verdict, led through the real interview, and what the chat keeps of it."""

import json
from typing import Any

from tests.interview.family import Family, likely_family


def possible_family() -> Family:
    """A family that knows nothing."""
    return Family("parent", *["I don't know"] * 10)


def not_yet_family() -> Family:
    """A patient who had chemo and radiation not long ago: December 13, 2026 is the day."""
    lines = ("patient", "17", "1", "relapsed", "1, 2, 3", "2026-11-10", "no", "2026-11-01", "large_area")
    return Family(*lines, "none", "none", "yes")


def not_likely_family() -> Family:
    """A tumor of the bone."""
    return Family("carer", "8", "osteosarcoma", "yes")


FAMILIES = {
    "likely": likely_family,
    "possible": possible_family,
    "not_yet": not_yet_family,
    "not_likely": not_likely_family,
}


def screening_of(verdict: str) -> dict[str, Any]:
    """The screening of the family with this verdict, as it comes out of the database."""
    screening = FAMILIES[verdict]().screening
    assert screening is not None
    assert screening["verdict"] == verdict
    kept: dict[str, Any] = json.loads(json.dumps(screening))
    return kept
