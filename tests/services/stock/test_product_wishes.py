"""Who waits for what is out of stock: named when it comes, told on arrival, ended by buying (features PE13, CI6)."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from frontdesk import errors
from frontdesk.db.transactions import transaction
from frontdesk.desk import Desk
from frontdesk.services.book.arrivals import ArrivalOf, DismissCard, arrival_card, dismiss_card
from frontdesk.services.records.notices import ReadNotice, read_notice
from frontdesk.services.stock import stock
from frontdesk.services.stock.product_wishes import (
    AddWish,
    EndWish,
    ListWishes,
    Wish,
    WishedAlready,
    add_wish,
    end_wish,
    list_wishes,
)
from frontdesk.services.stock.stock import Arrived, Counted, CountStock, ReceiveStock
from frontdesk.services.stock.stock_moving import Done
from frontdesk.services.stock.stock_places import AddPlace, add_place
from frontdesk.services.ticket.ticket_wishes import Pay, SellProduct
from frontdesk.services.ticket.till_rules import EditTillRules, edit_till_rules
from frontdesk.services.till.checkout import CheckOut, check_out
from frontdesk.services.till.refunding import Refund, refund
from tests.services.desks import JANE, KIM, OLA, booked, march

SHAMPOO = 1
BACK = "Shampoo 250 ml is back"


def wanted(desk: Desk, customer: int = JANE) -> Wish:
    """They want the shampoo when it is back."""
    return add_wish(desk, AddWish(customer_id=customer, product_id=SHAMPOO, note="two of them"))


def came(desk: Desk, many: int) -> Done:
    """So many were delivered."""
    return stock.receive(desk, ReceiveStock(arrived=(Arrived(product_id=SHAMPOO, quantity=many),)))


def said_on_arrival(desk: Desk, visit: int) -> list[str]:
    """What the card says of products."""
    lines = arrival_card(desk, ArrivalOf(appointment_id=visit)).lines
    return [line.words for line in lines if line.kind == "wish"]


def still_open(desk: Desk) -> list[str]:
    """Who still waits."""
    return [one.customer for one in list_wishes(desk, ListWishes()).wishes]


def test_receiving_six_names_whoever_waits_here_and_at_other_desks(ria: Desk, mo: Desk, anna: Desk) -> None:
    wanted(ria)
    assert [one.words for one in came(ria, 6).waiting] == ["Jane Doe waits for Shampoo 250 ml"]
    heard = ReadNotice(kind="stock.received", id=SHAMPOO, by=ria.actor.user_id)
    sentence = "Ria received Shampoo 250 ml. Jane Doe waits for Shampoo 250 ml."
    assert read_notice(mo, heard).sentence == read_notice(anna, heard).sentence == sentence
    moved = read_notice(mo, ReadNotice(kind="stock.moved", id=SHAMPOO, by=ria.actor.user_id))
    assert moved.sentence == "", "the same delivery is not said twice"
    wanted(ria, KIM)
    assert read_notice(mo, heard).sentence.endswith("Jane Doe and Kim Lee wait for Shampoo 250 ml.")


def test_what_nobody_waits_for_names_nobody(ria: Desk, mo: Desk) -> None:
    end_wish(ria, EndWish(wish_id=wanted(ria).id, outcome="told"))
    assert came(ria, 6).waiting == ()
    heard = ReadNotice(kind="stock.received", id=SHAMPOO, by=ria.actor.user_id)
    assert read_notice(mo, heard).sentence == "Ria received Shampoo 250 ml."


def test_every_delivery_is_told_as_long_as_somebody_waits(ria: Desk, ada: Desk) -> None:
    came(ria, 6)
    wanted(ria)
    came(ria, 6)
    with transaction(ada) as session:
        told = session.execute(text("SELECT count(*) FROM outbox_events WHERE kind = 'stock.received'")).scalar()
    assert told == 2


def test_the_card_says_it_is_back_only_while_it_lies_on_the_shelf(ria: Desk, mo: Desk) -> None:
    visit = booked(ria, JANE, march(9, 11)).appointment_id
    other = booked(ria, KIM, march(9, 14)).appointment_id
    wanted(ria)
    assert said_on_arrival(ria, visit) == [], "there is none"
    came(ria, 6)
    assert said_on_arrival(ria, visit) == [BACK]
    assert said_on_arrival(ria, other) == [], "Kim waits for nothing"
    (line,) = [one for one in arrival_card(ria, ArrivalOf(appointment_id=visit)).lines if one.kind == "wish"]
    assert not line.is_private
    dismiss_card(ria, DismissCard(appointment_id=visit, kinds=(line.kind,)))
    with transaction(mo) as session:
        seen = session.execute(text("SELECT kinds FROM arrival_cards WHERE appointment_id = :id"), {"id": visit})
        assert seen.scalar_one() == ["wish"]
    stock.count(ria, CountStock(found=(Counted(product_id=SHAMPOO, counted=0),)))
    assert said_on_arrival(ria, visit) == [], "they are gone again"


def test_what_lies_in_the_store_room_is_not_back(ria: Desk, mo: Desk) -> None:
    room = add_place(mo, AddPlace(name="Store room")).id
    visit = booked(ria, JANE, march(9, 11)).appointment_id
    wanted(ria)
    stock.receive(ria, ReceiveStock(arrived=(Arrived(product_id=SHAMPOO, quantity=6),), location_id=room))
    assert said_on_arrival(ria, visit) == []


def test_buying_it_ends_the_wish_and_a_refund_opens_nothing_again(ria: Desk, mo: Desk) -> None:
    wish = wanted(ria)
    wanted(ria, KIM)
    came(ria, 6)
    visit = booked(ria, JANE, march(9, 11)).appointment_id
    shampoo = (SellProduct(product_id=SHAMPOO),)
    sold = check_out(ria, CheckOut(appointment_ids=(visit,), products=shampoo, tenders=(Pay(method="cash"),)))
    assert still_open(ria) == ["Kim Lee"], "on the ticket of Jane's visit it is Jane's"
    (ended,) = list_wishes(ria, ListWishes(customer_id=JANE, all=True)).wishes
    assert (ended.id, ended.outcome, ended.is_back) == (wish.id, "bought", False)
    refund(mo, Refund(sale_id=sold.sale_id, reason="Wrong one"))
    assert still_open(ria) == ["Kim Lee"]
    check_out(ria, CheckOut(products=shampoo, tenders=(Pay(method="cash"),)))
    assert still_open(ria) == ["Kim Lee"], "nobody knows who bought that one"
    check_out(ria, CheckOut(products=shampoo, customer_id=KIM, tenders=(Pay(method="cash"),)))
    assert still_open(ria) == []


def test_who_waits_longest_is_first_and_how_many_there_are_is_said(ria: Desk) -> None:
    wanted(ria)
    wanted(ria, OLA)
    came(ria, 3)
    found = list_wishes(ria, ListWishes(product_id=SHAMPOO)).wishes
    assert [(one.customer_id, one.on_shelf, one.is_back, one.note) for one in found] == [
        (JANE, 3, True, "two of them"), (OLA, 3, True, "two of them"),
    ]  # fmt: skip


def test_a_wish_is_open_once_and_again_when_it_has_ended(ria: Desk, tess: Desk) -> None:
    wish = wanted(tess)
    with pytest.raises(WishedAlready, match="Jane Doe waits for Shampoo 250 ml already, since Mon 9 Mar"):
        wanted(ria)
    end_wish(ria, EndWish(wish_id=wish.id))
    with pytest.raises(errors.NotFound, match="no open wish"):
        end_wish(ria, EndWish(wish_id=wish.id))
    assert wanted(ria).id != wish.id


def test_what_can_not_be_wished_is_said(ria: Desk) -> None:
    with pytest.raises(errors.NotFound, match="customer"):
        add_wish(ria, AddWish(customer_id=10**6, product_id=SHAMPOO))
    with pytest.raises(errors.NotFound, match="product"):
        add_wish(ria, AddWish(customer_id=JANE, product_id=10**6))
    with pytest.raises(errors.CardNumberTyped):
        add_wish(ria, AddWish(customer_id=JANE, product_id=SHAMPOO, note="4111 1111 1111 1111"))


def test_the_till_says_what_to_do_when_none_is_left(ria: Desk, ada: Desk) -> None:
    edit_till_rules(ada, EditTillRules(sells_below_stock=False))
    wish = CheckOut(products=(SellProduct(product_id=SHAMPOO),), customer_id=JANE, tenders=(Pay(method="cash"),))
    with pytest.raises(errors.NotOnShelf, match="take it off the ticket and note who wants it: h on their page"):
        check_out(ria, wish)
