"""What one plain page shows of a turn: its sentences as paragraphs and lists, and what can be pressed."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from bot.texts import Texts
from bot.web.plain_form import Posted
from bot.web.schema import ChatAnswer, ChatMessage, Choice

_KINDS = {"emergency": "alarm", "closed": "closed", "offer": "verdict", "verdict": "verdict"}
_ADDRESS = r"https?://[^\s)]*[^\s).,;]"


@dataclass(frozen=True)
class Block:
    """A paragraph, or a list with the line that announces it."""

    text: str
    items: tuple[str, ...] = ()


def blocks(text: str) -> list[Block]:
    """A message in its paragraphs; lines that begin with "- " are the items of a list."""
    found = []
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        lines = paragraph.splitlines()
        items = tuple(line[2:] for line in lines if line.startswith("- "))
        found.append(Block("\n".join(line for line in lines if not line.startswith("- ")), items))
    return found


def linked(text: str, links: Mapping[str, str]) -> Markup:
    """The text, escaped, with what it names as links: addresses, pages of ours, the site's phone numbers.

    ``links`` holds an address for each name; a name that is part of a longer one comes after it.
    """
    names = (rf"(?<![\d+\w/]){re.escape(name)}(?![\d\w])" for name in links)
    pieces = re.split(f"({'|'.join((_ADDRESS, *names))})", text)
    # What was split by stands at every second place.
    pairs = zip(pieces[::2], [*pieces[1::2], ""], strict=True)
    return Markup("").join(escape(text) + (_link(name, links) if name else "") for text, name in pairs)


def _link(name: str, links: Mapping[str, str]) -> Markup:
    address = links.get(name, name)
    # A page that was sent a form can't be gone back to without sending it once more: others open beside it.
    beside = "" if address.startswith("tel:") else Markup(' target="_blank" rel="noopener"')
    return Markup('<a href="{}"{}>{}</a>').format(address, beside, name)


@dataclass(frozen=True)
class Shown:
    """One page.

    kind      the template: question, verdict, alarm, closed
    said      what the chat said before the question, sentence by sentence
    asked     the message that waits for an answer, or the offer
    verdict   the verdict in its parts, where this page tells it
    offers    after a verdict: what can be picked
    mark      the same for two pages that ask the same with the same choices; a read-back is like no other
    """

    kind: str
    said: list[str]
    asked: ChatMessage | None
    verdict: list[Block]
    offers: list[Choice]
    mark: str

    @property
    def question(self) -> str:
        """What this page asks, in one line."""
        return " ".join(self.asked.text.split()) if self.asked else ""


def shown(answer: ChatAnswer, texts: Texts) -> Shown:
    """The page for this turn."""
    kind = _KINDS.get(answer.state.phase, "question")
    verdict = next((message for message in answer.messages if message.kind == "verdict"), None)
    waits = [message for message in answer.messages if message.kind in ("question", "offer")]
    if kind == "alarm":
        # It is told as a sentence like others, but with the choice to go on.
        waits = [message for message in answer.messages if message.choices]
    asked = waits[-1] if waits else None
    said = [message.text for message in answer.messages if message is not asked and message.kind == "info"]
    return Shown(
        kind=kind,
        said=said,
        asked=asked,
        verdict=blocks(verdict.text) if verdict else [],
        offers=_offers(answer, asked, texts) if kind == "verdict" else [],
        mark=_mark(answer, asked) if kind == "question" else "",
    )


def _mark(answer: ChatAnswer, asked: ChatMessage | None) -> str:
    asks = answer.state.asks
    if asks is None or asks == "confirm" or asked is None:
        return ""
    titles = [choice.title for choice in asked.choices]
    return hashlib.sha256(json.dumps([asks, titles]).encode()).hexdigest()[:16]


def _offers(answer: ChatAnswer, asked: ChatMessage | None, texts: Texts) -> list[Choice]:
    """What can be picked after a verdict, also where the last turn only answered a question."""
    if asked is not None and asked.choices:
        return asked.choices
    key = "choices" if answer.state.phase == "offer" else "choices_no_form"
    return [Choice(title=title, payload=payload) for payload, title in texts.node(f"offer.{key}").items()]


def filled_in(posted: Posted | None) -> dict[str, Any]:
    """The fields as she left them on the page before; without one, as they are at first."""
    if posted is None:
        return {"choices": (), "own": "", "day": "", "age": "", "unit": "years"}
    return {name: getattr(posted, name) for name in ("choices", "own", "day", "age", "unit")}
