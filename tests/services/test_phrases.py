"""The type-to-book line against the book: BK3 and the questions it asks."""

from __future__ import annotations

import datetime as dt

import pytest

from frontdesk.clock import SetClock, TimeSkipped
from frontdesk.desk import Desk
from frontdesk.services.booking import book
from frontdesk.services.customers import AddCustomer, EditCustomer, add_customer, edit_customer
from frontdesk.services.phrases import ReadPhrase, Understood, read_phrase
from tests.services.desks import ANNA, BO, CUT, JANE, KIM, booked, march


def _read(desk: Desk, text: str) -> Understood:
    return read_phrase(desk, ReadPhrase(text=text))


def test_twenty_three_keys_book_a_visit(ria: Desk) -> None:
    understood = _read(ria, "jane cut tue 3pm anna")
    assert understood.preview == "Tue 10 Mar 15:00–15:45  Jane Doe 0123  Cut  Anna  50.00"
    assert understood.request is not None
    visit = book(ria, understood.request)
    assert (visit.starts_at, visit.lines[0].stylist) == (march(10, 15), "Anna")


@pytest.mark.parametrize(
    "line",
    ["anna tue jane 3pm cut", "tue 15:00 cut with anna jane doe", "cut 0123 anna 10/3 3pm", "jane cut tue 15h ann"],
)
def test_words_come_in_any_order(ria: Desk, line: str) -> None:
    assert _read(ria, line).preview.startswith("Tue 10 Mar 15:00–15:45  Jane Doe")


def test_two_janes_are_one_question_whose_answer_books(ria: Desk) -> None:
    add_customer(ria, AddCustomer(first_name="Jane", last_name="Dorn", phone="+447700909981"))
    asked = _read(ria, "jane cut tue 3pm anna").question
    assert asked is not None
    assert asked.text == "Which jane?"
    assert [label for label, _ in asked.options] == ["Jane Doe 0123, new", "Jane Dorn 9981, new"]
    assert _read(ria, asked.options[1][1]).customer == "Jane Dorn"


@pytest.mark.parametrize(
    ("line", "question"),
    [
        ("cut tue 3pm with anna", "Who is it for? Type a name, or the end of a telephone number."),
        ("zorro cut tue 3pm anna", "Nobody is called zorro. Add them first, or type another name."),
        ("jane tue 3pm anna", "Which service?"),
        ("jane cut tue anna", "At what time?"),
    ],
)
def test_what_is_missing_is_asked(ria: Desk, line: str, question: str) -> None:
    understood = _read(ria, line)
    assert understood.question is not None
    assert understood.question.text == question
    assert understood.request is None


def test_every_answer_to_a_question_is_a_line_that_books(ria: Desk) -> None:
    asked = _read(ria, "jane cut tue anna").question
    assert asked is not None
    assert asked.options[0][0].startswith("Tue 10 Mar 09:00 with Anna")
    for _, line in asked.options:
        understood = _read(ria, line)
        assert understood.request is not None
        assert understood.warning is None


def test_next_takes_the_first_free_time(ria: Desk) -> None:
    booked(ria, KIM, march(9, 9), (CUT, ANNA))
    assert _read(ria, "jane cut next").starts_at == march(9, 9, 45)


def test_a_preferred_stylist_is_meant_when_nobody_is_named(ria: Desk) -> None:
    edit_customer(
        ria,
        EditCustomer(
            customer_id=JANE, version=1, first_name="Jane", last_name="Doe", phone="+447700900123",
            preferred_stylist_id=BO,
        ),
    )  # fmt: skip
    assert _read(ria, "jane cut tue 3pm").stylist == "Bo"


def test_a_taken_time_is_said_before_enter_is_pressed(ria: Desk) -> None:
    booked(ria, KIM, march(10, 15))
    warning = _read(ria, "jane cut tue 3pm anna").warning
    assert warning is not None
    assert warning.startswith("Anna is taken 15:00–15:45 by Kim Lee")


def test_a_time_that_does_not_exist_is_refused(ria: Desk, clock: SetClock) -> None:
    clock.set(dt.datetime(2026, 3, 27, 9, tzinfo=dt.UTC))
    with pytest.raises(TimeSkipped, match="clocks go forward"):
        _read(ria, "jane cut 29/3 1:30am anna")


def test_two_services_are_one_visit(ria: Desk) -> None:
    understood = _read(ria, "jane cut+blow-dry tue 10 anna")
    assert understood.services == ("Cut", "Blow-dry")
    assert (understood.ends_at, str(understood.price)) == (march(10, 11, 15), "80.00")
