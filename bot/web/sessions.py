"""Chat sessions: ids made here, signed, so that nobody can name the session of somebody else."""

import secrets

from itsdangerous import BadData, URLSafeTimedSerializer

SESSION_DAYS = 7
_SALT = "family-session"


class BadSession(Exception):
    """The token was not made here, was changed, or is too old."""


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
            session_id = self._serializer.loads(token, max_age=SESSION_DAYS * 24 * 3600)
        except BadData:
            raise BadSession from None
        if not isinstance(session_id, str):
            raise BadSession
        return session_id
