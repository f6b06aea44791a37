"""What a family can ask of the chat beside the interview: why, back, change, a person, her own questions."""

from __future__ import annotations

from bot.interview.asking import message
from bot.interview.hearing import Heard
from bot.interview.model import CONFIRM
from bot.interview.plan import question_for
from bot.interview.questions import BY_ID
from bot.interview.steps import Steps


class Asides(Steps):
    """A turn that answers what was asked, and comes back to where it was."""

    def _greet(self) -> None:
        self.memory.greeted = self.just_greeted = True
        parts = [self.speaker.say("greeting.hello", emergency_number=self.speaker.emergency_number())]
        if self.world.site.privacy_url:
            parts.append(self.speaker.say("greeting.privacy_link", link=self.world.site.privacy_url))
        self.said.append(message(" ".join(parts)))

    def _emergency(self, which: str) -> None:
        key = "emergency.still" if self.memory.phase == "emergency" else f"emergency.{which}"
        self.memory.phase = "emergency"
        speaker = self.speaker
        text = speaker.say(key, emergency_number=speaker.emergency_number(), crisis=speaker.crisis_line())
        choices = [[name, title] for name, title in speaker.texts.node("emergency.choices").items()]
        self.memory.choices = choices
        self.said.append(message(" ".join(text.split()), "info", None, choices))

    def _aside(self, heard: Heard) -> None:
        """Answers what the family asked or said beside the interview."""
        self.asked_back = heard.aside is not None
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
            self.info(f"asides.{heard.aside}")

    def _command(self, heard: Heard) -> None:
        """Does what the family asked the chat to do."""
        self.asked_back = True
        if heard.control == "why":
            self._why()
        elif heard.control == "human":
            self.info("reply.human", contact=self.speaker.contact())
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
        key = f"questions.{asks}.why" if asks in BY_ID else "confirm.why" if asks == CONFIRM else "change.why"
        self.info(key)
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
