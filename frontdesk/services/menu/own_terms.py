"""What is a stylist's own: their level, and their price and length of a service (features CA2)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import text

from frontdesk.errors import BadInput, CannotDo, NotFound
from frontdesk.permissions import Deed
from frontdesk.services.team.hours_wishes import stylist_to_change
from frontdesk.services.team.skills import Skill, skills_of
from frontdesk.services.typed import amount_of
from frontdesk.services.use_case import Work, Write, use_case
from frontdesk.tables.stylists import Stylist, StylistSpecialty
from frontdesk.text import clean

_LONGEST = 1440


@dataclass(frozen=True, kw_only=True)
class SetOwnTerms(Write):
    """A stylist's own price and length of a service from now on; what is None is the level's or the list's."""

    stylist_id: int
    service_id: int
    price: Decimal | None = None
    minutes: int | None = None


@dataclass(frozen=True, kw_only=True)
class SetLevel(Write):
    """A stylist's level, as prices by level speak of it; empty for none."""

    stylist_id: int
    level: str


@dataclass(frozen=True)
class OwnTermsSet:
    """What a stylist does, with their own prices and lengths."""

    stylist_id: int
    stylist: str
    level: str
    skills: tuple[Skill, ...]


@use_case(Deed.EDIT_ROSTER)
def set_own_terms(work: Work, request: SetOwnTerms) -> OwnTermsSet:
    """Give a stylist a price or a length of their own for a service they do. Visits in the book keep theirs.

    Raises NotFound, CannotDo, BadInput naming the field.
    """
    held = stylist_to_change(work, request.stylist_id)
    if request.minutes is not None and not 1 <= request.minutes <= _LONGEST:
        raise BadInput(f"It takes between 1 and {_LONGEST} minutes. Type 60, for example.", field="minutes")
    name = work.session.execute(_SERVICE, {"service": request.service_id}).scalar()
    if name is None:
        raise NotFound(what="service", name=request.service_id, remedy="Look at the list of services.")
    if request.service_id not in {skill.service_id for skill in skills_of(work, held.id)}:
        raise CannotDo(stylist=held.name, service=name, instead="Add it to what they do first.")
    if request.price is not None or request.minutes is not None:
        _spell_out(work, held.id)
    row = work.session.execute(_OWN, {"stylist": held.id, "service": request.service_id}).scalar()
    own = work.session.get(StylistSpecialty, row) if row is not None else None
    if own is None and (request.price is not None or request.minutes is not None):
        own = StylistSpecialty(stylist_id=held.id, service_id=request.service_id)
        work.session.add(own)
    if own is not None:
        own.price = None if request.price is None else amount_of(work, request.price, "price")
        own.minutes = request.minutes
    work.session.flush()
    work.tell("stylist.changed", held.id)
    return _answer(work, held.id)


@use_case(Deed.EDIT_ROSTER)
def set_level(work: Work, request: SetLevel) -> OwnTermsSet:
    """Say at which level a stylist works. Raises NotFound."""
    held = stylist_to_change(work, request.stylist_id)
    work.session.get_one(Stylist, held.id).level = clean(request.level)
    work.session.flush()
    work.tell("stylist.changed", held.id)
    return _answer(work, held.id)


def _answer(work: Work, stylist_id: int) -> OwnTermsSet:
    stylist = work.session.get_one(Stylist, stylist_id)
    work.session.refresh(stylist)
    name = f"{stylist.first_name} {stylist.last_name}".strip()
    return OwnTermsSet(stylist_id, name, stylist.level, skills_of(work, stylist_id))


def _spell_out(work: Work, stylist_id: int) -> None:
    """Somebody who does everything because nothing is written down would do one thing only after one row."""
    work.session.execute(_SPELL_OUT, {"stylist": stylist_id})


_SERVICE = text("SELECT name FROM services WHERE id = :service AND is_active")
_OWN = text("SELECT id FROM stylist_specialties WHERE stylist_id = :stylist AND service_id = :service")
_SPELL_OUT = text("""
    INSERT INTO stylist_specialties (stylist_id, category_id, service_id)
    SELECT :stylist, w.category_id, w.service_id
      FROM (SELECT id AS category_id, CAST(NULL AS bigint) AS service_id FROM service_categories
            UNION ALL SELECT NULL, id FROM services WHERE category_id IS NULL AND is_active) AS w
     WHERE NOT EXISTS (SELECT FROM stylist_specialties x WHERE x.stylist_id = :stylist)
""")
