"""Money that goes back: never more than was paid, with its taxes, under a number of its own (features CO13, CO14)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.pool import NullPool
from sqlmodel import Session

from frontdesk import errors
from frontdesk.clock import SetClock
from frontdesk.db.engine import open_engine
from frontdesk.db.server import Handle
from frontdesk.db.transactions import transaction
from frontdesk.desk import Desk
from frontdesk.permissions import Deed
from frontdesk.rules.giving_back import MoreThanLeft
from frontdesk.services.book.visits import ShowVisit, show
from frontdesk.services.drawers.drawer_counts import CountDrawer, count_drawer
from frontdesk.services.drawers.drawers import AddDrawer, OpenDrawer, add_drawer, open_drawer
from frontdesk.services.papers.receipts import ShowReceipt, copy_receipt
from frontdesk.services.people.people import ChangeSecret, RegisterTerminal, register_terminal, set_pin
from frontdesk.services.people.sign_in import approve, open_desk
from frontdesk.services.prepaid.credit import GiveCredit, ListCredit, give_credit, list_credit
from frontdesk.services.ticket.ticket_wishes import Off, Pay, SellProduct
from frontdesk.services.till.checkout import CheckOut, Receipted, check_out
from frontdesk.services.till.refunding import (
    GiveBackBy,
    GiveBackLine,
    NothingToGiveBack,
    Refund,
    Refundable,
    Refunded,
    ShowRefundable,
    refund,
    refundable,
)
from frontdesk.services.till.voiding import RefundedAlready, ShowLastSale, VoidSale, last_sale, void
from tests import vale_street
from tests.conftest import desk_conninfo
from tests.services.desks import ANNA, BLOW_DRY, BO, CUT, JANE, booked, march
from tests.services.lock_line import until_they_wait

CARD_REST = Pay(method="card", approval_code="A1B2")


def sold(desk: Desk, *tenders: Pay, tip: str = "10", discount: Off | None = None, quantity: int = 1) -> Receipted:
    """A cut, a blow-dry and shampoo: 98.00 of it 16.33 tax, 50.00 of it in cash and the rest by card."""
    visit = booked(desk, JANE, march(9, 10), (CUT, ANNA), (BLOW_DRY, BO))
    return check_out(
        desk,
        CheckOut(
            appointment_ids=(visit.appointment_id,),
            products=(SellProduct(product_id=1, stylist_id=BO, quantity=quantity),),
            tip=Decimal(tip),
            discount=discount,
            discount_reason="Regular" if discount else "",
            tenders=tenders or (Pay(method="cash", amount=Decimal(50)), CARD_REST),
        ),
    )


def left(desk: Desk, sale: Receipted) -> Refundable:
    return refundable(desk, ShowRefundable(number=sale.number))


def ask(desk: Desk, statement: str) -> list[tuple[object, ...]]:
    with transaction(desk) as session:
        return [tuple(row) for row in session.execute(text(statement))]


def test_a_line_goes_back_with_its_tax_and_its_number_is_the_next(ria: Desk, mo: Desk) -> None:
    sale = sold(ria)
    shampoo = left(ria, sale).lines[2]
    back = refund(mo, Refund(number=1, reason="Burst", lines=(GiveBackLine(line_id=shampoo.line_id),)))
    assert (back.number, back.total, back.tax, back.tip) == (2, Decimal("18.00"), Decimal("3.00"), Decimal("0.00"))
    assert [(one.method, one.amount) for one in back.payments] == [("card", Decimal("18.00"))]
    after = left(ria, sale)
    assert (after.lines[2].quantity, after.lines[2].total) == (Decimal(0), Decimal("0.00"))
    assert after.total == Decimal("80.00")
    assert after.why_no_void == "Some of it has gone back already."
    with pytest.raises(MoreThanLeft, match="Only nothing is left of Shampoo"):
        refund(mo, Refund(number=1, reason="Again", lines=(GiveBackLine(line_id=shampoo.line_id),)))


def test_everything_goes_back_to_what_it_was_paid_with_and_the_tip_to_the_cent(ria: Desk, mo: Desk) -> None:
    sale = sold(ria, discount=Off(percent=Decimal(7)), tip="8.01")
    whole = refund(mo, Refund(sale_id=sale.sale_id, reason="Unhappy"))
    assert (whole.total, whole.tax, whole.tip) == (sale.total, sale.tax, sale.tip)
    assert {one.method: one.amount for one in whole.payments} == {one.method: one.amount for one in sale.payments}
    sums = "SELECT sum(total), sum(tax), sum(tip), sum(subtotal), sum(discount) FROM sales"
    assert ask(mo, sums) == [(0, 0, 0, 0, 0)]
    assert ask(mo, "SELECT stylist_id, sum(amount) FROM tips GROUP BY 1 HAVING sum(amount) <> 0") == []
    assert ask(mo, "SELECT sum(amount), sum(taxable) FROM sale_line_taxes") == [(0, 0)]
    with pytest.raises(NothingToGiveBack, match="Nothing of receipt 1 is left"):
        refund(mo, Refund(number=1, reason="Again"))


def test_an_amount_is_spread_over_the_lines_and_the_last_cent_comes_with_the_rest(ria: Desk, mo: Desk) -> None:
    sale = sold(ria, discount=Off(percent=Decimal(7)))
    for amount in ("10.01", "0.01", "33.33"):
        back = refund(mo, Refund(number=1, reason="Goodwill", amount=Decimal(amount)))
        assert back.total == Decimal(amount)
    assert [line.quantity for line in left(ria, sale).lines] == [1, 1, 1], "no thing came back"
    rest = refund(mo, Refund(number=1, reason="Unhappy"))
    assert rest.total == sale.total - Decimal("43.35")
    assert ask(mo, "SELECT sum(total), sum(tax), sum(taxable), sum(quantity) FROM sale_lines") == [(0, 0, 0, 0)]


def test_some_of_several_take_their_part_of_the_price(ria: Desk, mo: Desk) -> None:
    sale = sold(ria, quantity=3, discount=Off(amount=Decimal("0.01")))
    line = left(ria, sale).lines[2]
    parts = [
        refund(
            mo, Refund(number=1, reason="Too many", lines=(GiveBackLine(line_id=line.line_id, quantity=Decimal(1)),))
        )
        for _ in range(3)
    ]
    assert sum(part.total for part in parts) == line.total
    assert left(ria, sale).lines[2].quantity == 0


def test_the_tip_goes_back_by_whoever_has_it(ria: Desk, mo: Desk) -> None:
    sold(ria, tip="8")
    back = refund(mo, Refund(number=1, reason="Mistyped", tip=Decimal("3.01")))
    assert (back.total, back.tip) == (Decimal("0.00"), Decimal("3.01"))
    given = ask(mo, f"SELECT stylist_id, amount FROM tips WHERE sale_id = {back.sale_id} ORDER BY 1")
    assert given == [(ANNA, Decimal("-1.88")), (BO, Decimal("-1.13"))]


def test_somebody_may_say_by_which_tender_and_never_more_than_it_paid(ria: Desk, mo: Desk) -> None:
    sale = sold(ria)
    cash, card = left(ria, sale).tenders
    shampoo = GiveBackLine(line_id=left(ria, sale).lines[2].line_id)

    def by(*tenders: GiveBackBy) -> Refunded:
        return refund(mo, Refund(number=1, reason="Burst", lines=(shampoo,), tenders=tenders))

    with pytest.raises(MoreThanLeft, match=r"Only 50.00 GBP is left of what was paid by cash"):
        by(GiveBackBy(payment_id=cash.payment_id, amount=Decimal(51)))
    with pytest.raises(errors.BadInput, match="Make them the same"):
        by(GiveBackBy(payment_id=cash.payment_id, amount=Decimal(5)))
    with pytest.raises(errors.BadInput, match="no tender of this sale"):
        by(GiveBackBy(payment_id=99, amount=Decimal(18)))
    back = by(
        GiveBackBy(payment_id=cash.payment_id, amount=Decimal(8)),
        GiveBackBy(payment_id=card.payment_id, amount=Decimal(10)),
    )
    assert [(one.method, one.amount) for one in back.payments] == [("cash", Decimal(8)), ("card", Decimal(10))]


def test_money_may_become_credit_and_says_why(ria: Desk, mo: Desk) -> None:
    sold(ria)
    back = refund(mo, Refund(number=1, reason="Unhappy", amount=Decimal(60), to_credit=True))
    assert [(one.method, one.amount) for one in back.payments] == [("credit", Decimal(2)), ("credit", Decimal(58))]
    credits_ = list_credit(ria, ListCredit(customer_id=JANE))
    assert credits_.total == Decimal(60)
    assert {one.reason for one in credits_.credits} == {"Unhappy"}
    rest = refundable(ria, ShowRefundable(number=1))
    assert [(one.method, one.amount) for one in rest.tenders] == [("cash", Decimal(48))]


def test_what_was_paid_by_credit_is_not_given_twice_when_the_rest_becomes_credit(ria: Desk, mo: Desk) -> None:
    first = give_credit(mo, GiveCredit(customer_id=JANE, amount=Decimal(14), reason="Sorry"))
    sold(ria, Pay(method="credit"), Pay(method="cash"), tip="0")
    assert list_credit(ria, ListCredit(customer_id=JANE)).total == 0
    refund(mo, Refund(number=1, reason="Unhappy", to_credit=True))
    credits_ = list_credit(ria, ListCredit(customer_id=JANE))
    assert credits_.total == Decimal(98)
    assert {one.id: one.balance for one in credits_.credits}[first.id] == Decimal(14)


def test_a_refund_needs_a_reason_and_a_manager(ria: Desk, mo: Desk) -> None:
    sold(ria)
    with pytest.raises(errors.ReasonMissing):
        refund(mo, Refund(number=1, reason=" \x1b "))
    with pytest.raises(errors.NotAllowed, match="Ria may not give money back"):
        refund(ria, Refund(number=1, reason="Burst"))
    assert ask(mo, "SELECT count(*) FROM sales") == [(1,)]


def test_whoever_allowed_it_is_written_down(ria: Desk, mo: Desk, ada: Desk) -> None:
    sold(ria)
    set_pin(ada, ChangeSecret(user_id=mo.actor.user_id, secret="9876"))
    secret = register_terminal(ada, RegisterTerminal(name="left")).secret
    code = approve(ria, login="mo", pin="9876", deed=Deed.REFUND, terminal_secret=secret)
    refund(ria, Refund(number=1, reason="Burst", amount=Decimal(5), approval=code))
    allowed = "SELECT u.login FROM sales s JOIN users u ON u.id = s.approved_by"
    assert ask(ada, allowed) == [("mo",)]
    with pytest.raises(errors.NotAllowed):
        refund(ria, Refund(number=1, reason="Burst", amount=Decimal(5), approval=code))


def test_nothing_goes_back_of_a_refund(ria: Desk, mo: Desk) -> None:
    sold(ria)
    back = refund(mo, Refund(number=1, reason="Burst", amount=Decimal(5)))
    with pytest.raises(errors.RefundOfRefund, match="Receipt 2 gives money back itself.*receipt 1"):
        refund(mo, Refund(number=back.number, reason="Burst"))
    with pytest.raises(errors.NotFound, match="no receipt 77"):
        refund(mo, Refund(number=77, reason="Burst"))


def test_wishes_that_make_no_sense_change_nothing(ria: Desk, mo: Desk) -> None:
    sale = sold(ria)
    cut, *_ = left(ria, sale).lines
    for wish in (
        Refund(number=1, reason="x", amount=Decimal(0)),
        Refund(number=1, reason="x", amount=Decimal("-1")),
        Refund(number=1, reason="x", amount=Decimal("0.001")),
        Refund(number=1, reason="x", tip=Decimal(-1)),
        Refund(number=1, reason="x", amount=Decimal(1), lines=(GiveBackLine(line_id=cut.line_id),)),
        Refund(number=1, reason="x", lines=(GiveBackLine(line_id=cut.line_id), GiveBackLine(line_id=cut.line_id))),
        Refund(number=1, reason="x", lines=(GiveBackLine(line_id=999),)),
        Refund(number=1, reason="x", lines=(GiveBackLine(line_id=cut.line_id, quantity=Decimal(-1)),)),
        Refund(
            number=1, reason="x", lines=(GiveBackLine(line_id=cut.line_id, quantity=Decimal(1), amount=Decimal(1)),)
        ),
    ):
        with pytest.raises(errors.BadInput):
            refund(mo, wish)
    for wish in (
        Refund(number=1, reason="x", amount=Decimal("98.01")),
        Refund(number=1, reason="x", tip=Decimal("10.01")),
        Refund(number=1, reason="x", lines=(GiveBackLine(line_id=cut.line_id, amount=Decimal("50.01")),)),
        Refund(number=1, reason="x", lines=(GiveBackLine(line_id=cut.line_id, quantity=Decimal(2)),)),
    ):
        with pytest.raises(MoreThanLeft):
            refund(mo, wish)
    assert ask(mo, "SELECT count(*) FROM sales") == [(1,)]


def test_the_same_key_gives_back_once(ria: Desk, mo: Desk) -> None:
    sold(ria)
    wish = Refund(number=1, reason="Burst", amount=Decimal(5))
    assert refund(mo, wish) == refund(mo, wish)
    assert ask(mo, "SELECT count(*) FROM sales") == [(2,)]


def test_a_voided_visit_is_to_be_paid_again_and_both_numbers_stay(ria: Desk, mo: Desk) -> None:
    sale = sold(ria)
    assert last_sale(ria, ShowLastSale()).sale is not None
    gone = void(ria, VoidSale(number=1, reason="Wrong customer"))
    assert (gone.number, gone.corrects_number, gone.total, gone.tip) == (2, 1, sale.total, sale.tip)
    visit = show(ria, ShowVisit(appointment_id=gone.visits[0]))
    assert not any(line.paid for line in visit.lines)
    assert last_sale(ria, ShowLastSale()).sale is None
    assert ask(mo, "SELECT number, kind, total FROM sales ORDER BY 1") == [
        (1, "sale", Decimal("98.00")),
        (2, "void", Decimal("-98.00")),
    ]
    assert "*** VOIDED BY RECEIPT 2 ***" in copy_receipt(ria, ShowReceipt(number=1)).receipt
    assert "VOIDED" not in sale.receipt
    with pytest.raises(errors.VoidedAlready):
        void(ria, VoidSale(number=1, reason="Again"))
    with pytest.raises(errors.VoidedAlready):
        refund(mo, Refund(number=1, reason="Again"))
    again = check_out(ria, CheckOut(appointment_ids=gone.visits, tenders=(Pay(method="cash", amount=Decimal(100)),)))
    assert again.number == 3


def test_a_sale_of_which_some_went_back_is_not_voided(ria: Desk, mo: Desk) -> None:
    sold(ria)
    refund(mo, Refund(number=1, reason="Burst", amount=Decimal(5)))
    with pytest.raises(RefundedAlready, match="Give the rest back as a refund"):
        void(ria, VoidSale(number=1, reason="Wrong"))


def test_after_the_drawer_is_counted_only_a_refund_is_offered(ria: Desk, mo: Desk, drawer: int) -> None:
    sale = sold(ria)
    assert left(ria, sale).why_no_void == ""
    close_session(ria, drawer, Decimal(150))
    assert left(ria, sale).why_no_void.endswith("Give the money back as a refund.")
    with pytest.raises(errors.VoidAfterClose):
        void(ria, VoidSale(number=1, reason="Wrong"))
    by_card = refund(mo, Refund(number=1, reason="Wrong", amount=Decimal(5)))
    assert by_card.payments[0].method == "card"


@pytest.fixture
def drawer(ria: Desk, ada: Desk) -> int:
    """Drawer 1, open with 100.00 in it: its session."""
    added = add_drawer(ada, AddDrawer(name="Drawer 1"))
    return open_drawer(ria, OpenDrawer(drawer_id=added.id, total=Decimal(100))).session_id


def close_session(desk: Desk, session_id: int, counted: Decimal) -> None:
    """Count it, and close it as the close of the day does."""
    count_drawer(desk, CountDrawer(session_id=session_id, total=counted))
    with transaction(desk, uuid4()) as session:
        session.execute(
            text(
                "UPDATE drawer_sessions SET closed_on = opened_on, closed_at = :at, closed_by = actor_user(),"
                " counted = :counted,"
                " expected = :counted, float_left = :counted, banked = 0 WHERE id = :id"
            ),
            {"id": session_id, "at": desk.clock.now(), "counted": counted},
        )


@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "with the promises dropped"])
def test_two_tills_at_once_never_give_back_more_than_was_paid(server: Handle, committed: str, guarded: bool) -> None:
    engine = open_engine(desk_conninfo(server, committed), poolclass=NullPool)

    def till(login: str) -> Desk:
        return open_desk(lambda: Session(engine), vale_street.token(login), SetClock(vale_street.NOW))

    sold(till("ria"))
    desks = [till("mo") for _ in range(2)]

    def give_back(desk: Desk) -> str:
        try:
            refund(desk, Refund(number=1, reason="Unhappy", amount=Decimal(60)))
        except errors.MoreThanWasPaid:
            return "refused"
        return "given back"

    with psycopg.connect(server.conninfo(committed)) as owner, ThreadPoolExecutor(2) as pool:
        if not guarded:
            owner.execute("DROP TRIGGER sales_give_back_what_was_paid ON sales")
            owner.execute(
                "CREATE FUNCTION anything() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';"
                " CREATE CONSTRAINT TRIGGER sales_give_back_what_was_paid AFTER INSERT ON sales"
                " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION anything()"
            )
            owner.commit()
        # Both have read what is left, and wait for a number, before either of them is done.
        owner.execute("SELECT FROM sale_numbers FOR UPDATE")
        waiting = [pool.submit(give_back, desk) for desk in desks]
        until_they_wait(server.conninfo(committed), 2)
        owner.commit()
        outcomes = sorted(one.result() for one in waiting)
        gone = owner.execute("SELECT -sum(total) FROM sales WHERE kind = 'refund'").fetchone()
    engine.dispose()
    assert outcomes == (["given back", "refused"] if guarded else ["given back", "given back"])
    assert gone == ((Decimal(60),) if guarded else (Decimal(120),))
