"""Contents as files: read out of any printed script, and kept so that a later start can say what differs.

A script in HTML or Markdown carries its content in a comment, as JSON that is packed (zlib, base64); a JSON
script holds it openly. Nothing else of such a file is read.
"""

from __future__ import annotations

import base64
import json
import os
import re
import textwrap
import zlib
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from bot.approval.content import FORMAT, Content, Entry, fingerprint

_MARK = "prescreen-script:"
_PACKED = re.compile(rf"{_MARK}\s([A-Za-z0-9+/=\s]+)-->")
_MOST_BYTES = 50_000_000


class UnreadableScript(ValueError):
    """A file out of which no script can be read; the text is one sentence."""


def comment(entries: Sequence[Entry]) -> str:
    """The comment that carries a content in HTML and Markdown."""
    packed = base64.b64encode(zlib.compress(_dumped(entries), 9)).decode()
    return f"<!-- {_MARK}\n{'\n'.join(textwrap.wrap(packed, 118))}\n-->"


def read_script(path: Path) -> Content:
    """The content that a printed script holds: JSON, HTML or Markdown. Raises UnreadableScript."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise UnreadableScript(f"{path} can't be read as a script; a PDF can't be compared.") from None
    found = _PACKED.search(text)
    try:
        told = json.loads(_unpacked(found[1]) if found else text)
        if told["format"] != FORMAT:
            raise ValueError
        entries = tuple(Entry(*map(str, entry)) for entry in told["content"])
    except (ValueError, TypeError, KeyError, zlib.error):
        raise UnreadableScript(f"{path} holds no script of this program.") from None
    return entries


def keep(entries: Sequence[Entry], home: Path) -> None:
    """Keep a content under its hash. Where that can't be done, a later start can say less; that is all."""
    path = _kept(home, fingerprint(entries))
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with suppress(OSError):
        if path.exists():
            return
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft.write_bytes(_dumped(entries))
        draft.replace(path)


def kept(home: Path, approved: str) -> Content | None:
    """The content of this hash, where it was printed or started here before and is still whole."""
    with suppress(UnreadableScript):
        entries = read_script(_kept(home, approved))
        if fingerprint(entries) == approved:
            return entries
    return None


def _kept(home: Path, hash_: str) -> Path:
    return home / "scripts" / f"{hash_}.json"


def _dumped(entries: Sequence[Entry]) -> bytes:
    told = {"format": FORMAT, "content": [list(entry) for entry in entries]}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def _unpacked(packed: str) -> bytes:
    return zlib.decompressobj().decompress(base64.b64decode("".join(packed.split())), _MOST_BYTES)
