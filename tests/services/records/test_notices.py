"""What other terminals hear: every write tells, and what was told is read in words by whoever may see it."""

from __future__ import annotations

import datetime as dt
import inspect
from collections.abc import Callable, Iterator
from decimal import Decimal
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy import text

from frontdesk.db.transactions import transaction
from frontdesk.desk import Desk
from frontdesk.permissions import Role
from frontdesk.services.all import USE_CASES
from frontdesk.services.book.booking import MoveAppointment, move
from frontdesk.services.book.visits import LeaveVisit, arrive, cancel, confirm, finish, no_show, put_back, start
from frontdesk.services.customers.customers import AddCustomer, add_customer
from frontdesk.services.menu.catalogue import AddService, add_service
from frontdesk.services.people.people import AddUser, add_user
from frontdesk.services.records.notices import Notice, ReadNotice, read_notice
from frontdesk.services.team.roster import AddTimeOff, add_time_off
from frontdesk.services.team.shop_hours import AddClosure, add_closure
from frontdesk.services.ticket.ticket_wishes import Pay
from frontdesk.services.till.checkout import CheckOut, check_out
from frontdesk.services.undo.undo import RedoLast, UndoLast, redo_last, undo_last
from tests.services.desks import ANNA, ELM_CUSTOMER, JANE, KIM, booked, march

MONDAY = dt.date(2026, 3, 9)


def last_told(desk: Desk) -> tuple[str, int]:
    """What was told last, as it went over the wire."""
    with transaction(desk) as session:
        kind, number = session.execute(
            text("SELECT kind, subject_id FROM outbox_events ORDER BY id DESC LIMIT 1")
        ).one()
        return kind, number


def heard(reader: Desk, author: Desk, by_manager: Desk) -> Notice:
    kind, number = last_told(by_manager)
    return read_notice(reader, ReadNotice(kind=kind, id=number, by=author.actor.user_id))


def test_a_move_is_heard_with_its_author_and_both_days(ria: Desk, mo: Desk) -> None:
    visit = booked(ria, KIM, march(9, 11)).appointment_id
    move(mo, MoveAppointment(appointment_id=visit, starts_at=march(9, 14)))
    assert heard(ria, mo, mo) == Notice("Mo moved Kim Lee to 14:00.", MONDAY, False, "Mo")
    assert heard(mo, mo, mo).mine
    move(mo, MoveAppointment(appointment_id=visit, starts_at=march(10, 14)))
    other_day = heard(ria, mo, mo)
    assert (other_day.sentence, other_day.day) == ("Mo moved Kim Lee to Tue 10 Mar 14:00.", None), "two days repaint"


@pytest.mark.parametrize(
    ("take", "sentence"),
    [
        (confirm, "Ria confirmed Kim Lee, 11:00."),
        (arrive, "Ria checked in Kim Lee, 11:00."),
        (start, "Ria started Kim Lee, 11:00."),
        (finish, "Ria finished Kim Lee, 11:00."),
        (no_show, "Ria marked Kim Lee, 11:00, as a no-show."),
        (cancel, "Ria cancelled Kim Lee, 11:00."),
    ],
)
def test_every_step_of_a_visit_is_heard(
    ria: Desk, mo: Desk, take: Callable[[Desk, LeaveVisit], object], sentence: str
) -> None:
    visit = booked(ria, KIM, march(9, 11)).appointment_id
    assert heard(mo, ria, mo).sentence == "Ria booked Kim Lee for 11:00."
    take(ria, LeaveVisit(appointment_id=visit, reason="Ill"))
    assert heard(mo, ria, mo) == Notice(sentence, MONDAY, False, "Ria")
    put_back(ria, LeaveVisit(appointment_id=visit, reason="Wrong one"))
    assert heard(mo, ria, mo).sentence == "Ria put back Kim Lee, 11:00: pending."


def test_what_is_taken_back_is_heard(ria: Desk, mo: Desk) -> None:
    visit = booked(ria, KIM, march(9, 11)).appointment_id
    confirm(ria, LeaveVisit(appointment_id=visit))
    undo_last(ria, UndoLast())
    assert heard(mo, ria, mo).sentence == "Ria took something back: Kim Lee, 11:00, is pending."
    redo_last(ria, RedoLast())
    assert heard(mo, ria, mo).sentence == "Ria did it again: Kim Lee, 11:00, is confirmed."
    undo_last(ria, UndoLast())
    undo_last(ria, UndoLast())
    assert heard(mo, ria, mo).sentence == "Ria took back the booking of Kim Lee for 11:00."


def test_a_ticket_is_heard_without_its_money(ria: Desk, mo: Desk, anna: Desk) -> None:
    visit = booked(ria, JANE, march(10, 11)).appointment_id
    check_out(ria, CheckOut(appointment_ids=(visit,), tenders=(Pay(method="cash"),)))
    assert heard(mo, ria, mo) == Notice("Ria closed ticket 1, Jane Doe.", None, False, "Ria"), "tomorrow's, paid today"
    assert heard(anna, ria, mo).sentence == "Ria closed a ticket.", "a stylist sees no tickets"


def test_things_and_people_are_heard_by_name(ria: Desk, mo: Desk, ada: Desk) -> None:
    add_customer(ria, AddCustomer(first_name="Lou", last_name="Day"))
    assert heard(mo, ria, mo).sentence == "Ria added Lou Day."
    add_service(mo, AddService(name="Fringe", code="FRI", price=Decimal(10), minutes=15, category="Style"))
    assert heard(ria, mo, mo).sentence == "Mo added the service Fringe."
    add_time_off(mo, AddTimeOff(stylist_id=ANNA, first_day=MONDAY, last_day=MONDAY))
    assert heard(ria, mo, mo).sentence == "Mo changed the hours of Anna."
    add_closure(ada, AddClosure(first_day=MONDAY, last_day=MONDAY, name="Flood"))
    assert heard(ria, ada, mo).sentence == "Ada changed the opening hours."
    add_user(ada, AddUser(login="zoe", name="Zoe", role=Role.TRAINEE, password="a long enough password"))
    assert heard(ria, ada, mo).sentence == "Ada added Zoe."


def test_another_business_is_heard_of_without_names(ria: Desk) -> None:
    notice = read_notice(ria, ReadNotice(kind="customer.changed", id=ELM_CUSTOMER, by=10**6))
    assert notice == Notice("Somebody changed a customer.", None, False, "Somebody")


def test_a_kind_of_a_newer_version_is_told_by_its_kind(ria: Desk) -> None:
    assert read_notice(ria, ReadNotice(kind="drawer.counted", id=1)).sentence == "Somebody counted a drawer."
    assert read_notice(ria, ReadNotice(kind="", id=1)).sentence.startswith("Somebody")


SILENT = {
    "availability.lay_out_strips": "upkeep: no screen shows a strip that is not laid out",
    "availability.give_back_lapsed": "upkeep: a hold that has lapsed is over on every screen by the clock",
    "arrivals.dismiss_card": "who was shown a card is read by nobody's screen",
    "printing.begin_print": "paper: no screen shows what was printed",
    "printing.end_print": "paper: no screen shows what was printed",
    "outbox.mail_receipt": "the outbox: no screen shows what was sent",
    "outbox.send_again": "the outbox: no screen shows what was sent",
    "outbox.take_mails": "the outbox: no screen shows what was sent",
    "outbox.settle_mail": "the outbox: no screen shows what was sent",
    "drawer_counts.count_drawer": "a count is blind: no screen shows another's before the drawer is closed",
    "upkeep.do_chore": "upkeep: what has lapsed or expired is offered by no screen",
    "upkeep.note_chore": "upkeep: how it went stands in Today, which is read when somebody looks",
    "liabilities.write_off_expired": "upkeep: what has expired is offered by no screen",
    **dict.fromkeys(
        ("commission.set_rule", "commission.end_rule", "pay.set_period", "pay.set_guarantee", "pay.adjust_pay"),
        "pay: who sits at another terminal may not know of it",
    ),
    "people.set_pin": "no screen shows it, and an auditor, who may tell nothing, has one too",
    "people.set_password": "no screen shows it, and an auditor, who may tell nothing, has one too",
}


def _in_reach(module: ModuleType | None, *, deep: bool = True) -> Iterator[tuple[str, Any]]:
    """What of the services a module can call, by the name under which it does."""
    for name, other in vars(module).items():
        if inspect.ismodule(other) and deep and other.__name__.startswith("frontdesk.services."):
            yield from ((f"{name}.{each}", one) for each, one in _in_reach(other, deep=False))
        elif inspect.isroutine(other) | inspect.isclass(other) and str(other.__module__).startswith(
            "frontdesk.services"
        ):
            yield name, other


def tells(function: Callable[..., Any]) -> bool:
    """Whether a use-case, or whatever of the services it calls, tells the other terminals."""
    seen: set[object] = set()
    waiting: list[Any] = [inspect.unwrap(function)]
    while waiting:
        one = waiting.pop()
        source = inspect.getsource(one)
        if ".tell(" in source or "wake(" in source or "HoursChange" in source or "_block_change" in source:
            return True
        for name, other in _in_reach(inspect.getmodule(one)):
            if other not in seen and f"{name}(" in source:
                seen.add(other)
                waiting.append(inspect.unwrap(other))
    return False


def test_every_write_tells_the_other_terminals() -> None:
    mute = {name for name, one in USE_CASES.items() if one.writes and not tells(one.run)}
    assert mute == set(SILENT)
