"""The card that everybody reads when somebody comes (features CI1, CI6)."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

import pytest
from sqlalchemy import text

from frontdesk import errors
from frontdesk.clock import SetClock
from frontdesk.db.transactions import transaction
from frontdesk.desk import Desk
from frontdesk.services.book.arrivals import (
    AddAlert,
    ArrivalOf,
    DismissCard,
    EndAlert,
    ListAlerts,
    add_alert,
    arrival_card,
    dismiss_card,
    end_alert,
    list_alerts,
)
from frontdesk.services.book.visits import ShowVisit, StepVisit, arrive, finish, show
from tests.services.desks import ANNA, BLOW_DRY, JANE, KIM, booked, march


def test_who_comes_is_told_to_the_minute(ria: Desk, clock: SetClock) -> None:
    visit = booked(ria, JANE, march(9, 10))
    clock.set(march(9, 9, 58))
    assert arrive(ria, StepVisit(appointment_id=visit.appointment_id)).said == "arrived 09:58 (2 min early)"
    assert show(ria, ShowVisit(code=visit.code)).arrived == "09:58 (2 min early)"


def test_one_card_says_what_to_know(ria: Desk, mo: Desk) -> None:
    unpaid = booked(ria, JANE, march(9, 9), (BLOW_DRY, ANNA))
    finish(ria, StepVisit(appointment_id=unpaid.appointment_id))
    add_alert(ria, AddAlert(customer_id=JANE, words="asks for quiet"))
    allergy = add_alert(ria, AddAlert(customer_id=JANE, words="ammonia", kind="allergy"))
    _born(mo, JANE, dt.date(1990, 3, 12))
    visit = booked(ria, JANE, march(9, 11))
    card = arrival_card(ria, ArrivalOf(appointment_id=visit.appointment_id))
    assert card.customer == "Jane Doe"
    assert [line.words for line in card.lines] == [
        "ALLERGY: ammonia", "asks for quiet", "owes 30.00", "birthday Thursday",
    ]  # fmt: skip
    assert [line.is_private for line in card.lines] == [True, True, True, False]
    end_alert(ria, EndAlert(alert_id=allergy.id))
    assert [alert.words for alert in list_alerts(ria, ListAlerts(customer_id=JANE)).alerts] == ["asks for quiet"]
    assert "ALLERGY" not in str(arrival_card(ria, ArrivalOf(appointment_id=visit.appointment_id)))


def _born(desk: Desk, customer: int, day: dt.date) -> None:
    with transaction(desk, uuid4()) as session:
        session.execute(text("UPDATE customers SET date_of_birth = :day WHERE id = :id"), {"day": day, "id": customer})


def test_a_first_visit_without_a_telephone_number(ria: Desk) -> None:
    visit = booked(ria, KIM, march(9, 11))
    card = arrival_card(ria, ArrivalOf(appointment_id=visit.appointment_id))
    assert [line.kind for line in card.lines] == ["new", "telephone"]


def test_a_guest_without_a_card_has_nothing_on_it(ria: Desk) -> None:
    visit = booked(ria, None, march(9, 11))
    assert arrival_card(ria, ArrivalOf(appointment_id=visit.appointment_id)).lines == ()


def test_who_has_read_it_is_kept_without_its_words(ria: Desk) -> None:
    alert = add_alert(ria, AddAlert(customer_id=JANE, words="ammonia", kind="allergy"))
    visit = booked(ria, JANE, march(9, 11))
    seen = dismiss_card(
        ria, DismissCard(appointment_id=visit.appointment_id, alert_ids=(alert.id,), kinds=("birthday",))
    )
    assert seen.seen_by == "Ria"
    with transaction(ria) as session:
        row = session.execute(text("SELECT c.*, u.name FROM arrival_cards c JOIN users u ON u.id = c.seen_by")).one()
    assert (row.appointment_id, row.alerts, row.kinds, row.name) == (
        visit.appointment_id, [alert.id], ["birthday"], "Ria",
    )  # fmt: skip


def test_an_alert_says_something_about_somebody(ria: Desk) -> None:
    with pytest.raises(errors.BadInput, match="a word or two"):
        add_alert(ria, AddAlert(customer_id=JANE, words=" \t"))
    with pytest.raises(errors.NotFound):
        add_alert(ria, AddAlert(customer_id=999, words="ammonia"))
    with pytest.raises(errors.NotFound):
        arrival_card(ria, ArrivalOf(appointment_id=999))
