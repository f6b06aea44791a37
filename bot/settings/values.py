"""The kinds of values that settings have: read from text, or refused with words on what is allowed."""

import base64
import re
from datetime import date
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, BeforeValidator, SecretStr

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# What the Standard Webhooks convention asks for.
_SHORTEST_WEBHOOK_KEY = 24
_SCRIPT_HASH = re.compile(r"[0-9a-f]{64}")
_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")


def _yes_or_no(value: Any) -> Any:
    words = {
        "1": True,
        "true": True,
        "yes": True,
        "on": True,
        "0": False,
        "false": False,
        "no": False,
        "off": False,
    }
    if isinstance(value, str):
        try:
            return words[value.strip().lower()]
        except KeyError:
            raise ValueError("must be 1 or 0") from None
    return value


def _known_timezone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("must be a time zone such as UTC or Asia/Shanghai") from None
    return value


def _web_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must be an address that starts with https:// or http://")
    return value


def _webhook_secret(value: SecretStr) -> SecretStr:
    try:
        key = base64.b64decode(value.get_secret_value().removeprefix("whsec_"), validate=True)
    except ValueError:
        raise ValueError("must be whsec_ and base64, as the Standard Webhooks convention has it") from None
    if len(key) < _SHORTEST_WEBHOOK_KEY:
        raise ValueError(f"must hold {_SHORTEST_WEBHOOK_KEY} bytes or more")
    return value


def _country(value: str) -> str:
    if len(value) != 2 or not value.isalpha():
        raise ValueError("must be a country as two letters, such as CN or US")
    return value.upper()


def _log_level(value: str) -> str:
    level = value.upper()
    if level not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise ValueError("must be DEBUG, INFO, WARNING or ERROR")
    return level


def _frame_ancestors(value: str) -> str:
    if any(sign in value for sign in ";,\r\n"):
        raise ValueError(
            "must be page origins with spaces between them, such as https://www.hospital.example"
        )
    return value


def _day(value: Any) -> Any:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise ValueError("must be a day as YYYY-MM-DD") from None
    return value


def _port(value: Any) -> Any:
    if isinstance(value, str):
        if not (value.isascii() and value.isdigit() and 1 <= int(value) <= 65535):
            raise ValueError("must be a number from 1 to 65535")
        return int(value)
    return value


def _names(value: Any) -> Any:
    if isinstance(value, str):
        return tuple(name.strip() for name in value.split(",") if name.strip())
    return value


def _mail_address(value: str) -> str:
    try:
        return validate_email(value, check_deliverability=False).normalized
    except EmailNotValidError:
        raise ValueError("must be an e-mail address") from None


def _hours(value: str) -> str:
    found = _HOURS.fullmatch(value)
    if found is None or found[0][:5] >= found[0][6:]:
        raise ValueError("must be hours such as 09:00-17:00")
    return value


def _script_hashes(value: tuple[str, ...]) -> tuple[str, ...]:
    hashes = tuple(one.lower() for one in value)
    if not all(_SCRIPT_HASH.fullmatch(one) for one in hashes):
        raise ValueError("must be the hash at the end of a script: 64 signs from 0 to 9 and a to f")
    return hashes


def _weekdays(value: Any) -> Any:
    if isinstance(value, str):
        names = [name.strip().lower()[:3] for name in value.split(",") if name.strip()]
        if not names or not set(names) <= set(WEEKDAYS):
            raise ValueError("must be days such as mon,tue,wed,thu,fri")
        return tuple(day for day in WEEKDAYS if day in names)
    return value


Flag = Annotated[bool, BeforeValidator(_yes_or_no)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
Names = Annotated[tuple[str, ...], BeforeValidator(_names)]
Timezone = Annotated[str, AfterValidator(_known_timezone)]
WebhookSecret = Annotated[SecretStr, AfterValidator(_webhook_secret)]
Country = Annotated[str, AfterValidator(_country)]
LogLevel = Annotated[str, AfterValidator(_log_level)]
FrameAncestors = Annotated[str, AfterValidator(_frame_ancestors)]
Day = Annotated[date | None, BeforeValidator(_day)]
Port = Annotated[int, BeforeValidator(_port)]
MailAddress = Annotated[str, AfterValidator(_mail_address)]
Hours = Annotated[str, AfterValidator(_hours)]
ScriptHashes = Annotated[Names, AfterValidator(_script_hashes)]
Weekdays = Annotated[tuple[str, ...], BeforeValidator(_weekdays)]
