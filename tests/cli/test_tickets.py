"""checkout's wishes, parked, coupon, discount, priceclass: the ticket in full by command."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Run


@pytest.fixture
def visit(run: Run) -> str:
    """Jane's cut with Anna, today at ten: its code."""
    return str(run("book", "jane cut today 10:00 anna", "--json").json["code"])


def test_coupon_class_price_tip_and_reason_are_said_and_why_says_why(run: Run, visit: str) -> None:
    assert run("coupon", "add", "FIVE", "5.00", "--uses", "1", who="mo").code == 0
    assert run("priceclass", "add", "Staff", "50%", who="mo").code == 0
    said = ("checkout", visit, "--product", "SHA", "--coupon", "five", "--class", "sta", "--price", "cut:40",
            "--tip", "6", "--tip-to", "bo:2")  # fmt: skip
    quoted = run(*said, "--quote")
    assert quoted.code == 0, quoted.err
    assert ["To", "pay", "50.00"] in [line.split() for line in quoted.out.splitlines()]
    assert "price class" in run(*said, "--why").out
    sold = run(*said, "--pay", "cash", "--json")
    assert sold.code == 0, sold.err
    assert (sold.json["number"], sold.json["total"], sold.json["tip"]) == (1, "44.00", "6.00")
    again = run("checkout", "--product", "SHA", "--coupon", "five", "--pay", "cash", "--json")
    assert (again.code, again.json["refused"]) == (3, "CouponUsedUp")
    assert "1 of 1" in run("coupon", "list").out


def test_a_ticket_is_parked_listed_and_paid_by_its_number(run: Run, visit: str) -> None:
    put = run("checkout", visit, "--discount", "10%", "--park", "wants a serum")
    number = put.err.removeprefix("Parked as ").partition(":")[0]
    assert f"Parked as {number}: £45.00." in put.err
    assert "wants a serum" in run("parked", "list").out
    assert run("parked", "show", number, "--json").json["total_due"] == "45.00"
    assert run("checkout", "--parked", number, "--discount", "5%", "--pay", "cash").code == 2
    short = run("checkout", "--parked", number, "--pay", "cash:5", "--json")
    assert short.json["refused"] == "NotPaidInFull"
    assert run("parked", "list", "--json").json["tickets"]
    sold = run("checkout", "--parked", number, "--pay", "cash:50", "--keep-change", "--json")
    assert (sold.json["total"], sold.json["tip"], sold.json["change"]) == ("45.00", "5.00", "0.00")
    assert run("parked", "list", "--json").json["tickets"] == []
    assert run("parked", "drop", number).code == 3


def test_a_role_s_limit_and_an_exemption(run: Run, visit: str) -> None:
    assert "10 %" in run("discount", "limit", "receptionist", "10%", who="mo").out
    refused = run("checkout", visit, "--discount", "20%", "--reason", "Late start", "--pay", "cash", "--json")
    assert (refused.code, refused.json["refused"]) == (3, "NotAllowed")
    assert run("checkout", visit, "--exempt", "", "--quote", "--json").json["refused"] == "ReasonMissing"
    free = run("checkout", visit, "--exempt", "Embassy", "--pay", "cash", "--json")
    assert (free.json["tax"], free.json["total"]) == ("0", "41.67")
