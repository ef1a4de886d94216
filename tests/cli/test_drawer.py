"""drawer, x, z, close and correct: a day's cash by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run


@pytest.fixture
def open_drawer(run: Run) -> None:
    """Drawer 1 with 100.00, and a shampoo sold for cash."""
    assert run("drawer", "add", "Drawer", "1", who="ada").code == 0
    assert run("drawer", "open", "--count", "20x3 10x4").out == "Drawer 1 is open with £100.00.\n"
    assert run("checkout", "--product", "shampoo", "--pay", "cash", "--tip", "4", "--tip-for", "anna").code == 0


@pytest.mark.usefixtures("open_drawer")
def test_a_day_of_a_drawer(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("drawer", "pay-out", "20", "milk").out == "Drawer 1: £20.00 paid out: milk.\n"
    assert run("drawer", "pay-out", "20").code == 3
    assert run("drawer", "tip-out", "anna", "4").out == "Drawer 1: £4.00 tips paid out to Anna.\n"
    assert run("drawer", "drop", "18").out == "Drawer 1: £18.00 to the safe.\n"
    listed = run("drawer", "list")
    assert "open since 09:00" in listed.out
    mistyped = run("drawer", "count", "20x", "x3")
    assert (mistyped.code, "20x ▸x3: how many 20 there are is missing" in mistyped.err) == (2, True)
    first = run("drawer", "count", "20x3", "10x1")
    assert first.out == "Drawer 1: £70.00 is not what should be in it. Count it once more.\n"
    right = run("drawer", "count", "20x4")
    assert right.out == "Drawer 1: £80.00 counted, £80.00 expected.\n"
    closed = run("drawer", "close", "1", "--left", "50")
    assert closed.out == "Drawer 1 is closed. £50.00 left in it, £30.00 to the bank.\n"
    assert "TAKINGS" in run("x", who="mo").out
    device = tmp_path / "lp0"
    device.touch()
    monkeypatch.setenv("FRONTDESK_PRINTER", f"file:{device}")
    done = run("close", "--print")
    assert done.err == "The day is closed: Z 1.\nPrinted.\n"
    head = run("z", "1", "--json").json["head_hash"]
    assert device.read_bytes().count(head.encode()) == 1, "as a QR; in the text it stands in two lines"
    assert run("journal", "verify", "--against", head, who="mo").code == 0
    assert "Paid out: milk" in done.out
    assert run("z", "1").out == done.out
    put_right = run("correct", "1", "cash", "card", "--approval", "A7", "--reason", "It was a card", who="mo")
    assert put_right.out == "Receipt 2 moves £22.00 of receipt 1 of Z 1, which stays as it is. It was card.\n"


@pytest.mark.usefixtures("open_drawer")
def test_what_stands_in_the_way_is_listed_with_its_key(run: Run) -> None:
    checked = run("close", "--check")
    assert checked.out.splitlines()[1].split("  ") == ["1 drawer not counted", "Drawer 1 open since 09:00", "D"]
    assert run("close", "--json").json["refused"] == "DrawersOpen"
