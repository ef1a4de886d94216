"""frontdesk series: visits that come again and again, planned, booked, moved and cancelled (features BK19)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

import click

from frontdesk.cli.asked import Reading, Writing, asked
from frontdesk.cli.book import read_line
from frontdesk.cli.desk import open_desk
from frontdesk.cli.names import customer_named, menu_of, stylist_named, visit_named
from frontdesk.cli.output import say, show, table, text
from frontdesk.cli.when import moment_said, words_of

if TYPE_CHECKING:
    from rich.console import RenderableType

    from frontdesk.desk import Desk
    from frontdesk.services.series.series import Scope, SeriesChanged, SeriesPlan, SeriesSheet
    from frontdesk.services.series.series_wishes import PlanSeries

_SCOPES = click.Choice(["this", "later", "all"])


@click.group()
def series() -> None:
    """Visits that come again and again. VISIT is the code of any visit of the series, like 7QK2X."""


def _picked(function: Any) -> Any:  # noqa: ANN401  click's decorators
    skip = click.option("--skip", type=int, multiple=True, metavar="N", help="Leave date N out.")
    shift = click.option("--shift", multiple=True, metavar="N=WHEN", help='Date N at another time: --shift "2=wed 11".')
    return skip(shift(function))


@series.command(cls=Reading)
@click.argument("line", nargs=-1, required=True)
@_picked
def plan(line: tuple[str, ...], skip: tuple[int, ...], shift: tuple[str, ...]) -> None:
    """Which dates that would be, and what is in the way: plan jane cut every 6w tue 10 anna x8."""
    from frontdesk.services.series.series import plan_series

    with open_desk() as desk:
        planned = plan_series(desk, _wish(desk, line, skip, shift))
        show(asked(), planned, lambda: _drawn_plan(desk, planned))
        if planned.in_doubt:
            say(f"In doubt: {', '.join(map(str, planned.in_doubt))}. Shift or skip them, or book with --skip-blocked.")


@series.command(cls=Writing)
@click.argument("line", nargs=-1, required=True)
@_picked
@click.option("--skip-blocked", is_flag=True, help="Leave out every date that something is in the way of.")
@click.option("--notes", default="", help="For whoever serves.")
def book(line: tuple[str, ...], skip: tuple[int, ...], shift: tuple[str, ...], skip_blocked: bool, notes: str) -> None:
    """Book every date in one stroke, or none: book jane cut every 6w tue 10 anna x8 --skip 3."""
    from frontdesk.services.series.series import BookSeries, SeriesPick, book_series, plan_series

    with open_desk() as desk:
        wish = _wish(desk, line, skip, shift)
        if skip_blocked:
            blocked = plan_series(desk, wish).in_doubt
            picks = [pick for pick in wish.picks if pick.number not in blocked]
            wish = replace(wish, picks=(*picks, *(SeriesPick(number=number) for number in blocked)))
        said = {field.name: getattr(wish, field.name) for field in fields(wish)}
        sheet = book_series(desk, BookSeries(**said, notes=notes, **asked().once()))
        show(asked(), sheet, lambda: _drawn(desk, sheet))


@series.command("show", cls=Reading)
@click.argument("visit")
def show_(visit: str) -> None:
    """What became of each date of the series that VISIT belongs to."""
    from frontdesk.services.series.series import ShowSeries, show_series

    with open_desk() as desk:
        sheet = show_series(desk, ShowSeries(appointment_id=visit_named(desk, visit).id))
        show(asked(), sheet, lambda: _drawn(desk, sheet))


@series.command("list", cls=Reading)
@click.argument("who", required=False)
def list_(who: str | None) -> None:
    """The series that still have visits to come, of everybody or of WHO."""
    from frontdesk.services.series.series import ListSeries, list_series

    with open_desk() as desk:
        listed = list_series(desk, ListSeries(customer_id=customer_named(desk, who) if who else None))
        show(asked(), listed, lambda: _drawn_list(desk, listed.series))
        if not listed.series:
            say('No series has visits to come. Book one: frontdesk series book "jane cut every 6w tue 10 anna x8".')


@series.command(cls=Writing)
@click.argument("visit")
@click.argument("when", nargs=-1)
@click.option("--stylist", "-s", help="With somebody else from now on.")
@click.option("--scope", type=_SCOPES, default="this", show_default=True, help="This one, this and later, or all.")
@click.option("--leave", type=int, multiple=True, metavar="N", help="Date N stays where it is.")
def move(visit: str, when: tuple[str, ...], stylist: str | None, scope: str, leave: tuple[int, ...]) -> None:
    """Move VISIT, and with it those that follow or all: move 7QK2X wed 11 --scope later."""
    from frontdesk.services.series.series import ChangeSeries, change_series

    with open_desk() as desk:
        sheet = visit_named(desk, visit)
        wish = ChangeSeries(
            appointment_id=sheet.id,
            scope=_scope(scope),
            starts_at=moment_said(desk, words_of(when), instead_of=sheet.starts_at) if when else None,
            stylist_id=stylist_named(menu_of(desk), stylist).id if stylist else None,
            leave=leave,
            **asked().once(),
        )
        _told(desk, change_series(desk, wish), "Moved")


@series.command(cls=Writing)
@click.argument("visit")
@click.option("--reason", "-r", required=True, help="Why.")
@click.option("--scope", type=_SCOPES, default="this", show_default=True, help="This one, this and later, or all.")
def cancel(visit: str, reason: str, scope: str) -> None:
    """Cancel VISIT, and with it those that follow or all that are to come."""
    from frontdesk.services.series.series import CancelSeries, cancel_series

    with open_desk() as desk:
        wish = CancelSeries(
            appointment_id=visit_named(desk, visit).id, scope=_scope(scope), reason=reason, **asked().once()
        )
        _told(desk, cancel_series(desk, wish), "Cancelled")


def _scope(said: str) -> Scope:
    from frontdesk.services.series.series import Scope

    return {"this": Scope.THIS, "later": Scope.LATER, "all": Scope.ALL}[said]


def _wish(desk: Desk, line: tuple[str, ...], skip: tuple[int, ...], shift: tuple[str, ...]) -> PlanSeries:
    """What the line means; a usage error when it is nothing that comes again."""
    from frontdesk.services.phrases.line_wishes import BookAgain
    from frontdesk.services.series.series import SeriesPick

    read = read_line(desk, words_of(line))
    if not isinstance(read.wish, BookAgain):
        raise click.UsageError("That does not come again. Say how often and how many times: every 6w tue 10 anna x8.")
    picks = [SeriesPick(number=number) for number in skip]
    for each in shift:
        number, _, when = each.partition("=")
        if not number.strip().isdecimal() or not when:
            raise click.UsageError(f'"{each}" is no shift. Say it like --shift "2=wed 11".')
        picks.append(SeriesPick(number=int(number), starts_at=moment_said(desk, when)))
    return replace(read.wish.request, picks=tuple(picks))


def _told(desk: Desk, changed: SeriesChanged, word: str) -> None:
    show(asked(), changed, lambda: _drawn(desk, changed.sheet))
    left = f"; {len(changed.left)} left as they are" if changed.left else ""
    say(f"{word} {len(changed.changed)}{left}.")


def _drawn_plan(desk: Desk, planned: SeriesPlan) -> Iterator[RenderableType]:
    from frontdesk.clock import local
    from frontdesk.services.wording import clock_time, day_and_time

    zone = desk.shop.timezone
    yield text(f"{planned.customer}: {planned.words}")
    rows = []
    for one in planned.dates:
        at = local(one.starts_at, zone) if one.starts_at else one.wall
        rows.append((str(one.number), f"{at:%a %d %b %Y %H:%M}", "!" * one.is_in_doubt, one.words))
    yield table(("", "When", "", ""), rows)
    for one in planned.dates:
        instead = ", ".join(
            f"{clock_time(each.starts_at, zone)} {each.stylist}"
            if local(each.starts_at, zone).date() == one.wall.date()
            else f"{day_and_time(each.starts_at, zone)} {each.stylist}"
            for each in one.instead
        )
        if one.is_in_doubt:
            yield text(f"Instead of {one.number}: {instead or 'nothing is free near it'}")


def _drawn(desk: Desk, sheet: SeriesSheet) -> Iterator[RenderableType]:
    from frontdesk.clock import local

    zone = desk.shop.timezone
    yield text(f"{sheet.customer}: {sheet.words}")
    rows = []
    for one in sheet.dates:
        at = local(one.starts_at, zone) if one.starts_at else one.wall
        state = one.status.words if one.status else "skipped"
        moved = "shifted" * one.is_shifted
        rows.append((str(one.number), f"{at:%a %d %b %Y %H:%M}", one.code or "", one.stylist or "", state, moved))
    yield table(("", "When", "Visit", "With", "", ""), rows)


def _drawn_list(desk: Desk, listed: tuple[SeriesSheet, ...]) -> Iterator[RenderableType]:
    from frontdesk.services.wording import day_and_time

    rows = []
    for sheet in listed:
        coming = [one for one in sheet.dates if one.is_to_come and one.starts_at]
        first = coming[0] if coming else sheet.dates[0]
        when = day_and_time(first.starts_at, desk.shop.timezone) if first.starts_at else ""
        rows.append((sheet.customer, sheet.words, first.code or "", when, str(len(coming))))
    yield table(("Customer", "", "Visit", "Next", "To come"), rows, right=("To come",))
