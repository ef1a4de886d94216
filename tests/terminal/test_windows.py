"""Windows of any size, desks inside tmux, and desks that nobody touches."""

from __future__ import annotations

import secrets
import shutil
import subprocess
import time

import pytest

from tests.terminal.conftest import DESK, Shop, sign_in
from tests.terminal.harness.terminal import Terminal
from tests.terminal.test_leaving import begin_a_booking


def test_a_half_typed_form_survives_every_size(shop: Shop) -> None:
    with shop.open_desk() as desk:
        begin_a_booking(desk)
        for rows, columns in ((1, 1), (10, 40), (60, 200), (3, 10), (1, 200), (50, 1), (24, 80)):
            desk.resize(rows, columns)
            desk.quiet(0.2)
        desk.wait_for("Jane Doe")
        desk.type("e")
        desk.wait_until(lambda text: any(row.split()[:2] == ["Customer", "jane"] for row in text.split("\n")), "jane")


def test_a_window_too_small_says_so_and_the_book_comes_back(shop: Shop) -> None:
    with shop.open_desk() as desk:
        sign_in(desk)
        book = desk.wait_for("b book")
        desk.resize(12, 50)
        desk.wait_for("frontdesk needs 60")  # said by the desk: a smaller window has lost the footer by itself
        desk.resize(24, 80)
        assert desk.wait_for(book.split("\n")[-1].strip())


LATE = 2.0
"""Seconds after the minute by which the clock shows it."""


def untouched(desk: Terminal, seconds: float) -> bytes:
    """What a desk sends while nobody touches it, the clock's minute aside."""
    while True:
        begun = time.time() - LATE
        sent = desk.bytes_within(seconds)
        if begun // 60 == time.time() // 60:
            return sent


def test_an_untouched_desk_sends_nothing(shop: Shop) -> None:
    with shop.open_desk() as desk:
        sign_in(desk)
        desk.wait_for("b book")
        desk.quiet(1)
        assert untouched(desk, 8) == b""


@pytest.mark.thorough
def test_a_field_that_waits_for_letters_sends_nothing(shop: Shop) -> None:
    with shop.open_desk() as desk:
        begin_a_booking(desk)
        desk.quiet(1)
        assert untouched(desk, 5) == b""


def test_nothing_but_known_sequences_reaches_the_terminal(shop: Shop) -> None:
    with shop.open_desk() as desk:
        begin_a_booking(desk)
        for key in ("escape", "f3", "f5", "f1", "escape", "f2", "?", "escape", ":", "escape"):
            desk.keys(key)
            desk.quiet(0.3)
        desk.keys("ctrl+q")
        assert desk.exit_code() == 0
        assert desk.wire.stray_controls() == set()


@pytest.mark.skipif(shutil.which("tmux") is None, reason="there is no tmux here; .ci/run installs it")
def test_inside_tmux_it_is_the_same_desk(shop: Shop) -> None:
    name = f"desk{secrets.token_hex(4)}"
    tmux = ("tmux", "-L", name, "-f", "/dev/null")
    try:
        with Terminal(
            (*tmux, "new-session", *DESK), rows=25, columns=80, environment=shop.environment, folder=shop.folder
        ) as window:
            begin_a_booking(window)
            window.keys("escape")
            window.wait_for("b book")
            window.keys("f3")
            window.wait_for("Customers")
            window.keys("f2")
            window.wait_for("b book")
            window.resize(37, 120)
            window.wait_until(lambda text: len(text.split("\n")[0].rstrip()) > 100, "a wider header")
            assert not any(window.wire.colours()[kind] for kind in ("true",))
            window.keys("ctrl+q")
            assert window.exit_code() == 0
            assert window.is_restored()
    finally:
        subprocess.run((*tmux, "kill-server"), capture_output=True, check=False)
