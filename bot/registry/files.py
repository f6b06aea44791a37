"""Files of study records: one study, a page of them, or one a line."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from bot.registry.errors import RecordError
from bot.registry.formats import record_of
from bot.registry.record import Record

ENDINGS = (".json", ".jsonl")


def records_in(path: Path, only: Collection[str] = ()) -> Iterator[Record]:
    """The records in a file, or in all .json and .jsonl files of a folder, in the order of their names.

    ``only`` keeps those of these numbers; the others are not even looked at, so that one bad record in a
    large file does not stand in the way. Raises RecordError, which names the file and the line.
    """
    wanted = {number.upper() for number in only}
    for file in _files(path):
        for where, told in _objects(file):
            if wanted and not (isinstance(told, dict) and _number(told) in wanted):
                continue
            try:
                yield record_of(told)
            except RecordError as error:
                raise RecordError(f"{where}: {error}") from error


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        found = sorted(file for file in path.iterdir() if file.suffix in ENDINGS)
        if not found:
            raise RecordError(f"{path}: the folder holds no .json or .jsonl file")
        return found
    return [path]


def _number(told: dict[str, Any]) -> str:
    names = told.get("protocolSection", {}).get("identificationModule", {})
    return str(told.get("nct_id") or names.get("nctId", "")).upper()


def _objects(file: Path) -> Iterator[tuple[str, object]]:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise RecordError(f"{file.name}: cannot be read: {error}") from error
    if file.suffix == ".jsonl":
        # Only a line feed ends a line: JSON texts may hold the other line ends of Unicode.
        for number, line in enumerate(text.split("\n"), 1):
            if line.strip():
                yield f"{file.name}, line {number}", _parsed(line, f"{file.name}, line {number}")
        return
    whole = _parsed(text, file.name)
    studies = whole.get("studies") if isinstance(whole, dict) and "studies" in whole else whole
    if isinstance(studies, list):
        yield from ((f"{file.name}, study {number}", study) for number, study in enumerate(studies, 1))
    else:
        yield file.name, studies


def _parsed(text: str, where: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise RecordError(f"{where}: this is not JSON: {error}") from error
