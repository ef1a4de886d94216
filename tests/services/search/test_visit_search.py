"""Times for a visit of several services: which are offered, in which order, and why."""

from __future__ import annotations

import datetime as dt

from frontdesk.desk import Desk
from frontdesk.services.book.booking import BookAppointment, BookLine, book
from frontdesk.services.search.visit_search import FindVisit, VisitOffer, WantedLine, find_visit
from tests.services.desks import ANNA, BLOW_DRY, BO, COLOUR, CUT, JANE, KIM, MASSAGE, OLA, booked, march

TUESDAY = dt.date(2026, 3, 10)


def offers(desk: Desk, *lines: tuple[int, int | None], limit: int = 10, **more: object) -> tuple[VisitOffer, ...]:
    wish = FindVisit(
        lines=tuple(WantedLine(service_id=s, stylist_id=p) for s, p in lines),
        first_day=TUESDAY, days=1, limit=limit, **more,  # type: ignore[arg-type]
    )  # fmt: skip
    return find_visit(desk, wish).offers


def test_the_time_that_fills_a_hole_is_offered_first_and_says_so(ria: Desk) -> None:
    booked(ria, KIM, march(10, 13, 45), (CUT, ANNA))
    booked(ria, OLA, march(10, 12, 30), (BLOW_DRY, ANNA))
    first = offers(ria, (CUT, ANNA))[0]
    assert first.starts_at == march(10, 13)
    assert first.reasons[0] == "fills a 45 min gap"
    assert first.score == 100


def test_colour_and_a_blow_dry_by_somebody_else_are_one_offer(ria: Desk) -> None:
    best = offers(ria, (COLOUR, ANNA), (BLOW_DRY, BO))[0]
    colour, dry = best.lines
    assert (colour.stylist, dry.stylist) == ("Anna", "Bo")
    assert dry.starts_at == colour.ends_at
    assert best.price == colour.price + dry.price == 150
    lines = (BookLine(service_id=COLOUR, stylist_id=ANNA), BookLine(service_id=BLOW_DRY, stylist_id=BO))
    assert book(ria, BookAppointment(customer_id=JANE, starts_at=best.starts_at, lines=lines)).ends_at == best.ends_at


def test_soonest_is_in_the_order_of_time(ria: Desk) -> None:
    times = [offer.starts_at for offer in offers(ria, (CUT, None), sort="soonest", limit=3)]
    assert times == [march(10, 9), march(10, 9, 15), march(10, 9, 30)]


def test_a_massage_after_a_massage_waits_for_the_room(ria: Desk) -> None:
    two = offers(ria, (MASSAGE, ANNA), (MASSAGE, BO), sort="soonest")[0]
    assert two.starts_at == march(10, 9)
    assert two.lines[1].starts_at == march(10, 10, 15)
