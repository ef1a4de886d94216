"""Fast fingers and slow lines: what is typed before a screen stands is meant for it, and nothing of it is lost."""

from __future__ import annotations

import pytest

from tests.terminal.conftest import Shop, sign_in


def test_what_is_typed_ahead_of_the_book_ends_in_the_book(shop: Shop) -> None:
    with shop.open_desk() as desk:
        desk.wait_for("Who is at the desk?")
        desk.type("r1111\rbjane")
        desk.wait_for("Book a visit")
        desk.wait_until(lambda text: any(row.split()[:2] == ["Customer", "jane"] for row in text.split("\n")), "jane")


@pytest.mark.parametrize("words", ["cash50", "noor7amin", "zoe@example.com"])
def test_words_that_arrive_all_at_once_are_no_barcode(shop: Shop, words: str) -> None:
    with shop.open_desk() as desk:
        sign_in(desk)
        desk.keys("f3")
        desk.wait_for("Type a name")
        desk.type(words + "\r")
        desk.wait_for(words)


def test_a_barcode_that_arrives_all_at_once_is_one(shop: Shop) -> None:
    with shop.open_desk() as desk:
        sign_in(desk)
        desk.type("5012345678900\r")
        desk.wait_for("Shampoo")
        desk.wait_for("Checkout")


def test_a_pin_and_its_enter_may_arrive_at_once(shop: Shop) -> None:
    with shop.open_desk() as desk:
        desk.wait_for("Who is at the desk?")
        desk.type("r1111\r")
        desk.wait_for("b book")


def test_a_locked_desk_opens_again_where_it_was(shop: Shop) -> None:
    with shop.open_desk() as desk:
        sign_in(desk)
        desk.keys("f3")
        desk.wait_for("Customers")
        desk.keys("f8")
        desk.wait_for("Locked by Ria")
        desk.type("1111\r")
        desk.wait_for("Customers")
        desk.keys("f8")
        desk.wait_for("Locked by Ria")
        desk.type("m3333\r")
        desk.wait_for("Customers")
        desk.wait_for("Mo ")
