"""``python -m bot.web`` starts the public process on HOST and PORT."""

import logging
import os
import sys
from typing import Any

import uvicorn

from bot.approval.check import refusals as script_refusals
from bot.settings import Settings, SettingsError, get_settings
from bot.web.app import create_app
from bot.web.patience import ImpatientProtocol

LARGEST_HEAD = 32 * 1024
MOST_CONNECTIONS = 1000


def main() -> int:
    """Serve until stopped; 2 where the settings don't allow a start."""
    try:
        settings = get_settings()
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    # Databases, their logs and drafts are for this user alone.
    os.umask(0o077)
    _quiet_logs(settings)
    app = create_app(settings)
    refusals = script_refusals(settings) or settings.refusals(len(app.state.trials))
    if refusals:
        print(*refusals, sep="\n", file=sys.stderr)
        return 2
    uvicorn.run(app, **server_options(settings))
    return 0


def server_options(settings: Settings) -> dict[str, Any]:
    """How the server listens, and what it does not put up with."""
    return {
        "host": settings.host,
        "port": settings.port,
        # Requests are not logged: an access log of a hospital's chat is a list of visitors.
        "access_log": False,
        "log_level": settings.log_level.lower(),
        "server_header": False,
        "proxy_headers": bool(settings.trusted_proxies),
        "forwarded_allow_ips": list(settings.trusted_proxies),
        "timeout_graceful_shutdown": 5,
        # httptools, which would be taken otherwise, reads a request's head of any length into memory.
        "http": ImpatientProtocol,
        "h11_max_incomplete_event_size": LARGEST_HEAD,
        # Nothing here speaks it.
        "ws": "none",
        # Beyond this a request gets 503 at once instead of a place in an endless queue.
        "limit_concurrency": MOST_CONNECTIONS,
        "timeout_keep_alive": 5,
    }


def _quiet_logs(settings: Settings) -> None:
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    # These log addresses, headers and bodies at their loudest level.
    for name in ("httpx", "httpcore", "urllib3", "sqlalchemy", "python_multipart", "asyncio", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)


if __name__ == "__main__":
    sys.exit(main())
