"""Whether this program shows what the site's board approved: asked by every process that shows texts."""

from __future__ import annotations

from bot.approval.changes import Difference, difference
from bot.approval.content import Content, content, fingerprint
from bot.approval.keeping import UnreadableScript, keep, kept, read_script
from bot.approval.sections import SectionError
from bot.settings import Settings

_MOST_NAMED = 12


def refusals(settings: Settings) -> list[str]:
    """Why the program must not start with APPROVED_SCRIPT as it is set, in one sentence; empty when it may.

    Raises TrialError where the trial can't be used.
    """
    if settings.approved_script is None:
        return []
    try:
        now = content(settings.trial)
    except SectionError as error:
        return [f"APPROVED_SCRIPT can't be compared with this program: {error.args[0]}."]
    if fingerprint(now) == settings.approved_script:
        keep(now, settings.prescreen_home)
        return []
    says = f"APPROVED_SCRIPT is not the hash of what this program shows ({fingerprint(now)})"
    try:
        approved = _approved(settings, settings.approved_script)
    except UnreadableScript as error:
        return [f"{says}; APPROVED_SCRIPT_FILE does not help to say what differs: {error}"]
    if approved is None:
        return [
            f"{says}; a hash alone can't say which texts differ, so name the file of the approved script in "
            "APPROVED_SCRIPT_FILE."
        ]
    return [f"{says}; these texts differ: {_named(difference(approved, now))}."]


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
