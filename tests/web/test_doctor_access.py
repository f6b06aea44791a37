"""Who gets in to a doctor's page: passcodes, limits, one answer for all that fails, and no trace in logs."""

import logging
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.exc import OperationalError

from bot.leads.doctor.links import links_of
from bot.web.limits import RateLimit
from tests.web.after_ways import NOTE, open_hub, opened, share, words_of

UNKNOWN = f"/doctor/{'a' * 32}"


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


def test_every_answer_takes_the_same_time(web: TestClient, family: str, waits: list[float]) -> None:
    path, passcode = share(web, family)
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
    web.app.state.doctor_page.by_link = RateLimit(0)
    here = TestClient(web.app, client=("203.0.113.9", 1))
    web.app.state.doctor_page.by_address = RateLimit(0)
    for _ in range(40):
        assert opened(here, path, "1").status_code == 403
    assert opened(web, path, passcode).status_code == 200
    assert not links_of(session_id)[0].locked


def test_guesses_from_everywhere_lock_it(web: TestClient, family: str, session_id: str) -> None:
    path, passcode = share(web, family)
    web.app.state.doctor_page.by_link = RateLimit(0)
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
    web.app.state.doctor_page.by_link = RateLimit(3, clock=lambda: 0.0)
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
    assert any("could not be opened: OperationalError" in line for line in ours)
    assert any("ValueError" in line for line in ours)
    for secret in (path.rpartition("/")[2], passcode, passcode.replace(" ", ""), NOTE):
        assert not [line for line in ours if secret in line]
