"""A place in a trial file: a YAML node that knows its file and line, and reads itself strictly."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import yaml

NULL = "tag:yaml.org,2002:null"


class TrialError(ValueError):
    """A trial file that cannot be used; the message says where and why.

    line  the line that is wrong, counted from 1; None where it is no single one
    """

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


class Place:
    """A YAML node that knows its file and line, and reads itself strictly."""

    def __init__(self, node: yaml.Node, file: str) -> None:
        self.node = node
        self.file = file

    def wrong(self, what: str) -> TrialError:
        """The error for something wrong here."""
        line = self.node.start_mark.line + 1
        return TrialError(f"{self.file}, line {line}: {what}", line)

    def mapping(self, required: Iterable[str], optional: Iterable[str] = ()) -> dict[str, Place]:
        """The mapping here; exactly these keys, each once."""
        required, allowed = list(required), [*required, *optional]
        if not isinstance(self.node, yaml.MappingNode):
            raise self.wrong(f"expected a mapping with {', '.join(allowed)}")
        found: dict[str, Place] = {}
        for key_node, value in self.node.value:
            key, at = str(key_node.value), Place(key_node, self.file)
            if key not in allowed:
                raise at.wrong(f"unknown key {key!r}; allowed here: {', '.join(allowed)}")
            if key in found:
                raise at.wrong(f"the key {key!r} stands twice")
            found[key] = Place(value, self.file)
        lacking = [key for key in required if key not in found]
        if lacking:
            raise self.wrong(f"missing: {', '.join(lacking)}")
        return found

    def items(self) -> list[Place]:
        """The list here; it must not be empty."""
        if not isinstance(self.node, yaml.SequenceNode) or not self.node.value:
            raise self.wrong("expected a list with at least one item")
        return [Place(item, self.file) for item in self.node.value]

    def text(self, allowed: Iterable[str] | None = None) -> str:
        """The text here; not empty, and one of ``allowed`` where that is given."""
        empty = self.node.tag == NULL or not str(self.node.value).strip()
        if not isinstance(self.node, yaml.ScalarNode) or empty:
            raise self.wrong("expected a text")
        text = str(self.node.value).strip()
        if allowed is not None and text not in allowed:
            raise self.wrong(f"unknown value {text!r}; allowed here: {', '.join(allowed)}")
        return text

    def text_or_none(self) -> str | None:
        """The text here, or None where it says null."""
        return None if self.node.tag == NULL else self.text()

    def whole_number(self) -> int:
        """The whole number here, not negative."""
        if self.node.tag != "tag:yaml.org,2002:int" or not str(self.node.value).isdigit():
            raise self.wrong("expected a whole number")
        return int(self.node.value)

    def number(self, least: float, most: float) -> float:
        """The number here, between two bounds, both included."""
        if self.node.tag not in ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float"):
            raise self.wrong("expected a number")
        number = float(str(self.node.value))
        if not least <= number <= most:
            raise self.wrong(f"expected a number between {least:g} and {most:g}")
        return number

    def web_address(self) -> str:
        """The address here, which starts with https://."""
        address = self.text()
        if not address.startswith("https://") or any(sign.isspace() for sign in address):
            raise self.wrong("expected an address that starts with https://")
        return address

    def day(self) -> date:
        """The day here, as YYYY-MM-DD."""
        try:
            return date.fromisoformat(self.text())
        except ValueError as error:
            raise self.wrong("expected a day as YYYY-MM-DD") from error

    def yes(self) -> bool:
        """The truth here: true or false."""
        return self.text(("true", "false")) == "true"
