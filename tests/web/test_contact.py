"""The contact form: what is checked, what is read back, what is stored, and that nothing typed is lost."""

import html
import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from sqlalchemy.exc import OperationalError

from bot.leads.intake import consent_version
from bot.leads.outbox.calling import Answer
from bot.leads.outbox.queue import deliver_due
from bot.leads.reading import all_leads
from bot.leads.screenings import save_screening

FILLED = {
    "first_name": "Ana",
    "last_name": "Li",
    "email": "ana@mail.com",
    "phone": "+86 138 0013 8000",
    "consent_send": "yes",
    "consent_call": "yes",
}


def hidden(page: httpx.Response, form: int = -1) -> dict[str, str]:
    """The hidden fields of one of a page's forms, as a browser would send them."""
    written = re.findall(r"<form.*?</form>", page.text, re.DOTALL)[form]
    tags = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', written)
    return {name: html.unescape(value) for name, value in tags}


def open_form(web: TestClient, session: str) -> dict[str, str]:
    return hidden(web.post("/contact", data={"session": session}))


def read_back(web: TestClient, session: str, **fields: str) -> httpx.Response:
    return web.post("/contact/check", data=open_form(web, session) | FILLED | fields)


def test_whole_way(web: TestClient, screened: str) -> None:
    form = web.post("/contact", data={"session": screened})
    assert form.status_code == 200
    assert "checked" not in form.text
    checked = web.post(
        "/contact/check", data=hidden(form) | FILLED | {"best_time": "after 5 pm", "country": "CN"}
    )
    assert checked.status_code == 200
    for said in (
        "Ana",
        "Li",
        "ana@mail.com",
        "+86 138 0013 8000",
        "after 5 pm",
        "China",
        "7 years",
        "Heart problem",
    ):
        assert said in checked.text, said
    assert all_leads() == []
    sent = web.post("/contact/send", data=hidden(checked))
    assert sent.status_code == 200
    (lead,) = all_leads()
    assert lead.reference in sent.text
    assert "Demo site (not a real hospital)" in sent.text
    assert "This is a demo. No one will call you." in sent.text
    assert lead.contact is not None
    assert (lead.contact.first_name, lead.contact.country) == ("Ana", "CN")
    assert not lead.contact.of_guardian
    assert {consent["purpose"] for consent in lead.consents} == {"send", "call"}
    for consent in lead.consents:
        assert consent["version"] == consent_version(consent["wording"])
        assert consent["wording"] in html.unescape(form.text)
    # Sending is the worker's work.
    assert (lead.delivery.state, lead.delivery.attempts) == ("waiting", 0)


def test_read_back_puts_the_noes_together_and_has_send_at_both_ends(
    web: TestClient, screened: str, session_id: str, screening: Any
) -> None:
    facts = screening["facts"] | {
        "radiation": {"had": "no"},
        "gvhd": "no",
        "infection": {"had": "no"},
        "activity": {"score": [90, 100]},
    }
    save_screening(session_id, screening | {"facts": facts})
    text = html.unescape(read_back(web, screened).text)
    assert "You said no to: Radiation; Graft versus host disease now." in text
    assert "You said no to these, in the last 5 weeks: Infection." in text
    assert "plays or works as usual" in text
    assert "score" not in text
    assert text.count('action="/contact/send"') == 2
    assert text.index('action="/contact/send"') < text.index("Ana")


def test_second_press_makes_no_second_lead(web: TestClient, screened: str) -> None:
    fields = hidden(read_back(web, screened))
    pages = [web.post("/contact/send", data=fields) for _ in range(3)]
    assert [page.status_code for page in pages] == [200, 200, 200]
    (lead,) = all_leads()
    assert all(lead.reference in page.text for page in pages)
    assert "You sent this before" not in pages[0].text
    assert "You sent this before" in pages[1].text


def test_form_opened_again_shows_what_was_sent(
    web: TestClient, screened: str, session_id: str, screening: Any
) -> None:
    web.post("/contact/send", data=hidden(read_back(web, screened)))
    (lead,) = all_leads()
    again = web.post("/contact", data={"session": screened})
    assert lead.reference in again.text
    assert 'name="first_name"' not in again.text
    assert 'name="first_name"' in web.post("/contact", data={"session": screened, "again": "yes"}).text
    save_screening(session_id, screening | {"verdict": "likely"})
    assert 'name="first_name"' in web.post("/contact", data={"session": screened}).text


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("first_name", "", "Please write a first name."),
        ("last_name", "  ", "Please write a last name."),
        ("first_name", "x" * 81, "This name is too long for us."),
        ("last_name", "12", "Please use letters for the name."),
        ("email", "", "Please write an e-mail address."),
        ("email", "ana@mail", "This does not look like an e-mail address."),
        ("email", "ana mail.com", "This does not look like an e-mail address."),
        ("phone", "", "Please write a phone number."),
        ("phone", "12 34", "This does not look like a phone number."),
        ("phone", "call my sister", "This does not look like a phone number."),
        ("phone", "+1 23", "This does not look like a phone number."),
        ("country", "XX", "Please choose from the list."),
        ("relation", "boss", "Please choose from the list."),
        ("best_time", "x" * 121, "This is too long for us."),
        ("consent_send", "", "We can only send your answers if you tick this box."),
        ("consent_call", "no", "The study team can only reach you if you tick this box."),
    ],
)
def test_mistyped_field_is_told_beside_it(
    web: TestClient, screened: str, field: str, value: str, said: str
) -> None:
    page = read_back(web, screened, **{field: value})
    assert page.status_code == 422
    found = re.search(rf'id="{field}-error">([^<]*)<', page.text)
    assert found is not None
    assert found.group(1).startswith(said)
    assert re.search(rf'name="{field}"[^>]*aria-invalid="true"', page.text)
    assert len(re.findall("field-error", page.text)) == 1
    for name, kept in (FILLED | {field: value.strip()}).items():
        if not name.startswith("consent") and name not in ("country", "relation"):
            assert f'value="{kept}"' in page.text
    assert all_leads() == []


def test_what_is_needed_is_marked(web: TestClient, screened: str) -> None:
    labels = re.findall(r"<label[^>]*>([^<]*)</label>", web.post("/contact", data={"session": screened}).text)
    assert [label.endswith("*") for label in labels] == [True] * 4 + [False] * 4 + [True] * 2


def test_ticks_survive_an_error(web: TestClient, screened: str) -> None:
    page = read_back(web, screened, email="")
    assert page.text.count(" checked") == 2
    page = read_back(web, screened, email="", consent_call="")
    assert page.text.count(" checked") == 1


def test_markup_in_a_name_stays_text(web: TestClient, screened: str) -> None:
    for page in (
        read_back(web, screened, first_name="<script>alert(1)</script>"),
        read_back(web, screened, first_name='"><img src=x>', email=""),
    ):
        assert "<script>alert" not in page.text
        assert "<img" not in page.text


def test_back_to_the_form_keeps_everything(web: TestClient, screened: str) -> None:
    checked = read_back(web, screened, best_time="after 5 pm", relation="guardian")
    page = web.post("/contact/change", data=hidden(checked, form=0))
    assert page.status_code == 200
    for kept in ("Ana", "Li", "ana@mail.com", "after 5 pm"):
        assert f'value="{kept}"' in page.text
    assert '<option value="guardian" selected>' in page.text
    assert page.text.count(" checked") == 2
    assert "field-error" not in page.text


def test_changed_answers_are_read_back_again(
    web: TestClient, screened: str, session_id: str, screening: Any
) -> None:
    fields = hidden(read_back(web, screened))
    save_screening(session_id, screening | {"facts": screening["facts"] | {"age": {"months": [96, 107]}}})
    page = web.post("/contact/send", data=fields)
    assert "Your answers in the chat have changed." in page.text
    assert "8 years" in page.text
    assert all_leads() == []
    assert web.post("/contact/send", data=hidden(page)).status_code == 200
    assert all_leads()[0].screening["facts"]["age"] == {"months": [96, 107]}


def test_family_is_never_told_sent_unless_it_is_stored(
    web: TestClient, screened: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*arguments: Any) -> None:
        raise OperationalError("INSERT", {}, Exception("disk full"))

    fields = hidden(read_back(web, screened))
    with monkeypatch.context() as broken:
        broken.setattr("bot.web.contact.store_leads", full)
        page = web.post("/contact/send", data=fields)
    assert page.status_code == 503
    assert "Thank you" not in page.text
    assert "We could not keep your message just now." in page.text
    assert hidden(page)["first_name"] == "Ana"
    assert web.post("/contact/send", data=hidden(page)).status_code == 200
    assert len(all_leads()) == 1


@pytest.mark.parametrize("path", ["/contact", "/contact/check", "/contact/send", "/contact/change"])
def test_no_form_without_a_chat(web: TestClient, path: str) -> None:
    page = web.get(path)
    assert page.status_code == 200
    assert "Please start with the chat." in page.text
    assert web.post(path, data={"session": "made up"}).status_code == 401
    assert web.post(path, content=b"{}", headers={"Content-Type": "application/json"}).status_code == 422
    assert web.post(
        path, content=b"session=\xff%ff", headers={"Content-Type": "application/x-www-form-urlencoded"}
    ).status_code in (401, 422)


def test_no_form_before_a_verdict_or_when_it_is_no_match(
    web: TestClient, session: str, session_id: str, screening: Any
) -> None:
    assert (
        "Please answer the questions in the chat first."
        in web.post("/contact", data={"session": session}).text
    )
    save_screening(session_id, screening | {"verdict": "not_likely"})
    assert "there is nothing to send" in web.post("/contact", data={"session": session}).text


def test_form_of_another_chat_is_refused(web: TestClient, screened: str) -> None:
    fields = hidden(read_back(web, screened))
    other = web.post("/api/chat", json={"session": None, "message": ""}).json()["session"]
    assert web.post("/contact/send", data=fields | {"session": other}).status_code == 401
    assert web.post("/contact/send", data=fields | {"form": "made up"}).status_code == 422
    assert all_leads() == []


def test_not_yet_never_stands_without_the_sentence(
    web: TestClient, screened: str, session_id: str, screening: Any
) -> None:
    save_screening(session_id, screening | {"verdict": "not_yet", "until": "2026-12-13"})
    page = html.unescape(read_back(web, screened).text)
    assert "This may change from December 13, 2026." in page
    assert "Please do not stop, skip or delay any medicine or treatment because of this." in page


def test_session_never_stands_in_an_address(web: TestClient, screened: str) -> None:
    for page in (web.post("/contact", data={"session": screened}), read_back(web, screened)):
        assert not re.findall(rf'(?:href|action)="[^"]*{re.escape(screened)}', page.text)


def test_call_back_window_is_told_only_where_it_is_set(
    open_web: Callable[..., TestClient], session_id: str, screening: Any, session: str
) -> None:
    save_screening(session_id, screening)
    web = open_web(SITE_NAME="Hill Hospital", SITE_PHONE="+1 202 555 0100")
    page = html.unescape(web.post("/contact/send", data=hidden(read_back(web, session))).text)
    assert "The study team has not told us when they will call." in page
    assert 'You can also call Hill Hospital: <a href="tel:+12025550100">+1 202 555 0100</a>.' in page
    assert "demo" not in page.lower()


def test_page_says_whether_the_site_has_it(
    open_web: Callable[..., TestClient],
    session_id: str,
    screening: Any,
    session: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    save_screening(session_id, screening)
    web = open_web(SITE_FORM_URL="http://127.0.0.1:9/form")
    assert "It is on its way to" in web.post("/contact/send", data=hidden(read_back(web, session))).text

    def taken(*arguments: object) -> Answer:
        return Answer(200, None, None)

    monkeypatch.setattr("bot.leads.outbox.webhook.post", taken)
    assert deliver_due() == 1
    assert "has your message." in web.post("/contact", data={"session": session}).text
