"""Staff who may read the inbox, with argon2 hashes. How often somebody may try, the log-in page decides."""

from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select

from bot.leads.clock import now
from bot.leads.database import Store, open_store
from bot.leads.models import StaffUser

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200
LONGEST_NAME = 80
COORDINATOR, ADMINISTRATOR = "coordinator", "administrator"

_hasher = PasswordHasher()
# Checked where there is no such user, so that the time an answer takes tells nobody which names exist.
_NOBODYS_HASH = _hasher.hash("a password that nobody has")


class UserError(ValueError):
    """A name or password can't be used; the text says why."""


@dataclass(frozen=True)
class Staff:
    """Somebody who is logged in."""

    id: int
    name: str
    epoch: int
    role: str = COORDINATOR


def add_user(name: str, password: str, store: Store | None = None, *, role: str = COORDINATOR) -> None:
    """Add somebody, or give her a new password and role, which ends her sessions. Raises UserError."""
    name = name.strip()
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable():
        raise UserError(f"A name has 1 to {LONGEST_NAME} signs.")
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise UserError(f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} signs.")
    with (store or open_store()).session() as session:
        user = session.scalar(select(StaffUser).where(StaffUser.name == name))
        if user is None:
            user = StaffUser(name=name, role=role, created=now(), session_epoch=0)
            session.add(user)
        else:
            user.session_epoch += 1
            user.role = role
        user.password_hash = _hasher.hash(password)


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


def nobody_yet(store: Store | None = None) -> bool:
    """Whether no user has been added."""
    with (store or open_store()).session() as session:
        return session.scalar(select(StaffUser.id).limit(1)) is None


def _matches(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False
