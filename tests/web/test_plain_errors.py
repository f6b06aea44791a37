"""Plain pages when something fails: what was typed stays, and one button tries again."""

import logging
import time
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.leads.erasure import NotErased
from bot.web.guards import LARGEST_BODY
from bot.web.sessions import SESSION_DAYS
from tests.web.formreader import Reader
from tests.web.interviewing import InterviewingRasa
from tests.web.test_plain import title, words


@pytest.fixture
def rasa() -> InterviewingRasa:
    return InterviewingRasa()


@pytest.fixture
def reader(open_web: Callable[..., TestClient]) -> Reader:
    return Reader(open_web(CHAT_PER_MINUTE="0", SITE_PHONE="+1 202 555 0100"))


def buttons(reader: Reader) -> list[str]:
    return [words for form in reader.forms for words, _, _ in form.buttons]


def test_rasa_down_keeps_the_answer_and_tries_again(reader: Reader, rasa: InterviewingRasa) -> None:
    reader.press("Start").press("Next", "parent")
    rasa.up = False
    reader.press("Next", own="he is 7 years old")
    assert reader.page.status_code == 503
    assert reader.page.headers["retry-after"] == "5"
    assert "Nothing is lost." in words(reader)
    assert "We still have what you gave: he is 7 years old" in words(reader)
    assert 'href="tel:+12025550100"' in reader.page.text
    assert buttons(reader) == ["Try again"]
    assert reader.press("Try again").page.status_code == 503
    rasa.up = True
    reader.press("Try again")
    assert reader.page.status_code == 200
    assert rasa.facts()["age"] == {"months": [84, 95]}
    assert title(reader).startswith("What kind of tumor")


def test_ticks_are_kept_too(reader: Reader, rasa: InterviewingRasa) -> None:
    reader.press("Start").press("Next", "parent").press("Next", age="7").press("Next", "rhabdomyosarcoma")
    rasa.up = False
    reader.press("Next", "relapsed", "metastatic")
    rasa.up = True
    reader.press("Try again")
    assert rasa.facts()["disease_course"] == ["relapsed", "metastatic"]


def test_start_while_rasa_is_down(reader: Reader, rasa: InterviewingRasa) -> None:
    rasa.up = False
    reader.press("Start")
    assert reader.page.status_code == 503
    rasa.up = True
    assert "I am a computer program" in words(reader.press("Try again"))


def test_too_long_can_be_made_shorter_on_the_spot(reader: Reader, rasa: InterviewingRasa) -> None:
    reader.press("Start").press("Next", "parent")
    long = "he is 7 " * 300
    reader.press("Next", own=long)
    assert reader.page.status_code == 413
    assert dict(reader.form_of("Send again").fields)["own"] == long.strip()
    reader.press("Send again", own="he is 7")
    assert rasa.facts()["age"] == {"months": [84, 95]}


def test_beyond_what_any_form_holds(reader: Reader) -> None:
    reader.press("Start")
    action, fields = reader.filled("Next", own="x" * LARGEST_BODY)
    assert reader.send(action, fields).status_code == 413
    assert "Your browser still has what you gave." in words(reader)


def test_too_fast_may_be_tried_again(open_web: Callable[..., TestClient], rasa: InterviewingRasa) -> None:
    reader = Reader(open_web(CHAT_PER_MINUTE="2"))
    reader.press("Start").press("Next", "parent").press("Next", age="7")
    assert reader.page.status_code == 429
    assert 1 <= int(reader.page.headers["retry-after"]) <= 30
    assert ("age", "7") in reader.form_of("Try again").fields
    assert "We still have what you gave: 7 years" in words(reader)
    assert "age" not in rasa.facts()


def test_an_address_that_asks_too_often(open_web: Callable[..., TestClient]) -> None:
    reader = Reader(open_web(address="203.0.113.9", ADDRESS_PER_MINUTE="2"))
    reader.press("Start")
    old = reader.filled("Next", "parent")
    assert reader.send(*old).status_code == 429
    assert "load this page once more" in words(reader)


def test_a_session_of_last_week_says_so_and_shows_what_was_typed(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader.press("Start").press("Next", "parent")
    later = time.time() + (SESSION_DAYS + 1) * 24 * 3600
    monkeypatch.setattr("bot.web.sessions.time.time", lambda: later)
    reader.press("Next", own="he is 7")
    assert reader.page.status_code == 401
    assert "This chat has ended." in words(reader)
    assert "You wrote: he is 7" in words(reader)
    assert '<a class="button big" href="/plain">' in reader.page.text


@pytest.mark.parametrize("session", ["", "guessed", "x" * 600])
@pytest.mark.parametrize("button", ["answer", "erase", "start", "look", "change:age"])
def test_a_session_that_is_not_ours(
    reader: Reader, rasa: InterviewingRasa, session: str, button: str
) -> None:
    answer = reader.send("/plain", [("session", session), ("do", button), ("own", "he is 7")])
    assert answer.status_code in (401, 422)
    assert rasa.got == []


def test_failed_erasing_is_told_and_tried_again(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(session_id: str) -> None:
        raise NotErased

    reader.press("Start").press("Stop and erase")
    with monkeypatch.context() as broken:
        broken.setattr("bot.web.chat.erase_conversation", locked)
        reader.press("Yes, erase everything")
    assert reader.page.status_code == 503
    assert "We could not erase your answers just now." in words(reader)
    reader.press("Try again")
    assert reader.page.status_code == 200
    assert "Your answers are erased." in words(reader)


@pytest.mark.parametrize(
    "fields",
    [
        [("do", "fly")],
        [("do", "answer"), ("after", "minus one")],
        [("do", "answer"), ("after", "9" * 40)],
        [("do", "answer"), ("unit", "decades")],
        [("do", f"change:{'x' * 80}")],
    ],
)
def test_fields_that_no_page_sends(reader: Reader, fields: list[tuple[str, str]]) -> None:
    session = dict(reader.form_of("Start").fields)["session"]
    assert reader.send("/plain", [("session", session), *fields]).status_code == 422


NAMES = st.sampled_from(
    ["session", "page", "after", "asks", "do", "choice", "own", "day", "age", "unit", "odd"]
)
VALUES = st.one_of(
    st.text(max_size=40), st.sampled_from(["answer", "change", "pick:yes", "stop", "erase", "0", "1"])
)


@settings(
    max_examples=60,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.tuples(NAMES, VALUES), max_size=12))
def test_whatever_a_form_holds_is_answered(reader: Reader, fields: list[tuple[str, str]]) -> None:
    token = dict(Reader(reader.web).form_of("Start").fields)["session"]
    answer = reader.send("/plain", [("session", token), *fields])
    assert answer.status_code in (200, 401, 422)
    assert "<main" in answer.text


def test_a_body_that_is_no_form(reader: Reader) -> None:
    for body in (
        {"json": {}},
        {"content": b"\xff", "headers": {"Content-Type": "application/x-www-form-urlencoded"}},
    ):
        assert reader.web.post("/plain", **body).status_code == 422  # type: ignore[arg-type]


def test_a_page_name_of_somebody_elses_puts_no_words_on_the_page(reader: Reader) -> None:
    reader.press("Start").press("Next", "parent")
    action, fields = reader.filled("Why do you ask?")
    forged = [(name, '["x", "Call this number"]' if name == "page" else value) for name, value in fields]
    reader.send(action, forged)
    assert reader.page.status_code == 200
    assert "Call this number" not in reader.page.text.replace("&#34;", '"')


def test_what_is_typed_is_escaped(reader: Reader) -> None:
    reader.press("Start").press("Next", "parent").press("Next", own="<script>alert(1)</script>")
    assert "&lt;script&gt;" in reader.page.text
    assert "<script" not in reader.page.text


def test_nothing_that_is_typed_is_in_a_log_or_an_address(
    reader: Reader, rasa: InterviewingRasa, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    reader.press("Start").press("Next", "parent").press("Next", own="Rosalind is seven")
    rasa.up = False
    reader.press("Next", own="Rosalind again").press("Try again")
    reader.send("/plain", [("session", "Rosalind"), ("do", "Rosalind")])
    ours = [
        record.getMessage()
        for record in caplog.records
        if record.name.startswith(("bot", "uvicorn", "asyncio"))
    ]
    assert ours
    assert "Rosalind" not in "".join(ours)
    assert str(reader.page.request.url).endswith("/plain")
