"""Which trials families may hear of, by this program's settings: asked by every process that shows texts."""

from __future__ import annotations

from functools import cache

from bot.approval.content import content, fingerprint
from bot.settings import Settings
from criteria import Catalogue, Trial, load_catalogue


@cache
def catalogue(settings: Settings) -> Catalogue:
    """All trials that the settings name, each as families may be held to it, whether it recruits or not.

    Files are read once by each process: a changed one counts from the next start on. Raises TrialError where
    one cannot be used.
    """
    return load_catalogue(settings.trials, settings.trials_folder, settings.allow_unreviewed)


@cache
def offered_trials(settings: Settings) -> tuple[Trial, ...]:
    """The trials that families may hear of now.

    They recruit, some criterion of theirs counts, and where the site's board approved scripts, theirs is
    among them. Raises TrialError and SectionError.
    """
    offered = catalogue(settings).offered().trials
    if not settings.approved_script:
        return offered
    return tuple(trial for trial in offered if script_hash(trial.id, settings) in settings.approved_script)


def script_hash(trial: str, settings: Settings) -> str:
    """The hash of everything that a family of this trial can be shown."""
    return fingerprint(content(trial, settings.trials_folder))
