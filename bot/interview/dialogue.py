"""One turn of the interview: a message comes in, facts and the next step come out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.interview.asking import message
from bot.interview.hearing import Heard, hear
from bot.interview.lists import chosen_facts, close_list, of_shown_items
from bot.interview.looking import Looking
from bot.interview.merging import merge
from bot.interview.model import CHANGE, CONFIRM, NOT_SURE, Incoming, Memory, Reply, World
from bot.interview.plan import (
    MOST_QUESTIONS,
    child_alone,
    confirmed_value,
    is_answered,
    question_for,
    standing,
)
from bot.interview.questions import BY_ID, not_sure_about

_UNCLEAR_AT_MOST = 2
"""So often an unclear answer is met by other words; after that the study team is left to ask."""

_LATELY = 2
"""So many turns long "no wait, it was 6 weeks ago" puts right what was told, without saying what it is."""


def respond(
    incoming: Incoming, facts: Mapping[str, Any], memory: Mapping[str, Any] | None, world: World
) -> Reply:
    """The interview's answer to one message.

    ``facts`` and ``memory`` are what the last turn returned (empty and None at first).
    """
    turn = _Dialogue(incoming, dict(facts), Memory.read(memory), world)
    turn.run()
    return turn.reply()


class _Dialogue(Looking):
    """A turn that takes in what a family says."""

    def run(self) -> None:
        """Takes the message in, and says what comes next."""
        if self.memory.phase == "closed":
            self.info("reply.already_closed")
            return
        if not self.world.trials:
            self._no_study()
            return
        if self._shown_instead():
            return
        self.memory.turn += 1
        self.memory.lately = [[], *self.memory.lately[:_LATELY]]
        if not self.memory.greeted:
            self._greet()
            if self.incoming.opening:
                self._go_on()
                return
        if self.incoming.contact_removed:
            self.info("reply.contact_removed")
        heard = hear(self.incoming, self.memory, self.facts, self.world)
        self._hear_who(heard)
        if heard.emergency:
            self._emergency(heard.emergency)
        elif heard.control in ("stop", "start_over") or heard.chosen == ("stop",):
            self._leave(heard.control or "stop")
        else:
            self._comfort(heard)
            if self.memory.phase == "emergency":
                self._after_emergency(heard)
            else:
                self._take(heard)

    def _no_study(self) -> None:
        """The last study closed while the chat was open. Help is given all the same, and "stop" erases."""
        self.memory.greeted, self.memory.asks, self.memory.choices = True, None, []
        self.memory.turn += 1
        heard = hear(self.incoming, self.memory, self.facts, self.world)
        if heard.emergency:
            self._emergency(heard.emergency)
        elif heard.control == "stop" or heard.chosen == ("stop",):
            self._leave("stop")
        else:
            self.memory.phase = "interview"
            self.info("reply.no_study", contact=self.speaker.contact())

    def _after_emergency(self, heard: Heard) -> None:
        self.memory.phase = "interview"
        self.memory.choices = []
        if heard.facts or heard.target or heard.control in ("change", "human"):
            self._take(heard)
            return
        self.info("emergency.going_on")
        self._go_on(again=True)

    def _take(self, heard: Heard) -> None:
        """An ordinary message: its facts first, then what it asks, then how it answers."""
        if heard.language and not heard.facts:
            self.said.append(message(self.speaker.other_language(heard.language)))
            self._go_on(again=True)
        elif self.memory.child_alone:
            self._take_child(heard)
        elif heard.target in BY_ID and not is_answered(BY_ID[heard.target], heard.facts):
            self._command(heard)
        elif heard.may_mean:
            self.info("change.which")
            self._offer_change(list(heard.may_mean))
        elif heard.corrects:
            self._tell(heard.facts)
            self._go_on(again=True)
        elif self.memory.asks == CONFIRM:
            self._take_confirmation(heard)
        elif self.memory.asks == CHANGE:
            self._take_change(heard)
        elif self.memory.asks in BY_ID:
            self._take_answer(heard)
        else:
            self._take_remark(heard)

    def _take_child(self, heard: Heard) -> None:
        """A child writes alone: nothing goes on until a grown-up is there."""
        who = heard.chosen[0] if heard.chosen else heard.facts.get("respondent")
        if who in ("parent", "carer"):
            self._tell({"respondent": who}, expected="respondent")
            self._answered("respondent")
            self._go_on()
        elif "age" in heard.facts:
            self._tell(heard.facts)
            self.memory.child_alone = child_alone(self.facts)
            self._go_on()
        elif heard.control == "no":
            self._close("reply.grown_up_later")
        elif heard.control == "human":
            self._command(heard)
        elif self.incoming.command is not None:
            # The page's buttons are no unclear answers: pressed three times, they must not end the chat.
            self.asked_back = True
            self._go_on(again=True)
        elif heard.beside:
            self._aside(heard)
            self._go_on(again=True)
        else:
            self._aside(heard)
            self._unclear(heard)

    def _take_answer(self, heard: Heard) -> None:
        question = BY_ID[self.memory.asks or ""]
        told, answered = dict(heard.facts), False
        items = self.memory.items
        if question.items:
            told = of_shown_items(question, told, items)
        if heard.chosen:
            told, answered = chosen_facts(question, heard.chosen, items, self.facts), True
        elif heard.control == "skip" and self.memory.changing:
            self.info("change.kept")
            told, answered = {}, True
        elif heard.control in ("dont_know", "skip"):
            if question.items or not is_answered(question, told):
                told = {**not_sure_about(question, items, self.facts), **told}
            self.info("reply.skipped" if heard.control == "skip" else "reply.noted_not_sure")
            answered = True
        elif question.items:
            # After a story the rest of the list is asked for once; whatever comes then is all.
            complete = heard.complete or question.id in self.memory.half_answered
            told, answered = close_list(question, told, items, complete, self.facts)
            if not answered and any(item in told for item in items):
                self.memory.half_answered.append(question.id)
        else:
            answered = is_answered(question, told)
        if answered and question.id == "disease_course":
            self.memory.course_answered = True
        if answered and question.id == "recent_events" and "other_surgery" in items:
            self.memory.operation_from_list = True
        self._tell(told, expected=question.fact if answered else None, items=tuple(items))
        self._aside(heard)
        if heard.control in ("why", "go_back", "human", "change") and not answered:
            self._command(heard)
        elif answered:
            self._answered(question.id)
            self._go_on()
        elif told or heard.beside:
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
        return said in self.world.texts.node("start_words")

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
            self.memory.deciding = []
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
        elif heard.beside:
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
        elif heard.control in ("dont_know", "skip") and self.memory.deciding:
            self._unconfirm(self.memory.deciding)
            self.info("confirm.noted_not_sure")
            self._go_on()
        elif choice == "nothing" or heard.control in ("no", "dont_know", "skip", "go_back"):
            self.info("change.kept")
            self._go_on()
        else:
            self._aside(heard)
            if heard.target or heard.control in ("why", "human"):
                self._command(heard)
            elif heard.beside:
                self._go_on(again=True)
            else:
                self._unclear(heard)

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
            if self.memory.phase == "verdict" and not heard.beside:
                # Nobody who was just told "not likely" should be met by a manual.
                self.info("verdict.next_steps", contact=self.speaker.contact())
            self._offer()

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
