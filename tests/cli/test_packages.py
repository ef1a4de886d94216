"""package, points, card: sold ahead, given for what is bought, charged by a terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run


@pytest.fixture
def visit(run: Run) -> str:
    """Jane's cut with Anna, today at ten: its code."""
    return str(run("book", "jane cut today 10:00 anna", "--json").json["code"])


def test_a_package_is_offered_sold_with_its_first_session_and_used_up_by_command(run: Run, visit: str) -> None:
    made = run("package", "add", "Five cuts", "200", "cut:5", "--months", "12", "--tax", "used", who="mo")
    assert made.code == 0, made.err
    assert "5 Cut" in run("package", "list").out
    sold = run("checkout", visit, "--package", "five", "--session", "cut", "--pay", "cash", "--json")
    assert sold.code == 0, sold.err
    assert [(one["method"], one["amount"]) for one in sold.json["payments"]] == [
        ("package", "40.00"),
        ("cash", "200.00"),
    ]
    shown = run("package", "show", "jane", "--json").json["packages"][0]
    assert shown["sessions"][0]["sessions"] == 4
    again = str(run("book", "jane cut today 14:00 anna", "--json").json["code"])
    assert run("checkout", again, "--session", "perm").code == 2
    assert run("checkout", again, "--session", "cut", "--json").json["total"] == "40.00"
    number = str(shown["id"])
    assert run("package", "freeze", number, "20", "mar", "-r", "Away").code == 0
    assert run("package", "show", "jane", "--json").json["packages"][0]["frozen_until"] == "2026-03-20"
    assert run("package", "thaw", number).code == 0
    assert run("package", "share", number, "kim", "--json").json["refused"] == "NotShared"
    assert run("package", "bring", "five", "kim", "cut:2", "--value", "70", "-r", "Old till", who="mo").code == 0
    assert "Five cuts" in run("package", "report", who="mo").out
    assert run("package", "lapse").code == 0


def test_points_are_ruled_earned_spent_and_given_by_command(run: Run, visit: str) -> None:
    assert run("points", "rule", "1", "0.05", "--months", "12", who="mo").code == 0
    assert run("points", "tier", "Gold", "500", "2", who="mo").code == 0
    assert "Gold" in run("points", "rules").out
    assert run("points", "give", "jane", "100", "-r", "Birthday", who="mo").code == 0
    sold = run("checkout", visit, "--pay", "points", "--pay", "cash", "--json")
    assert [(one["method"], one["amount"]) for one in sold.json["payments"]] == [("points", "5.00"), ("cash", "45.00")]
    shown = run("points", "show", "jane")
    assert "1 for each 1.00 of 37.50" in shown.out
    assert run("points", "owed", "--json", who="mo").json["points"] == 37
    assert run("points", "expire").code == 0
    assert run("points", "rule", "one", "0.05", who="mo").code == 2


def test_a_charge_pays_by_its_number_and_a_card_is_kept_by_its_token(
    run: Run, visit: str, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("card", "charge", "50", "--json").json["refused"] == "ChargeByHand"
    monkeypatch.setenv("FRONTDESK_CARD_TERMINAL", f"simulated:{place / 'bank'}")
    charged = run("card", "charge", "50", "--json").json
    assert charged["status"] == "approved"
    assert "Pay a ticket with it" in run("card", "open", "--json").json["charges"][0]["next"]
    sold = run("checkout", visit, "--pay", f"card@{charged['id']}")
    assert sold.err == "Receipt 1: £50.00 taken.\n"
    assert run("checkout", visit, "--pay", "card@x").code == 2
    assert run("card", "ask", "--json").json["charges"] == []
    kept = run("card", "keep", "jane", "Visa", "4242", "08/28", "tok_jane", "--json").json["cards"][0]
    assert "Visa 4242 exp 08/28" in run("card", "list", "jane").out
    refused = run("card", "keep", "jane", "Visa", "4242", "08/28", "4242424242424242", "--json")
    assert refused.json["refused"] == "CardNumberTyped"
    assert run("card", "drop", str(kept["id"]), "--json").json["cards"] == []
    assert run("card", "refund", str(charged["id"]), "--json", who="mo").json["refused"] == "ReceiptStands"
