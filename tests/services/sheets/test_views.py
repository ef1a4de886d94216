"""A month with its load, and a stylist's week with what stands in it."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import Engine, event

from frontdesk.desk import Desk
from frontdesk.errors import NotFound
from frontdesk.services.sheets.month import ShowMonth, show_month
from frontdesk.services.sheets.stylist_week import ShowStylistWeek, show_stylist_week
from frontdesk.services.team.shop_hours import AddClosure, add_closure
from tests.services.desks import ANNA, BLOW_DRY, BO, COLOUR, CUT, JANE, KIM, booked, march

STOCKTAKING = dt.date(2026, 3, 17)


def test_a_month_says_how_full_each_day_is(ria: Desk, ada: Desk) -> None:
    booked(ria, JANE, march(10, 10), (CUT, ANNA), (BLOW_DRY, BO))
    booked(ria, KIM, march(10, 15), (CUT, ANNA))
    add_closure(ada, AddClosure(first_day=STOCKTAKING, last_day=STOCKTAKING, name="Stocktaking"))
    month = show_month(ria, ShowMonth(day=dt.date(2026, 3, 31)))
    assert (month.first_day, len(month.days)) == (dt.date(2026, 3, 1), 31)
    tenth, seventeenth, sunday = month.days[9], month.days[16], month.days[14]
    assert (tenth.booked_minutes, tenth.free_minutes, tenth.visits) == (120, 2 * 8 * 60 - 120, 2)
    assert tenth.load == 13, "two hours of sixteen"
    assert (seventeenth.closure, seventeenth.load) == ("Stocktaking", None)
    assert (sunday.closure, sunday.load, sunday.visits) == (None, None, 0)


def test_a_week_of_one_stylist_is_a_column_a_day(ria: Desk, engine: Engine) -> None:
    booked(ria, JANE, march(10, 10), (COLOUR, ANNA))
    booked(ria, KIM, march(12, 14), (CUT, ANNA))
    booked(ria, KIM, march(13, 14), (CUT, BO))
    asked: list[str] = []

    def note(*args: object) -> None:
        asked.append(str(args[2]))

    event.listen(engine, "before_cursor_execute", note)
    week = show_stylist_week(ria, ShowStylistWeek(stylist_id=ANNA, first_day=dt.date(2026, 3, 13)))
    event.remove(engine, "before_cursor_execute", note)
    assert week.name == "Anna"
    assert [column.name for column in week.columns][:2] == ["Mon 9 Mar", "Tue 10 Mar"]
    assert [[entry.customer for entry in column.entries] for column in week.columns] == [
        [], ["Jane Doe"], [], ["Kim Lee"], [], [], [],
    ]  # fmt: skip
    assert week.columns[0].shift == ((march(9, 9), march(9, 17)),)
    assert week.columns[6].shift == (), "nobody works on Sundays, and the day is there all the same"
    assert len([one for one in asked if "SAVEPOINT" not in one]) == 5
    with pytest.raises(NotFound):
        show_stylist_week(ria, ShowStylistWeek(stylist_id=999))
