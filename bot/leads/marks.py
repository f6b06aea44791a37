"""Marks of a contact: they show that two leads have the same e-mail or phone, and nothing else.

A mark is a keyed hash (HMAC-SHA256). Without the key nobody can try guessed numbers against a copied
database. The key is not one of the lead keys: marks of leads from before and after a rotation must be
comparable, and a mark can't be made anew once its contact is deleted. ``MARKS_KEY`` holds it, or a file made
on first use with mode 600. The trial is part of what is hashed, so that marks don't tie a family's leads for
different trials together.
"""

import hashlib
import hmac
import secrets
import unicodedata
from functools import lru_cache
from typing import NamedTuple

import phonenumbers

from bot.settings import Settings, get_settings, secret_file

# A change of what is hashed needs a new word here: old and new marks must not be taken for each other.
_PURPOSE = b"prescreen contact marks 1"


class Marks(NamedTuple):
    """The marks of one contact for one trial; None where nothing was told."""

    email: str | None
    phone: str | None


def contact_marks(trial: str, email: str, phone: str, country: str = "") -> Marks:
    """The marks of an e-mail and a phone number; ``country`` (two letters) is for numbers without its
    code."""
    key = marks_key(get_settings())
    return Marks(
        _mark(key, "email", trial, _plain_email(email)),
        _mark(key, "phone", trial, _plain_phone(phone, country)),
    )


def news_mark(email: str) -> str:
    """The mark of an address that was signed up for news; it can't be compared with the marks of leads."""
    mark = _mark(marks_key(get_settings()), "email", "news", _plain_email(email))
    assert mark is not None, "an address is not empty"
    return mark


def news_stop_token(email: str) -> str:
    """What stands in the links that stop all mails to an address.

    It follows from the address: a link in an old mail also stops what was signed up for later.
    """
    mark = _mark(marks_key(get_settings()), "stop", "news", _plain_email(email))
    assert mark is not None, "an address is not empty"
    return mark


@lru_cache(maxsize=1)
def marks_key(settings: Settings) -> bytes:
    """The key of the marks, made out of ``MARKS_KEY`` or the secret file."""
    if settings.marks_key is not None:
        secret = settings.marks_key.get_secret_value()
    else:
        path = settings.prescreen_home / "secrets" / "marks.key"
        secret = secret_file(path, lambda: secrets.token_urlsafe(48))
    return hmac.digest(secret.encode(), _PURPOSE, hashlib.sha256)


def _mark(key: bytes, kind: str, trial: str, value: str) -> str | None:
    if not value:
        return None
    # None of the parts can hold the sign between them.
    return hmac.new(key, "\0".join((kind, trial, value)).encode(), hashlib.sha256).hexdigest()


def _plain_email(email: str) -> str:
    """Without case. Dots stay: not every provider leaves them out, and two people must not become one."""
    return unicodedata.normalize("NFKC", email).strip().casefold()


def _plain_phone(phone: str, country: str) -> str:
    """As E.164 where it can be read so, otherwise its digits."""
    try:
        parsed = phonenumbers.parse(phone, country or None)
        if phonenumbers.is_possible_number(parsed):
            return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    except phonenumbers.NumberParseException:
        pass
    return "".join(str(unicodedata.digit(sign)) for sign in phone if sign.isdigit())
