"""The kill test in its short form, and that it can fail."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.leads.database import Store
from bot.leads.intake import Contact, store_lead
from bot.leads.models import Delivery
from bot.settings import get_settings
from scripts.kill_test.families import SCREENING, Told
from scripts.kill_test.report import Report, compare
from scripts.kill_test.run import run

LEADS, KILLS = 100, 25


@pytest.mark.parametrize(("database", "workers"), [("sqlite", 1), ("postgresql", 2)])
def test_no_lead_is_lost_or_counted_twice(
    request: pytest.FixtureRequest, database: str, workers: int
) -> None:
    if database == "postgresql":
        # Skips, or fails where it is required.
        request.getfixturevalue("postgres")
    report = run(database, LEADS, KILLS, "short", workers=workers)
    assert report.failures == []
    assert (report.told, report.stored, report.delivered, report.counted) == (LEADS,) * 4
    assert sum(report.kills.values()) >= KILLS
    # The site and the kills did their worst: a site without memory would have counted leads twice.
    assert report.counted_naively > report.counted
    assert report.site_deaths > 0


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("PRESCREEN_HOME", str(tmp_path / "home"))
    get_settings.cache_clear()
    return Store(f"sqlite:///{tmp_path / 'prescreen.db'}")


def judged(store: Store, tmp_path: Path, *, told: dict[int, str], came: list[tuple[str, str]]) -> Report:
    journal = tmp_path / "journal"
    lines = [
        {"way": "200", "id": ident, "reference": reference, "counted": True, "body": "b"}
        for ident, reference in came
    ]
    journal.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return compare("sqlite", 1, {"web": 0}, Told(told), store, journal)


def test_what_went_wrong_is_seen(store: Store, tmp_path: Path) -> None:
    contact = Contact("Ana", "Li", "ana@mail.com", "+86 138 0013 8000")
    reference = store_lead("s1", "form", SCREENING, contact, [], store).reference
    with store.session() as session:
        delivery = session.query(Delivery).filter(Delivery.kind == "lead").one()
        delivery.state = "delivered"
        ident = delivery.webhook_id
    good = judged(store, tmp_path, told={0: reference}, came=[(ident, reference)] * 2)
    assert good.failures == []
    assert (good.lost, good.doubled, good.counted, good.counted_naively) == (0, 0, 1, 2)

    never_stored = judged(store, tmp_path, told={0: "AAAA-CCCC"}, came=[(ident, reference)])
    assert never_stored.lost == 1
    assert "AAAA-CCCC was told to be sent and is not stored" in never_stored.failures
    never_came = judged(store, tmp_path, told={0: reference}, came=[])
    assert never_came.lost == 1
    assert f"{reference} was told to be sent and never came" in never_came.failures
    twice = judged(store, tmp_path, told={0: reference}, came=[(ident, reference), ("msg_other", reference)])
    assert twice.doubled == 1
    assert f"{reference} came under two ids" in twice.failures
    store.close()
