"""Two shops made of the same wish are alike, and life goes on in them."""

from __future__ import annotations

import datetime as dt
import hashlib
import os

import psycopg
import pytest
from psycopg import sql
from sqlmodel import Session

from frontdesk.clock import SetClock
from frontdesk.db import migrations
from frontdesk.db.engine import open_engine
from frontdesk.db.server import Handle
from frontdesk.desk import Desk
from frontdesk.rules.hours import DAY
from frontdesk.services.book.booking import BookAppointment, BookLine, book
from frontdesk.services.people.sign_in import names, open_desk, sign_in
from frontdesk.services.placing.availability import FindFree, find_free
from frontdesk.services.seeding import NotEmpty, Seeded, SeedShop, Size, rows, seed, seed_fixture
from frontdesk.services.seeding.plan import Plan
from frontdesk.services.seeding.story import plan_by_weeks
from frontdesk.services.seeding.writer import REFERENCES, TABLES
from frontdesk.services.sheets.day import ShowDay, show_day
from frontdesk.services.ticket.ticket_wishes import Pay
from frontdesk.services.till.checkout import CheckOut, check_out
from tests.conftest import desk_conninfo
from tests.services.seeding.made_up import NOW, SCALE, TODAY, WISH, ask


def digest(database: psycopg.Connection, seeded: Seeded) -> dict[str, str]:
    """What each table holds of a business, with numbers counted from the business's own first one."""
    first: dict[str, int] = {}
    found = {}
    for kind, table in TABLES.items():
        columns = [name for name in kind._fields if name != "id"]
        select = sql.SQL("SELECT {} FROM {} WHERE business_id = %s ORDER BY {}").format(
            sql.SQL(", ").join(map(sql.Identifier, columns)), sql.Identifier(table),
            sql.Identifier("id") if "id" in kind._fields else sql.SQL(", ").join(map(sql.Identifier, columns)),
        )  # fmt: skip
        if "id" in kind._fields:
            smallest = sql.SQL("SELECT min(id) FROM {} WHERE business_id = %s").format(sql.Identifier(table))
            first[table] = (database.execute(smallest, [seeded.business_id]).fetchone() or (0,))[0]
        lines = [
            [
                value - first[TABLES[REFERENCES[name]]] if name in REFERENCES and value is not None else value
                for name, value in zip(columns, row, strict=True)
            ]
            for row in database.execute(select, [seeded.business_id]).fetchall()
        ]
        found[table] = hashlib.sha256(repr(lines).encode()).hexdigest()
    return found


def planned(wish: SeedShop) -> Plan:
    """All that would be written."""
    *_, plan = plan_by_weeks(wish, lambda *_: None)
    return plan


def test_the_same_wish_makes_the_same_rows(database: psycopg.Connection, seeded: Seeded, twin: Seeded) -> None:
    assert digest(database, seeded) == digest(database, twin)


def test_another_seed_makes_other_rows() -> None:
    one, other = (planned(SeedShop(today=TODAY, size=Size.SMALL, seed=number)).of(rows.Customer) for number in (1, 2))
    assert one != other


def test_a_shop_has_something_to_look_at_whatever_the_weekday() -> None:
    for today in (TODAY, TODAY + DAY * 6):
        plan = planned(SeedShop(today=today, size=Size.SMALL))
        assert sum(visit.starts_local.date() == today for visit in plan.of(rows.Visit)) >= 5


def test_a_shop_made_at_christmas_is_open() -> None:
    plan = planned(SeedShop(today=dt.date(2026, 12, 25), size=Size.SMALL))
    assert any(visit.starts_local.date() == dt.date(2026, 12, 25) for visit in plan.of(rows.Visit))


def test_history_is_kept_again_from_the_next_change_on(database: psycopg.Connection, seeded: Seeded) -> None:
    off = "SELECT tgname FROM pg_trigger WHERE tgfoid = 'note_history'::regproc AND tgenabled <> 'O'"
    assert database.execute(off).fetchall() == []
    database.execute("UPDATE customers SET notes = 'x' WHERE business_id = %s", [seeded.business_id])
    kept = ask(
        database, "SELECT count(*) FROM audit_log WHERE business_id = %(business)s AND action = 'update'", seeded
    )
    assert kept == [(SCALE.customers,)]


def test_progress_reaches_its_end(seeded: Seeded, told: list[tuple[str, int, int]]) -> None:
    assert seeded.rows["customers"] == SCALE.customers
    ends = {doing: (done, total) for doing, done, total in told}
    assert list(ends) == ["Making up days", "Writing"]
    assert all(done == total for done, total in ends.values())


def test_the_people_who_were_named_can_sign_in(server: Handle, seeded_in: str, seeded: Seeded) -> None:
    engine = open_engine(desk_conninfo(server, seeded_in))

    def sessions() -> Session:
        return Session(engine)

    assert {name.login for name in names(sessions, seeded.terminal_secret)} == {who.login for who in seeded.people}
    for who in seeded.people:
        token = sign_in(sessions, login=f"{who.login}@{seeded.code}", secret=who.password)
        desk = open_desk(sessions, token, SetClock(NOW))
        assert (desk.actor.name, desk.actor.role, desk.shop.name) == (who.name, who.role, seeded.name)
        assert (desk.actor.stylist_id is not None) == (who.role == "stylist")
    engine.dispose()


def test_life_goes_on_in_a_made_up_shop(ria: Desk, database: psycopg.Connection, seeded: Seeded) -> None:
    sheet = show_day(ria, ShowDay())
    assert len(sheet.entries) >= 5
    cut = ask(database, "SELECT id FROM services WHERE business_id = %(business)s AND code = 'GENT'", seeded)[0][0]
    free = find_free(ria, FindFree(service_id=cut)).times[0]
    booked = book(
        ria,
        BookAppointment(
            customer_id=None,
            guest_name="Kim",
            starts_at=free.starts_at,
            lines=(BookLine(service_id=cut, stylist_id=free.stylist_id),),
        ),
    )
    last = ask(database, "SELECT last_number FROM sale_numbers WHERE shop_id = %(shop)s", seeded)[0][0]
    sold = check_out(ria, CheckOut(appointment_ids=(booked.appointment_id,), tenders=(Pay(method="cash"),)))
    assert sold.number == last + 1


def test_a_code_is_seeded_once(server: Handle, seeded_in: str, seeded: Seeded) -> None:
    with pytest.raises(NotEmpty, match="vale-demo"):
        seed(server.conninfo(seeded_in), WISH)


def test_the_fixture_opens_an_empty_database_once(server: Handle) -> None:
    name = f"fixture_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    with psycopg.connect(server.conninfo("postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        migrations.migrate(server.conninfo(name))
        seeded = seed_fixture(server.conninfo(name))
        engine = open_engine(server.conninfo(name, user=f"{name}_desk"))
        token = sign_in(
            lambda: Session(engine), login="ria", secret="1111", method="pin", terminal_secret=seeded.terminal_secret
        )
        desk = open_desk(lambda: Session(engine), token, SetClock(NOW))
        assert find_free(desk, FindFree(service_id=1)).times[0].stylist == "Anna"
        with pytest.raises(NotEmpty, match="vale"):
            seed_fixture(server.conninfo(name))
        engine.dispose()
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
