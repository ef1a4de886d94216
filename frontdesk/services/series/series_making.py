"""Writing a series into the book, moving and cancelling it: each time all of it or nothing, in one stroke.

Private to `series`, which hands in the open session. The dates of a rule are never rewritten: what became of
one is read from its visit, so that taking the visits back is enough.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from uuid import uuid4

from sqlalchemy import insert, text

from frontdesk.clock import instant, local
from frontdesk.errors import (
    BadInput,
    CustomerElsewhere,
    InThePast,
    NotFound,
    NothingAsked,
    OutsideShift,
    Refusal,
    SlotTaken,
)
from frontdesk.rules.recurrence import instants_of
from frontdesk.services.book.visit_making import make_visit, move_visit
from frontdesk.services.book.visits import LeaveVisit, cancel_visit
from frontdesk.services.book.visits_at_once import make_visits
from frontdesk.services.placing import freeing
from frontdesk.services.placing.booking_wishes import BookAppointment, MoveAppointment
from frontdesk.services.series.series_dates import Chosen, chosen_dates, date_said, rule_of
from frontdesk.services.series.series_plan import needs_of
from frontdesk.services.series.series_reading import sheet_of
from frontdesk.services.series.series_wishes import (
    BookSeries,
    CancelSeries,
    ChangeSeries,
    Scope,
    SeriesChanged,
    SeriesDateCard,
    SeriesPick,
    SeriesSheet,
)
from frontdesk.services.shop.shop_rules import rules_of
from frontdesk.services.team import slots
from frontdesk.services.team.strip_hours import StripDay, homes
from frontdesk.services.use_case import Work
from frontdesk.tables.series import Series, SeriesDate
from frontdesk.text import clean


class SeriesClash(SlotTaken):
    """{count} of the dates can't be had: {dates} Shift, skip or leave them."""

    def __init__(self, refused: Sequence[tuple[int, str, Refusal]]) -> None:
        said = [f"{date}: {_first_sentence(refusal)}" for _, date, refusal in refused[:_TOLD]]
        more = [f"And {len(refused) - _TOLD} more."] if len(refused) > _TOLD else []
        count = "One" if len(refused) == 1 else str(len(refused))
        super().__init__(count=count, dates=" ".join([*said, *more]), numbers=[number for number, _, _ in refused])
        self.refused = {number: refusal for number, _, refusal in refused}


_TOLD = 3
"""So many dates are named in a sentence."""


def _first_sentence(refusal: Refusal) -> str:
    """What is in the way, without what is free instead: that would be another answer for every date."""
    return f"{refusal.sentence.split('. ')[0].removesuffix('.')}."


_IN_THE_WAY = (SlotTaken, OutsideShift, CustomerElsewhere, InThePast)


class Attempts:
    """Tries one date after the other, so that everything that is in the way is told at once."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._refused: list[tuple[int, str, Refusal]] = []

    def attempt(self, number: int, starts_at: dt.datetime, do: Callable[[], object]) -> None:
        """Do it, or keep why it could not be done."""
        try:
            with self._work.session.begin_nested():
                do()
        except _IN_THE_WAY as refusal:
            self._refused.append((number, date_said(self._work, number, starts_at), refusal))

    def refuse(self) -> None:
        """Raise SeriesClash when anything was in the way; nothing of it all stays."""
        if self._refused:
            raise SeriesClash(self._refused)


def make_series(work: Work, request: BookSeries) -> SeriesSheet:
    """Book every date that is not skipped, or refuse with all that is in the way."""
    if not request.lines:
        raise NothingAsked
    dates = chosen_dates(request, work.shop.timezone)
    _refuse_undecided(dates)
    coming = [(one, one.starts_at) for one in dates if one.starts_at is not None]
    if not coming:
        raise BadInput("Every date of the series is skipped. Keep one at least.", field="picks")
    visits = _booked(work, request, coming)
    rule = rule_of(request, work.shop.timezone)
    series = Series(
        shop_id=work.shop.id,
        customer_id=request.customer_id,
        guest_name=clean(request.guest_name),
        every=rule.every,
        unit=rule.unit.value,
        starts_local=rule.first,
        count=rule.count,
    )
    work.session.add(series)
    work.session.flush()
    work.session.execute(
        insert(SeriesDate),
        [
            {
                "series_id": series.id,
                "number": one.number,
                "starts_local": one.coming.wall,
                "appointment_id": visits.get(one.number),
            }
            for one in dates
        ],
    )
    return sheet_of(work, series.id)


def _booked(work: Work, request: BookSeries, coming: Sequence[tuple[Chosen, dt.datetime]]) -> dict[int, int]:
    """The visits by the number of their date. Raises SeriesClash when any can't be had."""
    batch, attempts = uuid4(), Attempts(work)
    wishes = {one.number: _visit_of(request, one.pick, starts_at) for one, starts_at in coming}
    made = make_visits(work, wishes, _IN_THE_WAY, batch_id=batch)
    if made is not None:
        if made.refused:
            starts = {one.number: starts_at for one, starts_at in coming}
            raise SeriesClash(
                [(number, date_said(work, number, starts[number]), why) for number, why in made.refused.items()]
            )
        return made.visits
    # Some could meet each other: each finds what those before it have left.
    _hold(work, request, [starts_at for _, starts_at in coming])
    visits: dict[int, int] = {}

    def book(number: int) -> None:
        visits[number] = make_visit(work, wishes[number], batch_id=batch).appointment_id

    for one, starts_at in coming:
        attempts.attempt(one.number, starts_at, partial(book, one.number))
    attempts.refuse()
    return visits


def _refuse_undecided(dates: Sequence[Chosen]) -> None:
    for one in dates:
        if one.coming.is_skipped and one.starts_at is None and not one.is_skipped:
            raise BadInput(
                f"Date {one.number}, {one.coming.wall:%a %-d %b %H:%M}, does not exist: the clocks go forward then."
                " Shift or skip it.",
                field="picks",
            )
        if one.is_undecided:
            raise BadInput(
                f"Date {one.number}, {one.coming.wall:%a %-d %b %H:%M}, comes twice: the clocks go back then."
                " Say the first or the second time.",
                field="picks",
            )


def _visit_of(request: BookSeries, pick: SeriesPick | None, starts_at: dt.datetime) -> BookAppointment:
    stylist_id = pick.stylist_id if pick else None
    lines = tuple(
        replace(line, stylist_id=stylist_id) if stylist_id and line.stylist_id else line for line in request.lines
    )
    return BookAppointment(
        customer_id=request.customer_id,
        guest_name=request.guest_name,
        for_guest=request.for_guest,
        lines=lines,
        starts_at=starts_at,
        notes=request.notes,
        source=request.source,
        outside_hours=request.outside_hours,
        declined_addons=request.declined_addons,
    )


def _hold(work: Work, request: BookSeries, starts: Sequence[dt.datetime]) -> None:
    """Hold the customer and every strip that could be concerned, on all days at once and in the one order."""
    needs, choices = needs_of(work, request)
    others = {pick.stylist_id for pick in request.picks if pick.stylist_id}
    people = {
        one.resource_id
        for need, choice in zip(needs, choices, strict=True)
        for one in need.stylists
        if not choice.unassigned and (choice.stylist_id is None or one.stylist_id in {choice.stylist_id, *others})
    }
    things = {one.resource_id for need in needs for them in need.others.values() for one in them}
    waits = rules_of(work).wait_minutes * (len(needs) - 1)
    lasts = dt.timedelta(minutes=sum(need.plan.ends for need in needs) + waits)
    early = dt.timedelta(minutes=min(need.plan.starts for need in needs))
    found = homes(work.session, people | things)
    days: set[StripDay] = {day for home in found.values() for at in starts for day in home.days(at + early, at + lasts)}
    slots.hold(work.session, days, customer_id=request.customer_id)


def change(work: Work, request: ChangeSeries) -> SeriesChanged:
    """Move what is to come of a series, or refuse with all that is in the way."""
    sheet, this = _the_date(work, request.appointment_id)
    inside = _inside(sheet, this, request.scope)
    leave = set(request.leave)
    able = [one for one in inside if one.is_to_come and one.number not in leave]
    targets = _targets(work, able, this, request)
    _hold_visits(work, sheet, able, targets, request.stylist_id)
    batch, attempts = uuid4(), Attempts(work)
    later = request.starts_at is not None and this.starts_at is not None and request.starts_at > this.starts_at
    # Towards the later the last goes first, so that no date meets the one before it on its way.
    for one in sorted(able, key=lambda one: one.number, reverse=later):
        wish = MoveAppointment(
            appointment_id=one.appointment_id or 0, starts_at=targets[one.number], stylist_id=request.stylist_id
        )
        attempts.attempt(
            one.number,
            wish.starts_at,
            lambda wish=wish: move_visit(work, wish, batch_id=batch),  # type: ignore[misc]
        )
    attempts.refuse()
    moved = {one.number for one in able}
    left = tuple(one.number for one in inside if one.number not in moved)
    return SeriesChanged(sheet_of(work, sheet.series_id), tuple(sorted(moved)), left)


def _targets(
    work: Work, able: Iterable[SeriesDateCard], this: SeriesDateCard, request: ChangeSeries
) -> dict[int, dt.datetime]:
    """Where each goes: so many days from where its rule puts it, at the time of day this one goes to."""
    if request.starts_at is None:
        if request.stylist_id is None:
            raise BadInput("Say when or with whom it shall be instead.", field="starts_at")
        return {one.number: one.starts_at for one in able if one.starts_at is not None}
    zone = work.shop.timezone
    if request.starts_at.tzinfo is None:
        raise BadInput("The start needs its time zone, like 2026-03-10T15:00:00+00:00.", field="starts_at")
    goes_to = local(request.starts_at, zone).replace(tzinfo=None, second=0, microsecond=0)
    days = goes_to.date() - this.wall.date()
    targets: dict[int, dt.datetime] = {}
    for one in able:
        wall = dt.datetime.combine(one.wall.date() + days, goes_to.time())
        if one.number == this.number:
            targets[one.number] = request.starts_at
        elif found := instants_of(wall, zone):
            targets[one.number] = found[0]
        else:
            instant(wall.date(), wall.time(), zone)  # refuses, saying that the clocks go forward
    return targets


def _hold_visits(
    work: Work,
    sheet: SeriesSheet,
    able: Sequence[SeriesDateCard],
    targets: dict[int, dt.datetime],
    stylist_id: int | None,
) -> None:
    ids = [one.appointment_id for one in able if one.appointment_id is not None]
    lines = [line.id for visit in ids for line in freeing.lines_of(work, visit)]
    now_on = freeing.strip_days_of(work, lines)
    resources = {resource for resource, _ in now_on}
    if stylist_id is not None:
        resources |= set(work.session.execute(_RESOURCE, {"stylist": stylist_id}).scalars())
    lasts = dt.timedelta(hours=24)
    found = homes(work.session, resources)
    then = {day for home in found.values() for at in targets.values() for day in home.days(at - lasts, at + lasts)}
    slots.hold(work.session, {*now_on, *then}, customer_id=sheet.customer_id)


_RESOURCE = text("SELECT resource_id FROM stylists WHERE id = :stylist")


def cancel(work: Work, request: CancelSeries) -> SeriesChanged:
    """Cancel what is to come of a series. What is cancelled never comes back by itself."""
    sheet, this = _the_date(work, request.appointment_id)
    inside = _inside(sheet, this, request.scope)
    able = [one for one in inside if one.is_to_come and one.appointment_id is not None]
    _hold_visits(work, sheet, able, {}, None)
    batch = uuid4()
    for one in able:
        mine = one.number == this.number
        wish = LeaveVisit(
            appointment_id=one.appointment_id or 0,
            reason=request.reason,
            fee=request.fee if mine else None,
            waive_reason=request.waive_reason if mine else "",
        )
        cancel_visit(work, wish, batch_id=batch)
    gone = {one.number for one in able}
    left = tuple(one.number for one in inside if one.number not in gone)
    return SeriesChanged(sheet_of(work, sheet.series_id), tuple(sorted(gone)), left)


def series_of_visit(work: Work, appointment_id: int) -> SeriesSheet:
    """The series a visit belongs to. Raises NotFound."""
    return _the_date(work, appointment_id)[0]


def _the_date(work: Work, appointment_id: int) -> tuple[SeriesSheet, SeriesDateCard]:
    found = work.session.execute(_OF_VISIT, {"visit": appointment_id}).scalar()
    if found is None:
        raise NotFound(what="series with visit", name=appointment_id, remedy="Change the visit by itself.")
    sheet = sheet_of(work, found)
    return sheet, next(one for one in sheet.dates if one.appointment_id == appointment_id)


_OF_VISIT = text("SELECT series_id FROM series_dates WHERE appointment_id = :visit")


def _inside(sheet: SeriesSheet, this: SeriesDateCard, scope: Scope) -> list[SeriesDateCard]:
    """The dates that are meant; those that were skipped before they were booked are none."""
    first = {Scope.THIS: this.number, Scope.LATER: this.number, Scope.ALL: 1}[scope]
    last = this.number if scope is Scope.THIS else len(sheet.dates)
    return [one for one in sheet.dates if first <= one.number <= last and one.appointment_id is not None]
