"""A whole site on this machine for a browser to walk through: web process, real interview, leads to look at.

Two web processes: one of a site with a phone, mails and leads, and a bare one where nothing is set, nobody
works yet and no chat answers. Nothing leaves the machine: the mails wait in the outbox, which nobody empties.
"""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.leads import keys
from bot.leads.database import Store, open_store
from bot.settings import get_settings
from scripts.parent import die_with_parent

ROOT = Path(__file__).resolve().parents[2]
SITE = {
    "TRIALS": "NCT06848582,NCT05642455,NCT07148050",
    "SITE_EMERGENCY_NUMBER": "911",
    "SITE_PHONE": "+1 202 555 0100",
    "SITE_HOURS": "Monday to Friday, 9 am to 5 pm",
    "SITE_CRISIS_LINE": "the crisis line at 988",
    "SMTP_HOST": "127.0.0.1",
    "MAIL_FROM": "study@hospital.example",
    "PUBLIC_URL": "http://chat.hospital.example",
}
_CACHES = (get_settings, open_store, keys._keys_of_this_process)


@dataclass(frozen=True)
class Stage:
    """Where the two sites are, and the environment of each."""

    url: str
    bare_url: str
    variables: dict[str, str]
    bare_variables: dict[str, str]

    @contextmanager
    def store(self, bare: bool = False) -> Iterator[Store]:
        """A site's database, with its settings and keys in force in this process."""
        before = dict(os.environ)
        os.environ.update(self.bare_variables if bare else self.variables)
        _forget()
        try:
            opened = open_store()
            yield opened
            opened.close()
        finally:
            os.environ.clear()
            os.environ.update(before)
            _forget()


def _forget() -> None:
    for cache in _CACHES:
        cache.cache_clear()


@contextmanager
def open_stage(folder: Path, today: str | None = None) -> Iterator[Stage]:
    """Start everything, with its files in ``folder``; ``today`` (YYYY-MM-DD) fixes the day for all of it."""
    day = {"PRESCREEN_TODAY": today} if today else {}
    engine, nowhere = _free_port(), _free_port()
    # The engine reads the same settings as the first site, and so keeps verdicts in its database.
    site = SITE | day | {"PRESCREEN_HOME": str(folder / "site"), "RASA_URL": f"http://127.0.0.1:{engine}"}
    bare = day | {"PRESCREEN_HOME": str(folder / "bare"), "RASA_URL": f"http://127.0.0.1:{nowhere}"}
    site_port, bare_port = _free_port(), _free_port()
    # All at once: most of a start is reading modules.
    programs = [
        # The chat is about one trial; the pages know three, for whoever has looked at several.
        ("tests.browser.engine", site | {"TRIALS": "NCT06848582"}, engine),
        ("bot.web", site, site_port),
        ("bot.web", bare, bare_port),
    ]
    with ExitStack() as running:
        for started in [running.enter_context(_started(*program)) for program in programs]:
            started()
        yield Stage(f"http://127.0.0.1:{site_port}", f"http://127.0.0.1:{bare_port}", site, bare)


@contextmanager
def _started(module: str, variables: dict[str, str], port: int) -> Iterator[Callable[[], None]]:
    """A process of ours for as long as the block lasts; what is given waits until it listens."""
    outer = {
        name: value for name, value in os.environ.items() if not name.startswith(("SITE_", "PRESCREEN_"))
    }
    no_limits = {"CHAT_PER_MINUTE": "0", "ADDRESS_PER_MINUTE": "0"}
    process = subprocess.Popen(
        [sys.executable, "-m", module],
        cwd=ROOT,
        env=outer | no_limits | variables | {"PORT": str(port), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=die_with_parent,
    )
    told = process.stdout
    assert told is not None
    log: list[str] = []
    # A full pipe would stop the process, so that it is read to its end.
    drain = threading.Thread(target=lambda: log.extend(told or ()), daemon=True)

    def wait() -> None:
        for line in told:
            log.append(line)
            if "running on http" in line:
                drain.start()
                return
        raise RuntimeError(f"{module} did not start: {''.join(log)}")

    try:
        yield wait
    finally:
        process.terminate()
        process.wait(10)
        if drain.is_alive():
            drain.join(5)
        told.close()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
