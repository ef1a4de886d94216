"""A day of the till at the shop's own terminal: open the drawer, sell, split, give back, count blind, close."""

from __future__ import annotations

from decimal import Decimal

from tests.terminal.conftest import Shop, sign_in
from tests.terminal.story import Hour


def approves(hour: Hour) -> None:
    """A manager's yes by PIN."""
    hour.sees("A manager's yes")
    hour.presses("enter")
    hour.types("4444")
    hour.presses("enter")


def _is_read(screen: str) -> bool:
    """Whether the receipt lies over the till; the line below says the same before."""
    return any(line.strip() == "Refund 2" for line in screen.splitlines())


def test_a_day_of_the_till(shop: Shop) -> None:
    shop.ask("INSERT INTO drawers (business_id, shop_id, name) VALUES (1, 1, 'Drawer 1') RETURNING id")
    with shop.open_desk() as desk:
        hour = Hour(desk)
        sign_in(desk)
        hour.presses("D")
        hour.sees("Drawer 1 is closed. enter opens it")
        hour.presses("enter")
        hour.types("20x3")
        hour.presses("enter", "ctrl+s")
        hour.sees("Drawer 1 is open with £60.00.")
        hour.presses("f5")
        hour.sees("Everybody has paid")
        hour.presses("+")
        hour.sees("Add to the ticket")
        hour.types("shamp")
        hour.sees("Shampoo 250 ml  18.00")
        hour.presses("enter", "ctrl+s")
        hour.sees("£18.00")
        hour.types("cash 10 card 8 A1B2")
        hour.sees("Paid in full")
        hour.presses("enter")
        hour.sees("Receipt 1: £18.00 taken.")
        hour.presses("R")
        hour.sees("Give back of which receipt")
        hour.presses("enter")
        hour.sees("Give back of receipt 1")
        hour.presses("enter")
        hour.types("5")
        hour.presses("enter", "enter", "enter")
        hour.types("dented")
        hour.presses("ctrl+s")
        approves(hour)
        desk.wait_until(_is_read, "the refund's receipt was waited for")
        hour.presses("escape")
        hour.sees("Give back £5.00 by card")
        hour.presses("D")
        hour.sees("Drawer 1")
        hour.presses("enter")
        hour.sees("Count")
        hour.types("20x3 10x1")
        hour.presses("enter", "ctrl+s")
        hour.sees("to the bank")
        hour.presses("ctrl+s")
        hour.sees("Drawer 1 is closed")
        desk.keys("ctrl+q")
        assert desk.exit_code() == 0
        assert desk.is_restored()
    paid = shop.ask("SELECT method, sum(amount) FROM payments GROUP BY 1 ORDER BY 1")
    assert paid == [("card", Decimal("3.00")), ("cash", Decimal("10.00"))]
    assert shop.ask("SELECT total - expected FROM drawer_counts WHERE kind = 'closing'") == [(Decimal("0.00"),)]
