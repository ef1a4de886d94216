"""The drawers at the desk: opened, cash out, counted blind, closed, and with them the day (features CD1-CD7, N14)."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import psycopg

from frontdesk.db.server import Handle
from frontdesk.desk import Desk
from frontdesk.screens.calendar.screen import CalendarScreen
from frontdesk.screens.checkout.screen import CheckoutScreen
from frontdesk.screens.drawer.checklist import ChecklistSheet
from frontdesk.screens.drawer.counting import CountSheet
from frontdesk.screens.drawer.screen import DrawerScreen
from frontdesk.services.book.visits import StepVisit, arrive, finish, start
from frontdesk.services.drawers.drawers import OpenDrawer, open_drawer
from frontdesk.services.ticket.ticket_wishes import Pay, SellProduct
from frontdesk.services.till.checkout import CheckOut, check_out
from frontdesk.widgets.form import Form
from frontdesk.widgets.modal import Sheet
from tests.screens.desk import Played, each_size, elsewhere, playing, until
from tests.services.desks import ANNA, BO, CUT, JANE, KIM, booked, march


def _drawers(server: Handle, shop: str, *names: str) -> None:
    with psycopg.connect(server.conninfo(shop), autocommit=True) as sql:
        for name in names:
            sql.execute("INSERT INTO drawers (business_id, shop_id, name) VALUES (1, 1, %s)", (name,))


def _sold(desk: Desk, method: str = "cash", session: int | None = None) -> None:
    pay = Pay(method=method, approval_code="A1" if method == "card" else None)
    check_out(desk, CheckOut(products=(SellProduct(product_id=1),), tenders=(pay,), drawer_session_id=session))


async def _on(played: Played, kind: type) -> None:
    await until(played, lambda: isinstance(played.app.screen, kind))


@each_size
async def test_a_day_of_a_drawer(server: Handle, shop: str, tmp_path: Path, size: tuple[int, int]) -> None:
    _drawers(server, shop, "Drawer 1", "Drawer 2")
    async with playing(server, shop, tmp_path, size=size) as desk:
        await desk.sign_in("ria")
        await desk.press("D")
        await _on(desk, DrawerScreen)
        assert "Drawer 1 is closed. enter opens it with its float." in desk.text
        await desk.press("enter")
        await _on(desk, CountSheet)
        await desk.type("20x3 10x4")
        await desk.press("enter", "ctrl+s")
        await until(desk, "Drawer 1 is open with £100.00.")
        _sold(elsewhere(desk, "ria"))
        _sold(elsewhere(desk, "ria"), "card")
        await desk.press("minus")
        await _on(desk, Form)
        await desk.type("20")
        await desk.press("enter", "enter")
        await desk.type("milk")
        await desk.press("ctrl+s")
        await until(desk, "Drawer 1: £20.00 paid out: milk.")
        await until(desk, "Paid out: milk")
        desk.shows("drawer")
        await desk.press("enter")
        await _on(desk, CountSheet)
        await desk.type("20x x3")
        await desk.press("enter")
        await until(desk, "20x ▸x3: how many 20 there are is missing")
        await desk.press(*["backspace"] * 6)
        await desk.type("20x4")
        await desk.press("enter")
        desk.shows("drawer_count")
        assert "98" not in desk.text  # what should be in it is nowhere on the screen
        await desk.press("ctrl+s")
        await until(desk, "£80.00 is further off than it may be. Count Drawer 1 once more.")
        assert "98" not in desk.text
        await desk.type("20x4 10x1 5x1")
        await desk.press("enter", "ctrl+s")
        await _on(desk, Form)
        await until(desk, "£95.00 counted, £98.00 expected: £3.00 short.")  # and now it is
        desk.shows("drawer_close")
        await desk.press("escape")
        await until(desk, "Drawer 1 is counted and still open.")
        await desk.press("enter")
        await desk.type("20x4 10x1 5x1 1x3")
        await desk.press("enter", "ctrl+s")
        await _on(desk, Form)
        await desk.type("Three coins under the till")
        await desk.press("enter", "ctrl+s")
        await until(desk, "A manager's yes: accept a drawer that is off")  # because it was off before it fitted
        await desk.press("enter")
        await desk.type("4444")
        await desk.press("enter")
        await until(desk, "Drawer 1 is closed")


@each_size
async def test_the_close_of_a_day(server: Handle, shop: str, tmp_path: Path, size: tuple[int, int]) -> None:
    _drawers(server, shop, "Drawer 1")
    async with playing(server, shop, tmp_path, size=size) as desk:
        ria = elsewhere(desk, "ria")
        open_drawer(ria, OpenDrawer(typed="20x3 10x4"))
        _sold(ria)
        _sold(ria, "card")
        booked(ria, KIM, march(9, 15), (CUT, BO))
        unpaid = booked(ria, JANE, march(9, 10), (CUT, ANNA)).appointment_id
        for step in (arrive, start, finish):
            step(ria, StepVisit(appointment_id=unpaid))
        await desk.sign_in("mo")
        await desk.press("D")
        await _on(desk, DrawerScreen)
        await desk.press("v")
        await _on(desk, Sheet)
        assert "TAKINGS" in desk.text
        await desk.press("escape", "Z")
        await _on(desk, ChecklistSheet)
        desk.shows("drawer_checklist")
        await desk.press("ctrl+o")  # nobody passes a drawer that is not counted
        assert isinstance(desk.app.screen, ChecklistSheet)
        await desk.press("down", "enter")
        await _on(desk, CheckoutScreen)
        await desk.press("f2", "D", "Z")
        await _on(desk, ChecklistSheet)
        await desk.press("enter")
        await _on(desk, CalendarScreen)
        await desk.press("D", "Z")
        await _on(desk, ChecklistSheet)
        await desk.press("end", "enter")
        await _on(desk, CountSheet)
        await desk.type("20x5 10x1 5x1 1x3")
        await desk.press("enter", "ctrl+s")
        await _on(desk, Form)
        await desk.press("ctrl+s")
        await until(desk, "Drawer 1 is closed, £18.00 to the bank. Z closes the day.")
        await desk.press("Z")
        await _on(desk, ChecklistSheet)
        await desk.press("ctrl+o")
        await _on(desk, Form)
        await desk.type("Kim comes late")
        await desk.press("enter")
        await desk.type("17")
        await desk.press("ctrl+s")
        await until(desk, "The card terminal and the till are £1.00 apart.")
        await desk.press("backspace")
        await desk.type("8")
        await desk.press("ctrl+s")
        await _on(desk, Sheet)
        desk.shows("drawer_z")
        await desk.press("escape")
        await until(desk, "The day is closed: Z 1, £36.00.")
        await desk.press("P")
        await _on(desk, Sheet)
        assert "Z 1, as it was printed" in desk.text


async def test_nine_denominations_take_thirty_keys_at_most(server: Handle, shop: str, tmp_path: Path) -> None:
    _drawers(server, shop, "Drawer 1")
    async with playing(server, shop, tmp_path) as desk:
        ria = elsewhere(desk, "ria")
        open_drawer(ria, OpenDrawer(typed="20x3 10x4"))
        await desk.sign_in("ria")
        await desk.press("D", "enter")
        await _on(desk, CountSheet)
        counts = ("1", "3", "7", "2", "14", "9", "4", "12", "8")  # 50 20 10 5 2 1 50p 20p 10p
        keys = [key for count in counts for key in (*count, "enter")] + ["ctrl+s"]
        assert len(keys) <= 30
        sheet = desk.app.screen
        assert isinstance(sheet, CountSheet)
        await desk.press(*keys[:-1])
        assert dict(sheet.pieces) == {
            Decimal("50"): 1, Decimal("20"): 3, Decimal("10"): 7, Decimal("5"): 2, Decimal("2"): 14, Decimal("1"): 9,
            Decimal("0.5"): 4, Decimal("0.2"): 12, Decimal("0.1"): 8,
        }  # fmt: skip
        await desk.press("ctrl+s")
        await until(desk, "£232.20 is further off than it may be.")
        await desk.press("escape", "l")
        await until(desk, "Look into Drawer 1, open since")
        await desk.type("20x3 10x4")
        await desk.press("enter", "ctrl+s")
        await until(desk, "Drawer 1: £100.00 counted, as it should be. It stays open.")
