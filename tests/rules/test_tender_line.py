"""What is typed at the till is read as it was meant, or not at all."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontdesk.errors import BadInput
from frontdesk.rules.pricing import Discount
from frontdesk.rules.tender_line import LONGEST_LINE, TenderLine, TypedTender, TypedTip, typed_tenders

PEOPLE = ((1, "Anna"), (2, "Bo"), (3, "Annika"))
ISSUERS = ((7, "Groupon"), (8, "Wowcher"))
CLASSES = ((4, "Staff"), (5, "Friends and family"))
CARDS = ((11, "4242"), (12, "1881"))
CODES = ("GBP", "en_GB"), ("EUR", "de_DE"), ("JPY", "ja_JP"), ("KWD", "ar_KW"), ("CHF", "de_CH")


def read(text: str, currency: str = "GBP", locale: str = "en_GB") -> TenderLine:
    return typed_tenders(
        text, currency=currency, locale=locale, stylists=PEOPLE, issuers=ISSUERS, classes=CLASSES, cards=CARDS
    )


def paid(*tenders: tuple[str, int | str | None, str | None]) -> TenderLine:
    return TenderLine(
        tuple(TypedTender(how, None if much is None else Decimal(much), code) for how, much, code in tenders)
    )


def tipped(amount: int, whom: int) -> TypedTip:
    return TypedTip(amount=Decimal(amount), stylist_id=whom)


def by(
    method: str, amount: int | None = None, code: str = "", issuer_id: int | None = None, keep_change: bool = False
) -> TenderLine:
    much = None if amount is None else Decimal(amount)
    return TenderLine((TypedTender(method, much, code=code, issuer_id=issuer_id, keep_change=keep_change),))


@pytest.mark.parametrize(
    ("text", "amount", "card"),
    [("file 4242", None, 11), ("file 20 1881", 20, 12), ("fil #1881 20.50", "20.50", 12), ("file 4242 4242", None, 0)],
)
def test_a_card_on_file_is_named_by_its_last_digits(text: str, amount: int | str | None, card: int) -> None:
    if not card:
        with pytest.raises(BadInput, match=r"typed 4242\.00"):
            read(text)
        return
    assert read(text).tenders == (
        TypedTender("card", None if amount is None else Decimal(amount), customer_card_id=card),
    )


@pytest.mark.parametrize(
    ("text", "cards", "problem"),
    [("file 20", CARDS, "4242 or 1881"), ("file", (), "No card"), ("file 9999", CARDS[:1], "ends in 9999, but 4242")],
)
def test_no_card_on_file_is_guessed(text: str, cards: tuple[tuple[int, str], ...], problem: str) -> None:
    with pytest.raises(BadInput, match=problem):
        typed_tenders(text, currency="GBP", locale="en_GB", cards=cards)


def test_one_card_on_file_needs_no_digits_and_a_price_may_say_why() -> None:
    assert typed_tenders("file", currency="GBP", locale="en_GB", cards=CARDS[:1]).tenders[0].customer_card_id == 11
    said = read("price 45 for short hair; cash 45")
    assert (said.price, said.reason, said.tenders[0].amount) == (Decimal(45), "short hair", Decimal(45))
    assert read("no price").without == {"price"}
    for text, problem in (("price", "What does"), ("price 4 price 5", "two prices"), ("price short", "What does")):
        with pytest.raises(BadInput, match=problem):
            read(text)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("gift 7K2Q 30", by("gift_card", 30, "7K2Q")),
        ("gift 30 7K2Q", by("gift_card", 30, "7K2Q")),
        ("gift card 7K2Q-9M4T-XY2Z", by("gift_card", None, "7K2Q-9M4T-XY2Z")),
        ("gift 2345 30.00", by("gift_card", 30, "2345")),
        ("gift #2345 3000", by("gift_card", 3000, "2345")),
        ("credit 20", by("credit", 20)),
        ("cred", by("credit")),
        ("points", by("points")),
        ("points £5", by("points", 5)),
        ("deposit", by("deposit")),
        ("dep 15", by("deposit", 15)),
        ("owe 20", by("account", 20)),
        ("account", by("account")),
        ("voucher groupon AB12 30", by("voucher", 30, "AB12", issuer_id=7)),
        ("voucher AB12 30 group", by("voucher", 30, "AB12", issuer_id=7)),
        ("voucher AB12 wow 30", by("voucher", 30, "AB12", issuer_id=8)),
        ("voucher AB12", by("voucher", None, "AB12")),
        ("transfer 100", by("transfer", 100)),
        ("transfer 100 INV41", by("transfer", 100, "INV41")),
        ("cash 50 keep", by("cash", 50, keep_change=True)),
        ("50 keep", by("cash", 50, keep_change=True)),
        ("session", TenderLine(uses_sessions=True)),
        ("package", TenderLine(uses_sessions=True)),
        ("coupon xmas", TenderLine(coupons=("XMAS",))),
        ("class staff", TenderLine(price_class_id=4)),
        ("class friends and family", TenderLine(price_class_id=5)),
        ("exempt diplomat", TenderLine(exempt="diplomat")),
        ("disc 10%", TenderLine(discount=Discount(percent=Decimal(10)))),
        ("no tip", TenderLine(without=frozenset({"tip"}))),
        ("no disc no coup", TenderLine(without=frozenset({"discount", "coupon"}))),
    ],
)
def test_every_way_to_pay_and_every_wish_has_its_words(text: str, meant: TenderLine) -> None:
    assert read(text) == meant


def test_a_reason_goes_to_the_end_or_to_a_sign() -> None:
    late = read("10% off for a long wait")
    assert (late.discount, late.reason) == (Discount(percent=Decimal(10)), "a long wait")
    found = read("5 off because the colour ran; cash 50")
    assert (found.reason, found.tenders) == ("the colour ran", (TypedTender("cash", Decimal("50.00")),))
    with pytest.raises(BadInput, match='"a long wait; cash 50", or leave cash out'):
        read("10% off for a long wait cash 50")


def test_what_stands_in_another_order_means_the_same() -> None:
    parts = ["cash 20", "gift 7K2Q 30", "tip 5 anna", "disc 10%", "coupon XMAS"]
    there, back = read(" ".join(parts)), read(" ".join(reversed(parts)))
    assert replace(there, tenders=()) == replace(back, tenders=())
    assert there.tenders == tuple(reversed(back.tenders)), "tenders are taken in the order in which they are typed"


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
        (TypedTender("card"),), (TypedTip(amount=Decimal("5.00")),), Discount(percent=Decimal(10))
    )
    assert read("5 off").discount == read("off 5").discount == Discount(amount=Decimal("5.00"))
    assert read("10 % off").discount == read("discount 10%").discount == read("10%").discount
    assert read("tip 12.5% bo").tips == (TypedTip(percent=Decimal("12.5"), stylist_id=2),)
    assert read("tip 5 anna card").tips == read("tip anna 5 card").tips == (five_for_anna := tipped(5, 1),)
    assert read("tip 5 anna + tip bo 3").tips == (five_for_anna, replace(tipped(3, 2), is_more=True))
    assert read("; + tip bo 3").tips == (replace(tipped(3, 2), is_more=True),), "it comes to what is there"
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
        ("c 5", '"c" could be cash, card, credit, coupon or class'),
        ("ca 5", '"ca" could be cash or card'),
        ("gift 10", "Which gift.*7K2Q"),
        ("gift 2345 3000", "gift #2345 3000, or gift #3000 2345"),
        ("gift 7K2Q 9M4T", "more than one code"),
        ("gift 7K2Q 30 40", 'Which way is "40" paid'),
        ("gift 10 20", "Which gift"),
        ("voucher AB12 10 20", "two amounts"),
        ("voucher living AB12 30", "Whose voucher.*Groupon, Wowcher"),
        ("20 credit", '"credit 20", or "cash 20 credit"'),
        ("points 200", "200 points, or £200.00"),
        ("cash keep", "Type cash 50 keep"),
        ("tip 5 gro", '"gro" is not understood'),
        ("coupon", "Which coupon"),
        ("class vip", 'no price class "vip".*Staff, Friends and family'),
        ("exempt", "What is the reason"),
        ("no", "Take back what"),
        ("50 card", '"card 50", or "cash 50 card"'),
        ("cash 0", '"0" pays nothing'),
        ("cash 5.005", "too fine"),
        ("cash -5", "below zero"),
        ("card 1 234", 'Which way is "234" paid'),
        ("50 50", "cash 50 or card 50"),
        ("tip", "How much is the tip"),
        ("tip 5 ann", "several people"),
        ("tip 5 tip 6", "two tips"),
        ("tip 5 anna tip 6 anna", "two tips"),
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


ODD = (
    "for keep points session voucher owe class staff groupon no coupon 7K2Q 2345 + ; to exempt "
    "cash card tip off 50 10% % # #A A1B2 004711 1.234,50 gift anna c · -5 ½ ٣ 1e5 £ 5£ credit discount"
)
WORDS = st.sampled_from(ODD.split())


@given(st.one_of(st.text(), st.lists(WORDS).map(" ".join)), st.sampled_from(CODES))
def test_nothing_typed_breaks_the_line(text: str, money: tuple[str, str]) -> None:
    try:
        found = read(text, *money)
    except BadInput:
        return
    assert all(one.amount is None or one.amount > 0 for one in found.tenders)
    assert all(one.method == "card" or one.approval_code is None for one in found.tenders)
