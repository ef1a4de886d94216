"""What a customer has, put right from their page: packages, points, what they want (features CO9, CO10, PE13)."""

from __future__ import annotations

import datetime as dt

from frontdesk.desk import Shop
from frontdesk.money import money_text
from frontdesk.screens.base import DeskScreen
from frontdesk.screens.customers.held_packages import bring, change_package, package_words
from frontdesk.screens.customers.typed import day_said, whole
from frontdesk.screens.customers.wanting import change_wishes, wanted_answer, wanted_by
from frontdesk.screens.wishes import Wishes
from frontdesk.services.packages.packages import CustomerPackageCard, ShowCustomerPackages, customer_packages
from frontdesk.services.points.loyalty import CorrectPoints, Points, ShowPoints, correct_points, show_points
from frontdesk.widgets.field import Field
from frontdesk.widgets.form import Filled, Form
from frontdesk.widgets.modal import Answer, Question

_LISTED = 9
"""So many can be chosen by a digit."""


async def change_what_they_have(screen: DeskScreen, customer_id: int, name: str) -> str:
    """Choose something of theirs and what to do with it; answers what to say of it."""
    found = await screen.ask(customer_packages, ShowCustomerPackages(customer_id=customer_id, all=True))
    cards = [card for card in found.packages if not card.is_over]
    points = await screen.ask(show_points, ShowPoints(customer_id=customer_id))
    wishes = await wanted_by(screen, customer_id)
    shop = screen.desk.shop
    answers: list[Answer[CustomerPackageCard | str]] = [
        Answer(str(number), package_words(card, customer_id), card)
        for number, card in enumerate(cards[:_LISTED], start=1)
    ]
    if points.worth is not None or points.entries:
        answers.append(Answer("p", points_words(points, shop), "points"))
    title = f"{name} has" if answers else f"{name} has no package and no points"
    answers.append(Answer("+", "enter a package that was sold elsewhere", "bring"))
    answers.append(Answer("w", wanted_answer(wishes), "wishes"))
    chosen = await screen.app.wait_for(Question(title, answers))
    if isinstance(chosen, CustomerPackageCard):
        return await change_package(screen, chosen)
    if chosen == "points":
        return await _change_points(screen, customer_id, name, points)
    if chosen == "wishes":
        return await change_wishes(screen, customer_id, name, wishes)
    return await bring(screen, customer_id, name) if chosen == "bring" else ""


def points_words(points: Points, shop: Shop) -> str:
    """`120 points, worth £6.00, Gold; 20 expire on 3 May 2026`."""
    said = [f"{points.points} point{'s' * (points.points != 1)}"]
    if points.worth is not None:
        said.append(f"worth {money_text(points.worth, shop.currency, shop.locale)}")
    if points.tier:
        said.append(points.tier)
    expiring = f"; {points.expiring[0][1]} expire on {day_said(points.expiring[0][0])}" if points.expiring else ""
    return ", ".join(said) + expiring


async def _change_points(screen: DeskScreen, customer_id: int, name: str, points: Points) -> str:
    ways = [Answer("c", "put them right", "correct"), Answer("h", "how they came about", "read")]
    title = f"{name} has {points_words(points, screen.desk.shop)}"
    way = await screen.app.wait_for(Question(title, ways))
    if way == "read":
        await screen.read(f"Points of {name}", _told(points))
    elif way == "correct":
        done = await screen.fill(_points_form(screen, customer_id, name, points))
        return f"{name} has {points_words(done, screen.desk.shop)}." if done else ""
    return ""


def _told(points: Points) -> str:
    """Every entry, the newest first."""
    said = []
    for one in points.entries:
        receipt = f", receipt {one.receipt}" if one.receipt else ""
        expires = f", until {day_said(one.expires_on - dt.timedelta(1))}" if one.expires_on else ""
        who = f" ({one.who})" if one.who and one.kind == "corrected" else ""
        why = f": {one.words}" if one.words else ""
        kind = one.kind.replace("_", " ")
        said.append(f"{one.day:%d %b %Y}  {one.points:+6d}  {kind}{why}{receipt}{expires}{who}")
    return "\n".join(said) or "None came and none went."


def _points_form(screen: DeskScreen, customer_id: int, name: str, points: Points) -> Form[Points]:
    """How many come or go, and why."""
    wishes = Wishes()

    async def save(filled: Filled) -> Points:
        wish = CorrectPoints(
            customer_id=customer_id, points=whole(filled["points"], "points", "50, or -50"), reason=filled["reason"],
            request_id=wishes.id_for(filled),
        )  # fmt: skip
        return await screen.ask_surely(correct_points, wish)

    async def preview(filled: Filled) -> str:
        more = whole(filled["points"], "points", "50, or -50")
        return f"{points.points} now, {points.points + more} then." if points.points + more >= 0 and more else ""

    fields = [Field("points", "Points", hint="50 more; -50 takes them"), Field("reason", "Why", hint="Her birthday")]
    title = f"Put the points of {name} right"
    return Form(title, fields, save, preview=preview, keeper=screen.keeper(f"points {customer_id}", title))
