"""What the shop does for people: services and the parts they are made of (features CA1)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import text

from frontdesk.errors import BadInput, ChangedMeanwhile, NotFound
from frontdesk.permissions import Deed
from frontdesk.rules.plan import UNTOLD
from frontdesk.services.typed import amount_of, given
from frontdesk.services.use_case import Work, Write, use_case
from frontdesk.tables.catalogue import Service, ServiceCategory, ServicePart
from frontdesk.tables.terms import BundleService
from frontdesk.text import clean, clean_lines

PART_KINDS = ("buffer", "active", "processing", "finish", "cleanup")
"""What happens in a part of a service; the customer is told of neither buffer nor clean-up."""

HOLDS = ("lead", "assistant", "chair", "room", "machine")
"""Whom and what a part can keep busy."""

_LONGEST_PART = 1440


@dataclass(frozen=True, kw_only=True)
class ServicePartWish:
    """A part of a service: what happens, how long, and who is busy with it."""

    kind: str
    minutes: int
    holds: tuple[str, ...] = ("lead",)
    """Nobody when empty: colour that takes its time."""


@dataclass(frozen=True, kw_only=True)
class AddService(Write):
    """Something new on the menu, as so many minutes of one person or as a row of parts."""

    name: str
    code: str
    """What the booking line calls it: CUT."""
    price: Decimal
    category: str | None = None
    """The shelf by its name; one that is not there yet is made."""
    minutes: int | None = None
    parts: tuple[ServicePartWish, ...] = ()
    cost: Decimal = Decimal(0)
    """Product used, for after-cost commission."""
    description: str = ""
    kind: str = "service"
    """service, addon (added to others), bundle (several for one price) or class (with seats)."""
    seats: int | None = None
    """How many fit into a class."""
    contains: tuple[int, ...] = ()
    """The services of a bundle, in order; one may come twice."""


@dataclass(frozen=True, kw_only=True)
class EditService(AddService):
    """A service as it is from now on: every field, as it was seen and changed."""

    service_id: int
    version: int
    """The version that was seen, to notice what somebody else changed meanwhile."""
    is_active: bool = True
    """Still offered."""


@dataclass(frozen=True, kw_only=True)
class ListServices:
    """The menu."""

    all: bool = False
    """With what is no longer offered."""


@dataclass(frozen=True)
class ServicePartCard:
    """A part of a service."""

    kind: str
    minutes: int
    holds: tuple[str, ...]


@dataclass(frozen=True)
class ServiceCard:
    """A service with its parts."""

    id: int
    name: str
    code: str
    category: str | None
    price: Decimal
    cost: Decimal
    minutes: int
    """What the customer is told."""
    parts: tuple[ServicePartCard, ...]
    description: str
    is_active: bool
    version: int
    kind: str = "service"
    seats: int | None = None
    contains: tuple[int, ...] = ()
    """The services of a bundle."""


@dataclass(frozen=True)
class Services:
    """Services in the order of the menu."""

    services: tuple[ServiceCard, ...]


@use_case(Deed.EDIT_CATALOGUE)
def add_service(work: Work, request: AddService) -> ServiceCard:
    """Put a service on the menu. Raises BadInput naming the field, NameTaken for a code in use."""
    parts = _parts(request)
    service = Service(code="", name="", kind=_kind(work, request))
    _fill(work, service, request)
    work.session.add(service)
    work.session.flush()
    _write_parts(work, service.id, parts)
    _write_bundle(work, service.id, request.contains)
    work.tell("service.added", service.id)
    return _card(work, service.id)


@use_case(Deed.EDIT_CATALOGUE)
def edit_service(work: Work, request: EditService) -> ServiceCard:
    """Change a service: visits booked from now on use its new parts and price, booked ones keep theirs (features CA1).

    Raises BadInput naming the field, NotFound, NameTaken, ChangedMeanwhile.
    """
    service = work.session.get(Service, request.service_id, with_for_update=True)
    if service is None:
        raise NotFound(what="service", name=request.service_id, remedy="Look at the list of services.")
    if service.version != request.version:
        who = work.session.execute(_LAST_HAND, {"service": service.id}).scalars().first()
        raise ChangedMeanwhile(who=who or "Somebody")
    if _kind(work, request, service.id) != service.kind:
        raise BadInput(
            f"{service.name} stays what it is: {_ONE_OF[service.kind]}. Add another one instead.", field="kind"
        )
    parts = _parts(request)
    seen = _card(work, service.id)
    _fill(work, service, request)
    service.is_active = request.is_active
    work.session.flush()
    if replace(_card(work, service.id), parts=parts, contains=request.contains) == seen:
        return seen
    service.version += 1
    work.session.flush()
    if parts != seen.parts:
        work.session.execute(text("DELETE FROM service_parts WHERE service_id = :service"), {"service": service.id})
        _write_parts(work, service.id, parts)
    if request.contains != seen.contains:
        work.session.execute(text("DELETE FROM bundle_services WHERE bundle_id = :service"), {"service": service.id})
        _write_bundle(work, service.id, request.contains)
    work.tell("service.changed", service.id)
    return _card(work, service.id)


# A change of parts alone leaves no trace in the history of the service's own row.
_LAST_HAND = text("""
    SELECT who FROM audit_log
     WHERE (table_name = 'services' AND row_id = :service)
        OR (table_name = 'service_parts' AND CAST(coalesce(new, old) ->> 'service_id' AS bigint) = :service)
     ORDER BY at DESC, id DESC LIMIT 1
""")


@use_case(Deed.SEE_BOOK)
def list_services(work: Work, request: ListServices) -> Services:
    """The menu with prices and parts, in the order of its shelves."""
    rows = work.session.execute(_SERVICES, {"service": None, "all": request.all})
    return Services(tuple(_service(row) for row in rows))


def _fill(work: Work, service: Service, request: AddService) -> None:
    service.name = given(request.name, "service", "a name", "name")
    service.code = given(request.code, "service", "a code, like CUT", "code")
    service.price = amount_of(work, request.price, "price")
    service.cost = amount_of(work, request.cost, "cost")
    service.seats = request.seats
    service.description = clean_lines(request.description)
    service.category_id = _category(work, clean(request.category or ""))


KINDS = ("service", "addon", "bundle", "class")
"""A service of its own, something added to one, several for one price, or a class with seats."""
_ONE_OF = {"service": "a service", "addon": "an add-on", "bundle": "a bundle", "class": "a class"}


def _kind(work: Work, request: AddService, service_id: int | None = None) -> str:
    """What sort of thing is wished for, when it holds together. Raises BadInput."""
    if request.kind not in KINDS:
        raise BadInput(f"It can't be {clean(request.kind)!r}. Say {_either(KINDS)}.", field="kind")
    if request.kind == "class" and (request.seats is None or not 1 <= request.seats <= _MOST_SEATS):
        raise BadInput(f"A class has between 1 and {_MOST_SEATS} seats. Type 8, for example.", field="seats")
    if request.kind != "class" and request.seats is not None:
        raise BadInput("Only a class has seats.", field="seats")
    if request.kind != "bundle" and request.contains:
        raise BadInput("Only a bundle is made of other services.", field="contains")
    if request.kind == "bundle":
        _refuse_contents(work, request.contains, service_id)
    return request.kind


_MOST_SEATS = 500


def _refuse_contents(work: Work, contains: tuple[int, ...], bundle_id: int | None) -> None:
    """A bundle holds services that are booked by themselves, at least two."""
    if len(contains) < 2:
        raise BadInput("A bundle is made of two services or more. Choose what is in it.", field="contains")
    found = {row.id: row for row in work.session.execute(_CONTENTS, {"services": sorted(set(contains))})}
    for service_id in contains:
        if service_id not in found or service_id == bundle_id:
            raise NotFound(what="service", name=service_id, remedy="Look at the list of services.")
        if found[service_id].kind != "service":
            name, kind = found[service_id].name, found[service_id].kind
            raise BadInput(f"{name} can't be in a bundle: it is {_ONE_OF[kind]}.", field="contains")


_CONTENTS = text("SELECT id, name, kind FROM services WHERE id = ANY (:services) AND is_active")


def _write_bundle(work: Work, bundle_id: int, contains: tuple[int, ...]) -> None:
    work.session.add_all(
        BundleService(bundle_id=bundle_id, position=position, service_id=service_id)
        for position, service_id in enumerate(contains, start=1)
    )
    work.session.flush()


def _category(work: Work, name: str) -> int | None:
    """The shelf of that name, however it is capitalised; a new one at the end of the menu when there is none."""
    if not name:
        return None
    found = work.session.execute(_SHELF, {"name": name}).scalar()
    if found is not None:
        return int(found)
    place = work.session.execute(text("SELECT coalesce(max(position), 0) + 1 FROM service_categories")).scalar_one()
    shelf = ServiceCategory(name=name, position=place)
    work.session.add(shelf)
    work.session.flush()
    return shelf.id


_SHELF = text("SELECT id FROM service_categories WHERE lower(name) = lower(:name) ORDER BY name <> :name, id LIMIT 1")


def _parts(request: AddService) -> tuple[ServicePartCard, ...]:
    """How the service is laid out, from its minutes or its parts. Raises BadInput."""
    if request.kind == "bundle":
        if request.minutes is not None or request.parts:
            raise BadInput("A bundle takes as long as what is in it. Leave its minutes out.", field="minutes")
        return ()
    if request.minutes is not None and request.parts:
        raise BadInput("Say how long it takes in minutes or in parts, not in both.", field="minutes")
    if request.minutes is not None:
        _refuse_length(request.minutes, "The service", "minutes")
        return (ServicePartCard("active", request.minutes, ("lead",)),)
    if not request.parts:
        raise BadInput("How long does it take? Give its minutes or its parts.", field="minutes")
    return tuple(_part(number, part) for number, part in enumerate(_refuse_untold(request.parts), start=1))


def _part(number: int, part: ServicePartWish) -> ServicePartCard:
    if part.kind not in PART_KINDS:
        raise BadInput(f"Part {number} can't be {clean(part.kind)!r}. Say {_either(PART_KINDS)}.", field="parts")
    _refuse_length(part.minutes, f"Part {number}", "parts")
    for held in part.holds:
        if held not in HOLDS:
            raise BadInput(f"Part {number} can't hold {clean(held)!r}. Say {_either(HOLDS)}.", field="parts")
    return ServicePartCard(part.kind, part.minutes, tuple(dict.fromkeys(part.holds)))


def _refuse_untold(parts: tuple[ServicePartWish, ...]) -> tuple[ServicePartWish, ...]:
    if all(part.kind in UNTOLD for part in parts):
        raise BadInput("One part has to be the service itself: active, processing or finish.", field="parts")
    return parts


def _refuse_length(minutes: int, what: str, field: str) -> None:
    if not 1 <= minutes <= _LONGEST_PART:
        raise BadInput(f"{what} takes between 1 and {_LONGEST_PART} minutes. Type 45, for example.", field=field)


def _either(words: tuple[str, ...]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"


def _write_parts(work: Work, service_id: int, parts: tuple[ServicePartCard, ...]) -> None:
    work.session.add_all(
        ServicePart(
            service_id=service_id, position=position, kind=part.kind, minutes=part.minutes, holds=list(part.holds)
        )
        for position, part in enumerate(parts, start=1)
    )
    work.session.flush()


def _card(work: Work, service_id: int) -> ServiceCard:
    return _service(work.session.execute(_SERVICES, {"service": service_id, "all": True}).one())


_SERVICES = text("""
    SELECT v.id, v.name, v.code, c.name AS category, v.price, v.cost, v.description, v.is_active, v.version, v.kind,
           v.seats,
           (SELECT coalesce(array_agg(b.service_id ORDER BY b.position), '{}')
              FROM bundle_services b WHERE b.bundle_id = v.id) AS contains,
           (SELECT coalesce(sum(p.minutes), 0)
              FROM bundle_services b JOIN service_parts p ON p.service_id = b.service_id
             WHERE b.bundle_id = v.id AND p.kind NOT IN ('buffer', 'cleanup')) AS bundled,
           (SELECT coalesce(jsonb_agg(jsonb_build_array(p.kind, p.minutes, to_jsonb(p.holds))
                                     ORDER BY p.position), '[]')
              FROM service_parts p WHERE p.service_id = v.id) AS parts
      FROM services v LEFT JOIN service_categories c ON c.id = v.category_id
     WHERE (v.id = CAST(:service AS bigint) OR CAST(:service AS bigint) IS NULL) AND (v.is_active OR :all)
     ORDER BY c.position NULLS LAST, v.name, v.id
""")


def _service(row: Any) -> ServiceCard:  # noqa: ANN401  a row
    parts = tuple(ServicePartCard(kind, minutes, tuple(holds)) for kind, minutes, holds in row.parts)
    told = row.bundled + sum(part.minutes for part in parts if part.kind not in UNTOLD)
    return ServiceCard(
        row.id, row.name, row.code, row.category, row.price, row.cost, told, parts, row.description, row.is_active,
        row.version, row.kind, row.seats, tuple(row.contains),
    )  # fmt: skip
