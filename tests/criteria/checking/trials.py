"""Made-up trial files to check: a head and whatever criteria a test puts there."""

from __future__ import annotations

from pathlib import Path

from criteria.checking.trial_file import TrialFile, read_trial_file

HEAD = """\
id: NCT00000001
version: "1"
official_title: {official_title}
title: A made-up study
summary: {summary}
phase: {phase}
sponsor: Nobody
source: {source}
read_by: project
reviewed_by: null
{more}criteria:
"""
AGE = """\
  - id: I1
    source: Age ≤ 18 years.
    family: the age
    rule:
      met: {when: {fact: age.months, at_most: 227}, reason: Young enough.}
      not_met:
        - when: {fact: age.months, at_least: 228}
          reason: Too old.
          family: This study is for people up to age 18.
"""


def criterion(id_: str, source: str, rule: str = "", family: str = "what the study team checks") -> str:
    """One criterion; ``rule`` is the rule's YAML on lines of its own, without indentation."""
    asked = "".join(f"      {line}\n" for line in rule.strip().splitlines())
    rest = f"    rule:\n{asked}" if rule else "    why_not_asked: The study team decides.\n"
    return f"  - id: {id_}\n    source: {source!r}\n    family: {family!r}\n{rest}"


def trial_file(folder: Path, criteria: str, more: str = "", **head: str) -> TrialFile:
    """The trial of these criteria, read from a file in the folder."""
    words = {
        "official_title": "A Made-up Study",
        "summary": "It does not exist.",
        "phase": "II",
        "source": "{name: a test, date: 2026-11-22}",
    } | head
    path = folder / "NCT00000001.yml"
    path.write_text(HEAD.format(more=more, **words) + criteria, encoding="utf-8")
    return read_trial_file(path)
