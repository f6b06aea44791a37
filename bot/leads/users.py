"""Staff who may read the inbox, with argon2 hashes. How often somebody may try, the log-in page decides."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import exists, or_, select, update
from sqlalchemy.orm import Session, aliased

from bot.leads.clock import now
from bot.leads.database import Store, open_store
from bot.leads.models import StaffUser

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200
LONGEST_NAME = 80
COORDINATOR, ADMINISTRATOR = "coordinator", "administrator"
ROLES = (COORDINATOR, ADMINISTRATOR)

_CAN_ADMINISTER = (StaffUser.role == ADMINISTRATOR, StaffUser.disabled.is_(None))
_hasher = PasswordHasher()
# Checked where there is no such user, so that the time an answer takes tells nobody which names exist.
_NOBODYS_HASH = _hasher.hash("a password that nobody has")


class UserError(ValueError):
    """A name or password can't be used; the text says why."""


class UnknownUser(LookupError):
    """There is nobody with this id or name."""


class LastAdministrator(UserError):
    """Nobody would be left who can let others in."""


@dataclass(frozen=True)
class StaffEntry:
    """One user as administrators see her; ``by_password`` is False where she has no password here."""

    id: int
    name: str
    role: str
    created: datetime
    disabled: datetime | None
    by_password: bool


@dataclass(frozen=True)
class Staff:
    """Somebody who is logged in."""

    id: int
    name: str
    epoch: int
    role: str = COORDINATOR


def add_user(name: str, password: str, store: Store | None = None, *, role: str | None = None) -> None:
    """Add somebody, or give her a new password, which lets her in again and ends her sessions.

    Without a ``role`` the very first user is an administrator, the others are coordinators, and somebody who
    is there already keeps hers. Raises UserError, and LastAdministrator for a role that would leave none.
    """
    name = name.strip()
    if role not in (None, *ROLES):
        raise UserError(f"A role is one of: {', '.join(ROLES)}.")
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable():
        raise UserError(f"A name has 1 to {LONGEST_NAME} signs.")
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise UserError(f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} signs.")
    password_hash = _hasher.hash(password)
    with (store or open_store()).session() as session:
        user = session.scalar(select(StaffUser).where(StaffUser.name == name))
        if user is not None:
            if role is not None and role != user.role:
                _change(session, user.id, role == ADMINISTRATOR, role=role)
            user.session_epoch += 1
            user.disabled = None
            user.password_hash = password_hash
            return
        first = session.scalar(select(StaffUser.id).limit(1)) is None
        session.add(
            StaffUser(
                name=name,
                role=role or (ADMINISTRATOR if first else COORDINATOR),
                password_hash=password_hash,
                created=now(),
                session_epoch=0,
            )
        )


def check_password(name: str, password: str, store: Store | None = None) -> Staff | None:
    """The person; None for a wrong name or a wrong password, and which is not told."""
    opened = store or open_store()
    with opened.session() as session:
        user = session.scalar(select(StaffUser).where(StaffUser.name == name.strip()[:LONGEST_NAME]))
        known = user.password_hash if user is not None and user.disabled is None else None
        matches = _matches(known or _NOBODYS_HASH, password[:LONGEST_PASSWORD])
        if user is None or known is None or not matches:
            return None
        return Staff(user.id, user.name, user.session_epoch, user.role)


def staff_by_session(user_id: int, epoch: int, store: Store | None = None) -> Staff | None:
    """The person of a session cookie, unless she logged out or has a new password since."""
    with (store or open_store()).session() as session:
        user = session.get(StaffUser, user_id)
        if user is None or user.disabled is not None or user.session_epoch != epoch:
            return None
        return Staff(user.id, user.name, user.session_epoch, user.role)


def staff_by_name(name: str, store: Store | None = None) -> Staff | None:
    """The person with exactly this name; None where she is not on the list, or disabled."""
    with (store or open_store()).session() as session:
        user = session.scalar(select(StaffUser).where(StaffUser.name == name))
        if user is None or user.disabled is not None:
            return None
        return Staff(user.id, user.name, user.session_epoch, user.role)


def end_sessions(user_id: int, store: Store | None = None) -> None:
    """Log somebody out everywhere."""
    with (store or open_store()).session() as session:
        user = session.get(StaffUser, user_id)
        if user is not None:
            user.session_epoch += 1


def all_users(store: Store | None = None) -> list[StaffEntry]:
    """Everybody who was ever added, by name."""
    with (store or open_store()).session() as session:
        return [
            StaffEntry(
                user.id, user.name, user.role, user.created, user.disabled, user.password_hash is not None
            )
            for user in session.scalars(select(StaffUser).order_by(StaffUser.name))
        ]


def user_named(name: str, store: Store | None = None) -> StaffEntry | None:
    """The user with this name, if there is one."""
    return next((user for user in all_users(store) if user.name == name.strip()), None)


def disable_user(user_id: int, store: Store | None = None) -> None:
    """Let somebody in no more, and end her sessions. Raises UnknownUser and LastAdministrator."""
    with (store or open_store()).session() as session:
        _change(session, user_id, False, disabled=now())


def enable_user(user_id: int, store: Store | None = None) -> None:
    """Let somebody in again, with the password she had. Raises UnknownUser."""
    with (store or open_store()).session() as session:
        _change(session, user_id, True, disabled=None)


def set_role(user_id: int, role: str, store: Store | None = None) -> None:
    """Give somebody another role, from her next click on. Raises UnknownUser and LastAdministrator."""
    if role not in ROLES:
        raise UserError(f"A role is one of: {', '.join(ROLES)}.")
    with (store or open_store()).session() as session:
        _change(session, user_id, role == ADMINISTRATOR, role=role)


def nobody_yet(store: Store | None = None) -> bool:
    """Whether no user has been added."""
    with (store or open_store()).session() as session:
        return session.scalar(select(StaffUser.id).limit(1)) is None


def _change(session: Session, user_id: int, stays: bool, **values: Any) -> None:
    """Change a user; with ``stays`` False only where another administrator who can log in is left."""
    # On PostgreSQL two administrators who take each other's place away at once have to take turns; SQLite
    # lets one write at a time anyway, and the condition below is part of the writing.
    session.scalars(
        select(StaffUser.id).where(*_CAN_ADMINISTER).order_by(StaffUser.id).with_for_update()
    ).all()
    change = update(StaffUser).where(StaffUser.id == user_id)
    if not stays:
        other = aliased(StaffUser)
        change = change.where(
            or_(
                StaffUser.role != ADMINISTRATOR,
                StaffUser.disabled.is_not(None),
                exists().where(other.id != user_id, other.role == ADMINISTRATOR, other.disabled.is_(None)),
            )
        )
    if "disabled" in values:
        values["session_epoch"] = StaffUser.session_epoch + 1
    if session.execute(change.values(values).returning(StaffUser.id)).first() is not None:
        return
    if session.get(StaffUser, user_id) is None:
        raise UnknownUser
    raise LastAdministrator(
        "Nobody would be left who can manage users. Make somebody else an administrator first."
    )


def _matches(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False
