"""One run: a site, a web process and workers that are killed all the time, families that press send."""

import base64
import os
import secrets
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO

from bot.leads.database import Store
from bot.settings import Settings
from scripts.kill_test.families import Families
from scripts.kill_test.report import Report, compare, not_delivered
from scripts.postgres import Postgres

ROOT = Path(__file__).parents[2]
_DRAIN_SECONDS = 600.0
_STILL_SECONDS = 240.0
_WORD_SECONDS = 15.0


class Nursery:
    """A process that starts and kills lives of one role."""

    def __init__(self, role: str, seed: str, env: dict[str, str], log: IO[bytes]) -> None:
        self.role = role
        self.kills = 0
        self.ends = 0
        self._process = _start(["scripts.kill_test.nursery", role, seed], env, log)
        self._reader = threading.Thread(target=self._count, daemon=True)

    def begin(self) -> int:
        """Wait until it has read the program; the port that its web process listens on."""
        port = int(_line(self._process).split()[1])
        self._reader.start()
        return port

    def spare(self) -> None:
        """Let the present life live on."""
        assert self._process.stdin is not None
        self._process.stdin.write("spare\n")
        self._process.stdin.flush()

    def stop(self) -> None:
        """End the life and the nursery."""
        _stop(self._process)
        if self._reader.is_alive():
            self._reader.join(10)

    def _count(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.kills += line == "kill\n"
            self.ends += line == "end\n"


def run(
    database: str,
    leads: int,
    kills: int,
    seed: str,
    *,
    workers: int,
    at_once: int = 6,
    say: Callable[[str], None] = lambda line: None,
) -> Report:
    """Send ``leads`` leads under at least ``kills`` kills on ``sqlite`` or ``postgresql``.

    Raises NoPostgres where there is none. The files of a run that failed stay, and the report says where.
    """
    began = time.monotonic()
    with ExitStack() as stack:
        folder = tempfile.TemporaryDirectory(prefix="kill-test-")
        home = Path(folder.name)
        secret = "whsec_" + base64.b64encode(secrets.token_bytes(24)).decode()
        log = stack.enter_context((home / "processes.log").open("wb"))
        env = {name: value for name, value in os.environ.items() if name.lower() not in _OURS}
        env |= {"PRESCREEN_HOME": str(home), "SITE_WEBHOOK_SECRET": secret, "CHAT_PER_MINUTE": "0"}
        env |= {"ADDRESS_PER_MINUTE": "0", "LOG_LEVEL": "ERROR"}
        if database == "postgresql":
            server = Postgres(durable=True)
            stack.callback(server.stop)
            env["DATABASE_URL"] = server.new_database()
        journal = home / "journal"
        site = _start(["scripts.kill_test.site", str(journal), secret, seed], env, log)
        stack.callback(_stop, site)
        env["SITE_FORM_URL"] = f"http://127.0.0.1:{int(_line(site))}/leads"
        settings = Settings.from_env(env)
        settings.session_key()
        store = Store(settings.database_url)
        stack.callback(store.close)

        roles = ["web", *["worker"] * workers]
        nurseries = []
        for number, role in enumerate(roles):
            nurseries.append(Nursery(role, f"{seed}-{role}-{number}", env, log))
            stack.callback(nurseries[-1].stop)
        # Started together, since each of them takes a while.
        ports = [nursery.begin() for nursery in nurseries]

        def may_come(number: int) -> bool:
            # Spread over the kills, with a few ahead: otherwise a quick machine is done before it is hurt.
            return (number - 4 * at_once) * kills <= _killed(nurseries) * leads

        families = Families(settings, store, f"http://127.0.0.1:{ports[0]}", leads, at_once, may_come)
        families.start()
        _under_fire(families, nurseries, kills, store, say)
        for nursery in nurseries:
            nursery.spare()
        _wait_until_delivered(store, families)

        killed = {
            role: sum(one.kills for one in nurseries if one.role == role) for role in dict.fromkeys(roles)
        }
        report = compare(database, leads, killed, families.told, store, journal)
        report.seconds = time.monotonic() - began
        ends = sum(nursery.ends for nursery in nurseries)
        if ends:
            report.failures.append(f"{ends} processes ended by themselves")
        if report.failures:
            kept = home.with_name(home.name + "-failed")
            home.rename(kept)
            report.failures.append(f"what was written is kept in {kept}")
            home.mkdir()
        stack.callback(folder.cleanup)
        return report


_OURS = frozenset(Settings.model_fields)


def _killed(nurseries: Sequence[Nursery]) -> int:
    return sum(nursery.kills for nursery in nurseries)


def _under_fire(
    families: Families, nurseries: Sequence[Nursery], kills: int, store: Store, say: Callable[[str], None]
) -> None:
    """Until every family was told, nearly everything is delivered, and enough was killed.

    It ends, too, where something is wrong already or nothing moves any more: the report then says what.
    """
    pause = threading.Event()
    began = moved = time.monotonic()
    words, last = 0, (0, 0)
    while True:
        pause.wait(0.5)
        told, waiting, killed = len(families.told.references), not_delivered(store), _killed(nurseries)
        moment = time.monotonic()
        if (told, waiting) != last:
            last, moved = (told, waiting), moment
        enough = families.done and killed >= kills and waiting <= families.leads // 50
        if enough or families.told.wrong or (killed >= kills and moment - moved > _STILL_SECONDS):
            return
        if (moment - began) // _WORD_SECONDS > words:
            words += 1
            say(f"    {told:,} told, {waiting:,} waiting, {killed:,} kills")


def _wait_until_delivered(store: Store, families: Families) -> None:
    """Give what is left its time: it ends early where nothing is left or something is wrong already."""
    end = time.monotonic() + _DRAIN_SECONDS
    pause = threading.Event()
    while not_delivered(store) and time.monotonic() < end and not families.told.wrong:
        pause.wait(0.2)


def _start(arguments: list[str], env: dict[str, str], log: IO[bytes]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", *arguments],
        cwd=ROOT,
        env=env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
        # A Ctrl-C in the terminal is for the run itself, which then ends them.
        start_new_session=True,
    )


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise RuntimeError("a process of the kill test could not start")
    return line


def _stop(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.close()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
