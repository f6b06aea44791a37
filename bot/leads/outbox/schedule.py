"""When a message is tried again, and when trying ends. Pure: the clock and the dice are handed in."""

from datetime import datetime, timedelta

from bot.leads.outbox.kinds import REPEATABLE, Kind, State
from bot.leads.outbox.outcome import Fate, Outcome
from bot.settings import Settings

FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(hours=6)
PATIENCE = timedelta(days=5)
"""How long a message is tried, counted from its first try."""

# A one-time code is of no use to anybody much later, nor a link that is about to run out.
_LESS_PATIENCE = {Kind.CODE: timedelta(minutes=30), Kind.NEWS_CONFIRM: timedelta(hours=24)}


def pause(tries: int, dice: float, retry_after: timedelta | None = None) -> timedelta:
    """How long to wait after so many tries: doubled each time from seconds up to 6 hours.

    ``dice``, from 0 to 1, takes up to half of it away, so that messages that failed together don't all come
    back together. ``retry_after`` is what the site asked for; it is honoured up to 6 hours.
    """
    # No power beyond what is cut off anyway: the number of tries has no end.
    doubled = min(FIRST_PAUSE * (1 << min(max(tries, 1), 30) - 1), LONGEST_PAUSE)
    asked = min(retry_after or timedelta(0), LONGEST_PAUSE)
    return max(doubled * (1 - dice / 2), asked)


def repeatable(kind: str, settings: Settings) -> bool:
    """Whether the message may be sent again when nobody knows if it arrived.

    The site must be able to tell a repeat from a second message: by ``webhook-id``, or by the constant
    identifier in a FHIR Bundle. A plain HTML form and a mailbox can't.
    """
    return kind in REPEATABLE and settings.site_form_kind != "form"


def state_after(kind: str, outcome: Outcome, settings: Settings, tried_for: timedelta) -> State:
    """The state of a delivery after a try, where ``tried_for`` is the time since its first try began."""
    if outcome.fate is Fate.TAKEN:
        return State.DELIVERED
    if outcome.fate is Fate.PERSON:
        return State.NEEDS_PERSON
    if outcome.fate is Fate.UNKNOWN and not repeatable(kind, settings):
        return State.MAYBE_SENT
    if tried_for >= _LESS_PATIENCE.get(Kind(kind), PATIENCE):
        # It may have arrived at one of the tries, but repeats did no harm and a person looks at it now.
        return State.NEEDS_PERSON
    return State.WAITING


def next_attempt(moment: datetime, tries: int, dice: float, outcome: Outcome) -> datetime:
    """When a message that waits is tried again."""
    return moment + pause(tries, dice, outcome.retry_after)
