"""The packages that are measured or measure: fetched with npm, pinned by number, checked by their hash.

Nothing of them is kept in the repository. They lie under a folder of the bench's own, and a second run finds
them there.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import shutil
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path

from scripts.bench.programs import BenchError

_FETCH_SECONDS = 300


@dataclass(frozen=True)
class Package:
    """One release: name and number, its hash as npm's lock files have it, the one file used of it."""

    name: str
    version: str
    integrity: str
    file: str

    @property
    def archive(self) -> str:
        """The name that `npm pack` gives its archive."""
        return f"{self.name.removeprefix('@').replace('/', '-')}-{self.version}.tgz"


DEEP_CHAT = Package(
    "deep-chat",
    "2.4.2",
    "sha512-wQNd6Z6HDoH7OMeoQKpmxDm9XdWrRjMkBJ2yl5tsYND9Dz2UCv/BdGVM8vK2V0mhO1u+OniHYPWDGvjlNxjCeQ==",
    "dist/deepChat.bundle.js",
)
WEBCHAT = Package(
    "botframework-webchat",
    "4.18.1",
    "sha512-7jpEUJ7olT62Xm+8eh7BhhIcXVfU2xD4pZDaeBt8K4XcNy6K/83UGIxE9BFkXmHMZ4hDEVOzs5cre07GWuaXzg==",
    "dist/webchat.js",
)
AXE = Package(
    "axe-core",
    "4.14.1",
    "sha512-FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==",
    "axe.min.js",
)


def file_of(package: Package, folder: Path) -> bytes:
    """The package's one file; the archive is fetched into the folder where it is not there yet.

    Raises `BenchError` where npm is missing or fails, or where the archive is not the one that was pinned.
    """
    archive = folder / package.archive
    if not archive.exists():
        _fetch(package, folder)
    if not is_whole(archive.read_bytes(), package.integrity):
        archive.unlink()
        raise BenchError(
            f"{package.name} {package.version} is not the release that was pinned; it was thrown away."
        )
    try:
        with tarfile.open(archive) as opened:
            found = opened.extractfile(f"package/{package.file}")
            assert found is not None
            return found.read()
    except (tarfile.TarError, KeyError, AssertionError):
        raise BenchError(f"{package.name} {package.version} has no file {package.file}.") from None


def is_whole(content: bytes, integrity: str) -> bool:
    """Whether these bytes have the hash of an integrity such as ``sha512-...``; other kinds count as no."""
    kind, _, wanted = integrity.partition("-")
    if kind != "sha512":
        return False
    try:
        digest = base64.b64decode(wanted, validate=True)
    except binascii.Error:
        return False
    return hmac.compare_digest(hashlib.sha512(content).digest(), digest)


def _fetch(package: Package, folder: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise BenchError("npm is needed to fetch what is measured: install it and run the command again.")
    folder.mkdir(parents=True, exist_ok=True)
    command = [npm, "pack", "--silent", "--ignore-scripts", f"{package.name}@{package.version}"]
    try:
        ended = subprocess.run(command, cwd=folder, capture_output=True, timeout=_FETCH_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise BenchError(f"npm did not bring {package.name} within {_FETCH_SECONDS} seconds.") from None
    if ended.returncode or not (folder / package.archive).exists():
        raise BenchError(f"npm could not bring {package.name} {package.version}: is there a network?")
