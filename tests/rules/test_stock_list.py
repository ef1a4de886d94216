"""A list as it is scanned or typed down: every piece counts, and what nobody knows is named by its line."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from frontdesk.errors import BadInput
from frontdesk.rules.stock_list import listed


@dataclass(frozen=True)
class _Product:
    id: int
    name: str
    code: str
    barcode: str | None = None


SHELF = (
    _Product(1, "Shampoo 250 ml", "SHA", "5012345678900"), _Product(2, "Shampoo 1 l", "SHA1"),
    _Product(3, "Colour 6", "COL6", "20000017"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("5012345678900\n5012345678900\n", [(1, 2, "")]),
        ("sha 6", [(1, 6, "")]),
        ("SHA x6\n\nsha1 2 @7.20\nsha 1", [(1, 7, ""), (2, 2, "7.20")]),
        ("5012345678900 12", [(1, 12, "")]),
        ("Colour 6", [(3, 1, "")]),
        ("colour 6 4", [(3, 4, "")]),
        ("shampoo 1 l 3", [(2, 3, "")]),
        ("sha 0", [(1, 0, "")]),
        (" \n", []),
    ],
)
def test_a_line_is_a_product_and_how_many(typed: str, found: list[tuple[int, int, str]]) -> None:
    assert [(one.product_id, one.many, one.cost) for one in listed(typed, SHELF, "pieces")] == found


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("sha 1\n4012345678901", "Line 2: no product is called 4012345678901 or has that barcode."),
        ("shamp 2", "Line 1: which shamp is meant: Shampoo 250 ml, Shampoo 1 l?"),
        ("-3", "Line 1: no product is called -3"),
        ("@7.20", "Line 1: no product is called @7.20"),
    ],
)
def test_what_nobody_knows_is_named(typed: str, sentence: str) -> None:
    with pytest.raises(BadInput) as caught:
        listed(typed, SHELF, "pieces")
    assert caught.value.sentence.startswith(sentence)
