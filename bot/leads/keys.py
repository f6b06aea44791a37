"""The keys that contact details, notes and one-time codes are encrypted with at rest.

``LEAD_KEYS`` holds Fernet keys with commas between them, the newest first. Without it they stand in a key
file in the home, one a line, which is made on first use with mode 600. The first key writes, all of them
read, so that a key can be replaced without losing leads (``bot.leads.rotation``).

The file is looked at before every use, so that a running process takes up a new key by itself. What a
process has once read it keeps for reading: a row that it fetched a moment ago may still be locked with a key
that is just being dropped.
"""

import json
import os
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from bot.settings import Settings, SettingsError, get_settings, secret_file

_UNFINISHED = "# A rotation is under way: run `prescreen keys rotate` to finish it."
_RETIRED = "# The keys below only read. They are being dropped."


class UnreadableContact(Exception):
    """Contact details were encrypted with a key that is not there any more, or were changed."""


class KeysMissing(Exception):
    """The key file went away under a running program: what were locked now, nobody could read after a
    restart."""


@dataclass(frozen=True)
class KeyRing:
    """The keys as they stand in the key file.

    ``writing`` may lock rows, the first one does; ``retired`` only read; ``unfinished`` says that rows are
    being locked anew with the first.
    """

    writing: tuple[str, ...]
    retired: tuple[str, ...] = ()
    unfinished: bool = False

    @classmethod
    def from_text(cls, text: str) -> "KeyRing":
        """The keys of a key file."""
        before, _, after = text.partition(_RETIRED)
        return cls(_keys_in(before), _keys_in(after), _UNFINISHED in text)

    def to_text(self) -> str:
        """The key file with these keys."""
        lines = [_UNFINISHED] if self.unfinished else []
        lines += self.writing
        if self.retired:
            lines += [_RETIRED, *self.retired]
        return "\n".join(lines) + "\n"


class LeadKeys:
    """The keys of one process. Raises SettingsError where one is no Fernet key."""

    def __init__(self, settings: Settings) -> None:
        self._from_environment = settings.lead_keys is not None
        self.path = settings.prescreen_home / "secrets" / "lead.keys"
        self._seen: tuple[int, ...] | None = None
        self._known: tuple[str, ...] = ()
        if settings.lead_keys is not None:
            written = settings.lead_keys.get_secret_value().split(",")
            self._take(KeyRing(tuple(key.strip() for key in written if key.strip())))
        else:
            secret_file(self.path, lambda: Fernet.generate_key().decode())
            self._look()

    def encrypt(self, data: bytes) -> bytes:
        """Locked with the newest key. Raises KeysMissing."""
        self._look()
        if self._seen is None and not self._from_environment:
            raise KeysMissing(f"the key file {self.path} is gone or can't be used")
        return self._all.encrypt(data)

    def decrypt(self, token: bytes) -> bytes:
        """Unlocked with any key that this process knows or the file holds. Raises InvalidToken."""
        self._look()
        try:
            return self._all.decrypt(token)
        except InvalidToken:
            # The file may have changed between the look and now.
            self._look(again=True)
            return self._all.decrypt(token)

    def locked_anew(self, token: str) -> str | None:
        """The token locked with the newest key; None where it is already. Raises UnreadableContact."""
        self._look()
        return self._unless_locked_with(self._newest, token)

    def made_to_last(self, token: str) -> str | None:
        """The token locked with the newest key where its own is being dropped; None where it may stay so.

        Raises UnreadableContact.
        """
        self._look()
        return self._unless_locked_with(self._lasting, token)

    def _unless_locked_with(self, keys: MultiFernet, token: str) -> str | None:
        try:
            keys.decrypt(token.encode())
        except InvalidToken:
            try:
                return self._all.rotate(token.encode()).decode()
            except InvalidToken:
                raise UnreadableContact from None
        return None

    def _look(self, *, again: bool = False) -> None:
        """Take up the key file where it has changed, or in any case."""
        if self._from_environment:
            return
        try:
            status = os.stat(self.path)
            seen = (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
            if seen != self._seen or again:
                self._take(KeyRing.from_text(self.path.read_text(encoding="utf-8")))
                self._seen = seen
        except (OSError, SettingsError):
            if not self._known:
                raise
            # What was known still reads; nothing more is locked until the file is back.
            self._seen = None

    def _take(self, ring: KeyRing) -> None:
        known = dict.fromkeys((*ring.writing, *ring.retired, *self._known))
        try:
            newest = MultiFernet([Fernet(key) for key in ring.writing[:1]])
            lasting = MultiFernet([Fernet(key) for key in ring.writing])
            everything = MultiFernet([Fernet(key) for key in known])
        except ValueError:
            raise SettingsError(
                "LEAD_KEYS can't be used: each must be a Fernet key, with commas between them."
                if self._from_environment
                else f"The key file {self.path} can't be used: each line must be a Fernet key."
            ) from None
        self._known = tuple(known)
        self._newest, self._lasting, self._all = newest, lasting, everything


def lead_keys(settings: Settings) -> LeadKeys:
    """The keys of these settings. Raises SettingsError where one is no Fernet key."""
    return LeadKeys(settings)


@lru_cache(maxsize=1)
def _keys_of_this_process() -> LeadKeys:
    return lead_keys(get_settings())


def keys_of_this_process() -> LeadKeys:
    """The keys that this process locks and unlocks with."""
    return _keys_of_this_process()


def seal(value: dict[str, Any], keys: LeadKeys | None = None) -> str:
    """The value as encrypted text. Raises KeysMissing."""
    return (keys or _keys_of_this_process()).encrypt(json.dumps(value).encode()).decode()


def unseal(sealed: str, keys: LeadKeys | None = None) -> dict[str, Any]:
    """The value inside encrypted text. Raises UnreadableContact."""
    try:
        value = json.loads((keys or _keys_of_this_process()).decrypt(sealed.encode()))
    except InvalidToken:
        raise UnreadableContact from None
    if not isinstance(value, dict):
        raise UnreadableContact
    return value


def _keys_in(text: str) -> tuple[str, ...]:
    lines = (line.strip() for line in text.splitlines())
    return tuple(line for line in lines if line and not line.startswith("#"))
