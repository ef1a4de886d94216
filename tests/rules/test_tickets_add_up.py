"""Everything at once: classes of taxes, coupons, discounts, a service charge. No cent is lost, and each has its why."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest

from frontdesk.money import apportioned, rounded
from frontdesk.rules.explaining import Explainer
from frontdesk.rules.pricing import (
    Cut,
    Discount,
    DiscountTooLarge,
    Line,
    Priced,
    TaxAmount,
    TaxRate,
    TaxRounding,
    price,
    tips_by_hand,
)
from tests.rules.test_pricing import CITY, REDUCED, STATE, VAT, adds_up, amount, line, percent
from tests.seeds import seeds

GST = TaxRate(id=5, name="GST", percent=Decimal(5), inclusive=False, position=1)
QST = TaxRate(id=6, name="QST", percent=Decimal("9.5"), inclusive=False, position=2, compounds=True)
CESS = TaxRate(id=7, name="Cess", percent=Decimal("3.25"), inclusive=True, position=3, compounds=True)
TAXES = (VAT, REDUCED, CITY, STATE, GST, QST, CESS)
BASKETS = 800
"""For each seed: thirteen seeds are ten thousand."""


@dataclass(frozen=True)
class Basket:
    """A random ticket."""

    lines: tuple[Line, ...]
    cuts: tuple[Cut, ...]
    discount: Discount | None
    how: TaxRounding


def some_discount(dice: Random, most: int) -> Discount | None:
    kind = dice.randrange(3)
    if kind == 0:
        return None
    return (
        Discount(percent=Decimal(dice.randrange(1001)) / 10)
        if kind == 1
        else amount(f"{dice.randrange(most)}.0{dice.randrange(10)}")
    )


def some_basket(dice: Random) -> Basket:
    lines = []
    for key in range(dice.randrange(1, 7)):
        cents = dice.randrange(1, 20_000)
        lines.append(
            Line(
                key,
                Decimal(dice.choice(["1", "1", "2", "3", "0.5"])),
                Decimal(cents) / 100,
                tuple(dice.sample(TAXES, dice.randrange(4))),
                dice.choice(
                    [None, None, percent("12.5"), Discount(amount=Decimal(dice.randrange(cents // 2 + 1)) / 100)]
                ),
                is_discounted=dice.random() < 0.8,
                is_charged=dice.random() < 0.7,
            )
        )
    if dice.random() < 0.4:
        charge = Decimal(dice.choice(["10", "12.5", "18"]))
        lines.append(Line("charge", Decimal(1), Decimal(0), (VAT,), is_discounted=False, charge=charge))
    if dice.random() < 0.2:
        out = TaxAmount(1, "VAT", Decimal(20), True, Decimal("8.33"), Decimal("-8.33"))
        lines.append(Line("out", Decimal(1), Decimal(0), is_discounted=False, fixed=(out,)))
    keys = [one.key for one in lines]
    cuts = tuple(
        Cut(number, discount, frozenset(dice.sample(keys, dice.randrange(1, len(keys) + 1))))
        for number in range(dice.randrange(3))
        if (discount := some_discount(dice, 60))
    )
    return Basket(tuple(lines), cuts, some_discount(dice, 20), dice.choice(["line", "ticket"]))


def priced(basket: Basket) -> Priced | None:
    """None when the discount is more than there is, which is refused."""
    try:
        return price(
            basket.lines, ticket_discount=basket.discount, cuts=basket.cuts, currency="EUR", tax_rounding=basket.how
        )
    except DiscountTooLarge:
        return None


def worked_out(arithmetic: str) -> Decimal:
    """The printed sum by the school's rules and nothing of ours: rounded to the cent, halves up."""

    def value(node: ast.expr) -> Fraction:
        if isinstance(node, ast.Constant):
            return Fraction(str(node.value))
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return -value(node.operand)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "round":
            return Fraction(cents(value(node.args[0])), 100)
        assert isinstance(node, ast.BinOp), ast.dump(node)
        left, right = value(node.left), value(node.right)
        match node.op:
            case ast.Add():
                return left + right
            case ast.Sub():
                return left - right
            case ast.Mult():
                return left * right
        assert isinstance(node.op, ast.Div), ast.dump(node)
        return left / right

    def cents(exact: Fraction) -> int:
        whole = int(abs(exact) * 100 + Fraction(1, 2))
        return -whole if exact < 0 else whole

    quoted = re.sub(r"\d+(\.\d+)?", lambda number: f"'{number.group()}'", arithmetic.replace(" x ", " * "))
    return Decimal(cents(value(ast.parse(quoted, mode="eval").body))) / 100


@pytest.mark.parametrize("seed", seeds(98))
def test_thousands_of_baskets_add_up_and_each_figure_is_what_its_sum_says(seed: int) -> None:
    """The negative control: shares rounded one by one lose a cent in many of them."""
    dice, lost, moved = Random(seed), 0, 0
    for _ in range(BASKETS):
        basket = some_basket(dice)
        sums = priced(basket)
        if sums is None:
            continue
        adds_up(sums)
        assert all(one.net >= 0 for one in sums.lines)
        assert all(
            one.own_discount + sum(a for _, a in one.cuts) + one.ticket_discount == one.discount for one in sums.lines
        )
        names = [str(one.key) for one in basket.lines]
        codes = [str(cut.key) for cut in basket.cuts]
        explainer = Explainer(
            basket.lines, names, sums, "EUR", basket.cuts, codes, basket.discount, basket.how == "ticket"
        )
        for reason in explainer.reasons():
            assert worked_out(reason.arithmetic) == reason.amount, reason
            moved += reason.arithmetic.startswith("round(")
        if basket.discount is not None and basket.discount.percent is not None:
            left = [
                one.net + one.ticket_discount
                for one, asked in zip(sums.lines, basket.lines, strict=True)
                if asked.is_discounted
            ]
            alone = sum((rounded(net * basket.discount.percent / 100, "EUR") for net in left), Decimal(0))
            lost += alone != sum(one.ticket_discount for one in sums.lines)
    assert lost > 40
    assert moved > 40


def test_a_sum_that_is_wrong_is_noticed() -> None:
    """The control of the evaluator: another figure, another order, another cent."""
    assert worked_out("98.00 x 20 / 120") == Decimal("16.33")
    assert worked_out("round(10.00 x 10.00 / 30.00) + 0.01") == Decimal("3.34")
    assert worked_out("100.00 x 9.5 x (100 + 5) / 100 / 100") == Decimal("9.98")
    assert worked_out("98.00 x 20 / 100") != Decimal("16.33")
    assert worked_out("0.125 x 1") == Decimal("0.13")


def test_a_tax_is_taken_of_the_tax_before_it() -> None:
    (only,) = price([line("100.00", GST, QST)], currency="CAD").lines
    assert [tax.amount for tax in only.taxes] == [Decimal("5.00"), Decimal("9.98")]
    assert [tax.taxable for tax in only.taxes] == [Decimal("100.00"), Decimal("105.00")]
    (other,) = price([line("100.00", QST, GST)], currency="CAD").lines
    assert other.taxes == only.taxes


def test_a_tax_on_taxes_may_be_inside_the_price() -> None:
    (only,) = price([line("123.90", VAT, CESS)], currency="EUR").lines
    assert [tax.amount for tax in only.taxes] == [Decimal("20.00"), Decimal("3.90")]
    assert (only.taxable, only.total) == (Decimal("100.00"), Decimal("123.90"))


def test_coupons_come_off_what_line_discounts_leave_and_before_the_tickets() -> None:
    lines = [line("50.00", discount=percent("10")), line("30.00", key=2)]
    cut = Cut(9, percent("20"), frozenset({1}))
    sums = price(lines, ticket_discount=amount("6.60"), cuts=[cut], currency="GBP")
    assert [one.own_discount for one in sums.lines] == [Decimal("5.00"), Decimal("0.00")]
    assert [one.cuts for one in sums.lines] == [((9, Decimal("9.00")),), ()]
    assert [one.ticket_discount for one in sums.lines] == [Decimal("3.60"), Decimal("3.00")]
    assert (sums.subtotal, sums.discount, sums.total) == (Decimal("80.00"), Decimal("20.60"), Decimal("59.40"))


def test_a_coupon_takes_what_there_is_and_never_more() -> None:
    sums = price([line("8.00")], cuts=[Cut(1, amount("10.00"), frozenset({1}))] * 2, currency="GBP")
    assert (sums.discount, sums.total) == (Decimal("8.00"), Decimal("0.00"))


def test_a_gift_card_is_sold_at_its_price_whatever_comes_off() -> None:
    card = Line(2, Decimal(1), Decimal("50.00"), is_discounted=False)
    cut = Cut(1, percent("50"), frozenset({1, 2}))
    sums = price([line("50.00"), card], ticket_discount=percent("10"), cuts=[cut], currency="GBP")
    assert [one.total for one in sums.lines] == [Decimal("22.50"), Decimal("50.00")]


def test_a_service_charge_is_of_services_after_discounts_and_bears_tax() -> None:
    lines = [
        Line(1, Decimal(1), Decimal("80.00"), (VAT,), percent("10"), is_charged=True),
        Line(2, Decimal(1), Decimal("18.00"), (VAT,)),
        Line(3, Decimal(1), Decimal(0), (VAT,), is_discounted=False, charge=Decimal("12.5")),
    ]
    sums = price(lines, currency="GBP")
    assert (sums.lines[2].gross, sums.lines[2].taxes[0].amount) == (Decimal("9.00"), Decimal("1.50"))
    assert sums.total == Decimal("99.00")


def test_named_parts_of_a_tip_are_theirs_and_the_rest_is_shared_by_the_others() -> None:
    served = {1: Decimal(50), 2: Decimal(30)}
    assert tips_by_hand(Decimal(13), {3: Decimal(5)}, served, "GBP") == {
        3: Decimal(5),
        1: Decimal("5.00"),
        2: Decimal("3.00"),
    }
    assert tips_by_hand(Decimal(8), {2: Decimal(0)}, served, "GBP") == {2: Decimal(0), 1: Decimal("8.00")}


def test_shares_that_are_rounded_alone_lose_a_cent() -> None:
    thirds = [Fraction(10, 3)] * 3
    assert sum(rounded(third, "EUR") for third in thirds) == Decimal("9.99")
    assert sum(apportioned(thirds, "EUR")) == Decimal("10.00")
