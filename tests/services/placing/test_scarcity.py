"""A search that finds little or nothing says what is needed and what there is."""

from __future__ import annotations

import datetime as dt

from frontdesk.desk import Desk
from frontdesk.services.placing.availability import FindFree, FreeTimes, find_free
from frontdesk.services.team.roster import AddTimeOff, add_time_off
from frontdesk.services.team.shop_hours import BlockTime, block_time
from tests.services.desks import ANNA, BO, COLOUR, CUT, MASSAGE, booked, march

TUESDAY = dt.date(2026, 3, 10)


def search(desk: Desk, service: int, stylist: int | None = None, days: int = 1, **more: object) -> FreeTimes:
    wish = FindFree(service_id=service, stylist_id=stylist, first_day=TUESDAY, days=days, **more)  # type: ignore[arg-type]
    return find_free(desk, wish)


def block(desk: Desk, resource: int, since: dt.datetime, until: dt.datetime) -> None:
    block_time(desk, BlockTime(resource_id=resource, starts_at=since, ends_at=until, name="training"))


def test_where_much_is_free_nothing_is_explained_unless_asked(ria: Desk) -> None:
    assert search(ria, CUT).explained is None
    assert search(ria, CUT, limit=1).explained is None
    assert search(ria, CUT, explain=True).explained == (
        "Cut needs 45 min; Anna's longest gap on Tue 10 Mar is 480 min (09:00–17:00), Bo's 480 min (10:00–18:00)."
    )


def test_nothing_free_names_everybody_s_longest_gap(ria: Desk) -> None:
    block(ria, ANNA, march(10, 9, 30), march(10, 17))
    block(ria, BO, march(10, 10), march(10, 18))
    found = search(ria, CUT)
    assert found.times == ()
    assert found.explained == (
        "Cut needs 45 min; Anna's longest gap on Tue 10 Mar is 30 min (09:00–09:30), Bo has none."
    )


def test_processing_is_said_as_it_is_needed(ria: Desk, mo: Desk) -> None:
    for hour in range(9, 17):
        booked(ria, None, march(10, hour, 15), (CUT, ANNA), overbook_reason="full")
    found = search(ria, COLOUR, ANNA)
    assert found.times == ()
    assert found.explained == (
        "Colour needs 30 min, then 30 min 45 min later; Anna's longest gap on Tue 10 Mar is 15 min (09:00–09:15)."
    )


def test_a_room_that_is_short_is_said_beside_the_people(ria: Desk) -> None:
    block(ria, 3, march(10, 10), march(10, 18))
    found = search(ria, MASSAGE)
    assert found.times == ()
    assert found.explained == (
        "Massage needs 60 min; Anna's longest gap on Tue 10 Mar is 480 min (09:00–17:00), Bo's 480 min (10:00–18:00)."
        " It needs a room for 75 min; Room 1's longest gap on Tue 10 Mar is 60 min (09:00–10:00)."
    )


def test_over_several_days_the_day_of_the_longest_gap_is_said(ria: Desk, mo: Desk) -> None:
    add_time_off(mo, AddTimeOff(stylist_id=ANNA, first_day=TUESDAY, last_day=dt.date(2026, 3, 12)))
    block(ria, ANNA, march(13, 9), march(13, 16, 40))
    found = search(ria, CUT, ANNA, days=4)
    assert found.times == ()
    assert found.explained == (
        "Cut needs 45 min; Anna's longest gap from Tue 10 Mar to Fri 13 Mar is 20 min (Fri 13 Mar 16:40–17:00)."
    )
