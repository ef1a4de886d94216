"""A class on its strips: whom and what it keeps busy, and from when until when. Private to the services of classes.

A class has one piece on each strip it needs, from its first part to its last: nobody else comes in between.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import text

from frontdesk.clock import local
from frontdesk.errors import BadInput, NotFound
from frontdesk.rules.plan import UNTOLD, plan_of
from frontdesk.services.placing.candidates import Candidate, Wanted, wanted
from frontdesk.services.placing.placing import Allowance, Choice, PlacedLine, Placing
from frontdesk.services.shop.shop_rules import rules_of
from frontdesk.services.team import slots
from frontdesk.services.team.strip_hours import StripDay, homes
from frontdesk.services.use_case import Work
from frontdesk.tables.classes import ClassSession


@dataclass(frozen=True)
class Spot:
    """Where a class shall be."""

    service_id: int
    stylist_id: int
    room_id: int | None
    starts_at: dt.datetime


@dataclass(frozen=True)
class Found:
    """A spot that can be had, with the strips held."""

    spot: Spot
    line: PlacedLine
    days: tuple[StripDay, ...]

    @property
    def stretches(self) -> Mapping[int, tuple[dt.datetime, dt.datetime]]:
        """When it needs which resource."""
        found: dict[int, tuple[dt.datetime, dt.datetime]] = {}
        for part, resource_id in self.line.parts:
            if resource_id is None:
                continue
            start = self.line.starts_at + dt.timedelta(minutes=part.offset)
            end = start + dt.timedelta(minutes=part.minutes)
            before = found.get(resource_id, (start, end))
            found[resource_id] = (min(start, before[0]), max(end, before[1]))
        return found

    @property
    def room_id(self) -> int | None:
        """The room it has; of a class that was given one, that one."""
        lead = self.line.stylist.resource_id if self.line.stylist else None
        return self.spot.room_id or next((resource for resource in self.stretches if resource != lead), None)


def need_of(work: Work, service_id: int, room_id: int | None) -> Wanted:
    """What a class needs: its service's parts, and the room that was asked for. Raises NotFound, BadInput."""
    (need,) = wanted(work.session, work.shop.id, [service_id], retired=True)
    if need.kind != "class":
        raise BadInput(f"{need.name} is not a class. Say in the menu that it is, and how many seats it has.")
    if room_id is None:
        return need
    room = work.session.execute(_ROOM, {"room": room_id, "shop": work.shop.id}).one_or_none()
    if room is None:
        raise NotFound(what="room", name=room_id, remedy="Look at the shop's rooms.")
    parts = tuple(
        part if room.kind in part.holds or part.kind in UNTOLD else part._replace(holds=(*part.holds, room.kind))
        for part in need.parts
    )
    others = {**need.others, room.kind: (Candidate(room.id, room.name),)}
    return replace(need, parts=parts, plan=plan_of(parts, None), others=others)


_ROOM = text(
    "SELECT id, kind, name FROM resources WHERE id = :room AND shop_id = :shop AND kind <> 'stylist' AND is_active"
)


def find_spot(work: Work, spot: Spot, allowance: Allowance) -> Found:
    """Hold the strips and see whether a class fits there. Raises what `booking.book` raises about time."""
    need = need_of(work, spot.service_id, spot.room_id)
    placing = Placing(work, rules_of(work), [need], [Choice(spot.stylist_id)], spot.starts_at, allowance)
    days = placing.hold(customer_id=None)
    placing.read(days)
    (line,) = placing.place()
    return Found(spot, line, tuple(days))


def put(work: Work, session: ClassSession, found: Found) -> None:
    """Make the class be there and nowhere else. The caller has lifted it from where it was."""
    session.stylist_id = found.spot.stylist_id
    session.resource_id = found.room_id
    session.starts_at, session.ends_at = found.spot.starts_at, found.line.told_ends
    session.starts_local = local(found.spot.starts_at, work.shop.timezone).replace(tzinfo=None)
    work.session.add(session)
    work.session.flush()
    for resource_id, (starts_at, ends_at) in sorted(found.stretches.items()):
        work.session.execute(
            _OCCUPY,
            {"resource": resource_id, "shop": session.shop_id, "s": starts_at, "e": ends_at, "session": session.id},
        )
    slots.rebuild(work.session, found.days, work.now)


_OCCUPY = text("""
    INSERT INTO time_slots (resource_id, shop_id, starts_at, ends_at, status, class_session_id)
    VALUES (:resource, :shop, :s, :e, 'booked', :session)
""")


def lift(work: Work, session_id: int, days: Iterable[StripDay]) -> None:
    """Take a class off its strips. The caller holds the days."""
    work.session.flush()
    work.session.execute(text("DELETE FROM time_slots WHERE class_session_id = :session"), {"session": session_id})
    slots.rebuild(work.session, days, work.now)


def days_of(work: Work, session_ids: Iterable[int]) -> set[StripDay]:
    """The days of the strips that these classes hold, or held before they were cancelled."""
    rows = work.session.execute(_HELD_BY, {"sessions": sorted(set(session_ids))}).all()
    found = homes(work.session, {row.resource_id for row in rows})
    return {day for row in rows for day in found[row.resource_id].days(row.starts_at, row.ends_at)}


_HELD_BY = text("""
    SELECT t.resource_id, t.starts_at, t.ends_at FROM time_slots t WHERE t.class_session_id = ANY (:sessions)
    UNION
    SELECT r.id, k.starts_at, k.ends_at
      FROM class_sessions k JOIN stylists p ON p.id = k.stylist_id
      JOIN resources r ON r.id IN (p.resource_id, k.resource_id) WHERE k.id = ANY (:sessions)
""")
