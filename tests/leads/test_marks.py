"""Marks of contacts: the same person is recognised, and nothing else can be learned from them."""

import hashlib
import stat
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.leads.clock import now
from bot.leads.database import Store
from bot.leads.intake import Contact, store_lead
from bot.leads.listing import same_contacts
from bot.leads.marks import contact_marks, marks_key
from bot.leads.models import Lead
from bot.settings import Settings, SettingsError, get_settings

TRIAL = "NCT06848582"


def send(
    store: Store, screening: dict[str, Any], token: str, email: str, phone: str, country: str = ""
) -> str:
    contact = Contact("Quillonia", "Zarrabeth", email, phone, country=country)
    return store_lead(token, token, screening, contact, [], store).reference


def same_contact(store: Store, reference: str) -> list[str]:
    with store.session() as session:
        lead = session.scalars(select(Lead).where(Lead.reference == reference)).one()
        return same_contacts([lead], session)[reference]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("a@b.example", "+86 138 0013 8000", ""), ("A@B.Example", "0086 (138) 0013-8000", "CN")),
        (("a@b.example", "+86 138 0013 8000", ""), (" a@b.example", "138 0013 8000", "CN")),
        (("a@b.example", "555-0100", ""), ("a@b.example", "5550100", "")),
        (("josé@b.example", "555 0100", ""), ("jose\N{COMBINING ACUTE ACCENT}@b.example", "٥٥٥٠١٠٠", "")),
    ],
)
def test_ways_to_write_the_same_contact(
    home: Path, one: tuple[str, str, str], other: tuple[str, str, str]
) -> None:
    assert contact_marks(TRIAL, *one) == contact_marks(TRIAL, *other)


@pytest.mark.parametrize(
    ("email", "phone"),
    [
        ("ab@c.example", "+86 138 0013 8001"),
        ("a.b@c.example", "+1 202 555 0100"),
        ("a@bc.example", "5550100"),
    ],
)
def test_other_contacts_have_other_marks(home: Path, email: str, phone: str) -> None:
    ours = contact_marks(TRIAL, "a.bc@c.example", "+86 138 0013 8000")
    theirs = contact_marks(TRIAL, email, phone)
    assert not set(ours) & set(theirs)


def test_nothing_told_has_no_mark(home: Path) -> None:
    assert contact_marks(TRIAL, "", "") == (None, None)
    assert contact_marks(TRIAL, " ", "ext.") == (None, None)


def test_a_phone_is_never_taken_for_an_email_and_trials_are_not_tied_together(home: Path) -> None:
    marks = contact_marks(TRIAL, "5550100", "5550100")
    assert marks.email != marks.phone
    assert not set(marks) & set(contact_marks("NCT00000000", "5550100", "5550100"))


def test_a_lead_is_stored_with_its_marks(home: Path, store: Store, screening: dict[str, Any]) -> None:
    send(store, screening, "1", "a@b.example", "+86 138 0013 8000")
    with store.session() as session:
        lead = session.scalars(select(Lead)).one()
    assert (lead.email_mark, lead.phone_mark) == contact_marks(TRIAL, "a@b.example", "+8613800138000")
    assert stat.S_IMODE((home / "secrets" / "marks.key").stat().st_mode) == 0o600


def test_the_same_mail_or_the_same_phone_is_the_same_contact(store: Store, screening: dict[str, Any]) -> None:
    first = send(store, screening, "1", "a@b.example", "+86 138 0013 8000")
    second = send(store, screening, "2", "A@b.example", "+1 202 555 0100")
    third = send(store, screening, "3", "c@d.example", "138 0013 8000", "CN")
    fourth = send(store, screening, "4", "e@f.example", "+1 202 555 0199")
    assert same_contact(store, first) == [second, third]
    assert same_contact(store, second) == [first]
    assert same_contact(store, fourth) == []


def test_other_trials_and_withdrawn_leads_are_left_out(store: Store, screening: dict[str, Any]) -> None:
    first = send(store, screening, "1", "a@b.example", "+86 138 0013 8000")
    send(store, screening | {"trial": "NCT00000000"}, "2", "a@b.example", "+86 138 0013 8000")
    withdrawn = send(store, screening, "3", "a@b.example", "+86 138 0013 8000")
    with store.session() as session:
        session.execute(update(Lead).where(Lead.reference == withdrawn).values(withdrawn=now()))
    assert same_contact(store, first) == []


def test_leads_without_marks_are_not_the_same(store: Store, screening: dict[str, Any]) -> None:
    first = send(store, screening, "1", "a@b.example", "5550100")
    send(store, screening, "2", "c@d.example", "5550199")
    with store.session() as session:
        session.execute(update(Lead).values(email_mark=None, phone_mark=None))
    assert same_contact(store, first) == []


def test_a_guessed_number_can_not_be_tried_without_the_key(
    home: Path, store: Store, screening: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    send(store, screening, "1", "a@b.example", "+86 138 0013 8000")
    with store.session() as session:
        lead = session.scalars(select(Lead)).one()
    known = {lead.email_mark, lead.phone_mark}
    # Whoever copied the database knows the program, and every setting but the key.
    for guess in ("+8613800138000", f"phone\0{TRIAL}\0+8613800138000", "a@b.example"):
        assert hashlib.sha256(guess.encode()).hexdigest() not in known
    monkeypatch.setenv("MARKS_KEY", "another key, which is long enough")
    get_settings.cache_clear()
    assert not set(contact_marks(TRIAL, "a@b.example", "+86 138 0013 8000")) & known


def test_the_key_may_stand_in_a_setting_and_must_be_long(home: Path) -> None:
    long = "0123456789abcdef0123456789abcdef"
    key = marks_key(Settings.from_env({"PRESCREEN_HOME": str(home), "MARKS_KEY": long}))
    assert key == marks_key(Settings.from_env({"PRESCREEN_HOME": "/nowhere", "MARKS_KEY": long}))
    assert not (home / "secrets" / "marks.key").exists()
    assert long.encode() not in key
    with pytest.raises(SettingsError, match="MARKS_KEY") as error:
        Settings.from_env({"MARKS_KEY": "too-short"})
    assert "too-short" not in str(error.value)
