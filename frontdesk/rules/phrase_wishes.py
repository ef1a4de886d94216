"""What a typed line can ask for, as it was said: people by the words left over, days and times by the shop's clock.

Nothing is looked up here. The services find who and which visit is meant.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from frontdesk.rules.often import Every
from frontdesk.rules.times import Window


@dataclass(frozen=True, slots=True)
class Question:
    """What is not clear, and the answers: each a label and the whole line as it would then read."""

    text: str
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One service, and what belongs to it alone."""

    service: int
    stylist: int | None = None
    minutes: int | None = None
    addons: tuple[int, ...] = ()
    anyone: bool = False
    """Whoever is free was asked for."""
    unassigned: bool = False
    """Nobody yet was asked for."""


@dataclass(frozen=True, slots=True)
class When:
    """A day and a time, as far as they were said. A past day is left as it is."""

    day: date | None = None
    until: date | None = None
    """The last day, where several are meant."""
    time: time | None = None
    window: Window | None = None
    second: bool | None = None
    """Of an hour that comes twice: the second, or the first."""
    soonest: bool = False
    """The first free one."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A visit as it was typed."""

    who: str
    lines: tuple[Line, ...] = ()
    when: When = When()
    stylist: int | None = None
    """Asked for while no service was named."""
    minutes: int | None = None
    """Said while no service was named."""
    anyone: bool = False
    unassigned: bool = False
    every: Every | None = None
    times: int | None = None
    declined: tuple[int, ...] = ()
    """Add-ons that are not wanted."""
    forgiven: tuple[tuple[str, str], ...] = ()
    """Words that were mistyped, and what they were taken for."""

    @property
    def services(self) -> tuple[int, ...]:
        """The services in their order, without what is added to them."""
        return tuple(line.service for line in self.lines)


@dataclass(frozen=True, slots=True)
class Move:
    """A visit elsewhere."""

    who: str
    to: When
    stylist: int | None = None
    of: When = When()
    """Which visit, where more was said of it than whose."""


@dataclass(frozen=True, slots=True)
class Cancel:
    """A visit, or some services of it, that will not be."""

    who: str
    of: When = When()
    services: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Sick:
    """A stylist who is not there."""

    stylist: int
    when: When = When()


@dataclass(frozen=True, slots=True)
class Late:
    """A stylist, or a customer, who comes later."""

    minutes: int
    stylist: int | None = None
    who: str = ""


@dataclass(frozen=True, slots=True)
class Free:
    """What is free for some services."""

    lines: tuple[Line, ...]
    when: When = When()
    stylist: int | None = None


@dataclass(frozen=True, slots=True)
class Gaps:
    """Holes in the day that are worth filling."""

    when: When = When()
    stylist: int | None = None


@dataclass(frozen=True, slots=True)
class Swap:
    """Two visits, each in the other's place."""

    one: str
    other: str
    of: When = When()


@dataclass(frozen=True, slots=True)
class Wait:
    """Somebody who wants a time that is not free yet."""

    who: str
    lines: tuple[Line, ...]
    when: When = When()
    stylist: int | None = None


@dataclass(frozen=True, slots=True)
class Queue:
    """Somebody who walked in."""

    who: str
    lines: tuple[Line, ...]
    stylist: int | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """Time of a stylist that is kept free."""

    stylist: int
    when: When
    minutes: int | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A visit's next step: confirm, arrive, start, finish, no-show, pay."""

    what: str
    who: str
    of: When = When()


@dataclass(frozen=True, slots=True)
class Go:
    """A day to look at, or somebody's visit."""

    day: date | None
    who: str = ""


@dataclass(frozen=True, slots=True)
class Undo:
    """The last action taken back."""


@dataclass(frozen=True, slots=True)
class Redo:
    """What was taken back, done after all."""


Wish = Phrase | Move | Cancel | Sick | Late | Free | Gaps | Swap | Wait | Queue | Block | Step | Go | Undo | Redo
