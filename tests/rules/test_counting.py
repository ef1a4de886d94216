"""A count as it is typed: value first, coins by name, and a typo says where (features CD3, N14)."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frontdesk.errors import BadInput
from frontdesk.money import minor_digits
from frontdesk.rules.counting import count_text, denominations, read_count, total_of
from tests.seeds import seeds

CURRENCIES = (
    "AUD", "BRL", "CAD", "CHF", "CNY", "CZK", "DKK", "EUR", "GBP", "HUF", "ILS", "INR", "JPY", "KRW", "KWD", "MXN",
    "NOK", "NZD", "PLN", "RON", "SEK", "SGD", "TRY", "USD", "XAF", "ZAR",
)  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "currency", "total"),
    [
        ("20x3 10x7 5x2 1x14", "GBP", "154"),
        ("50p x4", "GBP", "2"),
        ("50px4 20 x 3", "GBP", "62"),
        ("2 quarters 10c x5 3 dimes", "USD", "1.30"),
        ("quarters x4, 1 penny", "USD", "1.01"),
        ("£20x3, £10x2", "GBP", "80"),
        ("0,50x4 .2*3", "EUR", "2.60"),
        ("20gr x3 5x1", "PLN", "5.60"),
        ("10rp x2 2 fünfliber", "CHF", "10.20"),
        ("10000x3 500x2", "JPY", "31000"),
        ("20x2 20X1", "SEK", "60"),
        ("0", "GBP", "0"),
    ],
)
def test_a_count_is_read_as_it_is_meant(typed: str, currency: str, total: str) -> None:
    assert total_of(read_count(typed, currency), currency) == Decimal(total)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("20x x3", "20x ▸x3: how many 20 there are is missing"),
        ("20x3 10", "20x3 ▸10: how many 10 there are is missing"),
        ("20x", "20 ▸x: how many 20 there are is missing"),
        ("3x20", "▸3x20: there is no GBP note or coin of that value. Type 20x3 for 3 of 20."),
        ("x3", "▸x3: a note or coin is missing before it"),
        ("20x1.5", "20x ▸1.5: notes and coins are counted whole"),
        ("20x3 boxes x2", "20x3 ▸boxes x2: that is no note or coin of GBP"),
        ("-20x3", "▸-20x3: a note or coin is missing before it"),
        ("20x999999999", "20x ▸999999999: so many fit in no drawer"),
        ("20x999999", "So many of 20 fit in no drawer"),
        ("", "Nothing is counted yet. Type it like 20x3 10x7, or 0 for an empty drawer."),
    ],
)
def test_a_typo_is_shown_where_it_is(typed: str, said: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_count(typed, "GBP")
    assert said in refused.value.sentence


@pytest.mark.parametrize("currency", CURRENCIES)
def test_every_currency_has_its_pieces_largest_first_in_whole_minor_units(currency: str) -> None:
    values = [one.value for one in denominations(currency)]
    assert values == sorted(set(values), reverse=True)
    assert len(values) >= 5
    assert all(value == round(value, minor_digits(currency)) for value in values)
    for value in values:  # each by its own label
        assert read_count(count_text({value: 3}, currency), currency) == {value: 3}


@given(st.sampled_from(CURRENCIES), st.lists(st.integers(1, 9999), min_size=1, max_size=15))
@settings(max_examples=60 * len(seeds(0)), deadline=None)
def test_a_count_that_is_written_down_reads_the_same(currency: str, counts: list[int]) -> None:
    pieces = {one.value: count for one, count in zip(denominations(currency), counts, strict=False)}
    assert read_count(count_text(pieces, currency), currency) == pieces


@given(st.text(alphabet="0123456789x×*., pc£€-[/]bqurtes\u202e山", max_size=30))
@settings(max_examples=200 * len(seeds(0)), deadline=None)
def test_whatever_is_typed_is_a_count_or_one_sentence(typed: str) -> None:
    with suppress(BadInput):
        assert total_of(read_count(typed, "GBP"), "GBP") >= 0
