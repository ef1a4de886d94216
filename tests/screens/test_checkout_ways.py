"""Every way to pay at the till, what it sells beside services, and what is done with a sale afterwards."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from frontdesk.channels.card_terminal import SimulatedTerminal
from frontdesk.clock import SetClock
from frontdesk.db.server import Handle
from frontdesk.permissions import Role
from frontdesk.screens.keyboard.scanner import Scanned
from frontdesk.screens.messages import PayFor
from frontdesk.services.drawers.drawers import AddDrawer, add_drawer
from frontdesk.services.packages.packages import AddPackage, Sessions, add_package
from frontdesk.services.prepaid.credit import GiveCredit, give_credit
from frontdesk.services.prepaid.gift_cards import ListGiftCards, ShowGiftCard, list_gift_cards, show_gift_card
from frontdesk.services.prepaid.house_accounts import SetAccount, set_account
from frontdesk.services.prepaid.prepaid_rules import SetDepositRule, set_deposit_rule
from frontdesk.services.reports.reports import ReportDay, day_report
from frontdesk.services.ticket.coupons import AddCoupon, add_coupon
from frontdesk.services.ticket.price_classes import AddPriceClass, add_price_class
from frontdesk.services.ticket.ticket_wishes import Pay, SellGiftCard, SellPackage
from frontdesk.services.till.checkout import CheckOut, check_out
from frontdesk.services.till.discounts import SetDiscountLimit, set_discount_limit
from frontdesk.services.till.parked import ListParked, list_parked
from tests.screens.desk import Played, each_size, playing, until
from tests.screens.till import a_morning, desk_of
from tests.services.desks import ANNA, CUT, JANE, booked, march

CARD = "7QK29M4TXY2Z"


def with_everything(desk: Played) -> None:
    """Jane has a package, a gift card, credit and an account; there are coupons and price classes."""
    ria, mo = desk_of(desk), desk_of(desk, "mo")
    cuts = Sessions(service_id=CUT, sessions=5)
    five = add_package(
        mo, AddPackage(name="Five cuts", price=Decimal(200), services=(cuts,), tax_point="used", months=12)
    )
    sold = SellPackage(package_id=five.id, customer_id=JANE)
    card = SellGiftCard(amount=Decimal(30), code=CARD, customer_id=JANE)
    check_out(ria, CheckOut(packages=(sold,), gift_cards=(card,), tenders=(Pay(method="cash"),)))
    give_credit(mo, GiveCredit(customer_id=JANE, amount=Decimal(12), reason="waited long"))
    set_account(mo, SetAccount(customer_id=JANE, limit=Decimal(100)))
    add_coupon(mo, AddCoupon(code="XMAS", name="Christmas", percent=Decimal(10)))
    add_price_class(mo, AddPriceClass(name="Staff", percent=Decimal(20)))


async def opened(played: Played, clock: SetClock, conninfo: str, who: str = "ria") -> tuple[int, int]:
    """Somebody at the till on that morning."""
    visits = a_morning(played, clock, conninfo)
    await played.sign_in(who)
    await played.press("f5")
    await until(played, "Kim Lee")
    return visits


def taken(played: Played) -> dict[str, Decimal]:
    """The day by tender."""
    return day_report(desk_of(played, "mo"), ReportDay()).tenders


async def typed(played: Played, words: str, holds: str) -> None:
    """A line, and enter."""
    await played.type(words)
    await played.press("enter")
    await until(played, holds)


@each_size
async def test_a_ticket_shows_what_lies_ready_and_takes_all_of_it(
    server: Handle, shop: str, tmp_path: Path, size: tuple[int, int]
) -> None:
    clock = SetClock(march(9, 9))
    async with playing(server, shop, tmp_path, size=size, clock=clock) as desk:
        with_everything(desk)
        await opened(desk, clock, server.conninfo(shop))
        await desk.press("enter")
        await until(desk, "5 left")
        desk.shows("checkout_ready")
        await desk.press("I")
        await until(desk, "private")
        assert "5 left" not in desk.text
        assert "Gift card" not in desk.text
        await desk.press("I")
        await desk.press("asterisk")
        await until(desk, "Cut, by session")
        await typed(desk, "tip 3 anna + tip bo 2", "Tip, Bo")
        await typed(desk, "coupon xmas; 5% off for waiting", "because waiting")
        await desk.type("gift 7QK29M4TXY2Z 10 credit 5 owe")
        await until(desk, "Paid in full")
        await desk.press("question_mark")
        await desk.press("backspace")
        desk.shows("checkout_everything")
        await desk.press("enter")
        await until(desk, "Receipt 2:")
        said = taken(desk)
        assert (said["gift_card"], said["credit"], said["package"]) == (Decimal(10), Decimal(5), Decimal(40))
        assert show_gift_card(desk_of(desk), ShowGiftCard(code=CARD)).balance == 20
        desk.shows("checkout_paid")


async def test_a_ticket_is_put_aside_explained_quoted_and_sold_from_a_list(
    server: Handle, shop: str, tmp_path: Path
) -> None:
    clock = SetClock(march(9, 9))
    async with playing(server, shop, tmp_path, clock=clock) as desk:
        with_everything(desk)
        await opened(desk, clock, server.conninfo(shop))
        await desk.press("plus")
        await until(desk, "Gift card")
        await desk.type("gift")
        await desk.press("enter", "ctrl+s")
        await until(desk, "new or topped up")
        await desk.type("25")
        await desk.press("ctrl+s")
        await until(desk, "£25.00")
        await desk.press("N")
        await until(desk, "Who pays")
        await desk.type("kim")
        await until(desk, "Kim Lee")
        await desk.press("enter")
        await until(desk, "Checkout Kim Lee")
        await desk.press("question_mark")
        await until(desk, "quantity x price")
        await desk.press("escape", "equals_sign")
        await until(desk, "QUOTE, nothing is sold")
        await desk.press("escape", "K")
        await until(desk, "put aside 0m, Ria")
        assert len(list_parked(desk_of(desk), ListParked()).tickets) == 1
        desk.shows("checkout_parked")
        await desk.press("enter")
        await until(desk, "Checkout Kim Lee")
        await desk.press("plus")
        await until(desk, "Add to the ticket")
        await desk.type("jane")
        await until(desk, "Visit of Jane Doe")
        await desk.press("enter", "ctrl+s")
        await until(desk, "£105.00")
        await typed(desk, "class staff", "Cut, list 50.00")
        await typed(desk, "no class card 1a", '"1a" is not understood')
        assert "no class card 1a" in desk.text, "what is refused stays to be mended"
        await desk.press("escape", "K")
        await until(desk, "Who pays?")
        await desk.press("minus")
        await until(desk, "Throw this parked ticket away?")
        await desk.press("x")
        await until(desk, lambda: "put aside" not in desk.text)
        assert not list_gift_cards(desk_of(desk), ListGiftCards(all=True)).cards[1:], "nothing was sold"


async def test_from_a_visit_to_paid_in_cash_are_at_most_four_keys(server: Handle, shop: str, tmp_path: Path) -> None:
    clock = SetClock(march(9, 9))
    async with playing(server, shop, tmp_path, clock=clock) as desk:
        jane, _ = a_morning(desk, clock, server.conninfo(shop))
        await desk.sign_in("ria")
        pressed = ["p", "enter", "c"]
        desk.app.pass_on("checkout", PayFor(jane))  # what p does on a visit of the book
        await until(desk, "TO PAY")
        await desk.press(pressed[1])
        await until(desk, "cash, exactly that")
        await desk.press(pressed[2])
        await until(desk, "Receipt 1: £80.00 taken.")
        assert len(pressed) <= 4
        await desk.press("r")
        await until(desk, "Book the same again")
        assert "Jane Doe" in desk.text
        await desk.press("escape")
        await desk.press("V")
        await until(desk, "Void receipt 1")
        await desk.type("wrong visit")
        await desk.press("enter")
        await until(desk, "Receipt 1 is void, under number 2.")
        await until(desk, "Jane Doe")
        assert day_report(desk_of(desk, "mo"), ReportDay()).total == 0


async def test_a_manager_allows_what_a_trainee_may_not_and_money_goes_back_by_line(
    server: Handle, shop: str, tmp_path: Path
) -> None:
    clock = SetClock(march(9, 9))
    async with playing(server, shop, tmp_path, clock=clock) as desk:
        set_discount_limit(desk_of(desk, "mo"), SetDiscountLimit(role=Role.TRAINEE, percent=Decimal(5)))
        jane, _ = await opened(desk, clock, server.conninfo(shop), "tess")
        desk.app.pass_on("checkout", PayFor(jane))
        await until(desk, "TO PAY")
        await typed(desk, "20% off", "more than 5")
        await desk.type("cash 70")
        await desk.press("enter")
        await until(desk, "Because")
        await desk.type("a long wait")
        await desk.press("enter")
        await approve(desk)
        await until(desk, "Receipt 1: £64.00 taken.")
        await desk.press("R")
        await until(desk, "Give back of which receipt")
        await desk.press("enter")
        await until(desk, "Give back of receipt 1")
        await desk.type("3")
        await desk.press("enter", "enter", "enter")
        await desk.type("uneven")
        await desk.press("enter")
        await until(desk, '"3" is none of the lines')
        desk.shows("checkout_refund")
        await desk.press("backspace")
        await desk.type("2")
        await desk.press("ctrl+s")
        await approve(desk)
        await until(desk, "Refund 2")
        await desk.press("escape")
        assert day_report(desk_of(desk, "mo"), ReportDay()).total == Decimal("40.00")


async def approve(desk: Played) -> None:
    """A manager's yes."""
    await until(desk, "A manager's yes")
    await desk.press("enter")
    await desk.type("4444")
    await desk.press("enter")


async def test_a_card_terminal_is_asked_once_and_what_it_charged_goes_back_before_it_is_forgotten(
    server: Handle, shop: str, tmp_path: Path
) -> None:
    clock, bank = SetClock(march(9, 9)), SimulatedTerminal(tmp_path / "bank")
    bank.plan("decline", "silent-after", "approve")
    async with playing(server, shop, tmp_path, clock=clock, card_terminal=f"simulated:{tmp_path / 'bank'}") as desk:
        await opened(desk, clock, server.conninfo(shop))
        await desk.press("enter")
        await until(desk, "TO PAY")
        await typed(desk, "card", "The card was declined")
        assert ">  card" in desk.text, "the line stays as it was typed"
        await desk.press("enter")
        await until(desk, "does not answer about £80.00")
        desk.shows("checkout_silent")
        await desk.press("a")
        await until(desk, "Receipt 1: £80.00 taken.")
        assert len(list((tmp_path / "bank" / "charges").iterdir())) == 2, "declined, and charged once"
        add_drawer(desk_of(desk, "ada"), AddDrawer(name="Drawer 1"))
        await desk.press("enter")
        await until(desk, "Who pays?")
        await desk.press("enter")
        await until(desk, "Checkout Kim Lee")
        await typed(desk, "card 20 cash", "open a drawer now")
        await desk.press("escape", "K")
        await until(desk, "A card was charged for this ticket")
        await desk.press("down")
        await until(desk, "▸Paid by card")
        await desk.press("minus")
        await until(desk, "The card terminal has charged this card.")
        await desk.press("1")
        await approve(desk)
        await until(desk, lambda: "Paid by card" not in desk.text and "manager" not in desk.text)
        assert len(list((tmp_path / "bank" / "charges").iterdir())) == 4, "and given back once"


async def test_a_scan_of_something_unknown_may_be_a_new_product_and_cash_needs_a_drawer(
    server: Handle, shop: str, tmp_path: Path
) -> None:
    clock = SetClock(march(9, 9))
    async with playing(server, shop, tmp_path, clock=clock) as desk:
        await opened(desk, clock, server.conninfo(shop), "mo")
        with_everything(desk)
        add_drawer(desk_of(desk, "ada"), AddDrawer(name="Drawer 1"))
        desk.app.pass_on("checkout", Scanned("4006381333931"))
        await until(desk, "new product")
        await desk.press("n")
        await until(desk, "New product 4006381333931")
        await desk.type("Serum")
        await desk.press("enter")
        await desk.type("12")
        await desk.press("ctrl+s")
        await until(desk, "Serum is on the ticket.")
        desk.app.pass_on("checkout", Scanned(CARD))
        await until(desk, "30.00 left. Enter pays with it.")
        await desk.press("escape")
        await typed(desk, "cash", "open a drawer now")
        await desk.press("D")
        await until(desk, "Drawer 1")
        assert desk.app.current_mode == "drawer"
        await desk.press("f5")
        await until(desk, "Serum")
        assert ">  cash" in desk.text


async def test_a_deposit_is_taken_for_a_visit_to_come_and_its_receipt_is_printed_and_again_as_a_copy(
    server: Handle, shop: str, tmp_path: Path
) -> None:
    clock, paper = SetClock(march(9, 9)), tmp_path / "paper"
    paper.touch()
    async with playing(server, shop, tmp_path, clock=clock, printer=f"file:{paper}") as desk:
        set_deposit_rule(desk_of(desk, "mo"), SetDepositRule(service_id=CUT, who="all", amount=Decimal(20)))
        visit = booked(desk_of(desk), JANE, march(11, 13), (CUT, ANNA)).appointment_id
        await desk.sign_in("ria")
        desk.app.pass_on("checkout", PayFor(visit))
        await until(desk, "take the deposit of £20.00")
        await desk.press("1")
        await until(desk, "Deposit of Jane Doe")
        await desk.press("enter")
        await until(desk, "TO PAY £20.00")
        await typed(desk, "50", "Receipt 1: £20.00 taken.")
        for said in ("Receipt 1 printed.", "Receipt 1 printed, as a copy."):
            await desk.press("P")
            await until(desk, "print it")
            await desk.press("P")
            await until(desk, said)
        assert b"COPY" in paper.read_bytes()
        for _ in "once", "and shown again":
            await desk.press("P", "i")
            await until(desk, "Invoice of receipt 1")
            await desk.press("ctrl+s")
            await until(desk, "Invoice 1 of receipt 1")
            await desk.press("escape")
