"""From lines and pieces of strips to columns: whose hands, which room, what is free, what is kept and for whom."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from frontdesk.rules.intervals import joined
from frontdesk.rules.plan import UNTOLD
from frontdesk.rules.states import Status
from frontdesk.services.sheets.day_sheet import DayBlock, DayColumn, DayEntry, DayPart


@dataclass(frozen=True)
class Resource:
    """Whatever has a column."""

    id: int
    kind: str
    name: str
    stylist_id: int | None


@dataclass(frozen=True)
class HeldPart:
    """A part of a line and whom or what it keeps busy."""

    kind: str
    role: str
    resource_id: int | None
    starts_at: dt.datetime
    ends_at: dt.datetime


Standing = dict[int | None, list[DayEntry]]
"""Entries by the resource in whose column they stand; None for nobody's."""


def spread(lines: Iterable[tuple[DayEntry, Sequence[HeldPart]]], resources: Sequence[Resource]) -> Standing:
    """Each line in its stylist's column, in that of everybody else who does a part of it, and of what it uses."""
    standing: Standing = defaultdict(list)
    homes = {one.stylist_id: one for one in resources if one.stylist_id is not None}
    named = {one.id: one for one in resources}
    for entry, parts in lines:
        home = homes.get(entry.stylist_id or 0)
        entry = replace(entry, things=tuple(_things(parts, named)))
        others: dict[int, list[HeldPart]] = defaultdict(list)
        for part in parts:
            if part.resource_id in named and (home is None or part.resource_id != home.id):
                others[part.resource_id].append(part)
        standing[home.id if home else None].append(_at_home(entry, parts, home, named))
        for resource_id, theirs in others.items():
            standing[resource_id].append(_share(entry, theirs, home.name if home else "nobody yet"))
    return standing


def _things(parts: Iterable[HeldPart], named: Mapping[int, Resource]) -> Iterable[str]:
    used = [named.get(part.resource_id or 0) for part in parts]
    return dict.fromkeys(one.name for one in used if one is not None and one.kind != "stylist")


def _at_home(
    entry: DayEntry, parts: Sequence[HeldPart], home: Resource | None, named: Mapping[int, Resource]
) -> DayEntry:
    """The line without what somebody else does of it: in between that is a rail, at an end it is not there."""
    if home is None:
        return entry
    away = {
        (p.starts_at, p.ends_at)
        for p in parts
        if p.role == "lead" and p.resource_id in named and p.resource_id != home.id
    }
    if not away:
        return entry
    kept = [part for part in entry.parts if (part.starts_at, part.ends_at) not in away]
    hands = [part for part in kept if part.kind not in (*UNTOLD, "processing")]
    if not hands:
        return entry
    since, until = min(p.starts_at for p in hands), max(p.ends_at for p in hands)
    between = [DayPart("elsewhere", start, end) for start, end in away if since <= start and end <= until]
    inside = [p for p in kept if p.kind in UNTOLD or (since <= p.starts_at and p.ends_at <= until)]
    stands = tuple(sorted((*inside, *between), key=lambda part: part.starts_at))
    return replace(entry, starts_at=since, ends_at=until, parts=stands)


def _share(entry: DayEntry, theirs: Sequence[HeldPart], hands: str) -> DayEntry:
    """A line in the column of somebody or something else, from the first to the last of what it needs there."""
    told = [part for part in theirs if part.kind not in UNTOLD] or list(theirs)
    parts = tuple(DayPart(part.kind, part.starts_at, part.ends_at) for part in theirs)
    return replace(
        entry,
        starts_at=min(part.starts_at for part in told),
        ends_at=max(part.ends_at for part in told),
        parts=parts,
        hands=hands,
    )


def class_entry(row: Any) -> DayEntry:  # noqa: ANN401  a piece of a strip that a class has
    """A class: one entry, whoever sits in it."""
    session = row.session
    return DayEntry(
        appointment_id=-session["id"],
        line_id=-session["id"],
        code="",
        customer_id=None,
        customer=session["name"],
        service="class",
        status=Status.CONFIRMED,
        starts_at=dt.datetime.fromisoformat(session["starts_at"]),
        ends_at=dt.datetime.fromisoformat(session["ends_at"]),
        price=Decimal(0),
        overbooked=False,
        paid=False,
        new_customer=False,
        parts=(DayPart("active", row.starts_at, row.ends_at),),
        stylist_id=session["stylist_id"],
        category_id=session["category_id"],
        session_id=session["id"],
        seats=session["seats"],
        taken=session["taken"],
    )


def column_of(
    resource: Resource,
    pieces: Iterable[Any],
    entries: Sequence[DayEntry],
    *,
    soonest: dt.datetime,
    shortest: dt.timedelta,
) -> DayColumn:
    """A column from its strip and what stands in it."""
    pieces = list(pieces)
    here = [piece for piece in pieces if piece.elsewhere is None]
    classes = {piece.session["id"]: class_entry(piece) for piece in here if piece.session}
    free = joined((piece.starts_at, piece.ends_at) for piece in here if piece.status == "available")
    starts = (max(start, soonest) for start, end in free if end - max(start, soonest) >= shortest)
    return DayColumn(
        resource.id,
        resource.stylist_id,
        resource.name,
        tuple(joined((piece.starts_at, piece.ends_at) for piece in here)),
        tuple(sorted(_blocks(pieces), key=lambda block: block.starts_at)),
        tuple(sorted((*entries, *classes.values()), key=lambda one: (one.starts_at, one.line_id))),
        free=tuple(free),
        next_free=next(starts, None),
        kind=resource.kind,
    )


def _blocks(pieces: Sequence[Any]) -> Iterator[DayBlock]:
    elsewhere = defaultdict(list)
    for piece in pieces:
        if piece.elsewhere is not None:
            elsewhere[piece.elsewhere].append((piece.starts_at, piece.ends_at))
        elif piece.status in ("blocked", "maintenance"):
            yield DayBlock(piece.starts_at, piece.ends_at, piece.reason or piece.status)
        elif piece.offered_to is not None:
            who = f"offered to {piece.offered_to}"
            yield DayBlock(piece.starts_at, piece.ends_at, who, "offer", piece.held_until)
        elif piece.status == "held":
            who = f"{piece.held_by or 'Somebody'} is booking"
            yield DayBlock(piece.starts_at, piece.ends_at, who, "held", piece.held_until)
    for shop, stretches in elsewhere.items():
        for start, end in joined(stretches):
            yield DayBlock(start, end, f"at {shop}", "away")
