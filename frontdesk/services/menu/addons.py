"""What may be added to a service, and what has to be asked before it is booked (features BK11, CA4)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import text

from frontdesk.errors import BadInput, NotFound
from frontdesk.permissions import Deed
from frontdesk.services.use_case import Work, Write, use_case
from frontdesk.tables.terms import ServiceAddon


@dataclass(frozen=True, kw_only=True)
class AddonWish:
    """An add-on that goes with a service."""

    addon_id: int
    is_required: bool = False
    """A yes or a no has to be said before the visit is saved."""


@dataclass(frozen=True, kw_only=True)
class SetAddons(Write):
    """Every add-on of a service from now on, in the order in which they are asked."""

    service_id: int
    addons: tuple[AddonWish, ...]


@dataclass(frozen=True, kw_only=True)
class ListAddons:
    """The add-ons of some services, or of all."""

    service_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class AddonCard:
    """An add-on as it goes with a service."""

    service_id: int
    service: str
    addon_id: int
    addon: str
    code: str
    minutes: int
    price: Decimal
    is_required: bool


@dataclass(frozen=True)
class Addons:
    """Add-ons by service, in the order in which they are asked."""

    addons: tuple[AddonCard, ...]

    def of(self, service_id: int) -> tuple[AddonCard, ...]:
        """Those of one service."""
        return tuple(addon for addon in self.addons if addon.service_id == service_id)


@use_case(Deed.EDIT_CATALOGUE)
def set_addons(work: Work, request: SetAddons) -> Addons:
    """Say what may be added to a service. Raises NotFound, BadInput for what is no add-on or comes twice."""
    ids = [addon.addon_id for addon in request.addons]
    found = {row.id: row for row in work.session.execute(_NAMES, {"services": [request.service_id, *ids]})}
    for service_id in (request.service_id, *ids):
        if service_id not in found:
            raise NotFound(what="service", name=service_id, remedy="Look at the list of services.")
    if found[request.service_id].kind in ("addon", "bundle"):
        kind = "An add-on" if found[request.service_id].kind == "addon" else "A bundle"
        raise BadInput(f"{kind} has no add-ons of its own. Choose a service.", field="service_id")
    for service_id in ids:
        if found[service_id].kind != "addon":
            raise BadInput(f"{found[service_id].name} is booked by itself: it is no add-on.", field="addons")
        if ids.count(service_id) > 1:
            raise BadInput(f"{found[service_id].name} is there twice.", field="addons")
    work.session.execute(
        text("DELETE FROM service_addons WHERE service_id = :service"), {"service": request.service_id}
    )
    work.session.add_all(
        ServiceAddon(service_id=request.service_id, addon_id=a.addon_id, is_required=a.is_required, position=place)
        for place, a in enumerate(request.addons)
    )
    work.session.flush()
    work.tell("service.changed", request.service_id)
    return addons_of(work, (request.service_id,))


_NAMES = text("SELECT id, name, kind FROM services WHERE id = ANY (:services) AND is_active")


@use_case(Deed.SEE_BOOK)
def list_addons(work: Work, request: ListAddons) -> Addons:
    """What may be added to which service."""
    return addons_of(work, request.service_ids)


def addons_of(work: Work, service_ids: tuple[int, ...]) -> Addons:
    """The same, for a service that has a session open; of every service when none is named."""
    rows = work.session.execute(_ADDONS, {"services": list(service_ids) or None})
    return Addons(tuple(_card(row) for row in rows))


_ADDONS = text("""
    SELECT x.service_id, v.name AS service, x.addon_id, a.name AS addon, a.code, a.price, x.is_required,
           (SELECT coalesce(sum(p.minutes), 0) FROM service_parts p
             WHERE p.service_id = a.id AND p.kind NOT IN ('buffer', 'cleanup')) AS minutes
      FROM service_addons x JOIN services v ON v.id = x.service_id JOIN services a ON a.id = x.addon_id
     WHERE a.is_active AND (x.service_id = ANY (CAST(:services AS bigint[])) OR CAST(:services AS bigint[]) IS NULL)
     ORDER BY v.name, x.service_id, x.position, x.id
""")


def _card(row: Any) -> AddonCard:  # noqa: ANN401  a row
    return AddonCard(
        row.service_id, row.service, row.addon_id, row.addon, row.code, row.minutes, row.price, row.is_required
    )
