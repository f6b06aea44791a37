"""Trial files on disk: written whole or not at all, and only where the program can read them back."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from criteria.loading import read_trial
from criteria.trial import Trial


def store(path: Path, text: str) -> Trial:
    """Put the text in the file's place, and give the trial that it holds.

    Raises TrialError, and leaves what was there, where the text is no usable trial file.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".import-") as folder:
        # The loader holds the id against the file's name, so the draft bears it too.
        new = Path(folder) / path.name
        new.write_text(text, encoding="utf-8")
        trial = read_trial(new)
        os.replace(new, path)
    return trial
