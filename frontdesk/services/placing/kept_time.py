"""Time that was held while somebody typed, or offered to somebody who waits: whoever brings its key may book it.

Private to booking and moving. Holding and letting go by themselves are the business of `book.holds`.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import text

from frontdesk.services.team import slots
from frontdesk.services.team.strip_hours import StripDay, homes
from frontdesk.services.use_case import Work


def days_kept(work: Work, hold_key: UUID | None) -> list[StripDay]:
    """The days on which a hold lies; none when there is none."""
    if hold_key is None:
        return []
    rows = work.session.execute(_KEPT, {"key": hold_key}).all()
    found = homes(work.session, {row.resource_id for row in rows})
    return [day for row in rows for day in found[row.resource_id].days(row.starts_at, row.ends_at)]


def let_go(work: Work, hold_key: UUID | None, days: Iterable[StripDay]) -> None:
    """The hold becomes free time again, for this transaction to book. The caller holds its days."""
    if hold_key is not None:
        work.session.execute(_LET_GO, {"key": hold_key})
        slots.rebuild(work.session, days, work.now)


_KEPT = text("SELECT resource_id, starts_at, ends_at FROM time_slots WHERE hold_key = :key AND status = 'held'")
_LET_GO = text("DELETE FROM time_slots WHERE hold_key = :key AND status = 'held'")
