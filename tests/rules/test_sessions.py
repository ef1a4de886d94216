"""Sessions: all of them together are worth what was paid, to the cent, whatever is used in which order."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from frontdesk.rules.sessions import Contents, last_day_of, lots_of, next_session, periods

MARCH_9 = dt.date(2026, 3, 9)


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 12), st.decimals(0, 300, places=2)), min_size=1, max_size=3),
    st.decimals(0, 2000, places=2),
    st.decimals(0, 1, places=3),
    st.integers(1, 4),
)
def test_every_cent_that_was_paid_is_in_one_session(
    contents: list[tuple[int, Decimal]], paid: Decimal, share: Decimal, months: int
) -> None:
    made = [Contents(number, sessions, price) for number, (sessions, price) in enumerate(contents)]
    tax = (paid * share).quantize(Decimal("0.01"))
    lots = lots_of(made, periods(MARCH_9, months, 1), paid, tax, "GBP")
    assert [sum((one.value for one in lots), Decimal(0)), sum((one.tax for one in lots), Decimal(0))] == [paid, tax]
    for lot in lots:
        sessions, value, held = lot.sessions, lot.value, lot.tax
        while sessions:
            mine, taxed = next_session(sessions, value, held, "GBP")
            sessions, value, held = sessions - 1, value - mine, held - taxed
            assert value >= held >= 0
        assert [value, held] == [0, 0]


def test_without_the_largest_remainder_a_cent_would_be_lost() -> None:
    third = round(Decimal(100) / 3, 2)
    assert third * 3 != 100
    assert [next_session(left, value, Decimal(0), "GBP")[0] for left, value in ((3, Decimal(100)), (1, third))] == [
        Decimal("33.34"),
        third,
    ]


def test_a_year_has_twelve_months_of_sessions_and_ends_the_day_before() -> None:
    days = periods(dt.date(2026, 1, 31), 12, 1)
    assert (len(days), days[0], days[1]) == (
        12,
        (dt.date(2026, 1, 31), dt.date(2026, 2, 27)),
        (dt.date(2026, 2, 28), dt.date(2026, 3, 30)),
    )
    assert (days[-1][1], last_day_of(MARCH_9, None), periods(MARCH_9, None, None)) == (
        dt.date(2027, 1, 30),
        None,
        [(MARCH_9, None)],
    )
