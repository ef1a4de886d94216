"""What is sold ahead and given for loyalty: packages, points and tiers in their rooms, and what a customer has."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

from frontdesk.db.server import Handle
from frontdesk.screens.customers.screen import CustomersScreen
from frontdesk.services.packages.packages import (
    EditPackage,
    ListPackages,
    Sessions,
    ShowCustomerPackages,
    customer_packages,
    edit_package,
    list_packages,
)
from frontdesk.services.points.loyalty import ShowLoyalty, show_loyalty
from frontdesk.services.ticket.ticket_wishes import Pay, SellPackage
from frontdesk.services.till.checkout import CheckOut, check_out
from frontdesk.widgets.form import Form
from frontdesk.widgets.modal import Question, Sheet
from tests.screens.desk import Played, each_size, elsewhere, playing, shown, soon
from tests.screens.test_admin import _enter
from tests.services.desks import COLOUR, CUT, JANE


async def _fill(desk: Played, *words: str) -> None:
    """Type into one field after the other, over what is there."""
    for word in words:
        await desk.press("ctrl+a", "ctrl+k")
        await desk.type(word)
        await desk.press("tab")


async def _refused(desk: Played, typed: str, words: str) -> None:
    """Type something else into the field that was refused, and read why it can't be."""
    await desk.press("ctrl+a", "ctrl+k")
    await desk.type(typed)
    await desk.press("ctrl+s")
    await soon(desk, words)


@each_size
async def test_packages_points_and_tiers_have_rooms(
    server: Handle, shop: str, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with playing(server, shop, tmp_path, size=size) as desk:
        await desk.sign_in("mo")
        await _enter(desk, "Packages")
        await soon(desk, "Nothing is sold ahead. + adds a package or a membership.")
        await desk.press("plus")
        await shown(desk, Question)
        await desk.press("p")
        await shown(desk, Form)
        await _fill(desk, "Five cuts", "lots", "5 mows", "a year", "many", "never")
        await desk.press("ctrl+s")
        await soon(desk, 'The price "lots" is not a number.')
        await _refused(desk, "200", "There is no service mows. On the menu: ")
        await _refused(desk, "cut", '"cut" does not say how many. Say 5 Cut, 1 Colour.')
        await _refused(desk, "5 cut, 1 colour", '"a year" is no number. Type 12, for example')
        await _refused(desk, "12", '"many" is no number. Type 2, for example')
        await _refused(desk, "2", '"never" is none of them.')
        await desk.press("ctrl+a", "ctrl+k")
        await soon(desk, "One by one that would be £370.00: £170.00 less.")
        desk.shows("admin_package")
        await desk.press("ctrl+s")
        await soon(desk, "Five cuts can be sold at the till with +.")
        (made,) = list_packages(elsewhere(desk, "mo"), ListPackages()).packages
        assert [(one.service, one.sessions) for one in made.services] == [("Cut", 5), ("Colour", 1)]
        assert (made.months, made.sharers) == (12, 2)
        await desk.press("plus", "m")
        await shown(desk, Form)
        await _fill(desk, "[/b] Club 山田", "480", "1 cut", "12", "1", "10 %")
        await desk.press("ctrl+s")
        await soon(desk, "Club 山田 can be sold at the till with +.")
        assert "a membership: 1 Cut a month, 10 % off" in " ".join(desk.text.split())
        desk.shows("admin_packages")
        await desk.press("home", "e")
        await shown(desk, Form)
        edit_package(elsewhere(desk, "ada"), EditPackage(
            package_id=made.id, version=made.version, name="Five cuts", price=Decimal(190), months=12,
            services=(Sessions(service_id=CUT, sessions=5), Sessions(service_id=COLOUR, sessions=1)),
        ))  # fmt: skip
        await _refused(desk, "210", "Ada changed this while you were typing.")
        await desk.press("ctrl+o")
        await soon(desk, "Five cuts is changed, for those sold from now on.")
        await desk.press("minus", "y")
        await soon(desk, "Five cuts is no longer sold. v shows what was.")
        await desk.press("v", "home", "minus")
        await soon(desk, "Five cuts is on sale again.")
        await _enter(desk, "Points")
        await soon(desk, "No points are given. + begins to.")
        await desk.press("plus")
        await shown(desk, Form)
        await _fill(desk, "one", "0", "soon", "0", "perhaps", "yes", "yesterday")
        await desk.press("ctrl+s")
        await soon(desk, 'The points per unit "one" is not a number.')
        await _refused(desk, "1", '"soon" is no whole number. Type it like 12.')
        await _refused(desk, "12", '"perhaps" is none of them.')
        await _refused(desk, "yes", "say today or a later day")
        await _refused(desk, "today", "Say what one point pays, above 0")
        await _refused(desk, "0.05", "A tier is reached within 1 to 120 months.")
        await desk.press("ctrl+a", "ctrl+k")
        await desk.type("12")
        await soon(desk, "£100.00 without tax give 100 points, and they pay £5.00.")
        await desk.press("ctrl+s")
        await soon(desk, "Points are given so from that day on.")
        await desk.press("minus")
        await shown(desk, Form)
        await _fill(desk, "1 apr")
        await desk.press("ctrl+s")
        await soon(desk, "No more points are given.")
        desk.shows("admin_points")
        coming, holding = show_loyalty(elsewhere(desk, "mo"), ShowLoyalty()).rules
        assert (coming.valid_from, coming.points_per_unit) == (dt.date(2026, 4, 1), Decimal(0))
        assert (holding.points_per_unit, holding.point_value, holding.months) == (Decimal(1), Decimal("0.05"), 12)
        await _enter(desk, "Point tiers")
        await desk.press("plus")
        await shown(desk, Form)
        await _fill(desk, "Gold", "few", "0.5")
        await desk.press("ctrl+s")
        await soon(desk, '"few" is no whole number. Type it like 500.')
        await _refused(desk, "500", "A tier gives between 1 and 100 times as many points.")
        await _refused(desk, "2", "Gold begins at 500 points.")
        await desk.press("e")
        await shown(desk, Form)
        await _refused(desk, "600", "Gold begins at 600 points.")
        await desk.press("minus", "y")
        await soon(desk, "Gold is no more.")


async def test_what_a_customer_has_is_put_right_on_their_page(server: Handle, shop: str, tmp_path: Path) -> None:
    async with playing(server, shop, tmp_path) as desk:
        await desk.sign_in("mo")
        await _five_cuts(desk)
        await desk.press("f3")
        await desk.type("jane")
        await desk.press("down", "I", "h")
        await soon(desk, "What they have is hidden while a customer may see.")
        await desk.press("I", "h")
        await shown(desk, Question)
        desk.shows("customers_has")
        await desk.press("1", "f")
        await shown(desk, Form)
        await desk.press("ctrl+s")
        await soon(desk, "Say on which day it can be used again.")
        await _fill(desk, "today", "today", "Abroad")
        await desk.press("ctrl+s")
        await soon(desk, "Say until when it rests: a day after it begins, within a year.")
        await desk.press("ctrl+a", "ctrl+k")
        await desk.type("19 mar")
        await soon(desk, "It rests 10 days and is good until 18 Mar 2027.")
        await desk.press("ctrl+s")
        await soon(desk, "Five cuts rests and is then good until 18 Mar 2027.")
        await desk.press("h", "1", "t")
        await soon(desk, "Five cuts can be used again until 8 Mar 2027.")
        await desk.press("h", "1", "s")
        await shown(desk, Form)
        await desk.type("nobody at all")
        await desk.press("ctrl+s")
        await soon(desk, "Nobody was chosen. Type a name and take somebody from the list.")
        await desk.press("ctrl+a", "ctrl+k")
        await desk.type("kim lee")
        await desk.press("enter")
        await soon(desk, "Five cuts is shared with Kim Lee.")
        await desk.press("h", "1", "x")
        await soon(desk, "Kim Lee can't use Five cuts any more.")
        await desk.press("h", "1", "c")
        await shown(desk, Form)
        await _fill(desk, "-6", "Used before")
        await desk.press("ctrl+s")
        await soon(desk, "5 are left: take 5 at most.")
        await _fill(desk, "-5")
        await soon(desk, "Cut: 5 now, 0 then. What goes takes its value with it.")
        await desk.press("ctrl+s")
        await soon(desk, "Five cuts has 0 Cut left.")
        await desk.press("h", "1", "c")
        await shown(desk, Form)
        await _fill(desk, "two", "")
        await desk.press("ctrl+s")
        await soon(desk, '"two" is no whole number. Type it like 1, or -1.')
        await _refused(desk, "2", "Say why")
        await desk.press("tab")
        await desk.type("One too many")
        await desk.press("ctrl+s")
        await soon(desk, "Five cuts has 2 Cut left.")
        await desk.press("h", "plus")
        await shown(desk, Form)
        await desk.type("five")
        await desk.press("enter")
        await _fill(desk, "2 cut", "70", "", "Old till")
        await desk.press("ctrl+s")
        await soon(desk, "Jane Doe has Five cuts: 2 Cut, until 8 Mar 2027.")
        held = customer_packages(elsewhere(desk, "mo"), ShowCustomerPackages(customer_id=JANE)).packages
        assert [one.left for one in held] == [2, 2]
        await desk.press("h", "p", "c")
        await shown(desk, Form)
        await _fill(desk, "lots", "Birthday")
        await desk.press("ctrl+s")
        await soon(desk, '"lots" is no whole number. Type it like 50, or -50.')
        await _refused(desk, "50", "Jane Doe has 50 points, worth £2.50")
        await desk.press("h", "p", "h")
        await shown(desk, Sheet)
        assert "+50  corrected: Birthday" in desk.text
        await desk.press("escape")
        await shown(desk, CustomersScreen)
        await desk.press("enter")
        await soon(desk, "50 points h puts packages and points right")


async def _five_cuts(desk: Played) -> None:
    """Points are given, and Jane has bought five cuts that two may use."""
    from frontdesk.services.packages.packages import AddPackage, add_package
    from frontdesk.services.points.loyalty import SetLoyaltyRule, set_rule

    mo = elsewhere(desk, "mo")
    set_rule(mo, SetLoyaltyRule(points_per_unit=Decimal(1), point_value=Decimal("0.05"), months=12))
    cuts = (Sessions(service_id=CUT, sessions=5),)
    made = add_package(mo, AddPackage(name="Five cuts", price=Decimal(200), services=cuts, months=12, sharers=1))
    sold = (SellPackage(package_id=made.id, customer_id=JANE),)
    check_out(mo, CheckOut(packages=sold, tenders=(Pay(method="cash"),)))
