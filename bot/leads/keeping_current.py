"""The daily look at the registry: status, sites and words of the trial files, beside the worker's sending."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from bot.registry.api import ADDRESS, Registry
from bot.registry.errors import RegistryError
from bot.registry.syncing import Change, Source, sync_trials
from bot.settings import Settings

log = logging.getLogger(__name__)

_busy = threading.Lock()


def sync_in_background(settings: Settings, registry: Callable[[Settings], Source] | None = None) -> bool:
    """Start a sync where the site has enabled it and none runs; whether one was started.

    It asks the registry at the registry's pace, which may take minutes: leads must not wait for that.
    """
    if not settings.trials_sync or not _busy.acquire(blocking=False):
        return False

    def work() -> None:
        try:
            sync(settings, (registry or _registry)(settings))
        finally:
            _busy.release()

    threading.Thread(target=work, name="trials-sync", daemon=True).start()
    return True


def sync(settings: Settings, source: Source) -> list[Change]:
    """Bring the trial files up to date and say in the log what changed; nothing is raised."""
    try:
        changes = sync_trials(settings.trials_folder, source, settings.trials)
    except RegistryError as error:
        log.error("the trial files were not brought up to date: %s", error)
        return []
    for change in changes:
        if change.error:
            log.error("%s was not brought up to date: %s", change.trial, change.error)
        for what in change.what:
            log.info("%s: %s", change.trial, what)
    return changes


def _registry(settings: Settings) -> Source:
    return Registry(settings.registry_url or ADDRESS)
