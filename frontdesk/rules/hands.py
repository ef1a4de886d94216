"""Whose hands did the work of a line: by the minutes each worked alone at it (features SV3, CO: who earns what)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import NamedTuple

_NOT_HANDS_ON = frozenset({"buffer", "cleanup", "processing"})


class Hand(NamedTuple):
    """One person at one part of a line."""

    position: int
    """Of the part: who shares one works at the same time."""
    kind: str
    """`active`, `finish`, `processing`."""
    role: str
    """`lead` or `assistant`."""
    stylist_id: int
    minutes: int


def hands_on(parts: Iterable[Hand]) -> dict[int, int]:
    """Minutes each stylist's hands were on it, in the order in which they began.

    Where lead and assistant are at it together the part is the lead's; an assistant earns by the parts that they do
    alone. A part during which it only processes is nobody's, unless nothing else was done.
    """
    found = list(parts)
    worked = [part for part in found if part.kind not in _NOT_HANDS_ON and part.minutes > 0]
    worked = worked or [part for part in found if part.kind == "processing" and part.minutes > 0]
    led = {part.position for part in worked if part.role == "lead"}
    minutes: dict[int, int] = {}
    for part in sorted(worked, key=lambda one: one.position):
        if part.role == "lead" or part.position not in led:
            minutes[part.stylist_id] = minutes.get(part.stylist_id, 0) + part.minutes
    return minutes


def shares(parts: Iterable[Hand]) -> Mapping[int, Fraction]:
    """Each stylist's share of a line; together they are the whole, and empty when nobody's hands are known."""
    minutes = hands_on(parts)
    whole = sum(minutes.values())
    return {stylist: Fraction(mine, whole) for stylist, mine in minutes.items()}
