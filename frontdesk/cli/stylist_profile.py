"""frontdesk stylist show, edit, leave, back, skills, rates: one stylist, and what changes about them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from frontdesk.cli.asked import Reading, Writing, asked
from frontdesk.cli.desk import open_desk
from frontdesk.cli.names import menu_of, money_said, percent_said, service_named, stylist_named
from frontdesk.cli.output import amount, facts, show, text
from frontdesk.cli.stranded import stranded
from frontdesk.cli.week import week_written, weekday_written
from frontdesk.cli.when import day_said, days_written

if TYPE_CHECKING:
    from frontdesk.desk import Desk, Shop
    from frontdesk.services.team.rates import StylistRates
    from frontdesk.services.team.skills import Skill
    from frontdesk.services.team.stylists import EditStylist, StylistProfile


@click.command("show", cls=Reading)
@click.argument("name")
def show_(name: str) -> None:
    """One stylist: hours, days away, what they do, and what they earn for who may see it."""
    with open_desk() as desk:
        page = _page(desk, name)
        show(asked(), page, lambda: [facts(_lines(page, desk.shop))])


@click.command(cls=Writing)
@click.argument("name")
@click.option("--first-name", help="What the book calls them.")
@click.option("--last-name", help="Family name.")
@click.option("--code", help="Their code on paper; empty for none.")
@click.option("--phone", help="The telephone number, as one dials it here.")
@click.option("--email", help="Where letters reach them.")
def edit(name: str, **said: str | None) -> None:
    """Change a stylist: stylist edit anna --last-name Berg. What is not said stays."""
    changes: dict[str, Any] = {key: value for key, value in said.items() if value is not None}
    with open_desk() as desk:
        _edited(desk, replace(_seen(_page(desk, name)), **changes))


@click.command(cls=Writing)
@click.argument("name")
def leave(name: str) -> None:
    """They work here no longer: off from today. Their coming visits stay in the book and are listed."""
    with open_desk() as desk:
        _edited(desk, replace(_seen(_page(desk, name)), is_active=False))


@click.command(cls=Writing)
@click.argument("name")
def back(name: str) -> None:
    """Somebody who left works here again, with the week they had last."""
    with open_desk() as desk:
        _edited(desk, replace(_seen(_page(desk, name)), is_active=True))


@click.command(cls=Writing)
@click.argument("name")
@click.argument("service")
@click.option("--price", help="Their own; the level's or the list's when it is not said.")
@click.option("--minutes", type=int, help="Their own; the level's or the menu's when they are not said.")
def terms(name: str, service: str, price: str | None, minutes: int | None) -> None:
    """A stylist's own price and length of a service: stylist terms anna cut --price 66 --minutes 40."""
    from frontdesk.services.menu.own_terms import SetOwnTerms, set_own_terms

    with open_desk() as desk:
        menu = menu_of(desk)
        wish = SetOwnTerms(
            stylist_id=stylist_named(menu, name).id,
            service_id=service_named(menu, service).id,
            price=money_said(price, desk.shop, "price") if price else None,
            minutes=minutes,
            **asked().once(),
        )
        found = set_own_terms(desk, wish)
        show(asked(), found, lambda: [facts(_skill_lines(found.skills, desk.shop))])


@click.command(cls=Writing)
@click.argument("name")
@click.argument("said", metavar="[LEVEL]", required=False)
def level(name: str, said: str | None) -> None:
    """At which level a stylist works: stylist level anna senior. Without one, at none."""
    from frontdesk.services.menu.own_terms import SetLevel, set_level

    with open_desk() as desk:
        who = stylist_named(menu_of(desk), name)
        found = set_level(desk, SetLevel(stylist_id=who.id, level=said or "", **asked().once()))
        show(asked(), found, lambda: [facts(_skill_lines(found.skills, desk.shop))])


@click.command(cls=Writing)
@click.argument("name")
@click.argument("services", nargs=-1, metavar="[SERVICE]...")
@click.option("--everything", is_flag=True, help="All that is on the menu, and what will be.")
def skills(name: str, services: tuple[str, ...], everything: bool) -> None:
    """What a stylist does, all of it: stylist skills bo cut blow-dry. Without services it is shown."""
    from frontdesk.services.team.stylists import SetSkills, set_skills

    if services and everything:
        raise click.UsageError("Say the services or --everything, not both.")
    with open_desk() as desk:
        menu = menu_of(desk)
        who = stylist_named(menu, name)
        if not services and not everything:
            page = _page(desk, str(who.id))
            show(asked(), page.skills, lambda: [facts(_skill_lines(page.skills, desk.shop))])
            return
        chosen = tuple(dict.fromkeys(service_named(menu, words).id for words in services))
        done = set_skills(desk, SetSkills(stylist_id=who.id, service_ids=chosen, **asked().once()))
        does = "everything" if everything else ", ".join(skill.name for skill in done.skills)
        show(asked(), done, lambda: [text(f"{done.stylist} does {does}."), *stranded(desk, done.stranded)])


@click.command(cls=Writing)
@click.argument("name")
@click.option("--of-services", metavar="PERCENT", help="What they earn of services.")
@click.option("--of-products", metavar="PERCENT", help="What they earn of products.")
@click.option("--from", "since", metavar="DATE", help="From this day on; today otherwise.")
def rates(name: str, of_services: str | None, of_products: str | None, since: str | None) -> None:
    """What a stylist earns: stylist rates anna --of-services 45 --from 1/6. Without a rate they are shown."""
    from frontdesk.errors import NotAllowed
    from frontdesk.permissions import Deed, refusal_for
    from frontdesk.services.team.stylists import SetRates, set_rates

    with open_desk() as desk:
        if of_services is None and of_products is None:
            page = _page(desk, name)
            if page.rates is None:
                remedy = refusal_for(desk.actor, Deed.SEE_RATES) or ""
                raise NotAllowed(who=desk.actor.name, deed=Deed.SEE_RATES.value, remedy=remedy)
            show(asked(), page.rates, lambda: [facts(_rate_lines(page.rates))])
            return
        wish = SetRates(
            stylist_id=stylist_named(menu_of(desk), name).id,
            service_percent=percent_said(of_services, desk),
            product_percent=percent_said(of_products, desk),
            valid_from=day_said(desk, since),
            **asked().once(),
        )
        done = set_rates(desk, wish)
        show(asked(), done, lambda: [text(f"{done.stylist}'s rates hold from {done.valid_from}.")])


def _page(desk: Desk, name: str) -> StylistProfile:
    """By name, code or number; of those who left by their number or whole name."""
    from frontdesk.errors import NotFound
    from frontdesk.services.team.stylists import ListStylists, ShowStylist, list_stylists, show_stylist
    from frontdesk.text import folded

    everybody = list_stylists(desk, ListStylists(all=True)).stylists
    gone = [one.id for one in everybody if not one.is_active and folded(name) in map(folded, (one.name, str(one.id)))]
    try:
        found = stylist_named(menu_of(desk), name).id
    except NotFound:
        if len(gone) != 1:
            raise
        found = gone[0]
    return show_stylist(desk, ShowStylist(stylist_id=found))


def _seen(page: StylistProfile) -> EditStylist:
    from frontdesk.services.team.stylists import EditStylist

    card = page.card
    return EditStylist(
        stylist_id=card.id, version=card.version, first_name=card.first_name, last_name=card.last_name, code=card.code,
        phone=card.phone or "", email=card.email or "", is_active=card.is_active, **asked().once(),
    )  # fmt: skip


def _edited(desk: Desk, wish: EditStylist) -> None:
    from frontdesk.services.team.stylists import edit_stylist

    done = edit_stylist(desk, wish)
    lines = [("Stylist", f"{done.card.name} ({done.card.id}){'' if done.card.is_active else ', left'}")]
    lines += [("Code", done.card.code or ""), ("Telephone", done.card.phone or ""), ("E-mail", done.card.email or "")]
    lines += [("Week", week_written(done.card.shifts) or "no hours")]
    show(asked(), done, lambda: [facts(lines), *stranded(desk, done.stranded)])


def _lines(page: StylistProfile, shop: Shop) -> Iterator[tuple[str, str]]:
    card = page.card
    yield "Stylist", f"{card.name} ({card.id}){'' if card.is_active else ', left'}"
    yield from (("Code", card.code or ""), ("Telephone", card.phone or ""), ("E-mail", card.email or ""))
    yield "Signs in as", page.login or ""
    for week in page.weeks:
        since = f" from {week.valid_from}" if week.valid_from else ""
        until = f" before {week.valid_until}" if week.valid_until else ""
        yield "Week", f"{week_written(week.shifts)}{since}{until}"
    for day in page.days:
        hours = ", ".join(f"{shift.starts:%H:%M}–{shift.ends:%H:%M}" for shift in day.shifts)
        yield "Another day", f"{day.day} {hours or 'off'}"
    for one in page.breaks:
        when = weekday_written(one.weekday) if one.weekday else str(one.day)
        yield "Break", f"{when} {one.starts:%H:%M}–{one.ends:%H:%M} {one.name}"
    for gone in page.time_off:
        yield "Away", f"{days_written(gone.first_day, gone.last_day, gone.starts, gone.ends)} {gone.kind} {gone.note}"
    yield "Does", "everything" if page.does_everything else ", ".join(skill.name for skill in page.skills)
    if page.rates:
        yield from _rate_lines(page.rates)


def _skill_lines(found: Sequence[Skill], shop: Shop) -> list[tuple[str, str]]:
    def own(one: Skill) -> str:
        words = [word for word, value in (("price", one.own_price), ("length", one.own_minutes)) if value is not None]
        return f", their own {' and '.join(words)}" if words else ""

    return [(one.name, f"{one.minutes}m {amount(one.price, shop)}{own(one)}") for one in found]


def _rate_lines(found: StylistRates | None) -> list[tuple[str, str]]:
    return [
        (f"Of {rate.kind}s", f"{rate.percent.normalize():f} %{f' from {rate.valid_from}' if rate.valid_from else ''}")
        for rate in (found.history if found else ())
    ]
