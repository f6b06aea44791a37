"""Every setting of the program, read from the environment and nowhere else.

An attribute has the name of its variable in lower case (``SITE_NAME`` is ``site_name``). An empty variable
counts as unset. ``get_settings()`` reads the environment once for a process; tests build their own with
``Settings.from_env({...})``. A value that can't be used raises ``SettingsError`` with one sentence that
names the variable and what is allowed, never the value of a secret.
"""

import os
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from bot.settings.values import (
    Country,
    Day,
    Flag,
    FrameAncestors,
    Hours,
    LogLevel,
    MailAddress,
    Names,
    Port,
    ScriptHashes,
    Timezone,
    WebAddress,
    WebhookSecret,
    Weekdays,
)

_ROOT = Path(__file__).parents[2]
DEMO_SITE_NAME = "Demo site (not a real hospital)"

_WHEN_PRODUCTION_NEEDS = {
    "site_name": "the name of the study site",
    "site_phone": "the site's phone number",
    "site_hours": "when that phone is answered",
    "site_emergency_number": "the emergency number of the site's country",
    "site_crisis_line": "a crisis line for people in despair",
    "site_country": "the site's country, as two letters",
    "site_privacy_url": "the address of the site's privacy notice",
}

# What one setting is worth nothing without.
_NEEDS = {
    "smtp_host": ("mail_from",),
    "site_mail": ("smtp_host",),
    "site_escalation_mail": ("smtp_host",),
    "smtp_user": ("smtp_password",),
    "site_form_fields": ("site_form_url",),
    "approved_script_file": ("approved_script",),
    "oidc_issuer": ("oidc_client_id", "oidc_client_secret", "public_url"),
}


class SettingsError(ValueError):
    """A setting can't be used; the text says which one and what is allowed."""


class Settings(BaseModel):
    """All settings of one process. Frozen; the defaults are those of the demo."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    host: str = "127.0.0.1"
    port: Port = 8080
    prescreen_home: Path = _ROOT / "var"
    production: Flag = False
    allow_unreviewed: Flag = True
    prescreen_today: Day = None
    # Which trials the chat asks about, by registry number; all in the folder where none is named.
    trials: Names = ()
    # Where the trial files lie.
    trials_folder: Path = _ROOT / "criteria" / "trials"
    # Whether the worker looks at the registry once a day, and where it lies.
    trials_sync: Flag = False
    registry_url: WebAddress | None = None
    # What the site's ethics board approved: the hash of each trial's script, and a script's file, which
    # lets a refused start say what differs.
    approved_script: ScriptHashes = ()
    approved_script_file: Path | None = None
    log_level: LogLevel = "INFO"

    site_name: str = DEMO_SITE_NAME
    site_timezone: Timezone = "UTC"
    site_phone: str | None = None
    site_hours: str | None = None
    site_emergency_number: str | None = None
    site_crisis_line: str | None = None
    site_country: Country | None = None
    site_privacy_url: WebAddress | None = None
    # When the site calls: within so many of these days, at these hours, in the site's time zone.
    site_callback_days: int | None = Field(default=None, ge=1, le=30)
    site_callback_hours: Hours | None = None
    site_callback_weekdays: Weekdays = ("mon", "tue", "wed", "thu", "fri")

    # Where leads go: as a signed webhook, as a FHIR Bundle, or into a plain HTML form.
    site_form_url: WebAddress | None = None
    site_form_kind: Literal["webhook", "fhir", "form"] = "webhook"
    site_form_fields: Path | None = None
    site_webhook_secret: WebhookSecret | None = None

    # The mails: a copy to the family, a note to the site, a call for help to a second address.
    smtp_host: str | None = None
    smtp_port: Port = 587
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_user: str | None = None
    smtp_password: SecretStr | None = None
    mail_from: MailAddress | None = None
    site_mail: MailAddress | None = None
    site_escalation_mail: MailAddress | None = None
    # The chat's own address as families reach it: links in mails begin with it.
    public_url: WebAddress | None = None

    # Days that a closed lead is kept.
    lead_days: int = Field(default=90, ge=1, le=3650)
    # Days that a sign-up for news lasts.
    news_days: int = Field(default=365, ge=1, le=3650)

    # Log-in of the staff through the hospital's own identity provider (OpenID Connect).
    oidc_issuer: WebAddress | None = None
    oidc_client_id: str | None = None
    oidc_client_secret: SecretStr | None = None
    oidc_claim: str = "email"

    frame_ancestors: FrameAncestors = "'self'"
    trusted_proxies: Names = ()
    # A database's address may hold its password, so neither is shown when settings are printed.
    database_url: str = Field(default="", repr=False)
    tracker_database_url: str = Field(default="", repr=False)
    rasa_url: WebAddress = "http://127.0.0.1:5005"
    actions_url: WebAddress = "http://127.0.0.1:5055/webhook"
    rasa_timeout: float = Field(default=20.0, gt=0)
    session_secret: SecretStr | None = None
    lead_keys: SecretStr | None = None
    # Marks of contacts are hashed with it; a short one could be guessed.
    marks_key: SecretStr | None = Field(default=None, min_length=32)

    chat_per_minute: int = Field(default=90, ge=0)
    address_per_minute: int = Field(default=300, ge=0)

    @classmethod
    def from_env(cls, environment: Mapping[str, str]) -> "Settings":
        """Settings from variables such as ``os.environ``; variables that aren't ours are left alone.

        Raises ``SettingsError`` naming the first variable that can't be used.
        """
        told = {
            name: environment[name.upper()].strip()
            for name in cls.model_fields
            if name.upper() in environment
        }
        values: dict[str, Any] = {name: value for name, value in told.items() if value}
        # TRIAL is the name from when there was one trial alone.
        if "trials" not in values and environment.get("TRIAL", "").strip():
            values["trials"] = environment["TRIAL"].strip()
        # In production nobody's reading counts unless somebody who runs the site says so in so many words.
        values.setdefault(
            "allow_unreviewed", values.get("production", "0").lower() not in ("1", "true", "yes", "on")
        )
        home = Path(values.get("prescreen_home", _ROOT / "var")).expanduser().absolute()
        values["prescreen_home"] = home
        values.setdefault("database_url", f"sqlite:///{home / 'prescreen.db'}")
        values.setdefault("tracker_database_url", f"sqlite:///{home / 'tracker.db'}")
        try:
            settings = cls.model_validate(values)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            name = str(first["loc"][0]).upper() if first["loc"] else "A setting"
            reason = str(first["msg"]).removeprefix("Value error, ")
            raise SettingsError(f"{name} can't be used: {reason[:1].lower()}{reason[1:]}.") from None
        settings._check_together()
        return settings

    def _check_together(self) -> None:
        for name, needed in _NEEDS.items():
            for other in needed:
                if getattr(self, name) not in (None, ()) and getattr(self, other) in (None, ()):
                    raise SettingsError(f"{name.upper()} needs {other.upper()} too.")
        issuer = urlsplit(self.oidc_issuer or "https://")
        if issuer.scheme != "https" and issuer.hostname not in ("localhost", "127.0.0.1", "::1"):
            raise SettingsError("OIDC_ISSUER must start with https://; http:// is for this machine alone.")
        if self.site_form_kind == "form" and self.site_form_url and self.site_form_fields is None:
            raise SettingsError("SITE_FORM_KIND=form needs SITE_FORM_FIELDS: which field gets what.")

    def today(self) -> date:
        """The day it is for the site: ``PRESCREEN_TODAY`` where set, otherwise now in ``SITE_TIMEZONE``."""
        return self.prescreen_today or datetime.now(ZoneInfo(self.site_timezone)).date()

    def refusals(self, trials_offered: int) -> list[str]:
        """Why the program must not start with these settings, one sentence each; empty when it may.

        ``trials_offered`` is how many trials families may hear of: see ``criteria.Catalogue.offered``.
        """
        reasons = []
        if self.production:
            for name, meaning in _WHEN_PRODUCTION_NEEDS.items():
                value = getattr(self, name)
                if not value or value == DEMO_SITE_NAME:
                    reasons.append(f"PRODUCTION=1 needs {name.upper()}: {meaning}.")
            if self.prescreen_today is not None:
                reasons.append(
                    "PRODUCTION=1 can't run with PRESCREEN_TODAY: every washout would be counted wrongly."
                )
        if not trials_offered and self.allow_unreviewed:
            reasons.append(
                f"No trial in {self.trials_folder} can be offered: none recruits, was approved and has a "
                "criterion that counts. `prescreen trial review` accepts what was only drafted."
            )
        elif not trials_offered:
            reasons.append(
                "No trial in use has been reviewed by a study team. Accept its criteria with `prescreen "
                "trial review`, or set ALLOW_UNREVIEWED=1 to let the project's own reading count."
            )
        return reasons

    def session_key(self) -> str:
        """The key that signs sessions: ``SESSION_SECRET``, or a file made on first use (mode 600)."""
        if self.session_secret is not None:
            return self.session_secret.get_secret_value()
        return secret_file(self.prescreen_home / "secrets" / "session.key", lambda: secrets.token_urlsafe(48))


def secret_file(path: Path, make: Callable[[], str]) -> str:
    """The text of a secret file, made with mode 600 if it is not there yet.

    Several processes may start at once: the file appears whole or not at all, and the first one wins.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(make())
                file.flush()
                os.fsync(file.fileno())
            # Where another process was first, its secret is the one that counts.
            with suppress(FileExistsError):
                os.link(draft, path)
        finally:
            draft.unlink(missing_ok=True)
    return path.read_text(encoding="utf-8").strip()


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The settings of this process, read from the environment on first use."""
    return Settings.from_env(os.environ)


def today() -> date:
    """The day it is for the site, by this process's settings."""
    return get_settings().today()
