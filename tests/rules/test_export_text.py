"""Rows of an export are read strictly: what is wrong is named by file, row and column, and nothing is guessed."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontdesk.errors import BadInput
from frontdesk.rules.export_rows import BookingRow, Export, key_of
from frontdesk.rules.export_text import read_export
from frontdesk.rules.mapping import read_map

MAP = read_map("""
name = "old"
date = "%m/%d/%Y"
time = "%I:%M %p"
group = ","
[staff]
not_people = ["HOUSE"]
[customers]
not_people = ["WALK_IN"]
[bookings]
file = "book.csv"
customer = "Code"
staff = "Staff"
service = "Service"
day = "Date"
time = "Time"
[receipts]
file = "till.csv"
number = "No"
day = "Date"
description = "What"
quantity = "Qty"
amount = "Amount"
[[receipts.taxes]]
name = "GST"
percent = 5
column = "GST"
""")
BOOK = "Code,Staff,Service,Date,Time\n"
TILL = "No,Date,What,Qty,Amount,GST\n"


def read(book: str = BOOK, till: str = TILL) -> Export:
    """Both files' rows."""
    return read_export({"book.csv": book, "till.csv": till}, MAP)


def sentences(book: str = BOOK, till: str = TILL) -> list[str]:
    """What is wrong with them."""
    return [fault.sentence for fault in read(book, till).faults]


def test_a_row_is_what_it_says() -> None:
    (row,) = read(BOOK + "ANNA01, JJ ,CUT,03/14/2018,3:50 PM\n").bookings
    assert row == BookingRow("book.csv", 2, "ANNA01", "JJ", "CUT", dt.date(2018, 3, 14), dt.time(15, 50))


def test_codes_that_are_nobody_are_empty() -> None:
    (row,) = read(BOOK + "WALK_IN,HOUSE,CUT,03/14/2018,3:50 PM\n").bookings
    assert (row.customer, row.staff) == ("", "")


def test_amounts_are_exact_and_may_be_negative() -> None:
    (row,) = read(till=TILL + '7,03/14/2018,Cut,,"-1,234.5",-61.7250\n').receipts
    assert [row.amount, row.quantity, *row.taxes] == [Decimal("-1234.5"), Decimal(1), Decimal("-61.7250")]


def test_rows_are_numbered_as_an_editor_does() -> None:
    book = BOOK + '\n"AN\nNA",JJ,CUT,03/14/2018,3:50 PM\nBO,JJ,CUT,14/03/2018,3:50 PM\n'
    assert read(book).bookings[0].row == 3
    assert sentences(book) == ['book.csv, row 5, column Date: "14/03/2018" is not a day like 11/23/2018.']


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ("A,JJ,CUT,02/30/2018,3:50 PM", 'column Date: "02/30/2018" is not a day like 11/23/2018.'),
        ("A,JJ,CUT,03/14/0018,3:50 PM", 'column Date: "03/14/0018" lies outside 1900 to 2100.'),
        ("A,JJ,CUT,03/14/2018,15:50", 'column Time: "15:50" is not a time like 04:50 PM.'),
        ("A,JJ,,03/14/2018,3:50 PM", "column Service: is empty."),
        ("A,JJ,CUT,03/14/2018", "row 2: there are 4 cells, but 5 headings."),
        (f"{'A' * 101},JJ,CUT,03/14/2018,3:50 PM", "is longer than 100 letters."),
        ("A,JJ,CUT,\x1b[2J,3:50 PM", 'column Date: "[2J" is not a day like'),
    ],
)
def test_a_booking_that_is_none_is_named(cells: str, sentence: str) -> None:
    (found,) = sentences(BOOK + cells + "\n")
    assert found.startswith("book.csv, row 2")
    assert found.endswith(sentence) or sentence in found


@pytest.mark.parametrize("amount", ["", "abc", "1e5", "NaN", "1.234,50", "12,34", "$5", "٣", "1 000", "--5", "9" * 12])
def test_an_amount_that_is_none_is_named(amount: str) -> None:
    (found,) = sentences(till=f'{TILL}7,03/14/2018,Cut,1,"{amount}",0\n')
    assert found.startswith("till.csv, row 2, column Amount: ")


def test_a_quantity_of_nothing_is_named() -> None:
    assert sentences(till=TILL + "7,03/14/2018,Cut,0,5,0\n") == [
        "till.csv, row 2, column Qty: is zero. Leave it empty for one."
    ]


@pytest.mark.parametrize(
    ("book", "sentence"),
    [
        ("", "book.csv is empty: not even row 1 with the headings is there."),
        ("Code,Staff,Service,Date\n", 'book.csv, row 1 has no column "Time". It has Code, Staff, Service, Date.'),
        ("Code,Staff,Service,Date,Time,Time\n", 'book.csv, row 1 has more than one column "Time".'),
        (BOOK + 'A,"J"J,CUT,03/14/2018,3:50 PM\n', "book.csv, row 2: a quotation mark opens a cell and is not closed"),
        (BOOK + 'A,"JJ,CUT,03/14/2018,3:50 PM\n', "book.csv, row 2: a quotation mark opens a cell and is not closed"),
    ],
)
def test_a_file_that_is_no_table_is_refused(book: str, sentence: str) -> None:
    with pytest.raises(BadInput) as caught:
        read(book)
    assert caught.value.sentence.startswith(sentence)


def test_unnamed_columns_are_told() -> None:
    assert read("Code,Staff,Service,Date,Time,TimeInt\n").unread == (("book.csv", ("TimeInt",)),)


def test_a_key_is_the_content_however_it_is_written() -> None:
    till = TILL + "7,03/14/2018,Cut,1,50,2.5\n" + "7,3/14/2018, Cut ,1.0,50.00,2.50\n" + "7,03/14/2018,Cut,1,50,2.4\n"
    first, same, other = (key_of(row, MAP) for row in read(till=till).receipts)
    assert first == same != other


def test_a_key_can_not_be_forged_by_a_separator() -> None:
    rows = read(BOOK + '"A"",""B",C,CUT,03/14/2018,3:50 PM\nA,"B"",""C",CUT,03/14/2018,3:50 PM\n').bookings
    assert len({key_of(row, MAP) for row in rows}) == 2


@given(st.text(alphabet=st.sampled_from('ab,"\n\r;\x00\x1b0123/:. PM\ud800é-'), max_size=200))
def test_any_text_is_read_or_refused_in_words(tail: str) -> None:
    try:
        problems = sentences(BOOK + tail, TILL + tail)
    except BadInput as refusal:
        problems = [refusal.sentence]
    assert all(", row " in problem for problem in problems)
