"""A stylist leaves, or comes back: their week ends today, and begins again as it last was."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import text

from frontdesk.services.team.stranded import HoursChange, StrandedVisit
from frontdesk.services.use_case import Work
from frontdesk.tables.stylists import Stylist


def leave_or_return(work: Work, stylist: Stylist, *, returns: bool) -> tuple[StrandedVisit, ...]:
    """End their hours from today on, or give them back the week they had last. Answers what that strands."""
    change = HoursChange.begin(work, [stylist.resource_id], work.desk.today, dt.date.max)
    asked = {"stylist": stylist.id, "today": work.desk.today}
    for step in _RETURN if returns else _LEAVE:
        work.session.execute(step, asked)
    return change.finish()


_LEAVE = (
    text("DELETE FROM dated_shifts WHERE stylist_id = :stylist AND day >= :today"),
    text("DELETE FROM weekly_shifts WHERE stylist_id = :stylist AND valid_from >= :today"),
    text("UPDATE weekly_shifts SET valid_until = :today WHERE stylist_id = :stylist AND valid_until > :today"),
)
_RETURN = (
    text("""
        INSERT INTO weekly_shifts (stylist_id, shop_id, weekday, starts, ends, valid_from)
        SELECT stylist_id, shop_id, weekday, starts, ends, :today FROM weekly_shifts w
         WHERE stylist_id = :stylist
           AND valid_until = (SELECT max(valid_until) FROM weekly_shifts l WHERE l.stylist_id = :stylist)
           AND valid_until <= :today
    """),
)
