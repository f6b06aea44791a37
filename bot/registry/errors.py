"""What can go wrong with a registry and its records; each failure has a name of its own."""

from __future__ import annotations


class RegistryError(Exception):
    """Something about a registry or its records; the message says what and where."""


class RecordError(RegistryError):
    """A record that cannot be read: a field is missing or says what the registry's format does not allow."""


class UnknownStudy(RegistryError):
    """The registry has no study of this number."""


class BadRequest(RegistryError):
    """The registry refused the request as it was put."""


class TooManyRequests(RegistryError):
    """The registry asked us to wait, again and again."""


class RegistryUnreachable(RegistryError):
    """No answer came: no connection, a dropped one, or none in time."""


class RegistryFailed(RegistryError):
    """The registry answered that it failed, or with something that is no answer."""
