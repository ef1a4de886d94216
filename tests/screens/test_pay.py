"""What a stylist is paid, on the stylists screen: every cent has its reason, rules are set, others' pay is not seen."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from frontdesk.db.server import Handle
from frontdesk.screens.stylists.pay import PaySheet
from frontdesk.screens.stylists.pay_rules import RuleSheet
from frontdesk.screens.stylists.screen import StylistsScreen
from frontdesk.services.people.sign_in import open_desk
from frontdesk.services.ticket.ticket_wishes import Off, Pay, SellProduct
from frontdesk.services.till.checkout import CheckOut, check_out
from frontdesk.widgets.form import Form
from frontdesk.widgets.modal import Question, Sheet
from tests import vale_street
from tests.screens.desk import Played, each_size, playing, shown, soon
from tests.screens.test_admin import _enter
from tests.services.desks import ANNA, BO, COLOUR, CUT, JANE, KIM, booked, march


def _a_morning(played: Played) -> None:
    """A cut with a discount and a tip, a colour, a shampoo: Anna's; a cut of Bo's."""
    desk = open_desk(played.app.backstage.sessions, vale_street.token("ria"), played.app.clock)
    visits = [
        booked(desk, JANE, march(9, 10), (CUT, ANNA)), booked(desk, KIM, march(9, 11), (COLOUR, ANNA)),
        booked(desk, JANE, march(9, 13), (CUT, BO)),
    ]  # fmt: skip
    first, second, third = ((visit.appointment_id,) for visit in visits)
    cash = (Pay(method="cash", amount=Decimal(200)),)
    shampoo = (SellProduct(product_id=1, stylist_id=ANNA),)
    check_out(desk, CheckOut(appointment_ids=first, discount=Off(percent=Decimal(10)), tip=Decimal(5), tenders=cash))
    check_out(desk, CheckOut(appointment_ids=second, products=shampoo, tenders=cash))
    check_out(desk, CheckOut(appointment_ids=third, tenders=cash))


@each_size
async def test_a_manager_sees_why_each_cent_and_sets_a_rule(
    server: Handle, shop: str, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with playing(server, shop, tmp_path, size=size) as desk:
        await desk.sign_in("mo")
        _a_morning(desk)
        await desk.press("f4", "E")
        await shown(desk, PaySheet)
        assert "to pay £61.50" in desk.text
        desk.shows("stylists_pay")
        await desk.press("question_mark")
        await shown(desk, Sheet)
        assert "37.50 x 40 % = 15.00" in desk.text
        desk.shows("stylists_pay_why")
        await desk.press("escape")
        await shown(desk, PaySheet)
        await desk.press("e")
        await shown(desk, RuleSheet)
        await desk.press("plus")
        await shown(desk, Form)
        await desk.type("bands 0:40 2000:45")
        await soon(desk, lambda: "45 % from 2,000.00" in desk.text)
        desk.shows("stylists_pay_rule")
        await desk.press("ctrl+s")
        await shown(desk, RuleSheet)
        assert "45 % from 2,000.00" in " ".join(desk.text.split())
        desk.shows("stylists_pay_rules")
        await desk.press("v")
        await soon(desk, "Every rule of commission, ended and to come")
        await desk.press("end", "home", "minus")
        await shown(desk, Question)
        await desk.press("y")
        await soon(desk, "The rule has ended; the next that fits counts.")
        await desk.press("escape")
        await shown(desk, PaySheet)
        await desk.press("plus", "g")
        await shown(desk, Form)
        await desk.type("-5")
        await desk.press("ctrl+s")
        await soon(desk, "The amount can't be below zero.")
        await desk.press("ctrl+a", "ctrl+k")
        await desk.type("100")
        await soon(desk, "a period that earns less than £100.00 is filled up to it")
        await desk.press("ctrl+s")
        await soon(desk, "Anna's guarantee holds from Mon 9 Mar.")
        assert "up to 100.00: 43.50" in " ".join(desk.text.split())
        await desk.press("Z")
        await shown(desk, Question)
        await desk.press("y")
        await shown(desk, PaySheet)
        assert "runs to 2026-03-31. Close it when that day is over." in " ".join(desk.text.split())


async def test_a_stylist_sees_their_own_pay_whoever_is_under_the_cursor(
    server: Handle, shop: str, tmp_path: Path
) -> None:
    async with playing(server, shop, tmp_path) as desk:
        await desk.sign_in("anna")
        _a_morning(desk)
        await desk.press("f4", "down", "E")
        await shown(desk, PaySheet)
        assert "Pay of Anna" in desk.text
        assert "e rules" not in desk.text
        await desk.press("e", "plus", "Z")
        assert isinstance(desk.app.screen, PaySheet)
        await desk.press("escape", "I", "E")
        await shown(desk, StylistsScreen)
        assert "Pay is hidden while a customer may see." in desk.text


async def test_the_rules_of_the_till_have_a_room(server: Handle, shop: str, tmp_path: Path) -> None:
    async with playing(server, shop, tmp_path) as desk:
        await desk.sign_in("ada")
        await _enter(desk, "Rules of the till")
        desk.shows("admin_till_rules")
        for down, typed, said in (
            (0, "0.05", "Cash to the nearest: 0.05."),
            (2, "12.5", "Service charge: 12.50."),
            (1, "10 12", "Tips suggested: 10 12."),
            (1, "yes", "Tips go into one pool: yes."),
        ):
            await desk.press(*["down"] * down, "e")
            await shown(desk, Form)
            await desk.press("ctrl+a", "ctrl+k")
            await desk.type(typed)
            await desk.settled()
            await desk.press("ctrl+s")
            await soon(desk, said)
