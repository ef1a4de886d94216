"""Store credit: for a reason, from somebody, for something, until some day; what ends first is used first (CO8)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from frontdesk import errors
from frontdesk.clock import SetClock
from frontdesk.desk import Desk
from frontdesk.rules.pricing import TenderTooShort
from frontdesk.services.prepaid.credit import Credit, GiveCredit, ListCredit, give_credit, list_credit
from frontdesk.services.prepaid.paying_credit import NoCredit, WhoseCredit
from frontdesk.services.reports.balances import ShowBalances, balances
from frontdesk.services.ticket.ticket_wishes import Pay
from frontdesk.services.till.checkout import CheckOut, check_out
from frontdesk.services.till.refunding import Refund, refund
from frontdesk.services.till.voiding import VoidSale, void
from tests.services.desks import JANE, KIM, booked, march
from tests.services.prepaid.test_gift_cards import SHAMPOO

CREDIT = Pay(method="credit")


def given(desk: Desk, amount: str, reason: str = "Burnt ear", **more: object) -> Credit:
    """Credit for Jane."""
    wish = GiveCredit(customer_id=JANE, amount=Decimal(amount), reason=reason, **more)  # type: ignore[arg-type]
    return give_credit(desk, wish)


def left(desk: Desk) -> dict[str, Decimal]:
    """What is left of Jane's credit, by reason."""
    return {one.reason: one.balance for one in list_credit(desk, ListCredit(customer_id=JANE)).credits}


def test_credit_says_why_by_whom_for_what_and_until_when(mo: Desk, ria: Desk) -> None:
    given(mo, "20.00", limited_to="services", expires_on=dt.date(2026, 6, 30))
    (only,) = list_credit(ria, ListCredit(customer_id=JANE)).credits
    assert (only.reason, only.given_by, only.limited_to, only.expires_on, only.balance) == (
        "Burnt ear", "Mo", "services", dt.date(2026, 6, 30), Decimal("20.00"),
    )  # fmt: skip
    (shown,) = balances(ria, ShowBalances(customer_id=JANE)).balances
    assert (shown.kind, shown.name, shown.amount, shown.note) == (
        "credit", "Credit for services", Decimal("20.00"), "Burnt ear, Mo",
    )  # fmt: skip


def test_credit_needs_a_manager_and_a_reason(mo: Desk, ria: Desk) -> None:
    with pytest.raises(errors.NotAllowed, match="A manager can approve it"):
        given(ria, "20.00")
    with pytest.raises(errors.ReasonMissing):
        given(mo, "20.00", " ")
    with pytest.raises(errors.BadInput, match="That day has passed"):
        given(mo, "20.00", expires_on=dt.date(2026, 3, 8))


def test_what_ends_first_is_used_first(mo: Desk, ria: Desk) -> None:
    given(mo, "30.00", "Never ends")
    given(mo, "10.00", "Ends in May", expires_on=dt.date(2026, 5, 1))
    given(mo, "10.00", "Ends in April", expires_on=dt.date(2026, 4, 1))
    check_out(ria, CheckOut(customer_id=JANE, products=(SHAMPOO,), tenders=(CREDIT,)))
    assert left(ria) == {"Ends in May": Decimal("2.00"), "Never ends": Decimal("30.00")}


def test_what_has_ended_is_not_used(mo: Desk, ria: Desk, clock: SetClock) -> None:
    given(mo, "10.00", expires_on=dt.date(2026, 3, 20))
    clock.set(march(21, 9))
    with pytest.raises(NoCredit, match="Jane Doe has no credit to use"):
        check_out(ria, CheckOut(customer_id=JANE, products=(SHAMPOO,), tenders=(CREDIT,)))


def test_credit_for_services_leaves_products_alone_and_stands_in_nobodys_way(mo: Desk, ria: Desk) -> None:
    given(mo, "30.00", "For anything", expires_on=dt.date(2026, 4, 1))
    given(mo, "50.00", "For services", limited_to="services")
    with pytest.raises(TenderTooShort, match="18.00"):
        check_out(ria, CheckOut(customer_id=JANE, products=(SHAMPOO,), tenders=(Pay(
            method="credit", amount=Decimal("50.00")),)))  # fmt: skip
    visit = booked(ria, JANE, march(9, 10))
    check_out(ria, CheckOut(appointment_ids=(visit.appointment_id,), products=(SHAMPOO,), tenders=(CREDIT,)))
    assert left(ria) == {"For services": Decimal("12.00")}, "what ends first paid for the shampoo, too"


def test_nobodys_credit_pays_nothing(ria: Desk) -> None:
    with pytest.raises(WhoseCredit):
        check_out(ria, CheckOut(products=(SHAMPOO,), tenders=(CREDIT,)))
    with pytest.raises(NoCredit):
        check_out(ria, CheckOut(customer_id=KIM, products=(SHAMPOO,), tenders=(CREDIT,)))


def test_a_void_and_a_refund_put_it_back_where_it_was(mo: Desk, ria: Desk) -> None:
    given(mo, "10.00", "Ends in April", expires_on=dt.date(2026, 4, 1))
    given(mo, "30.00", "Never ends")
    first = check_out(ria, CheckOut(customer_id=JANE, products=(SHAMPOO,), tenders=(CREDIT,)))
    assert left(ria) == {"Never ends": Decimal("22.00")}
    void(mo, VoidSale(sale_id=first.sale_id, reason="Wrong one"))
    assert left(ria) == {"Ends in April": Decimal("10.00"), "Never ends": Decimal("30.00")}
    again = check_out(ria, CheckOut(customer_id=JANE, products=(SHAMPOO,), tenders=(CREDIT,)))
    refund(mo, Refund(sale_id=again.sale_id, amount=Decimal("9.00"), reason="Half empty"))
    assert left(ria) == {"Ends in April": Decimal("1.00"), "Never ends": Decimal("30.00")}, "the last used comes first"
