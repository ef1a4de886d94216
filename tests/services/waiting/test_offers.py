"""A time offered to somebody who waits: held, counted down, taken or lapsed, then the next name (features BK21)."""

from __future__ import annotations

from uuid import uuid4

import psycopg
import pytest

from frontdesk import errors
from frontdesk.clock import SetClock
from frontdesk.db.server import Handle
from frontdesk.desk import Desk
from frontdesk.services.book.holds import HoldTime, hold_time
from frontdesk.services.book.visits import ShowVisit, show
from frontdesk.services.shop.shop_rules import EditShopRules, edit_shop_rules
from frontdesk.services.undo.undo import UndoLast, undo_last
from frontdesk.services.waiting.offers import (
    AnswerOffer,
    ListOffers,
    Offer,
    OfferTime,
    decline_offer,
    list_offers,
    offer_time,
    take_offer,
    withdraw_offer,
)
from frontdesk.services.waiting.waitlist import (
    BookWaiting,
    LeaveWaitlist,
    ListWaiting,
    book_from_waitlist,
    leave_waitlist,
    list_waiting,
)
from tests.services.book.test_races import _at_once, _desks, _overlaps
from tests.services.desks import ANNA, BO, COLOUR, CUT, JANE, KIM, OLA, booked, march
from tests.services.waiting.test_waitlist import waits

THREE = march(10, 15)


def _offered(desk: Desk, entry: int, stylist: int | None = ANNA) -> Offer:
    return offer_time(desk, OfferTime(entry_id=entry, starts_at=THREE, stylist_id=stylist))


def test_an_offered_time_is_held_for_the_shops_minutes_and_nobody_else_can_book_it(
    ria: Desk, mo: Desk, ada: Desk, clock: SetClock
) -> None:
    edit_shop_rules(ada, EditShopRules(offer_minutes=7))
    kim, ola = waits(ria, KIM), waits(ria, OLA)
    offer = _offered(ria, kim.id)
    assert (offer.customer, offer.stylist, offer.until, offer.seconds_left) == ("Kim Lee", "Anna", march(9, 9, 7), 420)
    with pytest.raises(errors.SlotTaken, match="Kim Lee"):
        booked(mo, JANE, march(10, 15, 15))
    with pytest.raises(errors.OfferTaken, match="Free for them next: Tue 10 Mar 09:00 with Anna"):
        _offered(mo, ola.id)
    with pytest.raises(errors.AlreadyOffered, match="Kim Lee is being offered Tue 10 Mar 15:00 until 09:07"):
        _offered(mo, kim.id, BO)
    kept = hold_time(mo, HoldTime(stylist_id=ANNA, starts_at=THREE, minutes=45, hold_key=uuid4()))
    assert (kept.held, kept.in_the_way) == (False, "15:00–15:45 is held for Kim Lee")
    clock.set(march(9, 9, 5))
    (open_one,) = list_offers(mo, ListOffers()).offers
    assert (open_one.is_open, open_one.seconds_left, open_one.next) == (True, 120, None)
    (listed, _) = list_waiting(mo, ListWaiting()).waiting
    assert (listed.offer_id, listed.offered_at, listed.offered_with) == (offer.id, THREE, "Anna")


def test_a_taken_offer_becomes_the_visit_and_waits_again_when_it_is_taken_back(ria: Desk, mo: Desk) -> None:
    entry = waits(ria, KIM)
    offer = _offered(ria, entry.id)
    visit = take_offer(mo, AnswerOffer(offer_id=offer.id))
    assert (visit.starts_at, visit.lines[0].stylist) == (THREE, "Anna")
    assert show(ria, ShowVisit(appointment_id=visit.appointment_id)).customer == "Kim Lee"
    assert list_offers(ria, ListOffers()).offers == ()
    assert list_waiting(ria, ListWaiting()).waiting == ()
    with pytest.raises(errors.OfferAnswered, match="was taken already"):
        take_offer(ria, AnswerOffer(offer_id=offer.id))
    undo_last(mo, UndoLast())
    (again,) = list_waiting(ria, ListWaiting()).waiting
    assert (again.id, again.offer_id) == (entry.id, None)
    assert _offered(ria, entry.id).is_open


def test_an_offer_lapses_by_itself_and_the_next_name_is_shown(ria: Desk, mo: Desk, clock: SetClock) -> None:
    kim, ola = waits(ria, KIM), waits(ria, OLA)
    waits(ria, JANE, COLOUR)
    offer = _offered(ria, kim.id)
    clock.set(march(9, 9, 10))
    (lapsed,) = list_offers(mo, ListOffers()).offers
    assert (lapsed.id, lapsed.is_open, lapsed.seconds_left) == (offer.id, False, 0)
    assert lapsed.next is not None
    assert (lapsed.next.customer, lapsed.next.entry_id) == ("Ola Berg", ola.id)
    assert next(one for one in list_waiting(mo, ListWaiting()).waiting if one.id == kim.id).offer_lapsed
    with pytest.raises(errors.OfferLapsed) as late:
        take_offer(mo, AnswerOffer(offer_id=offer.id))
    assert late.value.sentence == (
        "The offer of Tue 10 Mar 15:00 to Kim Lee lapsed at 09:10. It is still free: book it from the list, or offer it"
        " again."
    )
    booked(mo, JANE, THREE)
    with pytest.raises(errors.OfferLapsed, match="It is gone. Free for them next: Tue 10 Mar 09:00 with Anna."):
        take_offer(mo, AnswerOffer(offer_id=offer.id))
    assert list_offers(mo, ListOffers()).offers == ()


def test_who_declines_is_not_asked_again_and_the_next_is_named(ria: Desk) -> None:
    kim, ola = waits(ria, KIM), waits(ria, OLA)
    answered = decline_offer(ria, AnswerOffer(offer_id=_offered(ria, kim.id).id))
    assert answered.next is not None
    assert answered.next.customer == "Ola Berg"
    answered = withdraw_offer(ria, AnswerOffer(offer_id=_offered(ria, ola.id).id))
    assert answered.next is None
    booked(ria, JANE, THREE)


def test_a_colour_is_offered_around_the_cut_that_sits_in_its_processing(ria: Desk) -> None:
    booked(ria, JANE, march(10, 15, 30), (CUT, ANNA))
    entry = waits(ria, KIM, COLOUR)
    offer = _offered(ria, entry.id)
    assert take_offer(ria, AnswerOffer(offer_id=offer.id)).starts_at == THREE


def test_whoever_leaves_the_list_lets_the_held_time_go(ria: Desk) -> None:
    entry = waits(ria, KIM)
    offer = _offered(ria, entry.id)
    leave_waitlist(ria, LeaveWaitlist(entry_id=entry.id, reason="Found a place elsewhere"))
    booked(ria, JANE, THREE)
    with pytest.raises(errors.OfferAnswered, match="was withdrawn already"):
        take_offer(ria, AnswerOffer(offer_id=offer.id))


def test_what_can_not_be_offered_is_refused_with_what_could(ria: Desk, clock: SetClock) -> None:
    entry = waits(ria, KIM)
    clock.set(march(10, 15, 0))
    with pytest.raises(errors.InThePast):
        _offered(ria, entry.id)
    with pytest.raises(errors.OfferTaken, match="nobody who could do it is free then"):
        offer_time(ria, OfferTime(entry_id=entry.id, starts_at=march(10, 19)))
    with pytest.raises(errors.NotFound):
        take_offer(ria, AnswerOffer(offer_id=99))


def test_of_many_desks_that_offer_or_book_one_freed_time_one_wins(server: Handle, committed: str) -> None:
    with _desks(server, committed) as new_desk:
        entries = [waits(new_desk(), None, CUT, guest_name=f"Guest {n}").id for n in range(12)]
        desks = [new_desk() for _ in entries]

        def want(number: int) -> str:
            try:
                if number % 2:
                    offer_time(desks[number], OfferTime(entry_id=entries[number], starts_at=THREE, stylist_id=ANNA))
                else:
                    wish = BookWaiting(entry_id=entries[number], starts_at=THREE, stylist_id=ANNA)
                    book_from_waitlist(desks[number], wish)
            except errors.SlotTaken:
                return "taken"
            return "mine"

        assert _at_once(want, len(entries)) == {"mine": 1, "taken": len(entries) - 1}
    with psycopg.connect(server.conninfo(committed)) as connection:
        assert _overlaps(connection) == 0


def test_one_who_waits_is_booked_by_one_desk_only(server: Handle, committed: str) -> None:
    with _desks(server, committed) as new_desk:
        entry = waits(new_desk(), KIM, CUT).id
        desks = [new_desk() for _ in range(6)]

        def want(number: int) -> str:
            try:
                book_from_waitlist(desks[number], BookWaiting(entry_id=entry, starts_at=march(10, 9 + number)))
            except errors.NotWaiting:
                return "booked elsewhere"
            return "booked"

        assert _at_once(want, 6) == {"booked": 1, "booked elsewhere": 5}
