"""From a service's parts to a visit's: what lies when, who is needed for it, and what the customer is told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from frontdesk.rules.openings import Span, spans_joined

UNTOLD = frozenset({"buffer", "cleanup"})
"""Parts the customer is not told of."""


class Part(NamedTuple):
    """A service's part, as the catalogue has it."""

    kind: str
    minutes: int
    holds: tuple[str, ...]


class PlannedPart(NamedTuple):
    """A visit's part: minutes from the moment the customer is told, and one role that it keeps busy."""

    position: int
    kind: str
    role: str
    offset: int
    minutes: int


class LinePlan(NamedTuple):
    """One service laid out from a moment zero, which is when the customer is told to come."""

    parts: tuple[PlannedPart, ...]
    told_minutes: int
    """How long the customer is told it takes."""

    def spans(self, role: str) -> tuple[Span, ...]:
        """When a role is needed, in seconds, with neighbours joined."""
        return spans_joined(Span(p.offset * 60, p.minutes * 60) for p in self.parts if p.role == role)

    @property
    def roles(self) -> tuple[str, ...]:
        """Whom and what it needs, each once, in the order of the parts."""
        return tuple(dict.fromkeys(part.role for part in self.parts if part.role != "nobody"))

    @property
    def starts(self) -> int:
        """Minutes from zero to the first part: negative with a buffer before."""
        return min(part.offset for part in self.parts)

    @property
    def ends(self) -> int:
        """Minutes from zero to the end of the last part, clean-up included."""
        return max(part.offset + part.minutes for part in self.parts)


def line_plan(parts: Sequence[Part], *, starts: int = 0) -> LinePlan:
    """Lay out a service whose customer is told `starts` minutes after zero. A part that holds nobody is a wait."""
    leading = 0
    for part in parts:
        if part.kind != "buffer":
            break
        leading += part.minutes
    offset, told_end = starts - leading, starts
    planned: list[PlannedPart] = []
    for position, part in enumerate(parts, start=1):
        roles = part.holds or ("nobody",)
        planned += [PlannedPart(position, part.kind, role, offset, part.minutes) for role in roles]
        offset += part.minutes
        if part.kind not in UNTOLD:
            told_end = offset
    return LinePlan(tuple(planned), told_end - starts)


def visit_plan(services: Iterable[Sequence[Part]]) -> list[LinePlan]:
    """Lay out several services one after the other: each starts when the one before is told to end."""
    plans: list[LinePlan] = []
    told = 0
    for parts in services:
        plans.append(line_plan(parts, starts=told))
        told += plans[-1].told_minutes
    return plans
