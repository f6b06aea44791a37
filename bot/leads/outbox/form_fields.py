"""Which field of a plain HTML form gets what: the YAML file that SITE_FORM_FIELDS names.

Each line is a field's name and what goes into it: a named value, or ``{text: ...}`` for a fixed text. A
misspelt name must not be sent as if it were a text, so the two look different.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import yaml

from bot.leads.reading import LeadCard
from bot.leads.words import answers_in_words
from bot.settings import Settings, SettingsError
from bot.texts import Texts, load_texts

Value = Callable[[LeadCard, Texts], str]


def field_values(settings: Settings) -> dict[str, Value]:
    """What each field of the site's form gets.

    Raises SettingsError with one sentence where the file can't be read or names a value that there is not.
    """
    if settings.site_form_fields is None:
        raise SettingsError("SITE_FORM_KIND=form needs SITE_FORM_FIELDS: which field gets what.")
    written = _read(settings.site_form_fields)
    return {name: _value(name, told) for name, told in written.items()}


def filled(fields: Mapping[str, Value], card: LeadCard) -> dict[str, str]:
    """The form's fields with a lead's values in them."""
    texts = load_texts("en")
    return {name: value(card, texts) for name, value in fields.items()}


def _read(path: Path) -> dict[str, object]:
    try:
        written = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(
            f"SITE_FORM_FIELDS can't be used: {path} can't be read ({error.strerror})."
        ) from None
    except (yaml.YAMLError, UnicodeDecodeError):
        raise SettingsError(f"SITE_FORM_FIELDS can't be used: {path} is not YAML.") from None
    if not isinstance(written, dict) or not written or not all(isinstance(name, str) for name in written):
        raise SettingsError(
            f"SITE_FORM_FIELDS can't be used: {path} must hold lines such as phone: contact.phone."
        )
    return written


def _value(field: str, told: object) -> Value:
    if isinstance(told, dict) and told.keys() == {"text"}:
        fixed = str(told["text"])
        return lambda card, texts: fixed
    if isinstance(told, str) and told in NAMED:
        return NAMED[told]
    raise SettingsError(
        f"SITE_FORM_FIELDS can't be used: the field {field} must get {{text: ...}} or one of: "
        f"{', '.join(NAMED)}."
    )


def _of_contact(part: str) -> Value:
    def value(card: LeadCard, texts: Texts) -> str:
        told = asdict(card.contact)[part] if card.contact is not None else ""
        return {True: "yes", False: "no"}.get(told, "") if isinstance(told, bool) else str(told)

    return value


def _name(card: LeadCard, texts: Texts) -> str:
    contact = card.contact
    return f"{contact.first_name} {contact.last_name}".strip() if contact is not None else ""


def _verdict(card: LeadCard, texts: Texts) -> str:
    until = card.screening.get("until")
    said = texts.say(f"staff.verdicts.{card.verdict}")
    return f"{said} {texts.say('staff.card.until', day=until)}" if until else said


def _findings(*kinds: str) -> Value:
    def value(card: LeadCard, texts: Texts) -> str:
        return "\n".join(
            f"{name}: {texts.say('staff.finding_names.' + found['finding'])}. {found['reason']}"
            for name, found in card.screening["findings"].items()
            if found["finding"] in kinds
        )

    return value


def _answers(card: LeadCard, texts: Texts) -> str:
    return "\n".join(
        f"{answer.label}: {answer.value}" for answer in answers_in_words(card.screening["facts"], texts)
    )


def _given(consent: Mapping[str, Any], texts: Texts) -> str:
    return texts.say("staff.card.consent_given", time=consent["given"], version=consent["version"])


def _consents(card: LeadCard, texts: Texts) -> str:
    return "\n".join(f"{consent['wording']} ({_given(consent, texts)})" for consent in card.consents)


_OPEN = _findings("unknown")
_DECIDED = _findings("not_yet", "not_met", "met")


def _summary(card: LeadCard, texts: Texts) -> str:
    """Everything but the contact as one text, what is open first."""
    parts = [
        f"{texts.say('staff.column.reference')}: {card.reference}",
        f"{texts.say('staff.column.trial')}: {card.trial}",
        f"{texts.say('staff.column.verdict')}: {_verdict(card, texts)}",
    ]
    for heading, part in (("unknowns", _OPEN), ("findings", _DECIDED), ("answers", _answers)):
        if said := part(card, texts):
            parts += ["", f"{texts.say(f'staff.card.{heading}')}:", said]
    return "\n".join(parts)


NAMED: dict[str, Value] = {
    "reference": lambda card, texts: card.reference,
    "created": lambda card, texts: card.created.isoformat(timespec="seconds"),
    "trial": lambda card, texts: card.trial,
    "language": lambda card, texts: str(card.screening.get("language") or ""),
    "verdict": _verdict,
    "unknown": _OPEN,
    "findings": _findings("unknown", "not_yet", "not_met", "met", "for_the_team"),
    "answers": _answers,
    "consents": _consents,
    "summary": _summary,
    "contact.name": _name,
    **{
        f"contact.{part}": _of_contact(part)
        for part in (
            *("first_name", "last_name", "email", "phone", "language"),
            *("relation", "country", "best_time", "of_guardian"),
        )
    },
}
"""Every value that a form's field can get."""
