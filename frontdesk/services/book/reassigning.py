"""The wrong Jane was checked in: the visit goes to the right one, with everything on it (features 2, desk mishaps)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from frontdesk.errors import BadInput, NotFound
from frontdesk.permissions import Deed
from frontdesk.rules.states import EXITS, Status
from frontdesk.services.book.actions import Kind, LineState, VisitState, Whose
from frontdesk.services.book.changing import VisitChanged, answer
from frontdesk.services.book.strokes import Change, Stroke, refuse_paid
from frontdesk.services.placing import freeing
from frontdesk.services.placing.candidates import wanted
from frontdesk.services.use_case import Work, Write, use_case
from frontdesk.tables.customers import Customer

_NOT_LEFT = frozenset(Status) - EXITS


@dataclass(frozen=True, kw_only=True)
class Reassign(Write):
    """A visit that is somebody else's."""

    appointment_id: int
    customer_id: int
    """The right one."""
    version: int | None = None


@use_case(Deed.BOOK)
def reassign(work: Work, request: Reassign) -> VisitChanged:
    """Give a visit to the right customer; its steps, its times and its unpaid ticket go with it.

    What the wrong one was given a price of their own for costs what it costs the right one. Raises LinePaid, NotFound,
    CustomerBusy when the right one is elsewhere then, BadInput when it is theirs already, WrongStage.
    """
    visit = freeing.visit_to_change(work, request.appointment_id)
    if visit.customer_id == request.customer_id and not visit.guest_name:
        raise BadInput(f"Visit {visit.code} is theirs already. Choose whose it really is.", field="customer_id")
    if work.session.get(Customer, request.customer_id) is None:
        raise NotFound(what="customer", name=request.customer_id, remedy="Look them up, or add them first.")
    lines = freeing.lines_of(work, visit.id)
    ids = tuple(line.id for line in lines)
    refuse_paid(work, ids)
    prices = _prices(
        work,
        visit.customer_id,
        request.customer_id,
        [line.service_id for line in lines if line.class_session_id is None],
    )

    def shall(state: VisitState) -> VisitState:
        group_id = state.whose.group_id if state.whose else None
        theirs = tuple(_priced(line, prices) for line in state.lines)
        return replace(state, lines=theirs, whose=Whose(request.customer_id, group_id))

    change = Change(visit.id, shall, request.version, only_from=_NOT_LEFT, wish="given to somebody else", unpaid=ids)
    return answer(work, Stroke(work, Kind.REASSIGNED, (change,)).carry_out().ways[0])


Prices = dict[tuple[int, int | None], tuple[Decimal, Decimal]]


def _prices(work: Work, wrong: int | None, right: int, services: list[int]) -> Prices:
    """By service and stylist: what it costs the one and the other."""
    found: Prices = {}
    if not services:
        return found
    both = [wanted(work.session, work.shop.id, services, customer_id=who, retired=True) for who in (wrong, right)]
    for one, other in zip(*both, strict=True):
        found[one.service_id, None] = one.price, other.price
        for mine, theirs in zip(one.stylists, other.stylists, strict=True):
            found[one.service_id, mine.stylist_id] = mine.price, theirs.price
    return found


def _priced(line: LineState, prices: Prices) -> LineState:
    if line.terms is None or line.terms.own_price or line.terms.bundle_id is not None:
        return line
    one, other = prices.get((line.terms.service_id, line.stylist_id), (line.price, line.price))
    return replace(line, price=other) if line.price == one else line
