"""Log-in of the site's staff: signed cookies, CSRF tokens, sessions that end."""

import secrets
import time
from dataclasses import dataclass

from fastapi import Request, Response
from itsdangerous import BadData, URLSafeSerializer

from bot.leads.users import Staff, staff_by_session
from bot.settings import Settings

COOKIE = "staff"
IDLE_SECONDS = 30 * 60
LONGEST_SECONDS = 12 * 3600


@dataclass(frozen=True)
class StaffSession:
    """What a cookie says: a random value that CSRF tokens are bound to and, after log-in, who it is."""

    nonce: str
    started: int
    staff: Staff | None = None


def is_https(request: Request) -> bool:
    """Whether the browser came over https, as far as the request or PUBLIC_URL tells."""
    settings: Settings = request.app.state.settings
    return request.url.scheme == "https" or str(settings.public_url).startswith("https://")


class StaffSessions:
    """Makes and reads the staff's cookies and CSRF tokens."""

    def __init__(self, key: str) -> None:
        self._cookies = URLSafeSerializer(key, salt="staff-cookie")
        self._forms = URLSafeSerializer(key, salt="staff-form")

    def read(self, request: Request) -> StaffSession | None:
        """The session in the request's cookie, if it is whole and has not ended."""
        try:
            told = self._cookies.loads(request.cookies.get(COOKIE, ""))
            nonce, started, seen = str(told["nonce"]), int(told["started"]), int(told["seen"])
            user, epoch = told["user"], told["epoch"]
        except (BadData, KeyError, TypeError, ValueError):
            return None
        moment = int(time.time())
        if moment - seen > IDLE_SECONDS or moment - started > LONGEST_SECONDS:
            return None
        if user is None:
            return StaffSession(nonce, started)
        staff = staff_by_session(int(user), int(epoch))
        return StaffSession(nonce, started, staff) if staff is not None else None

    def fresh(self, staff: Staff | None = None) -> StaffSession:
        """A new session; at log-in too, so that a cookie planted before is worth nothing after."""
        return StaffSession(secrets.token_urlsafe(16), int(time.time()), staff)

    def write(self, request: Request, response: Response, session: StaffSession) -> None:
        """Put the session into the answer's cookie."""
        told = {
            "nonce": session.nonce,
            "started": session.started,
            "seen": int(time.time()),
            "user": session.staff.id if session.staff else None,
            "epoch": session.staff.epoch if session.staff else 0,
        }
        response.set_cookie(
            COOKIE,
            self._cookies.dumps(told),
            path="/inbox",
            httponly=True,
            samesite="lax",
            secure=is_https(request),
        )

    def csrf(self, session: StaffSession) -> str:
        """The token for the forms of this session."""
        return self._forms.dumps(session.nonce)

    def csrf_ok(self, session: StaffSession | None, token: str) -> bool:
        """Whether a form's token was made for this session."""
        if session is None:
            return False
        try:
            nonce = self._forms.loads(token)
        except BadData:
            return False
        return isinstance(nonce, str) and secrets.compare_digest(nonce, session.nonce)
