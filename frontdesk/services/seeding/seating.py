"""Where in a made-up book a visit goes: a start at which everybody and every room it needs is free."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from random import Random
from typing import NamedTuple

from frontdesk.rules.openings import Gap, Span, open_starts, spans_joined
from frontdesk.rules.plan import LinePlan, PlannedPart
from frontdesk.services.seeding import rows
from frontdesk.services.seeding.book import Book
from frontdesk.services.seeding.habits import HELPED, Codes
from frontdesk.services.seeding.house import House

STEP = 15 * 60
_OTHER_STYLISTS = 3
_TIGHT = 1_800
"""A start that leaves no gap beside it counts as so many seconds nearer to the wish."""


class Wanted(NamedTuple):
    """A visit that somebody would like."""

    codes: Codes
    day: dt.date
    likes_at: int
    """Seconds after midnight."""
    stylist: int | None = None
    not_before: int = 0
    """Seconds since 1970."""


class SeatLine(NamedTuple):
    """One service of a seated visit."""

    service: rows.Service
    plan: LinePlan
    stylist: int | None
    room: int | None

    def resource(self, part: PlannedPart) -> int | None:
        """Whom or what a part keeps busy."""
        return {"lead": self.stylist, "room": self.room}.get(part.role)


class Seat(NamedTuple):
    """A place in the book."""

    day: dt.date
    starts: int
    lines: tuple[SeatLine, ...]
    overbooked: bool = False

    @property
    def ends(self) -> int:
        """What the customer is told."""
        return self.starts + 60 * sum(line.plan.told_minutes for line in self.lines)


class Seating:
    """Finds places."""

    def __init__(self, house: House, book: Book, random: Random) -> None:
        self._house, self._book, self._random = house, book, random

    def find(self, wanted: Wanted) -> Seat | None:
        """A free place near the wish, with the stylist wished for or another."""
        services = tuple(self._house.services[code] for code in wanted.codes)
        plans = self._house.line_plans(services)
        for lead in self._leads(services[0], wanted):
            team = self._team(services, lead, wanted.day)
            if team is None:
                continue
            starts = self._starts(services, plans, team, wanted)
            if starts:
                start = self._best(starts, plans, team, wanted)
                lines = zip(services, plans, team, strict=True)
                return Seat(
                    wanted.day, start, tuple(SeatLine(s, p, t, self._room(p, start, wanted)) for s, p, t in lines)
                )
        return None

    def take(self, seat: Seat) -> None:
        """Keep everybody and everything busy."""
        for line in seat.lines:
            for part in line.plan.parts:
                resource = line.resource(part)
                if resource is not None and not (seat.overbooked and part.role == "lead"):
                    start = seat.starts + part.offset * 60
                    self._book.take(resource, seat.day, (start, start + part.minutes * 60))

    def squeeze(self, wanted: Wanted) -> Seat | None:
        """A place beside another visit of the stylist wished for; no room, one service."""
        (service, *more) = (self._house.services[code] for code in wanted.codes)
        (plan,) = self._house.line_plans((service,))
        if more or wanted.stylist is None or plan.roles != ("lead",):
            return None
        facts = self._book.facts.get((wanted.stylist, wanted.day), ())
        near = self._book.midnight(wanted.day) + wanted.likes_at
        for start in sorted({fact[0] for fact in facts}, key=lambda moment: abs(moment - near)):
            if start % STEP == 0 and start >= wanted.not_before and self._in_shift(plan, start, wanted):
                return Seat(wanted.day, start, (SeatLine(service, plan, wanted.stylist, None),), overbooked=True)
        return None

    def _in_shift(self, plan: LinePlan, start: int, wanted: Wanted) -> bool:
        pieces = self._book.published(wanted.stylist or 0, wanted.day)
        return start + plan.ends * 60 <= max(int(piece.ends_at.timestamp()) for piece in pieces)

    def _leads(self, service: rows.Service, wanted: Wanted) -> Iterator[int]:
        doers = [one for one in self._house.doers[service.id] if self._book.works(one, wanted.day)]
        if wanted.stylist in doers:
            yield wanted.stylist
        others = [one for one in doers if one != wanted.stylist]
        yield from self._random.sample(others, min(_OTHER_STYLISTS, len(others)))

    def _team(self, services: Sequence[rows.Service], lead: int, day: dt.date) -> list[int] | None:
        team = [lead]
        for service in services[1:]:
            doers = self._house.doers[service.id]
            if lead in doers and not (service.code in HELPED and self._random.random() < 0.3):
                team.append(lead)
                continue
            others = [one for one in doers if one != lead and self._book.works(one, day)]
            if not others:
                return None
            team.append(self._random.choice(others))
        return team

    def _starts(
        self, services: Sequence[rows.Service], plans: Sequence[LinePlan], team: Sequence[int], wanted: Wanted
    ) -> list[int]:
        midnight = self._book.midnight(wanted.day)
        window = {"step": STEP, "earliest": max(midnight, wanted.not_before), "latest": midnight + 86_400}
        needed: dict[int, list[Span]] = defaultdict(list)
        for plan, stylist in zip(plans, team, strict=True):
            needed[stylist] += plan.spans("lead")
        found: list[int] | None = None
        for stylist, spans in needed.items():
            gaps = self._book.gaps(stylist, wanted.day)
            open_here = open_starts(gaps, spans_joined(spans), **window)
            found = open_here if found is None else sorted(set(found) & set(open_here))
        for plan in plans:
            if found and "room" in plan.roles:
                found = [start for start in found if self._room(plan, start, wanted) is not None]
        return found or []

    def _room(self, plan: LinePlan, start: int, wanted: Wanted) -> int | None:
        for room in self._house.rooms if "room" in plan.roles else ():
            gaps = self._book.gaps(room, wanted.day)
            if all(_lies_in(gaps, start + span.offset, span.length) for span in plan.spans("room")):
                return room
        return None

    def _best(self, starts: Sequence[int], plans: Sequence[LinePlan], team: Sequence[int], wanted: Wanted) -> int:
        near = self._book.midnight(wanted.day) + wanted.likes_at
        edges = {edge for gap in self._book.gaps(team[0], wanted.day) for edge in gap}
        length = plans[0].told_minutes * 60
        return min(
            starts,
            key=lambda start: abs(start - near) - _TIGHT * ((start in edges) + (start + length in edges)),
        )


def _lies_in(gaps: Sequence[Gap], start: int, length: int) -> bool:
    return any(opens <= start and start + length <= closes for opens, closes in gaps)
