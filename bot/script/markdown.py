"""The script as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.approval.keeping import comment
from bot.script.document import Block, Example, Facts, Heading, Line, Paragraph, Quote, Script, Tree

_SPECIAL = re.compile(r"([\\`*\[\]<>]|(?<!\w)_|_(?!\w))")


def as_markdown(script: Script) -> str:
    """The whole script; its content stands packed in a comment at the end."""
    return "\n".join(_document(script)) + "\n"


def _document(script: Script) -> Iterator[str]:
    yield f"# {_plain(script.title)}\n"
    yield f"{_plain(script.subtitle)}\n"
    yield from (f"{_plain(paragraph)}\n" for paragraph in script.intro)
    yield f"## {_plain(script.facts_title)}\n"
    yield from _rows(script.facts)
    yield f"## {_plain(script.words.contents)}\n"
    yield from (f"- [{_plain(part.title)}](#{part.id})" for part in script.parts)
    for part in script.parts:
        yield f'\n<a id="{part.id}"></a>\n\n## {_plain(part.title)}\n'
        if part.about:
            yield f"{_plain(part.about)}\n"
        for block in part.blocks:
            yield from _block(block, script)
    yield ""
    yield comment(script.content)


def _block(block: Block, script: Script) -> Iterator[str]:
    match block:
        case Heading():
            yield f"### {_plain(block.text)}\n"
        case Paragraph():
            yield f"{_plain(block.text)}\n"
        case Facts():
            yield from _rows(block.rows)
        case Quote():
            yield f"{_plain(block.title)}:\n"
            yield from _quoted(block.text)
        case Example():
            yield f"**{_plain(block.title)}**\n"
            yield from _quoted(block.text)
        case Tree():
            yield f"{_plain(block.title)}:\n"
            yield from (f"{'  ' * depth}- {_plain(text)}" for depth, text in block.lines)
            yield ""
            if block.reason:
                yield f"{_plain(script.words.reason)}: {_plain(block.reason)}\n"
        case Line():
            yield from _line(block, script)


def _line(line: Line, script: Script) -> Iterator[str]:
    grade = script.words.no_grade if line.grade is None else f"{script.words.grade} {line.grade:.1f}"
    role = f"*{_plain(line.role)}* · " if line.role else ""
    yield f"{role}`{line.name}` · `{line.file}` · {grade}\n"
    for who, text in line.voices:
        yield from _quoted(f"({who}) {text}" if who else text)


def _rows(rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    for name, value in rows:
        yield f"- {_plain(name)}: {_plain(value)}"
    yield ""


def _quoted(text: str) -> Iterator[str]:
    """A block quote that keeps its lines; two quotes in a row stay two."""
    yield "\n".join(f"> {_plain(line)}  ".rstrip() + ("  " if line else "") for line in text.splitlines())
    yield ""


def _plain(text: str) -> str:
    """Words as they stand, whatever signs are in them."""
    return _SPECIAL.sub(r"\\\1", text)
