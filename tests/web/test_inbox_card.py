"""One lead's card: states, notes, deliveries by hand, and who did what."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from bot.leads.clock import now
from bot.leads.database import open_store
from bot.leads.intake import Consent, Contact, store_lead
from bot.leads.models import Attempt, AuditEntry, Delivery, Lead, Note
from bot.leads.outbox import queue
from bot.leads.withdrawal import withdraw


def the_lead() -> Lead:
    with open_store().session() as session:
        return session.scalars(select(Lead)).one()


def audit(who: str) -> list[tuple[str, str | None]]:
    with open_store().session() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.who == who))
        return [(one.action, one.detail) for one in entries if one.action != "read"]


def in_state(state: str, **values: Any) -> int:
    with open_store().session() as session:
        delivery = session.scalars(select(Delivery)).one()
        for name, value in {"state": state, **values}.items():
            setattr(delivery, name, value)
        return delivery.id


def test_what_is_unknown_stands_first_with_the_source(inbox: Any, reference: str) -> None:
    text = inbox.read(f"/lead/{reference}")
    places = [
        text.index(said)
        for said in (
            "To be checked first",
            "heart problem: not sure",
            "cardiovascular disease",
            'href="tel:+8613800138000"',
            "What happened?",
            "New note",
            "The family's answers",
            "age: 7 years",
            "Deliveries",
            "Consents",
            "Who did what",
        )
    ]
    assert places == sorted(places)


def test_consents_stand_with_wording_version_and_time(inbox: Any, screening: dict[str, Any]) -> None:
    given = now().replace(year=2026, month=3, day=4, hour=5, minute=6)
    consents = [Consent("send", "0a1b2c", "Yes, send it.", given)]
    contact = Contact("Bo", "Li", "a@b.org", "1", language="Spanish", best_time="after 5")
    made = store_lead("s9", "form-9", screening, contact, consents).reference
    text = inbox.read(f"/lead/{made}")
    assert "Yes, send it." in text
    assert "given 2026-03-04 05:06, wording 0a1b2c" in text
    assert "Spanish" in text
    assert "after 5" in text


def test_a_state_is_changed_and_told(inbox: Any, reference: str) -> None:
    done = inbox.post(f"/lead/{reference}/state", **{"state": "called", "from": "new"})
    assert done.status_code == 303
    assert done.headers["location"] == f"/inbox/lead/{reference}?done=state"
    text = inbox.read(f"/lead/{reference}?done=state")
    assert "The state is changed." in text
    assert "Called since" in text
    assert "new to called" in text
    assert audit("ana") == [("log in", None), ("changed state", "new to called")]


def test_closing_needs_a_reason_from_the_list(inbox: Any, reference: str) -> None:
    for reason in ("", "because", "withdrawn"):
        refused = inbox.post(
            f"/lead/{reference}/state", **{"state": "closed", "from": "new", "reason": reason}
        )
        assert refused.status_code == 422
        assert "closing needs a reason" in refused.text
    assert the_lead().state == "new"
    done = inbox.post(f"/lead/{reference}/state", **{"state": "closed", "from": "new", "reason": "duplicate"})
    assert done.status_code == 303
    assert "The same family wrote twice" in inbox.read(f"/lead/{reference}")


def test_two_at_once_the_second_is_told(open_inbox: Callable[..., Any], reference: str) -> None:
    ana, bob = open_inbox("ana"), open_inbox("bob")
    assert ana.post(f"/lead/{reference}/state", **{"state": "called", "from": "new"}).status_code == 303
    late = bob.post(f"/lead/{reference}/state", **{"state": "closed", "from": "new", "reason": "no_answer"})
    assert late.status_code == 409
    assert "somebody else set the state to “Called”" in late.text
    assert the_lead().state == "called"
    assert audit("bob") == [("log in", None)]


@pytest.mark.parametrize("seen", ["", "gone"])
def test_a_change_without_what_was_seen_is_refused(inbox: Any, reference: str, seen: str) -> None:
    assert inbox.post(f"/lead/{reference}/state", **{"state": "called", "from": seen}).status_code == 409
    assert the_lead().state == "new"


def test_a_change_of_what_was_taken_back_is_refused(inbox: Any, reference: str) -> None:
    with open_store().session() as session:
        lead = session.scalars(select(Lead)).one()
        lead.withdrawn, lead.state, lead.closed_reason = now(), "closed", "withdrawn"
    refused = inbox.post(f"/lead/{reference}/state", **{"state": "called", "from": "closed"})
    assert refused.status_code == 409
    assert "the family has taken this message back" in refused.text


def test_a_note_is_added_and_shown_as_text(inbox: Any, reference: str) -> None:
    done = inbox.post(f"/lead/{reference}/note", text="<b>Called</b>\nno answer")
    assert done.headers["location"] == f"/inbox/lead/{reference}?done=note"
    page = inbox.get(f"/lead/{reference}?done=note")
    assert "&lt;b&gt;Called&lt;/b&gt;\nno answer" in page.text
    assert "The note is stored." in page.text


@pytest.mark.parametrize("text", ["  ", "x" * 2001])
def test_a_note_that_is_refused_stays_in_its_box(inbox: Any, reference: str, text: str) -> None:
    refused = inbox.post(f"/lead/{reference}/note", text=text)
    assert refused.status_code == 422
    box = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", refused.text, re.DOTALL)
    assert box is not None
    assert box.group(1) == text
    with open_store().session() as session:
        assert session.scalars(select(Note)).all() == []


def test_every_try_of_a_delivery_is_shown(inbox: Any, reference: str) -> None:
    delivery = in_state("waiting", attempts=2, last_outcome="no answer in time")
    with open_store().session() as session:
        session.add(
            Attempt(delivery_id=delivery, claim="a", started=now(), ended=now(), outcome="no answer in time")
        )
        session.add(Attempt(delivery_id=delivery, claim="b", started=now()))
    text = inbox.read(f"/lead/{reference}")
    for said in (
        "Tries (2)",
        "no answer in time",
        "No outcome: it runs now",
        "The message, to the site's form",
    ):
        assert said in text, said


@pytest.mark.parametrize(
    ("state", "attempts", "buttons"),
    [
        ("waiting", 0, []),
        ("waiting", 1, ["again"]),
        ("needs_person", 1, ["arrived", "again"]),
        ("maybe_sent", 1, ["arrived", "again"]),
        ("delivered", 1, []),
        ("sending", 1, []),
        ("cancelled", 0, []),
    ],
)
def test_buttons_of_a_delivery(
    inbox: Any, reference: str, state: str, attempts: int, buttons: list[str]
) -> None:
    in_state(state, attempts=attempts, delivered=now())
    text = inbox.read(f"/lead/{reference}")
    assert re.findall(rf'action="/inbox/lead/{reference}/delivery/\d+/(\w+)"', text) == buttons


@pytest.mark.parametrize(
    ("button", "function", "noted"),
    [
        ("again", "retry_now", "tried delivery again"),
        ("arrived", "mark_delivered", "marked delivery as arrived"),
    ],
)
def test_deliveries_by_hand_are_noted(
    inbox: Any, reference: str, monkeypatch: pytest.MonkeyPatch, button: str, function: str, noted: str
) -> None:
    delivery = in_state("maybe_sent", attempts=1)
    got: list[int] = []
    monkeypatch.setattr(queue, function, lambda one: not got.append(one), raising=False)
    done = inbox.post(f"/lead/{reference}/delivery/{delivery}/{button}")
    assert done.headers["location"] == f"/inbox/lead/{reference}?done={button}"
    assert got == [delivery]
    assert audit("ana")[-1] == (noted, "lead")
    monkeypatch.setattr(queue, function, lambda one: False, raising=False)
    refused = inbox.post(f"/lead/{reference}/delivery/{delivery}/{button}")
    assert refused.status_code == 409
    assert "the delivery is in another state by now" in refused.text
    assert len(audit("ana")) == 2


def test_a_delivery_of_another_lead_is_refused(
    inbox: Any, reference: str, screening: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery = in_state("maybe_sent", attempts=1)
    other = store_lead("s2", "form-2", screening, Contact("Bo", "Li", "a@b.org", "1"), []).reference
    monkeypatch.setattr(queue, "retry_now", lambda one: pytest.fail("it was tried"), raising=False)
    assert inbox.post(f"/lead/{other}/delivery/{delivery}/again").status_code == 409


@pytest.mark.parametrize("path", ["state", "note", "delivery/1/again", "delivery/1/arrived"])
def test_forms_for_a_lead_that_is_gone(inbox: Any, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("retry_now", "mark_delivered"):
        monkeypatch.setattr(queue, name, lambda one: pytest.fail("it was changed"), raising=False)
    sent = inbox.post(f"/lead/ACDE-FGHJ/{path}", **{"state": "called", "from": "new", "text": "hello"})
    assert sent.status_code == 404
    assert "There is no message with this reference." in sent.text


def test_forms_need_log_in_and_token(web: Any, inbox: Any, reference: str) -> None:
    for path in (
        "export",
        f"lead/{reference}/state",
        f"lead/{reference}/note",
        f"lead/{reference}/withdraw",
        f"lead/{reference}/delivery/1/again",
    ):
        out = web.post(f"/inbox/{path}", data={"state": "called", "from": "new"})
        assert out.status_code == 403, path
        assert "your session had ended" in out.text
        assert inbox.client.post(f"/inbox/{path}", data={"state": "called", "from": "new"}).status_code == 403
    assert the_lead().state == "new"


def test_a_trial_that_is_not_known_here_still_has_a_card(inbox: Any, screening: dict[str, Any]) -> None:
    contact = Contact("Bo", "Li", "a@b.org", "1")
    made = store_lead("s2", "form-2", screening | {"trial": "../NCT00000000"}, contact, []).reference
    assert "heart problem: not sure" in inbox.read(f"/lead/{made}")


def test_a_program_gets_the_card_as_fhir(inbox: Any, reference: str) -> None:
    answer = inbox.client.get(f"/inbox/lead/{reference}", headers={"Accept": "application/fhir+json"})
    assert answer.headers["content-type"].startswith("application/fhir+json")
    kinds = [entry["resource"]["resourceType"] for entry in answer.json()["entry"]]
    assert {"Patient", "RelatedPerson", "QuestionnaireResponse", "ResearchSubject"} <= set(kinds)
    with open_store().session() as session:
        read = session.scalars(select(AuditEntry).where(AuditEntry.action == "read")).one()
        assert (read.who, read.reference, read.detail) == ("ana", reference, "as FHIR")
    withdraw(reference)
    left = inbox.client.get(f"/inbox/lead/{reference}", headers={"Accept": "application/fhir+json"}).json()
    assert [entry["resource"]["status"] for entry in left["entry"]] == ["withdrawn"]


def test_a_coordinator_takes_a_lead_back_for_its_family(inbox: Any, reference: str) -> None:
    assert "please confirm" in inbox.post(f"/lead/{reference}/withdraw").text
    assert the_lead().withdrawn is None
    assert inbox.post(f"/lead/{reference}/withdraw", asked="yes").status_code == 303
    assert (the_lead().contact_sealed, the_lead().state) == (None, "closed")
    assert ("withdraw", None) in audit("ana")
    assert inbox.post(f"/lead/{reference}/withdraw", asked="yes").status_code == 409


def test_a_note_that_can_t_be_stored_stays_in_its_box(
    inbox: Any, reference: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_: object) -> None:
        raise OperationalError("locked", None, Exception())

    monkeypatch.setattr("bot.web.inbox_card.add_note", locked)
    kept = inbox.post(f"/lead/{reference}/note", text="Called <twice>")
    assert kept.status_code == 503
    assert "Called &lt;twice&gt;" in kept.text
    assert "Nothing was stored" in kept.text


def test_a_store_that_fails_is_said_to_staff(
    inbox: Any, reference: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_: object, **__: object) -> None:
        raise OperationalError("locked", None, Exception())

    monkeypatch.setattr("bot.web.inbox_card.change_state", locked)
    said = inbox.post(f"/lead/{reference}/state", state="called", **{"from": "new"})
    assert (said.status_code, "Nothing was stored" in said.text) == (503, True)
