"""How far the sites of a trial are. A distance sorts and is shown; it never rules anybody out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from bot.places.finding import country_code, town_in
from bot.places.model import Place
from criteria.sites import TrialSite

_EARTH_KM = 6371.0088
_OVER_THE_BORDER_KM = 500
"""A site this near counts as near although it lies in another country."""
_ABOUT_AS_FAR_KM = 25
"""Within this a site where the family's language is spoken comes first."""
_OPEN = (None, "recruiting")


@dataclass(frozen=True)
class Near:
    """One site, seen from where a family lives.

    km            as the crow flies; None where one of the two has no point on the map
    same_country  whether it lies in the family's country
    speaks        whether the wanted language is known to be spoken there
    open          False where the site is known not to take new patients now
    """

    site: TrialSite
    km: float | None
    same_country: bool
    speaks: bool
    open: bool


def distance_km(one: Place, other: Place) -> float | None:
    """The way between two places as the crow flies, in kilometers; None where one has no point on the map."""
    if None in (one.latitude, one.longitude, other.latitude, other.longitude):
        return None
    latitudes = radians(one.latitude or 0), radians(other.latitude or 0)
    between = (latitudes[1] - latitudes[0]) / 2, radians((other.longitude or 0) - (one.longitude or 0)) / 2
    chord = sin(between[0]) ** 2 + cos(latitudes[0]) * cos(latitudes[1]) * sin(between[1]) ** 2
    return 2 * _EARTH_KM * asin(min(1.0, sqrt(chord)))


def site_place(site: TrialSite) -> Place | None:
    """Where a site is: its own point, or else that of its town; None where not even its country is known."""
    code = country_code(site.country)
    if code is None:
        return None
    town = town_in(site.city, code, site.state) if site.city else None
    region = town.region if town else None
    if site.latitude is not None and site.longitude is not None:
        return Place(code, region, site.city, site.latitude, site.longitude)
    if town is None:
        return Place(code, None, site.city)
    return Place(code, region, site.city, town.latitude, town.longitude)


def nearest(sites: Sequence[TrialSite], place: Place, language: str | None = None) -> list[Near]:
    """All sites, the nearest first; none is left out.

    Sites that are known to take no new patients come last. Then, each by its distance: those in the family's
    country or close to it, those in her country whose distance is not known (her own region first), those
    farther abroad, and the rest. Of sites about as far, one where ``language`` is spoken comes first.
    """
    seen = [(site, site_place(site)) for site in sites]
    found = [(_near(site, there, place, language), there) for site, there in seen]
    return [near for near, there in sorted(found, key=lambda pair: _rank(pair[0], pair[1], place))]


def _near(site: TrialSite, there: Place | None, place: Place, language: str | None) -> Near:
    km = distance_km(place, there) if there is not None else None
    same = there is not None and there.country == place.country
    return Near(site, km, same, language is not None and language in site.languages, site.status in _OPEN)


def _rank(near: Near, there: Place | None, place: Place) -> tuple[bool, int, float, bool, float]:
    km = near.km
    if km is not None and (near.same_country or km <= _OVER_THE_BORDER_KM):
        group = 0
    elif near.same_country:
        group = 1
    elif km is not None:
        group = 2
    else:
        group = 3
    in_region = place.region is not None and there is not None and there.region == place.region
    band = (km or 0) // _ABOUT_AS_FAR_KM if km is not None else float(not in_region)
    return (not near.open, group, band, not near.speaks, km or 0)
