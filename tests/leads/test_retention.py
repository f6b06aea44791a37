"""When everything ends, on real files: what goes, what stays, and that nothing of it is left in the bytes."""

import sqlite3
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from bot.leads.clock import now
from bot.leads.database import Store
from bot.leads.erasure import NotErased, erase_conversation
from bot.leads.intake import Contact, store_lead
from bot.leads.keys import seal
from bot.leads.models import CLOSED, Attempt, Base, Delivery, Lead, Note, Screening, StatusCode
from bot.leads.outbox.entries import new_delivery
from bot.leads.outbox.kinds import Kind, State
from bot.leads.retention import PurgeReport, purge
from bot.leads.screenings import save_screening, screening_for
from bot.leads.status import request_code
from bot.leads.withdrawal import withdraw
from bot.settings import get_settings
from tests.leads.rasa_table import HOUR, note, senders, tell

NAME, STORY = "Quillonia", "fell off a giraffe in Zanzibar"
CONTACT = Contact(NAME, "Brambleworth", "quillonia@brambleworth.example", "+1 202 555 0100")


def number_of(store: Store, table: type[Base]) -> int:
    with store.session() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def sent(store: Store, screening: dict[str, Any], session_id: str = "mine") -> str:
    """The reference of a lead with all that can hang on one."""
    save_screening(session_id, screening)
    reference = store_lead(session_id, f"form of {session_id}", screening, CONTACT, []).reference
    request_code(reference)
    with store.session() as session:
        lead = session.scalars(select(Lead).where(Lead.reference == reference)).one()
        lead.notes.append(Note(at=now(), who="anna", text_sealed=seal({"text": f"{NAME} was called"})))
        first = lead.deliveries[0].id
        session.add(Attempt(delivery_id=first, claim="c", started=now(), outcome="taken"))
    return reference


def close(store: Store, reference: str, days_ago: int) -> None:
    with store.session() as session:
        changed = {
            "state": CLOSED,
            "closed_reason": "done",
            "state_changed": now() - timedelta(days=days_ago),
        }
        session.execute(update(Lead).where(Lead.reference == reference).values(changed))


def found_in(home: Path, *words: str) -> list[tuple[str, str]]:
    """The files below a home that hold one of the words, byte for byte."""
    return [
        (path.name, word)
        for path in sorted(home.rglob("*"))
        if path.is_file()
        for word in words
        if word.encode() in path.read_bytes()
    ]


def busy_tables(tracker: sqlite3.Connection, own: Sequence[str]) -> None:
    """Many conversations at once: pages that split and move, as they do in a table that is used."""
    for turn in range(40):
        for sender in (*own, *(f"other {number}" for number in range(12))):
            words = STORY if sender in own else "the words of somebody else"
            tell(tracker, sender, f"{words} " * (5 + turn * 7 % 60), hours_ago=30 if sender in own else 1)


def test_only_who_was_silent_for_a_day_is_forgotten(
    store: Store, tracker: sqlite3.Connection, screening: dict[str, Any]
) -> None:
    tell(tracker, "old", "long ago", hours_ago=25)
    tell(tracker, "old but back", "long ago", hours_ago=30)
    tell(tracker, "old but back", "today", hours_ago=1)
    tell(tracker, "young", "today", hours_ago=23)
    for sender in ("old", "old but back", "young", "without a conversation"):
        save_screening(sender, screening)
    with store.session() as session:
        session.execute(update(Screening).values(updated=now() - timedelta(hours=25)))
    save_screening("young", screening)
    assert purge(dry_run=True) == PurgeReport(conversations=1, screenings=2)
    assert senders(tracker) == {"old", "old but back", "young"}
    assert purge() == PurgeReport(conversations=1, screenings=2)
    assert senders(tracker) == {"old but back", "young"}
    assert screening_for("old") is None
    assert screening_for("without a conversation") is None
    # The verdict is a day old, but the family talks on: it is needed for the form.
    assert screening_for("old but back") is not None
    assert screening_for("young") is not None
    assert purge() == PurgeReport()


def test_very_many_go_in_one_purge(store: Store, tracker: sqlite3.Connection) -> None:
    moment = now().timestamp() - 48 * HOUR
    rows = [(f"s{number}", moment) for number in range(1203)]
    tracker.executemany("INSERT INTO events (sender_id, type_name, timestamp) VALUES (?, 'user', ?)", rows)
    tracker.commit()
    assert purge().conversations == 1203
    assert senders(tracker) == set()


def test_nothing_to_do_before_rasa_ever_wrote(store: Store) -> None:
    assert purge() == PurgeReport()


def test_a_closed_lead_goes_after_its_days_with_all_that_hangs_on_it(
    store: Store, screening: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEAD_DAYS", "30")
    get_settings.cache_clear()
    old, young, open_ = (sent(store, screening, name) for name in ("old", "young", "open"))
    close(store, old, 31)
    close(store, young, 29)
    with store.session() as session:
        long_ago = now() - timedelta(days=400)
        session.execute(
            update(Lead).where(Lead.reference == open_).values(created=long_ago, state_changed=long_ago)
        )
    assert purge(dry_run=True).leads == 1
    assert purge().leads == 1
    with store.session() as session:
        assert set(session.scalars(select(Lead.reference))) == {young, open_}
    for table in (Note, Attempt, StatusCode):
        assert number_of(store, table) == 2
    assert number_of(store, Delivery) == 4


def test_codes_go_after_the_hour_that_they_are_counted_in(store: Store, screening: dict[str, Any]) -> None:
    sent(store, screening)
    assert purge(at=now() + timedelta(minutes=59)).codes == 0
    assert purge(at=now() + timedelta(minutes=61)).codes == 1
    assert number_of(store, StatusCode) == 0


@pytest.mark.parametrize(
    ("state", "minutes", "after"),
    [
        (State.WAITING, 29, None),
        (State.WAITING, 31, State.CANCELLED),
        (State.NEEDS_PERSON, 31, State.CANCELLED),
        (State.SENDING, 31, None),
        (State.DELIVERED, 0, State.DELIVERED),
        (State.CANCELLED, 0, State.CANCELLED),
    ],
)
def test_a_codes_mail_keeps_no_code_once_it_was_sent_or_is_too_late(
    store: Store, screening: dict[str, Any], state: State, minutes: int, after: State | None
) -> None:
    sent(store, screening)
    with store.session() as session:
        session.execute(update(Delivery).where(Delivery.kind == Kind.CODE).values(state=state))
    assert purge(at=now() + timedelta(minutes=minutes)).payloads == (after is not None)
    with store.session() as session:
        mail = session.scalars(select(Delivery).where(Delivery.kind == Kind.CODE)).one()
        assert mail.state == (after or state)
        assert (mail.payload_sealed is None) == (after is not None)


def test_other_payloads_stay(store: Store, screening: dict[str, Any]) -> None:
    reference = sent(store, screening)
    with store.session() as session:
        lead = session.scalars(select(Lead).where(Lead.reference == reference)).one()
        lead.deliveries.append(new_delivery(Kind.ESCALATION, now(), {"hours": 48}))
    purge(at=now() + timedelta(days=2))
    with store.session() as session:
        kept = session.scalars(select(Delivery).where(Delivery.kind == Kind.ESCALATION)).one()
        assert kept.payload_sealed is not None
        assert kept.state == State.WAITING


def test_one_part_that_fails_does_not_keep_the_others(
    home: Path, store: Store, screening: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    close(store, sent(store, screening), 400)
    (home / "broken.db").write_bytes(b"this is no database" * 100)
    with pytest.raises(NotErased, match=r"^conversations: DatabaseError$"):
        purge(tracker_url=f"sqlite:///{home / 'broken.db'}")
    assert number_of(store, Lead) == 0


def test_a_purged_conversation_is_in_no_byte_of_the_files(
    home: Path, store: Store, tracker: sqlite3.Connection, screening: dict[str, Any]
) -> None:
    own = [f"chat of {NAME} {number}" for number in range(6)]
    busy_tables(tracker, own)
    for sender in (*own, "other 1"):
        facts = screening["facts"] | {"respondent": STORY if sender in own else "parent"}
        save_screening(sender, screening | {"facts": facts})
    with store.session() as session:
        session.execute(update(Screening).values(updated=now() - timedelta(hours=25)))
    assert {name for name, _ in found_in(home, STORY)} >= {"tracker.db"}
    report = purge()
    assert (report.conversations, report.screenings, report.unswept) == (6, 6, 0)
    assert found_in(home, STORY, NAME) == []
    assert found_in(home, "somebody else") != []


def test_an_erased_conversation_is_in_no_byte_of_the_files(
    home: Path, store: Store, tracker: sqlite3.Connection
) -> None:
    own = [f"chat of {NAME} {number}" for number in range(3)]
    busy_tables(tracker, own)
    for sender in own:
        erase_conversation(sender)
    assert found_in(home, STORY, NAME) == []


def test_a_withdrawn_and_a_purged_lead_are_in_no_byte_of_the_files(
    store: Store, tracker: sqlite3.Connection, stored: Callable[[], bytes], screening: dict[str, Any]
) -> None:
    told = screening | {"facts": {"respondent": STORY}}
    back, over = sent(store, told, "back"), sent(store, told, "over")
    other = sent(store, screening, "other")
    with store.session() as session:
        sealed = {lead.reference: lead.contact_sealed or "" for lead in session.scalars(select(Lead))}
        notes = [one.text_sealed for one in session.scalars(select(Note).order_by(Note.id))]
    assert withdraw(back)
    close(store, over, 400)
    assert purge().leads == 1
    # Her own chat ends too: it was kept for the form.
    erase_conversation("over")
    left = stored()
    gone = (NAME, STORY, sealed[back], sealed[over], *notes[:2])
    assert [word for word in gone if word.encode() in left] == []
    assert sealed[other].encode() in left


def test_a_conversation_that_stopped_is_purged_with_its_notes(
    home: Path, store: Store, tracker: sqlite3.Connection
) -> None:
    note(tracker, "mine", hours_ago=25, asks="age", confirmed={"diagnosis": STORY})
    assert purge().conversations == 1
    assert found_in(home, STORY) == []


def test_an_empty_card_stays_until_the_site_was_told(store: Store, screening: dict[str, Any]) -> None:
    reference = sent(store, screening)
    with store.session() as session:
        session.execute(update(Delivery).values(state=State.DELIVERED, attempts=1))
    assert withdraw(reference)
    close(store, reference, 400)
    assert purge().leads == 0
    with store.session() as session:
        told = update(Delivery).where(Delivery.kind == Kind.WITHDRAWAL)
        session.execute(told.values(state=State.DELIVERED))
    assert purge().leads == 1
