"""Price classes: staff, a model, friends and family pay other prices than the list's (features CO6)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import text

from frontdesk.errors import BadInput, NotFound
from frontdesk.permissions import Deed
from frontdesk.services.typed import given
from frontdesk.services.use_case import Work, Write, use_case
from frontdesk.tables.catalogue import PriceClass


@dataclass(frozen=True, kw_only=True)
class AddPriceClass(Write):
    """A class that pays so much less than the list's prices."""

    name: str
    percent: Decimal


@dataclass(frozen=True, kw_only=True)
class EditPriceClass(Write):
    """Change a class; tickets that were paid keep their prices. What is not said stays."""

    price_class_id: int
    name: str | None = None
    percent: Decimal | None = None
    is_active: bool | None = None


@dataclass(frozen=True, kw_only=True)
class ListPriceClasses:
    """Who pays other prices."""

    all: bool = False
    """With those that are not given any more."""


@dataclass(frozen=True)
class PriceClassCard:
    """A price class."""

    id: int
    name: str
    percent: Decimal
    is_active: bool


@dataclass(frozen=True)
class PriceClasses:
    """By name."""

    classes: tuple[PriceClassCard, ...]


@use_case(Deed.EDIT_CATALOGUE)
def add_price_class(work: Work, request: AddPriceClass) -> PriceClassCard:
    """Make a class. Raises BadInput naming the field, NameTaken."""
    name = given(request.name, "price class", "a name, like Staff", "name")
    row = PriceClass(name=name, percent=_percent(request.percent))
    work.session.add(row)
    work.session.flush()
    work.session.refresh(row)
    work.tell("price_class.added", row.id)
    return PriceClassCard(row.id, row.name, row.percent, row.is_active)


@use_case(Deed.EDIT_CATALOGUE)
def edit_price_class(work: Work, request: EditPriceClass) -> PriceClassCard:
    """Change its name or share, or give it no longer. Raises NotFound, BadInput, NameTaken."""
    row = work.session.get(PriceClass, request.price_class_id, with_for_update=True)
    if row is None:
        remedy = "Look at the price classes."
        raise NotFound(what="price class", name=request.price_class_id, remedy=remedy)
    if request.name is not None:
        row.name = given(request.name, "price class", "a name, like Staff", "name")
    if request.percent is not None:
        row.percent = _percent(request.percent)
    if request.is_active is not None:
        row.is_active = request.is_active
    work.session.flush()
    work.tell("price_class.changed", row.id)
    return PriceClassCard(row.id, row.name, row.percent, row.is_active)


@use_case(Deed.SEE_BOOK)
def list_price_classes(work: Work, request: ListPriceClasses) -> PriceClasses:
    """The classes with their shares."""
    rows = work.session.execute(_CLASSES, {"all": request.all})
    return PriceClasses(tuple(PriceClassCard(*row) for row in rows))


_CLASSES = text("SELECT id, name, percent, is_active FROM price_classes WHERE :all OR is_active ORDER BY name, id")


def _percent(percent: Decimal) -> Decimal:
    if not percent.is_finite() or not 0 <= percent <= 100 or -int(percent.normalize().as_tuple().exponent) > 4:
        raise BadInput("The percent has to be between 0 and 100. Type 50, for example.", field="percent")
    return percent
