"""Links to doctor's pages: made by a family, opened with a passcode, ended by her, by wrong tries or by time.

Unknown, expired, ended, locked and wrong are one and the same answer, after the same work.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.leads.clock import now
from bot.leads.database import Store, open_store
from bot.leads.doctor.passcodes import link_hash, link_of, passcode_fits, passcode_hash, passcode_of
from bot.leads.doctor.sheet import Sheet, sheet_from, sheet_to
from bot.leads.keys import UnreadableContact, seal, unseal
from bot.leads.models import DoctorPage
from bot.leads.screenings import session_hash
from bot.leads.sweeping import sweep

log = logging.getLogger(__name__)

LINK_LIVES = timedelta(days=7)
MOST_LINKS = 3
"""How many open links one chat may have at a time."""
MOST_WRONG_TRIES = 20
"""Wrong tries from everywhere together, after which a page is locked: of 12 digits, that is next to none."""


class TooManyLinks(Exception):
    """This chat has as many open links as it may have."""


class LinkEnded(Exception):
    """The form that was sent once more had made a link that is not open any more."""


@dataclass(frozen=True)
class LinkMade:
    """A link as its family is told of it, once: the passcode stands nowhere else."""

    link: str
    passcode: str
    expires: datetime


@dataclass(frozen=True)
class LinkRead:
    """One of a family's links that have not expired; ``locked`` after too many wrong tries.

    ``link`` is None where no key can read it any more, and where it is locked.
    """

    id: int
    link: str | None
    created: datetime
    expires: datetime
    locked: bool


def make_link(
    session_id: str, seed: str, sheet: Sheet, store: Store | None = None, at: datetime | None = None
) -> LinkMade:
    """Share a page, for exactly ``LINK_LIVES``; the same seed gives the same link, made once.

    Raises TooManyLinks, and LinkEnded where that link was ended meanwhile.
    """
    opened, moment = store or open_store(), at or now()
    link, passcode = link_of(seed), passcode_of(seed)
    before = _made_before(link, passcode, opened, moment)
    if before is not None:
        return before
    row = DoctorPage(
        session_hash=session_hash(session_id),
        link_hash=link_hash(link),
        passcode_hash=passcode_hash(passcode),
        content_sealed=seal({"link": link, "sheet": sheet_to(sheet)}),
        created=moment,
        expires=moment + LINK_LIVES,
    )
    try:
        with opened.session() as session:
            if len([one for one in _mine(session_id, session, moment) if one.ended is None]) >= MOST_LINKS:
                raise TooManyLinks
            session.add(row)
    except IntegrityError:
        # The same form came in twice at once, and the other one was first.
        before = _made_before(link, passcode, opened, moment)
        if before is None:
            raise
        return before
    return LinkMade(link, passcode, row.expires)


def open_page(
    link: str, passcode: str, store: Store | None = None, at: datetime | None = None
) -> Sheet | None:
    """The page behind a link, for the right passcode; None for anything else."""
    opened, moment = store or open_store(), at or now()
    try_made = (
        update(DoctorPage)
        .where(
            DoctorPage.link_hash == link_hash(link),
            DoctorPage.content_sealed.is_not(None),
            DoctorPage.expires > moment,
            DoctorPage.wrong_tries < MOST_WRONG_TRIES,
        )
        # Counted before it is looked at: however many try at once, no more than these are looked at.
        .values(wrong_tries=DoctorPage.wrong_tries + 1)
        .returning(DoctorPage.id, DoctorPage.passcode_hash)
    )
    with opened.session() as session:
        found = session.execute(try_made).first()
    fits = passcode_fits(passcode, found.passcode_hash if found is not None else None)
    if found is None:
        return None
    with opened.session() as session:
        if not fits:
            _lock_after_too_many(session, found.id, moment)
            return None
        one_less = update(DoctorPage).where(DoctorPage.id == found.id)
        session.execute(one_less.values(wrong_tries=DoctorPage.wrong_tries - 1))
        sealed = session.scalar(select(DoctorPage.content_sealed).where(DoctorPage.id == found.id))
    content = _content(sealed)
    return sheet_from(content["sheet"]) if content is not None else None


def links_of(session_id: str, store: Store | None = None, at: datetime | None = None) -> list[LinkRead]:
    """A family's links that are open or were locked, oldest first."""
    moment = at or now()
    with (store or open_store()).session() as session:
        rows = _mine(session_id, session, moment)
        return [_read(row) for row in rows if row.ended is None or row.wrong_tries >= MOST_WRONG_TRIES]


def end_link(session_id: str, number: int, store: Store | None = None, at: datetime | None = None) -> bool:
    """End one of a family's links now; False where she has no such link that is open."""
    opened = store or open_store()
    with opened.session() as session:
        ended = session.execute(
            update(DoctorPage)
            .where(
                DoctorPage.id == number,
                DoctorPage.session_hash == session_hash(session_id),
                DoctorPage.ended.is_(None),
            )
            .values(content_sealed=None, ended=at or now())
            .returning(DoctorPage.id)
        ).first()
    if ended is not None:
        sweep(opened.engine, [DoctorPage.__tablename__])
    return ended is not None


def forget_links(session_id: str, session: Session, at: datetime | None = None) -> int:
    """Delete all links of a chat; how many of them were open. The caller commits and sweeps."""
    moment = at or now()
    mine = delete(DoctorPage).where(DoctorPage.session_hash == session_hash(session_id))
    gone = session.execute(mine.returning(DoctorPage.ended, DoctorPage.expires)).all()
    return len([row for row in gone if row.ended is None and row.expires > moment])


def _made_before(link: str, passcode: str, store: Store, moment: datetime) -> LinkMade | None:
    with store.session() as session:
        row = session.scalar(select(DoctorPage).where(DoctorPage.link_hash == link_hash(link)))
        if row is None:
            return None
        if row.ended is not None or row.expires <= moment:
            raise LinkEnded
        return LinkMade(link, passcode, row.expires)


def _mine(session_id: str, session: Session, moment: datetime) -> list[DoctorPage]:
    living = (DoctorPage.session_hash == session_hash(session_id), DoctorPage.expires > moment)
    return list(session.scalars(select(DoctorPage).where(*living).order_by(DoctorPage.id)))


def _lock_after_too_many(session: Session, number: int, moment: datetime) -> None:
    """Delete what a page holds once it was guessed at too often: whoever guesses must find nothing left."""
    session.execute(
        update(DoctorPage)
        .where(
            DoctorPage.id == number,
            DoctorPage.wrong_tries >= MOST_WRONG_TRIES,
            DoctorPage.ended.is_(None),
        )
        .values(content_sealed=None, ended=moment)
    )


def _read(row: DoctorPage) -> LinkRead:
    content = _content(row.content_sealed)
    link = str(content["link"]) if content is not None else None
    return LinkRead(row.id, link, row.created, row.expires, locked=row.wrong_tries >= MOST_WRONG_TRIES)


def _content(sealed: str | None) -> dict[str, Any] | None:
    if sealed is None:
        return None
    try:
        return unseal(sealed)
    except UnreadableContact:
        log.error("a doctor's page can't be read with any key that is here")
        return None
