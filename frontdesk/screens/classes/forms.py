"""The forms of classes: plan one, join one, change one, say why it does not take place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from frontdesk.clock import local
from frontdesk.errors import BadInput, OutsideShift, Refusal
from frontdesk.rules.moment import Here, day_meant, moment_meant
from frontdesk.rules.often import Every, Times, heard_often
from frontdesk.rules.recurrence import Unit
from frontdesk.screens.base import DeskScreen
from frontdesk.services.classes.class_wishes import (
    CancelSession,
    ChangeSession,
    JoinClass,
    Joined,
    PlanSession,
    SessionCard,
    SessionChanged,
    SessionsPlanned,
)
from frontdesk.services.classes.classes import cancel_session, change_session, join, plan_session
from frontdesk.services.customers.customer_search import FindCustomers, find_customers
from frontdesk.services.menu.menu import Menu
from frontdesk.services.series.series import SeriesClash
from frontdesk.widgets.field import Field, Offer, among
from frontdesk.widgets.form import Filled, Form


def here(screen: DeskScreen) -> Here:
    """What words of time are said against, on this screen."""
    return Here(screen.desk.clock.now(), screen.desk.shop.timezone, screen.desk.shop.country)


def plan_form(screen: DeskScreen, menu: Menu, day: dt.date) -> Form[SessionsPlanned]:
    """Which class, with whom, when, how often, how many seats."""
    zone = screen.desk.shop.timezone
    classes = [Offer(str(s.id), f"{s.name}  {s.minutes}m  {s.price}") for s in menu.services if s.kind == "class"]
    stylists = [Offer(str(s.id), s.name) for s in menu.stylists]
    noon = local(screen.desk.clock.now(), zone).replace(
        year=day.year, month=day.month, day=day.day, hour=12, minute=0, second=0, microsecond=0
    )

    async def save(filled: Filled) -> SessionsPlanned:
        wish = _planned(screen, filled, noon)
        if filled.insists_on is not None:
            wish = replace(wish, outside_hours=True)
        return await screen.ask_surely(plan_session, wish)

    async def preview(filled: Filled) -> str:
        if not filled["when"]:
            return ""
        at = local(moment_meant(filled["when"], here(screen), instead_of=noon, field="when"), zone)
        again = f", {filled['again']}" if filled["again"] else ""
        return f"{at:%a %-d %b %Y %H:%M}{again}"

    first = classes[0] if len(classes) == 1 else Offer("", "")
    return Form(
        "Plan a class",
        [
            Field("service", "Class", value=first.label, picked=first.value, find=among(classes)),
            Field("stylist", "With", find=among(stylists)),
            Field("when", "When", hint="14:00, thu 2pm, 24/12 18:30"),
            Field("again", "Again", hint="weekly x8; nothing for once"),
            Field("seats", "Seats", hint="nothing for as many as usual"),
        ],
        save,
        preview=preview,
        can_insist=_outside,
    )


def _outside(refusal: Refusal) -> str | None:
    """What ctrl+o does about hours that nobody works."""
    refused = refusal.refused.values() if isinstance(refusal, SeriesClash) else (refusal,)
    return "plans it outside hours" if all(isinstance(one, OutsideShift) for one in refused) else None


def _planned(screen: DeskScreen, filled: Filled, noon: dt.datetime) -> PlanSession:
    if not filled.picked["service"]:
        raise BadInput("Say which class. Classes are made in the menu: F7, then services.", field="service")
    if not filled.picked["stylist"]:
        raise BadInput("Say who leads it.", field="stylist")
    every, count = _often(filled["again"])
    return PlanSession(
        service_id=int(filled.picked["service"]),
        stylist_id=int(filled.picked["stylist"]),
        first=moment_meant(filled["when"], here(screen), instead_of=noon, field="when"),
        every=every.count,
        unit=every.unit.value,
        count=count,
        seats=_number(filled["seats"], "seats"),
    )


def _often(words: str) -> tuple[Every, int]:
    """`weekly x8`, `every 2 weeks x6`; nothing is once. Raises BadInput."""
    if not words:
        return Every(1, Unit.WEEK), 1
    every, times = Every(1, Unit.WEEK), None
    *often, last = words.split()
    for part in (" ".join(often), last):
        for heard in heard_often(part) if part else ():
            if isinstance(heard, Every):
                every = heard
            elif isinstance(heard, Times):
                times = heard.count
    if times is None:
        raise BadInput("Say how often and how many times: weekly x8, every 2 weeks x6.", field="again")
    return every, times


def _number(words: str, field: str) -> int | None:
    if not words:
        return None
    if not words.isdecimal():
        raise BadInput("Say how many: 8.", field=field)
    return int(words)


def join_form(screen: DeskScreen, card: SessionCard) -> Form[Joined]:
    """Who wants a seat."""

    async def find(typed: str) -> Sequence[Offer]:
        if not typed.strip():
            return ()
        found = await screen.ask(find_customers, FindCustomers(text=typed, limit=6))
        return [Offer(str(one.id), f"{one.name} {(one.phone or '')[-4:]}".strip()) for one in found.customers]

    async def save(filled: Filled) -> Joined:
        picked = filled.picked["customer"]
        if not picked and not filled["customer"]:
            raise BadInput("Say who: a customer, or a new name.", field="customer")
        wish = JoinClass(
            session_id=card.id,
            customer_id=int(picked) if picked else None,
            guest_name="" if picked else filled["customer"],
            notes=filled["notes"],
        )
        return await screen.ask_surely(join, wish)

    title = f"A seat in {card.service}" if card.free and not card.waiting else f"Wait for a seat in {card.service}"
    who = Field("customer", "Who", find=find, hint="name, end of a telephone; a new name comes as a guest")
    return Form(title, [who, Field("notes", "Notes")], save)


def change_form(screen: DeskScreen, menu: Menu, card: SessionCard, *, only_when: bool) -> Form[SessionChanged]:
    """Another time, somebody else, other seats."""
    zone = screen.desk.shop.timezone
    stylists = [Offer(str(s.id), s.name) for s in menu.stylists]
    starts = local(card.starts_at, zone)

    async def save(filled: Filled) -> SessionChanged:
        picked = filled.picked["stylist"]
        wish = ChangeSession(
            session_id=card.id,
            version=card.version,
            starts_at=moment_meant(filled["when"], here(screen), instead_of=card.starts_at, field="when"),
            stylist_id=int(picked) if picked else None,
            seats=None if only_when else _number(filled["seats"], "seats"),
        )
        return await screen.ask_surely(change_session, wish)

    fields = [
        Field("when", "When", value=f"{starts:%Y-%m-%d %H:%M}"),
        Field("stylist", "With", value=card.stylist, picked=str(card.stylist_id), find=among(stylists)),
    ]
    if not only_when:
        fields.append(Field("seats", "Seats", value=str(card.seats)))
    return Form(f"{'Move' if only_when else 'Change'} {card.service}", fields, save)


def cancel_form(screen: DeskScreen, card: SessionCard) -> Form[SessionChanged]:
    """Why a class does not take place."""

    async def save(filled: Filled) -> SessionChanged:
        return await screen.ask_surely(cancel_session, CancelSession(session_id=card.id, reason=filled["reason"]))

    async def preview(filled: Filled) -> str:
        people = card.taken + card.waiting
        return f"{people} {'has' if people == 1 else 'have'} to be called." if people else "Nobody has a seat yet."

    title = f"{card.service} at {screen.wall(card.starts_at)} does not take place"
    return Form(title, [Field("reason", "Why")], save, preview=preview)


def day_form(screen: DeskScreen) -> Form[dt.date]:
    """A day in words."""

    async def save(filled: Filled) -> dt.date:
        return day_meant(filled["day"], here(screen), field="day")

    return Form("Go to a day", [Field("day", "Day", hint="fri, 3 apr, in 2 weeks")], save)
