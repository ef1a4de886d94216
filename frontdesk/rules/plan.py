"""From a service's parts to a visit's: what lies when, who is needed for it, and what the customer is told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from frontdesk.errors import BadInput
from frontdesk.rules.openings import Span, spans_joined

UNTOLD = frozenset({"buffer", "cleanup"})
"""Parts the customer is not told of."""

HANDS_ON = frozenset({"active", "finish"})
"""Parts that somebody quick does quicker; colour takes its time whoever put it on."""


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

    def spans(self, role: str, *, with_cleanup: bool = True) -> tuple[Span, ...]:
        """When a role is needed, in seconds, with neighbours joined."""
        mine = (p for p in self.parts if p.role == role and (with_cleanup or p.kind != "cleanup"))
        return spans_joined(Span(p.offset * 60, p.minutes * 60) for p in mine)

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


@lru_cache(maxsize=2048)
def plan_of(parts: tuple[Part, ...], told_minutes: int | None) -> LinePlan:
    """A service laid out from zero, told to take so long; as the catalogue has it when that is None."""
    return line_plan(parts if told_minutes is None else stretched(parts, told_minutes))


def least_minutes(parts: Sequence[Part]) -> int:
    """What the customer has to be told at least: what takes its own time, and a minute of each hands-on part."""
    hands_on = [part.minutes for part in parts if part.kind in HANDS_ON]
    return line_plan(parts).told_minutes - sum(hands_on) + len(hands_on)


def told_within(parts: Sequence[Part], minutes: int | None) -> int | None:
    """A length that was kept for later, as far as the service still allows it; None for the service's own."""
    if minutes is None or all(part.kind not in HANDS_ON for part in parts):
        return None
    return max(minutes, least_minutes(parts))


def stretched(parts: Sequence[Part], told_minutes: int) -> tuple[Part, ...]:
    """The parts when the customer is told another length (features SV7, CA2).

    Hands-on parts grow and shrink in proportion, by largest remainder; processing, buffers and clean-up stay. Raises
    BadInput naming the least possible when not even a minute of hands is left for each.
    """
    least = least_minutes(parts)
    hands = [place for place, part in enumerate(parts) if part.kind in HANDS_ON]
    if told_minutes < least or (told_minutes > least and not hands):
        more = " or more" if hands else ""
        raise BadInput(f"It takes at least {least} minutes. Give it {least}{more}.", field="minutes")
    shares = _shared(told_minutes - least + len(hands), [parts[place].minutes for place in hands])
    while 0 in shares:
        shares[shares.index(max(shares))] -= 1
        shares[shares.index(0)] += 1
    anew = dict(zip(hands, shares, strict=True))
    return tuple(part._replace(minutes=anew.get(place, part.minutes)) for place, part in enumerate(parts))


def _shared(minutes: int, weights: Sequence[int]) -> list[int]:
    whole = sum(weights) or 1
    shares = [minutes * weight // whole for weight in weights]
    left = minutes - sum(shares)
    for place in sorted(range(len(weights)), key=lambda at: (-(minutes * weights[at] % whole), at))[:left]:
        shares[place] += 1
    return shares
