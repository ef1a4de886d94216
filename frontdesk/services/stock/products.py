"""What stands on the shelf: products, the sizes and shades of one, their barcodes and suppliers (features CA5)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import text

from frontdesk.errors import BadInput, NameTaken, NotFound
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
    family: str = ""
    """What it is a size or shade of: Repair shampoo."""
    variant: str = ""
    """Its size or shade: 250 ml."""
    is_stocked: bool = True
    """Whether pieces of it are counted."""


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
    family: str = ""
    variant: str = ""
    is_stocked: bool = True
    on_shelf: int | None = None
    """How many lie on this shop's shelf; None for what is not counted."""


@dataclass(frozen=True)
class Products:
    """Products by name."""

    products: tuple[ProductCard, ...]


class ProductCodeTaken(NameTaken):
    """{code} is the {what} of {product} already. Check it, or look at {product}."""


class VariantTaken(NameTaken):
    """{family} in {variant} is {product} already. Say another size or shade, or look at {product}."""


@use_case(Deed.EDIT_CATALOGUE)
def add_product(work: Work, request: AddProduct) -> ProductCard:
    """Put a product on the shelf. A size or shade of a family without a name of its own is called by both.

    Raises BadInput naming the field, and ProductCodeTaken or VariantTaken naming the other product.
    """
    product = Product(code="", name="", price=Decimal(0))
    _fill(work, product, request)
    work.session.add(product)
    work.session.flush()
    work.tell("product.added", product.id or 0)
    return _cards(work, one=product.id)[0]


@use_case(Deed.EDIT_CATALOGUE)
def edit_product(work: Work, request: EditProduct) -> ProductCard:
    """Change a product: tickets from now on use its new price, paid ones keep theirs.

    Raises BadInput naming the field, NotFound, ProductCodeTaken, VariantTaken, ChangedMeanwhile.
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
    return _cards(work, one=product.id)[0]


@use_case(Deed.SEE_BOOK)
def list_products(work: Work, request: ListProducts) -> Products:
    """The shelf, by name."""
    return Products(tuple(_cards(work, everything=request.all)))


def _cards(work: Work, *, everything: bool = False, one: int | None = None) -> list[ProductCard]:
    asked = {"all": everything or one is not None, "shop": work.shop.id, "one": one}
    return [ProductCard(**row._mapping) for row in work.session.execute(_PRODUCTS, asked)]


_PRODUCTS = text("""
    SELECT p.id, p.name, p.code, p.barcode, p.brand, coalesce(s.name, '') AS supplier, p.category, p.price, p.cost,
           p.is_active, p.version, coalesce(f.name, '') AS family, p.variant, p.is_stocked,
           CASE WHEN p.is_stocked THEN CAST(coalesce(m.quantity, 0) AS bigint) END AS on_shelf
      FROM products p LEFT JOIN suppliers s ON s.id = p.supplier_id LEFT JOIN product_families f ON f.id = p.family_id
      LEFT JOIN (SELECT product_id, sum(quantity) AS quantity FROM stock_moves
                  WHERE shop_id = :shop AND location_id IS NULL
                    AND (CAST(:one AS bigint) IS NULL OR product_id = CAST(:one AS bigint))
                  GROUP BY product_id) m ON m.product_id = p.id
     WHERE (p.is_active OR :all) AND (CAST(:one AS bigint) IS NULL OR p.id = CAST(:one AS bigint)) ORDER BY p.name, p.id
""")


def _fill(work: Work, product: Product, request: AddProduct) -> None:
    family, variant = clean(request.family), clean(request.variant)
    if family and not variant:
        raise BadInput(f"Say which size or shade of {family} it is, like 250 ml.", field="variant")
    # Nothing half filled is sent while the names are looked up.
    with work.session.no_autoflush:
        product.supplier_id, product.family_id = supplier_called(work, request.supplier), family_called(work, family)
        product.variant = variant
        product.name = given(clean(request.name) or f"{family} {variant}".strip(), "product", "a name", "name")
        product.code = given(request.code, "product", "a code, like SHA", "code")
        product.barcode = clean(request.barcode or "") or None
        product.brand, product.category = clean(request.brand), clean(request.category)
        product.price = amount_of(work, request.price, "price")
        product.cost = amount_of(work, request.cost, "cost")
        product.is_stocked = request.is_stocked
        _refuse_taken(work, product, family)


def _refuse_taken(work: Work, product: Product, family: str) -> None:
    """Name the other product. Two desks at once meet the keys of the table, which know no names."""
    asked = {
        "id": product.id, "code": product.code, "barcode": product.barcode, "family": product.family_id,
        "variant": product.variant,
    }  # fmt: skip
    other = work.session.execute(_OTHER, asked).first()
    if other is None:
        return
    if other.barcode is not None and other.barcode == product.barcode:
        raise ProductCodeTaken(code=product.barcode, what="barcode", product=other.name)
    if other.code == product.code:
        raise ProductCodeTaken(code=product.code, what="code", product=other.name)
    raise VariantTaken(family=family, variant=product.variant, product=other.name)


_OTHER = text("""
    SELECT name, code, barcode FROM products
     WHERE id IS DISTINCT FROM CAST(:id AS bigint)
       AND (barcode = :barcode OR code = :code OR family_id = CAST(:family AS bigint) AND variant = :variant)
     ORDER BY barcode = :barcode DESC NULLS LAST, code = :code DESC LIMIT 1
""")


def family_called(work: Work, name: str) -> int | None:
    """The family of this name, which is new when there is none; none for nothing."""
    if not name:
        return None
    number: int = work.session.execute(_FAMILY, {"name": name}).scalar_one()
    return number


_FAMILY = text("""
    INSERT INTO product_families (name) VALUES (:name)
    ON CONFLICT ON CONSTRAINT product_families_name_key DO UPDATE SET name = excluded.name RETURNING id
""")


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
