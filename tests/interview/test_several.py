"""One interview over several trials: each keeps its own verdict, and what one answers counts for all."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.interview import World
from bot.interview.model import Memory
from bot.interview.plan import MOST_TOLD, standing
from bot.leads.results import offered_results, screening_for_trial
from criteria import load_trial
from criteria.conditions import Between, Every, Not, OneOf
from criteria.matching import Matcher
from criteria.sites import TrialSite
from criteria.trial import Case, Criterion, Rule, Trial
from tests.interview.family import WORLD, Family

FIRST = load_trial("NCT06848582")
SARCOMA = {
    "respondent": "parent",
    "age": "7",
    "diagnosis": "rhabdomyosarcoma",
    "disease_course": "relapsed",
    "treatments": "surgery, chemotherapy",
    "chemotherapy.last": "2026-06-01",
    "nitrosourea": "no",
    "recent_events": "none",
    "health_history": "none",
    "activity": "as_usual",
    "confirm": "yes",
}
"""A family's answers by question: among several trials the planner chooses the order."""


def made_up(number: int, **changes: Any) -> Trial:
    """A trial for one diagnosis, and for the very young where asked."""
    whom = changes.pop("diagnosis", "osteosarcoma")
    youngest = changes.pop("at_least", 0)
    fits = OneOf("diagnosis.id", frozenset({whom}))
    old_enough = Between("age.months", at_least=youngest)
    rule = Rule(
        met=Case(Every((fits, old_enough)), "It fits."),
        not_met=(
            Case(Not(fits), "Another diagnosis.", "This study is for another kind of tumor."),
            Case(Not(old_enough), "Too young.", "This study is for older children."),
        ),
    )
    criterion = Criterion("I1", "A source.", "the kind of tumor", rule)
    return replace(
        FIRST, id=f"NCT0000000{number}", title=f"Made-up study {number}", criteria=(criterion,), **changes
    )


def world(*trials: Trial) -> World:
    return replace(WORLD, matcher=Matcher(trials))


def test_every_trial_has_its_own_verdict_and_the_best_stands_first() -> None:
    family = led(made_up(1), FIRST)
    verdict = family.reply.state["verdict"]
    assert [(one["trial"], one["verdict"]) for one in verdict["trials"]] == [
        ("NCT06848582", "likely"),
        ("NCT00000001", "not_likely"),
    ]
    assert (verdict["trial"], verdict["verdict"]) == ("NCT06848582", "likely")
    assert verdict["findings"].keys() == {criterion.id for criterion in FIRST.criteria}


def test_a_fact_is_asked_once_however_many_trials_need_it() -> None:
    family = led(FIRST, replace(FIRST, id="NCT00000002"))
    asked = family.questions()
    assert len(asked) == len(set(asked))
    assert family.verdict == "likely"
    assert family.text.count(FIRST.title) == 2


def test_what_only_a_trial_that_is_out_would_need_is_not_asked() -> None:
    # The first trial is ruled out by the diagnosis, and that must be read back before it is told.
    both = led(FIRST, made_up(1), diagnosis="osteosarcoma")
    assert both.verdict == "likely"
    assert set(both.questions()) == {"respondent", "age", "diagnosis", "confirm"}
    assert both.questions()[-1] == "confirm"


def at_the_read_back() -> Family:
    """A family whose diagnosis rules the first trial out, and not the second."""
    family = Family("parent", world=world(FIRST, made_up(1)))
    while family.asks != "confirm":
        family.say((SARCOMA | {"diagnosis": "osteosarcoma"})[family.asks or ""])
    return family


def test_a_trial_that_is_ruled_out_at_first_comes_back_with_a_correction() -> None:
    family = at_the_read_back()
    family.say("change", "it is rhabdomyosarcoma")
    assert family.asks == "disease_course"
    now = standing(family.reply.facts, memory_of(family), family.world)
    assert {one.trial.id: one.assessment.verdict for one in now.trials} == {
        "NCT06848582": "possible",
        "NCT00000001": "not_likely",
    }


def led(*trials: Trial, **answers: str) -> Family:
    """The family at the end of the interview."""
    family, told = Family(world=world(*trials)), SARCOMA | answers
    for _ in range(20):
        if family.asks is None:
            return family
        family.say(told[family.asks])
    raise AssertionError(family.questions())


def memory_of(family: Family) -> Memory:
    return Memory.read(family.reply.memory)


def test_not_sure_at_the_read_back_rules_no_trial_out() -> None:
    family = at_the_read_back().say("not sure")
    now = standing(family.reply.facts, memory_of(family), family.world)
    assert "not_likely" not in {one.assessment.verdict for one in now.trials}


def test_the_result_names_groups_folds_the_unlikely_away_and_asks_to_stop_no_treatment() -> None:
    family = led(FIRST, made_up(1), **{"chemotherapy.last": "2026-11-18"})
    assert family.verdict == "not_yet"
    assert "Not right now, but this may change:" in family.text
    assert "From December" in family.text
    assert "Please do not stop, skip or delay any medicine or treatment" in family.text
    # What can't move the day was not asked, and so is open.
    assert "The days may move" in family.text
    assert "One other study is not a likely match." in family.text
    assert made_up(1).title not in family.text


def test_nothing_likely_says_so_and_what_remains() -> None:
    family = led(FIRST, made_up(1), diagnosis="leukemia")
    assert family.verdict == "not_likely"
    assert family.phase == "verdict"
    assert "none of these studies is a likely match" in family.text
    assert "says nothing about other studies" in family.text


def test_what_is_kept_holds_each_trial_and_a_lead_only_its_own() -> None:
    family = led(made_up(1), FIRST, made_up(2))
    kept = family.screening
    assert kept is not None
    assert [one["trial"] for one in kept["trials"]] == ["NCT06848582", "NCT00000001", "NCT00000002"]
    assert [one["trial"] for one in offered_results(kept)] == ["NCT06848582"]
    lead = screening_for_trial(kept, "NCT06848582")
    assert "trials" not in lead
    assert lead["facts"] == kept["facts"]
    assert lead["findings"].keys() == {criterion.id for criterion in FIRST.criteria}
    with pytest.raises(KeyError):
        screening_for_trial(kept, "NCT99999999")


def test_of_very_many_the_least_likely_are_only_counted() -> None:
    many = [replace(made_up(1), id=f"NCT1{number:07}") for number in range(MOST_TOLD + 5)]
    family = led(FIRST, *many)
    assert family.screening is not None
    assert len(family.screening["trials"]) == MOST_TOLD
    assert family.screening["trials_left_out"] == 6
    assert f"{MOST_TOLD + 5} other studies are not a likely match" in family.text


def test_the_words_are_for_several_studies() -> None:
    several = Family(world=world(FIRST, made_up(1)))
    assert "I look at 2 studies" in several.text
    assert several.say("is there a placebo?", intent="ask_placebo", confidence=1.0).text.startswith(
        "Some stud"
    )
    alone = Family().say("is there a placebo?", intent="ask_placebo", confidence=1.0)
    assert "All children in this study get NK cells" in alone.text


TWO_SITES = (
    TrialSite("United States", "Hospital in Houston", "Houston", "Texas", 29.76, -95.37),
    TrialSite("United States", "Hospital in Seattle", "Seattle", "Washington", 47.61, -122.33),
)


def test_where_she_lives_is_asked_last_and_sorts_the_sites() -> None:
    family = led(replace(FIRST, sites=TWO_SITES), made_up(1), home="Seattle")
    assert family.questions()[-1] == "home"
    assert family.verdict == "likely"
    assert (
        "It takes place in 2 places. The nearest one is Hospital in Seattle, Seattle, United States"
        in family.text
    )
    assert family.screening is not None
    assert [site["city"] for site in family.screening["trials"][0]["sites"]] == ["Seattle", "Houston"]


def test_a_distance_and_its_absence_rule_nobody_out() -> None:
    told = {
        led(replace(FIRST, sites=TWO_SITES), home=home).verdict for home in ("Guangzhou, China", "not sure")
    }
    assert told == {"likely"}


def test_where_she_lives_is_not_asked_where_no_sites_are_known_or_nothing_may_match() -> None:
    assert "home" not in led(FIRST, made_up(1)).questions()
    assert "home" not in led(replace(FIRST, sites=TWO_SITES[:1]), made_up(1)).questions()
    assert "home" not in led(replace(FIRST, sites=TWO_SITES), diagnosis="leukemia").questions()


def test_a_site_that_takes_nobody_is_not_named() -> None:
    closed = replace(TWO_SITES[1], status="completed")
    family = led(replace(FIRST, sites=(TWO_SITES[0], closed)), home="Seattle")
    assert "It takes place here: Hospital in Houston, Houston, United States" in family.text


def test_when_the_last_study_closes_the_chat_says_so_helps_and_erases() -> None:
    family = Family("parent", "7", world=world(FIRST))
    family.world = world()
    family.say("rhabdomyosarcoma")
    assert "no study here takes new patients" in family.text
    assert (family.asks, family.phase) == (None, "interview")
    family.say("he can not breathe, help")
    assert family.phase == "emergency"
    family.say("we are safe")
    assert "no study here takes new patients" in family.text
    family.say("stop")
    assert family.reply.erase


def test_a_chat_that_opens_when_no_study_is_open_is_not_silent() -> None:
    assert "no study here takes new patients" in Family(world=world()).text
