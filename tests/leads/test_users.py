"""Staff: passwords, lockout, sessions."""

import pytest
from sqlalchemy import select

from bot.leads.database import Store
from bot.leads.models import StaffUser
from bot.leads.users import (
    UserError,
    add_user,
    check_password,
    end_sessions,
    nobody_yet,
    staff_by_session,
)

PASSWORD = "correct horse battery"


def test_right_and_wrong_passwords(store: Store) -> None:
    assert nobody_yet()
    add_user("ana", PASSWORD)
    assert not nobody_yet()
    staff = check_password("ana", PASSWORD)
    assert staff is not None
    assert staff.name == "ana"
    assert check_password("ana", PASSWORD + "x") is None
    assert check_password("bob", PASSWORD) is None


def test_password_is_kept_as_an_argon2_hash(store: Store) -> None:
    add_user("ana", PASSWORD)
    with store.session() as session:
        assert str(session.scalar(select(StaffUser.password_hash))).startswith("$argon2id$")


@pytest.mark.parametrize(
    ("name", "password"), [("ana", "eleven sign"), ("", PASSWORD), ("a\nb", PASSWORD), ("ana", "x" * 201)]
)
def test_weak_passwords_and_odd_names_are_refused(store: Store, name: str, password: str) -> None:
    with pytest.raises(UserError):
        add_user(name, password)
    assert nobody_yet()


def test_wrong_ones_shut_nobody_out(store: Store) -> None:
    add_user("ana", PASSWORD)
    for _ in range(10):
        assert check_password("ana", "wrong password") is None
    assert check_password("ana", PASSWORD) is not None


def test_log_out_and_new_password_end_sessions(store: Store) -> None:
    add_user("ana", PASSWORD)
    staff = check_password("ana", PASSWORD)
    assert staff is not None
    assert staff_by_session(staff.id, staff.epoch) == staff
    end_sessions(staff.id)
    assert staff_by_session(staff.id, staff.epoch) is None
    renewed = check_password("ana", PASSWORD)
    assert renewed is not None
    add_user("ana", "another long password")
    assert staff_by_session(renewed.id, renewed.epoch) is None
    assert check_password("ana", PASSWORD) is None
