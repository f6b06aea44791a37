"""Builds the program's environments: `make setup` runs this with any Python from 3.9 on.

    .venv-tools   uv, which builds the others
    .venv         the program, its tests and tools (Python 3.12 or newer)
    .venv-rasa    Rasa Open Source (Python 3.10, which it needs)

Only the standard library is used. All packages are pinned with hashes in `requirements/`. An environment
carries a stamp of what it was built from, so that nothing is done when nothing has changed. Every failure is
one sentence that says what to do.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOG = Path(os.environ.get("PRESCREEN_HOME") or ROOT / "var") / "logs" / "setup.log"
Version = tuple[int, int]
APP_VERSIONS = ((3, 12), (3, 13))
RASA_VERSIONS = ((3, 10),)


class SetupError(Exception):
    """The text is one sentence for the person at the terminal."""


def say(line: str) -> None:
    """A line of progress."""
    print(line, flush=True)


def run(command: list[str | Path], meaning: str) -> str:
    """Run a command quietly; its output goes to the log. Raises SetupError naming `meaning` when it fails."""
    LOG.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    done = subprocess.run(
        [str(part) for part in command],
        cwd=str(ROOT),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    with LOG.open("a", encoding="utf-8") as log:
        log.write(f"$ {' '.join(map(str, command))}\n{done.stdout}\n")
    if done.returncode == 0:
        return done.stdout
    said = done.stdout.lower()
    network = (
        "dns",
        "connect",
        "resolve",
        "network",
        "timed out",
        "retries",
        "unreachable",
        "failed to fetch",
        "no matching distribution",
    )
    if "hash" in said and "mismatch" in said:
        why = "a package is not the one that was pinned; do not go on, and tell the project"
    elif any(word in said for word in network):
        why = "packages could not be fetched; check the network connection and run the command again"
    elif "no space left" in said:
        why = "the disk is full; make room and run the command again"
    else:
        why = "run the command again, and if it fails again look into the log"
    raise SetupError(f"{meaning} failed: {why} (details: {LOG}).")


def version_of(python: str | Path) -> Version | None:
    """The version of an interpreter that really runs, else None: pyenv's shims exist without their Python."""
    code = "import sys, venv; print(*sys.version_info[:2])"
    try:
        out = subprocess.run(
            [str(python), "-c", code],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=30,
            check=True,
        ).stdout.split()
        return int(out[0]), int(out[1])
    except (OSError, ValueError, IndexError, subprocess.SubprocessError):
        return None


def candidates(versions: tuple[Version, ...]) -> Iterator[Path]:
    """Interpreters that may have one of the versions: on PATH, then pyenv's, then the usual folders."""
    for major, minor in versions:
        name = f"python{major}.{minor}"
        found = shutil.which(name)
        if found:
            yield Path(found)
        roots = [Path(os.environ["PYENV_ROOT"])] if os.environ.get("PYENV_ROOT") else []
        for root in [*roots, Path.home() / ".pyenv"]:
            for version in sorted(root.glob(f"versions/{major}.{minor}*"), reverse=True):
                yield version / "bin" / "python"
        for folder in ("/usr/local/bin", "/usr/bin", "/opt/homebrew/bin"):
            yield Path(folder) / name
    yield Path(sys.executable)


def find_python(versions: tuple[Version, ...], uv: Path, variable: str) -> Path:
    """A running interpreter of one of the versions; uv brings one where the machine has none."""
    named = os.environ.get(variable)
    if named:
        if version_of(named) not in versions:
            raise SetupError(f"{variable}={named} is not a Python {words(versions)} that runs.")
        return Path(named)
    for path in candidates(versions):
        if path.exists() and version_of(path) in versions:
            return path
    wanted = "{}.{}".format(*versions[0])
    say(f"Fetching Python {wanted} ...")
    try:
        run([uv, "python", "install", wanted], f"Fetching Python {wanted}")
        return Path(run([uv, "python", "find", wanted], f"Finding Python {wanted}").strip().splitlines()[-1])
    except SetupError:
        raise SetupError(
            f"Python {words(versions)} was not found and could not be fetched: install it (for example "
            f"`pyenv install {wanted}`), or set {variable} to its path, and run the command again."
        ) from None


def words(versions: tuple[Version, ...]) -> str:
    """Versions as a person says them: 3.12 or 3.13."""
    return " or ".join("{}.{}".format(*version) for version in versions)


def digest(*names: str) -> str:
    """A hash of requirement files, this script, and the repository's place, whose path the commands hold."""
    total = hashlib.sha256(str(ROOT).encode() + Path(__file__).read_bytes())
    for name in names:
        total.update((ROOT / "requirements" / name).read_bytes())
    return total.hexdigest()


def is_built(venv: Path, stamp: dict[str, str | None]) -> bool:
    """Whether the environment was built from just this, and its interpreter is still there."""
    try:
        told = json.loads((venv / "stamp.json").read_text())
    except (OSError, ValueError):
        return False
    return bool(told == stamp) and version_of(venv / "bin" / "python") is not None


def finish(venv: Path, stamp: dict[str, str | None]) -> None:
    """The last step of a build: without a stamp, an environment counts as broken and is built anew."""
    (venv / "stamp.json").write_text(json.dumps(stamp))


def build_tools() -> Path:
    """uv in an environment of its own; returns its path."""
    venv = ROOT / ".venv-tools"
    stamp: dict[str, str | None] = {"from": digest("tools.txt")}
    uv = venv / "bin" / "uv"
    if is_built(venv, stamp):
        return uv
    say("Setting up the tools ...")
    for python in [Path(sys.executable), *candidates(APP_VERSIONS + RASA_VERSIONS)]:
        shutil.rmtree(venv, ignore_errors=True)
        # Debian's own Python lacks this part until python3-venv is installed; another Python may have it.
        with contextlib.suppress(SetupError):
            if python.exists():
                run([python, "-m", "venv", venv], "Making an environment")
                break
    else:
        raise SetupError(
            "This Python cannot make environments: install its venv module (on Debian and Ubuntu "
            "`apt-get install python3-venv`) and run the command again."
        )
    pip: list[str | Path] = [
        venv / "bin" / "python",
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ]
    run([*pip, "--require-hashes", "-r", ROOT / "requirements" / "tools.txt"], "Installing the tools")
    finish(venv, stamp)
    return uv


def build(
    folder: str, requirements: str, versions: tuple[Version, ...], variable: str, uv: Path, meaning: str
) -> bool:
    """An environment with exactly the pinned packages. Returns whether it had to be built."""
    venv = ROOT / folder
    stamp = {"from": digest(requirements), "named": os.environ.get(variable)}
    if is_built(venv, stamp):
        return False
    python = find_python(versions, uv, variable)
    say(f"Setting up {meaning} (a minute or two) ...")
    run([uv, "venv", "--quiet", "--clear", "--no-project", "--python", python, venv], f"Making {meaning}")
    install: list[str | Path] = [
        uv,
        "pip",
        "sync",
        "--quiet",
        "--require-hashes",
        "--python",
        venv / "bin" / "python",
    ]
    run([*install, ROOT / "requirements" / requirements], f"Installing {meaning}")
    if folder == ".venv":
        add_program(venv)
    finish(venv, stamp)
    return True


def add_program(venv: Path) -> None:
    """Make `prescreen` a command of the environment; building a package would need the network."""
    site = next((venv / "lib").glob("python3.*/site-packages"))
    (site / "prescreen.pth").write_text(f"{ROOT}\n")
    script = venv / "bin" / "prescreen"
    # Through the shell, since a path with spaces cannot stand behind "#!".
    script.write_text(
        "#!/bin/sh\n"
        '\'\'\'exec\' "$(dirname -- "$(readlink -f -- "$0")")/python" "$0" "$@"\n'
        "' '''\n"
        'import sys\n\nfrom bot.cli import app\n\nsys.argv[0] = "prescreen"\napp()\n'
    )
    script.chmod(0o755)


def main() -> int:
    """Build what is missing. Exit code 1, with one sentence, when that cannot be done."""
    # Where environments of the caller's are active, the tools would otherwise look into those.
    for name in ("VIRTUAL_ENV", "PYTHONHOME", "PYTHONPATH", "UV_PROJECT_ENVIRONMENT"):
        os.environ.pop(name, None)
    with Path(__file__).open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            uv = build_tools()
            built = build(".venv-rasa", "rasa.txt", RASA_VERSIONS, "PYTHON_RASA", uv, "Rasa's environment")
            built |= build(".venv", "dev.txt", APP_VERSIONS, "PYTHON_APP", uv, "the program's environment")
        except SetupError as error:
            print(error, file=sys.stderr)
            return 1
        except KeyboardInterrupt:
            print("Stopped; the next run starts where this one was.", file=sys.stderr)
            return 130
    if built:
        say("Setup is done.")
    return 0


if __name__ == "__main__":
    if sys.version_info < (3, 9):  # noqa: UP036 (the setup runs on whatever Python is found as python3)
        sys.exit("The setup needs Python 3.9 or newer as python3.")
    sys.exit(main())
