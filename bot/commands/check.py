"""``prescreen check``: what a trial makes of families' facts, one JSON object a line, for staff.

Every line is checked before the first result is printed, so that a file with a slip in it
never yields half an answer.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from criteria import Assessment, FactError, TrialError, assess, check_facts, load_trial, trial_names

_KEYS = ("id", "today", "facts")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# Washouts are counted forwards from past days, and the calendar of the program ends in the year 9999.
_LAST_YEAR = 9000


class InputError(ValueError):
    """Input that cannot be used; the text says where and why."""


class _NotOneObject(ValueError):
    """The whole input is not one JSON object."""


@dataclass(frozen=True)
class Request:
    """One checked line: what to echo, the day it is for, and its facts."""

    echo: dict[str, Any]
    today: date
    facts: dict[str, Any]


def check_command(
    file: Annotated[str, typer.Argument(metavar="FILE", help="JSON facts; - reads standard input.")],
    trial: Annotated[
        str | None, typer.Option(help="The trial's registry number; the only one if left out.")
    ] = None,
    today: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="The day it is; the site's today if left out.")
    ] = None,
) -> None:
    """Check facts against a trial's criteria: verdict and all findings, with the reasons for staff.

    FILE holds one JSON object, or one a line: {"id": ..., "today": ..., "facts": {...}}; id and today may
    be left out, and a line's own today counts before --today.
    """
    try:
        chosen = load_trial(trial or _only_trial())
        day = _default_today() if today is None else read_day(today, "--today")
        name = "standard input" if file == "-" else file
        requests = read_requests(_read(file, name), name, day)
    except (InputError, TrialError) as error:
        typer.echo(f"Error: {error}", err=True)
        raise typer.Exit(2) from None
    for request in requests:
        result = request.echo | as_json(assess(chosen, request.facts, request.today))
        # Unlike typer.echo, print leaves it to the stream when to flush: not after each of 10,000 lines.
        print(json.dumps(result, separators=(",", ":")))


def as_json(assessment: Assessment) -> dict[str, Any]:
    """An assessment as staff read it: verdict, until, and finding, until and reason of each criterion."""
    return {
        "verdict": assessment.verdict,
        "until": _iso(assessment.until),
        "findings": {
            criterion: {"finding": found.finding, "until": _iso(found.until), "reason": found.reason}
            for criterion, found in assessment.findings.items()
        },
    }


def read_requests(content: bytes, name: str, today: date) -> list[Request]:
    """All requests in ``content``: one JSON object over any number of lines, or one a line.

    ``today`` stands in where a line tells none. Raises InputError, which names the line.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InputError(f"{name}, line {line}: this is not text in UTF-8") from None
    # Only a line feed ends a line: JSON texts may hold the other line ends of Unicode.
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    if not lines:
        raise InputError(f"{name}: there is nothing to check; expected one JSON object, or one a line")
    if len(lines) > 1 and not _is_object(lines[0][1]):
        try:
            return [_request(_whole(text, name), f"{name}, line {lines[0][0]}", today)]
        except _NotOneObject as error:
            # A file of one object a line may begin with a bad one; its own error is the better one then.
            if not any(_is_object(line) for _, line in lines):
                raise InputError(str(error)) from None
    return [_request(_line(line, f"{name}, line {n}"), f"{name}, line {n}", today) for n, line in lines]


def read_day(value: object, where: str) -> date:
    """A day as YYYY-MM-DD. Raises InputError, which begins with ``where``."""
    try:
        if isinstance(value, str) and _DAY.fullmatch(value):
            day = date.fromisoformat(value)
            if day.year <= _LAST_YEAR:
                return day
    except ValueError:
        pass
    raise InputError(f"{where}: {value!r} is not a day as YYYY-MM-DD")


def _request(told: object, where: str, today: date) -> Request:
    if not isinstance(told, dict):
        raise InputError(f'{where}: expected an object such as {{"facts": {{...}}}}')
    for key in told:
        if key not in _KEYS:
            raise InputError(f"{where}: unknown key {key!r}; allowed: {', '.join(_KEYS)}")
    if "facts" not in told:
        raise InputError(f"{where}: 'facts' is missing")
    day = read_day(told["today"], f"{where}: today") if "today" in told else today
    try:
        facts = check_facts(told["facts"], day)
    except FactError as error:
        raise InputError(f"{where}: {error}") from None
    return Request({"id": told["id"]} if "id" in told else {}, day, facts)


def _is_object(line: str) -> bool:
    """Whether the line is a JSON object of its own, good or bad: then it is one object a line."""
    if not line.lstrip().startswith("{"):
        return False
    try:
        _parse(line)
    except json.JSONDecodeError:
        return False
    except (ValueError, RecursionError):
        pass
    return True


def _line(line: str, where: str) -> object:
    try:
        return _parse(line)
    except json.JSONDecodeError as error:
        raise InputError(f"{where}: this is not JSON: {error.msg} at character {error.pos + 1}") from None
    except RecursionError:
        raise InputError(f"{where}: this is nested too deep") from None
    except ValueError as error:
        raise InputError(f"{where}: {error}") from None


def _whole(text: str, name: str) -> object:
    try:
        return _parse(text)
    except json.JSONDecodeError as error:
        raise _NotOneObject(f"{name}, line {error.lineno}: this is not JSON: {error.msg}") from None
    except RecursionError:
        raise _NotOneObject(f"{name}, line 1: this is nested too deep") from None
    except ValueError as error:
        raise _NotOneObject(f"{name}, line 1: {error}") from None


def _parse(text: str) -> object:
    return json.loads(
        text,
        object_pairs_hook=_once_each,
        parse_constant=_no_constant,
        parse_float=_finite,
        parse_int=_whole_number,
    )


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"the key {key!r} stands twice")
        found[key] = value
    return found


def _no_constant(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(f"the number {digits} is too large")
    return number


def _whole_number(digits: str) -> int:
    if len(digits) > 100:
        raise ValueError("a number of more than 100 digits is too large")
    return int(digits)


def _read(file: str, name: str) -> bytes:
    try:
        if file == "-":
            return typer.get_binary_stream("stdin").read()
        return Path(file).read_bytes()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "it is no file name"
        raise InputError(f"{name} cannot be read: {reason}") from None


def _only_trial() -> str:
    names = trial_names()
    if len(names) != 1:
        raise InputError(f"--trial is needed; there are: {', '.join(names)}")
    return names[0]


def _default_today() -> date:
    # Settings are read only where they are needed, so that a bad one does not stop a check with its own day.
    from bot.settings import SettingsError
    from bot.settings import today as site_today

    try:
        return site_today()
    except SettingsError as error:
        raise InputError(str(error)) from None


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
