"""WHEN and DATE: words and figures, read on the shop's clock."""

from __future__ import annotations

import datetime as dt

import click
import pytest

from frontdesk.cli.when import day_said, moment_said
from frontdesk.desk import Desk


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("today", "2026-03-09"),
        ("tomorrow", "2026-03-10"),
        ("tue", "2026-03-10"),
        ("yesterday", "2026-03-08"),
        ("24/12", "2026-12-24"),
        ("in 3 weeks", "2026-03-30"),
        ("2025-01-31", "2025-01-31"),
    ],
)
def test_days(ria: Desk, words: str, day: str) -> None:
    assert day_said(ria, words) == dt.date.fromisoformat(day)


def test_nothing_said_is_no_day(ria: Desk) -> None:
    assert day_said(ria, "") is None


@pytest.mark.parametrize("words", ["neverday", "tue 3pm", "31/2", "jane", "next"])
def test_what_is_no_day_is_usage(ria: Desk, words: str) -> None:
    with pytest.raises(click.UsageError):
        day_said(ria, words)


@pytest.mark.parametrize(
    ("words", "moment"),
    [
        ("tue 3pm", "2026-03-10T15:00Z"),
        ("2026-03-10 15:00", "2026-03-10T15:00Z"),
        ("2026-03-10T15:00", "2026-03-10T15:00Z"),
        ("2026-07-01 15:00", "2026-07-01T14:00Z"),
        ("2026-07-01T15:00+02:00", "2026-07-01T13:00Z"),
        ("2026-10-25 01:30 first", "2026-10-25T00:30Z"),
        ("2026-10-25 01:30 second", "2026-10-25T01:30Z"),
    ],
)
def test_moments(ria: Desk, words: str, moment: str) -> None:
    assert moment_said(ria, words) == dt.datetime.fromisoformat(moment)


def test_what_is_left_unsaid_stays(ria: Desk) -> None:
    before = dt.datetime(2026, 7, 1, 14, tzinfo=dt.UTC)
    assert moment_said(ria, "11am", instead_of=before) == dt.datetime(2026, 7, 1, 10, tzinfo=dt.UTC)
    assert moment_said(ria, "2/12", instead_of=before) == dt.datetime(2026, 12, 2, 15, tzinfo=dt.UTC)
    with pytest.raises(click.UsageError):
        moment_said(ria, "tue")
