"""What people paste: nothing of it is markup, no control byte comes back out, and no key is taken for a command."""

from __future__ import annotations

import pytest

from tests.terminal.conftest import Shop, sign_in
from tests.terminal.harness.terminal import Terminal

HOSTILE = (
    "[/b] Ann", "[@click=app.quit]x[/]", "[link=file:///etc/passwd]x", "[red]Ann", "\\[/", "$name", "{{x}}",
    "\x1b]52;c;aGVsbG8=\x07", "\x1b]2;title\x07", "\x1b[5;5H", "\x1b[31m", "\x9b31m", "\x90q\x9c", "\x1bc", "\x0f\x0e",
    "a\x00b", "a\x08\x08b", "\x7f\x7f", "a\rb\nc\td", "\u202eevil\u202c", "\u2066x\u2069", "\ufeff", "\u2028\u2029",
    "山田太郎", "👩‍👩‍👧‍👦", "e" + "\u0301" * 60, "🇬🇧" * 40, "x" * 300,
    "\ud7ff\ue000\ufffd", "'; DROP TABLE customers; --", "%s %(x)s",
)  # fmt: skip


def paste(desk: Terminal, text: str) -> None:
    """As terminals deliver a paste: between marks, whatever is in it."""
    desk.send(b"\x1b[200~" + text.encode() + b"\x1b[201~")


def still_there(desk: Terminal, shown: str) -> None:
    """The desk lives, shows its screen, and has sent nothing it should not."""
    desk.wait_for(shown)
    assert desk.wire.stray_controls() == set()


PLACES: dict[str, tuple[tuple[str, ...], str, str]] = {
    "the search": (("f3",), "Type a name", "Find"),
    "a new customer's first name": (("f3", "x", "enter", "+"), "Somebody new", "Somebody new"),
    "the line to type on": ((":",), "enter book", "Vale Street"),
    "the booking form": (("b",), "Book a visit", "Book a visit"),
    "the till": (("f5",), "Who pays?", "Checkout"),
    "the book itself": ((), "b book", "b book"),
}


@pytest.mark.parametrize(
    "place", [pytest.param(place, marks=[pytest.mark.thorough] * (n % 3 > 0)) for n, place in enumerate(PLACES)]
)
def test_whatever_is_pasted_stays_text(shop: Shop, place: str) -> None:
    keys, opened, shown = PLACES[place]
    with shop.open_desk() as desk:
        sign_in(desk)
        for key in keys:
            desk.keys(key)
            desk.quiet(0.3)
        desk.wait_for(opened)
        for text in HOSTILE:
            if place == "the book itself" and "\x1b" in text:
                continue  # Textual takes what follows an escape in a paste for keys; terminals leave none in one
            paste(desk, text)
            desk.quiet(0.05)
            still_there(desk, shown)
            desk.keys("ctrl+u")
        desk.quiet(0.5)
        still_there(desk, shown)
    assert shop.ask("SELECT count(*) FROM customers WHERE business_id = 1") == [(3,)]
    assert shop.ask("SELECT count(*) FROM appointments") == [(0,)]


def test_at_the_sign_in_too(shop: Shop) -> None:
    with shop.open_desk() as desk:
        desk.wait_for("Who is at the desk?")
        for text in HOSTILE:
            paste(desk, text)
        desk.quiet(0.5)
        still_there(desk, "Who is at the desk?")
        desk.keys("ctrl+p")
        desk.wait_for("name, or name@business")
        for text in HOSTILE:
            paste(desk, text)
        desk.keys("enter")
        desk.type("x")
        desk.keys("enter")
        desk.wait_for("do not fit")
        assert desk.wire.stray_controls() == set()


def test_a_name_full_of_brackets_is_shown_as_it_was_typed(shop: Shop) -> None:
    with shop.open_desk() as desk:
        sign_in(desk)
        desk.keys("f3")
        desk.wait_for("Type a name")
        desk.type("[/b] [red]Ann[/]")
        desk.wait_for('Nobody is called "[/b] [red]Ann[/]"')
        desk.keys("enter", "+")
        desk.wait_for("Somebody new")
        desk.keys("ctrl+s")
        desk.wait_gone("Somebody new")
        desk.wait_for("[/b] [red]Ann[/]")
        desk.keys("f2")
        desk.wait_for("b book")
        desk.keys("down", "down", "down", "down", "b")
        desk.wait_for("Book a visit")
        desk.type("[/b]")
        desk.wait_for("▸ [/b]")
        desk.keys("enter")
        desk.type("cut")
        desk.wait_for("▸ Cut")
        desk.keys("enter", "ctrl+s")
        desk.wait_for("Booked [/b]")
        desk.keys("p")
        desk.wait_for("TO PAY")
        assert desk.wire.stray_controls() == set()


def test_saving_and_leaving_at_once_saves(shop: Shop) -> None:
    with shop.open_desk() as desk:
        sign_in(desk)
        desk.keys(":")
        desk.wait_for("enter book")
        desk.type("jane cut anna 12:00")
        desk.wait_for("12:00–12:45  Jane Doe")
        desk.send(b"\r\x11")
        assert desk.exit_code() == 0
    assert shop.ask("SELECT count(*) FROM appointments") == [(1,)]
