"""checkout and report: the money of a day."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.cli.conftest import Run


@pytest.fixture
def visit(run: Run) -> str:
    """Jane's cut with Anna, today at ten: its code."""
    return str(run("book", "jane cut today 10:00 anna", "--json").json["code"])


def test_two_tenders_the_second_takes_the_rest_and_the_receipt_is_data(run: Run, visit: str) -> None:
    ended = run("checkout", visit, "--pay", "cash:20", "--pay", "card", "--approval", "123456", "--tip", "10",
                "--discount", "10%")  # fmt: skip
    assert ended.code == 0, ended.err
    lines = [line.split() for line in ended.out.splitlines()]
    assert ["Discount", "10", "%", "-5.00"] in lines
    assert ["Cash", "20.00"] in lines
    assert ["Card", "35.00"] in lines
    assert "Cut                                  50.00" in ended.out
    assert ended.err == "Receipt 1: £55.00 taken.\n"


def test_cash_gives_change(run: Run, visit: str) -> None:
    ended = run("checkout", visit, "--pay", "cash:60")
    assert ended.err == "Receipt 1: £50.00 taken. Give back £10.00.\n"


def test_a_receipt_again_says_that_it_is_a_copy(run: Run, visit: str) -> None:
    first = run("checkout", visit, "--pay", "cash").out
    again = run("receipt", "1").out
    assert "COPY" in again
    assert "COPY" not in first
    assert run("receipt", "99").code == 3


def test_one_service_and_a_product_with_their_own_terms(run: Run, visit: str) -> None:
    ended = run("checkout", visit, "--off", "cut:5", "--product", "SHA:2", "--sold-by", "bo", "--pay", "cash", "--json")
    assert ended.code == 0, ended.err
    assert (ended.json["total"], ended.json["discount"]) == ("81.00", "5.00")


def test_products_alone(run: Run) -> None:
    assert run("checkout", "--product", "shampoo", "--pay", "cash:18", "--json").json["total"] == "18.00"


def test_refusals_and_mistypings_take_nothing(run: Run, visit: str) -> None:
    assert run("checkout", visit, "--json").json["refused"] == "NotPaidInFull"
    assert run("checkout", visit, "--pay", "card", "--json").json["refused"] == "ApprovalCodeMissing"
    assert run("checkout", visit, "--pay", "card:60", "--approval", "1", "--json").json["refused"] == "CardOverTender"
    for mistyped in (["--pay", "cash:1,5"], ["--pay", "cash", "--approval", "1"], ["--off", "perm:5"], ["--tip", "x"]):
        assert run("checkout", visit, *mistyped).code == 2
    assert run("show", visit, "--json").json["lines"][0]["paid"] is False


def test_the_same_key_takes_the_money_once(run: Run, visit: str) -> None:
    wish = ("checkout", visit, "--pay", "cash:60", "--key", str(uuid4()), "--json")
    assert run(*wish).json == run(*wish).json
    assert run("checkout", visit, "--pay", "cash", "--json").json["refused"] == "AlreadyPaid"


def test_the_days_report_adds_up_and_is_the_managers(run: Run, visit: str) -> None:
    run("checkout", visit, "--pay", "cash:20", "--pay", "card", "--approval", "1", "--tip", "5")
    assert run("report", "day").code == 3
    shown = run("report", "day", who="mo").out
    rows = [line.split() for line in shown.splitlines()]
    assert ["Takings", "50.00"] in rows
    assert ["Anna", "1", "41.67", "0.00", "5.00", "50.00", "16.67"] in rows
    assert max(map(len, shown.splitlines())) <= 80
    assert run("report", "day", "yesterday", "--json", who="mo").json["sales"] == 0


def test_the_day_at_a_glance(run: Run, visit: str) -> None:
    run("checkout", visit, "--pay", "cash", "--tip", "5")
    run("finish", visit)
    drawn = run("report", "today", who="mo").out
    assert "Takings   50.00\n" in drawn
    assert "Visits    1: 1 done" in drawn
    assert "Visits   none" in run("report", "today", "tomorrow", who="mo").out
    assert run("report", "today", "tomorrow", "--json", who="mo").json["takings"] == "0"
    assert run("report", "today", who="ria").code == 3
