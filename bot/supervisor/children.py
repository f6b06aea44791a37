"""One child process: started in a group of its own, its output in a bounded log file, its death noticed."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from bot.supervisor import keeper as keeper_script
from bot.supervisor.places import ROOT, StackError

#: A log file is turned over at this size, and one old file is kept.
LOG_LIMIT = 1_000_000


class LogFile:
    """A file that lines are added to; past `LOG_LIMIT` it becomes `.1` and a new one begins."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: IO[bytes] = path.open("ab")
        path.chmod(0o600)

    def write(self, line: bytes) -> None:
        """Add a line; a full disk must not stop the chat, so errors are swallowed."""
        with contextlib.suppress(OSError, ValueError):
            if self._file.tell() > LOG_LIMIT:
                self._file.close()
                self.path.replace(self.path.with_suffix(self.path.suffix + ".1"))
                self._file = self.path.open("ab")
                self.path.chmod(0o600)
            self._file.write(line)
            self._file.flush()


class Keeper:
    """The small process that stops the children when the supervisor itself is killed."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-E", "-S", str(keeper_script.__file__)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            text=True,
        )

    def tell(self, line: str) -> None:
        """Name a process group to the keeper, or tell it that its work is done."""
        assert self.process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.write(line + "\n")
            self.process.stdin.flush()

    def dismiss(self) -> None:
        """Let the keeper go, after the children were stopped."""
        self.tell("done")
        assert self.process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        try:
            self.process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Child:
    """A running child process and everything that it starts, in one process group."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        env: Mapping[str, str],
        log: Path,
        keeper: Keeper,
        grace: float = 6.0,
    ) -> None:
        self.name = name
        self.log = log
        self.grace = grace
        try:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=dict(env),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                # Databases and keys are for their owner's eyes.
                umask=0o077,
            )
        except OSError as error:
            raise StackError(f"The {name} process could not be started ({error.strerror}).") from None
        keeper.tell(str(self.process.pid))
        self._reader = threading.Thread(target=self._copy_output, args=(LogFile(log),), daemon=True)
        self._reader.start()

    def _copy_output(self, log: LogFile) -> None:
        assert self.process.stdout is not None
        with contextlib.suppress(ValueError):
            for line in self.process.stdout:
                log.write(line)

    def is_dead(self) -> bool:
        """Whether the process has ended. It is not reaped, so that its group's number stays its own."""
        if self.process.returncode is not None:
            return True
        try:
            return os.waitid(os.P_PID, self.process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
        except ChildProcessError:
            return True

    def signal_group(self, number: signal.Signals) -> None:
        """Send a signal to the child and to all that it started, while it has not been reaped."""
        if self.process.returncode is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, number)

    def reap(self) -> None:
        """Kill what is left of the group and collect the child."""
        self.signal_group(signal.SIGKILL)
        self.process.wait()
        self._reader.join(timeout=2)


def stop_all(children: Sequence[Child], grace: float | None = None) -> None:
    """Ask all children to stop, wait a little, then kill what is left, grandchildren included.

    Each has its own time to end, at most ``grace`` seconds where that is given.
    """
    for child in children:
        child.signal_group(signal.SIGTERM)
    start = time.monotonic()
    for child in sorted(children, key=lambda child: child.grace):
        longest = child.grace if grace is None else min(child.grace, grace)
        while not child.is_dead() and time.monotonic() < start + longest:
            time.sleep(0.05)
    for child in children:
        child.reap()
