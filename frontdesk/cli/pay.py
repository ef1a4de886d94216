"""frontdesk pay: periods, statements, the close, and a file for the payroll."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from frontdesk.cli.asked import Reading, Writing, asked
from frontdesk.cli.desk import open_desk
from frontdesk.cli.names import menu_of, money_said, stylist_named
from frontdesk.cli.output import amount, facts, plain, say, show, table, text
from frontdesk.cli.when import day_said, passed_day_said

if TYPE_CHECKING:
    import datetime as dt

    from rich.console import RenderableType

    from frontdesk.desk import Desk, Shop
    from frontdesk.services.pay.pay import PayPeriodClosed, StatementTotal
    from frontdesk.services.pay.pay_statements import StatementSheet

TIP_WORDS = {"own": "tip", "pool": "share of a pool", "paid_out": "paid out in cash", "in_pay": "paid with the pay"}


@click.group()
def pay() -> None:
    """What people are paid."""


@pay.command(cls=Writing)
@click.argument("first", required=False)
@click.argument("last", required=False)
def period(first: str | None, last: str | None) -> None:
    """Pay periods; or begin one of your own days: pay period 1/3 14/3. Those after it are as long."""
    from frontdesk.services.pay.pay import ListPayPeriods, SetPayPeriod, list_periods, set_period

    if first and not last:
        raise click.UsageError("Say the first and the last day: pay period 1/3 14/3.")
    with open_desk() as desk:
        if first and last:
            starts, ends = day_said(desk, first), day_said(desk, last)
            assert starts is not None
            assert ends is not None
            set_period(desk, SetPayPeriod(first_day=starts, last_day=ends, **asked().once()))
        found = list_periods(desk, ListPayPeriods())
    rows = [
        (str(one.first_day), str(one.last_day), f"closed by {one.closed_by}" if one.closed_at else "open")
        for one in found.periods
    ]
    show(asked(), found, lambda: [table(["From", "To", ""], rows)] if rows else ())
    if not rows:
        say("There is none yet: the first sale begins a calendar month. For other days: frontdesk pay period 1/3 14/3.")


@pay.command(cls=Reading)
@click.argument("name", required=False)
@click.option("--on", "day", metavar="DATE", help="A day of the period; today otherwise.")
@click.option("--pdf", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Into a file.")
def statement(name: str | None, day: str | None, pdf: Path | None) -> None:
    """What somebody is paid, with the arithmetic of every cent: pay statement anna. Without a name, your own."""
    from frontdesk.services.pay.pay import ShowStatement, show_statement

    with open_desk() as desk:
        who = stylist_named(menu_of(desk), name).id if name else None
        wish = ShowStatement(stylist_id=who, day=passed_day_said(desk, day))
        found = show_statement(desk, wish)
        if pdf is not None:
            from frontdesk.services.pay.pay_paper import statement_pdf

            pdf.write_bytes(statement_pdf(desk, wish)[1])
            say(f"The statement is saved as {pdf}.")
        show(asked(), found, lambda: _statement(found, desk.shop) if pdf is None else ())


def _statement(found: StatementSheet, shop: Shop) -> Iterator[RenderableType]:
    state = "as it was closed" if found.closed_at else "still open"
    yield text(f"{found.stylist}, {found.first_day} to {found.last_day}, {found.currency}, {state}")
    rows: list[tuple[str, ...]] = []
    for one in found.entries:
        receipt = f"receipt {one.sale_number}" if one.sale_number else ""
        rows.append((str(one.id), str(one.day), one.name, receipt or one.kind, amount(one.amount, shop)))
        rows += [("", "", f"  {step.words}", step.figures, step.value) for step in one.steps]
    if rows:
        yield table(["No.", "Day", "What", "", "Amount"], rows, right=("No.", "Amount"))
    for tip in found.tips:
        yield text(f"{tip.day}  {TIP_WORDS[tip.kind]}  {amount(tip.amount, shop)}")
    pairs = [("Commission", amount(found.commission, shop))]
    if found.guarantee is not None:
        pairs.append((f"Up to {amount(found.guarantee, shop)}", amount(found.top_up, shop)))
    if found.tips_before:
        pairs.append(("Tips from before", amount(found.tips_before, shop)))
    pairs += [("Tips", amount(found.tips_due, shop)), ("To pay", amount(found.total, shop))]
    yield facts(pairs)


@pay.command(cls=Writing)
@click.argument("date")
def close(date: str) -> None:
    """Close the period with that day: pay close 31/3. Its statements are kept as they are, for ever."""
    from frontdesk.services.pay.pay import ClosePayPeriod, close_period

    with open_desk() as desk:
        done = close_period(desk, ClosePayPeriod(day=_day(desk, date), **asked().once()))
        show(asked(), done, lambda: _totals(done, desk.shop))


@pay.command("show", cls=Reading)
@click.argument("date", required=False)
def show_(date: str | None) -> None:
    """What everybody is paid for the period with that day; today's otherwise. Writes nothing."""
    from frontdesk.services.pay.pay import ExportPay, show_pay

    with open_desk() as desk:
        found = show_pay(desk, ExportPay(day=_day(desk, date)))
        show(asked(), found, lambda: _totals(found, desk.shop))


def _totals(found: PayPeriodClosed, shop: Shop) -> Iterator[RenderableType]:
    period = found.period
    yield text(f"{period.first_day} to {period.last_day}, {'closed' if period.closed_at else 'open'}")
    columns = ["Commission", "Guarantee", "Tips", "To pay"]
    yield table(["Stylist", *columns], [_row(one, shop) for one in found.statements], right=columns)


def _row(one: StatementTotal, shop: Shop) -> tuple[str, ...]:
    return (one.stylist, *(amount(each, shop) for each in (one.commission, one.top_up, one.tips, one.total)))


@pay.command(cls=Reading)
@click.argument("date", required=False)
@click.option("--entries", is_flag=True, help="A row for each entry, with its arithmetic.")
def export(date: str | None, entries: bool) -> None:
    """A period as CSV: pay export 31/3 > march.csv."""
    from frontdesk.services.pay.pay import ExportPay, export_pay

    with open_desk() as desk:
        found = export_pay(desk, ExportPay(day=_day(desk, date), entries=entries))
    show(asked(), found, lambda: ())
    if not asked().json:
        click.echo(plain(found.csv.rstrip("\n")))


@pay.command(cls=Writing)
@click.argument("name")
@click.argument("sum_", metavar="AMOUNT")
@click.argument("reason", nargs=-1, required=True)
@click.option("--on", "day", metavar="DATE", help="Dated this day, in an open period; today otherwise.")
def adjust(name: str, sum_: str, reason: tuple[str, ...], day: str | None) -> None:
    """Correct somebody's pay: pay adjust anna 12.50 forgotten refill. To take off: pay adjust anna -- -12.50 ..."""
    from frontdesk.services.pay.pay import AdjustPay, adjust_pay

    with open_desk() as desk:
        less = sum_.startswith("-")
        asked_for = money_said(sum_.removeprefix("-"), desk.shop, "amount")
        wish = AdjustPay(
            stylist_id=stylist_named(menu_of(desk), name).id,
            amount=-asked_for if less else asked_for,
            reason=" ".join(reason),
            day=day_said(desk, day),
            **asked().once(),
        )
        done = adjust_pay(desk, wish)
    show(asked(), done, lambda: [text(f"Entry {done.entry_id} is dated {done.day}.")])


@pay.command(cls=Writing)
@click.argument("name")
@click.argument("sum_", metavar="AMOUNT")
@click.option("--from", "since", metavar="DATE", help="From this day on; today otherwise.")
def guarantee(name: str, sum_: str, since: str | None) -> None:
    """What somebody has at least for each period: pay guarantee anna 1200. 0 ends it."""
    from frontdesk.services.pay.pay import SetGuarantee, set_guarantee

    with open_desk() as desk:
        wish = SetGuarantee(
            stylist_id=stylist_named(menu_of(desk), name).id,
            amount=money_said(sum_, desk.shop, "amount"),
            valid_from=day_said(desk, since),
            **asked().once(),
        )
        done = set_guarantee(desk, wish)
    show(asked(), done, lambda: [text(f"It holds from {done.valid_from}.")])


def _day(desk: Desk, words: str | None) -> dt.date:
    return passed_day_said(desk, words) or desk.today
