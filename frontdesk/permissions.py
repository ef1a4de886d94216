"""Who may do what: roles, deeds, and the reason when the answer is no. Pure; the database's policies say the same."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """A person's part in the shop. The same words stand in `users.role` and in every policy."""

    TRAINEE = "trainee"
    RECEPTIONIST = "receptionist"
    STYLIST = "stylist"
    MANAGER = "manager"
    ADMIN = "admin"
    AUDITOR = "auditor"


class Deed(StrEnum):
    """Something a person may or may not do, in the words of the refusal: "Ria may not ..."."""

    SEE_BOOK = "see the book"
    BOOK = "book visits"
    BOOK_PAST = "enter visits in the past"
    BOOK_OUTSIDE = "book outside working hours"
    OVERBOOK = "overbook a stylist"
    SERVE = "start and finish services"
    WAIVE_FEE = "let a fee pass"
    SEE_CUSTOMERS = "look up customers"
    EDIT_CUSTOMERS = "add and change customers"
    SELL = "take payments"
    DISCOUNT_MORE = "give more discount than their limit"
    VOID = "void a sale"
    REFUND = "give money back"
    GIVE_CREDIT = "give credit and let people owe"
    USE_DRAWER = "open, count and close drawers"
    CLOSE_DAY = "close the day"
    CLOSE_ANYWAY = "close the day with something left open"
    ACCEPT_COUNT = "accept a drawer that is off"
    MOVE_STOCK = "receive and count stock"
    EDIT_STOCK = "change what stock says"
    SEE_OWN_PAY = "see their own pay"
    CLOSE_PAY = "close pay periods"
    SEE_TAKINGS = "see the day's takings"
    SEE_RATES = "see commission rates"
    EDIT_RATES = "change commission rates"
    EDIT_ROSTER = "change hours, shifts and time off"
    EDIT_CATALOGUE = "change services, products, prices and taxes"
    EDIT_PEOPLE = "change who may sign in"
    EDIT_SHOP = "change the shop"
    IMPORT = "import another system's data"
    SEE_HISTORY = "see who did what"


_TRAINEE = frozenset({Deed.SEE_BOOK, Deed.BOOK, Deed.SERVE, Deed.SEE_CUSTOMERS, Deed.EDIT_CUSTOMERS, Deed.SELL})
_RECEPTIONIST = _TRAINEE | {
    Deed.BOOK_PAST, Deed.BOOK_OUTSIDE, Deed.OVERBOOK, Deed.WAIVE_FEE, Deed.VOID, Deed.USE_DRAWER, Deed.CLOSE_DAY,
    Deed.MOVE_STOCK,
}  # fmt: skip
_MANAGER = _RECEPTIONIST | {
    Deed.SEE_TAKINGS, Deed.SEE_RATES, Deed.EDIT_RATES, Deed.EDIT_ROSTER, Deed.EDIT_CATALOGUE, Deed.SEE_HISTORY,
    Deed.DISCOUNT_MORE, Deed.REFUND, Deed.GIVE_CREDIT, Deed.CLOSE_ANYWAY, Deed.ACCEPT_COUNT, Deed.EDIT_STOCK,
    Deed.CLOSE_PAY,
    Deed.SEE_OWN_PAY,
}  # fmt: skip

MAY: dict[Role, frozenset[Deed]] = {
    Role.TRAINEE: _TRAINEE,
    Role.RECEPTIONIST: _RECEPTIONIST,
    Role.STYLIST: frozenset({Deed.SEE_BOOK, Deed.SERVE, Deed.SEE_CUSTOMERS, Deed.SEE_OWN_PAY}),
    Role.MANAGER: _MANAGER,
    Role.ADMIN: frozenset(Deed),
    Role.AUDITOR: frozenset(
        {Deed.SEE_BOOK, Deed.SEE_CUSTOMERS, Deed.SEE_TAKINGS, Deed.SEE_RATES, Deed.SEE_HISTORY, Deed.SEE_OWN_PAY}
    ),
}
"""What each role may do. A deed that stands nowhere but at the admin is an admin's."""

APPROVABLE = frozenset(
    {
        Deed.BOOK_PAST, Deed.BOOK_OUTSIDE, Deed.OVERBOOK, Deed.WAIVE_FEE, Deed.DISCOUNT_MORE, Deed.VOID, Deed.REFUND,
        Deed.GIVE_CREDIT, Deed.CLOSE_ANYWAY, Deed.ACCEPT_COUNT, Deed.EDIT_STOCK,
    }
)  # fmt: skip
"""Deeds that a manager's PIN can allow somebody else once. They are about judgement, not about what may be seen."""


@dataclass(frozen=True)
class Actor:
    """Who is signed in."""

    user_id: int
    name: str
    role: Role
    business_id: int
    stylist_id: int | None = None


def refusal_for(actor: Actor, deed: Deed) -> str | None:
    """What the person can do instead, or None when the deed is theirs."""
    if deed in MAY[actor.role]:
        return None
    if deed in APPROVABLE:
        return "A manager can approve it with their PIN."
    able = [role.value for role in (Role.RECEPTIONIST, Role.MANAGER, Role.ADMIN) if deed in MAY[role]]
    return f"Ask {_a(able[0])}."


def _a(word: str) -> str:
    return f"an {word}" if word[0] in "aeiou" else f"a {word}"
