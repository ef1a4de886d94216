"""A made-up shop keeps every promise a real one keeps, and two made of the same wish are alike."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import sql
from sqlmodel import Session

from frontdesk.clock import SetClock, boundary
from frontdesk.db import migrations
from frontdesk.db.engine import open_engine
from frontdesk.db.server import Handle
from frontdesk.desk import Desk
from frontdesk.rules.hours import DAY
from frontdesk.rules.states import Status, visit_status
from frontdesk.services.book.booking import BookAppointment, BookLine, book
from frontdesk.services.people.sign_in import names, open_desk, sign_in
from frontdesk.services.placing.availability import FindFree, find_free
from frontdesk.services.seeding import NotEmpty, Seeded, SeedShop, Size, rows, seed, seed_fixture
from frontdesk.services.seeding.plan import Plan
from frontdesk.services.seeding.story import plan_by_weeks
from frontdesk.services.seeding.wish import SCALES
from frontdesk.services.seeding.writer import REFERENCES, TABLES
from frontdesk.services.sheets.day import ShowDay, show_day
from frontdesk.services.team import slots
from frontdesk.services.ticket.ticket_wishes import Pay
from frontdesk.services.till.checkout import CheckOut, check_out
from frontdesk.text import search_tokens, sort_key
from tests.conftest import clone, desk_conninfo

TODAY = dt.date(2026, 3, 9)
AT = dt.time(11, 40)
NOW = boundary(TODAY, AT, "Europe/London")
WISH = SeedShop(today=TODAY, at=AT, size=Size.SMALL)
SCALE = SCALES[Size.SMALL]


@pytest.fixture(scope="module")
def seeded_in(server: Handle) -> Iterator[str]:
    """A database with two made-up shops of the same wish, beside Vale Street: its name."""
    name = f"seeded_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    clone(server, name)
    yield name
    with psycopg.connect(server.conninfo("postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(scope="module")
def told() -> list[tuple[str, int, int]]:
    """What was said of the progress."""
    return []


@pytest.fixture(scope="module")
def seeded(server: Handle, seeded_in: str, told: list[tuple[str, int, int]]) -> Seeded:
    """The first of the two."""
    return seed(server.conninfo(seeded_in), WISH, lambda doing, done, total: told.append((doing, done, total)))


@pytest.fixture(scope="module")
def twin(server: Handle, seeded_in: str, seeded: Seeded) -> Seeded:
    """The second."""
    again = SeedShop(today=TODAY, at=AT, size=Size.SMALL, code="vale-twin", name="Vale Street twin")
    return seed(server.conninfo(seeded_in), again)


@pytest.fixture
def database(server: Handle, seeded_in: str, seeded: Seeded) -> Iterator[psycopg.Connection]:
    """Plain SQL in the seeded database, rolled back."""
    with psycopg.connect(server.conninfo(seeded_in)) as connection:
        yield connection
        connection.rollback()


@pytest.fixture
def ria(server: Handle, seeded_in: str, seeded: Seeded) -> Iterator[Desk]:
    """The made-up shop's receptionist at its terminal."""
    engine = open_engine(desk_conninfo(server, seeded_in))

    def sessions() -> Session:
        return Session(engine)

    token = sign_in(sessions, login="ria", secret="1111", method="pin", terminal_secret=seeded.terminal_secret)
    yield open_desk(sessions, token, SetClock(NOW))
    engine.dispose()


def ask(database: psycopg.Connection, question: str, seeded: Seeded) -> list[tuple[Any, ...]]:
    """Rows of one made-up business."""
    return database.execute(question, {"business": seeded.business_id, "shop": seeded.shop_id, "now": NOW}).fetchall()


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


def test_nobody_is_in_two_chairs(database: psycopg.Connection, seeded: Seeded) -> None:
    clashes = ask(
        database,
        "SELECT a.id FROM time_slots a JOIN time_slots b ON a.resource_id = b.resource_id AND a.id < b.id"
        " AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at"
        " WHERE a.business_id = %(business)s AND a.status = 'booked' AND b.status = 'booked'",
        seeded,
    )
    assert clashes == []


def test_every_live_part_holds_its_strip_and_no_other_does(database: psycopg.Connection, seeded: Seeded) -> None:
    wrong = ask(
        database,
        "SELECT p.id FROM appointment_parts p JOIN appointment_services l ON l.id = p.appointment_service_id"
        " LEFT JOIN time_slots t ON t.part_id = p.id WHERE p.business_id = %(business)s"
        " AND (t.id IS NOT NULL) <> (p.resource_id IS NOT NULL AND NOT (l.overbooked AND p.role = 'lead')"
        "      AND l.status NOT IN ('cancelled', 'late_cancelled', 'no_show', 'void'))",
        seeded,
    )
    assert wrong == []


def test_an_overbooked_line_has_its_reason_and_somebody_in_the_way(
    database: psycopg.Connection, seeded: Seeded
) -> None:
    lines = ask(
        database,
        "SELECT l.overbook_reason, EXISTS (SELECT FROM appointment_parts p JOIN time_slots t"
        " ON t.resource_id = p.resource_id AND t.starts_at < p.ends_at AND p.starts_at < t.ends_at"
        " WHERE p.appointment_service_id = l.id AND t.status = 'booked')"
        " FROM appointment_services l WHERE l.business_id = %(business)s AND l.overbooked",
        seeded,
    )
    assert lines
    assert all(reason and clashes for reason, clashes in lines)


def test_processing_gaps_are_used_by_somebody_else(database: psycopg.Connection, seeded: Seeded) -> None:
    used = ask(
        database,
        "SELECT count(*) FROM appointment_parts w JOIN appointment_services l ON l.id = w.appointment_service_id"
        " JOIN stylists s ON s.id = l.stylist_id JOIN time_slots t ON t.resource_id = s.resource_id"
        " AND t.status = 'booked' AND t.starts_at >= w.starts_at AND t.ends_at <= w.ends_at"
        " WHERE w.business_id = %(business)s AND w.kind = 'processing'",
        seeded,
    )
    assert used[0][0] > 0


def test_derived_pieces_are_what_a_rebuild_makes(server: Handle, seeded_in: str, seeded: Seeded) -> None:
    engine = open_engine(server.conninfo(seeded_in))
    with Session(engine) as session:
        strips = session.connection().exec_driver_sql(
            "SELECT resource_id, published_from, published_until FROM strips WHERE business_id = %(b)s",
            {"b": seeded.business_id},
        )
        days = [(r, first + DAY * n) for r, first, until in strips for n in range((until - first).days)]
        assert len(days) == (SCALE.stylists + 2) * (SCALE.days_back + 365)
        found = slots.difference(session, days, NOW)
        assert (found.missing, found.gone, found.lapsed) == ((), (), ())
        assert slots.rebuild(session, days[::17], NOW) == 0
        session.connection().exec_driver_sql(
            "DELETE FROM time_slots WHERE id = (SELECT min(id) FROM time_slots WHERE business_id = %(b)s"
            " AND status = 'available')",
            {"b": seeded.business_id},
        )
        assert len(slots.difference(session, days, NOW).missing) == 1
    engine.dispose()


def test_sales_are_numbered_in_order_of_time_without_a_gap(database: psycopg.Connection, seeded: Seeded) -> None:
    numbers = ask(
        database,
        "SELECT number, row_number() OVER (ORDER BY closed_at, number) FROM sales WHERE business_id = %(business)s",
        seeded,
    )
    assert len(numbers) > 100
    assert all(number == place for number, place in numbers)
    assert ask(database, "SELECT last_number FROM sale_numbers WHERE shop_id = %(shop)s", seeded) == [(len(numbers),)]


def test_sales_are_the_sums_of_their_parts(database: psycopg.Connection, seeded: Seeded) -> None:
    wrong = ask(
        database,
        "SELECT s.id FROM sales s, LATERAL (SELECT sum(gross) AS gross, sum(discount) AS discount, sum(tax) AS tax,"
        " sum(total) AS total FROM sale_lines WHERE sale_id = s.id) l,"
        " LATERAL (SELECT coalesce(sum(amount), 0) AS paid FROM payments WHERE sale_id = s.id) p,"
        " LATERAL (SELECT coalesce(sum(amount), 0) AS tips FROM tips WHERE sale_id = s.id) t,"
        " LATERAL (SELECT sum(x.amount) AS taxes FROM sale_line_taxes x JOIN sale_lines y ON y.id = x.sale_line_id"
        "          WHERE y.sale_id = s.id) v"
        " WHERE s.business_id = %(business)s AND (s.status <> 'closed' OR (l.gross, l.discount, l.tax, l.total, p.paid,"
        " t.tips, v.taxes) <> (s.subtotal, s.discount, s.tax, s.total, s.total + s.tip, s.tip, s.tax))",
        seeded,
    )
    assert wrong == []


def test_commissions_are_what_the_door_would_write(database: psycopg.Connection, seeded: Seeded) -> None:
    wrong = ask(
        database,
        "WITH door AS (SELECT l.id, l.stylist_id, s.day, l.taxable, r.percent,"
        "     round(l.taxable * r.percent / 100, 2) AS amount, r.id AS rule_id"
        "   FROM sales s JOIN sale_lines l ON l.sale_id = s.id CROSS JOIN LATERAL ("
        "     SELECT id, percent FROM commission_rules WHERE stylist_id = l.stylist_id AND valid_from <= s.day"
        "        AND kind = CASE l.kind WHEN 'product' THEN 'product' ELSE 'service' END"
        "      ORDER BY valid_from DESC LIMIT 1) r"
        "  WHERE s.business_id = %(business)s AND l.kind IN ('service', 'product')),"
        " kept AS (SELECT sale_line_id, stylist_id, day, base, percent, amount, rule_id FROM commissions"
        "  WHERE business_id = %(business)s)"
        " (TABLE door EXCEPT TABLE kept) UNION ALL (TABLE kept EXCEPT TABLE door)",
        seeded,
    )
    assert wrong == []


def test_a_rate_that_was_raised_counts_from_its_day(database: psycopg.Connection, seeded: Seeded) -> None:
    rates = ask(
        database,
        "SELECT count(DISTINCT r.id) FROM commission_rules r WHERE r.business_id = %(business)s AND kind = 'service'"
        " GROUP BY stylist_id ORDER BY 1 DESC LIMIT 1",
        seeded,
    )
    assert rates == [(2,)]


def test_tickets_are_paid_in_every_way(database: psycopg.Connection, seeded: Seeded) -> None:
    (found,) = ask(
        database,
        "SELECT bool_or(p.change > 0), bool_or(n.methods = 2), bool_or(s.tip > 0), bool_or(s.discount > 0),"
        " bool_or(n.lines > 1 AND n.stylists > 1), bool_or(n.products > 0)"
        " FROM sales s JOIN payments p ON p.sale_id = s.id, LATERAL (SELECT"
        "   (SELECT count(DISTINCT method) FROM payments WHERE sale_id = s.id) AS methods, count(*) AS lines,"
        "   count(DISTINCT stylist_id) AS stylists, count(product_id) AS products"
        "   FROM sale_lines WHERE sale_id = s.id) n WHERE s.business_id = %(business)s",
        seeded,
    )
    assert all(found)


def test_states_fit_their_steps_and_the_moment(database: psycopg.Connection, seeded: Seeded) -> None:
    lines = ask(
        database,
        "SELECT l.appointment_id, l.status, coalesce((SELECT to_status FROM appointment_status_history h"
        " WHERE h.appointment_service_id = l.id ORDER BY h.at DESC, h.id DESC LIMIT 1), 'pending'), a.status"
        " FROM appointment_services l JOIN appointments a ON a.id = l.appointment_id"
        " WHERE l.business_id = %(business)s",
        seeded,
    )
    assert all(status == last for _, status, last, _ in lines)
    by_visit: dict[int, list[Status]] = {}
    for visit, status, _, _ in lines:
        by_visit.setdefault(visit, []).append(Status(status))
    assert all(visit_status(by_visit[visit]) == whole for visit, _, _, whole in lines)
    assert ask(database, "SELECT id FROM appointment_status_history WHERE business_id = %(business)s"
               " AND at > %(now)s", seeded) == []  # fmt: skip
    today = ask(
        database,
        "SELECT DISTINCT l.status FROM appointment_services l WHERE business_id = %(business)s"
        " AND starts_at BETWEEN CAST(%(now)s AS timestamptz) - interval '4 hours'"
        " AND CAST(%(now)s AS timestamptz) + interval '8 hours'",
        seeded,
    )
    assert {("completed",), ("arrived",)} <= set(today)
    assert {("pending",), ("confirmed",)} & set(today)
    undone = ask(
        database,
        "SELECT id FROM appointment_services WHERE business_id = %(business)s AND status IN ('pending', 'confirmed',"
        " 'arrived', 'in_service', 'processing') AND ends_at < CAST(%(now)s AS timestamptz)",
        seeded,
    )
    assert undone == []


def test_only_what_is_done_is_paid_and_what_is_done_is_paid_but_for_the_last(
    database: psycopg.Connection, seeded: Seeded
) -> None:
    (counts,) = ask(
        database,
        "SELECT count(*) FILTER (WHERE l.status <> 'completed' AND p.id IS NOT NULL),"
        " count(*) FILTER (WHERE l.status = 'completed' AND p.id IS NULL"
        "                  AND l.finished_at < CAST(%(now)s AS timestamptz) - interval '3 hours')"
        " FROM appointment_services l LEFT JOIN sale_lines p ON p.appointment_service_id = l.id"
        " WHERE l.business_id = %(business)s",
        seeded,
    )
    assert counts == (0, 0)


def test_cancellations_have_their_notice_and_a_reason(database: psycopg.Connection, seeded: Seeded) -> None:
    found = ask(
        database,
        "SELECT a.status, c.notice_minutes, c.reason_id IS NOT NULL OR c.note <> '' AS why,"
        " extract(epoch FROM a.starts_at - c.cancelled_at) / 60 - c.notice_minutes"
        " FROM appointment_cancellations c JOIN appointments a ON a.id = c.appointment_id"
        " WHERE c.business_id = %(business)s",
        seeded,
    )
    assert found
    assert all(why and 0 <= odd < 1 for _, _, why, odd in found)
    assert all((status == "late_cancelled") == (notice < 24 * 60) for status, notice, _, _ in found)


def test_customers_are_found_by_what_they_are_called(database: psycopg.Connection, seeded: Seeded) -> None:
    people = ask(
        database,
        "SELECT c.first_name, c.last_name, c.phone, c.email, c.sort_key, array_agg((t.kind, t.token)::text ORDER BY 1)"
        " FROM customers c JOIN customer_tokens t ON t.customer_id = c.id WHERE c.business_id = %(business)s"
        " GROUP BY c.id",
        seeded,
    )
    assert len(people) == SCALE.customers
    for first, last, phone, email, key, tokens in people:
        assert key == sort_key(first, last)
        assert len(tokens) == len(search_tokens(first_name=first, last_name=last, phone=phone, email=email))
        assert phone is None or phone.startswith(("+447700900", "+442079460", "+441632960", "+441134960"))
        assert email is None or email.endswith("@example.com")


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


def test_the_drawer_is_open_with_todays_sales_in_it(database: psycopg.Connection, seeded: Seeded) -> None:
    found = database.execute(
        "SELECT d.name, s.closed_at, (SELECT sum(amount) FROM drawer_cash c WHERE c.session_id = s.id)"
        "       = 100 + (SELECT coalesce(sum(p.amount), 0) FROM sales v JOIN payments p ON p.sale_id = v.id"
        "                 WHERE v.shop_id = d.shop_id AND p.method = 'cash' AND v.day = (s.opened_at)::date),"
        "       (SELECT began_after FROM z_numbers WHERE shop_id = d.shop_id)"
        "       = (SELECT max(number) FROM sales v WHERE v.shop_id = d.shop_id AND v.day < (s.opened_at)::date)"
        "  FROM drawers d JOIN drawer_sessions s ON s.drawer_id = d.id WHERE d.business_id = %s",
        (seeded.business_id,),
    ).fetchall()
    assert found == [("Drawer 1", None, True, True)]


def test_some_have_paid_before_and_some_still_owe(database: psycopg.Connection, seeded: Seeded) -> None:
    left = database.execute(
        "SELECT p.kind, count(DISTINCT p.id) FROM prepayments p JOIN prepayment_entries e ON e.prepayment_id = p.id"
        " WHERE p.business_id = %s AND e.amount > 0 GROUP BY 1",
        (seeded.business_id,),
    ).fetchall()
    found: dict[str, int] = dict(left)
    assert found["gift_card"] == 6
    assert {"credit", "deposit"} <= set(found)
    owing = "SELECT count(*) FROM account_entries WHERE business_id = %s AND amount > 0"
    assert database.execute(owing, (seeded.business_id,)).fetchone() != (0,)


def test_what_was_sold_has_left_the_shelf_and_a_few_things_are_low(
    database: psycopg.Connection, seeded: Seeded
) -> None:
    ask = "SELECT {} FROM {} WHERE m.business_id = %s AND {}"
    sold = database.execute(
        ask.format("-sum(m.quantity)", "stock_moves m", "m.kind = 'sold'"), (seeded.business_id,)
    ).fetchone()
    lines = database.execute(
        ask.format("sum(m.quantity)", "sale_lines m", "m.kind = 'product'"), (seeded.business_id,)
    ).fetchone()
    assert sold == lines != (None,)
    levels = database.execute(
        "SELECT sum(m.quantity) <= v.low_at AS low FROM stock_moves m JOIN stock_levels v USING (product_id)"
        " WHERE m.business_id = %s GROUP BY m.product_id, v.low_at HAVING sum(m.quantity) >= 0",
        (seeded.business_id,),
    ).fetchall()
    low = sum(is_low for (is_low,) in levels)
    assert 0 < low < len(levels) == 16
