"""The trained Rasa model: named after what it was trained on, made only when that changes."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from bot.supervisor.places import ROOT, StackError, private_folder, rasa_python

#: How many models stay: the current one, and one to go back to.
KEPT_MODELS = 2


def training_files() -> list[Path]:
    """Every file that the model depends on; the pinned requirements stand for Rasa's version."""
    names = ["config.yml", "domain.yml", "requirements/rasa.txt"]
    return [ROOT / name for name in names] + sorted((ROOT / "data").rglob("*.yml"))


def fingerprint() -> str:
    """A short hash of all training files' names and contents."""
    digest = hashlib.sha256()
    for path in training_files():
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def ensure_model(models: Path, log: Path, say: Callable[[str], None] = lambda line: None) -> Path:
    """The model for the files as they are, trained now if there is none yet.

    Raises `StackError` when the training fails; the old models stay as they were.
    """
    model = models / f"{fingerprint()}.tar.gz"
    if model.exists():
        return model
    private_folder(models)
    private_folder(log.parent)
    with _one_at_a_time(models / "training.lock"):
        if not model.exists():
            say("Training the language model (about half a minute) ...")
            _train(model, log)
            _forget_old_models(models)
    return model


def _train(model: Path, log: Path) -> None:
    """Train into a folder beside the models and move the finished file into place in one step."""
    with tempfile.TemporaryDirectory(prefix=".training-", dir=model.parent) as folder:
        env = os.environ | {
            "RASA_TELEMETRY_ENABLED": "false",
            "RASA_CACHE_DIRECTORY": f"{folder}/cache",
            "TF_CPP_MIN_LOG_LEVEL": "3",
            # Only read when a server starts; the endpoints file names them.
            "ACTIONS_URL": "http://127.0.0.1",
            "TRACKER_DATABASE_URL": "sqlite://",
        }
        command = [str(rasa_python()), "-m", "rasa", "train", "--out", folder, "--fixed-model-name", "model"]
        with log.open("wb") as output:
            log.chmod(0o600)
            done = subprocess.run(
                command,
                cwd=ROOT,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                check=False,
            )
        trained = Path(folder) / "model.tar.gz"
        if done.returncode != 0 or not trained.exists():
            raise StackError(f"Training the language model failed; what Rasa said is in {log}.")
        trained.replace(model)


@contextlib.contextmanager
def _one_at_a_time(lock: Path) -> Iterator[None]:
    """Let a second start wait for the first one's training instead of doing it twice."""
    with lock.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _forget_old_models(models: Path) -> None:
    """Keep the newest models, and drop what a killed training left behind."""
    newest = sorted(models.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in newest[KEPT_MODELS:]:
        old.unlink(missing_ok=True)
    for left in models.glob(".training-*"):
        shutil.rmtree(left, ignore_errors=True)
