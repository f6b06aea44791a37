"""The sites of a trial: where it takes place, and how each is reached."""

from __future__ import annotations

from dataclasses import dataclass

from criteria.place import Place


@dataclass(frozen=True)
class SiteContact:
    """Whom a site names for questions; what the registry does not tell is None."""

    name: str | None = None
    phone: str | None = None
    email: str | None = None


@dataclass(frozen=True)
class TrialSite:
    """One place where a trial takes place, as the registry or the site itself tells it.

    name       of the hospital; None where the registry names only a place
    city, state, country  as the registry writes them; only the country is always known
    latitude, longitude   in degrees; None where the source has none
    status     one of ``criteria.study.STATUSES``; None where it is the trial's own
    contacts   whom the site names for questions
    languages  two-letter codes of the languages that are spoken there
    form       the address of the site's own contact form
    """

    country: str
    name: str | None = None
    city: str | None = None
    state: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    status: str | None = None
    contacts: tuple[SiteContact, ...] = ()
    languages: tuple[str, ...] = ()
    form: str | None = None


def read_site(place: Place, statuses: tuple[str, ...]) -> TrialSite:
    """The site told here. Raises TrialError, which names file and line."""
    parts = place.mapping(
        ("country",),
        ("name", "city", "state", "latitude", "longitude", "status", "contacts", "languages", "form"),
    )

    def text(name: str) -> str | None:
        return parts[name].text() if name in parts else None

    if ("latitude" in parts) != ("longitude" in parts):
        raise place.wrong("latitude and longitude stand together")
    return TrialSite(
        country=parts["country"].text(),
        name=text("name"),
        city=text("city"),
        state=text("state"),
        latitude=parts["latitude"].number(-90, 90) if "latitude" in parts else None,
        longitude=parts["longitude"].number(-180, 180) if "longitude" in parts else None,
        status=parts["status"].text(statuses) if "status" in parts else None,
        contacts=tuple(_contact(item) for item in parts["contacts"].items()) if "contacts" in parts else (),
        languages=tuple(item.text() for item in parts["languages"].items()) if "languages" in parts else (),
        form=parts["form"].web_address() if "form" in parts else None,
    )


def _contact(place: Place) -> SiteContact:
    parts = place.mapping((), ("name", "phone", "email"))
    if not parts:
        raise place.wrong("a contact has a name, a phone or an email")
    return SiteContact(**{name: part.text() for name, part in parts.items()})
