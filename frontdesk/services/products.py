"""What stands on the shelf (features CA5)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import text

from frontdesk.permissions import Deed
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
    product = Product(
        name=given(request.name, "product", "a name", "name"),
        code=given(request.code, "product", "a code, like SHA", "code"),
        barcode=clean(request.barcode or "") or None,
        brand=clean(request.brand),
        supplier=clean(request.supplier),
        category=clean(request.category),
        price=amount_of(work, request.price, "price"),
        cost=amount_of(work, request.cost, "cost"),
    )
    work.session.add(product)
    work.session.flush()
    work.session.refresh(product)
    work.tell("product.added", product.id)
    return _product(product)


@use_case(Deed.SEE_BOOK)
def list_products(work: Work, request: ListProducts) -> Products:
    """The shelf, by name."""
    rows = work.session.execute(_PRODUCTS, {"all": request.all})
    return Products(tuple(_product(row) for row in rows))


_PRODUCTS = text("""
    SELECT id, name, code, barcode, brand, supplier, category, price, cost, is_active, version FROM products
     WHERE is_active OR :all ORDER BY name, id
""")


def _product(row: Any) -> ProductCard:  # noqa: ANN401  a row or the product itself
    return ProductCard(
        row.id, row.name, row.code, row.barcode, row.brand, row.supplier, row.category, row.price, row.cost,
        row.is_active, row.version,
    )  # fmt: skip
