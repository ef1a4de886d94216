"""Tips on the stylists screen: moved, shared by hours, taken back, and left alone once they are paid."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from frontdesk.clock import SetClock
from frontdesk.db.server import Handle
from frontdesk.desk import Desk
from frontdesk.screens.stylists.pay import PaySheet
from frontdesk.screens.stylists.screen import StylistsScreen
from frontdesk.screens.stylists.tips import TipsSheet
from frontdesk.services.pay.pay import ClosePayPeriod, SetPayPeriod, close_period, set_period
from frontdesk.widgets.form import Form
from frontdesk.widgets.modal import Question
from tests import vale_street
from tests.screens.desk import Played, each_size, elsewhere, playing, shown, soon
from tests.screens.test_pay import _a_morning

MONDAY = dt.date(2026, 3, 9)


@each_size
async def test_a_tip_finds_whose_it_is_until_it_is_paid(
    server: Handle, shop: str, tmp_path: Path, size: tuple[int, int]
) -> None:
    clock = SetClock(vale_street.NOW)
    async with playing(server, shop, tmp_path, size=size, clock=clock) as desk:
        await desk.sign_in("mo")
        set_period(elsewhere(desk, "mo"), SetPayPeriod(first_day=MONDAY, last_day=MONDAY))
        _a_morning(desk)
        await desk.press("f4", "T")
        await shown(desk, TipsSheet)
        await desk.press("m")
        await shown(desk, Form)
        await desk.press("ctrl+s")
        await soon(desk, "Choose who has it instead of Anna.")
        await desk.type("bo")
        await desk.press("enter", "ctrl+a", "ctrl+k")
        await desk.type("5.01")
        await desk.press("ctrl+s")
        await soon(desk, "Anna has 5.00 of that tip. Move that at most.")
        await desk.press("ctrl+a", "ctrl+k")
        await desk.type("2")
        await desk.press("tab")
        await desk.type("[/b] Bo helped")
        await soon(desk, "Anna keeps 3.00, Bo has 2.00 of it.")
        await desk.press("ctrl+s")
        await soon(desk, "The tip of receipt 1 is Anna 3.00, Bo 2.00 now. m moves it back.")
        assert "Mo moved it: [/b] Bo helped." in desk.text
        await desk.press("plus")
        await shown(desk, Question)
        assert "Everybody keeps their own tips here" in desk.text
        await desk.press("y")
        await shown(desk, Form)
        await desk.press("ctrl+s")
        await soon(desk, "5.00 shared: Anna 2.50, Bo 2.50.")
        await desk.press("m")
        await soon(desk, "Take the pool back first")
        await desk.press("home")
        await soon(desk, "Mon 9 Mar, shared by Mo: Anna 8:00 h 2.50, Bo 8:00 h 2.50.")
        desk.shows("stylists_tips")
        await desk.press("minus", "y")
        await soon(desk, "5.00 are in no pool again.")
        close_period(_after(desk, clock), ClosePayPeriod(day=MONDAY))
        await desk.press("escape")
        await shown(desk, StylistsScreen)
        await desk.press("E")
        await shown(desk, PaySheet)
        await desk.press("T")
        await soon(desk, "No tips were given in these days.")
        await desk.press("<")
        await soon(desk, "Mon 9 Mar – Mon 9 Mar 2026 closed")
        for key in ("m", "plus"):
            await desk.press(key)
            await soon(desk, "The pay of that day is closed, and its tips with it.")
            await desk.press(">", "<")
        await desk.press("escape")
        await shown(desk, PaySheet)


def _after(played: Played, clock: SetClock) -> Desk:
    """The manager's desk on the next morning."""
    clock.set(vale_street.NOW + dt.timedelta(days=1))
    return elsewhere(played, "mo")


async def test_a_receptionist_moves_tips_and_leaves_pools_to_a_manager(
    server: Handle, shop: str, tmp_path: Path
) -> None:
    async with playing(server, shop, tmp_path) as desk:
        await desk.sign_in("ria")
        _a_morning(desk)
        await desk.press("f4", "E")
        await soon(desk, "Ria may not see their own pay.")
        await desk.press("T")
        await shown(desk, TipsSheet)
        await desk.press("plus")
        await soon(desk, "Ria may not change commission rates. Ask a manager.")
        await desk.press("escape", "I", "T")
        await soon(desk, "Tips are hidden while a customer may see.")
