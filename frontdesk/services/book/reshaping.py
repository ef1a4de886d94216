"""A visit's state as it would be otherwise: later, longer, with somebody else. Pure; `strokes` makes it so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from frontdesk.rules.plan import HANDS_ON, UNTOLD, LinePlan
from frontdesk.services.book.actions import LineState, PartState, VisitState

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
    terms = replace(line.terms, asked_for=False) if line.terms and stylist_id != line.stylist_id else line.terms
    return replace(line, stylist_id=stylist_id, parts=parts, price=line.price if keeps else price, terms=terms)


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


def pushed(state: VisitState, line: LineState) -> VisitState:
    """The visit with one line otherwise: what comes after it makes room, or closes up where there was no gap."""
    old = next(one for one in state.lines if one.id == line.id)
    (_, old_end), (_, end) = told(old), told(line)
    later = [
        one for one in state.lines
        if one.holds_time and one.id != line.id and one.started_at is None and told(one)[0] >= old_end
    ]  # fmt: skip
    gap = min((told(one)[0] for one in later), default=old_end) - old_end
    by = max(end - old_end - gap, dt.timedelta(0)) if end > old_end else (dt.timedelta(0) if gap else end - old_end)
    return with_lines(state, [line, *(shifted(one, by) for one in later)])


def stretched_to(line: LineState, ends_at: dt.datetime) -> LineState | None:
    """The line told to end at another moment: its last hands-on part takes it all; None when that would vanish."""
    by = ends_at - told(line)[1]
    parts = list(line.parts or ())
    hands = [part for part in parts if part.kind in HANDS_ON]
    if not hands:
        return None
    last = max(part.ends_at for part in hands)
    position = {part.position for part in hands if part.ends_at == last}
    anew = []
    for part in parts:
        if part.position in position:
            part = replace(part, ends_at=part.ends_at + by)
            if part.ends_at <= part.starts_at:
                return None
        elif part.starts_at >= last:
            part = replace(part, starts_at=part.starts_at + by, ends_at=part.ends_at + by)
        anew.append(part)
    return with_parts(line, anew)


def split_at(line: LineState, at: dt.datetime, resource_id: int) -> LineState:
    """The lead's work from a moment on is somebody else's; the part under way is split there."""
    cut: list[PartState] = []
    for part in sorted(line.parts or (), key=lambda part: (part.starts_at, part.position)):
        if part.role != "lead" or part.ends_at <= at:
            cut.append(part)
        elif part.starts_at >= at:
            cut.append(replace(part, resource_id=resource_id))
        else:
            cut += [replace(part, ends_at=at), replace(part, starts_at=at, resource_id=resource_id)]
    return with_parts(line, _numbered(cut))


def _numbered(parts: Iterable[PartState]) -> list[PartState]:
    """In order of time, each role once at each place: what began together stays together."""
    numbered: list[PartState] = []
    place, last = 0, None
    for part in sorted(parts, key=lambda part: (part.starts_at, part.position)):
        if (part.starts_at, part.kind) != last:
            place, last = place + 1, (part.starts_at, part.kind)
        numbered.append(replace(part, position=place))
    return numbered
