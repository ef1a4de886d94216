"""Several services of one visit, one after the other: who does which, and how long the customer waits in between.

Each line starts when the one before is told to end, or up to the shop's waiting limit later, on its five-minute grid,
when whoever is needed isn't free right then (features BK10). An add-on follows its line at once, by the same hands
(BK11). Who is free is asked of whoever calls: a search knows it from sets of starts, a booking from held strips.
Instants are whole seconds since 1970.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from frontdesk.rules.plan import LinePlan

GRID = 300
"""Waits are whole five minutes, in seconds."""


class Option(NamedTuple):
    """Somebody who could take a line, and how it is laid out with them."""

    lead: int | None
    """The stylist's resource; None while nobody has taken it."""
    plan: LinePlan


class SequenceLine(NamedTuple):
    """A line to be placed."""

    options: tuple[Option, ...]
    """In the order in which they are asked."""
    follows: int | None = None
    """Which line it is added to: it follows at once, with the same stylist."""


class Laid(NamedTuple):
    """A line that has its place."""

    starts: int
    """When the customer is told that it begins."""
    option: Option
    taken: Mapping[str, int]
    """Who and what is kept busy, by role."""

    @property
    def told_ends(self) -> int:
        """When the customer is told that it ends."""
        return self.starts + self.option.plan.told_minutes * 60

    def busy(self) -> list[tuple[int, int, int]]:
        """Which resource from when until when."""
        return [
            (resource, self.starts + span.offset, self.starts + span.offset + span.length)
            for role, resource in self.taken.items()
            for span in self.option.plan.spans(role)
        ]


class Fits(Protocol):
    """Whether a line may start somewhere with somebody, given where the visit's lines before it lie."""

    def __call__(self, place: int, option: Option, starts: int, before: Sequence[Laid]) -> Mapping[str, int] | None:
        """Who and what it takes by role, or None when it can't be."""


@dataclass(frozen=True)
class Layout:
    """Where a visit's lines lie, or how far one came."""

    lines: tuple[Laid, ...]
    stuck: int | None = None
    """The first line that found no place, behind those that did; None when all did."""


@dataclass
class _Search:
    lines: Sequence[SequenceLine]
    fits: Fits
    wait: int
    grid: int
    furthest: tuple[Laid, ...] = ()
    dead: set[object] = field(default_factory=set)

    def go(self, before: tuple[Laid, ...], starts: int) -> tuple[Laid, ...] | None:
        place = len(before)
        if place == len(self.lines):
            return before
        if place > len(self.furthest):
            self.furthest = before
        known = (place, starts, self._still_felt(before, starts))
        if known in self.dead:
            return None
        line = self.lines[place]
        at_once = place == 0 or line.follows is not None
        for begins in (starts,) if at_once else self._waits(starts):
            for option in self._options(line, before):
                taken = self.fits(place, option, begins, before)
                if taken is not None:
                    laid = Laid(begins, option, taken)
                    found = self.go((*before, laid), laid.told_ends)
                    if found is not None:
                        return found
        self.dead.add(known)
        return None

    def _waits(self, starts: int) -> tuple[int, ...]:
        """The start itself, and every later one on the grid that the limit allows."""
        first = -(-(starts + 1) // self.grid) * self.grid
        return (starts, *range(first, starts + self.wait + 1, self.grid))

    def _options(self, line: SequenceLine, before: Sequence[Laid]) -> Sequence[Option]:
        if line.follows is not None:
            lead = before[line.follows].option.lead
            return [option for option in line.options if option.lead == lead]
        # Whoever serves the customer already goes on before somebody else takes over.
        serving = {laid.option.lead for laid in before}
        return sorted(line.options, key=lambda option: option.lead not in serving) if serving else line.options

    def _still_felt(self, before: tuple[Laid, ...], starts: int) -> object:
        """What of the lines before can matter to those that follow."""
        reach = starts + 60 * min((option.plan.starts for line in self.lines for option in line.options), default=0)
        busy = tuple(sorted(each for laid in before for each in laid.busy() if each[2] > reach))
        followed = {line.follows for line in self.lines[len(before) :]} - {None}
        leads = tuple(laid.option.lead for laid in before)
        return busy, tuple(lead for place, lead in enumerate(leads) if place in followed), frozenset(leads)


def lay_out(lines: Sequence[SequenceLine], starts: int, fits: Fits, *, wait: int, grid: int = GRID) -> Layout:
    """Place all lines of a visit that starts at a moment, the earliest way; `wait` and `grid` are seconds.

    A later line that finds no place sends an earlier one to its next choice, so that nothing is refused that could be.
    """
    search = _Search(lines, fits, wait, grid)
    found = search.go((), starts)
    if found is not None:
        return Layout(found)
    return Layout(search.furthest, len(search.furthest))
