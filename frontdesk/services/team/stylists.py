"""Who serves and what else has a strip: stylists, their week and their rates, rooms, chairs and machines (ST1, ST5)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from sqlalchemy import text

from frontdesk.errors import BadInput, NameTaken, NotFound
from frontdesk.permissions import Deed
from frontdesk.services.meanwhile import refuse_changed
from frontdesk.services.team.columns import add_column, column_name, lay_out
from frontdesk.services.team.hours_wishes import refuse_bad_week, shop_of, stylist_to_change
from frontdesk.services.team.leaving import leave_or_return
from frontdesk.services.team.rates import StylistRates, rates_of, write_rates
from frontdesk.services.team.skills import Skill, beyond_skills, skills_of, write_skills
from frontdesk.services.team.stranded import StrandedVisit
from frontdesk.services.team.stylist_cards import StylistCard as StylistCard
from frontdesk.services.team.stylist_cards import cards_of
from frontdesk.services.team.stylist_hours import (
    BreakCard,
    DifferentDay,
    Shift,
    TimeOffCard,
    UsualWeek,
    breaks_of,
    different_days,
    time_off_of,
    usual_weeks,
)
from frontdesk.services.use_case import Work, Write, use_case
from frontdesk.tables.hours import WeeklyShift
from frontdesk.tables.stylists import Resource, Stylist
from frontdesk.text import clean, email_address, phone_number

ResourceKind = Literal["room", "chair", "machine"]


@dataclass(frozen=True, kw_only=True)
class AddStylist(Write):
    """Somebody new who serves, from today."""

    first_name: str
    """What the book calls them."""
    last_name: str = ""
    code: str | None = None
    phone: str = ""
    email: str = ""
    shifts: tuple[Shift, ...] = ()
    """Their usual week."""
    service_ids: tuple[int, ...] = ()
    """What they can do; everything when neither services nor categories are given."""
    category_ids: tuple[int, ...] = ()
    service_percent: Decimal | None = None
    """What they earn of services."""
    product_percent: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class ListStylists:
    """Who serves."""

    all: bool = False
    """With those who left."""


@dataclass(frozen=True)
class Stylists:
    """Stylists in the order of the book."""

    stylists: tuple[StylistCard, ...]


@dataclass(frozen=True, kw_only=True)
class ShowStylist:
    """Everything about one stylist."""

    stylist_id: int


@dataclass(frozen=True)
class StylistProfile:
    """A stylist on one page."""

    card: StylistCard
    weeks: tuple[UsualWeek, ...]
    """The usual week that holds, and those that are planned."""
    days: tuple[DifferentDay, ...]
    """Days to come that differ from it."""
    breaks: tuple[BreakCard, ...]
    time_off: tuple[TimeOffCard, ...]
    """Days away that are not over, soonest first."""
    skills: tuple[Skill, ...]
    """What they do, in the order of the menu."""
    does_everything: bool
    """No skill is written down: whatever is new on the menu they do as well."""
    rates: StylistRates | None
    """What they earn; None for who may not see it."""
    login: str | None
    """What they sign in with, if they do."""


@dataclass(frozen=True, kw_only=True)
class EditStylist(Write):
    """Somebody as they are from now on: every field, as it was seen and changed."""

    stylist_id: int
    version: int
    """The version that was seen, to notice what somebody else changed meanwhile."""
    first_name: str
    last_name: str = ""
    code: str | None = None
    phone: str = ""
    email: str = ""
    is_active: bool = True
    """Still works here. Who leaves is off from today; who comes back has their last week again."""


@dataclass(frozen=True)
class StylistEdited:
    """A stylist as they are now, and what that leaves to be dealt with."""

    card: StylistCard
    stranded: tuple[StrandedVisit, ...]
    """Coming visits with somebody who left, soonest first. They stay in the book."""


@dataclass(frozen=True, kw_only=True)
class SetSkills(Write):
    """All that a stylist does; everything when neither services nor categories are given."""

    stylist_id: int
    service_ids: tuple[int, ...] = ()
    category_ids: tuple[int, ...] = ()
    """Whole shelves of the menu, with what will stand on them."""


@dataclass(frozen=True)
class SkillsSet:
    """What a stylist does from now on, and what that leaves to be dealt with."""

    stylist_id: int
    stylist: str
    skills: tuple[Skill, ...]
    stranded: tuple[StrandedVisit, ...]
    """Coming visits booked with them for what they did until now, soonest first. They stay in the book."""


@dataclass(frozen=True, kw_only=True)
class SetRates(Write):
    """What a stylist earns of a line from a day on; a rate that is not given stays."""

    stylist_id: int
    service_percent: Decimal | None = None
    product_percent: Decimal | None = None
    valid_from: dt.date | None = None
    """Today, when it is not given."""


@dataclass(frozen=True)
class RatesSet:
    """Whose rates were set, and from when. The rates are not kept in the answer."""

    stylist_id: int
    stylist: str
    valid_from: dt.date


@dataclass(frozen=True, kw_only=True)
class AddResource(Write):
    """A room, a chair or a machine of this shop."""

    kind: ResourceKind
    name: str


@dataclass(frozen=True, kw_only=True)
class ListResources:
    """Everything of this shop that has a strip, stylists too."""


@dataclass(frozen=True)
class ResourceCard:
    """A column of the book."""

    id: int
    kind: str
    name: str
    is_active: bool


@dataclass(frozen=True)
class Resources:
    """Stylists, rooms, chairs and machines in the order of the book."""

    resources: tuple[ResourceCard, ...]


@use_case(Deed.EDIT_ROSTER)
def add_stylist(work: Work, request: AddStylist) -> StylistCard:
    """Add somebody who serves and lay out their strip a year ahead.

    Raises BadInput naming the field, NameTaken for a name or code in use, NotFound for a service, category or shop
    that is not there, NotAllowed when rates are given by somebody who may not change them.
    """
    if request.service_percent is not None or request.product_percent is not None:
        work.require(Deed.EDIT_RATES)
    first_name, last_name = clean(request.first_name), clean(request.last_name)
    if not first_name:
        raise BadInput("A stylist needs a first name for the book to call them by.", field="first_name")
    refuse_bad_week([(shift.weekday, shift.starts, shift.ends) for shift in request.shifts])
    code = clean(request.code or "") or None
    if code and work.session.execute(_CODE, {"code": code}).scalar():
        raise NameTaken
    phone, email = _reached(work, request)
    resource = add_column(work, "stylist", column_name(work, first_name, last_name))
    stylist = Stylist(
        resource_id=resource.id, code=code, first_name=first_name, last_name=last_name, phone=phone, email=email
    )
    work.session.add(stylist)
    work.session.flush()
    _write_week(work, stylist.id, request.shifts)
    write_skills(work, stylist.id, request.service_ids, request.category_ids)
    write_rates(
        work, stylist.id, work.desk.today,
        service_percent=request.service_percent, product_percent=request.product_percent,
    )  # fmt: skip
    lay_out(work, resource)
    work.tell("stylist.added", stylist.id)
    return next(cards_of(work, stylist.id))


@use_case(Deed.SEE_BOOK)
def list_stylists(work: Work, request: ListStylists) -> Stylists:
    """Who serves, with this week's shifts and what each can do."""
    return Stylists(tuple(card for card in cards_of(work) if request.all or card.is_active))


@use_case(Deed.SEE_BOOK)
def show_stylist(work: Work, request: ShowStylist) -> StylistProfile:
    """A stylist on one page: hours, days away, skills, and rates for who may see them. Raises NotFound."""
    card = next(cards_of(work, request.stylist_id), None)
    if card is None:
        raise NotFound(what="stylist", name=request.stylist_id, remedy="Look at the list of stylists.")
    return StylistProfile(
        card=card,
        weeks=usual_weeks(work, card.id),
        days=different_days(work, card.id),
        breaks=breaks_of(work, card.id),
        time_off=time_off_of(work, card.id),
        skills=skills_of(work, card.id),
        does_everything=not card.service_ids and not card.category_ids,
        rates=rates_of(work, card.id),
        login=work.session.execute(_LOGIN, {"stylist": card.id}).scalar(),
    )


_LOGIN = text("SELECT u.login FROM stylists s JOIN users u ON u.id = s.user_id WHERE s.id = :stylist")


@use_case(Deed.EDIT_ROSTER)
def edit_stylist(work: Work, request: EditStylist) -> StylistEdited:
    """Change somebody; who leaves is off from today, and their coming visits are listed.

    Raises BadInput naming the field, NotFound, NameTaken for a name or code in use, ChangedMeanwhile.
    """
    first_name, last_name = clean(request.first_name), clean(request.last_name)
    if not first_name:
        raise BadInput("A stylist needs a first name for the book to call them by.", field="first_name")
    held = stylist_to_change(work, request.stylist_id)
    stylist = work.session.get_one(Stylist, held.id)
    refuse_changed(work, "stylists", stylist.id, seen=request.version, found=stylist.version)
    resource = work.session.get_one(Resource, held.resource_id)
    if first_name != stylist.first_name or last_name != stylist.last_name:
        resource.name = column_name(work, first_name, last_name, besides=resource.id)
    stylist.first_name, stylist.last_name = first_name, last_name
    stylist.code = clean(request.code or "") or None
    stylist.phone, stylist.email = _reached(work, request)
    stays, stylist.is_active = stylist.is_active == request.is_active, request.is_active
    stylist.version += 1
    resource.is_active = request.is_active
    work.session.flush()
    stranded = () if stays else leave_or_return(work, stylist, returns=request.is_active)
    work.tell("stylist.changed", stylist.id)
    return StylistEdited(next(cards_of(work, stylist.id)), stranded)


@use_case(Deed.EDIT_ROSTER)
def set_skills(work: Work, request: SetSkills) -> SkillsSet:
    """All that a stylist does from now on. What stays keeps its own price. Raises NotFound."""
    stylist = stylist_to_change(work, request.stylist_id)
    before = beyond_skills(work, stylist.id)
    write_skills(work, stylist.id, request.service_ids, request.category_ids)
    after = beyond_skills(work, stylist.id)
    work.tell("stylist.changed", stylist.id)
    stranded = tuple(visit for line_id, visit in after.items() if line_id not in before)
    return SkillsSet(stylist.id, stylist.name, skills_of(work, stylist.id), stranded)


@use_case(Deed.EDIT_RATES)
def set_rates(work: Work, request: SetRates) -> RatesSet:
    """What a stylist earns from a day on; sales before it keep the old. Raises BadInput, NotFound."""
    if request.service_percent is None and request.product_percent is None:
        raise BadInput("Say what they earn: of services, of products or of both.", field="service_percent")
    stylist = stylist_to_change(work, request.stylist_id)
    first = request.valid_from or work.desk.today
    write_rates(
        work, stylist.id, first, service_percent=request.service_percent, product_percent=request.product_percent
    )
    work.tell("stylist.changed", stylist.id)
    return RatesSet(stylist.id, stylist.name, first)


@use_case(Deed.EDIT_ROSTER)
def add_resource(work: Work, request: AddResource) -> ResourceCard:
    """Add a room, a chair or a machine, open whenever the shop is. Raises BadInput, NameTaken."""
    name = clean(request.name)
    if request.kind not in ("room", "chair", "machine"):
        raise BadInput("It can be a room, a chair or a machine. Say which.", field="kind")
    if not name:
        raise BadInput(f"The {request.kind} needs a name, like {request.kind.capitalize()} 1.", field="name")
    resource = add_column(work, request.kind, name)
    lay_out(work, resource)
    work.tell("resource.added", resource.id)
    return ResourceCard(resource.id, resource.kind, resource.name, True)


@use_case(Deed.SEE_BOOK)
def list_resources(work: Work, request: ListResources) -> Resources:
    """Everything of this shop that has a strip, in the order of the book."""
    rows = work.session.execute(_RESOURCES, {"shop": work.shop.id})
    return Resources(tuple(ResourceCard(*row) for row in rows))


_RESOURCES = text("""
    SELECT id, kind, name, is_active FROM resources WHERE shop_id = :shop
     ORDER BY array_position('{stylist,chair,room,machine}'::text[], kind), position, id
""")
_CODE = text("SELECT true FROM stylists WHERE code = :code")


def _reached(work: Work, request: AddStylist | EditStylist) -> tuple[str | None, str | None]:
    """Telephone and e-mail. Raises BadInput."""
    phone = phone_number(request.phone, work.shop.country) if clean(request.phone) else None
    return phone, email_address(request.email) if clean(request.email) else None


def _write_week(work: Work, stylist_id: int, shifts: tuple[Shift, ...]) -> None:
    work.session.add_all(
        WeeklyShift(
            stylist_id=stylist_id,
            shop_id=shop_of(work, shift.shop_id),
            weekday=shift.weekday,
            starts=shift.starts,
            ends=shift.ends,
            valid_from=work.desk.today,
        )
        for shift in shifts
    )
