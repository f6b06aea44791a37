"""Plain counts for the site: how many chats there were, where they stopped, what decided. No identity.

A conversation is counted once, in the moment in which it is forgotten, by how it ended. Nothing but numbers
is kept of it. Small numbers could point at a single family, so ``counts_for_site`` keeps back what is below
ten: see ``bot.leads.suppression``.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.leads.database import Store, open_store
from bot.leads.inserting import insert_into
from bot.leads.models import Count
from bot.leads.suppression import covered, shown_parts

CHATS, STOPPED, VERDICT = "chats", "stopped", "verdict"
"""What is counted: all chats; those without a verdict, by what was asked last; those with one, by verdict."""

ALL, OTHERS = "all", "others"
"""Not the name of a fact, verdict or criterion: every chat, and whatever is not shown by name."""

EVERY_TRIAL = "all"
"""Under this, chats about several trials are counted once each; under a number, by that trial's verdict."""

DECIDES = {"not_likely": "not_met", "not_yet": "not_yet", "possible": "unknown"}
"""Which findings made a verdict what it is; they are counted by criterion, under their own name."""

VERDICTS = ("likely", "possible", "not_yet", "not_likely")


@dataclass(frozen=True)
class Ending:
    """How a chat ended, for one trial or for all: at a verdict and what decided it, or at a question."""

    trial: str
    verdict: str | None = None
    deciding: tuple[str, ...] = ()
    stopped: str | None = None


class CountRow(NamedTuple):
    """One number for the site; None where it is below ten, or would give away one that is."""

    what: str
    which: str
    number: int | None


def endings_of_screening(screening: Mapping[str, Any]) -> list[Ending]:
    """How a conversation ended that has a screening, or notes with a verdict of the same shape.

    With several trials it ended once at the best verdict, and once for each trial at the trial's own.
    """
    if "trials" not in screening:
        return [_ending(screening)]
    return [
        Ending(EVERY_TRIAL, str(screening["verdict"])),
        *(_ending(result) for result in screening["trials"]),
    ]


def _ending(result: Mapping[str, Any]) -> Ending:
    verdict = str(result["verdict"])
    decides = DECIDES.get(verdict)
    findings: Mapping[str, Any] = result.get("findings", {})
    deciding = sorted(name for name, found in findings.items() if found["finding"] == decides)
    return Ending(str(result["trial"]), verdict, tuple(deciding))


def endings_of_notes(notes: Mapping[str, Any] | None, trial: str) -> list[Ending]:
    """How a conversation ended by the interview's own notes; None is one in which nothing was asked.

    ``trial`` is what a chat without a verdict is counted under: the one trial that it was about, or
    EVERY_TRIAL.
    """
    if notes is None:
        return [Ending(trial, stopped="start")]
    # A verdict that was told before answers changed is none any more.
    if notes.get("verdict") and not notes.get("changed"):
        return endings_of_screening(notes["verdict"])
    return [Ending(trial, stopped=str(notes.get("asks") or notes.get("phase") or "start")[:64])]


def add_endings(endings: Iterable[Ending], session: Session) -> None:
    """Count these conversations, in the transaction that forgets them."""
    numbers: Counter[tuple[str, str, str]] = Counter()
    for ending in endings:
        numbers[ending.trial, CHATS, ALL] += 1
        if ending.stopped is not None:
            numbers[ending.trial, STOPPED, ending.stopped] += 1
        if ending.verdict is not None:
            numbers[ending.trial, VERDICT, ending.verdict] += 1
            for criterion in ending.deciding:
                numbers[ending.trial, DECIDES[ending.verdict], criterion] += 1
    # In one order, so that two processes that count at once wait for each other and never in a circle.
    for (trial, what, which), number in sorted(numbers.items()):
        row = insert_into(Count, session).values(trial=trial, what=what, which=which, number=number)
        session.execute(
            row.on_conflict_do_update(
                index_elements=["trial", "what", "which"], set_={"number": Count.number + row.excluded.number}
            )
        )


def counts_for_site(trial: str, store: Store | None = None) -> list[CountRow]:
    """What the site may see: all chats, then verdicts, where chats stopped, and what decided.

    Verdicts always have their four rows. Facts and criteria have a row where their number may be shown, and
    one row ``others`` for all the rest, so that a missing row does not tell zero from nine.
    """
    with (store or open_store()).session() as session:
        found = session.execute(
            select(Count.what, Count.which, Count.number).where(Count.trial == trial)
        ).all()
    numbers = {(what, which): number for what, which, number in found}
    verdicts = {(VERDICT, name): numbers.get((VERDICT, name), 0) for name in VERDICTS}
    stops = {key: number for key, number in numbers.items() if key[0] == STOPPED}
    total = numbers.get((CHATS, ALL), 0)
    # Every chat either stopped somewhere or came to one verdict: together they are all chats. That nobody
    # stopped at any other question is not to be told either.
    shown = shown_parts(verdicts | stops | {(STOPPED, OTHERS): 0})
    rows = [CountRow(CHATS, ALL, covered(total))]
    rows += [CountRow(*key, number if key in shown else None) for key, number in verdicts.items()]
    rows += _named(STOPPED, {which: number for (_, which), number in stops.items()}, shown)
    for verdict, finding in DECIDES.items():
        # Who knows how often a criterion decided knows of how many verdicts there are at least.
        parts = {(what, which): n for (what, which), n in numbers.items() if what == finding}
        may_show = shown_parts(parts, whole=verdicts[VERDICT, verdict])
        open_ = may_show if (VERDICT, verdict) in shown else frozenset[tuple[str, str]]()
        rows += _named(finding, {which: number for (_, which), number in parts.items()}, open_)
    return rows


def _named(what: str, numbers: Mapping[str, int], shown: frozenset[tuple[str, str]]) -> list[CountRow]:
    """Rows by name, the largest first, and the one for all that is not shown."""
    names = sorted((which for which in numbers if (what, which) in shown), key=lambda name: -numbers[name])
    return [CountRow(what, which, numbers[which]) for which in names] + [CountRow(what, OTHERS, None)]
