"""What is still worth asking, and what must be read back before it rules anything out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from bot.interview.model import NOT_SURE, Facts, Memory, World
from bot.interview.questions import BY_ID, QUESTIONS, Question
from criteria import Assessment, Trial, Verdict, assess
from criteria.facts import LISTS
from criteria.judging import look_up

MOST_QUESTIONS = 18
"""No family is ever asked more; what is then still open is left to the study team."""

COURSE_COUNTS_UNASKED = ("relapsed", "refractory", "high_risk")
GROWN_UP_MONTHS = 13 * 12


@dataclass(frozen=True)
class TrialStanding:
    """Where one trial stands.

    assessment  what its criteria make of the facts that count
    needed      fact paths that could still change its verdict or its date
    deciding    fact paths of its *not met* or *not yet* that were not confirmed yet
    """

    trial: Trial
    assessment: Assessment
    needed: frozenset[str]
    deciding: frozenset[str]


@dataclass(frozen=True)
class Standing:
    """Where the interview stands.

    facts     the facts that count now
    trials    each trial, in the order in which a family hears of them: see ``_first_told``
    needed    fact paths that could still change some trial's verdict or its date
    deciding  fact paths, in the order of the questions, that rule some trial out and were not confirmed yet
    """

    facts: Facts
    trials: tuple[TrialStanding, ...]
    needed: frozenset[str]
    deciding: tuple[str, ...]

    @property
    def verdict(self) -> Verdict:
        """The best that any trial comes to."""
        return self.trials[0].assessment.verdict

    @property
    def ruled_out(self) -> bool:
        """Whether no trial is left."""
        return self.verdict == "not_likely"


def counting(facts: Facts, memory: Memory) -> Facts:
    """The facts that count: of a course only volunteered, what no later answer can undo.

    A complete list says no to all that it lacks. A family that only said "it has
    spread" has said no to nothing.
    """
    course = facts.get("disease_course")
    if memory.course_answered or not isinstance(course, list):
        return facts
    kept = [item for item in course if item in COURSE_COUNTS_UNASKED]
    others = {name: value for name, value in facts.items() if name != "disease_course"}
    return {**others, "disease_course": kept} if kept else others


def standing(facts: Facts, memory: Memory, world: World) -> Standing:
    """Where the interview stands after these facts."""
    known = counting(facts, memory)
    trials = sorted((_stand(trial, known, memory, world) for trial in world.trials), key=_first_told)
    deciding = frozenset().union(*(one.deciding for one in trials))
    return Standing(
        known,
        tuple(trials),
        frozenset().union(*(one.needed for one in trials)),
        tuple(sorted(deciding, key=_order)),
    )


_RANK: Final = {"likely": 0, "possible": 1, "not_yet": 2, "not_likely": 3}


def _first_told(one: TrialStanding) -> tuple[int, date, int, str]:
    """The best come first; of those that need time, the one that may change soonest."""
    assessment = one.assessment
    kinds = [finding.finding for finding in assessment.findings.values()]
    against = kinds.count("not_met") or kinds.count("unknown")
    return _RANK[assessment.verdict], assessment.until or date.max, against, one.trial.id


def _stand(trial: Trial, known: Facts, memory: Memory, world: World) -> TrialStanding:
    assessment = assess(trial, known, world.today)
    ruling = {"not_likely": "not_met", "not_yet": "not_yet"}.get(assessment.verdict)
    against = [finding for finding in assessment.findings.values() if finding.finding == ruling]
    support = frozenset().union(*(finding.support for finding in against))
    if len({path.partition(".")[0] for path in support}) > 1:
        # Beside other facts the age only says which scale of activity holds.
        support -= {"age.months"}
    open_paths = (path for path in support if memory.confirmed.get(path) != confirmed_value(path, known))
    return TrialStanding(
        trial, assessment, _needed(trial, assessment, known, world.today), frozenset(open_paths)
    )


def _needed(trial: Trial, assessment: Assessment, facts: Facts, today: date) -> frozenset[str]:
    """The untold facts that could still change this trial's verdict or its date."""
    if assessment.verdict == "not_likely":
        return frozenset()
    asked = [finding for finding in assessment.findings.values() if finding.finding != "for_the_team"]
    against = frozenset().union(*(_still_against(trial, assessment, facts, today)))
    settled_open = any(
        finding.finding == "unknown" and not finding.against and not finding.towards for finding in asked
    )
    if assessment.verdict == "not_yet" or settled_open:
        # A likely match is out of reach, so that what only leads there need not be asked.
        return against
    return against.union(*(finding.towards for finding in asked))


def _still_against(trial: Trial, assessment: Assessment, facts: Facts, today: date) -> list[frozenset[str]]:
    """For each criterion the untold facts that could still worsen the verdict or move its date.

    Once the verdict is *not yet*, another *not yet* matters only if its day could lie
    later than the one known, and nothing that happened can end its washout later than if
    it had happened today. Only a *not met* always matters.
    """
    paths = []
    for criterion in trial.criteria:
        against, rule = assessment.findings[criterion.id].against, criterion.rule
        if against and rule is not None and assessment.verdict == "not_yet":
            may_rule_out = any(case.when.judge(facts, today).truth is None for case in rule.not_met)
            latest = max((day for case in rule.not_yet for day in case.when.latest_ends(today)), default=None)
            known = assessment.until
            if not may_rule_out and (latest is None or (known is not None and latest <= known)):
                continue
        paths.append(against)
    return paths


def confirmed_value(path: str, facts: Facts) -> Any:
    """What a read-back of the path confirms, so that a later change needs a new one."""
    return [look_up(path, facts).value]


def _order(path: str) -> tuple[int, str]:
    for number, question in enumerate(QUESTIONS):
        if path in question.fills:
            return number, path
    return len(QUESTIONS), path


def question_for(path: str) -> Question | None:
    """The question that fills a fact path."""
    for question in QUESTIONS:
        if path in question.fills:
            return question
    return None


def child_alone(facts: Facts) -> bool:
    """Whether the patient writes, and is too young to do so alone."""
    age = facts.get("age")
    young = isinstance(age, dict) and age["months"][1] < GROWN_UP_MONTHS
    return facts.get("respondent") == "patient" and young


def open_items(question: Question, facts: Facts) -> tuple[str, ...]:
    """The items of a list question that nothing was told about yet."""
    return tuple(item for item in LISTS.get(question.id, ()) if item not in facts)


def makes_sense(question: Question, facts: Facts) -> bool:
    """Whether the question can be put: a list has something left to tick, a follow-up what it follows."""
    if question.items and not open_items(question, facts):
        return False
    if question.follows is None:
        return True
    before = look_up(question.follows, facts)
    return before.known and before.value is not None


def next_question(now: Standing, facts: Facts, memory: Memory) -> tuple[Question | None, list[Question]]:
    """The next question to ask, and those given up because there are too many.

    The order is that of ``QUESTIONS``. Near the limit the follow-ups give way to the
    questions that are asked of everybody, and one question is kept for the read-back.
    """
    if "respondent" not in facts:
        return BY_ID["respondent"], []
    wanted = [
        question for question in QUESTIONS if question.fills & now.needed and makes_sense(question, facts)
    ]
    left = MOST_QUESTIONS - 1 - memory.questions
    given_up: list[Question] = []
    for number, question in enumerate(wanted):
        main_to_come = sum(1 for later in wanted[number:] if later.main)
        if left > 0 and (question.main or left > main_to_come):
            return question, given_up
        given_up.append(question)
    return None, given_up


def is_answered(question: Question, told: Facts) -> bool:
    """Whether newly told facts answer the question that waits (lists are judged apart)."""
    if question.fact not in told:
        return False
    value = told[question.fact]
    if not question.field or not isinstance(value, dict):
        return True
    return question.field in value or value.get("had") in ("no", NOT_SURE)
