"""Builds the script: walks all texts and the trial, and puts each into the section that the table names."""

from __future__ import annotations

import string
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.approval.content import Content, Entry, content, fingerprint
from bot.approval.sections import Section, table
from bot.script.criteria import trial_blocks
from bot.script.document import Block, Facts, Heading, Paragraph, Part, Script, Words
from bot.script.examples import example_blocks
from bot.script.lines import LineMaker
from bot.script.questions import question_blocks
from bot.texts import Texts, known_languages, load_texts
from bot.texts.voices import voice
from criteria import Trial, load_trial

_PROJECT = Path(__file__).parents[2] / "pyproject.toml"


def build_script(trial_name: str) -> Script:
    """Everything that a family of this trial can be shown.

    Raises TrialError where the trial can't be used, SectionError where a text has no place.
    """
    trial, entries, texts = load_trial(trial_name), content(trial_name), load_texts("en")
    say = texts.say
    hash_ = fingerprint(entries)
    parts = [_braces(texts, entries)]
    for language in known_languages():
        parts += _parts(trial, load_texts(language), entries)
    parts += [_hidden(texts), _end(texts, hash_)]
    sensitive = ", ".join(criterion.id for criterion in trial.criteria if criterion.sensitive)
    return Script(
        trial=trial.id,
        title=say("board.title"),
        subtitle=say("board.of_trial", trial=trial.id, title=trial.title),
        intro=(
            say("board.about"),
            say("board.quoted", sensitive=sensitive),
            say("board.grade"),
            say("board.not_approved"),
        ),
        facts=_facts(trial, texts, hash_),
        facts_title=say("board.versions"),
        parts=tuple(parts),
        hash=hash_,
        content=entries,
        words=Words(
            contents=say("board.contents"),
            key=say("board.head.key"),
            grade=say("board.head.grade"),
            no_grade=say("board.head.no_grade"),
            reason=say("board.criterion.reason"),
            pdf_gap=say("board.pdf_gap"),
            footer=texts.node("board.footer"),
        ),
    )


def program_version() -> str:
    """The version of the program, as its project file names it."""
    version: str = tomllib.loads(_PROJECT.read_text(encoding="utf-8"))["project"]["version"]
    return version


def _facts(trial: Trial, texts: Texts, hash_: str) -> tuple[tuple[str, str], ...]:
    say = texts.say
    source = {"name": trial.source.name, "day": trial.source.date.isoformat()}
    where = (
        say("board.fact.source_day", **source)
        if trial.source.address is None
        else say("board.fact.source_address", **source, address=trial.source.address)
    )
    rows = [
        ("trial", trial.id),
        ("trial_version", trial.version),
        ("text_version", texts.version),
        ("program_version", program_version()),
        ("source", where),
        ("read_by", trial.read_by),
        ("reviewed_by", trial.reviewed_by or say("board.fact.nobody")),
        ("hash", hash_),
    ]
    return tuple((say(f"board.fact.{name}"), value) for name, value in rows)


def _parts(trial: Trial, texts: Texts, entries: Content) -> Iterator[Part]:
    maker = LineMaker(texts)
    own = [entry for entry in entries if entry.source == texts.language]
    for section in table().sections:
        told = [entry for entry in own if table().place(entry.key) == section]
        told.sort(key=lambda entry: _rank(section, entry.key))
        blocks = _blocks(section, trial, maker, told, entries)
        suffix = f" ({texts.language})" if len(known_languages()) > 1 else ""
        yield Part(section.id, section.title + suffix, section.about, tuple(blocks))


def _rank(section: Section, key: str) -> int:
    """Texts stand in the order of the section's keys; below one of them, as in their file."""
    fitting = [
        (len(prefix), number)
        for number, prefix in enumerate(section.keys)
        if key == prefix or key.startswith(f"{prefix}.")
    ]
    return max(fitting)[1]


def _blocks(
    section: Section, trial: Trial, maker: LineMaker, told: Sequence[Entry], entries: Content
) -> Iterator[Block]:
    if section.id == "questions":
        yield from question_blocks(trial, maker, told)
        return
    if section.trial:
        yield from trial_blocks(trial, maker, {e.key: e for e in entries if e.source == trial.id})
    yield from maker.lines(told)
    if section.id == "verdict":
        yield Heading(maker.texts.say("board.example.title"))
        yield Paragraph(maker.texts.say("board.example.about"))
        yield from example_blocks(trial, maker.texts)


def _braces(texts: Texts, entries: Content) -> Part:
    names = sorted(braces(entries) - set(voice(texts, "parent")), key=str.lower)
    rows = tuple(("{" + name + "}", texts.say(f"board.braces.words.{name}")) for name in names)
    return Part("braces", texts.say("board.braces.title"), texts.say("board.braces.about"), (Facts(rows),))


def braces(entries: Content) -> set[str]:
    """The words in braces of all texts that a family can be shown."""
    shown = [e.text for e in entries if e.source in known_languages() or e.key.endswith((".family", ".fits"))]
    return {name for text in shown for _, name, _, _ in string.Formatter().parse(text) if name}


def _hidden(texts: Texts) -> Part:
    rows = tuple((", ".join(hidden.keys), hidden.why) for hidden in table().not_for_families)
    return Part("hidden", texts.say("board.hidden.title"), texts.say("board.hidden.about"), (Facts(rows),))


def _end(texts: Texts, hash_: str) -> Part:
    rows = ((texts.say("board.fact.hash"), hash_),)
    return Part("hash", texts.say("board.end.title"), texts.say("board.end.about"), (Facts(rows),))
