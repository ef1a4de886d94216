"""A visit's lines and parts as rows, and the pieces of the strips that go with them.

Private to `visit_making` and `visit_moving`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from frontdesk.rules.states import Status
from frontdesk.services.placing import freeing
from frontdesk.services.placing.booking_wishes import BookedLine
from frontdesk.services.placing.placing import PlacedLine
from frontdesk.services.placing.visit_lines import LineWish
from frontdesk.services.use_case import Work
from frontdesk.tables.appointments import Appointment, AppointmentPart, AppointmentService
from frontdesk.tables.slots import TimeSlot
from frontdesk.text import clean


def write_lines(
    work: Work, visit: Appointment, wishes: Sequence[LineWish], placed: Sequence[PlacedLine]
) -> list[AppointmentService]:
    """Write the lines of a new visit, each with its parts and pieces."""
    lines = [
        line_of(visit, at, wish, spot) for at, (wish, spot) in enumerate(zip(wishes, placed, strict=True), start=1)
    ]
    added = {at: wish.follows for at, wish in enumerate(wishes) if wish.follows is not None}
    work.session.add_all([line for at, line in enumerate(lines) if at not in added])
    work.session.flush()
    for at, host in added.items():
        lines[at].addon_of = lines[host].id
    work.session.add_all([lines[at] for at in added])
    work.session.flush()
    write_parts(work, lines, placed)
    return lines


def line_of(visit: Appointment, position: int, wish: LineWish, spot: PlacedLine) -> AppointmentService:
    """A line of a new visit as it will be written."""
    starts_at, ends_at = _from_to(spot)
    return AppointmentService(
        appointment_id=visit.id,
        position=position,
        service_id=spot.need.service_id,
        name=spot.need.name,
        stylist_id=spot.stylist.stylist_id if spot.stylist else None,
        price=spot.stylist.price if spot.stylist else spot.need.price,
        status=Status.PENDING,
        starts_at=starts_at,
        ends_at=ends_at,
        overbooked=spot.overbook_reason is not None,
        overbook_reason=_reason(spot),
        bundle_id=wish.bundle_id,
        asked_for=wish.asked_for,
        own_minutes=wish.minutes,
        own_price=wish.own_price,
    )


def rewrite_lines(work: Work, lines: Sequence[AppointmentService], placed: Sequence[PlacedLine]) -> None:
    """Write lines that were lifted where they have been placed anew."""
    for line, spot in zip(lines, placed, strict=True):
        if spot.stylist is not None and spot.stylist.stylist_id != line.stylist_id:
            line.stylist_id, line.price = spot.stylist.stylist_id, spot.stylist.price
        line.starts_at, line.ends_at = _from_to(spot)
        line.overbooked, line.overbook_reason = spot.overbook_reason is not None, _reason(spot)
        line.version += 1
    freeing.remove_parts(work, [line.id for line in lines])
    write_parts(work, lines, placed)


def _reason(spot: PlacedLine) -> str | None:
    return None if spot.overbook_reason is None else clean(spot.overbook_reason)


def _from_to(spot: PlacedLine) -> tuple[dt.datetime, dt.datetime]:
    """From the first part to the end of the last, clean-up included."""
    minutes = (spot.plan.starts, spot.plan.ends)
    return spot.starts_at + dt.timedelta(minutes=minutes[0]), spot.starts_at + dt.timedelta(minutes=minutes[1])


def write_parts(work: Work, lines: Sequence[AppointmentService], placed: Sequence[PlacedLine]) -> None:
    """Write how lines are laid out, and take the pieces of the strips."""
    pairs = parts_of(lines, placed)
    work.session.add_all([part for part, _ in pairs])
    work.session.flush()
    work.session.add_all(piece_of(work, part, resource_id) for part, resource_id in pairs if resource_id is not None)
    work.session.flush()


def parts_of(
    lines: Sequence[AppointmentService], placed: Sequence[PlacedLine]
) -> list[tuple[AppointmentPart, int | None]]:
    """How lines are laid out, each part with the strip of which it takes a piece."""
    return [
        (
            AppointmentPart(
                appointment_service_id=line.id,
                position=part.position,
                kind=part.kind,
                role=part.role,
                resource_id=resource_id,
                starts_at=spot.starts_at + dt.timedelta(minutes=part.offset),
                ends_at=spot.starts_at + dt.timedelta(minutes=part.offset + part.minutes),
            ),
            # Overbooked people hold no piece of their strip; the room they use is held all the same.
            resource_id if spot.overbook_reason is None or part.role != "lead" else None,
        )
        for line, spot in zip(lines, placed, strict=True)
        for part, resource_id in spot.parts
    ]


def piece_of(work: Work, part: AppointmentPart, resource_id: int) -> TimeSlot:
    """What a part takes of a strip."""
    return TimeSlot(
        resource_id=resource_id,
        shop_id=work.shop.id,
        starts_at=part.starts_at,
        ends_at=part.ends_at,
        status="booked",
        part_id=part.id,
    )


def answer(placed: Sequence[PlacedLine], lines: Sequence[AppointmentService]) -> tuple[BookedLine, ...]:
    """What was booked, line by line."""
    return tuple(
        BookedLine(
            line.name,
            spot.stylist.name if spot.stylist else None,
            line.price,
            line.starts_at,
            line.ends_at,
            spot.overbook_reason is not None,
            line.id,
            line.stylist_id,
        )
        for spot, line in zip(placed, lines, strict=True)
    )
