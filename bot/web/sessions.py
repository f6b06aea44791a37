"""Chat sessions: ids made here, signed, so that nobody can name the session of somebody else."""

import secrets
import time
from collections import OrderedDict
from typing import Any

from itsdangerous import BadData, SignatureExpired, URLSafeTimedSerializer

SESSION_DAYS = 7
_REMEMBERED = 10_000
_SALT = "family-session"


class BadSession(Exception):
    """The token was not made here, was changed, or is too old."""


def loads_of_this_week(serializer: URLSafeTimedSerializer, token: str) -> Any:
    """What a token holds that was signed in the last ``SESSION_DAYS``. Raises BadData.

    A token from the future is as good as one of this moment: the machine's clock was set back since, and no
    family may lose her chat over that. (itsdangerous by itself refuses it.)
    """
    value, signed = serializer.loads(token, return_timestamp=True)
    if time.time() - signed.timestamp() > SESSION_DAYS * 24 * 3600:
        raise SignatureExpired("too old", payload=value, date_signed=signed)
    return value


class EndedChats:
    """The chats that families have ended: nothing more is taken in under their sessions.

    The newest ten thousand are remembered, until the process ends.
    """

    def __init__(self) -> None:
        self._ended: OrderedDict[str, None] = OrderedDict()
        self._once_more: set[str] = set()

    def add(self, session_id: str) -> None:
        """This chat was ended now."""
        self._ended[session_id] = None
        self._once_more.add(session_id)
        while len(self._ended) > _REMEMBERED:
            self._ended.popitem(last=False)

    def __contains__(self, session_id: str) -> bool:
        return session_id in self._ended

    def to_erase_once_more(self) -> frozenset[str]:
        """The chats that were ended since they were last erased once more."""
        return frozenset(self._once_more)

    def erased_once_more(self, session_id: str) -> None:
        """Nothing of this chat can be left."""
        self._once_more.discard(session_id)


class FamilySessions:
    """Makes and reads the tokens that the family's page holds."""

    def __init__(self, key: str) -> None:
        self._serializer = URLSafeTimedSerializer(key, salt=_SALT)

    def new_id(self) -> str:
        """A new session id that can't be guessed; it is also the sender id in Rasa's tracker."""
        return secrets.token_urlsafe(18)

    def token(self, session_id: str) -> str:
        """The signed token for an id."""
        return self._serializer.dumps(session_id)

    def read(self, token: str) -> str:
        """The id inside a token. Raises BadSession."""
        try:
            session_id = loads_of_this_week(self._serializer, token)
        except BadData:
            raise BadSession from None
        if not isinstance(session_id, str):
            raise BadSession
        return session_id
