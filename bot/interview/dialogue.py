"""One turn of the interview: a message comes in, facts and the next step come out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.interview.asking import message
from bot.interview.hearing import Heard, hear
from bot.interview.merging import merge
from bot.interview.model import CHANGE, CONFIRM, NOT_SURE, Facts, Incoming, Memory, Reply, World
from bot.interview.plan import MOST_QUESTIONS, confirmed_value, is_answered, question_for, standing
from bot.interview.questions import BY_ID, choice_told, item_denied, item_told, not_sure_about
from bot.interview.steps import Steps

_UNCLEAR_AT_MOST = 2
"""So often an unclear answer is met by other words; after that the study team is left to ask."""


def respond(
    incoming: Incoming, facts: Mapping[str, Any], memory: Mapping[str, Any] | None, world: World
) -> Reply:
    """The interview's answer to one message.

    ``facts`` and ``memory`` are what the last turn returned (empty and None at first).
    """
    turn = _Dialogue(incoming, dict(facts), Memory.read(memory), world)
    turn.run()
    return turn.reply()


class _Dialogue(Steps):
    """A turn that takes in what a family says."""

    def run(self) -> None:
        """Takes the message in, and says what comes next."""
        if self.memory.phase == "closed":
            self.info("reply.already_closed")
            return
        if not self.memory.greeted:
            self._greet()
            if self.incoming.opening:
                self._go_on()
                return
        if self.incoming.contact_removed:
            self.info("reply.contact_removed")
        heard = hear(self.incoming, self.memory, self.facts, self.world)
        if heard.emergency:
            self._emergency(heard.emergency)
        elif self.memory.phase == "emergency":
            self._after_emergency(heard)
        elif heard.control in ("stop", "start_over") or heard.chosen == ("stop",):
            self._leave(heard.control or "stop")
        else:
            self._take(heard)

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

    def _after_emergency(self, heard: Heard) -> None:
        self.memory.phase = "interview"
        self.memory.choices = []
        self.info("emergency.going_on")
        if heard.facts:
            self._tell(heard.facts)
        self._go_on(again=True)

    def _leave(self, control: str) -> None:
        if control == "start_over":
            self.facts, self.memory = {}, Memory(greeted=True, wording={"questions.respondent": 1})
            self.info("reply.started_over")
            self._go_on()
            return
        self._close("reply.closed")

    def _close(self, key: str) -> None:
        self.info(key)
        self.facts, self.memory = {}, Memory(greeted=True, phase="closed")
        self.erase = True

    def _take(self, heard: Heard) -> None:
        """An ordinary message: its facts first, then what it asks, then how it answers."""
        if heard.language and not heard.facts:
            self.said.append(message(self.speaker.other_language(heard.language)))
            self._go_on(again=True)
        elif heard.target in BY_ID and not is_answered(BY_ID[heard.target], heard.facts):
            self._command(heard)
        elif self.memory.asks == CONFIRM:
            self._take_confirmation(heard)
        elif self.memory.asks == CHANGE:
            self._take_change(heard)
        elif self.memory.asks in BY_ID:
            self._take_answer(heard)
        else:
            self._take_remark(heard)

    def _take_answer(self, heard: Heard) -> None:
        question = BY_ID[self.memory.asks or ""]
        told, answered = dict(heard.facts), False
        if heard.chosen:
            told, answered = self._chosen(heard), True
        elif heard.control in ("dont_know", "skip"):
            if not is_answered(question, told):
                told.update(not_sure_about(question, self._unsure_items(told), self.facts))
            self.info("reply.skipped" if heard.control == "skip" else "reply.noted_not_sure")
            answered = True
        elif question.items:
            told = self._without_denials_of_what_is_known(told)
            answered = self._close_list(heard, told)
        else:
            answered = is_answered(question, told)
        if answered and question.id == "disease_course":
            self.memory.course_answered = True
        if answered and question.id == "recent_events" and "other_surgery" in self.memory.items:
            self.memory.operation_from_list = True
        self._tell(told, expected=question.fact if answered else None, items=tuple(self.memory.items))
        self._aside(heard)
        if heard.control in ("why", "go_back", "human", "change") and not answered:
            self._command(heard)
        elif answered:
            self._answered(question.id)
            self._go_on()
        elif told or heard.aside:
            if told and not self.said:
                self.info("reply.thanks")
            self._go_on(again=True)
        elif question.id == "respondent" and self._is_ready():
            self._go_on(again=True)
        else:
            self._unclear(heard)

    def _is_ready(self) -> bool:
        """Whether the family only said that she wants to start."""
        said = self.incoming.text.casefold().strip(" .!")
        return said in self.world.texts.node("start_words") and not self.memory.child_alone

    def _chosen(self, heard: Heard) -> Facts:
        question = BY_ID[self.memory.asks or ""]
        if heard.chosen == (NOT_SURE,):
            return not_sure_about(question, self.memory.items, self.facts)
        if question.items:
            ticked = [payload for payload in heard.chosen if payload in self.memory.items]
            return {
                item: item_told(item) if item in ticked else item_denied(item) for item in self.memory.items
            }
        if question.id == "disease_course":
            return {"disease_course": [payload for payload in heard.chosen if payload != "none"]}
        return choice_told(question, heard.chosen[0], self.facts)

    def _unsure_items(self, told: Facts) -> tuple[str, ...]:
        return tuple(item for item in self.memory.items if item not in told)

    def _without_denials_of_what_is_known(self, told: Facts) -> Facts:
        """ "None of these" speaks of what the list showed, not of what was told before."""
        hidden = set(BY_ID[self.memory.asks or ""].items) - set(self.memory.items)
        return {
            item: value for item, value in told.items() if item not in hidden or value != item_denied(item)
        }

    def _close_list(self, heard: Heard, told: Facts) -> bool:
        """An enumeration says no to what it leaves out; a story of one treatment does not.

        After such a story the rest of the list is asked for once; whatever comes then is all.
        """
        asks, items = self.memory.asks or "", self.memory.items
        named = [item for item in items if item in told]
        for item in named:
            value = told[item]
            if item in ("surgery", "infection") and value == {"had": "yes"}:
                told[item] = item_told(item)
        speaks_of_the_list = any(item in heard.facts for item in BY_ID[asks].items)
        if speaks_of_the_list and (heard.complete or asks in self.memory.half_answered):
            for item in items:
                told.setdefault(item, item_denied(item))
            return True
        if named and len(named) < len(items):
            self.memory.half_answered.append(asks)
            return False
        return bool(named)

    def _take_confirmation(self, heard: Heard) -> None:
        deciding = self.memory.deciding
        names = {path.partition(".")[0] for path in deciding}
        changed = self._tell(heard.facts) if heard.facts else []
        restated = bool(heard.facts) and set(heard.facts) <= names and not changed
        choice = heard.chosen[0] if heard.chosen else heard.control
        self._aside(heard)
        if changed or (heard.facts and not restated):
            self._go_on()
        elif choice == "yes" or (restated and choice is None):
            known = standing(self.facts, self.memory, self.world).facts
            self.memory.confirmed |= {path: confirmed_value(path, known) for path in deciding}
            self._go_on()
        elif choice in ("dont_know", "skip", NOT_SURE):
            self._unconfirm(deciding)
            self.info("confirm.noted_not_sure")
            self._go_on()
        elif choice in ("no", "change"):
            ids = [q.id for path in deciding if (q := question_for(path)) is not None]
            self._offer_change(list(dict.fromkeys(ids)))
        elif heard.control in ("why", "go_back", "human"):
            self._command(heard)
        elif heard.aside:
            self._go_on(again=True)
        else:
            self._unclear(heard)

    def _take_change(self, heard: Heard) -> None:
        choice = heard.chosen[0] if heard.chosen else None
        if heard.facts:
            self._tell(heard.facts)
            self._go_on()
        elif choice in BY_ID:
            self._ask(choice, changing=True)
        elif choice == "nothing" or heard.control in ("no", "dont_know", "skip", "go_back"):
            self.info("change.kept")
            self._go_on()
        else:
            self._aside(heard)
            self._command(heard) if heard.target else self._unclear(heard)

    def _take_remark(self, heard: Heard) -> None:
        """A message after the verdict, or before any question was put."""
        choice = heard.chosen[0] if heard.chosen else None
        changed = self._tell(heard.facts) if heard.facts else []
        self._aside(heard)
        if self.memory.verdict is None or changed or heard.facts:
            self._go_on(again=not heard.facts)
        elif choice == "contact_form" or heard.control == "yes":
            self.info("offer.form" if self.memory.phase == "offer" else "offer.no_form_again")
        elif choice == "change" or heard.control in ("change", "go_back"):
            self._command(heard)
        elif heard.control in ("no", "skip", "dont_know"):
            self.info("offer.no_thanks" if self.memory.phase == "offer" else "offer.no_form")
        elif heard.control in ("why", "human"):
            self._command(heard)
        else:
            self._offer()

    # --- what a family can ask of the chat --------------------------------------------

    def _aside(self, heard: Heard) -> None:
        self.asked_back = heard.aside is not None
        if heard.problems:
            for problem in heard.problems:
                self.info("reply.too_many" if problem == "long_text" else f"reply.{problem}")
        if heard.aside == "how_to_stop":
            self.info("reply.how_to_stop")
        elif heard.aside and not (heard.aside == "greet" and self.just_greeted):
            self.info(f"asides.{heard.aside}")

    def _command(self, heard: Heard) -> None:
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

    def _unclear(self, heard: Heard) -> None:
        self.memory.tries += 1
        if self.memory.tries <= _UNCLEAR_AT_MOST and self.memory.questions < MOST_QUESTIONS - 1:
            if not heard.problems and not self.incoming.contact_removed:
                self.info("asides.blank" if self._blank() else "reply.not_understood")
            self._go_on(again=True)
            return
        asks = self.memory.asks
        self.memory.tries = 0
        if self.memory.child_alone:
            self._close("reply.grown_up_later")
            return
        if asks in BY_ID:
            self.info("reply.left_to_team")
            self._tell_not_sure(asks)
        elif asks == CONFIRM:
            self._unconfirm(self.memory.deciding)
            self.info("confirm.noted_not_sure")
        else:
            self.info("change.kept")
        self._go_on()

    def _blank(self) -> bool:
        return not any(letter.isalnum() for letter in self.incoming.text)

    def _tell_not_sure(self, question_id: str) -> None:
        question = BY_ID[question_id]
        if self.memory.changing:
            self._answered(question_id)
            return
        if question_id == "disease_course":
            self.memory.course_answered = True
        items = [item for item in self.memory.items if item not in self.facts]
        self.facts, _ = merge(self.facts, not_sure_about(question, items, self.facts), self.world.today)
        self._answered(question_id)
