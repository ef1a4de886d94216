"""A visit's steps typed on the line, and going to one (features N1)."""

from __future__ import annotations

import pytest

from frontdesk.desk import Desk
from frontdesk.services.book import visits
from frontdesk.services.book.visits import StepVisit
from frontdesk.services.phrases.line_wishes import GoVisit, StepOf
from frontdesk.services.phrases.phrases import ReadPhrase, Understood, read_phrase
from tests.services.desks import JANE, booked, march


def _read(desk: Desk, text: str) -> Understood:
    return read_phrase(desk, ReadPhrase(text=text))


@pytest.mark.parametrize(("line", "said"), [
    ("arrive jane", "is here"), ("start jane", "begins"), ("no-show jane", "did not come"), ("pay jane", "pays"),
    ("confirm jane mon", "will come"),
])  # fmt: skip
def test_a_step_is_of_todays_visit(ria: Desk, line: str, said: str) -> None:
    visit = booked(ria, JANE, march(9, 10))
    booked(ria, JANE, march(12, 10))
    understood = _read(ria, line)
    assert understood.preview == f"Jane Doe 0123, Cut, Mon 9 Mar 10:00 with Anna {said}"
    assert isinstance(understood.wish, StepOf)
    assert understood.wish.appointment_id == visit.appointment_id


def test_a_step_needs_a_visit_that_can_take_it(ria: Desk) -> None:
    visit = booked(ria, JANE, march(9, 10))
    visits.arrive(ria, StepVisit(appointment_id=visit.appointment_id))
    question = _read(ria, "arrive jane").question
    assert question is not None
    assert question.text == "Jane Doe has no visit from today on that could be so. Look with: go Jane Doe."
    assert isinstance(_read(ria, "start jane").wish, StepOf)


def test_one_goes_to_somebodys_visit(ria: Desk) -> None:
    booked(ria, JANE, march(9, 10))
    later = booked(ria, JANE, march(12, 10))
    assert _read(ria, "go jane thu").wish == GoVisit(later.appointment_id, march(12, 10))
    question = _read(ria, "go jane").question
    assert question is not None
    assert [_read(ria, line).preview for _, line in question.options] == [
        "Go to Jane Doe 0123, Cut, Mon 9 Mar 10:00 with Anna", "Go to Jane Doe 0123, Cut, Thu 12 Mar 10:00 with Anna",
    ]  # fmt: skip
