"""A clock that jumps an hour, either way, in the middle of the form and of the chat."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from bot.leads.outbox.kinds import State
from tests.clocks import clock_set
from tests.web.faults.conftest import on_both, stored, told_sent


@on_both
@pytest.mark.parametrize("hours", [1, -1])
def test_clock_that_jumps_in_the_middle_of_the_form(
    web: TestClient, family: Callable[[], dict[str, str]], hours: int
) -> None:
    fields = family()
    with clock_set(timedelta(hours=hours)):
        reference = told_sent(web.post("/contact/send", data=fields))
        assert reference is not None
        assert stored() == {reference: State.WAITING}
    # A second press on the other side of the jump is still the same form.
    assert told_sent(web.post("/contact/send", data=fields)) == reference
    assert len(stored()) == 1


def test_chat_goes_on_when_the_clock_was_set_back(web: TestClient) -> None:
    opened = web.post("/api/chat", json={"session": None, "message": "", "language": "en"})
    said = {"session": opened.json()["session"], "message": "7", "language": "en"}
    for hours in (1, -1):
        with clock_set(timedelta(hours=hours)):
            assert web.post("/api/chat", json=said).status_code == 200
    with clock_set(timedelta(days=8)):
        assert web.post("/api/chat", json=said).status_code == 401
