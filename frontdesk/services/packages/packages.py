"""Packages and memberships on offer, and what customers have of them (features CO9)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import Row, text

from frontdesk.errors import BadInput, NotFound
from frontdesk.permissions import Deed
from frontdesk.services.meanwhile import refuse_changed
from frontdesk.services.packages.package_lots import LotLeft, lots_left
from frontdesk.services.prepaid import prepaid
from frontdesk.services.typed import amount_of, given
from frontdesk.services.use_case import Work, Write, use_case
from frontdesk.tables.packages import Package, PackageService

PackageKind = Literal["package", "membership"]
TaxPoint = Literal["received", "used"]

_MOST_MONTHS = 240
_MOST_SHARERS = 20


@dataclass(frozen=True, kw_only=True)
class Sessions:
    """How many sessions of a service a package has; of a membership, in each period."""

    service_id: int
    sessions: int


@dataclass(frozen=True, kw_only=True)
class AddPackage(Write):
    """Something new to sell ahead."""

    name: str
    price: Decimal
    services: tuple[Sessions, ...] = ()
    kind: PackageKind = "package"
    months: int | None = None
    """How long it is good for; for ever when it is not said."""
    renews_months: int | None = None
    """A membership's sessions come anew so often."""
    percent_off: Decimal = Decimal(0)
    """What members pay less for services."""
    sharers: int = 0
    """How many others may use it."""
    tax_point: TaxPoint | None = None
    """By the country's rule when it is not said; what has no sessions is taxed when it is sold."""


@dataclass(frozen=True, kw_only=True)
class EditPackage(AddPackage):
    """A package as it is sold from now on; what is sold stays as it was."""

    package_id: int
    version: int
    is_active: bool = True


@dataclass(frozen=True, kw_only=True)
class ListPackages:
    """What is on offer."""

    all: bool = False
    """With what is no longer sold."""


@dataclass(frozen=True)
class PackageContents:
    """Sessions of one service."""

    service_id: int
    service: str
    sessions: int


@dataclass(frozen=True)
class PackageCard:
    """A package or membership on offer."""

    id: int
    kind: PackageKind
    name: str
    price: Decimal
    months: int | None
    renews_months: int | None
    percent_off: Decimal
    sharers: int
    tax_point: TaxPoint
    is_active: bool
    version: int
    services: tuple[PackageContents, ...]


@dataclass(frozen=True)
class Packages:
    """By name."""

    packages: tuple[PackageCard, ...]


@use_case(Deed.EDIT_CATALOGUE)
def add_package(work: Work, request: AddPackage) -> PackageCard:
    """Put a package or membership on offer. Raises BadInput naming the field, NameTaken."""
    package = Package(name="", price=Decimal(0))
    _fill(work, package, request)
    work.session.add(package)
    work.session.flush()
    _fill_services(work, package, request)
    work.tell("package.added", package.id)
    return _card(work, package.id)


@use_case(Deed.EDIT_CATALOGUE)
def edit_package(work: Work, request: EditPackage) -> PackageCard:
    """Change what is sold from now on. Raises BadInput naming the field, NotFound, NameTaken, ChangedMeanwhile."""
    package = work.session.get(Package, request.package_id, with_for_update=True)
    if package is None:
        raise NotFound(what="package", name=request.package_id, remedy="Look at the list of packages.")
    refuse_changed(work, "packages", package.id, seen=request.version, found=package.version)
    _fill(work, package, request)
    package.is_active = request.is_active
    package.version += 1
    work.session.flush()
    work.session.execute(text("DELETE FROM package_services WHERE package_id = :id"), {"id": package.id})
    _fill_services(work, package, request)
    work.tell("package.changed", package.id)
    return _card(work, package.id)


@use_case(Deed.SEE_BOOK)
def list_packages(work: Work, request: ListPackages) -> Packages:
    """What is on offer, by name."""
    return Packages(tuple(_cards(work, every=request.all)))


def _fill(work: Work, package: Package, request: AddPackage) -> None:
    package.name = given(request.name, "package", "a name, like Five cuts", "name")
    package.kind = request.kind
    package.price = amount_of(work, request.price, "price")
    package.months = _months(request.months, "months")
    package.renews_months = _months(request.renews_months, "renews_months")
    if request.kind == "package" and (request.renews_months or request.percent_off):
        raise BadInput("Only a membership comes anew or takes a percent off. Say that it is one.", field="kind")
    if request.kind == "membership" and package.months is None:
        raise BadInput("Say for how many months the membership is, like 12.", field="months")
    if not 0 <= request.percent_off <= 100:
        raise BadInput("Members pay between 0 and 100 % less. Type 10, for example.", field="percent_off")
    if not request.services and not request.percent_off:
        raise BadInput("Say which services it has, and how often.", field="services")
    package.percent_off = request.percent_off
    if not 0 <= request.sharers <= _MOST_SHARERS:
        raise BadInput(f"Up to {_MOST_SHARERS} others can share a package. Type 3, for example.", field="sharers")
    package.sharers = request.sharers
    if not request.services and request.tax_point == "used":
        raise BadInput("What has no sessions is taxed when it is sold.", field="tax_point")
    package.tax_point = request.tax_point or (
        prepaid.rule_of(work, "package").tax_point if request.services else "received"
    )


def _months(months: int | None, field: str) -> int | None:
    if months is not None and not 1 <= months <= _MOST_MONTHS:
        raise BadInput(f"Type between 1 and {_MOST_MONTHS} months, or leave it empty.", field=field)
    return months


def _fill_services(work: Work, package: Package, request: AddPackage) -> None:
    known = work.session.execute(
        text("SELECT id FROM services WHERE id = ANY (:ids)"), {"ids": [one.service_id for one in request.services]}
    )
    missing = {one.service_id for one in request.services} - set(known.scalars())
    if missing:
        raise NotFound(what="service", name=min(missing), remedy="Look at the menu.")
    if len({one.service_id for one in request.services}) < len(request.services):
        raise BadInput("Name each service once, with all its sessions.", field="services")
    if any(not 1 <= one.sessions <= 1000 for one in request.services):
        raise BadInput("A service has between 1 and 1000 sessions. Type 5, for example.", field="services")
    work.session.add_all(
        PackageService(package_id=package.id, service_id=one.service_id, sessions=one.sessions)
        for one in request.services
    )
    work.session.flush()


def _card(work: Work, package_id: int) -> PackageCard:
    return next(card for card in _cards(work, every=True) if card.id == package_id)


def _cards(work: Work, *, every: bool) -> list[PackageCard]:
    return [
        PackageCard(
            row.id, row.kind, row.name, row.price, row.months, row.renews_months, row.percent_off, row.sharers,
            row.tax_point, row.is_active, row.version, tuple(PackageContents(*one) for one in row.services or ()),
        )
        for row in work.session.execute(_CARDS, {"all": every})
    ]  # fmt: skip


_CARDS = text("""
    SELECT p.id, p.kind, p.name, p.price, p.months, p.renews_months, p.percent_off, p.sharers, p.tax_point, p.is_active,
           p.version,
           (SELECT jsonb_agg(jsonb_build_array(s.service_id, v.name, s.sessions) ORDER BY s.id)
              FROM package_services s JOIN services v ON v.id = s.service_id WHERE s.package_id = p.id) AS services
      FROM packages p WHERE p.is_active OR :all ORDER BY p.name, p.id
""")


@dataclass(frozen=True, kw_only=True)
class ShowCustomerPackages:
    """A customer, or one package of theirs."""

    customer_id: int | None = None
    customer_package_id: int | None = None
    all: bool = False
    """With what is used up, over or given back."""


@dataclass(frozen=True)
class SessionsLeft:
    """Sessions of one service between two days."""

    lot_id: int
    service_id: int
    service: str
    sessions: int
    value: Decimal
    """What all of them are worth."""
    first_day: dt.date
    last_day: dt.date | None


@dataclass(frozen=True)
class Sharer:
    """Somebody with whom a package is shared."""

    customer_id: int
    name: str


@dataclass(frozen=True)
class CustomerPackageCard:
    """A package that a customer has."""

    id: int
    kind: PackageKind
    name: str
    customer_id: int
    owner: str
    price: Decimal
    percent_off: Decimal
    first_day: dt.date
    last_day: dt.date | None
    frozen_until: dt.date | None
    """The first day on which it can be used again."""
    is_over: bool
    """Lapsed, or given back."""
    may_share_with: int
    """How many others it can be shared with in all."""
    sharers: tuple[Sharer, ...]
    sessions: tuple[SessionsLeft, ...]
    """What is left, what lapses first before what lasts; where everything was asked for, what is used up as well."""
    version: int
    rests_from: dt.date | None
    """The first day of a freeze that is still to come."""

    @property
    def left(self) -> int:
        """Sessions that can be used today or later."""
        return 0 if self.is_over else sum(one.sessions for one in self.sessions)


@dataclass(frozen=True)
class CustomerPackages:
    """What a customer has and may use, their own before what is shared with them."""

    packages: tuple[CustomerPackageCard, ...]


@use_case(Deed.SEE_CUSTOMERS)
def customer_packages(work: Work, request: ShowCustomerPackages) -> CustomerPackages:
    """Packages of a customer with what is left of each: sessions by service, days, freezes, who shares them."""
    return CustomerPackages(tuple(packages_of(work, request)))


def packages_of(work: Work, request: ShowCustomerPackages) -> Sequence[CustomerPackageCard]:
    """The same over open work, in two questions."""
    asked = {"customer": request.customer_id, "package": request.customer_package_id, "today": work.desk.today}
    rows = work.session.execute(_THEIRS, asked).all()
    left: dict[int, list[LotLeft]] = {}
    for lot in lots_left(work, customer_package_ids=[row.id for row in rows]) if rows else ():
        if lot.sessions or request.all:
            left.setdefault(lot.customer_package_id, []).append(lot)
    cards = [_customer_card(row, left.get(row.id, []), work.desk.today) for row in rows]
    return [card for card in cards if request.all or (not card.is_over and (card.left or card.percent_off))]


def _customer_card(row: Any, lots: Sequence[LotLeft], today: dt.date) -> CustomerPackageCard:  # noqa: ANN401  a row
    usable = [lot for lot in lots if lot.last_day is None or lot.last_day >= today]
    return CustomerPackageCard(
        row.id, row.kind, row.name, row.customer_id, row.owner, row.price, row.percent_off, row.first_day, row.last_day,
        row.frozen_until, row.ended_at is not None or (row.last_day is not None and row.last_day < today), row.sharers,
        tuple(Sharer(*one) for one in row.shared or ()),
        tuple(
            SessionsLeft(lot.id, lot.service_id, lot.service, lot.sessions, lot.value, lot.first_day, lot.last_day)
            for lot in usable
        ),
        row.version, row.rests_from,
    )  # fmt: skip


_THEIRS = text("""
    SELECT p.id, p.kind, p.name, p.customer_id, trim(concat_ws(' ', c.first_name, c.last_name)) AS owner, p.price,
           p.percent_off, p.first_day, p.last_day, p.ended_at, p.sharers, p.version,
           (SELECT max(f.until_day) FROM package_freezes f
             WHERE f.customer_package_id = p.id AND f.first_day <= :today AND f.until_day > :today) AS frozen_until,
           (SELECT min(f.first_day) FROM package_freezes f
             WHERE f.customer_package_id = p.id AND f.first_day > :today AND f.until_day > f.first_day) AS rests_from,
           (SELECT jsonb_agg(jsonb_build_array(o.id, trim(concat_ws(' ', o.first_name, o.last_name))) ORDER BY s.id)
              FROM package_sharers s JOIN customers o ON o.id = s.customer_id
             WHERE s.customer_package_id = p.id AND s.removed_at IS NULL) AS shared
      FROM customer_packages p JOIN customers c ON c.id = p.customer_id
     WHERE p.id IN (SELECT CAST(:package AS bigint)
                     UNION ALL
                    SELECT o.id FROM customer_packages o WHERE o.customer_id = :customer
                     UNION ALL
                    SELECT s.customer_package_id FROM package_sharers s
                     WHERE s.customer_id = :customer AND s.removed_at IS NULL)
     ORDER BY p.customer_id <> coalesce(:customer, p.customer_id), p.last_day NULLS LAST, p.id
""")


@dataclass(frozen=True, kw_only=True)
class FindSessions:
    """Visits that are about to be paid."""

    appointment_ids: tuple[int, ...]
    customer_id: int | None = None
    """Who pays, for lines of visits without a customer."""
    package_ids: tuple[int, ...] = ()
    """Packages that are sold on the same ticket, each as often as it is."""


@dataclass(frozen=True)
class UsableSession:
    """A package that can pay for a line of a visit today: what `UseSession` is made of."""

    line_id: int
    service: str
    customer_package_id: int | None
    """None for a package that is sold on the same ticket."""
    name: str
    owner: str
    left: int
    """Sessions of that service, before this one."""
    last_day: dt.date | None


@dataclass(frozen=True)
class UsableSessions:
    """For each unpaid line the packages that could pay for it, what lapses first before what lasts."""

    sessions: tuple[UsableSession, ...]


@use_case(Deed.SELL)
def usable_sessions(work: Work, request: FindSessions) -> UsableSessions:
    """Which lines of visits could be paid for by which packages."""
    lines = work.session.execute(
        _LINES, {"visits": list(request.appointment_ids), "payer": request.customer_id}
    ).all()  # fmt: skip
    customers = {line.customer_id for line in lines if line.customer_id}
    lots = lots_left(work, customer_ids=customers) if customers else []
    found: dict[tuple[int, int], UsableSession] = {}
    for line in lines:
        for lot in lots:
            if lot.service_id != line.service_id or not lot.is_for(line.customer_id):
                continue
            if lot.is_usable(work.desk.today) and (line.id, lot.customer_package_id) not in found:
                found[line.id, lot.customer_package_id] = UsableSession(
                    line.id, line.name, lot.customer_package_id, lot.name, lot.owner, lot.sessions, lot.last_day
                )
    return UsableSessions((*found.values(), *_sold_with_it(work, request, lines)))


def _sold_with_it(work: Work, request: FindSessions, lines: Sequence[Row[Any]]) -> Iterator[UsableSession]:
    """The first sessions of what is sold on the same ticket."""
    if not request.package_ids:
        return
    rows = work.session.execute(_ON_TICKET, {"packages": list(request.package_ids)}).all()
    for line in lines:
        mine = [row for row in rows if row.service_id == line.service_id]
        if mine:
            left = sum(row.sessions for row in mine)
            yield UsableSession(line.id, line.name, None, mine[0].name, "", left, None)


_ON_TICKET = text("""
    SELECT p.name, s.service_id, s.sessions
      FROM unnest(CAST(:packages AS bigint[])) AS asked (id) JOIN packages p ON p.id = asked.id
      JOIN package_services s ON s.package_id = p.id ORDER BY p.id, s.id
""")


_LINES = text("""
    SELECT l.id, l.name, l.service_id, coalesce(a.customer_id, CAST(:payer AS bigint)) AS customer_id
      FROM appointment_services l JOIN appointments a ON a.id = l.appointment_id
     WHERE a.id = ANY (CAST(:visits AS bigint[])) AND l.quantity = 1
       AND l.status NOT IN ('cancelled', 'late_cancelled', 'no_show', 'void')
       AND NOT EXISTS (SELECT FROM paid_visit_lines p WHERE p.appointment_service_id = l.id)
     ORDER BY a.starts_at, a.id, l.position
""")
