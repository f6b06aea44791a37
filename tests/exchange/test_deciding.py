"""What one fact alone decides: never more than the rules themselves say no to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.exchange import deciding
from criteria import assess, check_facts
from criteria.conditions import Between, Includes, Not, Some
from criteria.trial import Case, Rule
from tests.exchange.trials import ALL, CHANGED, DRAFT, TRIAL, changed

TODAY = date(2026, 11, 22)
I2 = TRIAL.criterion("I2")


def test_ages_are_found_to_the_month() -> None:
    assert deciding.ages(I2) == ((0, 227),)
    assert deciding.ages(TRIAL.criterion("I3")) == ()


def test_ages_may_have_a_hole() -> None:
    hole = Between("age.months", 12, 23)
    rule = Rule(Case(Not(hole), "out"), not_met=(Case(hole, "in", "no"),))
    assert deciding.ages(replace(I2, rule=rule)) == ((0, 11), (24, None))


def test_courses_are_handed_on_only_where_they_are_all_that_is_asked() -> None:
    asked = Some((Includes("disease_course", "relapsed"), Includes("disease_course", "refractory")))
    rule = Rule(Case(asked, "yes"), not_met=(Case(Not(asked), "no", "no"),))
    assert deciding.courses(replace(I2, rule=rule)) == {"relapsed", "refractory"}
    # Low risk is out only where it never came back; a course of nothing is left open.
    assert deciding.courses(TRIAL.criterion("I4")) == frozenset()
    both = replace(
        rule, not_met=(Case(Not(asked.parts[0]), "no", "no"), Case(Not(asked.parts[1]), "no", "no"))
    )
    assert deciding.courses(replace(I2, rule=both)) == frozenset()


def test_answers_are_found_with_kinds() -> None:
    assert deciding.answers_against(TRIAL.criterion("E3")) == (("lung_disease", "yes"),)
    assert deciding.answers_against(TRIAL.criterion("E24")) == (("organ_transplant.kind", "organ"),)
    assert deciding.answers_against(TRIAL.criterion("E2")) == ()


def test_drafts_and_changed_criteria_are_not_handed_on() -> None:
    assert "I2" in [criterion.id for criterion in deciding.counting(TRIAL)]
    assert "I2" not in [criterion.id for criterion in deciding.counting(DRAFT)]
    assert "I2" not in [criterion.id for criterion in deciding.counting(CHANGED)]
    assert deciding.counting(changed("I2", rule=None, why_not_asked="no")) == tuple(
        criterion for criterion in deciding.counting(TRIAL) if criterion.id != "I2"
    )


@pytest.mark.parametrize("trial", ALL.values(), ids=list(ALL))
def test_whom_a_limit_leaves_out_the_program_says_no_to(trial) -> None:  # type: ignore[no-untyped-def]
    for criterion in deciding.counting(trial):
        for name, origin in deciding.diagnoses_against(criterion):
            facts = check_facts({"diagnosis": {"id": name, "arises_in": origin}}, TODAY)
            assert assess(trial, facts, TODAY).verdict in ("not_likely", "not_yet")
        inside = {
            month for least, most in deciding.ages(criterion) for month in range(least, (most or 1440) + 1)
        }
        for month in range(0, 360) if inside else ():
            facts = check_facts({"age": {"months": [month, month]}}, TODAY)
            finding = assess(trial, facts, TODAY).findings[criterion.id].finding
            assert (month in inside) == (finding not in ("not_met", "not_yet"))
