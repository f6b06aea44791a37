"""When a message is tried again, and when trying ends."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.leads.outbox.kinds import Kind, State
from bot.leads.outbox.outcome import Fate, Outcome
from bot.leads.outbox.schedule import FIRST_PAUSE, LONGEST_PAUSE, PATIENCE, pause, repeatable, state_after
from bot.settings import Settings

TRIES = st.integers(0, 100_000)
DICE = st.floats(0, 1)
ASKED = st.none() | st.timedeltas(timedelta(0), timedelta(days=400))
WEBHOOK = Settings.from_env({"SITE_FORM_URL": "https://site.example/form"})
FORM = Settings.from_env(
    {"SITE_FORM_URL": "https://site.example/form", "SITE_FORM_KIND": "form", "SITE_FORM_FIELDS": "fields.yml"}
)


@given(TRIES, DICE, ASKED)
def test_pause_stays_between_seconds_and_six_hours(tries: int, dice: float, asked: timedelta | None) -> None:
    assert FIRST_PAUSE / 2 <= pause(tries, dice, asked) <= LONGEST_PAUSE


@given(TRIES, DICE, st.timedeltas(timedelta(0), LONGEST_PAUSE))
def test_what_the_site_asks_for_is_honoured(tries: int, dice: float, asked: timedelta) -> None:
    assert pause(tries, dice, asked) >= asked


@given(TRIES, DICE)
def test_pause_never_gets_shorter(tries: int, dice: float) -> None:
    assert pause(tries + 1, dice) >= pause(tries, dice)


@given(st.integers(1, 12))
def test_pause_doubles(tries: int) -> None:
    assert pause(tries + 1, 0) == 2 * pause(tries, 0)


@given(TRIES, DICE, DICE)
def test_dice_spread_the_tries(tries: int, one: float, other: float) -> None:
    assert (pause(tries, one) > pause(tries, other)) <= (one < other)
    assert pause(tries, 1) == pause(tries, 0) / 2


def test_tries_go_on_for_days_without_being_many() -> None:
    waited, tries = timedelta(0), 0
    while waited < PATIENCE:
        tries += 1
        waited += pause(tries, 0.5)
    assert 20 < tries < 60


@pytest.mark.parametrize(
    ("kind", "settings", "fate", "state"),
    [
        (Kind.LEAD, WEBHOOK, Fate.TAKEN, State.DELIVERED),
        (Kind.LEAD, WEBHOOK, Fate.AGAIN, State.WAITING),
        (Kind.LEAD, WEBHOOK, Fate.UNKNOWN, State.WAITING),
        (Kind.LEAD, WEBHOOK, Fate.PERSON, State.NEEDS_PERSON),
        (Kind.LEAD, FORM, Fate.AGAIN, State.WAITING),
        (Kind.LEAD, FORM, Fate.UNKNOWN, State.MAYBE_SENT),
        (Kind.FAMILY_COPY, WEBHOOK, Fate.UNKNOWN, State.MAYBE_SENT),
        (Kind.FAMILY_COPY, WEBHOOK, Fate.AGAIN, State.WAITING),
    ],
)
def test_state_after_a_try(kind: Kind, settings: Settings, fate: Fate, state: State) -> None:
    assert state_after(kind, Outcome(fate, ""), settings, timedelta(hours=1)) is state


@pytest.mark.parametrize("fate", [Fate.AGAIN, Fate.UNKNOWN])
def test_after_five_days_a_person_is_asked(fate: Fate) -> None:
    outcome = Outcome(fate, "")
    assert state_after(Kind.LEAD, outcome, WEBHOOK, PATIENCE - timedelta(seconds=1)) is State.WAITING
    assert state_after(Kind.LEAD, outcome, WEBHOOK, PATIENCE) is State.NEEDS_PERSON
    assert state_after(Kind.LEAD, Outcome(Fate.TAKEN, ""), WEBHOOK, PATIENCE) is State.DELIVERED


def test_a_one_time_code_is_not_tried_for_days() -> None:
    outcome = Outcome(Fate.AGAIN, "")
    assert state_after(Kind.CODE, outcome, WEBHOOK, timedelta(minutes=10)) is State.WAITING
    assert state_after(Kind.CODE, outcome, WEBHOOK, timedelta(hours=1)) is State.NEEDS_PERSON


@pytest.mark.parametrize("kind", Kind)
def test_only_a_site_that_knows_repeats_gets_them(kind: Kind) -> None:
    assert repeatable(kind, WEBHOOK) is (kind in (Kind.LEAD, Kind.WITHDRAWAL))
    assert not repeatable(kind, FORM)
