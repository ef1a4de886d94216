"""The chain of the journal, reckoned again: whatever is changed in it is found, and an untouched one is not doubted."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import replace
from decimal import Decimal

import pytest

from frontdesk.rules.chain import START, Link, breaks_in, text_of

NINE = dt.datetime(2026, 3, 9, 9, tzinfo=dt.UTC)


def linked(count: int) -> list[Link]:
    """A chain of so many sales of 10.00."""
    links: list[Link] = []
    for seq in range(1, count + 1):
        content = hashlib.sha256(f"sale {seq}".encode()).digest()
        lines = (("cash", Decimal("10.00")), ("services", Decimal("-8.33")), ("tax: VAT", Decimal("-1.67")))
        before = links[-1].hash if links else START
        at = NINE + dt.timedelta(minutes=seq)
        link = Link(1, seq, "sale", "sales", 100 + seq, at.date(), at, content, before, b"", lines, content)
        links.append(replace(link, hash=hashlib.sha256(text_of(link).encode()).digest()))
    return links


def found(links: list[Link], head: Link, against: bytes | None = None) -> list[str]:
    return [one.what for one in breaks_in(links, (head.seq, head.hash), against)]


def test_an_untouched_chain_is_whole_against_any_hash_of_it() -> None:
    links = linked(5)
    assert found(links, links[-1]) == []
    assert [found(links, links[-1], link.hash) for link in links] == [[]] * 5
    assert found([], replace(links[0], seq=0, hash=START)) == []


def test_a_changed_row_is_named() -> None:
    for at in range(5):
        links = linked(5)
        head = links[-1]
        links[at] = replace(links[at], found=b"another")
        assert found(links, head) == [f"row {101 + at} of sales (sale) was changed after it was written"]
    links = linked(3)
    links[1] = replace(links[1], found=None)
    assert found(links, links[-1]) == ["row 102 of sales (sale) is gone"]


@pytest.mark.parametrize(
    "change",
    [
        {"day": dt.date(2026, 3, 10)},
        {"kind": "void"},
        {"source_id": 7},
        {"at": NINE},
        {"content": b"x" * 32, "found": b"x" * 32},
        {"lines": (("cash", Decimal("1.00")), ("services", Decimal("-1.00")))},
    ],
)
def test_a_changed_entry_is_named(change: dict[str, object]) -> None:
    links = linked(4)
    head = links[-1]
    links[2] = replace(links[2], **change)  # type: ignore[arg-type]
    assert "entry 3 was changed after it was written" in found(links, head)


def test_an_entry_out_of_balance_is_named() -> None:
    links = linked(1)
    one = replace(links[0], lines=(("cash", Decimal("10.00")), ("services", Decimal("-9.99"))))
    one = replace(one, hash=hashlib.sha256(text_of(one).encode()).digest())
    assert found([one], one) == ["entry 1 is out of balance"]


def test_what_was_taken_out_or_cut_off_is_named() -> None:
    links = linked(5)
    assert found([*links[:2], *links[3:]], links[-1]) == ["1 entry was taken out before entry 4"]
    assert found(links[:3], links[-1]) == ["2 entries were cut off after entry 3"]
    assert found(links[2:], links[-1]) == ["2 entries were taken out before entry 3"]


def test_a_chain_written_anew_to_its_end_is_found_by_the_hash_on_paper() -> None:
    printed = linked(5)[-1].hash
    anew = linked(4)
    assert found(anew, anew[-1]) == []  # without the paper nobody would know
    assert found(anew, anew[-1], printed) == [
        f"no entry has the hash {printed.hex()[:12]}…: it was cut off or written anew"
    ]
