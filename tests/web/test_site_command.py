"""``prescreen site``: users from the command line."""

import pytest
from click.testing import Result
from sqlalchemy import select
from typer.testing import CliRunner

from bot.commands.site import site_app
from bot.leads.database import open_store
from bot.leads.models import AuditEntry
from bot.leads.users import all_users, check_password

PASSWORD = "correct horse battery"


def site(*arguments: str, password: str = PASSWORD) -> Result:
    stdin = ["--password-stdin"] if arguments[0] == "add-user" else []
    return CliRunner().invoke(site_app, [*arguments, *stdin], input=f"{password}\n")


def roles() -> dict[str, str]:
    return {user.name: user.role for user in all_users()}


def test_the_first_user_is_an_administrator_and_the_next_a_coordinator(home: object) -> None:
    assert "ana can log in at /inbox now, as administrator." in site("add-user", "ana").stdout
    assert "bob can log in at /inbox now, as coordinator." in site("add-user", "bob").stdout
    assert site("add-user", "cleo", "--role", "administrator").exit_code == 0
    assert roles() == {"ana": "administrator", "bob": "coordinator", "cleo": "administrator"}


def test_a_first_user_may_be_a_coordinator_if_that_is_said(home: object) -> None:
    assert site("add-user", "ana", "--role", "coordinator").exit_code == 0
    assert roles() == {"ana": "coordinator"}


def test_a_role_that_is_none(home: object) -> None:
    refused = site("add-user", "ana", "--role", "king")
    assert refused.exit_code == 2
    assert "coordinator, administrator" in refused.stderr
    assert roles() == {}


def test_a_new_password_keeps_the_role(home: object) -> None:
    site("add-user", "ana")
    site("add-user", "bob")
    assert site("add-user", "ana", "--replace", password="another long password").exit_code == 0
    assert roles() == {"ana": "administrator", "bob": "coordinator"}
    assert check_password("ana", "another long password") is not None


def test_disabled_users_stay_on_the_list_and_out_of_the_inbox(home: object) -> None:
    site("add-user", "ana")
    site("add-user", "bob")
    assert "bob can't log in any more." in site("disable-user", "bob").stdout
    assert check_password("bob", PASSWORD) is None
    lines = site("users").stdout.splitlines()
    assert [line.split()[:3] for line in lines] == [
        ["ana", "administrator", "since"],
        ["bob", "coordinator", "disabled"],
    ]
    assert site("add-user", "bob", "--replace").exit_code == 0
    assert check_password("bob", PASSWORD) is not None


def test_the_last_administrator_stays(home: object) -> None:
    site("add-user", "ana")
    site("add-user", "bob")
    for arguments in (["disable-user", "ana"], ["add-user", "ana", "--replace", "--role", "coordinator"]):
        refused = site(*arguments)
        assert refused.exit_code == 2
        assert "Make somebody else an administrator first." in refused.stderr
    assert check_password("ana", PASSWORD) is not None
    assert roles()["ana"] == "administrator"


def test_nobody_is_there(home: object) -> None:
    assert "There is no user bob." in site("disable-user", "bob").stderr
    assert "There are no users yet." in site("users").stdout


@pytest.mark.parametrize("name", ["", "a\nb", "x" * 81])
def test_odd_names_are_refused(home: object, name: str) -> None:
    assert site("add-user", name).exit_code == 2
    assert roles() == {}


def test_what_is_done_here_is_noted(home: object) -> None:
    site("add-user", "ana")
    site("add-user", "bob")
    site("add-user", "bob", "--replace")
    site("disable-user", "bob")
    site("disable-user", "ana")
    with open_store().session() as session:
        noted = [(entry.who, entry.action, entry.detail) for entry in session.scalars(select(AuditEntry))]
    assert noted == [
        ("command line", "added user", "ana: administrator"),
        ("command line", "added user", "bob: coordinator"),
        ("command line", "gave new password", "bob: coordinator"),
        ("command line", "disabled user", "bob"),
    ]
