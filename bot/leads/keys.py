"""The keys that contact details are encrypted with at rest.

``LEAD_KEYS`` holds Fernet keys with commas between them, the newest first; without it a key file in the
home is made on first use. All keys read, the first one writes, so that a key can be replaced without losing
leads.
"""

import json
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from bot.settings import Settings, SettingsError, get_settings, secret_file


class UnreadableContact(Exception):
    """Contact details were encrypted with a key that is not there any more, or were changed."""


def lead_keys(settings: Settings) -> MultiFernet:
    """The keys of these settings. Raises SettingsError where one is no Fernet key."""
    if settings.lead_keys is not None:
        written = settings.lead_keys.get_secret_value().split(",")
    else:
        path = settings.prescreen_home / "secrets" / "lead.keys"
        written = secret_file(path, lambda: Fernet.generate_key().decode()).splitlines()
    try:
        return MultiFernet([Fernet(key.strip()) for key in written if key.strip()])
    except ValueError:
        raise SettingsError(
            "LEAD_KEYS can't be used: each must be a Fernet key, with commas between them."
        ) from None


@lru_cache(maxsize=1)
def _keys_of_this_process() -> MultiFernet:
    return lead_keys(get_settings())


def seal(value: dict[str, Any], keys: MultiFernet | None = None) -> str:
    """The value as encrypted text."""
    return (keys or _keys_of_this_process()).encrypt(json.dumps(value).encode()).decode()


def unseal(sealed: str, keys: MultiFernet | None = None) -> dict[str, Any]:
    """The value inside encrypted text. Raises UnreadableContact."""
    try:
        value = json.loads((keys or _keys_of_this_process()).decrypt(sealed.encode()))
    except InvalidToken:
        raise UnreadableContact from None
    if not isinstance(value, dict):
        raise UnreadableContact
    return value
