"""Adding and changing a customer: the form, what it saves, and what becomes of it when somebody else was faster."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Protocol, TypedDict, TypeVar
from uuid import UUID, uuid4

from frontdesk.desk import Desk
from frontdesk.errors import BadInput, ChangedMeanwhile
from frontdesk.rules.when import WEEKDAYS
from frontdesk.screens.asking import DraftKeeper
from frontdesk.screens.customers.born import age, born_meant, born_words
from frontdesk.screens.customers.fields import HINTS, LABELS, NOBODY, SeenKeeper, texts_of
from frontdesk.screens.customers.merging import Texts, merged
from frontdesk.screens.customers.wording import day_words, phone_words
from frontdesk.services.customers.customer_search import FindCustomers, Found, find_customers
from frontdesk.services.customers.customers import (
    AddCustomer,
    CustomerCard,
    CustomerProfile,
    EditCustomer,
    ShowCustomer,
    add_customer,
    edit_customer,
    show_customer,
)
from frontdesk.text import phone_digits
from frontdesk.widgets.field import Field, FieldRow, Offer, among
from frontdesk.widgets.form import Filled, Form

R = TypeVar("R")
A = TypeVar("A")

_WHOLE_NUMBER = 7
"""With so many digits a telephone number is somebody's own."""


class Ask(Protocol):
    """How a screen asks a service."""

    async def __call__(self, service: Callable[[Desk, R], A], request: R) -> A:
        """Run it aside. Raises its refusals."""


class Said(TypedDict):
    """What a form says of a customer."""

    first_name: str
    last_name: str
    phone: str
    email: str
    code: str | None
    date_of_birth: dt.date | None
    gender: str
    preferred_stylist_id: int | None
    notes: str


class CustomerForm(Form[CustomerCard]):
    """A customer's own fields."""

    def put(self, texts: Texts, picked: Mapping[str, str]) -> None:
        """Let these stand there."""
        for row in self.query(FieldRow):
            name = row.field.name
            if name in texts and row.typed != texts[name]:
                row.put(texts[name], picked.get(name, ""))


class Editing:
    """One form over one customer, or over somebody new."""

    def __init__(
        self, desk: Desk, ask: Ask, stylists: Sequence[tuple[int, str]], keeper: DraftKeeper,
        profile: CustomerProfile | None = None,
    ) -> None:  # fmt: skip
        self._desk = desk
        self._ask = ask
        self._card = profile.card if profile else None
        self._names = dict(stylists)
        if profile and profile.card.preferred_stylist_id and profile.preferred_stylist:
            self._names.setdefault(profile.card.preferred_stylist_id, profile.preferred_stylist)
        self._ids: dict[object, UUID] = {}
        seen = self._texts(self._card) if self._card else dict.fromkeys(LABELS, "")
        self._keeper = SeenKeeper(keeper, seen, self._picked)
        self._form: CustomerForm

    def form(self, texts: Texts | None = None) -> CustomerForm:
        """The form; with these words in it when it is somebody new."""
        shown = self._keeper.seen if self._card else {"preferred_stylist_id": NOBODY.label, **(texts or {})}
        offers = among([NOBODY, *(Offer(str(number), name) for number, name in self._names.items())])
        fields = [
            Field(
                name, label, shown.get(name, ""), self._picked(shown.get(name, "")), HINTS.get(name, ""),
                find=offers if name == "preferred_stylist_id" else None, lines=name == "notes",
            )
            for name, label in LABELS.items()
        ]  # fmt: skip
        title = f"Change {self._card.name}" if self._card else "Somebody new"
        self._form = CustomerForm(title, fields, self._save, preview=self._preview, keeper=self._keeper)
        return self._form

    # Saving

    async def _save(self, filled: Filled) -> CustomerCard:
        said = self._said(filled)
        if self._card is None:
            return await self._ask(add_customer, AddCustomer(request_id=self._id_of(said), **said))
        version = self._card.version
        request = EditCustomer(
            customer_id=self._card.id, version=version, request_id=self._id_of(said, version), **said
        )
        try:
            return await self._ask(edit_customer, request)
        except ChangedMeanwhile as refusal:
            raise await self._put_together(self._card.id, filled, str(refusal.facts["who"])) from refusal

    def _id_of(self, said: Said, version: int = 0) -> UUID:
        """One id per wish: the same one sent again, after the line dropped, is never done twice."""
        return self._ids.setdefault((version, *said.values()), uuid4())

    async def _put_together(self, customer_id: int, filled: Filled, who: str) -> BadInput:
        """Take what the other one changed where nothing was typed, and say all of it."""
        profile = await self._ask(show_customer, ShowCustomer(customer_id=customer_id))
        if profile.card.preferred_stylist_id and profile.preferred_stylist:
            self._names.setdefault(profile.card.preferred_stylist_id, profile.preferred_stylist)
        theirs = self._texts(profile.card)
        both = merged(filled.typed, self._keeper.seen, theirs)
        self._card, self._keeper.seen = profile.card, theirs
        self._form.put(both.texts, {"preferred_stylist_id": self._picked(both.texts["preferred_stylist_id"])})
        told = [_now(name, theirs) for name in both.taken]
        told += [f"{_now(name, theirs)}, and yours is kept" for name in both.contested]
        words = "; ".join(told) or "nothing that stands here"
        first = next(iter((*both.contested, *both.taken)), None)
        return BadInput(
            f"{who} changed this while you were typing: {words}. ctrl+s saves what stands here.", field=first
        )

    def _said(self, filled: Filled) -> Said:
        likes = filled["preferred_stylist_id"]
        picked = self._picked(likes)
        if likes and not picked:
            raise BadInput(
                f'Nobody called "{likes}" serves here. Choose one of the list.', field="preferred_stylist_id"
            )
        return {
            "first_name": filled["first_name"],
            "last_name": filled["last_name"],
            "phone": filled["phone"],
            "email": filled["email"],
            "code": filled["code"] or None,
            "date_of_birth": born_meant(filled["date_of_birth"], self._desk.shop.country, self._desk.today),
            "gender": filled["gender"],
            "preferred_stylist_id": int(picked) if picked not in ("", NOBODY.value) else None,
            "notes": filled["notes"],
        }

    def _texts(self, card: CustomerCard) -> dict[str, str]:
        likes = self._names.get(card.preferred_stylist_id or 0, NOBODY.label)
        return texts_of(card, likes, self._desk.shop.country)

    def _picked(self, label: str) -> str:
        if label == NOBODY.label:
            return NOBODY.value
        return next((str(number) for number, name in self._names.items() if name == label), "")

    # While typing

    async def _preview(self, filled: Filled) -> str:
        said = []
        with suppress(BadInput):  # half a date is no mistake yet
            born = born_meant(filled["date_of_birth"], self._desk.shop.country, self._desk.today)
            if born:
                years = age(born, self._desk.today)
                said.append(f"Born {WEEKDAYS[born.weekday()]} {born_words(born)}, {years} years old.")
        if self._card is None and (same := await self._same(filled)):
            said.append(f"Already here? {same}")
        return " ".join(said)

    async def _same(self, filled: Filled) -> str:
        """Somebody whom this may be: of the same number, or of the same name."""
        wanted = [filled["phone"]] if len(phone_digits(filled["phone"])) >= _WHOLE_NUMBER else []
        if filled["first_name"] and filled["last_name"]:
            wanted.append(f"{filled['first_name']} {filled['last_name']}")
        for words in wanted:
            found = await self._ask(find_customers, FindCustomers(text=words, limit=2))
            if found.customers and not found.forgiven:
                return "; ".join(self._one(each) for each in found.customers)
        return ""

    def _one(self, found: Found) -> str:
        shop = self._desk.shop
        seen = f"last seen {day_words(found.last_seen, shop)}" if found.last_seen else "new"
        return ", ".join(filter(None, (found.name, phone_words(found.phone, shop.country), seen)))


def _now(name: str, theirs: Texts) -> str:
    return f"{LABELS[name].lower()} is now {theirs[name] or 'empty'}"
