"""What a family can ask to be told, by what her chat came to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.leads.results import results_of

# An illness that is not known, or none that a study could be for.
_NO_ILLNESS = ("not_sure", "not_cancer")


@dataclass(frozen=True)
class Offers:
    """The day from which something may change, and the illness that studies may be for; None where there is
    none to tell of."""

    day: date | None
    diagnosis: dict[str, Any] | None

    @property
    def anything(self) -> bool:
        """Whether there is something to choose."""
        return self.day is not None or self.diagnosis is not None


def offers(screening: Mapping[str, Any], today: date) -> Offers:
    """What this screening gives to choose from on this day. A day that has come is none to wait for."""
    days = [result["until"] for result in results_of(screening) if result["verdict"] == "not_yet"]
    day = min((date.fromisoformat(one) for one in days if one), default=None)
    diagnosis = screening["facts"].get("diagnosis")
    known = isinstance(diagnosis, Mapping) and diagnosis.get("id") not in (None, *_NO_ILLNESS)
    return Offers(
        day=day if day is not None and day > today else None,
        diagnosis=dict(diagnosis) if known else None,
    )
