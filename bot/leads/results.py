"""A screening of several trials, and what of it belongs to one trial's study team."""

from collections.abc import Container, Mapping
from typing import Any

OFFERED_ON = ("likely", "possible", "not_yet")
"""The verdicts on which a study team may be asked to call."""

_OF_SEVERAL = ("trials", "trials_left_out", "sites")
_OF_A_SITE = ("name", "city", "state", "country")


def results_of(screening: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each trial's part: trial, trial_version, verdict, until, findings; the most hopeful first."""
    if "trials" in screening:
        return [dict(result) for result in screening["trials"]]
    names = ("trial", "trial_version", "verdict", "until", "findings", "sites")
    return [{name: screening.get(name) for name in names if name in screening or name != "sites"}]


def offered_results(screening: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The trials' parts on which a family may write to the study team."""
    return [result for result in results_of(screening) if result["verdict"] in OFFERED_ON]


def still_offered(screening: Mapping[str, Any], trials: Container[str]) -> dict[str, Any] | None:
    """The screening without the trials that are not offered any more; None where none of it is left."""
    left = [result for result in results_of(screening) if result["trial"] in trials]
    if not left:
        return None
    return {**screening, "trials": left} if "trials" in screening else dict(screening)


def screening_for_trial(
    screening: Mapping[str, Any], trial: str, site: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The screening as this trial's study team gets it: the answers, and no other trial's findings.

    ``site`` is the one that the family picked among those of the result. Raises KeyError where the screening
    does not hold the trial.
    """
    for result in results_of(screening):
        if result["trial"] == trial:
            whole = {name: value for name, value in screening.items() if name not in _OF_SEVERAL}
            whole |= {name: value for name, value in result.items() if name != "sites"}
            return whole | {"site": {name: site.get(name) for name in _OF_A_SITE}} if site else whole
    raise KeyError(trial)


def sites_of(result: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The sites of one trial's part, the nearest first; empty where none is known."""
    return list(result.get("sites") or ())


def site_line(site: Mapping[str, Any]) -> str:
    """A site in one line, as the registry writes it: Clinic, Town, Country."""
    return ", ".join(str(site[name]) for name in ("name", "city", "country") if site.get(name))
