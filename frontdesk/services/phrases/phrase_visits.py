"""Which visit a few words mean: whose it is, and on which day, when somebody has several (features N1).

Private to the reading of typed lines.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text

from frontdesk.clock import day_bounds, local
from frontdesk.rules.phrase import with_customer
from frontdesk.rules.phrase_wishes import When
from frontdesk.rules.states import Status
from frontdesk.services.customers.customer_search import find_by_words
from frontdesk.services.phrases.phrase_words import ANSWERS, Asked, who_is
from frontdesk.services.use_case import Work
from frontdesk.services.wording import day_and_time, person

_CODED = "visit "
"""Before a visit's code, where a name stands."""


@dataclass(frozen=True)
class KnownLine:
    """A service of a visit that is still to come."""

    id: int
    service_id: int
    service: str
    stylist_id: int | None
    stylist: str | None
    addon_of: int | None = None
    """The line it was added to."""


@dataclass(frozen=True)
class KnownVisit:
    """A visit that is still to come."""

    id: int
    code: str
    customer_id: int | None
    customer: str
    phone: str | None
    starts_at: dt.datetime
    version: int
    lines: tuple[KnownLine, ...]

    @property
    def what(self) -> str:
        """`Cut+Blow-dry`."""
        return "+".join(line.service for line in self.lines)

    @property
    def with_whom(self) -> str:
        """`Anna and Bo`."""
        return " and ".join(dict.fromkeys(line.stylist or "nobody yet" for line in self.lines))

    @property
    def whose(self) -> str:
        """`Jane Doe 0123`."""
        return f"{self.customer} {self.phone[-4:] if self.phone else ''}".strip()

    def words(self, zone: str) -> str:
        """`Jane Doe 0123, Cut, Tue 10 Mar 15:00 with Anna`."""
        return f"{self.whose}, {self.what}, {day_and_time(self.starts_at, zone)} with {self.with_whom}"


_LOOKED_AT = 40
"""People called so, among whom whoever has a visit is looked for."""
TO_COME = (Status.PENDING, Status.CONFIRMED, Status.ARRIVED)


def visit_of(
    work: Work,
    name: str,
    of: When,
    line: str,
    services: Sequence[int] = (),
    *,
    states: Sequence[Status] = TO_COME,
) -> KnownVisit | Asked:
    """The coming visit of whoever is called so, or the question which of several.

    Of several people called so the one who has such a visit is meant: nobody else can be moved or arrive.
    """
    looked = _visits(work, name, line, states)
    if isinstance(looked, Asked):
        return looked
    whose, found, which = looked
    zone = work.shop.timezone
    fitting = [visit for visit in found if _fits(visit, of, zone, services)]
    if len(fitting) == 1:
        return fitting[0]
    if which is not None and not fitting:
        return which
    if which is not None:
        whose = fitting[0].customer if len({visit.customer_id for visit in fitting}) == 1 else name
    if not found:
        if tuple(states) == TO_COME:
            return Asked(f"{whose} has no visit to come. Type b, or a line, to book one.")
        return Asked(f"{whose} has no visit from today on that could be so. Look with: go {whose}.")
    options = [(each.words(zone), with_customer(line, name, f'"{_CODED}{each.code}"')) for each in fitting or found]
    if not fitting:
        return Asked(f"{whose} has no such visit. Which one is meant?", tuple(options[:ANSWERS]))
    return Asked(f"Which visit of {whose}?", tuple(options[:ANSWERS]))


def _fits(visit: KnownVisit, of: When, zone: str, services: Sequence[int]) -> bool:
    begins = local(visit.starts_at, zone)
    if of.day is not None and not of.day <= begins.date() <= (of.until or of.day):
        return False
    if of.time is not None and begins.time() != of.time:
        return False
    if of.window is not None and begins.time() not in of.window:
        return False
    return set(services) <= {line.service_id for line in visit.lines}


def _visits(
    work: Work, name: str, line: str, states: Sequence[Status]
) -> tuple[str, list[KnownVisit], Asked | None] | Asked:
    """Whose they are, their visits from today on, and, where several are called so, the question who is meant."""
    today = day_bounds(work.desk.today, work.shop.timezone)[0]
    asked: dict[str, object] = {
        "shop": work.shop.id, "since": today, "states": list(states), "customers": None, "code": None, "guest": None,
    }  # fmt: skip
    if name.startswith(_CODED):
        found = _read(work, asked | {"code": name.removeprefix(_CODED)})
        return (found[0].customer, found, None) if found else Asked(f"There is no {name} to come.")
    customer = who_is(work, name, line)
    if isinstance(customer, Asked):
        guests = _read(work, asked | {"guest": name.casefold()}) if customer.unknown else []
        if guests:
            return guests[0].customer, guests, None
        which = Asked(customer.text.replace("Add them first, or type", "Type"), customer.options)
        several = [] if customer.unknown else find_by_words(work.session, name, _LOOKED_AT)
        # Beyond that nobody knows whether there is a further one.
        theirs = [one.id for one in several] if len(several) < _LOOKED_AT else []
        return name, _read(work, asked | {"customers": theirs}), which
    return customer.name, _read(work, asked | {"customers": [customer.id]}), None


def _read(work: Work, asked: dict[str, object]) -> list[KnownVisit]:
    visits: dict[int, KnownVisit] = {}
    lines: dict[int, list[KnownLine]] = {}
    for row in work.session.execute(_VISITS, asked):
        whose = person(row.first_name, row.last_name, row.customer_code, row.guest_name)
        visits.setdefault(
            row.id, KnownVisit(row.id, row.code, row.customer_id, whose, row.phone, row.starts_at, row.version, ())
        )
        lines.setdefault(row.id, []).append(
            KnownLine(row.line_id, row.service_id, row.service, row.stylist_id, row.stylist, row.addon_of)
        )
    return [
        KnownVisit(v.id, v.code, v.customer_id, v.customer, v.phone, v.starts_at, v.version, tuple(lines[v.id]))
        for v in visits.values()
    ]


_VISITS = text("""
    SELECT a.id, a.code, a.customer_id, a.guest_name, a.starts_at, a.version,
           c.first_name, c.last_name, c.code AS customer_code, c.phone,
           l.id AS line_id, l.service_id, v.name AS service, l.stylist_id, p.first_name AS stylist,
           l.addon_of
      FROM appointments a
      JOIN appointment_services l ON l.appointment_id = a.id
       AND l.status NOT IN ('cancelled', 'late_cancelled', 'no_show', 'void')
      JOIN services v ON v.id = l.service_id
      LEFT JOIN stylists p ON p.id = l.stylist_id
      LEFT JOIN customers c ON c.id = a.customer_id
     WHERE a.shop_id = :shop AND a.starts_at >= :since AND a.status = ANY (:states)
       AND (a.customer_id = ANY (CAST(:customers AS bigint[])) OR a.code = CAST(:code AS text)
            OR (CAST(:guest AS text) IS NOT NULL AND starts_with(lower(a.guest_name), CAST(:guest AS text))))
     ORDER BY a.starts_at, a.id, l.position
     LIMIT 60
""")
