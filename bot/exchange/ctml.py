"""A trial as CTML, the YAML in which MatchMiner (Dana-Farber Cancer Institute) takes trials.

CTML can hold limits on age, diagnosis, sex and the state of the disease. All else that a trial asks for
stands in the comment at the head of the file, criterion by criterion, so that nobody takes it for the whole.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Any, Final

import yaml

from bot.exchange import oncotree
from bot.exchange.deciding import (
    AGE,
    COURSE,
    DIAGNOSIS,
    SEX,
    ages,
    all_diagnoses,
    answers_against,
    counting,
    courses,
    diagnoses_against,
    may_meet,
    paths,
)
from bot.exchange.states import state_of
from criteria import Criterion, Trial
from criteria.facts import DIAGNOSIS_IDS

Match = dict[str, Any]

_STATUSES: Final = {"Y": "Open to Accrual", "N": "Closed to Accrual"}
_DISEASE_STATUSES: Final = {"relapsed": "Recurrent", "refractory": "Refractory", "metastatic": "Metastatic"}
_GENDERS: Final = {"female": "Female", "male": "Male"}
_HEAD: Final = """\
CTML (Clinical Trial Markup Language, MatchMiner) of {trial}, version {version} of its file.
Limits on age, diagnosis, sex and state of the disease stand under "match". They are what the trial's rules
say no to by themselves, and they are wide rather than narrow. That somebody meets them does not say that she
may take part: the study team decides.
Diagnoses are names out of {oncotree};
which name stands for which diagnosis is this program's reading.
The form was checked against a JSON Schema of this project (bot/exchange/ctml.schema.json), written from
MatchMiner's public documentation and examples. MatchMiner itself has not read it.
Read by: {read_by}. Reviewed by: {reviewed_by}."""


def as_ctml(trial: Trial) -> str:
    """The trial as a CTML file: a comment on what it does not hold, and the YAML."""
    head = _HEAD.format(
        trial=trial.id,
        version=trial.version,
        oncotree=oncotree.source(),
        read_by=trial.read_by,
        reviewed_by=trial.reviewed_by or "nobody yet",
    )
    lines = [*head.splitlines(), "", "Not expressed:", *_told(not_expressed(trial))]
    comment = "".join(f"# {line}".rstrip() + "\n" for line in lines)
    return comment + yaml.safe_dump(ctml(trial), sort_keys=False, allow_unicode=True, width=110)


def _told(items: Iterator[str]) -> Iterator[str]:
    for item in items:
        yield from textwrap.wrap(f"- {item}", 108, subsequent_indent="  ", break_long_words=False)


def ctml(trial: Trial) -> dict[str, Any]:
    """The trial as plain values; what its file does not tell is left out."""
    study = trial.study
    told: dict[str, Any] = {
        "protocol_no": trial.id,
        "nct_id": trial.id if trial.id.startswith("NCT") else None,
        "short_title": trial.title,
        "long_title": trial.official_title,
        "phase": trial.phase,
        "status": _status(study.status),
        "protocol_target_accrual": study.enrollment,
        "sponsor_list": {"sponsor": [{"is_principal_sponsor": "Y", "sponsor_name": trial.sponsor}]},
        "site_list": {
            "site": [_site(site.name or site.city or site.country, site.status) for site in trial.sites]
        }
        if trial.sites
        else None,
    }
    arm: dict[str, Any] = {
        "arm_internal_id": 1,
        "arm_code": "1",
        "arm_description": study.treatment or trial.title,
        "arm_suspended": "N",
        "dose_level": [],
    }
    limits = match(trial)
    if limits:
        arm["match"] = limits
    step = {"step_internal_id": 1, "step_code": "1", "arm": [arm]}
    return {key: value for key, value in told.items() if value is not None} | {
        "treatment_list": {"step": [step]}
    }


def _status(status: str | None) -> str | None:
    return None if status is None else _STATUSES["Y" if status == "recruiting" else "N"]


def _site(name: str, status: str | None) -> dict[str, str]:
    return {"site_name": name} | (
        {"site_status": _STATUSES["Y" if status == "recruiting" else "N"]} if status else {}
    )


def match(trial: Trial) -> list[Match]:
    """The ``match`` of the trial: one ``and`` of all its limits, or nothing where it has none."""
    limits = [*_age(trial), *_diagnosis(trial), *_course(trial), *_sex(trial)]
    return [{"and": limits}] if limits else []


def _clinical(**fields: Any) -> Match:
    return {"clinical": fields}


def _sex(trial: Trial) -> Iterator[Match]:
    told = {trial.study.sex} | {sex for criterion in counting(trial) for sex in _only_sex(criterion)}
    yield from (_clinical(gender=word) for sex, word in _GENDERS.items() if sex in told)


def _only_sex(criterion: Criterion) -> list[str]:
    """The one sex that a criterion lets in, where it says no to the other alone."""
    against = {answer for path, answer in answers_against(criterion) if path == "sex"}
    return [sex for sex in _GENDERS if len(against) == 1 and sex not in against]


def _age(trial: Trial) -> Iterator[Match]:
    """Two bounds on one field stand side by side: both must hold."""
    for criterion in counting(trial):
        ranges = ages(criterion)
        if len(ranges) != 1:
            continue
        least, most = ranges[0]
        if least:
            yield _clinical(age_numerical=f">={_years(least)}")
        if most is not None:
            # Completed months: who is 227 months old is so until the day of the 228th.
            yield _clinical(age_numerical=f"<{_years(most + 1)}")


def _years(months: int) -> str:
    """Months as MatchMiner reads them: years, with a month as 1/12 in three digits."""
    return f"{months / 12:.3f}".rstrip("0").rstrip(".")


def _diagnosis(trial: Trial) -> Iterator[Match]:
    """One of the names that fit, and none of those that don't but lie under a wider name that fits."""
    if not any(map(diagnoses_against, counting(trial))):
        return
    listed, not_out = _listed(trial), {diagnosis for diagnosis, _ in _not_out(trial)}
    names = list(dict.fromkeys(name for pair in listed for name in oncotree.names(*pair)))
    whole = all(oncotree.names(*pair) for pair in listed)
    if whole:
        yield {"or": [_clinical(oncotree_primary_diagnosis=name) for name in names]}
    for diagnosis in DIAGNOSIS_IDS:
        if diagnosis not in not_out and oncotree.means(diagnosis):
            if whole and oncotree.under(diagnosis) not in names:
                continue
            against = (name for name in oncotree.names(diagnosis) if name not in names)
            yield from (_clinical(oncotree_primary_diagnosis=f"!{name}") for name in against)


def _not_out(trial: Trial) -> list[tuple[str, str]]:
    """The cancers that no criterion says no to, each with where it began."""
    against = frozenset[tuple[str, str]]().union(*map(diagnoses_against, counting(trial)))
    return [pair for pair in all_diagnoses() if pair not in against and pair[0] != "not_cancer"]


def _listed(trial: Trial) -> list[tuple[str, str]]:
    """Those that may meet all criteria, and those left open that have a certain name.

    One that is left open because its word is vague ("another cancer") has no place in a list of names.
    """
    usable = [criterion for criterion in counting(trial) if diagnoses_against(criterion)]
    return [
        pair
        for pair in _not_out(trial)
        if oncotree.means(pair[0]) or all(may_meet(criterion, *pair) for criterion in usable)
    ]


def _course(trial: Trial) -> Iterator[Match]:
    for criterion in counting(trial):
        wanted = courses(criterion)
        if wanted and wanted <= _DISEASE_STATUSES.keys():
            yield _clinical(
                disease_status=[word for name, word in _DISEASE_STATUSES.items() if name in wanted]
            )


def expressed(criterion: Criterion) -> tuple[frozenset[str], ...]:
    """The things on which this criterion's limits are handed on, each as its fact paths."""
    wanted = courses(criterion)
    held = (
        (AGE, len(ages(criterion)) == 1),
        (DIAGNOSIS, bool(diagnoses_against(criterion))),
        (SEX, bool(_only_sex(criterion))),
        (COURSE, bool(wanted) and wanted <= _DISEASE_STATUSES.keys()),
    )
    return tuple(thing for thing, is_held in held if is_held)


def not_expressed(trial: Trial) -> Iterator[str]:
    """What the file does not hold, in plain words: first criteria, then what else."""
    usable = counting(trial)
    for criterion in trial.criteria:
        looked_at = paths(criterion)
        held = expressed(criterion) if criterion in usable else ()
        if any(looked_at <= thing for thing in held):
            continue
        state = state_of(trial, criterion)
        if criterion in usable:
            parts = ", ".join(sorted(looked_at & frozenset().union(*held)))
            state = f"in part: only {parts}" if parts else "CTML has no field for it"
        yield f"{criterion.id} ({state}): {' '.join(criterion.source.split())}"
    if any(diagnoses_against(criterion) for criterion in usable):
        listed = _listed(trial)
        unnamed = sorted({name for name, origin in listed if not oncotree.names(name, origin)})
        if unnamed:
            yield f"the list of diagnoses that fit; these have no certain OncoTree name: {_names(unnamed)}"
        vague = sorted({name for name, _ in _not_out(trial)} - {name for name, _ in listed})
        if vague:
            yield f"diagnoses in words so vague that they are left open: {_names(vague)}"
    if trial.study.status is None:
        yield "whether the trial takes new patients: its file does not tell"
    if not trial.sites:
        yield "where the trial takes place: its file does not tell"


def _names(diagnoses: list[str]) -> str:
    return ", ".join(name.replace("_", " ") for name in diagnoses)
