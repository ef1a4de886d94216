"""Days and moments as fields ask for them."""

from __future__ import annotations

import datetime as dt

import pytest

from frontdesk.errors import BadInput
from frontdesk.rules.moment import Here, day_meant

HERE = Here(dt.datetime(2026, 3, 10, 9, tzinfo=dt.UTC), "Europe/London", "GB")


def test_a_mistyped_day_may_mean_another_day_and_never_a_person() -> None:
    with pytest.raises(BadInput) as refused:
        day_meant("yesterdayy", HERE)
    assert "yesterday" in refused.value.sentence
    assert "customer" not in refused.value.sentence
    assert day_meant("yesterday", HERE) == dt.date(2026, 3, 9)
