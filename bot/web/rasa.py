"""The way to Rasa: one POST a turn over its REST channel, and a strict look at what comes back."""

from typing import Any

import httpx
from pydantic import ValidationError

from bot.web.schema import Turn


class RasaDown(Exception):
    """Rasa or the action did not give a whole turn; the text says which step failed, never what was said."""


class RasaClient:
    """Talks to the private Rasa process."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    async def turn(self, sender: str, message: str, metadata: dict[str, Any]) -> Turn:
        """Send one message of a family. Raises RasaDown for anything but one complete turn.

        An empty list is what Rasa answers when its action server is down or nothing was predicted:
        silence, which a family must never get.
        """
        try:
            response = await self._http.post(
                "/webhooks/rest/webhook", json={"sender": sender, "message": message, "metadata": metadata}
            )
        except httpx.HTTPError as error:
            raise RasaDown(f"no answer from Rasa ({type(error).__name__})") from None
        if response.status_code != 200:
            raise RasaDown(f"Rasa answered with HTTP {response.status_code}")
        try:
            answers = response.json()
        except ValueError:
            raise RasaDown("Rasa's answer is no JSON") from None
        return _only_turn(answers)

    async def alive(self) -> bool:
        """Whether Rasa answers at all."""
        try:
            response = await self._http.get("/", timeout=3.0)
        except httpx.HTTPError:
            return False
        return response.status_code == 200


def _only_turn(answers: Any) -> Turn:
    customs = [
        answer["custom"]
        for answer in (answers if isinstance(answers, list) else [])
        if isinstance(answer, dict) and isinstance(answer.get("custom"), dict)
    ]
    if not customs:
        raise RasaDown("the action gave no answer")
    if len(customs) > 1:
        raise RasaDown("the action answered more than once")
    if "error" in customs[0]:
        raise RasaDown("the action failed")
    try:
        return Turn.model_validate(customs[0])
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors(include_input=False, include_url=False)[0]["loc"])
        raise RasaDown(f"the action's answer has the wrong shape at {where}") from None
