"""A day of the book on paper, 80 cells wide: a list for each stylist, with what to know beside it (features CD9)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from frontdesk.text import clean, fit, wrapped

WIDTH = 80
_WHEN, _STATE, _WHO = 11, 2, 28


@dataclass(frozen=True)
class PrintedLine:
    """A line of a visit, as it is read tomorrow morning."""

    when: str
    """`09:00-09:45`."""
    state: str
    """Its letter; `?` is not confirmed yet."""
    who: str
    """`Jane Doe 0123`."""
    service: str
    notes: tuple[str, ...]
    """Alerts first, then what somebody wrote."""


@dataclass(frozen=True)
class PrintedColumn:
    """A stylist's day."""

    stylist: str
    lines: tuple[PrintedLine, ...]


def day_text(shop: str, day: str, columns: tuple[PrintedColumn, ...]) -> str:
    """The sheet's lines, none wider than 80 cells: no control bytes, plain spaces only."""
    return "\n".join(line.rstrip() for line in _lines(shop, day, columns)) + "\n"


def _lines(shop: str, day: str, columns: tuple[PrintedColumn, ...]) -> Iterator[str]:
    count = sum(len(column.lines) for column in columns)
    total = "1 line" if count == 1 else f"{count} lines"
    yield fit(clean(shop), WIDTH - 32) + fit(f"{day}, {total}", 32, right=True)
    if not columns:
        yield ""
        yield "Nothing is booked."
    for column in columns:
        yield ""
        yield fit(clean(column.stylist) or "Nobody yet", WIDTH)
        yield "-" * WIDTH
        for line in column.lines:
            yield from _visit(line)
    if any(line.state == "?" for column in columns for line in column.lines):
        yield ""
        yield "? is not confirmed yet"


def _visit(line: PrintedLine) -> Iterator[str]:
    room = WIDTH - _WHEN - _STATE - _WHO - 3
    yield " ".join(
        (fit(line.when, _WHEN), fit(line.state, _STATE), fit(clean(line.who), _WHO), fit(clean(line.service), room))
    )
    indent = " " * (_WHEN + _STATE + 2)
    for note in line.notes:
        yield from (indent + part for part in wrapped(clean(note), WIDTH - len(indent)))
