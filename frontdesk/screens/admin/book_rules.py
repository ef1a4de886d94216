"""How the shop keeps its book: limits and habits, and what leaving late costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from textual.content import Content

from frontdesk.errors import BadInput
from frontdesk.money import number_text, parse_money, parse_percent
from frontdesk.permissions import Deed
from frontdesk.screens.admin.room import Room, choice
from frontdesk.screens.wishes import Wishes
from frontdesk.services.book import policies
from frontdesk.services.book.policies import PolicyCard, RemovePolicy, SetPolicy
from frontdesk.services.menu import catalogue
from frontdesk.services.shop import shop_rules
from frontdesk.services.shop.shop_rules import EditShopRules, ShopRules
from frontdesk.text import harmless
from frontdesk.widgets.field import Field, Offer, among
from frontdesk.widgets.form import Filled
from frontdesk.widgets.plain_table import Column

_MINUTES = {
    "wait_minutes": ("Wait between lines", "how long a customer may wait between two lines of a visit"),
    "overbook_minutes": ("Overbook up to", "so many minutes may overlap without a reason being asked"),
    "late_minutes": ("Late after", "when somebody who has not come is called late"),
    "alert_minutes": ("Board alert after", "when the board calls for attention"),
    "overrun_minutes": ("Overrun after", "when a line has gone on for too long"),
    "hold_minutes": ("Hold while typing", "how long a time is kept for whoever is booking it"),
    "offer_minutes": ("Waitlist offer", "how long an offered time is kept"),
    "small_minutes": ("A small service", "takes no longer than this; what it counts as is below"),
}
_TURNS = {
    "request_turn": ("A request counts", "when a walk-in asked for the stylist"),
    "small_turn": ("A small service counts", "as so much of a turn"),
}
_WHOLE = (("a whole turn", Decimal(1)), ("half a turn", Decimal("0.5")), ("no turn", Decimal(0)))
_CLEANUP = "cleanup_may_overrun"


@dataclass(frozen=True)
class Rule:
    """One rule as it is now."""

    field: str
    label: str
    about: str
    rules: ShopRules

    @property
    def value(self) -> str:
        """As it is said: 15 minutes, half a turn, yes."""
        said = getattr(self.rules, self.field)
        if self.field == _CLEANUP:
            return "yes" if said else "no"
        if self.field in _TURNS:
            return next(words for words, turn in _WHOLE if turn == said)
        return f"{said} minutes"


class BookRulesRoom(Room[Rule]):
    """Limits and habits."""

    NAME = "Rules of the book"
    ABOUT = "waits, overbooking, lateness, holds, turns"
    EXPLAINED = """These hold for what is booked and watched from now on; visits that are in the book stay as they are.
Walk-ins go to whoever had the fewest turns today: a request or a small service may count half or nothing."""
    COLUMNS = (Column("Rule", 24), Column("Now", 14), Column("", least=30))
    CAN = frozenset({"open", "edit"})
    DEED = Deed.EDIT_SHOP

    async def things(self) -> Sequence[tuple[object, Rule]]:
        """Every rule, minutes first."""
        rules = await self.screen.ask(shop_rules.show_shop_rules, shop_rules.ShowShopRules())
        said = {**_MINUTES, **_TURNS, _CLEANUP: ("Clean-up may overrun", "cleaning up may go on after closing")}
        return [(field, Rule(field, label, about, rules)) for field, (label, about) in said.items()]

    def line(self, thing: Rule) -> tuple[tuple[str, ...], str]:
        """The rule, what it is now, what it means."""
        return (thing.label, thing.value, thing.about), ""

    async def edit(self, thing: Rule) -> None:
        """Another number."""
        wishes = Wishes()

        async def save(filled: Filled) -> ShopRules:
            said: dict[str, Any] = {thing.field: _meant(thing.field, filled)}
            wish = EditShopRules(version=thing.rules.version, request_id=wishes.id_for(filled), **said)
            return await self.screen.ask(shop_rules.edit_shop_rules, wish)

        changed = await self.form(f"rule {thing.field}", thing.label, [_field(thing)], save)
        if changed:
            self.done(f"{thing.label}: {Rule(thing.field, thing.label, thing.about, changed).value}.")


def _field(rule: Rule) -> Field:
    if rule.field in _MINUTES:
        return Field("value", "Minutes", value=rule.value.removesuffix(" minutes"), hint=rule.about)
    words = ("yes", "no") if rule.field == _CLEANUP else tuple(words for words, _ in _WHOLE)
    return choice("value", rule.label, [Offer(each, each) for each in words], rule.value)


def _meant(field: str, filled: Filled) -> int | bool | Decimal:
    if field == _CLEANUP:
        return filled.picked["value"] == "yes"
    if field in _TURNS:
        return next(turn for words, turn in _WHOLE if words == (filled.picked["value"] or "a whole turn"))
    typed = filled["value"].strip().rstrip("m").strip()
    if not typed.isdecimal():
        raise BadInput("Type a number of minutes, like 15.", field="value")
    return int(typed)


class PoliciesRoom(Room[PolicyCard]):
    """What leaving late costs."""

    NAME = "Cancellation policy"
    ABOUT = "what a late cancellation and a no-show cost"
    EXPLAINED = """With less notice than this a cancellation is late. It may cost a share of the price or a flat fee;
who lets it pass says why. A service without a policy of its own follows the one for every other service."""
    COLUMNS = (Column("Service", 24), Column("What it costs"))
    CAN = frozenset({"open", "add", "edit", "remove"})
    DEED = Deed.EDIT_CATALOGUE

    async def things(self) -> Sequence[tuple[object, PolicyCard]]:
        """The one for all the rest first."""
        found = await self.screen.ask(policies.list_policies, policies.ListPolicies())
        return [(one.service_id or 0, one) for one in found.policies]

    def line(self, thing: PolicyCard) -> tuple[tuple[str, ...], str]:
        """The service, and what leaving it costs."""
        return (thing.service, thing.words), ""

    def words(self, thing: PolicyCard) -> Content:
        """The same in full."""
        return Content(f"{harmless(thing.service)}: {harmless(thing.words)}.")

    def empty(self) -> str:
        """How to have one."""
        return "Leaving costs nothing. + makes a policy."

    async def add(self) -> None:
        """One for every service, or for one."""
        saved = await self._fill(None)
        if saved:
            self.done(f"{saved.service}: {saved.words}.", saved.service_id or 0)

    async def edit(self, thing: PolicyCard) -> None:
        """Change what it costs from now on."""
        saved = await self._fill(thing)
        if saved:
            self.done(f"{saved.service}: {saved.words}.")

    async def remove(self, thing: PolicyCard) -> None:
        """Leaving it costs nothing of its own any more."""
        if await self.sure(f"{thing.service} has no policy of its own any more.", "remove it"):
            await self.screen.write(policies.remove_policy, RemovePolicy(service_id=thing.service_id))
            self.done(f"{thing.service} has no policy of its own any more.")

    async def _fill(self, thing: PolicyCard | None) -> PolicyCard | None:
        shop, wishes = self.desk.shop, Wishes()
        menu = await self.screen.ask(catalogue.list_services, catalogue.ListServices())
        offers = [Offer("", "every other service"), *(Offer(str(one.id), one.name) for one in menu.services)]

        async def save(filled: Filled) -> PolicyCard:
            late, no_show = (_cost(filled[name], name, shop.currency, shop.locale) for name in ("late", "no_show"))
            picked = str(thing.service_id or "") if thing else filled.picked["service"]
            wish = SetPolicy(
                service_id=int(picked) if picked else None,
                notice_minutes=_notice(filled["notice"]),
                late_percent=late[0], late_flat=late[1], no_show_percent=no_show[0], no_show_flat=no_show[1],
                request_id=wishes.id_for(filled),
            )  # fmt: skip
            return await self.screen.ask(policies.set_policy, wish)

        def said(percent: Decimal | None, flat: Decimal | None) -> str:
            if percent is not None:
                return f"{percent.normalize():f}%"
            return number_text(flat, shop.currency, shop.locale) if flat is not None else ""

        notice = _notice_words(thing.notice_minutes) if thing else "24h"
        fields = [
            *([] if thing else [Field("service", "Service", value=offers[0].label, find=among(offers))]),
            Field("notice", "Notice", value=notice, hint="24h, 2 days"),
            Field(
                "late", "Late costs", value=said(thing.late_percent, thing.late_flat) if thing else "50%",
                hint="50%, 25.00, or nothing",
            ),
            Field(
                "no_show", "No-show costs", value=said(thing.no_show_percent, thing.no_show_flat) if thing else "50%",
                hint="100%, 25.00, or nothing",
            ),
        ]  # fmt: skip
        title = thing.service.capitalize() if thing else "A cancellation policy"
        return await self.form(f"policy {thing.service_id if thing else 'new'}", title, fields, save)


_UNITS = {"m": 1, "min": 1, "minutes": 1, "h": 60, "hours": 60, "hour": 60, "d": 1440, "days": 1440, "day": 1440}


def _notice(typed: str) -> int:
    """Minutes of `24h`, `2 days`, `90m`. Raises BadInput."""
    words = "".join(typed.split()).casefold()
    number = words.rstrip("abcdefghijklmnopqrstuvwxyz")
    unit = words[len(number) :] or "h"
    if not number.isdecimal() or unit not in _UNITS:
        raise BadInput("Say how much notice is enough: 24h, 2 days.", field="notice")
    return int(number) * _UNITS[unit]


def _notice_words(minutes: int) -> str:
    return f"{minutes // 60}h" if minutes % 60 == 0 else f"{minutes}m"


def _cost(typed: str, field: str, currency: str, locale: str) -> tuple[Decimal | None, Decimal | None]:
    """A share or a flat sum; neither when nothing is typed."""
    if not typed:
        return None, None
    try:
        if typed.endswith("%"):
            return parse_percent(typed, locale), None
        return None, parse_money(typed, currency, locale, field=field)
    except BadInput as unread:
        raise BadInput("Say a share like 50%, a sum like 25.00, or nothing at all.", field=field) from unread
