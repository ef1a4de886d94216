"""What may come off a ticket, whose vouchers are taken, what is asked for before a visit: rooms of the admin."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from textual import events

from frontdesk.db.server import Handle
from frontdesk.permissions import Role
from frontdesk.services.prepaid.prepaid_rules import ListPrepaidRules, list_prepaid_rules
from frontdesk.services.prepaid.vouchers import (
    ListIssuers,
    ListVouchers,
    SetIssuer,
    list_issuers,
    list_vouchers,
    set_issuer,
)
from frontdesk.services.ticket.coupons import AddCoupon, ListCoupons, add_coupon, list_coupons
from frontdesk.services.ticket.price_classes import AddPriceClass, ListPriceClasses, add_price_class, list_price_classes
from frontdesk.services.ticket.ticket_wishes import Pay, SellProduct
from frontdesk.services.till.checkout import CheckOut, check_out
from frontdesk.services.till.discounts import (
    ListDiscountLimits,
    SetDiscountLimit,
    list_discount_limits,
    set_discount_limit,
)
from frontdesk.widgets.plain_table import PlainTable
from tests.screens.desk import Played, each_size, playing, until
from tests.screens.till import desk_of
from tests.services.desks import CUT

SHAMPOO = SellProduct(product_id=1)


async def _into(desk: Played, room: str) -> None:
    """Into a room, from wherever one is."""
    await desk.press("f7", "escape")
    desk.app.screen.query_one("#rooms", PlainTable).go_to(room)
    await desk.press("enter")
    await until(desk, f"Admin {room}")


async def _write(desk: Played, *fields: str) -> None:
    """Paste over one field after another, from the one in hand on; nothing said leaves a field as it is."""
    driver = desk.app._driver
    assert driver is not None
    for place, words in enumerate(fields):
        if place:
            await desk.press("tab")
        if words:
            await desk.press("ctrl+a", "ctrl+k")
            driver.send_message(events.Paste(words))
            await desk.settled()


async def _wrong(desk: Played, words: str, why: str) -> None:
    """This is refused and stays as typed."""
    await _write(desk, words)
    await desk.press("ctrl+s")
    await until(desk, why)
    assert words in desk.text


async def test_a_manager_says_what_may_come_off_a_ticket(server: Handle, shop: str, tmp_path: Path) -> None:
    async with playing(server, shop, tmp_path) as desk:
        await desk.sign_in("mo")
        mo = desk_of(desk, "mo")
        await _into(desk, "Coupons")
        await until(desk, "No coupon is taken. + makes one")
        await desk.press("plus", "ctrl+s")
        await until(desk, "The coupon needs a code, like SPRING10.")
        await _wrong(desk, "spring offer", "The discount is empty.")
        await desk.press("ctrl+s")
        await _wrong(
            desk, "lots", 'The discount "lots" is not a number. Type it like 12.50. A share has its sign: 10 %.'
        )
        await _wrong(desk, "0%", "A discount of nothing is none.")
        await _wrong(desk, "10%", "A code is one word")
        await _write(desk, "spring")
        await desk.press("tab", "tab")
        await _wrong(desk, "the dog", '"the dog" is none of them.')
        await _write(desk, "cut")
        await desk.press("enter")
        await _wrong(desk, "someday", '"someday" is no day')
        await _write(desk, "1 apr", "")
        await _wrong(desk, "30 mar", "30 Mar 2026 lies before the first")
        await _write(desk, "30 jun", "")
        await _wrong(desk, "often", '"often" is no number of times.')
        await _write(desk, "100", "")
        await _wrong(desk, "0", '"0" is no number of times.')
        await _write(desk, "1", "")
        await _wrong(desk, "5,0", 'The minimum "5,0"')
        await _write(desk, "40", "no", "[/b] Spring")
        await desk.press("ctrl+s")
        said = "10 % off Cut, for £40.00 or more of that, from 1 Apr 2026 on, until 30 Jun 2026, once for each customer"
        await until(desk, f"{said}, 100 times in all, not beside another discount. SPRING is taken from now on.")
        (made,) = list_coupons(mo, ListCoupons()).coupons
        assert (made.code, made.name, made.service_id, made.uses, made.stacks) == (
            "SPRING",
            "[/b] Spring",
            CUT,
            100,
            False,
        )
        await desk.press("plus")
        await _write(desk, "spring", "5.00")
        await desk.press("ctrl+s")
        await until(desk, "There is a coupon SPRING already.")
        await desk.press("ctrl+n", "escape", "enter")
        await _write(desk, "", "12.50")
        await desk.press("ctrl+s")
        await until(desk, "£12.50 off Cut, for £40.00")
        await desk.press("minus", "y")
        await until(desk, "SPRING is not taken any more. v shows it.")
        await desk.press("v")
        await until(desk, "ended")
        await desk.press("minus")
        await until(desk, "SPRING is taken again.")
        (again,) = list_coupons(mo, ListCoupons()).coupons
        assert (again.amount, again.per_customer, again.service_id) == (Decimal("12.50"), 1, CUT)

        await _into(desk, "Price classes")
        await desk.press("plus", "ctrl+s")
        await until(desk, "The price class needs a name, like Staff.")
        await _write(desk, "Staff", "")
        await _wrong(desk, "half", 'The share "half" is not a number.')
        await _wrong(desk, "150", "The share has to be between 0 and 100 %.")
        await _wrong(desk, "33.33333", "The share is too fine")
        await _write(desk, "50")
        await desk.press("ctrl+s")
        await until(desk, "Staff pays 50 % less, from now on.")
        await desk.press("minus", "y")
        await until(desk, "Staff is no longer given. v shows it.")
        (staff,) = list_price_classes(mo, ListPriceClasses(all=True)).classes
        assert (staff.percent, staff.is_active) == (Decimal(50), False)

        await _into(desk, "Discount limits")
        await until(desk, "A trainee takes off any amount, and nobody is asked.")
        await desk.press("enter")
        await _wrong(desk, "-5", "The limit has to be between 0 and 100 %.")
        await _write(desk, "10")
        await desk.press("ctrl+s")
        await until(desk, "A trainee takes off up to 10 %; for more a manager is asked.")
        assert list_discount_limits(mo, ListDiscountLimits()).limits[0].percent == Decimal(10)
        await desk.press("end", "enter")
        await until(desk, "An admin has no limit: a discount is theirs to allow.")


async def test_a_manager_says_what_is_asked_for_before_and_what_comes_after(
    server: Handle, shop: str, tmp_path: Path
) -> None:
    async with playing(server, shop, tmp_path) as desk:
        await desk.sign_in("mo")
        mo = desk_of(desk, "mo")
        await _into(desk, "Deposit rules")
        await until(desk, "No visit asks for a deposit. + asks for one.")
        await desk.press("plus")
        await _wrong(desk, "perm", '"perm" is none of them.')
        await _write(desk, "colour")
        await desk.press("enter")
        await _wrong(desk, "whoever", '"whoever" is none of them.')
        await _write(desk, "new")
        await desk.press("enter")
        await _wrong(desk, "0", "A deposit of nothing is none.")
        await _wrong(desk, "101%", "The deposit has to be between 0 and 100 %.")
        await _write(desk, "30%")
        await desk.press("ctrl+s")
        await until(desk, "new customers are asked for 30 % of the price.")
        await desk.press("enter")
        await _wrong(desk, "some", 'The deposit "some" is not a number.')
        await _write(desk, "20")
        await desk.press("ctrl+s")
        await until(desk, "new customers are asked for £20.00 for each, never more than its price.")
        await desk.press("minus", "y")
        await until(desk, "No visit asks for a deposit.")

        await _into(desk, "Prepayment rules")
        await until(desk, "as in GB")
        await desk.press("minus")
        await until(desk, "Gift cards are as in GB already.")
        await desk.press("enter")
        await _wrong(desk, "never", '"never" is none of them.')
        await _write(desk, "used")
        await desk.press("enter", "tab")
        await _wrong(desk, "soon", "Say how long it is good for: 24 months, 2 years, or nothing for ever.")
        await _wrong(desk, "99 years", "It is good for 1 to 600 months")
        await _write(desk, "5 years")
        await until(desk, "What is issued today is good until 9 Mar 2031.")
        await desk.press("ctrl+s")
        await until(desk, "your own")
        assert list_prepaid_rules(mo, ListPrepaidRules()).rules[0].months == 60
        await desk.press("minus", "y")
        await until(desk, "Gift cards are as in GB again.")
        assert not list_prepaid_rules(mo, ListPrepaidRules()).rules[0].is_own

        await _into(desk, "Voucher issuers")
        await desk.press("plus", "ctrl+s")
        await until(desk, "The issuer needs a name: what stands on the vouchers.")
        await _write(desk, "City", "")
        await _wrong(desk, "5.125", "What an issuer keeps has two digits behind the point at most.")
        await _write(desk, "5")
        await until(desk, "Of a voucher of £100.00 £95.00 comes.")
        await desk.press("ctrl+s")
        await until(desk, "Vouchers of City are taken.")
        (city,) = [one.id for one in list_issuers(mo, ListIssuers()).issuers]
        voucher = Pay(method="voucher", issuer_id=city, code="C-100")
        check_out(desk_of(desk), CheckOut(products=(SHAMPOO,), tenders=(voucher,)))
        await until(desk, "17.10")
        await desk.press("enter", "m")
        await _wrong(desk, "20", "City owes £17.10, not more.")
        await _write(desk, "17.10", "")
        await _wrong(desk, "whenever", '"whenever" is no day')
        await _write(desk, "today")
        await desk.press("ctrl+s")
        await until(desk, "The money of City is entered")
        assert list_vouchers(mo, ListVouchers()).vouchers == ()
        await desk.press("minus", "y")
        await until(desk, "Vouchers of City are not taken any more.")


async def test_the_desk_looks_at_them_also_through_the_palette_and_is_told_whom_to_ask(
    server: Handle, shop: str, tmp_path: Path
) -> None:
    async with playing(server, shop, tmp_path) as desk:
        await desk.sign_in("ria")
        for room in ("Voucher issuers", "Deposit rules", "Coupons"):
            await _into(desk, room)
            await desk.press("plus")
            await until(desk, "Ria may not change services, products, prices and taxes. Ask a manager.")
        await desk.press("ctrl+p")
        await desk.type("customers")
        await until(desk, "F3 Opens the customers.")
        await desk.press("down", "enter")
        await until(desk, "Find name, phone's end, e-mail")
        await desk.press("ctrl+p")
        await desk.type("limits")
        await until(desk, "admin: Discount limits")
        await desk.press("down", "enter")
        await until(desk, "A trainee takes off any amount")
        await desk.press("enter")
        await until(desk, "Ria may not change services, products, prices and taxes. Ask a manager.")


@each_size
async def test_the_rooms_about_money(server: Handle, shop: str, tmp_path: Path, size: tuple[int, int]) -> None:
    async with playing(server, shop, tmp_path, size=size) as desk:
        mo = desk_of(desk, "mo")
        add_coupon(mo, AddCoupon(code="SPRING10", percent=Decimal(10), uses=100, on_products=False))
        add_coupon(mo, AddCoupon(code="FIVE", amount=Decimal(5), minimum=Decimal(50), stacks=False))
        add_price_class(mo, AddPriceClass(name="Staff", percent=Decimal(50)))
        set_discount_limit(mo, SetDiscountLimit(role=Role.RECEPTIONIST, percent=Decimal(20)))
        set_issuer(mo, SetIssuer(name="City gift card", fee_percent=Decimal(5)))
        await desk.sign_in("mo")
        await _into(desk, "Coupons")
        desk.shows("admin_coupons")
        await desk.press("plus")
        desk.shows("admin_coupon")
        await desk.press("escape")
        await _into(desk, "Discount limits")
        desk.shows("admin_limits")
        await _into(desk, "Prepayment rules")
        desk.shows("admin_prepaid")
