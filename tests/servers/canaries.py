"""Finding words that must not be where they are looked for, in every form in which programs write words."""

from __future__ import annotations

import base64
import html
import io
import json
import tarfile
from collections.abc import Iterable, Iterator
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, quote_plus


class Hit(NamedTuple):
    """One word found in one place, and the form in which it stood there."""

    word: str
    form: str
    place: str


def spelled(word: str) -> dict[str, set[bytes]]:
    """Every form of a word whose letters may be upper or lower case, all in lower case."""
    forms: dict[str, set[bytes]] = {}
    for text in {word, word.lower(), word.upper()}:
        plain = text.encode()
        found = {
            "plain": plain,
            "URL": quote(text, safe="").encode(),
            "URL of a form": quote_plus(text).encode(),
            "JSON": json.dumps(text)[1:-1].encode(),
            # A JSON text inside another one, as a tracker's slot in a database's column.
            "JSON twice": json.dumps(json.dumps(text)[1:-1])[1:-1].encode(),
            "HTML": html.escape(text).encode(),
            "Python": repr(plain)[2:-1].encode(),
            "UTF-16 LE": text.encode("utf-16-le"),
            "UTF-16 BE": text.encode("utf-16-be"),
            "Latin": text.encode("latin-1", "replace"),
            "hex": plain.hex().encode(),
        }
        for form, pattern in found.items():
            forms.setdefault(form, set()).add(pattern.lower())
    return forms


def base64_cores(word: str) -> set[bytes]:
    """What of a word's base64 does not depend on its neighbours, for each place that it can begin at."""
    cores = set()
    for text in {word, word.lower(), word.upper()}:
        for offset, depends in ((0, 0), (1, 2), (2, 3)):
            data = bytes(offset) + text.encode()
            end = len(data) // 3 * 4 + len(data) % 3
            cores.add(base64.b64encode(data)[depends:end])
            cores.add(base64.urlsafe_b64encode(data)[depends:end])
    return cores


class Search:
    """Looks for words. It is made once: the forms of all words are worked out at the start."""

    def __init__(self, words: Iterable[str]) -> None:
        self._forms = {word: (spelled(word), base64_cores(word)) for word in words}

    def hits(self, data: bytes, place: str) -> list[Hit]:
        """Every word that stands in these bytes, in each of its forms."""
        lower, unbroken = data.lower(), data.translate(None, b"\r\n")
        found = []
        for word, (forms, cores) in self._forms.items():
            for form, patterns in forms.items():
                if any(pattern in lower for pattern in patterns):
                    found.append(Hit(word, form, place))
            if any(core in unbroken for core in cores):
                found.append(Hit(word, "base64", place))
        return found

    def hits_in_files(self, folders: Iterable[Path]) -> list[Hit]:
        """Every word in the content or the name of any file below the folders; packed files are unpacked."""
        found = []
        for path in sorted({path for folder in folders for path in folder.rglob("*")}):
            found += self.hits(str(path).encode(), f"the name of {path.name}")
            for name, data in _contents(path):
                found += self.hits(data, name)
        return found

    def hits_in_mail(self, content: bytes, place: str) -> list[Hit]:
        """Every word in a mail: as it went over the line, and as a mail program shows it."""
        mail = message_from_bytes(content, policy=default)
        shown = [f"{name}: {value}" for name, value in mail.items()]
        for part in mail.walk():
            if not part.is_multipart():
                shown.append(str(part.get_payload(decode=True), "utf-8", "replace"))
        return self.hits(content, place) + self.hits("\n".join(shown).encode(), f"{place}, as shown")


def _contents(path: Path) -> Iterator[tuple[str, bytes]]:
    if not path.is_file():
        return
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return  # A journal that was done with meanwhile.
    yield path.name, data
    if path.name.endswith(".tar.gz"):
        with tarfile.open(fileobj=io.BytesIO(data)) as packed:
            for member in packed:
                unpacked = packed.extractfile(member)
                if unpacked is not None:
                    yield f"{path.name}:{member.name}", unpacked.read()
