"""What becomes of packages after they are sold: frozen, shared, corrected, lapsed, brought from elsewhere (CO9)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import text

from frontdesk.errors import BadInput, NotFound, ReasonMissing, Refusal
from frontdesk.permissions import Deed
from frontdesk.rules.sessions import Contents, last_day_of, lots_of
from frontdesk.services.packages import package_lots
from frontdesk.services.packages.packages import CustomerPackageCard, Sessions, ShowCustomerPackages, packages_of
from frontdesk.services.prepaid import forfeiting, prepaid
from frontdesk.services.typed import amount_of
from frontdesk.services.use_case import Work, Write, use_case
from frontdesk.services.wording import day_words
from frontdesk.tables.packages import CustomerPackage, PackageFreeze, PackageSharer
from frontdesk.text import clean

_LONGEST_FREEZE = 366


class NotShared(Refusal):
    """{name} can be shared with {most} others, and it is already. Take somebody off it first."""


@dataclass(frozen=True, kw_only=True)
class FreezePackage(Write):
    """Days on which a package rests; it is good for as many days longer."""

    customer_package_id: int
    until_day: dt.date
    """The first day on which it can be used again."""
    reason: str
    first_day: dt.date | None = None
    """From today when it is not said."""


@dataclass(frozen=True, kw_only=True)
class ThawPackage(Write):
    """A package is used again before its freeze is over."""

    customer_package_id: int


@dataclass(frozen=True, kw_only=True)
class SharePackage(Write):
    """Somebody else may use a package."""

    customer_package_id: int
    customer_id: int


@dataclass(frozen=True, kw_only=True)
class UnsharePackage(Write):
    """Somebody may use it no more."""

    customer_package_id: int
    customer_id: int


@dataclass(frozen=True, kw_only=True)
class BringPackage(Write):
    """A package that was sold elsewhere, or before frontdesk: an opening balance, without a sale."""

    package_id: int
    customer_id: int
    services: tuple[Sessions, ...]
    """What is left of it."""
    value: Decimal
    """What that is worth."""
    reason: str
    first_day: dt.date | None = None
    last_day: dt.date | None = None
    """By the package's months when it is not said."""


@dataclass(frozen=True, kw_only=True)
class CorrectSessions(Write):
    """Sessions put right by hand: more, or fewer."""

    lot_id: int
    sessions: int
    """How many come; negative when they go."""
    reason: str


@dataclass(frozen=True, kw_only=True)
class LapsePackages(Write):
    """What was not used in time is entered as lapsed, on the day after its last."""


@dataclass(frozen=True)
class Lapsed:
    """What has lapsed."""

    sessions: int
    value: Decimal


@use_case(Deed.SELL)
def freeze_package(work: Work, request: FreezePackage) -> CustomerPackageCard:
    """Let a package rest. Raises BadInput, NotFound, ReasonMissing and PackageFrozenThen. Holds the package."""
    package = _held(work, request.customer_package_id)
    first, until = request.first_day or work.desk.today, request.until_day
    if not clean(request.reason):
        raise ReasonMissing
    if first < work.desk.today:
        raise BadInput("A freeze begins today or later.", field="first_day")
    if not first < until <= first + dt.timedelta(days=_LONGEST_FREEZE):
        raise BadInput("Say until when it rests: a day after it begins, within a year.", field="until_day")
    if package.last_day is not None and package.last_day < first:
        raise BadInput(f"It is good until {day_words(package.last_day)} only. Freeze it before.", field="first_day")
    work.session.add(
        PackageFreeze(
            customer_package_id=package.id,
            first_day=first,
            until_day=until,
            reason=clean(request.reason),
            at=work.now,
        )
    )
    work.session.flush()
    _shift(work, package.id, first, (until - first).days)
    work.tell("package.froze", package.id)
    return _card(work, package.id)


@use_case(Deed.SELL)
def thaw_package(work: Work, request: ThawPackage) -> CustomerPackageCard:
    """End a freeze today: the days that were not rested are taken off again. Raises NotFound. Holds the package."""
    package = _held(work, request.customer_package_id)
    today = work.desk.today
    freeze = work.session.execute(_FREEZE, {"package": package.id, "today": today}).one_or_none()
    if freeze is None:
        raise NotFound(what="freeze", name=f"of {package.name} today", remedy="It can be used.")
    begins = max(freeze.first_day, today)
    work.session.execute(
        text("UPDATE package_freezes SET until_day = :until WHERE id = :id"), {"until": begins, "id": freeze.id}
    )
    _shift(work, package.id, begins, -(freeze.until_day - begins).days)
    work.tell("package.thawed", package.id)
    return _card(work, package.id)


_FREEZE = text("""
    SELECT id, first_day, until_day FROM package_freezes
     WHERE customer_package_id = :package AND until_day > :today ORDER BY first_day LIMIT 1
""")


def _shift(work: Work, package_id: int, first: dt.date, days: int) -> None:
    """What would have been good after that day is good so many days later."""
    asked = {"package": package_id, "first": first, "days": days}
    work.session.execute(_SHIFT_LOTS, asked)
    work.session.execute(_SHIFT_PACKAGE, asked)


_SHIFT_LOTS = text("""
    UPDATE package_lots
       SET last_day = CAST(last_day + :days * INTERVAL '1 day' AS date),
           first_day = CASE WHEN first_day > :first THEN CAST(first_day + :days * INTERVAL '1 day' AS date)
                       ELSE first_day END
     WHERE customer_package_id = :package AND (last_day IS NULL OR last_day >= :first)
""")
_SHIFT_PACKAGE = text("""
    UPDATE customer_packages
       SET last_day = CAST(last_day + :days * INTERVAL '1 day' AS date), version = version + 1 WHERE id = :package
""")


@use_case(Deed.SELL)
def share_package(work: Work, request: SharePackage) -> CustomerPackageCard:
    """Let somebody else use a package, as many as it allows. Raises NotShared, NotFound, BadInput."""
    package = _held(work, request.customer_package_id)
    if request.customer_id == package.customer_id:
        raise BadInput("It is theirs already. Name somebody else.", field="customer_id")
    known = work.session.execute(text("SELECT id FROM customers WHERE id = :id"), {"id": request.customer_id}).scalar()
    if known is None:
        raise NotFound(what="customer", name=request.customer_id, remedy="Add them first.")
    sharers = work.session.execute(
        text("SELECT customer_id FROM package_sharers WHERE customer_package_id = :id AND removed_at IS NULL"),
        {"id": package.id},
    ).scalars()
    shared = set(sharers)
    if request.customer_id in shared:
        return _card(work, package.id)
    if len(shared) >= package.sharers:
        raise NotShared(name=package.name, most=package.sharers or "no")
    work.session.add(PackageSharer(customer_package_id=package.id, customer_id=request.customer_id, at=work.now))
    work.session.flush()
    work.tell("package.shared", package.id)
    return _card(work, package.id)


@use_case(Deed.SELL)
def unshare_package(work: Work, request: UnsharePackage) -> CustomerPackageCard:
    """Take somebody off a package. Raises NotFound."""
    package = _held(work, request.customer_package_id)
    gone = work.session.execute(
        text(
            "UPDATE package_sharers SET removed_at = :now"
            " WHERE customer_package_id = :id AND customer_id = :customer AND removed_at IS NULL RETURNING id"
        ),
        {"now": work.now, "id": package.id, "customer": request.customer_id},
    ).scalar()
    if gone is None:
        raise NotFound(what="customer", name=request.customer_id, remedy="It is not shared with them.")
    work.tell("package.shared", package.id)
    return _card(work, package.id)


@use_case(Deed.GIVE_CREDIT)
def bring_package(work: Work, request: BringPackage) -> CustomerPackageCard:
    """Enter what is left of a package that was not sold here. Raises BadInput, NotFound, ReasonMissing."""
    if not clean(request.reason):
        raise ReasonMissing
    offered = work.session.execute(_OFFERED, {"id": request.package_id}).one_or_none()
    if offered is None:
        raise NotFound(what="package", name=request.package_id, remedy="Put it on offer first, if only for this.")
    asked = {"ids": [one.service_id for one in request.services]}
    listed = work.session.execute(text("SELECT id, price FROM services WHERE id = ANY (:ids)"), asked)
    prices = {row.id: row.price for row in listed}
    if not request.services or any(one.service_id not in prices or one.sessions < 1 for one in request.services):
        raise BadInput("Say of which services how many sessions are left.", field="services")
    value, first = amount_of(work, request.value, "value"), request.first_day or work.desk.today
    last = request.last_day or last_day_of(first, offered.months)
    if last is not None and last < first:
        raise BadInput("Its last day lies before its first.", field="last_day")
    package = CustomerPackage(
        shop_id=work.shop.id, package_id=offered.id, customer_id=request.customer_id, kind=offered.kind,
        name=offered.name, price=value, currency=work.shop.currency, percent_off=offered.percent_off,
        sharers=offered.sharers, tax_point="used", first_day=first, last_day=last, reason=clean(request.reason),
        created_at=work.now,
    )  # fmt: skip
    work.session.add(package)
    work.session.flush()
    contents = [Contents(one.service_id, one.sessions, prices[one.service_id]) for one in request.services]
    lots = lots_of(contents, [(first, last)], value, Decimal(0), work.shop.currency)
    package_lots.write_lots(work, package, lots, kind="opened", sale_id=None, line_id=None)
    work.tell("package.brought", package.id)
    return _card(work, package.id)


_OFFERED = text("SELECT id, kind, name, months, percent_off, sharers FROM packages WHERE id = :id")


@use_case(Deed.GIVE_CREDIT)
def correct_sessions(work: Work, request: CorrectSessions) -> CustomerPackageCard:
    """Give sessions, or take some, by hand and with a reason; those that are taken take their value with them.

    Raises NotFound, ReasonMissing, BadInput.
    """
    if not clean(request.reason):
        raise ReasonMissing
    if not request.sessions:
        raise BadInput("Say how many sessions more, or fewer: 1, or -1.", field="sessions")
    owner = work.session.execute(
        text("SELECT customer_package_id FROM package_lots WHERE id = :id"), {"id": request.lot_id}
    ).scalar()
    if owner is None:
        raise NotFound(what="lot", name=request.lot_id, remedy="Look at the customer's packages.")
    _held(work, owner)
    lot = next(lot for lot in package_lots.lots_left(work, customer_package_ids=[owner]) if lot.id == request.lot_id)
    value = tax = Decimal(0)
    if request.sessions < 0:
        if lot.sessions + request.sessions < 0:
            left = f"{lot.sessions} are left: take {lot.sessions} at most." if lot.sessions else "None is left to take."
            raise BadInput(left, field="sessions")
        rest = package_lots.worth(lot, lot.sessions + request.sessions)
        value, tax = rest[0] - lot.value, rest[1] - lot.tax
    package_lots.note(
        work, lot.id, "corrected", request.sessions, value, tax, customer_id=lot.customer_id,
        reason=clean(request.reason),
    )  # fmt: skip
    work.session.flush()
    work.tell("package.corrected", owner)
    return _card(work, owner)


@use_case(Deed.SELL)
def lapse_packages(work: Work, request: LapsePackages) -> Lapsed:
    """Enter what was not used in time, dated the day after its last. Nothing that is entered is entered again."""
    gone = lapse(work)
    work.tell("package.lapsed", 0)
    return gone


def lapse(work: Work) -> Lapsed:
    """The same over open work, and nobody is told.

    Where packages are not kept by the shop's rule nothing lapses by itself: it stays owed until it is given back.
    """
    if prepaid.rule_of(work, "package").forfeit != "kept":
        return Lapsed(0, Decimal(0))
    # Held in one order, and read only once they are: a till may just be using one.
    asked = {"today": work.desk.today, "shop": work.shop.id}
    lots = [row.id for row in work.session.execute(_HOLD_LAPSED, asked)]
    rows = work.session.execute(_LAPSED, {"lots": lots}).all()
    rates = forfeiting.rates_of_services(work) if rows else ()
    for row in rows:
        due = forfeiting.tax_in(row.value, rates, work.shop.currency) if row.tax_point == "used" else ()
        package_lots.note(
            work,
            row.id,
            "expired",
            -row.sessions,
            -row.value,
            -row.tax,
            day=row.last_day + dt.timedelta(days=1),
            due=due,
        )
    work.session.flush()
    return Lapsed(sum(row.sessions for row in rows), sum((row.value for row in rows), Decimal(0)))


_HOLD_LAPSED = text("""
    SELECT t.id FROM package_lots t JOIN customer_packages p ON p.id = t.customer_package_id
     WHERE t.last_day < :today AND p.shop_id = :shop
       AND (SELECT sum(e.sessions) FROM package_entries e WHERE e.lot_id = t.id) > 0
     ORDER BY t.id FOR NO KEY UPDATE OF t
""")
_LAPSED = text("""
    SELECT t.id, t.last_day, p.tax_point, sum(e.sessions) AS sessions, sum(e.value) AS value, sum(e.tax) AS tax
      FROM package_lots t JOIN package_entries e ON e.lot_id = t.id
      JOIN customer_packages p ON p.id = t.customer_package_id
     WHERE t.id = ANY (CAST(:lots AS bigint[])) GROUP BY t.id, p.id HAVING sum(e.sessions) > 0 ORDER BY t.id
""")


def _held(work: Work, package_id: int) -> CustomerPackage:
    package = work.session.get(CustomerPackage, package_id, with_for_update={"key_share": True})
    if package is None:
        raise NotFound(what="package of a customer", name=package_id, remedy="Look at what the customer has.")
    if package.ended_at is not None:
        raise BadInput(f"{package.name} was given back, and nothing of it is left.", field="customer_package_id")
    package_lots.hold(work, [package_id])
    return package


def _card(work: Work, package_id: int) -> CustomerPackageCard:
    work.session.expire_all()
    found: Sequence[CustomerPackageCard] = packages_of(
        work, ShowCustomerPackages(customer_package_id=package_id, all=True)
    )
    return found[0]
