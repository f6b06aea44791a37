"""Which trials families may hear of, by this program's settings: asked by every process that shows texts."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import override

from bot.approval.content import content, fingerprint
from bot.settings import Settings
from criteria import Catalogue, Trial, TrialError, load_catalogue

log = logging.getLogger(__name__)


_good: dict[Settings, Catalogue] = {}


def catalogue(settings: Settings) -> Catalogue:
    """All trials that the settings name, each as families may be held to it, whether it recruits or not.

    Files are looked at anew when one was added or replaced, as the import, a review and the daily sync do it.
    Raises TrialError where one cannot be used at the first look; later the trials from before stay in use.
    """
    return _catalogue(settings, _changed(settings.trials_folder))


@lru_cache(maxsize=8)
def _catalogue(settings: Settings, changed: int) -> Catalogue:
    try:
        _good[settings] = load_catalogue(settings.trials, settings.trials_folder, settings.allow_unreviewed)
    except TrialError as error:
        if settings not in _good:
            raise
        log.error("a trial file cannot be used, so that the trials from before stay in use: %s", error)
    return _good[settings]


def _changed(folder: Path) -> int:
    """When a file was last put into the folder or replaced there; one look, however many files there are."""
    try:
        return folder.stat().st_mtime_ns
    except OSError:
        return 0


def offered_trials(settings: Settings) -> tuple[Trial, ...]:
    """The trials that families may hear of now.

    They recruit, some criterion of theirs counts, and where the site's board approved scripts, theirs is
    among them. The same tuple is given as long as nothing has changed. Raises TrialError and SectionError.
    """
    return _offered(settings, catalogue(settings))


@lru_cache(maxsize=8)
def _offered(settings: Settings, whole: Catalogue) -> tuple[Trial, ...]:
    offered = whole.offered().trials
    if not settings.approved_script:
        return offered
    return tuple(trial for trial in offered if script_hash(trial.id, settings) in settings.approved_script)


class OfferedTrials(Mapping[str, Trial]):
    """The offered trials by their numbers, as they are at each look."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def _now(self) -> dict[str, Trial]:
        return {trial.id: trial for trial in offered_trials(self._settings)}

    @override
    def __getitem__(self, number: str) -> Trial:
        return self._now()[number]

    @override
    def __iter__(self) -> Iterator[str]:
        return iter(self._now())

    @override
    def __len__(self) -> int:
        return len(offered_trials(self._settings))


def script_hash(trial: str, settings: Settings) -> str:
    """The hash of everything that a family of this trial can be shown."""
    return fingerprint(content(trial, settings.trials_folder))
