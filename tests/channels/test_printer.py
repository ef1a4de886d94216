"""Bytes for a receipt printer, and what happens when it is off: nobody waits for it (features CO15)."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontdesk.channels.printer import CUT, INIT, KICK, PrinterOff, PrintRow, escpos, qr_command, raster, send
from frontdesk.errors import BadInput
from tests.goldens import agree

ROWS = (
    PrintRow("            Vale Street Salon", "title"),
    PrintRow(""),
    PrintRow("Customer: Zoë Ångström"),
    PrintRow("Shampoo                           £18.00"),
    PrintRow("Žluťoučký kůň                     €18.00"),
    PrintRow("Привет, …1234                      18.00"),
    PrintRow("縮毛矯正 ✂                         18.00"),
    PrintRow("TOTAL                             £54.00", "title"),
    PrintRow("TO PAY                            £54.00", "bold"),
)


def test_a_receipt_is_these_bytes() -> None:
    agree(Path(__file__).parent / "goldens" / "receipt.escpos", escpos(ROWS, kick=True, qr="abc123"))


def test_letters_of_other_pages_switch_the_page_and_others_keep_their_columns() -> None:
    assert escpos((PrintRow("£€é"),), cut=False) == INIT + b"\x1bt\x13" + b"\x9c\xd5\x82\n"
    assert escpos((PrintRow("aůb"),), cut=False) == INIT + b"\x1bt\x13a\x1bt\x12\x85b\n"
    assert escpos((PrintRow("縮x"),), cut=False).endswith(b"??x\n")


def test_no_letter_of_a_name_is_a_command() -> None:
    assert escpos((PrintRow("Ann\x1b@\x1dV\x00\n\x7f"),), cut=False) == INIT + b"\x1bt\x13Ann@V\n"


@given(st.text(max_size=60))
def test_whatever_people_are_called_a_row_ends_where_it_ends(name: str) -> None:
    printed = escpos((PrintRow(name),), cut=False)
    text = printed.removeprefix(INIT + b"\x1bt\x13")
    for number in (0, 16, 17, 18, 19):
        text = text.replace(b"\x1bt" + bytes([number]), b"")
    assert text.count(b"\n") == 1
    assert not any(byte < 0x20 for byte in text[:-1])


def test_the_drawer_is_kicked_before_anything_is_printed_and_the_paper_cut_at_the_end() -> None:
    printed = escpos(ROWS, kick=True)
    assert printed.index(KICK) < printed.index(b"Vale")
    assert printed.endswith(CUT)
    assert KICK not in escpos(ROWS)


def test_a_code_is_made_by_the_printer_or_sent_as_a_picture() -> None:
    assert qr_command("abc").count(b"\x1d(k") == 5
    assert b"\x1d(k\x06\x001P0abc" in qr_command("abc")
    assert raster([[True, False], [False, True]], size=4) == b"\x1dv0\x00\x01\x00\x08\x00" + b"\xf0" * 4 + b"\x0f" * 4


def test_bytes_go_to_a_device_file(tmp_path: Path) -> None:
    device = tmp_path / "lp0"
    device.touch()
    send(f"file:{device}", b"one")
    send(f"file://{device}", b"two")
    assert device.read_bytes() == b"onetwo"


def test_bytes_go_to_a_fifo_that_somebody_reads(tmp_path: Path) -> None:
    fifo, found = tmp_path / "lp0", bytearray()
    os.mkfifo(fifo)
    reader = threading.Thread(target=lambda: found.extend(fifo.read_bytes()))
    reader.start()
    send(f"file:{fifo}", b"x" * 300_000)
    reader.join(5)
    assert len(found) == 300_000


@contextmanager
def listening(*, reads: bool = True) -> Iterator[tuple[str, bytearray]]:
    """A printer in the network; one that does not read has run out of paper."""
    found = bytearray()
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        server.settimeout(5)

        def serve() -> None:
            wire, _ = server.accept()
            with wire:
                wire.settimeout(5)
                while reads and (data := wire.recv(65536)):
                    found.extend(data)
                if not reads:
                    done.wait(5)

        done = threading.Event()
        thread = threading.Thread(target=serve)
        thread.start()
        yield f"tcp://127.0.0.1:{server.getsockname()[1]}", found
        done.set()
        thread.join(5)


def test_bytes_go_to_a_printer_in_the_network() -> None:
    with listening() as (printer, found):
        send(printer, b"y" * 500_000)
    assert len(found) == 500_000


def refusal_of(printer: str, size: int = 10) -> tuple[str, float]:
    began = time.monotonic()
    with pytest.raises(PrinterOff) as refused:
        send(printer, b"z" * size, seconds=0.4)
    return refused.value.sentence, time.monotonic() - began


def test_a_printer_that_is_off_says_what_to_do_and_takes_no_time(tmp_path: Path) -> None:
    unread = tmp_path / "fifo"
    os.mkfifo(unread)
    with closing(socket.create_server(("127.0.0.1", 0))) as gone:
        port = gone.getsockname()[1]
    for printer, why in (
        (f"file:{tmp_path}/nothing", "is not there"),
        (f"file:{unread}", "is off or not connected"),
        (f"tcp://127.0.0.1:{port}", "does not listen"),
    ):
        sentence, seconds = refusal_of(printer)
        assert why in sentence
        assert sentence.endswith("see that it is on and has paper, then print it again.")
        assert seconds < 1


def test_a_printer_without_paper_is_given_up_in_time(tmp_path: Path) -> None:
    with listening(reads=False) as (printer, _):
        sentence, seconds = refusal_of(printer, size=50_000_000)
    assert "does not answer within 0.4 seconds" in sentence
    assert seconds < 1
    full = tmp_path / "fifo"
    os.mkfifo(full)
    reader = os.open(full, os.O_RDONLY | os.O_NONBLOCK)
    try:
        assert "does not answer" in refusal_of(f"file:{full}", size=5_000_000)[0]
    finally:
        os.close(reader)


@pytest.mark.parametrize("printer", ["lp0", "tcp://", "tcp://host:port", "http://printer", "tcp://" + "a" * 70 + ".b"])
def test_a_setting_that_names_no_printer_is_told_so(printer: str) -> None:
    with pytest.raises((BadInput, PrinterOff), match="printer"):
        send(printer, b"", seconds=0.4)
