"""A lead as somebody would type it into a site's HTML form."""

from pathlib import Path
from urllib.parse import parse_qs

import pytest
from sqlalchemy import select

from bot.leads.clock import now
from bot.leads.database import Store
from bot.leads.models import Delivery, Lead
from bot.leads.outbox.entries import new_delivery
from bot.leads.outbox.form_fields import NAMED, field_values
from bot.leads.outbox.kinds import Kind, State
from bot.leads.outbox.plain_form import TELL_THEM
from bot.leads.outbox.queue import deliver_due
from bot.leads.outbox.senders import check_delivery
from bot.settings import Settings, SettingsError
from tests.leads.site_server import Behaviour, Site, answers, hangs_up, resets

FIELDS = """\
name: contact.name
tel: contact.phone
when: contact.best_time
minor: contact.of_guardian
subject: {text: Study contact}
message: summary
"""


def form_settings(tmp_path: Path, url: str, fields: str = FIELDS) -> Settings:
    path = tmp_path / "fields.yml"
    path.write_text(fields, encoding="utf-8")
    return Settings.from_env({"SITE_FORM_URL": url, "SITE_FORM_KIND": "form", "SITE_FORM_FIELDS": str(path)})


def state(store: Store, kind: Kind = Kind.LEAD) -> tuple[str, str | None]:
    with store.session() as session:
        kept = session.scalars(select(Delivery).where(Delivery.kind == kind)).one()
    return kept.state, kept.last_outcome


def test_the_form_is_filled_in(store: Store, site: Site, reference: str, tmp_path: Path) -> None:
    assert deliver_due(store, form_settings(tmp_path, site.url)) == 1
    (request,) = site.got
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert "webhook-id" not in request.headers
    sent = {name: value for name, (value,) in parse_qs(request.body.decode()).items()}
    message = sent.pop("message")
    assert sent == {
        "name": "Ana Li",
        "tel": "+86 138 0013 8000",
        "when": "after 5 pm",
        "minor": "no",
        "subject": "Study contact",
    }
    assert message.index(reference) < message.index("E2: unknown") < message.index("I2: met")
    assert "Chemo: yes; last day: between October 30, 2026 and November 3, 2026" in message
    assert "Ana" not in message


@pytest.mark.parametrize("name", NAMED)
def test_every_named_value_can_be_sent(
    store: Store, site: Site, reference: str, tmp_path: Path, name: str
) -> None:
    assert deliver_due(store, form_settings(tmp_path, site.url, f"field: {name}")) == 1
    assert site.got[0].body.startswith(b"field=")


@pytest.mark.parametrize(
    ("behaviour", "kept"),
    [
        (answers(200), "delivered"),
        (answers(302, Location="/thanks"), "delivered"),
        (answers(303, Location="/thanks"), "delivered"),
        (answers(302, Location="https://elsewhere.example/log-in"), "maybe_sent"),
        (answers(302), "maybe_sent"),
        (answers(307, Location="https://elsewhere.example/"), "needs_person"),
        (answers(422), "needs_person"),
        (answers(404), "needs_person"),
        (answers(429), "waiting"),
        (answers(503), "maybe_sent"),
        (answers(500), "maybe_sent"),
        (answers(504), "maybe_sent"),
        (hangs_up, "maybe_sent"),
        (resets, "maybe_sent"),
    ],
)
def test_what_may_have_arrived_is_never_repeated(
    store: Store, site: Site, reference: str, tmp_path: Path, behaviour: Behaviour, kept: str
) -> None:
    site.next = [behaviour]
    settings = form_settings(tmp_path, site.url)
    deliver_due(store, settings)
    assert state(store)[0] == kept
    deliver_due(store, settings)
    assert len(site.got) == 1


def test_a_form_that_was_not_reached_is_tried_again(store: Store, reference: str, tmp_path: Path) -> None:
    deliver_due(store, form_settings(tmp_path, "http://127.0.0.1:9/form"))
    assert state(store)[0] == State.WAITING


def test_a_withdrawal_is_told_by_a_person(store: Store, site: Site, reference: str, tmp_path: Path) -> None:
    settings = form_settings(tmp_path, site.url)
    deliver_due(store, settings)
    with store.session() as session:
        lead = session.scalars(select(Lead)).one()
        lead.withdrawn, lead.contact_sealed = now(), None
        lead.deliveries.append(new_delivery(Kind.WITHDRAWAL, now()))
    deliver_due(store, settings)
    assert state(store, Kind.WITHDRAWAL) == ("needs_person", TELL_THEM)
    assert len(site.got) == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ("name: contact.fullname", r"the field name must get \{text: \.\.\.\} or one of: reference, "),
        ("name: {words: x}", "the field name must get"),
        ("name: [contact.name]", "the field name must get"),
        ("", "must hold lines such as phone: contact.phone"),
        ("- contact.name", "must hold lines such as"),
        ("1: contact.name", "must hold lines such as"),
        ("name: [", "is not YAML"),
    ],
)
def test_fields_that_cannot_be_used_are_told(tmp_path: Path, fields: str, words: str) -> None:
    settings = form_settings(tmp_path, "https://site.example/form", fields)
    with pytest.raises(SettingsError, match=f"^SITE_FORM_FIELDS can't be used: .*{words}"):
        check_delivery(settings)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    settings = form_settings(tmp_path, "https://site.example/form")
    (tmp_path / "fields.yml").unlink()
    with pytest.raises(SettingsError, match=r"can't be read \(No such file or directory\)"):
        check_delivery(settings)


def test_a_file_spoilt_later_sends_nothing(store: Store, site: Site, reference: str, tmp_path: Path) -> None:
    settings = form_settings(tmp_path, site.url)
    (tmp_path / "fields.yml").write_text("name: nothing")
    deliver_due(store, settings)
    assert state(store) == ("needs_person", "not sent: the file of SITE_FORM_FIELDS can't be used")
    assert site.got == []


def test_settings_without_a_plain_form_need_no_file() -> None:
    check_delivery(Settings.from_env({"SITE_FORM_URL": "https://site.example/form"}))
    with pytest.raises(SettingsError, match="SITE_FORM_KIND=form needs SITE_FORM_FIELDS"):
        field_values(Settings.from_env({}))


def test_the_example_in_the_documents_can_be_used(tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "docs" / "handoff.md").read_text(encoding="utf-8")
    example = text.split("```yaml\n", 1)[1].split("```", 1)[0]
    fields = field_values(form_settings(tmp_path, "https://site.example/form", example))
    assert len(fields) > 3
    assert [name for name in NAMED if f"`{name}`" not in text] == []
