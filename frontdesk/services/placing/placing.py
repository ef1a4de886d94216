"""Where a visit's lines go: chosen under held strips, or refused with what is free instead.

Shared by booking and moving, which hand in the open session.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from frontdesk.errors import BadInput, CannotDo
from frontdesk.permissions import Deed, refusal_for
from frontdesk.rules.intervals import Stretch
from frontdesk.rules.plan import LinePlan, PlannedPart
from frontdesk.rules.sequence import Laid, Option, SequenceLine, lay_out
from frontdesk.services.placing import unfree
from frontdesk.services.placing.candidates import Candidate, Wanted, the_one
from frontdesk.services.placing.fair_share import shares
from frontdesk.services.shop.shop_rules import ShopRules
from frontdesk.services.team import slots
from frontdesk.services.team.held_strips import Strips, busy_with, shared_seconds, stretches
from frontdesk.services.team.slots import Slot
from frontdesk.services.team.strip_hours import StripDay, homes
from frontdesk.services.use_case import Work


@dataclass(frozen=True)
class Choice:
    """With whom one line shall be."""

    stylist_id: int | None = None
    """Anybody free when it is None."""
    unassigned: bool = False
    """Nobody yet: somebody will take it."""
    assistant_id: int | None = None
    follows: int | None = None
    """The line it is added to: at once, with the same stylist."""
    plan: LinePlan | None = None
    """How it has been laid out so far, when it keeps that."""
    had: tuple[int, ...] = ()
    """Rooms and hands it had, which it keeps when they are free."""


@dataclass(frozen=True)
class Allowance:
    """What was asked for knowingly."""

    overbook_reason: str | None = None
    outside_hours: bool = False


@dataclass(frozen=True)
class PlacedLine:
    """A line with its time, everybody and everything it needs."""

    need: Wanted
    stylist: Candidate | None
    starts_at: dt.datetime
    """When the customer is told that it begins."""
    plan: LinePlan
    parts: tuple[tuple[PlannedPart, int | None], ...]
    overbook_reason: str | None = None
    """None of a line that is not overbooked."""

    @property
    def told_ends(self) -> dt.datetime:
        """When the customer is told that it ends."""
        return self.starts_at + dt.timedelta(minutes=self.plan.told_minutes)


@dataclass
class Placing:
    """One visit that is looking for its place."""

    work: Work
    rules: ShopRules
    needs: Sequence[Wanted]
    choices: Sequence[Choice]
    zero: dt.datetime
    allowance: Allowance
    lines: list[SequenceLine] = field(init=False)
    strips: Strips = field(init=False)
    squeezed: dict[int, str | None] = field(default_factory=dict)
    """Lines put where their stylist is not free: the reason of an overbooking, None outside of hours."""

    def __post_init__(self) -> None:
        """Whoever may be asked for each line. Raises CannotDo."""
        self.lines = [
            SequenceLine(tuple(self._options(need, choice)), choice.follows)
            for need, choice in zip(self.needs, self.choices, strict=True)
        ]

    def _options(self, need: Wanted, choice: Choice) -> Iterable[Option]:
        if choice.unassigned or "lead" not in need.plan.roles:
            return [Option(None, choice.plan or need.plan)]
        return [Option(c.resource_id, choice.plan or need.plan_for(c)) for c in self._able(need, choice)]

    def _able(self, need: Wanted, choice: Choice) -> Sequence[Candidate]:
        if choice.stylist_id is None:
            return need.stylists
        return (the_one(self.work.session, need, choice.stylist_id),)

    @property
    def span(self) -> Stretch[dt.datetime]:
        """From the earliest that a part could begin to the latest that one could end, waits included."""
        plans = [[option.plan for option in line.options] for line in self.lines]
        told = sum(max((plan.told_minutes for plan in each), default=0) for each in plans)
        starts = min((plan.starts for each in plans for plan in each), default=0)
        over = max((plan.ends - plan.told_minutes for each in plans for plan in each), default=0)
        ends = told + over + self.rules.wait_minutes * (len(plans) - 1)
        return self.zero + dt.timedelta(minutes=starts), self.zero + dt.timedelta(minutes=max(ends, 1))

    @property
    def resources(self) -> set[int]:
        """Everybody and everything that could be concerned."""
        people = {option.lead for line in self.lines for option in line.options if option.lead is not None}
        return people | {c.resource_id for need in self.needs for them in need.others.values() for c in them}

    def hold(self, *, customer_id: int | None, also: Iterable[StripDay] = ()) -> list[StripDay]:
        """Hold every strip that could be concerned, on its days, with `also`; lay out days that are not yet."""
        session = self.work.session
        found = homes(session, self.resources)
        days = [day for home in found.values() for day in home.days(*self.span)]
        slots.hold(session, [*days, *also], customer_id=customer_id)
        unlaid = [(resource, day) for resource, day in days if not found[resource].is_laid_out(day)]
        slots.rebuild(session, unlaid, self.work.now)
        return days

    def read(self, days: Sequence[StripDay]) -> None:
        """Read the held strips, and whom to ask first where anybody will do."""
        pieces = self._lying(days)
        if any(p.held_until is not None and p.held_until <= self.work.now for row in pieces.values() for p in row):
            slots.rebuild(self.work.session, days, self.work.now)
            pieces = self._lying(days)
        self.look(pieces)

    def look(self, pieces: dict[int, list[Slot]]) -> None:
        """Take these strips as read, and ask whom to ask first where anybody will do."""
        self.strips = Strips(self.work.shop.id, self.work.now, pieces, self.rules.cleanup_may_overrun)
        open_to = {o.lead for line in self.lines if len(line.options) > 1 for o in line.options if o.lead is not None}
        if len(open_to) > 1:
            self._ask_first(shares(self.work, open_to, self.zero))

    def _lying(self, days: Sequence[StripDay]) -> dict[int, list[Slot]]:
        pieces: dict[int, list[Slot]] = {}
        for piece in slots.pieces_between(self.work.session, {r for r, _ in days}, *self.span):
            pieces.setdefault(piece.resource_id, []).append(piece)
        return pieces

    def _ask_first(self, shares: Mapping[int, tuple[int, int]]) -> None:
        """Ask in the order of these shares, and among equals in the order of the book."""
        self.lines = [
            line._replace(options=tuple(sorted(line.options, key=lambda option: shares.get(option.lead or 0, (0, 0)))))
            for line in self.lines
        ]

    def place(self) -> list[PlacedLine]:
        """Give every line its time, its people and things.

        Raises StylistTaken, NothingFree, OutsideShift, NoResource, BeingBooked or KeptForSomebody with what is free
        instead; NotAllowed when an allowance is not this person's to give.
        """
        zero, wait = int(self.zero.timestamp()), self.rules.wait_minutes * 60
        while True:
            layout = lay_out(self.lines, zero, self._fits, wait=wait)
            if layout.stuck is None:
                return [self._placed(at, laid, layout.lines[:at]) for at, laid in enumerate(layout.lines)]
            starts = layout.lines[-1].told_ends if layout.lines else zero
            self.squeezed[layout.stuck] = self._squeezed(layout.stuck, starts, layout.lines)

    def _fits(self, place: int, option: Option, starts: int, before: Sequence[Laid]) -> Mapping[str, int] | None:
        busy, taken = busy_with(before), {}
        if option.lead is not None:
            if place not in self.squeezed and not self.strips.has_room(option.lead, "lead", option.plan, starts, busy):
                return None
            taken["lead"] = option.lead
        for role in option.plan.roles:
            if role != "lead":
                thing = self._thing(place, role, option, starts, busy)
                if thing is None:
                    return None
                taken[role] = thing
        return taken

    def _thing(
        self, place: int, role: str, option: Option, starts: int, busy: Iterable[tuple[int, int, int]]
    ) -> int | None:
        for thing in self._things(place, role, option):
            if self.strips.has_room(thing.resource_id, role, option.plan, starts, busy):
                return thing.resource_id
        return None

    def _things(self, place: int, role: str, option: Option) -> Sequence[Candidate]:
        choice = self.choices[place]
        them = [c for c in self.needs[place].others.get(role, ()) if c.resource_id != option.lead]
        if role == "assistant" and choice.assistant_id is not None:
            return [c for c in them if c.stylist_id == choice.assistant_id]
        return sorted(them, key=lambda c: c.resource_id not in choice.had) if choice.had else them

    def _squeezed(self, place: int, starts: int, before: Sequence[Laid]) -> str | None:
        """Whether a line may be put where its stylist is not free, and why. Raises the refusal when it may not."""
        need, choice = self.needs[place], self.choices[place]
        at = dt.datetime.fromtimestamp(starts, dt.UTC)
        follows = self.lines[place].follows
        lead = None if follows is None else before[follows].option.lead
        options = [o for o in self.lines[place].options if follows is None or o.lead == lead]
        if not options:
            raise self._cannot_follow(need, lead)
        one, busy = options[0], busy_with(before)
        may_squeeze = place not in self.squeezed and choice.stylist_id is not None
        if may_squeeze and one.lead and not self.strips.has_room(one.lead, "lead", one.plan, starts, ()):
            who = next(c for c in need.stylists if c.resource_id == one.lead)
            return self._allowed(need, who, at, stretches(one.plan.spans("lead"), starts))
        for option in options:
            for role in option.plan.roles:
                if role != "lead" and self._thing(place, role, option, starts, busy) is None:
                    needed = stretches(option.plan.spans(role), starts)
                    them = self._things(place, role, option)
                    blocked = [(thing, self.strips.in_the_way(thing.resource_id, needed)) for thing in them]
                    only = choice.stylist_id is not None
                    wished = [c for c in need.stylists if c.resource_id == option.lead or not only]
                    raise unfree.no_thing(self.work, need, role, wished, at, blocked)
        raise unfree.nobody(self.work, need, at)

    def _cannot_follow(self, need: Wanted, lead: int | None) -> CannotDo:
        name = next((c.name for each in self.needs for c in each.stylists if c.resource_id == lead), "Nobody")
        able = " or ".join(c.name for c in need.stylists)
        return CannotDo(
            stylist=name, service=need.name, instead=f"{able} can do both." if able else "Nobody here does."
        )

    def _allowed(self, need: Wanted, who: Candidate, at: dt.datetime, needed: Sequence[Stretch[int]]) -> str | None:
        clashes = self.strips.in_the_way(who.resource_id, needed)
        if not clashes:
            if not self.allowance.outside_hours:
                when = [(_instant(start), _instant(end)) for start, end in needed]
                raise unfree.outside(self.work, need, who, at, when)
            self.work.require(Deed.BOOK_OUTSIDE)
            return None
        held = next((piece for piece in clashes if piece.status == "held"), None)
        if held is not None:  # nobody knows yet whether it will be a visit: there is nothing to lie beside
            raise unfree.taken(self.work, need, who, at, (held.starts_at, held.ends_at))
        limit = self.rules.overbook_minutes
        if self.allowance.overbook_reason:
            self.work.require(Deed.OVERBOOK)
            return self.allowance.overbook_reason
        if shared_seconds(clashes, needed) <= limit * 60 and refusal_for(self.work.actor, Deed.OVERBOOK) is None:
            return f"within {limit} minutes"
        raise unfree.taken(self.work, need, who, at, (clashes[0].starts_at, clashes[0].ends_at))

    def _placed(self, place: int, laid: Laid, before: Sequence[Laid]) -> PlacedLine:
        need, lead, plan = self.needs[place], laid.option.lead, laid.option.plan
        stylist = next((c for c in need.stylists if c.resource_id == lead), None)
        parts = tuple((part, laid.taken.get(part.role)) for part in plan.parts)
        reason = self.squeezed.get(place)
        # A later line may have sent the visit's lines elsewhere since: who is free there is not overbooked.
        if reason is not None and lead and self.strips.has_room(lead, "lead", plan, laid.starts, busy_with(before)):
            reason = None
        return PlacedLine(need, stylist, _instant(laid.starts), plan, parts, reason)


def follow_their_lines(choices: Sequence[Choice]) -> list[Choice]:
    """Whatever is added to a line is with whoever the line is with."""
    return [
        choice
        if choice.follows is None
        else replace(
            choice,
            stylist_id=choices[choice.follows].stylist_id,
            unassigned=choices[choice.follows].unassigned,
        )
        for choice in choices
    ]


def _instant(seconds: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(seconds, dt.UTC)


def whole_minute(starts_at: dt.datetime) -> dt.datetime:
    """A start as the book keeps it. Raises BadInput for a time without a zone."""
    if starts_at.tzinfo is None:
        raise BadInput("The start needs its time zone, like 2026-03-10T15:00:00+00:00.", field="starts_at")
    return starts_at.astimezone(dt.UTC).replace(second=0, microsecond=0)
