"""Why a time can or can't be booked: every rule that says no, in order."""

from __future__ import annotations

import datetime as dt

import pytest

from frontdesk import errors
from frontdesk.clock import SetClock
from frontdesk.desk import Desk
from frontdesk.services.search.why import ExplainTime, explain
from frontdesk.services.team.roster import AddBreak, AddTimeOff, add_break, add_time_off
from frontdesk.services.team.shop_hours import AddClosure, BlockTime, add_closure, block_time
from frontdesk.services.team.stylists import AddStylist, add_stylist
from tests.services.desks import ANNA, BO, CUT, JANE, KIM, MASSAGE, OLA, booked, march

TUESDAY = dt.date(2026, 3, 10)


def why(desk: Desk, stylist: int | None, at: dt.datetime, service: int | None = None) -> tuple[str, ...]:
    return explain(desk, ExplainTime(stylist_id=stylist, at=at, service_id=service)).sentences


def test_a_free_time_says_until_when(ria: Desk) -> None:
    booked(ria, JANE, march(10, 16, 15))
    assert why(ria, ANNA, march(10, 15)) == ("Free until 16:15.",)
    assert why(ria, ANNA, march(10, 15), CUT) == ("Cut with Anna fits, 15:00–15:45.", "Free until 16:15.")


def test_before_the_shift_and_after_it(ria: Desk) -> None:
    assert why(ria, BO, march(10, 9, 30)) == ("Bo starts 10:00 (shift).", "Free next: 10:00.")
    assert why(ria, ANNA, march(10, 17)) == ("Anna finishes 17:00 (shift).", "Free next: Wed 11 Mar 09:00.")


def test_the_shop_comes_before_the_person(ria: Desk, ada: Desk) -> None:
    assert why(ria, ANNA, march(10, 8)) == ("The shop opens 09:00.", "Free next: 09:00.")
    assert why(ria, ANNA, march(15, 10)) == ("The shop is closed on Sun 15 Mar.", "Free next: Mon 16 Mar 09:00.")
    add_closure(ada, AddClosure(first_day=TUESDAY, last_day=TUESDAY, name="Good Friday"))
    assert why(ria, ANNA, march(10, 10)) == ("The shop is closed (Good Friday).", "Free next: Wed 11 Mar 09:00.")


def test_a_visit_is_named_with_who_booked_it(ria: Desk) -> None:
    booked(ria, KIM, march(10, 15))
    assert why(ria, ANNA, march(10, 15, 15)) == (
        "Anna is taken 15:00–15:45 by Kim Lee (booked by Ria, 09:00).",
        "Free next: 15:45.",
    )
    assert why(ria, ANNA, march(10, 14, 30), CUT) == (
        "Anna is taken 15:00–15:45 by Kim Lee (booked by Ria, 09:00).",
        "Free next: 15:45, or Bo at 14:30.",
    )


def test_lunch_time_off_and_blocks_are_said_by_name(ria: Desk, mo: Desk) -> None:
    add_break(mo, AddBreak(stylist_id=BO, starts=dt.time(12), ends=dt.time(12, 30), weekday=2, name="lunch"))
    assert why(ria, BO, march(10, 12, 15))[0] == "Lunch 12:00–12:30."
    block_time(ria, BlockTime(resource_id=BO, starts_at=march(10, 14), ends_at=march(10, 15), name="Training"))
    assert why(ria, BO, march(10, 14))[0] == "Training 14:00–15:00."
    add_time_off(mo, AddTimeOff(stylist_id=ANNA, first_day=TUESDAY, last_day=TUESDAY))
    assert why(ria, ANNA, march(10, 14))[0] == "Holiday 09:00–17:00."


def test_every_rule_that_fails_is_said_in_order(ria: Desk, mo: Desk, clock: SetClock) -> None:
    booked(mo, KIM, march(10, 17, 45), (CUT, BO), outside_hours=True)
    block_time(ria, BlockTime(resource_id=BO, starts_at=march(10, 17, 30), ends_at=march(10, 17, 45), name="call"))
    clock.set(march(10, 17, 50))
    assert why(ria, BO, march(10, 17, 30), CUT) == (
        "Tue 10 Mar 17:30 is in the past.",
        "The shop closes 18:00.",
        "Call 17:30–17:45.",
        "Bo is taken 17:45–18:30 by Kim Lee (booked by Mo, Mon 9 Mar 09:00).",
        "Free next: Wed 11 Mar 10:00.",
    )


def test_somebody_who_does_not_do_it(ria: Desk, mo: Desk) -> None:
    cleo = add_stylist(mo, AddStylist(first_name="Cleo", service_ids=(CUT,)))
    assert why(ria, cleo.id, march(10, 15), MASSAGE)[0] == "Cleo does not do Massage. Anna or Bo can."


def test_a_room_that_is_taken(ria: Desk) -> None:
    booked(ria, KIM, march(10, 15), (MASSAGE, BO))
    assert why(ria, ANNA, march(10, 15), MASSAGE) == (
        "Room 1 is taken 15:00–16:15 by Kim Lee (booked by Ria, 09:00).",
        "Free next: Wed 11 Mar 09:00, or Bo at 16:15.",
    )


def test_anybody(ria: Desk) -> None:
    assert why(ria, None, march(10, 15)) == ("Free: Anna until 17:00, Bo until 18:00.",)
    booked(ria, KIM, march(10, 15))
    assert why(ria, None, march(10, 15), CUT) == ("Free: Bo until 18:00.",)
    booked(ria, OLA, march(10, 15), (CUT, BO))
    assert why(ria, None, march(10, 15), CUT) == (
        "Anna is taken 15:00–15:45 by Kim Lee (booked by Ria, 09:00).",
        "Bo is taken 15:00–15:45 by Ola Berg (booked by Ria, 09:00).",
        "Free next: 15:45 with Anna.",
    )


def test_nobody_by_that_number(ria: Desk) -> None:
    with pytest.raises(errors.NotFound):
        why(ria, 99, march(10, 15))
