"""Whom products are bought from (features CA5)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text

from frontdesk.errors import NotFound
from frontdesk.permissions import Deed
from frontdesk.services.typed import given
from frontdesk.services.use_case import Work, Write, use_case
from frontdesk.tables.stock import Supplier
from frontdesk.text import clean


@dataclass(frozen=True, kw_only=True)
class AddSupplier(Write):
    """Somebody to buy from."""

    name: str
    email: str = ""
    phone: str = ""
    note: str = ""
    """Our number there, when they deliver."""


@dataclass(frozen=True, kw_only=True)
class EditSupplier(AddSupplier):
    """A supplier as they are from now on: every field."""

    supplier_id: int
    is_active: bool = True


@dataclass(frozen=True, kw_only=True)
class ListSuppliers:
    """Whom the shop buys from."""

    all: bool = False
    """With those nothing is bought from any more."""


@dataclass(frozen=True)
class SupplierCard:
    """A supplier."""

    id: int
    name: str
    email: str
    phone: str
    note: str
    is_active: bool
    products: int
    """How many of ours are theirs."""


@dataclass(frozen=True)
class Suppliers:
    """Suppliers by name."""

    suppliers: tuple[SupplierCard, ...]


@use_case(Deed.EDIT_CATALOGUE)
def add_supplier(work: Work, request: AddSupplier) -> SupplierCard:
    """Somebody new to buy from. Raises BadInput, NameTaken."""
    row = Supplier(name="")
    _fill(row, request)
    work.session.add(row)
    work.session.flush()
    work.tell("supplier.added", row.id or 0)
    return _card(work, row.id or 0)


@use_case(Deed.EDIT_CATALOGUE)
def edit_supplier(work: Work, request: EditSupplier) -> SupplierCard:
    """Change a supplier; their products go with them. Raises BadInput, NotFound, NameTaken."""
    row = work.session.get(Supplier, request.supplier_id, with_for_update=True)
    if row is None:
        raise NotFound(what="supplier", name=request.supplier_id, remedy="Look at the suppliers.")
    _fill(row, request)
    row.is_active = request.is_active
    work.session.flush()
    work.tell("supplier.changed", request.supplier_id)
    return _card(work, request.supplier_id)


@use_case(Deed.SEE_BOOK)
def list_suppliers(work: Work, request: ListSuppliers) -> Suppliers:
    """Whom the shop buys from, by name."""
    rows = work.session.execute(_SUPPLIERS, {"all": request.all, "one": None})
    return Suppliers(tuple(SupplierCard(*row) for row in rows))


def _card(work: Work, number: int) -> SupplierCard:
    return SupplierCard(*work.session.execute(_SUPPLIERS, {"all": True, "one": number}).one())


_SUPPLIERS = text("""
    SELECT s.id, s.name, s.email, s.phone, s.note, s.is_active,
           (SELECT count(*) FROM products p WHERE p.supplier_id = s.id AND p.is_active) AS products
      FROM suppliers s
     WHERE (s.is_active OR :all) AND (CAST(:one AS bigint) IS NULL OR s.id = CAST(:one AS bigint))
     ORDER BY s.name
""")


def _fill(row: Supplier, request: AddSupplier) -> None:
    row.name = given(request.name, "supplier", "a name", "name")
    row.email, row.phone, row.note = clean(request.email), clean(request.phone), clean(request.note)
