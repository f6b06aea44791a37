"""A screening of several trials, and what of it belongs to one trial's study team."""

from collections.abc import Mapping
from typing import Any

OFFERED_ON = ("likely", "possible", "not_yet")
"""The verdicts on which a study team may be asked to call."""

_OF_SEVERAL = ("trials", "trials_left_out")


def results_of(screening: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each trial's part: trial, trial_version, verdict, until, findings; the most hopeful first."""
    if "trials" in screening:
        return [dict(result) for result in screening["trials"]]
    names = ("trial", "trial_version", "verdict", "until", "findings")
    return [{name: screening.get(name) for name in names}]


def offered_results(screening: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The trials' parts on which a family may write to the study team."""
    return [result for result in results_of(screening) if result["verdict"] in OFFERED_ON]


def screening_for_trial(screening: Mapping[str, Any], trial: str) -> dict[str, Any]:
    """The screening as this trial's study team gets it: the answers, and no other trial's findings.

    Raises KeyError where the screening does not hold the trial.
    """
    for result in results_of(screening):
        if result["trial"] == trial:
            whole = {name: value for name, value in screening.items() if name not in _OF_SEVERAL}
            return whole | result
    raise KeyError(trial)
