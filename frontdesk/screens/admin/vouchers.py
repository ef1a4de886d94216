"""Vouchers of others: whose are taken here, what each issuer keeps, and the money that comes for them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from textual.content import Content

from frontdesk.errors import BadInput, NameTaken
from frontdesk.money import money_text, number_text, parse_money, parse_percent, percent_text
from frontdesk.permissions import Deed
from frontdesk.rules.moment import Here, day_meant
from frontdesk.screens.admin.room import Room
from frontdesk.screens.wishes import Wishes
from frontdesk.services.prepaid import vouchers
from frontdesk.services.prepaid.vouchers import Issuer, SetIssuer, SettleVouchers, Vouchers
from frontdesk.text import harmless
from frontdesk.widgets.field import Field
from frontdesk.widgets.form import Filled
from frontdesk.widgets.modal import Answer, Question
from frontdesk.widgets.plain_table import Column


class VoucherIssuersRoom(Room[Issuer]):
    """Whose vouchers are taken."""

    NAME = "Voucher issuers"
    ABOUT = "whose vouchers are taken, and what they owe"
    EXPLAINED = """Vouchers that somebody else sold, a city's or a shopping centre's card, pay here like money; their
issuer pays the shop later, less what it keeps of each. What is still to come stands here. When it has come, enter on
the issuer says so: it settles the oldest vouchers first. − takes somebody's vouchers no longer; what they owe stays
owed."""
    COLUMNS = (Column("Issuer"), Column("Keeps", 9, right=True), Column("Still owes", 14, right=True), Column("", 16))
    VIEWS = ("With issuers whose vouchers are no longer taken.", "Only issuers whose vouchers are taken.")
    CAN = frozenset({"open", "add", "edit", "remove", "view"})
    DEED = Deed.EDIT_CATALOGUE
    SEE = Deed.SELL

    async def things(self) -> Sequence[tuple[object, Issuer]]:
        """By name; whoever still owes is never out of sight."""
        found = await self.screen.ask(vouchers.list_issuers, vouchers.ListIssuers(all=True))
        return [(one.id, one) for one in found.issuers if one.is_active or one.left or self.everything]

    def line(self, thing: Issuer) -> tuple[tuple[str, ...], str]:
        """Who, what they keep, what they owe."""
        shop = self.desk.shop
        left = number_text(thing.left, shop.currency, shop.locale)
        cells = (thing.name, self._percent(thing.fee_percent), left, "" if thing.is_active else "no longer taken")
        return cells, "" if thing.is_active else "fd-muted"

    def words(self, thing: Issuer) -> Content:
        """The same in a sentence."""
        return Content(self._said(thing))

    def empty(self) -> str:
        """How to have some."""
        return "No vouchers of others are taken. + takes somebody's."

    async def open(self, thing: Issuer) -> None:
        """Their money has come, or something about them changes."""
        if not thing.left:
            await super().open(thing)
            return
        ways = [Answer("m", f"money of {thing.name} has come", "money"), Answer("e", "change what they keep", "edit")]
        way = await self.screen.app.wait_for(Question(self._said(thing), ways))
        if way == "money":
            await self._settle(thing)
        elif way == "edit":
            await super().open(thing)

    async def add(self) -> None:
        """Take somebody's."""
        added = await self._fill(None)
        if added:
            self.done(f"Vouchers of {added.name} are taken.", added.id)

    async def edit(self, thing: Issuer) -> None:
        """Another name, another share."""
        changed = await self._fill(thing)
        if changed:
            self.done(f"{changed.name} is changed; vouchers taken before keep their share.", changed.id)

    async def remove(self, thing: Issuer) -> None:
        """Take them no longer, or again."""
        lost = f"Vouchers of {thing.name} are not taken any more. What they still owe stays owed."
        if thing.is_active and not await self.sure(lost, f"take none of {thing.name} any more"):
            return
        wish = SetIssuer(
            issuer_id=thing.id, name=thing.name, fee_percent=thing.fee_percent, is_active=not thing.is_active
        )
        if await self.screen.write(vouchers.set_issuer, wish):
            gone = f"Vouchers of {thing.name} are not taken any more. v shows them."
            self.done(gone if thing.is_active else f"Vouchers of {thing.name} are taken again.", thing.id)

    async def _fill(self, thing: Issuer | None) -> Issuer | None:
        wishes = Wishes()

        def share(filled: Filled) -> Decimal:
            return parse_percent(filled["share"], self.desk.shop.locale, "share") if filled["share"] else Decimal(0)

        async def save(filled: Filled) -> Issuer:
            if not filled["name"]:
                raise BadInput("The issuer needs a name: what stands on the vouchers.", field="name")
            wish = SetIssuer(
                issuer_id=thing.id if thing else None,
                name=filled["name"],
                fee_percent=share(filled),
                is_active=thing.is_active if thing else True,
                request_id=wishes.id_for(filled),
            )
            try:
                return await self.screen.ask(vouchers.set_issuer, wish)
            except NameTaken as taken:
                problem = f"There is an issuer {filled['name']} already; one no longer taken is behind v."
                raise BadInput(problem, field="name") from taken
            except BadInput as refused:
                field = "share" if refused.facts.get("field") == "fee_percent" else "name"
                raise BadInput(refused.sentence, field=field) from refused

        async def preview(filled: Filled) -> str:
            shop, hundred = self.desk.shop, Decimal(100)
            comes = money_text(hundred - share(filled), shop.currency, shop.locale)
            return f"Of a voucher of {money_text(hundred, shop.currency, shop.locale)} {comes} comes."

        fields = [
            Field("name", "Issuer", value=thing.name if thing else "", hint="City gift card"),
            Field("share", "Keeps", value=self._percent(thing.fee_percent) if thing else "", hint="nothing; or 5 %"),
        ]
        title = f"Vouchers of {thing.name}" if thing else "Vouchers of somebody else"
        return await self.form(f"issuer {thing.id}" if thing else "issuer", title, fields, save, preview=preview)

    async def _settle(self, thing: Issuer) -> None:
        shop, wishes = self.desk.shop, Wishes()

        async def save(filled: Filled) -> Vouchers:
            here = Here(self.desk.clock.now(), shop.timezone, shop.country)
            amount = parse_money(filled["amount"], shop.currency, shop.locale)
            if amount > thing.left:
                owed = money_text(thing.left, shop.currency, shop.locale)
                raise BadInput(f"{thing.name} owes {owed}, not more. Type what is for vouchers.", field="amount")
            wish = SettleVouchers(
                issuer_id=thing.id, amount=amount, day=day_meant(filled["day"] or "today", here, field="day"),
                reference=filled["reference"], request_id=wishes.id_for(filled),
            )  # fmt: skip
            return await self.screen.ask(vouchers.settle, wish)

        fields = [
            Field("amount", "How much", value=number_text(thing.left, shop.currency, shop.locale)),
            Field("day", "Came on", value="today", hint="today; or 3 dec"),
            Field("reference", "It says", hint="what stands on the transfer, if you like"),
        ]
        if await self.form(f"issuer money {thing.id}", f"Money of {thing.name} has come", fields, save, focus="amount"):
            self.done(f"The money of {thing.name} is entered, for the oldest vouchers first.", thing.id)

    def _percent(self, percent: Decimal) -> str:
        return percent_text(percent, self.desk.shop.locale)

    def _said(self, thing: Issuer) -> str:
        owes = money_text(thing.left, self.desk.shop.currency, self.desk.shop.locale) if thing.left else "nothing"
        keeps = self._percent(thing.fee_percent) if thing.fee_percent else "nothing"
        return f"{harmless(thing.name)} keeps {keeps} of each voucher, and owes {owes} just now."
