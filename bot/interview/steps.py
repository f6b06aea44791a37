"""The next step: the question that waits, the next one, a read-back, or the verdict."""

from __future__ import annotations

from bot.interview.asking import (
    change_message,
    confirm_message,
    grown_up_message,
    message,
    offer_message,
    question_message,
)
from bot.interview.merging import merge
from bot.interview.model import CHANGE, CONFIRM
from bot.interview.plan import MOST_QUESTIONS, Standing, child_alone, next_question, standing
from bot.interview.questions import BY_ID, denied, list_of, not_sure_about
from bot.interview.results import result_mark, result_state, result_text, screening
from bot.interview.sites import matters
from bot.interview.turn import Turn


class Steps(Turn):
    """A turn that knows how to go on."""

    def _go_on(self, again: bool = False) -> None:
        """Puts the question that waits once more, or takes the next step."""
        asks = self.memory.asks
        if again and asks in BY_ID and not self._is_over(asks):
            self._ask(asks, changing=self.memory.changing)
            return
        if again and asks == CHANGE:
            self._offer_change([name for name in self.memory.asked if name != "respondent"])
            return
        if child_alone(self.facts):
            self._fetch_grown_up()
            return
        now = standing(self.facts, self.memory, self.world)
        question, given_up = next_question(now, self.facts, self.memory, self.world)
        if now.deciding and (now.ruled_out or question is None):
            if self.memory.questions < MOST_QUESTIONS:
                self._read_back(now)
            else:
                # What cannot be read back any more must not rule anybody out.
                self._unconfirm(list(now.deciding))
                self._go_on()
        elif question is not None:
            for left_out in given_up:
                self._leave_out(left_out.id)
            self._ask(question.id)
        elif given_up:
            for left_out in given_up:
                self._leave_out(left_out.id)
            self._go_on()
        elif self._asks_home(now):
            self._ask("home")
        else:
            self._give_verdict(now)

    def _asks_home(self, now: Standing) -> bool:
        """Whether the way to the sites can be told of a study that may be a match; it changes no verdict."""
        if "home" in self.facts or self.memory.questions >= MOST_QUESTIONS:
            return False
        return any(matters(one.trial) for one in now.trials if one.assessment.verdict != "not_likely")

    def _leave_out(self, question_id: str) -> None:
        """Too many questions: what this one would ask is left to the study team."""
        question = BY_ID[question_id]
        items = [item for item in question.items if item not in self.facts]
        self.facts, _ = merge(self.facts, not_sure_about(question, items, self.facts), self.world.today)

    def _is_over(self, question_id: str) -> bool:
        """Whether what was volunteered has made the waiting question needless."""
        if self.memory.changing or question_id == "respondent":
            return question_id == "respondent" and "respondent" in self.facts and not self.memory.child_alone
        now = standing(self.facts, self.memory, self.world)
        if now.ruled_out:
            return True
        question = BY_ID[question_id]
        if question_id == "home":
            return "home" in self.facts or not self._asks_home(now)
        return not question.fills & now.needed.keys()

    def _fetch_grown_up(self) -> None:
        if not self.memory.child_alone:
            self.memory.child_alone = True
            self.info("reply.fetch_grown_up")
        self._waits("respondent")
        self.said.append(grown_up_message(self.memory, self.speaker))

    def _ask(self, question_id: str, changing: bool = False) -> None:
        if self.memory.child_alone and question_id == "respondent":
            self._fetch_grown_up()
            return
        fact = BY_ID[question_id].fact
        if changing and BY_ID[question_id].field and denied(self.facts.get(fact)):
            # There is no day of what did not happen: whether it happened is asked instead.
            question_id = list_of(fact) or fact
        self.memory.changing = changing
        self._waits(question_id)
        if question_id not in self.memory.asked:
            self.memory.asked.append(question_id)
        said = question_message(
            BY_ID[question_id], self.memory, self.facts, self.speaker, whole_list=changing
        )
        self.said.append(said)

    def _waits(self, asks: str) -> None:
        if self.memory.asks != asks:
            self.memory.tries = 0
        self.memory.asks = asks
        self.memory.phase = "confirm" if asks == CONFIRM else "interview"
        if not self.asked_back:
            # A question that is put again because the family asked something is not one more.
            self.memory.questions += 1

    def _read_back(self, now: Standing) -> None:
        self._waits(CONFIRM)
        self.memory.deciding = list(now.deciding)
        told = self.speaker.told(list(now.deciding), now.facts)
        self.said.append(confirm_message(told, self.memory, self.speaker))

    def _give_verdict(self, now: Standing) -> None:
        speaker, before = self.speaker, self.memory.verdict
        state, result = result_state(now, self.world, speaker), result_mark(now)
        self.memory.asks, self.memory.changing, self.memory.tries = None, False, 0
        # Also where the verdict stays the same: the answers behind it may not.
        self.screening = screening(now, self.world, self.incoming.language)
        self.memory.verdict = state
        if before is not None and result == self.memory.result:
            if self.memory.changed:
                self.info("change.verdict_same")
            self.memory.changed = False
            self._offer()
            return
        if before is not None:
            self.info("change.verdict_new" if before["verdict"] != state["verdict"] else "reply.thanks")
        self.memory.changed = False
        self.memory.result = result
        # A family that changes an answer now may be asked some questions more.
        self.memory.questions = min(self.memory.questions, MOST_QUESTIONS // 2)
        self.said.append(message(result_text(now, self.world, speaker), "verdict"))
        self._offer()

    def _offer(self) -> None:
        with_form = self.memory.verdict is not None and self.memory.verdict["verdict"] != "not_likely"
        self.memory.phase = "offer" if with_form else "verdict"
        self.said.append(offer_message(with_form, self.memory, self.speaker))

    def _offer_change(self, ids: list[str]) -> None:
        if len(ids) == 1:
            self._ask(ids[0], changing=True)
            return
        self.memory.asks, self.memory.phase, self.memory.tries = CHANGE, "interview", 0
        self.said.append(change_message(ids, self.memory, self.speaker))
