"""The waitlist: who wants what, who fits what came free, booked from and waiting again (features BK20)."""

from __future__ import annotations

import datetime as dt
import json
import time

import psycopg
import pytest

from frontdesk import errors
from frontdesk.clock import SetClock
from frontdesk.db.server import Handle
from frontdesk.desk import Desk
from frontdesk.services.book.booking import MoveAppointment, move
from frontdesk.services.book.visits import LeaveVisit, cancel, no_show
from frontdesk.services.records.notices import ReadNotice, read_notice
from frontdesk.services.undo.undo import RedoLast, UndoLast, redo_last, undo_last
from frontdesk.services.waiting.fitting import WhoFits, who_fits_today
from frontdesk.services.waiting.waitlist import (
    AddToWaitlist,
    BookWaiting,
    ChangeWaiting,
    CountWaiting,
    LeaveWaitlist,
    ListWaiting,
    Waiting,
    add_to_waitlist,
    book_from_waitlist,
    change_waiting,
    count_waiting,
    leave_waitlist,
    list_waiting,
)
from tests.services.book.test_races import _desks
from tests.services.desks import ANNA, BLOW_DRY, BO, COLOUR, CUT, JANE, KIM, OLA, booked, march

TUESDAY = dt.date(2026, 3, 10)


def waits(desk: Desk, customer: int | None = KIM, *services: int, **wish: object) -> Waiting:
    """Somebody on the list: a cut on Tuesday when nothing is said."""
    wanted = {"first_day": TUESDAY, "last_day": TUESDAY} | wish
    return add_to_waitlist(
        desk,
        AddToWaitlist(customer_id=customer, service_ids=services or (CUT,), **wanted),  # type: ignore[arg-type]
    )


def full_tuesday(desk: Desk) -> list[int]:
    """Anna's and Bo's Tuesday from nine to six, hour by hour but for the ends; the visits of Anna."""
    hers = []
    for hour in range(9, 17):
        hers.append(booked(desk, None, march(10, hour), (CUT, ANNA)).appointment_id)
        booked(desk, None, march(10, hour + 1), (CUT, BO))
    return hers


def _who(desk: Desk, day: int = 10) -> list[str]:
    return [fit.customer for fit in who_fits_today(desk, WhoFits(day=dt.date(2026, 3, day))).fits]


def test_an_entry_keeps_all_that_was_said_and_how_long_it_waits(ria: Desk, clock: SetClock) -> None:
    entry = waits(
        ria, JANE, CUT, BLOW_DRY, stylist_id=ANNA, first_day=TUESDAY, last_day=dt.date(2026, 3, 20), weekdays=(5, 2),
        not_before=dt.time(16), over_by=dt.time(17, 30), note="Call after six",
    )  # fmt: skip
    clock.set(march(9, 11, 30))
    (one,) = list_waiting(ria, ListWaiting()).waiting
    assert (one.id, one.customer, one.what, one.stylist) == (entry.id, "Jane Doe", "Cut+Blow-dry", "Anna")
    assert (one.weekdays, one.opens, one.closes) == ((2, 5), 16 * 60, 17 * 60 + 30)
    assert (one.note, one.waits_minutes) == ("Call after six", 150)
    assert one.fits_at is None  # seventy-five minutes do not fit between four and Anna's end at five
    changed = change_waiting(
        ria,
        ChangeWaiting(entry_id=entry.id, customer_id=JANE, service_ids=(CUT,), stylist_id=ANNA, not_before=dt.time(16)),
    )
    assert (changed.what, changed.closes, changed.last_day) == ("Cut", 24 * 60, dt.date(2026, 4, 6))
    (one,) = list_waiting(ria, ListWaiting()).waiting
    assert (one.fits_at, one.fits_with) == (march(9, 16), "Anna")
    assert count_waiting(ria, CountWaiting()).waitlist == 1


def test_what_makes_no_sense_is_refused_in_a_sentence(ria: Desk) -> None:
    with pytest.raises(errors.BadInput, match="Say who waits"):
        waits(ria, None)
    for wish, field in (
        ({"last_day": dt.date(2026, 3, 1)}, "last_day"),
        ({"weekdays": ()}, "weekdays"),
        ({"weekdays": (8,)}, "weekdays"),
        ({"not_before": dt.time(12), "over_by": dt.time(11)}, "over_by"),
    ):
        with pytest.raises(errors.BadInput) as refused:
            waits(ria, KIM, **wish)
        assert refused.value.facts["field"] == field
    with pytest.raises(errors.NothingAsked):
        add_to_waitlist(ria, AddToWaitlist(customer_id=KIM))
    for gone in ({"stylist_id": 99}, {"session_id": 99}):
        with pytest.raises(errors.NotFound):
            waits(ria, **gone)
    for customer, service in ((99, CUT), (KIM, 99)):
        with pytest.raises(errors.NotFound):
            waits(ria, customer, service)


def test_who_fits_is_matched_by_service_stylist_days_and_hours_in_the_order_of_asking(ria: Desk) -> None:
    visits = full_tuesday(ria)
    waits(ria, JANE, COLOUR)  # too long for three quarters of an hour
    waits(ria, None, CUT, guest_name="Guest, late hours", not_before=dt.time(16))
    waits(ria, None, CUT, guest_name="Guest with Bo", stylist_id=BO)
    waits(ria, None, CUT, guest_name="Guest on Fridays", weekdays=(5,), last_day=dt.date(2026, 3, 20))
    waits(ria, OLA, CUT, stylist_id=ANNA)
    waits(ria, KIM, BLOW_DRY, first_day=dt.date(2026, 3, 9), last_day=dt.date(2026, 3, 10), over_by=dt.time(12))
    assert _who(ria) == []
    cancel(ria, LeaveVisit(appointment_id=visits[2], reason="Ill"))
    assert _who(ria) == ["Ola Berg", "Kim Lee"]
    freed = WhoFits(stylist_id=ANNA, starts_at=march(10, 11), ends_at=march(10, 11, 45))
    (ola, kim) = who_fits_today(ria, freed).fits
    assert (ola.starts_at, ola.ends_at, ola.stylist) == (march(10, 10, 45), march(10, 11, 30), "Anna")
    assert (kim.what, kim.starts_at) == ("Blow-dry", march(10, 10, 45))


def test_only_a_time_that_has_come_free_counts_as_freed(ria: Desk) -> None:
    visit = booked(ria, JANE, march(10, 10))
    waits(ria, KIM, CUT, over_by=dt.time(10))
    waits(ria, OLA, CUT)
    cancel(ria, LeaveVisit(appointment_id=visit.appointment_id, reason="Ill"))
    freed = WhoFits(stylist_id=ANNA, starts_at=march(10, 10), ends_at=march(10, 10, 45))
    assert [fit.customer for fit in who_fits_today(ria, freed).fits] == ["Ola Berg"]
    assert _who(ria) == ["Kim Lee", "Ola Berg"]


def test_a_cancelled_visit_tells_every_desk_how_many_fit(ria: Desk, mo: Desk) -> None:
    visits = full_tuesday(ria)
    waits(ria, OLA, CUT)
    waits(ria, KIM, BLOW_DRY, stylist_id=ANNA)
    waits(ria, JANE, COLOUR)

    def told(desk: Desk, verb: str, visit: int) -> str:
        notice = read_notice(desk, ReadNotice(kind=f"appointment.{verb}", id=visit, by=ria.actor.user_id))
        assert notice.sentence.endswith(notice.fits)
        return notice.fits

    assert told(mo, "cancelled", visits[0]) == ""
    cancel(ria, LeaveVisit(appointment_id=visits[0], reason="Ill"))
    assert told(mo, "cancelled", visits[0]) == "2 waiting fit: w shows who."
    assert told(ria, "cancelled", visits[0]) == "2 waiting fit: w shows who."
    no_show(ria, LeaveVisit(appointment_id=visits[4]))
    assert told(mo, "no_show", visits[4]) == "2 waiting fit: w shows who."
    move(ria, MoveAppointment(appointment_id=visits[7], starts_at=march(12, 10)))
    assert told(mo, "moved", visits[7]) == "2 waiting fit: w shows who."


def test_whoever_is_booked_is_off_the_list_and_waits_again_when_it_is_taken_back(ria: Desk, mo: Desk) -> None:
    entry = waits(ria, KIM, CUT, stylist_id=ANNA, note="Brings her dog")
    visit = book_from_waitlist(ria, BookWaiting(entry_id=entry.id, starts_at=march(10, 11)))
    assert (visit.customer, visit.lines[0].stylist) == ("Kim Lee", "Anna")
    assert list_waiting(mo, ListWaiting()).waiting == ()
    with pytest.raises(errors.NotWaiting) as refused:
        book_from_waitlist(mo, BookWaiting(entry_id=entry.id, starts_at=march(10, 12)))
    assert refused.value.sentence == (
        "Kim Lee is not waiting any more: booked for Tue 10 Mar 11:00. Look at that visit."
    )
    undo_last(ria, UndoLast())
    assert [one.id for one in list_waiting(mo, ListWaiting()).waiting] == [entry.id]
    redo_last(ria, RedoLast())
    assert list_waiting(mo, ListWaiting()).waiting == ()


def test_who_leaves_says_why_and_what_is_over_waits_no_more(ria: Desk, clock: SetClock) -> None:
    kim, ola = waits(ria, KIM), waits(ria, OLA, last_day=dt.date(2026, 3, 20))
    with pytest.raises(errors.ReasonMissing):
        leave_waitlist(ria, LeaveWaitlist(entry_id=kim.id, reason=" "))
    assert leave_waitlist(ria, LeaveWaitlist(entry_id=kim.id, reason="Went elsewhere")).customer == "Kim Lee"
    with pytest.raises(errors.NotWaiting, match="taken off the list, Went elsewhere"):
        leave_waitlist(ria, LeaveWaitlist(entry_id=kim.id, reason="Again"))
    clock.set(march(21, 9))
    assert list_waiting(ria, ListWaiting()).waiting == ()
    with pytest.raises(errors.NotWaiting, match="the days they could come are over"):
        book_from_waitlist(ria, BookWaiting(entry_id=ola.id, starts_at=march(21, 11)))


def test_every_desk_hears_within_a_second_who_could_have_a_cancelled_time(server: Handle, committed: str) -> None:
    with (
        _desks(server, committed) as ria,
        _desks(server, committed, "mo") as mo,
        psycopg.connect(server.conninfo(committed), autocommit=True) as listening,
    ):
        visit = booked(ria(), JANE, march(10, 11)).appointment_id
        waits(ria(), KIM, CUT, stylist_id=ANNA)
        waits(ria(), OLA, BLOW_DRY, not_before=dt.time(11), over_by=dt.time(12))
        desk = mo()
        listening.execute("LISTEN frontdesk")
        began = time.monotonic()
        cancel(ria(), LeaveVisit(appointment_id=visit, reason="Ill"))
        (told,) = listening.notifies(timeout=5, stop_after=1)
        notice = json.loads(told.payload)
        read = read_notice(desk, ReadNotice(kind=notice["kind"], id=notice["id"], by=notice["by"]))
        assert time.monotonic() - began < 1
        assert read.sentence == "Ria cancelled Jane Doe, Tue 10 Mar 11:00. 2 waiting fit: w shows who."


def test_who_may_not_book_reads_the_list_and_changes_nothing(ria: Desk, anna: Desk) -> None:
    entry = waits(ria, KIM)
    assert [one.id for one in list_waiting(anna, ListWaiting()).waiting] == [entry.id]
    with pytest.raises(errors.NotAllowed):
        waits(anna, OLA)
    with pytest.raises(errors.NotAllowed):
        leave_waitlist(anna, LeaveWaitlist(entry_id=entry.id, reason="No"))
