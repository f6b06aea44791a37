"""The one custom action that is added to Rasa's starter bot. Runs in Rasa's environment, on Python 3.10."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action


# rasa_sdk ships no types.
class ActionTellOpeningHours(Action):  # type: ignore[misc]
    """Says one sentence and sets nothing: the least that an action can do."""

    def name(self) -> str:
        """The name in the domain."""
        return "action_tell_opening_hours"

    def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[dict[str, Any]]:
        """One answer, no events."""
        dispatcher.utter_message(text="We are open from 9 to 5.")
        return []
