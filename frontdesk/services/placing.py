"""Where a visit's parts go: chosen under held strips, or refused with what is free instead.

Shared by booking, moving and putting back, which hand in the open session.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from frontdesk.errors import BadInput, CannotDo, NoResource
from frontdesk.permissions import Deed
from frontdesk.rules.intervals import Stretch, joined, without
from frontdesk.rules.plan import PlannedPart
from frontdesk.services import slots, unfree
from frontdesk.services.candidates import Candidate, Wanted
from frontdesk.services.slots import Slot
from frontdesk.services.strip_hours import StripDay, homes
from frontdesk.services.use_case import Work
from frontdesk.services.wording import day_and_time

Stretches = list[Stretch[dt.datetime]]


@dataclass(frozen=True)
class Choice:
    """With whom one line shall be."""

    stylist_id: int | None = None
    """Anybody free when it is None."""
    unassigned: bool = False
    """Nobody yet: somebody will take it."""


@dataclass(frozen=True)
class Allowance:
    """What was asked for knowingly."""

    overbook_reason: str | None = None
    outside_hours: bool = False


@dataclass(frozen=True)
class PlacedLine:
    """A line with everybody and everything it needs."""

    need: Wanted
    stylist: Candidate | None
    parts: tuple[tuple[PlannedPart, int | None], ...]
    overbooked: bool = False


@dataclass
class Strips:
    """Held strips as they lie, and what this transaction is about to put there."""

    work: Work
    zero: dt.datetime
    pieces: dict[int, list[Slot]]
    new: dict[int, Stretches] = field(default_factory=dict)

    def facts(self, resource_id: int) -> Stretches:
        """Who has it already."""
        lying = [
            (p.starts_at, p.ends_at)
            for p in self.pieces.get(resource_id, ())
            if p.status == "booked" or (p.status == "held" and p.held_until and p.held_until > self.work.now)
        ]
        return lying + self.new.get(resource_id, [])

    def open(self, resource_id: int) -> Stretches:
        """What is free of it in this shop."""
        shop = self.work.shop.id
        free = [
            (p.starts_at, p.ends_at)
            for p in self.pieces.get(resource_id, ())
            if p.status == "available" and p.shop_id == shop
        ]
        return without(joined(free), self.new.get(resource_id, []))

    def needed(self, need: Wanted, role: str) -> Stretches:
        """When a line needs a role."""
        return [
            (self.zero + dt.timedelta(seconds=s.offset), self.zero + dt.timedelta(seconds=s.offset + s.length))
            for s in need.plan.spans(role)
        ]

    def clash(self, resource_id: int, stretches: Stretches) -> Stretch[dt.datetime] | None:
        """The first fact in the way."""
        for fact in sorted(self.facts(resource_id)):
            if any(start < fact[1] and fact[0] < end for start, end in stretches):
                return fact
        return None

    def is_open(self, resource_id: int, stretches: Stretches) -> bool:
        """Whether all of it is free."""
        return not without(stretches, self.open(resource_id))

    def put(self, resource_id: int, stretches: Stretches) -> None:
        """Keep it busy for the lines that follow."""
        self.new.setdefault(resource_id, []).extend(stretches)


def hold_for(
    work: Work,
    needs: Sequence[Wanted],
    choices: Sequence[Choice],
    zero: dt.datetime,
    *,
    customer_id: int | None,
    also: Iterable[StripDay] = (),
) -> list[StripDay]:
    """Hold every strip that could be concerned, on its days, together with `also`; lay out days that are not yet."""
    start, end = _span(needs, zero)
    people = {c.resource_id for need, choice in zip(needs, choices, strict=True) for c in _leads(need, choice)}
    things = {c.resource_id for need in needs for them in need.others.values() for c in them}
    found = homes(work.session, people | things)
    days = [day for home in found.values() for day in home.days(start, end)]
    slots.hold(work.session, [*days, *also], customer_id=customer_id)
    unlaid = [(resource, day) for resource, day in days if not found[resource].is_laid_out(day)]
    slots.rebuild(work.session, unlaid, work.now)
    return days


def _leads(need: Wanted, choice: Choice) -> tuple[Candidate, ...]:
    if choice.unassigned:
        return ()
    if choice.stylist_id is None:
        return need.stylists
    one = need.by(choice.stylist_id)
    if one is None:
        able = " or ".join(c.name for c in need.stylists)
        instead = f"{able} can." if able else "Nobody here does it yet: add it to a stylist's specialties."
        raise CannotDo(stylist="That stylist", service=need.name, instead=instead)
    return (one,)


def read_strips(work: Work, days: Sequence[StripDay], needs: Sequence[Wanted], zero: dt.datetime) -> Strips:
    """The held strips as they lie from a visit's first part to its last."""
    pieces: dict[int, list[Slot]] = {}
    for piece in slots.pieces_between(work.session, {r for r, _ in days}, *_span(needs, zero)):
        pieces.setdefault(piece.resource_id, []).append(piece)
    return Strips(work, zero, pieces)


def _span(needs: Sequence[Wanted], zero: dt.datetime) -> Stretch[dt.datetime]:
    """From the first part to the end of the last, buffers and clean-up included."""
    start = zero + dt.timedelta(minutes=min(need.plan.starts for need in needs))
    return start, zero + dt.timedelta(minutes=max(need.plan.ends for need in needs))


def place(strips: Strips, needs: Sequence[Wanted], choices: Sequence[Choice], allowance: Allowance) -> list[PlacedLine]:
    """Give every line its people and things.

    Raises StylistTaken, NothingFree, OutsideShift or NoResource with what is free instead; NotAllowed when an
    allowance is not this person's to give.
    """
    return [_place(strips, need, choice, allowance) for need, choice in zip(needs, choices, strict=True)]


def _place(strips: Strips, need: Wanted, choice: Choice, allowance: Allowance) -> PlacedLine:
    stylist, overbooked = _lead(strips, need, choice, allowance)
    taken: dict[str, int] = {} if stylist is None else {"lead": stylist.resource_id}
    for role in need.plan.roles:
        if role in ("lead", "assistant"):
            continue
        taken[role] = _thing(strips, need, role)
        strips.put(taken[role], strips.needed(need, role))
    if stylist is not None and not overbooked:
        strips.put(stylist.resource_id, strips.needed(need, "lead"))
    return PlacedLine(need, stylist, tuple((part, taken.get(part.role)) for part in need.plan.parts), overbooked)


def _lead(strips: Strips, need: Wanted, choice: Choice, allowance: Allowance) -> tuple[Candidate | None, bool]:
    if choice.unassigned or "lead" not in need.plan.roles:
        return None, False
    when = strips.needed(need, "lead")
    able = _leads(need, choice)
    for stylist in able:
        if strips.is_open(stylist.resource_id, when):
            return stylist, False
    if choice.stylist_id is None:
        raise unfree.nobody(strips.work, need, strips.zero)
    return _squeezed_in(strips, need, able[0], when, allowance)


def _squeezed_in(
    strips: Strips, need: Wanted, stylist: Candidate, when: Stretches, allowance: Allowance
) -> tuple[Candidate, bool]:
    clash = strips.clash(stylist.resource_id, when)
    if clash is None:
        if not allowance.outside_hours:
            raise unfree.outside(strips.work, need, stylist, strips.zero, when)
        strips.work.require(Deed.BOOK_OUTSIDE)
        return stylist, False
    if not allowance.overbook_reason:
        raise unfree.taken(strips.work, need, stylist, strips.zero, clash)
    strips.work.require(Deed.OVERBOOK)
    return stylist, True


def _thing(strips: Strips, need: Wanted, role: str) -> int:
    when = strips.needed(need, role)
    for thing in need.others.get(role, ()):
        if strips.is_open(thing.resource_id, when):
            return thing.resource_id
    zone = strips.work.shop.timezone
    names = ", ".join(thing.name for thing in need.others.get(role, ())) or f"no {role} is set up"
    raise NoResource(
        kind=f"{role} ({names})",
        service=need.name,
        time=day_and_time(strips.zero, zone),
        instead=unfree.next_free(strips.work, need, need.stylists, strips.zero),
    )


def whole_minute(starts_at: dt.datetime) -> dt.datetime:
    """A start as the book keeps it. Raises BadInput for a time without a zone."""
    if starts_at.tzinfo is None:
        raise BadInput("The start needs its time zone, like 2026-03-10T15:00:00+00:00.", field="starts_at")
    return starts_at.astimezone(dt.UTC).replace(second=0, microsecond=0)
