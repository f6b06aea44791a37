"""A small interview that keeps count as the real one does: turns, answers, what is left, pressed buttons."""

from dataclasses import dataclass, field
from typing import Any

from .conftest import ScriptedRasa
from .lines import OFFER, TREATMENTS, VERDICT, message, turn

LATEST = "2026-11-22"
QUESTIONS: dict[str, dict[str, Any]] = {
    "respondent": message("Who is writing?", choices=[{"title": "I am a parent", "payload": "parent"}]),
    "age": message("How old is your child?") | {"input": {"kind": "age"}},
    "treatments": message("Which treatments?", choices=TREATMENTS, multiple=True),
    "chemotherapy.last": message(
        "When was the last chemo?",
        choices=[
            {"title": "Still getting chemo", "payload": "ongoing"},
            {"title": "I don't know", "payload": "not_sure"},
        ],
    )
    | {"input": {"kind": "day", "latest": LATEST}},
}
TITLES = dict(
    zip(
        QUESTIONS,
        ("who is writing", "the age", "the treatments so far", "the last day of chemo"),
        strict=True,
    )
)


@dataclass
class Chat:
    """What is known of one family."""

    answers: dict[str, str] = field(default_factory=dict)
    asks: str | None = None
    turn: int = 0
    changing: bool = False


class Interview:
    """Answers as the action server does; ``at(sender)`` shows what is known of a family."""

    def __init__(self, rasa: ScriptedRasa) -> None:
        self._rasa = rasa
        self.chats: dict[str, Chat] = {}

    def __call__(self, sender: str, said: str) -> dict[str, Any]:
        """One turn."""
        pressed = self._rasa.pressed[-1]
        command, after = pressed.get("command"), pressed.get("after")
        chat = self.chats.setdefault(sender, Chat())
        if command == "look":
            return self._turn(chat, *self._waiting(chat))
        if after is not None and after != chat.turn:
            return self._turn(chat, message("It went on elsewhere.", "info"), *self._waiting(chat)) | {
                "state": self._state(chat) | {"moved_on": True}
            }
        chat.turn += 1
        first = self._take(chat, said, command, pressed.get("question"))
        return self._turn(chat, *first, *self._waiting(chat))

    def _take(self, chat: Chat, said: str, command: str | None, question: str | None) -> list[dict[str, Any]]:
        if pressed_first := {"why": "I ask for a reason.", "human": "Please call the clinic."}.get(
            command or ""
        ):
            return [message(pressed_first, "info")]
        if command == "change":
            chat.asks, chat.changing = question, True
            return []
        if command == "skip" and chat.changing:
            first = [message("It stays as it is.", "info")]
        elif command == "go_back":
            chat.asks = list(chat.answers)[-1]
            return []
        elif chat.asks is None:
            first = [message("I am a computer program.", "info")]
        elif said == "???":
            return [message("I did not get that.", "info")]
        else:
            first = []
            chat.answers[chat.asks] = said
        chat.changing = False
        chat.asks = next((name for name in QUESTIONS if name not in chat.answers), None)
        return first

    def _waiting(self, chat: Chat) -> list[dict[str, Any]]:
        if chat.asks:
            return [QUESTIONS[chat.asks] | {"asks": chat.asks}]
        return [message("This trial may be a match.", "verdict"), message("What now?", "offer", OFFER)]

    def _state(self, chat: Chat) -> dict[str, Any]:
        done = chat.asks is None
        left = len([name for name in QUESTIONS if name not in chat.answers]) + (1 if chat.changing else 0)
        return {
            "phase": "offer" if done else "interview",
            "asks": chat.asks,
            "verdict": VERDICT if done else None,
            "turn": chat.turn,
            "left": None if done else left,
            "answers": [
                {"question": name, "title": TITLES[name].capitalize(), "text": chat.answers[name]}
                for name in QUESTIONS
                if name in chat.answers
            ],
        }

    def _turn(self, chat: Chat, *messages: dict[str, Any]) -> dict[str, Any]:
        return turn(*messages) | {"state": self._state(chat)}
