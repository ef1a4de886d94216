"""Several visits changed in one stroke: all held, all lifted, all put, all remembered, or nothing of it.

Private to the services that swap, change and reshuffle visits, which hand in the open session.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlmodel import col, select

from frontdesk.errors import (
    BadInput,
    Busy,
    ChangedVisit,
    InThePast,
    LineAway,
    LinePaid,
    NotFound,
    Refusal,
    WrongStage,
)
from frontdesk.permissions import Deed, refusal_for
from frontdesk.rules.intervals import Stretch, joined, without
from frontdesk.rules.states import Status
from frontdesk.services.book import restoring
from frontdesk.services.book.actions import Kind, LineState, VisitState, laid_out, remember
from frontdesk.services.book.reshaping import told
from frontdesk.services.book.restoring import Way
from frontdesk.services.book.stepping import remedy_for
from frontdesk.services.placing import freeing, unfree
from frontdesk.services.placing.candidates import Candidate, Wanted, wanted
from frontdesk.services.placing.freeing import Clash
from frontdesk.services.shop.shop_rules import rules_of
from frontdesk.services.team import slots
from frontdesk.services.team.strip_hours import StripDay, homes
from frontdesk.services.use_case import Work
from frontdesk.services.wording import day_and_time
from frontdesk.tables.appointments import Appointment, AppointmentService
from frontdesk.text import clean

NOT_BEGUN = frozenset({Status.PENDING, Status.CONFIRMED, Status.ARRIVED})
"""Visits that may still be moved."""

_ANY = frozenset(Status)

NOT_DONE = NOT_BEGUN | {Status.IN_SERVICE, Status.PROCESSING}
"""Visits that may still be changed."""


@dataclass(frozen=True)
class Insisted:
    """What was asked for knowingly."""

    overbook_reason: str | None = None
    outside_hours: bool = False
    in_past: bool = False


@dataclass(frozen=True)
class Change:
    """What a stroke makes of one visit."""

    appointment_id: int
    shall: Callable[[VisitState], VisitState]
    """From how it is to how it shall be; asked again under held strips."""
    version: int | None = None
    """The version that was seen."""
    kind: Kind | None = None
    """When it differs from the stroke's."""
    only_from: frozenset[Status] = NOT_BEGUN
    """Where its lines may stand that are to be served."""
    wish: str = "moved"
    """What can't be done otherwise."""
    unpaid: tuple[int, ...] = ()
    """Lines that no ticket may speak of yet."""
    lines_from: Mapping[int, frozenset[Status]] = field(default_factory=dict)
    """Where single lines may stand."""


@dataclass(frozen=True)
class Changed:
    """What a stroke left behind."""

    ways: tuple[Way, ...]
    """Each visit from how it was to how it is, in the order asked."""
    batch_id: UUID
    protected: tuple[int, ...]
    """Lines that were overbooked and got time that was freed."""


@dataclass
class Stroke:
    """One stroke on its way."""

    work: Work
    kind: Kind
    changes: Sequence[Change]
    insisted: Insisted = field(default_factory=Insisted)
    batch_id: UUID = field(default_factory=uuid4)
    reason: str = ""
    """With which steps are written down; what was done, when it is empty."""
    needs: dict[int, Wanted] = field(default_factory=dict)
    kept: dict[int, str] = field(default_factory=dict)
    """Why lines are overbooked already."""

    def carry_out(self) -> Changed:
        """Do all of it. Raises ChangedVisit, StylistTaken naming the third, OutsideShift, NoResource, CustomerBusy,
        InThePast, NotAllowed."""
        work = self.work
        held, owners = self._hold(self._ways())
        work.session.expire_all()
        ways = self._ways(locked=True)
        if not {*self._days(ways)} <= held or not {each for way in ways for each in way.owners} <= owners:
            raise Busy
        self._refuse_past(ways)
        freed = restoring.lift(work, ways)
        slots.rebuild(work.session, held, work.now)
        self._refuse_outside(ways)
        restoring.rewrite(work, ways, self.reason or self.kind.value.replace("_", " "))
        for line in restoring.returning(ways):
            self._put(line)
        protected = restoring.settle(work, freed, sorted(held))
        return self._remembered(ways, protected)

    def _ways(self, *, locked: bool = False) -> list[Way]:
        ids = [change.appointment_id for change in self.changes]
        visits, lines = _rows(self.work, ids, locked=locked)
        parts = laid_out(self.work, [line for each in lines.values() for line in each])
        ways = []
        for change in self.changes:
            visit, its = visits[change.appointment_id], lines[change.appointment_id]
            was = VisitState.of(visit, its, parts)
            self._refuse_changed(change, visit, was)
            ways.append(self._anew(Way(visit, its, was, change.shall(was))))
        return ways

    def _anew(self, way: Way) -> Way:
        """A line that moves is overbooked only if it turns out so; where it stays with its stylist, for its reason."""
        was = {line.id: line for line in way.was.lines}
        moving = {line.id: line for line in way.moving() if line.holds_time}
        for line in moving.values():
            if line.place == was[line.id].place and line.overbook_reason is not None:
                self.kept[line.id] = line.overbook_reason
        lines = tuple(replace(line, overbook_reason=None) if line.id in moving else line for line in way.shall.lines)
        return replace(way, shall=replace(way.shall, lines=lines))

    def _hold(self, ways: Sequence[Way]) -> tuple[set[StripDay], set[int | None]]:
        owners = {owner for way in ways for owner in way.owners}
        days = {*self._days(ways), *self._days_of_things(ways)}
        slots.hold(self.work.session, days, customer_ids=owners)
        found = homes(self.work.session, {resource for resource, _ in days})
        unlaid = [(resource, day) for resource, day in days if not found[resource].is_laid_out(day)]
        slots.rebuild(self.work.session, unlaid, self.work.now)
        return days, owners

    def _days(self, ways: Sequence[Way]) -> list[StripDay]:
        return restoring.touched_days(self.work, ways)

    def _days_of_things(self, ways: Sequence[Way]) -> list[StripDay]:
        """Rooms and hands that could stand in when the one it had is taken."""
        self._read_needs(line for way in ways for line in way.moving())
        spans: dict[int, list[Stretch[dt.datetime]]] = {}
        for way in ways:
            for line in way.moving():
                for role, them in self._need(line.terms.service_id if line.terms else 0).others.items():
                    if any(part.role == role for part in line.parts or ()):
                        for thing in them:
                            spans.setdefault(thing.resource_id, []).append((line.starts_at, line.ends_at))
        found = homes(self.work.session, spans) if spans else {}
        return [day for thing, its in spans.items() for span in its for day in found[thing].days(*span)]

    def _need(self, service_id: int) -> Wanted:
        if service_id not in self.needs:
            (self.needs[service_id],) = wanted(self.work.session, self.work.shop.id, [service_id], retired=True)
        return self.needs[service_id]

    def _read_needs(self, lines: Iterable[LineState]) -> None:
        """What the services of these lines want, in one question; a seat in a class wants nothing."""
        services = {line.terms.service_id for line in lines if line.terms and line.parts} - self.needs.keys()
        if services:
            found = wanted(self.work.session, self.work.shop.id, sorted(services), retired=True)
            self.needs |= {need.service_id: need for need in found}

    def _refuse_changed(self, change: Change, visit: Appointment, was: VisitState) -> None:
        if change.version is not None and visit.version != change.version:
            who = self.work.session.execute(_LAST_HAND, {"visit": visit.id}).scalars().first()
            whose = freeing.customer_of(self.work, visit)
            raise ChangedVisit(who=who or "Somebody", visit=visit.code, customer=whose)
        refuse_paid(self.work, change.unpaid)
        for line in was.lines:
            if line.status not in change.lines_from.get(line.id, _ANY):
                raise line_away(visit.code, line.terms.name if line.terms else "It", line.status, change.wish)
        live = [line.status for line in was.lines if line.holds_time]
        beyond = [status for status in live or [Status(visit.status)] if status not in change.only_from]
        if beyond:
            remedy = remedy_for(beyond[0]) if live else "Book a new one."
            raise WrongStage(visit=visit.code, status=beyond[0].words, wish=change.wish, remedy=remedy)

    def _refuse_past(self, ways: Sequence[Way]) -> None:
        minute = self.work.now.replace(second=0, microsecond=0)
        pairs = [pair for way in ways for pair in way.pairs()]
        early = [
            line
            for was, line in pairs
            if line.holds_time and was.starts_at != line.starts_at and told(line)[0] < minute
        ]
        if not early:
            return
        if not self.insisted.in_past:
            raise InThePast(time=day_and_time(told(early[0])[0], self.work.shop.timezone))
        self.work.require(Deed.BOOK_PAST)

    def _refuse_outside(self, ways: Sequence[Way]) -> None:
        """Nobody is put where they do not work, but for time that was theirs already."""
        late = rules_of(self.work).cleanup_may_overrun
        wished = [
            (line, part, was)
            for way in ways
            for was, line in way.pairs()
            if line in way.moving() and line.holds_time
            for part in line.parts or ()
            if part.role == "lead" and part.resource_id and not (late and part.kind == "cleanup")
        ]
        if not wished:
            return
        since, until = min(part.starts_at for _, part, _ in wished), max(part.ends_at for _, part, _ in wished)
        pieces = slots.pieces_between(self.work.session, {part.resource_id or 0 for _, part, _ in wished}, since, until)
        for line, part, was in wished:
            there = [
                (p.starts_at, p.ends_at) for p in pieces if p.resource_id == part.resource_id
                and (p.is_fact or (p.status == "available" and p.shop_id == self.work.shop.id))
            ]  # fmt: skip
            mine = [(p.starts_at, p.ends_at) for p in was.parts or () if p.resource_id == part.resource_id]
            uncovered = without([(part.starts_at, part.ends_at)], joined([*there, *mine]))
            if uncovered:
                self._refuse_or_allow_outside(line, part.resource_id or 0, uncovered)

    def _refuse_or_allow_outside(self, line: LineState, resource_id: int, when: list[Stretch[dt.datetime]]) -> None:
        if self.insisted.outside_hours:
            self.work.require(Deed.BOOK_OUTSIDE)
            return
        need = self._need(line.terms.service_id if line.terms else 0)
        who = next((c for c in need.stylists if c.resource_id == resource_id), None)
        raise unfree.outside(self.work, need, who or self._named(resource_id), line.starts_at, when)

    def _named(self, resource_id: int) -> Candidate:
        row = self.work.session.execute(_NAMED, {"resource": resource_id}).one()
        return Candidate(resource_id, row.name, row.stylist_id)

    def _put(self, line: AppointmentService) -> None:
        """Take a line's time, in another room if need be, over somebody when that was asked for."""
        tried: set[int] = set()
        while (clash := freeing.retake(self.work, line.id)) is not None:
            if clash.role not in ("lead", "assistant"):
                tried.add(clash.resource_id)
                self._other_thing(line, clash, tried)
            else:
                line.overbook_reason = self._why_beside(line, clash)
                line.overbooked = True
                self.work.session.flush()

    def _why_beside(self, line: AppointmentService, clash: Clash) -> str:
        """For what reason a line lies over another. Raises the refusal when it may not."""
        if clash.line_id is None or line.overbooked:
            raise self._taken(line, clash)
        if self.insisted.overbook_reason:
            self.work.require(Deed.OVERBOOK)
            return clean(self.insisted.overbook_reason)
        if line.id in self.kept:
            return self.kept[line.id]
        limit = rules_of(self.work).overbook_minutes
        if clash.shared > dt.timedelta(minutes=limit) or refusal_for(self.work.actor, Deed.OVERBOOK):
            raise self._taken(line, clash)
        return f"within {limit} minutes"

    def _other_thing(self, line: AppointmentService, clash: Clash, tried: set[int]) -> None:
        need = self._need(line.service_id)
        them = need.others.get(clash.role, ())
        free = next((thing for thing in them if thing.resource_id not in tried), None)
        if free is None:
            pieces = slots.pieces_between(
                self.work.session, [c.resource_id for c in them], clash.wished_from, clash.wished_until
            )
            blocked = [(c, [p for p in pieces if p.resource_id == c.resource_id and p.is_fact]) for c in them]
            wished = [c for c in need.stylists if c.stylist_id == line.stylist_id] or need.stylists
            raise unfree.no_thing(self.work, need, clash.role, wished, line.starts_at, blocked)
        self.work.session.execute(_IN_ANOTHER, {"line": line.id, "role": clash.role, "resource": free.resource_id})
        self.work.session.expire_all()

    def _taken(self, line: AppointmentService, clash: Clash) -> Refusal:
        need = self._need(line.service_id)
        who = next((c for c in need.stylists if c.resource_id == clash.resource_id), self._named(clash.resource_id))
        return unfree.taken(self.work, need, who, line.starts_at, (clash.starts_at, clash.ends_at))

    def _remembered(self, ways: Sequence[Way], protected: dict[int, str]) -> Changed:
        work = self.work
        work.session.expire_all()
        parts = laid_out(work, [line for way in ways for line in way.lines])
        done = []
        for at, (change, way) in enumerate(zip(self.changes, ways, strict=True)):
            is_state = VisitState.of(way.visit, way.lines, parts)
            is_state = replace(is_state, away=way.shall.away)
            beside = protected if at == 0 else {}
            before, kind = replace(way.was, beside=beside), change.kind or self.kind
            remember(work, kind, way.visit, before, is_state, self.batch_id)
            work.tell(
                f"appointment.{kind.value}", way.visit.id, moved_from=way.was.starts_at, starts_at=is_state.starts_at
            )
            done.append(replace(way, shall=is_state))
        return Changed(tuple(done), self.batch_id, tuple(protected))


_LAST_HAND = text("SELECT who FROM record_history('appointments', :visit) ORDER BY at DESC LIMIT 1")
_NAMED = text("""
    SELECT r.name, p.id AS stylist_id FROM resources r LEFT JOIN stylists p ON p.resource_id = r.id
     WHERE r.id = :resource
""")
_IN_ANOTHER = text("""
    UPDATE appointment_parts SET resource_id = :resource WHERE appointment_service_id = :line AND role = :role
""")


def _rows(
    work: Work, ids: Sequence[int], *, locked: bool
) -> tuple[dict[int, Appointment], dict[int, list[AppointmentService]]]:
    """Visits and their lines, in one question each. Raises NotFound."""
    wish = select(Appointment).where(col(Appointment.id).in_(ids)).order_by(col(Appointment.id))
    visits = {visit.id: visit for visit in work.session.exec(wish.with_for_update() if locked else wish)}
    missing = next((each for each in ids if each not in visits), None)
    if missing is not None:
        raise NotFound(what="visit", name=missing, remedy="Look at the day's book.")
    lines: dict[int, list[AppointmentService]] = {each: [] for each in ids}
    asked = select(AppointmentService).where(col(AppointmentService.appointment_id).in_(ids))
    asked = asked.order_by(col(AppointmentService.id))
    found = work.session.exec(asked.with_for_update() if locked else asked).all()
    for line in sorted(found, key=lambda line: line.position):
        lines[line.appointment_id].append(line)
    return visits, lines


def line_away(code: str, name: str, status: Status, wish: str) -> LineAway:
    """A line is past what is wished."""
    remedy = "It is done already." if status is Status.COMPLETED else "Put it back first."
    return LineAway(service=name, visit=code, status=status.words, wish=wish, remedy=remedy)


def refuse_paid(work: Work, line_ids: Sequence[int]) -> None:
    """Raises LinePaid."""
    row = work.session.execute(_PAID, {"lines": list(line_ids)}).first() if line_ids else None
    if row is not None:
        raise LinePaid(service=row.name, visit=row.code)


_PAID = text("""
    SELECT l.name, a.code FROM paid_visit_lines s JOIN appointment_services l ON l.id = s.appointment_service_id
      JOIN appointments a ON a.id = l.appointment_id WHERE l.id = ANY (:lines) LIMIT 1
""")


def refuse_seats(lines: Iterable[AppointmentService]) -> None:
    """A seat in a class goes where the class goes. Raises BadInput."""
    if any(line.class_session_id is not None for line in lines):
        raise BadInput("That is a seat in a class. Move the class, or give up the seat and take another.")
