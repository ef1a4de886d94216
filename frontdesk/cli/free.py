"""frontdesk free: when services could be had, and with whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from frontdesk.cli.asked import Reading, asked
from frontdesk.cli.desk import open_desk
from frontdesk.cli.mistyped import usage
from frontdesk.cli.names import customer_named, menu_of, service_named, stylist_named
from frontdesk.cli.output import amount, say, show, table, text
from frontdesk.cli.when import day_said, words_of

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

    from frontdesk.desk import Desk
    from frontdesk.services.menu.menu import Menu
    from frontdesk.services.placing.availability import FreeTimes
    from frontdesk.services.search.visit_search import VisitOffers, WantedLine


@click.command(cls=Reading)
@click.argument("service", nargs=-1, required=True)
@click.option("--stylist", "-s", multiple=True, help="Only with this one; said again, the next service's.")
@click.option("--customer", "-c", help="On their terms, beside their other visits.")
@click.option("--from", "since", metavar="DATE", help="From this day on; today otherwise.")
@click.option("--days", type=click.IntRange(1, 365), default=14, show_default=True, help="How many days to look at.")
@click.option("--limit", type=click.IntRange(0), default=12, show_default=True, help="How many at most; 0 for all.")
@click.option("--not-before", metavar="TIME", help="By the wall clock: --not-before 16:00.")
@click.option("--not-after", metavar="TIME", help="Over by then: --not-after 18:00.")
@click.option("--best", is_flag=True, help="What leaves the fewest useless gaps first, and why.")
@click.option("--why", is_flag=True, help="Say what it needs and the longest gap of everybody.")
def free(
    service: tuple[str, ...], stylist: tuple[str, ...], customer: str | None, since: str | None, days: int, limit: int,
    not_before: str | None, not_after: str | None, best: bool, why: bool,
) -> None:  # fmt: skip
    """Free times of a service, soonest first: free cut --stylist anna --from tue.

    Several services of one visit are joined by +: free colour + blow-dry --stylist anna --stylist bo --best.
    """
    with open_desk() as desk:
        menu = menu_of(desk)
        lines = _lines(menu, words_of(service), stylist)
        whom = customer_named(desk, customer) if customer else None
        first = day_said(desk, since)
        hours = _wall(not_before), _wall(not_after)
        is_plain = len(lines) == 1 and not best and hours == (None, None) and _is_single(menu, lines[0])
        if is_plain:
            _plain(desk, lines[0], whom, first, days, limit, why)
        else:
            _several(desk, lines, whom, first, days, limit, hours, "best" if best else "soonest")


def _lines(menu: Menu, words: str, stylists: tuple[str, ...]) -> tuple[WantedLine, ...]:
    """Every service with its stylist: one for all, or one for each."""
    from frontdesk.services.search.visit_search import WantedLine

    named = [service_named(menu, each.strip()) for each in words.split("+")]
    people = [None if each == "anybody" else stylist_named(menu, each).id for each in stylists]
    if len(people) > len(named):
        raise click.UsageError(f"There are {len(people)} stylists for {len(named)} services. Name as many.")
    if len(people) == 1:
        people *= len(named)
    people += [None] * (len(named) - len(people))
    found: list[WantedLine] = []
    host: int | None = None
    for place, (one, person) in enumerate(zip(named, people, strict=True)):
        is_addon = one.kind == "addon" and host is not None
        found.append(WantedLine(service_id=one.id, stylist_id=person, addon_of=host if is_addon else None))
        host = host if is_addon else place
    return tuple(found)


def _is_single(menu: Menu, line: WantedLine) -> bool:
    return next(one.kind for one in menu.services if one.id == line.service_id) == "service"


def _wall(words: str | None) -> dt.time | None:
    if words is None:
        return None
    with usage():
        try:
            return dt.time.fromisoformat(words)
        except ValueError as error:
            raise click.UsageError(f"{words} is no time. Say it like 16:00.") from error


def _plain(
    desk: Desk, line: WantedLine, whom: int | None, first: dt.date | None, days: int, limit: int, why: bool
) -> None:
    from frontdesk.services.placing.availability import FindFree, find_free

    wish = FindFree(
        service_id=line.service_id, stylist_id=line.stylist_id, customer_id=whom, first_day=first, days=days,
        limit=limit, explain=why,
    )  # fmt: skip
    found = find_free(desk, wish)
    show(asked(), found, lambda: _drawn(desk, found, why))
    if not found.times:
        say(f"Nothing is free for {found.service} before {found.searched_until:%a %d %b}. Look further: --days 60.")
    if found.explained and not why:
        say(found.explained)


def _drawn(desk: Desk, found: FreeTimes, why: bool) -> Iterator[RenderableType]:
    from frontdesk.clock import local
    from frontdesk.services.wording import day_words, stretch

    zone = desk.shop.timezone
    rows, before = [], ""
    for one in found.times:
        day = day_words(local(one.starts_at, zone).date())
        rows.append(
            ("" if day == before else day, stretch(one.starts_at, one.ends_at, zone), one.stylist,
             amount(one.price, desk.shop))
        )  # fmt: skip
        before = day
    if rows:
        yield table(("Day", found.service, "With", "Price"), rows, right=("Price",))
    if why and found.explained:
        yield text(found.explained)


def _several(
    desk: Desk, lines: tuple[WantedLine, ...], whom: int | None, first: dt.date | None, days: int, limit: int,
    hours: tuple[dt.time | None, dt.time | None], sort: str,
) -> None:  # fmt: skip
    from frontdesk.services.search.visit_search import FindVisit, find_visit

    wish = FindVisit(
        lines=lines, customer_id=whom, first_day=first, days=days, limit=limit, not_before=hours[0],
        not_after=hours[1], sort=sort,
    )  # fmt: skip
    found = find_visit(desk, wish)
    show(asked(), found, lambda: _offered(desk, found, best=sort == "best"))
    if not found.offers:
        say(f"Nothing is free for all of it before {found.searched_until:%a %d %b}. Look further: --days 60.")


def _offered(desk: Desk, found: VisitOffers, *, best: bool) -> Iterator[Table]:
    from frontdesk.clock import local
    from frontdesk.services.wording import clock_time, day_words, stretch

    zone = desk.shop.timezone
    rows, before = [], ""
    for one in found.offers:
        day = day_words(local(one.starts_at, zone).date())
        who = ", ".join(f"{clock_time(line.starts_at, zone)} {line.stylist or line.service}" for line in one.lines)
        why = "; ".join(one.reasons) if best else ""
        rows.append(
            ("" if day == before else day, stretch(one.starts_at, one.ends_at, zone), who,
             amount(one.price, desk.shop), why)
        )  # fmt: skip
        before = day
    if rows:
        yield table(("Day", "Time", "With", "Price", "Why" if best else ""), rows, right=("Price",))
