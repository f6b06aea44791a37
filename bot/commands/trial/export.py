"""``prescreen trial export``: a trial in another form, for other programs and for spreadsheets.

Exit codes: 0 when it was written, 2 when the trial, a text or the file can't be used.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot.exchange.fhir import AskedQuestion
from bot.texts import TextError, Texts, load_texts
from criteria import Trial, TrialError, load_trial


class Format(StrEnum):
    """The forms in which a trial can be handed on."""

    FHIR = "fhir"
    CTML = "ctml"
    CSV = "csv"


def export_command(
    trial: Annotated[str, typer.Argument(metavar="TRIAL", help="The trial's registry number.")],
    format: Annotated[
        Format,
        typer.Option(
            "--format", help="fhir: an R4 Bundle; ctml: YAML for MatchMiner; csv: one row a criterion."
        ),
    ],
    output: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where it is written; standard output if left out.")
    ] = None,
) -> None:
    """Hand a trial on in another form. What the form cannot hold is said in it, or in docs/exchange.md."""
    try:
        content = exported(load_trial(trial), format, load_texts("en"))
        if output is None:
            sys.stdout.buffer.write(content)
            sys.stdout.buffer.flush()
        else:
            output.write_bytes(content)
    except (TrialError, TextError, OSError) as error:
        typer.echo(f"Error: {error}", err=True)
        raise typer.Exit(2) from None


def exported(trial: Trial, format: Format, texts: Texts) -> bytes:
    """The trial in one of the forms, as the file's bytes."""
    if format is Format.FHIR:
        from bot.exchange.fhir import trial_bundle

        bundle = trial_bundle(trial, tuple(questions_of(trial, texts)), texts)
        return (json.dumps(bundle, ensure_ascii=False, indent=2) + "\n").encode()
    if format is Format.CTML:
        from bot.exchange.ctml import as_ctml

        return as_ctml(trial).encode()
    from bot.exchange.table import criteria_as_csv
    from bot.trialfiles.rules import in_words

    return criteria_as_csv(trial, texts, in_words)


def questions_of(trial: Trial, texts: Texts) -> Iterator[AskedQuestion]:
    """The questions that the trial needs, and what opens each, as the interview's own plan has it.

    Left out are those that only follow on something told in the family's own words.
    """
    from bot.interview.questions import DAY_FIELDS, QUESTIONS
    from bot.script.asking import Plan

    plan = Plan(trial, texts)
    for question in QUESTIONS:
        asking = plan.asking(question)
        if not asking.criteria and question.id != QUESTIONS[0].id:
            continue
        opened_by = tuple(
            (answers.question, payload) for answers in asking.opened_by for payload in answers.payloads
        )
        after = asking.day_of if asking.days else ""
        if question.main or opened_by or after:
            open_ = question.field in DAY_FIELDS or question.id == "diagnosis"
            yield AskedQuestion(question.id, question.multiple, open_, opened_by, after)
