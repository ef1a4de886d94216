"""Taxes and their days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from textual.content import Content

from frontdesk.money import parse_percent, percent_text
from frontdesk.permissions import Deed
from frontdesk.rules.moment import Here, day_meant
from frontdesk.screens.admin.room import Room, yes_or_no
from frontdesk.screens.commands import Command
from frontdesk.screens.wishes import Wishes
from frontdesk.services.shop import taxes
from frontdesk.services.shop.taxes import TaxCard
from frontdesk.text import harmless
from frontdesk.widgets.field import Field
from frontdesk.widgets.form import Filled
from frontdesk.widgets.plain_table import Column


class TaxesRoom(Room[TaxCard]):
    """Rates of tax."""

    NAME = "Taxes"
    ABOUT = "rates, with the days they hold"
    EXPLAINED = """A rate is never changed, it ends: + or e makes a new one of the same name from a day on, and the one
before it ends the day before. Past tickets keep the rate of their day. − ends a rate without a new one."""
    COLUMNS = (Column("Tax"), Column("Rate", 9, right=True), Column("Is", 13), Column("On", 21), Column("Holds", 17))
    CAN = frozenset({"open", "add", "edit", "remove", "view"})
    DEED = Deed.EDIT_CATALOGUE

    async def things(self) -> Sequence[tuple[object, TaxCard]]:
        """What holds and what is planned; what is over only when asked for."""
        found = await self.screen.ask(taxes.list_taxes, taxes.ListTaxes())
        return [(one.id, one) for one in found.taxes if self.everything or not self._is_over(one)]

    def line(self, thing: TaxCard) -> tuple[tuple[str, ...], str]:
        """Name, rate, inside or on top, on what, from when."""
        where = "in the price" if thing.inclusive else "added on top"
        on = " and ".join(w for w, yes in (("services", thing.on_services), ("products", thing.on_products)) if yes)
        rate = percent_text(thing.percent, self.desk.shop.locale)
        return (thing.name, rate, where, on or "nothing", self._days(thing)), "fd-muted" if self._is_over(thing) else ""

    def words(self, thing: TaxCard) -> Content:
        """Its days in full."""
        since = f"since {_day(thing.valid_from)}" if thing.valid_from else "always has held"
        until = f"until {_day(thing.valid_until - dt.timedelta(days=1))}" if thing.valid_until else "with no end"
        return Content(f"{harmless(thing.name)} {since}, {until}.")

    def empty(self) -> str:
        """How to have one."""
        return "No tax holds. + adds a rate."

    def cannot(self, command: Command, thing: TaxCard | None) -> str | None:
        """What is over can't end again."""
        if command.name == "remove" and thing is not None and thing.valid_until is not None:
            return f"{thing.name} ends already. + makes a rate of that name from another day on."
        return None

    async def add(self) -> None:
        """A rate of its own."""
        await self._fill(None)

    async def edit(self, thing: TaxCard) -> None:
        """The same tax with another rate, from a day on."""
        await self._fill(thing)

    async def remove(self, thing: TaxCard) -> None:
        """End it, with the last day it holds."""
        wishes = Wishes()

        async def save(filled: Filled) -> TaxCard:
            last = day_meant(filled["last"], self._here(), field="last")
            wish = taxes.EndTax(tax_id=thing.id, last_day=last, request_id=wishes.id_for(filled))
            return await self.screen.ask(taxes.end_tax, wish)

        async def preview(filled: Filled) -> str:
            last = day_meant(filled["last"], self._here(), field="last")
            return f"From {_day(last + dt.timedelta(days=1))} on no {thing.name} is taken. Past tickets keep it."

        field = Field("last", "Last day", value="today", hint="31 dec")
        if await self.form(f"tax end {thing.id}", f"End {thing.name}", [field], save, preview=preview):
            self.done(f"{thing.name} ends. v shows rates that are over.")

    async def _fill(self, thing: TaxCard | None) -> None:
        wishes = Wishes()

        async def save(filled: Filled) -> TaxCard:
            wish = taxes.AddTax(
                name=filled["name"],
                percent=parse_percent(filled["percent"], self.desk.shop.locale),
                inclusive=filled.picked["inclusive"] != "no",
                on_services=filled.picked["services"] != "no",
                on_products=filled.picked["products"] != "no",
                valid_from=day_meant(filled["since"] or "today", self._here(), field="since"),
                request_id=wishes.id_for(filled),
            )
            return await self.screen.ask(taxes.add_tax, wish)

        async def preview(filled: Filled) -> str:
            since = day_meant(filled["since"] or "today", self._here(), field="since")
            return (
                f"From {_day(since)}. Another {filled['name'] or 'rate of this name'} that holds then ends before it."
            )

        percent = percent_text(thing.percent, self.desk.shop.locale) if thing else ""
        fields = [
            Field("name", "Name", value=thing.name if thing else "", hint="VAT"),
            Field("percent", "Rate", value=percent, hint="20"),
            yes_or_no("inclusive", "In the price", thing.inclusive if thing else True),
            yes_or_no("services", "On services", thing.on_services if thing else True),
            yes_or_no("products", "On products", thing.on_products if thing else True),
            Field("since", "From", hint="today; or 1 jan"),
        ]
        name = f"tax {thing.id}" if thing else "tax"
        title = f"{thing.name} from a day on" if thing else "A new tax"
        added = await self.form(name, title, fields, save, preview=preview, focus="percent" if thing else "name")
        if added:
            rate = percent_text(added.percent, self.desk.shop.locale)
            self.done(f"{added.name} is {rate} from {_day(added.valid_from or self.desk.today)}.", added.id)

    def _is_over(self, thing: TaxCard) -> bool:
        return thing.valid_until is not None and thing.valid_until <= self.desk.today

    def _days(self, thing: TaxCard) -> str:
        if thing.valid_until is not None:
            return f"to {_day(thing.valid_until - dt.timedelta(days=1))}"
        return f"from {_day(thing.valid_from)}" if thing.valid_from else "always"

    def _here(self) -> Here:
        return Here(self.desk.clock.now(), self.desk.shop.timezone, self.desk.shop.country)


def _day(day: dt.date) -> str:
    return f"{day.day} {day:%b %Y}"
