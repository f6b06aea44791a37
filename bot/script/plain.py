"""The script as JSON, the table of reading grades, and the comparison with an earlier script in words."""

from __future__ import annotations

import json
from collections.abc import Iterator

from bot.approval.changes import Change, Difference, difference
from bot.approval.content import FORMAT, Content, fingerprint
from bot.approval.sections import Section, SectionError, table
from bot.script.document import Line, Part, Script
from bot.texts import Texts
from bot.wording.grades import HIGHEST_GRADE


def as_json(script: Script) -> str:
    """The script for programs: versions, content, and of each text its section, file, voices and grade."""
    told = {
        "format": FORMAT,
        "trial": script.trial,
        "hash": script.hash,
        "versions": dict(script.facts),
        "sections": [
            {"id": part.id, "title": part.title, "texts": [_as_object(line) for line in part.lines()]}
            for part in script.parts
            if part.lines()
        ],
        "content": [list(entry) for entry in script.content],
    }
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def _as_object(line: Line) -> dict[str, object]:
    voices = {who or "all": text for who, text in line.voices}
    return {
        "name": line.name,
        "file": line.file,
        "language": line.language,
        "grade": line.grade,
        "voices": voices,
    }


def grade_table(script: Script, texts: Texts) -> str:
    """The reading grades of all texts as Markdown: a line for each section, then one for each sentence."""

    def say(key: str, **values: object) -> str:
        return texts.say(f"board.grades.{key}", **values)

    heads = [say(head) for head in ("section", "texts", "sentences", "highest", "mean")]
    lines = [f"# {say('title')}", "", say("about", highest=HIGHEST_GRADE), "", _row(heads), _row(["---"] * 5)]
    parts = [part for part in script.parts if part.lines()]
    for part in parts:
        grades = [line.grade for line in part.lines() if line.grade is not None]
        mean = f"{sum(grades) / len(grades):.1f}" if grades else ""
        highest = f"{max(grades):.1f}" if grades else ""
        lines.append(_row([part.title, str(len(part.lines())), str(len(grades)), highest, mean]))
    for part in parts:
        lines += _graded(part, texts)
    return "\n".join(lines) + "\n"


def _graded(part: Part, texts: Texts) -> Iterator[str]:
    measured = [line for line in part.lines() if line.grade is not None]
    if not measured:
        return
    heads = [texts.say(f"board.head.{head}") for head in ("grade", "key", "text")]
    yield from ("", f"## {part.title}", "", _row(heads), _row(["---"] * 3))
    for line in sorted(measured, key=lambda line: -(line.grade or 0)):
        yield _row([f"{line.grade:.1f}", f"`{line.name}`", " ".join(line.voices[0][1].split())])


def _row(cells: list[str]) -> str:
    escaped = [cell.replace("|", "\\|").replace("<", "&lt;") for cell in cells]
    return f"| {' | '.join(escaped)} |"


def comparison(old: Content, new: Content, texts: Texts) -> tuple[str, Difference]:
    """What changed since an earlier script, by section, in words; and the same as data."""

    def say(key: str, **values: object) -> str:
        return texts.say(f"board.diff.{key}", **values)

    found = difference(old, new)
    if not found:
        return say("same", hash=fingerprint(new)) + "\n", found
    counts = {
        kind: sum(change.kind == kind for change in found.changes) for kind in ("added", "removed", "changed")
    }
    lines = [
        say("hashes", old=fingerprint(old), new=fingerprint(new)),
        say("count", **counts, moved=len(found.moved)),
    ]
    by_section: dict[str, list[str]] = {}
    for change in found.changes:
        title = _section_title(change.name, say("elsewhere"))
        by_section.setdefault(title, []).extend(_told(change, say(change.kind), say("old"), say("new")))
    for name in found.moved:
        by_section.setdefault(_section_title(name, say("elsewhere")), []).append(f"\n{say('moved')}: {name}")
    for title, told in by_section.items():
        lines += ["", f"== {title}", *told]
    return "\n".join(lines) + "\n", found


def _told(change: Change, kind: str, old: str, new: str) -> Iterator[str]:
    yield f"\n{kind}: {change.name}"
    if change.old is not None:
        yield f"  {old}: {change.old}"
    if change.new is not None:
        yield f"  {new}: {change.new}"


def _section_title(name: str, elsewhere: str) -> str:
    source, _, key = name.partition(":")
    if source.startswith("NCT"):
        return table().of_trial().title
    try:
        place = table().place(key)
    except SectionError:
        return elsewhere
    return place.title if isinstance(place, Section) else elsewhere
