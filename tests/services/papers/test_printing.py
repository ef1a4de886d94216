"""Receipts on paper: the first is the receipt, later ones say COPY; a dead printer blocks no sale (features CO15)."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy.pool import NullPool
from sqlmodel import Session

from frontdesk import errors
from frontdesk.channels.printer import KICK
from frontdesk.clock import SetClock
from frontdesk.db.engine import open_engine
from frontdesk.db.server import Handle
from frontdesk.desk import Desk
from frontdesk.services.papers.printing import (
    BeginPrint,
    Outcome,
    ShowPrints,
    begin_print,
    print_receipt,
    print_text,
    show_prints,
)
from frontdesk.services.papers.receipts import ShowReceipt, copy_receipt
from frontdesk.services.people.sign_in import open_desk
from frontdesk.services.ticket.ticket_wishes import Pay, SellProduct
from frontdesk.services.till.checkout import CheckOut, Receipted, check_out
from tests import vale_street
from tests.conftest import desk_conninfo


def shampoo(desk: Desk) -> Receipted:
    wish = CheckOut(products=(SellProduct(product_id=1),), tenders=(Pay(method="cash", amount=Decimal(20)),))
    return check_out(desk, wish)


@pytest.fixture
def device(tmp_path: Path) -> Path:
    """A printer that writes down what it is told."""
    device = tmp_path / "lp0"
    device.touch()
    return device


def taken(device: Path) -> bytes:
    said = device.read_bytes()
    device.write_bytes(b"")
    return said


def test_the_first_one_printed_is_the_receipt_and_the_next_says_copy(ria: Desk, mo: Desk, device: Path) -> None:
    shampoo(ria)
    wish = BeginPrint(number=1)
    assert print_receipt(ria, f"file:{device}", wish) == Outcome(True, False, "Receipt 1 printed.")
    first = taken(device)
    assert b"COPY" not in first
    assert re.search(rb"Shampoo.* 18.00\n", first)
    assert KICK in first, "the drawer opens for the change"
    assert print_receipt(mo, f"file:{device}", BeginPrint(number=1)).sentence == "Receipt 1 printed, as a copy."
    copy = taken(device)
    assert copy.count(b"*** COPY ***") == 2
    assert KICK not in copy
    assert b"COPY" not in _gift(ria, device)
    assert b"COPY" in _gift(ria, device)


def _gift(desk: Desk, device: Path) -> bytes:
    assert print_receipt(desk, f"file:{device}", BeginPrint(number=1, document="gift_receipt")).printed
    said = taken(device)
    assert b"18.00" not in said
    return said


def test_a_dead_printer_blocks_nothing_and_what_never_came_out_was_no_original(ria: Desk, device: Path) -> None:
    sale = shampoo(ria)
    off = print_receipt(ria, f"file:{device}/off", BeginPrint(number=sale.number), seconds=0.2)
    assert not off.printed
    assert off.sentence.endswith("Nothing is lost: see that it is on and has paper, then print it again.")
    assert print_receipt(ria, f"file:{device}", BeginPrint(sale_id=sale.sale_id)).is_copy is False
    history = show_prints(ria, ShowPrints(number=1)).prints
    assert [(one.outcome, one.is_copy) for one in history] == [("failed", False), ("done", False)]
    assert "off" in history[0].error


def test_without_a_printer_somebody_says_where_to_name_one(ria: Desk) -> None:
    shampoo(ria)
    assert "config.toml" in print_receipt(ria, "", BeginPrint(number=1)).sentence
    assert "config.toml" in print_text("", "Z 41").sentence
    assert show_prints(ria, ShowPrints(number=1)).prints == ()


def test_a_text_is_printed_as_it_is(device: Path) -> None:
    assert print_text(f"file:{device}", "Z 41\n  Cash  50.00\n", qr="abc").printed
    assert b"Z 41\n  Cash  50.00\n" in taken(device)
    assert not print_text("lp0", "Z 41").printed


def test_a_receipt_that_is_not_there_is_not_printed(ria: Desk, device: Path) -> None:
    for wish in (BeginPrint(number=7), BeginPrint(sale_id=7), BeginPrint()):
        with pytest.raises(errors.NotFound, match="no receipt"):
            print_receipt(ria, f"file:{device}", wish)
    assert taken(device) == b""


def test_a_gift_receipt_is_shown_without_a_price(ria: Desk) -> None:
    shampoo(ria)
    shown = copy_receipt(ria, ShowReceipt(number=1, gift=True)).receipt
    assert "GIFT RECEIPT" in shown
    assert "Shampoo" in shown
    assert "18.00" not in shown


def test_of_two_tills_that_print_at_once_one_has_the_original(server: Handle, committed: str) -> None:
    engine = open_engine(desk_conninfo(server, committed), poolclass=NullPool)
    desks = [open_desk(lambda: Session(engine), vale_street.token("ria"), SetClock(vale_street.NOW)) for _ in range(6)]
    shampoo(desks[0])
    with ThreadPoolExecutor(6) as pool:
        jobs = list(pool.map(lambda desk: begin_print(desk, BeginPrint(number=1)), desks))
    engine.dispose()
    assert sorted(job.is_copy for job in jobs) == [False, True, True, True, True, True]
