"""Who serves and what else has a strip: stylists, their week and their rates, rooms, chairs and machines (ST1, ST5)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from sqlalchemy import text

from frontdesk.errors import BadInput, NameTaken, NotFound
from frontdesk.permissions import Deed
from frontdesk.services import slots
from frontdesk.services.hours_wishes import refuse_bad_week, shop_of, stylist_to_change
from frontdesk.services.roster import Shift
from frontdesk.services.use_case import Work, Write, use_case
from frontdesk.tables.hours import WeeklyShift
from frontdesk.tables.stylists import Resource, Stylist, StylistSpecialty
from frontdesk.text import clean, email_address, phone_number

ResourceKind = Literal["room", "chair", "machine"]


@dataclass(frozen=True, kw_only=True)
class AddStylist(Write):
    """Somebody new who serves, from today."""

    first_name: str
    """What the book calls them."""
    last_name: str = ""
    code: str | None = None
    phone: str = ""
    email: str = ""
    shifts: tuple[Shift, ...] = ()
    """Their usual week."""
    service_ids: tuple[int, ...] = ()
    """What they can do; everything when neither services nor categories are given."""
    category_ids: tuple[int, ...] = ()
    service_percent: Decimal | None = None
    """What they earn of services."""
    product_percent: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class ListStylists:
    """Who serves."""

    all: bool = False
    """With those who left."""


@dataclass(frozen=True)
class StylistCard:
    """Somebody who serves, with the week that holds today. What they earn is not on it."""

    id: int
    resource_id: int
    name: str
    first_name: str
    last_name: str
    code: str | None
    phone: str | None
    email: str | None
    is_active: bool
    shifts: tuple[Shift, ...]
    service_ids: tuple[int, ...]
    category_ids: tuple[int, ...]
    version: int


@dataclass(frozen=True)
class Stylists:
    """Stylists in the order of the book."""

    stylists: tuple[StylistCard, ...]


@dataclass(frozen=True, kw_only=True)
class SetRates(Write):
    """What a stylist earns of a line from a day on; a rate that is not given stays."""

    stylist_id: int
    service_percent: Decimal | None = None
    product_percent: Decimal | None = None
    valid_from: dt.date | None = None
    """Today, when it is not given."""


@dataclass(frozen=True)
class RatesSet:
    """Whose rates were set, and from when. The rates are not kept in the answer."""

    stylist_id: int
    stylist: str
    valid_from: dt.date


@dataclass(frozen=True, kw_only=True)
class AddResource(Write):
    """A room, a chair or a machine of this shop."""

    kind: ResourceKind
    name: str


@dataclass(frozen=True, kw_only=True)
class ListResources:
    """Everything of this shop that has a strip, stylists too."""


@dataclass(frozen=True)
class ResourceCard:
    """A column of the book."""

    id: int
    kind: str
    name: str
    is_active: bool


@dataclass(frozen=True)
class Resources:
    """Stylists, rooms, chairs and machines in the order of the book."""

    resources: tuple[ResourceCard, ...]


@use_case(Deed.EDIT_ROSTER)
def add_stylist(work: Work, request: AddStylist) -> StylistCard:
    """Add somebody who serves and lay out their strip a year ahead.

    Raises BadInput naming the field, NameTaken for a name or code in use, NotFound for a service, category or shop
    that is not there, NotAllowed when rates are given by somebody who may not change them.
    """
    if request.service_percent is not None or request.product_percent is not None:
        work.require(Deed.EDIT_RATES)
    first_name, last_name = clean(request.first_name), clean(request.last_name)
    if not first_name:
        raise BadInput("A stylist needs a first name for the book to call them by.", field="first_name")
    refuse_bad_week([(shift.weekday, shift.starts, shift.ends) for shift in request.shifts])
    code = clean(request.code or "") or None
    if code and work.session.execute(_CODE, {"code": code}).scalar():
        raise NameTaken
    phone = phone_number(request.phone, work.shop.country) if clean(request.phone) else None
    email = email_address(request.email) if clean(request.email) else None
    resource = _resource(work, "stylist", _column_name(work, first_name, last_name))
    stylist = Stylist(
        resource_id=resource.id, code=code, first_name=first_name, last_name=last_name, phone=phone, email=email
    )
    work.session.add(stylist)
    work.session.flush()
    _write_week(work, stylist.id, request.shifts)
    _write_specialties(work, stylist.id, request)
    _write_rates(work, stylist.id, work.desk.today, request)
    _lay_out(work, resource)
    work.tell("stylist.added", stylist.id)
    return next(_cards(work, stylist.id))


@use_case(Deed.SEE_BOOK)
def list_stylists(work: Work, request: ListStylists) -> Stylists:
    """Who serves, with this week's shifts and what each can do."""
    return Stylists(tuple(card for card in _cards(work) if request.all or card.is_active))


@use_case(Deed.EDIT_RATES)
def set_rates(work: Work, request: SetRates) -> RatesSet:
    """What a stylist earns from a day on; sales before it keep the old. Raises BadInput, NotFound."""
    if request.service_percent is None and request.product_percent is None:
        raise BadInput("Say what they earn: of services, of products or of both.", field="service_percent")
    stylist = stylist_to_change(work, request.stylist_id)
    first = request.valid_from or work.desk.today
    _write_rates(work, stylist.id, first, request)
    work.tell("stylist.changed", stylist.id)
    return RatesSet(stylist.id, stylist.name, first)


@use_case(Deed.EDIT_ROSTER)
def add_resource(work: Work, request: AddResource) -> ResourceCard:
    """Add a room, a chair or a machine, open whenever the shop is. Raises BadInput, NameTaken."""
    name = clean(request.name)
    if request.kind not in ("room", "chair", "machine"):
        raise BadInput("It can be a room, a chair or a machine. Say which.", field="kind")
    if not name:
        raise BadInput(f"The {request.kind} needs a name, like {request.kind.capitalize()} 1.", field="name")
    resource = _resource(work, request.kind, name)
    _lay_out(work, resource)
    work.tell("resource.added", resource.id)
    return ResourceCard(resource.id, resource.kind, resource.name, True)


@use_case(Deed.SEE_BOOK)
def list_resources(work: Work, request: ListResources) -> Resources:
    """Everything of this shop that has a strip, in the order of the book."""
    rows = work.session.execute(_RESOURCES, {"shop": work.shop.id})
    return Resources(tuple(ResourceCard(*row) for row in rows))


_RESOURCES = text("""
    SELECT id, kind, name, is_active FROM resources WHERE shop_id = :shop
     ORDER BY array_position('{stylist,chair,room,machine}'::text[], kind), position, id
""")
_CODE = text("SELECT true FROM stylists WHERE code = :code")


def _column_name(work: Work, first_name: str, last_name: str) -> str:
    """The first name, and the whole one for the second Anna."""
    known = text("SELECT true FROM resources WHERE kind = 'stylist' AND name = :name")
    taken = work.session.execute(known, {"name": first_name}).scalar()
    return f"{first_name} {last_name}".strip() if taken else first_name


def _resource(work: Work, kind: str, name: str) -> Resource:
    last = text("SELECT coalesce(max(position), 0) FROM resources WHERE kind = :kind")
    place = work.session.execute(last, {"kind": kind}).scalar_one() + 1
    resource = Resource(shop_id=work.shop.id, kind=kind, name=name, position=place)
    work.session.add(resource)
    work.session.flush()
    return resource


def _lay_out(work: Work, resource: Resource) -> None:
    work.session.flush()
    slots.publish(work, [resource.id], work.desk.today + slots.PUBLISHED_AHEAD)


def _write_week(work: Work, stylist_id: int, shifts: tuple[Shift, ...]) -> None:
    work.session.add_all(
        WeeklyShift(
            stylist_id=stylist_id,
            shop_id=shop_of(work, shift.shop_id),
            weekday=shift.weekday,
            starts=shift.starts,
            ends=shift.ends,
            valid_from=work.desk.today,
        )
        for shift in shifts
    )


def _write_specialties(work: Work, stylist_id: int, request: AddStylist) -> None:
    services, categories = dict.fromkeys(request.service_ids), dict.fromkeys(request.category_ids)
    for what, wanted, known in (("service", services, _SERVICES), ("category", categories, _CATEGORIES)):
        found = set(work.session.execute(known, {"ids": list(wanted)}).scalars())
        missing = next((each for each in wanted if each not in found), None)
        if missing is not None:
            raise NotFound(what=what, name=missing, remedy="Look at the list of services.")
    work.session.add_all(StylistSpecialty(stylist_id=stylist_id, service_id=each) for each in services)
    work.session.add_all(StylistSpecialty(stylist_id=stylist_id, category_id=each) for each in categories)


_SERVICES = text("SELECT id FROM services WHERE id = ANY (:ids)")
_CATEGORIES = text("SELECT id FROM service_categories WHERE id = ANY (:ids)")


def _write_rates(work: Work, stylist_id: int, first: dt.date, request: AddStylist | SetRates) -> None:
    given = {"service": request.service_percent, "product": request.product_percent}
    work.session.flush()
    for kind, percent in given.items():
        if percent is None:
            continue
        if not percent.is_finite() or not 0 <= percent <= 100:
            raise BadInput("A rate has to be between 0 and 100 %. Type 40, for example.", field=f"{kind}_percent")
        if -int(percent.normalize().as_tuple().exponent) > 4:
            raise BadInput("A rate has at most four decimals. Type 35.5, for example.", field=f"{kind}_percent")
        asked = {"stylist": stylist_id, "kind": kind, "percent": percent.normalize(), "first": first}
        work.session.execute(_RATE, asked)


_RATE = text("""
    INSERT INTO stylist_rates (stylist_id, kind, percent, valid_from) VALUES (:stylist, :kind, :percent, :first)
    ON CONFLICT ON CONSTRAINT stylist_rates_key DO UPDATE SET percent = excluded.percent
""")


def _cards(work: Work, stylist_id: int | None = None) -> Iterator[StylistCard]:
    rows = work.session.execute(_STYLISTS, {"stylist": stylist_id, "today": work.desk.today})
    for row in rows:
        yield StylistCard(
            id=row.id,
            resource_id=row.resource_id,
            name=f"{row.first_name} {row.last_name}".strip(),
            first_name=row.first_name,
            last_name=row.last_name,
            code=row.code,
            phone=row.phone,
            email=row.email,
            is_active=row.is_active,
            shifts=tuple(
                Shift(weekday=weekday, starts=_wall(starts), ends=_wall(ends), shop_id=shop_id)
                for weekday, starts, ends, shop_id in row.shifts
            ),
            service_ids=tuple(row.services),
            category_ids=tuple(row.categories),
            version=row.version,
        )


def _wall(said: str) -> dt.time:
    return dt.time.fromisoformat(said)


_STYLISTS = text("""
    SELECT p.id, p.resource_id, p.first_name, p.last_name, p.code, p.phone, p.email, p.is_active, p.version,
           (SELECT coalesce(jsonb_agg(jsonb_build_array(w.weekday, w.starts, w.ends, w.shop_id)
                                      ORDER BY w.weekday, w.starts), '[]')
              FROM weekly_shifts w
             WHERE w.stylist_id = p.id AND w.valid_from <= :today AND w.valid_until > :today) AS shifts,
           ARRAY(SELECT x.service_id FROM stylist_specialties x
                  WHERE x.stylist_id = p.id AND x.service_id IS NOT NULL ORDER BY 1) AS services,
           ARRAY(SELECT x.category_id FROM stylist_specialties x
                  WHERE x.stylist_id = p.id AND x.category_id IS NOT NULL ORDER BY 1) AS categories
      FROM stylists p JOIN resources r ON r.id = p.resource_id
     WHERE p.id = CAST(:stylist AS bigint) OR CAST(:stylist AS bigint) IS NULL
     ORDER BY r.position, p.id
""")
