"""Verbs typed on the line, against the book: which visit, where to, or one question (features N1)."""

from __future__ import annotations

import datetime as dt

import pytest

from frontdesk.desk import Desk
from frontdesk.services.book.booking import book, move
from frontdesk.services.book.swapping import swap
from frontdesk.services.customers.customers import AddCustomer, add_customer
from frontdesk.services.phrases.line_wishes import BlockStylist, CancelVisit, GoDay, MoveVisit, SwapTwo, TakeBack
from frontdesk.services.phrases.phrases import ReadPhrase, Understood, read_phrase
from frontdesk.services.team.shop_hours import block_time
from tests.services.desks import ANNA, BLOW_DRY, BO, CUT, JANE, KIM, booked, march


def _read(desk: Desk, text: str) -> Understood:
    return read_phrase(desk, ReadPhrase(text=text))


def test_a_visit_is_moved_by_its_customers_name(ria: Desk) -> None:
    booked(ria, JANE, march(10, 15))
    understood = _read(ria, "move jane 4pm bo")
    assert understood.preview == ("Move Jane Doe 0123, Cut, Tue 10 Mar 15:00 with Anna → Tue 10 Mar 16:00 with Bo")
    assert isinstance(understood.wish, MoveVisit)
    assert move(ria, understood.wish.request).lines[0].stylist == "Bo"


def test_several_visits_are_one_question_whose_answers_lead_on(ria: Desk) -> None:
    booked(ria, JANE, march(10, 15))
    booked(ria, JANE, march(12, 15))
    question = _read(ria, "move jane 4pm").question
    assert question is not None
    assert question.text == "Which visit of Jane Doe?"
    previews = [_read(ria, line).preview for _, line in question.options]
    assert [preview.split("→")[1].strip() for preview in previews] == [
        "Tue 10 Mar 16:00 with Anna", "Thu 12 Mar 16:00 with Anna",
    ]  # fmt: skip
    assert "→ Fri 13 Mar 15:00" in _read(ria, "move jane thu to fri").preview


def test_of_two_called_so_the_one_who_has_such_a_visit_is_meant(ria: Desk) -> None:
    other = add_customer(ria, AddCustomer(first_name="Jane", last_name="Dorn")).id
    booked(ria, JANE, march(10, 15))
    assert _read(ria, "move jane 4pm").preview.startswith("Move Jane Doe 0123, Cut, Tue 10 Mar 15:00")
    booked(ria, other, march(12, 15))
    question = _read(ria, "move jane 4pm").question
    assert question is not None
    assert question.text == "Which visit of jane?"
    assert [label.split(",")[0] for label, _ in question.options] == ["Jane Doe 0123", "Jane Dorn"]
    assert _read(ria, "move jane thu to fri").preview.startswith("Move Jane Dorn")
    assert _read(ria, "cancel jane sat").question.text == "Which jane?"  # type: ignore[union-attr]


def test_next_finds_a_visit_another_time(ria: Desk) -> None:
    booked(ria, JANE, march(10, 15))
    question = _read(ria, "move jane wed pm").question
    assert question is not None
    for _, line in question.options:
        assert isinstance(_read(ria, line).wish, MoveVisit)


@pytest.mark.parametrize(("line", "sentence"), [
    ("move kim 4pm", "Kim Lee has no visit to come. Type b, or a line, to book one."),
    ("move zorro 4pm", "Nobody is called zorro. Type another name."),
    ("cancel jane fri", "Jane Doe has no such visit. Which one is meant?"),
    ("move jane 3pm", "Jane Doe 0123, Cut, Tue 10 Mar 15:00 with Anna: that is where it is."
     " Type another time, day or stylist."),
    ("swap jane, jane", "Jane Doe 0123, Cut, Tue 10 Mar 15:00 with Anna: that is one visit. Type the names of two."),
])  # fmt: skip
def test_a_visit_that_is_not_there_is_said(ria: Desk, line: str, sentence: str) -> None:
    booked(ria, JANE, march(10, 15))
    question = _read(ria, line).question
    assert question is not None
    assert question.text == sentence


def test_a_guest_is_found_by_the_name_they_gave(ria: Desk) -> None:
    wish = read_phrase(ria, ReadPhrase(text="zorro cut tue 3pm anna", as_guest=True)).request
    assert wish is not None
    book(ria, wish)
    assert _read(ria, "cancel zorro").preview == "Cancel Zorro, Cut, Tue 10 Mar 15:00 with Anna"


def test_a_visit_or_a_line_of_it_is_cancelled(ria: Desk) -> None:
    visit = booked(ria, JANE, march(10, 15), (CUT, ANNA), (BLOW_DRY, BO))
    whole, part = _read(ria, "cancel jane").wish, _read(ria, "cancel jane blowdry tue").wish
    assert isinstance(whole, CancelVisit)
    assert isinstance(part, CancelVisit)
    assert (whole.appointment_id, whole.line_ids) == (visit.appointment_id, ())
    assert part.line_ids == (visit.lines[1].line_id,)


def test_two_visits_change_places(ria: Desk) -> None:
    booked(ria, JANE, march(10, 15))
    booked(ria, KIM, march(10, 16), (CUT, BO))
    wish = _read(ria, "swap jane kim").wish
    assert isinstance(wish, SwapTwo)
    assert [visit.starts_at for visit in swap(ria, wish.request).visits] == [march(10, 16), march(10, 15)]


def test_free_times_are_answers_that_book_once_a_name_is_added(ria: Desk) -> None:
    question = _read(ria, "free colour this week").question
    assert question is not None
    assert question.text == "Free for Colour from Mon 9 Mar to Sun 15 Mar:"
    for _, line in question.options:
        assert _read(ria, f"jane {line}").warning is None


def test_time_is_kept_free(ria: Desk) -> None:
    understood = _read(ria, "block anna tue 13:00 lunch 30m")
    assert understood.preview == "Keep Anna free Tue 10 Mar 13:00–13:30: lunch"
    assert isinstance(understood.wish, BlockStylist)
    block_time(ria, understood.wish.request)
    assert _read(ria, "jane cut tue 13:15 anna").warning is not None


def test_days_and_undo_are_wishes(ria: Desk) -> None:
    assert _read(ria, "go next tue").wish == GoDay(dt.date(2026, 3, 17))
    assert (_read(ria, "undo").wish, _read(ria, "redo").wish) == (TakeBack(), TakeBack(again=True))
