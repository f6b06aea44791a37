"""The end of everything that is kept: what is deleted when, and the job that does it."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.leads.clock import now
from bot.leads.conversations import MOST_AT_ONCE, TABLE, senders
from bot.leads.counts import add_endings, endings_of_screening
from bot.leads.database import Store, open_store
from bot.leads.erasure import NotErased, forget, tracker_engine
from bot.leads.family_notes import forget_family_notes
from bot.leads.models import (
    CLOSED,
    Attempt,
    Base,
    ConfirmMails,
    Delivery,
    DoctorPage,
    FamilyNote,
    Lead,
    Note,
    Screening,
    SignUp,
    StatusCode,
)
from bot.leads.news.ending import forgotten_marks, over, untie
from bot.leads.outbox.kinds import Kind, State
from bot.leads.screenings import session_hash
from bot.leads.status import CODE_LIVES, CODES_WITHIN
from bot.leads.sweeping import sweep
from bot.settings import Settings, get_settings

IDLE_HOURS = 24
"""Hours after the last message in which a conversation and its screening are kept."""

EMPTIED = tuple(
    table.__tablename__
    for table in (
        *(Screening, FamilyNote, DoctorPage, Lead, SignUp),
        *(ConfirmMails, Delivery, Attempt, Note, StatusCode),
    )
)
"""The tables of ours that a purge takes rows from."""


@dataclass(frozen=True)
class PurgeReport:
    """How many of each went, or would go.

    ``payloads`` are encrypted one-time codes in mails that were sent or are too late; ``family_notes`` go
    with their conversation, ``doctor_pages`` when their link expires; ``marks`` are those of addresses that
    were asked to confirm a sign-up. ``unswept`` is the number of databases whose free space could not be
    cleaned now, because of their size or of who uses them.
    """

    conversations: int = 0
    screenings: int = 0
    leads: int = 0
    codes: int = 0
    payloads: int = 0
    family_notes: int = 0
    doctor_pages: int = 0
    signups: int = 0
    marks: int = 0
    unswept: int = 0

    @property
    def anything(self) -> bool:
        """Whether anything went."""
        return any(getattr(self, one.name) for one in fields(self) if one.name != "unswept")


def purge(
    store: Store | None = None,
    settings: Settings | None = None,
    *,
    tracker_url: str | None = None,
    at: datetime | None = None,
    dry_run: bool = False,
) -> PurgeReport:
    """Delete all whose time is over; with ``dry_run`` only count it.

    One part that fails does not keep the others; then NotErased is raised at the end, and the next purge
    takes what is left.
    """
    settings, moment = settings or get_settings(), at or now()
    report, failures = PurgeReport(), []

    def leads(opened: Store) -> PurgeReport:
        return _purge_leads(opened, moment - timedelta(days=settings.lead_days), dry_run)

    def codes(opened: Store) -> PurgeReport:
        return _purge_codes(opened, moment, dry_run)

    def doctor_pages(opened: Store) -> PurgeReport:
        with opened.session() as session:
            expired = DoctorPage.expires <= moment
            return PurgeReport(doctor_pages=_delete(session, DoctorPage, expired, dry_run))

    def signups(opened: Store) -> PurgeReport:
        return _purge_signups(opened, moment, dry_run)

    def conversations(opened: Store) -> PurgeReport:
        return _purge_conversations(opened, tracker_url, moment - timedelta(hours=IDLE_HOURS), dry_run)

    parts: list[Callable[[Store], PurgeReport]] = [leads, codes, doctor_pages, signups, conversations]
    try:
        opened = store or open_store()
    except SQLAlchemyError as error:
        raise NotErased(type(error).__name__) from None
    for part in parts:
        try:
            report = _sum(report, part(opened))
        except SQLAlchemyError as error:
            failures.append(f"{part.__name__}: {type(error).__name__}")
    if not dry_run:
        report = replace(report, unswept=_sweep(opened, tracker_url, report))
    if failures:
        raise NotErased("; ".join(failures))
    return report


def _purge_leads(store: Store, before: datetime, dry_run: bool) -> PurgeReport:
    """A lead takes its deliveries, their tries, its notes and codes with it.

    An empty card stays until the site was told of the withdrawal: it may still call the family.
    """
    ended = (State.DELIVERED, State.CANCELLED)
    untold = Lead.deliveries.any(and_(Delivery.kind == Kind.WITHDRAWAL, Delivery.state.not_in(ended)))
    over = and_(Lead.state == CLOSED, Lead.state_changed < before, ~untold)
    with store.session() as session:
        return PurgeReport(leads=_delete(session, Lead, over, dry_run))


def _purge_codes(store: Store, moment: datetime, dry_run: bool) -> PurgeReport:
    # How many codes there were within the hour is counted by these rows, so they outlive the codes.
    over = StatusCode.created < moment - max(CODE_LIVES, CODES_WITHIN)
    late = and_(Delivery.created < moment - CODE_LIVES, Delivery.state != State.SENDING)
    spent = and_(
        Delivery.kind == Kind.CODE,
        Delivery.payload_sealed.is_not(None),
        or_(Delivery.state.in_((State.DELIVERED, State.CANCELLED)), late),
    )
    with store.session() as session:
        payloads = session.scalar(select(func.count()).select_from(Delivery).where(spent)) or 0
        if not dry_run:
            # Nobody is to be sent a code that no longer opens anything.
            waits = (State.WAITING, State.NEEDS_PERSON, State.MAYBE_SENT)
            unsent = update(Delivery).where(spent, Delivery.state.in_(waits))
            session.execute(unsent.values(state=State.CANCELLED))
            session.execute(update(Delivery).where(spent).values(payload_sealed=None))
        return PurgeReport(codes=_delete(session, StatusCode, over, dry_run), payloads=payloads)


def _purge_signups(store: Store, moment: datetime, dry_run: bool) -> PurgeReport:
    """A sign-up takes its mails and their tries with it."""
    with store.session() as session:
        return PurgeReport(
            signups=_delete(session, SignUp, over(moment), dry_run),
            marks=_delete(session, ConfirmMails, forgotten_marks(moment), dry_run),
        )


def _purge_conversations(
    store: Store, tracker_url: str | None, before: datetime, dry_run: bool
) -> PurgeReport:
    engine = tracker_engine(tracker_url)
    idle, living = senders(engine, before.timestamp())
    screenings = notes = 0
    for start in range(0, len(idle) if not dry_run else 0, MOST_AT_ONCE):
        gone = forget(idle[start : start + MOST_AT_ONCE], store, engine)
        screenings, notes = screenings + len(gone.screenings), notes + gone.notes
    # A verdict older than a day stays as long as its chat goes on, and so do the notes on it.
    kept = {session_hash(session_id) for session_id in living}
    with store.session() as session:
        old = set(session.scalars(select(Screening.session_hash).where(Screening.updated < before)))
        # Notes whose screening was set aside, and never came again.
        orphans = FamilyNote.session_hash.not_in(select(Screening.session_hash))
        left = select(FamilyNote.session_hash).where(FamilyNote.updated < before, orphans)
        old |= set(session.scalars(left))
        alone = sorted(old - kept)
    if dry_run:
        going = {session_hash(session_id) for session_id in idle} | set(alone)
        with store.session() as session:
            screenings = len(going & set(session.scalars(select(Screening.session_hash))))
            notes = len(going & set(session.scalars(select(FamilyNote.session_hash))))
        return PurgeReport(conversations=len(idle), screenings=screenings, family_notes=notes)
    for start in range(0, len(alone), MOST_AT_ONCE):
        more = _forget_alone(alone[start : start + MOST_AT_ONCE], store)
        screenings, notes = screenings + more[0], notes + more[1]
    untie(store, kept, before)
    return PurgeReport(conversations=len(idle), screenings=screenings, family_notes=notes)


def _forget_alone(hashes: list[str], store: Store) -> tuple[int, int]:
    """Screenings whose conversation is gone already, and notes; how many of each went."""
    with store.session() as session:
        # What this very statement deleted: two purges at once must not count one chat twice.
        mine = Screening.session_hash.in_(hashes)
        gone = list(session.scalars(delete(Screening).where(mine).returning(Screening.content)))
        add_endings([ending for content in gone for ending in endings_of_screening(content)], session)
        notes = forget_family_notes(hashes, session)
    return len(gone), notes


def _delete(session: Session, table: type[Base], condition: ColumnElement[bool], dry_run: bool) -> int:
    number = session.scalar(select(func.count()).select_from(table).where(condition)) or 0
    if number and not dry_run:
        session.execute(delete(table).where(condition))
    return number


def _sweep(store: Store, tracker_url: str | None, report: PurgeReport) -> int:
    """Clean the free space; SQLite's always, since an earlier sweep may have found it in use."""
    unswept = 0
    for engine, tables in ((tracker_engine(tracker_url), [TABLE]), (store.engine, EMPTIED)):
        if engine.dialect.name == "sqlite" or report.anything:
            unswept += not sweep(engine, tables)
    return unswept


def _sum(one: PurgeReport, other: PurgeReport) -> PurgeReport:
    return PurgeReport(*(getattr(one, each.name) + getattr(other, each.name) for each in fields(one)))
