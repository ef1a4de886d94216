"""How many there are: the sum of the moves, whoever moves them and however often (features CA5, CA6)."""

from __future__ import annotations

import random
from collections import Counter as Tally
from dataclasses import replace
from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy import text

from frontdesk import errors
from frontdesk.db.transactions import transaction
from frontdesk.desk import Desk
from frontdesk.services.records.doctor import ExamineData, examine_data
from frontdesk.services.stock import ordering, stock, stock_places, suppliers
from frontdesk.services.stock.products import (
    AddProduct,
    EditProduct,
    ListProducts,
    ProductCodeTaken,
    VariantTaken,
    add_product,
    edit_product,
    list_products,
)
from frontdesk.services.stock.stock import (
    Arrived,
    CorrectStock,
    Counted,
    CountStock,
    MoveStock,
    ReceiveStock,
    ShowLevels,
    ShowMoves,
    UseStock,
)
from frontdesk.services.stock.stock_reading import Level
from frontdesk.services.ticket.ticket_wishes import Pay, SellProduct
from frontdesk.services.till.checkout import CheckOut, check_out
from frontdesk.services.till.refunding import Refund, refund
from frontdesk.services.till.ticket import FindProduct, find_product
from frontdesk.services.till.voiding import VoidSale, void
from tests.seeds import seeds

SHAMPOO = 1


def received(desk: Desk, many: int, product: int = SHAMPOO, place: int | None = None) -> None:
    """So many came."""
    wish = ReceiveStock(arrived=(Arrived(product_id=product, quantity=many),), location_id=place)
    stock.receive(desk, wish)


def level(desk: Desk, product: int = SHAMPOO) -> Level:
    """How many there are."""
    (found,) = stock.levels(desk, ShowLevels(product_id=product)).levels
    return found


def sold(desk: Desk, many: int = 1) -> int:
    """A sale of shampoo for cash; its number."""
    wish = CheckOut(products=(SellProduct(product_id=SHAMPOO, quantity=many),), tenders=(Pay(method="cash"),))
    return check_out(desk, wish).number


def test_what_comes_goes_and_is_found_is_the_sum_of_the_moves(ria: Desk, mo: Desk) -> None:
    room = stock_places.add_place(mo, stock_places.AddPlace(name="Store room")).id
    received(ria, 6, place=room)
    stock.move(ria, MoveStock(product_id=SHAMPOO, quantity=4, from_location_id=room))
    sold(ria, 2)
    stock.use(ria, UseStock(product_id=SHAMPOO, quantity=1, why="tester"))
    (counted,) = stock.count(ria, CountStock(found=(Counted(product_id=SHAMPOO, counted=3),))).moves
    assert (counted.quantity, counted.now, counted.place) == (2, 3, "the shelf")
    found = level(ria)
    assert (found.quantity, found.on_shelf) == (5, 3)
    assert [(one.place, one.quantity) for one in found.places] == [("the shelf", 3), ("Store room", 2)]
    told = stock.moves(ria, ShowMoves(product_id=SHAMPOO)).moves
    assert [(one.kind, one.quantity, one.left, one.place, one.who) for one in told] == [
        ("counted", 2, 5, "the shelf", "Ria"), ("tester", -1, 3, "the shelf", "Ria"),
        ("sold", -2, 4, "the shelf", "Ria"), ("transfer", 4, 6, "the shelf", "Ria"),
        ("transfer", -4, 2, "Store room", "Ria"), ("received", 6, 6, "Store room", "Ria"),
    ]  # fmt: skip
    assert (told[0].counted, told[2].sale) == (3, "1")
    with pytest.raises(errors.BadInput, match="2 pieces lie in Store room"):
        stock_places.edit_place(mo, stock_places.EditPlace(location_id=room, name="Store room", is_active=False))


def test_a_count_that_is_right_is_kept_and_moves_nothing(ria: Desk) -> None:
    received(ria, 6)
    stock.count(ria, CountStock(found=(Counted(product_id=SHAMPOO, counted=6),), note="Sunday"))
    (last, _) = stock.moves(ria, ShowMoves(product_id=SHAMPOO)).moves
    assert (last.kind, last.quantity, last.counted, last.reason) == ("counted", 0, 6, "Sunday")


def test_changing_what_stock_says_is_a_manager_s_and_has_a_reason(ria: Desk, mo: Desk, anna: Desk) -> None:
    wish = CorrectStock(product_id=SHAMPOO, quantity=3, reason="found behind the shelf")
    with pytest.raises(errors.NotAllowed, match="A manager can approve it"):
        stock.correct(ria, wish)
    with pytest.raises(errors.ReasonMissing):
        stock.correct(mo, replace(wish, reason=" "))
    with pytest.raises(errors.ReasonMissing):
        stock.use(ria, UseStock(product_id=SHAMPOO, quantity=1, why="damaged"))
    with pytest.raises(errors.NotAllowed):
        received(anna, 6)
    stock.correct(mo, wish)
    assert level(mo).quantity == 3


@pytest.mark.parametrize("many", [0, -1, 10**9])
def test_nothing_is_no_delivery(ria: Desk, many: int) -> None:
    with pytest.raises(errors.BadInput, match="Say how many"):
        received(ria, many)
    with pytest.raises(errors.BadInput, match="A count is"):
        stock.count(ria, CountStock(found=(Counted(product_id=SHAMPOO, counted=-1 if many < 1 else many),)))
    with pytest.raises(errors.NotFound):
        received(ria, 1, product=999)


def test_what_was_given_back_lies_there_again_unless_it_is_damaged(mo: Desk) -> None:
    received(mo, 6)
    refund(mo, Refund(number=sold(mo, 2), reason="did not like it"))
    assert level(mo).quantity == 6
    refund(mo, Refund(number=sold(mo), reason="leaks", is_damaged=True))
    assert level(mo).quantity == 5
    kinds = [(one.kind, one.quantity) for one in stock.moves(mo, ShowMoves(product_id=SHAMPOO, limit=3)).moves]
    assert kinds == [("damaged", -1), ("returned", 1), ("sold", -1)]
    void(mo, VoidSale(number=sold(mo, 3), reason="wrong ticket"))
    assert level(mo).quantity == 5
    assert examine_data(mo, ExamineData()).findings == ()


def test_the_doctor_finds_a_sold_line_that_moved_something_else(ria: Desk, mo: Desk) -> None:
    sold(ria, 2)
    with transaction(ria, uuid4()) as session:
        session.execute(text("""
            INSERT INTO stock_moves (shop_id, product_id, kind, quantity, sale_line_id, day, at)
            SELECT shop_id, product_id, 'sold', -1, sale_line_id, day, at FROM stock_moves WHERE kind = 'sold'
        """))  # fmt: skip
    (finding,) = examine_data(mo, ExamineData()).findings
    assert finding.promise == "what was sold has left the shelf"


def test_what_is_low_is_ordered_received_and_no_longer_awaited(ria: Desk, mo: Desk) -> None:
    wella = suppliers.add_supplier(mo, suppliers.AddSupplier(name="Wella", phone="020 7946 0001")).id
    (card,) = list_products(mo, ListProducts()).products
    edit_product(mo, EditProduct(
        product_id=card.id, version=card.version, name=card.name, code=card.code, barcode=card.barcode,
        price=card.price, cost=Decimal("7.20"), supplier="Wella",
    ))  # fmt: skip
    stock_places.set_level(mo, stock_places.SetLevel(product_id=SHAMPOO, low_at=2, order_to=6))
    received(ria, 2)
    assert [one.code for one in stock.levels(ria, ShowLevels(low=True)).levels] == ["SHA"]
    (proposed,) = ordering.propose(ria, ordering.ProposeOrders()).orders
    assert (proposed.supplier, proposed.total) == ("Wella", Decimal("28.80"))
    lines = tuple(
        ordering.OrderLine(product_id=one.product_id, quantity=one.quantity, cost=one.cost) for one in proposed.lines
    )
    order = ordering.place(ria, ordering.PlaceOrder(supplier_id=wella, lines=lines))
    assert ordering.propose(ria, ordering.ProposeOrders()).orders == ()
    assert level(ria).on_order == 4
    came = Arrived(product_id=SHAMPOO, quantity=3, cost=Decimal("7.50"))
    stock.receive(ria, ReceiveStock(arrived=(came,), order_id=order.id, note="LS 4711"))
    (still,) = ordering.list_orders(ria, ordering.ListOrders()).orders
    assert [(one.quantity, one.received) for one in still.lines] == [(4, 3)]
    assert level(ria).on_order == 1
    stock.receive(mo, ReceiveStock(arrived=(Arrived(product_id=SHAMPOO, quantity=1),), order_id=order.id))
    assert ordering.list_orders(ria, ordering.ListOrders()).orders == ()
    assert (level(ria).quantity, level(ria).is_low) == (6, False)
    with pytest.raises(errors.NotFound, match="no open order"):
        ordering.close(ria, ordering.CloseOrder(order_id=order.id))


def test_the_first_pieces_of_what_was_gone_are_told(ria: Desk, ada: Desk) -> None:
    received(ria, 6)
    received(ria, 6)
    with transaction(ada) as session:
        told = session.execute(text("SELECT payload FROM outbox_events WHERE kind = 'stock.received'")).scalars().all()
    assert told == [{"name": "Shampoo 250 ml", "now": 6}]


def test_sizes_are_products_with_their_own_barcodes(mo: Desk, ria: Desk) -> None:
    small, large = (
        add_product(mo, AddProduct(
            name="", code=f"REP{size[0]}", barcode=f"40{size[0]}", price=Decimal(9), family="Repair mask", variant=size,
        )) for size in ("250 ml", "1 l")
    )  # fmt: skip
    assert (small.name, large.name) == ("Repair mask 250 ml", "Repair mask 1 l")
    received(ria, 3, product=large.id)
    (scanned,) = find_product(ria, FindProduct(text="401")).products
    assert (scanned.name, scanned.variant, scanned.on_shelf) == ("Repair mask 1 l", "1 l", 3)
    assert {one.on_shelf for one in find_product(ria, FindProduct(text="repair")).products} == {0, 3}
    with pytest.raises(VariantTaken, match="Repair mask in 1 l is Repair mask 1 l already"):
        add_product(mo, AddProduct(name="Mask", code="M", price=Decimal(9), family="Repair mask", variant="1 l"))
    with pytest.raises(errors.BadInput, match="which size or shade"):
        add_product(mo, AddProduct(name="Mask", code="M", price=Decimal(9), family="Repair mask"))


def test_a_barcode_or_code_in_use_names_the_other_product(mo: Desk) -> None:
    sentence = "5012345678900 is the barcode of Shampoo 250 ml already"
    with pytest.raises(ProductCodeTaken, match=sentence):
        add_product(mo, AddProduct(name="Wax", code="WAX", price=Decimal(9), barcode="5012345678900"))
    wax = add_product(mo, AddProduct(name="Wax", code="WAX", price=Decimal(9)))
    wish = EditProduct(product_id=wax.id, version=1, name="Wax", code="WAX", price=wax.price, barcode="5012345678900")
    with pytest.raises(ProductCodeTaken, match=sentence):
        edit_product(mo, wish)
    with pytest.raises(ProductCodeTaken, match="SHA is the code of Shampoo"):
        edit_product(mo, replace(wish, barcode=None, code="SHA"))


@pytest.mark.parametrize("seed", seeds(1))
def test_sums_stay_sums_whatever_happens(ria: Desk, mo: Desk, seed: int) -> None:
    dice = random.Random(seed)
    room = stock_places.add_place(mo, stock_places.AddPlace(name="Store room")).id
    expected: Tally[tuple[int, int | None]] = Tally()
    products = [SHAMPOO, *(
        add_product(mo, AddProduct(name=f"Thing {n}", code=f"T{n}", price=Decimal(n))).id for n in (1, 2)
    )]  # fmt: skip
    for _ in range(60):
        product, place, many = dice.choice(products), dice.choice([None, room]), dice.randint(1, 9)
        match dice.choice(["receive", "count", "use", "correct", "move", "sell", "back"]):
            case "receive":
                received(ria, many, product, place)
                expected[product, place] += many
            case "count":
                found = (Counted(product_id=product, counted=many),)
                stock.count(ria, CountStock(found=found, location_id=place))
                expected[product, place] = many
            case "use":
                stock.use(ria, UseStock(product_id=product, quantity=many, location_id=place))
                expected[product, place] -= many
            case "correct":
                wish = CorrectStock(product_id=product, quantity=-many, reason="so it is", location_id=place)
                stock.correct(mo, wish)
                expected[product, place] -= many
            case "move":
                other = room if place is None else None
                wish_ = MoveStock(product_id=product, quantity=many, from_location_id=place, to_location_id=other)
                stock.move(ria, wish_)
                expected[product, place] -= many
                expected[product, other] += many
            case "sell":
                sold(ria, many)
                expected[SHAMPOO, None] -= many
            case _:
                refund(mo, Refund(number=sold(ria, many), reason="back", is_damaged=dice.random() < 0.5))
                damaged = stock.moves(ria, ShowMoves(product_id=SHAMPOO, limit=1)).moves[0].kind == "damaged"
                expected[SHAMPOO, None] -= many if damaged else 0
    for one in stock.levels(ria, ShowLevels()).levels:
        assert {(one.product_id, place.location_id): place.quantity for place in one.places} == {
            key: many for key, many in expected.items() if key[0] == one.product_id
        }
        assert one.quantity == sum(many for key, many in expected.items() if key[0] == one.product_id)
