"""Who signs in, how often they may be wrong, and what is kept of a secret."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import text

from frontdesk import errors
from frontdesk.clock import SetClock
from frontdesk.db.transactions import transaction
from frontdesk.desk import Desk
from frontdesk.permissions import Deed, Role
from frontdesk.services.book.booking import BookAppointment, BookLine, book
from frontdesk.services.people.people import (
    AddUser,
    ChangeSecret,
    DisableUser,
    ListUsers,
    RegisterTerminal,
    add_user,
    disable_user,
    list_users,
    register_terminal,
    set_pin,
)
from frontdesk.services.people.sign_in import Sessions, approve, names, open_desk, sign_in, sign_out
from tests.services.desks import ANNA, CUT, JANE, booked, march


def _zoe(*, login: str = "zoe", name: str = "Zoë", pin: str = "4711", password: str | None = None) -> AddUser:
    return AddUser(login=login, name=name, role=Role.RECEPTIONIST, pin=pin, password=password)


def test_a_pin_opens_a_desk_at_a_registered_terminal_and_nowhere_else(
    ada: Desk, sessions: Sessions, clock: SetClock
) -> None:
    add_user(ada, _zoe())
    terminal = register_terminal(ada, RegisterTerminal(name="front desk left")).secret
    assert [name.login for name in names(sessions, terminal)] == ["zoe"]
    assert names(sessions, "some other secret") == ()
    token = sign_in(sessions, login="zoe", secret="4711", method="pin", terminal_secret=terminal)
    assert open_desk(sessions, token, clock).actor.name == "Zoë"
    with pytest.raises(errors.WrongSecret):
        sign_in(sessions, login="zoe", secret="4711", method="pin")


def test_a_password_opens_a_desk_anywhere_and_signing_out_closes_it(
    ada: Desk, sessions: Sessions, clock: SetClock
) -> None:
    add_user(ada, _zoe(password="correct horse"))
    token = sign_in(sessions, login="Zoe@vale ", secret="correct horse")
    open_desk(sessions, token, clock)
    sign_out(sessions, token)
    with pytest.raises(errors.NotSignedIn):
        open_desk(sessions, token, clock)


def test_after_five_wrong_tries_even_the_right_pin_waits(ada: Desk, sessions: Sessions) -> None:
    add_user(ada, _zoe())
    terminal = register_terminal(ada, RegisterTerminal(name="left")).secret
    waits = []
    for _ in range(10):
        with pytest.raises(errors.WrongSecret) as refused:
            sign_in(sessions, login="zoe", secret="0000", method="pin", terminal_secret=terminal)
        waits.append(bool(refused.value.facts["wait_seconds"]))
    assert waits == [False] * 4 + [True] * 6
    with pytest.raises(errors.WrongSecret, match="Too many tries: wait"):
        sign_in(sessions, login="zoe", secret="4711", method="pin", terminal_secret=terminal)


def test_an_unknown_name_is_refused_in_the_same_words(sessions: Sessions) -> None:
    with pytest.raises(errors.WrongSecret, match="The name and the password do not fit. Try again."):
        sign_in(sessions, login="nobody@vale", secret="anything")


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ({"login": "Zoë B"}, "letters, digits, dots and dashes only"),
        ({"pin": "12"}, "A PIN has four to eight digits"),
        ({"pin": "12ab"}, "A PIN has four to eight digits"),
        ({"password": "short"}, "at least 10 characters"),
        ({"name": " \u202e "}, "They need a name"),
    ],
)
def test_what_can_not_be_kept_is_explained(ada: Desk, wish: dict[str, str], words: str) -> None:
    with pytest.raises(errors.BadInput, match=words):
        add_user(ada, _zoe(**wish))


def test_a_name_is_somebody_s_once(ada: Desk) -> None:
    add_user(ada, _zoe())
    with pytest.raises(errors.LoginTaken):
        add_user(ada, _zoe())


def test_only_an_admin_adds_people_and_everybody_changes_their_own_pin(mo: Desk, ria: Desk, ada: Desk) -> None:
    with pytest.raises(errors.NotAllowed, match="Mo may not change who may sign in. Ask an admin."):
        add_user(mo, _zoe())
    assert set_pin(ria, ChangeSecret(user_id=ria.actor.user_id, secret="2580")).name == "Ria"
    with pytest.raises(errors.NotAllowed):
        set_pin(ria, ChangeSecret(user_id=mo.actor.user_id, secret="2580"))


def test_who_left_sees_nothing_from_that_moment(ada: Desk, ria: Desk) -> None:
    disable_user(ada, DisableUser(user_id=ria.actor.user_id))
    with pytest.raises(errors.NotSignedIn):
        list_users(ria, ListUsers())
    with pytest.raises(errors.BadInput, match="can't disable yourself"):
        disable_user(ada, DisableUser(user_id=ada.actor.user_id))


def test_no_secret_is_kept_in_an_answer_or_in_a_wish(ada: Desk) -> None:
    wish = RegisterTerminal(name="left", request_id=uuid4())
    first, again = register_terminal(ada, wish), register_terminal(ada, wish)
    assert (first.id, bool(first.secret), again.secret) == (again.id, True, "")
    add_user(ada, _zoe())
    with transaction(ada) as session:
        kept = session.execute(text("SELECT string_agg(k::text, ' ') FROM idempotency_keys k")).scalar_one()
    assert first.secret not in kept
    assert "4711" not in kept


def test_a_manager_s_pin_allows_one_deed_once(ada: Desk, tess: Desk, sessions: Sessions) -> None:
    set_pin(ada, ChangeSecret(user_id=_mo_s_number(ada), secret="9876"))
    terminal = register_terminal(ada, RegisterTerminal(name="left")).secret
    with pytest.raises(errors.WrongSecret):
        approve(tess, login="mo", pin="0000", deed=Deed.BOOK_OUTSIDE, terminal_secret=terminal)
    code = approve(tess, login="mo", pin="9876", deed=Deed.BOOK_OUTSIDE, terminal_secret=terminal)
    wish = BookAppointment(
        customer_id=JANE,
        starts_at=march(10, 18),
        lines=(BookLine(service_id=CUT, stylist_id=ANNA),),
        outside_hours=True,
        approval=code,
    )
    assert book(tess, wish).code
    with pytest.raises(errors.NotAllowed):
        book(tess, replace(wish, starts_at=march(11, 18), request_id=uuid4()))
    assert booked(tess, JANE, march(12, 10)).code


def _mo_s_number(ada: Desk) -> int:
    return next(person.id for person in list_users(ada, ListUsers()).people if person.login == "mo")
