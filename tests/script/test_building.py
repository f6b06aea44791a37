"""The script is complete by construction: every text once, every criterion whole."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from bot.approval.content import all_texts, content, fingerprint
from bot.approval.sections import table
from bot.interview.questions import BY_ID, QUESTIONS
from bot.script.asking import Answers, Plan
from bot.script.building import braces
from bot.script.document import Example, Facts, Heading, Line, Quote, Script, Tree
from bot.texts import load_texts
from bot.texts.voices import voice
from bot.trialfiles.rules import in_words
from criteria import load_trial
from criteria.judging import Condition, Judgement

TRIAL = load_trial("NCT06848582")
TEXTS = load_texts("en")
PLAN = Plan(TRIAL, TEXTS)
SENSITIVE = ("I5", "E14", "E22", "E23", "E25")


def lines(script: Script) -> dict[str, Line]:
    return {line.name: line for part in script.parts for line in part.lines()}


def blocks(script: Script, part_id: str) -> list[object]:
    return [block for part in script.parts if part.id == part_id for block in part.blocks]


def test_every_text_of_a_family_stands_in_the_script_exactly_once(script: Script) -> None:
    found = Counter(line.name for part in script.parts for line in part.lines())
    shown = {f"en:{key}" for key, _ in all_texts(TEXTS) if table().for_families(key)}
    of_trial = {f"{TRIAL.id}:{where}" for where in ("title", "summary", *dict(TRIAL.study.texts()))} | {
        entry.name
        for entry in content(TRIAL.id)
        if entry.source == TRIAL.id and entry.key.endswith((".family", ".fits"))
    }
    assert set(found) == shown | of_trial
    assert [name for name, count in found.items() if count != 1] == []


def test_every_criterion_stands_with_source_rule_reasons_and_family_words(script: Script) -> None:
    told = blocks(script, "criteria")
    headings = [block.text for block in told if isinstance(block, Heading)]
    assert headings[1:] == [criterion.id for criterion in TRIAL.criteria]
    quotes = [block.text for block in told if isinstance(block, Quote)]
    assert quotes == [TRIAL.official_title, *(criterion.source for criterion in TRIAL.criteria)]
    trees = [block for block in told if isinstance(block, Tree)]
    cases = [
        case
        for criterion in TRIAL.criteria
        if (rule := criterion.rule) is not None
        for case in (rule.met, *rule.not_met, *rule.not_yet, *rule.unknown)
    ]
    assert [tree.reason for tree in trees[1:]] == [case.reason for case in cases]
    assert all(tree.lines for tree in trees)
    values = [value for block in told if isinstance(block, Facts) for _, value in block.rows]
    for criterion in TRIAL.criteria:
        assert criterion.note is None or criterion.note in values
        assert criterion.why_not_asked is None or criterion.why_not_asked in values
    assert [text for _, text in trees[0].lines] == list(TRIAL.unclear)


def test_the_sensitive_criteria_stand_with_their_source_and_the_shared_words(script: Script) -> None:
    assert tuple(criterion.id for criterion in TRIAL.criteria if criterion.sensitive) == SENSITIVE
    shared = {lines(script)[f"{TRIAL.id}:{name}.family"].voices for name in SENSITIVE}
    assert [dict(voices)["parent"] for voices in shared] == ["your child's general health and test results"]
    assert ", ".join(SENSITIVE) in " ".join(script.intro)


def test_questions_stand_in_the_order_in_which_they_are_asked(script: Script) -> None:
    headings = [block.text for block in blocks(script, "questions") if isinstance(block, Heading)]
    assert [text.rpartition("(")[2].rstrip(")") for text in headings] == [q.id for q in QUESTIONS]


def test_the_versions_are_told_and_no_reviewer_is_invented(script: Script) -> None:
    facts = dict(script.facts)
    assert facts["Version of the trial's file"] == TRIAL.version
    assert facts["Version of the texts"] == TEXTS.version
    assert facts["Version of the program"] == "0.1.0"
    assert facts["Read by"] == "project"
    assert facts["Reviewed by"] == "nobody at a hospital has reviewed it"
    assert TRIAL.source.date.isoformat() in facts["Source of the criteria"]
    assert facts["Hash of the content (SHA-256)"] == script.hash == fingerprint(content(TRIAL.id))


def test_voices_that_read_the_same_stand_once(script: Script) -> None:
    told = lines(script)
    assert dict(told["en:questions.age.ask"].voices) == {
        "parent": "How old is your child?",
        "patient": "How old are you?",
        "carer": "How old is the child?",
    }
    assert told["en:reply.thanks"].voices == (("", "Thank you."),)


def test_sentences_have_a_grade_and_labels_have_none(script: Script) -> None:
    told = lines(script)
    assert told["en:reply.left_to_team"].grade is not None
    assert told["en:web.chat.send"].grade is None
    assert told["en:other_language.ar"].grade is None
    assert told["en:other_language.ar"].language == "ar"
    assert told["en:other_language.contact.zh.phone"].language == "zh"
    assert all(line.grade <= 6 for line in told.values() if line.grade is not None)


def test_every_word_in_braces_is_explained(script: Script) -> None:
    [facts] = [block for block in blocks(script, "braces") if isinstance(block, Facts)]
    assert {name.strip("{}") for name, _ in facts.rows} == braces(script.content) - set(
        voice(TEXTS, "parent")
    )
    assert all(meaning for _, meaning in facts.rows)
    assert set(TEXTS.node("board.braces.words")) == {name.strip("{}") for name, _ in facts.rows}


def test_each_result_has_an_example_as_the_interview_writes_it(script: Script) -> None:
    examples = [block for block in blocks(script, "verdict") if isinstance(block, Example)]
    assert [example.title for example in examples] == list(TEXTS.node("staff.verdicts").values())
    not_yet = next(example.text for example in examples if example.title == "Not yet")
    assert "Please do not stop, skip or delay any medicine" in not_yet


def test_what_opens_a_question_is_what_the_plan_does() -> None:
    asked = {question.id: PLAN.asking(question) for question in QUESTIONS}
    assert asked["gvhd"].opened_by == (
        Answers("stem_cell_transplant.kind", ("Cells from a donor",), ("donor",)),
    )
    assert asked["chemotherapy.last"].opened_by == (Answers("treatments", ("Chemo",), ("chemotherapy",)),)
    assert asked["nitrosourea"].days == ((1, 41),)
    assert asked["stem_cell_transplant.kind"].days == ((1, None),)
    assert asked["brain_tumour_spread.treated"].closed_by == (
        Answers("brain_tumour_spread.symptoms_now", ("Yes",), ("yes",)),
    )
    assert not asked["low_platelets"].told
    assert asked["surgery.kind"].told
    assert asked["surgery.kind"].opened_by == ()


@pytest.mark.parametrize(
    ("question", "criteria"),
    [
        ("activity", ("I3",)),
        ("trial_drug.last", ("I8", "E15")),
        ("low_platelets", ()),
        ("infection.last", ("E13", "E19")),
    ],
)
def test_what_a_question_is_for_follows_from_the_rules(question: str, criteria: tuple[str, ...]) -> None:
    assert PLAN.criteria(BY_ID[question]) == criteria


def test_a_rule_in_words() -> None:
    rule = TRIAL.criterion("I7").rule
    assert rule is not None
    assert in_words(rule.not_yet[0].when, TEXTS) == (
        (0, "all of these:"),
        (1, "Chemo: the last day lies less than 21 days back, or it still goes on"),
        (1, "not so:"),
        (2, "Chemo, kind: only mild chemo"),
    )


def test_a_condition_without_words_is_an_error() -> None:
    class Odd(Condition):
        def judge(self, facts: object, today: date) -> Judgement:
            return Judgement(None)

        def paths(self) -> frozenset[str]:
            return frozenset()

    with pytest.raises(TypeError, match="no words for Odd"):
        in_words(Odd(), TEXTS)
