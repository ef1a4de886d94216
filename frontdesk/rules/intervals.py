"""Half-open stretches `(start, end)` of anything that has an order: joined, cut and overlaid. Lists are sorted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

T = TypeVar("T", bound=Any)
Stretch = tuple[T, T]


def joined(stretches: Iterable[Stretch[T]]) -> list[Stretch[T]]:
    """The same time without overlaps or seams."""
    out: list[Stretch[T]] = []
    for start, end in sorted(stretches):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        elif start < end:
            out.append((start, end))
    return out


def without(stretches: Iterable[Stretch[T]], holes: Iterable[Stretch[T]]) -> list[Stretch[T]]:
    """What is left of `stretches` when `holes` are cut out."""
    left = list(stretches)
    for hole_start, hole_end in holes:
        left = [
            piece
            for start, end in left
            for piece in ((start, min(end, hole_start)), (max(start, hole_end), end))
            if piece[0] < piece[1]
        ]
    return left


def overlap(stretches: Iterable[Stretch[T]], others: Iterable[Stretch[T]]) -> list[Stretch[T]]:
    """What lies in both."""
    others = list(others)
    met = ((max(a, c), min(b, d)) for a, b in stretches for c, d in others)
    return [(start, end) for start, end in met if start < end]
