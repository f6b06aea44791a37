"""Forgetting conversations: one of them at once, and what forgetting idle ones rests on.

A conversation must not be erased while one of its turns runs, since Rasa would write it all back: the web
process calls this under the family's lock. What a conversation came to is counted, without identity, in the
moment in which it is forgotten.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Engine, delete
from sqlalchemy.exc import SQLAlchemyError

from bot.leads.conversations import TABLE, delete_events, last_notes
from bot.leads.counts import EVERY_TRIAL, add_endings, endings_of_notes, endings_of_screening
from bot.leads.database import Store, make_engine, open_store
from bot.leads.doctor.links import forget_links
from bot.leads.family_notes import forget_family_notes
from bot.leads.models import DoctorPage, FamilyNote, Screening
from bot.leads.news.signing import TABLES, erase_sign_ups
from bot.leads.news.trials import running_trials
from bot.leads.screenings import session_hash
from bot.leads.sweeping import sweep
from bot.settings import get_settings


class NotErased(Exception):
    """Something is still there, because its database did not let it go."""


@dataclass(frozen=True)
class Erased:
    """What was deleted of a conversation.

    ``conversation`` is Rasa's record of it, ``answers`` the screening, ``news`` what was signed up for in it,
    ``notes`` what the family noted for herself, ``links`` the number of open links to doctor's pages that
    were ended. ``sent_reference`` is the lead that these answers were sent as, which is not erased.
    """

    conversation: bool
    answers: bool
    news: bool = False
    sent_reference: str | None = None
    notes: bool = False
    links: int = 0


class Gone(NamedTuple):
    """A screening that was deleted, as it was."""

    session_hash: str
    content: dict[str, Any]
    sent_reference: str | None


class Forgotten(NamedTuple):
    """What was deleted: the conversations, the screenings as they were, how many notes and open links."""

    conversations: set[str]
    screenings: list[Gone]
    notes: int
    links: int
    signups: int


def erase_conversation(
    session_id: str, store: Store | None = None, tracker_url: str | None = None, *, count: bool = True
) -> Erased:
    """Delete what a family told: Rasa's rows, the screening, her notes, the pages that she shared, and
    sign-ups for news made in this chat.

    A lead that she sent stays, and so does a sign-up that is no longer tied to the chat.

    ``count=False`` is for a conversation that was counted when it was erased before. Raises NotErased when
    a database can't be written.
    """
    try:
        opened, engine = store or open_store(), tracker_engine(tracker_url)
        gone = forget([session_id], opened, engine, count=count, with_links=True)
    except SQLAlchemyError as error:
        raise NotErased(type(error).__name__) from None
    sweep(engine, [TABLE])
    emptied = [table.__tablename__ for table in (Screening, FamilyNote, DoctorPage)]
    sweep(opened.engine, [*emptied, *(TABLES if gone.signups else ())])
    return Erased(
        conversation=bool(gone.conversations),
        answers=bool(gone.screenings),
        news=bool(gone.signups),
        sent_reference=next((one.sent_reference for one in gone.screenings), None),
        notes=bool(gone.notes),
        links=gone.links,
    )


def forget(
    session_ids: Sequence[str],
    store: Store,
    engine: Engine,
    *,
    count: bool = True,
    with_links: bool = False,
) -> Forgotten:
    """Delete these conversations with their screenings and notes and count how they ended.

    At most ``MOST_AT_ONCE`` of them. Each is given, and counted, once, however many processes forget it at
    the same time. A page that was shared with a doctor stays for its own days, and so does a sign-up for
    news, unless ``with_links``: then they go in the same transaction.
    """
    notes: Mapping[str, Mapping[str, Any]] = {}
    # What can't be read can't be counted; that must not keep it from being deleted.
    with suppress(SQLAlchemyError):
        notes = last_notes(engine, session_ids)
    conversations = delete_events(engine, session_ids)
    hashes = {session_hash(session_id): session_id for session_id in session_ids}
    trials = running_trials(get_settings())
    trial = next(iter(trials)) if len(trials) == 1 else EVERY_TRIAL
    with store.session() as session:
        deleted = session.execute(
            delete(Screening)
            .where(Screening.session_hash.in_(list(hashes)))
            .returning(Screening.session_hash, Screening.content, Screening.sent_reference)
        )
        gone = [Gone(*row) for row in deleted]
        screened = {hashes[one.session_hash] for one in gone}
        endings = [ending for one in gone for ending in endings_of_screening(one.content)]
        for one in sorted(conversations - screened):
            endings += endings_of_notes(notes.get(one), trial)
        if count:
            add_endings(endings, session)
        noted = forget_family_notes(list(hashes), session)
        links = sum(forget_links(one, session) for one in session_ids) if with_links else 0
        signups = sum(erase_sign_ups(one, session) for one in session_ids) if with_links else 0
    return Forgotten(conversations, gone, noted, links, signups)


@lru_cache(maxsize=4)
def _tracker(url: str) -> Engine:
    return make_engine(url, wal=False)


def tracker_engine(url: str | None = None) -> Engine:
    """Rasa's database: by its address, or by this process's settings."""
    return _tracker(url or get_settings().tracker_database_url)
