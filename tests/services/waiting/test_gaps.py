"""The holes of a day with whom to call, and the next visit in somebody's own rhythm (features N19, N23)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from sqlalchemy import text

from frontdesk.desk import Desk
from frontdesk.services.book.booking import BookAppointment, book
from frontdesk.services.people.sign_in import Sessions
from frontdesk.services.placing.accommodations import RememberAccommodation, remember_accommodation
from frontdesk.services.team.roster import AddTimeOff, add_time_off
from frontdesk.services.team.shop_hours import BlockTime, block_time
from frontdesk.services.undo.undo import UndoLast, undo_last
from frontdesk.services.waiting.gaps import GapRadar, Hole, ShowGaps, show_gaps
from frontdesk.services.waiting.rebooking import (
    NoRhythm,
    NothingBefore,
    NothingInRhythm,
    ProposeRebooking,
    Rebooking,
    propose_rebooking,
)
from frontdesk.services.waiting.waitlist import AddToWaitlist, BookWaiting, add_to_waitlist, book_from_waitlist
from tests.services.desks import ANNA, BLOW_DRY, BO, CUT, JANE, KIM, MASSAGE, OLA, booked, march

TUESDAY = dt.date(2026, 3, 10)


def been(
    desk: Desk, sessions: Sessions, customer: int, *days: dt.date, service: int = CUT, stylist: int = ANNA
) -> None:
    """Visits that have been, at three in the afternoon."""
    for day in days:
        at = dt.datetime.combine(day, dt.time(15), dt.UTC)
        visit = booked(desk, customer, at, (service, stylist), in_past=True, outside_hours=True)
        with sessions() as session:
            session.execute(text("SELECT set_config('frontdesk.token', 'token of ria', true)"))
            its = {"visit": visit.appointment_id}
            session.execute(text("UPDATE appointments SET status = 'completed' WHERE id = :visit"), its)
            lines = "UPDATE appointment_services SET status = 'completed' WHERE appointment_id = :visit"
            session.execute(text(lines), its)
            session.commit()


def before(last: dt.date, *gaps: int) -> list[dt.date]:
    """Days with so many days between them, up to the last."""
    days = [last]
    for gap in reversed(gaps):
        days.insert(0, days[0] - dt.timedelta(days=gap))
    return days


def jane_every_41_days(desk: Desk, sessions: Sessions, last: dt.date = dt.date(2026, 2, 3)) -> None:
    been(desk, sessions, JANE, *before(last, 40, 42, 41))


def hole_of_45_minutes(desk: Desk) -> None:
    """Nothing is left of Anna's Tuesday but 13:00 to 13:45."""
    for since, until in ((march(10, 9), march(10, 13)), (march(10, 13, 45), march(10, 17))):
        block_time(desk, BlockTime(resource_id=ANNA, starts_at=since, ends_at=until, name="training"))


def radar(desk: Desk, stylist: int | None = ANNA) -> GapRadar:
    return show_gaps(desk, ShowGaps(day=TUESDAY, stylist_id=stylist))


def the_hole(desk: Desk) -> Hole:
    (hole,) = [one for one in radar(desk).holes if one.starts_at == march(10, 13)]
    return hole


def test_a_hole_lists_who_waits_before_who_is_due(ria: Desk, sessions: Sessions) -> None:
    jane_every_41_days(ria, sessions)  # due on 16 March, within a week
    hole_of_45_minutes(ria)
    add_to_waitlist(ria, AddToWaitlist(customer_id=OLA, service_ids=(CUT,), first_day=TUESDAY, last_day=TUESDAY))
    add_to_waitlist(ria, AddToWaitlist(guest_name="Ivo", service_ids=(BLOW_DRY,), first_day=TUESDAY))
    hole = the_hole(ria)
    assert (hole.stylist, hole.minutes, hole.worth) == ("Anna", 45, Decimal(50))
    assert [(call.kind, call.customer, call.what) for call in hole.calls] == [
        ("waits", "Ola Berg", "Cut"),
        ("waits", "Ivo", "Blow-dry"),
        ("due", "Jane Doe", "Cut"),
    ]
    assert hole.calls[0].why == "on the waitlist since Mon 9 Mar"
    assert (hole.calls[2].why, hole.calls[2].phone) == ("every 41 days, last Tue 3 Feb", "+447700900123")


def test_a_call_that_ends_in_a_yes_is_booked_as_it_stands(ria: Desk, sessions: Sessions) -> None:
    jane_every_41_days(ria, sessions)
    hole_of_45_minutes(ria)
    (jane,) = the_hole(ria).calls
    visit = book(ria, BookAppointment(customer_id=jane.customer_id, lines=jane.to_book, starts_at=jane.starts_at))
    assert (visit.starts_at, visit.lines[0].stylist) == (march(10, 13), "Anna")
    assert [one for one in radar(ria).holes if one.starts_at == march(10, 13)] == []
    undo_last(ria, UndoLast())
    assert [call.customer for call in the_hole(ria).calls] == ["Jane Doe"]


def test_whoever_is_booked_from_the_list_is_called_no_more(ria: Desk) -> None:
    entry = add_to_waitlist(ria, AddToWaitlist(customer_id=OLA, service_ids=(CUT,), first_day=TUESDAY))
    assert "Ola Berg" in {call.customer for hole in radar(ria).holes for call in hole.calls}
    book_from_waitlist(ria, BookWaiting(entry_id=entry.id, starts_at=march(10, 9), stylist_id=ANNA))
    assert {call.customer for hole in radar(ria).holes for call in hole.calls} == set()


def test_only_who_fits_the_hole_is_named(ria: Desk, sessions: Sessions) -> None:
    hole_of_45_minutes(ria)
    for wish in (
        AddToWaitlist(guest_name="Too long", service_ids=(MASSAGE,), first_day=TUESDAY),
        AddToWaitlist(guest_name="Another day", service_ids=(CUT,), first_day=dt.date(2026, 3, 11)),
        AddToWaitlist(guest_name="Another hour", service_ids=(CUT,), first_day=TUESDAY, over_by=dt.time(13, 30)),
        AddToWaitlist(guest_name="With Bo", service_ids=(CUT,), first_day=TUESDAY, stylist_id=BO),
        AddToWaitlist(guest_name="Fits", service_ids=(CUT,), first_day=TUESDAY, stylist_id=ANNA),
    ):
        add_to_waitlist(ria, wish)
    been(ria, sessions, KIM, *before(dt.date(2026, 2, 3), 27, 27))  # was due more than a week ago
    assert [call.customer for call in the_hole(ria).calls] == ["Fits"]


def test_lengths_of_their_own_and_other_visits_are_known(ria: Desk, sessions: Sessions) -> None:
    hole_of_45_minutes(ria)
    booked(ria, KIM, march(10, 13), (CUT, BO))
    for customer in (JANE, KIM, OLA):
        add_to_waitlist(ria, AddToWaitlist(customer_id=customer, service_ids=(CUT,), first_day=TUESDAY))
    remember_accommodation(ria, RememberAccommodation(customer_id=JANE, service_id=CUT, minutes=50))
    assert [call.customer for call in the_hole(ria).calls] == ["Ola Berg"], "Jane takes longer, Kim is with Bo"
    booked(ria, KIM, march(10, 16), (BLOW_DRY, BO))
    remember_accommodation(ria, RememberAccommodation(customer_id=JANE, service_id=CUT, minutes=40))
    jane, ola = the_hole(ria).calls
    assert (jane.customer, jane.ends_at) == ("Jane Doe", march(10, 13, 40))
    assert ola.customer == "Ola Berg"


def test_who_has_a_visit_ahead_is_not_due(ria: Desk, sessions: Sessions) -> None:
    jane_every_41_days(ria, sessions)
    hole_of_45_minutes(ria)
    booked(ria, JANE, march(20, 15))
    assert the_hole(ria).calls == ()


def test_a_hole_too_short_for_anything_is_none(ria: Desk) -> None:
    booked(ria, None, march(10, 9, 15), (CUT, ANNA))  # a quarter of an hour before
    assert radar(ria).shortest_minutes == 30
    assert [one.starts_at for one in radar(ria).holes] == [march(10, 10)]


def test_the_next_visit_is_on_the_same_weekday_nearest_to_their_rhythm(ria: Desk, sessions: Sessions) -> None:
    jane_every_41_days(ria, sessions)
    proposed = propose_rebooking(ria, ProposeRebooking(customer_id=JANE))
    assert (proposed.every, proposed.why) == (41, "every 41 days, so 42 after Tue 3 Feb")
    first = proposed.offers[0]
    assert (first.starts_at, first.lines[0].stylist) == (march(17, 15), "Anna")
    visit = book(ria, BookAppointment(customer_id=JANE, lines=first.to_book, starts_at=first.starts_at))
    assert visit.starts_at == march(17, 15)


def test_when_that_day_is_full_the_next_in_their_rhythm_is_proposed(ria: Desk, sessions: Sessions) -> None:
    jane_every_41_days(ria, sessions)
    for quarters in range(8 * 60 // 45 + 1):
        at = march(17, 9) + dt.timedelta(minutes=45 * quarters)
        booked(ria, None, at, (CUT, ANNA), outside_hours=True)
    assert propose_rebooking(ria, ProposeRebooking(customer_id=JANE)).offers[0].starts_at == march(10, 15)


def test_without_a_rhythm_the_weeks_are_asked_for(ria: Desk, sessions: Sessions) -> None:
    with pytest.raises(NothingBefore, match="Kim Lee has not had anything done here yet"):
        propose_rebooking(ria, ProposeRebooking(customer_id=KIM))
    been(ria, sessions, KIM, dt.date(2026, 3, 3))
    with pytest.raises(NoRhythm, match="Kim Lee has been here on one day so far"):
        propose_rebooking(ria, ProposeRebooking(customer_id=KIM))
    proposed: Rebooking = propose_rebooking(ria, ProposeRebooking(customer_id=KIM, weeks=2))
    assert proposed.offers[0].starts_at == march(17, 15)


def test_nothing_free_in_their_rhythm_is_said(ria: Desk, mo: Desk, sessions: Sessions) -> None:
    jane_every_41_days(ria, sessions)
    add_time_off(mo, AddTimeOff(stylist_id=ANNA, first_day=TUESDAY, last_day=dt.date(2026, 5, 1)))
    with pytest.raises(NothingInRhythm, match="Nothing is free for Jane Doe around Mon 16 Mar"):
        propose_rebooking(ria, ProposeRebooking(customer_id=JANE))
