"""Where a day's things lie: rows that are instants, lanes, rails, and the stops of a cursor."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from frontdesk.screens.calendar.laying import LaidColumn, axis_of
from frontdesk.services.sheets.day import DayColumn
from tests.screens.calendar.sheets import at, column, entry, sheet

WIDTH = 23


def laid(made: DayColumn, minutes: int = 15) -> LaidColumn:
    """A column alone on its day's rows."""
    return LaidColumn(made, axis_of(sheet(made), minutes))


def row(there: LaidColumn, wall: str) -> int:
    """The row in which a time falls."""
    return there.axis.row_of(at(wall))


def names(there: LaidColumn, wall: str) -> list[tuple[str, int]]:
    """Whose cells a row has from left to right, and how many each."""
    return [
        (piece.placed.entry.customer if piece.placed else "", piece.width)
        for piece in there.slices(row(there, wall), WIDTH)
    ]


def test_the_hours_shown_hold_the_shop_the_shifts_and_what_lies_outside() -> None:
    day = sheet(column("Anna", entry("7:40", "8:10"), entry("18:30", "19:05")), hours=("9:00", "18:00"))
    axis = axis_of(day, 15)
    assert (axis.since, axis.until) == (at("7:00"), at("20:00"))


def test_a_day_without_anything_still_has_hours() -> None:
    assert axis_of(sheet(hours=None), 15).rows == 32


def test_the_night_of_spring_has_23_hours() -> None:
    spring = dt.date(2026, 3, 29)
    night = column("Anna", shift=("0:30", "4:00"), day=spring)
    axis = axis_of(sheet(night, day=spring, hours=None), 30)
    assert [axis.label(row) for row in range(axis.rows)] == ["00:00", ":30", "02:00", ":30", "03:00", ":30"]


def test_the_hour_that_autumn_repeats_says_which_it_is() -> None:
    autumn = dt.date(2026, 10, 25)
    night = column("Anna", shift=("0:00", "3:00"), day=autumn)
    axis = axis_of(sheet(night, day=autumn, hours=None), 30)
    labels = [axis.label(row) for row in range(axis.rows)]
    assert labels == ["00:00", ":30", "01:00¹", ":30¹", "01:00²", ":30²", "02:00", ":30"]
    assert axis.at(4) - axis.at(2) == dt.timedelta(hours=1)


def test_overbooked_visits_stand_side_by_side() -> None:
    there = laid(column("Cai", entry("10:00", "11:00", "Ines"), entry("10:15", "10:45", "Tom", marks="!")))
    assert names(there, "10:00") == [("Ines", 23)]
    assert names(there, "10:15") == [("Ines", 11), ("Tom", 12)]
    assert names(there, "10:45") == [("Ines", 23)]


def test_a_cut_inside_the_time_that_colour_takes_leaves_it_a_rail() -> None:
    colour = entry("9:00", "11:00", "Ola", "Colour", waits=("9:30", "10:30"))
    there = laid(column("Bo", colour, entry("9:40", "10:15", "Lea")))
    assert names(there, "9:15") == [("Ola", 23)]
    assert names(there, "9:30") == [("Ola", 1), ("Lea", 22)]
    assert names(there, "10:15") == [("Ola", 23)]


def test_every_entry_is_seen_in_the_row_in_which_it_starts_even_one_of_five_minutes() -> None:
    short = [entry("10:00", "10:05", "A"), entry("10:05", "10:10", "B"), entry("10:10", "10:15", "C")]
    there = laid(column("Cai", *short))
    assert [name for name, _ in names(there, "10:00")] == ["A", "B", "C"]


def test_an_entry_gives_its_last_row_to_whoever_starts_there_after_it() -> None:
    there = laid(column("Bo", entry("9:00", "9:50", "Early"), entry("9:50", "10:30", "Late")))
    assert names(there, "9:30") == [("Early", 23)]
    assert names(there, "9:45") == [("Late", 23)]


@given(
    st.lists(st.tuples(st.integers(0, 95), st.integers(1, 30)), max_size=12),
    st.sampled_from([5, 10, 15, 30]),
    st.integers(12, 44),
)
def test_slices_fill_a_row_and_lose_nobody(times: list[tuple[int, int]], minutes: int, width: int) -> None:
    def wall(minute: int) -> str:
        return f"{9 + minute // 60:02}:{minute % 60:02}"

    entries = [entry(wall(start * 5), wall(start * 5 + lasts * 5)) for start, lasts in times]
    there = laid(column("Anna", *entries, shift=("9:00", "19:00")), minutes)
    for number in range(there.axis.rows):
        slices = there.slices(number, width)
        assert sum(piece.width for piece in slices) == width
        assert [piece.x for piece in slices] == [sum(p.width for p in slices[:n]) for n in range(len(slices))]
    for placed in there.placed:
        if len(there.in_row(placed.first)) <= width // 2:
            assert any(piece.placed is placed for piece in there.slices(placed.first, width))
        assert any(stop.placed is placed for stop in there.stops)


def test_a_cursor_passes_an_entry_as_one_thing() -> None:
    there = laid(column("Anna", entry("9:30", "10:30")))
    walls = [f"{there.axis.walls[stop.row]:%H:%M}" for stop in there.stops][:5]
    assert walls == ["09:00", "09:15", "09:30", "10:30", "10:45"]


def test_a_cursor_rests_in_the_time_that_colour_takes_because_somebody_else_fits_there() -> None:
    colour = entry("9:00", "10:30", "Ola", "Colour", waits=("9:30", "10:00"))
    there = laid(column("Bo", colour))
    assert [(stop.row, stop.entry is None) for stop in there.stops][:4] == [(0, False), (2, True), (3, True), (6, True)]


def test_who_comes_from_the_side_rests_on_what_lies_there() -> None:
    visit = entry("9:30", "10:30")
    there = laid(column("Anna", visit))
    assert there.stop_at(row(there, "10:00")).entry is visit
    assert there.stop_at(row(there, "10:30")).entry is None
