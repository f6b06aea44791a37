"""What a family can ask of the chat beside the interview: why, back, change, a person, her own questions."""

from __future__ import annotations

from typing import Any

from bot.interview.asking import message
from bot.interview.hearing import Heard
from bot.interview.model import CHANGE, CONFIRM, Memory
from bot.interview.plan import question_for
from bot.interview.questions import BY_ID
from bot.interview.steps import Steps

_COMFORT_RESTS = 3
"""So many turns pass before words of comfort are said again to a family that goes on with its answers."""


class Asides(Steps):
    """A turn that answers what was asked, and comes back to where it was."""

    def _greet(self) -> None:
        self.memory.greeted = self.just_greeted = True
        parts = [self.speaker.say("greeting.hello", emergency_number=self.speaker.emergency_number())]
        if self.world.site.privacy_url:
            parts.append(self.speaker.say("greeting.privacy_link", link=self.world.site.privacy_url))
        self.said.append(message(" ".join(parts)))

    def _emergency(self, which: str) -> None:
        """Help first. Despair after an accident is met by its own words; the same cry again by short ones."""
        heard = self.memory.alarms if self.memory.phase == "emergency" else []
        again = which == "still" or which in heard
        key = "emergency.still" if again else f"emergency.{which}"
        self.memory.phase, self.memory.alarms = "emergency", [*heard, which]
        speaker = self.speaker
        text = speaker.say(key, emergency_number=speaker.emergency_number(), crisis=speaker.crisis_line())
        self.memory.choices = speaker.choices("emergency.choices")
        self.said.append(message(" ".join(text.split()), "info", None, self.memory.choices))

    def _hear_who(self, heard: Heard) -> None:
        """Keeps how the family speaks of the patient; in an emergency, also who writes, for the voice."""
        memory = self.memory
        if heard.pronoun and (heard.pronoun_named or not memory.pronoun_named):
            memory.pronoun, memory.pronoun_named = heard.pronoun, heard.pronoun_named
        if heard.emergency and "respondent" in heard.facts:
            self.facts = {**self.facts, "respondent": heard.facts["respondent"]}

    def _comfort(self, heard: Heard) -> None:
        """Meets fear and grief by a human sentence, before anything else is said.

        Not at every turn: words that come each time are a machine's. Where nothing else was told, a
        short one is said all the same, since a question alone would be cold.
        """
        memory, kind = self.memory, heard.distress
        rests, memory.comfort_rests = memory.comfort_rests, max(0, memory.comfort_rests - 1)
        told_more = heard.facts or heard.chosen or heard.control or heard.aside
        if kind is None or (rests and told_more):
            return
        node = "comfort.still" if rests and kind in memory.comforted else f"comfort.kinds.{kind}"
        wordings = list(self.world.texts.node(node))
        times = memory.comforted.count(kind) - (1 if node == "comfort.still" else 0)
        said = self.speaker.say(f"{node}.{wordings[times % len(wordings)]}")
        if not memory.comforted:
            said = f"{said} {self.speaker.say('comfort.person')}"
        memory.comforted.append(kind)
        memory.comfort_rests = _COMFORT_RESTS
        self.said.insert(0, message(said))

    def _leave(self, control: str) -> None:
        if control == "start_over":
            self.superseded = self.memory.verdict is not None
            self.facts, self.memory = {}, self._fresh_memory(wording={"questions.respondent": 1})
            self.info("reply.started_over")
            self._go_on()
            return
        self._close("reply.closed")

    def _close(self, key: str) -> None:
        self.info(key)
        self.facts, self.memory = {}, self._fresh_memory(phase="closed")
        self.erase = True

    def _fresh_memory(self, **remembered: Any) -> Memory:
        """Nothing is remembered but that the chat goes on: a page of before is still one of before."""
        return Memory(greeted=True, turn=self.memory.turn, **remembered)

    def _aside(self, heard: Heard) -> None:
        """Answers what the family asked or said beside the interview."""
        self.asked_back = heard.aside is not None or (heard.distress is not None and not heard.facts)
        if heard.problems:
            for problem in heard.problems:
                self.info("reply.too_many" if problem == "long_text" else f"reply.{problem}")
        if heard.aside == "how_to_stop":
            self.info("reply.how_to_stop")
        elif heard.aside == "glossary":
            self.info(
                "reply.glossary", term=heard.term, meaning=self.world.texts.node("glossary")[heard.term]
            )
        elif heard.aside and not (heard.aside == "greet" and self.just_greeted):
            self.said.append(message(self.speaker.aside(heard.aside)))

    def _command(self, heard: Heard) -> None:
        """Does what the family asked the chat to do."""
        self.asked_back = True
        if heard.control == "why":
            self._why()
        elif heard.control == "human":
            form_to_come = self.memory.phase != "verdict" and not self.memory.child_alone
            key = "reply.human" if form_to_come else "reply.human_no_form"
            self.info(key, contact=self.speaker.contact())
            self._go_on(again=True)
        elif heard.control == "go_back":
            self._go_back()
        elif heard.target in BY_ID:
            self._ask(heard.target, changing=True)
        elif heard.target and (question := question_for(heard.target)) is not None:
            self._ask(question.id, changing=True)
        else:
            self._offer_change([name for name in self.memory.asked if name != "respondent"])

    def _why(self) -> None:
        asks = self.memory.asks
        why = {CONFIRM: "confirm.why", CHANGE: "change.why", None: "offer.why"}
        self.info(f"questions.{asks}.why" if asks in BY_ID else why.get(asks, "change.why"))
        self._go_on(again=True)

    def _go_back(self) -> None:
        """The question before is put again; every later answer stays."""
        asked, asks = self.memory.asked, self.memory.asks
        position = asked.index(asks) if asks in asked else len(asked)
        if position == 0:
            self.info("reply.nothing_before")
            self._go_on(again=True)
            return
        self.info("reply.back")
        self._ask(asked[position - 1], changing=True)
