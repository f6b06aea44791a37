"""The page after the verdict: what it offers when, her notes, her links, and the way back."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.exc import OperationalError

from bot.leads.family_notes import LONGEST_FAMILY_NOTE, family_note
from bot.leads.reading import all_leads
from bot.leads.screenings import discard_screening, save_screening
from tests.interview.verdict_families import FAMILIES, screening_of
from tests.web.after_ways import form_for, hold_off, open_hub, press, share, words_of
from tests.web.test_contact import FILLED, hidden

KEEP = "Please do not stop, skip or delay any medicine or treatment because of this."
MAIL = {
    "SMTP_HOST": "127.0.0.1",
    "MAIL_FROM": "study@hospital.example",
    "PUBLIC_URL": "https://chat.hospital.example",
}
PAGES = (
    "/after",
    "/after/notes",
    "/after/calendar",
    "/after/link/end",
    "/after/doctor",
    "/after/doctor/link",
)


def told(session_id: str, verdict: str, **changed: Any) -> None:
    save_screening(session_id, screening_of(verdict) | changed)


@pytest.mark.parametrize(
    ("verdict", "offered"),
    [
        ("likely", ["/contact", "/after/doctor", "/news", "/after/notes"]),
        # Who does not know the illness can't be told of studies for it.
        ("possible", ["/contact", "/after/doctor", "/after/notes"]),
        ("not_yet", ["/contact", "/after/doctor", "/after/calendar", "/news", "/after/notes"]),
        ("not_likely", ["/after/doctor", "/news", "/after/notes"]),
    ],
)
def test_only_what_makes_sense_is_offered(
    open_web: Callable[..., TestClient], verdict: str, offered: list[str]
) -> None:
    web = open_web(**MAIL)
    session = web.post("/api/chat", json={"session": None, "message": ""}).json()["session"]
    told(web.app.state.sessions.read(session), verdict)
    page = open_hub(web, session)
    assert page.status_code == 200
    assert re.findall(r'<form method="post" action="([^"]+)"', page.text) == offered
    for action in offered:
        assert form_for(page, action) == {"session": session}
    assert 'href="/chat"' in page.text


def test_news_are_offered_only_where_mail_can_go_out(web: TestClient, session: str, session_id: str) -> None:
    told(session_id, "likely")
    assert "/news" not in open_hub(web, session).text


def test_not_yet_without_a_day_has_no_reminder(web: TestClient, session: str, session_id: str) -> None:
    told(session_id, "not_yet", until=None)
    page = words_of(open_hub(web, session))
    assert "/after/calendar" not in page
    assert KEEP in page
    assert "Not a match today" in words_of(web.post("/after/calendar", data={"session": session}))


def test_not_yet_never_stands_without_the_sentence(web: TestClient, session: str, session_id: str) -> None:
    told(session_id, "not_yet")
    hub = open_hub(web, session)
    for page in (hub, press(web, hub, "/after/doctor")):
        assert "This may change from December 13, 2026." in words_of(page)
        assert KEEP in words_of(page)


def test_bad_news_come_after_what_remains(web: TestClient, session: str, session_id: str) -> None:
    told(session_id, "not_likely")
    page = words_of(open_hub(web, session))
    assert page.index("What else there is") < page.index("does not look like a match")
    assert "Your care team can tell you about other choices." in page
    assert 'href="https://clinicaltrials.gov"' in page


def test_what_was_sent_is_told(web: TestClient, session: str, session_id: str) -> None:
    told(session_id, "likely")
    form = web.post("/contact", data={"session": session})
    web.post("/contact/send", data=hidden(web.post("/contact/check", data=hidden(form) | FILLED)))
    page = words_of(open_hub(web, session))
    assert f"Your reference is {all_leads()[0].reference}." in page
    assert "See what comes next" in page


def test_before_the_verdict_and_after_erasing_there_is_nothing(
    web: TestClient, session: str, session_id: str
) -> None:
    assert "answer the questions in the chat first" in words_of(open_hub(web, session))
    told(session_id, "likely")
    web.post("/api/chat/erase", json={"session": session})
    for path in PAGES:
        page = words_of(web.post(path, data={"session": session, "notes": "ask"}))
        assert "This chat has ended." in page, path
    assert family_note(session_id) == ""


@pytest.mark.parametrize("path", PAGES)
def test_pages_need_a_session(web: TestClient, path: str) -> None:
    assert web.post(path, data={"session": "made up"}).status_code == 401
    assert web.post(path, data={"plain": "yes"}).status_code == 401
    by_address = web.get(path)
    assert by_address.status_code == 200
    assert 'data-page="reopen" data-at="/after"' in by_address.text
    assert "Please start with the chat." in by_address.text


def test_the_plain_way_is_carried_and_leads_back(web: TestClient, session: str, session_id: str) -> None:
    hold_off(web)
    told(session_id, "not_yet")
    hub = open_hub(web, session, plain="yes")
    preview = press(web, hub, "/after/doctor")
    link = press(web, preview, "/after/doctor/link")
    kept = press(web, hub, "/after/notes", notes="ask")
    ended = press(web, open_hub(web, session, plain="yes"), "/after/link/end")
    for page in (hub, preview, link, kept, ended):
        assert page.status_code == 200
        forms = re.findall(r"<form.*?</form>", page.text, re.DOTALL)
        assert forms
        onward = [form for form in forms if 'action="/plain"' not in form]
        assert all('name="plain" value="yes"' in form for form in onward)
        assert 'href="/chat"' not in page.text
        # Without a script the browser's own way back works; with this one it would lead to the chat.
        assert "form.js" not in page.text
    for page in (hub, kept, ended):
        assert form_for(page, "/plain") == {"session": session}
    assert 'name="plain"' not in open_hub(web, session, plain="elsewhere").text


def test_the_session_never_stands_in_an_address(web: TestClient, session: str, session_id: str) -> None:
    told(session_id, "not_yet")
    hub = open_hub(web, session)
    for page in (hub, press(web, hub, "/after/doctor")):
        assert not re.findall(rf'(?:href|action)="[^"]*{re.escape(session)}', page.text)


def test_notes_are_kept_changed_and_deleted(web: TestClient, session: str, session_id: str) -> None:
    told(session_id, "likely")
    page = press(web, open_hub(web, session), "/after/notes", notes=" ask about\r\nthe port \r\n")
    assert "Your notes are kept." in words_of(page)
    assert "ask about\nthe port</textarea>" in page.text
    assert family_note(session_id) == "ask about\nthe port"
    page = press(web, page, "/after/notes", notes="  ")
    assert "Your notes are erased." in words_of(page)
    assert family_note(session_id) == ""


def test_contact_details_in_notes_are_taken_out(
    web: TestClient, session: str, session_id: str, rasa: Any
) -> None:
    told(session_id, "likely")
    before = len(rasa.got)
    typed = "Dr. Owl, owl@mail.com or 646-555-0123, on 2026-06-01"
    page = words_of(press(web, open_hub(web, session), "/after/notes", notes=typed))
    assert "We took out a phone number or an e-mail" in page
    assert family_note(session_id) == "Dr. Owl, [***] or [***], on 2026-06-01"
    assert "owl@mail.com" not in page
    assert len(rasa.got) == before


def test_notes_that_are_too_long_stay_in_the_box(web: TestClient, session: str, session_id: str) -> None:
    told(session_id, "likely")
    most = "é" * LONGEST_FAMILY_NOTE
    assert press(web, open_hub(web, session), "/after/notes", notes=most).status_code == 200
    page = press(web, open_hub(web, session), "/after/notes", notes=f"{most}é")
    assert page.status_code == 422
    assert "keep it under 2,000 letters" in words_of(page)
    assert f"{most}é</textarea>" in page.text
    assert family_note(session_id) == most


def test_notes_stay_in_the_box_where_the_store_fails(
    web: TestClient, session: str, session_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(session_id, "likely")
    hub = open_hub(web, session)

    def full(*arguments: Any) -> None:
        raise OperationalError("INSERT", {}, Exception("disk full"))

    monkeypatch.setattr("bot.web.after.keep_family_note", full)
    page = press(web, hub, "/after/notes", notes="ask about the port")
    assert page.status_code == 503
    assert "We could not keep your notes just now." in words_of(page)
    assert "ask about the port</textarea>" in page.text


def test_markup_in_notes_stays_text(web: TestClient, session: str, session_id: str) -> None:
    told(session_id, "likely")
    page = press(web, open_hub(web, session), "/after/notes", notes="</textarea><script>alert(1)</script>")
    preview = press(web, page, "/after/doctor", notes="yes")
    for shown in (page, preview):
        assert "<script>alert" not in shown.text
        assert "&lt;script&gt;alert" in shown.text


def test_links_are_listed_and_ended(web: TestClient, session: str, session_id: str) -> None:
    hold_off(web)
    told(session_id, "likely")
    path, passcode = share(web, session)
    hub = open_hub(web, session)
    assert f'href="{path}"' in hub.text
    assert passcode not in hub.text
    ended = press(web, hub, "/after/link/end")
    assert "The link is ended." in words_of(ended)
    assert path not in ended.text
    assert web.post(path, data={"passcode": passcode}).status_code == 403
    again = press(web, hub, "/after/link/end")
    assert "This link was ended before." in words_of(again)
    for odd in ("", "-1", "x", "9" * 400, "1.0"):
        assert web.post("/after/link/end", data={"session": session, "link": odd}).status_code == 200


def test_nobody_ends_the_link_of_another_chat(web: TestClient, session: str, session_id: str) -> None:
    hold_off(web)
    told(session_id, "likely")
    path, passcode = share(web, session)
    number = form_for(open_hub(web, session), "/after/link/end")["link"]
    other = web.post("/api/chat", json={"session": None, "message": ""}).json()["session"]
    told(web.app.state.sessions.read(other), "likely")
    web.post("/after/link/end", data={"session": other, "link": number})
    assert web.post(path, data={"passcode": passcode}).status_code == 200


def test_links_outlive_the_answers_and_can_still_be_ended(
    web: TestClient, session: str, session_id: str
) -> None:
    hold_off(web)
    told(session_id, "likely")
    path, _ = share(web, session)
    discard_screening(session_id)
    hub = open_hub(web, session)
    assert f'href="{path}"' in hub.text
    assert "/after/doctor" not in hub.text
    press(web, hub, "/after/link/end")
    assert "answer the questions" in words_of(open_hub(web, session))


@pytest.mark.parametrize("links", [1, 2])
def test_erasing_ends_links_and_says_so(web: TestClient, session: str, session_id: str, links: int) -> None:
    hold_off(web)
    told(session_id, "likely")
    press(web, open_hub(web, session), "/after/notes", notes="ask")
    shared = [share(web, session) for _ in range(links)]
    receipt = web.post("/api/chat/erase", json={"session": session}).json()
    assert receipt["deleted"] == ["answers", "notes", "links"]
    assert "Your own notes are gone too." in receipt["text"]
    told_so = (
        "The link that you shared with the doctor is ended." if links == 1 else "The 2 links that you shared"
    )
    assert told_so in receipt["text"]
    for path, passcode in shared:
        assert web.post(path, data={"passcode": passcode}).status_code == 403
    again = web.post("/api/chat/erase", json={"session": session}).json()
    assert again["deleted"] == []
    assert "link" not in again["text"]


@pytest.mark.parametrize("verdict", FAMILIES)
def test_every_page_works_for_every_verdict(
    web: TestClient, session: str, session_id: str, verdict: str
) -> None:
    hold_off(web)
    told(session_id, verdict)
    path, passcode = share(web, session)
    page = words_of(web.post(path, data={"passcode": passcode}))
    assert "For the child's doctor" in page
    assert ("Not a match today" in page) == (KEEP in page) == (verdict == "not_yet")
