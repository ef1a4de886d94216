"""Tickets put aside: what is changed at the chair changes them, and of two tills one goes on (features CO17)."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy.pool import NullPool
from sqlmodel import Session

from frontdesk import errors
from frontdesk.clock import SetClock
from frontdesk.db.engine import open_engine
from frontdesk.db.server import Handle
from frontdesk.desk import Desk
from frontdesk.services.book.changing import ChangeLine, DropLine, change_line, drop_line
from frontdesk.services.book.visits import ShowVisit, show
from frontdesk.services.people.sign_in import open_desk
from frontdesk.services.ticket.coupons import AddCoupon, add_coupon
from frontdesk.services.ticket.ticket_wishes import Off, Pay, SellProduct, Ticket
from frontdesk.services.till.checkout import CheckOut, check_out
from frontdesk.services.till.parked import (
    DropTicket,
    ListParked,
    ParkedTicketGone,
    ParkTicket,
    ResumeTicket,
    drop,
    list_parked,
    park,
    resume,
)
from frontdesk.services.till.ticket import QuoteTicket, quote
from tests import vale_street
from tests.conftest import desk_conninfo
from tests.services.desks import ANNA, BLOW_DRY, BO, COLOUR, CUT, JANE, booked, march
from tests.services.till.test_tickets_in_full import as_

SHAMPOO = SellProduct(product_id=1, stylist_id=BO, discount=Off(percent=Decimal("12.5")))


def test_a_parked_ticket_comes_back_as_it_was_but_for_what_was_put_down(ria: Desk, mo: Desk, clock: SetClock) -> None:
    visit = booked(ria, JANE, march(9, 10), (CUT, ANNA), (BLOW_DRY, BO))
    first = show(ria, ShowVisit(appointment_id=visit.appointment_id)).lines[0].id
    add_coupon(mo, AddCoupon(code="FIVE", amount=Decimal(5)))
    ticket = Ticket(
        appointment_ids=(visit.appointment_id,),
        products=(SHAMPOO,),
        line_discounts={first: Off(amount=Decimal("1.50"))},
        line_prices={first: Decimal("44.40")},
        tip=Decimal("7.01"),
        tip_to={BO: Decimal(2)},
        coupons=("FIVE",),
        discount_reason="Late start",
        tenders=(Pay(method="cash", amount=Decimal(50)),),
    )
    due = quote(ria, as_(QuoteTicket, ticket)).total_due
    card = park(ria, ParkTicket(ticket=ticket, label="wants a serum"))
    assert (card.customer, card.visits, card.due, card.parked_by) == ("Jane Doe", (visit.code,), due, "Ria")
    clock.set(clock.now() + dt.timedelta(minutes=25))
    assert [(one.label, one.minutes) for one in list_parked(mo, ListParked()).tickets] == [("wants a serum", 25)]
    back = resume(mo, ResumeTicket(parked_id=card.id))
    assert back.ticket == replace(ticket, tenders=())
    assert (back.was_due, back.lost) == (due, ())
    assert quote(mo, as_(QuoteTicket, back.ticket)).total_due == due
    assert list_parked(ria, ListParked()).tickets == ()
    with pytest.raises(ParkedTicketGone, match="Mo has gone on with this parked ticket"):
        resume(ria, ResumeTicket(parked_id=card.id))


def test_a_service_changed_at_the_chair_changes_the_ticket_and_never_loses_its_visit(ria: Desk) -> None:
    visit = booked(ria, JANE, march(9, 10), (CUT, ANNA), (BLOW_DRY, BO))
    cut, blow_dry = (line.id for line in show(ria, ShowVisit(appointment_id=visit.appointment_id)).lines)
    off = {cut: Off(percent=Decimal(10)), blow_dry: Off(amount=Decimal(5))}
    card = park(ria, ParkTicket(ticket=Ticket(appointment_ids=(visit.appointment_id,), line_discounts=off)))
    drop_line(ria, DropLine(line_id=blow_dry, reason="No time"))
    change_line(ria, ChangeLine(line_id=cut, service_id=COLOUR))
    back = resume(ria, ResumeTicket(parked_id=card.id))
    assert back.ticket.appointment_ids == (visit.appointment_id,)
    assert (back.ticket.line_discounts, back.lost) == ({cut: off[cut]}, ("what was said of Blow-dry",))
    shown = quote(ria, as_(QuoteTicket, back.ticket))
    assert [(line.name, line.appointment_id) for line in shown.lines] == [("Colour", visit.appointment_id)]
    assert shown.total_due == Decimal("108.00")
    sold = check_out(ria, as_(CheckOut, replace(back.ticket, tenders=(Pay(method="cash"),))))
    assert sold.total == Decimal("108.00")
    assert show(ria, ShowVisit(appointment_id=visit.appointment_id)).lines[0].paid


def test_a_dropped_ticket_is_gone_and_its_visit_is_still_to_pay(ria: Desk) -> None:
    visit = booked(ria, JANE, march(9, 10))
    card = park(ria, ParkTicket(ticket=Ticket(appointment_ids=(visit.appointment_id,))))
    assert drop(ria, DropTicket(parked_id=card.id)).tickets == ()
    with pytest.raises(ParkedTicketGone, match="Ria has thrown away"):
        drop(ria, DropTicket(parked_id=card.id))
    assert quote(ria, QuoteTicket(appointment_ids=(visit.appointment_id,))).total_due == Decimal("50.00")


def test_nothing_is_not_parked_and_what_is_unknown_is_said(ria: Desk) -> None:
    with pytest.raises(errors.NothingToPay):
        park(ria, ParkTicket(ticket=Ticket()))
    with pytest.raises(errors.NotFound, match="no parked ticket 99"):
        resume(ria, ResumeTicket(parked_id=99))


@pytest.mark.parametrize("uses", [1, 8])
def test_of_eight_tills_that_use_a_coupon_at_once_as_many_win_as_it_allows(
    server: Handle, committed: str, uses: int
) -> None:
    """A coupon for one use lets one through; one for eight, all: the negative control."""
    engine = open_engine(desk_conninfo(server, committed), poolclass=NullPool)
    clock = SetClock(vale_street.NOW)

    def desk(login: str) -> Desk:
        return open_desk(lambda: Session(engine), vale_street.token(login), clock)

    add_coupon(desk("mo"), AddCoupon(code="RACE", percent=Decimal(50), uses=uses))
    tills = [desk("ria") for _ in range(8)]

    def sell(till: Desk) -> str:
        try:
            wish = CheckOut(products=(SHAMPOO,), coupons=("RACE",), tenders=(Pay(method="cash"),))
            return str(check_out(till, wish).number)
        except errors.CouponUsedUp:
            return "used up"

    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(sell, tills))
    engine.dispose()
    assert sorted(one for one in told if one != "used up") == sorted(str(number + 1) for number in range(uses))
