"""What a refund and a void move besides money: stock, commission, cards, fees, the journal (features CO13, CO14)."""

from __future__ import annotations

import random
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from frontdesk import errors
from frontdesk.db.transactions import transaction
from frontdesk.desk import Desk
from frontdesk.services.book.fees import FindOpenFees, open_fees
from frontdesk.services.book.policies import SetPolicy, set_policy
from frontdesk.services.book.visits import LeaveVisit, no_show
from frontdesk.services.reports.journal import VerifyJournal, verify_journal
from frontdesk.services.ticket.ticket_wishes import Off, Pay, SellGiftCard, SellProduct
from frontdesk.services.till.checkout import CheckOut, check_out
from frontdesk.services.till.refunding import GiveBackLine, Policy, Refund, ShowRefundable, refund, refundable
from frontdesk.services.till.voiding import VoidSale, void
from tests.seeds import seeds
from tests.services.desks import ANNA, BLOW_DRY, BO, CUT, JANE, booked, march

CASH = Pay(method="cash", amount=Decimal(500))


def figure(desk: Desk, statement: str) -> Decimal:
    """One sum."""
    with transaction(desk) as session:
        return Decimal(session.execute(text(f"SELECT coalesce(({statement}), 0)")).scalar_one())


def stock(desk: Desk) -> Decimal:
    return figure(desk, "SELECT sum(quantity) FROM stock_moves WHERE product_id = 1")


def sold(desk: Desk, *tenders: Pay, quantity: int = 2) -> int:
    visit = booked(desk, JANE, march(9, 10), (CUT, ANNA))
    wish = CheckOut(
        appointment_ids=(visit.appointment_id,),
        products=(SellProduct(product_id=1, stylist_id=BO, quantity=quantity),),
        tenders=tenders or (CASH,),
    )
    return check_out(desk, wish).number


def line(desk: Desk, number: int, kind: str) -> int:
    return next(one.line_id for one in refundable(desk, ShowRefundable(number=number)).lines if one.kind == kind)


def test_what_comes_back_stands_on_the_shelf_unless_it_is_damaged(ria: Desk, mo: Desk) -> None:
    before = stock(mo)
    shampoo = line(ria, sold(ria), "product")
    if stock(mo) == before:
        pytest.skip("shampoo is not counted here")
    assert stock(mo) == before - 2

    def back(damaged: bool) -> None:
        one = GiveBackLine(line_id=shampoo, quantity=Decimal(1), is_damaged=damaged)
        refund(mo, Refund(number=1, reason="Burst", lines=(one,)))

    back(damaged=False)
    assert stock(mo) == before - 1
    back(damaged=True)
    assert stock(mo) == before - 1


def test_money_alone_moves_no_stock_and_a_void_all_of_it(ria: Desk, mo: Desk) -> None:
    before = stock(mo)
    sold(ria)
    after = stock(mo)
    refund(mo, Refund(number=1, reason="Goodwill", amount=Decimal(20)))
    assert stock(mo) == after
    check_out(ria, CheckOut(products=(SellProduct(product_id=1),), tenders=(CASH,)))
    void(ria, VoidSale(number=3, reason="Wrong"))
    assert stock(mo) == after
    refund(mo, Refund(number=1, reason="Rest"))
    assert stock(mo) == before


@pytest.mark.parametrize(("policy", "kept"), [("withhold", 0), ("goodwill", 1), ("split", Decimal("0.5")), (None, 1)])
def test_commission_follows_the_policy(ria: Desk, mo: Desk, policy: Policy | None, kept: Decimal) -> None:
    sold(ria)
    earned = figure(mo, "SELECT sum(amount) FROM commissions")
    assert earned > 0
    refund(mo, Refund(number=1, reason="Unhappy", commission=policy))
    left = figure(mo, "SELECT sum(amount) FROM commissions")
    assert abs(left - earned * kept) <= Decimal("0.01")


def test_a_void_takes_all_commission_back(ria: Desk, mo: Desk) -> None:
    sold(ria)
    void(ria, VoidSale(number=1, reason="Wrong"))
    assert figure(mo, "SELECT sum(amount) FROM commissions") == 0


def on_card(desk: Desk) -> Decimal:
    return figure(desk, "SELECT sum(amount) FROM prepayment_entries")


def test_a_gift_card_gets_back_what_it_paid(ria: Desk, mo: Desk) -> None:
    card = CheckOut(gift_cards=(SellGiftCard(amount=Decimal(50), code="GIFT2026"),), tenders=(CASH,))
    check_out(ria, card)
    sold(ria, Pay(method="gift_card", code="GIFT2026", amount=Decimal(30)), CASH)
    assert on_card(mo) == 20
    back = refund(mo, Refund(number=2, reason="Burst", lines=(GiveBackLine(line_id=line(ria, 2, "product")),)))
    assert [(one.method, one.amount) for one in back.payments] == [("gift_card", Decimal(30)), ("cash", Decimal(6))]
    assert on_card(mo) == 50
    assert "Gift card …2026, left                50.00" in back.receipt


def test_a_card_that_was_used_is_not_given_back_whole(ria: Desk, mo: Desk) -> None:
    check_out(ria, CheckOut(gift_cards=(SellGiftCard(amount=Decimal(50), code="GIFT2026"),), tenders=(CASH,)))
    sold(ria, Pay(method="gift_card", code="GIFT2026", amount=Decimal(30)), CASH)
    with pytest.raises(errors.Refusal):
        void(ria, VoidSale(number=1, reason="Wrong"))
    assert figure(mo, "SELECT count(*) FROM sales") == 2


@pytest.mark.parametrize(("back", "owed"), [(void, 1), (refund, 0)], ids=["void", "refund"])
def test_a_fee_is_owed_again_after_a_void_and_forgiven_by_a_refund(
    ria: Desk, mo: Desk, back: Callable[[Desk, Any], object], owed: int
) -> None:
    set_policy(mo, SetPolicy(notice_minutes=1440, late_percent=Decimal(50), no_show_percent=Decimal(100)))
    missed = booked(ria, JANE, march(9, 9))
    no_show(ria, LeaveVisit(appointment_id=missed.appointment_id, fee=Decimal(50)))
    (fee,) = open_fees(ria, FindOpenFees(customer_id=JANE)).fees
    check_out(ria, CheckOut(fee_ids=(fee.id,), tenders=(CASH,)))
    assert open_fees(ria, FindOpenFees(customer_id=JANE)).fees == ()
    back(mo, (VoidSale if back is void else Refund)(number=1, reason="It was our mistake"))
    assert len(open_fees(ria, FindOpenFees(customer_id=JANE)).fees) == owed


@pytest.mark.parametrize("seed", seeds(1))
def test_a_shuffled_day_of_refunds_leaves_every_sum_even_and_the_journal_balanced(
    ria: Desk, mo: Desk, seed: int
) -> None:
    dice = random.Random(seed)
    numbers = []
    for hour in (9, 11, 13, 15):
        visit = booked(ria, None, march(9, hour), (CUT, ANNA), (BLOW_DRY, BO))
        wish = CheckOut(
            appointment_ids=(visit.appointment_id,),
            products=(SellProduct(product_id=1, quantity=dice.randint(1, 3)),),
            discount=Off(percent=Decimal(dice.randint(0, 30))) if dice.random() < 0.7 else None,
            discount_reason="Regular",
            tip=Decimal(dice.randint(0, 999)) / 100,
            tenders=(Pay(method="card", amount=Decimal(dice.randint(1, 30)), approval_code="A1"), CASH),
        )
        numbers.append(check_out(ria, wish).number)
    for number in numbers:
        for _ in range(dice.randint(0, 2)):
            left = refundable(mo, ShowRefundable(number=number))
            amount = left.total * dice.randint(1, 60) / 100
            cents = Decimal(int(amount * 100)) / 100
            if cents:
                refund(mo, Refund(number=number, reason="Some", amount=cents))
        if dice.random() < 0.8:
            refund(mo, Refund(number=number, reason="Rest"))
        else:
            refund(mo, Refund(number=number, reason="Things", lines=_things(mo, number)))
            refund(mo, Refund(number=number, reason="Rest"))
    for column in ("total", "tax", "tip", "discount", "subtotal"):
        assert figure(mo, f"SELECT sum({column}) FROM sales") == 0
    assert figure(mo, "SELECT sum(amount) FROM payments") == 0
    assert figure(mo, "SELECT sum(quantity) FROM sale_lines") == 0
    assert figure(mo, "SELECT sum(amount) FROM tips") == 0
    assert verify_journal(mo, VerifyJournal()).is_whole


def _things(desk: Desk, number: int) -> tuple[GiveBackLine, ...]:
    left = refundable(desk, ShowRefundable(number=number)).lines
    return tuple(GiveBackLine(line_id=one.line_id) for one in left if one.quantity)[:2]


def test_cash_goes_back_in_coins_and_in_the_end_all_of_it(ria: Desk, ada: Desk) -> None:
    with transaction(ada, uuid4()) as session:
        session.execute(text("UPDATE shops SET cash_rounding = 0.05 WHERE id = 1"))
    off = Off(amount=Decimal("0.02"))
    wish = CheckOut(products=(SellProduct(product_id=1),), discount=off, discount_reason="Dent", tenders=(CASH,))
    sale = check_out(ria, wish)
    assert (sale.total, sale.change) == (Decimal("18.00"), Decimal("482.00"))
    first = refund(ada, Refund(number=1, reason="Some", amount=Decimal("5.02")))
    assert [(one.method, one.amount) for one in first.payments] == [("cash", Decimal("5.00"))]
    assert "Rounding" in first.receipt
    rest = refund(ada, Refund(number=1, reason="Rest"))
    assert [(one.method, one.amount) for one in rest.payments] == [("cash", Decimal("13.00"))]
    assert figure(ada, "SELECT sum(total) FROM sales") == 0
    assert verify_journal(ada, VerifyJournal()).is_whole
