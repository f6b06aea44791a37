"""What a family sent with one of the plain pages: which button, and which answer.

A page without scripts can't keep her from ticking "none of these" beside something else, or from picking one
answer and writing another. To guess which one she meant could make a wrong clinical fact: she is asked.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.web.errors import ApiError

ALONE: Final = ("none", "not_sure")
"""The ticks that stand alone."""

OWN_WORDS: Final = ""
"""The choice that says: my answer is in the box."""

BUTTONS: Final = (
    "answer", "start", "look", "why", "human", "go_back", "skip", "change", "pick", "stop", "erase",
)  # fmt: skip
_TYPED: Final = ("own", "day", "age", "unit")
_NUMBER = re.compile(r"\d{1,3}([.,]\d+)?")
_TURN = re.compile(r"\d{1,9}")


class Unclear(Exception):
    """An answer that can't be taken in as it is; ``problem`` is its text's name, ``field`` where to go."""

    def __init__(self, problem: str, field: str, alone: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.field = field
        self.alone = alone


@dataclass(frozen=True)
class Posted:
    """One pressed button.

    button   one of ``BUTTONS``; ``detail`` says which answer to change, or which choice was picked
    session  the token of the chat
    page     what names the page the button stood on, made when that page was
    after    the ``state.turn`` that this page showed
    asks     what this page asked
    choices  the payloads picked or ticked; ``OWN_WORDS`` is none
    """

    button: str
    detail: str
    session: str
    page: str
    after: int | None
    asks: str
    choices: tuple[str, ...]
    own: str
    day: str
    age: str
    unit: str
    pairs: tuple[tuple[str, str], ...]

    @classmethod
    def read(cls, pairs: Sequence[tuple[str, str]]) -> "Posted":
        """The fields of a form. Raises ApiError (422) where no page of ours could have sent them."""
        last = dict(pairs)
        button, _, detail = last.get("do", "answer").partition(":")
        after = last.get("after", "")
        unit = last.get("unit") or "years"
        known = button in BUTTONS and unit in ("years", "months")
        if not known or (after and not _TURN.fullmatch(after)):
            raise ApiError(422, "malformed", "web.error.malformed")
        return cls(
            button=button,
            detail=detail,
            session=last.get("session", ""),
            page=last.get("page", ""),
            after=int(after) if after else None,
            asks=last.get("asks", ""),
            choices=tuple(value for name, value in pairs if name == "choice"),
            own=last.get("own", "").strip(),
            day=last.get("day", "").strip(),
            age=last.get("age", "").strip(),
            unit=unit,
            pairs=tuple(pairs),
        )

    @property
    def message_id(self) -> str:
        """Names this very answer: a second press of the button is the same message, another answer is not.

        The page's name is random, so that the hash says nothing of what was typed.
        """
        fields = sorted((name, value) for name, value in self.pairs if name != "session")
        return hashlib.sha256(json.dumps(fields).encode()).hexdigest()

    @property
    def typed(self) -> list[tuple[str, str]]:
        """The fields that hold her answer, as a form sends them."""
        return [(name, value) for name, value in self.pairs if name == "choice" or name in _TYPED]

    @property
    def words(self) -> str:
        """What she wrote: a day, an age, or her own words."""
        age = f"{self.age} {self.unit}" if _NUMBER.fullmatch(self.age) else self.age
        return age or self.day or self.own

    def message(self, can_skip: bool = True) -> str:
        """The answer as the chat takes it. Raises Unclear where it is none, or more than one."""
        picked = [payload for payload in self.choices if payload != OWN_WORDS]
        # Of two answers none is guessed: a day that was picked beside "it still goes on" would hide that.
        if sum(map(bool, (picked, self.age, self.day, self.own))) > 1:
            raise Unclear("two", "own")
        alone = next((payload for payload in picked if payload in ALONE), "")
        if alone and len(picked) > 1:
            raise Unclear("alone", "choices", alone)
        if not picked and not self.words:
            own = OWN_WORDS in self.choices or not can_skip
            raise Unclear("empty_box" if own else "empty", "own" if own else "choices")
        return ", ".join(picked) or self.words
