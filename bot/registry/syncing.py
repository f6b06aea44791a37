"""Trial files kept current with the registry: status, sites and the words of the criteria.

Only the lines that change are touched. Criteria whose words are gone are marked ``changed`` and rest until
somebody looks (docs/criteria.md); criteria that are new in the registry are added as drafts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from bot.registry.api import Found
from bot.registry.drafting import (
    AGE_FIELDS,
    AGE_FIELDS_PART,
    age_fields_in_words,
    drafted_criterion,
    dumped,
    site_of,
)
from bot.registry.edits import Edits, is_in_line, value_of
from bot.registry.files import records_in
from bot.registry.formats import FLAT
from bot.registry.reading import read_criterion
from bot.registry.record import NCT_ID, Record
from bot.registry.splitting import SplitCriterion, split
from bot.registry.storing import locked, store
from criteria.loading import read_trial, trial_names
from criteria.place import TrialError
from criteria.sites import TrialSite
from criteria.trial import Criterion, Trial


class Source(Protocol):
    """Whatever has records by number: ``bot.registry.api.Registry``, or a RecordFile."""

    def find(self, numbers: Sequence[str]) -> Found:
        """The studies of these numbers. Raises RegistryError where nothing can be had at all."""
        ...


@dataclass(frozen=True)
class RecordFile:
    """Records in a file or a folder of files, as a source."""

    path: Path

    def find(self, numbers: Sequence[str]) -> Found:
        """The studies of these numbers. Raises RecordError where the file cannot be read."""
        records = {record.nct_id: record for record in records_in(self.path, numbers)}
        lacking = {number: "the file does not hold it" for number in numbers if number not in records}
        return Found(records, lacking)


@dataclass(frozen=True)
class Change:
    """What was changed in one trial's file, in words for staff; ``error`` where it could not be kept."""

    trial: str
    what: tuple[str, ...] = ()
    error: str | None = None


def sync_trials(folder: Path, source: Source, numbers: Sequence[str] = ()) -> list[Change]:
    """Bring the trial files of a folder up to date; those of ``numbers`` only, if there are any.

    Gives the changes and what went wrong, in the order of the files; a file without either is left out.
    Files of trials without a registry number are left alone. Raises RegistryError where the source cannot
    be reached; nothing is changed then.
    """
    wanted = [number.upper() for number in numbers] or [
        name for name in trial_names(folder) if NCT_ID.fullmatch(name)
    ]
    if not wanted:
        return []
    found = source.find(wanted)
    changes = [_change(folder / f"{number}.yml", number, found) for number in wanted]
    return [change for change in changes if change.what or change.error]


def _change(path: Path, number: str, found: Found) -> Change:
    record = found.records.get(number)
    if record is None:
        return Change(number, error=found.errors.get(number, "the registry does not tell it"))
    try:
        with locked(path.parent):
            return Change(number, _synced(path, record))
    except (TrialError, OSError) as error:
        return Change(number, error=str(error))


def _synced(path: Path, record: Record) -> tuple[str, ...]:
    trial = read_trial(path)
    edits = Edits(path.read_text(encoding="utf-8"))
    what = [*_status(edits, trial, record), *_sites(edits, trial, record), *_text(edits, trial, record)]
    if not edits:
        return ()
    version = value_of(edits.root, "version")
    if version is not None:
        edits.replace(version, f'"{_next_version(trial.version)}"')
    store(path, edits.made())
    return tuple(what)


def _next_version(version: str) -> str:
    found = re.fullmatch(r"(.*\.)(\d+)", version)
    return f"{found[1]}{int(found[2]) + 1}" if found is not None else f"{version}.1"


def _status(edits: Edits, trial: Trial, record: Record) -> list[str]:
    """A status that has no counterpart here leaves the file's as it is."""
    if record.status is None or record.status == trial.study.status:
        return []
    study = value_of(edits.root, "study")
    status = value_of(study, "status") if study is not None else None
    if study is None:
        edits.insert_before_key(edits.root, "criteria", f"study:\n  status: {record.status}")
    elif status is not None:
        edits.replace(status, record.status)
    elif not study.value:
        edits.replace(study, f"{{status: {record.status}}}")
    else:
        edits.insert_after_value(study, study.value[0][0].value, f"status: {record.status}")
    return [f"status: {trial.study.status or 'not told'} -> {record.status}"]


def _sites(edits: Edits, trial: Trial, record: Record) -> list[str]:
    """Sites that came, went or changed. What the registry does not know of a site (languages, form) stays."""
    if not record.sites or (record.source_format == FLAT and trial.sites):
        # A format that tells only countries knows less than the file.
        return []
    there = value_of(edits.root, "sites")
    if there is None:
        written = dumped({"sites": [site_of(site) for site in record.sites]})
        edits.insert_before_key(edits.root, "criteria", written)
        return [f"sites: {len(record.sites)} added"]
    matched = _matched(trial.sites, record.sites)
    kept = [None if now is None else _kept(old, now) for old, now in zip(trial.sites, matched, strict=True)]
    taken = {id(now) for now in matched if now is not None}
    new = [site for site in record.sites if id(site) not in taken]
    gone = kept.count(None)
    other = sum(now is not None and now != old for old, now in zip(trial.sites, kept, strict=True))
    if not (new or gone or other):
        return []
    if is_in_line(there):
        every = [*(site for site in kept if site is not None), *new]
        # JSON is YAML in one line.
        edits.replace(there, json.dumps([site_of(site) for site in every], ensure_ascii=False))
    else:
        unplaced = list(new)
        for node, old, now in zip(there.value, trial.sites, kept, strict=True):
            if now is not None and now != old:
                edits.replace(node, dumped(site_of(now)))
            elif now is None and unplaced:
                edits.replace(node, dumped(site_of(unplaced.pop(0))))
            elif now is None:
                edits.remove(node)
        for site in unplaced:
            edits.append(there, dumped(site_of(site)))
    counts = (("added", len(new)), ("removed", gone), ("changed", other))
    return ["sites: " + ", ".join(f"{number} {word}" for word, number in counts if number)]


def _matched(old: Sequence[TrialSite], new: Sequence[TrialSite]) -> list[TrialSite | None]:
    """For each site of the file the one of the registry that is the same place, each taken once."""
    left = list(new)
    matched: list[TrialSite | None] = []
    for site in old:
        now = next((one for one in left if _place(one) == _place(site)), None)
        if now is not None:
            left = [one for one in left if one is not now]
        matched.append(now)
    return matched


def _place(site: TrialSite) -> tuple[str | None, ...]:
    return site.name, site.city, site.state, site.country


def _kept(old: TrialSite, now: TrialSite) -> TrialSite:
    return replace(now, languages=old.languages, form=old.form)


def _text(edits: Edits, trial: Trial, record: Record) -> list[str]:
    """Criteria whose words are gone, and new ones; nothing where the text was never fingerprinted."""
    what = []
    nodes = value_of(edits.root, "criteria")
    assert nodes is not None, "the loader wants criteria"
    gone = []
    if trial.text_hash is not None and trial.text_hash != record.text_hash:
        now, before = _key(record.eligibility), [_key(one.source) for one in trial.criteria]
        # A person may have cut the text elsewhere than the program would: the words count, not the cuts.
        gone = [one.id for one in trial.criteria if not _of_fields(one) and _key(one.source) not in now]
        new = [one for one in split(record.eligibility).criteria if _is_new(_key(one.words), before)]
        for added in _numbered(new, trial):
            readings = read_criterion(added.kind, added.words, added.part)
            edits.append(nodes, dumped(drafted_criterion(added, readings)))
            what.append(f"{added.id}: new in the registry, added as a draft")
        source = value_of(edits.root, "source")
        fingerprint = value_of(source, "text_hash") if source is not None else None
        if fingerprint is not None:
            edits.replace(fingerprint, record.text_hash)
        what.append("text: changed in the registry")
    fields = _key(age_fields_in_words(record)).casefold()
    gone += [one.id for one in trial.criteria if _of_fields(one) and _key(one.source).casefold() != fields]
    for node, one in zip(nodes.value, trial.criteria, strict=True):
        if one.id in gone and not one.changed:
            denied = value_of(node, "changed")
            if denied is None:
                edits.insert_after_value(node, "id", "changed: true")
            else:
                edits.replace(denied, "true")
            what.append(f"{one.id}: its words are gone, it rests until somebody looks")
    return what


def _of_fields(criterion: Criterion) -> bool:
    """Whether a criterion quotes the record's age fields, which stand beside its text."""
    return criterion.id == AGE_FIELDS or criterion.part == AGE_FIELDS_PART


_MARKS = re.compile(r"[^\w<>=≤≥%+/]+")
_FEW_WORDS = 4
"""So many words that no criterion holds, such as a heading or "and", make no new criterion."""


def _key(words: str) -> str:
    """The words without bullets, breaks, escapes and stops, so that only their change counts."""
    return " ".join(_MARKS.sub(" ", words.replace("\\", "")).split())


def _is_new(words: str, before: Sequence[str]) -> bool:
    """Whether the words are not in the file yet, neither within one criterion nor spread over several."""
    if any(words in known for known in before):
        return False
    for known in sorted(before, key=len, reverse=True):
        words = words.replace(known, " ") if known else words
    return len(words.split()) > _FEW_WORDS


def _numbered(new: Sequence[SplitCriterion], trial: Trial) -> list[SplitCriterion]:
    """The new criteria with ids that no criterion of the file has."""
    taken = {one.id for one in trial.criteria}
    numbered = []
    for one in new:
        letter, number = one.id[0], 1
        while f"{letter}{number}" in taken:
            number += 1
        taken.add(f"{letter}{number}")
        numbered.append(replace(one, id=f"{letter}{number}"))
    return numbered
