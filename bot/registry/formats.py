"""The two formats that studies come in, each read into a Record."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.registry.ages import maximum_in_months, minimum_in_months
from bot.registry.errors import RecordError
from bot.registry.record import Record, checked_number, phase_of, status_of
from criteria.sites import SiteContact, TrialSite
from criteria.study import SEXES

API_V2 = "ClinicalTrials.gov API v2"
FLAT = "flat list"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def record_of(told: object) -> Record:
    """The study in one JSON object of either format. Raises RecordError, which names the study if it can."""
    if not isinstance(told, Mapping):
        raise RecordError("expected a JSON object for each study")
    number = _number(told)
    try:
        return _api_v2(told["protocolSection"]) if "protocolSection" in told else _flat(told)
    except RecordError as error:
        raise RecordError(f"{number or 'a study without a number'}: {error}") from error
    except (KeyError, TypeError, AttributeError) as error:
        raise RecordError(
            f"{number or 'a study without a number'}: its format is not one that is known here ({error})"
        ) from error


def _number(told: Mapping[str, Any]) -> str | None:
    try:
        return str(
            told["nct_id"] if "nct_id" in told else told["protocolSection"]["identificationModule"]["nctId"]
        )
    except (KeyError, TypeError):
        return None


def _api_v2(protocol: Mapping[str, Any]) -> Record:
    names, status = protocol["identificationModule"], protocol["statusModule"]
    eligibility = protocol.get("eligibilityModule", {})
    design = protocol.get("designModule", {})
    word = status.get("overallStatus")
    update = status.get("lastUpdatePostDateStruct", {}).get("date") or status.get("lastUpdateSubmitDate")
    return Record(
        nct_id=checked_number(names["nctId"]),
        title=_text(names.get("briefTitle") or names.get("officialTitle"), "a title"),
        official_title=names.get("officialTitle"),
        status=status_of(word),
        status_word=word,
        phases=tuple(phase_of(phase) for phase in design.get("phases", [])),
        sponsor=protocol.get("sponsorCollaboratorsModule", {}).get("leadSponsor", {}).get("name"),
        sex=_sex(eligibility.get("sex")),
        minimum_age=eligibility.get("minimumAge"),
        maximum_age=eligibility.get("maximumAge"),
        at_least_months=minimum_in_months(eligibility.get("minimumAge")),
        at_most_months=maximum_in_months(eligibility.get("maximumAge")),
        conditions=tuple(protocol.get("conditionsModule", {}).get("conditions", [])),
        enrollment=design.get("enrollmentInfo", {}).get("count"),
        summary=protocol.get("descriptionModule", {}).get("briefSummary"),
        eligibility=_text(eligibility.get("eligibilityCriteria"), "an eligibility text"),
        sites=tuple(_site(site) for site in protocol.get("contactsLocationsModule", {}).get("locations", [])),
        last_update=_day(update),
        source_format=API_V2,
    )


def _flat(told: Mapping[str, Any]) -> Record:
    eligibility = told["eligibility"]
    phase = told.get("phase")
    return Record(
        nct_id=checked_number(told["nct_id"]),
        title=_text(told.get("title"), "a title"),
        official_title=None,
        status=status_of(told.get("status")),
        status_word=told.get("status"),
        phases=tuple(phase_of(part) for part in phase.split("/")) if phase else (),
        sponsor=told.get("sponsor"),
        sex=_sex(eligibility.get("sex")),
        minimum_age=eligibility.get("minimum_age"),
        maximum_age=eligibility.get("maximum_age"),
        at_least_months=minimum_in_months(eligibility.get("minimum_age")),
        at_most_months=maximum_in_months(eligibility.get("maximum_age")),
        conditions=tuple(told.get("conditions") or ()),
        enrollment=told.get("enrollment_count"),
        summary=told.get("summary"),
        eligibility=_text(eligibility.get("raw_text"), "an eligibility text"),
        sites=tuple(
            TrialSite(country=_text(country, "a country")) for country in told.get("locations") or ()
        ),
        last_update=None,
        source_format=FLAT,
    )


def _site(told: Mapping[str, Any]) -> TrialSite:
    point = told.get("geoPoint") or {}
    both = "lat" in point and "lon" in point
    contacts = (
        SiteContact(**{key: contact.get(key) or None for key in ("name", "phone", "email")})
        for contact in told.get("contacts", [])
    )
    return TrialSite(
        country=_text(told.get("country"), "a country for each site"),
        name=told.get("facility") or None,
        city=told.get("city") or None,
        state=told.get("state") or None,
        latitude=float(point["lat"]) if both else None,
        longitude=float(point["lon"]) if both else None,
        status=status_of(told.get("status")),
        contacts=tuple(contact for contact in contacts if contact != SiteContact()),
    )


def _text(value: object, what: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise RecordError(f"it lacks {what}")
    return value


def _sex(word: str | None) -> str | None:
    if word is None:
        return None
    if word.lower() not in SEXES:
        raise RecordError(f"unknown sex {word!r}")
    return word.lower()


def _day(words: str | None) -> date | None:
    """The day; None where only a month is told. RecordError where it is none."""
    if words is None or not _DAY.fullmatch(words):
        return None
    try:
        return date.fromisoformat(words)
    except ValueError as error:
        raise RecordError(f"{words!r} is no day") from error
