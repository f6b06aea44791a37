"""Whether this program shows what the site's board approved: asked by every process that shows texts."""

from __future__ import annotations

from bot.approval.changes import Difference, difference
from bot.approval.content import Content, content, fingerprint
from bot.approval.keeping import UnreadableScript, keep, kept, read_script
from bot.approval.offered import catalogue
from bot.approval.sections import SectionError
from bot.settings import Settings

_MOST_NAMED = 12


def refusals(settings: Settings) -> list[str]:
    """Why the program must not start with APPROVED_SCRIPT as it is set, one sentence each; empty when it may.

    A trial whose script was not approved is not offered; a hash that no trial's script has is a refusal.
    Raises TrialError where a trial can't be used.
    """
    if not settings.approved_script:
        return []
    offered = catalogue(settings).offered().trials
    try:
        now = {trial.id: content(trial.id, settings.trials_folder) for trial in offered}
    except SectionError as error:
        return [f"APPROVED_SCRIPT can't be compared with this program: {error.args[0]}."]
    hashes = {fingerprint(found): found for found in now.values()}
    for hash_ in settings.approved_script:
        if hash_ in hashes:
            keep(hashes[hash_], settings.prescreen_home)
    unknown = [hash_ for hash_ in settings.approved_script if hash_ not in hashes]
    return [_refusal(hash_, now, settings) for hash_ in unknown]


def _refusal(hash_: str, now: dict[str, Content], settings: Settings) -> str:
    shown = ", ".join(f"{trial} {fingerprint(found)}" for trial, found in now.items())
    says = f"APPROVED_SCRIPT {hash_} is not the hash of what this program shows ({shown})"
    try:
        approved = _approved(settings, hash_)
    except UnreadableScript as error:
        return f"{says}; APPROVED_SCRIPT_FILE does not help to say what differs: {error}"
    if approved is None:
        return (
            f"{says}; a hash alone can't say which texts differ, so name the file of the approved script in "
            "APPROVED_SCRIPT_FILE."
        )
    sources = {entry.source for entry in approved}
    meant = next((trial for trial in now if trial in sources), None)
    if meant is None:
        return f"{says}; it is the script of a trial that is not offered: {', '.join(sorted(sources))}."
    return f"{says}; these texts differ: {_named(difference(approved, now[meant]))}."


def _approved(settings: Settings, hash_: str) -> Content | None:
    """The approved content, from the file that the site names or else from what is kept here."""
    path = settings.approved_script_file
    if path is None:
        return kept(settings.prescreen_home, hash_)
    found = read_script(path)
    if fingerprint(found) != hash_:
        raise UnreadableScript(f"{path} holds another script than the approved one.")
    return found


def _named(found: Difference) -> str:
    changed = [f"{change.name} ({change.kind})" for change in found.changes]
    moved = [f"{name} (moved)" for name in found.moved]
    names = [*changed, *moved]
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
