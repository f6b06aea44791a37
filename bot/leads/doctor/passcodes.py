"""The address and the passcode of a doctor's page, and how the passcode is kept.

Both come from the form that made the page: its random seed and the server's key give them. So a form that is
sent twice makes one link, and can show the passcode again, while nothing but its hash is stored.
"""

import base64
import hashlib
import hmac

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from bot.settings import get_settings

PASSCODE_DIGITS = 12
_GROUP = 4
_LINK_BYTES = 20

_hasher = PasswordHasher()
# Checked where there is no such page, so that the same work is done.
_NOBODYS_HASH = _hasher.hash("a passcode that no page has")


def link_of(seed: str) -> str:
    """The last part of the page's address: 160 bits as 32 letters and digits, so that no mail cuts it off."""
    return base64.b32encode(_derived("link", seed)[:_LINK_BYTES]).decode().lower()


def passcode_of(seed: str) -> str:
    """The passcode: 12 digits (40 bits), which every keyboard has and every language can read out."""
    number = int.from_bytes(_derived("passcode", seed)) % 10**PASSCODE_DIGITS
    return f"{number:0{PASSCODE_DIGITS}}"


def in_groups(passcode: str) -> str:
    """The passcode as it is shown: 4821 9035 7716."""
    return " ".join(passcode[start : start + _GROUP] for start in range(0, len(passcode), _GROUP))


def link_hash(link: str) -> str:
    """What a page is found by; the link itself is stored nowhere in the clear."""
    return hashlib.sha256(link.encode()).hexdigest()


def passcode_hash(passcode: str) -> str:
    """An argon2 hash of the digits."""
    return _hasher.hash(passcode)


def passcode_fits(typed: str, kept: str | None) -> bool:
    """Whether the passcode fits, however it was typed; for no page at all it takes as long to say no."""
    digits = "".join(sign for sign in typed[:80] if sign.isascii() and sign.isdigit())
    try:
        return _hasher.verify(kept or _NOBODYS_HASH, digits) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def _derived(purpose: str, seed: str) -> bytes:
    key = hashlib.sha256(f"doctor-page {get_settings().session_key()}".encode()).digest()
    return hmac.new(key, f"{purpose} {seed}".encode(), hashlib.sha256).digest()
