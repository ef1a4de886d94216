"""Keeping a time on a strip for a key, and letting it go. Private to the services that hold and offer times.

They hand in the open session. Whoever brings the key may book the time.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text

from frontdesk.rules.intervals import Stretch, joined, without
from frontdesk.services.team import slots
from frontdesk.services.team.strip_hours import StripDay, homes
from frontdesk.services.use_case import Work
from frontdesk.services.wording import person, stretch
from frontdesk.tables.slots import TimeSlot


def keep(
    work: Work,
    resource_id: int,
    stretches: Sequence[Stretch[dt.datetime]],
    hold_key: UUID,
    until: dt.datetime,
    *,
    stylist: str,
    aloud: bool = True,
) -> str:
    """Put a hold on a strip instead of an earlier one of the same key. Answers what is in the way, or nothing.

    Holds the strips, of the new time and of the old.
    """
    span = (min(start for start, _ in stretches), max(end for _, end in stretches))
    (home,) = homes(work.session, [resource_id]).values()
    days = home.days(*span)
    before = _days_of(work, hold_key)
    slots.hold(work.session, [*days, *before])
    unlaid = [(resource, day) for resource, day in days if not home.is_laid_out(day)]
    if unlaid:
        slots.rebuild(work.session, unlaid, work.now)
    lying = [
        p for p in slots.pieces_between(work.session, [resource_id], *span) if p.shop_id == work.shop.id or p.is_fact
    ]
    mine = {row.id for row in work.session.execute(_MINE, {"key": hold_key})}
    over = {p.id for p in lying if p.held_until is not None and p.held_until <= work.now}
    facts = [p for p in lying if p.is_fact and p.id not in mine | over]
    clash = next((p for p in facts if any(p.starts_at < end and start < p.ends_at for start, end in stretches)), None)
    open_time = joined((p.starts_at, p.ends_at) for p in lying if p.status == "available" or p.id in mine | over)
    if clash is None and not without(stretches, open_time):
        work.session.execute(_REMOVE, {"gone": sorted(mine | over)})
        work.session.add_all(
            TimeSlot(
                resource_id=resource_id, shop_id=work.shop.id, starts_at=start, ends_at=end, status="held",
                held_by=work.actor.user_id, held_until=until, hold_key=hold_key,
            )
            for start, end in stretches
        )  # fmt: skip
        work.session.flush()
        slots.rebuild(work.session, {*days, *before}, work.now)
        if aloud:
            wake(work, "hold.taken", _first_of(work, hold_key))
        return ""
    if mine:  # what was kept before is wanted no more, whether or not the new time could be had
        work.session.execute(_REMOVE, {"gone": sorted(mine)})
        slots.rebuild(work.session, before, work.now)
        wake(work, "hold.let_go", 0)
    return _in_the_way(work, clash.id) if clash else f"{stylist} does not work then"


def release(work: Work, hold_key: UUID) -> int:
    """Free what a key keeps, holding the strips. Returns how many pieces that were."""
    days = _days_of(work, hold_key)
    if not days:
        return 0
    slots.hold(work.session, days)
    mine = [row.id for row in work.session.execute(_MINE, {"key": hold_key})]
    if mine:
        work.session.execute(_REMOVE, {"gone": mine})
        slots.rebuild(work.session, days, work.now)
        wake(work, "hold.let_go", 0)
    return len(mine)


def _days_of(work: Work, hold_key: UUID) -> list[StripDay]:
    pieces = work.session.execute(_MINE, {"key": hold_key}).all()
    found = homes(work.session, {piece.resource_id for piece in pieces}) if pieces else {}
    return sorted({day for p in pieces for day in found[p.resource_id].days(p.starts_at, p.ends_at)})


def _first_of(work: Work, hold_key: UUID) -> int:
    return min(int(row.id) for row in work.session.execute(_MINE, {"key": hold_key}))


_MINE = text("SELECT id, resource_id, starts_at, ends_at FROM time_slots WHERE hold_key = :key")
_REMOVE = text("DELETE FROM time_slots WHERE id = ANY (:gone)")


def _in_the_way(work: Work, slot_id: int) -> str:
    row = work.session.execute(_OWNER, {"id": slot_id}).one()
    when = stretch(row.starts_at, row.ends_at, work.shop.timezone)
    who = person(row.first_name, row.last_name, row.code, row.guest_name or row.class_name)
    if row.status != "held":
        return f"{who} {when}"
    return f"{when} is held for {who}" if row.is_offer else f"{row.holder} is booking {when}"


_OWNER = text("""
    SELECT t.status, t.starts_at, t.ends_at, u.name AS holder, o.id IS NOT NULL AS is_offer,
           coalesce(a.guest_name, e.guest_name) AS guest_name, c.first_name, c.last_name, c.code,
           (SELECT v.name FROM class_sessions s JOIN services v ON v.id = s.service_id
             WHERE s.id = t.class_session_id) AS class_name
      FROM time_slots t LEFT JOIN users u ON u.id = t.held_by
      LEFT JOIN appointment_parts p ON p.id = t.part_id
      LEFT JOIN appointment_services l ON l.id = p.appointment_service_id
      LEFT JOIN appointments a ON a.id = l.appointment_id
      LEFT JOIN waitlist_offers o ON o.hold_key = t.hold_key LEFT JOIN waitlist_entries e ON e.id = o.entry_id
      LEFT JOIN customers c ON c.id = coalesce(a.customer_id, e.customer_id)
     WHERE t.id = :id
""")


def wake(work: Work, kind: str, subject_id: int) -> None:
    """Wake the other terminals without leaving an event for the outbox: nobody is ever written to about a hold."""
    notice = {"kind": kind, "id": subject_id, "shop": work.shop.id, "by": work.actor.user_id}
    work.session.execute(_WAKE, {"notice": json.dumps(notice)})


_WAKE = text("SELECT pg_notify('frontdesk', :notice)")
