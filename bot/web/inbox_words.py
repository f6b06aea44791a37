"""Times, ages and states as the inbox says them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.leads.outbox.kinds import Kind, State
from bot.settings import Settings
from bot.texts import Texts

_TO_THE_FORM = (Kind.LEAD, Kind.WITHDRAWAL)
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


class Message(Protocol):
    """A message of the outbox, as far as words are made of it."""

    @property
    def kind(self) -> str:
        """What it carries."""

    @property
    def state(self) -> str:
        """How far it is."""

    @property
    def attempts(self) -> int:
        """How often it was tried."""

    @property
    def last_outcome(self) -> str | None:
        """What came of the last try."""

    @property
    def delivered(self) -> datetime | None:
        """When it was taken."""


@dataclass(frozen=True)
class InboxWords:
    """Words in the site's time zone; ages are counted up to ``at``."""

    texts: Texts
    settings: Settings
    at: datetime

    @property
    def zone(self) -> str:
        """The name of the time zone that all times are told in."""
        return self.settings.site_timezone.replace("_", " ")

    def when(self, moment: datetime) -> str:
        """A moment as ``2026-11-22 13:05``."""
        return f"{moment.astimezone(ZoneInfo(self.settings.site_timezone)):%Y-%m-%d %H:%M}"

    def told(self, iso: str) -> str:
        """A stored ISO moment as ``when`` says it."""
        return self.when(datetime.fromisoformat(iso))

    def age(self, since: datetime) -> str:
        """How long ago. Only from two days on in days, so that 30 hours don't pass for one day."""
        seconds = int((self.at - since).total_seconds())
        if seconds < _MINUTE:
            return self.texts.say("staff.age.now")
        for length, below, one, many in (
            (_MINUTE, _HOUR, "staff.age.minute", "staff.age.minutes"),
            (_HOUR, 2 * _DAY, "staff.age.hour", "staff.age.hours"),
        ):
            if seconds < below:
                count = seconds // length
                return self.texts.say(one) if count == 1 else self.texts.say(many, count=count)
        return self.texts.say("staff.age.days", count=seconds // _DAY)

    def delivery(self, message: Message) -> str:
        """How far a message is, and why it does not get on."""
        say = self.texts.say
        told = {"count": message.attempts, "outcome": message.last_outcome or "..."}
        if message.state == State.DELIVERED:
            return say(
                "staff.delivery.delivered", time=self.when(message.delivered) if message.delivered else ""
            )
        if message.state != State.WAITING:
            return say(f"staff.delivery.{message.state}", **told)
        if message.kind in _TO_THE_FORM and self.settings.site_form_url is None:
            return say("staff.delivery.no_address")
        if message.kind not in _TO_THE_FORM and self.settings.smtp_host is None:
            return say("staff.delivery.no_mail_server")
        return say("staff.delivery.waiting", **told) if message.attempts else say("staff.delivery.not_tried")

    def reason(self, code: str | None) -> str:
        """Why a lead was closed."""
        return self.texts.say(f"staff.reason_closed.{code}") if code else ""
