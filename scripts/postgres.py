"""A PostgreSQL server of one's own: started from the installed programs, in a folder that goes away again.

It listens on a socket in that folder and on no port, so that nobody else on the machine meets it. PostgreSQL
refuses to run as root: root lends it the system's user ``postgres``.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url

from scripts.parent import die_with_parent

_START_SECONDS = 60.0


class NoPostgres(Exception):
    """PostgreSQL can't be started here; the text says what is missing."""


def postgres_programs() -> Path:
    """The folder with ``initdb`` and ``postgres``, the newest version first. Raises NoPostgres."""
    installed = Path("/usr/lib/postgresql")
    versions = sorted(
        (path for path in installed.glob("*") if path.name.isdigit()),
        key=lambda path: int(path.name),
        reverse=True,
    )
    on_path = shutil.which("initdb")
    folders = [path / "bin" for path in versions] + ([Path(on_path).resolve().parent] if on_path else [])
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise NoPostgres("PostgreSQL is not installed (no initdb); on Debian: apt-get install postgresql")


class Postgres:
    """A running server. ``durable=False`` lets it lose data in a power cut, for tests that don't look."""

    def __init__(self, *, durable: bool = False) -> None:
        programs = postgres_programs()
        self._user = _lent_user()
        self.folder = Path(tempfile.mkdtemp(prefix="postgres-"))
        if self._user is not None:
            os.chown(self.folder, self._user, -1)
        self._databases = 0
        try:
            options = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
            made = self._run([programs / "initdb", *options, "--pgdata", self.folder / "data"])
            if made.returncode != 0:
                raise NoPostgres(f"initdb failed: {made.stderr.decode(errors='replace')[-300:]}")
            self._process = self._start(programs / "postgres", durable)
            self._wait()
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise

    def url(self, database: str = "postgres") -> str:
        """The address of one of its databases, as settings take it."""
        return f"postgresql://postgres@/{database}?host={self.folder}"

    def new_database(self, template: str = "template1") -> str:
        """The address of a new database, a copy of ``template``."""
        self._databases += 1
        name = f"database_{self._databases}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url(name)

    def drop(self, url: str) -> None:
        """Remove a database and everybody's connections to it."""
        self.execute(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")

    def written(self, url: str) -> bytes:
        """Every byte on disk of one database, and of the server's write-ahead log."""
        self.execute("CHECKPOINT")
        name = make_url(url).database
        with psycopg.connect(self.url()) as connection:
            found = connection.execute("SELECT oid FROM pg_database WHERE datname = %s", [name]).fetchone()
        assert found is not None
        data = self.folder / "data"
        files = [*(data / "base" / str(found[0])).iterdir(), *(data / "pg_wal").iterdir()]
        return b"".join(file.read_bytes() for file in files if file.is_file())

    def execute(self, statement: str) -> None:
        """Run one statement as the owner of everything, outside any transaction."""
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(statement.encode())

    def stop(self) -> None:
        """End it, with all that is connected to it, and remove its folder."""
        # SIGQUIT is PostgreSQL's immediate shutdown: nothing of it is needed any more.
        self._process.send_signal(signal.SIGQUIT)
        try:
            self._process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _start(self, program: Path, durable: bool) -> subprocess.Popen[bytes]:
        switch = "on" if durable else "off"
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.folder),
            "max_connections": "200",
            "fsync": switch,
            "synchronous_commit": switch,
            "full_page_writes": switch,
        }
        command = [str(program), "-D", str(self.folder / "data")]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        with (self.folder / "postgres.log").open("wb") as log:
            return subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                user=self._user,
                extra_groups=None if self._user is None else [],
                cwd=self.folder,
                # A Ctrl-C in the terminal is for the program that uses the database.
                start_new_session=True,
                # Nobody else would ever stop it.
                preexec_fn=die_with_parent,
            )

    def _run(self, command: list[str | Path]) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            command,
            user=self._user,
            extra_groups=None if self._user is None else [],
            cwd=self.folder,
            capture_output=True,
        )

    def _wait(self) -> None:
        end = time.monotonic() + _START_SECONDS
        pause = threading.Event()
        while True:
            if self._process.poll() is not None or time.monotonic() > end:
                self._process.kill()
                log = (self.folder / "postgres.log").read_text(errors="replace")
                raise NoPostgres(f"PostgreSQL did not start: {log[-300:]}")
            try:
                psycopg.connect(self.url(), connect_timeout=5).close()
                return
            except psycopg.OperationalError:
                pause.wait(0.05)


def _lent_user() -> int | None:
    """The user that the server runs as, where it can't be the caller's own. Raises NoPostgres."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres").pw_uid
    except KeyError:
        raise NoPostgres("PostgreSQL does not run as root, and there is no user postgres") from None
