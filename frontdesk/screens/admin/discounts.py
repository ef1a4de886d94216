"""Who pays less than the list says, and who may take how much off it: price classes and discount limits."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from frontdesk.errors import BadInput, NameTaken
from frontdesk.money import parse_percent, percent_text
from frontdesk.permissions import MAY, Deed, Role
from frontdesk.screens.admin.room import Room
from frontdesk.screens.commands import Command
from frontdesk.screens.wishes import Wishes
from frontdesk.services.ticket import price_classes
from frontdesk.services.ticket.price_classes import AddPriceClass, EditPriceClass, PriceClassCard
from frontdesk.services.till import discounts
from frontdesk.services.till.discounts import DiscountLimitCard, DiscountLimits, SetDiscountLimit
from frontdesk.text import harmless
from frontdesk.widgets.field import Field
from frontdesk.widgets.form import Filled
from frontdesk.widgets.plain_table import Column


class PriceClassesRoom(Room[PriceClassCard]):
    """Who pays other prices."""

    NAME = "Price classes"
    ABOUT = "who pays less: staff, models, friends and family"
    EXPLAINED = """A price class is chosen for a whole ticket, and every price of the list is lowered by its share. A
price that was typed by hand stays as it was typed. Whoever is at the desk may give a class, no manager is asked: the
class is the decision. Tickets that were paid keep their prices."""
    COLUMNS = (Column("Class"), Column("Less", 10, right=True), Column("", 16))
    VIEWS = ("With classes that are no longer given.", "Only classes that are given.")
    CAN = frozenset({"open", "add", "edit", "remove", "view"})
    DEED = Deed.EDIT_CATALOGUE

    async def things(self) -> Sequence[tuple[object, PriceClassCard]]:
        """By name, those no longer given only when asked for."""
        wish = price_classes.ListPriceClasses(all=self.everything)
        found = await self.screen.ask(price_classes.list_price_classes, wish)
        return [(one.id, one) for one in found.classes]

    def line(self, thing: PriceClassCard) -> tuple[tuple[str, ...], str]:
        """Its name, and how much less."""
        cells = (thing.name, self._percent(thing), "" if thing.is_active else "no longer given")
        return cells, "" if thing.is_active else "fd-muted"

    def words(self, thing: PriceClassCard) -> Content:
        """What it means at the till."""
        return Content(f"{harmless(thing.name)}: every price of the list less {self._percent(thing)}.")

    def empty(self) -> str:
        """How to have some."""
        return "Everybody pays the list's prices. + makes a class; v shows the old ones."

    async def add(self) -> None:
        """Another class."""
        added = await self._fill(None)
        if added:
            self.done(f"{added.name} pays {self._percent(added)} less, from now on.", added.id)

    async def edit(self, thing: PriceClassCard) -> None:
        """Another name, another share."""
        changed = await self._fill(thing)
        if changed:
            self.done(f"{changed.name} pays {self._percent(changed)} less, from the next ticket on.", changed.id)

    async def remove(self, thing: PriceClassCard) -> None:
        """No longer given, or given again."""
        wish = EditPriceClass(price_class_id=thing.id, is_active=not thing.is_active)
        lost = f"{thing.name} can't be given any more. Tickets that were paid keep their prices."
        if thing.is_active and not await self.sure(lost, f"give {thing.name} no longer"):
            return
        if await self.screen.write(price_classes.edit_price_class, wish):
            again = f"{thing.name} is given again."
            self.done(f"{thing.name} is no longer given. v shows it." if thing.is_active else again, thing.id)

    async def _fill(self, thing: PriceClassCard | None) -> PriceClassCard | None:
        wishes = Wishes()

        def share(filled: Filled) -> str:
            return percent_text(parse_percent(filled["share"], self.desk.shop.locale, "share"), self.desk.shop.locale)

        async def save(filled: Filled) -> PriceClassCard:
            if not filled["name"]:
                raise BadInput("The price class needs a name, like Staff.", field="name")
            percent = parse_percent(filled["share"], self.desk.shop.locale, "share")
            request_id = wishes.id_for(filled)
            try:
                if thing is None:
                    wish = AddPriceClass(name=filled["name"], percent=percent, request_id=request_id)
                    return await self.screen.ask(price_classes.add_price_class, wish)
                change = EditPriceClass(
                    price_class_id=thing.id, name=filled["name"], percent=percent, request_id=request_id
                )
                return await self.screen.ask(price_classes.edit_price_class, change)
            except NameTaken as taken:
                problem = f"There is a class {filled['name']} already; one no longer given is behind v."
                raise BadInput(problem, field="name") from taken

        async def preview(filled: Filled) -> str:
            return f"{filled['name']} pays every price of the list less {share(filled)}." if filled["share"] else ""

        fields = [
            Field("name", "Name", value=thing.name if thing else "", hint="Staff"),
            Field("share", "Pays less", value=self._percent(thing) if thing else "", hint="50 %"),
        ]
        title = thing.name if thing else "A new price class"
        name = f"price class {thing.id}" if thing else "price class"
        return await self.form(name, title, fields, save, preview=preview, focus="share" if thing else "name")

    def _percent(self, thing: PriceClassCard) -> str:
        return percent_text(thing.percent, self.desk.shop.locale)


class DiscountLimitsRoom(Room[DiscountLimitCard]):
    """How much each role may take off."""

    NAME = "Discount limits"
    ABOUT = "how much each role takes off without a manager"
    EXPLAINED = """Whoever takes off more than this, of a line or of a whole ticket, needs a manager's PIN and a
reason; both are kept with the ticket. A price typed below the list's counts as a discount. Coupons, price classes and
what a membership gives do not count: those were somebody's decision. 0 % means that every discount is asked for."""
    COLUMNS = (Column("Role", 14), Column("At most", 11, right=True), Column("", least=30))
    CAN = frozenset({"open", "edit"})
    DEED = Deed.EDIT_CATALOGUE
    SEE = Deed.SELL

    async def things(self) -> Sequence[tuple[object, DiscountLimitCard]]:
        """Those who ask, and those who are asked."""
        found = await self.screen.ask(discounts.list_discount_limits, discounts.ListDiscountLimits())
        asked = [DiscountLimitCard(role, None) for role in (Role.MANAGER, Role.ADMIN)]
        return [(one.role, one) for one in (*found.limits, *asked)]

    def line(self, thing: DiscountLimitCard) -> tuple[tuple[str, ...], str]:
        """The role, how much, and what happens above it."""
        if _allows(thing.role):
            return (thing.role.value, "any", "allows others more, with their PIN"), "fd-muted"
        if thing.percent is None:
            return (thing.role.value, "any", "no limit: nobody is asked, even for 100 %"), "fd-amber"
        about = "every discount needs a manager's PIN" if not thing.percent else "more needs a manager's PIN"
        return (thing.role.value, percent_text(thing.percent, self.desk.shop.locale), about), ""

    def words(self, thing: DiscountLimitCard) -> Content:
        """The same in a sentence."""
        return Content(self._said(thing))

    def cannot(self, command: Command, thing: DiscountLimitCard | None) -> str | None:
        """Who allows has no limit."""
        if thing is not None and _allows(thing.role):
            return f"{_a(thing.role)} has no limit: a discount is theirs to allow."
        return None

    async def edit(self, thing: DiscountLimitCard) -> None:
        """Another limit."""
        wishes = Wishes()

        def meant(filled: Filled) -> DiscountLimitCard:
            typed = filled["limit"]
            percent = parse_percent(typed, self.desk.shop.locale, "limit") if typed else None
            return DiscountLimitCard(thing.role, percent)

        async def save(filled: Filled) -> DiscountLimits:
            wish = SetDiscountLimit(role=thing.role, percent=meant(filled).percent, request_id=wishes.id_for(filled))
            return await self.screen.ask(discounts.set_discount_limit, wish)

        async def preview(filled: Filled) -> str:
            return self._said(meant(filled))

        now = "" if thing.percent is None else percent_text(thing.percent, self.desk.shop.locale)
        field = Field("limit", "At most", value=now, hint="nothing typed: any amount, and nobody is asked")
        title = f"How much a {thing.role.value} takes off"
        changed = await self.form(f"limit {thing.role.value}", title, [field], save, preview=preview)
        if changed:
            self.done(self._said(next(one for one in changed.limits if one.role is thing.role)), thing.role)

    def _said(self, thing: DiscountLimitCard) -> str:
        who = _a(thing.role)
        if _allows(thing.role):
            return f"{who} takes off any amount, and allows others more than their limit."
        if thing.percent is None:
            return f"{who} takes off any amount, and nobody is asked."
        if not thing.percent:
            return f"{who} asks a manager for every discount."
        return (
            f"{who} takes off up to {percent_text(thing.percent, self.desk.shop.locale)}; for more a manager is asked."
        )


def _allows(role: Role) -> bool:
    return Deed.DISCOUNT_MORE in MAY[role]


def _a(role: Role) -> str:
    return f"An {role.value}" if role.value[0] in "aeiou" else f"A {role.value}"
