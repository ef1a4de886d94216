"""From a visit to a closed sale: every cent accounted for, once, or nothing at all."""

from __future__ import annotations

import json
import uuid
from decimal import Decimal

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from frontdesk import errors
from frontdesk.db.transactions import transaction
from frontdesk.desk import Desk
from frontdesk.rules.pricing import CardOverTender, NotPaidInFull
from frontdesk.services.book.changing import HandOver, hand_over
from frontdesk.services.book.visits import LeaveVisit, ShowVisit, cancel, show
from frontdesk.services.papers.receipts import ShowReceipt, copy_receipt
from frontdesk.services.people.sign_in import open_desk
from frontdesk.services.reports.reports import ReportDay, day_report
from frontdesk.services.ticket.ticket_wishes import Off, Pay, SellProduct
from frontdesk.services.till.checkout import CheckOut, Receipted, check_out
from tests.services.desks import ANNA, BLOW_DRY, BO, COLOUR, CUT, JANE, KIM, booked, march
from tests.vale_street import token

CASH_100 = Pay(method="cash", amount=Decimal(100))
CASH_200 = Pay(method="cash", amount=Decimal(200))


def _count(desk: Desk, table: str) -> int:
    with transaction(desk) as session:
        return int(session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


def _visit_and_shampoo(desk: Desk, *tenders: Pay, tip: str = "0", discount: Off | None = None) -> Receipted:
    visit = booked(desk, JANE, march(9, 10), (CUT, ANNA), (BLOW_DRY, BO))
    return check_out(
        desk,
        CheckOut(
            appointment_ids=(visit.appointment_id,),
            products=(SellProduct(product_id=1, stylist_id=BO),),
            tip=Decimal(tip),
            discount=discount,
            tenders=tenders,
        ),
    )


def test_split_tender_tip_and_inclusive_tax_add_up(ria: Desk) -> None:
    sale = _visit_and_shampoo(
        ria, Pay(method="cash", amount=Decimal(50)), Pay(method="card", approval_code="A1B2"), tip="10"
    )
    assert (sale.total, sale.tax, sale.tip) == (Decimal("98.00"), Decimal("16.33"), Decimal("10.00"))
    assert [(p.method, p.amount) for p in sale.payments] == [("cash", Decimal("50.00")), ("card", Decimal("58.00"))]


def test_cash_over_gives_change_and_card_over_is_asked_about(ria: Desk) -> None:
    assert _visit_and_shampoo(ria, CASH_100).change == Decimal("2.00")
    with pytest.raises(CardOverTender):
        _visit_and_shampoo_again(ria, Pay(method="card", amount=Decimal(60), approval_code="1"))


def _visit_and_shampoo_again(desk: Desk, *tenders: Pay) -> Receipted:
    visit = booked(desk, KIM, march(9, 14))
    return check_out(desk, CheckOut(appointment_ids=(visit.appointment_id,), tenders=tenders))


def test_too_little_is_refused_and_says_what_is_left(ria: Desk) -> None:
    with pytest.raises(NotPaidInFull, match="48.00"):
        _visit_and_shampoo(ria, Pay(method="cash", amount=Decimal(50)))
    assert _count(ria, "sales") == 0


def test_a_card_needs_its_approval_code(ria: Desk) -> None:
    with pytest.raises(errors.ApprovalCodeMissing):
        _visit_and_shampoo(ria, Pay(method="card"))
    assert _count(ria, "sales") == 0


def test_a_visit_is_paid_once(ria: Desk, mo: Desk) -> None:
    visit = booked(ria, JANE, march(9, 9))
    check_out(ria, CheckOut(appointment_ids=(visit.appointment_id,), tenders=(CASH_100,)))
    with pytest.raises(errors.AlreadyPaid):
        check_out(mo, CheckOut(appointment_ids=(visit.appointment_id,), tenders=(CASH_100,)))


def test_the_same_key_takes_the_money_once(ria: Desk) -> None:
    visit = booked(ria, JANE, march(9, 9))
    wish = CheckOut(appointment_ids=(visit.appointment_id,), tenders=(CASH_100,))
    assert check_out(ria, wish) == check_out(ria, wish)
    assert _count(ria, "payments") == 1


def test_numbers_have_no_gaps_even_after_refused_sales(ria: Desk) -> None:
    numbers = [_shampoo(ria).number]
    with pytest.raises(NotPaidInFull):
        check_out(ria, CheckOut(products=(SellProduct(product_id=1),), tenders=()))
    numbers.append(_shampoo(ria).number)
    assert numbers == [1, 2]


def _shampoo(desk: Desk) -> Receipted:
    return check_out(desk, CheckOut(products=(SellProduct(product_id=1),), tenders=(CASH_100,)))


def test_commission_is_written_although_the_cashier_may_not_see_rates(ria: Desk, mo: Desk) -> None:
    _visit_and_shampoo(ria, CASH_100, discount=Off(percent=Decimal(10)))
    assert _count(ria, "commissions") == 0
    earned = {one.name: one.commission for one in day_report(mo, ReportDay()).stylists}
    # Anna: 45.00 with tax, 37.50 before it, at 40 %. Bo: 22.50 at 35.5 % and 13.50 at 10 %.
    assert earned == {"Anna": Decimal("15.00"), "Bo": Decimal("7.99") + Decimal("1.35")}


def test_the_cashier_reads_no_rates_even_by_plain_sql(ria: Desk) -> None:
    assert _count(ria, "commission_rules") == 0


def test_tips_are_shared_by_services_unless_one_is_named(ria: Desk) -> None:
    _visit_and_shampoo(ria, Pay(method="cash", amount=Decimal(106)), tip="8")
    with transaction(ria) as session:
        shared = session.execute(text("SELECT stylist_id, amount FROM tips ORDER BY stylist_id")).all()
    assert [tuple(row) for row in shared] == [(ANNA, Decimal("5.00")), (BO, Decimal("3.00"))]


def test_a_cancelled_visit_leaves_nothing_to_pay(ria: Desk) -> None:
    visit = booked(ria, JANE, march(9, 9))
    cancel(ria, LeaveVisit(appointment_id=visit.appointment_id, reason="Ill"))
    with pytest.raises(errors.NothingToPay):
        check_out(ria, CheckOut(appointment_ids=(visit.appointment_id,), tenders=(CASH_100,)))


def test_a_stylist_may_not_take_money_in_the_service_nor_in_plain_sql(ria: Desk) -> None:
    anna = open_desk(ria.sessions, token("anna"), ria.clock)
    with pytest.raises(errors.NotAllowed, match="Anna may not take payments"):
        _shampoo(anna)
    with pytest.raises(ProgrammingError) as refused, transaction(anna, uuid.uuid4()) as session:
        session.execute(text("SELECT next_sale_number(1)"))
    assert isinstance(refused.value.orig, psycopg.errors.InsufficientPrivilege)


def test_a_closed_sale_is_never_edited(ria: Desk) -> None:
    sale = _shampoo(ria)
    with pytest.raises(errors.SaleClosed), transaction(ria, uuid.uuid4()) as session:
        session.execute(text("UPDATE sales SET total = 1 WHERE id = :id"), {"id": sale.sale_id})


def test_a_sale_that_does_not_add_up_is_not_kept(ria: Desk) -> None:
    """The negative control: the same promise, broken on purpose, is refused by the database."""
    with pytest.raises(IntegrityError, match="does not add up"):
        _close_a_sale_that_is_short(ria)


def _close_a_sale_that_is_short(desk: Desk) -> None:
    sale = "INSERT INTO sales (shop_id, day, currency, status, total, imported_number) VALUES (1, '2026-03-09', 'GBP'"
    with desk.sessions() as session:
        session.execute(text("SELECT set_config('frontdesk.token', :token, true)"), {"token": desk.token})
        session.execute(text(sale + ", 'closed', 5, 'x')"))
        session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))


def test_a_copy_says_that_it_is_one_and_nothing_else_differs(ria: Desk) -> None:
    first = _visit_and_shampoo(ria, CASH_100, tip="2").receipt
    again = copy_receipt(ria, ShowReceipt(number=1)).receipt
    assert "COPY" in again
    assert "COPY" not in first
    assert set(first.splitlines()) <= set(again.splitlines())
    assert {len(line) for line in first.splitlines()} == {42}


def test_the_day_report_is_the_sum_of_its_sales(ria: Desk, mo: Desk) -> None:
    sales = [_shampoo(ria), _visit_and_shampoo(ria, CASH_100, tip="2")]
    report = day_report(mo, ReportDay())
    assert report.total == sum(sale.total for sale in sales)
    assert report.tenders == {"cash": sum(sale.total + sale.tip for sale in sales)}
    assert sum(one.total for one in report.stylists) == report.total
    assert report.taxes == {"VAT": report.tax}
    with pytest.raises(errors.NotAllowed, match="Ria may not see the day's takings. Ask a manager."):
        day_report(ria, ReportDay())


def _handed_over(desk: Desk) -> int:
    """A colour that Anna begins and Bo finishes: 30 minutes each, and a visit to pay."""
    visit = booked(desk, JANE, march(9, 10), (COLOUR, ANNA))
    line = show(desk, ShowVisit(code=visit.code)).lines[0].id
    hand_over(desk, HandOver(line_id=line, stylist_id=BO, at=march(9, 10, 45)))
    return visit.appointment_id


def test_work_that_changed_hands_is_shared_by_their_minutes_to_the_cent(ria: Desk, mo: Desk) -> None:
    visit = _handed_over(ria)
    wish = CheckOut(
        appointment_ids=(visit,), discount=Off(amount=Decimal("0.01")), tip=Decimal("7.01"), tenders=(CASH_200,)
    )
    check_out(ria, wish)
    with transaction(mo) as session:
        earned = session.execute(text("SELECT stylist_id, base, percent, amount FROM commissions ORDER BY 1")).all()
        taxable = session.execute(text("SELECT taxable FROM sale_lines")).scalar_one()
        tips = session.execute(text("SELECT stylist_id, amount FROM tips ORDER BY 1")).all()
    # 119.99 with tax are 99.99 before it: an odd cent, and it is Anna's, who began.
    assert taxable == Decimal("99.99")
    assert [tuple(row) for row in earned] == [
        (ANNA, Decimal("50.00"), Decimal("40"), Decimal("20.00")),
        (BO, Decimal("49.99"), Decimal("35.5"), Decimal("17.75")),
    ]
    assert [tuple(row) for row in tips] == [(ANNA, Decimal("3.51")), (BO, Decimal("3.50"))]


_OPEN_TICKET = """
    WITH s AS (INSERT INTO sales (shop_id, day, currency) VALUES (1, '2026-03-09', 'GBP') RETURNING id)
    INSERT INTO sale_lines (sale_id, position, kind, stylist_id, name, quantity, unit_price, gross, taxable, tax, total)
    SELECT id, 1, 'service', 1, 'Cut', 1, 60, 60, 50, 10, 60 FROM s RETURNING sale_id, id
"""


@pytest.mark.parametrize("minutes", [(0,), (30, -10), (30, None)])
def test_the_door_takes_no_shares_that_are_not_the_line(ria: Desk, minutes: tuple[int | None, ...]) -> None:
    with transaction(ria, uuid.uuid4()) as session:
        sale, line = session.execute(text(_OPEN_TICKET)).one()
        shares = [{"line": line, "stylist": who, "minutes": each} for who, each in enumerate(minutes, start=1)]
        door = text("SELECT write_commissions(:sale, 2, CAST(:hands AS jsonb))")
        with pytest.raises(IntegrityError, match="shares of a line"), session.begin_nested():
            session.execute(door, {"sale": sale, "hands": json.dumps(shares)})
        session.rollback()
