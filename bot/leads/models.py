"""The tables: screenings without identity, doctor's pages, sealed leads, sign-ups for news, the outbox,
staff, audit, counts."""

from datetime import UTC, date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, CheckConstraint, Date, DateTime, ForeignKey, Index, String, Text, TypeDecorator
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class UtcTime(TypeDecorator[datetime]):
    """A moment in UTC. SQLite forgets the zone; this puts it back, and refuses moments without one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database, as UTC."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From the database, as UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# How far a lead is.
NEW, CALLED, REACHED, REFERRED, CLOSED = "new", "called", "reached", "referred", "closed"
LEAD_STATES = (NEW, CALLED, REACHED, REFERRED, CLOSED)


class Base(DeclarativeBase):
    """What all tables share."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcTime,
        dict[str, Any]: JSON,
        list[Any]: JSON,
        date: Date,
    }


class Screening(Base):
    """The latest verdict of one chat: facts and findings, never the conversation, never a name."""

    __tablename__ = "screenings"

    # A hash, so that this table does not lead to the conversation.
    session_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    trial: Mapped[str] = mapped_column(String(32))
    verdict: Mapped[str] = mapped_column(String(16))
    content: Mapped[dict[str, Any]]
    created: Mapped[datetime]
    updated: Mapped[datetime] = mapped_column(index=True)
    # Set when these very answers were sent, so that the form can say so instead of making a second lead: the
    # first reference of the last form, and the reference for each trial whose team they were sent to.
    sent_reference: Mapped[str | None] = mapped_column(String(16))
    sent: Mapped[dict[str, Any] | None]


class Lead(Base):
    """A family that asked to be called, with the screening as it was when she pressed send."""

    __tablename__ = "leads"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(16), unique=True)
    # Which filled-in form this lead came from: a form sent twice stays one lead.
    form_hash: Mapped[str] = mapped_column(String(64), unique=True)
    trial: Mapped[str] = mapped_column(String(32))
    verdict: Mapped[str] = mapped_column(String(16))
    screening: Mapped[dict[str, Any]]
    # None after a withdrawal.
    contact_sealed: Mapped[str | None] = mapped_column(Text)
    # Keyed hashes of mail and phone: they show that two leads have the same contact, and nothing else.
    email_mark: Mapped[str | None] = mapped_column(String(64), index=True)
    phone_mark: Mapped[str | None] = mapped_column(String(64), index=True)
    consents: Mapped[list[Any]]
    created: Mapped[datetime] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(String(12), default=NEW, index=True)
    state_changed: Mapped[datetime]
    closed_reason: Mapped[str | None] = mapped_column(String(40))
    withdrawn: Mapped[datetime | None]
    deliveries: Mapped[list["Delivery"]] = relationship(
        back_populates="lead", order_by="Delivery.id", passive_deletes=True
    )
    notes: Mapped[list["Note"]] = relationship(order_by="Note.id", passive_deletes=True)


class SignUp(Base):
    """An address that is to be told when a day comes, or when a study opens. See ``bot.leads.news``.

    ``details_sealed`` holds the address, the illness, the link to stop and the consent. Where ``day`` is None
    and ``studies`` False, only the last mail is waited for.
    """

    __tablename__ = "signups"

    id: Mapped[int] = mapped_column(primary_key=True)
    # The chat it was made in, as long as that chat is kept: "erase everything" takes the sign-up with it.
    session_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    # A keyed hash of the address: see bot.leads.marks.
    email_mark: Mapped[str] = mapped_column(String(64), index=True)
    details_sealed: Mapped[str] = mapped_column(Text)
    day: Mapped[date | None] = mapped_column(index=True)
    studies: Mapped[bool]
    # Studies that were known by then are no news.
    studies_seen: Mapped[datetime]
    # Of the links in mails only hashes are kept here. All sign-ups of one address share the link to stop.
    confirm_hash: Mapped[str] = mapped_column(String(64), unique=True)
    stop_hash: Mapped[str] = mapped_column(String(64), index=True)
    created: Mapped[datetime] = mapped_column(index=True)
    confirmed: Mapped[datetime | None]
    ends: Mapped[datetime]
    deliveries: Mapped[list["Delivery"]] = relationship(
        back_populates="signup", order_by="Delivery.id", passive_deletes=True
    )


class ConfirmMails(Base):
    """How many mails asked one address lately to confirm; it outlives a sign-up by a day."""

    __tablename__ = "confirm_mails"

    email_mark: Mapped[str] = mapped_column(String(64), primary_key=True)
    first: Mapped[datetime]
    last: Mapped[datetime]
    number: Mapped[int]


class KnownTrial(Base):
    """A trial that the program runs, and since when: what comes later is news."""

    __tablename__ = "known_trials"

    trial: Mapped[str] = mapped_column(String(32), primary_key=True)
    since: Mapped[datetime]


class Delivery(Base):
    """One message that must reach somebody: the outbox. See ``bot.leads.outbox`` for kinds and states.

    It belongs to a lead or to a sign-up, and goes with it. ``claimed_until`` keeps two tries from running at
    once; ``claim`` says whose try it is.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        Index("ix_deliveries_due", "state", "next_attempt"),
        CheckConstraint("(lead_id IS NULL) <> (signup_id IS NULL)", name="one_owner"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("leads.id", ondelete="CASCADE"), index=True)
    signup_id: Mapped[int | None] = mapped_column(ForeignKey("signups.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    webhook_id: Mapped[str] = mapped_column(String(64), unique=True)
    # What this message alone says (a one-time code, a day, a link), encrypted.
    payload_sealed: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(16))
    created: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt: Mapped[datetime]
    claim: Mapped[str | None] = mapped_column(String(32))
    claimed_until: Mapped[datetime | None]
    last_attempt: Mapped[datetime | None]
    last_outcome: Mapped[str | None] = mapped_column(String(200))
    delivered: Mapped[datetime | None]
    lead: Mapped[Lead | None] = relationship(back_populates="deliveries")
    signup: Mapped[SignUp | None] = relationship(back_populates="deliveries")


class Attempt(Base):
    """One try of a delivery, and what came of it; ``outcome`` stays None where the process died in it."""

    __tablename__ = "attempts"

    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("deliveries.id", ondelete="CASCADE"), index=True)
    claim: Mapped[str] = mapped_column(String(32))
    started: Mapped[datetime]
    ended: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(200))
    status: Mapped[int | None]


class Note(Base):
    """What a coordinator wrote on a lead, encrypted like the contact."""

    __tablename__ = "notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    lead_id: Mapped[int] = mapped_column(ForeignKey("leads.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    who: Mapped[str] = mapped_column(String(80))
    text_sealed: Mapped[str] = mapped_column(Text)


class StatusCode(Base):
    """A one-time code that lets a family see what became of her lead; only its hash is kept here."""

    __tablename__ = "status_codes"

    id: Mapped[int] = mapped_column(primary_key=True)
    lead_id: Mapped[int] = mapped_column(ForeignKey("leads.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    created: Mapped[datetime]
    expires: Mapped[datetime]
    wrong_tries: Mapped[int] = mapped_column(default=0)
    used: Mapped[datetime | None]


class DoctorPage(Base):
    """A page for a child's own doctor, shared by a link with a passcode: ``bot.leads.doctor.links``.

    It outlives its chat. Once it was ended or locked, its content is gone; the row stays until it expires,
    so that the form which made it can't make it again.
    """

    __tablename__ = "doctor_pages"

    id: Mapped[int] = mapped_column(primary_key=True)
    session_hash: Mapped[str] = mapped_column(String(64), index=True)
    # A hash, so that a copied database leads to no page.
    link_hash: Mapped[str] = mapped_column(String(64), unique=True)
    passcode_hash: Mapped[str] = mapped_column(String(200))
    content_sealed: Mapped[str | None] = mapped_column(Text)
    created: Mapped[datetime]
    expires: Mapped[datetime] = mapped_column(index=True)
    wrong_tries: Mapped[int] = mapped_column(default=0)
    ended: Mapped[datetime | None]


class FamilyNote(Base):
    """What a family noted for herself on her answers, encrypted; it goes with her screening."""

    __tablename__ = "family_notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    session_hash: Mapped[str] = mapped_column(String(64), unique=True)
    text_sealed: Mapped[str] = mapped_column(Text)
    updated: Mapped[datetime] = mapped_column(index=True)


class Count(Base):
    """A plain number without identity: how often something happened in a trial's chats."""

    __tablename__ = "counts"

    trial: Mapped[str] = mapped_column(String(32), primary_key=True)
    what: Mapped[str] = mapped_column(String(32), primary_key=True)
    which: Mapped[str] = mapped_column(String(64), primary_key=True)
    number: Mapped[int] = mapped_column(default=0)


class StaffUser(Base):
    """Somebody at the site who may read the inbox."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    role: Mapped[str] = mapped_column(String(16))
    # None for somebody who logs in through the hospital's identity provider only.
    password_hash: Mapped[str | None] = mapped_column(String(200))
    # Counted up at log-out and when the password changes: older session cookies stop working.
    session_epoch: Mapped[int] = mapped_column(default=0)
    disabled: Mapped[datetime | None]
    created: Mapped[datetime]


class AuditEntry(Base):
    """Who did what, and when. Entries are only ever added; the database itself refuses anything else."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    who: Mapped[str] = mapped_column(String(80))
    action: Mapped[str] = mapped_column(String(40))
    reference: Mapped[str | None] = mapped_column(String(16), index=True)
    detail: Mapped[str | None] = mapped_column(String(200))
