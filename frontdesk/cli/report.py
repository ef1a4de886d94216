"""frontdesk report: what a day came to."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

import click

from frontdesk.cli.asked import Reading, asked
from frontdesk.cli.desk import open_desk
from frontdesk.cli.output import amount, show, table, text
from frontdesk.cli.when import day_said, words_of

if TYPE_CHECKING:
    from rich.console import RenderableType

    from frontdesk.desk import Shop
    from frontdesk.services.reports import DayReport


@click.group()
def report() -> None:
    """What was taken, by whom, and how it was paid."""


@report.command(cls=Reading)
@click.argument("date", nargs=-1)
def day(date: tuple[str, ...]) -> None:
    """A day's takings; today's when none is named."""
    from frontdesk.services.reports import ReportDay, day_report

    with open_desk() as desk:
        found = day_report(desk, ReportDay(day=day_said(desk, words_of(date))))
        shop = desk.shop
    show(asked(), found, lambda: _drawn(found, shop))


def _drawn(found: DayReport, shop: Shop) -> Iterator[RenderableType]:
    from frontdesk.rules.states import Status
    from frontdesk.services.wording import day_words

    yield text(f"{found.shop}  {day_words(found.day)} {found.day.year}  {found.currency}")
    yield text("")
    totals = [("Sold", found.subtotal), ("Discounts", -found.discount), ("Takings", found.total)]
    totals += [*_inside(found.taxes), ("Tips", found.tips)]
    yield table(("", "Amount"), [(name, amount(value, shop)) for name, value in totals], right=("Amount",))
    yield text("")
    yield text(f"{found.sales} sale{'s' * (found.sales != 1)}, {amount(found.average, shop)} on average")
    visits = ", ".join(f"{count} {Status(status).words}" for status, count in found.visits.items())
    yield text(f"Visits: {visits or 'none'}")
    if found.tenders:
        yield text("")
        paid = [(method.capitalize(), amount(value, shop)) for method, value in found.tenders.items()]
        yield table(("Paid by", "Amount"), paid, right=("Amount",))
    if found.stylists:
        yield text("")
        yield _by_stylist(found, shop)


def _inside(taxes: dict[str, Decimal]) -> list[tuple[str, Decimal]]:
    return [(f"  of it {name}", value) for name, value in taxes.items()]


def _by_stylist(found: DayReport, shop: Shop) -> RenderableType:
    with_commission = any(one.commission is not None for one in found.stylists)
    headings = ["Stylist", "Lines", "Services", "Products", "Tips", "Total"] + ["Commission"] * with_commission
    rows = []
    for one in found.stylists:
        figures = [one.services, one.products, one.tips, one.total] + [one.commission] * with_commission
        rows.append((one.name, str(one.lines), *(amount(figure, shop) for figure in figures)))
    return table(headings, rows, right=headings[1:])
