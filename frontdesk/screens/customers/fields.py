"""The fields of a customer's form, and the draft that remembers what they showed at first."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from frontdesk.screens.asking import DraftKeeper
from frontdesk.screens.customers.born import born_words
from frontdesk.screens.customers.merging import Texts, merged
from frontdesk.screens.customers.wording import phone_words
from frontdesk.services.customers.customers import CustomerCard
from frontdesk.widgets.field import Offer

LABELS = {
    "first_name": "First name", "last_name": "Last name", "phone": "Telephone", "email": "E-mail",
    "date_of_birth": "Date of birth", "preferred_stylist_id": "Likes best", "gender": "Gender", "code": "Number",
    "notes": "Notes",
}  # fmt: skip
"""By the names that refusals use."""
HINTS = {
    "phone": "as one dials it here, or + and the country code", "date_of_birth": "29 feb 1988",
    "gender": "as they say it", "code": "their number on paper, if they have one",
}  # fmt: skip
NOBODY = Offer("0", "nobody in particular")


def texts_of(card: CustomerCard, likes: str, country: str) -> dict[str, str]:
    """What stands in the fields of this customer."""
    return {
        "first_name": card.first_name, "last_name": card.last_name, "phone": phone_words(card.phone, country),
        "email": card.email or "", "date_of_birth": born_words(card.date_of_birth) if card.date_of_birth else "",
        "preferred_stylist_id": likes, "gender": card.gender, "code": card.code or "", "notes": card.notes,
    }  # fmt: skip


class SeenKeeper:
    """A keeper that writes down what the form showed at first, so that a draft never undoes a later change."""

    def __init__(self, keeper: DraftKeeper, seen: Texts, picked: Callable[[str], str]) -> None:
        self.seen = dict(seen)
        self._keeper = keeper
        self._picked = picked

    def found(self) -> Mapping[str, str] | None:
        """The draft, brought up to what the customer's fields are now."""
        kept = self._keeper.found()
        if kept is None:
            return None
        typed = {name: kept[name] for name in LABELS if name in kept}
        before = {name: kept.get(f"seen {name}", self.seen.get(name, "")) for name in LABELS}
        texts = merged(typed, before, self.seen).texts
        return {**texts, "preferred_stylist_id#": self._picked(texts.get("preferred_stylist_id", ""))}

    def keep(self, typed: Mapping[str, str]) -> None:
        """Keep it with what was seen."""
        self._keeper.keep({**typed, **{f"seen {name}": text for name, text in self.seen.items()}})

    def drop(self) -> None:
        """It is saved, or not wanted."""
        self._keeper.drop()
