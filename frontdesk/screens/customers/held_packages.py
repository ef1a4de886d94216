"""A customer's packages, put right: frozen, used again, shared, corrected, brought from elsewhere (feature CO9)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from frontdesk.errors import BadInput
from frontdesk.money import parse_money
from frontdesk.screens.base import DeskScreen
from frontdesk.screens.customers.typed import day_in, day_said, whole
from frontdesk.screens.sessions import sessions_meant
from frontdesk.screens.wishes import Wishes
from frontdesk.services.customers.customer_search import FindCustomers, find_customers
from frontdesk.services.menu.catalogue import ListServices, list_services
from frontdesk.services.packages.package_changes import (
    BringPackage,
    CorrectSessions,
    FreezePackage,
    SharePackage,
    ThawPackage,
    UnsharePackage,
    bring_package,
    correct_sessions,
    freeze_package,
    share_package,
    thaw_package,
    unshare_package,
)
from frontdesk.services.packages.packages import (
    CustomerPackageCard,
    ListPackages,
    SessionsLeft,
    Sharer,
    list_packages,
)
from frontdesk.widgets.field import Field, Find, Offer, among
from frontdesk.widgets.form import Filled, Form
from frontdesk.widgets.modal import Answer, Question

_LISTED = 9
"""So many can be chosen by a digit."""


def package_words(card: CustomerPackageCard, customer_id: int) -> str:
    """`Five cuts: 4 Cut, until 3 May 2027 (from Kim Lee; rests until 2 Apr 2026)`."""
    left = ", ".join(f"{one.sessions} {one.service}" for one in card.sessions)
    said = [f"{card.name}: {left}" if left else card.name]
    if card.last_day:
        said.append(f"until {day_said(card.last_day)}")
    notes = []
    if card.customer_id != customer_id:
        notes.append(f"from {card.owner}")
    if card.frozen_until:
        notes.append(f"rests until {day_said(card.frozen_until)}")
    elif card.rests_from:
        notes.append(f"rests from {day_said(card.rests_from)}")
    if card.sharers:
        notes.append(f"shared with {', '.join(one.name for one in card.sharers)}")
    return ", ".join(said) + (f" ({'; '.join(notes)})" if notes else "")


async def change_package(screen: DeskScreen, card: CustomerPackageCard) -> str:
    """Rest, use again, share, share no more, correct."""
    ways: list[Answer[str]] = []
    if card.frozen_until or card.rests_from:
        again = "use it again from today" if card.frozen_until else "don't let it rest after all"
        ways.append(Answer("t", again, "thaw"))
    if not card.frozen_until:
        ways.append(Answer("f", "let it rest: it is good for as many days longer", "freeze"))
    if len(card.sharers) < card.may_share_with:
        ways.append(Answer("s", "share it with somebody", "share"))
    if card.sharers:
        ways.append(Answer("x", "share it no longer", "unshare"))
    if card.sessions:
        ways.append(Answer("c", "put its sessions right", "correct"))
    way = await screen.app.wait_for(Question(package_words(card, card.customer_id), ways))
    if way == "thaw":
        done = await screen.write(thaw_package, ThawPackage(customer_package_id=card.id))
        return f"{card.name} can be used again{_until(done)}." if done else ""
    if way == "freeze":
        done = await screen.fill(_freeze_form(screen, card))
        return f"{card.name} rests{_until(done, 'and is then good')}." if done else ""
    if way == "share":
        done = await screen.fill(_share_form(screen, card))
        return f"{card.name} is shared with {', '.join(one.name for one in done.sharers)}." if done else ""
    if way == "unshare":
        return await _unshare(screen, card)
    if way == "correct":
        done = await screen.fill(_sessions_form(screen, card))
        left = ", ".join(f"{one.sessions} {one.service}" for one in done.sessions) if done else ""
        return f"{card.name} has {left or 'nothing'} left." if done else ""
    return ""


def _until(card: CustomerPackageCard | None, words: str = "") -> str:
    last = card.last_day if card else None
    return f" {words} until {day_said(last)}".replace("  ", " ") if last else ""


def _freeze_form(screen: DeskScreen, card: CustomerPackageCard) -> Form[CustomerPackageCard]:
    """Until when, from when, why."""
    wishes, today = Wishes(), screen.desk.today

    def days(filled: Filled) -> tuple[dt.date, dt.date]:
        if not filled["until_day"]:
            raise BadInput("Say on which day it can be used again.", field="until_day")
        first = day_in(screen, filled["first_day"] or "today", "first_day")
        return first, day_in(screen, filled["until_day"], "until_day")

    async def save(filled: Filled) -> CustomerPackageCard:
        first, until = days(filled)
        wish = FreezePackage(
            customer_package_id=card.id, first_day=first, until_day=until, reason=filled["reason"],
            request_id=wishes.id_for(filled),
        )  # fmt: skip
        return await screen.ask(freeze_package, wish)

    async def preview(filled: Filled) -> str:
        first, until = days(filled)
        if not today <= first < until:
            return ""
        longer = (until - first).days
        said = f"It rests {longer} day{'s' * (longer != 1)}"
        return (
            f"{said} and is good until {day_said(card.last_day + dt.timedelta(longer))}."
            if card.last_day
            else f"{said}."
        )

    fields = [
        Field("until_day", "Used again on", hint="1 jun"),
        Field("first_day", "Rests from", value="today", hint="today"),
        Field("reason", "Why", hint="Abroad until June"),
    ]
    title = f"Let {card.name} of {card.owner} rest"
    keeper = screen.keeper(f"freeze {card.id}", title)
    return Form(title, fields, save, preview=preview, keeper=keeper)


def _share_form(screen: DeskScreen, card: CustomerPackageCard) -> Form[CustomerPackageCard]:
    """With whom."""
    wishes = Wishes()

    async def save(filled: Filled) -> CustomerPackageCard:
        if not filled.picked["customer_id"]:
            raise BadInput("Nobody was chosen. Type a name and take somebody from the list.", field="customer_id")
        wish = SharePackage(
            customer_package_id=card.id, customer_id=int(filled.picked["customer_id"]), request_id=wishes.id_for(filled)
        )
        return await screen.ask(share_package, wish)

    async def preview(filled: Filled) -> str:
        others = card.may_share_with - len(card.sharers)
        return f"They use the same sessions as {card.owner}. {others} more can share it."

    title = f"Share {card.name} of {card.owner}"
    fields = [Field("customer_id", "With", hint="name, phone's end", find=_customers(screen))]
    return Form(title, fields, save, preview=preview, keeper=screen.keeper(f"share {card.id}", title))


def _customers(screen: DeskScreen) -> Find:
    async def find(typed: str) -> Sequence[Offer]:
        if not typed.strip():
            return ()
        found = await screen.ask(find_customers, FindCustomers(text=typed, limit=6))
        return [
            Offer(str(one.id), f"{one.name} {one.phone[-4:] if one.phone else ''}".strip()) for one in found.customers
        ]

    return find


async def _unshare(screen: DeskScreen, card: CustomerPackageCard) -> str:
    gone: Sharer | None = card.sharers[0]
    if len(card.sharers) > 1:
        answers = [Answer(str(n), one.name, one) for n, one in enumerate(card.sharers[:_LISTED], start=1)]
        gone = await screen.app.wait_for(Question(f"Who shall use {card.name} no longer?", answers))
    if gone is None:
        return ""
    wish = UnsharePackage(customer_package_id=card.id, customer_id=gone.customer_id)
    return f"{gone.name} can't use {card.name} any more." if await screen.write(unshare_package, wish) else ""


def _sessions_form(screen: DeskScreen, card: CustomerPackageCard) -> Form[CustomerPackageCard]:
    """How many sessions more or fewer, of what, and why."""
    wishes = Wishes()
    lots = [Offer(str(one.lot_id), _lot_words(one)) for one in card.sessions]

    def lot(filled: Filled) -> SessionsLeft:
        number = filled.picked["lot"] if len(lots) > 1 else lots[0].value
        found = next((one for one in card.sessions if str(one.lot_id) == number), None)
        if found is None:
            raise BadInput("Choose which of its sessions.", field="lot")
        return found

    async def save(filled: Filled) -> CustomerPackageCard:
        wish = CorrectSessions(
            lot_id=lot(filled).lot_id, sessions=whole(filled["sessions"], "sessions", "1, or -1"),
            reason=filled["reason"], request_id=wishes.id_for(filled),
        )  # fmt: skip
        return await screen.ask_surely(correct_sessions, wish)

    async def preview(filled: Filled) -> str:
        which, more = lot(filled), whole(filled["sessions"], "sessions", "1, or -1")
        now = which.sessions + more
        value = " What goes takes its value with it." if more < 0 else " They add no value to the package."
        return f"{which.service}: {which.sessions} now, {now} then.{value}" if now >= 0 and more else ""

    fields = [
        Field("sessions", "Sessions", hint="1 more; -1 takes one"),
        Field("reason", "Why", hint="Used before the till knew"),
    ]
    if len(lots) > 1:
        first = lots[0]
        fields.insert(0, Field("lot", "Of", value=first.label, picked=first.value, find=among(lots)))
    title = f"Put {card.name} of {card.owner} right"
    keeper = screen.keeper(f"sessions {card.id}", title)
    return Form(title, fields, save, preview=preview, keeper=keeper, focus="sessions")


def _lot_words(one: SessionsLeft) -> str:
    until = f", until {day_said(one.last_day)}" if one.last_day else ""
    return f"{one.service}, from {day_said(one.first_day)}{until}: {one.sessions}"


async def bring(screen: DeskScreen, customer_id: int, name: str) -> str:
    """What is left of a package from elsewhere."""
    offered = (await screen.ask(list_packages, ListPackages(all=True))).packages
    if not offered:
        return "No package is on offer that it could be. An admin puts one there: F7, Packages."
    menu = (await screen.ask(list_services, ListServices())).services
    wishes, shop = Wishes(), screen.desk.shop
    names = [Offer(str(one.id), one.name) for one in offered]

    async def save(filled: Filled) -> CustomerPackageCard:
        if not filled.picked["package"]:
            raise BadInput("Choose which of the packages here it is.", field="package")
        wish = BringPackage(
            package_id=int(filled.picked["package"]), customer_id=customer_id,
            services=sessions_meant(filled["services"], menu),
            value=parse_money(filled["value"], shop.currency, shop.locale, "value"), reason=filled["reason"],
            last_day=day_in(screen, filled["last_day"], "last_day") if filled["last_day"] else None,
            request_id=wishes.id_for(filled),
        )  # fmt: skip
        return await screen.ask_surely(bring_package, wish)

    fields = [
        Field("package", "It is", find=among(names), hint="one of the packages here"),
        Field("services", "Left of it", hint="2 Cut, 1 Colour"),
        Field("value", "Worth", hint="70.00, all that is left"),
        Field("last_day", "Good until", hint="as the package has it"),
        Field("reason", "Why", hint="Sold by the shop before us"),
    ]
    title = f"A package of {name} from elsewhere"
    form = Form(title, fields, save, keeper=screen.keeper(f"bring {customer_id}", title))
    done = await screen.fill(form)
    return f"{name} has {package_words(done, customer_id)}." if done else ""
