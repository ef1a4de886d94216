"""A ticket on the counter: what is shown is what will be taken, and nothing is refused for being unfinished."""

from __future__ import annotations

from dataclasses import fields
from decimal import Decimal

import pytest
from sqlalchemy import Engine, event

from frontdesk.clock import SetClock
from frontdesk.desk import Desk
from frontdesk.errors import BadInput, NotAllowed, NotFound
from frontdesk.rules.pricing import CardOverTender, DiscountTooLarge, NotPaidInFull
from frontdesk.services.book.visits import LeaveVisit, ShowVisit, StepVisit, arrive, finish, no_show, show
from frontdesk.services.packages.packages import AddPackage, FindSessions, Sessions, add_package, usable_sessions
from frontdesk.services.people.sign_in import open_desk
from frontdesk.services.ticket.ticket_wishes import Off, Pay, SellPackage, SellProduct, Ticket, UseSession
from frontdesk.services.till.checkout import CheckOut, check_out
from frontdesk.services.till.reckoning import ExplainTicket, explain
from frontdesk.services.till.ticket import (
    FindProduct,
    Quote,
    QuoteTicket,
    UnpaidVisits,
    find_product,
    quote,
    unpaid_visits,
)
from tests.services.desks import ANNA, BLOW_DRY, BO, COLOUR, CUT, JANE, KIM, OLA, booked, march
from tests.vale_street import token

CARD = "card"
NOTHING = Decimal(0)


def jane_pays(desk: Desk, *tenders: Pay, tip: str = "0", tip_for: int | None = None, off: Off | None = None) -> Ticket:
    visit = booked(desk, JANE, march(9, 10), (CUT, ANNA))
    return Ticket(
        appointment_ids=(visit.appointment_id,),
        products=(SellProduct(product_id=1, stylist_id=BO),),
        line_discounts={show(desk, ShowVisit(appointment_id=visit.appointment_id)).lines[0].id: Off(amount=Decimal(5))},
        discount=off,
        tip=Decimal(tip),
        tip_stylist_id=tip_for,
        tenders=tenders,
    )


def quoted(desk: Desk, ticket: Ticket) -> Quote:
    return quote(desk, QuoteTicket(**{one.name: getattr(ticket, one.name) for one in fields(Ticket)}))


def sold(desk: Desk, ticket: Ticket) -> CheckOut:
    return CheckOut(**{one.name: getattr(ticket, one.name) for one in fields(Ticket)})


def test_a_quote_says_what_the_sale_then_takes(ria: Desk) -> None:
    card = Pay(method=CARD, approval_code="A1")
    ticket = jane_pays(ria, Pay(method="cash", amount=Decimal(20)), card, tip="7.01", off=Off(percent=Decimal("7.5")))
    shown, taken = quoted(ria, ticket), check_out(ria, sold(ria, ticket))
    assert (shown.lines_total, shown.total_due, shown.tip) == (taken.subtotal, taken.total + taken.tip, taken.tip)
    assert sum(amount for _, amount in shown.discounts) == taken.discount
    assert sum(amount for _, amount in shown.taxes_within) == taken.tax
    assert [one.amount for one in shown.tenders] == [one.handed_over for one in taken.payments]
    assert (shown.rest, shown.change, shown.over, shown.is_settled) == (NOTHING, taken.change, NOTHING, True)


def test_a_quote_says_who_and_what(ria: Desk, clock: SetClock) -> None:
    ticket = jane_pays(ria, tip="10", off=Off(percent=Decimal(10)))
    clock.set(march(9, 9, 58))
    arrive(ria, StepVisit(appointment_id=ticket.appointment_ids[0]))
    shown = quoted(ria, ticket)
    assert (shown.customer, shown.customer_id, shown.visits[0].arrived_at) == ("Jane Doe", JANE, march(9, 9, 58))
    assert [(line.name, line.stylist, line.amount, line.discount) for line in shown.lines] == [
        ("Cut", "Anna", Decimal("50.00"), Decimal("5.00")),
        ("Shampoo 250 ml", "Bo", Decimal("18.00"), Decimal("0.00")),
    ]
    assert shown.discounts == (("Discount, on Cut", Decimal("5.00")), ("Discount 10 %", Decimal("6.30")))
    assert (shown.tip_for, [(one.name, one.amount) for one in shown.tips]) == ("Anna", [("Anna", Decimal("10.00"))])
    assert shown.total_due == Decimal("66.70")


def test_nothing_is_refused_for_being_unfinished(ria: Desk) -> None:
    ticket = jane_pays(ria, Pay(method="cash", amount=Decimal(50)))
    assert quoted(ria, ticket).rest == Decimal("13.00")
    with pytest.raises(NotPaidInFull):
        check_out(ria, sold(ria, ticket))
    empty = quoted(ria, Ticket(tip=Decimal(3)))
    assert (empty.is_empty, empty.lines, empty.total_due, empty.tip_for) == (True, (), Decimal("3.00"), "")


def test_a_card_that_goes_over_is_told_and_not_refused(ria: Desk) -> None:
    """The negative control is the sale itself, which refuses."""
    ticket = jane_pays(
        ria, Pay(method="cash", amount=Decimal(50)), Pay(method=CARD, amount=Decimal(21), approval_code="A")
    )
    shown = quoted(ria, ticket)
    assert (shown.over, shown.over_by_card, shown.rest, shown.is_settled) == (Decimal("8.00"), True, NOTHING, False)
    with pytest.raises(CardOverTender):
        check_out(ria, sold(ria, ticket))
    as_tip = quoted(ria, Ticket(**{**vars(ticket), "tip": shown.over, "tip_stylist_id": ANNA}))
    assert (as_tip.is_settled, as_tip.tip_for) == (True, "Anna")


def test_cash_over_is_change_and_never_over(ria: Desk) -> None:
    shown = quoted(ria, jane_pays(ria, Pay(method="cash", amount=Decimal(70))))
    assert (shown.change, shown.over, shown.is_settled) == (Decimal("7.00"), NOTHING, True)


def test_what_is_paid_already_is_shown_and_not_asked_again(ria: Desk) -> None:
    ticket = jane_pays(ria, Pay(method="cash", amount=Decimal(63)))
    check_out(ria, sold(ria, ticket))
    again = quoted(ria, Ticket(appointment_ids=ticket.appointment_ids))
    assert [(line.already_paid, line.amount) for line in again.lines] == [(True, Decimal("50.00"))]
    assert (again.is_empty, again.total_due, again.customer) == (True, NOTHING, "Jane Doe")


def test_a_tip_is_shared_by_who_served_or_goes_to_the_one_named(ria: Desk) -> None:
    visit = booked(ria, JANE, march(9, 10), (CUT, ANNA), (BLOW_DRY, BO))
    shared = quoted(ria, Ticket(appointment_ids=(visit.appointment_id,), tip=Decimal(8)))
    assert [(one.name, one.amount) for one in shared.tips] == [("Anna", Decimal("5.00")), ("Bo", Decimal("3.00"))]
    assert shared.tip_for == "Anna and Bo"
    named = quoted(ria, Ticket(products=(SellProduct(product_id=1),), tip=Decimal(8), tip_stylist_id=BO))
    assert named.tip_for == "Bo"


def test_a_quote_refuses_what_makes_no_sense(ria: Desk) -> None:
    visit = booked(ria, KIM, march(9, 14))
    with pytest.raises(DiscountTooLarge):
        quoted(ria, Ticket(appointment_ids=(visit.appointment_id,), discount=Off(amount=Decimal(51))))
    with pytest.raises(NotFound, match="no visit 999"):
        quoted(ria, Ticket(appointment_ids=(999,)))
    with pytest.raises(BadInput, match="no tender"):
        quoted(ria, Ticket(tenders=(Pay(method="shells", amount=Decimal(1)),)))


def test_a_quote_locks_and_writes_nothing(ria: Desk, engine: Engine) -> None:
    said: list[str] = []
    ticket = jane_pays(ria)
    event.listen(engine, "before_cursor_execute", lambda *seen: said.append(seen[2].lstrip().split()[0].upper()))
    quoted(ria, ticket)
    assert set(said) <= {"SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK"}
    assert len(said) <= 10


def test_a_product_is_found_by_barcode_code_and_beginnings(ria: Desk) -> None:
    for typed, exact in (("5012345678900", True), ("sha", True), ("shamp 250", False)):
        found = find_product(ria, FindProduct(text=typed))
        assert ([one.name for one in found.products], found.exact) == (["Shampoo 250 ml"], exact), typed
    assert find_product(ria, FindProduct(text="50123456789")).products == ()
    with pytest.raises(BadInput):
        find_product(ria, FindProduct(text=" "))


def test_who_is_here_and_owes_is_listed_the_done_ones_first(ria: Desk, clock: SetClock) -> None:
    early = booked(ria, JANE, march(9, 9), (CUT, ANNA))
    done = booked(ria, KIM, march(9, 11), (CUT, ANNA), (BLOW_DRY, BO))
    booked(ria, OLA, march(9, 15))
    missed = booked(ria, None, march(9, 13), (COLOUR, BO))
    clock.set(march(9, 13, 30))
    arrive(ria, StepVisit(appointment_id=early.appointment_id))
    finish(ria, StepVisit(appointment_id=done.appointment_id))
    no_show(ria, LeaveVisit(appointment_id=missed.appointment_id))
    listed = unpaid_visits(ria, UnpaidVisits()).visits
    assert [(one.code, one.customer, one.amount) for one in listed] == [
        (done.code, "Kim Lee", Decimal("80.00")),
        (early.code, "Jane Doe", Decimal("50.00")),
    ]
    assert (listed[0].services, listed[0].stylists) == (("Cut", "Blow-dry"), ("Anna", "Bo"))
    check_out(ria, CheckOut(appointment_ids=(done.appointment_id,), tenders=(Pay(method="cash"),)))
    assert [one.code for one in unpaid_visits(ria, UnpaidVisits()).visits] == [early.code]


def test_a_stylist_asks_the_till_nothing(ria: Desk) -> None:
    anna = open_desk(ria.sessions, token("anna"), ria.clock)
    for asked in (lambda: quoted(anna, Ticket()), lambda: unpaid_visits(anna, UnpaidVisits())):
        with pytest.raises(NotAllowed, match="take payments"):
            asked()


def test_the_first_session_of_a_package_sold_on_the_same_ticket_is_offered(ria: Desk, mo: Desk) -> None:
    cuts = Sessions(service_id=CUT, sessions=5)
    five = add_package(
        mo, AddPackage(name="Five cuts", price=Decimal(200), services=(cuts,), tax_point="used", months=12)
    )
    visit = booked(ria, JANE, march(9, 10), (CUT, ANNA), (BLOW_DRY, BO)).appointment_id
    find = FindSessions(appointment_ids=(visit,), package_ids=(five.id, five.id))
    (offered,) = usable_sessions(ria, find).sessions
    assert (offered.service, offered.customer_package_id, offered.left) == ("Cut", None, 10)
    ticket = QuoteTicket(
        appointment_ids=(visit,),
        packages=(SellPackage(package_id=five.id),),
        sessions=(UseSession(line_id=offered.line_id),),
    )
    assert quote(ria, ticket).total_due == 200 + 40 + 30
    told = {one.figure: one.amount for one in explain(ria, ExplainTicket(**vars(ticket))).reasons}
    assert quote(ria, ticket).rest == told["Rest"] == 200 + 30
    assert not usable_sessions(ria, FindSessions(appointment_ids=(visit,))).sessions
