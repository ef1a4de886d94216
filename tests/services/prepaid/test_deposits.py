"""Deposits: asked for by rule, shown on the visit, offered at the checkout, and never more than the price together with
a fee (features BK24)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from frontdesk import errors
from frontdesk.clock import SetClock
from frontdesk.desk import Desk
from frontdesk.rules.prepayments import default_rule
from frontdesk.services.book.fees import FindOpenFees, WhatLeavingCosts, open_fees, what_leaving_costs
from frontdesk.services.book.policies import SetPolicy, set_policy
from frontdesk.services.book.visits import LeaveVisit, ShowVisit, cancel, no_show, show
from frontdesk.services.prepaid.credit import ListCredit, list_credit
from frontdesk.services.prepaid.deposits import (
    CloseDeposit,
    DepositNotForfeit,
    DepositOf,
    DepositStand,
    GiveBackByRefund,
    ListDeposits,
    MoveDeposit,
    NothingToKeep,
    close_deposit,
    deposit_of,
    list_deposits,
    move_deposit,
)
from frontdesk.services.prepaid.paying_deposit import NoDepositPaid
from frontdesk.services.prepaid.prepaid import TransferAwaited
from frontdesk.services.prepaid.prepaid_rules import SetDepositRule, SetPrepaidRule, set_deposit_rule, set_prepaid_rule
from frontdesk.services.prepaid.selling_deposits import DepositTooHigh, VisitIsOver
from frontdesk.services.prepaid.transfers import EnterArrival, ListTransfers, arrived, list_transfers
from frontdesk.services.ticket.ticket_wishes import Pay, TakeDeposit
from frontdesk.services.till.checkout import CheckOut, Receipted, check_out
from frontdesk.services.till.refunding import Refund, refund
from frontdesk.services.till.ticket import QuoteTicket, quote
from tests.services.desks import ANNA, COLOUR, CUT, JANE, KIM, booked, march
from tests.services.prepaid.test_gift_cards import CASH, SHAMPOO, asked, owed

THIRTY = Decimal(30)


@pytest.fixture
def colour(ria: Desk, mo: Desk) -> int:
    """Jane's colour of 120.00 on Wednesday; new customers leave 30 % for one."""
    set_deposit_rule(mo, SetDepositRule(service_id=COLOUR, who="new", percent=THIRTY))
    return booked(ria, JANE, march(11, 13), (COLOUR, ANNA)).appointment_id


def left_for(desk: Desk, visit: int, amount: str = "36.00", pay: Pay = CASH) -> Receipted:
    """A deposit for a visit."""
    return check_out(
        desk, CheckOut(deposits=(TakeDeposit(appointment_id=visit, amount=Decimal(amount)),), tenders=(pay,))
    )


def stand(desk: Desk, visit: int) -> DepositStand:
    """How a visit's deposit stands."""
    return deposit_of(desk, DepositOf(appointment_id=visit))


def test_colour_asks_thirty_percent_of_new_customers(ria: Desk, colour: int, clock: SetClock) -> None:
    assert stand(ria, colour).asked == Decimal("36.00")
    assert booked(ria, KIM, march(11, 9), (COLOUR, ANNA)).deposit_asked == Decimal("36.00"), "said while booking"
    assert show(ria, ShowVisit(appointment_id=colour)).deposit_asked == Decimal("36.00")
    assert stand(ria, booked(ria, JANE, march(12, 10)).appointment_id).asked == 0, "a cut asks for none"
    check_out(ria, CheckOut(appointment_ids=(colour,), tenders=(CASH,)))
    assert stand(ria, colour).asked == Decimal("36.00"), "and her first visit stays her first"


def test_a_regular_is_not_asked_and_whoever_once_did_not_come_is(ria: Desk, mo: Desk, clock: SetClock) -> None:
    set_deposit_rule(mo, SetDepositRule(service_id=CUT, who="new", percent=THIRTY))
    set_deposit_rule(mo, SetDepositRule(who="no_show", amount=Decimal(20)))
    first = booked(ria, JANE, march(9, 10)).appointment_id
    with_one = booked(ria, JANE, march(12, 10)).appointment_id
    assert stand(ria, with_one).asked == Decimal("15.00")
    _done(ria, first)
    assert stand(ria, with_one).asked == 0
    missed = booked(ria, JANE, march(9, 14)).appointment_id
    clock.set(march(9, 15))
    no_show(ria, LeaveVisit(appointment_id=missed))
    assert stand(ria, with_one).asked == Decimal("20.00")


def _done(desk: Desk, visit: int) -> None:
    from frontdesk.services.book.visits import StepVisit, finish

    finish(desk, StepVisit(appointment_id=visit))


def test_a_paid_deposit_shows_on_the_visit_and_pays_at_the_checkout(ria: Desk, mo: Desk, colour: int) -> None:
    taken = left_for(ria, colour)
    assert (taken.total, taken.tax) == (Decimal("36.00"), Decimal("6.00")), "a deposit's tax is due when it comes"
    sheet = show(ria, ShowVisit(appointment_id=colour))
    assert (sheet.deposit_asked, sheet.deposit_held) == (Decimal("36.00"), Decimal("36.00"))
    assert owed(mo) == {"deposit": (1, Decimal("36.00"))}
    shown = quote(ria, QuoteTicket(appointment_ids=(colour,)))
    assert [(one.method, one.amount) for one in shown.offers] == [("deposit", Decimal("36.00"))]
    paid = check_out(ria, CheckOut(appointment_ids=(colour,), tenders=(Pay(method="deposit"), Pay(method="cash"))))
    assert [(p.method, p.amount) for p in paid.payments] == [("deposit", Decimal("36.00")), ("cash", Decimal("84.00"))]
    assert (paid.total, paid.tax) == (Decimal("120.00"), Decimal("14.00"))
    assert asked(ria, "SELECT sum(tax) FROM sales") == [(Decimal("20.00"),)], "taxed once"
    assert owed(mo) == {}


def test_a_deposit_pays_for_its_own_visit_only(ria: Desk, colour: int) -> None:
    left_for(ria, colour)
    with pytest.raises(NoDepositPaid):
        check_out(ria, CheckOut(products=(SHAMPOO,), tenders=(Pay(method="deposit"),)))


def test_a_deposit_is_no_more_than_the_price(ria: Desk, colour: int) -> None:
    left_for(ria, colour, "100.00")
    with pytest.raises(DepositTooHigh, match="£20.00 at most"):
        left_for(ria, colour, "20.01")
    cancel(ria, LeaveVisit(appointment_id=colour, reason="Ill"))
    with pytest.raises(VisitIsOver):
        left_for(ria, colour, "1.00")


def test_a_deposit_by_transfer_counts_when_it_has_arrived(ria: Desk, colour: int) -> None:
    left_for(ria, colour, pay=Pay(method="transfer", code="Jane 36"))
    assert (stand(ria, colour).waits, stand(ria, colour).missing) == (True, Decimal("36.00"))
    assert quote(ria, QuoteTicket(appointment_ids=(colour,))).offers == ()
    with pytest.raises(TransferAwaited, match="has not arrived"):
        check_out(ria, CheckOut(appointment_ids=(colour,), tenders=(Pay(method="deposit"), CASH)))
    (only,) = list_transfers(ria, ListTransfers()).transfers
    assert arrived(ria, EnterArrival(transfer_id=only.id)).transfers == ()
    assert (stand(ria, colour).waits, stand(ria, colour).missing) == (False, Decimal(0))
    check_out(ria, CheckOut(appointment_ids=(colour,), tenders=(Pay(method="deposit"), Pay(method="cash"))))


@pytest.mark.parametrize(("no_show_percent", "fee"), [(50, "60.00"), (100, "84.00")])
def test_deposit_and_fee_are_never_more_than_the_price(
    ria: Desk, mo: Desk, colour: int, clock: SetClock, no_show_percent: int, fee: str
) -> None:
    set_policy(mo, SetPolicy(notice_minutes=1440, no_show_percent=Decimal(no_show_percent)))
    before = what_leaving_costs(ria, WhatLeavingCosts(appointment_id=colour, no_show=True)).total
    assert before == Decimal(120) * no_show_percent / 100, "without a deposit the policy's share"
    left_for(ria, colour)
    clock.set(march(11, 15))
    proposed = what_leaving_costs(ria, WhatLeavingCosts(appointment_id=colour, no_show=True)).total
    assert proposed == Decimal(fee)
    no_show(ria, LeaveVisit(appointment_id=colour, fee=proposed))
    assert stand(ria, colour).outcome == "kept"
    close_deposit(ria, CloseDeposit(appointment_id=colour))
    ((found,),) = asked(ria, "SELECT -sum(amount) FROM prepayment_entries WHERE kind = 'forfeited'")
    kept = Decimal(str(found))
    assert kept + open_fees(ria, FindOpenFees(customer_id=JANE)).total <= Decimal(120)
    assert (kept, stand(ria, colour).held) == (Decimal("36.00"), Decimal(0))


def test_with_the_whole_price_as_a_fee_nothing_of_the_deposit_is_kept(
    ria: Desk, mo: Desk, colour: int, clock: SetClock
) -> None:
    set_policy(mo, SetPolicy(notice_minutes=1440, no_show_percent=Decimal(100)))
    set_prepaid_rule(mo, SetPrepaidRule(kind="deposit", tax_point="received", forfeit="credit"))
    left_for(ria, colour)
    clock.set(march(11, 15))
    no_show(ria, LeaveVisit(appointment_id=colour, fee=Decimal(120)))
    with pytest.raises(NothingToKeep):
        close_deposit(mo, CloseDeposit(appointment_id=colour, outcome="kept"))
    close_deposit(ria, CloseDeposit(appointment_id=colour))
    (credit,) = list_credit(ria, ListCredit(customer_id=JANE)).credits
    assert credit.balance == Decimal("36.00")
    fees = tuple(one.id for one in open_fees(ria, FindOpenFees(customer_id=JANE)).fees)
    paid = check_out(ria, CheckOut(customer_id=JANE, fee_ids=fees, tenders=(Pay(method="credit"), Pay(method="cash"))))
    assert (paid.total, paid.tax) == (Decimal("120.00"), Decimal("14.00")), "the deposit's tax went with the credit"


def test_a_deposit_can_pay_the_fee(ria: Desk, mo: Desk, colour: int, clock: SetClock) -> None:
    set_policy(mo, SetPolicy(notice_minutes=1440, no_show_percent=Decimal(50)))
    left_for(ria, colour)
    clock.set(march(11, 15))
    no_show(ria, LeaveVisit(appointment_id=colour, fee=Decimal(60)))
    fees = tuple(one.id for one in open_fees(ria, FindOpenFees(customer_id=JANE)).fees)
    paid = check_out(ria, CheckOut(fee_ids=fees, tenders=(Pay(method="deposit"), Pay(method="cash"))))
    assert [p.amount for p in paid.payments] == [Decimal("36.00"), Decimal("24.00")]


def test_who_cancels_in_time_gets_it_back_with_a_refund(ria: Desk, mo: Desk, colour: int) -> None:
    sale = left_for(ria, colour)
    with pytest.raises(DepositNotForfeit, match="still to come"):
        close_deposit(ria, CloseDeposit(appointment_id=colour))
    cancel(ria, LeaveVisit(appointment_id=colour, reason="Ill"))
    (only,) = list_deposits(ria, ListDeposits()).deposits
    assert only.outcome == "returned"
    with pytest.raises(GiveBackByRefund, match=f"receipt {sale.number}"):
        close_deposit(ria, CloseDeposit(appointment_id=colour))
    with pytest.raises(errors.NotAllowed):
        close_deposit(ria, CloseDeposit(appointment_id=colour, outcome="kept"))
    refund(mo, Refund(sale_id=sale.sale_id, reason="Cancelled in time"))
    assert stand(ria, colour).held == 0
    assert owed(mo) == {}
    assert asked(ria, "SELECT sum(tax), sum(total) FROM sales") == [(0, 0)]
    assert asked(ria, "SELECT sum(amount) FROM prepayment_entry_taxes") == [(0,)]


def test_a_deposit_moves_to_another_visit(ria: Desk, colour: int) -> None:
    left_for(ria, colour)
    other = booked(ria, JANE, march(18, 13), (COLOUR, ANNA)).appointment_id
    cancel(ria, LeaveVisit(appointment_id=colour, reason="Ill"))
    assert move_deposit(ria, MoveDeposit(appointment_id=colour, to_appointment_id=other)).held == Decimal("36.00")
    paid = check_out(ria, CheckOut(appointment_ids=(other,), tenders=(Pay(method="deposit"), Pay(method="cash"))))
    assert paid.tax == Decimal("14.00")


def test_countries_differ_in_when_the_tax_is_due() -> None:
    assert default_rule("deposit", "GB").tax_point == "received"
    assert default_rule("deposit", "US").tax_point == "used"
    assert {default_rule("gift_card", country).months for country in ("GB", "US", "AU", "DE", "XX")} == {None}
