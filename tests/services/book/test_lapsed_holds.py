"""Holds that have lapsed: a search sees their time as free, and whoever looks at the strip finds it so."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import text

from frontdesk.clock import SetClock
from frontdesk.desk import Desk
from frontdesk.services.people.sign_in import Sessions
from frontdesk.services.placing.availability import FindFree, find_free
from frontdesk.services.search.why import ExplainTime, explain
from frontdesk.services.team import slots
from tests.services.desks import ANNA, CUT, JANE, booked, march

TUESDAY = dt.date(2026, 3, 10)


def hold_a_time(sessions: Sessions, starts_at: dt.datetime, until: dt.datetime) -> None:
    """Somebody is typing: Anna is held for three quarters of an hour."""
    with sessions() as session:
        session.execute(text("SELECT set_config('frontdesk.token', 'token of ria', true)"))
        session.execute(
            text(
                "INSERT INTO time_slots (resource_id, shop_id, starts_at, ends_at, status, held_by,"
                " held_until, hold_key)"
                " VALUES (1, 1, :at, :ends, 'held', actor_user(), :until, gen_random_uuid())"
            ),
            {"at": starts_at, "ends": starts_at + dt.timedelta(minutes=45), "until": until},
        )
        slots.rebuild(session, [(1, starts_at.date())], until - dt.timedelta(minutes=10))
        session.commit()


def first_free(desk: Desk) -> dt.datetime:
    wish = FindFree(service_id=CUT, stylist_id=ANNA, first_day=TUESDAY, limit=1)
    return find_free(desk, wish).times[0].starts_at


def test_a_held_time_is_offered_again_when_it_lapses(ria: Desk, sessions: Sessions, clock: SetClock) -> None:
    assert first_free(ria) == march(10, 9)
    hold_a_time(sessions, march(10, 9), until=march(9, 9, 10))
    assert first_free(ria) == march(10, 9, 45)
    clock.set(march(9, 9, 9))
    assert first_free(ria) == march(10, 9, 45)
    clock.set(march(9, 9, 10))
    assert first_free(ria) == march(10, 9)
    assert booked(ria, JANE, march(10, 9)).code


def test_why_a_held_time_is_not_free_names_who_is_booking_it(ria: Desk, sessions: Sessions, clock: SetClock) -> None:
    hold_a_time(sessions, march(10, 9), until=march(9, 9, 10))
    asked = ExplainTime(stylist_id=ANNA, at=march(10, 9), service_id=CUT)
    assert explain(ria, asked).sentences[0] == "Anna is taken 09:00–09:45: Ria is booking it."
    clock.set(march(9, 9, 10))
    assert explain(ria, asked).is_free
