"""How the floor looks: one list with headings on a narrow screen, four columns on a wide one. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from textual.content import Content

from frontdesk.clock import local
from frontdesk.desk import Shop
from frontdesk.money import number_text
from frontdesk.rules.floor import Place, Watched
from frontdesk.rules.states import Status
from frontdesk.services.waiting.board import Board, BoardRow
from frontdesk.text import fit, harmless

Key = tuple[str, int]

WIDE = 120
HIDDEN = "···"
"""Instead of money, while a customer may be looking."""

TONES = {
    Status.PENDING: "fd-pending", Status.CONFIRMED: "fd-confirmed", Status.ARRIVED: "fd-arrived",
    Status.IN_SERVICE: "fd-service", Status.PROCESSING: "fd-processing", Status.COMPLETED: "fd-done",
}  # fmt: skip

_SIDE_BY_SIDE = (
    (Place.WAITING, Place.EXPECTED), (Place.IN_SERVICE,), (Place.PROCESSING,), (Place.TO_PAY,),
)  # fmt: skip
_NOBODY = {
    Place.WAITING: "nobody", Place.IN_SERVICE: "nobody", Place.PROCESSING: "nothing", Place.TO_PAY: "nobody",
    Place.EXPECTED: "nobody soon",
}  # fmt: skip
EMPTY = "Nobody is here or due within the hour. b on the book books, q takes somebody who walks in."


class Piece(NamedTuple):
    """Words in one colour."""

    words: str
    tone: str = ""
    """A theme variable; the ordinary colour when empty."""
    bold: bool = False


@dataclass(frozen=True)
class Line:
    """One line of a column; a row's lines carry its key."""

    pieces: tuple[Piece, ...]
    key: Key | None = None


@dataclass(frozen=True)
class Drawn:
    """A board with the manner in which its shop writes times and money."""

    board: Board
    shop: Shop
    now: dt.datetime
    width: int
    private: bool = False

    @property
    def is_wide(self) -> bool:
        """Whether its parts stand beside each other."""
        return self.width >= WIDE

    def wall(self, at: dt.datetime) -> str:
        """`15:45`."""
        return f"{local(at, self.shop.timezone):%H:%M}"

    def money(self, row: BoardRow) -> str:
        """What is to be paid."""
        if row.amount is None:
            return ""
        return HIDDEN if self.private else number_text(row.amount, self.shop.currency, self.shop.locale)


def columns(drawn: Drawn) -> list[tuple[int, list[Line]]]:
    """Columns from left to right: how wide each is, and its lines."""
    if not drawn.board.rows:
        return [(drawn.width, [Line(()), Line((Piece(f" {EMPTY}", "fd-muted"),))])]
    if not drawn.is_wide:
        places = [place for place in Place if place is not Place.EXPECTED or drawn.board.of(place)]
        return [(drawn.width, [line for place in places for line in _section(drawn, place, drawn.width)])]
    width = drawn.width // len(_SIDE_BY_SIDE)
    return [
        (width, [line for place in places for line in _section(drawn, place, width - 1)]) for places in _SIDE_BY_SIDE
    ]


def _section(drawn: Drawn, place: Place, width: int) -> Iterator[Line]:
    rows = drawn.board.of(place)
    said = str(len(rows)) if rows else _NOBODY[place]
    yield Line((Piece(fit(f" {place.value}", 13), bold=True), Piece(fit(said, max(0, width - 13)), "fd-muted")))
    for row in rows:
        watched = row.watched(drawn.now, drawn.board.limits)
        yield from (_two_lines if drawn.is_wide else _one_line)(drawn, row, watched, width)
    yield Line(())


def _letter(row: BoardRow) -> Piece:
    return Piece("w " if row.walk_in_id is not None else f"{row.status.letter} ", TONES.get(row.status, ""), bold=True)


def _service(drawn: Drawn, row: BoardRow) -> str:
    return harmless(row.service)


def _note(drawn: Drawn, row: BoardRow, watched: Watched) -> tuple[str, str]:
    """What is said beside it, and in which colour."""
    words = watched.note
    if row.estimate is not None:
        words = f"at {drawn.wall(row.estimate)}"
    if row.place is Place.TO_PAY:
        words = drawn.money(row)
    if watched.alert:
        return f"!! {words}", "fd-amber"
    return f"   {words}", "fd-muted"


def _one_line(drawn: Drawn, row: BoardRow, watched: Watched, width: int) -> Iterator[Line]:
    note, tone = _note(drawn, row, watched)
    name = max(10, (width - 46) * 5 // 9)
    service = max(6, width - 46 - name)
    yield Line(
        (
            Piece("  "),
            _letter(row),
            Piece(fit(harmless(row.customer), name) + "  " + fit(_service(drawn, row), service) + "  "),
            Piece(fit(harmless(row.stylist), 9) + " ", "fd-muted"),
            Piece(drawn.wall(row.starts_at) + " ", "fd-muted"),
            Piece(fit(watched.figure, 8, right=True) + " "),
            Piece(fit(note, 13), tone),
        ),
        row.key,
    )


def _two_lines(drawn: Drawn, row: BoardRow, watched: Watched, width: int) -> Iterator[Line]:
    note, tone = _note(drawn, row, watched)
    figure = watched.figure or drawn.wall(row.starts_at)
    first = max(4, width - 7 - len(figure))
    yield Line(
        (
            Piece(" "),
            Piece(" "),
            _letter(row),
            Piece(fit(harmless(row.customer), first) + " " + figure + " "),
        ),
        row.key,
    )
    told = len(note.strip()) + 1 if note.strip() else 0
    words = max(4, width - 5 - told)
    what = f"{_service(drawn, row)} · {harmless(row.stylist)}"
    yield Line(
        (Piece("    "), Piece(fit(what, words), "fd-muted"), Piece(fit(f" {note.strip()}", told), tone)), row.key
    )


def turns_line(board: Board) -> Content:
    """Whose turn it is with the next walk-in, and how many each has had (features CI4)."""
    said = [f"{harmless(one.name)} {one.turns.normalize():f}" + ("" if one.is_free else " busy") for one in board.turns]
    if not said:
        return Content("")
    return Content.assemble((" Turns  ", "$fd-muted"), (said[0], "bold"), ("".join(f" · {one}" for one in said[1:])))


def explained(drawn: Drawn, row: BoardRow) -> list[str]:
    """Why a row says what it says, in sentences."""
    watched, limits = row.watched(drawn.now, drawn.board.limits), drawn.board.limits
    if row.walk_in_id is not None:
        turn = f"at about {drawn.wall(row.estimate)}" if row.estimate else "today only if somebody becomes free"
        came = f"{harmless(row.service)} with {harmless(row.stylist)}: came {drawn.wall(row.since)}"
        return [f"{came}, their turn is {turn}.", "enter gives them to whose turn it is."]
    said = [f"{harmless(row.service)} with {harmless(row.stylist)}, planned {drawn.wall(row.starts_at)}–"
            f"{drawn.wall(row.ends_at)}."]  # fmt: skip
    if row.place is Place.EXPECTED:
        said.append(f"Due at {drawn.wall(row.since)}. After {limits.late} minutes without them the row says late.")
        return said + (["n marks a no-show, a says they are here after all."] if watched.alert else [])
    said.append(f"{row.place.value} since {drawn.wall(row.since)}: {watched.minutes} minutes.")
    if row.place in (Place.WAITING, Place.TO_PAY):
        said.append(f"From {limits.waiting} minutes on the row says !!.")
    for stretch in row.served:
        name = "Processing" if stretch.status is Status.PROCESSING else "In the chair"
        took = (
            "not begun" if stretch.actual is None else f"{stretch.actual} minutes{'' if stretch.is_over else ' so far'}"
        )
        said.append(f"{name}: {stretch.planned} minutes planned, {took}.")
    over = row.overrun(drawn.now)
    if row.served and over > 0:
        end = row.ends_at + dt.timedelta(minutes=over)
        said.append(f"By its plan it ends about {drawn.wall(end)}, {over} minutes late.")
    return said


def keys_of(lines: Sequence[Line]) -> list[Key]:
    """The rows of a column, each once, from above."""
    return list(dict.fromkeys(line.key for line in lines if line.key is not None))
