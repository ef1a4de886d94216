"""refund, void, receipt, invoice, outbox: what goes back, and what is printed, saved and sent."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run


@pytest.fixture
def sold(run: Run) -> str:
    """Jane's cut with shampoo, paid in cash with a tip: receipt 1."""
    code = str(run("book", "jane cut today 10:00 anna", "--json").json["code"])
    run("checkout", code, "--product", "SHA", "--pay", "cash:80", "--tip", "5")
    return code


def test_a_line_goes_back_by_its_name(run: Run, sold: str) -> None:
    ended = run("refund", "1", "--reason", "burst", "--line", "sham", "--damaged", who="mo")
    assert ended.code == 0, ended.err
    assert ended.err == "Receipt 2: cash £18.00 back of receipt 1.\n"
    assert "REFUND" in ended.out
    assert "Of receipt 1" in ended.out
    assert run("refund", "2", "--reason", "again", "--json", who="mo").json["refused"] == "RefundOfRefund"
    assert run("refund", "1", "--reason", "x", "--line", "perm", who="mo").code == 2
    assert run("refund", "1", "--reason", "x", "--by", "card:5", who="mo").code == 2
    back = run("refund", "1", "--reason", "rest", "--by", "cash:55", "--json", who="mo").json
    assert (back["total"], back["tip"]) == ("50.00", "5.00")


def test_a_refund_is_a_managers_and_a_void_is_not(run: Run, sold: str) -> None:
    assert run("refund", "1", "--reason", "x", "--amount", "5", "--json").json["refused"] == "NotAllowed"
    ended = run("void", "1", "--reason", "wrong customer")
    assert ended.err == "Receipt 1 is void by receipt 2: £73.00 back.\n"
    assert run("show", sold, "--json").json["lines"][0]["paid"] is False
    assert run("void", "1", "--reason", "again", "--json").json["refused"] == "VoidedAlready"
    assert run("void", "1").code == 2, "why is asked for"


def test_receipts_are_shown_printed_and_saved(
    run: Run, sold: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "*** COPY ***" in run("receipt", "1").out
    assert "18.00" not in run("receipt", "1", "--gift").out
    off = run("receipt", "1", "--print")
    assert (off.code, "config.toml" in off.out) == (3, True)
    device = tmp_path / "lp0"
    device.touch()
    monkeypatch.setenv("FRONTDESK_PRINTER", f"file:{device}")
    assert run("receipt", "1", "--print").out == "Receipt 1 printed.\n"
    assert run("receipt", "1", "--print").out == "Receipt 1 printed, as a copy.\n"
    assert b"\x1bt" in device.read_bytes()
    page = tmp_path / "one.pdf"
    assert run("receipt", "1", "--pdf", str(page)).err == f"receipt-1.pdf saved as {page}.\n"
    assert page.read_bytes().startswith(b"%PDF-")
    sale = run("checkout", "--product", "SHA", "--pay", "cash", "--print")
    assert sale.err.endswith("Receipt 2 printed.\n")
    monkeypatch.setenv("FRONTDESK_PRINTER", f"file:{tmp_path}/away")
    sale = run("checkout", "--product", "SHA", "--pay", "cash", "--print")
    assert (sale.code, "print it again" in sale.err) == (0, True)


def test_invoices_by_command(run: Run, sold: str, tmp_path: Path) -> None:
    made = run("invoice", "make", "1", "--name", "Doe Ltd", "--address", r"2 High Street\nLondon")
    assert made.code == 0, made.err
    assert "INVOICE 1" in made.out
    assert "2 High Street" in made.out
    second = run("invoice", "correct", "1", "--name", "Doe & Sons", "--reason", "firm has changed")
    assert "INVOICE 1, VERSION 2" in second.out
    assert "Doe Ltd" in run("invoice", "show", "1", "--version", "1").out
    page = tmp_path / "invoice.pdf"
    assert run("invoice", "show", "1", "--pdf", str(page)).code == 0
    assert page.stat().st_size > 10_000
    assert run("refund", "1", "--reason", "x", "--amount", "5", who="mo").err.endswith("Credit note 2.\n")
    listed = run("invoice", "list", "--json").json["invoices"]
    assert [(one["number"], one["kind"], one["buyer"]) for one in listed] == [
        (2, "credit_note", "Doe & Sons"),
        (1, "invoice", "Doe & Sons"),
    ]
    assert "credit note" in run("invoice", "list").out


def test_letters_wait_for_somebody_who_sends_them(run: Run, sold: str) -> None:
    queued = run("receipt", "1", "--to", "jane@example.com")
    assert (queued.out, "frontdesk outbox send" in queued.err) == ("Queued for jane@example.com.\n", True)
    assert run("outbox", "list", "--waiting", "--json").json["letters"][0]["address"] == "jane@example.com"
    assert run("outbox", "send", "--json").json["refused"] == "BadInput"
    assert "waiting" in run("outbox", "list").out


def test_a_sender_goes_on_until_it_is_ended(run: Run, sold: str, monkeypatch: pytest.MonkeyPatch) -> None:
    run("receipt", "1", "--to", "jane@example.com")
    for name, value in (("HOST", "127.0.0.1"), ("PORT", "1"), ("FROM", "desk@vale.example")):
        monkeypatch.setenv(f"FRONTDESK_SMTP_{name}", value)
    naps = []

    def nap(seconds: float) -> None:
        naps.append(seconds)
        if len(naps) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr("time.sleep", nap)
    ended = run("outbox", "send", "--every", "60")
    assert (ended.code, naps) == (130, [60, 60])
    assert ended.err.count("0 sent, 1 tried again later") == 1, "and the second time it is not due yet"
    assert "does not listen" in run("outbox", "list", "--json").json["letters"][0]["error"]


def test_the_printer_and_the_mail_server_are_settings_whose_password_is_never_shown(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FRONTDESK_PRINTER", "tcp://192.168.1.50:9100")
    monkeypatch.setenv("FRONTDESK_SMTP_PASSWORD", "geheim")
    shown = run("info").out
    assert "tcp://192.168.1.50:9100" in shown
    assert "FRONTDESK_PRINTER" in shown
    assert "geheim" not in shown
