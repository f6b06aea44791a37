"""The tables: screenings without identity, leads with sealed contact, deliveries, staff, audit."""

from datetime import UTC, date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, Date, DateTime, ForeignKey, Index, String, Text, TypeDecorator
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
    # Set when these very answers were sent, so that the form can say so instead of making a second lead.
    sent_reference: Mapped[str | None] = mapped_column(String(16))


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
    contact_sealed: Mapped[str] = mapped_column(Text)
    consents: Mapped[list[Any]]
    created: Mapped[datetime] = mapped_column(index=True)
    deliveries: Mapped[list["Delivery"]] = relationship(back_populates="lead", order_by="Delivery.id")


class Delivery(Base):
    """One message that must reach the site: the outbox.

    ``state`` is ``waiting`` or ``delivered``. Without SITE_FORM_URL nothing is tried and the lead waits in
    the inbox. ``claimed_until`` keeps two tries from running at once.
    """

    __tablename__ = "deliveries"
    __table_args__ = (Index("ix_deliveries_due", "state", "next_attempt"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    lead_id: Mapped[int] = mapped_column(ForeignKey("leads.id", ondelete="CASCADE"), index=True)
    webhook_id: Mapped[str] = mapped_column(String(64), unique=True)
    state: Mapped[str] = mapped_column(String(16))
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    last_attempt: Mapped[datetime | None]
    last_outcome: Mapped[str | None] = mapped_column(String(200))
    delivered: Mapped[datetime | None]
    lead: Mapped[Lead] = relationship(back_populates="deliveries")


class StaffUser(Base):
    """Somebody at the site who may read the inbox."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    # Counted up at log-out and when the password changes: older session cookies stop working.
    session_epoch: Mapped[int] = mapped_column(default=0)
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    created: Mapped[datetime]


class AuditEntry(Base):
    """Who looked at what, and when. Entries are only ever added."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    who: Mapped[str] = mapped_column(String(80))
    action: Mapped[str] = mapped_column(String(40))
    reference: Mapped[str | None] = mapped_column(String(16))
