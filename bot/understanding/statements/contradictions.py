"""What is said of one thing and of its opposite: two who disagree, a wrong record, a fear that passed."""

from __future__ import annotations

from typing import Literal

from bot.understanding.statements.clauses import Clause
from bot.understanding.statements.scene import Scene
from bot.understanding.vocabulary import Mention

Settled = Literal["yes", "no", "not_sure", "leave_out"]
#: What must stand before, what must stand behind (None: anything), and what is so then.
Rules = tuple[tuple[str | None, str | None, Settled], ...]

_FILE = "grammar"
_LOOK = 24
_SPOKEN_OF = frozenset(["treatments", "health"])
_CUT_OFF = "~"  # so that the words behind do not look as if they ended there
_ALWAYS: Rules = (
    ("withdrawn", None, "leave_out"),
    ("denied_twice", None, "yes"),
    ("all_but", None, "no"),
    ("nobody_said", None, "leave_out"),
    ("what_before", "what_behind", "leave_out"),
)
_IF_DENIED: Rules = (
    ("none_that", "worked_behind", "yes"),
    ("neither_before", "worked_far", "yes"),
    ("said_before", "gainsaid_no", "not_sure"),
    ("recorded", "set_right", "yes"),
    ("refused_first", "refused_at_first", "yes"),
    ("against", None, "leave_out"),
)
_IF_SAID: Rules = (
    (None, "was_other", "leave_out"),
    ("surely_not", None, "no"),
    ("refusing", None, "no"),
    ("against", None, "leave_out"),
    ("chosen_over", None, "no"),
    (None, "not_worth", "no"),
    (None, "fell_through", "no"),
    (None, "free_behind", "no"),
    ("said_before", "gainsaid", "not_sure"),
    ("doubted", None, "not_sure"),
    ("unknown_before", None, "not_sure"),
    ("maybe_before", None, "not_sure"),
    ("in_general_before", "in_general_behind", "leave_out"),
    (None, "planned_behind", "leave_out"),
)
_OF_TREATMENTS: Rules = (
    (None, "had_neither", "no"),
    ("talked_of", None, "leave_out"),
    ("not_so_before", None, "leave_out"),
    ("about_to_before", "coming_behind", "leave_out"),
    (None, "may_work", "leave_out"),
    ("not_before", None, "leave_out"),
)
_IF_PLANNED: Rules = ((None, "went_well", "yes"), (None, "not_had_yet", "no"), (None, "said_no", "no"))
_IF_FEARED: Rules = ((None, "taken_back", "no"),)
_FAR = frozenset(["had_neither", "worked_far"])


class Surroundings:
    """The words of the sentence before a name, and those behind it as far as the next name of its kind."""

    def __init__(self, scene: Scene, clause: Clause, mention: Mention) -> None:
        """Take the words around `mention`; blanks stand so that patterns can ask for whole words."""
        self._scene = scene
        start = max(clause.sentence_start, mention.start - _LOOK)
        self.before = "".join(f"{word} " for word in scene.words[start : mention.start])
        end = mention.end + _LOOK
        words = scene.words[mention.end : end]
        self.far_behind = "".join(f" {word}" for word in words)
        following = next((m for m in scene.mentions_from(mention.end) if m.kind == mention.kind), None)
        if following and following.start < end:
            words = [*scene.words[mention.end : following.start], _CUT_OFF]
        self.behind = "".join(f" {word}" for word in words)

    def precedes(self, name: str) -> bool:
        """Whether the words before match a pattern of the grammar."""
        return self._scene.language.pattern(_FILE, name).search(self.before) is not None

    def follows(self, name: str) -> bool:
        """Whether the words behind do; for some patterns, with other names among them."""
        text = self.far_behind if name in _FAR else self.behind
        return self._scene.language.pattern(_FILE, name).search(text) is not None


def contradicted(
    around: Surroundings, scene: Scene, clause: Clause, mention: Mention, denied: bool
) -> Settled | None:
    """Give what stands in the end where something speaks against what was said; None where nothing does."""
    settled = _first(around, _ALWAYS) or _first(around, _IF_DENIED if denied else _IF_SAID)
    if settled is None and mention.kind in _SPOKEN_OF and not denied:
        settled = _first(around, _OF_TREATMENTS)
    if settled or denied:
        return settled
    if around.precedes("recorded") and around.follows("wrong_record"):
        return "no" if around.follows("never_did") else "leave_out"
    if scene.cue("planned", clause.start, clause.end):
        settled = _first(around, _IF_PLANNED)
    if settled is None and scene.cue("thought", clause.sentence_start, mention.start):
        settled = _first(around, _IF_FEARED)
    return settled


def _first(around: Surroundings, rules: Rules) -> Settled | None:
    """Give what the first of some rules says whose words stand before and behind."""
    for before, behind, settled in rules:
        if (before is None or around.precedes(before)) and (behind is None or around.follows(behind)):
            return settled
    return None
