"""Where things lie beside the shelf, and how many there should be of each (features CA6)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text

from frontdesk.errors import BadInput, NotFound
from frontdesk.permissions import Deed
from frontdesk.services.typed import given
from frontdesk.services.use_case import Work, Write, use_case
from frontdesk.tables.stock import StockLocation


@dataclass(frozen=True, kw_only=True)
class AddPlace(Write):
    """A store room, the backbar."""

    name: str


@dataclass(frozen=True, kw_only=True)
class EditPlace(Write):
    """A place as it is from now on."""

    location_id: int
    name: str
    is_active: bool = True


@dataclass(frozen=True, kw_only=True)
class ListPlaces:
    """The places of this shop."""

    all: bool = False
    """With those that are no longer used."""


@dataclass(frozen=True)
class Place:
    """Where things lie that are not on the shelf."""

    id: int
    name: str
    is_active: bool
    pieces: int
    """That lie there."""


@dataclass(frozen=True)
class Places:
    """Places by name."""

    places: tuple[Place, ...]


@use_case(Deed.EDIT_CATALOGUE)
def add_place(work: Work, request: AddPlace) -> Place:
    """A new place in this shop. Raises BadInput, NameTaken."""
    row = StockLocation(shop_id=work.shop.id, name=given(request.name, "place", "a name, like Store room", "name"))
    work.session.add(row)
    work.session.flush()
    work.tell("stock_place.added", row.id or 0)
    return _place(work, row.id or 0)


@use_case(Deed.EDIT_CATALOGUE)
def edit_place(work: Work, request: EditPlace) -> Place:
    """Call a place something else, or use it no longer once it is empty. Raises BadInput, NotFound, NameTaken."""
    row = work.session.get(StockLocation, request.location_id, with_for_update=True)
    if row is None or row.shop_id != work.shop.id:
        raise NotFound(what="place", name=request.location_id, remedy="Look at the places of this shop.")
    row.name = given(request.name, "place", "a name, like Store room", "name")
    here = _place(work, request.location_id)
    if not request.is_active and here.pieces:
        raise BadInput(f"{here.pieces} pieces lie in {here.name}. Carry them elsewhere first: stock move.")
    row.is_active = request.is_active
    work.session.flush()
    work.tell("stock_place.changed", request.location_id)
    return _place(work, request.location_id)


@use_case(Deed.SEE_BOOK)
def list_places(work: Work, request: ListPlaces) -> Places:
    """Where things lie in this shop beside the shelf, and how many."""
    rows = work.session.execute(_PLACES, {"shop": work.shop.id, "all": request.all, "one": None})
    return Places(tuple(Place(*row) for row in rows))


def _place(work: Work, number: int) -> Place:
    return Place(*work.session.execute(_PLACES, {"shop": work.shop.id, "all": True, "one": number}).one())


_PLACES = text("""
    SELECT l.id, l.name, l.is_active,
           CAST((SELECT coalesce(sum(m.quantity), 0) FROM stock_moves m WHERE m.location_id = l.id) AS bigint) AS pieces
      FROM stock_locations l
     WHERE l.shop_id = :shop AND (l.is_active OR :all) AND (CAST(:one AS bigint) IS NULL OR l.id = CAST(:one AS bigint))
     ORDER BY l.name
""")


@dataclass(frozen=True, kw_only=True)
class SetLevel(Write):
    """When there is too little of a product in this shop."""

    product_id: int
    low_at: int | None
    """So many or fewer are too few; None asks for nothing."""
    order_to: int | None = None
    """So many there should be after an order; as many as `low_at` and one more otherwise."""


@dataclass(frozen=True)
class LevelSet:
    """What is asked for from now on."""

    product_id: int
    low_at: int | None
    order_to: int | None


@use_case(Deed.EDIT_CATALOGUE)
def set_level(work: Work, request: SetLevel) -> LevelSet:
    """Say how few are too few, and how many there should be. Raises BadInput, NotFound."""
    if work.session.execute(_IS_THERE, {"product": request.product_id}).scalar() is None:
        raise NotFound(what="product", name=request.product_id, remedy="Look at the list of products.")
    work.tell("stock.level", request.product_id)
    low, to = request.low_at, request.order_to
    if low is None:
        work.session.execute(_FORGET, {"shop": work.shop.id, "product": request.product_id})
        return LevelSet(request.product_id, None, None)
    to = low + 1 if to is None else to
    if low < 0 or to < low:
        raise BadInput(f"Order up to {max(low, 0)} or more: {to} would be too few again.", field="order_to")
    work.session.execute(_ASK, {"shop": work.shop.id, "product": request.product_id, "low": low, "to": to})
    return LevelSet(request.product_id, low, to)


_IS_THERE = text("SELECT id FROM products WHERE id = :product")
_FORGET = text("DELETE FROM stock_levels WHERE shop_id = :shop AND product_id = :product")
_ASK = text("""
    INSERT INTO stock_levels (shop_id, product_id, low_at, order_to) VALUES (:shop, :product, :low, :to)
    ON CONFLICT ON CONSTRAINT stock_levels_key DO UPDATE SET low_at = excluded.low_at, order_to = excluded.order_to
""")
