"""A visit's state as it would be otherwise: later, longer, with somebody else. Pure; `strokes` makes it so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from frontdesk.rules.plan import UNTOLD, LinePlan
from frontdesk.services.actions import LineState, PartState, VisitState

PEOPLE = frozenset({"lead", "assistant"})


def told(line: LineState) -> tuple[dt.datetime, dt.datetime]:
    """From when until when the customer is told that a line is."""
    parts = [part for part in line.parts or () if part.kind not in UNTOLD]
    if not parts:
        return line.starts_at, line.ends_at
    return min(part.starts_at for part in parts), max(part.ends_at for part in parts)


def minutes_told(line: LineState) -> int:
    """How long the customer is told it takes."""
    starts_at, ends_at = told(line)
    return int((ends_at - starts_at).total_seconds() // 60)


def with_lines(state: VisitState, lines: Iterable[LineState]) -> VisitState:
    """The visit with some of its lines otherwise: it begins and ends with those that are to be served."""
    anew = {line.id: line for line in lines}
    all_lines = tuple(anew.get(line.id, line) for line in state.lines)
    spans = [told(line) for line in all_lines if line.holds_time]
    if not spans:
        return replace(state, lines=all_lines)
    return replace(
        state, lines=all_lines, starts_at=min(start for start, _ in spans), ends_at=max(end for _, end in spans)
    )


def shifted(line: LineState, by: dt.timedelta) -> LineState:
    """The same line so much later."""
    parts = tuple(replace(part, starts_at=part.starts_at + by, ends_at=part.ends_at + by) for part in line.parts or ())
    return replace(line, starts_at=line.starts_at + by, ends_at=line.ends_at + by, parts=parts)


def shifted_visit(state: VisitState, by: dt.timedelta) -> VisitState:
    """The whole visit so much later: every line that is to be served."""
    return with_lines(state, [shifted(line, by) for line in state.lines if line.holds_time])


def with_parts(line: LineState, parts: Iterable[PartState]) -> LineState:
    """The line laid out so."""
    laid = tuple(parts)
    return replace(line, parts=laid, starts_at=min(p.starts_at for p in laid), ends_at=max(p.ends_at for p in laid))


def led_by(line: LineState, stylist_id: int | None, resource_id: int | None, price: Decimal) -> LineState:
    """The line with another stylist, or with nobody yet, at that price unless it was set for this visit."""
    parts = tuple(replace(part, resource_id=resource_id) if part.role == "lead" else part for part in line.parts or ())
    keeps = line.terms is not None and (line.terms.own_price or line.terms.bundle_id is not None)
    return replace(line, stylist_id=stylist_id, parts=parts, price=line.price if keeps else price)


def planned(
    line: LineState, plan: LinePlan, zero: dt.datetime, lead: int | None, had: dict[str, int | None]
) -> LineState:
    """The line laid out by a plan, with what it had before for its other roles."""
    parts = [
        PartState(
            part.position,
            part.kind,
            part.role,
            lead if part.role == "lead" else had.get(part.role),
            zero + dt.timedelta(minutes=part.offset),
            zero + dt.timedelta(minutes=part.offset + part.minutes),
        )
        for part in plan.parts
    ]
    return with_parts(line, parts)


def things_of(line: LineState) -> dict[str, int | None]:
    """Rooms, machines and hands by role."""
    return {part.role: part.resource_id for part in line.parts or () if part.role not in ("lead", "nobody")}
