"""Several studies on the pages: what is shown of each, and one form that writes to the teams she picks."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from bot.leads.reading import all_leads
from bot.leads.screenings import save_screening, sent_references_for
from bot.leads.withdrawal import withdraw
from bot.settings import get_settings
from bot.web.sessions import FamilySessions
from criteria.loading import TRIALS
from tests.web.after_ways import open_hub, press, words_of
from tests.web.test_contact import FILLED, hidden

FIRST, SECOND, THIRD = "NCT06848582", "NCT00000002", "NCT00000003"
KEEP_TREATMENT = "Please do not stop, skip or delay any medicine or treatment because of this."


def result(trial: str, verdict: str, until: str | None = None, why: str = "") -> dict[str, Any]:
    kind = {"not_yet": "not_yet", "not_likely": "not_met", "possible": "unknown"}[verdict]
    finding = {"finding": kind, "until": until, "text": why, "reason": "", "topic": "the heart", "why": why}
    met = {"finding": "met", "until": None, "text": "This fits.", "reason": "", "topic": "the age", "why": ""}
    parts = {"I2": met, "E2": finding}
    return {
        "trial": trial, "trial_version": "1", "verdict": verdict, "until": until,
        "findings": parts, "sites": [],
    }  # fmt: skip


def place(city: str, km: int | None) -> dict[str, Any]:
    """A site as the interview keeps it."""
    return {
        "name": f"Hospital of {city}", "city": city, "state": None, "country": "United States", "km": km,
        "languages": ["es"], "form": "https://hospital.example/contact",
        "contacts": [{"name": "Study nurse", "phone": "555-0100", "email": None}],
    }  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three trial files: the one that there is, and two copies of it under other numbers."""
    shutil.copy(TRIALS / f"{FIRST}.yml", tmp_path)
    text = (TRIALS / f"{FIRST}.yml").read_text(encoding="utf-8")
    for name, title in ((SECOND, "The second study"), (THIRD, "The third study")):
        copy = text.replace(FIRST, name).replace("A study of cord blood NK cells for children", title)
        (tmp_path / f"{name}.yml").write_text(copy, encoding="utf-8")
    return tmp_path


@pytest.fixture
def web(open_web: Callable[..., TestClient], folder: Path) -> TestClient:
    return open_web(TRIALS=f"{FIRST},{SECOND},{THIRD}", TRIALS_FOLDER=str(folder))


@pytest.fixture
def several(web: TestClient, screening: dict[str, Any], session: str) -> str:
    """The token of a chat with a possible match, a study that waits, and one that is not likely."""
    results = [
        result(FIRST, "possible"),
        result(SECOND, "not_yet", "2026-12-13", "She had chemo not long ago."),
        result(THIRD, "not_likely", why="This study is for another kind of tumor."),
    ]
    save_screening(id_of(session), screening | results[0] | {"trials": results, "trials_left_out": 4})
    return session


def id_of(session: str) -> str:
    return FamilySessions(get_settings().session_key()).read(session)


def sent(web: TestClient, session: str, *trials: str, **opened: str) -> Any:
    """What the page says after the whole way through the form with these studies picked."""
    form = hidden(web.post("/contact", data={"session": session, **opened}))
    picked = {f"team-{trial}": "yes" for trial in trials}
    checked = web.post("/contact/check", data=form | FILLED | picked)
    return web.post("/contact/send", data=hidden(checked))


def test_nothing_is_picked_for_her_and_one_must_be(web: TestClient, several: str) -> None:
    form = web.post("/contact", data={"session": several})
    assert f'name="team-{FIRST}"' in form.text
    assert f'name="team-{SECOND}"' in form.text
    assert f'name="team-{THIRD}"' not in form.text
    assert "checked" not in form.text
    assert KEEP_TREATMENT in words_of(form)
    refused = web.post("/contact/check", data=hidden(form) | FILLED)
    assert refused.status_code == 422
    assert "Please pick one study at least." in words_of(refused)
    assert "ana@mail.com" in refused.text
    assert all_leads() == []


def test_one_form_makes_one_lead_for_each_study_that_she_picks(web: TestClient, several: str) -> None:
    page = sent(web, several, FIRST, SECOND)
    assert page.status_code == 200
    leads = {lead.trial: lead for lead in all_leads()}
    assert leads.keys() == {FIRST, SECOND}
    assert all(lead.reference in page.text for lead in leads.values())
    assert leads[SECOND].verdict == "not_yet"
    assert leads[SECOND].screening["until"] == "2026-12-13"
    assert "trials" not in leads[FIRST].screening
    assert leads[FIRST].screening["facts"] == leads[SECOND].screening["facts"]
    assert "about the studies that I picked" in leads[FIRST].consents[1]["wording"]


def test_pressed_twice_each_lead_is_made_once(web: TestClient, several: str) -> None:
    form = hidden(web.post("/contact", data={"session": several}))
    both = {f"team-{FIRST}": "yes", f"team-{SECOND}": "yes"}
    fields = hidden(web.post("/contact/check", data=form | FILLED | both))
    pages = [web.post("/contact/send", data=fields) for _ in range(3)]
    assert [page.status_code for page in pages] == [200, 200, 200]
    assert len(all_leads()) == 2
    assert "You sent this before" in words_of(pages[2])


def test_the_read_back_names_the_studies_that_she_picked(web: TestClient, several: str) -> None:
    form = hidden(web.post("/contact", data={"session": several}))
    checked = web.post("/contact/check", data=form | FILLED | {f"team-{SECOND}": "yes"})
    assert "The second study" in checked.text
    assert "cord blood NK cells" not in checked.text
    assert KEEP_TREATMENT in words_of(checked)


def test_another_team_can_be_written_to_later(web: TestClient, several: str) -> None:
    page = sent(web, several, FIRST)
    assert "Write to another study team too" in words_of(page)
    again = web.post("/contact", data={"session": several, "again": "yes"})
    assert f'name="team-{FIRST}"' not in again.text
    assert f'name="team-{SECOND}"' in again.text
    sent(web, several, SECOND, again="yes")
    assert sent_references_for(id_of(several)).keys() == {FIRST, SECOND}
    shown = words_of(web.post("/contact", data={"session": several}))
    assert all(lead.reference in shown for lead in all_leads())
    assert "Write to another study team too" not in shown


def test_one_lead_taken_back_leaves_the_other(web: TestClient, several: str) -> None:
    sent(web, several, FIRST, SECOND)
    references = sent_references_for(id_of(several))
    assert withdraw(references[FIRST])
    assert sent_references_for(id_of(several)) == {SECOND: references[SECOND]}
    assert withdraw(references[SECOND])
    assert sent_references_for(id_of(several)) == {}


def test_the_page_after_shows_each_study_and_folds_the_unlikely_away(web: TestClient, several: str) -> None:
    shown = words_of(open_hub(web, several))
    for said in (
        "The second study",
        "Not a match today. This may change from December 13, 2026.",
        KEEP_TREATMENT,
        "She had chemo not long ago.",
        "This study is for another kind of tumor.",
        "Not a likely match: 5.",
        "4 more studies here",
    ):
        assert said in shown, said
    folded = shown.index("Not a likely match: 5.")
    assert shown.index("The second study") < folded < shown.index("The third study")


def test_the_doctors_page_is_about_the_study_she_picks(web: TestClient, several: str) -> None:
    preview = press(web, open_hub(web, several), "/after/doctor", trial=SECOND)
    assert SECOND in preview.text
    assert FIRST not in preview.text
    whatever = press(web, open_hub(web, several), "/after/doctor", trial="NCT99999999")
    assert FIRST in whatever.text


def test_the_reminder_is_for_the_first_day_that_changes_something(web: TestClient, several: str) -> None:
    entry = press(web, open_hub(web, several), "/after/calendar")
    assert "DTSTART;VALUE=DATE:20261213" in entry.text


def test_she_picks_a_place_and_the_lead_says_which(
    web: TestClient, screening: dict[str, Any], session: str
) -> None:
    first = result(FIRST, "possible") | {"sites": [place("Seattle", 10), place("Houston", 3000)]}
    both = [first, result(SECOND, "possible")]
    save_screening(id_of(session), screening | both[0] | {"trials": both, "trials_left_out": 0})
    shown = words_of(open_hub(web, session))
    for said in ("Hospital of Seattle, Seattle, United States (about 10 km away)", "555-0100", "Spanish"):
        assert said in shown, said
    assert "clinicaltrials.gov/study/NCT00000002" in shown
    form = hidden(web.post("/contact", data={"session": session}))
    teams = {f"team-{FIRST}": "yes", f"team-{SECOND}": "yes"}
    wrong = web.post("/contact/check", data=form | FILLED | teams | {f"site-{FIRST}": "7"})
    assert wrong.status_code == 422
    checked = web.post("/contact/check", data=form | FILLED | teams | {f"site-{FIRST}": "1"})
    assert "The place you picked: Hospital of Houston" in words_of(checked)
    web.post("/contact/send", data=hidden(checked))
    leads = {lead.trial: lead for lead in all_leads()}
    assert leads[FIRST].screening["site"]["city"] == "Houston"
    assert "site" not in leads[SECOND].screening
    assert all("sites" not in lead.screening for lead in leads.values())
    # What she sent is known as sent, whatever place she picked.
    assert sent_references_for(id_of(session)).keys() == {FIRST, SECOND}


def close(folder: Path, trial: str) -> None:
    """The registry says that the trial takes nobody any more, and the file is replaced."""
    path, draft = folder / f"{trial}.yml", folder / "draft"
    text = path.read_text(encoding="utf-8").replace("status: recruiting", "status: completed")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)


def test_a_study_that_closes_meanwhile_is_not_written_to(web: TestClient, several: str, folder: Path) -> None:
    close(folder, SECOND)
    form = web.post("/contact", data={"session": several})
    assert "The second study" not in form.text
    checked = web.post("/contact/check", data=hidden(form) | FILLED)
    assert web.post("/contact/send", data=hidden(checked)).status_code == 200
    assert [lead.trial for lead in all_leads()] == [FIRST]


def test_when_all_have_closed_there_is_nothing_to_send_and_the_doctors_page_stays(
    web: TestClient, several: str, folder: Path
) -> None:
    for trial in (FIRST, SECOND, THIRD):
        close(folder, trial)
    shown = words_of(web.post("/contact", data={"session": several}))
    assert "does not take new patients any more" in shown
    preview = web.post("/after/doctor", data={"session": several, "trial": FIRST})
    assert preview.status_code == 200
    assert FIRST in preview.text
