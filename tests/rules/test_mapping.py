"""A map is written by hand: what it says is understood, and what it gets wrong is said in a sentence."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from frontdesk.errors import BadInput
from frontdesk.rules.mapping import Kind, PackageMap, read_map

REAL = Path(__file__).parents[1] / "maps" / "real-salon.toml"

SMALL = """
name = "old"
date = "%d.%m.%Y"
[bookings]
file = "book.csv"
customer = "Kunde"
staff = "Wer"
service = "Was"
day = "Tag"
time = "Zeit"
"""


def refusal(text: str) -> str:
    """The sentence about a map."""
    with pytest.raises(BadInput) as caught:
        read_map(text, "old.toml")
    return caught.value.sentence


def test_the_real_salons_map_is_understood() -> None:
    real = read_map(REAL.read_text(encoding="utf-8"))
    assert [file.kind for file in real.files] == [
        Kind.SERVICE, Kind.PRODUCT, Kind.BOOKING, Kind.NO_SHOW, Kind.CANCELLATION, Kind.RECEIPT,
    ]  # fmt: skip
    assert [(tax.name, tax.percent) for tax in real.taxes] == [("GST", Decimal(5)), ("PST", Decimal(8))]
    assert (real.sample_day, real.sample_time) == ("11/23/2018", "04:50:00 PM")
    assert real.no_staff == {"HOUSE"}
    assert real.minutes["SBD5+1"] == 10
    assert real.packages == {"SBD5+1": PackageMap("SBD", 6)}


def test_what_is_not_said_has_a_plain_default() -> None:
    small = read_map(SMALL)
    assert (small.encoding, small.delimiter, small.decimal, small.group) == ("utf-8", ",", ".", "")
    assert (small.timezone, small.currency, small.taxes) == (None, None, ())


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (('name = "old"', ""), 'old.toml needs a text for name. Write name = "old-till".'),
        (
            ('name = "old"', 'name = "old"\nreceipts.packages.B = { service = "CUT", sessions = 6 }'),
            'old.toml, [receipts.packages]: B is no bundle. Write bundles = ["B"] too.',
        ),
        (
            ('name = "old"', 'name = "old"\nreceipts.packages.B = { service = "CUT", sessions = 0 }'),
            "old.toml, [receipts], [packages], [B].sessions has to be a whole number from 1 to 1000, like 6.",
        ),
        (('name = "old"', 'name = "old'), "old.toml is not TOML: Illegal character"),
        (('name = "old"', 'name = "old"\nnmae = "x"'), "old.toml says nmae, which means nothing here."),
        (('"%d.%m.%Y"', '"%d.%m."'), 'old.toml: date = "%d.%m." can\'t be read back.'),
        (('"%d.%m.%Y"', '"DD.MM.YYYY"'), 'can\'t be read back. Write it in the signs of strptime, like "%m/%d/%Y".'),
        (('"%d.%m.%Y"', '"%d.%m.%Y"\ntime = "%I:%M"'), 'time = "%I:%M" can\'t be read back.'),
        (('"%d.%m.%Y"', '"%d.%m.%Y"\nencoding = "latin"'), "encoding can be 'utf-8', 'cp1252', not 'latin'."),
        (('"%d.%m.%Y"', '"%d.%m.%Y"\ndecimal = ","\ngroup = ","'), "decimal and group can't both be ','."),
        (('staff = "Wer"\n', ""), 'old.toml, [bookings] needs a text for staff. Write staff = "Heading".'),
        (('"book.csv"', '"../book.csv"'), "write the file's bare name, without a folder."),
        (('"Zeit"', '"Zeit"\nminutes = "Min"'), "[bookings] says minutes, which means nothing here."),
        (("[bookings]", "[minutes]\nCUT = 0\n[bookings]"), '[minutes]."CUT" has to be whole minutes from 1 to 1440'),
        (
            ("[bookings]", "[staff]\nnot_people = 'X'\n[bookings]"),
            'not_people has to be a list of texts, like ["HOUSE"].',
        ),
        (("[bookings]", "[receipts]\nrounding = 'receipt'\n[bookings]"), "rounding can be 'line', not 'receipt'."),
        (("[bookings]", "[[receipts.taxes]]\npercent = 120\n[bookings]"), "taxes 1.percent has to be a number from 0"),
        (('[bookings]\nfile = "book.csv"', "[bookings]"), "[bookings] says customer, staff, service, day, time"),
    ],
)
def test_a_mistake_comes_out_as_a_sentence(edit: tuple[str, str], sentence: str) -> None:
    assert edit[0] in SMALL
    assert sentence in refusal(SMALL.replace(*edit))


def test_a_map_without_a_file_is_refused() -> None:
    assert "old.toml names no file." in refusal('name = "old"')
