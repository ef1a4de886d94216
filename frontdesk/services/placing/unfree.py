"""Why a time can't be had and what is free instead, in the receptionist's words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import text

from frontdesk.clock import day_of
from frontdesk.errors import (
    BeingBooked,
    CustomerBusy,
    GivesClass,
    KeptForSomebody,
    NoResource,
    NothingFree,
    OutsideShift,
    Refusal,
    StylistTaken,
)
from frontdesk.permissions import Deed, refusal_for
from frontdesk.rules.hours import DAY, Piece, derived_pieces
from frontdesk.rules.intervals import Stretch
from frontdesk.services.placing.availability import free_between
from frontdesk.services.placing.candidates import Candidate, Wanted
from frontdesk.services.placing.whose_time import OWNER_COLUMNS, OWNER_JOINS, owner_name
from frontdesk.services.team.slots import Slot
from frontdesk.services.team.strip_hours import hours_of
from frontdesk.services.use_case import Work
from frontdesk.services.wording import clock_time, day_and_time, day_words, stretch, when_said

_LOOK_AHEAD = 14 * DAY

_NAMED_AT_MOST = 3
"""So many rooms are named in one sentence."""


def taken(work: Work, need: Wanted, stylist: Candidate, starts_at: dt.datetime, clash: Stretch[dt.datetime]) -> Refusal:
    """Somebody has the stylist: a visit, a class, or whoever is booking right now."""
    zone = work.shop.timezone
    row = _who_has(work, stylist.resource_id, clash)
    instead = next_free(work, need, [stylist], starts_at)
    if row is None:
        return NothingFree(service=need.name, time=day_and_time(starts_at, zone), instead=instead)
    time = clock_time(row.starts_at, zone)
    if row.held_for is not None:
        until = clock_time(row.held_until, zone)
        return KeptForSomebody(time=time, stylist=stylist.name, customer=row.held_for, until=until, instead=instead)
    if row.held_by is not None:
        return BeingBooked(who=row.held_by, time=time, instead=instead)
    if row.class_name is not None:
        taken = stretch(*clash, zone)
        return GivesClass(stylist=stylist.name, taken=taken, customer=row.class_name, instead=instead)
    return StylistTaken(
        stylist=stylist.name,
        taken=stretch(*clash, zone),
        visit=row.code,
        customer=owner_name(row),
        booked_by=row.booked_by or "another system",
        booked_at=when_said(row.booked_at, work.desk.today, zone),
        instead=instead,
    )


def no_thing(
    work: Work,
    need: Wanted,
    role: str,
    wished: Sequence[Candidate],
    starts_at: dt.datetime,
    blocked: Sequence[tuple[Candidate, Sequence[Slot]]],
) -> Refusal:
    """No room, chair, machine or second pair of hands: each is named with whoever has it."""
    zone = work.shop.timezone
    said = []
    for thing, pieces in blocked[:_NAMED_AT_MOST]:
        row = _who_has(work, thing.resource_id, (pieces[0].starts_at, pieces[0].ends_at)) if pieces else None
        if row is None:
            said.append(f"{thing.name} is not open then")
        else:
            by = (
                f"kept by {row.held_by}"
                if row.held_by
                else f"taken {stretch(row.first, row.last, zone)} by {owner_name(row)}"
            )
            said.append(f"{thing.name} is {by}")
    return NoResource(
        kind=role,
        service=need.name,
        time=day_and_time(starts_at, zone),
        taken=", ".join(said) or f"no {role} is set up",
        instead=next_free(work, need, wished, starts_at),
    )


def _who_has(work: Work, resource_id: int, clash: Stretch[dt.datetime]) -> Any:  # noqa: ANN401  a row of _WHO_HAS_IT
    asked = {"resource": resource_id, "starts_at": clash[0], "ends_at": clash[1]}
    return work.session.execute(_WHO_HAS_IT, asked).one_or_none()


_WHO_HAS_IT = text(f"""
    SELECT t.starts_at, coalesce(whole.first, t.starts_at) AS first, coalesce(whole.last, t.ends_at) AS last,
           {OWNER_COLUMNS}
      FROM time_slots t {OWNER_JOINS}
      LEFT JOIN LATERAL (SELECT min(starts_at) AS first, max(ends_at) AS last FROM appointment_parts
                          WHERE appointment_service_id = l.id AND resource_id = t.resource_id) whole ON true
     WHERE t.resource_id = :resource AND t.starts_at = :starts_at AND t.ends_at = :ends_at
       AND t.status IN ('booked', 'held') LIMIT 1
""")  # noqa: S608  put together from what this house wrote


def nobody(work: Work, need: Wanted, starts_at: dt.datetime) -> Refusal:
    """Nobody who could is free."""
    return NothingFree(
        service=need.name,
        time=day_and_time(starts_at, work.shop.timezone),
        instead=next_free(work, need, need.stylists, starts_at),
    )


def outside(
    work: Work,
    need: Wanted,
    stylist: Candidate,
    starts_at: dt.datetime,
    when: Sequence[Stretch[dt.datetime]],
) -> Refusal:
    """The stylist is not working then."""
    zone = work.shop.timezone
    day = day_of(starts_at, zone)
    hours = hours_of(work.session, [stylist.resource_id], day, day + DAY)[stylist.resource_id]
    pieces = derived_pieces(day, hours, ())
    shift = [piece for piece in pieces if piece.shop_id == work.shop.id]
    away = next((p for p in pieces if p.shop_id != work.shop.id and _meets(p, when)), None)
    blocked = next((p for p in shift if p.status != "available" and _meets(p, when)), None)
    if blocked is not None:
        why = f"is not free {stretch(blocked.starts_at, blocked.ends_at, zone)} ({blocked.reason})"
    elif away is not None:
        why = f"is at {_shop_name(work, away.shop_id)} {stretch(away.starts_at, away.ends_at, zone)}"
    elif not shift:
        why = f"is off on {day_words(day)}"
    elif when[0][0] < shift[0].starts_at:
        why = f"starts at {clock_time(shift[0].starts_at, zone)} on {day_words(day)}"
    elif when[-1][1] > max(piece.ends_at for piece in shift):
        why = f"finishes at {clock_time(max(piece.ends_at for piece in shift), zone)} on {day_words(day)}"
    else:
        why = f"is not working all of that time on {day_words(day)}"
    instead = next_free(work, need, [stylist], starts_at)
    if refusal_for(work.actor, Deed.BOOK_OUTSIDE) is None:
        instead += " Or book it outside hours on purpose."
    return OutsideShift(stylist=stylist.name, why=why, instead=instead)


def _shop_name(work: Work, shop_id: int) -> str:
    return str(work.session.execute(text("SELECT name FROM shops WHERE id = :shop"), {"shop": shop_id}).scalar_one())


def _meets(piece: Piece, when: Sequence[Stretch[dt.datetime]]) -> bool:
    return any(start < piece.ends_at and piece.starts_at < end for start, end in when)


def next_free(work: Work, need: Wanted, wished: Sequence[Candidate], starts_at: dt.datetime) -> str:
    """`Free next: 15:45, or Bo at 15:00.`"""
    zone = work.shop.timezone
    day = max(day_of(starts_at, zone), work.desk.today)
    found = free_between(work, need, need.stylists, day, day + DAY)
    names = {c.stylist_id for c in wished}
    theirs = next((t for t in found if t.stylist_id in names and t.starts_at >= starts_at), None)
    if theirs is None:
        later = free_between(work, need, wished, day + DAY, day + _LOOK_AHEAD)
        theirs = later[0] if later else None
    other = next((t for t in found if t.stylist_id not in names and t.starts_at >= starts_at), None)
    said = []
    if theirs is not None:
        same_day = day_of(theirs.starts_at, zone) == day
        said.append(clock_time(theirs.starts_at, zone) if same_day else day_and_time(theirs.starts_at, zone))
        if len(names) > 1:
            said[0] += f" with {theirs.stylist}"
    if other is not None:
        said.append(f"{other.stylist} at {clock_time(other.starts_at, zone)}")
    return f"Free next: {', or '.join(said)}." if said else "Nothing is free in the next two weeks."


def refuse_customer_elsewhere(
    work: Work, customer_id: int, customer: str, starts_at: dt.datetime, ends_at: dt.datetime, *, besides: int = 0
) -> None:
    """Refuse when the customer has another visit then. Raises CustomerBusy."""
    row = work.session.execute(
        _ELSEWHERE, {"customer": customer_id, "starts_at": starts_at, "ends_at": ends_at, "besides": besides}
    ).one_or_none()
    if row is not None:
        raise customer_busy(work, customer, row.code, row.starts_at, row.ends_at)


def customer_busy(work: Work, customer: str, code: str, starts_at: dt.datetime, ends_at: dt.datetime) -> CustomerBusy:
    """The refusal that names the visit in the way."""
    taken = stretch(starts_at, ends_at, work.shop.timezone)
    return CustomerBusy(customer=customer, visit=f"visit {code}", taken=taken)


_ELSEWHERE = text("""
    SELECT code, starts_at, ends_at FROM appointments
     WHERE customer_id = :customer AND starts_at < :ends_at AND ends_at > :starts_at AND id <> :besides
       AND NOT for_guest AND status NOT IN ('cancelled', 'late_cancelled', 'no_show', 'void')
     ORDER BY starts_at LIMIT 1
""")
