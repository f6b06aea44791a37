"""A database that somebody else holds for longer than anybody waits."""

import html
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import create_engine, text

from bot.leads.database import engine_url
from bot.leads.outbox.kinds import State
from bot.settings import get_settings
from tests.web.faults.conftest import IMPATIENT_POSTGRES, IMPATIENT_SQLITE, on_both, stored, told_sent
from tests.web.test_contact import FILLED, hidden


def patient_url() -> str:
    """The address that the web process has, without its impatience."""
    return get_settings().database_url.replace(IMPATIENT_SQLITE, "").replace(IMPATIENT_POSTGRES, "")


@contextmanager
def locked() -> Iterator[None]:
    engine = create_engine(engine_url(patient_url()))
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN EXCLUSIVE")
        else:
            connection.execute(text("LOCK TABLE screenings, leads, deliveries IN ACCESS EXCLUSIVE MODE"))
        yield
        connection.rollback()
    engine.dispose()


@on_both
def test_locked_database(web: TestClient, family: Callable[[], dict[str, str]]) -> None:
    fields = family()
    with locked():
        page = web.post("/contact/send", data=fields)
    assert page.status_code == 503
    assert told_sent(page) is None
    assert stored() == {}
    kept = hidden(page, 0)
    assert {name: kept[name] for name in FILLED if name in kept} == FILLED
    reference = told_sent(web.post("/contact/send", data=kept))
    assert stored() == {reference: State.WAITING}


@pytest.mark.parametrize("web", ["postgresql"], indirect=True)
@pytest.mark.parametrize("step", ["/contact", "/contact/check", "/contact/change", "/contact/send"])
def test_no_step_of_the_form_loses_what_was_typed(
    web: TestClient, family: Callable[[], dict[str, str]], step: str
) -> None:
    fields = family()
    with locked():
        page = web.post(step, data=fields)
    assert page.status_code == 503
    assert "We still have what you typed." in html.unescape(page.text)
    assert f'action="{step}"' in page.text
    assert hidden(page) == fields
    assert web.post(step, data=hidden(page)).status_code == 200
