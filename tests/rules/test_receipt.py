"""A receipt is 42 cells wide whatever people are called, and reads as it should."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontdesk.rules.pricing import TaxAmount
from frontdesk.rules.receipt import WIDTH, Receipt, ReceiptLine, as_text, gift_rows, receipt_rows, receipt_text
from frontdesk.text import cell_width
from tests.goldens import agree

JANES = Receipt(
    shop="Vale Street Salon",
    address=("12 Vale Street", "London N1 7AA"),
    number="L-000123",
    when="Mon 9 Mar 2026 15:50",
    cashier="Ria",
    customer="Jane Doe",
    lines=(
        ReceiptLine("Cut", Decimal(1), "Anna", Decimal("50.00")),
        ReceiptLine("Blow-dry with the long and careful finish of the house", Decimal(1), "Bo", Decimal("30.00")),
        ReceiptLine("Shampoo", Decimal(2), "", Decimal("36.00")),
    ),
    discounts=(("Regulars' discount", Decimal("18.00")),),
    taxes=(TaxAmount(1, "VAT", Decimal(20), True, Decimal("81.67"), Decimal("16.33")),),
    total=Decimal("98.00"),
    tip=Decimal("10.00"),
    payments=(("cash", Decimal("60.00")), ("card", Decimal("50.00"))),
    change=Decimal("2.00"),
    footer=("Thank you, see you soon",),
)

PRINTED = """\
            Vale Street Salon
              12 Vale Street
              London N1 7AA

Receipt L-000123      Mon 9 Mar 2026 15:50
Cashier: Ria
Customer: Jane Doe
------------------------------------------
Cut                                  50.00
  Anna
Blow-dry with the long and careful   30.00
  finish of the house
  Bo
2 x Shampoo                          36.00
------------------------------------------
Subtotal                            116.00
Regulars' discount                  -18.00
TOTAL                               £98.00
  of which VAT 20 %                  16.33
Tip                                  10.00
TO PAY                             £108.00
------------------------------------------
Cash                                 60.00
Card                                 50.00
Change                                2.00

         Thank you, see you soon
"""

STATE_TAX = TaxAmount(4, "State tax", Decimal("8.875"), False, Decimal("50.00"), Decimal("4.44"))


PARTY = replace(
    JANES,
    tax_number="GB 123 4567 89",
    lines=(
        ReceiptLine("Cut", Decimal(1), "Anna", Decimal("50.00"), "Jane Doe"),
        ReceiptLine("Blow-dry", Decimal(1), "Bo", Decimal("30.00"), "Kim Lee"),
        ReceiptLine("Shampoo", Decimal(2), "Bo", Decimal("36.00"), "", "product"),
        ReceiptLine("Gift card", Decimal(1), "", Decimal("50.00"), "", "gift_card"),
    ),
    discounts=(("Discount 10 %, Cut: regular", Decimal("5.00")), ("Coupon SPRING", Decimal("3.60"))),
    taxes=(
        TaxAmount(1, "VAT", Decimal(20), True, Decimal("62.50"), Decimal("12.50")),
        TaxAmount(2, "Reduced VAT", Decimal(5), True, Decimal("30.86"), Decimal("1.54")),
    ),
    total=Decimal("157.40"),
    tip=Decimal("10.00"),
    payments=(("cash", Decimal("60.00")), ("gift_card", Decimal("20.00")), ("card", Decimal("87.40"))),
    change=Decimal(0),
    left=(
        ("Gift card 7QK2-9M4T-ABCD, left", "50.00"), ("Gift card …WXYZ, left", "12.50"), ("5 x Cut", "4 left"),
        ("Points", "148"),
    ),
)  # fmt: skip
"""Two people, one payer."""

BACK = replace(
    JANES,
    kind="refund",
    number="L-000124",
    of="L-000123",
    reason="Burst open in the bag on the way home",
    lines=(ReceiptLine("Shampoo", Decimal(-1), "Bo", Decimal("-18.00"), kind="product"),),
    discounts=(("Discount", Decimal("-1.80")),),
    taxes=(TaxAmount(1, "VAT", Decimal(20), True, Decimal("-13.50"), Decimal("-2.70")),),
    total=Decimal("-16.20"),
    tip=Decimal("-2.00"),
    payments=(("card", Decimal("-18.20")),),
    change=Decimal(0),
)
VOID = replace(BACK, kind="void", number="L-000125", reason="Wrong customer", no_tax_because="diplomat")


def printed(receipt: Receipt, currency: str = "GBP", locale: str = "en_GB") -> list[str]:
    return receipt_text(receipt, currency, locale).splitlines()


ALL = {"party": PARTY, "refund": BACK, "void": VOID, "copy": replace(JANES, copy=True)}


@pytest.mark.parametrize("name", ALL)
def test_receipts_of_all_kinds_read_as_these_files(name: str) -> None:
    agree(Path(__file__).parent / "goldens" / f"receipt-{name}.txt", receipt_text(ALL[name], "GBP", "en_GB").encode())


def test_a_gift_receipt_names_things_and_no_price() -> None:
    text = as_text(gift_rows(PARTY, "GBP", "en_GB"))
    agree(Path(__file__).parent / "goldens" / "receipt-gift.txt", text.encode())
    assert not any(figure in text for figure in ("50.00", "36.00", "157.40", "£", "VAT", "Jane", "Kim", "Cash", "7QK2"))
    assert "Cut" in as_text(gift_rows(JANES, "GBP", "en_GB"))


def test_what_matters_is_set_larger() -> None:
    styles = {row.text.strip(): row.style for row in receipt_rows(PARTY, "GBP", "en_GB") if row.style}
    assert styles["Vale Street Salon"] == "title"
    assert styles["TOTAL                              £157.40"] == "title"
    assert styles["Jane Doe:"] == styles["TO PAY                             £167.40"] == "bold"


def test_a_receipt_reads_like_this() -> None:
    assert [line.rstrip() for line in printed(JANES)] == PRINTED.splitlines()


def test_a_reprint_says_copy_at_both_ends() -> None:
    copy = printed(replace(JANES, copy=True))
    assert copy[0].strip() == copy[-1].strip() == "*** COPY ***"
    assert [line.rstrip() for line in copy[1:-1]] == PRINTED.splitlines()


def test_tax_on_top_stands_before_the_total() -> None:
    lines = (ReceiptLine("Cut", Decimal(1), "Anna", Decimal("50.00")),)
    text = printed(
        replace(JANES, lines=lines, discounts=(), taxes=(STATE_TAX,), total=Decimal("54.44")), "USD", "en_US"
    )
    start = text.index("Subtotal                             50.00")
    assert text[start + 1 : start + 3] == [
        "State tax 8.875 %                     4.44",
        "TOTAL                               $54.44",
    ]


def test_what_is_not_there_takes_no_line() -> None:
    bare = replace(JANES, cashier="", customer="", discounts=(), taxes=(), tip=Decimal(0), change=Decimal(0), footer=())
    text = receipt_text(bare, "GBP", "en_GB")
    assert not any(word in text for word in ("Customer", "Subtotal", "Tip", "TO PAY", "Change", "COPY"))


def test_numbers_are_written_as_the_shop_writes_them() -> None:
    half = (ReceiptLine("縮毛矯正トリートメント付きカットとカラー", Decimal("0.5"), "山田 太郎", Decimal(1234)),)
    text = printed(replace(JANES, lines=half), "EUR", "de_DE")
    assert "0,5 x 縮毛矯正トリートメント付    1.234,00" in text
    assert "TOTAL                              98,00 €" in text


def test_a_name_without_end_is_cut_after_three_lines() -> None:
    endless = (ReceiptLine("very " * 60, Decimal(1), "", Decimal(5)),)
    name = [line for line in printed(replace(JANES, lines=endless)) if "very" in line]
    assert len(name) == 3
    assert name[-1].rstrip().endswith("…")


def test_no_byte_of_a_name_speaks_to_the_printer() -> None:
    text = receipt_text(replace(JANES, customer="Ann\x1b@\x1dV\x00\u202e"), "GBP", "en_GB")
    assert "Customer: Ann@ V" in text
    assert "\xa0" not in receipt_text(JANES, "EUR", "fr_FR")


names = st.text(max_size=120)
sums = st.integers(-10_000_000, 10_000_000).map(lambda cents: Decimal(cents) / 100)


@given(st.lists(st.builds(ReceiptLine, names, sums, names, sums), max_size=4), names, names, sums)
def test_every_line_is_42_cells_wide(lines: list[ReceiptLine], shop: str, customer: str, total: Decimal) -> None:
    receipt = replace(JANES, lines=tuple(lines), shop=shop, customer=customer, footer=(shop,), total=total)
    assert {cell_width(line) for line in receipt_text(receipt, "EUR", "fr_FR").split("\n")[:-1]} == {WIDTH}
