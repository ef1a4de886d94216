"""What a customer wants that is out of stock, on their page: seen, written down, ended (features PE13)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from frontdesk.desk import Shop
from frontdesk.errors import BadInput
from frontdesk.screens.base import DeskScreen
from frontdesk.screens.customers.wording import HIDDEN, day_words
from frontdesk.screens.wishes import Wishes
from frontdesk.services.stock.product_wishes import (
    AddWish,
    EndWish,
    ListWishes,
    Outcome,
    Wish,
    add_wish,
    end_wish,
    list_wishes,
)
from frontdesk.services.stock.products import ListProducts, list_products
from frontdesk.widgets.field import Field, Offer, among
from frontdesk.widgets.form import Filled, Form
from frontdesk.widgets.modal import Answer, Question

_LISTED = 9
"""So many can be chosen by a digit."""
_ENDS: tuple[tuple[str, str, Outcome], ...] = (
    ("t", "they know that it is here", "told"),
    ("x", "they want it no more", "given_up"),
    ("b", "they have bought it", "bought"),
)
_ENDED: dict[str, str] = {
    "told": "knows that {it} is here",
    "given_up": "wants {it} no more",
    "bought": "has bought {it}",
}


def wanted_words(wish: Wish, shop: Shop) -> str:
    """`Shampoo 250 ml: 6 are here`, `Serum, since 9 Mar 2026 (two of them)`."""
    note = f" ({wish.note})" * bool(wish.note)
    if wish.is_back:
        return f"{wish.product}: {wish.on_shelf} {'is' if wish.on_shelf == 1 else 'are'} here{note}"
    return f"{wish.product}, since {day_words(wish.since, shop)}{note}"


def wanted_facts(wishes: Sequence[Wish], shop: Shop, *, private: bool) -> Iterator[tuple[str, str]]:
    """How they stand on the page, each with its tone: what is here is seen."""
    if private and wishes:
        yield HIDDEN, ""
        return
    for one in wishes:
        yield wanted_words(one, shop), "$accent" if one.is_back else ""


def wanted_answer(wishes: Sequence[Wish]) -> str:
    """The line of the sheet of what they have."""
    if not wishes:
        return "wants a product that is out of stock"
    return f"wants {', '.join(one.product for one in wishes)}"


async def wanted_by(screen: DeskScreen, customer_id: int) -> tuple[Wish, ...]:
    """What they wait for."""
    return (await screen.ask(list_wishes, ListWishes(customer_id=customer_id))).wishes


async def change_wishes(screen: DeskScreen, customer_id: int, name: str, wishes: Sequence[Wish]) -> str:
    """End one, or write another down; answers what to say of it."""
    chosen: Wish | str | None = "more"
    if wishes:
        answers: list[Answer[Wish | str]] = [
            Answer(str(number), wanted_words(one, screen.desk.shop), one)
            for number, one in enumerate(wishes[:_LISTED], start=1)
        ]
        answers.append(Answer("+", "something else", "more"))
        chosen = await screen.app.wait_for(Question(f"{name} wants", answers))
    if isinstance(chosen, Wish):
        return await _ended(screen, name, chosen)
    if chosen is None:
        return ""
    added = await screen.fill(await _form(screen, customer_id, name))
    if added is None:
        return ""
    if added.is_back:
        return f"{name} wants {added.product}: {added.on_shelf} on the shelf now."
    return f"{name} wants {added.product}: you are told when it comes."


async def _ended(screen: DeskScreen, name: str, wish: Wish) -> str:
    answers = [Answer(key, words, outcome) for key, words, outcome in _ENDS]
    outcome = await screen.app.wait_for(Question(f"{name} wants {wish.product} no longer, because", answers))
    if outcome is None or await screen.write(end_wish, EndWish(wish_id=wish.id, outcome=outcome)) is None:
        return ""
    return f"{name} {_ENDED[outcome].format(it=wish.product)}."


async def _form(screen: DeskScreen, customer_id: int, name: str) -> Form[Wish]:
    wishes = Wishes()
    shelf = [one for one in (await screen.ask(list_products, ListProducts())).products if one.is_stocked]
    here = {str(one.id): one.on_shelf or 0 for one in shelf}

    async def save(filled: Filled) -> Wish:
        if not filled.picked["product"]:
            raise BadInput("Choose a product: type its name and take it from the list.", field="product")
        wish = AddWish(
            customer_id=customer_id, product_id=int(filled.picked["product"]), note=filled["note"],
            request_id=wishes.id_for(filled),
        )  # fmt: skip
        return await screen.ask_surely(add_wish, wish)

    async def preview(filled: Filled) -> str:
        many = here.get(filled.picked["product"] or "")
        if many is None:
            return ""
        return f"There are {many} on the shelf." if many > 0 else "Their card says when it is back."

    fields = [
        Field("product", "Product", hint="name", find=among([Offer(str(one.id), one.name) for one in shelf])),
        Field("note", "Note", hint="two of them"),
    ]
    title = f"{name} wants, when it is back"
    return Form(title, fields, save, preview=preview, keeper=screen.keeper(f"wish {customer_id}", title))
