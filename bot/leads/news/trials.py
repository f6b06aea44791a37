"""The trials that the program runs, and which of them are news.

What is there at the first look is no news to anybody. A trial that comes later is written down with its
moment; it is news to everybody who signed up before that.
"""

from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.approval.offered import offered_trials
from bot.approval.sections import SectionError
from bot.leads.inserting import insert_into
from bot.leads.models import KnownTrial
from bot.settings import Settings
from criteria import FactError, Trial, TrialError, assess, check_facts

_FROM_THE_START = datetime(1970, 1, 1, tzinfo=UTC)


def running_trials(settings: Settings) -> dict[str, Trial]:
    """The trials that families may hear of now."""
    try:
        return {trial.id: trial for trial in offered_trials(settings)}
    except (TrialError, SectionError):
        # With a file that can't be used the chat does not start, so that there is nothing to tell of.
        return {}


def since_when(trials: Collection[str], moment: datetime, session: Session) -> dict[str, datetime]:
    """Since when each of these is known; what was not until now is written down with this moment."""
    everything = select(KnownTrial.trial, KnownTrial.since)
    known = {name: since for name, since in session.execute(everything)}
    new = sorted(set(trials) - set(known))
    for name in new:
        row = insert_into(KnownTrial, session).values(trial=name, since=moment if known else _FROM_THE_START)
        session.execute(row.on_conflict_do_nothing())
    if new:
        # Read again: another worker may have been faster, and then its moment counts.
        known = {name: since for name, since in session.execute(everything)}
    return {name: since for name, since in known.items() if name in trials}


def may_fit(trial: Trial, diagnosis: Mapping[str, Any] | None, today: date) -> bool:
    """Whether the criteria don't rule this illness out; what is not sure rules nothing out."""
    try:
        facts = check_facts({"diagnosis": diagnosis} if diagnosis is not None else {}, today)
    except FactError:
        # It was stored under a name that the program no longer knows.
        facts = {}
    return assess(trial, facts, today).verdict != "not_likely"
