"""Services, stylists and visits as they are named on a command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from frontdesk.desk import Desk
    from frontdesk.rules.vocabulary import Pick, Vocabulary
    from frontdesk.services.menu import Menu, MenuService, MenuStylist
    from frontdesk.services.visits import VisitSheet


def menu_of(desk: Desk) -> Menu:
    """What is on offer, and who serves."""
    from frontdesk.services.menu import ShowMenu, show_menu

    return show_menu(desk, ShowMenu())


def service_named(menu: Menu, words: str) -> MenuService:
    """By its name, its code, its number, or a beginning that only one has. Raises NotFound."""
    from frontdesk.errors import NotFound
    from frontdesk.rules.vocabulary import Service

    found = {pick.id for pick in _picked(menu, words) if isinstance(pick, Service)}
    likely = [s for s in menu.services if s.id in found or str(s.id) == words]
    if not likely:
        raise NotFound(what="service", name=words, remedy=_listed("On offer", [s.name for s in menu.services]))
    return likely[_the_one(words, [s.name for s in likely])]


def stylist_named(menu: Menu, words: str) -> MenuStylist:
    """By their name, their code, their number, or a beginning that only one has. Raises NotFound."""
    from frontdesk.errors import NotFound
    from frontdesk.rules.vocabulary import Stylist

    found = {pick.id for pick in _picked(menu, words) if isinstance(pick, Stylist)}
    likely = [s for s in menu.stylists if s.id in found or str(s.id) == words]
    if not likely:
        raise NotFound(what="stylist", name=words, remedy=_listed("There are", [s.name for s in menu.stylists]))
    return likely[_the_one(words, [f"{s.name} {s.last_name}".strip() for s in likely])]


def visit_named(desk: Desk, words: str) -> VisitSheet:
    """By its code (7QK2X) or its number. Raises NotFound."""
    from frontdesk.errors import NotFound
    from frontdesk.services.visits import ShowVisit, show

    try:
        return show(desk, ShowVisit(code=words))
    except NotFound:
        if not words.isdecimal():
            raise
        return show(desk, ShowVisit(appointment_id=int(words)))


def _picked(menu: Menu, words: str) -> tuple[Pick, ...]:
    from frontdesk.rules.vocabulary import picks

    return picks(words.split() or [""], _vocabulary(menu))[0]


def _vocabulary(menu: Menu) -> Vocabulary:
    from frontdesk.rules.vocabulary import Named, Vocabulary

    return Vocabulary(
        tuple(Named(s.id, (s.name, s.code)) for s in menu.services),
        tuple(Named(p.id, tuple(filter(None, (p.name, f"{p.name} {p.last_name}", p.code)))) for p in menu.stylists),
    )


def _the_one(words: str, names: list[str]) -> int:
    if len(names) > 1:
        raise click.UsageError(f'Which "{words}" is meant: {", ".join(names)}?')
    return 0


def _listed(before: str, names: list[str]) -> str:
    return f"{before}: {', '.join(names[:12])}{' …' if len(names) > 12 else ''}." if names else "There are none yet."
