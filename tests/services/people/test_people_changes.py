"""People who get another name, role or stylist, who leave and come back; and the last admin, who stays."""

from __future__ import annotations

import threading

import psycopg
import pytest

from frontdesk import errors
from frontdesk.clock import SetClock
from frontdesk.db.engine import open_engine
from frontdesk.db.server import Handle
from frontdesk.desk import Desk
from frontdesk.permissions import Role
from frontdesk.services.people.people import (
    AddUser,
    DisableUser,
    EditUser,
    EnableUser,
    ListTerminals,
    ListUsers,
    Person,
    RegisterTerminal,
    RenameTerminal,
    add_user,
    disable_user,
    edit_user,
    enable_user,
    list_terminals,
    list_users,
    register_terminal,
    rename_terminal,
)
from frontdesk.services.people.sign_in import Sessions, open_desk, sign_in
from tests import vale_street
from tests.conftest import desk_conninfo
from tests.services.desks import ANNA, BO


def _person(desk: Desk, login: str) -> Person:
    return next(person for person in list_users(desk, ListUsers()).people if person.login == login)


def test_another_role_is_signed_in_with_anew(ada: Desk, ria: Desk) -> None:
    ria_now = _person(ada, "ria")
    changed = edit_user(ada, EditUser(user_id=ria_now.id, name="Ria Low", role=Role.MANAGER))
    assert (changed.name, changed.role, _person(ada, "ria")) == ("Ria Low", Role.MANAGER, changed)
    with pytest.raises(errors.NotSignedIn):
        list_users(ria, ListUsers())


def test_another_name_alone_leaves_people_signed_in_and_who_they_are(ada: Desk, ria: Desk) -> None:
    anna = _person(ada, "anna")
    assert anna.stylist_id == ANNA
    changed = edit_user(ada, EditUser(user_id=anna.id, name="Anna S.", role=anna.role))
    assert (changed.name, changed.stylist_id) == ("Anna S.", ANNA)
    edit_user(ada, EditUser(user_id=ria.actor.user_id, name="Ria!", role=Role.RECEPTIONIST))
    assert list_users(ria, ListUsers()).people


def test_nobody_is_two_stylists_and_no_stylist_is_taken_away_from_somebody(ada: Desk) -> None:
    anna = _person(ada, "anna")
    assert edit_user(ada, EditUser(user_id=anna.id, name="Anna", role=anna.role, stylist_id=BO)).stylist_id == BO
    mo = _person(ada, "mo")
    with pytest.raises(errors.BadInput, match="Anna is that stylist already. Change Anna first."):
        edit_user(ada, EditUser(user_id=mo.id, name="Mo", role=mo.role, stylist_id=BO))
    assert edit_user(ada, EditUser(user_id=mo.id, name="Mo", role=mo.role, stylist_id=ANNA)).stylist_id == ANNA
    assert edit_user(ada, EditUser(user_id=mo.id, name="Mo", role=mo.role, no_stylist=True)).stylist_id is None
    with pytest.raises(errors.NotFound):
        edit_user(ada, EditUser(user_id=mo.id, name="Mo", role=mo.role, stylist_id=3))


def test_who_comes_back_signs_in_with_the_old_pin(ada: Desk, sessions: Sessions, clock: SetClock) -> None:
    terminal = register_terminal(ada, RegisterTerminal(name="left")).secret
    zoe = add_user(ada, AddUser(login="zoe", name="Zoe", role=Role.TRAINEE, pin="4711"))
    disable_user(ada, DisableUser(user_id=zoe.id))
    with pytest.raises(errors.WrongSecret):
        sign_in(sessions, login="zoe", secret="4711", method="pin", terminal_secret=terminal)
    assert enable_user(ada, EnableUser(user_id=zoe.id)).is_active
    token = sign_in(sessions, login="zoe", secret="4711", method="pin", terminal_secret=terminal)
    assert open_desk(sessions, token, clock).actor.name == "Zoe"


def test_the_last_admin_stays_one(ada: Desk) -> None:
    me = ada.actor.user_id
    with pytest.raises(errors.LastAdmin, match="Ada is the last admin"):
        edit_user(ada, EditUser(user_id=me, name="Ada", role=Role.MANAGER))
    add_user(ada, AddUser(login="zoe", name="Zoe", role=Role.ADMIN, pin="4711"))
    with pytest.raises(errors.BadInput, match="your own role"):
        edit_user(ada, EditUser(user_id=me, name="Ada", role=Role.MANAGER))
    assert edit_user(ada, EditUser(user_id=me, name="Ada L.", role=Role.ADMIN)).name == "Ada L."


def test_of_two_admins_who_throw_each_other_out_one_stays(server: Handle, committed: str, clock: SetClock) -> None:
    with psycopg.connect(server.conninfo(committed)) as connection:
        connection.execute("UPDATE users SET role = 'admin' WHERE login IN ('ada', 'mo') AND business_id = 1")
    from sqlmodel import Session

    engine = open_engine(desk_conninfo(server, committed))
    desks = [open_desk(lambda: Session(engine), vale_street.token(who), clock) for who in ("ada", "mo")]
    together, refused = threading.Barrier(2), []

    def throw_out(mine: Desk, other: Desk) -> None:
        together.wait()
        try:
            disable_user(mine, DisableUser(user_id=other.actor.user_id))
        except errors.Refusal as refusal:
            refused.append(type(refusal))

    threads = [threading.Thread(target=throw_out, args=pair) for pair in (desks, desks[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    engine.dispose()
    with psycopg.connect(server.conninfo(committed)) as connection:
        left = connection.execute(
            "SELECT count(*) FROM users WHERE role = 'admin' AND is_active AND business_id = 1"
        ).fetchone()
    assert (left, len(refused)) == ((1,), 1)
    assert refused[0] in (errors.LastAdmin, errors.NotSignedIn)


def test_only_an_admin_changes_people_and_terminals(mo: Desk, ada: Desk) -> None:
    terminal = register_terminal(ada, RegisterTerminal(name="left"))
    for wish in (
        lambda: edit_user(mo, EditUser(user_id=1, name="X", role=Role.ADMIN)),
        lambda: enable_user(mo, EnableUser(user_id=1)),
        lambda: rename_terminal(mo, RenameTerminal(terminal_id=terminal.id, name="right")),
    ):
        with pytest.raises(errors.NotAllowed):
            wish()


def test_a_terminal_is_renamed_but_not_to_another_s_name(ada: Desk) -> None:
    left = register_terminal(ada, RegisterTerminal(name="left"))
    register_terminal(ada, RegisterTerminal(name="right"))
    assert rename_terminal(ada, RenameTerminal(terminal_id=left.id, name=" window ")).name == "window"
    assert [t.name for t in list_terminals(ada, ListTerminals()).terminals] == ["window", "right"]
    with pytest.raises(errors.NameTaken):
        rename_terminal(ada, RenameTerminal(terminal_id=left.id, name="right"))
