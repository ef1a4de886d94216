"""A week of the roster on one sheet, and a stylist on one page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy import Engine, event

from frontdesk import errors
from frontdesk.clock import SetClock
from frontdesk.db.transactions import transaction
from frontdesk.desk import Desk
from frontdesk.services.book.visits import LeaveVisit, cancel
from frontdesk.services.people.sign_in import Sessions, open_desk
from frontdesk.services.team import slots
from frontdesk.services.team.roster import (
    AddBreak,
    AddTimeOff,
    DayShift,
    ListBreaks,
    ListTimeOff,
    SetDatedShift,
    SetWeeklyShifts,
    Shift,
    add_break,
    add_time_off,
    list_breaks,
    list_time_off,
    set_dated_shift,
    set_weekly_shifts,
)
from frontdesk.services.team.shop_hours import AddClosure, add_closure
from frontdesk.services.team.stylists import (
    AddStylist,
    EditStylist,
    ListStylists,
    SetRates,
    SetSkills,
    ShowStylist,
    StylistCard,
    add_stylist,
    edit_stylist,
    list_stylists,
    set_rates,
    set_skills,
    show_stylist,
)
from frontdesk.services.team.week import DayOff, ShowWeek, WeekDay, WeekShift, show_week
from tests import vale_street
from tests.services.desks import ANNA, BLOW_DRY, BO, COLOUR, CUT, JANE, KIM, MASSAGE, OLA, booked, march

TUESDAY = dt.date(2026, 3, 10)
NINE_TO_FIVE = (WeekShift(dt.time(9), dt.time(17), None),)


def _day(desk: Desk, number: int, stylist: int = ANNA, first: dt.date | None = None) -> WeekDay:
    row = next(row for row in show_week(desk, ShowWeek(first_day=first)).stylists if row.stylist_id == stylist)
    return row.days[number]


def _card(desk: Desk, stylist: int = ANNA) -> StylistCard:
    return show_stylist(desk, ShowStylist(stylist_id=stylist)).card


def _edited(card: StylistCard, *, first_name: str | None = None, is_active: bool = True) -> EditStylist:
    return EditStylist(
        stylist_id=card.id, version=card.version, first_name=first_name or card.first_name, is_active=is_active
    )


def _changed_by_a_rebuild(desk: Desk) -> int:
    days = [(resource, TUESDAY + dt.timedelta(days=n)) for resource in (1, 2, 3) for n in range(-1, 30)]
    with transaction(desk, uuid4()) as session:
        slots.hold_whole(session, [1, 2, 3])
        return slots.rebuild(session, days, desk.clock.now())


@contextmanager
def _questions(engine: Engine) -> Iterator[list[str]]:
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)


def test_the_week_begins_on_its_monday_and_names_who_works(ria: Desk) -> None:
    sheet = show_week(ria, ShowWeek())
    assert (sheet.first_day, len(sheet.days)) == (dt.date(2026, 3, 9), 7)
    assert [row.name for row in sheet.stylists] == ["Anna", "Bo"]
    assert [day.shifts for day in sheet.stylists[0].days] == [NINE_TO_FIVE] * 6 + [()]
    assert show_week(ria, ShowWeek(first_day=TUESDAY)).days[0] == TUESDAY


def test_a_day_says_how_full_it_is(ria: Desk) -> None:
    booked(ria, JANE, march(10, 10), (COLOUR, ANNA))
    booked(ria, KIM, march(10, 14), (CUT, ANNA), (BLOW_DRY, ANNA))
    gone = booked(ria, OLA, march(10, 16))
    cancel(ria, LeaveVisit(appointment_id=gone.appointment_id, reason="ill"))
    booked(ria, OLA, march(10, 10), (CUT, ANNA), overbook_reason="regular")
    day = _day(ria, 1)
    assert (day.booked_minutes, day.visits) == (30 + 30 + 45 + 30, 3)
    assert day.free_minutes == 8 * 60 - day.booked_minutes
    assert (_day(ria, 0).booked_minutes, _day(ria, 0).free_minutes) == (0, 8 * 60)
    assert _day(ria, 6).free_minutes == 0


def test_days_that_differ_breaks_days_away_and_closures_stand_on_the_sheet(mo: Desk) -> None:
    booked(mo, JANE, march(9, 10))
    late = (DayShift(starts=dt.time(12), ends=dt.time(18)),)
    set_dated_shift(mo, SetDatedShift(stylist_id=ANNA, day=TUESDAY, shifts=late))
    set_dated_shift(mo, SetDatedShift(stylist_id=BO, day=TUESDAY))
    lunch = add_break(mo, AddBreak(stylist_id=ANNA, weekday=2, starts=dt.time(14), ends=dt.time(15), name="lunch"))
    away = add_time_off(
        mo,
        AddTimeOff(
            stylist_id=ANNA, first_day=dt.date(2026, 3, 11), last_day=dt.date(2026, 3, 12), starts=dt.time(13),
            kind="sick", note="flu",
        ),
    )  # fmt: skip
    add_closure(mo, AddClosure(first_day=dt.date(2026, 3, 13), last_day=dt.date(2026, 3, 20), name="Painters"))
    tuesday = _day(mo, 1)
    assert (tuesday.shifts, tuesday.differs) == ((WeekShift(dt.time(12), dt.time(18), None),), True)
    assert [(b.id, b.name, b.every_week) for b in tuesday.breaks] == [(lunch.id, "lunch", True)]
    assert tuesday.free_minutes == 5 * 60
    assert (_day(mo, 1, BO).shifts, _day(mo, 1, BO).differs) == ((), True)
    assert [_day(mo, n).off for n in (1, 2, 3, 4)] == [
        None,
        DayOff(away.id, "sick", "flu", dt.time(13), None),
        DayOff(away.id, "sick", "flu", None, None),
        None,
    ]
    assert [_day(mo, n).closure for n in (3, 4, 5, 6)] == [None, "Painters", "Painters", "Painters"]
    assert [shut.name for shut in show_week(mo, ShowWeek(first_day=dt.date(2026, 3, 16))).closures] == ["Painters"]


def test_the_clocks_going_forward_take_an_hour_of_nobody_s_day(mo: Desk) -> None:
    sunday = tuple(Shift(weekday=7, starts=dt.time(9), ends=dt.time(17)) for _ in (1,))
    set_weekly_shifts(mo, SetWeeklyShifts(stylist_id=ANNA, valid_from=dt.date(2026, 3, 23), shifts=sunday))
    day = _day(mo, 6, first=dt.date(2026, 3, 23))
    assert (day.day, day.shifts) == (dt.date(2026, 3, 29), NINE_TO_FIVE)
    assert _day(mo, 5, first=dt.date(2026, 3, 23)).shifts == ()


def test_a_week_asks_as_many_questions_for_twelve_as_for_two(mo: Desk, engine: Engine) -> None:
    with _questions(engine) as of_two:
        show_week(mo, ShowWeek())
    for number in range(10):
        week = tuple(Shift(weekday=day, starts=dt.time(9), ends=dt.time(17)) for day in range(1, 6))
        add_stylist(mo, AddStylist(first_name=f"Cleo {number}", shifts=week))
    booked(mo, JANE, march(10, 10))
    with _questions(engine) as of_twelve:
        assert len(show_week(mo, ShowWeek()).stylists) == 12
    asked = [len([s for s in said if "SAVEPOINT" not in s]) for said in (of_two, of_twelve)]
    assert asked[0] == asked[1] <= 10


def test_a_stylist_on_one_page(mo: Desk) -> None:
    first = dt.date(2026, 4, 1)
    week = (Shift(weekday=1, starts=dt.time(10), ends=dt.time(14), shop_id=1),)
    set_weekly_shifts(mo, SetWeeklyShifts(stylist_id=ANNA, valid_from=first, shifts=week))
    add_break(mo, AddBreak(stylist_id=ANNA, day=TUESDAY, starts=dt.time(12), ends=dt.time(13)))
    add_break(mo, AddBreak(stylist_id=BO, weekday=1, starts=dt.time(12), ends=dt.time(13)))
    add_time_off(mo, AddTimeOff(stylist_id=ANNA, first_day=TUESDAY, last_day=TUESDAY))
    set_dated_shift(mo, SetDatedShift(stylist_id=ANNA, day=dt.date(2026, 3, 12)))
    page = show_stylist(mo, ShowStylist(stylist_id=ANNA))
    assert [(week.valid_from, week.valid_until, len(week.shifts)) for week in page.weeks] == [
        (None, first, 6), (first, None, 1),
    ]  # fmt: skip
    assert [(day.day, day.shifts) for day in page.days] == [(dt.date(2026, 3, 12), ())]
    assert page.breaks == list_breaks(mo, ListBreaks(stylist_id=ANNA)).breaks
    assert [one.stylist for one in list_breaks(mo, ListBreaks()).breaks] == ["Anna", "Bo"]
    assert page.time_off == list_time_off(mo, ListTimeOff()).time_off
    assert ([skill.name for skill in page.skills], page.does_everything) == (
        ["Blow-dry", "Cut", "Colour", "Massage"], True,
    )  # fmt: skip
    assert (page.skills[2].minutes, page.skills[2].own_price, page.login) == (105, None, "anna")
    with pytest.raises(errors.NotFound):
        show_stylist(mo, ShowStylist(stylist_id=3))


def test_rates_are_shown_to_managers_and_to_oneself_and_to_nobody_else(
    mo: Desk, ria: Desk, sessions: Sessions, clock: SetClock
) -> None:
    set_rates(mo, SetRates(stylist_id=ANNA, service_percent=Decimal(45), valid_from=dt.date(2026, 4, 1)))
    seen = show_stylist(mo, ShowStylist(stylist_id=ANNA)).rates
    assert seen is not None
    assert (seen.service_percent, seen.product_percent) == (Decimal(40), Decimal(10))
    assert [(rate.kind, rate.percent, rate.valid_from) for rate in seen.history] == [
        ("service", Decimal(40), None), ("service", Decimal(45), dt.date(2026, 4, 1)), ("product", Decimal(10), None),
    ]  # fmt: skip
    anna = open_desk(sessions, vale_street.token("anna"), clock)
    assert show_stylist(anna, ShowStylist(stylist_id=ANNA)).rates == seen
    assert show_stylist(anna, ShowStylist(stylist_id=BO)).rates is None
    assert show_stylist(ria, ShowStylist(stylist_id=ANNA)).rates is None
    newcomer = add_stylist(mo, AddStylist(first_name="Cleo"))
    none_agreed = show_stylist(mo, ShowStylist(stylist_id=newcomer.id)).rates
    assert none_agreed is not None
    assert none_agreed.history == ()


def test_a_stylist_is_renamed_in_the_book_too(mo: Desk) -> None:
    wish = EditStylist(
        stylist_id=ANNA, version=1, first_name="Hanna", last_name="Berg", code="HB", phone="07700 900555",
        email="hanna@example.com",
    )  # fmt: skip
    edited = edit_stylist(mo, wish)
    assert (edited.card.name, edited.card.phone, edited.card.version, edited.stranded) == (
        "Hanna Berg", "+447700900555", 2, (),
    )  # fmt: skip
    assert booked(mo, JANE, march(10, 10)).lines[0].stylist == "Hanna"
    with pytest.raises(errors.ChangedMeanwhile, match="Mo changed this"):
        edit_stylist(mo, EditStylist(stylist_id=ANNA, version=1, first_name="Anna"))
    with pytest.raises(errors.NameTaken):
        edit_stylist(mo, EditStylist(stylist_id=BO, version=1, first_name="Bo", code="HB"))


def test_who_leaves_is_off_from_today_and_has_the_same_week_when_they_return(mo: Desk, ria: Desk) -> None:
    visit = booked(mo, JANE, march(10, 10))
    left = edit_stylist(mo, _edited(_card(mo), is_active=False))
    assert ([one.code for one in left.stranded], left.card.is_active, left.card.shifts) == ([visit.code], False, ())
    assert [one.name for one in list_stylists(mo, ListStylists()).stylists] == ["Bo"]
    assert [row.name for row in show_week(mo, ShowWeek()).stylists] == ["Bo"]
    with pytest.raises(errors.Refusal):
        booked(mo, KIM, march(10, 14))
    assert _changed_by_a_rebuild(mo) == 0
    back = edit_stylist(mo, _edited(left.card))
    assert (back.stranded, len(back.card.shifts)) == ((), 6)
    assert booked(mo, KIM, march(10, 14)).lines[0].stylist == "Anna"
    assert _changed_by_a_rebuild(mo) == 0
    with pytest.raises(errors.NotAllowed):
        edit_stylist(ria, _edited(back.card))


def test_skills_keep_their_price_and_name_the_visits_they_leave(mo: Desk) -> None:
    visit = booked(mo, JANE, march(10, 10), (COLOUR, BO))
    some = set_skills(mo, SetSkills(stylist_id=BO, service_ids=(CUT, BLOW_DRY)))
    assert ([skill.name for skill in some.skills], [one.code for one in some.stranded]) == (
        ["Blow-dry", "Cut"], [visit.code],
    )  # fmt: skip
    with pytest.raises(errors.CannotDo):
        booked(mo, KIM, march(10, 14), (COLOUR, BO))
    assert set_skills(mo, SetSkills(stylist_id=BO, service_ids=(CUT,))).stranded == ()
    shelf = set_skills(mo, SetSkills(stylist_id=BO, service_ids=(CUT,), category_ids=(2,)))
    assert [skill.name for skill in shelf.skills] == ["Cut", "Colour"]
    assert booked(mo, KIM, march(10, 14), (COLOUR, BO)).code
    everything = set_skills(mo, SetSkills(stylist_id=BO))
    assert [skill.service_id for skill in everything.skills] == [BLOW_DRY, CUT, COLOUR, MASSAGE]
    with pytest.raises(errors.NotFound):
        set_skills(mo, SetSkills(stylist_id=BO, service_ids=(5,)))
