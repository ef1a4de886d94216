"""The shop itself, when it is open, and when it is shut."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from textual.content import Content

from frontdesk.permissions import Deed
from frontdesk.rules.moment import Here, day_meant
from frontdesk.rules.week import week_in_line, week_words
from frontdesk.screens.admin.room import Room, choice
from frontdesk.screens.commands import Command
from frontdesk.screens.visits.stranded import deal_with, saved, saves_all_the_same
from frontdesk.screens.wishes import Wishes, goes_over, saves_over_it
from frontdesk.services.shop import shops
from frontdesk.services.shop.shops import SLOT_MINUTES, ShopCard
from frontdesk.services.team import shop_hours
from frontdesk.services.team.shop_hours import ClosureCard, OpenHours, OpenWeek, ShopHoursChanged
from frontdesk.text import harmless
from frontdesk.widgets.field import Field, Offer
from frontdesk.widgets.form import Filled
from frontdesk.widgets.plain_table import Column

_FIXED = ("Time zone", "Currency")


@dataclass(frozen=True)
class Fact:
    """One line about the shop."""

    label: str
    value: str
    shop: ShopCard
    week: OpenWeek | None = None


class ShopRoom(Room[Fact]):
    """The shop and its hours."""

    NAME = "Shop and hours"
    ABOUT = "its name, its receipts, when it is open"
    EXPLAINED = """Opening hours hold from a day on; weeks before it keep the old ones. Visits that a change leaves
outside stay in the book and are listed. Time zone and currency never change: visits and money are written in them."""
    COLUMNS = (Column("", 18), Column("Now"))
    CAN = frozenset({"open", "edit"})

    async def things(self) -> Sequence[tuple[object, Fact]]:
        """Hours first, then what is said of the shop."""
        shop = await self.screen.ask(shops.show_shop, shops.ShowShop())
        weeks = (await self.screen.ask(shop_hours.list_business_hours, shop_hours.ListBusinessHours())).weeks
        facts = [
            Fact(
                "Open" if not self._is_planned(week) else f"Open from {_day(week.valid_from)}", _week(week), shop, week
            )
            for week in weeks
        ] or [Fact("Open", "never: e sets its hours", shop, OpenWeek(None, None, ()))]
        rounding = {"line": "each line to the cent", "ticket": "the whole ticket to the cent"}
        said = [
            ("Name", shop.name), ("Address", ", ".join(shop.address.splitlines())),
            ("Receipts end with", ", ".join(shop.receipt_footer.splitlines())),
            ("Starts every", f"{shop.slot_minutes} minutes"), ("Taxes round", rounding[shop.tax_rounding]),
            ("Written as in", f"{shop.locale}, telephones of {shop.country}"),
            ("Time zone", shop.timezone), ("Currency", shop.currency),
        ]  # fmt: skip
        facts += [Fact(label, value, shop) for label, value in said]
        return [(fact.label, fact) for fact in facts]

    def line(self, thing: Fact) -> tuple[tuple[str, ...], str]:
        """What, and what it is."""
        return (thing.label, thing.value or "–"), "fd-muted" if thing.label in _FIXED else ""

    def words(self, thing: Fact) -> Content:
        """All of it, where a line is too short."""
        return Content(harmless(thing.value))

    def cannot(self, command: Command, thing: Fact | None) -> str | None:
        """What never changes, and who may change the rest."""
        if thing is not None and thing.label in _FIXED:
            return f"The {thing.label.lower()} never changes: visits and money of a shop are written in it."
        return self.refusal(Deed.EDIT_ROSTER if thing is not None and thing.week else Deed.EDIT_SHOP)

    async def edit(self, thing: Fact) -> None:
        """Its hours from a day on, or what is said of it."""
        if thing.week is not None:
            await self._hours(thing.week)
        else:
            await self._shop(thing)

    async def _hours(self, week: OpenWeek) -> None:
        wishes = Wishes()

        async def save(filled: Filled) -> ShopHoursChanged:
            wish = shop_hours.SetBusinessHours(
                valid_from=self._day_in(filled, "since"),
                hours=_open(filled),
                request_id=wishes.id_for(filled),
            )
            return await saved(self.screen, shop_hours.set_business_hours, wish, filled)

        async def preview(filled: Filled) -> str:
            since = self._day_in(filled, "since")
            said = week_words((one.weekday, one.opens, one.closes) for one in _open(filled))
            return f"From {since:%A} {_day(since)}: {said or 'never open'}"

        fields = [
            Field("week", "Open", value=_week(week), hint="mon-fri 9-18, sat 9-16"),
            Field("since", "From", value=_said(week.valid_from) if self._is_planned(week) else "today", hint="1 jun"),
        ]
        changed = await self.form(
            "hours", "Opening hours from a day on", fields, save, preview=preview, can_insist=saves_all_the_same
        )
        if changed:
            self.done("The opening hours are changed.")
            await deal_with(self.screen, changed.stranded)

    async def _shop(self, thing: Fact) -> None:
        shop, wishes = thing.shop, Wishes()

        async def save(filled: Filled) -> ShopCard:
            now = await self.screen.ask(shops.show_shop, shops.ShowShop()) if goes_over(filled) else shop
            wish = shops.EditShop(
                version=now.version,
                name=filled["name"],
                address=filled["address"],
                receipt_footer=filled["footer"],
                slot_minutes=int(filled.picked["slot_minutes"] or 0),
                locale=filled["locale"],
                country=filled["country"],
                tax_rounding=filled.picked["tax_rounding"],
                request_id=wishes.id_for(filled),
            )
            return await self.screen.ask(shops.edit_shop, wish)

        grids = [Offer(str(minutes), f"{minutes} minutes") for minutes in SLOT_MINUTES]
        rounding = [Offer("line", "each line"), Offer("ticket", "the whole ticket")]
        fields = [
            Field("name", "Name", value=shop.name),
            Field("address", "Address", value=shop.address, lines=True),
            Field("footer", "Receipts end with", value=shop.receipt_footer, lines=True),
            choice("slot_minutes", "Starts every", grids, str(shop.slot_minutes)),
            choice("tax_rounding", "Taxes round", rounding, shop.tax_rounding),
            Field("locale", "Written as in", value=shop.locale, hint="en_GB"),
            Field("country", "Country", value=shop.country, hint="GB"),
        ]
        focus = {"Address": "address", "Receipts end with": "footer", "Starts every": "slot_minutes",
                 "Taxes round": "tax_rounding", "Written as in": "locale"}.get(thing.label, "name")  # fmt: skip
        changed = await self.form(f"shop {shop.id}", shop.name, fields, save, focus=focus, can_insist=saves_over_it)
        if changed:
            self.done(f"{changed.name} is changed; open desks take it up when they are opened again.")

    def _is_planned(self, week: OpenWeek) -> bool:
        return week.valid_from is not None and week.valid_from > self.desk.today

    def _day_in(self, filled: Filled, field: str) -> dt.date:
        here = Here(self.desk.clock.now(), self.desk.shop.timezone, self.desk.shop.country)
        return day_meant(filled[field] or "today", here, field=field)


class ClosuresRoom(Room[ClosureCard]):
    """Days on which the shop is shut."""

    NAME = "Closures"
    ABOUT = "days on which the shop is shut"
    EXPLAINED = """On these days nobody can be booked. Visits that are booked already stay in the book and are listed,
so that none is lost silently."""
    COLUMNS = (Column("From", 16), Column("To", 16), Column("Why"))
    CAN = frozenset({"add", "remove"})
    DEED = Deed.EDIT_ROSTER

    async def things(self) -> Sequence[tuple[object, ClosureCard]]:
        """Those that are not over."""
        found = await self.screen.ask(shop_hours.list_closures, shop_hours.ListClosures())
        return [(one.id, one) for one in found.closures]

    def line(self, thing: ClosureCard) -> tuple[tuple[str, ...], str]:
        """First day, last day, why."""
        last = "" if thing.last_day == thing.first_day else f"{thing.last_day:%a} {_day(thing.last_day)}"
        return (f"{thing.first_day:%a} {_day(thing.first_day)}", last, thing.name), ""

    def empty(self) -> str:
        """How to shut."""
        return "No day is shut. + shuts some."

    async def add(self) -> None:
        """Shut for some days."""
        wishes = Wishes()

        def days(filled: Filled) -> tuple[dt.date, dt.date]:
            here = Here(self.desk.clock.now(), self.desk.shop.timezone, self.desk.shop.country)
            first = day_meant(filled["first"], here, field="first")
            return first, day_meant(filled["last"], here, field="last_day") if filled["last"] else first

        async def save(filled: Filled) -> ShopHoursChanged:
            first, last = days(filled)
            wish = shop_hours.AddClosure(
                first_day=first, last_day=last, name=filled["name"], request_id=wishes.id_for(filled)
            )
            return await saved(self.screen, shop_hours.add_closure, wish, filled)

        async def preview(filled: Filled) -> str:
            if not filled["first"]:
                return ""
            first, last = days(filled)
            count = (last - first).days + 1
            until = "" if count == 1 else f" to {last:%A} {_day(last)}, {count} days"
            return f"{first:%A} {_day(first)}{until}"

        fields = [
            Field("first", "First day", hint="3 apr"),
            Field("last", "Last day", hint="the same day"),
            Field("name", "Why", hint="Easter"),
        ]
        added = await self.form(
            "closure", f"Shut {self.desk.shop.name}", fields, save, preview=preview, can_insist=saves_all_the_same
        )
        if added:
            self.done("The shop is shut then.", added.id)
            await deal_with(self.screen, added.stranded)

    async def remove(self, thing: ClosureCard) -> None:
        """Open after all."""
        lost = f"{thing.name}: the shop opens on those days as on any other, and they can be booked."
        if not await self.sure(lost, "open the shop then"):
            return
        if await self.screen.write(shop_hours.remove_closure, shop_hours.RemoveClosure(closure_id=thing.id)):
            self.done("The shop is open then.")


def _open(filled: Filled) -> tuple[OpenHours, ...]:
    week = week_in_line(filled["week"], field="week")
    return tuple(OpenHours(weekday=day, opens=opens, closes=closes) for day, opens, closes in week)


def _week(week: OpenWeek) -> str:
    return week_words((one.weekday, one.opens, one.closes) for one in week.hours)


def _day(day: dt.date | None) -> str:
    return f"{day.day} {day:%b %Y}" if day else ""


def _said(day: dt.date | None) -> str:
    return f"{day:%Y-%m-%d}" if day else "today"
