"""At the till: from who has not paid to the change in the customer's hand."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import psycopg

from frontdesk.clock import SetClock
from frontdesk.db.server import Handle
from frontdesk.screens.keyboard.scanner import Scanned
from frontdesk.screens.messages import PayFor
from frontdesk.services.book.policies import SetPolicy, set_policy
from frontdesk.services.book.visits import LeaveVisit, no_show
from frontdesk.services.reports.reports import ReportDay, day_report
from frontdesk.services.ticket.ticket_wishes import Pay, SellProduct
from frontdesk.services.till.checkout import CheckOut, check_out
from tests.screens.desk import Played, each_size, playing, until
from tests.screens.till import a_morning, desk_of
from tests.services.desks import ANNA, CUT, JANE, booked, march


async def opened(played: Played, clock: SetClock, conninfo: str) -> tuple[int, int]:
    """Ria at the till on that morning."""
    visits = a_morning(played, clock, conninfo)
    await played.sign_in("ria")
    await played.press("f5")
    await until(played, "Kim Lee")
    return visits


def takings(played: Played) -> Decimal:
    return day_report(desk_of(played, "mo"), ReportDay()).total


@each_size
async def test_a_ticket_from_the_list_to_the_receipt(
    server: Handle, shop: str, tmp_path: Path, size: tuple[int, int]
) -> None:
    clock = SetClock(march(9, 9))
    async with playing(server, shop, tmp_path, size=size, clock=clock) as desk:
        await opened(desk, clock, server.conninfo(shop))
        desk.shows("checkout_list")
        await desk.press("enter")
        await until(desk, "TO PAY")
        await desk.press("plus")
        await until(desk, "Add to the ticket")
        await desk.type("shamp")
        await until(desk, "Shampoo 250 ml 18.00")
        await desk.press("enter", "enter", "enter")
        await until(desk, "£98.00")
        await desk.press("percent_sign")
        await until(desk, "What comes off")
        await desk.type("10%")
        await desk.press("ctrl+s")
        await until(desk, "£88.20")
        await desk.type("cash 50 tip 2 bo")
        await desk.press("enter")
        await until(desk, "£40.20 left to pay")
        desk.shows("checkout_ticket")
        await desk.type("card 41.20 a1b2")
        await until(desk, "1.00 over · to pay 90.20 · tip 2.00 Bo · cash 50.00 · card 41.20")
        await desk.press("enter")
        await until(desk, "£1.00 more than is due")
        desk.shows("checkout_over")
        await desk.press("3")
        await until(desk, "card 41.20 a1b2")
        assert takings(desk) == 0
        await desk.press("enter")
        await until(desk, "1 tip Bo")
        await desk.press("1")
        await until(desk, "Receipt 1: £91.20 taken.")
        assert takings(desk) == Decimal("88.20")
        await desk.press("P")
        await until(desk, "without prices")
        await desk.press("s")
        await until(desk, "Cashier: Ria")
        assert "COPY" not in desk.text
        await desk.press("escape")
        await desk.press("P")
        await until(desk, "without prices")
        await desk.press("s")
        await until(desk, "*** COPY ***")
        await desk.press("escape", "enter")
        await until(desk, "Who pays?")
        assert "Jane Doe" not in desk.text


@each_size
async def test_change_is_said_big(server: Handle, shop: str, tmp_path: Path, size: tuple[int, int]) -> None:
    clock = SetClock(march(9, 9))
    async with playing(server, shop, tmp_path, size=size, clock=clock) as desk:
        await opened(desk, clock, server.conninfo(shop))
        await desk.type("kim")
        assert "Jane Doe" not in desk.text
        await desk.press("enter")
        await until(desk, "TO PAY")
        await desk.type("60")
        await until(desk, "Give back 10.00")
        await desk.press("enter")
        await until(desk, "Give back")
        desk.shows("checkout_change")


async def test_a_telephone_call_in_between_loses_nothing(server: Handle, shop: str, tmp_path: Path) -> None:
    clock = SetClock(march(9, 9))
    async with playing(server, shop, tmp_path, clock=clock) as desk:
        jane, kim = await opened(desk, clock, server.conninfo(shop))
        await desk.press("enter")
        await until(desk, "TO PAY")
        await desk.type("cash 50 card 2")
        await desk.press("f2")
        assert desk.app.current_mode == "calendar"
        await desk.press("f5")
        await until(desk, "cash 50 card 2")
        await desk.type("x")
        await desk.press("enter")
        await until(desk, '"2x" is not understood')
        assert "cash 50 card 2x" in desk.text, "what was refused is still there to be mended"
        await desk.press("escape")
        await desk.type("card")
        await desk.press("enter")
        await until(desk, "Approval code")
        await desk.press("escape")
        await until(desk, "Not taken yet")
        assert takings(desk) == 0
        desk.app.pass_on("checkout", PayFor(kim))
        await until(desk, "The ticket of Jane Doe is not paid yet.")
        await desk.press("2")
        await until(desk, "Kim Lee visit")
        await desk.press("escape")
        await until(desk, "put aside")
        await desk.press("home")
        desk.app.pass_on("checkout", PayFor(jane))
        await until(desk, "Jane Doe visit")
        desk.app.pass_on("checkout", PayFor(kim))
        await until(desk, "not paid yet")
        await desk.press("1")
        await until(desk, "£130.00")
        await desk.press("minus")
        await until(desk, "£50.00")


async def test_a_scanner_sells_and_two_tills_take_the_money_once(server: Handle, shop: str, tmp_path: Path) -> None:
    clock = SetClock(march(9, 9))
    async with playing(server, shop, tmp_path, clock=clock) as desk:
        jane, _ = await opened(desk, clock, server.conninfo(shop))
        for _ in range(2):
            desk.app.pass_on("checkout", Scanned("5012345678900"))
            await until(desk, "is on the ticket")
        await until(desk, "2 × Shampoo 250 ml")
        await desk.press("plus")
        await until(desk, "Add to the ticket")
        desk.app.pass_on("checkout", Scanned("5012345678900"))
        await until(desk, "£54.00")
        await desk.press("escape", "minus")
        await until(desk, "Who pays?")
        for _ in range(2):
            desk.app.pass_on("checkout", Scanned("5012345678900"))
            await until(desk, "is on the ticket")
        desk.app.pass_on("checkout", Scanned("4006381333931"))
        await until(desk, "No product has the barcode")
        desk.app.pass_on("checkout", PayFor(jane))
        await until(desk, "not paid yet")
        await desk.press("1")
        await until(desk, "£116.00")
        other = CheckOut(appointment_ids=(jane,), tenders=(Pay(method="cash"),))
        check_out(desk_of(desk, "mo"), other)
        await desk.type("cash")
        await desk.press("enter")
        await until(desk, "That visit is already paid.")
        assert takings(desk) == Decimal(80)


async def test_a_half_paid_ticket_is_there_after_a_crash(server: Handle, shop: str, tmp_path: Path) -> None:
    clock = SetClock(march(9, 9))
    async with playing(server, shop, tmp_path, clock=clock) as desk:
        jane, _ = await opened(desk, clock, server.conninfo(shop))
        await desk.press("enter")
        await until(desk, "TO PAY")
        await desk.type("cash 30")
        await desk.press("enter")
        await until(desk, "£50.00 left to pay")
    async with playing(server, shop, tmp_path, clock=clock) as desk:
        await desk.sign_in("ria")
        assert "Ticket of Jane Doe" in desk.text
        await desk.press("f5")
        await until(desk, "This is how the counter was left")
        assert "−30.00" in desk.text
        check_out(desk_of(desk, "mo"), CheckOut(appointment_ids=(jane,), tenders=(Pay(method="cash"),)))
    async with playing(server, shop, tmp_path, clock=clock) as desk:
        await desk.sign_in("ria")
        await desk.press("f5")
        await until(desk, "has been paid meanwhile")
        assert "Kim Lee" in desk.text


async def test_hostile_names_stay_text(server: Handle, shop: str, tmp_path: Path) -> None:
    clock = SetClock(march(9, 9))
    async with playing(server, shop, tmp_path, clock=clock) as desk:
        await opened(desk, clock, server.conninfo(shop))
        with psycopg.connect(server.conninfo(shop)) as connection:
            for name in ("[/b] Ann", "山田" * 20, "x" * 50):
                connection.execute("UPDATE customers SET first_name = %s WHERE id = 1", (name,))
                connection.execute("UPDATE products SET name = %s", (name,))
                connection.execute("UPDATE stylists SET first_name = %s", (name[:40],))
                connection.commit()
                await desk.press("escape", "f2", "f5")
                await desk.press("enter")
                await until(desk, "TO PAY")
                desk.app.pass_on("checkout", Scanned("5012345678900"))
                await until(desk, "is on the ticket")
                await desk.press("T")
                await until(desk, "Tip")
                await desk.press("escape")
                await desk.press("minus", "minus", "minus", "minus")
                await until(desk, "Who pays?")


def test_a_product_line_may_be_taken_off() -> None:
    from frontdesk.screens.checkout.counter import EMPTY, with_product, without_row

    ticket = with_product(with_product(EMPTY, 1), 1, 2)
    assert ticket.products == (SellProduct(product_id=1, quantity=3),)
    assert without_row(ticket, "product", 0) == EMPTY


async def test_what_is_owed_for_a_missed_visit_is_added_with_plus(server: Handle, shop: str, tmp_path: Path) -> None:
    clock = SetClock(march(9, 9))
    async with playing(server, shop, tmp_path, clock=clock) as desk:
        ria = desk_of(desk)
        set_policy(desk_of(desk, "mo"), SetPolicy(notice_minutes=60, no_show_percent=Decimal(50)))
        missed = booked(ria, JANE, march(9, 9), (CUT, ANNA)).appointment_id
        no_show(ria, LeaveVisit(appointment_id=missed, fee=Decimal(25)))
        visit = booked(ria, JANE, march(9, 10), (CUT, ANNA)).appointment_id
        await desk.sign_in()
        desk.app.pass_on("checkout", PayFor(visit))
        await until(desk, "Owes, + adds it")
        assert "25.00" in desk.text
        await desk.press("plus")
        await until(desk, "No-show, Cut 25.00")
        await desk.press("down", "enter", "ctrl+s")
        await until(desk, "75.00")
        assert "Owes, " not in desk.text
        await desk.type("cash")
        await desk.press("enter")
        await until(desk, "Enter or a scan begins the next ticket")
        assert takings(desk) == Decimal("75.00")
