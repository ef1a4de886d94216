"""What is typed at the till is read as it was meant, or not at all."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontdesk.errors import BadInput
from frontdesk.rules.pricing import Discount
from frontdesk.rules.tender_line import LONGEST_LINE, TenderLine, TypedTender, TypedTip, typed_tenders

PEOPLE = ((1, "Anna"), (2, "Bo"), (3, "Annika"))
CODES = ("GBP", "en_GB"), ("EUR", "de_DE"), ("JPY", "ja_JP"), ("KWD", "ar_KW"), ("CHF", "de_CH")


def read(text: str, currency: str = "GBP", locale: str = "en_GB") -> TenderLine:
    return typed_tenders(text, currency=currency, locale=locale, stylists=PEOPLE)


def paid(*tenders: tuple[str, int | str | None, str | None]) -> TenderLine:
    return TenderLine(
        tuple(TypedTender(how, None if much is None else Decimal(much), code) for how, much, code in tenders)
    )


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("", paid()),
        ("50", paid(("cash", 50, None))),
        ("£50.00", paid(("cash", 50, None))),
        ("cash 50 card", paid(("cash", 50, None), ("card", None, None))),
        ("cash 50 · card", paid(("cash", 50, None), ("card", None, None))),
        ("CAS 50 car", paid(("cash", 50, None), ("card", None, None))),
        ("card 66 A1B2", paid(("card", 66, "A1B2"))),
        ("card A1B2", paid(("card", None, "A1B2"))),
        ("card 66.00 004711", paid(("card", "66.00", "004711"))),
        ("card 004711", paid(("card", None, "004711"))),
        ("card #AB", paid(("card", None, "AB"))),
        ("card 10 A1B2 card 20 B2C3 cash", paid(("card", 10, "A1B2"), ("card", 20, "B2C3"), ("cash", None, None))),
    ],
)
def test_tenders_are_read(text: str, meant: TenderLine) -> None:
    assert read(text) == meant


def test_a_tip_and_a_discount_stand_anywhere_on_the_line() -> None:
    assert read("tip 5 card 10% off") == TenderLine(
        (TypedTender("card"),), TypedTip(amount=Decimal("5.00")), Discount(percent=Decimal(10))
    )
    assert read("5 off").discount == read("off 5").discount == Discount(amount=Decimal("5.00"))
    assert read("10 % off").discount == read("discount 10%").discount == read("10%").discount
    assert read("tip 12.5% bo").tip == TypedTip(percent=Decimal("12.5"), stylist_id=2)
    assert read("tip 5 anna card").tip == TypedTip(amount=Decimal("5.00"), stylist_id=1)
    assert TypedTip(percent=Decimal("12.5")).of(Decimal("58.00"), "GBP") == Decimal("7.25")


def test_amounts_are_written_as_the_shop_writes_them() -> None:
    assert read("cash 1.234,50", "EUR", "de_DE") == paid(("cash", "1234.50", None))
    with pytest.raises(BadInput, match="1234,50"):
        read("cash 1234.50", "EUR", "de_DE")
    assert read("card 120000", "JPY", "ja_JP") == paid(("card", 120000, None)), "yen have no cents: it is an amount"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("shells 5", '"shells" is not understood'),
        ("c 5", '"c" could be cash or card'),
        ("gift 10", '"gift" is not taken here'),
        ("cred", '"credit" is not taken here'),
        ("owe", "cash or card"),
        ("50 card", '"card 50", or "cash 50 card"'),
        ("cash 0", '"0" pays nothing'),
        ("cash 5.005", "too fine"),
        ("cash -5", "below zero"),
        ("card 1 234", 'Which way is "234" paid'),
        ("50 50", "cash 50 or card 50"),
        ("tip", "How much is the tip"),
        ("tip 5 ann", "several people"),
        ("tip 5 tip 6", "two tips"),
        ("10% 5 off", "two discounts"),
        ("off", "How much off"),
        ("101% off", "between 0 and 100"),
        ("card 66 tips", '"tips" is not understood'),
        ("50 " * (LONGEST_LINE + 1), "too long"),
    ],
)
def test_what_is_not_understood_is_named(text: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        read(text)


ODD = "cash card tip off 50 10% % # #A A1B2 004711 1.234,50 gift anna c · -5 ½ ٣ 1e5 £ 5£ credit discount"
WORDS = st.sampled_from(ODD.split())


@given(st.one_of(st.text(), st.lists(WORDS).map(" ".join)), st.sampled_from(CODES))
def test_nothing_typed_breaks_the_line(text: str, money: tuple[str, str]) -> None:
    try:
        found = read(text, *money)
    except BadInput:
        return
    assert all(one.amount is None or one.amount > 0 for one in found.tenders)
    assert all(one.method == "card" or one.approval_code is None for one in found.tenders)
