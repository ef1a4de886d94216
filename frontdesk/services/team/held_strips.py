"""Held strips as they lie: what of them is free, who has the rest, and what a visit's own lines take of them.

Instants in here are whole seconds since 1970. Private to the services that place visits.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from frontdesk.rules.intervals import Stretch, joined, overlap, without
from frontdesk.rules.openings import Gap, Span
from frontdesk.rules.plan import LinePlan
from frontdesk.rules.sequence import Laid
from frontdesk.services.team.slots import Slot

Gaps = list[Gap]

_EVENING = 12 * 3600
"""Nobody cleans up for longer than this after closing, in seconds."""


@dataclass
class Strips:
    """Held strips, read once."""

    shop_id: int
    now: dt.datetime
    pieces: dict[int, list[Slot]]
    cleanup_may_overrun: bool = False
    """Clean-up may go on when the strip's day is over (features BK9)."""
    _gaps: dict[int, Gaps] = field(default_factory=dict)
    _late_gaps: dict[int, Gaps] = field(default_factory=dict)

    def gaps(self, resource_id: int) -> Gaps:
        """What is free of it in this shop."""
        if resource_id not in self._gaps:
            self._gaps[resource_id] = joined(
                _seconds(piece)
                for piece in self.pieces.get(resource_id, ())
                if piece.status == "available" and piece.shop_id == self.shop_id
            )
        return self._gaps[resource_id]

    def late_gaps(self, resource_id: int) -> Gaps:
        """The same for clean-up, which may go on after the strip's last piece of a day."""
        if resource_id not in self._late_gaps:
            starts = sorted(_seconds(piece)[0] for piece in self.pieces.get(resource_id, ()))
            self._late_gaps[resource_id] = [
                (start, next((later for later in starts if later >= end), end + _EVENING))
                for start, end in self.gaps(resource_id)
            ]
        return self._late_gaps[resource_id]

    def has_room(
        self, resource_id: int, role: str, plan: LinePlan, starts: int, busy: Iterable[tuple[int, int, int]]
    ) -> bool:
        """Whether all of it is free for a role of a line, beside what the visit's other lines take."""
        needed = stretches(plan.spans(role), starts)
        mine = [(start, end) for resource, start, end in busy if resource == resource_id]
        if overlap(needed, mine):
            return False
        if not self.cleanup_may_overrun:
            return not without(needed, self.gaps(resource_id))
        firm = stretches(plan.spans(role, with_cleanup=False), starts)
        return not without(firm, self.gaps(resource_id)) and not without(needed, self.late_gaps(resource_id))

    def in_the_way(self, resource_id: int, needed: Sequence[Stretch[int]]) -> list[Slot]:
        """The facts that lie where it is needed, in order of time."""
        facts = [
            piece
            for piece in self.pieces.get(resource_id, ())
            if piece.status == "booked" or (piece.status == "held" and piece.held_until and piece.held_until > self.now)
        ]
        return [piece for piece in facts if overlap([_seconds(piece)], needed)]


def stretches(spans: Iterable[Span], starts: int) -> Gaps:
    """When a line that starts somewhere needs a role."""
    return [(starts + span.offset, starts + span.offset + span.length) for span in spans]


def busy_with(before: Sequence[Laid]) -> list[tuple[int, int, int]]:
    """What the lines that have their place already take."""
    return [each for laid in before for each in laid.busy()]


def shared_seconds(pieces: Iterable[Slot], needed: Sequence[Stretch[int]]) -> int:
    """How long facts lie over what is needed."""
    return sum(end - start for start, end in overlap(joined(_seconds(piece) for piece in pieces), needed))


def _seconds(piece: Slot) -> Gap:
    return int(piece.starts_at.timestamp()), int(piece.ends_at.timestamp())
