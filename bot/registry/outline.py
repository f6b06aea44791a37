"""The outline of an eligibility text: its lines as a tree of bullets and paragraphs, each with its place.

The registry sends Markdown. Its backslash escapes are taken out first; from then on nothing of the text is
changed, so that whatever stands between two places is a quotation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_LINE = re.compile(
    r"(?P<indent>[ \t]*)"
    r"(?P<marker>(?:[*•◦▪·‣●○+]|\d{1,2}[.)](?=\s)|[a-zA-Z][.)](?=\s)|\(?(?:[ivx]{1,4}|[a-z]|\d{1,2})\)(?=\s)"
    r"|o(?=\s)|-{1,3}(?=\s*[A-Za-z><=≥≤])|[–—](?=\s))\s*)?"
    r"(?P<words>.*)"
)


@dataclass
class Node:
    """A bullet or a paragraph: where its own words stand, and what hangs below it.

    start, end  of its own words in the text, marker and line ends aside
    marked      whether it is a bullet; otherwise it is a paragraph
    """

    indent: int
    start: int
    end: int
    marked: bool
    children: list[Node] = field(default_factory=list)

    @property
    def last(self) -> int:
        """Where the last word of it and all below it ends."""
        return max([self.end, *(child.last for child in self.children)])


def unescaped(text: str) -> str:
    """The text without the backslashes that Markdown needs before signs."""
    return _ESCAPE.sub(r"\1", text)


def outline(text: str) -> list[Node]:
    """The top level of an unescaped text; what is indented hangs below the last line that is less so.

    Lines without a word are left out.
    """
    top: list[Node] = []
    above: list[Node] = []
    offset = 0
    for line in text.split("\n"):
        found = _LINE.fullmatch(line.rstrip())
        if found is not None and re.search(r"\w", found["words"]):
            node = Node(
                indent=len(found["indent"].expandtabs(4)),
                start=offset + found.start("words"),
                end=offset + found.end("words"),
                marked=found["marker"] is not None,
            )
            while above and above[-1].indent >= node.indent:
                above.pop()
            (above[-1].children if above else top).append(node)
            # What is indented below a paragraph is still its own line: "Part A:" and its bullets.
            if node.marked or node.indent == 0:
                above.append(node)
        offset += len(line) + 1
    return top


def words_of(text: str) -> Iterator[re.Match[str]]:
    """Every word of an unescaped text, the numbers of its lists aside."""
    offset = 0
    for line in text.split("\n"):
        found = _LINE.fullmatch(line.rstrip())
        begin = offset + (found.start("words") if found is not None else 0)
        yield from re.compile(r"\w+").finditer(text, begin, offset + len(line))
        offset += len(line) + 1
