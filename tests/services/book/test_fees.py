"""What a late no costs: proposed, asked for or let pass, owed, paid once, and taken back (features BK26)."""

from __future__ import annotations

from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy import text

from frontdesk import errors
from frontdesk.clock import SetClock
from frontdesk.db.transactions import transaction
from frontdesk.desk import Desk
from frontdesk.rules.states import Status
from frontdesk.services.book.fees import FindOpenFees, WhatLeavingCosts, open_fees, what_leaving_costs
from frontdesk.services.book.policies import (
    ListPolicies,
    RemovePolicy,
    SetPolicy,
    list_policies,
    remove_policy,
    set_policy,
)
from frontdesk.services.book.visits import LeaveVisit, ShowVisit, StepVisit, arrive, cancel, no_show, put_back, show
from frontdesk.services.ticket.ticket_wishes import Pay
from frontdesk.services.till.checkout import CheckOut, check_out
from frontdesk.services.till.ticket import QuoteTicket, quote
from frontdesk.services.undo.undo import RedoLast, UndoLast, redo_last, undo_last
from tests.services.desks import ANNA, BLOW_DRY, BO, CUT, JANE, KIM, booked, march

HALF = SetPolicy(notice_minutes=24 * 60, late_percent=Decimal(50), no_show_percent=Decimal(100))

NOTHING = Decimal(0)


def _owed(desk: Desk, customer: int = JANE) -> Decimal:
    return open_fees(desk, FindOpenFees(customer_id=customer)).total


def test_a_cancellation_in_time_costs_nothing(ria: Desk, mo: Desk) -> None:
    set_policy(mo, HALF)
    visit = booked(ria, JANE, march(10, 9))
    cost = what_leaving_costs(ria, WhatLeavingCosts(appointment_id=visit.appointment_id))
    assert (cost.is_late, cost.total, cost.notice_minutes) == (False, NOTHING, 24 * 60)
    left = cancel(ria, LeaveVisit(appointment_id=visit.appointment_id, reason="Ill"))
    assert (left.status, left.said, _owed(ria)) == (Status.CANCELLED, "cancelled", NOTHING)


def test_within_a_day_it_is_late_and_half_is_proposed_asked_for_and_owed(ria: Desk, mo: Desk, clock: SetClock) -> None:
    set_policy(mo, HALF)
    visit = booked(ria, JANE, march(10, 9))
    clock.set(march(9, 9, 1))
    cost = what_leaving_costs(ria, WhatLeavingCosts(appointment_id=visit.appointment_id))
    assert (cost.is_late, cost.total, cost.words) == (True, Decimal("25.00"), "Cut: 50 % of £50.00")
    wish = LeaveVisit(appointment_id=visit.appointment_id, reason="Ill")
    with pytest.raises(errors.FeeUndecided, match="costs £25.00: Cut: 50 % of £50.00"):
        cancel(ria, wish)
    with pytest.raises(errors.FeeTooHigh, match="Ask for £25.00 at most"):
        cancel(ria, LeaveVisit(appointment_id=visit.appointment_id, reason="Ill", fee=Decimal("25.01")))
    left = cancel(ria, LeaveVisit(appointment_id=visit.appointment_id, reason="Ill", fee=Decimal(25)))
    assert (left.status, left.said) == (Status.LATE_CANCELLED, "cancelled late, owes £25.00")
    assert _owed(ria) == Decimal("25.00")
    with transaction(ria) as session:
        kept = session.execute(text("SELECT is_late, notice_minutes FROM appointment_cancellations")).one()
    assert tuple(kept) == (True, 24 * 60 - 1)


def test_a_fee_is_let_pass_with_a_reason_by_who_may(ria: Desk, tess: Desk, mo: Desk) -> None:
    set_policy(mo, HALF)
    visits = [booked(ria, JANE, march(9, hour)) for hour in (10, 11, 12)]
    with pytest.raises(errors.ReasonMissing):
        cancel(ria, LeaveVisit(appointment_id=visits[0].appointment_id, reason="Ill", fee=Decimal(10)))
    cancel(ria, LeaveVisit(appointment_id=visits[0].appointment_id, reason="Ill", waive_reason="in hospital"))
    partly = LeaveVisit(
        appointment_id=visits[1].appointment_id, reason="Ill", fee=Decimal(10), waive_reason="first time"
    )
    assert cancel(ria, partly).said == "cancelled late, owes £10.00"
    wish = LeaveVisit(appointment_id=visits[2].appointment_id, reason="Ill", waive_reason="a friend")
    with pytest.raises(errors.NotAllowed, match="Tess may not let a fee pass. A manager can approve it"):
        cancel(tess, wish)
    with transaction(ria) as session:
        rows = session.execute(text(_FEES)).all()
    assert [tuple(row) for row in rows] == [
        (Decimal("25.00"), Decimal("0.00"), "Ria", "in hospital"),
        (Decimal("25.00"), Decimal("10.00"), "Ria", "first time"),
    ]


_FEES = """
    SELECT f.proposed, f.amount, u.name, f.waive_reason FROM appointment_fees f
      LEFT JOIN users u ON u.id = f.waived_by ORDER BY f.id
"""


def test_who_stays_for_another_line_is_not_charged(ria: Desk, mo: Desk) -> None:
    set_policy(mo, HALF)
    visit = booked(ria, JANE, march(9, 10), (CUT, ANNA), (BLOW_DRY, BO))
    cut, dry = show(ria, ShowVisit(code=visit.code)).lines
    only = WhatLeavingCosts(appointment_id=visit.appointment_id, line_ids=(cut.id,))
    cost = what_leaving_costs(ria, only)
    assert (cost.is_late, cost.stays, cost.total) == (True, True, NOTHING)
    left = cancel(ria, LeaveVisit(appointment_id=visit.appointment_id, line_ids=(cut.id,), reason="Changed plans"))
    assert left.status is Status.PENDING
    rest = cancel(ria, LeaveVisit(appointment_id=visit.appointment_id, reason="Ill", fee=Decimal(15)))
    assert rest.status is Status.LATE_CANCELLED
    assert _owed(ria) == Decimal("15.00")
    assert [line.status for line in show(ria, ShowVisit(code=visit.code)).lines] == [Status.LATE_CANCELLED] * 2
    assert dry.price == Decimal("30.00")


def test_a_service_has_its_own_policy_and_a_price_of_nothing_goes_by_the_usual_one(ria: Desk, mo: Desk) -> None:
    set_policy(mo, HALF)
    set_policy(mo, SetPolicy(service_id=BLOW_DRY, notice_minutes=60, late_flat=Decimal(40)))
    with transaction(mo, uuid4()) as session:
        session.execute(text("UPDATE services SET price = 0 WHERE id = 1"))
        session.execute(
            text("INSERT INTO stylist_specialties (stylist_id, service_id, price) VALUES (1, 1, 44), (1, 2, 30)")
        )
        session.execute(text("UPDATE stylist_specialties SET price = 0 WHERE service_id = 1"))
    visit = booked(ria, JANE, march(9, 9), (CUT, ANNA), (BLOW_DRY, ANNA))
    cost = what_leaving_costs(ria, WhatLeavingCosts(appointment_id=visit.appointment_id))
    assert [(line.service, line.fee) for line in cost.lines] == [("Cut", Decimal(0)), ("Blow-dry", Decimal("30.00"))]
    with transaction(mo, uuid4()) as session:
        session.execute(text("UPDATE stylist_specialties SET price = 44 WHERE service_id = 1"))
    cost = what_leaving_costs(ria, WhatLeavingCosts(appointment_id=visit.appointment_id))
    assert cost.lines[0].fee == Decimal("22.00")
    assert cost.lines[0].rule == "50 % of £44.00, the usual price"


def test_not_coming_is_another_way_out_with_another_price(ria: Desk, mo: Desk) -> None:
    set_policy(mo, HALF)
    visit = booked(ria, JANE, march(9, 9))
    wish = WhatLeavingCosts(appointment_id=visit.appointment_id, no_show=True)
    assert what_leaving_costs(ria, wish).total == Decimal("50.00")
    left = no_show(ria, LeaveVisit(appointment_id=visit.appointment_id, fee=Decimal(50)))
    assert (left.status, left.said) == (Status.NO_SHOW, "no-show, owes £50.00")
    undo_last(ria, UndoLast())
    assert (_owed(ria), show(ria, ShowVisit(code=visit.code)).status) == (NOTHING, Status.PENDING)
    redo_last(ria, RedoLast())
    assert (_owed(ria), show(ria, ShowVisit(code=visit.code)).status) == (Decimal("50.00"), Status.NO_SHOW)


def test_a_late_cancellation_put_back_owes_nothing_and_may_be_made_again(ria: Desk, mo: Desk) -> None:
    set_policy(mo, HALF)
    visit = booked(ria, JANE, march(9, 10))
    wish = LeaveVisit(appointment_id=visit.appointment_id, reason="Ill", fee=Decimal(25))
    cancel(ria, wish)
    undo_last(ria, UndoLast())
    assert _owed(ria) == 0
    redo_last(ria, RedoLast())
    assert _owed(ria) == Decimal("25.00")
    put_back(ria, LeaveVisit(appointment_id=visit.appointment_id, reason="came after all"))
    assert _owed(ria) == 0
    undo_last(ria, UndoLast())
    assert (_owed(ria), show(ria, ShowVisit(code=visit.code)).status) == (Decimal("25.00"), Status.LATE_CANCELLED)


def test_each_line_s_cancellation_is_its_own(ria: Desk) -> None:
    visit = booked(ria, JANE, march(10, 10), (CUT, ANNA), (BLOW_DRY, BO))
    cut, dry = show(ria, ShowVisit(code=visit.code)).lines
    for line, why in ((cut, "no time"), (dry, "too dear")):
        cancel(ria, LeaveVisit(appointment_id=visit.appointment_id, line_ids=(line.id,), reason=why))
    put_back(ria, LeaveVisit(appointment_id=visit.appointment_id, line_ids=(cut.id,), reason="has time after all"))
    with transaction(ria) as session:
        kept = session.execute(text("SELECT note, taken_back_at IS NULL FROM appointment_cancellations ORDER BY id"))
        assert [tuple(row) for row in kept] == [("no time", False), ("too dear", True)]


def test_a_fee_is_offered_on_the_next_ticket_and_paid_once(ria: Desk, mo: Desk) -> None:
    set_policy(mo, HALF)
    missed = booked(ria, JANE, march(9, 9))
    no_show(ria, LeaveVisit(appointment_id=missed.appointment_id, fee=Decimal(50)))
    visit = booked(ria, JANE, march(9, 10), (BLOW_DRY, BO))
    arrive(ria, StepVisit(appointment_id=visit.appointment_id))
    offered = quote(ria, QuoteTicket(appointment_ids=(visit.appointment_id,)))
    (fee,) = offered.open_fees
    assert (fee.name, fee.amount, offered.total_due) == ("No-show, Cut", Decimal("50.00"), Decimal("30.00"))
    cash = (Pay(method="cash", amount=Decimal(100)),)
    ticket = CheckOut(appointment_ids=(visit.appointment_id,), fee_ids=(fee.id,), tenders=cash)
    sold = check_out(ria, ticket)
    assert (sold.total, _owed(ria)) == (Decimal("80.00"), NOTHING)
    assert "No-show, Cut" in sold.receipt
    with pytest.raises(errors.AlreadyPaid):
        check_out(ria, CheckOut(fee_ids=(fee.id,), tenders=cash))
    with pytest.raises(errors.FeePaid):
        put_back(ria, LeaveVisit(appointment_id=missed.appointment_id, reason="was here after all"))
    with transaction(mo, uuid4()) as session:
        earned = session.execute(text("SELECT count(*) FROM commissions")).scalar_one()
    assert earned == 1, "nobody earns commission on a fee"


def test_taking_back_goes_past_a_fee_that_is_paid(ria: Desk, mo: Desk) -> None:
    set_policy(mo, HALF)
    kim = booked(ria, KIM, march(9, 12))
    missed = booked(ria, JANE, march(9, 9))
    no_show(ria, LeaveVisit(appointment_id=missed.appointment_id, fee=Decimal(50)))
    (fee,) = open_fees(ria, FindOpenFees(customer_id=JANE)).fees
    check_out(ria, CheckOut(fee_ids=(fee.id,), tenders=(Pay(method="cash"),)))
    with pytest.raises(errors.FeePaid, match="The fee of visit") as refused:
        undo_last(ria, UndoLast())
    with pytest.raises(errors.ChangedSince) as changed:
        undo_last(ria, UndoLast(older_than=int(str(refused.value.facts["action"]))))
    undo_last(ria, UndoLast(older_than=int(str(changed.value.facts["action"]))))
    assert show(ria, ShowVisit(code=kim.code)).status is Status.VOID


def test_a_fee_alone_is_a_ticket_and_is_nobody_else_s(ria: Desk, mo: Desk) -> None:
    set_policy(mo, HALF)
    missed = booked(ria, KIM, march(9, 9))
    no_show(ria, LeaveVisit(appointment_id=missed.appointment_id, fee=Decimal(20), waive_reason="half of it"))
    shown = quote(ria, QuoteTicket(customer_id=KIM))
    assert [fee.amount for fee in shown.open_fees] == [Decimal("20.00")]
    assert quote(ria, QuoteTicket(customer_id=JANE)).open_fees == ()
    on_it = quote(ria, QuoteTicket(fee_ids=(shown.open_fees[0].id,)))
    assert (on_it.customer, on_it.total_due, on_it.open_fees) == ("Kim Lee", Decimal("20.00"), ())
    with pytest.raises(errors.NotFound, match="There is no open fee 999"):
        quote(ria, QuoteTicket(fee_ids=(999,)))


def test_policies_are_a_manager_s_and_say_one_price(ria: Desk, mo: Desk) -> None:
    with pytest.raises(errors.NotAllowed):
        set_policy(ria, HALF)
    with pytest.raises(errors.BadInput, match="say one of the two"):
        set_policy(mo, SetPolicy(notice_minutes=60, late_percent=Decimal(5), late_flat=Decimal(5)))
    with pytest.raises(errors.BadInput, match="between 0 and 100"):
        set_policy(mo, SetPolicy(notice_minutes=60, late_percent=Decimal(101)))
    with pytest.raises(errors.NotFound):
        set_policy(mo, SetPolicy(service_id=999, notice_minutes=60))
    set_policy(mo, HALF)
    set_policy(mo, SetPolicy(service_id=CUT, notice_minutes=2880, late_flat=Decimal(10)))
    assert [(one.service, one.words) for one in list_policies(ria, ListPolicies()).policies] == [
        ("every other service", "with less than 24 h notice 50 %, no-show 100 %"),
        ("Cut", "with less than 2 days notice £10.00, no-show nothing"),
    ]
    assert len(remove_policy(mo, RemovePolicy(service_id=CUT)).policies) == 1
    with pytest.raises(errors.NotFound):
        remove_policy(mo, RemovePolicy(service_id=CUT))
