"""Text that a YAML file shares by anchors (``&name``), kept when the part that holds it changes."""

from __future__ import annotations

from itertools import count

import yaml

Span = tuple[int, int]
"""Where a part of a text begins and ends, in characters."""


def with_shared_text(old: str, old_part: Span, new: str, new_part: Span) -> str:
    """The new text, in which what other parts took from the old part still says the same.

    An anchor of the old part that the new one lacks or has changed is set anew at its first use after it,
    under another name where the new part has this one still.
    """
    text = new
    for name, meant in _anchors(old, *old_part).items():
        there = _anchors(text, *new_part)
        if there.get(name) == meant:
            continue
        fresh = _fresh(name, text) if name in there else name
        uses = [(start, stop) for used, start, stop in _alias_places(text, new_part[1]) if used == name]
        for number, (start, stop) in reversed(list(enumerate(uses))):
            anew = (
                f"*{fresh}"
                if number
                else f"&{fresh}" + _moved(old, meant, text, start).removeprefix(f"&{name}")
            )
            text = text[:start] + anew + text[stop:]
    return text


def _fresh(name: str, text: str) -> str:
    """A name for an anchor that the text does not have yet."""
    return next(f"{name}_{number}" for number in count(2) if f"&{name}_{number}" not in text)


def _anchors(text: str, start: int, end: int) -> dict[str, str]:
    """The anchors set between two places, each with its whole text from the ``&`` on."""
    found: dict[str, str] = {}
    opened: list[tuple[str | None, int]] = []
    last = start
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            assert event.start_mark is not None
            assert event.end_mark is not None
            at, after = int(event.start_mark.index), int(event.end_mark.index)
            if isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
                opened.append((event.anchor, at))
            elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
                anchor, began = opened.pop()
                # A bracket ends itself; what is told apart by indentation ends with its last text.
                last = after if text[at:after] else last
                if anchor is not None and start <= began < end:
                    found[anchor] = text[began:last].rstrip()
            elif isinstance(event, yaml.ScalarEvent | yaml.AliasEvent):
                last = after
                if isinstance(event, yaml.ScalarEvent) and event.anchor is not None and start <= at < end:
                    found[event.anchor] = text[at:last].rstrip()
    except yaml.YAMLError:
        # The text is refused with this error when it is loaded.
        return found
    return found


def _alias_places(text: str, after: int) -> list[tuple[str, int, int]]:
    """The aliases behind a place: name, start and end."""
    try:
        return [
            (str(token.value), int(token.start_mark.index), int(token.end_mark.index))
            for token in yaml.scan(text, Loader=yaml.SafeLoader)
            if isinstance(token, yaml.AliasToken) and token.start_mark.index >= after
        ]
    except yaml.YAMLError:
        return []


def _moved(raw: str, meant: str, text: str, start: int) -> str:
    """An anchored text as it stands at another place: its further lines indented as that place is."""
    step = _indent_at(text, start) - _indent_at(raw, raw.index(meant))
    first, *rest = meant.splitlines(keepends=True)
    return first + "".join(
        (" " * step + line if step >= 0 else line[min(-step, len(line) - len(line.lstrip(" "))) :])
        if line.strip()
        else line
        for line in rest
    )


def _indent_at(text: str, at: int) -> int:
    line = text[text.rfind("\n", 0, at) + 1 : at]
    return len(line) - len(line.lstrip(" "))
