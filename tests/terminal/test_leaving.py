"""How a desk leaves: the terminal as it was, an exit code that says why, and what was half typed kept."""

from __future__ import annotations

import signal
from collections.abc import Callable

import pytest

from tests.terminal.conftest import Keyboard, Shop, sign_in
from tests.terminal.harness.terminal import Terminal


def begin_a_booking(desk: Keyboard) -> None:
    """A form with a customer half typed."""
    sign_in(desk)
    desk.wait_for("b book")
    desk.keys("b")
    desk.wait_for("Book a visit")
    desk.type("jan")
    desk.wait_until(_is_half_typed, "the letters")
    desk.wait_for("Jane Doe")


def go_on_with_it(desk: Keyboard) -> None:
    """The same form at the next sign-in, as it was left."""
    sign_in(desk)
    desk.wait_for("Half typed at")
    desk.keys("b")
    desk.wait_for("Book a visit")
    desk.wait_until(_is_half_typed, "the draft")


def _is_half_typed(text: str) -> bool:
    return any(row.split()[:2] == ["Customer", "jan"] for row in text.split("\n"))


LEAVING: dict[str, tuple[Callable[[Terminal], None], int]] = {
    "ctrl+q": (lambda desk: desk.keys("ctrl+q"), 0),
    "SIGTERM": (lambda desk: desk.kill(signal.SIGTERM), 143),
    "SIGHUP": (lambda desk: desk.kill(signal.SIGHUP), 129),
    "a closed window": (Terminal.hang_up, 129),
    "SIGKILL": (lambda desk: desk.kill(signal.SIGKILL), -9),
}


@pytest.mark.parametrize(
    "way", [pytest.param(way, marks=[pytest.mark.thorough] * (way in ("SIGTERM", "ctrl+q"))) for way in LEAVING]
)
def test_what_was_half_typed_is_there_at_the_next_sign_in(shop: Shop, way: str) -> None:
    leave, code = LEAVING[way]
    with shop.open_desk() as desk:
        begin_a_booking(desk)
        if way == "SIGKILL":
            desk.quiet(0.6)  # a draft is kept within half a second of the last key, not before it is typed
        leave(desk)
        assert desk.exit_code() == code
        if way not in ("a closed window", "SIGKILL"):
            assert desk.is_restored()
    with shop.open_desk() as desk:
        go_on_with_it(desk)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_at_the_sign_in_too_the_terminal_is_given_back(shop: Shop, number: signal.Signals) -> None:
    with shop.open_desk() as desk:
        desk.wait_for("Who is at the desk?")
        desk.kill(number)
        assert desk.exit_code() == 128 + number
        assert desk.is_restored()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_before_anything_is_painted_it_leaves_as_well(shop: Shop, number: signal.Signals) -> None:
    with shop.open_desk() as desk:
        desk.wait_until(lambda _: desk.wire.sent.startswith(b"\x1b[?1049h"), "the first byte")
        desk.kill(number)
        assert desk.exit_code() in (128 + number, -number)


@pytest.mark.parametrize("painted", [1, 200, 4000])
def test_a_line_that_drops_while_the_desk_opens_ends_it(shop: Shop, painted: int) -> None:
    """Hanging up sends HUP and CONT: a desk that took CONT for the end of a stop never ended."""
    with shop.open_desk() as desk:
        desk.wait_until(lambda _: len(desk.wire.sent) >= painted, f"{painted} bytes")
        desk.hang_up()
        assert desk.exit_code() == 129


def test_a_killed_desk_does_leave_the_terminal_behind(shop: Shop) -> None:
    """Or the tests above would see nothing."""
    with shop.open_desk() as desk:
        desk.wait_for("Who is at the desk?")
        desk.kill(signal.SIGKILL)
        desk.exit_code()
        assert not desk.is_restored()


def test_ctrl_c_ctrl_z_and_a_stray_q_end_nothing(shop: Shop) -> None:
    with shop.open_desk() as desk:
        begin_a_booking(desk)
        desk.keys("ctrl+c", "ctrl+z", "q")
        desk.wait_for("janq")
        desk.keys("backspace")
        desk.wait_for("Jane Doe")
