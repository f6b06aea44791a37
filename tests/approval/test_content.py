"""The list that the hash covers: complete, in order, and of nothing but words."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from bot.approval.content import Entry, all_texts, content, fingerprint, trial_texts
from bot.approval.sections import Hidden, Section, SectionError, Table, table
from bot.interview.questions import QUESTIONS
from bot.texts import known_languages, load_texts
from criteria import load_trial, trial_names
from criteria.loading import TRIALS

TRIAL = "NCT06848582"
KEYS = [key for language in known_languages() for key, _ in all_texts(load_texts(language))]


def test_every_text_has_one_place() -> None:
    assert len(KEYS) > 1000
    for key in KEYS:
        assert isinstance(table().place(key), Section | Hidden)


def test_a_text_without_a_place_is_an_error() -> None:
    with pytest.raises(SectionError, match=r"quite\.new"):
        table().place("quite.new")


def test_the_table_names_no_text_that_is_not_there() -> None:
    for prefix in table().prefixes():
        assert any(key == prefix or key.startswith(f"{prefix}.") for key in KEYS), prefix


def test_no_text_is_placed_twice() -> None:
    assert [prefix for prefix, count in Counter(table().prefixes()).items() if count > 1] == []
    names = [section.id for section in table().sections]
    assert len(names) == len(set(names))


def test_the_longest_key_decides() -> None:
    both = Table((Section("a", "A", "", ("web",)), Section("b", "B", "", ("web.chat",))), ())
    assert isinstance(place := both.place("web.chat.send"), Section)
    assert place.id == "b"
    assert isinstance(place := both.place("web.chatter"), Section)
    assert place.id == "a"


def test_every_reason_for_hiding_a_text_is_told() -> None:
    assert all(hidden.why for hidden in table().not_for_families)


def test_the_content_holds_every_family_text_and_the_whole_trial() -> None:
    held = {entry.name: entry.text for entry in content(TRIAL)}
    for key, text in all_texts(load_texts("en")):
        assert (held.get(f"en:{key}") == text) == table().for_families(key), key
    for criterion in load_trial(TRIAL).criteria:
        assert held[f"{TRIAL}:{criterion.id}.source"] == criterion.source
        assert held[f"{TRIAL}:{criterion.id}.family"] == criterion.family
        for group in ("not_met", "not_yet") if criterion.rule else ():
            for number, case in enumerate(getattr(criterion.rule, group)):
                assert held[f"{TRIAL}:{criterion.id}.rule.{group}.{number}.family"] == case.family
    assert held[f"{TRIAL}:reviewed_by"] == "null"


def test_no_name_stands_twice() -> None:
    for trial in trial_names():
        names = [entry.name for entry in content(trial)]
        assert len(names) == len(set(names))


def test_questions_stand_in_the_order_in_which_they_are_asked() -> None:
    for language in known_languages():
        assert list(load_texts(language).node("questions")) == [question.id for question in QUESTIONS]


def test_the_hash_counts_every_word_key_and_place() -> None:
    one, other = Entry("en", "a", "Hello."), Entry("en", "b", "Bye.")
    hashes = [
        fingerprint(entries)
        for entries in (
            (one, other),
            (other, one),
            (one,),
            (one, other._replace(text="Bye")),
            (one, other._replace(key="c")),
            (one, other._replace(source="es")),
        )
    ]
    assert len(set(hashes)) == len(hashes)
    assert all(len(hash_) == 64 and int(hash_, 16) >= 0 for hash_ in hashes)


def test_the_hash_is_the_same_in_another_place_and_another_process(tmp_path: Path) -> None:
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            f"from bot.approval.content import *; print(fingerprint(content({TRIAL!r})))",
        ],
        cwd=tmp_path,
        env={
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "PYTHONHASHSEED": "7",
            "TZ": "Asia/Tokyo",
            "LC_ALL": "C",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == fingerprint(content(TRIAL))


def test_comments_do_not_count_but_a_rule_does(tmp_path: Path) -> None:
    original = (TRIALS / f"{TRIAL}.yml").read_text(encoding="utf-8")
    before = tuple(trial_texts(TRIAL))
    (tmp_path / f"{TRIAL}.yml").write_text(f"# A remark.\n{original}", encoding="utf-8")
    assert tuple(trial_texts(TRIAL, tmp_path)) == before
    (tmp_path / f"{TRIAL}.yml").write_text(original.replace("days: 56", "days: 55", 1), encoding="utf-8")
    after = tuple(trial_texts(TRIAL, tmp_path))
    changed = [(one, other) for one, other in zip(before, after, strict=True) if one != other]
    assert [one.key for one, _ in changed] == ["I11.rule.met.when"]
    assert json.loads(changed[0][1].text)["any"]
