"""``python -m bot.leads.outbox`` starts a worker; SIGTERM ends it after the message in hand."""

import logging
import os
import sys
import threading

from bot.approval.check import refusals as script_refusals
from bot.leads.database import open_store
from bot.leads.keys import lead_keys
from bot.leads.outbox.senders import check_delivery
from bot.leads.outbox.worker import Worker, stop_on_signals
from bot.settings import Settings, SettingsError, get_settings


def main() -> int:
    """Work until stopped; 2 where the settings can't be used."""
    stop = threading.Event()
    stop_on_signals(stop)
    try:
        settings = get_settings()
        check_delivery(settings)
        lead_keys(settings)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    # Its mails are texts that families read.
    refusals = script_refusals(settings)
    if refusals:
        print(*refusals, sep="\n", file=sys.stderr)
        return 2
    # Databases, their logs and drafts are for this user alone.
    os.umask(0o077)
    _quiet_logs(settings)
    Worker(open_store(), settings, stop).run()
    return 0


def _quiet_logs(settings: Settings) -> None:
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    # These log addresses, headers and bodies; urllib3 also warns with what a site answered.
    for name in ("urllib3", "requests", "sqlalchemy", "alembic"):
        logging.getLogger(name).setLevel(logging.ERROR)


if __name__ == "__main__":
    sys.exit(main())
