"""Points for what customers buy: what they are given for from which day on, and who gets more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from textual.content import Content

from frontdesk.errors import BadInput
from frontdesk.money import decimal_text, money_text, parse_number
from frontdesk.permissions import Deed
from frontdesk.rules.moment import Here, day_meant
from frontdesk.rules.points import worth_of
from frontdesk.screens.admin.room import Room, chosen, yes_or_no
from frontdesk.screens.commands import Command
from frontdesk.screens.wishes import Wishes
from frontdesk.services.points import loyalty
from frontdesk.services.points.loyalty import Loyalty, LoyaltyRuleCard, LoyaltyTierCard, SetLoyaltyRule
from frontdesk.text import harmless
from frontdesk.widgets.field import Field
from frontdesk.widgets.form import Filled
from frontdesk.widgets.plain_table import Column


class PointsRoom(Room[LoyaltyRuleCard]):
    """What points are given for."""

    NAME = "Points"
    ABOUT = "what they are given for, and what they pay"
    EXPLAINED = """Customers get points as a ticket is closed, on what they paid for services and products without tax,
and pay with them at the till: points. A rule holds from a day on until the next one; points that are given stay as they
are, and are worth what the rule of the day says. − gives none any more. What a customer has is put right on their
page: h."""
    COLUMNS = (
        Column("From", 12), Column("For each 1.00", 13, right=True), Column("One pays", 9, right=True),
        Column("Good for", 9, right=True), Column("On"),
    )  # fmt: skip
    VIEWS = ("With the rules of before.", "Only what holds and what is to come.")
    CAN = frozenset({"open", "add", "edit", "remove", "view"})
    DEED = Deed.EDIT_CATALOGUE

    _now = dt.date.min
    """From when on what holds today holds."""

    async def things(self) -> Sequence[tuple[object, LoyaltyRuleCard]]:
        """What is to come and what holds; what held before only when asked for."""
        rules = (await self.screen.ask(loyalty.show_loyalty, loyalty.ShowLoyalty())).rules
        self._now = next((one.valid_from for one in rules if one.valid_from <= self.desk.today), dt.date.min)
        return [(one.valid_from, one) for one in rules if self.everything or one.valid_from >= self._now]

    def line(self, thing: LoyaltyRuleCard) -> tuple[tuple[str, ...], str]:
        """From when, how many, their worth, how long, on what."""
        locale = self.desk.shop.locale
        how_many = decimal_text(thing.points_per_unit, locale) if thing.points_per_unit else "none"
        lasts = f"{thing.months} mo" if thing.months else "ever"
        cells = (_day(thing.valid_from), how_many, decimal_text(thing.point_value, locale), lasts, _on(thing))
        return cells, "" if thing.valid_from == self._now else "fd-muted"

    def words(self, thing: LoyaltyRuleCard) -> Content:
        """What it comes to on a ticket of a hundred."""
        holds = "holds today" if thing.valid_from == self._now else "held once"
        if thing.valid_from > self.desk.today:
            holds = "is to come"
        return Content(f"{self._example(thing)} A tier is reached within {thing.tier_months} months. This {holds}.")

    def _example(self, rule: LoyaltyRuleCard | SetLoyaltyRule) -> str:
        shop = self.desk.shop
        hundred = int(rule.points_per_unit * 100)
        if not hundred:
            return "No points are given."
        spent = money_text(Decimal(100), shop.currency, shop.locale)
        pays = money_text(worth_of(hundred, rule.point_value, shop.currency), shop.currency, shop.locale)
        return f"{spent} without tax give {hundred} points, and they pay {pays}."

    def empty(self) -> str:
        """How to begin."""
        return "No points are given. + begins to."

    def cannot(self, command: Command, thing: LoyaltyRuleCard | None) -> str | None:
        """What held before is history, and what gives none can't end."""
        if thing is None:
            return None
        if command.name in ("edit", "open", "remove") and thing.valid_from < self._now:
            return "What held before stays as it was. + makes a rule from today or a later day on."
        if command.name == "remove" and not thing.points_per_unit:
            return "No points are given from that day on. + makes a rule that gives some."
        return None

    async def add(self) -> None:
        """Another rule, from a day on."""
        held = self.thing(self._now) if self._things else None
        await self._fill(held, "today")

    async def edit(self, thing: LoyaltyRuleCard) -> None:
        """Other figures: from today on, or from the day on which it is to hold."""
        await self._fill(thing, _day(max(thing.valid_from, self.desk.today)))

    async def remove(self, thing: LoyaltyRuleCard) -> None:
        """No more points, from a day on; those that are there pay as before."""
        wishes = Wishes()

        def wish(filled: Filled) -> SetLoyaltyRule:
            since = self._since(filled)
            return replace(_as_it_is(thing), points_per_unit=Decimal(0), valid_from=since,
                           request_id=wishes.id_for(filled))  # fmt: skip

        async def save(filled: Filled) -> Loyalty:
            return await self.screen.ask(loyalty.set_rule, wish(filled))

        async def preview(filled: Filled) -> str:
            since = self._since(filled)
            return f"From {_day(since)} on nobody gets points. Those that are there pay as before, until they expire."

        field = Field("valid_from", "From", value=_day(max(thing.valid_from, self.desk.today)), hint="1 jan")
        title = "Give no more points"
        if done := await self.form("points end", title, [field], save, preview=preview):
            self.done("No more points are given.", self._newest(done))

    async def _fill(self, thing: LoyaltyRuleCard | None, since: str) -> None:
        wishes, locale = Wishes(), self.desk.shop.locale

        def wish(filled: Filled) -> SetLoyaltyRule:
            return SetLoyaltyRule(
                points_per_unit=parse_number(filled["points_per_unit"], locale, "points_per_unit"),
                point_value=parse_number(filled["point_value"], locale, "point_value"),
                months=_number(filled["months"], "months") if filled["months"] else None,
                tier_months=_number(filled["tier_months"] or "12", "tier_months"),
                on_services=chosen(filled, "services") == "yes",
                on_products=chosen(filled, "products") == "yes",
                valid_from=self._since(filled),
                request_id=wishes.id_for(filled),
            )

        async def save(filled: Filled) -> Loyalty:
            return await self.screen.ask(loyalty.set_rule, wish(filled))

        async def preview(filled: Filled) -> str:
            if not (filled["points_per_unit"] and filled["point_value"]):
                return ""
            asked = wish(filled)
            return f"From {_day(asked.valid_from or self.desk.today)}: {self._example(asked)}"

        value = decimal_text(thing.point_value, locale) if thing else ""
        fields = [
            Field(
                "points_per_unit", "Points", value=decimal_text(thing.points_per_unit, locale) if thing else "",
                hint="1, for each 1.00 without tax",
            ),
            Field("point_value", "One pays", value=value, hint=f"{decimal_text(Decimal('0.05'), locale)} of a ticket"),
            Field(
                "months", "Good for", value=str(thing.months or "") if thing else "", hint="12 months; empty for ever"
            ),
            Field("tier_months", "Tier within", value=str(thing.tier_months) if thing else "12", hint="12 months"),
            yes_or_no("services", "On services", thing.on_services if thing else True),
            yes_or_no("products", "On products", thing.on_products if thing else True),
            Field("valid_from", "From", value=since, hint="today; or 1 jan"),
        ]  # fmt: skip
        done = await self.form("points", "Points from a day on", fields, save, preview=preview, focus="points_per_unit")
        if done:
            key = self._newest(done)
            self.done("Points are given so from that day on.", key)

    def _newest(self, done: Loyalty) -> dt.date | None:
        return next((one.valid_from for one in done.rules if one not in self._things.values()), None)

    def _since(self, filled: Filled) -> dt.date:
        here = Here(self.desk.clock.now(), self.desk.shop.timezone, self.desk.shop.country)
        return day_meant(filled["valid_from"] or "today", here, field="valid_from")


class TiersRoom(Room[LoyaltyTierCard]):
    """Who gets more points."""

    NAME = "Point tiers"
    ABOUT = "who gets more points for the same"
    EXPLAINED = """A tier is reached by points earned within the months that the rule of points says; whoever has
reached it gets so many times as many from then on. Points that are given stay as they are."""
    COLUMNS = (Column("Tier"), Column("From points", 12, right=True), Column("Gets", 12, right=True))
    CAN = frozenset({"open", "add", "edit", "remove"})
    DEED = Deed.EDIT_CATALOGUE

    async def things(self) -> Sequence[tuple[object, LoyaltyTierCard]]:
        """The lowest first."""
        found = await self.screen.ask(loyalty.show_loyalty, loyalty.ShowLoyalty())
        return [(one.name, one) for one in found.tiers]

    def line(self, thing: LoyaltyTierCard) -> tuple[tuple[str, ...], str]:
        """Name, from how many, how many times as many."""
        return (thing.name, str(thing.from_points), f"{self._times(thing.multiplier)} times"), ""

    def _times(self, multiplier: Decimal) -> str:
        return decimal_text(multiplier, self.desk.shop.locale)

    def words(self, thing: LoyaltyTierCard) -> Content:
        """What it means."""
        return Content(
            f"Whoever has earned {thing.from_points} points is {harmless(thing.name)} "
            f"and gets {self._times(thing.multiplier)} times as many."
        )

    def empty(self) -> str:
        """How to have some."""
        return "Everybody gets the same points. + adds a tier that gets more."

    async def add(self) -> None:
        """Another."""
        await self._fill(None)

    async def edit(self, thing: LoyaltyTierCard) -> None:
        """Other figures; its name is what it is known by."""
        await self._fill(thing)

    async def remove(self, thing: LoyaltyTierCard) -> None:
        """Give it up."""
        lost = f"Nobody is {thing.name} any more. Points that were given stay; new ones come as to everybody else."
        if not await self.sure(lost, f"give {thing.name} up"):
            return
        if await self.screen.write(loyalty.drop_tier, loyalty.DropLoyaltyTier(name=thing.name)):
            self.done(f"{thing.name} is no more.")

    async def _fill(self, thing: LoyaltyTierCard | None) -> None:
        wishes, locale = Wishes(), self.desk.shop.locale

        def wish(filled: Filled) -> loyalty.SetLoyaltyTier:
            return loyalty.SetLoyaltyTier(
                name=thing.name if thing else filled["name"],
                from_points=_number(filled["from_points"], "from_points"),
                multiplier=parse_number(filled["multiplier"].removesuffix("times"), locale, "multiplier"),
                request_id=wishes.id_for(filled),
            )

        async def save(filled: Filled) -> loyalty.SetLoyaltyTier:
            asked = wish(filled)
            if thing is None and any(one.name.casefold() == asked.name.casefold() for one in self._things.values()):
                raise BadInput(f"There is a {asked.name} already. e changes it, or say another name.", field="name")
            await self.screen.ask(loyalty.set_tier, asked)
            return asked

        async def preview(filled: Filled) -> str:
            if not (filled["from_points"] and filled["multiplier"]):
                return ""
            asked = wish(filled)
            return f"From {asked.from_points} points on, {self._times(asked.multiplier)} times as many."

        fields = [
            Field("from_points", "From points", value=str(thing.from_points) if thing else "", hint="500, earned"),
            Field("multiplier", "Gets", value=self._times(thing.multiplier) if thing else "", hint="2 times as many"),
        ]
        if thing is None:
            fields.insert(0, Field("name", "Name", hint="Gold"))
        name, title = (f"tier {thing.name}", thing.name) if thing else ("tier", "A new tier")
        done = await self.form(name, title, fields, save, preview=preview)
        if done:
            self.done(f"{done.name} begins at {done.from_points} points.", done.name)


def _as_it_is(rule: LoyaltyRuleCard) -> SetLoyaltyRule:
    return SetLoyaltyRule(
        points_per_unit=rule.points_per_unit, point_value=rule.point_value, months=rule.months,
        tier_months=rule.tier_months, on_services=rule.on_services, on_products=rule.on_products,
    )  # fmt: skip


def _number(typed: str, field: str) -> int:
    bare = typed.removesuffix("points").removesuffix("months").removesuffix("month").strip()
    if not (bare.isascii() and bare.isdecimal()):
        said = f'"{typed}" is no whole number.' if typed else "This is empty."
        raise BadInput(f"{said} Type it like {500 if field == 'from_points' else 12}.", field=field)
    return int(bare[:9])


def _on(rule: LoyaltyRuleCard) -> str:
    on = (("services", rule.on_services), ("products", rule.on_products))
    return " and ".join(what for what, does in on if does) or "nothing"


def _day(day: dt.date) -> str:
    return f"{day.day} {day:%b %Y}"
