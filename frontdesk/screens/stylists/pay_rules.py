"""Rules of commission on the desk: listed in the order in which they are looked at, set, ended (feature ST7)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from frontdesk.desk import Shop
from frontdesk.errors import BadInput, Refusal
from frontdesk.money import parse_money, parse_percent
from frontdesk.rules.commission import BASES, KINDS, Reckoning, Scope, Tier
from frontdesk.rules.hours import DAY
from frontdesk.screens.base import DeskScreen
from frontdesk.screens.stylists.hours_forms import day_in
from frontdesk.screens.wishes import Wishes
from frontdesk.services.menu.catalogue import ListServices, list_services
from frontdesk.services.menu.categories import ListCategories, list_categories
from frontdesk.services.pay.commission import (
    CommissionRuleSet,
    EndCommissionRule,
    ListCommissionRules,
    RuleCard,
    RuleList,
    SetCommissionRule,
    end_rule,
    how_said,
    list_rules,
    set_rule,
)
from frontdesk.services.stock.products import ListProducts, list_products
from frontdesk.services.team.stylists import ListStylists, list_stylists
from frontdesk.services.ticket.coupons import ListCoupons, list_coupons
from frontdesk.services.ticket.price_classes import ListPriceClasses, list_price_classes
from frontdesk.text import harmless
from frontdesk.widgets.field import Field, Offer, among
from frontdesk.widgets.form import Filled, Form
from frontdesk.widgets.modal import Answer, Question
from frontdesk.widgets.plain_table import Column, PlainTable, Row

_HOLDING = "Rules of commission that hold today"
ORDER = """The first that fits counts: the service or product itself, its category, a coupon on it, the ticket's price
class, any; among them for the stylist, for their level, for everybody."""


@dataclass(frozen=True)
class Wish:
    """A new rule, or one to end."""

    what: str
    rule: RuleCard | None = None


async def rules_of(screen: DeskScreen, stylist_id: int) -> None:
    """The rules that hold, until they are left. A new one is proposed for this stylist."""
    everything, word = False, ""
    while True:
        found = await screen.ask(list_rules, ListCommissionRules(all=everything))
        wish = await screen.app.wait_for(RuleSheet(found, everything=everything, word=word))
        word = ""
        if wish is None:
            return
        if wish.what == "view":
            everything = not everything
        elif wish.what == "add":
            done = await screen.fill(await rule_form(screen, stylist_id))
            if done is not None:
                word = f"The rule holds from {done.valid_from:%a} {done.valid_from.day} {done.valid_from:%b}."
        elif wish.rule is not None:
            word = await _end(screen, wish.rule)


async def _end(screen: DeskScreen, rule: RuleCard) -> str:
    """End it, once asked again; what became of it."""
    is_to_come = rule.valid_from is not None and rule.valid_from > screen.desk.today
    ends = "Shall it never begin?" if is_to_come else "End it today? What was earned by it stays."
    words = f"{rule.of_what}, {rule.whose}: {rule.how}. {ends}"
    if not await screen.app.wait_for(Question(words, [Answer("y", "end it", True)])):
        return ""
    try:
        await screen.ask(end_rule, EndCommissionRule(rule_id=rule.id))
    except Refusal as refusal:
        return refusal.sentence
    return "The rule has ended; the next that fits counts."


async def rule_form(screen: DeskScreen, stylist_id: int) -> Form[CommissionRuleSet]:
    """A rule of what, whose, how much, of which base, from a day on."""
    wishes, shop = Wishes(), screen.desk.shop
    things, people = await _things(screen), await _people(screen)
    whose = next(one for one in people if one.value == f"stylist_id:{stylist_id}")

    def wish(filled: Filled) -> SetCommissionRule:
        scope = _scope(filled)
        how = replace(reckoning(filled["rate"], shop), base=filled.picked["base"] or "net")
        return SetCommissionRule(
            scope=scope, reckoning=how, valid_from=day_in(screen, filled, "since"), request_id=wishes.id_for(filled)
        )

    async def save(filled: Filled) -> CommissionRuleSet:
        return await screen.ask(set_rule, wish(filled))

    async def preview(filled: Filled) -> str:
        if not filled["rate"]:
            return "It ends the rule before it for the same. What was earned stays."
        asked = wish(filled)
        said = how_said(asked.reckoning, shop.currency, shop.locale)
        return f"{filled['what']}, {filled['whose']}: {said}."

    fields = [
        Field("what", "Of what", value=things[0].label, picked=things[0].value, find=among(things)),
        Field("whose", "For whom", value=whose.label, picked=whose.value, find=among(people)),
        Field("rate", "How much", hint="40 %, or 5.00 each, or bands 0:40 2000:45, or reached 0:40 2000:45"),
        Field("base", "Of", value=BASES["net"], picked="net", find=among([Offer(k, v) for k, v in BASES.items()])),
        Field("since", "From", value="today", hint="1 jun"),
    ]
    title = "A rule of commission"
    return Form(title, fields, save, preview=preview, keeper=screen.keeper("commission rule", title), focus="rate")


def _scope(filled: Filled) -> Scope:
    if not filled.picked["what"]:
        raise BadInput("Choose of what: a service, a product, a category, or any.", field="what")
    if not filled.picked["whose"]:
        raise BadInput("Choose for whom: a stylist, a level or everybody.", field="whose")
    kind, _, what = filled.picked["what"].partition(" ")
    said = dict(word.split(":", 1) for word in (what, filled.picked["whose"]) if ":" in word)
    level = said.pop("level", None)
    return Scope(kind=kind, level=level, **{name: int(value) for name, value in said.items()})


def reckoning(typed: str, shop: Shop) -> Reckoning:
    """`40 %`, `5.00 each`, `bands 0:40 2000:45`, `reached 0:40 2000:45`. Raises BadInput."""
    first, *rest = typed.split() or [""]
    if first in ("bands", "reached"):
        form = "tier_band" if first == "bands" else "tier_whole"
        return Reckoning(form=form, tiers=tuple(_band(word, shop) for word in rest))
    if rest == ["each"]:
        return Reckoning(form="flat", flat=parse_money(first, shop.currency, shop.locale, "rate"))
    return Reckoning(percent=parse_percent(typed, shop.locale, field="rate"))


def _band(word: str, shop: Shop) -> Tier:
    start, _, share = word.partition(":")
    if not share:
        raise BadInput(f'"{word}" is no band. Say from where and how much: 0:40 2000:45.', field="rate")
    amount: Decimal = parse_money(start, shop.currency, shop.locale, "rate")
    return Tier(from_amount=amount, percent=parse_percent(share, shop.locale, field="rate"))


async def _things(screen: DeskScreen) -> list[Offer]:
    services = (await screen.ask(list_services, ListServices())).services
    products = (await screen.ask(list_products, ListProducts())).products
    categories = (await screen.ask(list_categories, ListCategories())).categories
    coupons = (await screen.ask(list_coupons, ListCoupons())).coupons
    classes = (await screen.ask(list_price_classes, ListPriceClasses())).classes
    return [
        *(Offer(kind, f"any {kind}") for kind in KINDS),
        *(Offer(f"service service_id:{one.id}", one.name) for one in services),
        *(Offer(f"product product_id:{one.id}", one.name) for one in products),
        *(Offer(f"service category_id:{one.id}", f"all of {one.name}") for one in categories),
        *(Offer(f"service coupon_id:{one.id}", f"services with coupon {one.code}") for one in coupons),
        *(Offer(f"product coupon_id:{one.id}", f"products with coupon {one.code}") for one in coupons),
        *(Offer(f"service price_class_id:{one.id}", f"services at {one.name} prices") for one in classes),
        *(Offer(f"product price_class_id:{one.id}", f"products at {one.name} prices") for one in classes),
    ]


async def _people(screen: DeskScreen) -> list[Offer]:
    stylists = (await screen.ask(list_stylists, ListStylists(all=True))).stylists
    levels = sorted({one.level for one in stylists if one.level})
    return [
        Offer("everybody", "everybody"),
        *(Offer(f"stylist_id:{one.id}", one.name) for one in stylists),
        *(Offer(f"level:{level}", f"level {level}") for level in levels),
    ]


def _day(day: dt.date) -> str:
    return f"{day.day} {day:%b %Y}"


class RuleSheet(ModalScreen["Wish | None"]):
    """The rules, the nearest first."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("plus", "wish('add')", show=False),
        Binding("minus", "wish('end')", show=False),
        Binding("v", "wish('view')", show=False),
        Binding("f8", "app.lock", show=False, id="lock"),
    ]
    CSS = """
    RuleSheet { align: center bottom; background: $background 40%; }
    RuleSheet PlainTable { height: auto; max-height: 12; min-height: 3; background: $surface; }
    RuleSheet #whole { margin-top: 1; }
    RuleSheet #order { color: $fd-muted; }
    """

    def __init__(self, found: RuleList, *, everything: bool, word: str = "") -> None:
        """`everything` has those that ended and those to come as well; `word` says what became of the last wish."""
        super().__init__()
        self._rules, self._day, self._everything, self._word = found.rules, found.day, everything, word

    def compose(self) -> ComposeResult:
        """The list, the order, the keys."""
        with Vertical(classes="panel"):
            title = "Every rule of commission, ended and to come" if self._everything else _HOLDING
            yield Static(Content(title), classes="title")
            yield PlainTable(
                [Column("Of", 20), Column("For", 14), Column("How much")],
                id="rules", empty="No rule holds, so nobody earns commission. + sets one.",
            )  # fmt: skip
            yield Static(Content(""), id="whole")
            yield Static(Content(" ".join(ORDER.split())), id="order")
            if self._word:
                yield Static(Content(harmless(self._word)), classes="reason")
            view = "v those that hold" if self._everything else "v ended and to come as well"
            yield Static(Content(f"+ a new rule   − end it   {view}   esc back"), classes="quiet")

    def on_mount(self) -> None:
        """Arrows choose at once."""
        table = self.query_one(PlainTable)
        table.show(
            [
                Row(one, (harmless(one.of_what), harmless(one.whose), one.how), "" if self._holds(one) else "fd-muted")
                for one in self._rules
            ]
        )
        table.styles.height = max(3, min(len(self._rules) + 1, max(3, self.app.size.height - 14)))
        table.focus()

    def _holds(self, rule: RuleCard) -> bool:
        return (rule.valid_from or self._day) <= self._day and (
            rule.valid_until is None or rule.valid_until > self._day
        )

    @on(PlainTable.Moved)
    def _moved(self, moved: PlainTable.Moved) -> None:
        """The rule under the cursor in full: a list has no room for bands."""
        moved.stop()
        rule = moved.row.key if moved.row is not None and isinstance(moved.row.key, RuleCard) else None
        said = f"{rule.of_what}, {rule.whose}: {rule.how}" if rule else ""
        since = f", from {_day(rule.valid_from)}" if rule and rule.valid_from else ""
        until = f", until {_day(rule.valid_until - DAY)}" if rule and rule.valid_until else ""
        self.query_one("#whole", Static).update(Content(harmless(said + since + until)))

    def action_wish(self, what: str) -> None:
        """Leave it with a wish."""
        row = self.query_one(PlainTable).row
        rule = row.key if row is not None and isinstance(row.key, RuleCard) else None
        if what in ("add", "view") or rule is not None:
            self.dismiss(Wish(what, rule))

    def action_leave(self) -> None:
        """Back to the statement."""
        self.dismiss(None)
