"""An eligibility text split into its criteria, word for word, with nothing lost."""

from __future__ import annotations

from dataclasses import dataclass

from bot.registry import headings
from bot.registry.outline import Node, outline, unescaped, words_of


@dataclass(frozen=True)
class SplitCriterion:
    """One criterion of a text.

    id      I1, I2, ... for inclusion, E1, ... for exclusion, C1, ... where the text does not say which
    kind    headings.INCLUSION, headings.EXCLUSION or None
    words   its words, a quotation out of the unescaped text
    part    the headings above it that say more than "Inclusion Criteria", with " / " between; or None
    start   where the words begin in the unescaped text
    """

    id: str
    kind: str | None
    words: str
    part: str | None
    start: int

    @property
    def end(self) -> int:
        """Where the words end in the unescaped text."""
        return self.start + len(self.words)


@dataclass(frozen=True)
class Split:
    """A text and what it was split into; ``headings`` are (start, end) of what is no criterion itself."""

    text: str
    criteria: tuple[SplitCriterion, ...]
    headings: tuple[tuple[int, int], ...]

    def lost(self) -> list[str]:
        """The words of the text that no criterion and no heading holds: empty, or the splitting is wrong."""
        spans = [*self.headings, *((one.start, one.end) for one in self.criteria)]
        return [
            word[0]
            for word in words_of(self.text)
            if not any(start <= word.start() and word.end() <= end for start, end in spans)
        ]


@dataclass
class _Found:
    kind: str | None
    part: str | None
    start: int
    end: int
    open: bool = False


def split(eligibility: str) -> Split:
    """The criteria of an eligibility text as the registry sends it."""
    splitter = _Splitter(unescaped(eligibility))
    splitter.read(outline(splitter.text))
    return splitter.result()


class _Splitter:
    """Walks through an outline and keeps the section and the headings that it is under."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.kind: str | None = None
        self.section: str | None = None
        self.sub: str | None = None
        self.choice: _Found | None = None
        self.joins = False
        self.found: list[_Found] = []
        self.headings: list[tuple[int, int]] = []

    def read(self, nodes: list[Node]) -> None:
        """Take in the top level, or what hangs below a section's heading."""
        for number, node in enumerate(nodes):
            line = self.text[node.start : node.end]
            following = nodes[number + 1] if number + 1 < len(nodes) else None
            leads = bool(node.children) or (following is not None and (following.marked or not node.marked))
            section = headings.section_of(line, node.marked, leads)
            if section is not None and not self._inline(section, line, node):
                self._begin(section, node)
            elif section is None and not node.marked:
                self._paragraph(node, line, following)
            elif section is None:
                self._bullet(node, line, [self.section, self.sub])

    def _inline(self, section: headings.Section, line: str, node: Node) -> bool:
        """A bullet with a heading of its own before its words: "EXCLUSION CRITERIA: Patients with ..."."""
        if not node.marked or section.length >= len(line):
            return False
        self.headings.append((node.start, node.start + section.length))
        part = _path([section.part])
        self._add(section.kind, part, node.start + section.length, node.last)
        return True

    def _begin(self, section: headings.Section, node: Node) -> None:
        self.kind, self.section = section.kind, section.part
        self.sub, self.choice, self.joins = None, None, False
        end = node.start + section.length
        self.headings.append((node.start, end))
        if end < node.end:
            self._add(self.kind, _path([self.section]), end, node.end)
        self.read(node.children)

    def _paragraph(self, node: Node, line: str, following: Node | None) -> None:
        before_bullets = bool(node.children) or (following is not None and following.marked)
        if headings.joins_both_sides(line) or headings.joins_on(line):
            self._join(node, headings.joins_both_sides(line))
        elif headings.says_there_are_none(line):
            self.headings.append((node.start, node.last))
        elif headings.is_remark(line) and self._goes_on():
            self.found[-1].end = node.last
        elif before_bullets and headings.leaves_a_choice(line, self.kind) and line.endswith(":"):
            self._add(self.kind, _path([self.section]), node.start, node.last)
            self.sub, self.choice = None, self.found[-1]
        elif headings.is_sub_heading(line, before_bullets, following is None):
            self.sub, self.choice, self.joins = headings.without_colon(line), None, False
            self.headings.append((node.start, node.end))
            self.read(node.children)
        else:
            self.choice = None
            self._add(self.kind, _path([self.section, self.sub]), node.start, node.last)

    def _bullet(self, node: Node, line: str, above: list[str | None]) -> None:
        if headings.joins_both_sides(line) or headings.joins_on(line):
            self._join(node, headings.joins_both_sides(line))
            return
        if headings.says_there_are_none(line) and not node.children:
            self.headings.append((node.start, node.last))
            return
        if self.choice is not None and self.choice is self.found[-1]:
            self.choice.end = node.last
            return
        start = node.start
        prefix = headings.prefix_of(line)
        if prefix is not None:
            above = [*above, prefix[0]]
            self.headings.append((start, start + prefix[1]))
            start, line = start + prefix[1], line[prefix[1] :]
        if not node.children:
            self._add(self.kind, _path(above), start, node.end)
        elif headings.only_leads_in(line, self.kind):
            self.headings.append((start, node.end))
            self._below(node, [*above, headings.without_colon(line)])
        elif not headings.leaves_a_choice(line, self.kind) and headings.names_topics(
            [self.text[child.start : child.end] for child in node.children]
        ):
            self._add(self.kind, _path(above), start, node.end)
            self._below(node, [*above, headings.without_colon(line)])
        else:
            self._add(self.kind, _path(above), start, node.last)

    def _below(self, node: Node, above: list[str | None]) -> None:
        for child in node.children:
            line = self.text[child.start : child.end]
            if not child.marked and headings.is_remark(line) and self._goes_on():
                self.found[-1].end = child.last
            else:
                self._bullet(child, line, above)

    def _goes_on(self) -> bool:
        """Whether there is a criterion before, with nothing but its own words in between."""
        if not self.found:
            return False
        last_heading = max((end for _, end in self.headings), default=0)
        return self.found[-1].end >= last_heading

    def _join(self, node: Node, either: bool) -> None:
        if self._goes_on():
            self.found[-1].end = node.last
            self.joins = either
        else:
            self.headings.append((node.start, node.last))

    def _add(self, kind: str | None, part: str | None, start: int, end: int) -> None:
        last = self.found[-1] if self.found else None
        if last is not None and last.kind == kind and self._goes_on():
            alternative = headings.ends_with_or(self.text[last.start : last.end].splitlines()[-1])
            if self.joins or alternative:
                last.end, self.joins = end, False
                return
        self.joins = False
        self.found.append(_Found(kind, part, start, end))

    def result(self) -> Split:
        """The criteria with their ids, in the order of the text."""
        counts: dict[str, int] = {}
        criteria = []
        for one in self.found:
            letter = {headings.INCLUSION: "I", headings.EXCLUSION: "E"}.get(one.kind or "", "C")
            counts[letter] = counts.get(letter, 0) + 1
            whole = self.text[one.start : one.end]
            words = whole.strip()
            start = one.start + len(whole) - len(whole.lstrip())
            criteria.append(SplitCriterion(f"{letter}{counts[letter]}", one.kind, words, one.part, start))
        return Split(self.text, tuple(criteria), tuple(self.headings))


def _path(above: list[str | None]) -> str | None:
    named = [part for part in above if part]
    return " / ".join(named) or None
