"""The contact form's fields and what is wrong with them, in words."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import phonenumbers
from babel import Locale
from email_validator import EmailNotValidError, validate_email

from bot.leads.results import offered_results, sites_of
from bot.leads.store import Contact

RELATIONS = ("parent", "guardian", "grandparent", "family", "patient", "other")
TEXT_FIELDS = ("first_name", "last_name", "email", "phone", "language", "best_time")
CHOICE_FIELDS = ("relation", "country")
TICKS = ("guardian_confirm", "consent_send", "consent_call")
TEAM, SITE = "team-", "site-"
"""A box for each study team is named by this and the trial's number, and so is the list of its sites."""

_LONGEST = {"first_name": 80, "last_name": 80, "email": 254, "phone": 40, "language": 60, "best_time": 120}
_ADULT_MONTHS = 18 * 12


@lru_cache(maxsize=1)
def countries() -> dict[str, str]:
    """Two-letter codes and English names of the countries that phones know, by name."""
    names = Locale("en").territories
    named = {code: names[code] for code in phonenumbers.SUPPORTED_REGIONS if code in names}
    return dict(sorted(named.items(), key=lambda item: item[1]))


@dataclass(frozen=True)
class Filled:
    """The form as filled in: every field as typed, and the text key of what is wrong with each."""

    values: Mapping[str, str]
    errors: Mapping[str, str] = field(default_factory=dict)

    def ticked(self, name: str) -> bool:
        """Whether a box is ticked."""
        return self.values.get(name) == "yes"


def needs_guardian(screening: Mapping[str, Any], relation: str) -> bool:
    """Whether a parent's or guardian's contact is needed: the patient writes, and is or may be under 18.

    Where the family would not say who writes, in the chat or here, it may be the patient.
    """
    facts = screening["facts"]
    who = relation or facts.get("respondent")
    writes_as_patient = facts.get("respondent") == "patient" or who in ("patient", "not_sure")
    age = facts.get("age")
    certainly_adult = isinstance(age, Mapping) and age["months"][0] >= _ADULT_MONTHS
    return writes_as_patient and not certainly_adult


def empty_form(screening: Mapping[str, Any], site_country: str | None) -> Filled:
    """The form as first shown; no box is ticked."""
    relation = {"parent": "parent", "patient": "patient"}.get(str(screening["facts"].get("respondent")), "")
    return Filled({"relation": relation, "country": site_country or ""})


def check_form(typed: Mapping[str, str], screening: Mapping[str, Any], site_country: str | None) -> Filled:
    """The form with an error beside each field that can't be used. What was typed stays as it was.

    Where there are several study teams, one at least must be picked.
    """
    offered = offered_results(screening)
    boxes = [f"{TEAM}{result['trial']}" for result in offered] if len(offered) > 1 else []
    sites = {f"{SITE}{result['trial']}": len(sites_of(result)) for result in offered}
    sites = {name: count for name, count in sites.items() if count > 1}
    names = (*TEXT_FIELDS, *CHOICE_FIELDS, *TICKS, *boxes, *sites)
    values = {name: one_line(typed.get(name, "")) for name in names}
    found = {
        "first_name": _name_error(values["first_name"], "first_name"),
        "last_name": _name_error(values["last_name"], "last_name"),
        "email": email_error(values["email"]),
        "phone": _phone_error(values["phone"], values["country"] or site_country),
        "relation": None if values["relation"] in ("", *RELATIONS) else "choose",
        "country": None if values["country"] in ("", *countries()) else "choose",
    }
    for name, count in sites.items():
        known = values[name] in ("", *map(str, range(count)))
        found[name] = None if known else "choose"
    if boxes and not any(values[box] == "yes" for box in boxes):
        found["teams"] = "teams"
    for name in ("language", "best_time"):
        found[name] = "too_long" if len(values[name]) > _LONGEST[name] else None
    for name in ("consent_send", "consent_call"):
        found[name] = None if values[name] == "yes" else name
    if needs_guardian(screening, values["relation"]) and values["guardian_confirm"] != "yes":
        found["guardian_confirm"] = "guardian_confirm"
    return Filled(values, {name: f"web.contact.error.{error}" for name, error in found.items() if error})


def picked(form: Filled, screening: Mapping[str, Any]) -> list[str]:
    """The trials whose teams are to hear from the family; a team that stands alone need not be picked."""
    trials = [str(result["trial"]) for result in offered_results(screening)]
    return [trial for trial in trials if len(trials) == 1 or form.ticked(f"{TEAM}{trial}")]


def picked_site(form: Filled, result: Mapping[str, Any]) -> dict[str, Any] | None:
    """The site that she picked for one trial's part; the only one that there is need not be picked."""
    sites, chosen = sites_of(result), form.values.get(f"{SITE}{result['trial']}", "")
    if len(sites) == 1:
        return sites[0]
    return sites[int(chosen)] if chosen else None


def contact_of(form: Filled, screening: Mapping[str, Any], site_country: str | None) -> Contact:
    """The contact details of a form without errors."""
    values = form.values
    return Contact(
        first_name=values["first_name"],
        last_name=values["last_name"],
        email=validate_email(values["email"], check_deliverability=False).normalized,
        phone=_phone_in_full(values["phone"], values["country"] or site_country),
        language=values["language"],
        relation=values["relation"],
        country=values["country"],
        best_time=values["best_time"],
        of_guardian=needs_guardian(screening, values["relation"]),
    )


def one_line(text: str) -> str:
    """What was typed without control signs and without spaces that mean nothing."""
    one_line = "".join(
        " " if unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") else sign for sign in text
    )
    return " ".join(one_line.split())


def _name_error(name: str, missing: str) -> str | None:
    if not name:
        return missing
    if len(name) > _LONGEST["first_name"]:
        return "name_long"
    return None if any(sign.isalpha() for sign in name) and "@" not in name else "name_odd"


def email_error(address: str) -> str | None:
    """What is wrong with an e-mail address: the last part of its text's key, or None."""
    if not address:
        return "email_missing"
    try:
        validate_email(address, check_deliverability=False)
    except EmailNotValidError:
        return "email_odd"
    return None


def _phone_error(number: str, country: str | None) -> str | None:
    if not number:
        return "phone_missing"
    if len(number) > _LONGEST["phone"]:
        return "phone_odd"
    return None if _parsed(number, country) or _could_be_local(number) else "phone_odd"


def _parsed(number: str, country: str | None) -> phonenumbers.PhoneNumber | None:
    try:
        parsed = phonenumbers.parse(number, country)
    except phonenumbers.NumberParseException:
        return None
    return parsed if phonenumbers.is_possible_number(parsed) else None


def _could_be_local(number: str) -> bool:
    """A number without a country code is taken as it is: better a lead with it than none."""
    digits = [sign for sign in number if sign.isdigit()]
    plain = all(sign.isdigit() or sign in " ()-./xX" for sign in number)
    return plain and 7 <= len(digits) <= 15


def _phone_in_full(number: str, country: str | None) -> str:
    parsed = _parsed(number, country)
    if parsed is None:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
