"""Signing in, and a manager's yes, against somebody who guesses with SQL of their own (reliability.md F23)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
import pytest

from tests import vale_street
from tests.db.conftest import Place
from tests.db.two_businesses import ELM, VALE, key, terminal_secret

WRONG = "ab" * 32
HERE = terminal_secret(VALE)


@dataclass(frozen=True)
class Door:
    """A shop of its own to sign in to, where what is done is done."""

    place: Place
    database: str
    owner: psycopg.Connection

    @contextmanager
    def desk(self, token: str = "") -> Iterator[psycopg.Connection]:
        """The program's connection, each statement for itself."""
        with psycopg.connect(self.place.desk(self.database), autocommit=True) as connection:
            connection.execute("SELECT set_config('frontdesk.token', %s, false)", (token,))
            yield connection

    def try_(self, login: str, with_key: str, method: str = "pin", terminal: str = HERE) -> tuple[str | None, int]:
        """One try: the token or nothing, and the wait."""
        with self.desk() as desk:
            return _try(desk, login, with_key, method, terminal)

    def let_locks_pass(self) -> None:
        """As if everybody had waited long enough; the wrong tries stay counted."""
        self.owner.execute("UPDATE sign_in_tries SET locked_until = now() - interval '1 second'")

    def forget(self) -> None:
        """As if nobody had ever failed."""
        self.owner.execute("DELETE FROM sign_in_tries")
        self.owner.execute("SELECT setval(oid::regclass, 1) FROM pg_class WHERE relname LIKE 'sign_in_bucket_%'")

    def counted(self) -> dict[str, int]:
        """How many wrong tries are counted, of whom."""
        return dict(self.owner.execute("SELECT what, failures FROM sign_in_tries WHERE what LIKE '% %'").fetchall())


def _try(
    desk: psycopg.Connection, login: str, with_key: str, method: str = "pin", terminal: str = HERE
) -> tuple[str | None, int]:
    row = desk.execute("SELECT * FROM sign_in(%s, %s, %s, %s)", (login, method, with_key, terminal)).fetchone()
    assert row
    return row[0], row[1]


@pytest.fixture(scope="module")
def open_door(place: Place) -> Iterator[Door]:
    """Vale Street and Elm Road, for all of these tests: a copy for each would cost more than they do."""
    with place.database("door") as name, psycopg.connect(place.owner(name), autocommit=True) as owner:
        yield Door(place, name, owner)


@pytest.fixture
def door(open_door: Door) -> Door:
    """The same door with everybody back in their place and nobody having failed yet."""
    open_door.owner.execute(AS_IT_WAS)
    open_door.forget()
    return open_door


AS_IT_WAS = """
UPDATE users SET is_active = true;
UPDATE users SET role = 'manager' WHERE login = 'mo';
UPDATE terminals SET is_active = true;
UPDATE sign_ins SET ended_at = NULL, expires_at = 'infinity';
UPDATE user_secrets s SET key_hash = sha256(sha256(convert_to(method || ' of ' || login, 'UTF8')))
  FROM users u WHERE u.id = s.user_id;
"""


def test_the_right_key_becomes_a_token_that_is_kept_nowhere(door: Door) -> None:
    token, wait = door.try_("mo", key("pin", "mo"))
    assert token is not None
    assert (len(token), wait) == (64, 0)
    with door.desk(token) as desk:
        assert desk.execute("SELECT name, terminal_id IS NOT NULL FROM who_am_i()").fetchone() == ("Mo", True)
    kept = door.owner.execute("SELECT string_agg(s::text, ' ') FROM sign_ins s").fetchone()
    assert token not in str(kept)
    again, _ = door.try_("mo", key("pin", "mo"))
    assert again != token


def test_a_password_works_anywhere_and_a_pin_only_at_a_registered_terminal(door: Door) -> None:
    for terminal in (HERE, "", "terminal of nobody"):
        assert door.try_("mo@vale", key("password", "mo"), "password", terminal)[0]
    for terminal in ("", "terminal of nobody", terminal_secret(ELM)):
        assert door.try_("mo@vale", key("pin", "mo"), "pin", terminal) == (None, 0)
    assert door.try_("mo@vale", key("password", "mo"), "pin") == (None, 0)
    assert door.try_("mo@vale", key("pin", "mo"), "password") == (None, 0)
    assert door.try_("mo@vale", key("pin", "mo"), "nonsense") == (None, 0)
    door.owner.execute("UPDATE terminals SET is_active = false")
    assert door.try_("mo@vale", key("pin", "mo")) == (None, 0)


def test_a_wrong_key_is_counted_though_nothing_is_raised(door: Door) -> None:
    assert door.try_("mo", WRONG) == (None, 0)
    assert list(door.counted().values()) == [1]
    assert door.try_("mo", key("pin", "mo"))[0]
    assert door.counted() == {}


def test_five_tries_are_free_and_then_each_doubles_the_wait(door: Door) -> None:
    waits = []
    for _ in range(13):
        waits.append(door.try_("mo", WRONG)[1])
        door.let_locks_pass()
    assert waits == [0, 0, 0, 0, 30, 60, 120, 240, 480, 960, 1800, 1800, 1800]


def test_who_has_to_wait_waits_even_with_the_right_key(door: Door) -> None:
    for _ in range(5):
        door.try_("mo", WRONG)
    token, wait = door.try_("mo", key("pin", "mo"))
    assert token is None
    assert 20 < wait <= 30
    assert list(door.counted().values()) == [5]
    door.let_locks_pass()
    assert door.try_("mo", key("pin", "mo"))[0]


def test_one_persons_wait_is_nobody_elses(door: Door) -> None:
    for _ in range(6):
        door.try_("mo", WRONG)
    assert door.try_("ria", key("pin", "ria"))[0]
    assert door.try_("mo", key("password", "mo"), "password")[0]


def test_wrong_tries_are_forgotten_after_a_day(door: Door) -> None:
    for _ in range(4):
        door.try_("mo", WRONG)
    door.owner.execute("UPDATE sign_in_tries SET last_at = last_at - interval '25 hours'")
    assert door.try_("mo", WRONG) == (None, 0)
    assert list(door.counted().values()) == [1]


@pytest.mark.parametrize("method", ["pin", "password"])
def test_a_name_that_nobody_has_looks_like_one_that_somebody_has(door: Door, method: str) -> None:
    seen = {}
    for login in ("mo", "zed", "mo@vale", "zed@vale", "mo@elm", "zed@elm", "mo@nowhere", "eve@elm", "", "@"):
        answers = []
        for with_key in [WRONG] * 7 + ["", "no key", "AB" * 32]:
            answers.append(door.try_(login, with_key, method))
            door.let_locks_pass()
        seen[login] = answers
        door.forget()
    counted = [(None, wait) for wait in (0, 0, 0, 0, 30, 60, 120, 240, 480, 960)]
    elsewhere = counted if method == "password" else [(None, 0)] * 10
    assert seen["mo"] == seen["zed"] == seen["mo@vale"] == seen["zed@vale"] == seen[""] == counted
    assert seen["eve@elm"] == seen["zed@elm"] == seen["mo@elm"] == seen["mo@nowhere"] == seen["@"] == elsewhere


def test_every_name_has_a_recipe_that_stays_the_same_however_it_is_written(door: Door) -> None:
    with door.desk() as desk:
        recipes = {
            login: desk.execute("SELECT * FROM sign_in_recipe(%s, 'pin', %s)", (login, HERE)).fetchone()
            for login in ("mo", "mo@vale", "zed", "zed@vale", "zed@elm", "zed@nowhere", "")
        }
        again = desk.execute("SELECT * FROM sign_in_recipe('zed', 'pin', %s)", (HERE,)).fetchone()
        other = desk.execute("SELECT * FROM sign_in_recipe('zed', 'password', %s)", (HERE,)).fetchone()
    assert recipes["mo"] == recipes["mo@vale"]
    assert recipes["zed"] == recipes["zed@vale"] == again
    assert len({recipes[login] for login in ("mo", "zed", "zed@elm", "zed@nowhere", "")} | {other}) == 6
    for recipe in recipes.values():
        assert recipe
        assert recipe[0] == "argon2id,t=2,m=19456,p=1"
        assert len(bytes.fromhex(recipe[1])) == 16


def test_rolling_back_does_not_buy_more_tries(door: Door) -> None:
    """A count that ROLLBACK undoes is no count for somebody who speaks SQL."""
    with psycopg.connect(door.place.desk(door.database)) as desk:
        waits = []
        for _ in range(60):
            waits.append(_try(desk, "mo", WRONG)[1])
            desk.rollback()
    assert list(door.counted().values()) == []
    assert waits[:40] == [0] * 40
    assert all(0 < wait <= 300 for wait in waits[41:])
    token, wait = door.try_("mo", key("pin", "mo"))
    assert token is None
    assert 0 < wait <= 300


def test_guessing_one_name_after_the_other_stops_at_the_terminal(door: Door) -> None:
    for number in range(45):
        door.try_(f"nobody{number}", WRONG)
    token, wait = door.try_("mo", key("pin", "mo"))
    assert token is None
    assert 0 < wait <= 300
    assert door.try_("mo@vale", key("password", "mo"), "password", "")[0]
    assert door.try_("eve", key("pin", "eve"), "pin", terminal_secret(ELM))[0]


def test_many_connections_guess_no_faster_than_one(door: Door) -> None:
    gate = threading.Barrier(16)

    def guess(_: int) -> int:
        with door.desk() as desk:
            gate.wait()
            return _try(desk, "mo", WRONG)[1]

    with ThreadPoolExecutor(16) as guessers:
        waits = sorted(guessers.map(guess, range(16)))
    assert waits[:4] == [0] * 4
    assert all(20 < wait <= 30 for wait in waits[4:])
    assert list(door.counted().values()) == [5]


def test_nobody_is_told_who_is_about_to_be_locked_by_an_error(door: Door) -> None:
    with door.desk() as desk:
        for login, with_key, method, terminal in (
            (None, None, None, None), ("mo", None, "pin", HERE), (None, WRONG, "pin", HERE), ("mo", WRONG, None, HERE),
            ("mo", WRONG, "password", None), ("mo", "\\x00", "pin", HERE),
        ):  # fmt: skip
            row = desk.execute("SELECT * FROM sign_in(%s, %s, %s, %s)", (login, method, with_key, terminal)).fetchone()
            assert row == (None, 0)


def test_a_token_ends_with_the_sign_in_the_hour_the_person_or_the_terminal(door: Door) -> None:
    endings = {
        "signed out": None,
        "expired": "UPDATE sign_ins SET expires_at = now() - interval '1 second'",
        "ended": "UPDATE sign_ins SET ended_at = now()",
        "disabled": "UPDATE users SET is_active = false WHERE login = 'mo'",
        "terminal lost": "UPDATE terminals SET is_active = false",
    }
    for ending, statement in endings.items():
        token, _ = door.try_("mo", key("pin", "mo"))
        with door.desk(token or "") as desk:
            assert desk.execute("SELECT count(*), actor_role() FROM customers").fetchone() == (4, "manager")
            (door.owner if statement else desk).execute(statement or "SELECT sign_out()")
            seen = desk.execute(
                "SELECT actor_user(), actor_business(), actor_role(), count(*) FROM customers"
            ).fetchone()
            assert seen == (None, None, None, 0), ending
            assert desk.execute("SELECT user_id FROM who_am_i()").fetchone() == (None,), ending
            assert desk.execute("UPDATE customers SET notes = 'x'").rowcount == 0
        door.owner.execute("UPDATE users SET is_active = true; UPDATE terminals SET is_active = true")


def test_somebody_demoted_loses_at_once_what_they_could_see(door: Door) -> None:
    token, _ = door.try_("mo", key("pin", "mo"))
    with door.desk(token or "") as desk:
        assert desk.execute("SELECT count(*) > 0 FROM commission_rules").fetchone() == (True,)
        door.owner.execute("UPDATE users SET role = 'receptionist' WHERE login = 'mo'")
        assert desk.execute("SELECT count(*) > 0 FROM commission_rules").fetchone() == (False,)


def test_somebody_who_left_cannot_sign_in(door: Door) -> None:
    door.owner.execute("UPDATE users SET is_active = false WHERE login = 'mo'")
    assert door.try_("mo", key("pin", "mo")) == (None, 0)
    with door.desk() as desk:
        names = desk.execute("SELECT login FROM sign_in_names(%s)", (HERE,)).fetchall()
    assert ("mo",) not in names
    assert ("ria",) in names


def _set_secret(desk: psycopg.Connection, login: str, method: str) -> None:
    desk.execute(
        "SELECT set_secret(id, %s, 'argon2id,t=2,m=19456,p=1', repeat('ab', 16), %s) FROM users WHERE login = %s",
        (method, key("new", login), login),
    )


def test_a_new_secret_ends_every_other_sign_in_of_that_person(door: Door) -> None:
    old, _ = door.try_("mo", key("pin", "mo"))
    mine, _ = door.try_("mo", key("password", "mo"), "password")
    with door.desk(mine or "") as desk, door.desk(old or "") as elsewhere:
        _set_secret(desk, "mo", "pin")
        assert desk.execute("SELECT actor_user() IS NULL").fetchone() == (False,)
        assert elsewhere.execute("SELECT actor_user() IS NULL").fetchone() == (True,)
    assert door.try_("mo", key("pin", "mo")) == (None, 0)
    assert door.try_("mo", key("new", "mo"))[0]


def test_four_digits_never_become_a_password(door: Door) -> None:
    pin, _ = door.try_("ada", key("pin", "ada"))
    password, _ = door.try_("ada", key("password", "ada"), "password")
    with door.desk(pin or "") as desk:
        for login in ("ada", "mo"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege) as refusal:
                _set_secret(desk, login, "password")
            assert refusal.value.diag.constraint_name == "user_secrets_password_by_password"
        _set_secret(desk, "ada", "pin")
    password, _ = door.try_("ada", key("password", "ada"), "password")
    with door.desk(password or "") as desk:
        _set_secret(desk, "mo", "password")
    assert door.try_("mo", key("new", "mo"), "password")[0]


@pytest.mark.parametrize(
    ("scheme", "salt"),
    [("argon2id,t=2,m=99999999,p=1", "ab" * 16), ("md5", "ab" * 16), ("argon2id,t=2,m=19456,p=1", "short"), ("", "")],
)
def test_nobody_gets_a_recipe_that_a_terminal_cannot_follow(door: Door, scheme: str, salt: str) -> None:
    with door.desk(vale_street.token("ada")) as desk, pytest.raises(psycopg.errors.CheckViolation):
        desk.execute("SELECT set_secret(actor_user(), 'pin', %s, %s, %s)", (scheme, salt, WRONG))


@dataclass(frozen=True)
class Yes:
    """What came of asking a manager."""

    code: str | None
    wait: int


def _approve(desk: psycopg.Connection, login: str, with_key: str, deed: str = "BOOK_PAST", terminal: str = HERE) -> Yes:
    row = desk.execute("SELECT * FROM approve(%s, %s, %s, %s)", (login, with_key, deed, terminal)).fetchone()
    assert row
    return Yes(*row)


def _spend(desk: psycopg.Connection, code: str | None, deed: str = "BOOK_PAST") -> str | None:
    row = desk.execute("SELECT spend_approval(%s, %s)", (code, deed)).fetchone()
    assert row
    name: str | None = row[0]
    return name


def test_a_managers_yes_is_good_once_for_one_deed_of_one_person(door: Door) -> None:
    with door.desk(vale_street.token("tess")) as tess, door.desk(vale_street.token("ria")) as ria:
        yes = _approve(tess, "mo", key("pin", "mo"))
        assert _spend(tess, yes.code, "OVERBOOK") is None
        assert _spend(ria, yes.code) is None
        assert _spend(tess, "another code") is None
        assert _spend(tess, None) is None
        assert _spend(tess, yes.code) == "Mo"
        assert _spend(tess, yes.code) is None
    used = door.owner.execute("SELECT deed, used_at IS NOT NULL FROM approvals ORDER BY id DESC LIMIT 1").fetchone()
    assert used == ("BOOK_PAST", True)


def test_only_managers_and_admins_say_yes(door: Door) -> None:
    with door.desk(vale_street.token("tess")) as tess:
        for login in ("tess", "ria", "anna", "otto"):
            assert _approve(tess, login, key("pin", login)).code is None
        for login in ("mo", "mo@vale", "ada"):
            assert _approve(tess, login, key("pin", login.split("@")[0])).code is not None
        assert _approve(tess, "eve@elm", key("pin", "eve")).code is None
        assert _approve(tess, "mo", key("password", "mo")).code is None


def test_a_manager_says_yes_at_a_registered_terminal_only(door: Door) -> None:
    with door.desk(vale_street.token("tess")) as tess:
        for terminal in ("", "terminal of nobody", terminal_secret(ELM)):
            assert _approve(tess, "mo@vale", key("pin", "mo"), terminal=terminal) == Yes(None, 0)
    at_the_desk, _ = door.try_("tess", key("pin", "tess"))
    with door.desk(at_the_desk or "") as tess:
        assert _approve(tess, "mo", key("pin", "mo"), terminal="").code is not None


def test_guessing_a_managers_pin_is_counted_as_signing_in_is(door: Door) -> None:
    with door.desk(vale_street.token("tess")) as tess:
        assert [_approve(tess, "mo", WRONG).wait for _ in range(5)] == [0, 0, 0, 0, 30]
        assert _approve(tess, "mo", key("pin", "mo")).code is None
    assert door.try_("mo", key("pin", "mo"))[0] is None


@pytest.mark.parametrize(
    "meanwhile",
    [
        "UPDATE approvals SET created_at = created_at - interval '6 minutes'",
        "UPDATE users SET is_active = false WHERE login = 'mo'",
        "UPDATE users SET role = 'receptionist' WHERE login = 'mo'",
        "UPDATE users SET is_active = false WHERE login = 'tess'",
    ],
)
def test_a_yes_lapses(door: Door, meanwhile: str) -> None:
    with door.desk(vale_street.token("tess")) as tess:
        yes = _approve(tess, "mo", key("pin", "mo"))
        door.owner.execute(meanwhile)
        assert _spend(tess, yes.code) is None


def test_two_terminals_cannot_spend_one_yes(door: Door) -> None:
    tess = vale_street.token("tess")
    with door.desk(tess) as desk:
        yes = _approve(desk, "mo", key("pin", "mo"))
    with door.desk(tess) as one, door.desk(tess) as other, ThreadPoolExecutor(1) as thread:
        with one.transaction():
            assert _spend(one, yes.code) == "Mo"
            late = thread.submit(_spend, other, yes.code)
            _wait_until_blocked(door, other)
        assert late.result() is None


def test_a_yes_whose_deed_failed_is_still_good(door: Door) -> None:
    with door.desk(vale_street.token("tess")) as tess:
        yes = _approve(tess, "mo", key("pin", "mo"))
        with tess.transaction(force_rollback=True):
            assert _spend(tess, yes.code) == "Mo"
        assert _spend(tess, yes.code) == "Mo"


def _wait_until_blocked(door: Door, connection: psycopg.Connection) -> None:
    waiting = "SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = %s"
    while door.owner.execute(waiting, (connection.info.backend_pid,)).fetchone() != (True,):
        pass
