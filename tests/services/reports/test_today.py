"""The manager's day: every figure as one would reckon it by hand."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from sqlalchemy import Engine, event

from frontdesk.clock import SetClock
from frontdesk.desk import Desk
from frontdesk.errors import NotAllowed
from frontdesk.services.book.visits import LeaveVisit, StepVisit, arrive, cancel, finish, no_show, start
from frontdesk.services.people.sign_in import open_desk
from frontdesk.services.reports.reports import ReportDay, day_report
from frontdesk.services.reports.today import ShowToday, TodaySheet, show_today
from frontdesk.services.sheets.day_figures import StylistFigures, VisitCount
from frontdesk.services.team.roster import AddTimeOff, add_time_off
from frontdesk.services.ticket.ticket_wishes import Pay, SellProduct
from frontdesk.services.till.checkout import CheckOut, check_out
from tests.services.desks import ANNA, BLOW_DRY, BO, COLOUR, CUT, JANE, KIM, OLA, booked, march
from tests.vale_street import token

NOTHING = Decimal(0)
MONDAY = dt.date(2026, 3, 9)


def pounds(amount: str) -> Decimal:
    return Decimal(amount)


def serve(desk: Desk, clock: SetClock, visit: int, *, came: dt.datetime, begun: dt.datetime) -> None:
    clock.set(came)
    arrive(desk, StepVisit(appointment_id=visit))
    clock.set(begun)
    start(desk, StepVisit(appointment_id=visit))
    clock.set(begun + dt.timedelta(minutes=40))
    finish(desk, StepVisit(appointment_id=visit))


@pytest.fixture
def busy(ria: Desk, clock: SetClock) -> None:
    """Two weeks in which: last Monday one cut at eleven and one at three; this Monday Jane, Kim, and two who failed."""
    clock.set(march(2, 8))
    for hour in (11, 15):
        visit = booked(ria, KIM, march(2, hour), (CUT, ANNA))
        clock.set(march(2, hour, 45))
        finish(ria, StepVisit(appointment_id=visit.appointment_id))
        check_out(ria, CheckOut(appointment_ids=(visit.appointment_id,), tenders=(Pay(method="cash"),)))
    clock.set(march(9, 8))
    jane = booked(ria, JANE, march(9, 10), (CUT, ANNA), (BLOW_DRY, BO))
    kim = booked(ria, KIM, march(9, 11), (CUT, ANNA))
    ola = booked(ria, OLA, march(9, 12), (COLOUR, BO))
    gone = booked(ria, OLA, march(9, 15), (CUT, ANNA))
    booked(ria, JANE, march(17, 10))
    cancel(ria, LeaveVisit(appointment_id=gone.appointment_id, reason="Ill"))
    serve(ria, clock, jane.appointment_id, came=march(9, 9, 56), begun=march(9, 10, 2))
    sell(ria, jane.appointment_id, tip="10", card="40")
    serve(ria, clock, kim.appointment_id, came=march(9, 11), begun=march(9, 11, 3))
    clock.set(march(9, 12, 30))
    no_show(ria, LeaveVisit(appointment_id=ola.appointment_id))


def sell(desk: Desk, visit: int, *, tip: str, card: str) -> None:
    tenders = (Pay(method="card", amount=Decimal(card), approval_code="A1B2"), Pay(method="cash"))
    shampoo = SellProduct(product_id=1, quantity=2, stylist_id=BO)
    check_out(desk, CheckOut(appointment_ids=(visit,), products=(shampoo,), tip=Decimal(tip), tenders=tenders))


@pytest.mark.usefixtures("busy")
def test_every_figure_is_what_one_reckons_by_hand(mo: Desk) -> None:
    sheet = show_today(mo, ShowToday())
    assert (sheet.day, sheet.is_today, sheet.currency) == (MONDAY, True, "GBP")
    assert (sheet.takings, sheet.tips, sheet.sales, sheet.average_ticket) == (
        pounds("116.00"), pounds("10.00"), 1, pounds("116.00"),
    )  # fmt: skip
    assert sheet.tenders == {"cash": pounds("86.00"), "card": pounds("40.00")}
    assert sheet.visits == VisitCount(total=4, done=2, here=0, to_come=0, no_show=1, cancelled=1)
    assert sheet.rebooked == 50, "Jane comes again, Kim does not"
    assert sheet.waited == 5, "six minutes and three, four and a half on average"
    # Anna: 2 cuts of 45 in 8 hours. Bo: a blow-dry of 30 in 8 hours, the colour was given back.
    assert sheet.used == 13
    # Before tax: a cut 41.67, a blow-dry 25.00, two shampoos 30.00. Anna 40 %, Bo 35.5 % and 10 %.
    assert sheet.stylists == (
        StylistFigures(ANNA, "Anna", 2, pounds("41.67"), pounds("0"), pounds("6.25"), pounds("16.67"), 19),
        StylistFigures(BO, "Bo", 1, pounds("25.00"), pounds("30.00"), pounds("3.75"), pounds("11.88"), 6),
    )
    assert [(one.name, one.kind, one.times, one.amount, one.share) for one in sheet.services] == [
        ("Cut", "service", pounds("1"), pounds("41.67"), 43),
        ("Shampoo 250 ml", "product", pounds("2"), pounds("30.00"), 31),
        ("Blow-dry", "service", pounds("1"), pounds("25.00"), 26),
    ]


@pytest.mark.usefixtures("busy")
def test_it_agrees_with_the_day_report(mo: Desk) -> None:
    sheet, report = show_today(mo, ShowToday()), day_report(mo, ReportDay())
    assert (sheet.takings, sheet.tips, sheet.tenders) == (report.total, report.tips, report.tenders)
    assert sum(one.services for one in sheet.stylists) == sum(one.services for one in report.stylists)
    assert sum(one.takings for one in sheet.hours) == report.total


@pytest.mark.usefixtures("busy")
def test_a_day_is_held_against_the_week_before_until_the_same_time(mo: Desk, clock: SetClock) -> None:
    assert (show_today(mo, ShowToday()).takings_before, show_today(mo, ShowToday()).up) == (pounds("50.00"), 132)
    clock.set(march(9, 18))
    assert (show_today(mo, ShowToday()).takings_before, show_today(mo, ShowToday()).up) == (pounds("100.00"), 16)
    last = show_today(mo, ShowToday(day=dt.date(2026, 3, 2)))
    assert (last.takings, last.takings_before, last.up, last.is_today) == (pounds("100.00"), NOTHING, None, False)


@pytest.mark.usefixtures("busy")
def test_hours_are_those_of_the_shops_wall_clock(mo: Desk) -> None:
    hours = show_today(mo, ShowToday()).hours
    assert [one.hour for one in hours] == list(range(24))
    assert {one.hour: (one.takings, one.visits) for one in hours if one.takings or one.visits} == {
        10: (pounds("116.00"), 1),
        11: (0, 1),
    }
    assert [one.hour for one in show_today(mo, ShowToday()).open_hours] == [10, 11]


def test_an_hour_of_summer_is_an_hour_later(ria: Desk, mo: Desk, clock: SetClock) -> None:
    clock.set(dt.datetime(2026, 4, 6, 9, 20, tzinfo=dt.UTC))
    check_out(ria, CheckOut(products=(SellProduct(product_id=1),), tenders=(Pay(method="cash"),)))
    assert [one.hour for one in show_today(mo, ShowToday()).hours if one.takings] == [10]


@pytest.mark.usefixtures("busy")
def test_what_is_loose_is_listed(ria: Desk, mo: Desk, clock: SetClock) -> None:
    booked(ria, JANE, march(9, 14), (CUT, ANNA))
    booked(ria, OLA, march(11, 10), (CUT, ANNA))
    day_off = dt.date(2026, 3, 11)
    add_time_off(mo, AddTimeOff(stylist_id=ANNA, kind="sick", first_day=day_off, last_day=day_off))
    clock.set(march(9, 17))
    found = show_today(mo, ShowToday()).to_look_at
    assert [(one.kind, one.sentence, [visit.customer for visit in one.visits]) for one in found] == [
        ("unpaid", "1 visit done and unpaid", ["Kim Lee"]),
        ("pending", "1 visit over and still pending", ["Jane Doe"]),
        ("stranded", "1 visit outside hours this week", ["Ola Berg"]),
    ]
    assert [visit.when for one in found for visit in one.visits] == ["11:00", "14:00", "Wed 11 Mar 10:00"]
    clock.set(march(10, 9))
    assert [one.kind for one in show_today(mo, ShowToday()).to_look_at] == ["unpaid", "pending", "stranded"]
    assert show_today(mo, ShowToday(day=march(3, 9).date())).to_look_at == ()


def test_an_empty_day_has_no_figures_and_no_faults(mo: Desk) -> None:
    sheet = show_today(mo, ShowToday(day=dt.date(2026, 12, 24)))
    assert (sheet.takings, sheet.up, sheet.rebooked, sheet.waited, sheet.average_ticket) == (
        NOTHING,
        None,
        None,
        None,
        NOTHING,
    )
    assert (sheet.open_hours, sheet.services, sheet.to_look_at) == ((), (), ())


@pytest.mark.usefixtures("busy")
def test_few_questions_are_asked_however_busy_the_day(mo: Desk, engine: Engine) -> None:
    said: list[str] = []

    def hear(*seen: object) -> None:
        said.append(str(seen[2]).split()[0].upper())

    event.listen(engine, "before_cursor_execute", hear)
    show_today(mo, ShowToday())
    event.remove(engine, "before_cursor_execute", hear)
    assert len([word for word in said if word in ("SELECT", "WITH")]) <= 11


@pytest.mark.usefixtures("busy")
def test_takings_are_for_managers_and_commission_for_who_may_see_rates(ria: Desk, mo: Desk) -> None:
    with pytest.raises(NotAllowed, match="Ask a manager"):
        show_today(ria, ShowToday())
    otto = open_desk(ria.sessions, token("otto"), ria.clock)
    sheet: TodaySheet = show_today(otto, ShowToday())
    assert sheet.takings == show_today(mo, ShowToday()).takings
