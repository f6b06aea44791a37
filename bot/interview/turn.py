"""The state of one turn, and the few things that every step of it does."""

from __future__ import annotations

from typing import Any

from bot.interview.answers import answers_so_far
from bot.interview.asking import message
from bot.interview.merging import drop_before_birth, merge, settle_surgery
from bot.interview.model import NOT_SURE, Facts, Incoming, Memory, Reply, World
from bot.interview.plan import COURSE_COUNTS_UNASKED
from bot.interview.progress import questions_left
from bot.interview.questions import questions_told
from bot.interview.speech import Speaker
from criteria.facts import kinds_that_may_be_unsure

_DETAILS = ("last", "kind", "arises_in", "symptoms_now", "treated", "symptom_free_since")


class Turn:
    """The work of one turn; everything it finds out is in ``facts``, ``memory`` and ``said``."""

    def __init__(self, incoming: Incoming, facts: Facts, memory: Memory, world: World) -> None:
        self.incoming = incoming
        self.facts = facts
        self.memory = memory
        self.world = world
        self.said: list[dict[str, Any]] = []
        self.screening: dict[str, Any] | None = None
        self.erase = False
        self.asked_back = False
        self.just_greeted = False
        self.superseded = False
        self.moved_on = False

    @property
    def speaker(self) -> Speaker:
        """The voice for whoever is known to be writing by now."""
        return Speaker(self.world, self.facts, self.memory.pronoun)

    def info(self, key: str, **values: object) -> None:
        """Says something that waits for no answer."""
        self.said.append(message(self.speaker.say(key, **values)))

    def reply(self) -> Reply:
        """What the turn has led to."""
        phase = self.memory.phase
        asks = self.memory.asks if phase in ("interview", "confirm", "emergency") else None
        state = {
            "phase": phase,
            "asks": asks,
            "verdict": self.memory.verdict,
            "turn": self.memory.turn,
            "left": questions_left(self.facts, self.memory, self.world),
            "answers": answers_so_far(self.facts, self.memory, self.speaker),
        }
        if self.moved_on:
            state["moved_on"] = True
        stored = self.memory.stored()
        # Answers that were changed since the verdict must not be sent with the old one.
        told_anew = self.screening is not None or self.erase
        waiting = self.memory.verdict is not None and self.memory.changed
        superseded = not told_anew and (self.superseded or waiting)
        return Reply(self.facts, stored, self.said, state, self.screening, self.erase, superseded)

    def _tell(self, told: Facts, expected: str | None = None, items: tuple[str, ...] = ()) -> list[str]:
        """Takes facts in; says what was changed where that was not the answer to the question."""
        told = self._in_place(told, expected)
        told, before_birth = drop_before_birth(told, self.facts, self.world.today)
        if before_birth:
            self.info("reply.before_birth")
        self.facts, changed = merge(self.facts, told, self.world.today)
        self.memory.lately[:1] = [[*(self.memory.lately or [[]])[0], *questions_told(told)]]
        if self.memory.operation_from_list:
            self.facts = settle_surgery(self.facts, self.world.today)
        unexpected = [name for name in changed if name != "respondent"]
        if not self.memory.changing:
            unexpected = [name for name in unexpected if name != expected and name not in items]
        sentence = self.speaker.told(unexpected, self.facts)
        if sentence:
            self.info("change.done", told=sentence)
        self.memory.changed = self.memory.changed or bool(changed)
        return changed

    def _answered(self, question_id: str) -> None:
        self.memory.tries = 0
        self.memory.changing = False
        if question_id == "respondent":
            self.memory.child_alone = False

    def _in_place(self, told: Facts, expected: str | None) -> Facts:
        """New facts as they are meant where they were told.

        What is volunteered of the course adds to it: "it has spread" does not say that it never
        came back. A cancer named beside the list of other illnesses is another one, not a new name
        for the tumour.
        """
        told = dict(told)
        course, before = told.get("disease_course"), self.facts.get("disease_course")
        if expected != "disease_course" and isinstance(course, list) and isinstance(before, list):
            adds = [item for item in course if item not in before]
            if any(item in before for item in COURSE_COUNTS_UNASKED):
                # What was said of the risk at first does not undo a relapse.
                adds = [item for item in adds if item != "standard_risk"]
            told["disease_course"] = [*before, *adds]
        known = self.facts.get("diagnosis")
        if self.memory.asks == "health_history" and isinstance(known, dict) and "diagnosis" in told:
            named = told.pop("diagnosis")
            if isinstance(named, dict) and named.get("id") not in (known.get("id"), NOT_SURE):
                told["other_cancer"] = "yes"
        return told

    def _unconfirm(self, paths: list[str]) -> None:
        """What a family is not sure of when it is read back no longer counts.

        Of something that did happen only the details that decide are taken back.
        """
        told: Facts = {}
        for path in paths:
            name, _, field = path.partition(".")
            value = told.get(name, self.facts.get(name))
            carried = field == "had" and isinstance(value, dict) and value.get("had") == "yes"
            if carried or (field == "id" and "diagnosis.arises_in" in paths):
                continue
            if field == "kind" and not kinds_that_may_be_unsure(name):
                continue
            if isinstance(value, dict) and field in _DETAILS:
                told[name] = {**value, field: NOT_SURE}
            else:
                told[name] = NOT_SURE
        if not told:
            told = dict.fromkeys((path.partition(".")[0] for path in paths), NOT_SURE)
        self.facts, _ = merge(self.facts, told, self.world.today)
