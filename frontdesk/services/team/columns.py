"""Columns of the book: whatever can be in one place only gets a name, a place and a strip a year ahead."""

from __future__ import annotations

from sqlalchemy import text

from frontdesk.services.team import slots
from frontdesk.services.use_case import Work
from frontdesk.tables.stylists import Resource


def column_name(work: Work, first_name: str, last_name: str, *, besides: int = 0) -> str:
    """The first name, and the whole one for the second Anna."""
    known = text("SELECT true FROM resources WHERE kind = 'stylist' AND name = :name AND id <> :besides")
    taken = work.session.execute(known, {"name": first_name, "besides": besides}).scalar()
    return f"{first_name} {last_name}".strip() if taken else first_name


def add_column(work: Work, kind: str, name: str) -> Resource:
    """The last of its kind in the book."""
    last = text("SELECT coalesce(max(position), 0) FROM resources WHERE kind = :kind")
    place = work.session.execute(last, {"kind": kind}).scalar_one() + 1
    resource = Resource(shop_id=work.shop.id, kind=kind, name=name, position=place)
    work.session.add(resource)
    work.session.flush()
    return resource


def lay_out(work: Work, resource: Resource) -> None:
    """Its strip from today on, for a year."""
    work.session.flush()
    slots.publish(work, [resource.id], work.desk.today + slots.PUBLISHED_AHEAD)
