"""One more service for a visit that is in the book already (features SV3, BK11)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal

from frontdesk.errors import BadInput, SlotTaken, WrongStage
from frontdesk.permissions import Deed
from frontdesk.rules.states import EXITS, Status
from frontdesk.services.book.actions import Kind, VisitState
from frontdesk.services.book.changing import VisitChanged, answer
from frontdesk.services.book.reshaping import planned, told, with_lines
from frontdesk.services.book.strokes import Change, Insisted, Stroke
from frontdesk.services.menu.terms import Own
from frontdesk.services.placing import freeing, unfree
from frontdesk.services.placing.availability import lay_out_first
from frontdesk.services.placing.candidates import Candidate, Wanted, the_one, wanted
from frontdesk.services.placing.placing import whole_minute
from frontdesk.services.team import slots
from frontdesk.services.team.strip_hours import homes
from frontdesk.services.typed import amount_of
from frontdesk.services.use_case import Work, Write, use_case
from frontdesk.tables.appointments import Appointment, AppointmentService


@dataclass(frozen=True, kw_only=True)
class AddLine(Write):
    """One more service."""

    appointment_id: int
    service_id: int
    stylist_id: int | None = None
    """Whoever does the visit's last service, else whoever is free."""
    starts_at: dt.datetime | None = None
    """When the rest of the visit ends, if it is not said."""
    minutes: int | None = None
    price: Decimal | None = None
    addon_of: int | None = None
    """The line it is added to."""
    version: int | None = None
    overbook_reason: str | None = None
    outside_hours: bool = False
    in_past: bool = False


@use_case(Deed.BOOK, before=lay_out_first)
def add_line(work: Work, request: AddLine) -> VisitChanged:
    """Put one more service into a visit that is not over. It stands as far as the others do.

    Raises what booking raises, WrongStage for a visit that has ended.
    """
    visit = freeing.visit_to_change(work, request.appointment_id)
    live = _live(work, visit)
    if request.addon_of is not None and request.addon_of not in {line.id for line in live}:
        raise BadInput("It is added to a line that is not of this visit. Say to which.", field="addon_of")
    if request.price is not None:
        amount_of(work, request.price, "price")
    own = Own(request.minutes, request.price)
    (need,) = wanted(work.session, work.shop.id, [request.service_id], customer_id=visit.customer_id, own=(own,))
    asked = _asked(work, need, live, request.stylist_id)
    _hold(work, visit, live, need, asked, request)
    work.session.expire_all()
    live, lines = _live(work, visit), freeing.lines_of(work, visit.id)
    stuck: SlotTaken | None = None
    for who in asked:
        nested = work.session.begin_nested()
        try:
            row = _row(work, visit, lines, need, who, request)
            changed = _stroke(work, row, need, who, request).carry_out()
        except SlotTaken as taken:
            nested.rollback()
            stuck = stuck or taken
            continue
        nested.commit()
        return answer(work, changed.ways[0])
    raise stuck or unfree.nobody(work, need, request.starts_at or visit.ends_at)


def _live(work: Work, visit: Appointment) -> list[AppointmentService]:
    """The lines that are to be served. Raises WrongStage."""
    live = [line for line in freeing.lines_of(work, visit.id) if Status(line.status) not in EXITS]
    if not live or Status(visit.status) is Status.COMPLETED:
        status = Status(visit.status).words
        raise WrongStage(visit=visit.code, status=status, wish="given one more service", remedy="Book a new one.")
    return live


def _hold(
    work: Work,
    visit: Appointment,
    live: list[AppointmentService],
    need: Wanted,
    asked: list[Candidate | None],
    request: AddLine,
) -> None:
    """Everybody who may be asked, before any row is touched: one order everywhere."""
    starts_at = request.starts_at or visit.ends_at
    strips = {who.resource_id for who in asked if who} | {c.resource_id for them in need.others.values() for c in them}
    plans = [need.plan_for(who) for who in asked]
    first = starts_at + dt.timedelta(minutes=min(plan.starts for plan in plans))
    last = starts_at + dt.timedelta(minutes=max(plan.ends for plan in plans))
    days = [day for home in homes(work.session, strips).values() for day in home.days(first, last)]
    theirs = freeing.strip_days_of(work, [line.id for line in live])
    slots.hold(work.session, [*days, *theirs], customer_id=visit.customer_id)


def _asked(work: Work, need: Wanted, live: list[AppointmentService], stylist_id: int | None) -> list[Candidate | None]:
    if "lead" not in need.plan.roles:
        return [None]
    if stylist_id is not None:
        return [the_one(work.session, need, stylist_id)]
    last = need.by(live[-1].stylist_id or 0)
    return [*([last] if last else []), *(one for one in need.stylists if one != last)]


def _row(
    work: Work,
    visit: Appointment,
    lines: list[AppointmentService],
    need: Wanted,
    who: Candidate | None,
    request: AddLine,
) -> int:
    """The line as if it had never been booked: the stroke then makes it one that is."""
    line = AppointmentService(
        appointment_id=visit.id,
        position=max(each.position for each in lines) + 1,
        service_id=need.service_id,
        name=need.name,
        stylist_id=who.stylist_id if who else None,
        price=who.price if who else need.price,
        status=Status.VOID,
        starts_at=visit.ends_at,
        ends_at=visit.ends_at + dt.timedelta(minutes=1),
        addon_of=request.addon_of,
        own_minutes=request.minutes,
        own_price=request.price is not None,
        asked_for=request.stylist_id is not None and request.stylist_id not in {each.stylist_id for each in lines},
    )
    work.session.add(line)
    work.session.flush()
    return line.id


def _stroke(work: Work, line_id: int, need: Wanted, who: Candidate | None, request: AddLine) -> Stroke:
    def shall(state: VisitState) -> VisitState:
        rest = [line for line in state.lines if line.holds_time]
        zero = whole_minute(request.starts_at) if request.starts_at else max(told(line)[1] for line in rest)
        stages = [line.status for line in rest]
        arrived = Status.ARRIVED if any(s not in (Status.PENDING, Status.CONFIRMED) for s in stages) else stages[0]
        new = next(line for line in state.lines if line.id == line_id)
        here = next((line.arrived_at for line in rest if line.arrived_at), None)
        new = replace(new, status=arrived, arrived_at=here)
        laid = planned(new, need.plan_for(who), zero, who.resource_id if who else None, _first_things(need))
        return with_lines(state, [laid])

    change = Change(request.appointment_id, shall, request.version, only_from=frozenset(Status))
    insisted = Insisted(request.overbook_reason, request.outside_hours, request.in_past)
    return Stroke(work, Kind.ADDED, (change,), insisted)


def _first_things(need: Wanted) -> dict[str, int | None]:
    """A room to begin with; another is taken when it is not free."""
    return {role: them[0].resource_id for role, them in need.others.items() if them}
