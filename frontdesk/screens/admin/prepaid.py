"""Money taken before it is earned: what holds for each kind of it, and which services ask for a deposit."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from textual.content import Content

from frontdesk.errors import BadInput
from frontdesk.money import money_text, number_text, percent_text
from frontdesk.permissions import Deed
from frontdesk.rules.deposits import WHO, WHO_WORDS, Who
from frontdesk.rules.prepayments import LONGEST, Forfeit, PrepaidKind, TaxPoint, last_day
from frontdesk.screens.admin.room import Room, choice, chosen, share_or_sum
from frontdesk.screens.commands import Command
from frontdesk.screens.wishes import Wishes
from frontdesk.services.menu import catalogue, categories
from frontdesk.services.prepaid import prepaid_rules
from frontdesk.services.prepaid.prepaid_rules import (
    DepositRuleCard,
    DepositRules,
    PrepaidRuleCard,
    PrepaidRules,
    SetDepositRule,
    SetPrepaidRule,
)
from frontdesk.text import harmless
from frontdesk.widgets.field import Field, Offer
from frontdesk.widgets.form import Filled
from frontdesk.widgets.plain_table import Column

_KINDS: dict[PrepaidKind, str] = {
    "gift_card": "Gift cards",
    "service_card": "Cards for a service",
    "credit": "Credit",
    "deposit": "Deposits",
    "package": "Packages",
    "transfer": "Bank transfers",
}
_TAX: dict[TaxPoint, str] = {"received": "when money comes", "used": "when it is used"}
_LEFT: dict[Forfeit, str] = {"kept": "the shop keeps it", "returned": "it is given back", "credit": "it becomes credit"}
_EVER = ("", "for ever", "forever", "ever", "always", "no end")


class PrepaidRulesRoom(Room[PrepaidRuleCard]):
    """What holds for each kind of prepayment."""

    NAME = "Prepayment rules"
    ABOUT = "how long each is good for, when it is taxed"
    EXPLAINED = """For each kind of money that is taken before it is earned: when its tax is due, what becomes of what
is left when somebody leaves late, does not come, or never uses it, and how long it is good for. Without a rule of your
own the usual one of your country holds, and − goes back to it. What is issued keeps the rule of its day. How long a
gift card has to be good, and when tax is due, is law in many places: ask whoever does your books before you change
it."""
    COLUMNS = (Column("Of"), Column("Tax is due", 16), Column("What is left", 17), Column("Good for", 10),
               Column("", 8))  # fmt: skip
    CAN = frozenset({"open", "edit", "remove"})
    DEED = Deed.EDIT_CATALOGUE

    async def things(self) -> Sequence[tuple[object, PrepaidRuleCard]]:
        """One for each kind."""
        found = await self.screen.ask(prepaid_rules.list_prepaid_rules, prepaid_rules.ListPrepaidRules())
        return [(one.kind, one) for one in found.rules]

    def line(self, thing: PrepaidRuleCard) -> tuple[tuple[str, ...], str]:
        """The kind, its tax, what is left, how long, and whose rule it is."""
        whose = "your own" if thing.is_own else f"as in {self.desk.shop.country}"
        return (_KINDS[thing.kind], _TAX[thing.tax_point], _LEFT[thing.forfeit], _long(thing.months), whose), ""

    def words(self, thing: PrepaidRuleCard) -> Content:
        """The same in sentences."""
        return Content(self._said(thing))

    def cannot(self, command: Command, thing: PrepaidRuleCard | None) -> str | None:
        """What follows the country follows it already."""
        if command.name == "remove" and thing is not None and not thing.is_own:
            return f"{_KINDS[thing.kind]} are as in {self.desk.shop.country} already. e makes a rule of your own."
        return None

    async def edit(self, thing: PrepaidRuleCard) -> None:
        """A rule of one's own, from now on."""
        wishes = Wishes()

        def meant(filled: Filled) -> PrepaidRuleCard:
            tax, left = chosen(filled, "tax"), chosen(filled, "left")
            return PrepaidRuleCard(
                thing.kind,
                next(point for point in _TAX if point == tax),
                next(forfeit for forfeit in _LEFT if forfeit == left),
                _months(filled["months"]),
                is_own=True,
            )

        async def save(filled: Filled) -> PrepaidRules:
            rule = meant(filled)
            wish = SetPrepaidRule(
                kind=rule.kind, tax_point=rule.tax_point, forfeit=rule.forfeit, months=rule.months,
                request_id=wishes.id_for(filled),
            )  # fmt: skip
            return await self.screen.ask(prepaid_rules.set_prepaid_rule, wish)

        async def preview(filled: Filled) -> str:
            rule = meant(filled)
            last = last_day(rule.months, self.desk.today)
            until = f" What is issued today is good until {last.day} {last:%b %Y}." if last else ""
            return f"{self._said(rule)}{until}"

        fields = [
            choice("tax", "Tax is due", [Offer(point, words) for point, words in _TAX.items()], thing.tax_point),
            choice("left", "What is left", [Offer(one, words) for one, words in _LEFT.items()], thing.forfeit),
            Field("months", "Good for", value="" if thing.months is None else _long(thing.months),
                  hint="for ever; or 24 months, 2 years"),
        ]  # fmt: skip
        title = f"{_KINDS[thing.kind]} issued from now on"
        changed = await self.form(f"prepaid rule {thing.kind}", title, fields, save, preview=preview, focus="tax")
        if changed:
            self.done(f"{_KINDS[thing.kind]} follow your own rule, those issued from now on.", thing.kind)

    async def remove(self, thing: PrepaidRuleCard) -> None:
        """As in the country again."""
        lost = f"{_KINDS[thing.kind]} follow what is usual in {self.desk.shop.country} again, from now on."
        if not await self.sure(lost, "forget your own rule"):
            return
        wish = SetPrepaidRule(kind=thing.kind, as_in_the_country=True)
        if await self.screen.write(prepaid_rules.set_prepaid_rule, wish):
            self.done(f"{_KINDS[thing.kind]} are as in {self.desk.shop.country} again.", thing.kind)

    def _said(self, thing: PrepaidRuleCard) -> str:
        long = "for ever" if thing.months is None else f"for {_long(thing.months)}"
        tax = "when the money comes" if thing.tax_point == "received" else "only when it is used"
        return f"{_KINDS[thing.kind]} are good {long}. Tax is due {tax}. What is left over: {_LEFT[thing.forfeit]}."


class DepositRulesRoom(Room[DepositRuleCard]):
    """Which services ask for a deposit."""

    NAME = "Deposit rules"
    ABOUT = "which visits ask for money before, and how much"
    EXPLAINED = """A visit asks for a deposit when a rule is for its service, and for whoever comes. For each service
the narrowest rule holds: its own before its category's before the one for everything else; of two as narrow the one
that asks for more. Never more is asked than the price. Booking goes on without it: the visit says what is missing, and
Prepayment rules say what becomes of it when nobody comes."""
    COLUMNS = (Column("For"), Column("Of whom", 27), Column("Asks", 11, right=True))
    CAN = frozenset({"open", "add", "edit", "remove"})
    DEED = Deed.EDIT_CATALOGUE

    async def things(self) -> Sequence[tuple[object, DepositRuleCard]]:
        """Services, categories, then the rest."""
        found = await self.screen.ask(prepaid_rules.list_deposit_rules, prepaid_rules.ListDepositRules())
        return [(_place(one), one) for one in found.rules]

    def line(self, thing: DepositRuleCard) -> tuple[tuple[str, ...], str]:
        """What for, of whom, how much."""
        return (_for(thing), WHO_WORDS[thing.who], self._asks(thing)), ""

    def words(self, thing: DepositRuleCard) -> Content:
        """The same in a sentence."""
        return Content(self._said(thing))

    def empty(self) -> str:
        """How to ask for one."""
        return "No visit asks for a deposit. + asks for one."

    async def add(self) -> None:
        """Ask for one."""
        menu = await self.screen.ask(catalogue.list_services, catalogue.ListServices())
        shelves = await self.screen.ask(categories.list_categories, categories.ListCategories())
        known = dict(self._things)
        offers = [
            Offer("all", "everything else"),
            *(Offer(f"category {one.id}", f"category {one.name}") for one in shelves.categories),
            *(Offer(f"service {one.id}", one.name) for one in menu.services if one.kind != "addon"),
        ]
        names = {offer.value: offer.label.removeprefix("category ") for offer in offers}

        def meant(filled: Filled) -> DepositRuleCard:
            kind, _, number = chosen(filled, "for").partition(" ")
            name = "" if kind == "all" else names[chosen(filled, "for")]
            who = chosen(filled, "who")
            off = share_or_sum(filled, "deposit", self.desk.shop)
            return DepositRuleCard(
                int(number) if kind == "service" else None,
                int(number) if kind == "category" else None,
                name,
                next(one for one in WHO if one == who),
                off.percent,
                off.amount,
            )

        async def preview(filled: Filled) -> str:
            if not filled["deposit"]:
                return ""
            rule = meant(filled)
            now = known.get(_place(rule))
            return f"{self._said(rule)}{f' Until now it was {self._asks(now)}.' if now else ''}"

        fields = [
            choice("for", "For", offers, "all"),
            choice("who", "Of whom", [Offer(who, WHO_WORDS[who]) for who in WHO], "all"),
            Field("deposit", "Asks", hint="30 %, or 20.00"),
        ]
        wishes = Wishes()

        async def save(filled: Filled) -> DepositRuleCard:
            return await self._ask(meant(filled), wishes.id_for(filled))

        asked = await self.form("deposit rule", "Ask for a deposit", fields, save, preview=preview, focus="for")
        if asked:
            self.done(f"{_for(asked)}: {WHO_WORDS[asked.who]}, {self._asks(asked)}, from now on.", _place(asked))

    async def edit(self, thing: DepositRuleCard) -> None:
        """Ask for more, or for less."""
        wishes = Wishes()

        def meant(filled: Filled) -> DepositRuleCard:
            much = share_or_sum(filled, "deposit", self.desk.shop)
            return DepositRuleCard(
                thing.service_id, thing.category_id, thing.name, thing.who, much.percent, much.amount
            )

        async def save(filled: Filled) -> DepositRuleCard:
            return await self._ask(meant(filled), wishes.id_for(filled))

        async def preview(filled: Filled) -> str:
            return self._said(meant(filled))

        shop = self.desk.shop
        now = (
            percent_text(thing.percent, shop.locale)
            if thing.percent is not None
            else number_text(thing.amount or Decimal(0), shop.currency, shop.locale)
        )
        field = Field("deposit", "Asks", value=now, hint="30 %, or 20.00")
        name, title = f"deposit rule {_place(thing)}", f"{_for(thing)}, of {WHO_WORDS[thing.who]}"
        asked = await self.form(name, title, [field], save, preview=preview)
        if asked:
            self.done(f"{_for(asked)}: {WHO_WORDS[asked.who]}, {self._asks(asked)}, from now on.", _place(asked))

    async def remove(self, thing: DepositRuleCard) -> None:
        """Ask no more."""
        lost = f"{_for(thing)}: no deposit is asked of {WHO_WORDS[thing.who]} any more. What was left stays."
        if not await self.sure(lost, "ask for none"):
            return
        wish = SetDepositRule(service_id=thing.service_id, category_id=thing.category_id, who=thing.who)
        if await self.screen.write(prepaid_rules.set_deposit_rule, wish):
            self.done(f"{_for(thing)}: no deposit is asked of {WHO_WORDS[thing.who]}.")

    async def _ask(self, rule: DepositRuleCard, request_id: UUID) -> DepositRuleCard:
        wish = SetDepositRule(
            service_id=rule.service_id, category_id=rule.category_id, who=rule.who, percent=rule.percent,
            amount=rule.amount, request_id=request_id,
        )  # fmt: skip
        found: DepositRules = await self.screen.ask(prepaid_rules.set_deposit_rule, wish)
        return next(one for one in found.rules if _place(one) == _place(rule))

    def _asks(self, thing: DepositRuleCard) -> str:
        shop = self.desk.shop
        if thing.percent is not None:
            return percent_text(thing.percent, shop.locale)
        return money_text(thing.amount or Decimal(0), shop.currency, shop.locale)

    def _said(self, thing: DepositRuleCard) -> str:
        of = "of the price" if thing.percent is not None else "for each, never more than its price"
        return f"{harmless(_for(thing))}: {WHO_WORDS[thing.who]} are asked for {self._asks(thing)} {of}.".replace(
            "everybody are", "everybody is"
        )


def _place(rule: DepositRuleCard) -> tuple[int | None, int | None, Who]:
    return rule.service_id, rule.category_id, rule.who


def _for(rule: DepositRuleCard) -> str:
    if rule.category_id is not None:
        return f"{rule.name}, all of it"
    return rule.name or "Everything else"


def _months(typed: str) -> int | None:
    """Months of `24`, `24 months`, `2 years`; None for ever. Raises BadInput."""
    words = "".join(typed.split()).casefold()
    if words in {"".join(ever.split()) for ever in _EVER}:
        return None
    number = words.rstrip("abcdefghijklmnopqrstuvwxyz")
    unit = words[len(number) :] or "months"
    times = next((months for names, months in _UNITS if unit in names), None)
    if times is None or not (number.isascii() and number.isdecimal() and len(number) <= 3):
        raise BadInput("Say how long it is good for: 24 months, 2 years, or nothing for ever.", field="months")
    if not 1 <= int(number) * times <= LONGEST:
        raise BadInput(f"It is good for 1 to {LONGEST} months, or for ever: leave it empty.", field="months")
    return int(number) * times


_UNITS = ((("m", "month", "months"), 1), (("y", "year", "years"), 12))


def _long(months: int | None) -> str:
    if months is None:
        return "for ever"
    number, unit = (months // 12, "year") if months % 12 == 0 else (months, "month")
    return f"{number} {unit}{'' if number == 1 else 's'}"
