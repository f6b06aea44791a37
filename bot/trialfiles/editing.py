"""Changing one criterion of a trial file: every other byte stays, and what could not be loaded is not kept.

The places come from the marks of the YAML nodes, so that comments, order and quoting of everything else are
left alone. Text that other criteria share by an anchor (``&name``) is handed on to the first of them, so that
a change here never changes another criterion.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from bot.registry.storing import locked, write
from bot.trialfiles.anchors import with_shared_text
from criteria import Trial, TrialError
from criteria.loading import trial_in


class EditError(ValueError):
    """A change that was not made; the text says why.

    line  the line of the criterion's own text, counted from 1; None where it is no single one
    """

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


class ChangedMeanwhile(EditError):
    """The criterion is not any more what the reviewer saw."""


@dataclass(frozen=True)
class Block:
    """The text of one criterion in its file.

    text        its lines without the list's indentation; begins with ``- ``
    first_line  the line of the file where it begins, and ``lines`` how many it has
    """

    id: str
    text: str
    first_line: int
    lines: int

    @property
    def seen(self) -> str:
        """A fingerprint: a change that brings another one along is refused."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:20]


Check = Callable[[str, Block], None]
"""Looks at the whole new text of the file and the new block; raises EditError where it may not be kept."""


def text_of(path: Path) -> str:
    """The text of a trial file, its line ends as they are. Raises EditError where it cannot be read."""
    try:
        return path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise EditError(f"{path.name} cannot be read: {error}") from error


def blocks_in(raw: str) -> dict[str, Block]:
    """The criteria in the text of a trial file by their ids.

    Raises EditError where they are not written line by line.
    """
    return {one.id: one.block() for one in _items(raw)}


def accept(
    path: Path, id_: str, by: str, on: date, seen: str | None = None, check: Check | None = None
) -> None:
    """Note that somebody of the site accepted a criterion as it stands; it is no draft any more.

    Raises EditError, ChangedMeanwhile where ``seen`` is not the criterion's fingerprint any more.
    """
    _edit(path, id_, seen, check, lambda item: (item, item.with_keys({"reviewed": _review(by, on)})))


def leave(
    path: Path, id_: str, reason: str, by: str, on: date, seen: str | None = None, check: Check | None = None
) -> None:
    """Leave a criterion to the study team: its rule goes, the reason stays. Raises as ``accept`` does."""
    if not reason.strip():
        raise EditError("Leaving a criterion to the study team needs a reason.")
    keys = {"reviewed": _review(by, on), "why_not_asked": _quoted(reason)}
    _edit(path, id_, seen, check, lambda item: (item.without("rule").with_keys(keys),))


def change(
    path: Path, id_: str, text: str, by: str, on: date, seen: str | None = None, check: Check | None = None
) -> None:
    """Put another text in a criterion's place, accepted by whoever wrote it. Raises as ``accept`` does."""

    def changed(item: _Item) -> tuple[_Item, ...]:
        written = item.with_text(text)
        return written, written.with_keys({"reviewed": _review(by, on)})

    _edit(path, id_, seen, check, changed)


def _review(by: str, on: date) -> str:
    if not by.strip():
        raise EditError("A review needs the name of who did it.")
    return f"{{by: {_quoted(by)}, on: {on.isoformat()}}}"


def _quoted(text: str) -> str:
    """A text on one line as YAML reads it, whatever signs it has."""
    return json.dumps(" ".join(text.split()), ensure_ascii=False)


@dataclass(frozen=True)
class _Item:
    """One criterion in the text of a file: the characters from ``start`` to ``end``, whole lines."""

    id: str
    raw: str
    start: int
    end: int

    @property
    def lines(self) -> list[str]:
        return self.raw[self.start : self.end].splitlines(keepends=True)

    @property
    def indent(self) -> str:
        first = self.lines[0]
        return first[: len(first) - len(first.lstrip(" "))]

    def block(self) -> Block:
        cut = [line.removeprefix(self.indent) for line in self.lines]
        first = self.raw[: self.start].count("\n") + 1
        return Block(self.id, "".join(cut).replace("\r\n", "\n"), first, len(cut))

    def replaced(self, lines: list[str]) -> _Item:
        text = "".join(lines)
        return _Item(
            self.id, self.raw[: self.start] + text + self.raw[self.end :], self.start, self.start + len(text)
        )

    def with_text(self, text: str) -> _Item:
        end = "\r\n" if self.lines[0].endswith("\r\n") else "\n"
        lines = text.replace("\r\n", "\n").strip("\n").split("\n")
        return self.replaced(
            [f"{self.indent}{line}".rstrip() + end if line.strip() else end for line in lines]
        )

    def without(self, key: str) -> _Item:
        """The criterion without one of its keys; comments before the next key stay."""
        places = self._keys()
        if key not in places:
            return self
        first, last = places[key]
        if first == 0:
            raise EditError(f"{self.id}: put its id first, then this can be changed.", 1)
        return self.replaced([*self.lines[:first], *self.lines[last:]])

    def with_keys(self, keys: dict[str, str]) -> _Item:
        """The criterion with these keys, each on one line below its id; draft and changed are gone."""
        item = self
        for key in ("draft", "changed", *keys):
            item = item.without(key)
        lines = item.lines
        end = "\r\n" if lines[0].endswith("\r\n") else "\n"
        first = item._keys()["id"][1]
        added = [f"{self.indent}  {key}: {value}{end}" for key, value in keys.items()]
        return item.replaced([*lines[:first], *added, *lines[first:]])

    def _keys(self) -> dict[str, tuple[int, int]]:
        """The keys of the criterion: the first of its lines, and the one after its last."""
        text = "".join(line.removeprefix(self.indent) for line in self.lines)
        try:
            root = yaml.compose(_without_aliases(text), Loader=yaml.SafeLoader)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            said = getattr(error, "problem", error)
            raise EditError(f"this is no YAML: {said}", mark.line + 1 if mark else None) from error
        item = root.value[0] if isinstance(root, yaml.SequenceNode) and len(root.value) == 1 else None
        if not isinstance(item, yaml.MappingNode) or item.flow_style:
            raise EditError("This must be one criterion, begun by '- id:', each key on a line of its own.", 1)
        starts = [(key.value, key.start_mark.line) for key, _ in item.value]
        if "id" not in dict(starts) or dict(starts)["id"] != 0:
            raise EditError("The criterion must begin with '- id:'.", 1)
        if len({line for _, line in starts}) < len(starts):
            raise EditError("Each key of the criterion must stand on a line of its own.", 1)
        ends = [line for _, line in starts[1:]] + [len(self.lines)]
        return {name: (line, self._last(line, end)) for (name, line), end in zip(starts, ends, strict=True)}

    def _last(self, first: int, end: int) -> int:
        while end > first + 1 and _aside(self.lines[end - 1]):
            end -= 1
        return end


def _without_aliases(text: str) -> str:
    """The text with its aliases quoted, in place: those to other criteria would be unknown here."""
    found: list[tuple[int, int]] = []
    for token in yaml.scan(text, Loader=yaml.SafeLoader):
        if isinstance(token, yaml.AliasToken):
            found.append((token.start_mark.index, token.end_mark.index))
    for start, end in reversed(found):
        text = f"{text[:start]}x{text[start + 1 : end]}{text[end:]}"
    return text


def _items(raw: str) -> Iterator[_Item]:
    root = yaml.compose(raw, Loader=yaml.SafeLoader)
    listed = next((value for key, value in root.value if key.value == "criteria"), None) if root else None
    if not isinstance(listed, yaml.SequenceNode) or listed.flow_style:
        raise EditError("The criteria must be a list with a line for each: '- id: ...'.")
    lines = raw.splitlines(keepends=True)
    starts = [int(item.start_mark.line) for item in listed.value]
    ends = [*starts[1:], int(listed.end_mark.line)]
    if ends[-1] == starts[-1] or listed.end_mark.index >= len(raw):
        ends[-1] = len(lines)
    for item, first, end in zip(listed.value, starts, ends, strict=True):
        id_ = next((str(value.value) for key, value in item.value if key.value == "id"), None)
        while end > first + 1 and _aside(lines[end - 1]):
            end -= 1
        if id_ is not None:
            yield _Item(id_, raw, sum(map(len, lines[:first])), sum(map(len, lines[:end])))


def _aside(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith("#")


def _edit(
    path: Path,
    id_: str,
    seen: str | None,
    check: Check | None,
    make: Callable[[_Item], tuple[_Item, ...]],
) -> None:
    """Makes a change in steps and keeps the last; errors in the first name the lines she sees."""
    with locked(path.parent):
        raw = text_of(path)
        before = _load(raw, path.name, 0, 0)
        item = next((one for one in _items(raw) if one.id == id_), None)
        if item is None:
            raise EditError(f"{path.stem} has no criterion {id_}.")
        if seen is not None and item.block().seen != seen:
            raise ChangedMeanwhile(f"Somebody else changed {id_} in the meantime. Look at it as it is now.")
        text = raw
        for new in make(item):
            block = new.block()
            text = with_shared_text(raw, (item.start, item.end), new.raw, (new.start, new.end))
            after = _load(text, path.name, block.first_line, block.lines)
            _nothing_else_changed(before, after, id_)
            if check is not None:
                check(text, block)
        try:
            write(path, text)
        except OSError as error:
            raise EditError(f"{path.name} cannot be written: {error.strerror}.") from error


def _load(text: str, file: str, first: int, lines: int) -> Trial:
    """The trial in the text; an error in the criterion's own lines names the line as the reviewer sees it."""
    try:
        return trial_in(text, file)
    except TrialError as error:
        if error.line is None or not first <= error.line < first + lines:
            raise EditError(str(error)) from error
        said = str(error).removeprefix(f"{file}, line {error.line}: ")
        if isinstance(error.__cause__, yaml.MarkedYAMLError):
            said = f"this is no YAML: {error.__cause__.problem}"
        raise EditError(said, error.line - first + 1) from error


def _nothing_else_changed(before: Trial, after: Trial, id_: str) -> None:
    old = [(one.id, None if one.id == id_ else one) for one in before.criteria]
    new = [(one.id, None if one.id == id_ else one) for one in after.criteria]
    if old != new:
        raise EditError(f"The text must stay one criterion, {id_}, and change no other one.")
