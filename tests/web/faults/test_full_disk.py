"""A full disk: of SQLite, of the file system, of PostgreSQL, of the key file."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event, text

from bot.leads.database import open_store
from bot.leads.outbox.kinds import State
from tests.web.faults.conftest import filled_in, stored, told_sent
from tests.web.test_contact import FILLED, hidden


def test_full_disk_is_told_and_the_same_form_goes_through_later(
    web: TestClient, family: Callable[[], dict[str, str]], screening: dict[str, Any]
) -> None:
    screening["facts"] |= {"told": "x" * 2000}
    forms = [family() for _ in range(12)]
    engine = open_store().engine

    @event.listens_for(engine, "connect")
    def no_more_pages(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA max_page_count=1")

    engine.dispose()
    pages = [web.post("/contact/send", data=form) for form in forms]
    sent = [told_sent(page) for page in pages]
    assert None in sent
    assert {page.status_code for page in pages} <= {200, 503}
    refused = next(page for page in pages if page.status_code == 503)
    assert "We could not keep your message just now." in refused.text
    assert hidden(refused)["email"] == FILLED["email"]
    assert stored().keys() == set(sent) - {None}

    event.remove(engine, "connect", no_more_pages)
    engine.dispose()
    later = [told_sent(web.post("/contact/send", data=form)) for form in forms]
    assert all(before in (None, after) for before, after in zip(sent, later, strict=True))
    assert stored() == dict.fromkeys(later, State.WAITING)
    assert len(stored()) == len(forms)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one megabyte, where the test may mount one."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = (
        os.geteuid() == 0
        and not subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=1m", "prescreen-test", str(folder)], capture_output=True
        ).returncode
    )
    if not mounted:
        pytest.skip("no right to mount a small file system here; SQLite's own limit is tested in any case")
    yield folder
    open_store().close()
    # The program may hold its files open a little longer: the system lets go of the rest by itself.
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_really_full_file_system(
    small_disk: Path, open_web: Callable[..., TestClient], screening: dict[str, Any]
) -> None:
    web = open_web(DATABASE_URL=f"sqlite:///{small_disk / 'prescreen.db'}", CHAT_PER_MINUTE="0")
    forms = [filled_in(web, screening) for _ in range(6)]
    first = told_sent(web.post("/contact/send", data=forms[0]))
    ballast = small_disk / "ballast"
    with ballast.open("wb", buffering=0) as file, pytest.raises(OSError, match="No space left"):
        file.writelines(b"x" * 4096 for _ in range(1024))
    # The write-ahead log may have room from before for one or two: each page says what is true of its own.
    sent = [first, *(told_sent(web.post("/contact/send", data=form)) for form in forms[1:])]
    assert None in sent
    assert stored().keys() == set(sent) - {None}
    ballast.unlink()
    later = [told_sent(web.post("/contact/send", data=form)) for form in forms]
    assert stored().keys() == set(later)
    assert len(stored()) == len(forms)


def test_full_disk_of_postgresql(
    open_web: Callable[..., TestClient], postgres_url: str, screening: dict[str, Any]
) -> None:
    web = open_web(DATABASE_URL=postgres_url)
    fields = filled_in(web, screening)
    # PostgreSQL's own error for a full disk (53100), in the second of the two inserts.
    with open_store().session() as transaction:
        transaction.execute(
            text(
                "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE EXCEPTION 'No space left on device' USING ERRCODE = '53100'; END $$"
            )
        )
        transaction.execute(
            text(
                "CREATE TRIGGER full_disk BEFORE INSERT ON deliveries "
                "FOR EACH ROW EXECUTE FUNCTION full_disk()"
            )
        )
    page = web.post("/contact/send", data=fields)
    assert page.status_code == 503
    assert told_sent(page) is None
    assert stored() == {}
    with open_store().session() as transaction:
        transaction.execute(text("DROP TRIGGER full_disk ON deliveries"))
    reference = told_sent(web.post("/contact/send", data=hidden(page, 0)))
    assert stored() == {reference: State.WAITING}


def test_key_that_cannot_be_made(
    web: TestClient, family: Callable[[], dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    fields = family()

    def full(value: object) -> str:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("bot.leads.intake.seal", full)
        page = web.post("/contact/send", data=fields)
    assert page.status_code == 503
    assert stored() == {}
    reference = told_sent(web.post("/contact/send", data=hidden(page, 0)))
    assert stored() == {reference: State.WAITING}
