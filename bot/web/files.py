"""Scripts and stylesheets: small, compressed, and kept by browsers for as long as they stay the same.

A page names its files below ``/static/<version>/``, where the version is a hash of all of them. What is found
under it never changes, so that a browser asks once; and since scripts import one another by relative paths, a
page never mixes the scripts of two releases.

Compressed is only what is the same for everybody. A page that holds a secret beside words of whoever asks
must not be: its size would tell of the secret.
"""

import gzip
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import Response

from bot.web.errors import ApiError

router = APIRouter(include_in_schema=False)

STATIC = Path(__file__).parent / "static"
_KINDS = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
_FOR_EVER = "public, max-age=31536000, immutable"
_ASK_EACH_TIME = "no-cache"


@dataclass(frozen=True)
class PublicFile:
    """A file that everybody gets alike."""

    content: bytes
    compressed: bytes
    kind: str
    tag: str


def public_file(text: str, suffix: str) -> PublicFile:
    """The file as it goes out. Whole-line comments and indents are for those who read the source."""
    if suffix in (".js", ".css"):
        text = re.sub(r"^[ \t]*(//.*|/\*[^*]*\*/)\n|^[ \t]+", "", text, flags=re.MULTILINE)
    content = text.encode()
    tag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
    return PublicFile(content, gzip.compress(content, mtime=0), _KINDS[suffix], tag)


class PublicFiles:
    """The files of a folder, read once."""

    def __init__(self, folder: Path = STATIC) -> None:
        paths = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
        self._files = {
            name: public_file(path.read_text(encoding="utf-8"), path.suffix) for name, path in paths.items()
        }
        marks = "".join(f"{name} {file.tag}\n" for name, file in sorted(self._files.items()))
        self.version = hashlib.sha256(marks.encode()).hexdigest()[:12]

    def __getitem__(self, name: str) -> PublicFile:
        """The file of this name. Raises KeyError."""
        return self._files[name]

    def names(self, folder: str) -> list[str]:
        """The names below a folder, in order."""
        return sorted(name for name in self._files if name.startswith(f"{folder}/"))


@router.api_route("/static/{name:path}", methods=["GET", "HEAD"])
async def static_file(request: Request, name: str) -> Response:
    """A file, by its plain name or by that below the version."""
    files: PublicFiles = request.app.state.files
    first, _, rest = name.partition("/")
    versioned = re.fullmatch("[0-9a-f]{12}", first) is not None
    try:
        found = files[rest if versioned else name]
    except KeyError:
        raise ApiError(404, "not_found", "web.error.not_found") from None
    # A page of an earlier release, still open, gets today's file, and does not keep it.
    return give_out(request, found, _FOR_EVER if first == files.version else _ASK_EACH_TIME)


def give_out(request: Request, file: PublicFile, caching: str) -> Response:
    """The file, compressed where the browser can read that; 304 where it has it already."""
    headers = {"Cache-Control": caching, "ETag": file.tag, "Vary": "Accept-Encoding"}
    known = [tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")]
    if file.tag in known:
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", "") and len(file.compressed) < len(file.content):
        headers["Content-Encoding"] = "gzip"
        return Response(file.compressed, media_type=file.kind, headers=headers)
    return Response(file.content, media_type=file.kind, headers=headers)
