"""Stretches of time, cut and overlaid."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from frontdesk.rules.intervals import Stretch, joined, overlap, without

stretches = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 12)).map(lambda s: (s[0], s[0] + s[1])), max_size=6)


def _moments(of: list[Stretch[int]]) -> set[int]:
    return {moment for start, end in of for moment in range(start, end)}


@given(stretches)
def test_joining_keeps_the_time_and_leaves_no_seam(some: list[Stretch[int]]) -> None:
    whole = joined(some)
    assert _moments(whole) == _moments(some)
    assert all(a[1] < b[0] for a, b in pairwise(whole))


@given(stretches, stretches)
def test_cutting_and_overlaying_share_the_time_between_them(
    some: list[Stretch[int]], others: list[Stretch[int]]
) -> None:
    some = joined(some)
    assert _moments(without(some, others)) == _moments(some) - _moments(others)
    assert _moments(overlap(some, joined(others))) == _moments(some) & _moments(others)
