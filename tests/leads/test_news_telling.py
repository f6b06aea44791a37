"""What those who signed up are told, when, and that it is told once whatever happens."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.leads.clock import now
from bot.leads.database import Store
from bot.leads.keys import unseal
from bot.leads.models import Delivery, KnownTrial, SignUp
from bot.leads.news import telling, trials
from bot.leads.news.signing import stop
from bot.leads.news.telling import by_daylight, tell_days, tell_studies, tell_the_end
from bot.leads.news.trials import may_fit, running_trials
from bot.leads.outbox.kinds import Kind
from bot.settings import Settings
from criteria import TrialError, load_trial, trial_names
from tests.leads.signups import DAY, ILLNESS, MAIL, mails, number_of, sign, signed_up, signup

TRIAL = "NCT06848582"
NOON = datetime(2026, 12, 13, 12, tzinfo=UTC)


def on(day: date | str, **variables: str) -> Settings:
    return Settings.from_env(MAIL | {"PRESCREEN_TODAY": str(day)} | variables)


def news_of(store: Store, kind: Kind) -> list[Delivery]:
    with store.session() as session:
        return list(session.scalars(select(Delivery).where(Delivery.kind == kind)))


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Lets trials be there: copies of the one that there is, under these names."""

    def make(*names: str, **changes: Any) -> None:
        copies = {name: replace(load_trial(TRIAL), id=name, **changes) for name in names}
        monkeypatch.setattr(trials, "trial_names", lambda: [TRIAL, *names])
        monkeypatch.setattr(trials, "load_trial", lambda name: copies.get(name) or load_trial(name))

    return make


def test_the_day_is_told_when_it_comes_and_once(store: Store) -> None:
    signed_up(store)
    assert tell_days(store, on("2026-12-12"), NOON) == 0
    assert tell_days(store, on(DAY), NOON) == 1
    (mail,) = news_of(store, Kind.NEWS_DATE)
    assert unseal(mail.payload_sealed or "") == {"day": "2026-12-13"}
    assert mail.next_attempt == NOON
    assert tell_days(store, on("2026-12-14"), NOON) == 0
    # She still waits for studies.
    assert (signup(store).day, signup(store).studies) == (None, True)


def test_a_day_is_not_lost_while_the_worker_was_away(store: Store) -> None:
    signed_up(store)
    assert tell_days(store, on("2027-02-01"), NOON) == 1


@pytest.mark.parametrize("missing", ["SMTP_HOST", "PUBLIC_URL"])
def test_a_day_waits_until_mails_can_go(store: Store, missing: str) -> None:
    signed_up(store)
    without = {name: value for name, value in MAIL.items() if name != missing}
    settings = Settings.from_env(without | {"PRESCREEN_TODAY": str(DAY)})
    assert [tell(store, settings) for tell in (tell_days, tell_studies, tell_the_end)] == [0, 0, 0]
    assert signup(store).day == DAY
    assert tell_days(store, on(DAY), NOON) == 1


def test_the_day_begins_where_the_site_is(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return datetime(2026, 12, 12, 17, tzinfo=UTC).astimezone(tz)

    monkeypatch.setattr("bot.settings.datetime", Clock)
    signed_up(store)
    assert tell_days(store, Settings.from_env(MAIL | {"SITE_TIMEZONE": "America/New_York"})) == 0
    assert tell_days(store, Settings.from_env(MAIL | {"SITE_TIMEZONE": "UTC"})) == 0
    # It is one o'clock in the morning there.
    assert tell_days(store, Settings.from_env(MAIL | {"SITE_TIMEZONE": "Asia/Shanghai"})) == 1


@pytest.mark.parametrize(
    ("moment", "goes"),
    [
        ("2026-12-12T16:00", "2026-12-13T01:00"),
        ("2026-12-13T00:59", "2026-12-13T01:00"),
        ("2026-12-13T01:00", "2026-12-13T01:00"),
        ("2026-12-13T11:59", "2026-12-13T11:59"),
        ("2026-12-13T12:00", "2026-12-14T01:00"),
    ],
)
def test_nobody_is_woken_by_a_mail(moment: str, goes: str) -> None:
    # Shanghai is 8 hours ahead: its day goes from 16:00 to 16:00.
    settings = Settings.from_env({"SITE_TIMEZONE": "Asia/Shanghai"})
    asked, expected = (datetime.fromisoformat(one).replace(tzinfo=UTC) for one in (moment, goes))
    assert by_daylight(asked, settings) == expected


def test_only_who_said_yes_is_told(store: Store, opened: Callable[..., None]) -> None:
    settings = on("2027-06-01")
    tell_studies(store, settings)
    sign(store)
    opened("NCT00000001")
    assert [tell(store, settings, now()) for tell in (tell_days, tell_studies, tell_the_end)] == [0, 0, 0]
    assert mails(store) == [Kind.NEWS_CONFIRM]


def test_a_worker_that_dies_in_between_tells_neither_twice_nor_never(
    store: Store, monkeypatch: pytest.MonkeyPatch, opened: Callable[..., None]
) -> None:
    settings = on(DAY)
    tell_studies(store, settings)
    signed_up(store)
    opened("NCT00000001")
    with monkeypatch.context() as patch:
        patch.setattr(telling, "new_delivery", lambda *_: 1 / 0)
        for tell in (tell_days, tell_studies):
            with pytest.raises(ZeroDivisionError):
                tell(store, settings)
    assert mails(store) == [Kind.NEWS_CONFIRM]
    assert [tell_days(store, settings), tell_studies(store, settings)] == [1, 1]
    assert [tell_days(store, settings), tell_studies(store, settings)] == [0, 0]


def test_of_several_workers_one_tells(store: Store, opened: Callable[..., None]) -> None:
    settings = on(DAY)
    tell_studies(store, settings)
    signed_up(store)
    opened("NCT00000001")
    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(lambda tell: tell(store, settings), [tell_days, tell_studies] * 4))
    assert sum(told) == 2
    assert sorted(mails(store)) == [Kind.NEWS_CONFIRM, Kind.NEWS_DATE, Kind.NEWS_STUDY]


def test_what_is_there_at_the_first_look_is_no_news(store: Store) -> None:
    signed_up(store, now() - timedelta(days=1))
    assert tell_studies(store, on(DAY)) == 0
    with store.session() as session:
        assert sorted(session.scalars(select(KnownTrial.trial))) == trial_names()


def test_a_new_study_is_told_once_to_each_it_may_fit(store: Store, opened: Callable[..., None]) -> None:
    settings = on("2026-11-22")
    tell_studies(store, settings)
    signed_up(store, email="fits@mail.example")
    signed_up(store, email="bone@mail.example", diagnosis={"id": "osteosarcoma", "arises_in": "bone"})
    signed_up(store, email="where@mail.example", diagnosis={"id": "ewing_sarcoma", "arises_in": "not_sure"})
    signed_up(store, email="day@mail.example", diagnosis=None)
    opened("NCT00000001", "NCT00000002")
    assert tell_studies(store, settings) == 2
    told = {mail.signup_id for mail in news_of(store, Kind.NEWS_STUDY)}
    with store.session() as session:
        marks = session.scalars(select(SignUp.id).order_by(SignUp.id)).all()
    assert told == {marks[0], marks[2]}
    assert tell_studies(store, settings) == 0
    opened("NCT00000001", "NCT00000002", "NCT00000003")
    assert tell_studies(store, settings) == 2


def test_a_study_that_opened_before_the_yes_is_told_after_it(
    store: Store, opened: Callable[..., None]
) -> None:
    settings = on("2026-11-22")
    tell_studies(store, settings, now() - timedelta(days=2))
    opened("NCT00000001")
    tell_studies(store, settings, now() - timedelta(hours=1))
    signed_up(store, now() - timedelta(hours=2))
    assert tell_studies(store, settings) == 1


def test_who_signs_up_later_is_not_told_of_it(store: Store, opened: Callable[..., None]) -> None:
    settings = on("2026-11-22")
    tell_studies(store, settings)
    opened("NCT00000001")
    tell_studies(store, settings)
    signed_up(store)
    assert tell_studies(store, settings) == 0


def test_a_trial_that_nobody_reviewed_opens_when_it_is_reviewed(
    store: Store, opened: Callable[..., None]
) -> None:
    strict = on("2026-11-22", ALLOW_UNREVIEWED="0")
    opened("NCT00000001", reviewed_by="Dr. Example")
    assert set(running_trials(strict)) == {"NCT00000001"}
    tell_studies(store, strict)
    signed_up(store)
    opened("NCT00000001", "NCT00000002", reviewed_by="Dr. Example")
    assert tell_studies(store, strict) == 1


def test_a_trial_file_that_cannot_be_used_stops_nobody(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def load(name: str) -> Any:
        if name == "broken":
            raise TrialError("broken.yml, line 1")
        return load_trial(name)

    monkeypatch.setattr(trials, "trial_names", lambda: ["broken", TRIAL])
    monkeypatch.setattr(trials, "load_trial", load)
    assert set(running_trials(on(DAY))) == {TRIAL}


@pytest.mark.parametrize(
    ("diagnosis", "fits"),
    [
        (ILLNESS, True),
        ({"id": "leukemia"}, False),
        ({"id": "osteosarcoma", "arises_in": "bone"}, False),
        ({"id": "sarcoma", "arises_in": "not_sure"}, True),
        ({"id": "a name that was dropped"}, True),
        (None, True),
    ],
)
def test_only_what_the_criteria_rule_out_does_not_fit(diagnosis: dict[str, Any] | None, fits: bool) -> None:
    assert may_fit(load_trial(TRIAL), diagnosis, date(2026, 11, 22)) is fits


def test_the_end_is_told_once(store: Store) -> None:
    signed_up(store, now() - timedelta(days=366), day=None)
    assert tell_the_end(store, on("2026-11-22")) == 1
    assert tell_the_end(store, on("2026-11-22")) == 0
    assert mails(store) == [Kind.NEWS_CONFIRM, Kind.NEWS_END]


def test_a_year_does_not_end_before_it_is_over_nor_before_the_day(store: Store) -> None:
    signed_up(store, now() - timedelta(days=364), day=None)
    assert tell_the_end(store, on("2026-11-22")) == 0
    with store.session() as session:
        session.execute(update(SignUp).values(email_mark="another"))
    far = now().date() + timedelta(days=400)
    signed_up(store, now() - timedelta(days=366), day=far, email="far@mail.example")
    assert tell_the_end(store, on("2026-11-22")) == 0


def test_who_stopped_meanwhile_is_not_told(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    details = signed_up(store)
    queue = telling._changed

    def stopped_first(*arguments: Any, **values: Any) -> SignUp | None:
        stop(details.stop, store)
        return queue(*arguments, **values)

    monkeypatch.setattr(telling, "_changed", stopped_first)
    assert tell_days(store, on(DAY), NOON) == 0
    assert number_of(store, Delivery) == 0
