"""Who is asked first when anybody will do: the least busy, then whoever was given somebody longest ago (features BK14).

Private to placing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from sqlalchemy import text

from frontdesk.clock import day_bounds, day_of
from frontdesk.services.team.slots import LONGEST_PIECE
from frontdesk.services.use_case import Work

_LONG_AGO = dt.timedelta(days=14)
"""Whoever was given nobody for so long was given nobody for long enough."""


def shares(work: Work, resource_ids: Iterable[int], at: dt.datetime) -> dict[int, tuple[int, int]]:
    """What comes first of these stylists, by resource: seconds booked on that day, then the last line given to them.

    The caller holds their strips, so that what is read stays so until it is written.
    """
    since, until = day_bounds(day_of(at, work.shop.timezone), work.shop.timezone)
    asked = {
        "resources": sorted(set(resource_ids)),
        "since": since,
        "until": until,
        "back": since - LONGEST_PIECE,
        "recently": work.now - _LONG_AGO,
    }
    return {row.id: (int(row.busy), row.given) for row in work.session.execute(_SHARES, asked)}


_SHARES = text("""
    SELECT r.id,
           (SELECT coalesce(sum(extract(epoch FROM least(t.ends_at, :until) - greatest(t.starts_at, :since))), 0)
              FROM time_slots t
             WHERE t.resource_id = r.id AND t.status = 'booked'
               AND t.starts_at >= :back AND t.starts_at < :until AND t.ends_at > :since) AS busy,
           (SELECT coalesce(max(l.id), 0) FROM appointment_services l JOIN stylists p ON p.id = l.stylist_id
             WHERE p.resource_id = r.id AND l.starts_at >= :recently AND NOT l.asked_for AND l.status <> 'void'
           ) AS given
      FROM resources r WHERE r.id = ANY (:resources)
""")
