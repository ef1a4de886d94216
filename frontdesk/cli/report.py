"""frontdesk report: what a day came to."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

import click

from frontdesk.cli.asked import Reading, asked
from frontdesk.cli.desk import open_desk
from frontdesk.cli.output import amount, facts, show, table, text
from frontdesk.cli.when import passed_day_said, words_of

if TYPE_CHECKING:
    from rich.console import RenderableType

    from frontdesk.desk import Shop
    from frontdesk.services.reports.reports import DayReport
    from frontdesk.services.reports.today import TodaySheet


@click.group()
def report() -> None:
    """What was taken, by whom, and how it was paid."""


@report.command(cls=Reading)
@click.argument("date", nargs=-1)
def day(date: tuple[str, ...]) -> None:
    """A day's takings; today's when none is named."""
    from frontdesk.services.reports.reports import ReportDay, day_report

    with open_desk() as desk:
        found = day_report(desk, ReportDay(day=passed_day_said(desk, words_of(date))))
        shop = desk.shop
    show(asked(), found, lambda: _drawn(found, shop))


@report.command(cls=Reading)
@click.argument("date", nargs=-1)
def today(date: tuple[str, ...]) -> None:
    """The day at a glance: takings against last week, who did what, when it was busy, what to look at."""
    from frontdesk.services.reports.today import ShowToday, show_today

    with open_desk() as desk:
        found = show_today(desk, ShowToday(day=passed_day_said(desk, words_of(date))))
        shop = desk.shop
    show(asked(), found, lambda: _glance(found, shop))


def _drawn(found: DayReport, shop: Shop) -> Iterator[RenderableType]:
    from frontdesk.rules.states import Status
    from frontdesk.rules.tender_words import method_words
    from frontdesk.services.wording import day_words

    yield text(f"{found.shop}  {day_words(found.day)} {found.day.year}  {found.currency}")
    yield text("")
    totals = [("Sold", found.subtotal), ("Discounts", -found.discount), ("Takings", found.total)]
    totals += [*_inside(found.taxes), ("Tips", found.tips)]
    yield table(("", "Amount"), [(name, amount(value, shop)) for name, value in totals], right=("Amount",))
    yield text("")
    yield text(f"{found.sales} sale{'s' * (found.sales != 1)}, {amount(found.average, shop)} on average")
    if found.refunds or found.voids:
        back = f"{found.refunds} refund{'s' * (found.refunds != 1)} of {amount(found.refunded, shop)}"
        yield text(f"Given back: {back}, {found.voids} voided")
    visits = ", ".join(f"{count} {Status(status).words}" for status, count in found.visits.items())
    yield text(f"Visits: {visits or 'none'}")
    if found.tenders:
        yield text("")
        paid = [(method_words(method), amount(value, shop)) for method, value in found.tenders.items()]
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


def _glance(found: TodaySheet, shop: Shop) -> Iterator[RenderableType]:
    from frontdesk.services.wording import day_words

    yield text(f"{found.shop}  {day_words(found.day)} {found.day.year}  {found.currency}")
    yield text("")
    yield facts(_headlines(found, shop))
    if found.stylists:
        yield text("")
        yield _stylists_at_a_glance(found, shop)
    if found.open_hours:
        yield text("")
        busy = [(f"{one.hour:02}:00", str(one.visits), amount(one.takings, shop)) for one in found.open_hours]
        yield table(("Hour", "Visits", "Takings"), busy, right=("Visits", "Takings"))
    if found.to_look_at:
        yield text("")
        yield from (
            text(f"{one.sentence}: {', '.join([*(visit.code for visit in one.visits), *(n.words for n in one.notes)])}")
            for one in found.to_look_at
        )


def _headlines(found: TodaySheet, shop: Shop) -> Iterator[tuple[str, str]]:
    visits = found.visits
    counts = (("done", visits.done), ("here", visits.here), ("to come", visits.to_come),
              ("no-show", visits.no_show), ("cancelled", visits.cancelled))  # fmt: skip
    yield "Takings", f"{amount(found.takings, shop)}{_against(found)}"
    yield "Average", amount(found.average_ticket, shop)
    yield "Tips", amount(found.tips, shop)
    yield "Paid by", ", ".join(f"{method} {amount(value, shop)}" for method, value in found.tenders.items())
    said = ", ".join(f"{count} {word}" for word, count in counts if count)
    yield "Visits", f"{visits.total}: {said}" if said else "none"
    yield "Rebooked", _share(found.rebooked)
    yield "Used", _share(found.used)
    yield "Waited", "" if found.waited is None else f"{found.waited}m"


def _against(found: TodaySheet) -> str:
    if found.up is None:
        return ""
    by_now = " by now" if found.is_today else ""
    return f", {abs(found.up)} % {'up' if found.up >= 0 else 'down'} on last {found.day:%a}{by_now}"


def _share(percent: int | None) -> str:
    return "" if percent is None else f"{percent} %"


def _stylists_at_a_glance(found: TodaySheet, shop: Shop) -> RenderableType:
    with_commission = any(one.commission is not None for one in found.stylists)
    headings = ["Stylist", "Visits", "Services", "Retail", "Tips"] + ["Commission"] * with_commission + ["Used"]
    rows = []
    for one in found.stylists:
        figures = [one.services, one.retail, one.tips] + [one.commission] * with_commission
        rows.append((one.name, str(one.visits), *(amount(each, shop) for each in figures), _share(one.used)))
    return table(headings, rows, right=headings[1:])
