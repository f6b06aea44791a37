"""When the site calls, as families are told it, and what happens to a lead that nobody touches."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from bot.leads.clock import now
from bot.leads.database import Store
from bot.leads.models import NEW, AuditEntry, Delivery, Lead
from bot.leads.outbox.entries import new_delivery
from bot.leads.outbox.kinds import Kind
from bot.leads.states import ESCALATED_AFTER
from bot.settings import DEMO_SITE_NAME, Settings
from bot.settings.values import WEEKDAYS
from bot.texts import Texts
from bot.texts.measures import weekday_as_text


def last_call_day(sent: datetime, settings: Settings) -> date | None:
    """The last day of the window for a lead that was sent then; None where the site tells no days.

    Counted are the site's call days after the day of sending, in the site's time zone. What nobody works on
    besides is not known here, so holidays count like other days, and the sentence says that it may be later.
    """
    if settings.site_callback_days is None:
        return None
    day = sent.astimezone(ZoneInfo(settings.site_timezone)).date()
    left = settings.site_callback_days
    while left:
        day += timedelta(days=1)
        left -= WEEKDAYS[day.weekday()] in settings.site_callback_weekdays
    return day


def call_sentence(sent: datetime, at: datetime, settings: Settings, texts: Texts) -> str:
    """What a family is told at this moment of the call for a lead that was sent then."""
    if settings.site_name == DEMO_SITE_NAME:
        return texts.say("web.sent.demo")
    last = last_call_day(sent, settings)
    if last is None:
        return texts.say("web.sent.no_call")
    told = {"site": settings.site_name, "day": weekday_as_text(last, texts)}
    if at.astimezone(ZoneInfo(settings.site_timezone)).date() > last:
        return texts.say("call.passed", **told)
    if settings.site_callback_hours is None:
        return texts.say("call.by", **told)
    start, end = (hour.removeprefix("0") for hour in settings.site_callback_hours.split("-"))
    return texts.say("call.by_hours", start=start, end=end, zone=zone_in_words(settings, texts), **told)


def escalate_untouched(store: Store, settings: Settings, at: datetime | None = None) -> int:
    """Put a mail to the second address into the outbox for each lead untouched for 48 hours; how many.

    A lead is escalated once, whatever is started again and however many workers run. Nothing happens without
    SITE_ESCALATION_MAIL and SMTP_HOST.
    """
    if settings.site_escalation_mail is None or settings.smtp_host is None:
        return 0
    moment = at or now()
    untouched = (
        Lead.state == NEW,
        Lead.state_changed <= moment - ESCALATED_AFTER,
        ~Lead.deliveries.any(Delivery.kind == Kind.ESCALATION),
    )
    with store.session() as session:
        found = list(session.scalars(select(Lead.id).where(*untouched).order_by(Lead.id)))
    return sum(_escalate(lead_id, moment, store) for lead_id in found)


def _escalate(lead_id: int, moment: datetime, store: Store) -> bool:
    with store.session() as session:
        # A write comes first, because it locks: the row on PostgreSQL, the database on SQLite, where
        # SELECT ... FOR UPDATE locks nothing. Who waited for the lock then sees what the other one did.
        held = session.execute(
            update(Lead).where(Lead.id == lead_id, Lead.state == NEW).values(state=NEW).returning(Lead.id)
        )
        if held.first() is None:
            return False
        done = select(Delivery.id).where(Delivery.lead_id == lead_id, Delivery.kind == Kind.ESCALATION)
        if session.scalar(done) is not None:
            return False
        lead = session.get_one(Lead, lead_id)
        lead.deliveries.append(new_delivery(Kind.ESCALATION, moment))
        session.add(AuditEntry(at=moment, who="program", action="escalate", reference=lead.reference))
        return True


def zone_in_words(settings: Settings, texts: Texts) -> str:
    """The site's time zone in words: "time in New York" for America/New_York."""
    area, _, place = settings.site_timezone.rpartition("/")
    if not area or area == "Etc":
        return place
    return texts.say("call.zone", place=place.replace("_", " "))
