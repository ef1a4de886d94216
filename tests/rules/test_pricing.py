"""Tickets add up to the cent, in every direction, whatever taxes and discounts are on them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frontdesk.errors import BadInput, Refusal
from frontdesk.money import rounded
from frontdesk.rules.pricing import (
    CardOverTender,
    Discount,
    DiscountTooLarge,
    Line,
    NobodyToTip,
    NothingLeftToPay,
    NotPaidInFull,
    Priced,
    TaxRate,
    TaxRounding,
    Tender,
    TenderNotPositive,
    percent_or_amount,
    price,
    reckon,
    settle,
    tip_shares,
)

VAT = TaxRate(id=1, name="VAT", percent=Decimal(20), inclusive=True)
REDUCED = TaxRate(id=2, name="VAT reduced", percent=Decimal("5.5"), inclusive=True)
CITY = TaxRate(id=3, name="City tax", percent=Decimal("2.9"), inclusive=False)
STATE = TaxRate(id=4, name="State tax", percent=Decimal("8.875"), inclusive=False)


def line(unit_price: str, *taxes: TaxRate, quantity: str = "1", discount: Discount | None = None, key: int = 1) -> Line:
    return Line(key, Decimal(quantity), Decimal(unit_price), taxes, discount)


def percent(value: str) -> Discount:
    return Discount(percent=Decimal(value))


def amount(value: str) -> Discount:
    return Discount(amount=Decimal(value))


def adds_up(priced: Priced) -> None:
    for one in priced.lines:
        inside = sum(tax.amount for tax in one.taxes if tax.inclusive)
        on_top = sum(tax.amount for tax in one.taxes if not tax.inclusive)
        assert one.gross - one.discount == one.net == one.taxable + inside
        assert one.total == one.net + on_top
        assert all(rounded(value, "EUR") == value for value in (one.net, one.taxable, one.total))
    assert priced.subtotal == sum(one.gross for one in priced.lines)
    assert priced.discount == sum(one.discount for one in priced.lines)
    assert priced.total == sum(one.total for one in priced.lines)
    assert sum(tax.amount for tax in priced.taxes) == sum(tax.amount for one in priced.lines for tax in one.taxes)
    assert priced.total == sum(one.taxable for one in priced.lines) + sum(tax.amount for tax in priced.taxes)


def test_the_vat_inside_98_at_20_percent_is_16_33() -> None:
    priced = price([line("80.00", VAT), line("18.00", VAT, key=2)], currency="GBP", tax_rounding="ticket")
    assert priced.total == Decimal("98.00")
    assert [tax.amount for tax in priced.taxes] == [Decimal("16.33")]
    assert [tax.taxable for tax in priced.taxes] == [Decimal("81.67")]
    assert [one.taxes[0].amount for one in priced.lines] == [Decimal("13.33"), Decimal("3.00")]


def test_one_line_of_98_has_the_same_vat() -> None:
    (only,) = price([line("98.00", VAT)], currency="GBP").lines
    assert (only.net, only.taxable, only.taxes[0].amount, only.total) == (
        *(Decimal("98.00"), Decimal("81.67"), Decimal("16.33"), Decimal("98.00")),
    )


def test_taxes_inside_and_on_top_are_both_reckoned_from_the_price_before_any_tax() -> None:
    (only,) = price([line("120.00", VAT, CITY, STATE)], currency="USD").lines
    assert only.taxable == Decimal("100.00")
    assert [tax.amount for tax in only.taxes] == [Decimal("20.00"), Decimal("2.90"), Decimal("8.88")]
    assert only.total == Decimal("131.78")


def test_two_taxes_inside_one_price_leave_what_is_taxed() -> None:
    (only,) = price([line("125.50", VAT, REDUCED)], currency="EUR").lines
    assert [tax.amount for tax in only.taxes] == [Decimal("20.00"), Decimal("5.50")]
    assert only.taxable == Decimal("100.00")


def test_rounding_once_for_the_ticket_can_differ_from_rounding_line_by_line() -> None:
    lines = [line("0.05", STATE, key=key) for key in range(3)]
    assert price(lines, currency="USD").taxes[0].amount == Decimal("0.00")
    once = price(lines, currency="USD", tax_rounding="ticket")
    assert [one.taxes[0].amount for one in once.lines] == [Decimal("0.01"), Decimal("0.00"), Decimal("0.00")]


def test_a_quantity_multiplies_before_rounding() -> None:
    assert price([line("1.11", quantity="0.25")], currency="EUR").total == Decimal("0.28")


def test_a_discount_on_the_ticket_is_spread_so_that_its_cents_add_up() -> None:
    lines = [line("10.00", VAT, key=key) for key in range(3)]
    priced = price(lines, ticket_discount=amount("10.00"), currency="EUR")
    assert [one.discount for one in priced.lines] == [Decimal("3.34"), Decimal("3.33"), Decimal("3.33")]
    assert priced.total == Decimal("20.00")


def test_discounts_of_line_and_ticket_follow_each_other() -> None:
    lines = [line("50.00", discount=percent("10")), line("30.00", discount=amount("5.00"), key=2)]
    priced = price(lines, ticket_discount=percent("10"), currency="GBP")
    assert [one.discount for one in priced.lines] == [Decimal("9.50"), Decimal("7.50")]
    assert (priced.subtotal, priced.discount, priced.total) == (Decimal("80.00"), Decimal("17.00"), Decimal("63.00"))


def test_a_discount_takes_off_at_most_the_price() -> None:
    assert price([line("5.00")], ticket_discount=amount("5.00"), currency="GBP").total == 0
    with pytest.raises(DiscountTooLarge, match=r"5\.01 GBP is more than the 5\.00 GBP"):
        price([line("5.00")], ticket_discount=amount("5.01"), currency="GBP")
    with pytest.raises(DiscountTooLarge):
        price([line("5.00", discount=amount("6.00"))], currency="GBP")
    with pytest.raises(DiscountTooLarge):
        price([], ticket_discount=amount("1.00"), currency="GBP")


def test_a_bundle_redeemed_is_a_negative_line() -> None:
    lines = [line("50.00", VAT), line("50.00", VAT, quantity="-1", key=2), line("18.00", VAT, key=3)]
    priced = price(lines, ticket_discount=percent("10"), currency="GBP")
    assert [one.net for one in priced.lines] == [Decimal("45.00"), Decimal("-45.00"), Decimal("16.20")]
    assert priced.total == Decimal("16.20")
    assert priced.taxes[0].amount == Decimal("2.70")


def test_a_ticket_covered_by_a_bundle_costs_nothing_even_with_a_percentage_off() -> None:
    lines = [line("50.00", VAT), line("50.00", VAT, quantity="-1", key=2)]
    assert price(lines, ticket_discount=percent("15"), currency="GBP", tax_rounding="ticket").total == 0


def test_an_empty_ticket_costs_nothing() -> None:
    assert price([], ticket_discount=percent("10"), currency="GBP").total == 0


def test_yen_have_no_cents() -> None:
    priced = price([line("1000", TaxRate(9, "消費税", Decimal(10), False), quantity="3")], currency="JPY")
    assert str(priced.total) == "3300"


taxes = st.lists(st.sampled_from([VAT, REDUCED, CITY, STATE]), unique=True, max_size=3).map(tuple)
discounts = st.none() | st.integers(0, 1000).map(lambda tenths: Discount(percent=Decimal(tenths) / 10))
prices = st.integers(0, 50_000).map(lambda cents: Decimal(cents) / 100)
quantities = st.sampled_from([Decimal(1), Decimal(2), Decimal("0.5"), Decimal("0.333")])
sold = st.builds(Line, st.just(1), quantities, prices, taxes, discounts)
returned = st.builds(Line, st.just(1), quantities.map(lambda quantity: -quantity), prices, taxes, discounts)
roundings = st.sampled_from(["line", "ticket"])


@settings(max_examples=1000, deadline=None)
@given(st.lists(st.one_of(sold, returned), max_size=8), discounts, roundings)
def test_no_ticket_loses_or_makes_a_cent(lines: list[Line], discount: Discount | None, how: TaxRounding) -> None:
    adds_up(price(lines, ticket_discount=discount, currency="EUR", tax_rounding=how))


def random_ticket(dice: Random) -> list[Line]:
    return [
        Line(
            key,
            quantity=Decimal(dice.choice(["1", "1", "2", "0.5", "-1"])),
            unit_price=Decimal(dice.randrange(20_000)) / 100,
            taxes=tuple(dice.sample([VAT, REDUCED, CITY, STATE], dice.randrange(3))),
            discount=dice.choice([None, None, percent("12.5")]),
        )
        for key in range(dice.randrange(1, 7))
    ]


def test_ten_thousand_tickets_add_up_and_rounding_each_share_alone_would_not() -> None:
    dice, lost = Random(98), 0
    for _ in range(10_000):
        lines, off = random_ticket(dice), Decimal(dice.randrange(1000)) / 10
        priced = price(lines, ticket_discount=Discount(percent=off), currency="EUR", tax_rounding="ticket")
        adds_up(priced)
        nets = [one.net for one in price(lines, currency="EUR").lines]
        alone = sum(rounded(net * off / 100, "EUR") for net in nets)
        lost += alone != rounded(sum(nets) * off / 100, "EUR")
    assert lost > 1000


@settings(max_examples=500, deadline=None)
@given(st.lists(sold, min_size=1, max_size=8), st.integers(0, 5000), roundings)
def test_a_sum_off_the_ticket_comes_off_exactly(lines: list[Line], cents: int, how: TaxRounding) -> None:
    before = price(lines, currency="EUR", tax_rounding=how)
    off = min(Decimal(cents) / 100, sum(one.net for one in before.lines) or Decimal())
    after = price(lines, ticket_discount=Discount(amount=off), currency="EUR", tax_rounding=how)
    adds_up(after)
    assert after.discount - before.discount == off
    assert all(one.net >= 0 for one in after.lines)


@settings(max_examples=500, deadline=None)
@given(st.lists(sold, min_size=1, max_size=6), discounts, roundings)
def test_a_ticket_returned_whole_gives_back_what_it_took(
    lines: list[Line], discount: Discount | None, how: TaxRounding
) -> None:
    back = [replace(one, quantity=-one.quantity) for one in lines]
    there = price(lines, ticket_discount=discount, currency="EUR", tax_rounding=how)
    again = price(back, ticket_discount=discount, currency="EUR", tax_rounding=how)
    assert [-one.total for one in again.lines] == [one.total for one in there.lines]
    assert again.total == -there.total


def test_a_discount_is_a_percentage_or_an_amount() -> None:
    for both_or_none in ({}, {"percent": Decimal(1), "amount": Decimal(1)}):
        with pytest.raises(ValueError, match="a percentage or an amount"):
            Discount(**both_or_none)
    for refused in ({"percent": Decimal(101)}, {"amount": Decimal(-1)}):
        with pytest.raises(BadInput):
            Discount(**refused)


def test_a_typed_discount_is_a_share_or_a_sum() -> None:
    assert percent_or_amount("10 %", "GBP", "en_GB") == percent("10")
    assert percent_or_amount("5.00", "GBP", "en_GB") == amount("5.00")
    assert percent_or_amount("12,5%", "EUR", "de_DE") == percent("12.5")
    for refused in ("110%", "-5", "ten"):
        with pytest.raises(BadInput):
            percent_or_amount(refused, "GBP", "en_GB")


def test_card_takes_what_cash_leaves() -> None:
    settled = settle(Decimal("98.00"), [Tender("cash", Decimal(50)), Tender("card")], "GBP")
    assert settled.payments == (("cash", Decimal(50)), ("card", Decimal("48.00")))
    assert settled.change == 0


def test_the_rest_is_what_all_others_leave_wherever_it_stands() -> None:
    settled = settle(Decimal("98.00"), [Tender("card"), Tender("cash", Decimal(50))], "GBP")
    assert settled.payments == (("card", Decimal("48.00")), ("cash", Decimal(50)))


def test_cash_over_gives_change() -> None:
    settled = settle(Decimal("98.00"), [Tender("gift card", Decimal(20)), Tender("cash", Decimal(100))], "GBP")
    assert settled.payments == (("gift card", Decimal(20)), ("cash", Decimal("78.00")))
    assert settled.handed_over == (("gift card", Decimal(20)), ("cash", Decimal(100)))
    assert settled.change == Decimal("22.00")


@pytest.mark.parametrize(
    ("tenders", "refusal", "sentence"),
    [
        ([("card", "100")], CardOverTender, "98.00 GBP is left to pay, so card can't take 100.00 GBP"),
        ([("cash", "50")], NotPaidInFull, "48.00 GBP is still to be paid"),
        ([], NotPaidInFull, "98.00 GBP is still to be paid"),
        ([("cash", "0")], TenderNotPositive, "A cash tender of 0.00 GBP pays nothing"),
        ([("card", "-5"), ("cash", "103")], TenderNotPositive, "A card tender of -5.00 GBP"),
        ([("cash", "100"), ("card", "5")], NothingLeftToPay, "Nothing is left to pay by card"),
        ([("cash", "98"), ("card", None)], NothingLeftToPay, "Nothing is left to pay by card"),
        ([("card", None), ("cash", None)], NothingLeftToPay, "Nothing is left to pay by cash"),
        ([("cash", "98.005")], BadInput, "98.005 GBP can't be paid exactly"),
    ],
)
def test_what_does_not_pay_the_ticket_is_refused(
    tenders: list[tuple[str, str | None]], refusal: type[Exception], sentence: str
) -> None:
    put_down = [Tender(method, Decimal(value) if value else None) for method, value in tenders]
    with pytest.raises(refusal, match=sentence):
        settle(Decimal("98.00"), put_down, "GBP")


def test_a_ticket_that_costs_nothing_is_paid_by_nothing() -> None:
    settled = settle(Decimal(0), [], "GBP")
    assert (settled.payments, settled.change) == ((), Decimal(0))


def test_a_refund_is_not_a_payment() -> None:
    with pytest.raises(ValueError, match="refund"):
        settle(Decimal(-5), [], "GBP")


@given(st.integers(1, 100_000), st.lists(st.integers(1, 30_000), max_size=5))
def test_payments_add_up_to_what_was_due(due_cents: int, cash_cents: list[int]) -> None:
    due = Decimal(due_cents) / 100
    tenders = [Tender("cash", Decimal(cents) / 100) for cents in cash_cents]
    if sum(cash_cents) < due_cents:
        tenders.append(Tender("card"))
    elif sum(cash_cents[:-1]) >= due_cents:
        return
    settled = settle(due, tenders, "EUR")
    assert sum(paid for _, paid in settled.payments) == due
    assert sum(handed for _, handed in settled.handed_over) - settled.change == due


TENDERS = st.lists(
    st.builds(Tender, st.sampled_from(["cash", "card"]), st.one_of(st.none(), st.integers(1, 30_000).map(Decimal))),
    max_size=5,
)


@given(st.integers(0, 60_000).map(Decimal), TENDERS)
def test_whatever_is_put_down_is_weighed_and_settled_only_when_it_fits(due: Decimal, tenders: list[Tender]) -> None:
    found = reckon(due, tenders, "JPY")
    assert sum(counts for _, counts in found.payments) + found.rest == due
    handed = sum(given for _, given in found.handed_over)
    assert handed == sum(counts for _, counts in found.payments) + found.change + found.over
    fits = not found.rest and not found.over and all(counts for _, counts in found.payments)
    try:
        settled = settle(due, tenders, "JPY")
    except Refusal:
        assert not fits
        return
    assert fits
    assert (settled.payments, settled.change) == (found.payments, found.change)


def test_a_tip_follows_the_work() -> None:
    shares = tip_shares(Decimal("10.00"), {7: Decimal(120), 9: Decimal(30)}, "GBP")
    assert shares == {7: Decimal("8.00"), 9: Decimal("2.00")}


def test_a_tip_on_free_work_is_shared_equally_and_the_sum_is_the_tip() -> None:
    assert tip_shares(Decimal("5.01"), {1: Decimal(0), 2: Decimal(-3)}, "GBP") == {
        1: Decimal("2.51"),
        2: Decimal("2.50"),
    }


def test_a_tip_needs_somebody() -> None:
    assert tip_shares(Decimal(0), {}, "GBP") == {}
    with pytest.raises(NobodyToTip):
        tip_shares(Decimal(5), {}, "GBP")
