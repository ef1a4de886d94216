"""Rooms, helping hands and clean-up: what else a visit takes besides its stylist."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import text

from frontdesk import errors
from frontdesk.desk import Desk
from frontdesk.services.book.booking import BookAppointment, BookLine, MoveAppointment, book, move
from frontdesk.services.menu.catalogue import AddService, ServicePartWish, add_service
from frontdesk.services.people.sign_in import Sessions
from frontdesk.services.shop.shop_rules import EditShopRules, edit_shop_rules
from frontdesk.services.team.shop_hours import BlockTime, block_time
from tests.services.desks import ANNA, BO, CUT, JANE, KIM, MASSAGE, OLA, booked, march

ROOM = 3


def a_second_room(sessions: Sessions) -> int:
    with sessions() as session:
        session.execute(text("SELECT set_config('frontdesk.token', 'token of ada', true)"))
        room = session.execute(
            text("INSERT INTO resources (shop_id, kind, name, position) VALUES (1, 'room', 'Room 2', 2) RETURNING id")
        ).scalar_one()
        session.commit()
    return int(room)


def rooms_of(sessions: Sessions, appointment_id: int) -> set[int]:
    with sessions() as session:
        session.execute(text("SELECT set_config('frontdesk.token', 'token of ria', true)"))
        found = session.execute(
            text(
                "SELECT p.resource_id FROM appointment_parts p"
                "  JOIN appointment_services l ON l.id = p.appointment_service_id"
                " WHERE l.appointment_id = :visit AND p.role = 'room'"
            ),
            {"visit": appointment_id},
        )
        return set(found.scalars())


def test_two_massages_want_one_room_and_the_second_is_refused_naming_it(ria: Desk) -> None:
    """BK13."""
    booked(ria, KIM, march(10, 14), (MASSAGE, ANNA))
    with pytest.raises(errors.NoResource) as refused:
        booked(ria, JANE, march(10, 14), (MASSAGE, BO))
    assert (
        refused.value.sentence
        == (
            "No room is free for Massage at Tue 10 Mar 14:00: Room 1 is taken 14:00–15:15 by Kim Lee."
            " Free next: 15:15 with Anna, or 15:15 with Bo."
        )
        or "Room 1 is taken 14:00–15:15 by Kim Lee" in refused.value.sentence
    )


def test_a_room_that_is_out_of_use_is_not_open(ria: Desk, mo: Desk) -> None:
    block_time(mo, BlockTime(resource_id=ROOM, starts_at=march(10, 14), ends_at=march(10, 16), name="Paint"))
    with pytest.raises(errors.NoResource, match="Room 1 is not open then"):
        booked(ria, JANE, march(10, 14), (MASSAGE, BO))


def test_the_engine_picks_a_free_room_and_keeps_it_when_the_visit_moves(ria: Desk, sessions: Sessions) -> None:
    second = a_second_room(sessions)
    first = booked(ria, KIM, march(10, 14), (MASSAGE, ANNA))
    visit = booked(ria, JANE, march(10, 14), (MASSAGE, BO))
    assert (rooms_of(sessions, first.appointment_id), rooms_of(sessions, visit.appointment_id)) == ({ROOM}, {second})
    move(ria, MoveAppointment(appointment_id=visit.appointment_id, starts_at=march(10, 16)))
    assert rooms_of(sessions, visit.appointment_id) == {second}
    booked(ria, OLA, march(10, 16, 30), (MASSAGE, ANNA), outside_hours=True)
    with pytest.raises(errors.NoResource, match="Room 1 is taken 16:30–17:45 by Ola Berg, Room 2 is taken .* Jane Doe"):
        booked(ria, KIM, march(10, 16, 30), (MASSAGE, None))


def test_the_customer_is_not_told_of_the_clean_up_that_blocks_the_room(ria: Desk) -> None:
    """BK9."""
    visit = booked(ria, JANE, march(10, 14), (MASSAGE, ANNA))
    assert visit.ends_at == march(10, 15)
    with pytest.raises(errors.NoResource, match="14:00–15:15"):
        booked(ria, KIM, march(10, 15), (MASSAGE, BO))


def test_the_last_massage_may_start_an_hour_before_closing_when_clean_up_may_go_on(ria: Desk, ada: Desk) -> None:
    """BK9: the shop closes at six."""
    with pytest.raises(errors.NoResource, match="Room 1 is not open then"):
        booked(ria, JANE, march(10, 17), (MASSAGE, BO))
    edit_shop_rules(ada, EditShopRules(cleanup_may_overrun=True))
    assert booked(ria, JANE, march(10, 17), (MASSAGE, BO)).ends_at == march(10, 18)
    with pytest.raises(errors.OutsideShift):
        booked(ria, KIM, march(11, 17, 15), (MASSAGE, BO))


def test_clean_up_never_runs_over_somebody_else(ria: Desk, ada: Desk) -> None:
    edit_shop_rules(ada, EditShopRules(cleanup_may_overrun=True))
    booked(ria, KIM, march(10, 15), (MASSAGE, ANNA))
    with pytest.raises(errors.NoResource, match="by Kim Lee"):
        booked(ria, JANE, march(10, 14), (MASSAGE, BO))


def two_handed(mo: Desk) -> int:
    parts = (ServicePartWish(kind="active", minutes=30, holds=("lead", "assistant")),)
    return add_service(mo, AddService(name="Long hair", code="LONG", price=Decimal(90), parts=parts)).id


def test_it_takes_two_and_the_other_one_is_whoever_is_free(ria: Desk, mo: Desk) -> None:
    service = two_handed(mo)
    booked(ria, JANE, march(10, 11), (service, ANNA))
    with pytest.raises(errors.StylistTaken, match="Bo is taken 11:00–11:30 by Jane Doe"):
        booked(ria, KIM, march(10, 11), (CUT, BO))
    booked(ria, KIM, march(10, 12), (CUT, BO))
    with pytest.raises(errors.NoResource, match="No assistant is free for Long hair .* Bo is taken 12:00–12:45"):
        booked(ria, OLA, march(10, 12), (service, ANNA))


def test_a_helper_can_be_named(ria: Desk, mo: Desk) -> None:
    service = two_handed(mo)
    line = BookLine(service_id=service, stylist_id=ANNA, assistant_id=ANNA)
    with pytest.raises(errors.NoResource, match="no assistant"):
        book(ria, BookAppointment(customer_id=JANE, starts_at=march(10, 11), lines=(line,)))
    line = BookLine(service_id=service, stylist_id=ANNA, assistant_id=BO)
    book(ria, BookAppointment(customer_id=JANE, starts_at=march(10, 11), lines=(line,)))
