"""Shelves of the menu: their names and their order (features CA1)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import text

from frontdesk.errors import NameTaken, NotFound
from frontdesk.permissions import Deed
from frontdesk.services.typed import given
from frontdesk.services.use_case import Work, Write, use_case
from frontdesk.tables.catalogue import ServiceCategory


@dataclass(frozen=True, kw_only=True)
class AddCategory(Write):
    """A new shelf, at the end of the menu."""

    name: str


@dataclass(frozen=True, kw_only=True)
class RenameCategory(Write):
    """A shelf that is called something else, or stands elsewhere."""

    category_id: int
    name: str
    place: int | None = None
    """1 is the first on the menu; where it stood, when it is not given."""


@dataclass(frozen=True, kw_only=True)
class ListCategories:
    """The shelves of the menu."""


@dataclass(frozen=True)
class CategoryCard:
    """A shelf of the menu."""

    id: int
    name: str
    place: int
    """1 is the first on the menu."""
    services: int
    """How many on offer stand on it."""


@dataclass(frozen=True)
class Categories:
    """Shelves in the order of the menu."""

    categories: tuple[CategoryCard, ...]


@use_case(Deed.EDIT_CATALOGUE)
def add_category(work: Work, request: AddCategory) -> CategoryCard:
    """A new shelf at the end of the menu. Raises BadInput, NameTaken however it is capitalised."""
    name = given(request.name, "shelf", "a name, like Colour", "name")
    _refuse_taken(work, name)
    last = work.session.execute(text("SELECT coalesce(max(position), 0) FROM service_categories")).scalar_one()
    shelf = ServiceCategory(name=name, position=last + 1)
    work.session.add(shelf)
    work.session.flush()
    work.tell("category.added", shelf.id)
    return _card(work, shelf.id)


@use_case(Deed.EDIT_CATALOGUE)
def rename_category(work: Work, request: RenameCategory) -> CategoryCard:
    """Call a shelf something else, or put it elsewhere. Raises BadInput, NameTaken, NotFound."""
    name = given(request.name, "shelf", "a name, like Colour", "name")
    shelf = work.session.get(ServiceCategory, request.category_id, with_for_update=True)
    if shelf is None:
        raise NotFound(what="category", name=request.category_id, remedy="Look at the list of categories.")
    _refuse_taken(work, name, besides=shelf.id)
    shelf.name = name
    work.session.flush()
    if request.place is not None:
        work.session.execute(_PLACE, {"shelf": shelf.id, "place": max(1, request.place)})
    work.tell("category.changed", shelf.id)
    return _card(work, shelf.id)


# The others keep their order and close up around it.
_PLACE = text("""
    WITH others AS (
        SELECT id, row_number() OVER (ORDER BY position, id) AS number FROM service_categories WHERE id <> :shelf
    ), placed AS (
        SELECT id, number + (number >= :place)::int AS place FROM others
        UNION ALL SELECT :shelf, least(:place, (SELECT count(*) FROM others) + 1)
    )
    UPDATE service_categories c SET position = placed.place FROM placed
     WHERE c.id = placed.id AND c.position <> placed.place
""")


@use_case(Deed.SEE_BOOK)
def list_categories(work: Work, request: ListCategories) -> Categories:
    """The shelves in the order of the menu."""
    return Categories(tuple(_cards(work)))


def _refuse_taken(work: Work, name: str, *, besides: int = 0) -> None:
    if work.session.execute(_TAKEN, {"name": name, "besides": besides}).scalar():
        raise NameTaken


_TAKEN = text("SELECT true FROM service_categories WHERE lower(name) = lower(:name) AND id <> :besides")


def _card(work: Work, category_id: int) -> CategoryCard:
    return next(card for card in _cards(work) if card.id == category_id)


def _cards(work: Work) -> Iterator[CategoryCard]:
    return (CategoryCard(*row) for row in work.session.execute(_CATEGORIES))


_CATEGORIES = text("""
    SELECT c.id, c.name, row_number() OVER (ORDER BY c.position, c.id) AS place,
           (SELECT count(*) FROM services v WHERE v.category_id = c.id AND v.is_active) AS services
      FROM service_categories c ORDER BY c.position, c.id
""")
