"""The faults of the documents' own SQL (features 1.7), each tried in plain SQL on our tables."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass

import psycopg
import pytest
from psycopg.types.json import Jsonb

from tests.db.conftest import signed_in
from tests.db.two_businesses import VALE

JANE, KIM = 1, 2
VISIT = VALE * 1000
"""Jane's, with Anna, 9 March 2026 from 10:00 to 11:00; her cut is paid."""


def _visit(desk: psycopg.Connection, code: str, customer: int | None, hour: float, **also: object) -> int:
    """A visit of three quarters of an hour on 9 March 2026."""
    row = {"shop_id": 1, "code": code, "customer_id": customer, "status": "confirmed", **also}
    columns = ", ".join(row)
    made = desk.execute(
        f"INSERT INTO appointments ({columns}, starts_at, ends_at, starts_local)"
        f" SELECT {columns}, timestamptz '2026-03-09 00:00Z' + %(hour)s * interval '1 hour',"
        "         timestamptz '2026-03-09 00:45Z' + %(hour)s * interval '1 hour',"
        "         timestamp '2026-03-09 00:00' + %(hour)s * interval '1 hour'"
        "   FROM jsonb_populate_record(NULL::appointments, %(row)s) RETURNING id",
        {"hour": hour, "row": Jsonb(row)},
    ).fetchone()
    assert made
    return int(made[0])


def _fact(desk: psycopg.Connection, part: int, start: str, end: str, resource: int = 1) -> None:
    desk.execute(
        "INSERT INTO time_slots (resource_id, shop_id, starts_at, ends_at, status, part_id)"
        " VALUES (%s, 1, %s, %s, 'booked', %s)",
        (resource, f"2026-03-09 {start}", f"2026-03-09 {end}", part),
    )


def test_a_visit_of_years_ago_can_be_completed(ria: psycopg.Connection) -> None:
    """Fault 2: CHECK appointment_date >= CURRENT_DATE."""
    ria.execute(
        "INSERT INTO appointments (shop_id, code, status, starts_at, ends_at, starts_local)"
        " VALUES (1, 'PAST', 'confirmed', '2020-01-01 10:00Z', '2020-01-01 11:00Z', '2020-01-01 10:00')"
    )
    assert ria.execute("UPDATE appointments SET status = 'completed' WHERE code = 'PAST'").rowcount == 1


def test_a_stylist_cannot_be_in_two_chairs(ria: psycopg.Connection) -> None:
    """Faults 4 and 12: no overlap rule."""
    for start, end in (("10:00Z", "10:45Z"), ("10:30Z", "10:35Z"), ("09:00Z", "12:00Z"), ("10:44Z", "11:00Z")):
        with pytest.raises(psycopg.errors.ExclusionViolation) as refusal, ria.transaction():
            _fact(ria, VISIT + 2, start, end)
        assert refusal.value.diag.constraint_name == "time_slots_no_overlap"


def test_one_visit_begins_where_another_ends(ria: psycopg.Connection) -> None:
    _fact(ria, VISIT + 2, "10:45Z", "11:30Z")
    _fact(ria, VISIT + 3, "10:00Z", "10:45Z", resource=2)


def test_a_held_time_is_taken_as_well(ria: psycopg.Connection) -> None:
    """cal.com 10789: two pending requests were both confirmed."""
    with pytest.raises(psycopg.errors.ExclusionViolation):
        ria.execute(
            "INSERT INTO time_slots (resource_id, shop_id, starts_at, ends_at, status, held_by, held_until, hold_key)"
            " SELECT 1, 1, '2026-03-09 10:15Z', '2026-03-09 10:30Z', 'held', actor_user(), '2026-03-09 10:00Z',"
            " gen_random_uuid()"
        )


def test_derived_pieces_may_lie_over_facts_while_a_day_is_rebuilt(ria: psycopg.Connection) -> None:
    ria.execute(
        "INSERT INTO time_slots (resource_id, shop_id, starts_at, ends_at, status)"
        " VALUES (1, 1, '2026-03-09 10:00Z', '2026-03-09 11:00Z', 'available')"
    )


def test_a_customer_cannot_be_in_two_chairs(ria: psycopg.Connection) -> None:
    with pytest.raises(psycopg.errors.ExclusionViolation) as refusal:
        _visit(ria, "TWICE", JANE, 10.5)
    assert refusal.value.diag.constraint_name == "appointments_customer_no_overlap"


def test_a_customer_may_book_for_a_guest_beside_herself(ria: psycopg.Connection) -> None:
    assert _visit(ria, "GUEST", JANE, 10.5, for_guest=True)


def test_people_without_a_name_do_not_hinder_each_other(ria: psycopg.Connection) -> None:
    """int8range(NULL, NULL) is unbounded: without the WHERE all walk-ins would be one person."""
    assert _visit(ria, "WALK1", None, 10.5) != _visit(ria, "WALK2", None, 10.5)


def test_a_cancelled_time_can_be_booked_again(ria: psycopg.Connection) -> None:
    """Fault 5: UNIQUE (customer, date, time) ignored the status."""
    for status in ("cancelled", "late_cancelled", "no_show", "void"):
        ria.execute("UPDATE appointments SET status = %s WHERE id = %s", (status, VISIT))
        ria.execute("DELETE FROM time_slots WHERE part_id = %s", (VISIT + 1,))
        again = _visit(ria, "AGAIN", JANE, 10)
        _fact(ria, VISIT + 2, "10:00Z", "10:45Z")
        ria.execute("DELETE FROM time_slots WHERE part_id = %s", (VISIT + 2,))
        ria.execute("UPDATE appointments SET status = 'void', code = %s WHERE id = %s", (f"V{again}", again))


def test_a_walk_in_needs_no_email(ria: psycopg.Connection) -> None:
    """Fault 6: email UNIQUE NOT NULL."""
    ria.execute("INSERT INTO customers (first_name) VALUES ('Lou'), ('Lou')")
    ria.execute(
        "INSERT INTO customers (first_name, email) VALUES ('Ed', 'home@doe.example'), ('Flo', 'home@doe.example')"
    )


def test_history_is_kept_by_months(owner: psycopg.Connection) -> None:
    """Faults 7 and 20: partitions of a table that was none."""
    kept = owner.execute("SELECT relkind::text, pg_get_partkeydef(oid) FROM pg_class WHERE relname = 'audit_log'")
    assert kept.fetchone() == ("p", "RANGE (at)")


def test_a_customer_who_paid_cannot_be_deleted_even_by_the_owner(owner: psycopg.Connection) -> None:
    """Fault 13: ON DELETE CASCADE took the payment with the patient."""
    paid = "SELECT count(*) FROM payments WHERE sale_id = %s"
    before = owner.execute(paid, (VISIT,)).fetchone()
    for table, number in (
        ("customers", JANE), ("appointments", VISIT), ("appointment_services", VISIT + 1), ("sales", VISIT),
        ("sale_lines", VISIT), ("stylists", 1), ("services", 1), ("taxes", 1), ("shops", 1), ("businesses", 1),
    ):  # fmt: skip
        with pytest.raises(psycopg.errors.IntegrityError), owner.transaction():
            owner.execute(f"DELETE FROM {table} WHERE id = %s", (number,))
    assert owner.execute(paid, (VISIT,)).fetchone() == before != (0,)


def test_nobody_at_the_desk_deletes_people_visits_or_money(desk: psycopg.Connection) -> None:
    signed_in(desk, "ada")
    for table in ("customers", "appointments", "appointment_services", "sales", "sale_lines", "payments", "users"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), desk.transaction():
            desk.execute(f"DELETE FROM {table}")


def test_a_closed_sale_is_never_edited(desk: psycopg.Connection) -> None:
    signed_in(desk, "ada")
    for change in (
        "UPDATE sales SET total = 1 WHERE id = 1000",
        "UPDATE sales SET status = 'open' WHERE id = 1000",
        "INSERT INTO sale_lines (sale_id, position, kind, name, quantity, unit_price, gross, taxable, tax, total)"
        " VALUES (1000, 2, 'other', 'Comb', 1, 1, 1, 1, 0, 1)",
        "INSERT INTO sale_line_taxes (sale_line_id, tax_id, name, percent, inclusive, taxable, amount)"
        " SELECT 1000, id, name, 20, true, 1, 1 FROM taxes",
        "INSERT INTO payments (sale_id, position, method, amount, tendered) VALUES (1000, 2, 'cash', 1, 1)",
        "INSERT INTO tips (sale_id, stylist_id, amount) VALUES (1000, 2, 1)",
    ):
        with pytest.raises(psycopg.errors.CheckViolation) as refusal, desk.transaction():
            desk.execute(change)
        assert refusal.value.diag.constraint_name == "sales_closed_is_kept"


@dataclass(frozen=True)
class Half:
    """A sale of a comb for ten pounds, with something missing."""

    constraint: str | None
    sold: bool = True
    taxed: bool = True
    paid: str = "10"
    tip: str = "0"
    closed: bool = True
    number: int | None = None


HALVES = {
    "everything there": Half(None),
    "nothing sold": Half("sales_add_up", sold=False),
    "a cent missing": Half("sales_add_up", paid="9.99"),
    "a cent too many": Half("sales_add_up", paid="10.01"),
    "a tip for nobody": Half("sales_add_up", tip="1", paid="11"),
    "a tax of no rate": Half("sales_taxes_add_up", taxed=False),
    "a number never given": Half("sales_number_was_given", number=99),
    "the end missing": Half("sales_closed_at_commit", closed=False),
}


@pytest.mark.parametrize("half", HALVES)
def test_only_a_whole_sale_is_kept(ria: psycopg.Connection, half: str) -> None:
    with nullcontext() if HALVES[half].constraint is None else pytest.raises(psycopg.errors.CheckViolation) as refusal:
        _sell(ria, HALVES[half])
        ria.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert (refusal.value.diag.constraint_name if refusal else None) == HALVES[half].constraint


def _sell(desk: psycopg.Connection, half: Half) -> None:
    sale = _one(
        desk,
        "INSERT INTO sales (shop_id, day, currency, subtotal, tax, total, tip)"
        f" VALUES (1, '2026-03-09', 'GBP', 10, 1.67, 10, {half.tip}) RETURNING id",
    )
    if half.sold:
        line = _one(
            desk,
            "INSERT INTO sale_lines (sale_id, position, kind, name, quantity, unit_price, gross, taxable, tax, total)"
            f" VALUES ({sale}, 1, 'other', 'Comb', 1, 10, 10, 8.33, 1.67, 10) RETURNING id",
        )
        desk.execute(
            "INSERT INTO sale_line_taxes (sale_line_id, tax_id, name, percent, inclusive, taxable, amount)"
            f" SELECT {line}, id, name, 20, true, 8.33, 1.67 FROM taxes WHERE {half.taxed}"
        )
    desk.execute(
        "INSERT INTO payments (sale_id, position, method, amount, tendered) VALUES (%s, 1, 'cash', %s, %s)",
        (sale, half.paid, half.paid),
    )
    if half.closed:
        number = half.number or _one(desk, "SELECT next_sale_number(1)")
        desk.execute("UPDATE sales SET status = 'closed', number = %s WHERE id = %s", (number, sale))


def _one(desk: psycopg.Connection, statement: str) -> int:
    row = desk.execute(statement).fetchone()
    assert row
    return int(row[0])
