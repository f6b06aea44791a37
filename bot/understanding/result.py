"""What understanding hands back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Understood:
    """What one message tells.

    facts: only what the text tells, as the facts vocabulary defines it; events may be partial.
    complete_list: the whole text enumerates items of the list that was asked.
    problems: codes of dates that cannot be ("future_date", "before_birth", "no_such_date") and "long_text".
    control: a short command ("yes", "no", "dont_know", "skip", "why", "go_back", "start_over",
    "stop", "human",
        "change"), with `control_target`, the fact or detail to change.
    emergency: "emergency", "self_harm", "urgent" (needs a doctor today) or None.
    distress: the kind of cry that it holds ("grief" for "he's dying"; see the lexicon's `distress.yml`),
    which is no emergency, or None.
    other_language: code of another language the text seems to be written in, or None.
    pronoun: the writer's own word for the patient, "he", "she" or "they", or None.
    pronoun_named: whether it is told by a name or in so many words ("my son", "she, not he"), so that it
    counts more than a mere "he", who may be somebody else.
    """

    facts: dict[str, Any] = field(default_factory=dict)
    complete_list: bool = False
    problems: tuple[str, ...] = ()
    control: str | None = None
    control_target: str | None = None
    emergency: str | None = None
    other_language: str | None = None
    distress: str | None = None
    pronoun: str | None = None
    pronoun_named: bool = False
