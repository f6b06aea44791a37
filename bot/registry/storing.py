"""Trial files on disk: written whole or not at all, one writer at a time, and only what can be read back."""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from criteria.loading import trial_in
from criteria.trial import Trial


def store(path: Path, text: str) -> Trial:
    """Put the text in the file's place, and give the trial that it holds.

    Raises TrialError, and leaves what was there, where the text is no usable trial file.
    """
    trial = trial_in(text, path.name)
    path.parent.mkdir(parents=True, exist_ok=True)
    write(path, text)
    return trial


def write(path: Path, text: str) -> None:
    """Put the text in the file's place, whole or not at all. Raises OSError."""
    # The name does not end as a trial file's does, so that nobody takes it for one.
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        with draft.open("xb") as file:
            file.write(text.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, draft)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keeps every other program from changing a trial file of the folder: a review and a sync may meet."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
