"""From gaps to start times: where a row of parts fits. Instants are whole seconds since 1970, stretches half-open.

A start is offered on the shop's grid. A visit fits a resource when every part that needs it lies in a gap; parts in
between, such as processing, may lie over somebody else's visit (features BK8).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

Gap = tuple[int, int]


class Span(NamedTuple):
    """A part of a visit, in seconds from its start."""

    offset: int
    length: int


def spans_joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Parts that follow each other without a break are one stretch to look for."""
    out: list[Span] = []
    for span in sorted(spans):
        if out and span.offset <= out[-1].offset + out[-1].length:
            out[-1] = Span(out[-1].offset, max(out[-1].length, span.offset + span.length - out[-1].offset))
        else:
            out.append(span)
    return tuple(out)


def open_starts(gaps: Sequence[Gap], spans: Sequence[Span], *, step: int, earliest: int, latest: int) -> list[int]:
    """Every start on the grid, from `earliest` up to and without `latest`, at which all `spans` lie in `gaps`.

    Gaps are sorted and don't overlap. Local quarter hours are quarter hours of the epoch in every zone in use.
    """
    if not spans:
        return list(range(-(-earliest // step) * step, latest, step))
    found = _fitting(gaps, spans[0], step, earliest, latest)
    for span in spans[1:]:
        also = set(_fitting(gaps, span, step, earliest, latest))
        found = [start for start in found if start in also]
    return found


def _fitting(gaps: Sequence[Gap], span: Span, step: int, earliest: int, latest: int) -> list[int]:
    offset, length = span
    out: list[int] = []
    for start, end in gaps:
        if end - start < length:
            continue
        first = start - offset
        if first < earliest:
            first = earliest
        last = end - length - offset
        if last >= latest:
            last = latest - 1
        first = -(-first // step) * step
        if first == last:
            out.append(first)
        elif first < last:
            out.extend(range(first, last + 1, step))
    return out
