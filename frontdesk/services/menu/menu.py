"""What can be said on the booking line: the services on offer and the stylists who serve, with their names."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import text
from sqlmodel import Session

from frontdesk.permissions import Deed
from frontdesk.services.use_case import Work, use_case


@dataclass(frozen=True, kw_only=True)
class ShowMenu:
    """What is on offer, and who serves."""


@dataclass(frozen=True)
class MenuService:
    """A service on offer."""

    id: int
    name: str
    code: str
    category: str | None
    price: Decimal
    minutes: int
    """What the customer is told; of a bundle, of all that is in it."""
    kind: str = "service"
    """service, addon, bundle or class."""
    seats: int | None = None
    """Of a class."""


@dataclass(frozen=True)
class MenuStylist:
    """Somebody who serves."""

    id: int
    name: str
    last_name: str
    code: str | None


@dataclass(frozen=True)
class Menu:
    """Services in the order of the menu, stylists in the order of the book."""

    services: tuple[MenuService, ...]
    stylists: tuple[MenuStylist, ...]


@use_case(Deed.SEE_BOOK)
def show_menu(work: Work, request: ShowMenu) -> Menu:
    """The services on offer and the stylists who serve."""
    return menu(work.session)


def menu(session: Session) -> Menu:
    """The same, for a service that has a session open."""
    return Menu(
        tuple(MenuService(*row) for row in session.execute(_SERVICES)),
        tuple(MenuStylist(*row) for row in session.execute(_STYLISTS)),
    )


_SERVICES = text("""
    SELECT v.id, v.name, v.code, c.name AS category, v.price,
           (SELECT coalesce(sum(p.minutes), 0) FROM service_parts p
             WHERE p.kind NOT IN ('buffer', 'cleanup')
               AND (p.service_id = v.id
                    OR p.service_id IN (SELECT b.service_id FROM bundle_services b WHERE b.bundle_id = v.id))
           ) AS minutes,
           v.kind, v.seats
      FROM services v LEFT JOIN service_categories c ON c.id = v.category_id
     WHERE v.is_active ORDER BY c.position NULLS LAST, v.name, v.id
""")
_STYLISTS = text("""
    SELECT p.id, p.first_name, p.last_name, p.code FROM stylists p JOIN resources r ON r.id = p.resource_id
     WHERE p.is_active AND r.is_active ORDER BY r.position, p.id
""")
