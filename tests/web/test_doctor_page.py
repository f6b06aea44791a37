"""The page for the doctor: what the family sees before she shares it, and who gets in after."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.exc import OperationalError

import bot.web
from bot.leads.doctor.links import MOST_LINKS, links_of
from bot.leads.screenings import save_screening
from bot.texts import load_texts
from criteria import load_trial
from tests.interview.verdict_families import screening_of
from tests.web.after_ways import (
    form_for,
    hold_off,
    link_and_passcode,
    open_hub,
    press,
    share,
    words_of,
)
from tests.web.test_web_texts import texts_in

NOTE = "ask about the giraffe in Zanzibar"
UNKNOWN = f"/doctor/{'a' * 32}"
TRIAL = load_trial("NCT06848582")


@pytest.fixture
def family(web: TestClient, session: str, session_id: str) -> str:
    """The session of a family with a likely match and notes."""
    hold_off(web)
    save_screening(session_id, screening_of("likely"))
    press(web, open_hub(web, session), "/after/notes", notes=NOTE)
    return session


def preview(web: TestClient, session: str, **fields: str) -> Any:
    return web.post("/after/doctor", data={"session": session, **fields})


def opened(web: TestClient, path: str, passcode: str) -> Any:
    return web.post(path, data={"passcode": passcode})


def test_what_is_shared_is_what_she_saw(web: TestClient, family: str) -> None:
    seen = words_of(preview(web, family))
    path, passcode = share(web, family)
    shared = words_of(opened(web, path, passcode))
    sheet = seen[seen.index("<article") : seen.index("</article>")].replace("h2", "h1")
    assert sheet == shared[shared.index("<article") : shared.index("</article>")]
    for said in (
        "A computer program made this page",
        "It is no medical record.",
        "The study team decides.",
        TRIAL.title,
        f"<q>{TRIAL.official_title}</q>",
        "NCT06848582",
        "Sun Yat-sen University",
        "7 years",
        "rhabdomyosarcoma",
        "The pathology report, with the name of the tumor",
        "No hospital has checked this yet.",
        "Answers of November 22, 2026.",
        '"Your child" is the patient.',
    ):
        assert said in shared, said
    for criterion in TRIAL.criteria:
        assert (f"<q>{criterion.source}</q>" in shared) == (criterion.asked and not criterion.sensitive)


def test_a_reviewer_is_named_where_there_is_one(web: TestClient, family: str) -> None:
    web.app.state.trials = {TRIAL.id: replace(TRIAL, reviewed_by="Dr. Example of the Example Clinic")}
    page = words_of(preview(web, family))
    assert "Checked by Dr. Example of the Example Clinic." in page
    assert "No hospital has checked this yet." not in page


def test_notes_are_on_it_only_where_she_put_them(web: TestClient, family: str) -> None:
    without = preview(web, family)
    sheet = without.text[without.text.index("<article") : without.text.index("</article>")]
    assert NOTE not in sheet
    assert NOTE in without.text
    path, passcode = share(web, family)
    assert NOTE not in opened(web, path, passcode).text
    with_notes = press(web, without, "/after/doctor")
    assert form_for(with_notes, "/after/doctor/link")["notes"] == "yes"
    path, passcode = link_and_passcode(press(web, with_notes, "/after/doctor/link"))
    assert NOTE in opened(web, path, passcode).text
    off_again = press(web, with_notes, "/after/doctor")
    assert "notes" not in form_for(off_again, "/after/doctor/link")


def test_the_shared_page_stays_as_it_was(web: TestClient, family: str, session_id: str) -> None:
    path, passcode = share(web, family, notes="yes")
    before = opened(web, path, passcode).text
    save_screening(session_id, screening_of("not_likely"))
    press(web, open_hub(web, family), "/after/notes", notes="something else")
    assert opened(web, path, passcode).text == before


@pytest.mark.parametrize("what", ["answers", "notes"])
def test_what_changed_meanwhile_is_shown_before_it_is_shared(
    web: TestClient, family: str, session_id: str, what: str
) -> None:
    page = preview(web, family)
    if what == "answers":
        save_screening(session_id, screening_of("possible"))
    else:
        press(web, open_hub(web, family), "/after/notes", notes="something else")
    again = press(web, page, "/after/doctor/link")
    assert "Please look at the page once more." in words_of(again)
    assert links_of(session_id) == []
    assert press(web, again, "/after/doctor/link").status_code == 200
    assert len(links_of(session_id)) == 1


def test_a_form_sent_twice_makes_one_link(web: TestClient, family: str, session_id: str) -> None:
    page = preview(web, family)
    first, second = (link_and_passcode(press(web, page, "/after/doctor/link")) for _ in range(2))
    assert first == second
    assert len(links_of(session_id)) == 1
    press(web, open_hub(web, family), "/after/link/end")
    assert "was ended" in words_of(press(web, page, "/after/doctor/link"))
    assert links_of(session_id) == []


def test_forms_of_other_chats_and_made_up_ones_make_nothing(
    web: TestClient, family: str, session_id: str
) -> None:
    fields = form_for(preview(web, family), "/after/doctor/link")
    other = web.post("/api/chat", json={"session": None, "message": ""}).json()["session"]
    other_id = web.app.state.sessions.read(other)
    save_screening(other_id, screening_of("likely"))
    assert web.post("/after/doctor/link", data=fields | {"session": other}).status_code == 401
    for form in ("", "made up"):
        page = web.post("/after/doctor/link", data=fields | {"form": form})
        assert "open for too long" in words_of(page)
    assert links_of(session_id) == links_of(other_id) == []


def test_a_chat_has_no_more_than_so_many_links(web: TestClient, family: str, session_id: str) -> None:
    pages = [preview(web, family) for _ in range(MOST_LINKS + 1)]
    for page in pages[:-1]:
        press(web, page, "/after/doctor/link")
    refused = press(web, pages[-1], "/after/doctor/link")
    assert "You have 3 links already." in words_of(refused)
    assert "/after/doctor/link" not in refused.text
    assert len(links_of(session_id)) == MOST_LINKS


def test_a_store_that_fails_makes_no_link_and_says_so(
    web: TestClient, family: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*arguments: Any) -> None:
        raise OperationalError("INSERT", {}, Exception("disk full"))

    page = preview(web, family)
    monkeypatch.setattr("bot.web.doctor_preview.make_link", full)
    failed = press(web, page, "/after/doctor/link")
    assert failed.status_code == 503
    assert "We could not make the link just now." in words_of(failed)


def test_the_whole_address_is_shown_where_the_site_has_told_it(
    open_web: Callable[..., TestClient], family: str
) -> None:
    web = open_web(PUBLIC_URL="https://chat.hospital.example/")
    fields = form_for(preview(web, family), "/after/doctor/link")
    shown = web.post("/after/doctor/link", data=fields, headers={"host": "evil.example"})
    path, _ = link_and_passcode(shown)
    assert f"https://chat.hospital.example{path}<" in shown.text


def test_without_it_the_path_stands_there_and_how_to_find_the_address(web: TestClient, family: str) -> None:
    fields = form_for(preview(web, family), "/after/doctor/link")
    shown = web.post("/after/doctor/link", data=fields, headers={"host": "evil.example"})
    path, passcode = link_and_passcode(shown)
    assert "evil.example" not in shown.text
    assert f">{path}</p>" in shown.text
    assert "copy the address from the bar" in words_of(shown)
    assert passcode not in path
    assert passcode.replace(" ", "") not in shown.text


def test_unknown_ended_and_wrong_are_told_the_same(web: TestClient, family: str, session_id: str) -> None:
    path, passcode = share(web, family)
    ended, old_passcode = share(web, family)
    number = links_of(session_id)[1].id
    web.post("/after/link/end", data={"session": family, "link": str(number)})
    asked = [web.get(one) for one in (path, ended, UNKNOWN, "/doctor/x", f"/doctor/{'x' * 3000}")]
    assert {one.status_code for one in asked} == {200}
    assert len({one.text for one in asked}) == 1
    refused = [
        opened(web, path, "1234 5678 9012"),
        opened(web, ended, old_passcode),
        opened(web, UNKNOWN, passcode),
        opened(web, path, ""),
    ]
    assert {one.status_code for one in refused} == {403}
    assert len({one.text for one in refused}) == 1
    assert len({tuple(sorted(one.headers.items())) for one in refused}) == 1
    assert path.rpartition("/")[2] not in refused[0].text + asked[0].text
    assert opened(web, path, passcode).status_code == 200


def test_every_answer_takes_the_same_time(
    web: TestClient, family: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, passcode = share(web, family)
    waits: list[float] = []
    sleep = asyncio.sleep

    async def noted(seconds: float) -> None:
        waits.append(seconds)
        await sleep(0)

    monkeypatch.setattr("bot.web.evenly.asyncio.sleep", noted)
    web.app.state.doctor_page.answer_after = 0.731
    for one, typed in ((path, passcode), (path, "1"), (UNKNOWN, passcode)):
        opened(web, one, typed)
    assert waits.count(0.731) == 3


@pytest.mark.parametrize("known", [True, False])
def test_five_wrong_tries_make_an_address_wait_and_no_other(
    web: TestClient, family: str, known: bool
) -> None:
    path, passcode = share(web, family)
    tried = path if known else UNKNOWN
    here, there = (TestClient(web.app, client=(address, 1)) for address in ("203.0.113.9", "203.0.113.10"))
    first = [opened(here, tried, "1") for _ in range(5)]
    waiting = opened(here, tried, passcode)
    assert waiting.status_code == 403
    assert {one.text for one in first} == {waiting.text}
    assert opened(here, path, passcode).status_code == (403 if known else 200)
    assert opened(there, path, passcode).status_code == 200
    web.app.state.doctor_page.wrong_tries._clock = lambda: 1e12
    assert opened(here, path, passcode).status_code == 200


def test_who_waits_does_not_lock_the_page_for_others(web: TestClient, family: str, session_id: str) -> None:
    path, passcode = share(web, family)
    web.app.state.doctor_page.by_link._per_minute = 0
    here = TestClient(web.app, client=("203.0.113.9", 1))
    web.app.state.doctor_page.by_address._per_minute = 0
    for _ in range(40):
        assert opened(here, path, "1").status_code == 403
    assert opened(web, path, passcode).status_code == 200
    assert not links_of(session_id)[0].locked


def test_guesses_from_everywhere_lock_it(web: TestClient, family: str, session_id: str) -> None:
    path, passcode = share(web, family)
    web.app.state.doctor_page.by_link._per_minute = 0
    for number in range(20):
        guesser = TestClient(web.app, client=(f"203.0.113.{number}", 1))
        assert opened(guesser, path, "1").status_code == 403
    assert opened(web, path, passcode).status_code == 403
    hub = words_of(open_hub(web, family))
    assert "It is locked: the passcode was wrong too often." in hub
    assert path not in hub


@pytest.mark.parametrize("known", [True, False])
def test_tries_are_limited_for_each_link_and_each_address(web: TestClient, family: str, known: bool) -> None:
    path = share(web, family)[0] if known else UNKNOWN
    for limit in (web.app.state.doctor_page.by_link, web.app.state.doctor_page.by_address):
        limit._clock = lambda: 0.0
    clients = [TestClient(web.app, client=(f"203.0.113.{number}", 1)) for number in range(11)]
    got = [opened(client, path, "1").status_code for client in clients]
    assert got == [403] * 10 + [429]
    one = TestClient(web.app, client=("198.51.100.7", 1))
    got = [opened(one, f"/doctor/{number}", "1").status_code for number in range(21)]
    assert got == [403] * 20 + [429]


def test_no_search_engine_and_no_cache_keeps_it(web: TestClient, family: str) -> None:
    path, passcode = share(web, family)
    web.app.state.doctor_page.by_link._per_minute = 3
    web.app.state.doctor_page.by_link._clock = lambda: 0.0
    answers = [web.get(path), opened(web, path, "1"), opened(web, path, passcode), web.put(path)]
    answers += [opened(web, path, "1") for _ in range(4)]
    assert {one.status_code for one in answers} == {200, 403, 405, 429}
    for answer in answers:
        assert answer.headers["x-robots-tag"] == "noindex, nofollow"
        assert answer.headers["cache-control"] == "no-store"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert "set-cookie" not in answer.headers
    for answer in answers[:3]:
        assert '<meta name="robots" content="noindex, nofollow">' in answer.text
    assert "x-robots-tag" not in web.get("/").headers


def test_what_a_link_shows_before_the_passcode_says_nothing(web: TestClient, family: str) -> None:
    path, _ = share(web, family)
    page = web.get(path).text.lower()
    for word in ("sarcoma", "cancer", "study", "child", "trial", "nct", "doctor"):
        assert word not in page.replace("/doctor.css", ""), word


def test_link_and_passcode_are_in_no_log(
    web: TestClient, family: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)
    path, passcode = share(web, family, notes="yes")
    web.get(path)
    opened(web, path, "1")
    opened(web, path, passcode)
    web.post(path, content=b"\xff", headers={"content-type": "application/x-www-form-urlencoded"})

    def broken(*arguments: Any) -> None:
        raise OperationalError("UPDATE", {}, Exception(path))

    monkeypatch.setattr("bot.web.doctor.open_page", broken)
    failed = opened(web, path, passcode)
    assert failed.status_code == 503
    assert "did not work just now" in words_of(failed)

    def odd(*arguments: Any) -> None:
        raise ValueError(path)

    monkeypatch.setattr("bot.web.doctor.open_page", odd)
    assert opened(web, path, passcode).status_code == 500
    ours = [
        record.getMessage() for record in caplog.records if not record.name.startswith(("httpx", "asyncio"))
    ]
    assert any("could not reach its database" in line for line in ours)
    assert any("ValueError" in line for line in ours)
    for secret in (path.rpartition("/")[2], passcode, passcode.replace(" ", ""), NOTE):
        assert not [line for line in ours if secret in line]


def test_every_text_of_these_pages_is_used() -> None:
    here = Path(bot.web.__file__).parents[1]
    files = [*(here / "web").rglob("*.py"), *(here / "leads").rglob("*.py"), *(here / "web").rglob("*.html")]
    used = "\n".join(path.read_text(encoding="utf-8") for path in files)
    unused = []
    for top in ("after", "doctor"):
        for key, _ in texts_in(top, load_texts("en").node(top)):
            parts = key.split(".")
            built = f"{'.'.join(parts[:-1])}." in used or f'after." ~ name ~ ".{parts[-1]}' in used
            named = any(f'{".".join(parts[:count])}"' in used for count in range(3, len(parts) + 1))
            if not named and not built:
                unused.append(key)
    assert unused == []
