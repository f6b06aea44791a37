"""What a place is, as roughly as a family tells it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """A town, a part of a country, or a country.

    country    two capital letters (ISO 3166)
    region     the state or province by its code (TX; GeoNames' code elsewhere); None where it was not told
    city       the town's name; None where only a country or a region was told
    latitude, longitude   of the town, in degrees; None without a town
    """

    country: str
    region: str | None = None
    city: str | None = None
    latitude: float | None = None
    longitude: float | None = None

    @property
    def located(self) -> bool:
        """Whether it is known where on the map it lies."""
        return self.latitude is not None and self.longitude is not None


@dataclass(frozen=True)
class Ambiguous:
    """Several places of one name, none of which is clearly meant: the largest first."""

    candidates: tuple[Place, ...]
