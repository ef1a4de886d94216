"""Booking and moving: what fits, what is refused, and in which words."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import text

from frontdesk import errors
from frontdesk.clock import SetClock
from frontdesk.desk import Desk
from frontdesk.services.book.booking import BookAppointment, BookLine, MoveAppointment, book, move
from frontdesk.services.book.visits import LeaveVisit, ShowVisit, cancel, show
from frontdesk.services.people.sign_in import Sessions, open_desk
from frontdesk.services.placing.availability import FindFree, find_free
from frontdesk.services.team import slots
from tests.services.desks import (
    ANNA,
    BLOW_DRY,
    BO,
    COLOUR,
    CUT,
    ELM_CUSTOMER,
    ELM_SERVICE,
    JANE,
    KIM,
    MASSAGE,
    OLA,
    booked,
    march,
)
from tests.vale_street import token


def _strip(sessions: Sessions, resource: int, day: int) -> list[str]:
    """A day of a strip as words: `09:00-17:00 available`."""
    with sessions() as session:
        session.execute(text("SELECT set_config('frontdesk.token', 'token of ria', true)"))
        pieces = slots.pieces_between(session, [resource], march(day, 0), march(day, 23))
    return [f"{p.starts_at:%H:%M}-{p.ends_at:%H:%M} {p.status}" for p in pieces]


def test_a_booking_takes_its_piece_of_the_strip_and_leaves_the_rest(ria: Desk, sessions: Sessions) -> None:
    booked(ria, JANE, march(10, 15))
    assert _strip(sessions, 1, 10) == ["09:00-15:00 available", "15:00-15:45 booked", "15:45-17:00 available"]


def test_a_second_booking_of_the_same_time_is_told_who_has_it_and_what_is_free(ria: Desk) -> None:
    booked(ria, KIM, march(10, 15))
    with pytest.raises(errors.StylistTaken) as refused:
        booked(ria, JANE, march(10, 15))
    assert refused.value.sentence == (
        "Anna is taken 15:00–15:45 by Kim Lee (booked by Ria, 09:00). Free next: 15:45, or Bo at 15:00."
    )


def test_anybody_free_is_taken_in_the_order_of_the_book(ria: Desk) -> None:
    first, second = booked(ria, JANE, march(10, 15), (CUT, None)), booked(ria, KIM, march(10, 15), (CUT, None))
    assert [first.lines[0].stylist, second.lines[0].stylist] == ["Anna", "Bo"]
    with pytest.raises(errors.NothingFree, match="Free next: 15:45 with Anna"):
        booked(ria, OLA, march(10, 15), (CUT, None))


def test_processing_leaves_the_stylist_free_and_the_hands_on_parts_do_not(ria: Desk) -> None:
    booked(ria, JANE, march(10, 10), (COLOUR, ANNA))
    booked(ria, KIM, march(10, 10, 30))
    with pytest.raises(errors.StylistTaken):
        booked(ria, OLA, march(10, 10, 15))


def test_clean_up_keeps_the_room_and_not_the_stylist_nor_the_customer(ria: Desk) -> None:
    visit = booked(ria, JANE, march(10, 14), (MASSAGE, ANNA))
    assert visit.ends_at == march(10, 15)
    with pytest.raises(errors.NoResource, match="Room 1"):
        booked(ria, KIM, march(10, 15), (MASSAGE, BO))
    booked(ria, OLA, march(10, 15), (CUT, ANNA))
    booked(ria, KIM, march(10, 15, 15), (MASSAGE, BO))


def test_services_of_one_visit_follow_each_other(ria: Desk) -> None:
    visit = booked(ria, JANE, march(10, 10), (COLOUR, ANNA), (CUT, ANNA), (BLOW_DRY, BO))
    assert [(line.service, line.stylist, f"{line.starts_at:%H:%M}") for line in visit.lines] == [
        ("Colour", "Anna", "10:00"),
        ("Cut", "Anna", "11:45"),
        ("Blow-dry", "Bo", "12:30"),
    ]


@pytest.mark.parametrize(
    ("day", "hour", "stylist", "words"),
    [
        (12, 9, BO, "Bo starts at 10:00 on Thu 12 Mar. Free next: 10:00, or Anna at 09:00."),
        (12, 17, ANNA, "Anna finishes at 17:00 on Thu 12 Mar. Free next: Fri 13 Mar 09:00, or Bo at 17:00."),
        (15, 9, ANNA, "Anna is off on Sun 15 Mar. Free next: Mon 16 Mar 09:00."),
    ],
)
def test_outside_the_shift_is_refused_with_the_next_free_time(
    tess: Desk, day: int, hour: int, stylist: int, words: str
) -> None:
    with pytest.raises(errors.OutsideShift) as refused:
        booked(tess, JANE, march(day, hour), (CUT, stylist))
    assert refused.value.sentence == words


def test_outside_hours_on_purpose_is_for_those_who_may(ria: Desk, tess: Desk) -> None:
    with pytest.raises(errors.NotAllowed, match="Tess may not book outside working hours. A manager can approve it"):
        booked(tess, JANE, march(10, 18), (CUT, ANNA), outside_hours=True)
    assert booked(ria, JANE, march(10, 18), (CUT, ANNA), outside_hours=True).code


def test_the_past_is_refused_until_it_is_entered_as_past(ria: Desk, tess: Desk) -> None:
    with pytest.raises(errors.InThePast, match="Sat 7 Mar 10:00 is in the past"):
        booked(ria, JANE, march(7, 10))
    with pytest.raises(errors.NotAllowed):
        booked(tess, JANE, march(7, 10), in_past=True)
    assert booked(ria, JANE, march(7, 10), (CUT, ANNA), in_past=True, outside_hours=True).code


def test_a_customer_is_in_one_place_only(ria: Desk) -> None:
    first = booked(ria, JANE, march(10, 15))
    with pytest.raises(errors.CustomerBusy, match=f"Jane Doe already has visit {first.code} 15:00–15:45"):
        booked(ria, JANE, march(10, 15, 30), (CUT, BO))
    book(
        ria,
        BookAppointment(
            customer_id=JANE,
            starts_at=march(10, 15, 30),
            lines=(BookLine(service_id=CUT, stylist_id=BO),),
            guest_name="Jane's mother",
            for_guest=True,
        ),
    )


def test_overbooking_needs_a_reason_and_is_protected_when_the_time_is_freed(ria: Desk) -> None:
    first = booked(ria, JANE, march(10, 15))
    second = booked(ria, KIM, march(10, 15), (CUT, ANNA), overbook_reason="regular, can't come otherwise")
    assert second.lines[0].overbooked
    left = cancel(ria, LeaveVisit(appointment_id=first.appointment_id, reason="Ill"))
    assert len(left.protected) == 1
    with pytest.raises(errors.StylistTaken, match="by Kim Lee"):
        booked(ria, OLA, march(10, 15))


def test_a_trainee_may_not_overbook(ria: Desk, tess: Desk) -> None:
    booked(ria, JANE, march(10, 15))
    with pytest.raises(errors.NotAllowed, match="Tess may not overbook a stylist"):
        booked(tess, KIM, march(10, 15), (CUT, ANNA), overbook_reason="please")


def test_cancel_then_rebook_at_the_same_time(ria: Desk) -> None:
    first = booked(ria, JANE, march(10, 15))
    cancel(ria, LeaveVisit(appointment_id=first.appointment_id, reason="Changed plans"))
    assert booked(ria, JANE, march(10, 15)).code != first.code


def test_a_move_keeps_the_visit_and_frees_the_old_time(ria: Desk, sessions: Sessions) -> None:
    visit = booked(ria, JANE, march(10, 15))
    moved = move(ria, MoveAppointment(appointment_id=visit.appointment_id, starts_at=march(10, 15, 15)))
    assert (moved.code, moved.moved_from) == (visit.code, march(10, 15))
    assert _strip(sessions, 1, 10) == ["09:00-15:15 available", "15:15-16:00 booked", "16:00-17:00 available"]


def test_a_refused_move_leaves_the_visit_where_it_was(ria: Desk, sessions: Sessions) -> None:
    visit = booked(ria, JANE, march(10, 15))
    booked(ria, KIM, march(10, 11))
    before = _strip(sessions, 1, 10)
    with pytest.raises(errors.StylistTaken, match="by Kim Lee"):
        move(ria, MoveAppointment(appointment_id=visit.appointment_id, starts_at=march(10, 11)))
    assert _strip(sessions, 1, 10) == before


def test_a_move_that_somebody_else_was_quicker_with_is_noticed(ria: Desk, mo: Desk) -> None:
    visit = booked(ria, JANE, march(10, 15))
    seen = show(ria, ShowVisit(code=visit.code)).version
    move(mo, MoveAppointment(appointment_id=visit.appointment_id, starts_at=march(10, 12)))
    with pytest.raises(errors.ChangedMeanwhile, match="Mo changed this while you were typing"):
        move(ria, MoveAppointment(appointment_id=visit.appointment_id, starts_at=march(10, 13), version=seen))


def test_freed_time_goes_to_the_overbooked_first_when_a_visit_moves_away(ria: Desk) -> None:
    first = booked(ria, JANE, march(10, 15))
    waiting = booked(ria, KIM, march(10, 15), (CUT, ANNA), overbook_reason="regular")
    move(ria, MoveAppointment(appointment_id=first.appointment_id, starts_at=march(11, 9)))
    assert show(ria, ShowVisit(code=waiting.code)).lines[0].overbook_reason is None


def test_another_business_is_not_to_be_found(ria: Desk) -> None:
    with pytest.raises(errors.NotFound, match="There is no customer 4"):
        booked(ria, ELM_CUSTOMER, march(10, 15))
    with pytest.raises(errors.NotFound, match="There is no service 5"):
        booked(ria, JANE, march(10, 15), (ELM_SERVICE, None))


def test_a_wish_repeated_with_its_key_books_once(ria: Desk) -> None:
    wish = BookAppointment(
        customer_id=JANE, starts_at=march(10, 15), lines=(BookLine(service_id=CUT, stylist_id=ANNA),)
    )
    assert book(ria, wish) == book(ria, wish)


def test_every_offered_start_can_be_booked_and_the_starts_between_are_refused(ria: Desk) -> None:
    booked(ria, KIM, march(10, 10), (COLOUR, ANNA))
    booked(ria, OLA, march(10, 14))
    day = dt.date(2026, 3, 10)
    offered = find_free(ria, FindFree(service_id=COLOUR, stylist_id=ANNA, first_day=day, days=1, limit=0)).times
    starts = {free.starts_at for free in offered}
    for quarter in range(4 * 9, 4 * 17):
        start = march(10, quarter // 4, quarter % 4 * 15)
        wish = BookAppointment(
            customer_id=None, starts_at=start, lines=(BookLine(service_id=COLOUR, stylist_id=ANNA),), guest_name="Gus"
        )
        if start in starts:
            visit = book(ria, wish)
            cancel(ria, LeaveVisit(appointment_id=visit.appointment_id, reason="only trying"))
        else:
            with pytest.raises((errors.StylistTaken, errors.OutsideShift)):
                book(ria, wish)


def test_ten_o_clock_stays_ten_o_clock_across_the_clock_change(ria: Desk) -> None:
    """BK31: the Saturday before and the Monday after 29 March 2026 open at nine on the wall."""
    day = dt.date(2026, 3, 28)
    free = find_free(ria, FindFree(service_id=CUT, stylist_id=ANNA, first_day=day, days=4, limit=0)).times
    first = {t.starts_at.date(): t.starts_at for t in reversed(free)}
    assert [f"{first[dt.date(2026, 3, d)]:%H:%M}" for d in (28, 30)] == ["09:00", "08:00"]


def test_a_year_is_laid_out_before_a_search_needs_it(ria: Desk, clock: SetClock) -> None:
    far = dt.date(2027, 1, 11)
    assert find_free(ria, FindFree(service_id=CUT, first_day=far, days=1)).times
    clock.set(march(9, 9) + dt.timedelta(days=400))
    later = far + dt.timedelta(days=400)
    assert find_free(ria, FindFree(service_id=CUT, first_day=later, days=7)).times


def test_a_time_without_a_zone_is_refused(ria: Desk) -> None:
    with pytest.raises(errors.BadInput, match="needs its time zone"):
        booked(ria, JANE, dt.datetime(2026, 3, 10, 15))  # noqa: DTZ001  that is the point


def test_a_visit_without_services_is_refused(ria: Desk) -> None:
    with pytest.raises(errors.NothingAsked):
        book(ria, BookAppointment(customer_id=JANE, starts_at=march(10, 15), lines=()))


def test_an_auditor_may_not_book(sessions: Sessions, clock: SetClock) -> None:
    otto = open_desk(sessions, token("otto"), clock)
    with pytest.raises(errors.NotAllowed, match="Otto may not book visits. Ask a receptionist."):
        booked(otto, JANE, march(10, 15))


def test_an_hour_is_offered_by_anna_and_bo_alike(ria: Desk) -> None:
    day = dt.date(2026, 3, 10)
    free = find_free(ria, FindFree(service_id=MASSAGE, first_day=day, days=1, limit=4)).times
    assert [(f"{t.starts_at:%H:%M}", t.stylist) for t in free] == [
        ("09:00", "Anna"),
        ("09:15", "Anna"),
        ("09:30", "Anna"),
        ("09:45", "Anna"),
    ]
    assert booked(ria, JANE, march(10, 16), (MASSAGE, BO)).lines[0].stylist == "Bo"
