"""What stands on the shelf (features CA5)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import text

from frontdesk.errors import NotFound
from frontdesk.permissions import Deed
from frontdesk.services.meanwhile import refuse_changed
from frontdesk.services.typed import amount_of, given
from frontdesk.services.use_case import Work, Write, use_case
from frontdesk.tables.catalogue import Product
from frontdesk.text import clean


@dataclass(frozen=True, kw_only=True)
class AddProduct(Write):
    """Something new on the shelf."""

    name: str
    code: str
    price: Decimal
    barcode: str | None = None
    brand: str = ""
    supplier: str = ""
    category: str = ""
    cost: Decimal = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class EditProduct(AddProduct):
    """A product as it is from now on: every field, as it was seen and changed."""

    product_id: int
    version: int
    """The version that was seen, to notice what somebody else changed meanwhile."""
    is_active: bool = True
    """Still sold."""


@dataclass(frozen=True, kw_only=True)
class ListProducts:
    """The shelf."""

    all: bool = False
    """With what is no longer sold."""


@dataclass(frozen=True)
class ProductCard:
    """A product."""

    id: int
    name: str
    code: str
    barcode: str | None
    brand: str
    supplier: str
    category: str
    price: Decimal
    cost: Decimal
    is_active: bool
    version: int


@dataclass(frozen=True)
class Products:
    """Products by name."""

    products: tuple[ProductCard, ...]


@use_case(Deed.EDIT_CATALOGUE)
def add_product(work: Work, request: AddProduct) -> ProductCard:
    """Put a product on the shelf. Raises BadInput naming the field, NameTaken for a code or barcode in use."""
    product = Product(code="", name="", price=Decimal(0))
    _fill(work, product, request)
    work.session.add(product)
    work.session.flush()
    work.session.refresh(product)
    work.tell("product.added", product.id)
    return _product(product, clean(request.supplier))


@use_case(Deed.EDIT_CATALOGUE)
def edit_product(work: Work, request: EditProduct) -> ProductCard:
    """Change a product: tickets from now on use its new price, paid ones keep theirs.

    Raises BadInput naming the field, NotFound, NameTaken for a code or barcode in use, ChangedMeanwhile.
    """
    product = work.session.get(Product, request.product_id, with_for_update=True)
    if product is None:
        raise NotFound(what="product", name=request.product_id, remedy="Look at the shelf.")
    refuse_changed(work, "products", product.id, seen=request.version, found=product.version)
    _fill(work, product, request)
    product.is_active = request.is_active
    product.version += 1
    work.session.flush()
    work.tell("product.changed", product.id)
    return _product(product, clean(request.supplier))


@use_case(Deed.SEE_BOOK)
def list_products(work: Work, request: ListProducts) -> Products:
    """The shelf, by name."""
    rows = work.session.execute(_PRODUCTS, {"all": request.all})
    return Products(tuple(_product(row, row.supplier) for row in rows))


_PRODUCTS = text("""
    SELECT p.id, p.name, p.code, p.barcode, p.brand, coalesce(s.name, '') AS supplier, p.category, p.price, p.cost,
           p.is_active, p.version
      FROM products p LEFT JOIN suppliers s ON s.id = p.supplier_id
     WHERE p.is_active OR :all ORDER BY p.name, p.id
""")


def _fill(work: Work, product: Product, request: AddProduct) -> None:
    product.name = given(request.name, "product", "a name", "name")
    product.code = given(request.code, "product", "a code, like SHA", "code")
    product.barcode = clean(request.barcode or "") or None
    product.brand, product.supplier_id = clean(request.brand), supplier_called(work, request.supplier)
    product.category = clean(request.category)
    product.price = amount_of(work, request.price, "price")
    product.cost = amount_of(work, request.cost, "cost")


def supplier_called(work: Work, name: str) -> int | None:
    """The supplier of this name, who is new when nobody is called so; none for nothing."""
    called = clean(name)
    if not called:
        return None
    number: int = work.session.execute(_SUPPLIER, {"name": called}).scalar_one()
    return number


_SUPPLIER = text("""
    INSERT INTO suppliers (name) VALUES (:name)
    ON CONFLICT ON CONSTRAINT suppliers_name_key DO UPDATE SET is_active = true RETURNING id
""")


def _product(row: Any, supplier: str) -> ProductCard:  # noqa: ANN401  a row or the product itself
    return ProductCard(
        row.id, row.name, row.code, row.barcode, row.brand, supplier, row.category, row.price, row.cost,
        row.is_active, row.version,
    )  # fmt: skip
