"""When somebody can be booked."""

from __future__ import annotations

import datetime as dt
from typing import Any

from frontdesk.rules.hours import HoursRule, Piece, ResourceHours, RuleKind, derived_pieces

LONDON, NEW_YORK = "Europe/London", "America/New_York"
TUESDAY = dt.date(2026, 3, 10)
EVER = (dt.date.min, dt.date.max)


def _rule(kind: RuleKind, starts: int | None = None, ends: int | None = None, **more: Any) -> HoursRule:  # noqa: ANN401
    given: dict[str, Any] = {
        "shop_id": 1,
        "weekday": None,
        "first": EVER[0],
        "until": EVER[1],
        "starts": None if starts is None else dt.time(starts),
        "ends": None if ends is None else dt.time(ends),
        "starts_at": None,
        "ends_at": None,
        "name": kind.value,
    }
    return HoursRule(kind=kind, **{**given, **more})


OPEN = _rule(RuleKind.BUSINESS, 9, 18)
SHIFT = _rule(RuleKind.WEEKLY, 8, 17)


def _day(*rules: HoursRule, day: dt.date = TUESDAY, facts: Any = (), stylist: bool = True) -> list[str]:  # noqa: ANN401
    hours = ResourceHours(1, stylist, {1: LONDON}, rules)
    return [_said(piece) for piece in derived_pieces(day, hours, facts)]


def _said(piece: Piece) -> str:
    return f"{piece.starts_at:%H:%M}-{piece.ends_at:%H:%M} {piece.reason or piece.status}"


def test_a_shift_counts_within_business_hours() -> None:
    assert _day(OPEN, SHIFT) == ["09:00-17:00 available"]
    assert _day(SHIFT) == []
    assert _day(OPEN) == []


def test_a_room_is_open_when_the_shop_is() -> None:
    assert _day(OPEN, stylist=False) == ["09:00-18:00 available"]


def test_a_break_is_drawn_and_not_offered() -> None:
    lunch = _rule(RuleKind.BREAK, 13, 14, shop_id=None, weekday=2)
    assert _day(OPEN, SHIFT, lunch) == ["09:00-13:00 available", "13:00-14:00 break", "14:00-17:00 available"]
    assert _day(OPEN, SHIFT, lunch, day=TUESDAY + dt.timedelta(days=1)) == ["09:00-17:00 available"]


def test_a_dated_shift_replaces_the_week_s() -> None:
    short = _rule(RuleKind.DATED, 12, 15, first=TUESDAY, until=TUESDAY + dt.timedelta(days=1))
    assert _day(OPEN, SHIFT, short) == ["12:00-15:00 available"]
    off = _rule(RuleKind.DATED, first=TUESDAY, until=TUESDAY + dt.timedelta(days=1))
    assert _day(OPEN, SHIFT, off) == []


def test_half_a_day_off_counts_on_its_first_and_last_day() -> None:
    days = {"first": TUESDAY, "until": TUESDAY + dt.timedelta(days=2), "shop_id": None}
    away = _rule(RuleKind.TIME_OFF, 12, 11, **days)
    assert _day(OPEN, SHIFT, away) == ["09:00-12:00 available", "12:00-17:00 time_off"]
    assert _day(OPEN, SHIFT, away, day=TUESDAY + dt.timedelta(days=1)) == [
        "09:00-11:00 time_off",
        "11:00-17:00 available",
    ]


def test_a_closed_shop_has_no_pieces() -> None:
    assert _day(OPEN, SHIFT, _rule(RuleKind.CLOSURE)) == []


def test_facts_are_cut_out_of_everything() -> None:
    facts = [(dt.datetime(2026, 3, 10, 12, 30, tzinfo=dt.UTC), dt.datetime(2026, 3, 10, 13, 30, tzinfo=dt.UTC))]
    lunch = _rule(RuleKind.BREAK, 13, 14, shop_id=None)
    assert _day(OPEN, SHIFT, lunch, facts=facts) == [
        "09:00-12:30 available",
        "13:30-14:00 break",
        "14:00-17:00 available",
    ]


def test_a_typed_block_says_its_own_name() -> None:
    start = dt.datetime(2026, 3, 10, 9, tzinfo=dt.UTC)
    block = _rule(RuleKind.BLOCKED, shop_id=None, starts_at=start, ends_at=start.replace(hour=10), name="dentist")
    assert _day(OPEN, SHIFT, block) == ["09:00-10:00 dentist", "10:00-17:00 available"]


def test_nine_o_clock_moves_with_the_wall_clock() -> None:
    assert _day(OPEN, SHIFT, day=dt.date(2026, 3, 30)) == ["08:00-16:00 available"]


def test_a_shift_in_a_shop_of_another_zone_is_on_the_home_shop_s_day() -> None:
    evening = [
        _rule(RuleKind.BUSINESS, 9, 22, shop_id=2),
        _rule(RuleKind.WEEKLY, 18, 22, shop_id=2),
    ]
    hours = ResourceHours(1, True, {1: LONDON, 2: NEW_YORK}, tuple(evening))
    assert [(_said(p), p.shop_id) for p in derived_pieces(TUESDAY, hours, ())] == [
        ("00:00-02:00 available", 2),
        ("22:00-00:00 available", 2),
    ]
