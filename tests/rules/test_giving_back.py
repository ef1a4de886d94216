"""However a sale goes back, in whatever parts, the parts are the whole to the cent and never more (features CO13)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from frontdesk.rules.giving_back import (
    LineLeft,
    MoreThanLeft,
    TenderLeft,
    by_amount,
    by_quantity,
    cash_rounding,
    spread,
    tenders_back,
)
from frontdesk.rules.pricing import Discount, Line, PricedLine, TaxRate, price
from tests.seeds import seeds

VAT = TaxRate(1, "VAT", Decimal(20), True)
STATE = TaxRate(2, "State tax", Decimal("8.875"), False)
LUXURY = TaxRate(3, "Luxury", Decimal("1.5"), True)


def left_of(key: int, quantity: Decimal, priced: PricedLine) -> LineLeft:
    return LineLeft(
        key, f"Line {key}", quantity, priced.gross, priced.discount, priced.taxable, priced.taxes, priced.total
    )


def baskets(seed: int, times: int) -> Iterator[list[LineLeft]]:
    """Tickets with discounts, several of a thing and several taxes."""
    dice = random.Random(seed)
    for _ in range(times):
        lines = [
            Line(
                key,
                Decimal(dice.randint(1, 4)),
                Decimal(dice.randint(0, 9999)) / 100,
                tuple(tax for tax in (VAT, STATE, LUXURY) if dice.random() < 0.5),
                Discount(percent=Decimal(dice.randint(0, 100))) if dice.random() < 0.4 else None,
            )
            for key in range(dice.randint(1, 5))
        ]
        off = Discount(percent=Decimal(dice.randint(0, 50))) if dice.random() < 0.5 else None
        sold = price(lines, ticket_discount=off, currency="GBP", tax_rounding=dice.choice(["line", "ticket"]))
        yield [
            left_of(place, line.quantity, one) for place, (line, one) in enumerate(zip(lines, sold.lines, strict=True))
        ]


def without(line: LineLeft, part: LineLeft) -> LineLeft:
    """What is left of a line when a part of it has gone."""
    return replace(
        line,
        quantity=line.quantity - part.quantity,
        gross=line.gross - part.gross,
        discount=line.discount - part.discount,
        taxable=line.taxable - part.taxable,
        total=line.total - part.total,
        taxes=tuple(
            replace(tax, taxable=tax.taxable - gone.taxable, amount=tax.amount - gone.amount)
            for tax, gone in zip(line.taxes, part.taxes, strict=True)
        ),
    )


def faults(line: LineLeft, part: LineLeft) -> Iterator[str]:
    """What is wrong with a part."""
    if part.total != part.taxable + sum(tax.amount for tax in part.taxes):
        yield "it is not its taxable and its taxes"
    on_top = sum(tax.amount for tax in part.taxes if not tax.inclusive)
    if part.gross - part.discount != part.total - on_top:
        yield "its price is not what it comes to"
    if any(not 0 <= tax.amount <= most.amount for tax, most in zip(part.taxes, line.taxes, strict=True)):
        yield "more of a tax goes than was taken"
    if not (
        0 <= part.total <= line.total and 0 <= part.quantity <= line.quantity and 0 <= part.taxable <= line.taxable
    ):
        yield "more goes than is left"


@pytest.mark.parametrize("seed", seeds(1))
def test_whatever_goes_in_whatever_parts_it_adds_up_to_the_whole(seed: int) -> None:
    dice = random.Random(seed)
    for lines in baskets(seed, 300):
        left = {line.key: line for line in lines}
        for _ in range(dice.randint(0, 4)):
            if dice.random() < 0.5:
                whole = sum((line.total for line in left.values()), Decimal())
                parts = spread(
                    list(left.values()), (whole * dice.randint(1, 99) / 100).quantize(Decimal("0.01")), "GBP"
                )
            else:
                some = [line for line in left.values() if line.quantity]
                parts = [by_quantity(one, Decimal(dice.randint(1, int(one.quantity))), "GBP") for one in some[:1]]
            for part in parts:
                assert not list(faults(left[part.key], part)), (left[part.key], part)
                left[part.key] = without(left[part.key], part)
        for line in left.values():
            rest = by_quantity(line, line.quantity, "GBP") if line.quantity else line
            assert not list(faults(line, rest)), line
            gone = without(line, rest)
            assert gone.is_gone
            assert (gone.total, gone.discount, *(tax.amount for tax in gone.taxes)) == (0,) * (2 + len(gone.taxes))


def test_rounding_each_share_alone_would_lose_cents() -> None:
    """The negative control: `spread` without the largest remainder."""
    (lines,) = [[replace(one, key=key) for key in range(3)] for one in next(baskets(1, 1))[:1]]
    lines = [replace(line, total=Decimal("10.00"), taxable=Decimal("10.00"), taxes=()) for line in lines]
    alone = [(Fraction(20) * Fraction(line.total) / 30) for line in lines]
    assert sum(Decimal(round(share * 100)) / 100 for share in alone) != Decimal(20)
    assert sum(part.total for part in spread(lines, Decimal(20), "GBP")) == Decimal(20)


def test_what_was_free_goes_back_by_how_many() -> None:
    free = LineLeft(1, "Tester", Decimal(3), Decimal(30), Decimal(30), Decimal(0), (), Decimal(0))
    part = by_quantity(free, Decimal(1), "GBP")
    assert [part.quantity, part.gross, part.discount, part.total] == [1, 10, 10, 0]


def test_a_negative_line_goes_back_as_it_came() -> None:
    coins = LineLeft(1, "Rounding", Decimal(1), Decimal("-0.02"), Decimal(0), Decimal("-0.02"), (), Decimal("-0.02"))
    assert by_quantity(coins, Decimal(1), "GBP") == coins
    with pytest.raises(MoreThanLeft):
        by_amount(coins, Decimal("-0.03"), "GBP")


TENDERS = (
    TenderLeft(1, "cash", Decimal(30)),
    TenderLeft(2, "package", Decimal(45)),
    TenderLeft(3, "gift_card", Decimal(20)),
    TenderLeft(4, "card", Decimal(10)),
)


@pytest.mark.parametrize(
    ("amount", "of_packages", "back"),
    [
        ("15", "0", {3: 15}),
        ("25", "0", {3: 20, 4: 5}),
        ("60", "0", {3: 20, 4: 10, 1: 30}),
        ("45", "45", {2: 45}),
        ("63", "45", {2: 45, 3: 18}),
        ("105", "45", {1: 30, 2: 45, 3: 20, 4: 10}),
    ],
)
def test_a_session_goes_back_to_its_package_and_cash_goes_last(
    amount: str, of_packages: str, back: dict[int, int]
) -> None:
    found = tenders_back(Decimal(amount), Decimal(of_packages), TENDERS, "GBP")
    assert found == {key: Decimal(value) for key, value in back.items()}


def test_no_more_goes_back_than_the_tenders_have() -> None:
    with pytest.raises(MoreThanLeft, match=r"Only 105.00 GBP is left of what was paid"):
        tenders_back(Decimal("105.01"), Decimal(45), TENDERS, "GBP")
    with pytest.raises(MoreThanLeft, match="60"):  # a session is no money
        tenders_back(Decimal(70), Decimal(0), TENDERS, "GBP")


@pytest.mark.parametrize(
    ("cash", "step", "most", "more"),
    [("5.02", "0.05", "10", "-0.02"), ("5.03", "0.05", "10", "0.02"), ("5.03", "0.05", "5.03", "-0.03"),
     ("5.03", "0", "10", "0"), ("5.00", "0.05", "10", "0"), ("0.5", "1", "10", "0.5")],
)  # fmt: skip
def test_cash_goes_back_in_coins_that_there_are(cash: str, step: str, most: str, more: str) -> None:
    assert cash_rounding(Decimal(cash), Decimal(step), Decimal(most), "GBP") == Decimal(more)
