"""What every mail is made of, before it is put on the wire."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.leads.outbox.outcome import Fate


class NotToBeSent(Exception):
    """There is nobody to send this mail to, or no use in it; ``fate`` says whether that may change."""

    def __init__(self, fate: Fate, reason: str) -> None:
        super().__init__(reason)
        self.fate = fate


@dataclass(frozen=True)
class Letter:
    """The words of a mail, to whom it goes, and headers that it alone has."""

    recipient: str
    subject: str
    text: str
    html: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


def in_paragraphs(paragraphs: list[str]) -> str:
    """Plain text with an empty line between its paragraphs."""
    return "\n\n".join(paragraphs) + "\n"
