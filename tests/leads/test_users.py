"""Staff: passwords, lockout, sessions."""

import threading

import pytest
from sqlalchemy import select

from bot.leads.database import Store
from bot.leads.models import StaffUser
from bot.leads.users import (
    LastAdministrator,
    UnknownUser,
    UserError,
    add_user,
    all_users,
    check_password,
    disable_user,
    enable_user,
    end_sessions,
    nobody_yet,
    set_role,
    staff_by_session,
    user_named,
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


def users(store: Store) -> dict[str, tuple[str, bool]]:
    return {user.name: (user.role, user.disabled is None) for user in all_users(store)}


def user_id(store: Store, name: str) -> int:
    user = user_named(name, store)
    assert user is not None
    return user.id


def test_disabling_ends_sessions_and_enabling_brings_none_back(store: Store) -> None:
    add_user("ana", PASSWORD)
    add_user("bob", PASSWORD)
    staff = check_password("bob", PASSWORD)
    assert staff is not None
    disable_user(staff.id, store)
    assert staff_by_session(staff.id, staff.epoch) is None
    assert check_password("bob", PASSWORD) is None
    enable_user(staff.id, store)
    assert staff_by_session(staff.id, staff.epoch) is None
    assert check_password("bob", PASSWORD) is not None


def test_a_new_role_counts_at_once(store: Store) -> None:
    add_user("ana", PASSWORD)
    add_user("bob", PASSWORD)
    staff = check_password("bob", PASSWORD)
    assert staff is not None
    set_role(staff.id, "administrator", store)
    again = staff_by_session(staff.id, staff.epoch)
    assert again is not None
    assert again.role == "administrator"


def test_the_last_administrator_can_neither_be_disabled_nor_made_less(store: Store) -> None:
    add_user("ana", PASSWORD)
    add_user("bob", PASSWORD)
    add_user("cleo", PASSWORD, role="administrator")
    disable_user(user_id(store, "cleo"), store)
    for change in (
        lambda: disable_user(user_id(store, "ana"), store),
        lambda: set_role(user_id(store, "ana"), "coordinator", store),
        lambda: add_user("ana", PASSWORD, store, role="coordinator"),
    ):
        with pytest.raises(LastAdministrator):
            change()
    assert users(store)["ana"] == ("administrator", True)
    set_role(user_id(store, "bob"), "administrator", store)
    disable_user(user_id(store, "ana"), store)
    assert users(store)["ana"] == ("administrator", False)


def test_two_administrators_who_disable_each_other_at_once_leave_one(store: Store) -> None:
    add_user("ana", PASSWORD)
    add_user("bob", PASSWORD, role="administrator")
    ids = [user_id(store, "ana"), user_id(store, "bob")]
    for _ in range(10):
        start = threading.Barrier(2)
        refused: list[int] = []

        def disable(one: int, start: threading.Barrier = start, refused: list[int] = refused) -> None:
            start.wait(10)
            try:
                disable_user(one, store)
            except LastAdministrator:
                refused.append(one)

        both = [threading.Thread(target=disable, args=(one,)) for one in ids]
        for one in both:
            one.start()
        for one in both:
            one.join(30)
        assert len(refused) == 1
        assert sum(enabled for _, enabled in users(store).values()) == 1
        for one in ids:
            enable_user(one, store)


def test_nobody_with_that_id(store: Store) -> None:
    add_user("ana", PASSWORD)
    for change in (disable_user, enable_user, lambda one, opened: set_role(one, "coordinator", opened)):
        with pytest.raises(UnknownUser):
            change(999, store)


def test_a_role_that_is_none(store: Store) -> None:
    add_user("ana", PASSWORD)
    with pytest.raises(UserError):
        set_role(user_id(store, "ana"), "king", store)
    with pytest.raises(UserError):
        add_user("bob", PASSWORD, store, role="king")
