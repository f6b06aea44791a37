"""Edits in a YAML text at the places of its nodes: every other line, comment and blank stays as it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml


@dataclass
class Edits:
    """Changes to one YAML text whose top is a mapping, collected and then made together."""

    text: str
    _made: list[tuple[int, int, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Raises yaml.YAMLError where the text is no YAML."""
        root = yaml.compose(self.text, Loader=yaml.SafeLoader)
        if not isinstance(root, yaml.MappingNode):
            raise yaml.YAMLError("the file is no mapping")
        self.root: yaml.Node = root

    def replace(self, node: yaml.Node, words: str) -> None:
        """Put words in the place of a node; further lines get the node's indent."""
        begin, column = node.start_mark.index, node.start_mark.column
        self._made.append((begin, self._end(node), _indented(words, column)))

    def insert_after_value(self, mapping: yaml.Node, key: str, words: str) -> None:
        """Put another entry behind that of a key in a mapping."""
        value, column = value_of(mapping, key), mapping.start_mark.column
        if value is None:
            raise KeyError(key)
        end = self._end(value)
        if is_in_line(mapping):
            self._made.append((end, end, f", {words}"))
        else:
            self._made.append((end, end, "\n" + " " * column + _indented(words, column)))

    def insert_before_key(self, mapping: yaml.Node, key: str, words: str) -> None:
        """Put whole entries in front of that of a key of a block mapping."""
        name = next(name for name, _ in mapping.value if name.value == key)
        column = name.start_mark.column
        at = name.start_mark.index
        self._made.append((at, at, _indented(words, column) + "\n" + " " * column))

    def append(self, sequence: yaml.Node, words: str) -> None:
        """Put another item at the end of a block list."""
        last = sequence.value[-1]
        dash = self._dash(last)
        end, lead = self._end(last), " " * dash + "- "
        if "\n" in self.text[end:]:
            # Behind a comment on the item's last line, not in front of it.
            end = self.text.index("\n", end)
        self._made.append((end, end, "\n" + lead + _indented(words, len(lead))))

    def remove(self, item: yaml.Node) -> None:
        """Take an item of a block list out, with the lines that it stands on."""
        begin = self.text.rindex("\n", 0, item.start_mark.index) + 1
        end = self.text.find("\n", self._end(item))
        self._made.append((begin, len(self.text) if end < 0 else end + 1, ""))

    def made(self) -> str:
        """The text with all edits; what was put in at one place stands in the order of the calls."""
        text, end = "", 0
        for begin, until, words in sorted(self._made, key=lambda edit: edit[:2]):
            text += self.text[end:begin] + words
            end = until
        return text + self.text[end:]

    def __bool__(self) -> bool:
        """Whether there is any edit."""
        return bool(self._made)

    def _dash(self, item: yaml.Node) -> int:
        begin = self.text.rindex("\n", 0, item.start_mark.index) + 1
        return len(self.text[begin : item.start_mark.index].split("-")[0])

    def _end(self, node: yaml.Node) -> int:
        """Where the node's last word ends: the marks of block nodes reach over blank lines and comments."""
        end = max(leaf.end_mark.index for leaf in _leaves(node))
        return node.start_mark.index + len(self.text[node.start_mark.index : end].rstrip())


def value_of(mapping: yaml.Node, key: str) -> yaml.Node | None:
    """The node under a key of a mapping; None where it has no such key."""
    found: yaml.Node | None = next((value for name, value in mapping.value if name.value == key), None)
    return found


def is_in_line(node: yaml.Node) -> bool:
    """Whether a list or a mapping is written in brackets."""
    return isinstance(node, yaml.CollectionNode) and bool(node.flow_style)


def _leaves(node: yaml.Node) -> Iterator[yaml.Node]:
    if isinstance(node, yaml.ScalarNode) or is_in_line(node) or not node.value:
        yield node
    elif isinstance(node, yaml.SequenceNode):
        yield from _leaves(node.value[-1])
    else:
        yield from _leaves(node.value[-1][1])


def _indented(words: str, column: int) -> str:
    return words.rstrip("\n").replace("\n", "\n" + " " * column)
