"""What is drawn of those who wait, whatever they are called."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from frontdesk.desk import Shop
from frontdesk.screens.waiting import drawing
from frontdesk.services.waiting.offers import Offer
from frontdesk.services.waiting.queueing import TakesTurns
from frontdesk.services.waiting.turns import Skipped
from frontdesk.services.waiting.waitlist import Waiting
from frontdesk.services.waiting.walk_ins import QueueWish
from tests.services.desks import march
from tests.widgets.hostile import flood, leaked

SHOP = Shop(1, "Vale Street", "Europe/London", "GBP", "en_GB", "GB", 15, "line")
NOW, TUESDAY = march(9, 9), dt.date(2026, 3, 10)


def _waiting(text: str = "Kim Lee") -> Waiting:
    return Waiting(
        id=1, customer_id=2, customer=text, phone=text, what=text, service_ids=(1,), stylist_id=1, stylist=text,
        session_id=None, session_starts_at=None, seats_left=None, first_day=TUESDAY, last_day=TUESDAY,
        weekdays=(1, 2, 3, 4, 5, 6, 7), opens=0, closes=1440, note=text, since=march(9, 8), waits_minutes=60,
        fits_at=march(10, 15), fits_until=march(10, 15, 45), fits_with=text, fits_stylist_id=1,
    )  # fmt: skip


def test_nothing_that_people_typed_steers_the_terminal() -> None:
    for number, text in enumerate(flood(2000)):
        one = _waiting(text)
        offer = Offer(1, 1, text, text, text, 1, text, march(10, 15), march(10, 16), march(9, 8), False, 0)
        takers = [TakesTurns(1, text, Decimal(1), 1, None, False, None)]
        skipped = [Skipped(NOW, text, text, text)]
        wide = bool(number % 2)
        for drawn in (
            drawing.waiting_about(one, [offer], NOW, SHOP, private=False, wide=wide),
            drawing.turn_words(takers, skipped, SHOP, wide=wide),
        ):
            assert not any(leaked(line) for line in drawn.plain.split("\n"))


def test_a_customer_who_looks_reads_no_telephone_and_no_note() -> None:
    said = drawing.waiting_about(_waiting("secret"), (), NOW, SHOP, private=True).plain
    assert said.count(drawing.HIDDEN) == 2


def test_a_wish_says_whether_they_have_a_card() -> None:
    known = QueueWish(customer_id=2, customer="Kim Lee", service_id=1, service="Cut", minutes=45, stylist="Bo")
    assert drawing.wish_words(known) == "Kim Lee:  Cut 45m with Bo   enter puts them in the queue"
    assert drawing.wish_words(QueueWish(customer="Zoe", service="Cut", minutes=45)).startswith("Zoe, without a card:")
    assert drawing.wish_words(QueueWish("Who is it?")) == "Who is it?"
