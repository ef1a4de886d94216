"""Leading visits from one state to another: their lines' states, times and terms, and the pieces of the strips.

Private to the services that change visits or put them back, which hand in the open session with the strips held.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import text

from frontdesk.clock import local
from frontdesk.errors import NotFound, Refusal, SlotTaken
from frontdesk.rules.states import Status, visit_status
from frontdesk.services.book.actions import SEAT, LineState, VisitState, Whose
from frontdesk.services.placing import class_seats, freeing, unfree
from frontdesk.services.placing.candidates import wanted
from frontdesk.services.placing.freeing import Clash, Freed
from frontdesk.services.team import slots
from frontdesk.services.team.strip_hours import StripDay, homes
from frontdesk.services.use_case import Work
from frontdesk.tables.appointments import Appointment, AppointmentPart, AppointmentService, AppointmentStep

_FIELDS = ("stylist_id", "price", "starts_at", "ends_at", "arrived_at", "started_at", "finished_at")
_TERMS = ("service_id", "name", "quantity", "own_minutes", "own_price", "addon_of", "bundle_id", "asked_for")


@dataclass(frozen=True)
class Way:
    """A visit on its way from one state to another."""

    visit: Appointment
    lines: Sequence[AppointmentService]
    was: VisitState
    shall: VisitState

    def pairs(self) -> list[tuple[LineState, LineState]]:
        """Each line as it was and as it shall be."""
        targets = {line.id: line for line in self.shall.lines}
        return [(line, targets[line.id]) for line in self.was.lines]

    def moving(self) -> list[LineState]:
        """As they shall be: the lines whose time on the strips changes."""
        return [shall for was, shall in self.pairs() if _moves(was, shall)]

    def is_where_it_was(self, now: VisitState) -> bool:
        """Whether the visit is still as it has to be found: its lines in place, and what is about to change as it was.

        What the way leaves alone may have changed since, and stays so.
        """
        if not now.is_like(self.was) or (self.was.ends_at != self.shall.ends_at and self.was.ends_at != now.ends_at):
            return False
        if self.was.whose and self.shall.whose and self.was.whose != self.shall.whose and self.was.whose != now.whose:
            return False
        there = {line.id: line for line in now.lines}
        return all(_is_as_it_was(there[was.id], was, shall) for was, shall in self.pairs())

    @property
    def owners(self) -> set[int | None]:
        """Whose it is before and after."""
        return {self.visit.customer_id, *(w.customer_id for w in (self.was.whose, self.shall.whose) if w)}

    @property
    def changes_owner(self) -> bool:
        """Whether it goes to another customer."""
        return bool(self.was.whose and self.shall.whose and self.was.whose.customer_id != self.shall.whose.customer_id)


def take_again(work: Work, visit: Appointment, lines: Sequence[AppointmentService]) -> None:
    """Put these lines on their strips again. Raises CustomerBusy, StylistTaken with what is free instead."""
    if lines:
        _refuse_customer_elsewhere(work, visit, visit.starts_at, visit.ends_at)
        _retake(work, lines, {})


def _refuse_customer_elsewhere(work: Work, visit: Appointment, starts_at: dt.datetime, ends_at: dt.datetime) -> None:
    if visit.customer_id is not None and not visit.for_guest:
        name = freeing.customer_of(work, visit)
        unfree.refuse_customer_elsewhere(work, visit.customer_id, name, starts_at, ends_at, besides=visit.id)


def _retake(work: Work, lines: Sequence[AppointmentService], beside: Mapping[int, str]) -> None:
    waiting = dict(beside)
    for line in lines:
        while (clash := freeing.retake(work, line.id)) is not None:
            if clash.line_id not in waiting:
                raise _taken(work, line, clash)
            freeing.overbook_again(work, clash.line_id, waiting.pop(clash.line_id))
    class_seats.sit_again(work, lines)


def _taken(work: Work, line: AppointmentService, clash: Clash) -> Refusal:
    try:
        (need,) = wanted(work.session, work.shop.id, [line.service_id])
    except NotFound:  # no longer on the menu: there is nothing to look for instead
        return SlotTaken()
    stylist = need.by(line.stylist_id or 0) or next(iter(need.stylists), None)
    if stylist is None:
        return SlotTaken()
    return unfree.taken(work, need, stylist, line.starts_at, (clash.starts_at, clash.ends_at))


def step(work: Work, line: AppointmentService, wish: Status, reason: str | None) -> None:
    """Write a line's step down and take it."""
    work.session.add(
        AppointmentStep(
            appointment_id=line.appointment_id,
            appointment_service_id=line.id,
            from_status=line.status,
            to_status=wish,
            reason=reason,
            at=work.now,
        )
    )
    line.status = wish
    line.version += 1


def touched_days(work: Work, ways: Sequence[Way]) -> list[StripDay]:
    """The days of the strips that going these ways concerns; none when they leave time alone."""
    moving = [line for way in ways for line in way.moving()]
    away = {gone for way in ways for gone in (way.was.away, way.shall.away) if gone}
    if not moving and not away:
        return []
    parts = [part for line in moving for part in line.parts or () if part.resource_id]
    resources = _strips_of(work, [gone.stylist_id for gone in away])
    found = homes(work.session, {*(part.resource_id for part in parts if part.resource_id), *resources.values()})
    days = {
        day for part in parts if part.resource_id for day in found[part.resource_id].days(part.starts_at, part.ends_at)
    }
    for gone in away:
        span = range((gone.last_day - gone.first_day).days + 1)
        days |= {(resources[gone.stylist_id], gone.first_day + dt.timedelta(days=n)) for n in span}
    theirs = [*(line.id for line in moving), *(line_id for way in ways for line_id in way.shall.beside)]
    return sorted({*days, *freeing.strip_days_of(work, theirs)})


def _strips_of(work: Work, stylist_ids: Sequence[int]) -> dict[int, int]:
    if not stylist_ids:
        return {}
    return {row.id: row.resource_id for row in work.session.execute(_STRIPS, {"stylists": list(stylist_ids)})}


_STRIPS = text("SELECT id, resource_id FROM stylists WHERE id = ANY (:stylists)")


def restore(work: Work, ways: Sequence[Way], days: Sequence[StripDay], reason: str) -> dict[int, str]:
    """Lead visits from one state to the other all together, changing only what differs between the two.

    All of them are lifted before any is put. The caller holds the days and customers, and has seen that each visit is
    in its first state. Time that others have by now is refused as in `take_again`, but for those who only got it
    because these left. Overbooked lines that wait for what is freed get it first; they are answered.
    """
    freed = lift(work, ways)
    rewrite(work, ways, reason)
    beside = {line_id: why for way in ways for line_id, why in way.shall.beside.items()}
    _retake(work, returning(ways), beside)
    return settle(work, freed, days)


def lift(work: Work, ways: Sequence[Way]) -> Freed:
    """Take off the strips whatever is about to lie elsewhere."""
    moving = [line.id for way in ways for line in way.moving()]
    return freeing.lift(work, moving) if moving else Freed(())


def rewrite(work: Work, ways: Sequence[Way], reason: str) -> None:
    """Make the rows say what they shall: visits, lines and parts, all but the pieces of the strips.

    Raises CustomerBusy.
    """
    with_company = _in_company(ways)
    if with_company:
        work.session.flush()
        work.session.execute(_SET_ASIDE, {"visits": with_company, "aside": True})
    for way in ways:
        _rewrite_visit(work, way, reason)
    work.session.flush()
    if with_company:
        work.session.execute(_SET_ASIDE, {"visits": with_company, "aside": False})
    _lay_out(work, [line for way in ways for line in way.moving()])
    for way in ways:
        _keep_time_off(work, way)


def _in_company(ways: Sequence[Way]) -> list[int]:
    """Visits of one customer that change together: for a moment both may be at the same time."""
    owners = [way.visit.customer_id for way in ways if not way.visit.for_guest]
    together = {owner for owner in owners if owner is not None and owners.count(owner) > 1}
    return [way.visit.id for way in ways if way.visit.customer_id in together and not way.visit.for_guest]


_SET_ASIDE = text("UPDATE appointments SET for_guest = :aside WHERE id = ANY (:visits)")


def returning(ways: Sequence[Way]) -> list[AppointmentService]:
    """The lines that are about to take time, in order."""
    return [row for way in ways for row in _rows(way.lines, [line for line in way.moving() if line.holds_time])]


def _rows(lines: Sequence[AppointmentService], states: Sequence[LineState]) -> Iterator[AppointmentService]:
    rows = {line.id: line for line in lines}
    return (rows[state.id] for state in states)


def settle(work: Work, freed: Freed, days: Sequence[StripDay]) -> dict[int, str]:
    """After pieces were lifted and put: who waited gets what is left, and the days are laid out anew."""
    beside = freeing.protect_overbooked(work, freed)
    slots.rebuild(work.session, days, work.now)
    return beside


def _is_as_it_was(now: LineState, was: LineState, shall: LineState) -> bool:
    if _moves(was, shall) and was.holds_time and None not in (was.parts, now.parts) and was.parts != now.parts:
        return False
    if was.ends_at != shall.ends_at and was.ends_at != now.ends_at:
        return False
    return was.terms in (None, now.terms) or was.terms == shall.terms or shall.terms is None


def _moves(was: LineState, shall: LineState) -> bool:
    """Whether a line's time on the strips changes."""
    return was.holds_time != shall.holds_time or (shall.holds_time and was.parts != shall.parts)


def _rewrite_visit(work: Work, way: Way, reason: str) -> None:
    visit, was, shall = way.visit, way.was, way.shall
    rows = {line.id: line for line in way.lines}
    for line, shall_be in way.pairs():
        _rewrite(work, rows[line.id], line, shall_be, reason)
    _rewrite_whose(work, visit, was.whose, shall.whose)
    if any(line.holds_time for line in way.moving()) or way.changes_owner:
        with work.session.no_autoflush:
            _refuse_customer_elsewhere(work, visit, shall.starts_at, shall.ends_at)
    if shall.starts_at != visit.starts_at:
        visit.starts_at = shall.starts_at
        visit.starts_local = local(shall.starts_at, work.shop.timezone).replace(tzinfo=None)
    if shall.ends_at != visit.ends_at:
        visit.ends_at = shall.ends_at
    visit.status = visit_status(Status(line.status) for line in way.lines)
    visit.version += 1


def _rewrite_whose(work: Work, visit: Appointment, was: Whose | None, shall: Whose | None) -> None:
    if was is None or shall is None:
        return
    for field in ("customer_id", "group_id", "for_guest"):
        if getattr(was, field) != getattr(shall, field):
            setattr(visit, field, getattr(shall, field))
    if was.is_named != shall.is_named:
        visit.guest_name = _guest_before(work, visit) if shall.is_named else ""


def _guest_before(work: Work, visit: Appointment) -> str:
    """The name that stood on a visit last: only its history knows, and where it was erased, nobody."""
    return work.session.execute(_GUEST_BEFORE, {"visit": visit.id}).scalar() or ""


_GUEST_BEFORE = text("""
    SELECT old ->> 'guest_name' FROM record_history('appointments', :visit)
     WHERE old ->> 'guest_name' <> '' ORDER BY at DESC LIMIT 1
""")


def _rewrite(work: Work, line: AppointmentService, was: LineState, shall: LineState, reason: str) -> None:
    for field in _FIELDS:
        if getattr(was, field) != getattr(shall, field):
            setattr(line, field, getattr(shall, field))
    for field in _TERMS if was.terms and shall.terms else ():
        if getattr(was.terms, field) != getattr(shall.terms, field):
            setattr(line, field, getattr(shall.terms, field))
    if was.overbook_reason != shall.overbook_reason:
        line.overbooked, line.overbook_reason = shall.overbook_reason is not None, shall.overbook_reason
    if was.status != shall.status:
        step(work, line, shall.status, reason)
    else:
        line.version += was != shall


def _lay_out(work: Work, lines: Sequence[LineState]) -> None:
    """Write the parts of lines that were laid out otherwise."""
    anew = [line for line in lines if line.parts is not None]
    if not anew:
        return
    freeing.remove_parts(work, [line.id for line in anew])
    work.session.add_all(
        AppointmentPart(
            appointment_service_id=line.id,
            position=part.position,
            kind=part.kind,
            role=part.role,
            resource_id=part.resource_id,
            starts_at=part.starts_at,
            ends_at=part.ends_at,
        )
        for line in anew
        for part in line.parts or ()
        if part.kind != SEAT
    )
    work.session.flush()


def _keep_time_off(work: Work, way: Way) -> None:
    if way.was.away == way.shall.away:
        return
    if way.was.away:
        work.session.execute(_HERE_AFTER_ALL, vars(way.was.away))
    if way.shall.away:
        work.session.execute(_AWAY_AGAIN, vars(way.shall.away))


_HERE_AFTER_ALL = text("""
    DELETE FROM time_off WHERE id = (
        SELECT max(id) FROM time_off
         WHERE stylist_id = :stylist_id AND first_day = :first_day AND last_day = :last_day AND kind = :kind
           AND starts IS NOT DISTINCT FROM CAST(:starts AS time) AND ends IS NOT DISTINCT FROM CAST(:ends AS time))
""")
_AWAY_AGAIN = text("""
    INSERT INTO time_off (stylist_id, first_day, last_day, starts, ends, kind)
    VALUES (:stylist_id, :first_day, :last_day, :starts, :ends, :kind)
""")


def forget_cancellation(work: Work, appointment_id: int, line_ids: Sequence[int] = ()) -> None:
    """The last cancellation of the visit, or of these lines, counts for nothing: it was put back."""
    work.session.execute(_FORGET, {"visit": appointment_id, "lines": list(line_ids), "at": work.now})


# One stroke may cancel several lines, a row each; a row without a line speaks of the whole visit.
_FORGET = text("""
    WITH theirs AS (
        SELECT id, cancelled_at FROM appointment_cancellations
         WHERE appointment_id = :visit AND taken_back_at IS NULL
           AND (appointment_service_id IS NULL OR cardinality(CAST(:lines AS bigint[])) = 0
                OR appointment_service_id = ANY (:lines)))
    UPDATE appointment_cancellations SET taken_back_at = :at
     WHERE id IN (SELECT id FROM theirs WHERE cancelled_at IS NOT DISTINCT FROM
                  (SELECT cancelled_at FROM theirs ORDER BY id DESC LIMIT 1))
""")
