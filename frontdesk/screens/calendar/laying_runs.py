"""Pieces of a line: text and the names of its colours, cut and padded by terminal cells and never by characters."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size

from frontdesk.text import harmless


class Ink(NamedTuple):
    """Names of colours, `fd-` left out."""

    fg: str
    bg: str
    bold: bool = False


class Run(NamedTuple):
    """Text of one ink."""

    text: str
    ink: Ink


Line = tuple[Run, ...]


def shown(text: str) -> str:
    """People's text as it may be drawn."""
    return harmless(text)


def cut(text: str, width: int) -> str:
    """At most so many cells; a longer text ends in an ellipsis."""
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, width - 1).rstrip() + "…" if width > 0 else ""


def width_of(line: Iterable[Run]) -> int:
    """How many cells a line takes."""
    return sum(cell_len(run.text) for run in line)


def fitted(line: Iterable[Run], width: int, ground: Ink) -> Line:
    """Exactly so many cells: cut on the right or filled with the ground, neighbours of one ink joined."""
    runs: list[Run] = []
    left = width
    for text, ink in (*line, (" " * width, ground)):
        if left <= 0:
            break
        if not text:
            continue
        piece = text if cell_len(text) <= left else set_cell_size(text, left)
        left -= cell_len(piece)
        if runs and (runs[-1].ink == ink or (not piece.strip() and runs[-1].ink.bg == ink.bg)):
            # Blanks have no colour of their own: one run less to send.
            runs[-1] = Run(runs[-1].text + piece, runs[-1].ink)
        else:
            runs.append(Run(piece, ink))
    return tuple(runs)


def shortened(line: Line, width: int) -> Line:
    """The same line, its last run cut with an ellipsis where it would not fit."""
    *before, last = line or (Run("", Ink("", "")),)
    return (*before, Run(cut(last.text, max(width - width_of(before), 0)), last.ink))


def both_ends(left: Iterable[Run], right: Iterable[Run], width: int, ground: Ink) -> Line:
    """A left and a right end with the ground between; the right end goes when there is no room."""
    left, right = tuple(left), tuple(right)
    gap = width - width_of(left) - width_of(right)
    if gap < 1:
        return fitted(left, width, ground)
    return fitted((*left, Run(" " * gap, ground), *right), width, ground)


def plain(line: Iterable[Run]) -> str:
    """The text alone."""
    return "".join(run.text for run in line)
