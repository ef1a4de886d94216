"""The booking form and its smaller sisters: by keyboard alone, with a preview before anything is saved (BK4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid5

from frontdesk.clock import local
from frontdesk.errors import (
    AddonUnasked,
    BadInput,
    InThePast,
    NoResource,
    NothingFree,
    OutsideShift,
    Refusal,
    SlotTaken,
)
from frontdesk.money import plain
from frontdesk.rules.moment import Here, day_meant, moment_meant, moment_passed
from frontdesk.screens.base import DeskScreen
from frontdesk.screens.visits.kept_time import KeptTime
from frontdesk.screens.wishes import Wishes
from frontdesk.services.book.booking import BookAppointment, Booked, BookLine, book
from frontdesk.services.customers.customer_search import FindCustomers, Found, find_customers
from frontdesk.services.customers.customers import AddCustomer, CustomerCard, add_customer
from frontdesk.services.menu.menu import Menu
from frontdesk.services.search.why import ExplainTime, explain
from frontdesk.widgets.field import Field, Offer, among
from frontdesk.widgets.form import Filled, Form
from frontdesk.widgets.modal import Answer, Question

ANYBODY = Offer("any", "whoever is free")
UNASSIGNED = Offer("none", "nobody yet")


@dataclass(frozen=True)
class Start:
    """What the form begins with."""

    at: dt.datetime
    stylist_id: int | None = None
    customer_id: int | None = None
    customer: str = ""
    service: str = ""
    title: str = "Book a visit"


def booking_form(screen: DeskScreen, menu: Menu, start: Start, kept: KeptTime) -> Form[Booked]:
    """Who, what, with whom, when. Ends with the booked visit. The time it speaks of is kept meanwhile."""
    zone = screen.desk.shop.timezone
    # A class has seats of its own; what is added to a service is never booked alone.
    offered = {s: Offer(str(s.id), f"{s.name}  {s.minutes}m  {s.price}") for s in menu.services if s.kind != "class"}
    services = [offer for one, offer in offered.items() if one.kind != "addon"]
    stylists = [ANYBODY, *(Offer(str(s.id), s.name) for s in menu.stylists), UNASSIGNED]
    stylist = next((o for o in stylists if o.value == str(start.stylist_id)), ANYBODY)
    service = next((o for o in services if o.label.split("  ")[0] == start.service), Offer("", ""))

    async def find(typed: str) -> Sequence[Offer]:
        if not typed.strip():
            return ()
        found = await screen.ask(find_customers, FindCustomers(text=typed, limit=6))
        return [Offer(str(one.id), _known(one)) for one in found.customers]

    def request(filled: Filled) -> BookAppointment:
        return replace(_request(screen, menu, filled, start.at), hold_key=kept.key)

    sent: dict[BookAppointment, UUID] = {}

    async def save(filled: Filled) -> Booked:
        wish = request(filled)
        if filled.insists_on is not None:
            wish = await insisted(screen, wish, filled.insists_on)
        # The same wish sent again keeps its id: what was saved, unseen, before the line dropped is not booked twice.
        wish = replace(wish, request_id=sent.setdefault(replace(wish, request_id=UUID(int=0)), wish.request_id))
        return await _booked(screen, wish)

    async def preview(filled: Filled) -> str:
        return await _preview(screen, menu, request(filled), kept)

    fields = [
        Field(
            "customer", "Customer", value=start.customer, picked=str(start.customer_id or ""), find=find,
            hint="name, end of a telephone, e-mail; a new name books a guest",
        ),
        Field("service", "Service", value=service.label, picked=service.value, find=among(services)),
        Field("also", "Also", find=among([*offered.values()]), hint="a second service, or something extra"),
        Field("stylist", "With", value=stylist.label, picked=stylist.value, find=among(stylists)),
        Field("when", "When", value=f"{local(start.at, zone):%a %-d %b %H:%M}", hint="tue 3pm, 24/12 15:30"),
        Field("notes", "Notes", hint="what the stylist should know"),
    ]  # fmt: skip
    return Form(
        start.title,
        fields,
        save,
        preview=preview,
        keeper=screen.keeper("booking", start.title),
        can_insist=insistence,
        focus="service" if start.customer else "customer",
    )


async def _booked(screen: DeskScreen, wish: BookAppointment) -> Booked:
    """Book it. What has to be asked before it is booked is asked (features BK11)."""
    while True:
        try:
            return await screen.ask_surely(book, wish)
        except AddonUnasked as refusal:
            addon, host = refusal.facts["addon_id"], refusal.facts["service_id"]
            assert isinstance(addon, int)
            ways = [Answer("y", f"yes, add {refusal.facts['addon']}", True), Answer("n", "no", False)]
            yes = await screen.app.wait_for(Question(refusal.sentence, ways))
            if yes is None:
                raise
            if yes:
                place = next(n for n, line in enumerate(wish.lines) if line.service_id == host)
                wish = replace(wish, lines=(*wish.lines, BookLine(service_id=addon, addon_of=place)))
            else:
                wish = replace(wish, declined_addons=(*wish.declined_addons, addon))
            # Another wish than the one that was refused, and the same one whenever it is answered so.
            wish = replace(wish, request_id=uuid5(wish.request_id, f"{addon} {yes}"))


def _known(found: Found) -> str:
    tail = f" {found.phone[-4:]}" if found.phone else ""
    return f"{found.name}{tail}"


def here(screen: DeskScreen) -> Here:
    """What words of time are said against, on this screen."""
    desk = screen.desk
    return Here(desk.clock.now(), desk.shop.timezone, desk.shop.country)


def _request(screen: DeskScreen, menu: Menu, filled: Filled, day: dt.datetime) -> BookAppointment:
    service_ids = [int(filled.picked[name]) for name in ("service", "also") if filled.picked[name]]
    for name in ("service", "also"):
        if filled[name] and not filled.picked[name]:
            raise BadInput(f"There is no service called {filled[name]}. Choose one from the list.", field=name)
    if not service_ids:
        raise BadInput("Choose a service.", field="service")
    if filled["stylist"] and not filled.picked["stylist"]:
        raise BadInput(f"Nobody here is called {filled['stylist']}. Choose from the list.", field="stylist")
    at = moment_meant(filled["when"], here(screen), instead_of=day, field="when")
    who = filled.picked["stylist"]
    stylist_id = int(who) if who.isdigit() else None
    extras = {service.id for service in menu.services if service.kind == "addon"}
    lines = tuple(
        BookLine(
            service_id=each,
            stylist_id=stylist_id,
            unassigned=who == UNASSIGNED.value,
            addon_of=0 if place and each in extras else None,
        )
        for place, each in enumerate(service_ids)
    )
    customer = filled.picked["customer"]
    return BookAppointment(
        customer_id=int(customer) if customer else None,
        guest_name="" if customer else filled["customer"],
        lines=lines,
        starts_at=at,
        notes=filled["notes"],
    )


async def _preview(screen: DeskScreen, menu: Menu, wish: BookAppointment, kept: KeptTime) -> str:
    zone, currency = screen.desk.shop.timezone, screen.desk.shop.currency
    chosen = [service for line in wish.lines for service in menu.services if service.id == line.service_id]
    ends_at = wish.starts_at + dt.timedelta(minutes=sum(service.minutes for service in chosen))
    begins = local(wish.starts_at, zone)
    said = f"{begins:%a %-d %b %H:%M}–{local(ends_at, zone):%H:%M}  {'+'.join(s.name for s in chosen)}"
    said += f"  {plain(sum((s.price for s in chosen), Decimal(0)), currency)}"
    stylist_id = wish.lines[0].stylist_id
    if stylist_id is None:
        return said
    await kept.keep(stylist_id, wish.starts_at, (ends_at - wish.starts_at) // dt.timedelta(minutes=1))
    asked = ExplainTime(
        stylist_id=stylist_id, at=wish.starts_at, service_id=wish.lines[0].service_id, hold_key=kept.key
    )
    why = await screen.ask(explain, asked)
    return f"{said}\n{' '.join(why.sentences)}"


def insistence(refusal: Refusal) -> str | None:
    """What one may insist on about a refusal, after `ctrl+o` or `o`."""
    if isinstance(refusal, NothingFree | NoResource):
        return None
    if isinstance(refusal, SlotTaken):
        return "overbooks it, with a reason"
    if isinstance(refusal, OutsideShift):
        return "does" if "on purpose" in refusal.sentence else "books it outside working hours"
    return "does" if isinstance(refusal, InThePast) else None


async def insisted(screen: DeskScreen, wish: Any, refusal: Refusal) -> Any:  # noqa: ANN401  a request that may insist
    """The same wish, past its refusal: an overbooking says why. Raises the refusal when nothing was said."""
    if isinstance(refusal, OutsideShift):
        return replace(wish, outside_hours=True)
    if isinstance(refusal, InThePast):
        return replace(wish, in_past=True)
    reason = await screen.fill(reason_form("Overbook: why is it worth it?", "Why"))
    if not reason:
        raise refusal
    return replace(wish, overbook_reason=reason)


def newcomer_form(screen: DeskScreen, name: str) -> Form[CustomerCard]:
    """Somebody new, in as few words as will do at the telephone."""
    first, _, last = (name.title() if name.islower() else name).partition(" ")

    wishes = Wishes()

    async def save(filled: Filled) -> CustomerCard:
        wish = AddCustomer(
            first_name=filled["first_name"],
            last_name=filled["last_name"],
            phone=filled["phone"],
            email=filled["email"],
            request_id=wishes.id_for(filled),
        )
        return await screen.ask_surely(add_customer, wish)

    fields = [
        Field("first_name", "First name", value=first),
        Field("last_name", "Last name", value=last),
        Field("phone", "Phone"),
        Field("email", "E-mail"),
    ]
    title = "A new customer"
    return Form(title, fields, save, keeper=screen.keeper("newcomer", title), focus="last_name" if first else None)


def reason_form(title: str, asked: str, offers: Sequence[Offer] = ()) -> Form[str]:
    """One line: why."""

    async def save(filled: Filled) -> str:
        if not filled["reason"]:
            raise BadInput("Say why in a few words.", field="reason")
        return filled["reason"]

    return Form(title, [Field("reason", asked, find=among(offers) if offers else None)], save)


def when_form(screen: DeskScreen, title: str, *, instead_of: dt.datetime) -> Form[dt.datetime]:
    """A moment in words."""

    async def save(filled: Filled) -> dt.datetime:
        return moment_meant(filled["when"], here(screen), instead_of=instead_of, field="when")

    async def preview(filled: Filled) -> str:
        if not filled["when"]:
            return ""
        return f"{local(await save(filled), screen.desk.shop.timezone):%a %-d %b %Y %H:%M}"

    return Form(title, [Field("when", "To", hint="16:15, thu 2pm, 24/12 15:30")], save, preview=preview)


def as_of_form(screen: DeskScreen) -> Form[dt.datetime]:
    """A moment that has been."""

    async def save(filled: Filled) -> dt.datetime:
        at = moment_passed(filled["when"], here(screen), field="when")
        if at > here(screen).now:
            raise BadInput("That is still to come. Say a moment that has been.", field="when")
        return at

    async def preview(filled: Filled) -> str:
        return f"{local(await save(filled), screen.desk.shop.timezone):%a %-d %b %Y %H:%M}" if filled["when"] else ""

    field = Field("when", "Moment", hint="fri 17:00, yesterday 12:00, 9/3 12:00")
    return Form("The book as it stood", [field], save, preview=preview)


class Week(StrEnum):
    """Where one may go beside a day."""

    OF_STYLIST = "w"


def day_form(screen: DeskScreen) -> Form[dt.date | Week]:
    """A day in words, or `w` for the week of whoever is under the cursor."""

    async def save(filled: Filled) -> dt.date | Week:
        if filled["day"].casefold() in ("w", "week"):
            return Week.OF_STYLIST
        return day_meant(filled["day"], here(screen), field="day")

    async def preview(filled: Filled) -> str:
        meant = await save(filled) if filled["day"] else None
        return "The week of this stylist" if isinstance(meant, Week) else f"{meant:%A %-d %B %Y}" if meant else ""

    field = Field("day", "Day", hint="fri, 3 apr, in 2 weeks, +6w; w for the week")
    return Form("Go to a day", [field], save, preview=preview)


def block_form(screen: DeskScreen, at: dt.datetime, who: str) -> Form[tuple[str, dt.datetime, dt.datetime]]:
    """Time to keep free of visits: what for, from when, how long."""
    zone = screen.desk.shop.timezone

    async def save(filled: Filled) -> tuple[str, dt.datetime, dt.datetime]:
        minutes = filled["minutes"].rstrip("m ")
        if not minutes.isdigit() or not 0 < int(minutes) <= 24 * 60:
            raise BadInput("Say for how many minutes: 30.", field="minutes")
        starts_at = moment_meant(filled["from"], here(screen), instead_of=at, field="from")
        return filled["name"] or "blocked", starts_at, starts_at + dt.timedelta(minutes=int(minutes))

    return Form(
        f"Keep time free of visits: {who}",
        [
            Field("name", "What for", value="lunch"),
            Field("from", "From", value=f"{local(at, zone):%H:%M}"),
            Field("minutes", "Minutes", value="30"),
        ],
        save,
    )
