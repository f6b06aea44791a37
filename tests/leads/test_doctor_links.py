"""Links to doctor's pages: who gets in, for how long, how often somebody may guess, and what is stored."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.leads.clock import now
from bot.leads.database import Store
from bot.leads.doctor.links import (
    LINK_LIVES,
    MOST_LINKS,
    MOST_WRONG_TRIES,
    LinkEnded,
    LinkMade,
    TooManyLinks,
    end_link,
    links_of,
    make_link,
    open_page,
)
from bot.leads.doctor.passcodes import in_groups, link_of, passcode_fits, passcode_hash, passcode_of
from bot.leads.doctor.sheet import Sheet, make_sheet
from bot.leads.erasure import Erased, erase_conversation
from bot.leads.family_notes import keep_family_note
from bot.leads.keys import UnreadableContact
from bot.leads.models import DoctorPage
from bot.leads.retention import PurgeReport, purge
from bot.leads.rotation import rotate
from bot.leads.screenings import save_screening
from bot.settings import get_settings
from bot.texts import load_texts
from criteria import load_trial

NOTE = "ask about the giraffe in Zanzibar"
WRONG = "0000 0000 0000"


@pytest.fixture
def sheet(screening: dict[str, Any]) -> Sheet:
    return make_sheet(screening, load_trial("NCT06848582"), load_texts("en"), NOTE)


@pytest.fixture
def made(store: Store, sheet: Sheet) -> LinkMade:
    return make_link("mine", "seed", sheet, store)


def number_of_rows(store: Store) -> int:
    with store.session() as session:
        return session.scalar(select(func.count()).select_from(DoctorPage)) or 0


def guess(made: LinkMade, times: int) -> None:
    for _ in range(times):
        assert open_page(made.link, WRONG) is None


def test_the_right_passcode_opens_the_page_however_it_is_typed(made: LinkMade, sheet: Sheet) -> None:
    grouped = in_groups(made.passcode)
    assert [len(part) for part in grouped.split()] == [4, 4, 4]
    for typed in (made.passcode, grouped, grouped.replace(" ", "-"), f" {grouped} "):
        assert open_page(made.link, typed) == sheet
    assert open_page(made.link, made.passcode[:-1]) is None
    assert open_page(made.link, "") is None
    assert open_page(made.link[:-1], made.passcode) is None
    assert open_page(made.link.upper(), made.passcode) is None


def test_links_and_passcodes_can_not_be_told_from_each_other() -> None:
    seeds = [str(number) for number in range(500)]
    assert len({link_of(seed) for seed in seeds}) == len({passcode_of(seed) for seed in seeds}) == 500
    assert all(len(passcode_of(seed)) == 12 and passcode_of(seed).isdigit() for seed in seeds)
    assert all(len(link_of(seed)) == 32 and link_of(seed).isalnum() for seed in seeds)
    assert passcode_of("a") not in link_of("a")


def test_another_key_gives_other_passcodes(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SESSION_SECRET", "one secret")
    before = (link_of("seed"), passcode_of("seed"))
    get_settings.cache_clear()
    monkeypatch.setenv("SESSION_SECRET", "another secret")
    get_settings.cache_clear()
    assert not {link_of("seed"), passcode_of("seed")} & set(before)


def test_nothing_of_it_is_stored_in_the_clear(
    store: Store, made: LinkMade, written: Callable[[], bytes]
) -> None:
    files = written()
    assert b"$argon2id$" in files
    for secret in (made.link, made.passcode, in_groups(made.passcode), NOTE, "Umbilical"):
        assert secret.encode() not in files, secret


def test_it_ends_after_seven_days_to_the_second(store: Store, sheet: Sheet) -> None:
    moment = now()
    made = make_link("mine", "seed", sheet, store, moment)
    assert made.expires == moment + timedelta(days=7) == moment + LINK_LIVES
    last = made.expires - timedelta(microseconds=1)
    assert open_page(made.link, made.passcode, at=last) == sheet
    assert open_page(made.link, made.passcode, at=made.expires) is None
    assert [one.link for one in links_of("mine", at=last)] == [made.link]
    assert links_of("mine", at=made.expires) == []
    assert purge(at=last, dry_run=True) == PurgeReport()
    assert purge(at=made.expires, dry_run=True) == PurgeReport(doctor_pages=1)
    assert number_of_rows(store) == 1
    assert purge(at=made.expires) == PurgeReport(doctor_pages=1)
    assert number_of_rows(store) == 0


def test_the_same_form_makes_one_link_and_shows_the_same_passcode(store: Store, sheet: Sheet) -> None:
    def make(_: int) -> LinkMade:
        return make_link("mine", "seed", sheet, store)

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(make, range(8)))
    assert len(set(made)) == 1
    assert number_of_rows(store) == 1


def test_a_chat_has_no_more_than_so_many_open_links(store: Store, sheet: Sheet) -> None:
    for number in range(MOST_LINKS):
        make_link("mine", str(number), sheet, store)
    with pytest.raises(TooManyLinks):
        make_link("mine", "one more", sheet, store)
    make_link("other", "of somebody else", sheet, store)
    assert end_link("mine", links_of("mine")[0].id)
    make_link("mine", "one more", sheet, store)
    assert len(links_of("mine")) == MOST_LINKS


def test_an_ended_link_opens_nothing_and_does_not_come_back(
    store: Store, made: LinkMade, sheet: Sheet, stored: Callable[[], bytes]
) -> None:
    (mine,) = links_of("mine")
    assert (mine.link, mine.expires, mine.locked) == (made.link, made.expires, False)
    with store.session() as session:
        sealed = session.scalars(select(DoctorPage.content_sealed)).one() or ""
    assert not end_link("other", mine.id)
    assert open_page(made.link, made.passcode) == sheet
    assert end_link("mine", mine.id)
    assert not end_link("mine", mine.id)
    assert open_page(made.link, made.passcode) is None
    assert links_of("mine") == []
    assert sealed.encode() not in stored()
    with pytest.raises(LinkEnded):
        make_link("mine", "seed", sheet, store)


def test_too_many_wrong_tries_lock_it_for_good(
    store: Store, made: LinkMade, sheet: Sheet, stored: Callable[[], bytes]
) -> None:
    guess(made, MOST_WRONG_TRIES - 1)
    assert open_page(made.link, made.passcode) == sheet
    # The right one does not wipe out the wrong ones.
    guess(made, 1)
    assert open_page(made.link, made.passcode) is None
    (mine,) = links_of("mine")
    assert (mine.locked, mine.link) == (True, None)
    with store.session() as session:
        assert session.scalars(select(DoctorPage.content_sealed)).one() is None
    make_link("mine", "another", sheet, store)


def test_opening_it_often_does_not_lock_it(made: LinkMade, sheet: Sheet) -> None:
    for _ in range(MOST_WRONG_TRIES + 2):
        assert open_page(made.link, made.passcode) == sheet
    assert not links_of("mine")[0].locked


def test_guessing_at_once_is_no_way_around_the_limit(made: LinkMade, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[str] = []

    def look(typed: str, kept: str | None) -> bool:
        if kept is not None:
            looked_at.append(typed)
        return False

    monkeypatch.setattr("bot.leads.doctor.links.passcode_fits", look)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: open_page(made.link, WRONG), range(3 * MOST_WRONG_TRIES)))
    assert len(looked_at) == MOST_WRONG_TRIES


def test_an_unknown_link_costs_the_same_work(
    store: Store, made: LinkMade, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashes: list[bool] = []

    def fits(typed: str, kept: str | None) -> bool:
        hashes.append(passcode_fits(typed, kept))
        return hashes[-1]

    monkeypatch.setattr("bot.leads.doctor.links.passcode_fits", fits)
    assert open_page("nothing", made.passcode) is None
    assert open_page(made.link, WRONG) is None
    assert hashes == [False, False]
    # What is hashed in the place of a page that is not there fits nothing, not even its own words.
    assert not passcode_fits("a passcode that no page has", None)
    assert passcode_fits("123", passcode_hash("123"))


def test_erasing_the_chat_ends_its_links(
    store: Store, made: LinkMade, sheet: Sheet, screening: dict[str, Any], stored: Callable[[], bytes]
) -> None:
    save_screening("mine", screening)
    keep_family_note("mine", "ask")
    other = make_link("other", "of somebody else", sheet, store)
    ended = make_link("mine", "ended before", sheet, store)
    assert end_link("mine", links_of("mine")[1].id)
    with store.session() as session:
        sealed = [one for one in session.scalars(select(DoctorPage.content_sealed)) if one]
    assert erase_conversation("mine") == Erased(False, answers=True, notes=True, links=1)
    for link in (made, ended):
        assert open_page(link.link, link.passcode) is None
    assert open_page(other.link, other.passcode) == sheet
    assert number_of_rows(store) == 1
    # A part of each: PostgreSQL stores what is long in pieces.
    assert len([one for one in sealed if one.encode()[100:300] in stored()]) == 1


def test_a_page_outlives_its_chat(store: Store, made: LinkMade, sheet: Sheet, screening: Any) -> None:
    save_screening("mine", screening)
    keep_family_note("mine", "ask")
    later = now() + timedelta(hours=25)
    assert purge(at=later, dry_run=True) == PurgeReport(screenings=1, family_notes=1)
    assert purge(at=later) == PurgeReport(screenings=1, family_notes=1)
    assert open_page(made.link, made.passcode, at=later) == sheet
    assert [one.link for one in links_of("mine", at=later)] == [made.link]


def test_new_keys_open_old_pages_and_a_lost_key_opens_none(
    home: Path, store: Store, made: LinkMade, sheet: Sheet, monkeypatch: pytest.MonkeyPatch
) -> None:
    rotate(get_settings(), store, drop_old=True)
    assert open_page(made.link, made.passcode) == sheet
    monkeypatch.setattr("bot.leads.doctor.links.unseal", _unreadable)
    assert open_page(made.link, made.passcode) is None
    assert links_of("mine")[0].link is None


def _unreadable(sealed: str) -> dict[str, Any]:
    raise UnreadableContact
