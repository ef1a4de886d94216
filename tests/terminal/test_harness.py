"""The terminal that the other tests trust: it shows what is shown, counts what is sent, sees what is left behind."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator

import pytest

from tests.terminal.conftest import PLAIN, REPO
from tests.terminal.harness.display import NeverShown
from tests.terminal.harness.terminal import Terminal
from tests.terminal.harness.wire import Wire, for_pyte


@pytest.fixture
def stand_in() -> Iterator[Terminal]:
    with Terminal([sys.executable, "-m", "tests.terminal.stand_in"], environment=PLAIN, folder=REPO) as terminal:
        terminal.wait_for("Sign in with a PIN")
        yield terminal


def test_what_is_typed_arrives_and_what_is_shown_is_seen(stand_in: Terminal) -> None:
    stand_in.type("1111")
    stand_in.keys("enter")
    stand_in.wait_for("Signed in by process")
    stand_in.type("Zoë 山田")
    stand_in.keys("enter")
    stand_in.wait_for("Heard Zoë 山")


def test_what_never_comes_is_said_with_the_screen(stand_in: Terminal) -> None:
    with pytest.raises(NeverShown, match="Sign in with a PIN"):
        stand_in.wait_for("Jane", timeout=0.2)


def test_a_terminal_that_was_given_back_is_told_from_one_that_was_not(stand_in: Terminal) -> None:
    stand_in.kill(signal.SIGTERM)
    assert stand_in.exit_code() == 143
    assert stand_in.is_restored()


def test_a_killed_program_leaves_the_terminal_behind(stand_in: Terminal) -> None:
    stand_in.kill(signal.SIGKILL)
    assert stand_in.exit_code() == -9
    assert not stand_in.is_restored()


def test_a_closed_window_hangs_the_program_up(stand_in: Terminal) -> None:
    stand_in.hang_up()
    assert stand_in.exit_code() == 129


def test_bytes_are_counted_from_a_mark(stand_in: Terminal) -> None:
    stand_in.quiet(0.5)
    mark = stand_in.mark()
    stand_in.type("1")
    stand_in.wait_for("•")
    stand_in.quiet(0.2)
    assert 0 < stand_in.sent_bytes(mark) < 2000


def test_a_window_of_another_size_shows_more(stand_in: Terminal) -> None:
    stand_in.resize(40, 120)
    stand_in.wait_until(lambda text: any(len(row) > 100 for row in text.splitlines()), "a wider field was waited for")


@pytest.mark.parametrize("stray", [b"\x1b]52;c;aGk=\x07", b"\x9b5m", b"\x1bc", b"\x00", b"\x1b]8;;http://x\x07"])
def test_a_stray_control_byte_is_seen(stray: bytes) -> None:
    text = stray.decode("latin-1").encode()
    assert Wire(bytearray(b"\x1b[1;31mJane " + text + b"\x1b[0m")).stray_controls()


def test_what_a_desk_sends_is_no_stray(stand_in: Terminal) -> None:
    stand_in.kill(signal.SIGTERM)
    stand_in.exit_code()
    assert stand_in.wire.stray_controls() == set()


def test_colours_are_counted_by_kind() -> None:
    wire = Wire(bytearray(b"\x1b[31mA\x1b[38;5;100mB\x1b[1;48;2;1;2;3mC\x1b[0;1;3mD"))
    assert wire.colours() == {"16": 1, "256": 1, "true": 1}


def test_a_sequence_cut_in_two_waits_for_its_end() -> None:
    first, waiting = for_pyte(b"", b"Jane\x1b[>1")
    rest, left = for_pyte(waiting, b"3uDoe\x1b[?2026$p")
    assert (first, rest, left) == (b"Jane", b"Doe", b"")
