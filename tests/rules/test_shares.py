"""Shares are whole percents and bars never leave their place."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontdesk.rules.shares import average, bar, columns, percent


@pytest.mark.parametrize(
    ("part", "whole", "share"),
    [(1, 3, 33), (1, 2, 50), (1, 200, 1), (-1, 200, -1), (Decimal("0.5"), 100, 1), (3, 2, 150), (1, 0, None)],
)
def test_percents_are_whole_and_halves_go_away_from_zero(
    part: Decimal | int, whole: Decimal | int, share: int | None
) -> None:
    assert percent(part, whole) == share


def test_an_average_of_nothing_is_nothing() -> None:
    assert average([]) is None
    assert average([1, 2]) == 2
    assert average([90, 120], per=60) == 2


def test_bars_grow_by_eighths() -> None:
    assert bar(1, 2, 4) == "██  "
    assert bar(5, 16, 4) == "█▎  "
    assert bar(1, 100000, 4) == "▏   ", "a little is never nothing"
    assert bar(9, 2, 4) == "████"
    assert bar(0, 2, 4) == bar(1, 0, 4) == "    "


def test_columns_stand_on_the_lowest_row() -> None:
    assert columns([0, 1, 2, 4], 2) == ["   █", " ▄██"]
    assert columns([], 3) == ["", "", ""]
    assert columns([0, 0], 1) == ["  "]


@given(st.lists(st.integers(-5, 10**9), max_size=30), st.integers(0, 9))
def test_nothing_leaves_its_place(values: list[int], size: int) -> None:
    assert [len(row) for row in columns(values, size)] == [len(values)] * size
    assert all(len(bar(value, max(values), size)) == size for value in values)
