"""Forms about a stylist: who they are, what they do, what they earn."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from frontdesk.errors import BadInput, Refusal
from frontdesk.money import parse_percent, percent_text
from frontdesk.rules.week import week_in_line
from frontdesk.screens.base import DeskScreen
from frontdesk.screens.stylists.hours_forms import day_in
from frontdesk.screens.visits.stranded import saved, saves_all_the_same
from frontdesk.screens.wishes import Wishes, goes_over, saves_over_it
from frontdesk.services.menu.catalogue import ServiceCard
from frontdesk.services.menu.categories import CategoryCard
from frontdesk.services.team import stylists
from frontdesk.services.team.roster import Shift
from frontdesk.services.team.stylists import RatesSet, SkillsSet, StylistCard, StylistEdited, StylistProfile
from frontdesk.text import folded
from frontdesk.widgets.field import Field, Offer, among
from frontdesk.widgets.form import Filled, Form

EVERYTHING = "everything"


def new_form(screen: DeskScreen, menu: Sequence[ServiceCard], shelves: Sequence[CategoryCard]) -> Form[StylistCard]:
    """Somebody new who serves."""
    wishes = Wishes()

    async def save(filled: Filled) -> StylistCard:
        services, categories = skills_meant(filled["does"], menu, shelves)
        wish = stylists.AddStylist(
            first_name=filled["first_name"], last_name=filled["last_name"], phone=filled["phone"],
            email=filled["email"], service_ids=services, category_ids=categories,
            shifts=tuple(Shift(weekday=d, starts=s, ends=e) for d, s, e in week_in_line(filled["week"], field="week")),
            request_id=wishes.id_for(filled),
        )  # fmt: skip
        return await screen.ask(stylists.add_stylist, wish)

    fields = [
        Field("first_name", "First name", hint="what the book calls them"),
        Field("last_name", "Last name"),
        Field("week", "Works", hint="mon-fri 9-17, sat 9-13"),
        Field("does", "Does", value=EVERYTHING, hint="cut, all colour; or everything"),
        Field("phone", "Telephone"),
        Field("email", "E-mail"),
    ]
    title = "Somebody new who serves"
    return Form(title, fields, save, keeper=screen.keeper("stylist", title))


def person_form(screen: DeskScreen, who: StylistProfile) -> Form[StylistEdited]:
    """Names, how to reach them, and whether they still work here."""
    wishes, card = Wishes(), who.card
    now = card

    async def save(filled: Filled) -> StylistEdited:
        nonlocal now
        if goes_over(filled):
            now = (await screen.ask(stylists.show_stylist, stylists.ShowStylist(stylist_id=card.id))).card
        wish = stylists.EditStylist(
            stylist_id=card.id, version=now.version, first_name=filled["first_name"], last_name=filled["last_name"],
            code=filled["code"] or None, phone=filled["phone"], email=filled["email"],
            is_active=filled.picked["here"] != "no", request_id=wishes.id_for(filled),
        )  # fmt: skip
        return await saved(screen, stylists.edit_stylist, wish, filled)

    async def preview(filled: Filled) -> str:
        if filled.picked["here"] == "no" and card.is_active:
            return f"{card.name} is off from today. What they did stays; + brings them back with their last week."
        return ""

    def past(refusal: Refusal) -> str | None:
        return saves_over_it(refusal) or saves_all_the_same(refusal)

    here = (Offer("yes", "yes"), Offer("no", "no, they have left"))
    chosen = here[0] if card.is_active else here[1]
    fields = [
        Field("first_name", "First name", value=card.first_name),
        Field("last_name", "Last name", value=card.last_name),
        Field("code", "Code", value=card.code or "", hint="on paper"),
        Field("phone", "Telephone", value=card.phone or ""),
        Field("email", "E-mail", value=card.email or ""),
        Field("here", "Works here", value=chosen.label, picked=chosen.value, find=among(here)),
    ]
    keeper = screen.keeper(f"stylist {card.id}", card.name)
    return Form(card.name, fields, save, preview=preview, keeper=keeper, can_insist=past)


def skills_form(
    screen: DeskScreen, who: StylistProfile, menu: Sequence[ServiceCard], shelves: Sequence[CategoryCard]
) -> Form[SkillsSet]:
    """What they do, by name of the service or of the whole category."""
    wishes, card = Wishes(), who.card
    names = {shelf.id: f"all {shelf.name}" for shelf in shelves}
    known = {service.id: service.name for service in menu}
    listed = [names[i] for i in card.category_ids if i in names] + [known[i] for i in card.service_ids if i in known]

    async def save(filled: Filled) -> SkillsSet:
        services, categories = skills_meant(filled["does"], menu, shelves)
        wish = stylists.SetSkills(
            stylist_id=card.id, service_ids=services, category_ids=categories, request_id=wishes.id_for(filled)
        )
        return await saved(screen, stylists.set_skills, wish, filled)

    async def preview(filled: Filled) -> str:
        services, categories = skills_meant(filled["does"], menu, shelves)
        if not services and not categories:
            return "Everything, also what is new on the menu."
        only = ", ".join([*(names[i] for i in categories), *(known[i] for i in services)])
        return f"Only {only}. Nothing else is offered with {card.name}."

    offered = ", ".join([*names.values(), *known.values()])
    field = Field("does", "Does", value=EVERYTHING if who.does_everything else ", ".join(listed), hint=offered)
    title = f"What {card.name} does"
    return Form(
        title, [field], save, preview=preview, keeper=screen.keeper(f"skills {card.id}", title),
        can_insist=saves_all_the_same,
    )  # fmt: skip


def rates_form(screen: DeskScreen, who: StylistProfile) -> Form[RatesSet]:
    """What they earn, from a day on."""
    wishes, card, locale = Wishes(), who.card, screen.desk.shop.locale

    def percent(filled: Filled, field: str) -> Decimal | None:
        return parse_percent(filled[field], locale, field=field) if filled[field] else None

    async def save(filled: Filled) -> RatesSet:
        wish = stylists.SetRates(
            stylist_id=card.id, service_percent=percent(filled, "service_percent"),
            product_percent=percent(filled, "product_percent"), valid_from=day_in(screen, filled, "since"),
            request_id=wishes.id_for(filled),
        )  # fmt: skip
        return await screen.ask(stylists.set_rates, wish)

    async def preview(filled: Filled) -> str:
        since = day_in(screen, filled, "since")
        return f"From {since:%A} {since.day} {since:%B}. Sales before that day keep the old rate."

    rates = who.rates
    said = [
        percent_text(rate, locale) if rate is not None else ""
        for rate in ((rates.service_percent, rates.product_percent) if rates else (None, None))
    ]
    fields = [
        Field("service_percent", "Of services", value=said[0], hint="40 %"),
        Field("product_percent", "Of products", value=said[1], hint="10 %"),
        Field("since", "From", value="today", hint="1 jun"),
    ]
    title = f"What {card.name} earns"
    return Form(title, fields, save, preview=preview, keeper=screen.keeper(f"rates {card.id}", title))


def skills_meant(
    words: str, menu: Sequence[ServiceCard], shelves: Sequence[CategoryCard]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Services by name or code, whole categories as `all style`; none for everything. Raises BadInput for `does`."""
    services: list[int] = []
    categories: list[int] = []
    for piece in (folded(part) for part in words.split(",")):
        if piece in ("", EVERYTHING):
            continue
        whole = piece.removeprefix("all ")
        service = next((one.id for one in menu if piece in (folded(one.name), folded(one.code))), None)
        shelf = next((one.id for one in shelves if folded(one.name) == whole), None)
        if shelf is None and service is None:
            service = next((one.id for one in menu if folded(one.name).startswith(piece)), None)
        if service is not None:
            services.append(service)
        elif shelf is not None:
            categories.append(shelf)
        else:
            raise BadInput(
                f"There is nothing called {piece} on the menu. Say everything, or names with commas.", field="does"
            )
    return tuple(services), tuple(categories)
