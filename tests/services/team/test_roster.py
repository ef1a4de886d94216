"""When people work and shops are open, and what becomes of visits when that changes (features ST1 to ST5)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy import text

from frontdesk import errors
from frontdesk.db.transactions import transaction
from frontdesk.desk import Desk
from frontdesk.errors import Refusal
from frontdesk.services.book.booking import BookAppointment, BookLine, book
from frontdesk.services.placing.availability import FindFree, find_free
from frontdesk.services.team import slots
from frontdesk.services.team.roster import (
    AddBreak,
    AddTimeOff,
    DayShift,
    RemoveBreak,
    RemoveTimeOff,
    SetDatedShift,
    SetWeeklyShifts,
    Shift,
    add_break,
    add_time_off,
    remove_break,
    remove_time_off,
    set_dated_shift,
    set_weekly_shifts,
)
from frontdesk.services.team.shop_hours import (
    AddClosure,
    BlockTime,
    ListStranded,
    OpenHours,
    RemoveClosure,
    SetBusinessHours,
    UnblockTime,
    add_closure,
    block_time,
    list_stranded,
    remove_closure,
    set_business_hours,
    unblock_time,
)
from frontdesk.services.team.stylists import (
    AddResource,
    AddStylist,
    ListResources,
    ListStylists,
    SetRates,
    add_resource,
    add_stylist,
    list_resources,
    list_stylists,
    set_rates,
)
from tests.services.desks import ANNA, BO, COLOUR, CUT, ELM_SERVICE, JANE, KIM, MASSAGE, OLA, booked, march

ELI, ELM_RESOURCE, ELM_SHOP, ROOM = 3, 4, 2, 3
"""Eli and what is his are the other business's."""

DAYS = [dt.date(2026, 3, 9) + dt.timedelta(days=n) for n in range(60)]


def _wall(hour: int, minute: int = 0) -> dt.time:
    return dt.time(hour, minute)


def _week(starts: int, ends: int, *, weekdays: range = range(1, 7)) -> tuple[Shift, ...]:
    return tuple(Shift(weekday=day, starts=_wall(starts), ends=_wall(ends)) for day in weekdays)


def _free(desk: Desk, day: int, stylist: int = ANNA, service: int = CUT) -> list[dt.datetime]:
    wish = FindFree(service_id=service, stylist_id=stylist, first_day=dt.date(2026, 3, day), days=1, limit=0)
    return [time.starts_at for time in find_free(desk, wish).times]


def _changed_by_a_rebuild(desk: Desk) -> int:
    with transaction(desk, uuid4()) as session:
        laid = session.execute(text("SELECT resource_id FROM strips")).scalars().all()
        slots.hold_whole(session, laid)
        return slots.rebuild(session, [(resource, day) for resource in laid for day in DAYS], desk.clock.now())


def _count(desk: Desk, question: str) -> int:
    with transaction(desk) as session:
        return int(session.execute(text(question)).scalar_one())


def test_a_new_week_leaves_earlier_weeks_and_lists_the_visits_outside_it(mo: Desk) -> None:
    before = booked(mo, JANE, march(10, 16))
    inside = booked(mo, KIM, march(17, 10))
    outside = booked(mo, JANE, march(17, 16))
    changed = set_weekly_shifts(
        mo,
        SetWeeklyShifts(
            stylist_id=ANNA,
            valid_from=dt.date(2026, 3, 17),
            shifts=(*_week(9, 17, weekdays=range(1, 2)), Shift(weekday=2, starts=_wall(9), ends=_wall(14))),
        ),
    )
    (stranded,) = changed.stranded
    assert (stranded.code, stranded.customer, stranded.service, stranded.stylist, stranded.starts_at) == (
        outside.code, "Jane Doe", "Cut", "Anna", march(17, 16),
    )  # fmt: skip
    assert {before.code, inside.code}.isdisjoint({stranded.code})
    with pytest.raises(errors.OutsideShift, match="Anna finishes at"):
        booked(mo, OLA, march(17, 15))
    assert booked(mo, OLA, march(10, 15)).code
    assert _changed_by_a_rebuild(mo) == 0


def test_a_visit_already_outside_is_not_stranded_twice_but_stays_listed(mo: Desk) -> None:
    booked(mo, JANE, march(17, 16))
    first = set_weekly_shifts(
        mo, SetWeeklyShifts(stylist_id=ANNA, valid_from=dt.date(2026, 3, 17), shifts=_week(9, 14))
    )
    again = set_weekly_shifts(
        mo, SetWeeklyShifts(stylist_id=ANNA, valid_from=dt.date(2026, 3, 17), shifts=_week(9, 13))
    )
    listed = list_stranded(mo, ListStranded(first_day=mo.today, last_day=dt.date(2026, 4, 1))).visits
    assert (len(first.stranded), again.stranded) == (1, ())
    assert listed == first.stranded


def test_two_shifts_of_a_weekday_may_not_overlap(mo: Desk) -> None:
    shifts = (*_week(9, 13, weekdays=range(2, 3)), *_week(12, 17, weekdays=range(2, 3)))
    with pytest.raises(errors.BadInput, match="Tuesday has 09:00–13:00 and 12:00–17:00, which overlap"):
        set_weekly_shifts(mo, SetWeeklyShifts(stylist_id=ANNA, valid_from=mo.today, shifts=shifts))


def test_one_day_differs_and_goes_back_to_usual(mo: Desk) -> None:
    visit = booked(mo, JANE, march(17, 10))
    day = dt.date(2026, 3, 17)
    late = SetDatedShift(stylist_id=ANNA, day=day, shifts=(DayShift(starts=_wall(12), ends=_wall(17)),))
    assert [v.code for v in set_dated_shift(mo, late).stranded] == [visit.code]
    with pytest.raises(errors.OutsideShift):
        booked(mo, KIM, march(17, 11))
    assert min(_free(mo, 17)) == march(17, 12)
    set_dated_shift(mo, SetDatedShift(stylist_id=ANNA, day=day))
    assert _free(mo, 17) == []
    assert set_dated_shift(mo, SetDatedShift(stylist_id=ANNA, day=day, as_usual=True)).stranded == ()
    assert booked(mo, KIM, march(17, 11)).code
    assert _changed_by_a_rebuild(mo) == 0


def test_time_off_makes_the_time_unbookable_and_says_why(mo: Desk) -> None:
    visit = booked(mo, JANE, march(17, 10))
    away = add_time_off(mo, AddTimeOff(stylist_id=ANNA, first_day=dt.date(2026, 3, 16), last_day=dt.date(2026, 3, 18)))
    assert [v.code for v in away.stranded] == [visit.code]
    with pytest.raises(errors.OutsideShift, match=r"Anna is not free .*\(holiday\)"):
        booked(mo, KIM, march(17, 14))
    assert _changed_by_a_rebuild(mo) == 0
    with pytest.raises(errors.AlreadyAway, match="Anna is already away Mon 16 Mar to Wed 18 Mar"):
        add_time_off(mo, AddTimeOff(stylist_id=ANNA, first_day=dt.date(2026, 3, 18), last_day=dt.date(2026, 3, 19)))
    remove_time_off(mo, RemoveTimeOff(time_off_id=away.id))
    assert booked(mo, KIM, march(17, 14)).code
    assert _changed_by_a_rebuild(mo) == 0


def test_half_a_day_off_leaves_the_other_half(mo: Desk) -> None:
    day = dt.date(2026, 3, 17)
    add_time_off(mo, AddTimeOff(stylist_id=ANNA, first_day=day, last_day=day, starts=_wall(13), kind="training"))
    assert booked(mo, KIM, march(17, 10)).code
    with pytest.raises(errors.OutsideShift, match=r"13:00–17:00 \(training\)"):
        booked(mo, JANE, march(17, 14))


def test_an_overbooked_visit_is_stranded_too(mo: Desk) -> None:
    booked(mo, JANE, march(17, 10))
    squeezed = booked(mo, KIM, march(17, 10), overbook_reason="regular")
    day = dt.date(2026, 3, 17)
    away = add_time_off(mo, AddTimeOff(stylist_id=ANNA, first_day=day, last_day=day))
    assert squeezed.code in {v.code for v in away.stranded}
    assert len(away.stranded) == 2


def test_waiting_while_colour_takes_does_not_strand(mo: Desk) -> None:
    booked(mo, JANE, march(17, 10), (COLOUR, ANNA))
    lunch = AddBreak(stylist_id=ANNA, day=dt.date(2026, 3, 17), starts=_wall(10, 30), ends=_wall(11, 15), name="lunch")
    assert add_break(mo, lunch).stranded == ()


def test_a_weekly_break_is_laid_over_every_such_day_until_it_is_removed(mo: Desk) -> None:
    visit = booked(mo, JANE, march(24, 13))
    lunch = add_break(
        mo, AddBreak(stylist_id=ANNA, weekday=2, starts=_wall(13), ends=_wall(13, 30), name="lunch\u202e")
    )
    assert [v.code for v in lunch.stranded] == [visit.code]
    with pytest.raises(errors.OutsideShift, match=r"Anna is not free 13:00–13:30 \(lunch\)"):
        booked(mo, KIM, march(17, 13))
    assert _changed_by_a_rebuild(mo) == 0
    remove_break(mo, RemoveBreak(break_id=lunch.id))
    assert booked(mo, KIM, march(17, 13)).code
    assert _changed_by_a_rebuild(mo) == 0


def test_a_closure_lists_what_it_strands_and_loses_nothing(mo: Desk) -> None:
    visits = [
        booked(mo, JANE, march(20, 10)),
        booked(mo, KIM, march(20, 11), (CUT, BO)),
        booked(mo, OLA, march(20, 14), (MASSAGE, BO)),
    ]
    waiting = book(
        mo,
        BookAppointment(customer_id=None, starts_at=march(20, 15), lines=(BookLine(service_id=CUT, unassigned=True),)),
    )
    booked(mo, JANE, march(21, 10))
    facts = "SELECT count(*) FROM time_slots WHERE status = 'booked'"
    before = _count(mo, facts)
    day = dt.date(2026, 3, 20)
    closed = add_closure(mo, AddClosure(first_day=day, last_day=day, name="Good Friday"))
    assert [v.code for v in closed.stranded] == [*(visit.code for visit in visits), waiting.code]
    assert _count(mo, facts) == before
    assert _free(mo, 20) == []
    assert _changed_by_a_rebuild(mo) == 0
    remove_closure(mo, RemoveClosure(closure_id=closed.id))
    assert _free(mo, 20)
    assert list_stranded(mo, ListStranded(first_day=mo.today, last_day=day)).visits == ()
    assert _changed_by_a_rebuild(mo) == 0


def test_new_opening_hours_hold_from_their_day(mo: Desk) -> None:
    early, visit = booked(mo, JANE, march(10, 9)), booked(mo, KIM, march(17, 9))
    hours = tuple(OpenHours(weekday=day, opens=_wall(10), closes=_wall(18)) for day in range(1, 7))
    changed = set_business_hours(mo, SetBusinessHours(valid_from=dt.date(2026, 3, 16), hours=hours))
    assert [v.code for v in changed.stranded] == [visit.code]
    assert early.code != visit.code
    assert min(_free(mo, 18)) == march(18, 10)
    assert min(_free(mo, 11)) == march(11, 9)
    assert _changed_by_a_rebuild(mo) == 0


def test_a_receptionist_blocks_time_and_gives_it_back(ria: Desk) -> None:
    block = block_time(
        ria, BlockTime(resource_id=1, starts_at=march(17, 13), ends_at=march(17, 13, 30), name="call the supplier")
    )
    with pytest.raises(errors.OutsideShift, match=r"13:00–13:30 \(call the supplier\)"):
        booked(ria, JANE, march(17, 13))
    assert _changed_by_a_rebuild(ria) == 0
    unblock_time(ria, UnblockTime(block_id=block.id))
    assert booked(ria, JANE, march(17, 13)).code


def test_a_room_out_of_order_strands_the_visits_in_it(ria: Desk) -> None:
    massage = booked(ria, JANE, march(17, 10), (MASSAGE, ANNA))
    outage = BlockTime(
        resource_id=ROOM, starts_at=march(17, 9), ends_at=march(17, 18), name="heating", kind="maintenance"
    )
    assert [v.code for v in block_time(ria, outage).stranded] == [massage.code]
    with pytest.raises(errors.NoResource):
        booked(ria, KIM, march(17, 14), (MASSAGE, BO))
    assert booked(ria, KIM, march(17, 14), (CUT, BO)).code
    assert _changed_by_a_rebuild(ria) == 0


def test_a_new_stylist_can_be_booked_at_once(mo: Desk) -> None:
    cleo = add_stylist(
        mo,
        AddStylist(
            first_name=" Cleo ",
            last_name="Ray",
            code="CR",
            phone="07700 900555",
            shifts=_week(12, 18),
            service_ids=(CUT,),
            service_percent=Decimal(40),
        ),
    )
    assert (cleo.name, cleo.phone, len(cleo.shifts), cleo.service_ids) == ("Cleo Ray", "+447700900555", 6, (CUT,))
    assert list_stylists(mo, ListStylists()).stylists[-1] == cleo
    assert booked(mo, JANE, march(17, 12), (CUT, cleo.id)).lines[0].stylist == "Cleo"
    with pytest.raises(errors.CannotDo):
        booked(mo, KIM, march(17, 14), (COLOUR, cleo.id))
    assert _count(mo, f"SELECT count(*) FROM commission_rules WHERE stylist_id = {cleo.id} AND percent = 40") == 1
    assert _changed_by_a_rebuild(mo) == 0


def test_a_second_anna_has_a_column_of_her_own_and_a_code_is_given_once(mo: Desk) -> None:
    add_stylist(mo, AddStylist(first_name="Anna", last_name="Berg", code="AB"))
    names = [column.name for column in list_resources(mo, ListResources()).resources]
    assert names == ["Anna", "Bo", "Anna Berg", "Room 1"]
    with pytest.raises(errors.NameTaken):
        add_stylist(mo, AddStylist(first_name="Abe", code="AB"))
    with pytest.raises(errors.NameTaken):
        add_stylist(mo, AddStylist(first_name="Anna"))


def test_a_new_room_is_booked_when_the_first_is_taken(mo: Desk) -> None:
    booked(mo, JANE, march(17, 10), (MASSAGE, ANNA))
    with pytest.raises(errors.NoResource):
        booked(mo, KIM, march(17, 10), (MASSAGE, BO))
    add_resource(mo, AddResource(kind="room", name="Room 2"))
    assert booked(mo, KIM, march(17, 10), (MASSAGE, BO)).code
    with pytest.raises(errors.NameTaken):
        add_resource(mo, AddResource(kind="room", name="Room 2"))
    assert _changed_by_a_rebuild(mo) == 0


def test_rates_hold_from_a_day_and_are_not_kept_in_the_answer(mo: Desk) -> None:
    first = dt.date(2026, 4, 1)
    for percent in ("42.5", "45"):
        answer = set_rates(mo, SetRates(stylist_id=ANNA, service_percent=Decimal(percent), valid_from=first))
    assert (answer.stylist, answer.valid_from) == ("Anna", first)
    rows = (
        "SELECT count(*) FROM commission_rules WHERE stylist_id = 1 AND kind = 'service' AND valid_from < valid_until"
    )
    assert _count(mo, rows) == 2
    assert _count(mo, f"{rows} AND valid_from = '2026-04-01' AND percent = 45") == 1
    for wrong in ("101", "-1", "NaN", "1.23456"):
        with pytest.raises(errors.BadInput):
            set_rates(mo, SetRates(stylist_id=ANNA, product_percent=Decimal(wrong)))


WISHES: dict[str, Callable[[Desk], object]] = {
    "week": lambda d: set_weekly_shifts(d, SetWeeklyShifts(stylist_id=ELI, valid_from=d.today, shifts=_week(9, 17))),
    "day": lambda d: set_dated_shift(d, SetDatedShift(stylist_id=ELI, day=d.today)),
    "break": lambda d: add_break(d, AddBreak(stylist_id=ELI, weekday=2, starts=_wall(13), ends=_wall(14))),
    "time off": lambda d: add_time_off(d, AddTimeOff(stylist_id=ELI, first_day=d.today, last_day=d.today)),
    "closure": lambda d: add_closure(d, AddClosure(shop_id=ELM_SHOP, first_day=d.today, last_day=d.today, name="shut")),
    "hours": lambda d: set_business_hours(d, SetBusinessHours(shop_id=ELM_SHOP, valid_from=d.today, hours=())),
    "rates": lambda d: set_rates(d, SetRates(stylist_id=ELI, service_percent=Decimal(40))),
    "shift elsewhere": lambda d: add_stylist(
        d,
        AddStylist(first_name="Zed", shifts=(Shift(weekday=1, starts=_wall(9), ends=_wall(17), shop_id=ELM_SHOP),)),
    ),
    "specialty": lambda d: add_stylist(d, AddStylist(first_name="Zed", service_ids=(ELM_SERVICE,))),
    "category": lambda d: add_stylist(d, AddStylist(first_name="Zed", category_ids=(4,))),
}
"""Changes of the other business's hours and people."""


@pytest.mark.parametrize("wish", WISHES)
def test_the_other_business_is_not_there(mo: Desk, wish: str) -> None:
    with pytest.raises(errors.NotFound):
        WISHES[wish](mo)


@pytest.mark.parametrize("wish", WISHES)
def test_a_trainee_changes_nobodys_hours(tess: Desk, wish: str) -> None:
    with pytest.raises(errors.NotAllowed, match=r"Tess may not .*\. Ask a manager\."):
        WISHES[wish](tess)


def test_the_other_businesss_column_can_not_be_blocked(ria: Desk) -> None:
    with pytest.raises(errors.NotFound):
        block_time(ria, BlockTime(resource_id=ELM_RESOURCE, starts_at=march(17, 9), ends_at=march(17, 10)))


def test_a_repeated_request_adds_nothing_and_answers_the_same(mo: Desk) -> None:
    booked(mo, JANE, march(17, 10))
    day = dt.date(2026, 3, 17)
    closure = AddClosure(first_day=day, last_day=day, name="Stocktaking")
    assert add_closure(mo, closure) == add_closure(mo, closure)
    assert _count(mo, "SELECT count(*) FROM closures") == 1
    stylist = AddStylist(first_name="Cleo", shifts=_week(9, 17))
    assert add_stylist(mo, stylist) == add_stylist(mo, stylist)
    assert len(list_stylists(mo, ListStylists()).stylists) == 3


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        (
            AddTimeOff(stylist_id=ANNA, first_day=dt.date(2026, 3, 18), last_day=dt.date(2026, 3, 17)),
            "before the first",
        ),
        (AddTimeOff(stylist_id=ANNA, first_day=DAYS[1], last_day=DAYS[1], starts=_wall(14), ends=_wall(13)), "13:00"),
    ],
)
def test_time_off_that_runs_backwards_is_refused(mo: Desk, wish: AddTimeOff, words: str) -> None:
    with pytest.raises(Refusal, match=words):
        add_time_off(mo, wish)
