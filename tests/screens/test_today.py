"""The manager's day on the screen."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import psycopg

from frontdesk.clock import SetClock
from frontdesk.db.server import Handle
from frontdesk.desk import Desk
from frontdesk.screens.today.drawing import against
from frontdesk.services.book.visits import StepVisit, finish
from frontdesk.services.reports.today import ShowToday, show_today
from frontdesk.services.ticket.ticket_wishes import Pay, SellProduct
from frontdesk.services.till.checkout import CheckOut, check_out
from frontdesk.text import cell_width
from tests.screens.desk import Played, each_size, playing, until
from tests.screens.till import a_morning, desk_of
from tests.services.desks import ANNA, BO, CUT, KIM, OLA, booked, march


def a_day(played: Played, clock: SetClock, conninfo: str) -> None:
    """Last Monday one cut; this Monday Jane has paid, Kim has not, and Ola never came."""
    ria = desk_of(played)
    clock.set(march(2, 8))
    last = booked(ria, KIM, march(2, 11), (CUT, ANNA)).appointment_id
    clock.set(march(2, 12))
    finish(ria, StepVisit(appointment_id=last))
    check_out(ria, CheckOut(appointment_ids=(last,), tenders=(Pay(method="cash"),)))
    jane, kim = a_morning(played, clock, conninfo)
    booked(ria, OLA, march(9, 14), (CUT, BO))
    clock.set(march(9, 12, 10))
    tenders = (Pay(method="card", amount=Decimal(60), approval_code="A1"), Pay(method="cash"))
    shampoo = SellProduct(product_id=1, stylist_id=BO)
    check_out(ria, CheckOut(appointment_ids=(jane,), products=(shampoo,), tip=Decimal(8), tenders=tenders))
    clock.set(march(9, 16, 5))
    finish(ria, StepVisit(appointment_id=kim))


def test_how_it_stands_against_last_week_is_said_whole_where_there_is_little_room(mo: Desk) -> None:
    sheet = replace(show_today(mo, ShowToday()), up=-19)
    assert against(sheet, 28) == "19 % down on last Mon by now"
    assert against(sheet, 26) == "19 % down on Mon by now"
    assert all(cell_width(against(replace(sheet, up=up), 26)) <= 26 for up in (-99, 0, 7, 119, 2400))


@each_size
async def test_a_manager_reads_the_day(server: Handle, shop: str, tmp_path: Path, size: tuple[int, int]) -> None:
    clock = SetClock(march(9, 9))
    async with playing(server, shop, tmp_path, size=size, clock=clock) as desk:
        a_day(desk, clock, server.conninfo(shop))
        await desk.sign_in("mo")
        await desk.press("f6")
        await until(desk, "Takings")
        assert "96 % up on last Mon by now" in desk.text
        desk.shows("today_stylists")
        await desk.press("v")
        await until(desk, "By service")
        desk.shows("today_services")
        await desk.press("v")
        await until(desk, "taken")
        desk.shows("today_hours")
        await desk.press("less_than_sign")
        await until(desk, "Day   Sun 8 Mar")
        await desk.press("g")
        await until(desk, "Go to")
        await desk.type("2026-03-02")
        await desk.press("enter")
        await until(desk, "Day   Mon 2 Mar")
        await desk.press("enter")
        await until(desk, "Nothing is left to look at.")
        await desk.press("t")
        await until(desk, "Today   Mon 9 Mar")


async def test_what_is_loose_is_tied_where_it_hangs(server: Handle, shop: str, tmp_path: Path) -> None:
    clock = SetClock(march(9, 9))
    async with playing(server, shop, tmp_path, clock=clock) as desk:
        a_day(desk, clock, server.conninfo(shop))
        await desk.sign_in("mo")
        await desk.press("f6")
        await until(desk, "To look at")
        await desk.press("enter")
        await until(desk, "Kim Lee")
        desk.shows("today_loose")
        await desk.press("enter")
        await until(desk, "Checkout   Kim Lee")
        await desk.press("f6")
        await until(desk, "To look at")
        await desk.press("enter")
        await until(desk, "Ola Berg")
        await desk.press("down", "enter")
        await until(desk, lambda: desk.app.current_mode == "calendar")


async def test_takings_are_not_for_everybody_and_not_for_customers_eyes(
    server: Handle, shop: str, tmp_path: Path
) -> None:
    clock = SetClock(march(9, 9))
    async with playing(server, shop, tmp_path, clock=clock) as desk:
        a_day(desk, clock, server.conninfo(shop))
        with psycopg.connect(server.conninfo(shop)) as owner:
            owner.execute("UPDATE stylists SET first_name = '[/b] 山田' WHERE id = 1")
        await desk.sign_in("ria")
        await desk.press("f6")
        await until(desk, "Ria may not see the day's takings. Ask a manager.")
    async with playing(server, shop, tmp_path, clock=clock) as desk:
        await desk.sign_in("mo")
        await desk.press("f6")
        await until(desk, "98.00")
        await desk.press("I")
        await until(desk, "···")
        assert "98.00" not in desk.text
        assert "[/b] 山田" in desk.text
        await desk.press("I")
        await until(desk, "98.00")


async def test_a_closed_day_says_so(server: Handle, shop: str, tmp_path: Path) -> None:
    async with playing(server, shop, tmp_path, clock=SetClock(dt.datetime(2026, 3, 8, 10, tzinfo=dt.UTC))) as desk:
        await desk.sign_in("mo")
        await desk.press("f6")
        await until(desk, "Nobody works this day")
