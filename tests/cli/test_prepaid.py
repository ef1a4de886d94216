"""giftcard, credit, deposit, account, voucher, transfer, liabilities: as they are typed."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Run


@pytest.fixture
def visit(run: Run) -> str:
    """Jane's cut with Anna, today at ten: its code."""
    return str(run("book", "jane cut today 10:00 anna", "--json").json["code"])


def test_a_gift_card_is_sold_used_shown_and_listed(run: Run, visit: str) -> None:
    sold = run("giftcard", "sell", "50", "--code", "GIFT-1", "--pay", "cash:60")
    assert (sold.code, sold.err) == (0, "Receipt 1: £50.00 taken. Give back £10.00.\n")
    paid = run("checkout", visit, "--pay", "gift:30@gift1", "--pay", "cash", "--json")
    assert [(p["method"], p["amount"]) for p in paid.json["payments"]] == [("gift_card", "30.00"), ("cash", "20.00")]
    shown = run("giftcard", "show", "GIFT 1").out
    assert "£20.00" in shown
    assert "redeemed" in shown
    assert run("giftcard", "list").err == "1 cards with £20.00.\n"
    assert "Gift cards" in run("liabilities", who="mo").out
    assert run("checkout", "--product", "SHA", "--pay", "gift@NONE1", "--json").json["refused"] == "CardUnknown"
    for mistyped in (["--pay", "shells"], ["--pay", "cash@CODE"], ["--pay", "gift"]):
        assert run("checkout", visit, *mistyped).code == 2
    assert run("giftcard", "sell").code == 2
    assert run("giftcard", "extend", "gift1", "2026-03-08", who="mo").code == 0
    assert run("giftcard", "lapse", who="mo").out == "1 are over: £20.00.\n"


def test_credit_is_given_by_a_manager_and_listed(run: Run) -> None:
    wish = ["credit", "give", "jane", "20", "--reason", "Burnt ear", "--only", "services", "--until", "2026-06-30"]
    assert run(*wish, "--json").json["refused"] == "NotAllowed"
    assert run(*wish, who="mo").out == "Jane Doe: £20.00, Burnt ear.\n"
    listed = run("credit", "list", "jane").out
    assert [word in listed for word in ("Burnt ear", "Mo", "services", "30 Jun 2026", "20.00")] == [True] * 5


def test_a_deposit_is_asked_for_taken_and_used(run: Run, visit: str) -> None:
    assert "30 %" in run("deposit", "ask", "cut", "30%", "--of", "new", who="mo").out
    assert "£15.00" in run("deposit", "show", visit).out
    assert run("deposit", "take", visit, "--pay", "card", "--approval", "1234").err == "Receipt 1: £15.00 taken.\n"
    assert visit in run("deposit", "list").out
    assert run("deposit", "close", visit, "--json").json["refused"] == "DepositNotForfeit"
    run("checkout", visit, "--pay", "deposit", "--pay", "cash")
    assert visit not in run("deposit", "list").out
    assert run("deposit", "ask", "cut", "none", "--of", "new", "--json", who="mo").json == {"rules": []}


def test_an_account_is_allowed_owed_and_paid(run: Run, visit: str) -> None:
    run("account", "allow", "jane", "100", who="mo")
    run("checkout", visit, "--pay", "owe")
    assert "50.00" in run("account", "list").out
    assert run("account", "pay", "jane", "20", "--pay", "cash").code == 0
    assert "£30.00" in run("account", "show", "jane").out
    assert "£0.00" in run("account", "write-off", "jane", "30", "--reason", "Moved away", who="mo").out


def test_vouchers_and_transfers_come_later(run: Run) -> None:
    run("voucher", "issuer", "City card", "--keeps", "5", who="mo")
    run("checkout", "--product", "SHA", "--pay", "voucher@C-1001")
    assert run("voucher", "list").err == "£17.10 to come.\n"
    assert run("voucher", "settle", "city", "17.10", who="mo").err == "£0.00 to come.\n"
    assert "City card" in run("voucher", "issuers").out
    run("checkout", "--product", "SHA", "--pay", "transfer@Invoice 7")
    (only,) = run("transfer", "list", "--json").json["transfers"]
    assert only["reference"] == "Invoice 7"
    assert run("transfer", "arrived", str(only["id"]), "--json").json["transfers"] == []
