"""The page for the doctor: what the family sees before she shares it, and what is shared."""

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
    NOTE,
    form_for,
    link_and_passcode,
    open_hub,
    opened,
    press,
    share,
    words_of,
)
from tests.web.test_web_texts import texts_in

TRIAL = load_trial("NCT06848582")


def preview(web: TestClient, session: str, **fields: str) -> Any:
    return web.post("/after/doctor", data={"session": session, **fields})


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
