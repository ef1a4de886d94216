"""What a change would do, before it is done."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import text

from frontdesk.desk import Desk
from frontdesk.errors import AlreadyAway, NotAllowed
from frontdesk.services.team.foresight import WouldStrand, foresee
from frontdesk.services.team.roster import AddTimeOff, ListTimeOff, add_time_off, list_time_off
from frontdesk.services.team.slots import pieces_between
from tests.services.desks import ANNA, JANE, booked, march

TUESDAY = dt.date(2026, 3, 10)
AWAY = AddTimeOff(stylist_id=ANNA, first_day=TUESDAY, last_day=TUESDAY)


def _everything(desk: Desk) -> tuple[object, ...]:
    """The strip of the day, what lies in the outbox, and which requests were made."""
    with desk.sessions() as session:
        told = session.execute(text("SELECT count(*) FROM outbox_events")).scalar()
        asked = session.execute(text("SELECT count(*) FROM idempotency_keys")).scalar()
        return tuple(pieces_between(session, [ANNA], march(10, 0), march(11, 0))), told, asked


def test_what_would_be_stranded_is_told_and_nothing_is_changed(mo: Desk) -> None:
    booked(mo, JANE, march(10, 15, 45))
    before = _everything(mo)
    ahead = foresee(add_time_off, mo, AWAY)
    assert [one.customer for one in ahead.stranded] == ["Jane Doe"]
    assert _everything(mo) == before
    assert list_time_off(mo, ListTimeOff()).time_off == ()
    done = add_time_off(mo, AWAY)  # the same wish is still free to be done
    assert done.stranded == ahead.stranded
    assert _everything(mo) != before


def test_what_would_be_refused_is_refused(mo: Desk, ria: Desk) -> None:
    with pytest.raises(NotAllowed):
        foresee(add_time_off, ria, AWAY)
    add_time_off(mo, AWAY)
    with pytest.raises(AlreadyAway):
        foresee(add_time_off, mo, AddTimeOff(stylist_id=ANNA, first_day=TUESDAY, last_day=TUESDAY))


def test_a_sentence_names_the_first_and_counts_the_rest(mo: Desk) -> None:
    for hour in (9, 10, 11, 12):
        booked(mo, None if hour > 9 else JANE, march(10, hour))
    told = WouldStrand(foresee(add_time_off, mo, AWAY).stranded, "Europe/London").sentence
    assert told.startswith("That leaves 4 visits outside working hours: Jane Doe Tue 10 Mar 09:00, ")
    assert told.endswith(" and 1 more.")
