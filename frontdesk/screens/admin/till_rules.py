"""How the shop takes money: rounding, a charge on top, tips and their pool, counts, what a refund takes back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from frontdesk.errors import BadInput
from frontdesk.money import number_text, parse_money, parse_percent, percent_text
from frontdesk.permissions import Deed
from frontdesk.screens.admin.room import Room, yes_or_no
from frontdesk.screens.wishes import Wishes
from frontdesk.services.ticket.till_rules import (
    EditTillRules,
    ShowTillRules,
    TillRules,
    edit_till_rules,
    show_till_rules,
)
from frontdesk.widgets.field import Field
from frontdesk.widgets.form import Filled
from frontdesk.widgets.plain_table import Column

_AMOUNTS = {
    "cash_rounding": ("Cash to the nearest", "0.05, or 0 when every coin exists"),
    "count_tolerance": ("A count may be off by", "counted again when further off"),
}
_PERCENTS = {"service_charge": ("Service charge", "of services, on top; 0 for none")}
_TIPS = {"tip_percents": ("Tips suggested", "of services, like 10 15 20")}
_SWITCHES = {
    "pools_tips": ("Tips go into one pool", "shared by rostered hours"),
    "managers_share_tips": ("Managers share the pool", "where no law forbids it"),
    "takes_commission_back": ("Refunds take commission", "back, unless chosen otherwise"),
    "closes_with_parked": ("Close with parked tickets", "while some are put aside"),
    "sells_below_stock": ("Sell below stock", "what the books say is not there"),
}


@dataclass(frozen=True)
class Rule:
    """One rule as it is now."""

    field: str
    label: str
    about: str
    rules: TillRules
    value: str
    """As it is said: 0.05, 10 %, yes."""


class TillRulesRoom(Room[Rule]):
    """What holds when money is taken."""

    NAME = "Rules of the till"
    ABOUT = "rounding, charge, tips and their pool, counts"
    EXPLAINED = """These hold from the next sale on; what is closed stays as it is. A service charge is paid by all
and taxed, a tip is not. A pool is shared by rostered hours: frontdesk tips pool."""
    COLUMNS = (Column("Rule", 26), Column("Now", 14), Column("", least=30))
    CAN = frozenset({"open", "edit"})
    DEED = Deed.EDIT_SHOP

    async def things(self) -> Sequence[tuple[object, Rule]]:
        """Every rule."""
        rules = await self.screen.ask(show_till_rules, ShowTillRules())
        return [(field, self._rule(field, rules)) for field in (*_AMOUNTS, *_PERCENTS, *_TIPS, *_SWITCHES)]

    def _rule(self, field: str, rules: TillRules) -> Rule:
        label, about = {**_AMOUNTS, **_PERCENTS, **_TIPS, **_SWITCHES}[field]
        if field == "managers_share_tips" and rules.pool_law:
            about = f"not here: {rules.pool_law}"
        return Rule(field, label, about, rules, self._said(getattr(rules, field)))

    def _said(self, value: object) -> str:
        shop = self.desk.shop
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, tuple):
            return " ".join(map(str, value))
        assert isinstance(value, Decimal)
        return number_text(value, shop.currency, shop.locale)

    def line(self, thing: Rule) -> tuple[tuple[str, ...], str]:
        """The rule, what it is now, what it means."""
        value = thing.value
        if thing.field in _PERCENTS:
            value = percent_text(getattr(thing.rules, thing.field), self.desk.shop.locale)
        return (thing.label, value, thing.about), ""

    async def edit(self, thing: Rule) -> None:
        """Another value."""
        wishes = Wishes()

        async def save(filled: Filled) -> TillRules:
            said: dict[str, Any] = {thing.field: self._meant(thing.field, filled)}
            wish = EditTillRules(version=thing.rules.version, request_id=wishes.id_for(filled), **said)
            return await self.screen.ask(edit_till_rules, wish)

        changed = await self.form(f"till rule {thing.field}", thing.label, [_field(thing)], save)
        if changed:
            self.done(f"{thing.label}: {self._rule(thing.field, changed).value}.")

    def _meant(self, field: str, filled: Filled) -> object:
        shop = self.desk.shop
        if field in _SWITCHES:
            return filled.picked["value"] == "yes"
        if field in _AMOUNTS:
            return parse_money(filled["value"], shop.currency, shop.locale, "value")
        if field in _PERCENTS:
            return parse_percent(filled["value"], shop.locale, field="value")
        words = filled["value"].replace("%", " ").replace(",", " ").split()
        if not all(word.isascii() and word.isdecimal() and len(word) <= 3 for word in words):
            raise BadInput("Type whole percentages, like 10 15 20.", field="value")
        return tuple(int(word) for word in words)


def _field(rule: Rule) -> Field:
    if rule.field in _SWITCHES:
        return yes_or_no("value", rule.label, rule.value == "yes")
    return Field("value", rule.label, value=rule.value, hint=rule.about)
