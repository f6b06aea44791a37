"""Signing up for news, saying yes by the link in a mail, and stopping.

Whether an address was signed up before is told by nothing: ``sign_up`` returns nothing. All sign-ups of one
address share one link to stop, so that each link in each of her mails ends all of them. The last one that
she said yes to takes the place of those before.
"""

import secrets
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import case, delete, or_, select, update
from sqlalchemy.orm import Session

from bot.leads.clock import now
from bot.leads.database import Store, open_store
from bot.leads.inserting import insert_into
from bot.leads.intake import Consent
from bot.leads.keys import UnreadableContact
from bot.leads.marks import news_mark, news_stop_token
from bot.leads.models import Attempt, ConfirmMails, Delivery, SignUp
from bot.leads.news.reading import Details, details_of, link_hash
from bot.leads.outbox.entries import new_delivery
from bot.leads.outbox.kinds import Kind, State
from bot.leads.screenings import session_hash
from bot.leads.sweeping import sweep
from bot.settings import Settings, get_settings

CONFIRM_WITHIN = timedelta(hours=48)
"""A sign-up that nobody said yes to is deleted after this time."""

MAIL_EVERY, MAILS_WITHIN, MOST_MAILS = timedelta(hours=1), timedelta(hours=24), 3
"""To one address goes one mail to confirm in the first, and three in the second."""

AFTER_THE_DAY = timedelta(days=7)
"""How long a sign-up outlives the day that it waits for: its mail may have to be tried for some days."""

_TOKEN_BYTES = 32

TABLES = tuple(table.__tablename__ for table in (SignUp, Delivery, Attempt))
"""The tables that hold something of a sign-up."""


@dataclass(frozen=True)
class Wish:
    """What somebody asks to be told; at least one of ``day`` and ``diagnosis``."""

    email: str
    day: date | None
    diagnosis: dict[str, Any] | None


@dataclass(frozen=True)
class Confirmed:
    """What somebody is told once she said yes: the day that is waited for, and whether studies are."""

    day: date | None
    studies: bool


def can_mail(settings: Settings) -> bool:
    """Whether mails can go out, and their links lead anywhere."""
    return settings.smtp_host is not None and settings.public_url is not None


def sign_up(
    session_id: str, wish: Wish, consent: Consent, store: Store | None = None, at: datetime | None = None
) -> None:
    """Keep a sign-up of this chat, unconfirmed, and put the mail that asks for a yes into the outbox.

    Where this address got such a mail within the hour, or three within a day, no other one is sent. A sign-up
    of the same chat that still waits for its yes is changed in any case: its link then says yes to the new
    wish. Raises SQLAlchemyError and KeysMissing; then nothing is kept.
    """
    moment, mine = at or now(), session_hash(session_id)
    mark = news_mark(wish.email)
    with (store or open_store()).session() as session:
        # Writing first: two sign-ups of one address take turns from here on.
        may_mail = _count_mail(mark, moment, session)
        waiting = session.scalar(
            select(SignUp)
            .where(SignUp.session_hash == mine, SignUp.email_mark == mark, SignUp.confirmed.is_(None))
            .where(SignUp.created > moment - CONFIRM_WITHIN)
        )
        if waiting is None and not may_mail:
            return
        signup = waiting or SignUp(
            session_hash=mine,
            email_mark=mark,
            studies_seen=moment,
            created=moment,
            ends=moment + CONFIRM_WITHIN,
        )
        details = _details(signup, wish, consent)
        signup.details_sealed = details.sealed()
        signup.confirm_hash, signup.stop_hash = link_hash(details.confirm), link_hash(details.stop)
        signup.day, signup.studies = wish.day, wish.diagnosis is not None
        session.add(signup)
        on_its_way = any(mail.state in (State.WAITING, State.SENDING) for mail in signup.deliveries)
        if may_mail and not on_its_way:
            signup.deliveries.append(new_delivery(Kind.NEWS_CONFIRM, moment))


def confirm(token: str, store: Store | None = None, at: datetime | None = None) -> Confirmed | None:
    """Say yes; None where the link is none of ours or no longer works. Said twice, it is one yes."""
    moment = at or now()
    days = timedelta(days=get_settings().news_days)
    with (store or open_store()).session() as session:
        # A write that changes nothing holds the row: a stop comes before this or after it.
        held = session.execute(
            update(SignUp)
            .where(SignUp.confirm_hash == link_hash(token))
            .where(or_(SignUp.confirmed.is_not(None), SignUp.created > moment - CONFIRM_WITHIN))
            .values(studies=SignUp.studies)
            .returning(SignUp.id)
        ).scalar()
        if held is None:
            return None
        signup = session.get_one(SignUp, held)
        if signup.confirmed is None:
            signup.confirmed, signup.ends = moment, moment + days
            if signup.day is not None:
                after = datetime.combine(signup.day, moment.timetz()) + AFTER_THE_DAY
                signup.ends = max(signup.ends, after)
            others = SignUp.email_mark == signup.email_mark, SignUp.id != signup.id
            session.execute(delete(SignUp).where(*others))
        return Confirmed(signup.day, signup.studies)


def stop(token: str, store: Store | None = None) -> bool:
    """Delete all sign-ups of the address whose mails hold this link, with every mail that waits.

    Whether there was one. When this returns, nothing of it is left in the database's files either, unless
    they are too large or in use. A mail that is being sent at this moment can't be called back.
    """
    opened = store or open_store()
    with opened.session() as session:
        # What belongs to a sign-up goes with it: its mails and their tries.
        gone = session.execute(
            delete(SignUp).where(SignUp.stop_hash == link_hash(token)).returning(SignUp.id)
        ).all()
    if gone:
        sweep(opened.engine, TABLES)
    return bool(gone)


def erase_sign_ups(session_id: str, session: Session) -> int:
    """Delete the sign-ups that were made in a chat, with every mail that waits; how many there were."""
    mine = SignUp.session_hash == session_hash(session_id)
    return len(session.execute(delete(SignUp).where(mine).returning(SignUp.id)).all())


def _count_mail(mark: str, moment: datetime, session: Session) -> bool:
    """Count one more mail to this address, where it may have one."""
    first = insert_into(ConfirmMails, session).values(email_mark=mark, first=moment, last=moment, number=1)
    if session.execute(first.on_conflict_do_nothing().returning(ConfirmMails.email_mark)).first():
        return True
    over = ConfirmMails.first <= moment - MAILS_WITHIN
    allowed = session.execute(
        update(ConfirmMails)
        # One that lies far ahead comes from before the clock was set back; one that lies a little ahead from
        # somebody who was faster.
        .where(or_(ConfirmMails.last <= moment - MAIL_EVERY, ConfirmMails.last > moment + MAIL_EVERY))
        .where(ConfirmMails.email_mark == mark, or_(over, ConfirmMails.number < MOST_MAILS))
        .values(
            first=case((over, moment), else_=ConfirmMails.first),
            number=case((over, 1), else_=ConfirmMails.number + 1),
            last=moment,
        )
        .returning(ConfirmMails.email_mark)
    )
    return allowed.first() is not None


def _details(signup: SignUp, wish: Wish, consent: Consent) -> Details:
    """What is to be locked; the link to say yes that a mail of this sign-up holds already stays as it is."""
    before = _readable(signup) if signup.details_sealed else None
    return Details(
        email=wish.email,
        confirm=before.confirm if before is not None else secrets.token_urlsafe(_TOKEN_BYTES),
        stop=news_stop_token(wish.email),
        diagnosis=wish.diagnosis,
        consent=asdict(consent) | {"given": consent.given.isoformat()},
    )


def _readable(signup: SignUp) -> Details | None:
    try:
        return details_of(signup.details_sealed)
    except UnreadableContact:
        return None
