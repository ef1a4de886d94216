"""What to know about a customer, written on their page and read when they come; what they want (features CI6, PE13)."""

from __future__ import annotations

from pathlib import Path

from frontdesk.db.server import Handle
from frontdesk.screens.keyboard.scanner import Scanned
from frontdesk.screens.messages import PayFor
from frontdesk.services.stock.product_wishes import ListWishes, list_wishes
from frontdesk.services.stock.stock import Arrived, ReceiveStock, receive
from frontdesk.services.ticket.till_rules import EditTillRules, edit_till_rules
from tests.screens.desk import elsewhere, playing, until
from tests.screens.till import desk_of
from tests.services.desks import ANNA, CUT, JANE, booked, march


async def test_an_allergy_is_written_down_read_on_arrival_hidden_and_ended(
    server: Handle, shop: str, tmp_path: Path
) -> None:
    async with playing(server, shop, tmp_path, size=(120, 36)) as desk:
        booked(desk_of(desk), JANE, march(9, 9, 30), (CUT, ANNA))
        await desk.sign_in()
        await desk.press("f3")
        await desk.type("jane")
        await desk.press("enter", "exclamation_mark")
        await until(desk, "To know when Jane Doe comes")
        await desk.type("ammonia")
        await desk.press("ctrl+s")
        await until(desk, "!! ALLERGY: ammonia")
        desk.shows("customers_alert")
        await desk.press("I")
        await until(desk, lambda: "ammonia" not in desk.text)

        await desk.press("F", "a")
        await until(desk, "Jane Doe is here")
        assert "ammonia" not in desk.text
        await desk.press("enter", "I", "f3")
        await until(desk, "!! ALLERGY: ammonia")
        await desk.press("exclamation_mark")
        await until(desk, "no longer: ALLERGY: ammonia")
        await desk.press("1")
        await until(desk, "Nobody is told that of Jane Doe any more.")
        await until(desk, lambda: "!! ALLERGY" not in desk.text)


async def test_what_is_wanted_is_written_down_said_when_it_is_back_and_ended(
    server: Handle, shop: str, tmp_path: Path
) -> None:
    async with playing(server, shop, tmp_path, size=(120, 36)) as desk:
        booked(desk_of(desk), JANE, march(9, 9, 30), (CUT, ANNA))
        await desk.sign_in()
        await desk.press("f3")
        await desk.type("jane")
        await desk.press("enter", "h")
        await until(desk, "wants a product that is out of stock")
        await desk.press("w")
        await until(desk, "Jane Doe wants, when it is back")
        await desk.type("sham")
        await desk.press("enter")
        await until(desk, "Their card says when it is back.")
        await desk.type("two of them")
        await desk.press("ctrl+s")
        await until(desk, "Shampoo 250 ml, since 9 Mar 2026 (two of them)")

        mo = elsewhere(desk, "mo")
        receive(mo, ReceiveStock(arrived=(Arrived(product_id=1, quantity=6),)))
        await until(desk, "Mo received Shampoo 250 ml. Jane Doe waits for Shampoo 250 ml.")
        await until(desk, "Shampoo 250 ml: 6 are here (two of them)")
        desk.shows("customers_wants")
        await desk.press("I")
        await until(desk, lambda: "6 are here" not in desk.text)
        await desk.press("I", "F", "a")
        await until(desk, "Jane Doe is here")
        await until(desk, "Shampoo 250 ml is back")
        await desk.press("enter", "f3")
        await until(desk, "6 are here")
        await desk.press("h", "w", "1")
        await until(desk, "Jane Doe wants Shampoo 250 ml no longer, because")
        await desk.press("t")
        await until(desk, "Jane Doe knows that Shampoo 250 ml is here.")
        await until(desk, lambda: "6 are here" not in desk.text)
        (wish,) = list_wishes(mo, ListWishes(customer_id=JANE, all=True)).wishes
        assert (wish.outcome, wish.note) == ("told", "two of them")


async def test_what_the_till_can_not_sell_any_more_is_wanted_with_one_key(
    server: Handle, shop: str, tmp_path: Path
) -> None:
    async with playing(server, shop, tmp_path) as desk:
        edit_till_rules(desk_of(desk, "ada"), EditTillRules(sells_below_stock=False))
        visit = booked(desk_of(desk), JANE, march(9, 9, 30), (CUT, ANNA)).appointment_id
        await desk.sign_in()
        await desk.press("f5")
        await until(desk, "Everybody has paid.")
        desk.app.pass_on("checkout", PayFor(visit))
        await until(desk, "Cut")
        desk.app.pass_on("checkout", Scanned("5012345678900"))
        await until(desk, "Shampoo 250 ml is on the ticket")
        await desk.type("cash")
        await desk.press("enter")
        await until(desk, "1  Jane Doe wants Shampoo 250 ml when it is back")
        await desk.press("1")
        await until(desk, "Jane Doe is named when Shampoo 250 ml comes.")
        (wish,) = list_wishes(desk_of(desk, "mo"), ListWishes()).wishes
        assert (wish.customer_id, wish.product_id) == (JANE, 1)
        assert "Shampoo" in desk.text, "the ticket is as it was"
