"""What only administrators see and do."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from bot.leads.counts import Ending, add_endings
from bot.leads.database import open_store
from bot.leads.models import AuditEntry, StaffUser
from bot.leads.reading import record
from bot.leads.users import check_password

from .conftest import PASSWORD


@pytest.fixture
def boss(open_inbox: Callable[..., Any]) -> Any:
    return open_inbox("cleo", "administrator")


def user_id(name: str) -> int:
    with open_store().session() as session:
        return session.scalars(select(StaffUser.id).where(StaffUser.name == name)).one()


def state_of(name: str) -> tuple[str, bool]:
    with open_store().session() as session:
        user = session.scalars(select(StaffUser).where(StaffUser.name == name)).one()
        return user.role, user.disabled is None


def test_coordinators_see_neither_the_pages_nor_their_links(boss: Any, inbox: Any) -> None:
    for path in ("/users", "/audit", "/counts"):
        refused = inbox.get(path)
        assert refused.status_code == 403
        assert "Only an administrator may do this." in refused.text
        assert boss.get(path).status_code == 200
        assert f'href="/inbox{path}"' not in inbox.read()
        assert f'href="/inbox{path}"' in boss.read()


@pytest.mark.parametrize(
    "action", ["disable", "enable", "end_sessions", "make_administrator", "make_coordinator"]
)
def test_coordinators_change_nobody(boss: Any, inbox: Any, action: str) -> None:
    for name in ("ana", "cleo"):
        assert inbox.post(f"/users/{user_id(name)}/{action}").status_code == 403
    assert (state_of("ana"), state_of("cleo")) == (("coordinator", True), ("administrator", True))
    assert boss.get("").status_code == 200


def test_disabling_somebody_ends_what_she_does(boss: Any, inbox: Any) -> None:
    assert inbox.get("").status_code == 200
    assert boss.post(f"/users/{user_id('ana')}/disable").headers["location"] == "/inbox/users?done"
    assert inbox.get("").status_code == 303
    assert inbox.log_in("ana").status_code == 403
    assert "No, since" in boss.read("/users")
    boss.post(f"/users/{user_id('ana')}/enable")
    assert inbox.get("").status_code == 303
    assert inbox.log_in("ana").status_code == 303


def test_a_disabled_name_and_a_wrong_one_look_the_same(boss: Any, inbox: Any) -> None:
    boss.post(f"/users/{user_id('ana')}/disable")
    pages = [inbox.log_in(name).text for name in ("ana", "nobody")]
    cut = [page.split('name="csrf"')[0] for page in pages]
    assert cut[0] == cut[1]


def test_logging_somebody_out_everywhere(boss: Any, inbox: Any) -> None:
    boss.post(f"/users/{user_id('ana')}/end_sessions")
    assert inbox.get("").status_code == 303
    assert check_password("ana", PASSWORD) is not None


def test_a_new_role_opens_the_pages_at_once(boss: Any, inbox: Any) -> None:
    boss.post(f"/users/{user_id('ana')}/make_administrator")
    assert inbox.get("/users").status_code == 200
    inbox.post(f"/users/{user_id('cleo')}/make_coordinator")
    assert boss.get("/users").status_code == 403


def test_the_last_administrator_stays(boss: Any) -> None:
    for action in ("disable", "make_coordinator"):
        refused = boss.post(f"/users/{user_id('cleo')}/{action}")
        assert refused.status_code == 409
        assert "cleo is the last administrator" in refused.text
    assert state_of("cleo") == ("administrator", True)


@pytest.mark.parametrize("path", ["999/disable", "x/disable", "1/delete"])
def test_what_is_not_there_can_not_be_changed(boss: Any, path: str) -> None:
    assert boss.post(f"/users/{path}").status_code == 404


def test_the_page_has_a_form_with_a_token_for_each_change(boss: Any, inbox: Any) -> None:
    assert (
        boss.client.post(f"/inbox/users/{user_id('ana')}/disable", data={"csrf": "made up"}).status_code
        == 403
    )
    assert state_of("ana") == ("coordinator", True)
    text = boss.read("/users")
    for action in ("disable", "end_sessions", "make_administrator"):
        assert f'action="/inbox/users/{user_id("ana")}/{action}"' in text


def test_changes_of_users_are_noted(boss: Any, inbox: Any) -> None:
    for action in ("disable", "enable", "make_administrator", "make_coordinator", "end_sessions"):
        boss.post(f"/users/{user_id('ana')}/{action}")
    with open_store().session() as session:
        noted = [
            (one.action, one.detail)
            for one in session.scalars(select(AuditEntry).where(AuditEntry.who == "cleo"))
        ]
    assert noted[1:] == [
        ("disabled user", "ana"),
        ("enabled user", "ana"),
        ("made administrator", "ana"),
        ("made coordinator", "ana"),
        ("ended sessions", "ana"),
    ]


def test_the_audit_is_read_in_pages_newest_first(boss: Any, reference: str) -> None:
    for number in range(150):
        record("ana", f"deed-{number}", reference)
    first = boss.read("/audit")
    assert "deed-149<" in first
    assert "deed-50<" in first
    assert "deed-49<" not in first
    older = first.split('href="/inbox/audit?before=')[1].split('"')[0]
    second = boss.read(f"/audit?before={older}")
    assert "deed-49<" in second
    assert "deed-50<" not in second
    assert "Newest entries" in second
    assert boss.get("/audit?before=x").status_code == 200


def test_counts_show_what_may_be_shown_and_no_small_number(boss: Any) -> None:
    likely = [Ending("NCT06848582", "likely")] * 14
    stopped = [Ending("NCT06848582", stopped="chemotherapy.last")] * 11
    few = [Ending("NCT06848582", name, ("E21",)) for name in ("not_yet", "possible") * 7]
    with open_store().session() as session:
        add_endings([*likely, *stopped, *few], session)
    text = boss.read("/counts")
    assert re.search(r"Likely match</th><td>14</td>", text)
    assert re.search(r"Chemo</th><td>11</td>", text)
    assert re.search(r"Not yet</th><td>below 10, or not shown</td>", text)
    assert "E21" not in text
