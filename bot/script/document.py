"""The script as a document: parts of blocks, which Markdown, HTML and PDF each lay out in their way."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.approval.content import Content


@dataclass(frozen=True)
class Line:
    """One text with all that is known of it.

    name    language or trial, and key
    file    the file that it stands in
    voices  the text as each voice reads it: [who, text]; one entry without a name where all read the same
    grade   reading grade, the highest of the voices; None for what is no sentence
    role    what the text is for, where its place does not say
    language the language that it is in
    """

    name: str
    file: str
    voices: tuple[tuple[str, str], ...]
    grade: float | None
    role: str = ""
    language: str = "en"


@dataclass(frozen=True)
class Heading:
    """A heading inside a part."""

    text: str


@dataclass(frozen=True)
class Paragraph:
    """A sentence or two of the document's own."""

    text: str


@dataclass(frozen=True)
class Facts:
    """Names and values."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Quote:
    """Words of the source: a quotation."""

    title: str
    text: str


@dataclass(frozen=True)
class Tree:
    """A rule in words: lines with how deep each stands."""

    title: str
    lines: tuple[tuple[int, str], ...]
    reason: str = ""


@dataclass(frozen=True)
class Example:
    """A whole message as a family would get it."""

    title: str
    text: str


Block = Line | Heading | Paragraph | Facts | Quote | Tree | Example


@dataclass(frozen=True)
class Part:
    """One section of the script."""

    id: str
    title: str
    about: str
    blocks: tuple[Block, ...]

    def lines(self) -> tuple[Line, ...]:
        """The texts of the part."""
        return tuple(block for block in self.blocks if isinstance(block, Line))


@dataclass(frozen=True)
class Words:
    """The document's own words that every form needs."""

    contents: str
    key: str
    grade: str
    no_grade: str
    reason: str
    pdf_gap: str
    footer: str


@dataclass(frozen=True)
class Script:
    """Everything that a family of one trial can be shown."""

    trial: str
    title: str
    subtitle: str
    intro: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    facts_title: str
    parts: tuple[Part, ...]
    hash: str
    content: Content = field(repr=False)
    words: Words = field(repr=False)
