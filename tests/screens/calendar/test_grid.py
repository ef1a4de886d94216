"""The grid under keys and mouse: where the cursor rests, what is said, and which cells are painted."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.message import Message
from textual.pilot import Pilot

from frontdesk.screens.calendar.grid import DayGrid, Spot
from frontdesk.services.sheets.day import DaySheet
from tests.screens.calendar.sheets import at, busy_day, column, entry, sheet, vale_street


class Alone(App[None]):
    """The grid and nothing else."""

    def __init__(self, day: DaySheet) -> None:
        super().__init__()
        self.day = day
        self.said: list[Message] = []

    def compose(self) -> ComposeResult:
        yield DayGrid()

    def on_mount(self) -> None:
        self.query_one(DayGrid).show(self.day)

    def on_day_grid_opened(self, event: DayGrid.Opened) -> None:
        self.said.append(event)

    def on_day_grid_dragged(self, event: DayGrid.Dragged) -> None:
        self.said.append(event)

    def on_day_grid_stretched(self, event: DayGrid.Stretched) -> None:
        self.said.append(event)


class Desk:
    """A grid that is played on."""

    def __init__(self, app: Alone, pilot: Pilot[None]) -> None:
        self.app, self.pilot = app, pilot
        self.grid = app.query_one(DayGrid)

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)

    @property
    def spot(self) -> Spot:
        spot = self.grid.cursor
        assert spot is not None
        return spot

    @property
    def rests(self) -> tuple[str, str, str]:
        """Column, time and customer."""
        spot = self.spot
        return spot.column.name, f"{spot.at:%H:%M}", spot.entry.customer if spot.entry else ""

    @property
    def text(self) -> list[str]:
        return [self.grid.render_line(y).text.rstrip() for y in range(self.grid.size.height)]


@asynccontextmanager
async def desk(day: DaySheet, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Desk]:
    app = Alone(day)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        yield Desk(app, pilot)


async def test_arrows_go_from_stop_to_stop_and_beside() -> None:
    async with desk(vale_street()) as it:
        it.grid.go_to(at("13:00"))
        assert it.rests == ("Anna", "13:00", "Jane Doe")
        await it.press("down")
        assert it.rests == ("Anna", "14:00", "Kim Lee")
        await it.press("down")
        assert it.rests == ("Anna", "14:30", "")
        await it.press("right")
        assert it.rests == ("Bo", "14:30", "")
        await it.press("right")
        assert it.rests == ("Cai", "14:15", "Tom Ford")
        await it.press("left", "left")
        assert it.rests == ("Anna", "14:30", ""), "it comes back to the row that it left"


async def test_visits_side_by_side_are_both_reached() -> None:
    pair = column("Cai", entry("10:00", "11:00", "Ines"), entry("10:00", "10:30", "Tom"))
    async with desk(sheet(pair, column("Bo", number=2))) as it:
        it.grid.go_to(at("10:00"))
        assert it.rests[2] == "Ines"
        await it.press("right")
        assert it.rests[2] == "Tom"
        await it.press("right")
        assert it.rests == ("Bo", "10:00", "")


async def test_tab_goes_from_visit_to_visit() -> None:
    async with desk(vale_street()) as it:
        it.grid.go_to(at("9:00"))
        await it.press("tab", "tab", "tab")
        assert it.rests[2] == "Jane Doe"
        await it.press("shift+tab")
        assert it.rests[2] == "Fay Lund"


async def test_stylists_page_sideways_while_the_times_stay() -> None:
    async with desk(busy_day(visits=9)) as it:
        assert it.grid.page == (1, 4)
        times = [line[:6] for line in it.text[2:]]
        await it.press("right", "right", "right")
        assert (it.grid.page, it.spot.column.name) == ((2, 4), "Stylist 4")
        assert it.text[0].split()[:2] == ["Stylist", "4"]
        assert it.text[0].endswith("2/4")
        assert [line[:6] for line in it.text[2:]] == times
        await it.press("shift+right")
        assert (it.grid.page, it.spot.column.name) == ((3, 4), "Stylist 7")


async def test_the_last_page_is_a_full_one() -> None:
    day = sheet(*(column(f"S{number}", number=number) for number in range(5)))
    async with desk(day) as it:
        await it.press("right", "right", "right")
        assert [name for name in it.text[0].split() if name.startswith("S")] == ["S2", "S3", "S4"]
        assert it.grid.page == (2, 2)


async def test_the_cursor_is_always_on_the_screen() -> None:
    async with desk(busy_day(visits=9)) as it:
        for key in ["down"] * 60 + ["up"] * 60 + ["pagedown", "pagedown", "pageup", "end", "home"]:
            await it.press(key)
            where = it.grid._cursor_cell()
            assert where is not None
            assert 2 <= where[0] < 24


async def test_a_new_sheet_keeps_the_cursor_with_its_stylist_and_time() -> None:
    day = vale_street()
    async with desk(day) as it:
        it.grid.go_to(at("16:15"), day.columns[0])
        it.grid.show(replace(day, columns=(column("Abe", number=9), *day.columns)))
        assert it.rests == ("Anna", "16:15", "Noor Amin")


async def test_only_cells_that_differ_are_painted(monkeypatch: pytest.MonkeyPatch) -> None:
    day = vale_street()
    painted: list[Region] = []
    async with desk(day) as it:
        refresh = it.grid.refresh

        def counting(*regions: Region, **how: bool) -> DayGrid:
            painted.extend(regions)
            return refresh(*regions, **how)

        monkeypatch.setattr(it.grid, "refresh", counting)
        it.grid.show(day)
        assert painted == []
        await it.press("down")
        assert len(painted) == 2
        assert all(region.height == 1 and region.width <= 24 for region in painted)
        painted.clear()
        bo = replace(day.columns[1], entries=(*day.columns[1].entries[:-1],))
        it.grid.show(replace(day, columns=(day.columns[0], bo, *day.columns[2:])))
        assert painted
        assert all(31 <= region.x < 55 for region in painted), "only Bo's column"


async def test_a_change_in_zoom_keeps_the_time() -> None:
    async with desk(vale_street()) as it:
        it.grid.go_to(at("16:15"))
        sizes = []
        for _ in range(4):
            sizes.append(it.grid.zoom())
            assert it.rests == ("Anna", "16:15", "Noor Amin")
        assert sizes == [30, 5, 10, 15]


async def test_a_visit_is_lifted_and_put_down() -> None:
    day = vale_street()
    async with desk(day) as it:
        ola = day.columns[1].entries[2]
        it.grid.lift(ola)
        assert it.rests == ("Bo", "13:50", "Ola Berg")
        await it.press("down")
        assert it.rests == ("Bo", "14:00", "Ola Berg")
        await it.press("left", "up", "up")
        assert it.rests == ("Anna", "13:30", "Ola Berg")
        assert any("13:30 Ola Berg" in line for line in it.text)
        spot = it.grid.put_down()
        assert spot is not None
        assert (spot.column.name, spot.at, spot.entry) == ("Anna", at("13:30"), ola)
        assert it.grid.lifted is None


async def test_escape_from_placing_leaves_the_cursor_where_it_was() -> None:
    day = vale_street()
    async with desk(day) as it:
        before = it.text
        it.grid.go_to(entry=day.columns[1].entries[2])
        it.grid.lift(day.columns[1].entries[2])
        await it.press("right", "down", "down")
        it.grid.cancel_lift()
        assert it.rests == ("Bo", "13:50", "Ola Berg")
        assert it.text == before


async def test_two_visits_are_marked_and_a_third_replaces_the_first() -> None:
    day = vale_street()
    async with desk(day) as it:
        first, second, third = day.columns[0].entries[3:6]
        for each in (first, second, third):
            it.grid.mark(each)
        assert it.grid.marked == (second, third)
        assert any("▌»p Noor Amin" in line for line in it.text)
        it.grid.mark(third)
        assert list(it.grid.marked) == [second]


async def test_a_click_rests_and_a_second_one_opens() -> None:
    async with desk(vale_street()) as it:
        row = next(y for y, line in enumerate(it.text) if "Ola Berg" in line)
        await it.pilot.click(DayGrid, offset=(40, row))
        assert it.rests[2] == "Ola Berg"
        await it.pilot.click(DayGrid, offset=(40, row), times=2)
        assert [type(event) for event in it.app.said] == [DayGrid.Opened]


async def test_a_visit_dragged_says_where_it_was_dropped() -> None:
    async with desk(vale_street()) as it:
        row = next(y for y, line in enumerate(it.text) if "Noor Amin" in line)
        await it.pilot.mouse_down(DayGrid, offset=(10, row))
        await it.pilot.hover(DayGrid, offset=(60, row - 2))
        await it.pilot.mouse_up(DayGrid, offset=(60, row - 2))
        (dropped,) = it.app.said
        assert isinstance(dropped, DayGrid.Dragged)
        assert (dropped.entry.customer, dropped.column.name) == ("Noor Amin", "Cai")
        assert dropped.starts_at == at("15:45")


async def test_a_visit_is_dragged_by_the_row_at_which_it_was_taken() -> None:
    async with desk(vale_street()) as it:
        row = next(y for y, line in enumerate(it.text) if "Noor Amin" in line)
        await it.pilot.mouse_down(DayGrid, offset=(10, row + 2))
        await it.pilot.hover(DayGrid, offset=(14, row + 2))
        await it.pilot.hover(DayGrid, offset=(14, row + 1))
        await it.pilot.mouse_up(DayGrid, offset=(14, row + 1))
        (dropped,) = it.app.said
        assert isinstance(dropped, DayGrid.Dragged)
        assert dropped.starts_at == at("16:00")


async def test_a_visit_is_drawn_longer_by_its_corner_and_with_shift() -> None:
    async with desk(vale_street()) as it:
        row = next(y for y, line in enumerate(it.text) if "Noor Amin" in line)
        right = it.grid._window.left_of(1) - 2
        await it.pilot.mouse_down(DayGrid, offset=(right, row + 2))
        await it.pilot.hover(DayGrid, offset=(right, row + 4))
        assert "16:15–17:30 Noor" in it.text[row]
        await it.pilot.mouse_up(DayGrid, offset=(right, row + 4))
        (stretched,) = it.app.said
        assert isinstance(stretched, DayGrid.Stretched)
        assert (stretched.entry.customer, stretched.ends_at) == ("Noor Amin", at("17:30"))
        it.grid.lift(stretched.entry)
        await it.press("shift+up", "shift+up", "shift+up", "shift+up", "down")
        placed = it.grid.put_down()
        assert placed is not None
        assert placed.entry is not None
        assert placed.entry.ends_at - placed.entry.starts_at == dt.timedelta(minutes=15), "never nothing"
        assert placed.at == at("16:30")


async def test_what_is_lifted_comes_to_a_click() -> None:
    day = vale_street()
    async with desk(day) as it:
        it.grid.lift(day.columns[1].entries[2])
        row = next(y for y, line in enumerate(it.text) if line.startswith(" 16:00"))
        await it.pilot.click(DayGrid, offset=(60, row))
        assert it.rests == ("Cai", "16:00", "Ola Berg")


async def test_what_is_lifted_stays_with_its_stylist_on_a_new_sheet() -> None:
    day = vale_street()
    async with desk(day) as it:
        it.grid.lift(day.columns[1].entries[2])
        await it.press("down")
        it.grid.show(replace(day, columns=day.columns[1:]))
        assert it.rests == ("Bo", "14:00", "Ola Berg")
        it.grid.show(replace(day, columns=(replace(day.columns[1], entries=()), *day.columns[2:])))
        assert it.grid.lifted is None, "somebody else cancelled it meanwhile"


async def test_another_page_leaves_nothing_of_the_one_before() -> None:
    async with desk(busy_day(visits=9)) as it:
        first = it.text
        await it.press("shift+right")
        second = it.text
        assert "Stylist 4" in second[0]
        await it.press("shift+left")
        assert [line[:79] for line in it.text] == [line[:79] for line in first]


async def test_a_press_without_a_move_drags_nothing() -> None:
    async with desk(vale_street()) as it:
        row = next(y for y, line in enumerate(it.text) if "Noor Amin" in line)
        await it.pilot.mouse_down(DayGrid, offset=(10, row))
        await it.pilot.mouse_up(DayGrid, offset=(10, row))
        assert it.app.said == []


async def test_another_theme_repaints_in_its_colours() -> None:
    async with desk(vale_street()) as it:
        before = [segment.style for segment in it.grid.render_line(5)]
        it.app.theme = "textual-light"
        await it.pilot.pause()
        assert [segment.style for segment in it.grid.render_line(5)] != before


@pytest.mark.parametrize("size", [(10, 3), (1, 1), (200, 60), (40, 10)])
async def test_no_size_is_too_small_to_live_in(size: tuple[int, int]) -> None:
    async with desk(vale_street(), size) as it:
        for key in ("down", "right", "end", "pageup", "left", "tab", "home"):
            await it.press(key)
        await it.pilot.resize_terminal(80, 24)
        await it.pilot.pause()
        assert "Anna" in it.text[0] or it.grid.page[0] > 1


async def test_a_day_without_columns_has_no_cursor() -> None:
    async with desk(sheet(hours=None)) as it:
        for key in ("down", "right", "end", "pageup", "left", "tab", "home", "enter"):
            await it.press(key)
        assert it.grid.cursor is None


async def test_a_visit_of_the_repeated_hour_is_reached_in_its_own_row() -> None:
    autumn = dt.date(2026, 10, 25)
    first = replace(
        entry("0:30", "1:00"), starts_at=at("1:00", autumn, second=False), ends_at=at("1:30", autumn, second=False)
    )
    later = replace(
        entry("0:30", "1:00", "Kim Lee"),
        starts_at=at("1:00", autumn, second=True),
        ends_at=at("1:30", autumn, second=True),
    )
    night = column("Anna", shift=("0:00", "3:00"), day=autumn)
    async with desk(sheet(replace(night, entries=(first, later)), day=autumn, now="2:00", hours=None)) as it:
        rows = {line[:7].strip(): line[7:].strip() for line in it.text}
        assert rows["01:00¹"].startswith("▌c Jane Doe")
        assert rows["01:00²"].startswith("▌c Kim Lee")
