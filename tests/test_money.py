"""Amounts are rounded once, shared to the cent, and read exactly as the locale writes them."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from frontdesk.errors import BadInput
from frontdesk.money import (
    apportioned,
    minor_digits,
    money_text,
    number_text,
    parse_money,
    parse_percent,
    plain,
    rounded,
    split,
)

LOCALES = [
    *("en_GB", "en_US", "en_IN", "de_DE", "de_AT", "de_CH", "fr_FR", "fr_CH", "es_ES", "pt_BR", "it_IT", "nl_NL"),
    *("sv_SE", "nb_NO", "pl_PL", "lt_LT", "ja_JP", "hi_IN", "bn_BD", "ar_EG", "he_IL", "fa_IR", "tr_TR"),
]

amounts = st.decimals(min_value=-999_999, max_value=999_999, places=2)


@pytest.mark.parametrize(("currency", "digits"), [("EUR", 2), ("GBP", 2), ("JPY", 0), ("KWD", 3)])
def test_a_currency_knows_its_minor_digits(currency: str, digits: int) -> None:
    assert minor_digits(currency) == digits


@pytest.mark.parametrize(
    ("amount", "currency", "result"),
    [
        ("0.125", "EUR", "0.13"),
        ("-0.125", "EUR", "-0.13"),
        ("0.5", "JPY", "1"),
        ("2.5", "JPY", "3"),
        ("1.0005", "KWD", "1.001"),
        ("16.3333", "GBP", "16.33"),
        ("98", "GBP", "98.00"),
        ("-0.001", "EUR", "0.00"),
    ],
)
def test_halves_are_rounded_away_from_zero(amount: str, currency: str, result: str) -> None:
    assert str(rounded(Decimal(amount), currency)) == result


def test_shares_add_up_to_the_whole_and_ties_go_to_the_first() -> None:
    assert split(Decimal("10.00"), [1, 1, 1], "EUR") == [Decimal("3.34"), Decimal("3.33"), Decimal("3.33")]
    assert split(Decimal("100"), [1, 1, 1], "JPY") == [Decimal(34), Decimal(33), Decimal(33)]
    assert split(Decimal("10.00"), [Decimal("0.5"), 0, 2], "EUR") == [Decimal("2.00"), Decimal("0.00"), Decimal("8.00")]


def test_weights_of_nothing_share_equally() -> None:
    assert split(Decimal("0.05"), [0, 0], "EUR") == [Decimal("0.03"), Decimal("0.02")]
    assert split(Decimal(0), [], "EUR") == []


def test_a_total_can_not_be_shared_by_nobody_or_by_weights_that_cancel_out() -> None:
    for weights in ([], [1, -1]):
        with pytest.raises(ValueError, match="add up to nothing"):
            split(Decimal(1), weights, "EUR")


def test_a_negative_line_takes_a_negative_share() -> None:
    assert split(Decimal("5.00"), [100, -50], "EUR") == [Decimal("10.00"), Decimal("-5.00")]


@settings(max_examples=500)
@given(amounts, st.lists(st.integers(0, 10_000), min_size=1, max_size=12))
def test_no_cent_is_lost_or_made_by_sharing(total: Decimal, weights: list[int]) -> None:
    shares = split(total, weights, "EUR")
    assert sum(shares) == total
    assert split(-total, weights, "EUR") == [-share for share in shares]
    assert all(not share for share, weight in zip(shares, weights, strict=True) if not weight and any(weights))


def test_rounding_each_share_alone_does_lose_a_cent() -> None:
    alone = [rounded(Decimal("10.00") / 3, "EUR") for _ in range(3)]
    assert sum(alone) == Decimal("9.99")
    assert sum(split(Decimal("10.00"), [1, 1, 1], "EUR")) == Decimal("10.00")


@settings(max_examples=500)
@given(st.lists(st.decimals(-1000, 1000, places=5), min_size=1, max_size=12))
def test_exact_amounts_move_by_less_than_a_cent_and_sum_to_their_rounded_sum(exact: list[Decimal]) -> None:
    shares = apportioned(exact, "EUR")
    assert sum(shares) == rounded(sum(exact, Decimal()), "EUR")
    assert all(abs(share - amount) <= Decimal("0.01") for share, amount in zip(shares, exact, strict=True))


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize(("currency", "places"), [("EUR", 2), ("JPY", 0), ("KWD", 3), ("GBP", 2)])
@settings(max_examples=40)
@given(amount=st.integers(-(10**11), 10**11))
@example(amount=123450)
@example(amount=-100)
@example(amount=0)
def test_what_is_shown_can_be_typed_back(locale: str, currency: str, places: int, amount: int) -> None:
    money = Decimal(amount).scaleb(-places)
    assert parse_money(money_text(money, currency, locale), currency, locale, allow_negative=True) == money


@pytest.mark.parametrize(
    ("amount", "currency", "locale", "shown"),
    [
        ("1234.5", "GBP", "en_GB", "£1,234.50"),
        ("1234.5", "EUR", "de-DE", "1.234,50\xa0€"),
        ("1234.5", "KWD", "en_GB", "KWD1,234.500"),
        ("1234567.89", "INR", "en_IN", "₹12,34,567.89"),
        ("-5", "ILS", "he_IL", "-5.00\xa0₪"),
    ],
)
def test_money_is_shown_as_the_locale_writes_it(amount: str, currency: str, locale: str, shown: str) -> None:
    assert money_text(Decimal(amount), currency, locale) == shown


def test_a_column_of_one_currency_leaves_its_sign_out() -> None:
    assert number_text(Decimal("-1234.5"), "EUR", "de-DE") == "-1.234,50"
    assert number_text(Decimal("1234567.5"), "INR", "en_IN") == "12,34,567.50"
    assert number_text(Decimal("1234"), "JPY", "ja_JP") == "1,234"


def test_tables_show_bare_numbers() -> None:
    assert [plain(Decimal("1234.5"), code) for code in ("EUR", "JPY", "KWD")] == ["1234.50", "1235", "1234.500"]


@pytest.mark.parametrize(
    ("text", "currency", "locale", "amount"),
    [
        ("12", "GBP", "en_GB", "12.00"),
        (" £ 12.50 ", "GBP", "en_GB", "12.50"),
        ("12.5 gbp", "GBP", "en_GB", "12.50"),
        ("1.234", "EUR", "de_DE", "1234.00"),
        ("1234,50", "EUR", "de_DE", "1234.50"),
        ("1.234,50 €", "EUR", "de_DE", "1234.50"),
        ("1 234,50", "EUR", "fr_FR", "1234.50"),
        ("1'234.50", "CHF", "de_CH", "1234.50"),
        ("$5", "USD", "de_DE", "5.00"),
        ("١٢", "EGP", "ar_EG", "12.00"),
    ],
)
def test_an_amount_is_read_as_the_locale_writes_it(text: str, currency: str, locale: str, amount: str) -> None:
    assert parse_money(text, currency, locale) == Decimal(amount)


@pytest.mark.parametrize(
    ("text", "currency", "locale", "sentence"),
    [
        ("1234.50", "EUR", "de_DE", 'The price "1234.50" is not how numbers are written here. Type 1234,50.'),
        ("1,50", "GBP", "en_GB", 'The price "1,50" is not how numbers are written here. Type 1.50.'),
        ("1.23", "EUR", "de_DE", 'The price "1.23" is not how numbers are written here. Type 1,23.'),
        ("12.345", "GBP", "en_GB", 'The price "12.345" is too fine: GBP has 2 decimals. Type 12.35.'),
        ("12.00", "JPY", "ja_JP", 'The price "12.00" is too fine: JPY has no decimals. Type 12.'),
        ("1.5", "JPY", "ja_JP", 'The price "1.5" is too fine: JPY has no decimals. Type 2.'),
        ("-5", "EUR", "de_DE", "The price can't be below zero. Type 5,00."),
        ("", "EUR", "de_DE", "The price is empty. Type it like 12,50."),
        ("NaN", "GBP", "en_GB", 'The price "NaN" is not a number. Type it like 12.50.'),
        ("Infinity", "GBP", "en_GB", 'The price "Infinity" is not a number. Type it like 12.50.'),
        ("1e5", "GBP", "en_GB", 'The price "1e5" is not a number. Type it like 12.50.'),
        ("1_000", "GBP", "en_GB", 'The price "1_000" is not a number. Type it like 12.50.'),
        (
            "4711000123456789",
            "GBP",
            "en_GB",
            "The price is too large. Check that it isn't a number of another kind.",
        ),
        ("12 USD", "GBP", "en_GB", 'The price "12 USD" is not a number. Type it like 12.50.'),
        ("{x}\x1b[2J", "GBP", "en_GB", 'The price "{x}[2J" is not a number. Type it like 12.50.'),
    ],
)
def test_anything_else_is_refused_and_says_what_to_type(text: str, currency: str, locale: str, sentence: str) -> None:
    with pytest.raises(BadInput) as refusal:
        parse_money(text, currency, locale, field="price")
    assert refusal.value.facts["field"] == "price"
    assert refusal.value.sentence == sentence


@pytest.mark.parametrize(("text", "percent"), [("10", "10"), ("12.5 %", "12.5"), ("0%", "0"), ("100%", "100")])
def test_a_percentage_is_read_with_or_without_its_sign(text: str, percent: str) -> None:
    assert parse_percent(text, "en_GB") == Decimal(percent)


@pytest.mark.parametrize("text", ["", "-1", "101%", "ten", "12,5%", "33.33333"])
def test_a_percentage_is_between_0_and_100(text: str) -> None:
    with pytest.raises(BadInput):
        parse_percent(text, "en_GB", "discount")


@given(st.text(max_size=20))
def test_any_text_is_an_amount_or_a_refusal(text: str) -> None:
    with suppress(BadInput):
        assert parse_money(text, "EUR", "de_DE").is_finite()


def test_an_amount_that_is_none_is_called_as_a_sentence_calls_it() -> None:
    for field, said in (("left", "The amount left"), ("cards", "The card terminal's total"), ("tip", "The tip")):
        with pytest.raises(BadInput, match=f'^{said} "abc" is not a number'):
            parse_money("abc", "GBP", "en_GB", field)
