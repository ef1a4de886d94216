"""Times for a visit of two services with two stylists, and why each is good: against the plain search for an hour.

Both read the same strips in one statement each. The figure is what they read and think; the whole use-cases, with
their transactions and the catalogue, are shown beside it.
"""

from __future__ import annotations

from collections.abc import Iterator

from frontdesk.db.transactions import transaction
from frontdesk.rules.hours import DAY
from frontdesk.services.placing.availability import FindFree, find_free, free_starts
from frontdesk.services.placing.candidates import wanted
from frontdesk.services.search.visit_search import FindVisit, Search, VisitOffer, WantedLine, find_visit
from frontdesk.services.use_case import Work
from tests.benchmarks.figures import Figure, beside, interleaved, ratio
from tests.benchmarks.full_book import BLOW_DRY, COLOUR, WITH_TWENTY, fill_book
from tests.benchmarks.scratch import Scratch, desk

_DAYS = 14


def figures(scratch: Scratch) -> Iterator[Figure]:
    """The ten best times for a colour and a blow-dry, with any of twenty stylists, in two weeks."""
    book = scratch.database("book", fill_book)
    with scratch.owner(book) as owner:
        owner.execute("VACUUM (ANALYZE) time_slots")
    at = desk(scratch.engine(book))
    wish = FindVisit(lines=(WantedLine(service_id=COLOUR), WantedLine(service_id=BLOW_DRY)), days=_DAYS)
    with transaction(at) as session:
        work = Work(at, session)
        (need,) = wanted(session, at.shop.id, [WITH_TWENTY])
        search = Search.of(work, wish.lines)
        windows = search.windows(at.today, at.today + DAY * _DAYS, wish)

        def best_ten() -> list[VisitOffer]:
            return search.offers(windows, 10)

        def plain_hour() -> object:
            return free_starts(work, need, need.stylists, at.today, at.today + DAY * _DAYS)

        def whole_visit() -> object:
            return find_visit(at, wish)

        def whole_hour() -> object:
            return find_free(at, FindFree(service_id=WITH_TWENTY, days=_DAYS, limit=0))

        ten = best_ten()
        assert len(ten) == 10
        assert all(offer.reasons for offer in ten)
        taken = interleaved(scratch.size.rounds, best_ten, plain_hour, whole_visit, whole_hour)
    us, hour, visit, search_hour = map(min, taken)
    note = f"{hour * 1000:.3g} ms"
    yield ratio("visits: colour and blow-dry, 20 stylists, 14 days: to an hour's", us, hour, 10)
    yield beside("visits: the same, the whole use-case", visit, f"an hour's takes {search_hour * 1000:.3g} ms; {note}")
