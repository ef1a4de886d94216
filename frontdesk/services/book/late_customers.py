"""A customer who comes late: wait for them, do less, change places with somebody, or another time (features BK18)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace

from frontdesk.clock import day_bounds, day_of
from frontdesk.errors import BadInput, WrongStage
from frontdesk.permissions import Deed
from frontdesk.rules.reshuffle import STEP, Displaced, Strips
from frontdesk.rules.states import EXITS, Status
from frontdesk.services.book.actions import LineState, VisitState, laid_out
from frontdesk.services.book.displaced import Card, Question, card_of, cards_on, question
from frontdesk.services.book.proposals import LateWay, LateWays, Step
from frontdesk.services.book.reshaping import minutes_told, shifted_visit, stretched_to, told
from frontdesk.services.book.strokes import NOT_BEGUN
from frontdesk.services.placing import freeing, unfree
from frontdesk.services.placing.availability import lay_out_first
from frontdesk.services.placing.candidates import wanted
from frontdesk.services.use_case import Work, use_case
from frontdesk.services.wording import clock_time


@dataclass(frozen=True, kw_only=True)
class ProposeCustomerLate:
    """Somebody called: they come so much later than agreed."""

    appointment_id: int
    minutes: int


@use_case(Deed.SEE_BOOK, before=lay_out_first)
def propose_customer_late(work: Work, request: ProposeCustomerLate) -> LateWays:
    """What can be done, the least trouble first; `reshuffling.apply_proposal` takes the steps of one way.

    Raises NotFound, BadInput, WrongStage for a visit that has begun or is over.
    """
    if not 0 < request.minutes <= 720:
        raise BadInput("Say how many minutes, from 1 to 720.", field="minutes")
    visit = freeing.visit_to_change(work, request.appointment_id)
    card = card_of(work, visit.id)
    if card is None or any(line.status not in NOT_BEGUN for line in card.lines):
        status = Status(visit.status).words
        raise WrongStage(visit=visit.code, status=status, wish="late", remedy="Look at where it stands.")
    late = _Late(work, card, card.starts_at + dt.timedelta(minutes=request.minutes))
    return LateWays(card.id, card.customer, late.expected_at, tuple(late.ways()))


class _Late:
    """One late customer and what is around them."""

    def __init__(self, work: Work, card: Card, expected_at: dt.datetime) -> None:
        self._work, self._card, self.expected_at = work, card, expected_at
        zone = work.shop.timezone
        self._day = day_bounds(day_of(card.starts_at, zone), zone)
        leads = dict.fromkeys(part.resource_id for line in card.lines for part in line.parts if part.role == "lead")
        later = {
            one.id: one for strip in leads for one in cards_on(work, strip, expected_at, self._day[1])
            if one.id != card.id and not one.has_begun and one.starts_at >= expected_at
        }  # fmt: skip
        self._others = sorted(later.values(), key=lambda one: one.starts_at)
        self._question = question(work, [card, *self._others], self._day)
        rows = freeing.lines_of(work, card.id)
        self._state = VisitState.of(freeing.visit_to_change(work, card.id), rows, laid_out(work, rows))

    def ways(self) -> Iterator[LateWay]:
        """Those that are possible."""
        yield from self._wait()
        yield from self._shrink()
        yield from self._drop()
        yield from self._swap()
        yield from self._rebook()

    def _said(self, instant: dt.datetime) -> str:
        return clock_time(instant, self._work.shop.timezone)

    def _step(self, starts_at: dt.datetime, **more: object) -> Step:
        return Step(appointment_id=self._card.id, version=self._card.version, starts_at=starts_at, **more)  # type: ignore[arg-type]  # fields of Step

    def _mine(self) -> Displaced:
        return self._question.displaced[0]

    def _fits(self, starts_at: dt.datetime, asked: Question | None = None) -> bool:
        asked = asked or self._question
        strips = Strips.of(asked.gaps)
        # What it leaves behind is free for it, also where it leaves a line behind.
        strips.lift(self._mine())
        place = strips.fits(asked.displaced[0], int(starts_at.timestamp()))
        return place is not None and not asked.takes(place, self._card.id)

    def _wait(self) -> Iterator[LateWay]:
        if self._fits(self.expected_at):
            until = self._card.ends_at + (self.expected_at - self._card.starts_at)
            says = f"begin at {self._said(self.expected_at)}, until {self._said(until)}"
            yield LateWay("wait", says, self.expected_at, (self._step(self.expected_at),))

    def _last(self) -> LineState:
        return max((line for line in self._state.lines if line.holds_time), key=lambda line: told(line)[1])

    def _shrink(self) -> Iterator[LateWay]:
        moved = shifted_visit(self._state, self.expected_at - self._state.starts_at)
        line = next(line for line in moved.lines if line.id == self._last().id)
        shorter = stretched_to(line, self._state.ends_at)
        if shorter is None:
            return
        step = self._step(self.expected_at, resize_line_id=line.id, ends_at=self._state.ends_at)
        name = line.terms.name if line.terms else "it"
        until = self._said(self._state.ends_at)
        says = f"{minutes_told(shorter)} minutes of {name} instead of {minutes_told(line)}, until {until}"
        yield LateWay("shrink", says, self.expected_at, (step,))

    def _drop(self) -> Iterator[LateWay]:
        live = [line for line in self._state.lines if line.holds_time]
        last = self._last()
        hosts = {line.terms.addon_of for line in live if line.terms}
        if len(live) < 2 or last.id in hosts or last.terms is None:
            return
        rest = [line for line in live if line.id != last.id]
        ends_at = max(told(line)[1] for line in rest)
        less = replace(self._card, ends_at=ends_at, lines=[one for one in self._card.lines if one.id != last.id])
        if self._fits(self.expected_at, question(self._work, [less], self._day)):
            until = ends_at + (self.expected_at - self._card.starts_at)
            says = f"without {last.terms.name}: from {self._said(self.expected_at)} until {self._said(until)}"
            yield LateWay("drop", says, self.expected_at, (self._step(self.expected_at, drop_line_id=last.id),))

    def _swap(self) -> Iterator[LateWay]:
        mine = self._mine()
        for other, theirs in zip(self._others, self._question.displaced[1:], strict=True):
            strips = Strips.of(self._question.gaps)
            strips.lift(mine)
            strips.lift(theirs)
            first = strips.fits(mine, theirs.starts)
            if first is None or any(line.status not in NOT_BEGUN for line in other.lines):
                continue
            strips.take(mine, first)
            second = strips.fits(theirs, max(mine.starts, theirs.earliest))
            if second is None or self._question.takes(first, self._card.id) or self._question.takes(second, other.id):
                continue
            at = dt.datetime.fromtimestamp(second.starts, dt.UTC)
            steps = (
                self._step(other.starts_at),
                Step(appointment_id=other.id, version=other.version, starts_at=at),
            )
            says = f"change places with {other.customer} at {self._said(other.starts_at)}"
            yield LateWay("swap", says, other.starts_at, steps, f"{other.customer} {other.phone or ''}".strip())
            return

    def _rebook(self) -> Iterator[LateWay]:
        after = int(self.expected_at.timestamp())
        times = range(-(-(after + 1) // STEP) * STEP, self._mine().latest - self._mine().length + 1, STEP)
        strips = Strips.of(self._question.gaps)
        strips.lift(self._mine())
        for starts in times:
            place = strips.fits(self._mine(), starts)
            if place is not None and not self._question.takes(place, self._card.id):
                at = dt.datetime.fromtimestamp(starts, dt.UTC)
                yield LateWay("rebook", f"begin at {self._said(at)} today", at, (self._step(at),))
                return
        line = next(one for one in self._state.lines if one.status not in EXITS)
        service_id = line.terms.service_id if line.terms else 0
        (need,) = wanted(self._work.session, self._work.shop.id, [service_id], retired=True)
        who = need.by(line.stylist_id or 0)
        free = unfree.next_free(self._work, need, [who] if who else need.stylists, self._day[1])
        yield LateWay("rebook", f"another day. {free}", None, ())
