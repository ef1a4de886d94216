"""A series of a hundred and four dates against one of a single date: all its visits are asked and written at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import partial
from itertools import product

from frontdesk.desk import Desk
from frontdesk.services.placing.booking_wishes import BookLine
from frontdesk.services.series.series import BookSeries, book_series
from tests.benchmarks.figures import Figure, beside, median, ratio, timed
from tests.benchmarks.full_book import WITH_TWENTY, fill_book
from tests.benchmarks.loading import NOW
from tests.benchmarks.openings import openings
from tests.benchmarks.scratch import Scratch, desk

DATES = 104
ROUNDS = 6
"""Each lays out two years of somebody's strip."""


def figures(scratch: Scratch) -> Iterator[Figure]:
    """The long and the short in turns, each on hours of its own beyond what is laid out."""
    with scratch.copied(scratch.database("book", fill_book), "series") as book:
        engine = scratch.engine(book)
        at = desk(engine)
        with scratch.owner(book) as owner:
            stylists = sorted({opening.stylist_id for opening, _ in zip(openings(at, owner), range(200), strict=False)})
        hours = product(stylists, (10, 14, 15))
        long: list[float] = []
        short: list[float] = []
        for turn in range(ROUNDS + 1):
            seconds = [timed(partial(_book, at, count, *next(hours))) for count in (DATES, 1)]
            if turn:  # by then statements are prepared
                long.append(seconds[0])
                short.append(seconds[1])
        engine.dispose()
    yield ratio(f"series: {DATES} dates, to one", median(long), median(short), 20)
    yield beside("series: the quickest", min(long))


def _book(at: Desk, count: int, stylist_id: int, hour: int) -> object:
    first = dt.datetime.combine(NOW.date() + dt.timedelta(days=400), dt.time(hour))
    first += dt.timedelta(days=-first.weekday() + 1)  # a Tuesday
    line = BookLine(service_id=WITH_TWENTY, stylist_id=stylist_id)
    return book_series(
        at,
        BookSeries(customer_id=None, guest_name="Zoe", lines=(line,), first=first, every=1, unit="week", count=count),
    )
