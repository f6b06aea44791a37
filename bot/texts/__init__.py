"""Every sentence a family can read, one set of files a language.

``en.yml`` holds the chat, ``en.web.yml`` the pages; both are merged, so that a
key is found wherever it stands. The texts are data: an ethics board can read
the files without reading code, and a translator works on them alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_HERE = Path(__file__).parent

VOICES = ("parent", "patient", "carer")
"""Who may be writing; a text may be worded for each of them."""


class TextError(LookupError):
    """A text is missing, is no text, or lacks a value that it names."""


class Texts:
    """The texts of one language, looked up by dotted key."""

    def __init__(
        self,
        language: str,
        tree: Mapping[str, Any],
        version: str,
        files: Mapping[str, str] | None = None,
    ) -> None:
        self.language = language
        self.version = version
        self._tree = tree
        self._files = files or {}

    @property
    def tree(self) -> Mapping[str, Any]:
        """All texts, as their files hold them."""
        return self._tree

    def file_of(self, key: str) -> str:
        """The name of the file that a dotted key stands in."""
        return self._files[key.partition(".")[0]]

    def node(self, key: str) -> Any:
        """The value under a dotted key: a text, a list or a mapping.

        A name in the file may hold dots itself, as ``chemotherapy.last`` does.
        Raises TextError where there is none.
        """
        found: Any = self._tree
        parts = key.split(".")
        while parts:
            for end in range(len(parts), 0, -1):
                name = ".".join(parts[:end])
                if isinstance(found, Mapping) and name in found:
                    found, parts = found[name], parts[end:]
                    break
            else:
                raise TextError(f"bot/texts/{self.language}*.yml has no text {key!r}")
        return found

    def has(self, key: str) -> bool:
        """Whether anything stands under the key."""
        try:
            self.node(key)
        except TextError:
            return False
        return True

    def say(self, key: str, voice: str | None = None, /, **values: object) -> str:
        """The text under the key in the voice of ``VOICES``, its ``{placeholders}`` filled from ``values``.

        Raises TextError where the key holds no text or a placeholder has no value.
        """
        text = in_voice(self.node(key), voice)
        if not isinstance(text, str):
            raise TextError(f"bot/texts/{self.language}*.yml: {key!r} is not one text")
        return fill(text, values, key)


def in_voice(node: Any, voice: str | None) -> Any:
    """What a text says to whoever writes: ``{parent: ..., patient: ...}`` has a wording for each voice.

    The parent's wording stands for a voice that has none of its own, and while nobody has said who
    writes. What is worded for no voice is given as it is.
    """
    worded = isinstance(node, Mapping) and "parent" in node and node.keys() <= set(VOICES)
    return node.get(voice, node["parent"]) if worded else node


def fill(text: str, values: Mapping[str, object], where: str) -> str:
    """``text`` with its placeholders filled; TextError names ``where`` if one has no value."""
    try:
        return text.format_map(dict(values)).strip()
    except (KeyError, ValueError, IndexError) as error:
        raise TextError(f"{where!r}: no value for the placeholder {error}") from error


@cache
def load_texts(language: str = "en") -> Texts:
    """The merged texts of a language.

    Raises TextError where the language has no file or two files share a key.
    """
    paths = sorted(_HERE.glob(f"{language}*.yml"))
    if not paths:
        known = ", ".join(known_languages())
        raise TextError(f"bot/texts has no language {language!r}; it has: {known}")
    merged: dict[str, Any] = {}
    files: dict[str, str] = {}
    digest = hashlib.sha256()
    for path in paths:
        raw = path.read_bytes()
        digest.update(raw)
        loaded = yaml.safe_load(raw)
        if not isinstance(loaded, dict):
            raise TextError(f"{path.name}: the top level must be a mapping of keys to texts")
        twice = merged.keys() & loaded.keys()
        if twice:
            raise TextError(f"{path.name}: {', '.join(sorted(twice))} stands in another file too")
        merged.update(loaded)
        files.update(dict.fromkeys(loaded, path.name))
    return Texts(language, merged, digest.hexdigest()[:12], files)


def known_languages() -> list[str]:
    """The codes of the languages that have texts."""
    return sorted({path.name.split(".")[0] for path in _HERE.glob("*.yml")})
