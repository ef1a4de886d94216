"""The dates of a series as they were decided on: what the rule says, and what was picked instead.

Private to the services of series.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from frontdesk.clock import local
from frontdesk.errors import BadInput
from frontdesk.rules.recurrence import MOST, Coming, Recurrence, Unit, coming
from frontdesk.services.placing.placing import whole_minute
from frontdesk.services.series.series_wishes import SeriesPick, SeriesWish
from frontdesk.services.use_case import Work
from frontdesk.services.wording import day_words
from frontdesk.text import clean


def rule_of(wish: SeriesWish, zone: str) -> Recurrence:
    """The rule that is wished for. Raises BadInput for one without an end, or one that can't be."""
    if wish.count is None:
        raise BadInput(f"A series needs an end. Say how many times, from 1 to {MOST}: x8, for example.", field="count")
    if not 1 <= wish.count <= MOST:
        raise BadInput(f"A series has from 1 to {MOST} dates. Type x8, for example.", field="count")
    if not 1 <= wish.every <= 366:
        raise BadInput("Say how often: every week, every 6 weeks, every month.", field="every")
    if wish.unit not in list(Unit):
        raise BadInput(f"It can't come every {clean(wish.unit)!r}. Say day, week or month.", field="unit")
    first = wish.first if wish.first.tzinfo is None else local(wish.first, zone).replace(tzinfo=None)
    return Recurrence(first.replace(second=0, microsecond=0), wish.every, Unit(wish.unit), wish.count)


@dataclass(frozen=True)
class Chosen:
    """One date with what was decided about it."""

    coming: Coming
    pick: SeriesPick | None

    @property
    def number(self) -> int:
        """Which of them."""
        return self.coming.number

    @property
    def is_skipped(self) -> bool:
        """Left out on purpose."""
        return self.pick is not None and self.pick.starts_at is None and self.pick.stylist_id is None

    @property
    def starts_at(self) -> dt.datetime | None:
        """When it shall be; None of one that is skipped, or that no clock shows."""
        if self.pick is not None and self.pick.starts_at is not None:
            return whole_minute(self.pick.starts_at)
        return None if self.is_skipped or not self.coming.instants else self.coming.instants[0]

    @property
    def is_undecided(self) -> bool:
        """Whether the clocks show it twice and nobody has said which."""
        return self.coming.is_repeated and (self.pick is None or self.pick.starts_at is None) and not self.is_skipped


def chosen_dates(wish: SeriesWish, zone: str) -> list[Chosen]:
    """Every date of the rule with what was picked for it. Raises BadInput."""
    rule = rule_of(wish, zone)
    picks = {pick.number: pick for pick in wish.picks}
    if stray := sorted(number for number in picks if not 1 <= number <= rule.count):
        raise BadInput(f"The series has no date {stray[0]}: it has {rule.count}.", field="picks")
    return [Chosen(one, picks.get(one.number)) for one in coming(rule, zone)]


def date_said(work: Work, number: int, starts_at: dt.datetime) -> str:
    """`3 (Tue 2 Jun 10:00)`, for a sentence about one date of many."""
    at = local(starts_at, work.shop.timezone)
    return f"{number} ({day_words(at.date())} {at:%H:%M})"
