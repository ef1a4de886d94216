"""Every service runs once per request, inside one transaction, as somebody who may (architecture.md 5, F19)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from sqlalchemy import create_engine, exc, text
from sqlalchemy.pool import NullPool
from sqlmodel import Session

from frontdesk import errors
from frontdesk.clock import SetClock
from frontdesk.db import transactions
from frontdesk.db.engine import open_engine
from frontdesk.db.server import Handle
from frontdesk.desk import Desk
from frontdesk.permissions import Deed
from frontdesk.services.people.sign_in import open_desk
from frontdesk.services.use_case import USE_CASES, Work, Write, use_case
from tests import vale_street
from tests.conftest import desk_conninfo
from tests.services.lossy_line import lossy_line


@dataclass(frozen=True, kw_only=True)
class NoteDown(Write):
    """A customer to note down."""

    name: str
    deed: Deed | None = None
    """What it takes besides."""


@dataclass(frozen=True)
class Noted:
    """Who was noted down."""

    customer_id: int


@dataclass(frozen=True, kw_only=True)
class Look:
    """A question."""

    statement: str


@dataclass
class Meanwhile:
    """What happens on the way, once."""

    does: list[Callable[[Session], object]] = field(default_factory=list)

    def happens(self, session: Session) -> None:
        """All of it, in order."""
        while self.does:
            self.does.pop(0)(session)


MEANWHILE = Meanwhile()


@use_case(Deed.EDIT_CUSTOMERS)
def note_down(work: Work, request: NoteDown) -> Noted:
    """Note somebody down."""
    if request.deed:
        work.require(request.deed)
    insert = text("INSERT INTO customers (first_name) VALUES (:name) RETURNING id")
    number: int = work.session.execute(insert, {"name": request.name}).scalar_one()
    MEANWHILE.happens(work.session)
    work.session.execute(text("UPDATE customers SET notes = 'noted' WHERE id = :id"), {"id": number})
    return Noted(number)


@use_case(Deed.SEE_CUSTOMERS)
def look(work: Work, request: Look) -> tuple[int, ...]:
    """Look, and do what a question must not."""
    return tuple(row[0] for row in work.session.execute(text(request.statement)))


for _name in ("test_use_case.note_down", "test_use_case.look"):
    USE_CASES.pop(_name, None)


@dataclass(frozen=True)
class Shop:
    """A database in which what is done is done."""

    handle: Handle
    database: str
    owner: psycopg.Connection

    @contextmanager
    def desk(self, login: str = "ria") -> Iterator[Desk]:
        """Somebody's desk with connections of its own."""
        engine = open_engine(desk_conninfo(self.handle, self.database), poolclass=NullPool)
        try:
            yield open_desk(lambda: Session(engine), vale_street.token(login), SetClock(vale_street.NOW))
        finally:
            engine.dispose()

    def noted(self, name: str) -> int:
        """How many of that name there are."""
        row = self.owner.execute("SELECT count(*) FROM customers WHERE first_name = %s", (name,)).fetchone()
        assert row
        return int(row[0])

    def approve(self, code: str, deed: Deed, *, for_whom: str = "tess") -> None:
        """A manager's yes, as if given by PIN."""
        self.owner.execute(
            "INSERT INTO approvals (business_id, code_hash, deed, approved_by, requested_by)"
            " SELECT 1, sha256(convert_to(%s, 'UTF8')), %s, mo.id, u.id FROM users mo, users u"
            "  WHERE mo.login = 'mo' AND u.login = %s",
            (code, deed.name, for_whom),
        )

    def until(self, condition: str) -> int:
        """Wait for a backend of the desk for which that holds: its number."""
        while True:
            found = self.owner.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
                f" AND usename LIKE '%%desk' AND {condition}"
            ).fetchone()
            if found:
                return int(found[0])

    def kill(self, backend: int) -> None:
        """End a backend and wait until it has ended."""
        self.owner.execute("SELECT pg_terminate_backend(%s, 20000)", (backend,))


@pytest.fixture
def shop(server: Handle, committed: str) -> Iterator[Shop]:
    """Vale Street, where what is done is done."""
    MEANWHILE.does.clear()
    with psycopg.connect(server.conninfo(committed), autocommit=True) as owner:
        yield Shop(server, committed, owner)


def test_one_request_sent_64_times_at_once_is_done_once_and_answered_64_times(shop: Shop) -> None:
    wish = NoteDown(name="Lou")
    gate = threading.Barrier(64)
    with shop.desk() as desk:

        def send(_: int) -> Noted:
            gate.wait()
            return note_down(desk, wish)

        with ThreadPoolExecutor(64) as terminals:
            answers = list(terminals.map(send, range(64)))
    assert len(set(answers)) == 1
    assert shop.noted("Lou") == 1


def test_without_the_unique_key_it_would_be_done_more_than_once(shop: Shop) -> None:
    """The negative control."""
    shop.owner.execute("ALTER TABLE idempotency_keys DROP CONSTRAINT idempotency_keys_request_key")
    insert = "INSERT INTO idempotency_keys (request_id, command, request_hash) VALUES (%s, 'x', 'y')"
    key = uuid4()
    with psycopg.connect(desk_conninfo(shop.handle, shop.database), autocommit=True) as desk:
        desk.execute("SELECT set_config('frontdesk.token', %s, false)", (vale_street.token("ria"),))
        for _ in range(2):
            desk.execute(insert, (key,))
    assert shop.owner.execute("SELECT count(*) FROM idempotency_keys").fetchone() == (2,)


def test_the_second_waits_for_the_first_and_does_it_if_that_failed(shop: Shop) -> None:
    wish = NoteDown(name="Lou")
    with shop.desk() as desk, ThreadPoolExecutor(1) as thread:
        late: list[Future[Noted]] = []

        def fail(session: Session) -> None:
            late.append(thread.submit(note_down, desk, wish))
            shop.until("wait_event_type = 'Lock'")
            raise errors.NothingAsked

        MEANWHILE.does.append(fail)
        with pytest.raises(errors.NothingAsked):
            note_down(desk, wish)
        assert late[0].result().customer_id
    assert shop.noted("Lou") == 1


def test_one_key_is_good_for_one_wish_of_one_person(ria: Desk, mo: Desk) -> None:
    wish = NoteDown(name="Lou")
    first = note_down(ria, wish)
    assert note_down(ria, replace(wish, approval="whatever")) == first
    with pytest.raises(errors.SameKeyOtherWish, match=str(wish.request_id)):
        note_down(ria, replace(wish, name="Lou Day"))
    with pytest.raises(errors.SameKeyOtherWish):
        note_down(mo, wish)


def test_a_refused_request_leaves_its_key_free(ria: Desk) -> None:
    wish = NoteDown(name="a\x1bb")
    with pytest.raises(exc.DBAPIError):
        note_down(ria, wish)
    assert note_down(ria, replace(wish, name="Lou")).customer_id


def test_waiting_for_another_terminal_ends_in_busy(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transactions, "LOCK_TIMEOUT", "30ms")
    with shop.desk() as desk, psycopg.connect(shop.handle.conninfo(shop.database)) as other:
        other.execute("LOCK TABLE customers IN SHARE MODE")
        with pytest.raises(errors.Busy):
            note_down(desk, NoteDown(name="Lou"))
        other.rollback()
        assert note_down(desk, NoteDown(name="Lou")).customer_id


def test_two_that_wait_for_each_other_are_busy_and_not_a_fault(shop: Shop) -> None:
    with shop.desk() as desk, psycopg.connect(shop.handle.conninfo(shop.database)) as other, ThreadPoolExecutor(1) as t:
        other.execute("SET deadlock_timeout = '30s'")  # so that the desk is the one that notices

        def cross(session: Session) -> None:
            other.execute("UPDATE customers SET notes = 'x' WHERE id = 1")
            session.execute(text("UPDATE customers SET notes = 'y' WHERE id = 2"))
            t.submit(other.execute, "UPDATE customers SET notes = 'x' WHERE id = 2")
            while not shop.owner.execute("SELECT 1 FROM pg_locks WHERE NOT granted").fetchone():
                pass
            session.execute(text("UPDATE customers SET notes = 'y' WHERE id = 1"))

        MEANWHILE.does.append(cross)
        with pytest.raises(errors.Busy):
            note_down(desk, NoteDown(name="Lou"))
    assert shop.noted("Lou") == 0


def test_no_connection_free_is_busy(shop: Shop) -> None:
    conninfo = desk_conninfo(shop.handle, shop.database)
    engine = create_engine(
        "postgresql+psycopg://",
        creator=lambda: psycopg.connect(conninfo),
        pool_size=1,
        max_overflow=0,
        pool_timeout=0.05,
    )
    with shop.desk() as desk:
        narrow = replace(desk, sessions=lambda: Session(engine))
        with narrow.sessions() as holding:
            holding.execute(text("SELECT 1"))
            with pytest.raises(errors.Busy):
                note_down(narrow, NoteDown(name="Lou"))
        assert note_down(narrow, NoteDown(name="Lou")).customer_id
    engine.dispose()


def test_a_database_that_dies_on_the_way_has_saved_nothing_and_can_be_asked_again(shop: Shop) -> None:
    wish = NoteDown(name="Lou")
    MEANWHILE.does.append(lambda session: shop.kill(session.execute(text("SELECT pg_backend_pid()")).scalar_one()))
    with shop.desk() as desk:
        with pytest.raises(errors.Unreachable, match="Nothing was saved"):
            note_down(desk, wish)
        assert shop.noted("Lou") == 0
        assert note_down(desk, wish) == note_down(desk, wish)
    assert shop.noted("Lou") == 1


def test_a_terminal_that_slept_in_the_middle_has_saved_nothing(shop: Shop) -> None:
    """A closed laptop: the server gives up on a transaction that idles, and frees what it held."""

    def sleep(session: Session) -> None:
        # Only this transaction: on a busy machine the one of the sign-in idles as long.
        session.execute(text("SET LOCAL idle_in_transaction_session_timeout = '20ms'"))
        number = session.execute(text("SELECT pg_backend_pid()")).scalar_one()
        while shop.owner.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s", (number,)).fetchone():
            pass

    MEANWHILE.does.append(sleep)
    with shop.desk() as desk, pytest.raises(errors.Unreachable, match="Nothing was saved"):
        note_down(desk, NoteDown(name="Lou"))
    assert shop.noted("Lou") == 0


def test_a_database_that_is_not_there_is_unreachable(shop: Shop) -> None:
    engine = open_engine("host=/nonexistent dbname=frontdesk user=frontdesk_desk", poolclass=NullPool)
    with shop.desk() as desk, pytest.raises(errors.Unreachable):
        note_down(replace(desk, sessions=lambda: Session(engine)), NoteDown(name="Lou"))


SLOW_COMMIT = """
CREATE FUNCTION slow_commit() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(60); RETURN NULL; END';
GRANT EXECUTE ON FUNCTION slow_commit() TO making_desk;
CREATE CONSTRAINT TRIGGER slow_commit AFTER INSERT ON customers DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION slow_commit();
"""


def test_a_database_that_dies_during_the_commit_leaves_it_open_and_the_same_request_settles_it(shop: Shop) -> None:
    wish = NoteDown(name="Lou")
    shop.owner.execute(SLOW_COMMIT)
    with shop.desk() as desk, ThreadPoolExecutor(1) as thread:
        saving = thread.submit(note_down, desk, wish)
        shop.kill(shop.until("wait_event = 'PgSleep'"))
        with pytest.raises(errors.OutcomeUnknown) as unknown:
            saving.result()
        assert unknown.value.facts["request_id"] == wish.request_id
        shop.owner.execute("DROP TRIGGER slow_commit ON customers")
        assert note_down(desk, wish) == note_down(desk, wish)
    assert shop.noted("Lou") == 1


def test_an_answer_lost_after_the_commit_is_given_again_and_nothing_is_done_twice(shop: Shop) -> None:
    wish = NoteDown(name="Lou")
    with lossy_line(shop.handle.socket_directory) as host, shop.desk() as near:
        engine = open_engine(make_conninfo(desk_conninfo(shop.handle, shop.database), host=host), poolclass=NullPool)
        far = replace(near, sessions=lambda: Session(engine))
        with pytest.raises(errors.OutcomeUnknown):
            note_down(far, wish)
        assert shop.noted("Lou") == 1
        again = note_down(near, wish)
        with pytest.raises(errors.OutcomeUnknown):
            note_down(far, wish)
        assert note_down(near, wish) == again
    assert shop.noted("Lou") == 1


def test_what_the_commit_refuses_is_a_refusal_and_no_unknown(shop: Shop) -> None:
    shop.owner.execute("""
        CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS
            'BEGIN RAISE disk_full USING MESSAGE = ''no room''; END';
        CREATE CONSTRAINT TRIGGER no_room AFTER INSERT ON customers DEFERRABLE INITIALLY DEFERRED
            FOR EACH ROW EXECUTE FUNCTION no_room();
    """)
    with shop.desk() as desk, pytest.raises(errors.Unreachable, match="no room"):
        note_down(desk, NoteDown(name="Lou"))
    assert shop.noted("Lou") == 0


def test_nobody_does_anything_after_the_sign_in_has_ended(shop: Shop) -> None:
    with shop.desk() as desk:
        for ending in (
            "UPDATE sign_ins SET ended_at = now()",
            "UPDATE sign_ins SET ended_at = NULL; UPDATE users SET is_active = false WHERE login = 'ria'",
        ):
            shop.owner.execute(ending)
            with pytest.raises(errors.NotSignedIn):
                note_down(desk, NoteDown(name="Lou"))
            with pytest.raises(errors.NotSignedIn):
                look(desk, Look(statement="SELECT 1"))
    assert shop.noted("Lou") == 0


@pytest.mark.parametrize(
    ("login", "deed", "words"),
    [
        ("anna", None, "Anna may not add and change customers. Ask a receptionist."),
        ("otto", None, "Otto may not add and change customers. Ask a receptionist."),
        ("tess", Deed.BOOK_PAST, "Tess may not enter visits in the past. A manager can approve it with their PIN."),
        ("ria", Deed.EDIT_RATES, "Ria may not change commission rates. Ask a manager."),
        ("mo", Deed.EDIT_PEOPLE, "Mo may not change who may sign in. Ask an admin."),
    ],
)
def test_who_may_not_is_told_who_may(shop: Shop, login: str, deed: Deed | None, words: str) -> None:
    with shop.desk(login) as desk, pytest.raises(errors.NotAllowed) as refusal:
        note_down(desk, NoteDown(name="Lou", deed=deed))
    assert refusal.value.sentence == words
    assert shop.noted("Lou") == 0


def test_a_managers_yes_lets_a_trainee_do_it_once(shop: Shop) -> None:
    wish = NoteDown(name="Lou", deed=Deed.BOOK_PAST, approval="yes")
    shop.approve("yes", Deed.BOOK_PAST)
    with shop.desk("tess") as tess:
        first = note_down(tess, wish)
        assert note_down(tess, wish) == first
        with pytest.raises(errors.NotAllowed):
            note_down(tess, replace(wish, request_id=uuid4()))
    assert shop.noted("Lou") == 1


def test_a_yes_to_something_that_failed_is_good_for_the_next_try(shop: Shop) -> None:
    def fail(session: Session) -> None:
        raise errors.NothingAsked

    wish = NoteDown(name="Lou", deed=Deed.BOOK_PAST, approval="yes")
    shop.approve("yes", Deed.BOOK_PAST)
    MEANWHILE.does.append(fail)
    with shop.desk("tess") as tess:
        with pytest.raises(errors.NothingAsked):
            note_down(tess, wish)
        assert note_down(tess, wish).customer_id


@pytest.mark.parametrize(
    ("deed", "code", "for_whom"),
    [
        (Deed.OVERBOOK, "yes", "tess"), (Deed.BOOK_PAST, "no", "tess"), (Deed.BOOK_PAST, "yes", "ria"),
        (Deed.EDIT_RATES, "yes", "tess"),
    ],
)  # fmt: skip
def test_a_yes_to_something_else_is_none(shop: Shop, deed: Deed, code: str, for_whom: str) -> None:
    shop.approve("yes", deed, for_whom=for_whom)
    asked = Deed.EDIT_RATES if deed is Deed.EDIT_RATES else Deed.BOOK_PAST
    with shop.desk("tess") as tess, pytest.raises(errors.NotAllowed):
        note_down(tess, NoteDown(name="Lou", deed=asked, approval=code))


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO customers (first_name) VALUES ('Lou') RETURNING id",
        "UPDATE customers SET notes = 'x' RETURNING id",
        "DELETE FROM customer_tokens RETURNING customer_id",
        "SELECT next_sale_number(1)",
        "SELECT 1 FROM customers FOR UPDATE",
    ],
)
def test_a_question_changes_nothing(ria: Desk, statement: str) -> None:
    with pytest.raises(exc.DBAPIError, match="read-only transaction"):
        look(ria, Look(statement=statement))


def test_a_change_after_a_question_is_saved(ria: Desk) -> None:
    """The connection does not stay read-only."""
    assert look(ria, Look(statement="SELECT 1")) == (1,)
    noted = note_down(ria, NoteDown(name="Lou"))
    assert look(ria, Look(statement=f"SELECT id FROM customers WHERE id = {noted.customer_id}")) == (noted.customer_id,)


def test_the_request_stands_in_history_and_in_no_other_transaction(shop: Shop) -> None:
    wish = NoteDown(name="Lou")
    with shop.desk() as desk:
        note_down(desk, wish)
    found = shop.owner.execute(
        "SELECT DISTINCT request_id FROM audit_log WHERE table_name = 'customers' AND who = 'Ria'"
    )
    assert found.fetchall() == [(UUID(str(wish.request_id)),)]
    assert shop.owner.execute("SELECT coalesce(current_setting('frontdesk.request', true), '')").fetchone() == ("",)
