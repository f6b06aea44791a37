"""What the worker queues for those who signed up: the day has come, a study opened, the last mail.

Each thing is told once: what says that it is still to be told goes in the same transaction that puts the mail
into the outbox. A process that dies leaves both or neither, and of several workers one does it.
"""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from bot.leads.clock import now
from bot.leads.database import Store
from bot.leads.keys import UnreadableContact
from bot.leads.models import KnownTrial, SignUp
from bot.leads.news.reading import details_of
from bot.leads.news.signing import can_mail
from bot.leads.news.trials import may_fit, running_trials, since_when
from bot.leads.outbox.entries import new_delivery
from bot.leads.outbox.kinds import Kind
from bot.settings import Settings
from criteria import Trial

MORNING, EVENING = time(9), time(20)
"""Between these, in the site's time zone, mails with news go out: nobody is to be woken by one."""


def by_daylight(moment: datetime, settings: Settings) -> datetime:
    """This moment, or the next morning at the site where it is night there."""
    there = moment.astimezone(ZoneInfo(settings.site_timezone))
    if MORNING <= there.time() < EVENING:
        return moment
    day = there.date() + timedelta(days=there.time() >= EVENING)
    return max(moment, datetime.combine(day, MORNING, there.tzinfo))


def tell_days(store: Store, settings: Settings, at: datetime | None = None) -> int:
    """Queue a mail to each whose day has come, in the site's time zone; how many."""
    if not can_mail(settings):
        return 0
    moment, today = at or now(), settings.today()
    come = SignUp.confirmed.is_not(None), SignUp.day <= today
    with store.session() as session:
        found = session.execute(select(SignUp.id, SignUp.day).where(*come).order_by(SignUp.id)).all()
    queued = 0
    for signup_id, day in found:
        assert day is not None, "a day that is not there has not come"
        with store.session() as session:
            signup = _changed(session, signup_id, SignUp.day == day, day=None)
            if signup is not None:
                _queue(signup, Kind.NEWS_DATE, moment, settings, {"day": day.isoformat()})
                queued += 1
    return queued


def tell_studies(store: Store, settings: Settings, at: datetime | None = None) -> int:
    """Queue a mail to each for whom a study may fit that is new since she signed up; how many.

    Several studies that open together are told in one mail: it names none of them.
    """
    moment, trials = at or now(), running_trials(settings)
    with store.session() as session:
        since = since_when(trials, moment, session)
    if not can_mail(settings) or not since:
        return 0
    unseen = select(KnownTrial.trial).where(
        KnownTrial.trial.in_(since), KnownTrial.since > SignUp.studies_seen
    )
    waiting = SignUp.confirmed.is_not(None), SignUp.studies, unseen.exists()
    with store.session() as session:
        query = select(SignUp.id, SignUp.studies_seen, SignUp.details_sealed).where(*waiting)
        found = session.execute(query.order_by(SignUp.id)).all()
    queued = 0
    for signup_id, seen, sealed in found:
        new = [trials[name] for name, known_since in since.items() if known_since > seen]
        try:
            fits = _one_may_fit(new, details_of(sealed).diagnosis, settings)
        except UnreadableContact:
            # Its key may come back; until then nobody can write to this address anyway.
            continue
        with store.session() as session:
            signup = _changed(
                session, signup_id, SignUp.studies_seen == seen, studies_seen=max(since.values())
            )
            if signup is not None and fits:
                _queue(signup, Kind.NEWS_STUDY, moment, settings)
                queued += 1
    return queued


def tell_the_end(store: Store, settings: Settings, at: datetime | None = None) -> int:
    """Queue the last mail to each whose time is over: she is not to wait for news that never comes."""
    if not can_mail(settings):
        return 0
    moment = at or now()
    waits = or_(SignUp.studies, SignUp.day.is_not(None))
    over = SignUp.confirmed.is_not(None), SignUp.ends <= moment, waits
    with store.session() as session:
        found = session.scalars(select(SignUp.id).where(*over).order_by(SignUp.id)).all()
    queued = 0
    for signup_id in found:
        with store.session() as session:
            signup = _changed(session, signup_id, waits, studies=False, day=None)
            if signup is not None:
                _queue(signup, Kind.NEWS_END, moment, settings)
                queued += 1
    return queued


def _one_may_fit(trials: list[Trial], diagnosis: dict[str, Any] | None, settings: Settings) -> bool:
    return any(may_fit(trial, diagnosis, settings.today()) for trial in trials)


def _changed(session: Session, signup_id: int, still: ColumnElement[bool], **values: Any) -> SignUp | None:
    """The sign-up with these values, held until the transaction ends; None where it is not as it was."""
    held = session.execute(
        update(SignUp).where(SignUp.id == signup_id, still).values(**values).returning(SignUp.id)
    )
    return session.get_one(SignUp, signup_id) if held.first() is not None else None


def _queue(
    signup: SignUp, kind: Kind, moment: datetime, settings: Settings, payload: dict[str, Any] | None = None
) -> None:
    mail = new_delivery(kind, moment, payload)
    mail.next_attempt = by_daylight(moment, settings)
    signup.deliveries.append(mail)
