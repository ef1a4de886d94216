"""Who waits, typed on the line: the waitlist, the queue, and the gaps that somebody could fill (features N1, N19)."""

from __future__ import annotations

import datetime as dt

from frontdesk.desk import Desk
from frontdesk.services.book.booking import book
from frontdesk.services.phrases.line_wishes import BookFromList, BookVisit, Join, WaitFor
from frontdesk.services.phrases.phrases import ReadPhrase, Understood, read_phrase
from frontdesk.services.waiting.waitlist import ListWaiting, add_to_waitlist, book_from_waitlist, list_waiting
from frontdesk.services.waiting.walk_ins import join_queue
from tests.services.desks import ANNA, BLOW_DRY, BO, CUT, JANE, KIM, booked, march


def _read(desk: Desk, text: str) -> Understood:
    return read_phrase(desk, ReadPhrase(text=text))


def _wait(desk: Desk, text: str) -> None:
    wish = _read(desk, text).wish
    assert isinstance(wish, WaitFor)
    add_to_waitlist(desk, wish.request)


def test_somebody_is_put_on_the_waitlist(ria: Desk) -> None:
    understood = _read(ria, "wait jane cut this week pm anna")
    assert understood.preview == "Jane Doe 0123 waits for Cut with Anna, Mon 9 Mar to Sun 15 Mar, from 12:00"
    _wait(ria, "wait jane cut this week pm anna")
    (waiting,) = list_waiting(ria, ListWaiting()).waiting
    assert (waiting.what, waiting.stylist, waiting.first_day) == ("Cut", "Anna", dt.date(2026, 3, 9))


def test_a_walk_in_needs_a_name_and_a_service_at_most(ria: Desk) -> None:
    understood = _read(ria, "queue kim cut")
    assert understood.preview == "Kim Lee waits for a turn: Cut"
    assert isinstance(understood.wish, Join)
    assert join_queue(ria, understood.wish.request).customer == "Kim Lee"
    assert _read(ria, "queue zorro cut bo").preview == "Zorro (no card) waits for a turn: Cut with Bo"
    nobody = _read(ria, "queue cut").wish
    assert isinstance(nobody, Join)
    assert join_queue(ria, nobody.request).service == "Cut"


def test_gaps_are_answers_that_book_whoever_waits(ria: Desk) -> None:
    booked(ria, KIM, march(10, 9, 45), (CUT, ANNA))
    _wait(ria, "wait jane cut tue anna")
    question = _read(ria, "gaps tue anna").question
    assert question is not None
    assert question.text.startswith("2 gaps on Tue 10 Mar")
    label, line = question.options[0]
    assert "Jane Doe" in label
    assert "on the waitlist" in label
    understood = _read(ria, line)
    assert understood.preview == "Tue 10 Mar 09:00  Jane Doe 0123  Cut  Anna   from the waitlist"
    assert isinstance(understood.wish, BookFromList)
    assert book_from_waitlist(ria, understood.wish.request).starts_at == march(10, 9)
    assert list_waiting(ria, ListWaiting()).waiting == ()
    assert _read(ria, line).question is not None


def test_a_gap_for_nobody_waits_for_a_name(ria: Desk) -> None:
    booked(ria, JANE, march(10, 10), (BLOW_DRY, BO))
    question = _read(ria, "gaps tue anna").question
    assert question is not None
    _, line = question.options[0]
    wish = _read(ria, f"kim cut {line}").wish
    assert isinstance(wish, BookVisit)
    assert book(ria, wish.request).lines[0].stylist == "Anna"
