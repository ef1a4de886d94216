"""Whoever will do, time that is kept, visits laid over others a little, and stylists of two shops."""

from __future__ import annotations

import datetime as dt
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from frontdesk import errors
from frontdesk.clock import SetClock
from frontdesk.desk import Desk
from frontdesk.services.book.booking import BookAppointment, Booked, BookLine, MoveAppointment, book, move
from frontdesk.services.book.holds import HoldTime, hold_time
from frontdesk.services.book.visits import LeaveVisit, ShowVisit, cancel, show
from frontdesk.services.people.sign_in import Sessions, open_desk
from frontdesk.services.shop.shop_rules import EditShopRules, edit_shop_rules
from frontdesk.services.undo.undo import UndoLast, undo_last
from tests.services.desks import ANNA, BLOW_DRY, BO, COLOUR, CUT, JANE, KIM, OLA, booked, march
from tests.vale_street import token


def _with(visit: Booked) -> str | None:
    return visit.lines[0].stylist


def _kept(desk: Desk, key: UUID, at: dt.datetime, stylist: int = ANNA) -> None:
    assert hold_time(desk, HoldTime(stylist_id=stylist, starts_at=at, minutes=45, hold_key=key)).held


# BK14


def test_anybody_is_whoever_is_least_busy_that_day(ria: Desk) -> None:
    booked(ria, KIM, march(10, 16), (CUT, ANNA))
    assert _with(booked(ria, JANE, march(10, 11), (CUT, None))) == "Bo"
    booked(ria, KIM, march(11, 12), (COLOUR, BO))
    assert _with(booked(ria, JANE, march(11, 10), (CUT, None))) == "Anna"


def test_among_equally_busy_ones_it_is_whoever_was_given_somebody_longest_ago(ria: Desk) -> None:
    given = [_with(booked(ria, None, march(day, 11), (CUT, None))) for day in (10, 11, 12, 13)]
    assert given == ["Anna", "Bo", "Anna", "Bo"]


def test_who_was_asked_for_was_not_given(ria: Desk) -> None:
    booked(ria, KIM, march(10, 11), (CUT, ANNA))
    assert _with(booked(ria, JANE, march(11, 11), (CUT, None))) == "Anna"
    assert _with(booked(ria, JANE, march(12, 11), (CUT, None))) == "Bo"


def test_the_same_hands_go_on_with_whoever_they_began_with(ria: Desk) -> None:
    visit = booked(ria, JANE, march(10, 11), (CUT, BO), (BLOW_DRY, None))
    assert [line.stylist for line in visit.lines] == ["Bo", "Bo"]


# BK28, BK21


def test_kept_time_is_refused_to_others_and_booked_by_its_key(ria: Desk, mo: Desk) -> None:
    key = uuid4()
    _kept(ria, key, march(10, 15))
    with pytest.raises(errors.BeingBooked, match="Ria is booking 15:00 there. Free next: 15:45, or Bo at 15:00."):
        booked(mo, KIM, march(10, 15))
    with pytest.raises(errors.BeingBooked):
        booked(mo, KIM, march(10, 15), (CUT, ANNA), overbook_reason="please")
    line = BookLine(service_id=CUT, stylist_id=ANNA)
    visit = book(ria, BookAppointment(customer_id=JANE, starts_at=march(10, 15), lines=(line,), hold_key=key))
    with pytest.raises(errors.StylistTaken, match="by Jane Doe"):
        booked(mo, KIM, march(10, 15))
    again = uuid4()
    _kept(ria, again, march(11, 15))
    wish = MoveAppointment(appointment_id=visit.appointment_id, starts_at=march(11, 15, 15), hold_key=again)
    assert move(ria, wish).starts_at == march(11, 15, 15)
    assert booked(mo, KIM, march(11, 14, 30)).code


def test_kept_time_stays_kept_when_its_booking_is_refused(ria: Desk, mo: Desk) -> None:
    key = uuid4()
    booked(mo, KIM, march(10, 15, 45))
    _kept(ria, key, march(10, 15))
    line = BookLine(service_id=COLOUR, stylist_id=ANNA)
    with pytest.raises(errors.StylistTaken):
        book(ria, BookAppointment(customer_id=JANE, starts_at=march(10, 14, 30), lines=(line,), hold_key=key))
    with pytest.raises(errors.BeingBooked):
        booked(mo, JANE, march(10, 15))


def test_time_whose_keeping_is_over_is_anybodys(ria: Desk, mo: Desk, clock: SetClock) -> None:
    _kept(ria, uuid4(), march(10, 15))
    clock.set(march(9, 9, 10))
    assert booked(mo, JANE, march(10, 15)).code


# the tolerance of BK7


def test_a_little_over_another_needs_no_reason_but_keeps_the_mark(ria: Desk, ada: Desk, tess: Desk) -> None:
    first = booked(ria, JANE, march(10, 15))
    with pytest.raises(errors.StylistTaken):
        booked(ria, KIM, march(10, 15, 35))
    edit_shop_rules(ada, EditShopRules(overbook_minutes=10))
    with pytest.raises(errors.StylistTaken):
        booked(tess, KIM, march(10, 15, 35))
    with pytest.raises(errors.StylistTaken):
        booked(ria, KIM, march(10, 15, 30))
    second = booked(ria, KIM, march(10, 15, 35))
    assert show(ria, ShowVisit(code=second.code)).lines[0].overbook_reason == "within 10 minutes"
    cancel(ria, LeaveVisit(appointment_id=first.appointment_id, reason="Ill"))
    assert show(ria, ShowVisit(code=second.code)).lines[0].overbook_reason is None
    with pytest.raises(errors.StylistTaken, match="by Kim Lee"):
        booked(ria, OLA, march(10, 15, 15))


def test_a_line_is_overbooked_and_the_others_of_its_visit_are_not(ria: Desk) -> None:
    booked(ria, KIM, march(10, 12), (CUT, BO))
    visit = booked(ria, JANE, march(10, 11, 15), (CUT, ANNA), (BLOW_DRY, BO), overbook_reason="regular")
    assert [line.overbooked for line in visit.lines] == [False, True]
    undo_last(ria, UndoLast())
    assert booked(ria, OLA, march(10, 11, 15), (CUT, ANNA)).code


# BK30


def test_a_stylist_of_two_shops_has_one_strip(ria: Desk, ada: Desk, sessions: Sessions, clock: SetClock) -> None:
    with sessions() as session:
        session.execute(text("SELECT set_config('frontdesk.token', 'token of ada', true)"))
        shop = session.execute(
            text(
                "INSERT INTO shops (name, timezone, currency, locale, country)"
                " VALUES ('New York', 'America/New_York', 'USD', 'en_US', 'US') RETURNING id"
            )
        ).scalar_one()
        for hours in (
            "INSERT INTO business_hours (shop_id, weekday, opens, closes) VALUES (:shop, 6, '08:00', '12:00')",
            "INSERT INTO dated_shifts (stylist_id, shop_id, day, starts, ends)"
            " VALUES (1, :shop, '2026-03-14', '08:00', '12:00'), (1, 1, '2026-03-14', '09:00', '12:00')",
        ):
            session.execute(text(hours), {"shop": shop})
        session.commit()
    there = open_desk(sessions, token("ada"), clock, shop_id=shop)
    with pytest.raises(errors.OutsideShift, match="Anna is at Vale Street 05:00–08:00"):
        booked(there, JANE, march(14, 11))
    with pytest.raises(errors.OutsideShift, match="Anna is at New York 12:00–16:00"):
        booked(ria, JANE, march(14, 14))
    visit = booked(there, JANE, march(14, 14))
    assert visit.lines[0].stylist == "Anna"
    with pytest.raises(errors.StylistTaken, match="Anna is taken 14:00–14:45 by Jane Doe"):
        booked(ria, KIM, march(14, 14), (CUT, ANNA), outside_hours=True)
    with pytest.raises(errors.CustomerBusy):
        booked(ria, JANE, march(14, 14), (CUT, BO))
