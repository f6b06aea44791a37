"""States of the pages where the chat has looked at several studies."""

from collections.abc import Iterator
from typing import Any

from playwright.sync_api import expect

from bot.leads.screenings import save_screening, screening_for
from bot.settings import get_settings
from bot.web.sessions import FamilySessions

from ..visit import Visit
from .chat import POSSIBLE

_CLINICS = [
    {
        "name": name, "city": city, "state": None, "country": "United States", "km": km, "languages": ["es"],
        "form": "https://hospital.example/contact",
        "contacts": [{"name": "Study office", "phone": "+1 202 555 0188", "email": None}],
    }
    for name, city, km in (("First clinic", "Seattle", 10), ("Second clinic", "Houston", 3000))
]  # fmt: skip


def several(visit: Visit) -> Iterator[str]:
    """The studies one by one, the form that picks among them, and a reference for each."""
    visit.open_chat()
    visit.say(*POSSIBLE)
    _look_at_several(visit)
    visit.post("/after", session=visit.session)
    expect(visit.page.get_by_text("Not a likely match: 3.")).to_be_visible()
    yield "after-several"
    for summary in visit.page.locator("summary").all():
        summary.click()
    yield "after-several-unfolded"
    visit.post("/contact", session=visit.session)
    expect(visit.page.get_by_text("Which study teams should hear from you?")).to_be_visible()
    yield "form-several"
    visit.fill_form()
    visit.page.get_by_role("button", name="Check before sending").click()
    expect(visit.page.get_by_text("Please pick one study at least.")).to_be_visible()
    yield "form-several-none-picked"
    for box in visit.page.locator("input[name^=team-]").all():
        box.check()
    visit.submit("Check before sending", "Is this right?")
    yield "form-several-check"
    visit.submit("Send this to", "Thank you")
    yield "form-several-sent"


def _look_at_several(visit: Visit) -> None:
    """As if the chat had looked at two more studies: one that waits, and one that is no match."""
    with visit.stage.store() as store:
        session_id = FamilySessions(get_settings().session_key()).read(visit.session)
        kept = screening_for(session_id, store)
        assert kept is not None
        first = {name: kept[name] for name in ("trial", "trial_version", "verdict", "until", "findings")}
        results = [
            first | {"sites": _CLINICS},
            _other("NCT05642455", "not_yet", "not_yet", "2027-01-20", "The study asks for some weeks."),
            _other("NCT07148050", "not_likely", "not_met", None, "This study is for another kind of tumor."),
        ]
        save_screening(session_id, kept | {"trials": results, "trials_left_out": 2}, store)


def _other(trial: str, verdict: str, kind: str, until: str | None, why: str) -> dict[str, Any]:
    found = {"finding": kind, "until": until, "text": why, "reason": "", "topic": "the chemo", "why": why}
    return {
        "trial": trial, "trial_version": "1", "verdict": verdict, "until": until,
        "findings": {"I1": found}, "sites": [],
    }  # fmt: skip
