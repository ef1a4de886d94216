"""Minutes a line took, beside those that were planned."""

from __future__ import annotations

import datetime as dt

from frontdesk.rules.actuals import Served, Stretch, planned_stretches, served
from frontdesk.rules.states import Status, Step

COLOUR = [Stretch("buffer", 5), Stretch("active", 30), Stretch("processing", 45), Stretch("finish", 20),
          Stretch("active", 10), Stretch("cleanup", 15)]  # fmt: skip
CHAIR, DYE = Status.IN_SERVICE, Status.PROCESSING


def _at(minutes: int) -> dt.datetime:
    return dt.datetime(2026, 3, 9, 10, 0, tzinfo=dt.UTC) + dt.timedelta(minutes=minutes)


def _step(was: Status, became: Status, minute: int, *, back: bool = False) -> Step:
    return Step(was, became, back, _at(minute))


def test_a_plan_is_told_as_stretches_in_and_out_of_the_chair() -> None:
    assert planned_stretches(COLOUR) == [(CHAIR, 30), (DYE, 45), (CHAIR, 30)]


def test_each_stretch_has_the_minutes_it_took() -> None:
    steps = [
        _step(Status.ARRIVED, CHAIR, 2), _step(CHAIR, DYE, 40), _step(DYE, CHAIR, 80),
        _step(CHAIR, Status.COMPLETED, 100),
    ]  # fmt: skip
    assert served(COLOUR, steps, _at(300)) == (Served(CHAIR, 30, 38), Served(DYE, 45, 40), Served(CHAIR, 30, 20))
    under_way = served(COLOUR, steps[:2], _at(50))
    assert under_way == (Served(CHAIR, 30, 38), Served(DYE, 45, 10, is_over=False), Served(CHAIR, 30, None))


def test_a_step_taken_back_took_no_time() -> None:
    steps = [_step(Status.ARRIVED, CHAIR, 0), _step(CHAIR, DYE, 5), _step(DYE, CHAIR, 6, back=True)]
    assert served(COLOUR, steps, _at(20))[:2] == (Served(CHAIR, 30, 20, is_over=False), Served(DYE, 45, None))


def test_what_nobody_had_planned_is_told_behind() -> None:
    steps = [_step(Status.ARRIVED, CHAIR, 0), _step(CHAIR, DYE, 5), _step(DYE, Status.COMPLETED, 15)]
    assert served([Stretch("active", 45)], steps, _at(60)) == (Served(CHAIR, 45, 5), Served(DYE, 0, 10))
