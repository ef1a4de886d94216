"""A blind count as it is typed (N14)."""

from __future__ import annotations

from decimal import Decimal

from textual.widgets import Static

from frontdesk.desk import Desk
from frontdesk.screens.drawer.counting import CountSheet
from tests.widgets.test_hostile_text import Alone


def _sum(sheet: CountSheet) -> str:
    return str(sheet.query_one("#sum", Static).content).split()[-1]


async def test_what_is_typed_is_added_up_and_what_was_counted_is_never_lost(ria: Desk) -> None:
    sheet = CountSheet("Count Drawer 1", ria.shop)
    async with Alone().run_test() as pilot:
        await pilot.app.push_screen(sheet)
        await pilot.press(*"20x3")
        await pilot.pause()
        assert _sum(sheet) == "60.00"
        await pilot.press("space", *"50p")
        await pilot.pause()
        assert _sum(sheet) == "0.00"  # not yet a count
        await pilot.press("space", *"x4", "enter")
        await pilot.pause()
        assert _sum(sheet) == "62.00"
        await pilot.press("down", "enter")  # past the fifties, then over the twenties that are counted already
        assert sheet.pieces[Decimal(20)] == 3
        await pilot.press(*"20x x3", "ctrl+s")
        await pilot.pause()
        assert sheet.is_current
        assert "x3" in str(sheet.query_one("#reason", Static).content)
        assert sheet.pieces[Decimal(20)] == 3


async def test_enter_after_a_whole_count_confirms_it(ria: Desk) -> None:
    counted: list[object] = []
    sheet = CountSheet("Count Drawer 1", ria.shop)
    async with Alone().run_test() as pilot:
        await pilot.app.push_screen(sheet, counted.append)
        whole = "50x1 20x2 10x3 5x4 2x5 1x6 50px7 20px8 10px9 5px10 2px11 1px12"
        await pilot.press(*(sign if sign != " " else "space" for sign in whole), "enter")
        await pilot.pause()
        assert sheet.is_current
        assert set(sheet.pieces.values()) == set(range(1, 13))
        await pilot.press("enter")
        await pilot.pause()
        assert counted
        assert "50x1" in str(counted[0])
