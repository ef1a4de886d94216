"""Coupons: codes that take something off a ticket."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from textual.content import Content

from frontdesk.errors import BadInput, NameTaken
from frontdesk.money import money_text, number_text, parse_money, percent_text
from frontdesk.permissions import Deed
from frontdesk.rules.moment import Here, day_meant
from frontdesk.screens.admin.room import Room, choice, chosen, count_meant, share_or_sum, yes_or_no
from frontdesk.screens.commands import Command
from frontdesk.screens.wishes import Wishes
from frontdesk.services.menu import catalogue
from frontdesk.services.stock import products
from frontdesk.services.ticket import coupons
from frontdesk.services.ticket.coupons import AddCoupon, CouponCard, EditCoupon, code_of
from frontdesk.text import harmless
from frontdesk.widgets.field import Field, Offer
from frontdesk.widgets.form import Filled
from frontdesk.widgets.plain_table import Column

_KINDS = {"all": (True, True), "services": (True, False), "products": (False, True)}
"""What a coupon is for when it is not one thing alone: services, products."""


@dataclass(frozen=True)
class _For:
    """What a coupon is for, as it can be chosen."""

    offer: Offer
    on_services: bool = False
    on_products: bool = False
    service_id: int | None = None
    product_id: int | None = None

    @property
    def wish(self) -> dict[str, Any]:
        """As a request says it."""
        return {name: getattr(self, name) for name in _REACH}


_REACH = ("on_services", "on_products", "service_id", "product_id")


class CouponsRoom(Room[CouponCard]):
    """Codes that take something off."""

    NAME = "Coupons"
    ABOUT = "codes that take something off a ticket"
    EXPLAINED = """Whoever has the code gets it: at the till it is typed behind "coupon". A coupon asks no manager,
however much it takes off: making it was the decision. It may be for one service or product alone, for a while, so often
in all or by each customer, and from an amount on. One that is not given beside others stands alone on its ticket.
What changes here holds from the next ticket on. − takes it no longer, and − in the longer list (v) takes it again;
tickets that used it stay as they are."""
    COLUMNS = (Column("Code", 12), Column("Takes off", 10, right=True), Column("For"), Column("Holds", 17),
               Column("Used", 9, right=True))  # fmt: skip
    VIEWS = ("With coupons that are not taken any more.", "Only coupons that are taken.")
    CAN = frozenset({"open", "add", "edit", "remove", "view"})
    DEED = Deed.EDIT_CATALOGUE
    SEE = Deed.SELL

    async def things(self) -> Sequence[tuple[object, CouponCard]]:
        """By code, those not taken any more only when asked for."""
        found = await self.screen.ask(coupons.list_coupons, coupons.ListCoupons(all=self.everything))
        return [(one.id, one) for one in found.coupons]

    def line(self, thing: CouponCard) -> tuple[tuple[str, ...], str]:
        """Code, how much, of what, until when, how often it was used."""
        used = f"{thing.used} of {thing.uses}" if thing.uses else str(thing.used)
        cells = (thing.code, self._off(thing), thing.what, self._days(thing), used)
        return cells, "fd-muted" if self._is_spent(thing) else ""

    def words(self, thing: CouponCard) -> Content:
        """All that holds for it."""
        name = "" if thing.name == thing.code else f"On the receipt: {harmless(thing.name)}. "
        return Content(f"{name}{self._said(thing)}.")

    def empty(self) -> str:
        """How to have some."""
        return "No coupon is taken. + makes one; v shows those that ended."

    def cannot(self, command: Command, thing: CouponCard | None) -> str | None:
        """Whose money is another can't be changed in this one."""
        if command.name == "edit" and thing is not None and thing.currency not in (None, self.desk.shop.currency):
            return f"{thing.code} is in {thing.currency}. Change it in a shop that takes {thing.currency}."
        return None

    async def add(self) -> None:
        """A new code."""
        added = await self._fill(None)
        if added:
            self.done(f"{added.code} is taken from now on.", added.id)

    async def edit(self, thing: CouponCard) -> None:
        """Change it from the next ticket on."""
        changed = await self._fill(thing)
        if changed:
            self.done(f"{changed.code} is changed, from the next ticket on.", changed.id)

    async def remove(self, thing: CouponCard) -> None:
        """Take it no longer, or again."""
        if not thing.is_active:
            if await self.screen.write(coupons.edit_coupon, _as_it_is(thing)):
                self.done(f"{thing.code} is taken again.", thing.id)
            return
        lost = f"{thing.code} is not taken any more, at no till. Tickets that used it stay as they are."
        if not await self.sure(lost, f"end {thing.code}"):
            return
        if await self.screen.write(coupons.end_coupon, coupons.EndCoupon(coupon_id=thing.id)):
            self.done(f"{thing.code} is not taken any more. v shows it.")

    async def _fill(self, thing: CouponCard | None) -> CouponCard | None:
        wishes, whats = Wishes(), await self._whats(thing)
        now = next((one for one in whats if thing and one.wish == _reach(thing)), whats[0])

        def meant(filled: Filled) -> dict[str, Any]:
            return {
                **self._meant(filled),
                **next(one.wish for one in whats if one.offer.value == chosen(filled, "for")),
            }

        async def save(filled: Filled) -> CouponCard:
            wish = {**meant(filled), "request_id": wishes.id_for(filled)}
            try:
                if thing is None:
                    return await self.screen.ask(coupons.add_coupon, AddCoupon(**wish))
                return await self.screen.ask(
                    coupons.edit_coupon, EditCoupon(coupon_id=thing.id, is_active=thing.is_active, **wish)
                )
            except NameTaken as taken:
                code = code_of(filled["code"])
                problem = (
                    f"There is a coupon {code} already. Type another code; one that ended is behind v, − takes it."
                )
                raise BadInput(problem, field="code") from taken

        async def preview(filled: Filled) -> str:
            if not filled["code"] or not filled["discount"]:
                return ""
            return f"{code_of(filled['code'])}: {self._told(meant(filled), filled['for'])}."

        code, name = (thing.code, thing.name) if thing else ("", "")
        in_all, each = (str(times or "") for times in ((thing.uses, thing.per_customer) if thing else (None, None)))
        fields = [
            Field("code", "Code", value=code, hint="SPRING10"),
            Field("discount", "Takes off", value=self._typed_off(thing), hint="10 %, or 5.00"),
            choice("for", "For", [one.offer for one in whats], now.offer.value),
            Field("from", "First day", value=_iso(thing.valid_from if thing else None), hint="at once; or 1 dec"),
            Field("last_day", "Last day", value=_iso(thing.last_day if thing else None), hint="no end; or 30 jun"),
            Field("uses", "In all", value=in_all, hint="any number of times"),
            Field("each", "Each customer", value=each, hint="any number of times"),
            Field("minimum", "From", value=self._typed_minimum(thing), hint="any amount; or 50.00 of what it is for"),
            yes_or_no("stacks", "Beside others", thing.stacks if thing else True),
            Field("name", "On receipts", value=name if name != code else "", hint="its code"),
        ]  # fmt: skip
        title = f"Coupon {thing.code}, from the next ticket on" if thing else "A new coupon"
        return await self.form(f"coupon {thing.id}" if thing else "coupon", title, fields, save, preview=preview)

    def _meant(self, filled: Filled) -> dict[str, Any]:
        """What stands in the form, but for what it is for. Raises BadInput naming the field."""
        shop, here = self.desk.shop, Here(self.desk.clock.now(), self.desk.shop.timezone, self.desk.shop.country)
        if not code_of(filled["code"]):
            raise BadInput("The coupon needs a code, like SPRING10.", field="code")
        off = share_or_sum(filled, "discount", shop)
        first, last = (
            day_meant(filled[name], here, field=name) if filled[name] else None for name in ("from", "last_day")
        )
        if last and last < (first or self.desk.today):
            lies = "lies before the first" if first else "is over"
            raise BadInput(f"{_day(last)} {lies}: nobody could use it. Type a later day.", field="last_day")
        return {
            "code": filled["code"], "name": filled["name"], "percent": off.percent, "amount": off.amount,
            "valid_from": first, "last_day": last, "uses": count_meant(filled, "uses"),
            "per_customer": count_meant(filled, "each"),
            "minimum": parse_money(filled["minimum"], shop.currency, shop.locale, "minimum")
            if filled["minimum"] else Decimal(0),
            "stacks": chosen(filled, "stacks") == "yes",
        }  # fmt: skip

    async def _whats(self, thing: CouponCard | None) -> tuple[_For, ...]:
        """What a coupon can be for."""
        menu = await self.screen.ask(catalogue.list_services, catalogue.ListServices())
        shelf = await self.screen.ask(products.list_products, products.ListProducts())
        words = {"all": "services and products", "services": "all services", "products": "all products"}
        whats = [
            *(_For(Offer(kind, words[kind]), *on) for kind, on in _KINDS.items()),
            *(_For(Offer(f"service {one.id}", one.name), service_id=one.id) for one in menu.services),
            *(_For(Offer(f"product {one.id}", one.name), product_id=one.id) for one in shelf.products),
        ]
        if thing is not None and all(one.wish != _reach(thing) for one in whats):
            whats.append(_For(Offer("as it is", thing.what), **_reach(thing)))
        return tuple(whats)

    # Its words

    def _off(self, thing: CouponCard) -> str:
        if thing.percent is not None:
            return percent_text(thing.percent, self.desk.shop.locale)
        return self._money(thing.amount or Decimal(0), thing.currency)

    def _money(self, amount: Decimal, currency: str | None) -> str:
        return money_text(amount, currency or self.desk.shop.currency, self.desk.shop.locale)

    def _typed_off(self, thing: CouponCard | None) -> str:
        if thing is None:
            return ""
        if thing.percent is not None:
            return percent_text(thing.percent, self.desk.shop.locale)
        return number_text(thing.amount or Decimal(0), self.desk.shop.currency, self.desk.shop.locale)

    def _typed_minimum(self, thing: CouponCard | None) -> str:
        if thing is None or not thing.minimum:
            return ""
        return number_text(thing.minimum, self.desk.shop.currency, self.desk.shop.locale)

    def _said(self, thing: CouponCard) -> str:
        wish = {name: getattr(thing, name) for name in _TOLD}
        ended = "" if thing.is_active else ", but not taken any more"
        return f"{self._told(wish, thing.what, thing.currency)}{ended}"

    def _told(self, wish: dict[str, Any], what: str, currency: str | None = None) -> str:
        """A coupon in a sentence."""
        percent, amount = wish["percent"], wish["amount"]
        off = percent_text(percent, self.desk.shop.locale) if percent is not None else self._money(amount, currency)
        said = [f"{off} off {harmless(what)}"]
        if wish["minimum"]:
            said.append(f"for {self._money(wish['minimum'], currency)} or more of that")
        if wish["valid_from"] and wish["valid_from"] > self.desk.today:
            said.append(f"from {_day(wish['valid_from'])} on")
        if wish["last_day"]:
            said.append(f"until {_day(wish['last_day'])}")
        if wish["per_customer"]:
            said.append(f"{_times(wish['per_customer'])} for each customer")
        if wish["uses"]:
            said.append(f"{_times(wish['uses'])} in all")
        if not wish["stacks"]:
            said.append("not beside another discount")
        return ", ".join(said)

    def _days(self, thing: CouponCard) -> str:
        if not thing.is_active:
            return "ended"
        if thing.valid_from and thing.valid_from > self.desk.today:
            return f"from {_day(thing.valid_from)}"
        return f"to {_day(thing.last_day)}" if thing.last_day else "always"

    def _is_spent(self, thing: CouponCard) -> bool:
        is_over = thing.last_day is not None and thing.last_day < self.desk.today
        return not thing.is_active or is_over or (thing.uses is not None and thing.used >= thing.uses)


_TOLD = ("percent", "amount", "minimum", "valid_from", "last_day", "uses", "per_customer", "stacks")


def _reach(thing: CouponCard) -> dict[str, Any]:
    return {name: getattr(thing, name) for name in _REACH}


def _as_it_is(thing: CouponCard) -> EditCoupon:
    """A coupon with nothing changed, taken."""
    same = {name: getattr(thing, name) for name in ("code", "name", *_TOLD, *_REACH)}
    return EditCoupon(coupon_id=thing.id, **same)


def _times(times: int) -> str:
    return "once" if times == 1 else "twice" if times == 2 else f"{times} times"


def _iso(day: dt.date | None) -> str:
    return f"{day:%Y-%m-%d}" if day else ""


def _day(day: dt.date) -> str:
    return f"{day.day} {day:%b %Y}"
