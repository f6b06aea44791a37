"""A page that was away, or that lies open twice, is shown where the chat stands; nothing is taken in."""

from __future__ import annotations

from bot.interview.asides import Asides
from bot.interview.asking import message
from bot.interview.hearing import hear_emergency
from bot.interview.plan import standing
from bot.interview.results import result_mark, result_text


class Looking(Asides):
    """A turn that can show what waits, without an answer."""

    def _shown_instead(self) -> bool:
        """Shows where the chat stands where nothing is to be taken in; False where the message counts.

        An answer that was given on an older page would be taken for the answer to another question. A cry for
        help is heard on every page.
        """
        after, looks = self.incoming.after, self.incoming.command == "look"
        old = after is not None and after != self.memory.turn
        emergency = hear_emergency(self.incoming, self.world) if old else None
        if emergency is not None:
            self.memory.greeted = True
            self.memory.turn += 1
            self._emergency(emergency)
            return True
        if not self.memory.greeted:
            # What was told on that page was deleted since, as it is a day after the last message.
            if looks or after:
                self._greet()
                self.info("reply.forgotten")
                self._go_on()
                return True
            return False
        if old and not looks:
            self.moved_on = True
            self.info("reply.moved_on")
        if old or looks:
            self._look()
        return old or looks

    def _look(self) -> None:
        self.asked_back = True
        if self.memory.phase == "emergency":
            self._emergency("still")
        elif self.memory.asks is None and self.memory.verdict is not None:
            self._show_verdict()
        else:
            self._go_on(again=True)

    def _show_verdict(self) -> None:
        """The verdict told before; where the day has changed it since, the one that holds now."""
        now = standing(self.facts, self.memory, self.world)
        if result_mark(now) != self.memory.result:
            # The old one must not be sent any more.
            self.memory.changed = True
            self._go_on()
            return
        self.said.append(message(result_text(now, self.world, self.speaker), "verdict"))
        self._offer()
