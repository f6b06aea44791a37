"""Each chat's last answer, so that a message sent twice is answered once.

The way back to a family may break after her message was taken in. When she sends it again, the interview
has gone on to a question that she never saw, and would take the same words as the answer to that one. So a
message carries an id, and the answer to a repeated id is given again. A turn that took too long is waited
for in the same manner: its answer is there for the repeat.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from bot.web.rasa import RasaDown
from bot.web.schema import ChatAnswer, Turn

_MOST_CHATS = 2_000
_KEPT_SECONDS = 3600

Finish = Callable[[Turn], Awaitable[ChatAnswer]]


class StillRunning(Exception):
    """The turn takes too long to wait for; it may still be answered, and the answer is then remembered."""


@dataclass(frozen=True)
class _Answered:
    message_id: str
    answer: ChatAnswer
    at: float


@dataclass(frozen=True)
class _Late:
    message_id: str | None
    task: asyncio.Task[Turn]
    at: float


class Turns:
    """Runs turns and remembers the last answer of each chat for an hour, in memory alone.

    Every method but ``forget_old`` and ``close`` is called under the lock of its chat.
    """

    def __init__(self, patience: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._patience = patience
        self._clock = clock
        self._answered: OrderedDict[str, _Answered] = OrderedDict()
        self._late: dict[str, _Late] = {}

    async def settle(self, session_id: str, finish: Finish) -> None:
        """Wait for a turn that was late the last time. Raises StillRunning where it still is."""
        late = self._late.get(session_id)
        if late is None:
            return
        await self._wait(late.task)
        del self._late[session_id]
        try:
            turn = late.task.result()
        except RasaDown:
            return
        self._remember(session_id, late.message_id, await finish(turn))

    def answer_to(self, session_id: str, message_id: str | None) -> ChatAnswer | None:
        """The answer given to this very message before, if it was the chat's last one."""
        last = self._answered.get(session_id)
        return last.answer if last is not None and last.message_id == message_id else None

    async def run(
        self, session_id: str, message_id: str | None, turn: Coroutine[Any, Any, Turn], finish: Finish
    ) -> ChatAnswer:
        """Take one turn and remember its answer. Raises RasaDown, and StillRunning when it is late."""
        task = asyncio.create_task(turn)
        # A late failure that nobody asks for is no news.
        task.add_done_callback(lambda done: done.cancelled() or done.exception())
        try:
            await self._wait(task)
        except StillRunning:
            self._late[session_id] = _Late(message_id, task, self._clock())
            raise
        answer = await finish(task.result())
        self._remember(session_id, message_id, answer)
        return answer

    def forget(self, session_id: str) -> None:
        """Nothing of this chat is to be remembered."""
        self._answered.pop(session_id, None)
        late = self._late.pop(session_id, None)
        if late is not None:
            late.task.cancel()

    def forget_old(self) -> None:
        """Drop what nobody has asked for in an hour."""
        before = self._clock() - _KEPT_SECONDS
        while self._answered and next(iter(self._answered.values())).at < before:
            self._answered.popitem(last=False)
        for session_id in [name for name, late in self._late.items() if late.at < before]:
            self.forget(session_id)

    def close(self) -> None:
        """The process ends: nobody waits any more."""
        for session_id in list(self._late):
            self.forget(session_id)

    async def _wait(self, task: asyncio.Task[Turn]) -> None:
        done, _ = await asyncio.wait({task}, timeout=self._patience)
        if not done:
            raise StillRunning

    def _remember(self, session_id: str, message_id: str | None, answer: ChatAnswer) -> None:
        self._answered.pop(session_id, None)
        if message_id is None or answer.state.phase == "closed":
            return
        self._answered[session_id] = _Answered(message_id, answer, self._clock())
        while len(self._answered) > _MOST_CHATS:
            self._answered.popitem(last=False)
