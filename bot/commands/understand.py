"""`prescreen understand`: what the program makes of a sentence, one JSON object a line."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

import typer

from bot.understanding import understand
from bot.understanding.files import languages
from criteria.facts import BRAIN, BRAIN_FIELDS, EVENTS, FACT_NAMES, LISTS

BAD_INPUT = 2
_KEYS = ("id", "today", "asked", "lang", "text")


class BadLine(ValueError):
    """Input that cannot be read; the message names the line and what is allowed."""


@dataclass(frozen=True)
class Question:
    """One line to understand."""

    text: str
    today: date
    asked: str | None
    lang: str
    id: Any = None
    has_id: bool = False


def askable() -> tuple[str, ...]:
    """Give all that `--asked` may name: facts, details and lists."""
    details = [f"{event}.last" for event in EVENTS] + [
        f"{event}.kind" for event, kinds in EVENTS.items() if kinds
    ]
    brain = [f"{BRAIN}.{field}" for field in BRAIN_FIELDS if field != "had"]
    return (*FACT_NAMES, *LISTS, *details, *brain, "diagnosis.arises_in")


def read_day(value: object, where: str) -> date:
    """Read YYYY-MM-DD. Raises BadLine."""
    try:
        if isinstance(value, str) and len(value) == 10:
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise BadLine(f"{where}: today must be a day as YYYY-MM-DD")


def check_asked(value: object, where: str) -> str | None:
    """Check the name of a question. Raises BadLine."""
    if value is None or value in ("", *askable()):
        return str(value) if value else None
    raise BadLine(
        f"{where}: asked is not a fact, a detail such as chemotherapy.last, or one of {', '.join(LISTS)}"
    )


def check_lang(value: object, where: str) -> str:
    """Check that there is a lexicon of that language. Raises BadLine."""
    if isinstance(value, str) and value in languages():
        return value
    raise BadLine(f"{where}: lang must be one of {', '.join(languages())}")


def read_jsonl(lines: Iterable[str], today: date, asked: str | None, lang: str) -> list[Question]:
    """Read one JSON object a line; what a line leaves out is as given. Raises BadLine for the first
    bad one."""
    questions = []
    for number, line in enumerate(lines, 1):
        where = f"line {number}"
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            raise BadLine(f"{where}: not JSON") from None
        if not isinstance(row, dict) or not isinstance(row.get("text"), str):
            raise BadLine(f'{where}: must be an object with "text"')
        unknown = sorted(set(row) - set(_KEYS))
        if unknown:
            raise BadLine(f"{where}: unknown key {unknown[0]!r}; allowed: {', '.join(_KEYS)}")
        questions.append(
            Question(
                row["text"],
                read_day(row["today"], where) if row.get("today") is not None else today,
                check_asked(row["asked"], where) if row.get("asked") is not None else asked,
                check_lang(row["lang"], where) if row.get("lang") is not None else lang,
                row.get("id"),
                "id" in row,
            )
        )
    return questions


def answers(questions: Iterable[Question]) -> Iterator[str]:
    """Give one line of JSON for each question."""
    for question in questions:
        facts = understand(question.text, question.today, question.asked, question.lang).facts
        row = {"id": question.id, "facts": facts} if question.has_id else {"facts": facts}
        yield json.dumps(row, ensure_ascii=False)


def understand_command(
    text: Annotated[
        list[str] | None, typer.Argument(help="Sentences; without any, a line each on standard input.")
    ] = None,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="Each input line is {id, today, asked, lang, text}.")
    ] = False,
    today: Annotated[str | None, typer.Option(help="The day it is, YYYY-MM-DD.")] = None,
    asked: Annotated[
        str | None, typer.Option(help="The question that the text answers: a fact, a detail, a list.")
    ] = None,
    lang: Annotated[str, typer.Option(help="The language of the text.")] = "en",
) -> None:
    """Print the facts that each line of text tells, as JSON."""
    try:
        day = read_day(today, "--today") if today is not None else date.today()
        question, language = check_asked(asked, "--asked"), check_lang(lang, "--lang")
        lines = text if text else sys.stdin.read().split("\n")
        if not text and lines and not lines[-1]:
            lines = lines[:-1]
        if jsonl:
            questions = read_jsonl(lines, day, question, language)
        else:
            questions = [Question(line, day, question, language) for line in lines]
    except (BadLine, UnicodeDecodeError) as error:
        reason = "standard input is not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)
        typer.echo(f"prescreen understand: {reason}", err=True)
        raise typer.Exit(BAD_INPUT) from None
    for line in answers(questions):
        sys.stdout.write(line + "\n")
