"""A receptionist's hour, played by keys: calls, somebody new, two who change their minds, one who comes and pays."""

from __future__ import annotations

from decimal import Decimal

from tests.terminal.conftest import Shop, sign_in
from tests.terminal.harness.display import PATIENCE
from tests.terminal.harness.terminal import Terminal

NOTE = "Allergic to PPD; patch test on 3 March went well. Likes the window seat, tea without milk, and no small talk."
"""Long enough that a key lost on the way would show."""


class Hour:
    """One hour at one desk. `patience` is how long an answer may take on this line."""

    def __init__(self, desk: Terminal, patience: float = PATIENCE) -> None:
        self.desk = desk
        self.patience = patience

    def sees(self, text: str) -> None:
        """Wait for what the desk says."""
        self.desk.wait_for(text, self.patience)

    def presses(self, *keys: str) -> None:
        """Key by key."""
        self.desk.keys(*keys)

    def types(self, text: str) -> None:
        """Letter by letter."""
        self.desk.keys(*text)

    def books(self, phrase: str, said: str) -> None:
        """On the line below the book; the preview is read before enter."""
        self.presses(":")
        self.sees("enter book")
        self.types(phrase)
        self.sees(said)
        self.presses("enter")
        self.sees("Booked")

    def changes_a_mind(self) -> None:
        """Kim moves, and moves back."""
        self.presses("m")
        self.sees("Moving Kim Lee")
        self.presses("down", "enter")
        self.sees("Moved Kim Lee, Blow-dry, 13:15 with Bo")
        self.presses("u")
        self.sees("Taken back: Kim Lee moved to 13:15.")

    def adds_somebody(self) -> None:
        """Noor is new, and there is much to note."""
        self.presses("f3")
        self.sees("Type a name")
        self.types("noor amin")
        self.sees('Nobody is called "noor amin"')
        self.presses("enter", "+")
        self.sees("Somebody new")
        self.presses(*["enter"] * 7)
        self.types(NOTE)
        self.sees("no small talk.")
        self.presses("ctrl+s")
        self.desk.wait_gone("Somebody new", self.patience)
        self.sees("Noor Amin")

    def takes_the_money(self) -> None:
        """At the till, from the visit under the cursor."""
        self.presses("p")
        self.sees("TO PAY")
        self.types("cash 60")
        self.presses("enter")
        self.sees("Receipt 1: £50.00 taken.")
        self.sees("Give back")
        self.presses("enter")
        self.sees("Who pays?")

    def goes_for_tea(self) -> None:
        """Locked, and back to the same screen."""
        self.presses("f8")
        self.sees("Locked by Ria")
        self.types("1111")
        self.desk.wait_gone("Locked by", self.patience)
        self.sees("Noor Amin")


def play(desk: Terminal, shop: Shop, patience: float = PATIENCE) -> None:
    """The whole hour, and what the database says afterwards."""
    hour = Hour(desk, patience)
    sign_in(desk)
    hour.books("jane cut anna 12:00", "12:00–12:45  Jane Doe 0123  Cut  Anna  50.00")
    hour.presses("a")
    hour.sees("first visit")
    hour.presses("enter")
    hour.sees("Jane Doe: arrived")
    for key, said in (("s", "in service"), ("d", "completed")):
        hour.presses(key)
        hour.sees(f"Jane Doe: {said}.")
    hour.takes_the_money()
    hour.presses("f2")
    hour.sees("d$* Jane Doe")
    hour.books("kim blow-dry bo 13:00", "13:00–13:30  Kim Lee  Blow-dry  Bo  30.00")
    hour.changes_a_mind()
    hour.adds_somebody()
    hour.goes_for_tea()
    desk.keys("ctrl+q")
    assert desk.exit_code() == 0
    assert desk.is_restored()
    assert desk.wire.stray_controls() == set()
    assert shop.ask(
        "SELECT c.first_name, a.status::text FROM appointments a JOIN customers c ON c.id = a.customer_id ORDER BY 1"
    ) == [("Jane", "completed"), ("Kim", "pending")]
    assert shop.ask("SELECT total FROM sales WHERE status = 'closed'") == [(Decimal("50.00"),)]
    assert shop.ask("SELECT notes FROM customers WHERE first_name = 'Noor' AND last_name = 'Amin'") == [(NOTE,)]
