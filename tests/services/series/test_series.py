"""Visits that come again and again: what is in the way is listed before anything is booked (features BK19, BK31)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event, text

from frontdesk import errors
from frontdesk.clock import instant, zone
from frontdesk.db.transactions import transaction
from frontdesk.desk import Desk
from frontdesk.rules.states import Status
from frontdesk.services.book.booking import BookAppointment, Booked, BookLine, book
from frontdesk.services.placing.availability import FindFree, find_free
from frontdesk.services.series.series import (
    BookSeries,
    CancelSeries,
    ChangeSeries,
    ListSeries,
    Scope,
    SeriesClash,
    SeriesPick,
    SeriesSheet,
    ShowSeries,
    book_series,
    cancel_series,
    change_series,
    list_series,
    plan_series,
    show_series,
)
from frontdesk.services.series.series_wishes import PlannedDate, PlanSeries
from frontdesk.services.team.foresight import foresee
from frontdesk.services.team.roster import AddTimeOff, SetWeeklyShifts, Shift, add_time_off, set_weekly_shifts
from frontdesk.services.team.shop_hours import (
    AddClosure,
    OpenHours,
    SetBusinessHours,
    add_closure,
    set_business_hours,
)
from frontdesk.services.undo.undo import UndoLast, undo_last
from tests.services.desks import ANNA, BO, COLOUR, CUT, JANE, KIM, MASSAGE, OLA, booked


def _at(month: int, day: int, hour: int = 10, minute: int = 0, year: int = 2026) -> dt.datetime:
    """A time of the London wall clock as an instant."""
    return instant(dt.date(year, month, day), dt.time(hour, minute), "Europe/London")


def _wish(**changes: object) -> PlanSeries:
    """A cut for Jane with Anna, every six weeks on Tuesdays at ten, eight times."""
    said: dict[str, object] = {
        "customer_id": JANE,
        "lines": (BookLine(service_id=CUT, stylist_id=ANNA),),
        "first": dt.datetime.fromisoformat("2026-03-10T10:00"),
        "every": 6,
        "unit": "week",
        "count": 8,
        **changes,
    }
    return PlanSeries(**said)  # type: ignore[arg-type]


def _booking(**changes: object) -> BookSeries:
    return BookSeries(**vars(_wish(**changes)))


def _change(
    sheet: SeriesSheet,
    number: int,
    scope: Scope,
    starts_at: dt.datetime | None,
    *,
    stylist_id: int | None = None,
    leave: tuple[int, ...] = (),
) -> ChangeSeries:
    visit = sheet.dates[number - 1].appointment_id or 0
    return ChangeSeries(appointment_id=visit, scope=scope, starts_at=starts_at, stylist_id=stylist_id, leave=leave)


def _stands(sheet: SeriesSheet) -> list[str]:
    london = zone("Europe/London")
    return [
        f"{one.starts_at.astimezone(london):%d %b %H:%M} {one.status}" if one.starts_at else "-" for one in sheet.dates
    ]


def _open_sundays(mo: Desk) -> None:
    """The shop is open all Sunday from midnight, and Anna works it."""
    week = tuple(OpenHours(weekday=day, opens=dt.time(8), closes=dt.time(20)) for day in range(1, 7))
    whole = OpenHours(weekday=7, opens=dt.time(0), closes=dt.time(23, 45))
    set_business_hours(mo, SetBusinessHours(valid_from=dt.date(2026, 3, 9), hours=(*week, whole)))
    shift = Shift(weekday=7, starts=dt.time(0), ends=dt.time(23, 45))
    set_weekly_shifts(mo, SetWeeklyShifts(stylist_id=ANNA, valid_from=dt.date(2026, 3, 9), shifts=(shift,)))


def _foreseen(ria: Desk, wish: PlanSeries, at: dt.datetime, stylist_id: int | None = None) -> Booked:
    lines = wish.lines
    if stylist_id is not None:
        lines = tuple(replace(line, stylist_id=stylist_id) for line in lines)
    return foresee(book, ria, BookAppointment(customer_id=JANE, lines=lines, starts_at=at))


@contextmanager
def counted(desk: Desk) -> Iterator[list[str]]:
    """The statements that are sent meanwhile."""
    seen: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:  # noqa: ANN401  SQLAlchemy's hook
        seen.append(statement)

    with desk.sessions() as session:
        engine = session.connection().engine
    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def _said(one: PlannedDate) -> str:
    return f"{one.number} {one.wall:%a %d %b %H:%M} {one.mark}: {one.words}"


def _instead(one: PlannedDate) -> list[str]:
    return [f"{each.starts_at.astimezone(dt.UTC):%d %b %H:%M}Z {each.stylist}" for each in one.instead]


def test_every_date_is_listed_with_what_is_in_its_way(ria: Desk, mo: Desk) -> None:
    booked(ria, KIM, _at(4, 21))
    add_closure(mo, AddClosure(first_day=dt.date(2026, 6, 2), last_day=dt.date(2026, 6, 2), name="Stocktaking"))
    own = booked(ria, JANE, _at(8, 25, 10, 30), (COLOUR, BO))
    plan = plan_series(ria, _wish())
    assert plan.words == "Cut with Anna, every 6 weeks, 8 times"
    assert [_said(one) for one in plan.dates] == [
        "1 Tue 10 Mar 10:00 free: with Anna",
        "2 Tue 21 Apr 10:00 taken: Anna is taken 10:00–10:45 by Kim Lee",
        "3 Tue 02 Jun 10:00 closed: closed (Stocktaking)",
        "4 Tue 14 Jul 10:00 free: with Anna",
        f"5 Tue 25 Aug 10:00 elsewhere: Jane Doe has visit {own.code} 10:30–12:15",
        "6 Tue 06 Oct 10:00 free: with Anna",
        "7 Tue 17 Nov 10:00 free: with Anna",
        "8 Tue 29 Dec 10:00 free: with Anna",
    ]
    assert plan.in_doubt == (2, 3, 5)
    taken, closed = plan.dates[1], plan.dates[2]
    assert _instead(taken) == ["21 Apr 08:15Z Anna", "21 Apr 09:00Z Bo", "22 Apr 09:00Z Anna"]
    assert _instead(closed) == ["03 Jun 09:00Z Anna"]


def test_dates_are_shifted_and_skipped_and_then_booked_in_one_stroke(ria: Desk) -> None:
    booked(ria, KIM, _at(4, 21))
    with pytest.raises(SeriesClash) as refused:
        book_series(ria, _booking())
    assert "2 (Tue 21 Apr 10:00): Anna is taken 10:00–10:45 by Kim Lee" in refused.value.sentence
    assert refused.value.facts["numbers"] == [2]
    picks = (SeriesPick(number=2, starts_at=_at(4, 22, 11)), SeriesPick(number=3))
    assert plan_series(ria, _wish(picks=picks)).in_doubt == ()
    sheet = book_series(ria, _booking(picks=picks))
    assert _stands(sheet)[:4] == ["10 Mar 10:00 pending", "22 Apr 11:00 pending", "-", "14 Jul 10:00 pending"]
    assert [one.is_shifted for one in sheet.dates[:3]] == [False, True, False]
    assert list_series(ria, ListSeries(customer_id=JANE)).series == (sheet,)
    assert undo_last(ria, UndoLast()).sentence
    gone = show_series(ria, ShowSeries(series_id=sheet.series_id))
    assert {one.status for one in gone.dates if one.status} == {Status.VOID}
    assert list_series(ria, ListSeries(customer_id=JANE)).series == ()


def test_a_plan_never_promises_what_booking_refuses_nor_the_other_way_round(ria: Desk, mo: Desk) -> None:
    add_time_off(mo, AddTimeOff(stylist_id=ANNA, first_day=dt.date(2026, 4, 1), last_day=dt.date(2026, 4, 14)))
    booked(ria, KIM, _at(5, 5, 9, 30), (COLOUR, ANNA))
    booked(ria, OLA, _at(5, 12, 10, 15), (MASSAGE, BO))
    for lines in (((CUT, ANNA),), ((CUT, None),), ((COLOUR, ANNA), (CUT, BO)), ((MASSAGE, None),)):
        wish = _wish(lines=tuple(BookLine(service_id=s, stylist_id=p) for s, p in lines), every=1, count=12)
        plan = plan_series(ria, wish)
        for one in plan.dates:
            assert one.starts_at is not None
            if one.is_in_doubt:
                with pytest.raises(errors.Refusal):
                    _foreseen(ria, wish, one.starts_at)
            else:
                assert _foreseen(ria, wish, one.starts_at).ends_at == one.ends_at
            for each in one.instead:
                taken = _foreseen(ria, wish, each.starts_at, each.stylist_id).lines[0].stylist
                assert (taken or "nobody") in each.stylist


def test_dates_beyond_the_published_strip_are_planned_and_booked(ria: Desk) -> None:
    wish = {"every": 1, "unit": "month", "count": 20}
    plan = plan_series(ria, _wish(**wish))
    assert [_said(one) for one in plan.dates if one.is_in_doubt] == [
        "3 Sun 10 May 10:00 closed: closed on Sun",
        "11 Sun 10 Jan 10:00 closed: closed on Sun",
        "20 Sun 10 Oct 10:00 closed: closed on Sun",
    ]
    picks = tuple(SeriesPick(number=number) for number in plan.in_doubt)
    sheet = book_series(ria, _booking(**wish, picks=picks))
    last = sheet.dates[-1]
    assert (last.wall, last.starts_at) == (dt.datetime.fromisoformat("2027-10-10T10:00"), None)
    assert sheet.dates[-2].starts_at == _at(9, 10, year=2027)


def test_a_series_costs_a_handful_of_questions_however_long_it_is(ria: Desk) -> None:
    for month in (4, 5, 6):
        booked(ria, KIM, _at(month, 7 if month != 6 else 2))
    asked = []
    for count in (2, 52):
        with counted(ria) as statements:
            plan_series(ria, _wish(every=1, count=count))
        asked.append(len(statements))
    assert asked[1] <= asked[0] + 6


def test_a_long_series_is_booked_with_as_many_questions_as_a_short_one(ria: Desk) -> None:
    asked = []
    for count, hour in ((2, "10:00"), (104, "12:00")):
        with counted(ria) as statements:
            sheet = book_series(
                ria, _booking(every=1, count=count, first=dt.datetime.fromisoformat(f"2026-04-07T{hour}"))
            )
        asked.append(len(statements))
        assert len({one.appointment_id for one in sheet.dates}) == count
    assert asked[1] <= asked[0] + 4, "what is not laid out yet is laid out first"


@pytest.mark.parametrize(("hour", "minute"), [(10, 45), (15, 0)], ids=["dates that touch", "dates apart"])
def test_two_dates_on_one_day_are_booked_as_any_others(ria: Desk, hour: int, minute: int) -> None:
    picks = (SeriesPick(number=1, starts_at=_at(3, 17, hour, minute)),)
    sheet = book_series(ria, _booking(every=1, count=2, picks=picks))
    assert [one.starts_at for one in sheet.dates] == [_at(3, 17, hour, minute), _at(3, 17)]
    assert _pieces(ria, sheet) == 2
    undo_last(ria, UndoLast())
    assert _pieces(ria, sheet) == 0


def test_two_dates_that_are_in_each_other_s_way_are_refused(ria: Desk) -> None:
    picks = (SeriesPick(number=1, starts_at=_at(3, 17, 10, 15)),)
    with pytest.raises(SeriesClash, match="One of the dates can't be had: 2 "):
        book_series(ria, _booking(every=1, count=2, picks=picks))


def test_what_is_booked_at_once_is_what_would_be_booked_one_by_one(ria: Desk) -> None:
    """A colour whose processing leaves the stylist free, with a cut by somebody else, and a room."""
    lines = (
        BookLine(service_id=COLOUR, stylist_id=ANNA),
        BookLine(service_id=CUT, stylist_id=BO),
        BookLine(service_id=MASSAGE, stylist_id=ANNA),
    )
    wish = _booking(every=1, count=3, lines=lines, first=dt.datetime.fromisoformat("2026-03-10T10:00"))
    sheet = book_series(ria, wish)
    at_once = [_rows(ria, one.appointment_id or 0) for one in sheet.dates]
    undo_last(ria, UndoLast())
    for one, rows in zip(sheet.dates, at_once, strict=True):
        assert one.starts_at is not None
        visit = book(ria, BookAppointment(customer_id=JANE, lines=lines, starts_at=one.starts_at))
        assert _rows(ria, visit.appointment_id) == rows
    assert len(at_once[0]) > 6


def _rows(desk: Desk, visit_id: int) -> list[str]:
    """A visit's rows without their numbers, with the pieces and the way back."""
    with transaction(desk) as session:
        return list(
            session.execute(
                text("""
                    SELECT (to_jsonb(x) - '{id,appointment_id,appointment_service_id,part_id,code,created_at,updated_at,
                                            batch_id,before,after,subject_id}'::text[])::text
                      FROM (SELECT 1 AS sort, to_jsonb(a) AS x FROM appointments a WHERE a.id = :visit
                            UNION ALL SELECT 2, to_jsonb(l) FROM appointment_services l WHERE l.appointment_id = :visit
                            UNION ALL SELECT 3, to_jsonb(p) FROM appointment_parts p
                              JOIN appointment_services l ON l.id = p.appointment_service_id
                             WHERE l.appointment_id = :visit
                            UNION ALL SELECT 4, to_jsonb(t) FROM time_slots t
                              JOIN appointment_parts p ON p.id = t.part_id
                              JOIN appointment_services l ON l.id = p.appointment_service_id
                             WHERE l.appointment_id = :visit
                            UNION ALL SELECT 5, to_jsonb(h) FROM appointment_status_history h
                             WHERE h.appointment_id = :visit AND h.to_status = 'pending'
                            UNION ALL SELECT 6, to_jsonb(b) - 'state' FROM booking_actions b
                             WHERE b.appointment_id = :visit) rows (sort, x)
                     ORDER BY sort, 1
                """),
                {"visit": visit_id},
            ).scalars()
        )


def _pieces(desk: Desk, sheet: SeriesSheet) -> int:
    """How many pieces of the strips its visits have, each where its line is."""
    with transaction(desk) as session:
        pieces = session.execute(
            text("""
                SELECT count(*) FROM time_slots t JOIN appointment_parts p ON p.id = t.part_id
                  JOIN appointment_services l ON l.id = p.appointment_service_id
                 WHERE l.appointment_id = ANY (:visits) AND t.status = 'booked' AND t.starts_at = l.starts_at
            """),
            {"visits": [one.appointment_id for one in sheet.dates]},
        )
        return int(pieces.scalar_one())


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"count": None}, "A series needs an end. Say how many times, from 1 to 104: x8, for example."),
        ({"count": 0}, "A series has from 1 to 104 dates. Type x8, for example."),
        ({"count": 105}, "A series has from 1 to 104 dates. Type x8, for example."),
        ({"every": 0}, "Say how often: every week, every 6 weeks, every month."),
        ({"unit": "moon"}, "It can't come every 'moon'. Say day, week or month."),
        ({"picks": (SeriesPick(number=9),)}, "The series has no date 9: it has 8."),
        ({"lines": ()}, "A visit needs at least one service. Say which."),
    ],
)
def test_what_is_no_series_is_refused_in_one_sentence(ria: Desk, changes: dict[str, object], words: str) -> None:
    with pytest.raises(errors.Refusal) as refused:
        plan_series(ria, _wish(**changes))
    assert refused.value.sentence == words
    with pytest.raises(errors.Refusal, match=re.escape(words)):
        book_series(ria, _booking(**changes))


def test_a_weekly_ten_o_clock_stays_ten_o_clock_when_the_clocks_go_forward(ria: Desk, mo: Desk) -> None:
    _open_sundays(mo)
    sheet = book_series(ria, _booking(first=dt.datetime.fromisoformat("2026-03-22T10:00"), every=1, count=3))
    assert [f"{one.starts_at:%d %b %H:%M}Z" for one in sheet.dates if one.starts_at] == [
        "22 Mar 10:00Z", "29 Mar 09:00Z", "05 Apr 09:00Z"]  # fmt: skip
    assert _stands(sheet) == ["22 Mar 10:00 pending", "29 Mar 10:00 pending", "05 Apr 10:00 pending"]
    moved = change_series(ria, _change(sheet, 1, Scope.ALL, _at(3, 22, 11)))
    assert _stands(moved.sheet) == ["22 Mar 11:00 pending", "29 Mar 11:00 pending", "05 Apr 11:00 pending"]


def test_an_open_night_offers_no_slot_in_the_hour_that_spring_leaves_out(ria: Desk, mo: Desk) -> None:
    _open_sundays(mo)
    free = find_free(ria, FindFree(service_id=CUT, stylist_id=ANNA, first_day=dt.date(2026, 3, 29), days=1, limit=0))
    walls = [f"{one.starts_at.astimezone(zone('Europe/London')):%H:%M}" for one in free.times]
    assert walls[:6] == ["00:00", "00:15", "00:30", "00:45", "02:00", "02:15"]
    assert not [wall for wall in walls if "01:00" <= wall < "02:00"]
    night = _wish(first=dt.datetime.fromisoformat("2026-03-22T01:30"), every=1, count=3)
    plan = plan_series(ria, night)
    assert [_said(one) for one in plan.dates] == [
        "1 Sun 22 Mar 01:30 free: with Anna",
        "2 Sun 29 Mar 01:30 no such time: 01:30 does not exist: the clocks go forward",
        "3 Sun 05 Apr 01:30 free: with Anna",
    ]
    assert plan.dates[1].instead
    with pytest.raises(errors.BadInput, match="Date 2, Sun 29 Mar 01:30, does not exist"):
        book_series(ria, BookSeries(**vars(night)))


def test_the_hour_that_autumn_repeats_is_labelled_and_asked_about(ria: Desk, mo: Desk) -> None:
    _open_sundays(mo)
    night = _wish(first=dt.datetime.fromisoformat("2026-10-18T01:30"), every=1, count=2)
    twice = plan_series(ria, night).dates[1]
    assert _said(twice) == "2 Sun 25 Oct 01:30 twice: 01:30 comes twice: the clocks go back"
    assert _instead(twice) == ["25 Oct 00:30Z the first time", "25 Oct 01:30Z the second time"]
    with pytest.raises(errors.BadInput, match="comes twice: the clocks go back then. Say the first or the second"):
        book_series(ria, BookSeries(**vars(night)))
    second = (SeriesPick(number=2, starts_at=twice.instead[1].starts_at),)
    assert plan_series(ria, replace(night, picks=second)).in_doubt == ()
    sheet = book_series(ria, BookSeries(**{**vars(night), "picks": second}))
    assert sheet.dates[1].starts_at == dt.datetime(2026, 10, 25, 1, 30, tzinfo=dt.UTC)


def test_this_one_those_after_it_or_all_are_moved(ria: Desk) -> None:
    sheet = book_series(ria, _booking(every=1, count=4, picks=(SeriesPick(number=2),)))
    one = change_series(ria, _change(sheet, 3, Scope.THIS, _at(3, 24, 14)))
    assert (_stands(one.sheet)[2:], one.changed) == (["24 Mar 14:00 pending", "31 Mar 10:00 pending"], (3,))
    later = change_series(ria, _change(sheet, 3, Scope.LATER, _at(3, 25, 11, 30)))
    assert _stands(later.sheet) == ["10 Mar 10:00 pending", "-", "25 Mar 11:30 pending", "01 Apr 11:30 pending"]
    everything = change_series(ria, _change(sheet, 1, Scope.ALL, _at(3, 11, 12)))
    assert _stands(everything.sheet) == ["11 Mar 12:00 pending", "-", "25 Mar 12:00 pending", "01 Apr 12:00 pending"]
    with_bo = change_series(ria, _change(sheet, 1, Scope.ALL, None, stylist_id=BO))
    assert [each.stylist for each in with_bo.sheet.dates] == ["Bo", None, "Bo", "Bo"]
    undo_last(ria, UndoLast())
    undo_last(ria, UndoLast())
    assert _stands(show_series(ria, ShowSeries(series_id=sheet.series_id)))[3] == "01 Apr 11:30 pending"


def test_a_series_moved_by_its_own_step_does_not_stand_in_its_own_way(ria: Desk) -> None:
    sheet = book_series(ria, _booking(every=1, count=4))
    on = change_series(ria, _change(sheet, 1, Scope.ALL, _at(3, 17)))
    assert _stands(on.sheet)[0] == "17 Mar 10:00 pending"
    back = change_series(ria, _change(sheet, 1, Scope.ALL, _at(3, 10)))
    assert _stands(back.sheet)[0] == "10 Mar 10:00 pending"


def test_a_move_that_one_date_can_t_follow_moves_none_until_it_is_left(ria: Desk) -> None:
    sheet = book_series(ria, _booking(every=1, count=3))
    booked(ria, KIM, _at(3, 18, 10, 15))
    with pytest.raises(SeriesClash, match=r"One of the dates can't be had: 2 \(Wed 18 Mar 10:00\): Anna is taken"):
        change_series(ria, _change(sheet, 1, Scope.ALL, _at(3, 11)))
    assert _stands(show_series(ria, ShowSeries(series_id=sheet.series_id)))[0] == "10 Mar 10:00 pending"
    moved = change_series(ria, _change(sheet, 1, Scope.ALL, _at(3, 11), leave=(2,)))
    assert _stands(moved.sheet) == ["11 Mar 10:00 pending", "17 Mar 10:00 pending", "25 Mar 10:00 pending"]
    assert (moved.changed, moved.left) == ((1, 3), (2,))


def test_what_was_skipped_or_cancelled_never_comes_back(ria: Desk) -> None:
    sheet = book_series(ria, _booking(every=1, count=5, picks=(SeriesPick(number=2),)))
    visits = {one.number: one.appointment_id for one in sheet.dates}
    gone = cancel_series(ria, CancelSeries(appointment_id=visits[3] or 0, reason="Holiday"))
    assert (gone.changed, gone.sheet.dates[2].status) == ((3,), Status.CANCELLED)
    moved = change_series(ria, _change(sheet, 1, Scope.ALL, _at(3, 11)))
    assert (moved.changed, moved.left) == ((1, 4, 5), (3,))
    assert moved.sheet.dates[1].appointment_id is None
    rest = cancel_series(ria, CancelSeries(appointment_id=visits[4] or 0, scope=Scope.LATER, reason="Moved away"))
    assert (rest.changed, _stands(rest.sheet)[0]) == ((4, 5), "11 Mar 10:00 pending")
    undo_last(ria, UndoLast())
    back = show_series(ria, ShowSeries(appointment_id=visits[5]))
    assert [one.status for one in back.dates[2:]] == [Status.CANCELLED, Status.PENDING, Status.PENDING]
    with pytest.raises(errors.ReasonMissing):
        cancel_series(ria, CancelSeries(appointment_id=visits[1] or 0, scope=Scope.ALL))


def test_a_visit_of_no_series_is_told_so(ria: Desk) -> None:
    alone = booked(ria, JANE, _at(3, 12))
    with pytest.raises(errors.NotFound, match="Change the visit by itself"):
        show_series(ria, ShowSeries(appointment_id=alone.appointment_id))
