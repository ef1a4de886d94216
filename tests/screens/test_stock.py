"""The stock on the admin screen: a delivery and a count as scanned lists, what is low, and its story."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from frontdesk.db.server import Handle
from frontdesk.services.stock import stock_places
from frontdesk.services.stock.products import AddProduct, add_product
from frontdesk.services.stock.stock import Arrived, ReceiveStock, ShowLevels, levels, receive
from frontdesk.services.stock.suppliers import AddSupplier, add_supplier
from frontdesk.widgets.form import Form
from frontdesk.widgets.modal import Question, Sheet
from tests.screens.desk import Played, each_size, elsewhere, playing, shown, soon
from tests.screens.test_admin import _enter

SHAMPOO = 1


def _stocked(desk: Played) -> None:
    """A shelf with something low on it, as a manager at another terminal keeps it."""
    mo = elsewhere(desk, "mo")
    add_supplier(mo, AddSupplier(name="Wella", phone="020 7946 0001", note="Tuesdays"))
    for size in ("250 ml", "1 l"):
        add_product(mo, AddProduct(
            name="", code=f"REP{size[0]}", price=Decimal(26), family="Repair mask",
            variant=size, supplier="Wella",
        ))  # fmt: skip
    room = stock_places.add_place(mo, stock_places.AddPlace(name="Store room")).id
    stock_places.set_level(mo, stock_places.SetLevel(product_id=SHAMPOO, low_at=2, order_to=6))
    receive(mo, ReceiveStock(arrived=(Arrived(product_id=SHAMPOO, quantity=2),)))
    receive(mo, ReceiveStock(arrived=(Arrived(product_id=SHAMPOO + 2, quantity=12),), location_id=room))


@each_size
async def test_stock_is_seen(server: Handle, shop: str, tmp_path: Path, size: tuple[int, int]) -> None:
    async with playing(server, shop, tmp_path, size=size) as desk:
        await desk.sign_in("mo")
        _stocked(desk)
        await _enter(desk, "Stock")
        await desk.press("end")
        desk.shows("admin_stock")
        await desk.press("plus")
        await shown(desk, Question)
        await desk.press("c")
        await shown(desk, Form)
        await desk.type("sha 5")
        await soon(desk, "Shampoo 250 ml 5 instead of 2")
        desk.shows("admin_stock_count")


async def test_stock_is_received_counted_taken_and_told(server: Handle, shop: str, tmp_path: Path) -> None:
    async with playing(server, shop, tmp_path) as desk:
        await desk.sign_in("ria")
        _stocked(desk)
        await _enter(desk, "Stock")
        await desk.press("plus", "d")
        await shown(desk, Form)
        for _ in range(2):
            desk.app._scanned("5012345678900")
        await desk.type("moon 1")
        await soon(desk, "Line 3: no product is called moon")
        await desk.press(*["backspace"] * 6)
        await desk.type("rep2 3 @7.20")
        await soon(desk, "2 products, 5 pieces")
        await desk.press("ctrl+s")
        await soon(desk, "2 products are written down.")
        assert {one.code: one.quantity for one in levels(elsewhere(desk, "mo"), ShowLevels()).levels} == {
            "SHA": 4, "REP2": 3, "REP1": 12,
        }  # fmt: skip
        await desk.press("end", "plus", "c")
        await shown(desk, Form)
        await desk.type("sha 3")
        await desk.press("ctrl+s")
        await soon(desk, "Shampoo 250 ml: 3 on the shelf.")
        await desk.press("end", "minus")
        await shown(desk, Form)
        await desk.press("tab")
        await desk.type("damaged")
        await desk.press("ctrl+s")
        await soon(desk, "That needs a reason.")
        await desk.press("tab")
        await desk.type("leaks")
        await desk.press("ctrl+s")
        await soon(desk, "Shampoo 250 ml: 2 on the shelf.")
        await desk.press("H")
        await shown(desk, Sheet)
        assert "-1 damaged, the shelf, 2 left  leaks, Ria" in desk.text
        await desk.press("escape", "v")
        await soon(desk, "What there is too little of.")
        assert "Repair mask" not in desk.text
        await desk.press("plus", "o")
        await shown(desk, Form)
        await soon(desk, "SHA 4")
        await desk.press("ctrl+s")
        await soon(desk, "Order 1 with Wella is written down")
        await desk.press("e")
        await soon(desk, "Ria may not change services")
        await _enter(desk, "Suppliers")
        await soon(desk, "Tuesdays")
        await desk.press("e")
        await soon(desk, "Ria may not change services")
