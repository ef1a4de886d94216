"""What a service costs and how long it takes with stylists of a level (features CA2)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import text

from frontdesk.errors import BadInput, NotFound
from frontdesk.permissions import Deed
from frontdesk.services.typed import amount_of
from frontdesk.services.use_case import Work, Write, use_case
from frontdesk.tables.catalogue import Service
from frontdesk.tables.terms import ServiceLevel
from frontdesk.text import clean

_LONGEST = 1440


@dataclass(frozen=True, kw_only=True)
class LevelWish:
    """What differs with stylists of one level."""

    level: str
    """Senior, as it stands on the stylist."""
    price: Decimal | None = None
    minutes: int | None = None


@dataclass(frozen=True, kw_only=True)
class SetLevels(Write):
    """Every level of a service from now on."""

    service_id: int
    levels: tuple[LevelWish, ...]


@dataclass(frozen=True, kw_only=True)
class ListLevels:
    """The levels of a service."""

    service_id: int


@dataclass(frozen=True)
class LevelCard:
    """What differs with stylists of one level."""

    level: str
    price: Decimal | None
    minutes: int | None


@dataclass(frozen=True)
class Levels:
    """The levels of a service, and every level there is among the stylists."""

    levels: tuple[LevelCard, ...]
    known: tuple[str, ...]


@use_case(Deed.EDIT_CATALOGUE)
def set_levels(work: Work, request: SetLevels) -> Levels:
    """Say what a service costs and takes with stylists of each level. Raises NotFound, BadInput."""
    if work.session.get(Service, request.service_id) is None:
        raise NotFound(what="service", name=request.service_id, remedy="Look at the list of services.")
    wished: dict[str, LevelWish] = {}
    for wish in request.levels:
        level = clean(wish.level)
        if not level:
            raise BadInput("A level needs a name, like senior.", field="levels")
        if level in wished:
            raise BadInput(f"{level} is there twice.", field="levels")
        if wish.price is None and wish.minutes is None:
            raise BadInput(f"Say what differs with {level}: the price, the minutes or both.", field="levels")
        if wish.minutes is not None and not 1 <= wish.minutes <= _LONGEST:
            raise BadInput(f"With {level} it takes between 1 and {_LONGEST} minutes. Type 60.", field="levels")
        wished[level] = wish
    work.session.execute(
        text("DELETE FROM service_levels WHERE service_id = :service"), {"service": request.service_id}
    )
    work.session.add_all(
        ServiceLevel(
            service_id=request.service_id,
            level=level,
            price=None if wish.price is None else amount_of(work, wish.price, "price"),
            minutes=wish.minutes,
        )
        for level, wish in wished.items()
    )
    work.session.flush()
    work.tell("service.changed", request.service_id)
    return _levels(work, request.service_id)


@use_case(Deed.SEE_BOOK)
def list_levels(work: Work, request: ListLevels) -> Levels:
    """What a service costs and takes with stylists of each level."""
    return _levels(work, request.service_id)


def _levels(work: Work, service_id: int) -> Levels:
    rows = work.session.execute(_OF, {"service": service_id}).all()
    known = work.session.execute(_KNOWN).scalars().all()
    return Levels(tuple(LevelCard(*row) for row in rows), tuple(known))


_OF = text("SELECT level, price, minutes FROM service_levels WHERE service_id = :service ORDER BY level")
_KNOWN = text("SELECT DISTINCT level FROM stylists WHERE is_active AND level <> '' ORDER BY level")
