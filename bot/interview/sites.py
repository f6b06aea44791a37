"""Where a trial takes place, the nearest site first. A distance sorts and is told; it rules nobody out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from bot.interview.model import Facts
from bot.interview.speech import Speaker
from bot.places import Near, Place, nearest, place_of
from criteria import Trial
from criteria.sites import TrialSite

MOST_SITES: Final = 8
"""So many sites of a trial are kept with a result, the nearest first; the registry lists the others."""


def home_place(facts: Facts) -> Place | None:
    """Where the family lives, as far as she told."""
    home = facts.get("home")
    return place_of(home) if isinstance(home, Mapping) else None


def matters(trial: Trial) -> bool:
    """Whether it matters where a family lives: the trial has sites to choose from."""
    return len(trial.sites) > 1


def sites_of(trial: Trial, facts: Facts) -> list[Near]:
    """The trial's sites that may take patients now, the nearest first where a home was told."""
    place = home_place(facts)
    if place is not None:
        return [near for near in nearest(trial.sites, place) if near.open]
    return [
        Near(site, None, same_country=False, speaks=False, open=True)
        for site in trial.sites
        if site.status in (None, "recruiting")
    ]


def site_line(near: Near, speaker: Speaker) -> str:
    """One site in words: its name and place, and about how far it is."""
    words = site_name(near.site)
    return words if near.km is None else speaker.say("sites.far", site=words, km=_rounded(near.km))


def site_name(site: TrialSite) -> str:
    """The site's name with its town and country, as the registry writes them."""
    return ", ".join(filter(None, (site.name, site.city, site.country)))


def where(trial: Trial, facts: Facts, speaker: Speaker) -> str:
    """Where the trial takes place, in a sentence; that the registry lists it, where no site is known."""
    found = sites_of(trial, facts)
    if not found:
        return speaker.say("sites.registry")
    key = "sites.only" if len(found) == 1 else "sites.nearest" if home_place(facts) else "sites.several"
    return speaker.say(key, site=site_line(found[0], speaker), count=len(found))


def kept_sites(trial: Trial, facts: Facts) -> list[dict[str, Any]]:
    """The nearest sites as the result is kept: public facts of the registry, and the way in kilometers."""
    return [
        {
            "name": near.site.name,
            "city": near.site.city,
            "state": near.site.state,
            "country": near.site.country,
            "km": None if near.km is None else _rounded(near.km),
            "languages": list(near.site.languages),
            "form": near.site.form,
            "contacts": [
                {"name": one.name, "phone": one.phone, "email": one.email} for one in near.site.contacts
            ],
        }
        for near in sites_of(trial, facts)[:MOST_SITES]
    ]


def _rounded(km: float) -> int:
    """A way as people tell it: whole tens from 20 kilometers on."""
    return round(km) if km < 20 else int(round(km, -1))
