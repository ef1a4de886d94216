"""frontdesk drawer: open, count and close drawers, and what goes in and out of them without a sale."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

import click

from frontdesk.cli.approving import APPROVED_BY, approved
from frontdesk.cli.asked import Reading, Writing, asked
from frontdesk.cli.desk import open_desk
from frontdesk.cli.mistyped import usage
from frontdesk.cli.names import menu_of, stylist_named
from frontdesk.cli.output import amount, money, say, show, table, text
from frontdesk.cli.when import words_of

if TYPE_CHECKING:
    from decimal import Decimal

    from rich.console import RenderableType

    from frontdesk.desk import Desk, Shop
    from frontdesk.services.drawers.drawer_counts import ClosedDrawer, CountedDrawer
    from frontdesk.services.drawers.drawer_moves import CashMoved
    from frontdesk.services.drawers.drawers import Drawers, DrawerState

F = TypeVar("F", bound=Callable[..., Any])

_WHICH = "By name; the only open one when it is not said."


@click.group()
def drawer() -> None:
    """Cash drawers. DRAWER is its name; it need not be said while there is only one."""


@drawer.command("list", cls=Reading)
def list_() -> None:
    """Which drawers there are, and since when they are open."""
    with open_desk() as desk:
        found = _drawers(desk)
        show(asked(), found, lambda: _drawn(found, desk.shop))
    if not found.drawers:
        say("There is no drawer yet. An admin adds one: frontdesk drawer add.")


def _drawn(found: Drawers, shop: Shop) -> Iterator[RenderableType]:
    rows = [
        (one.name, f"open since {one.since}" if one.is_open else "closed", one.opened_by,
         amount(one.opening_float, shop), str(one.sales) if one.is_open else "",
         amount(one.left, shop) if not one.is_open else "")
        for one in found.drawers
    ]  # fmt: skip
    yield table(("Drawer", "", "By", "Float", "Sales", "Left"), rows, right=("Float", "Sales", "Left"))


@drawer.command(cls=Writing)
@click.argument("name", nargs=-1, required=True)
def add(name: tuple[str, ...]) -> None:
    """One more drawer: add Drawer 2."""
    from frontdesk.services.drawers.drawers import AddDrawer, add_drawer

    with open_desk() as desk:
        added = add_drawer(desk, AddDrawer(name=words_of(name), **asked().once()))
        show(asked(), added, lambda: [text(f"{added.name} is there. Open it with its float.")])


@drawer.command("open", cls=Writing)
@click.argument("drawer_name", metavar="[DRAWER]", required=False)
@click.option("--count", "typed", metavar="COUNT", help="What is in it: 20x3 10x7 5x2.")
@click.option("--float", "total", metavar="AMOUNT", help="Only the sum of it.")
def open_(drawer_name: str | None, typed: str | None, total: str | None) -> None:
    """Open a drawer with its float, counted: open "Drawer 1" --count "20x3 10x7"."""
    from frontdesk.services.drawers.drawers import OpenDrawer, open_drawer

    with open_desk() as desk:
        chosen = _named(desk, drawer_name) if drawer_name else None
        with usage():
            wish = OpenDrawer(
                drawer_id=chosen.id if chosen else None,
                typed=typed or "",
                total=_amount(desk, total) if total else None,
                **asked().once(),
            )
        opened = open_drawer(desk, wish)
        off = ""
        if opened.difference:
            off = f" {money(opened.left or opened.difference, desk.shop)} was left in it."
        words = f"{opened.drawer} is open with {money(opened.opening_float, desk.shop)}.{off}"
        show(asked(), opened, lambda: [text(words)])


def _cash(function: F) -> F:
    """What is said of cash that moves: how much, why, and at which drawer."""
    for argument in (
        click.option("--drawer", "drawer_name", metavar="DRAWER", help=_WHICH),
        click.argument("reason", nargs=-1),
        click.argument("sum_", metavar="AMOUNT"),
    ):
        function = argument(function)
    return function


def _cash_said(desk: Desk, sum_: str, reason: tuple[str, ...], drawer_name: str | None) -> dict[str, Any]:
    much = _amount(desk, sum_)
    return {"amount": much, "reason": words_of(reason), "session_id": _session(desk, drawer_name), **asked().once()}


@drawer.command("pay-in", cls=Writing)
@_cash
def pay_in_(sum_: str, reason: tuple[str, ...], drawer_name: str | None) -> None:
    """Cash from elsewhere: pay-in 50 change from the bank."""
    from frontdesk.services.drawers.drawer_moves import PayIn, pay_in

    with open_desk() as desk:
        _tell(desk, pay_in(desk, PayIn(**_cash_said(desk, sum_, reason, drawer_name))))


@drawer.command("pay-out", cls=Writing)
@_cash
def pay_out_(sum_: str, reason: tuple[str, ...], drawer_name: str | None) -> None:
    """Cash for something: pay-out 20 milk."""
    from frontdesk.services.drawers.drawer_moves import PayOut, pay_out

    with open_desk() as desk:
        _tell(desk, pay_out(desk, PayOut(**_cash_said(desk, sum_, reason, drawer_name))))


@drawer.command("drop", cls=Writing)
@_cash
def drop_(sum_: str, reason: tuple[str, ...], drawer_name: str | None) -> None:
    """Cash into the safe: drop 200."""
    from frontdesk.services.drawers.drawer_moves import DropCash, drop

    with open_desk() as desk:
        _tell(desk, drop(desk, DropCash(**_cash_said(desk, sum_, reason, drawer_name))))


@drawer.command("transfer", cls=Writing)
@click.argument("sum_", metavar="AMOUNT")
@click.argument("to_name", metavar="TO")
@click.argument("reason", nargs=-1)
@click.option("--drawer", "drawer_name", metavar="DRAWER", help="Out of which, when two others are open.")
def transfer_(sum_: str, to_name: str, reason: tuple[str, ...], drawer_name: str | None) -> None:
    """Cash into another open drawer: transfer 30 "Drawer 2"."""
    from frontdesk.services.drawers.drawer_moves import TransferCash, transfer

    with open_desk() as desk:
        to_id = _session(desk, to_name)
        assert to_id is not None
        wish = TransferCash(amount=_amount(desk, sum_), to_session_id=to_id, session_id=_session(desk, drawer_name),
                            reason=words_of(reason), **asked().once())  # fmt: skip
        _tell(desk, transfer(desk, wish))


@drawer.command("tip-out", cls=Writing)
@click.argument("stylist")
@click.argument("sum_", metavar="AMOUNT")
@click.option("--drawer", "drawer_name", metavar="DRAWER", help=_WHICH)
def tip_out_(stylist: str, sum_: str, drawer_name: str | None) -> None:
    """Tips paid out in cash: tip-out anna 14.50."""
    from frontdesk.services.drawers.drawer_moves import TipOut, tip_out

    with open_desk() as desk:
        with usage():
            who = stylist_named(menu_of(desk), stylist).id
        wish = TipOut(stylist_id=who, amount=_amount(desk, sum_), session_id=_session(desk, drawer_name),
                      **asked().once())  # fmt: skip
        _tell(desk, tip_out(desk, wish))


def _tell(desk: Desk, moved: CashMoved) -> None:
    from frontdesk.rules.z_report import MOVES

    what = MOVES[moved.kind].lower()
    towards = f" to {moved.to_drawer}" if moved.to_drawer else f" to {moved.stylist}" if moved.stylist else ""
    reason = f": {moved.reason}" if moved.reason else ""
    words = f"{moved.drawer}: {money(moved.amount, desk.shop)} {what}{towards}{reason}."
    show(asked(), moved, lambda: [text(words)])


@drawer.command("count", cls=Writing)
@click.argument("counted", metavar="[COUNT]...", nargs=-1)
@click.option("--drawer", "drawer_name", metavar="DRAWER", help=_WHICH)
@click.option("--total", metavar="AMOUNT", help="Only the sum of it.")
@click.option("--spot", is_flag=True, help="A look in between; the drawer stays open.")
def count_(counted: tuple[str, ...], drawer_name: str | None, total: str | None, spot: bool) -> None:
    """Count a drawer blind: count 20x3 10x7 50p x4. What should be in it is said once it is confirmed."""
    from frontdesk.services.drawers.drawer_counts import CLOSING, SPOT, CountDrawer, count_drawer

    with open_desk() as desk:
        wish = CountDrawer(
            session_id=_open_session(desk, drawer_name),
            typed=words_of(counted),
            total=_amount(desk, total) if total else None,
            kind=SPOT if spot else CLOSING,
            **asked().once(),
        )
        with usage():
            found = count_drawer(desk, wish)
        show(asked(), found, lambda: [text(_said(found, desk.shop))])


def _said(found: CountedDrawer, shop: Shop) -> str:
    from frontdesk.services.drawers.drawer_counts import Outcome

    if found.outcome is Outcome.RECOUNT:
        return f"{found.drawer}: {money(found.total, shop)} is not what should be in it. Count it once more."
    assert found.expected is not None
    assert found.difference is not None
    words = f"{found.drawer}: {money(found.total, shop)} counted, {money(found.expected, shop)} expected"
    side = "over" if found.difference > 0 else "short"
    off = f", {money(abs(found.difference), shop)} {side}" if found.difference else ""
    return f"{words}{off}." + " A manager closes it with a note." * found.needs_note


@drawer.command("close", cls=Writing)
@click.argument("drawer_name", metavar="[DRAWER]", required=False)
@click.option("--left", metavar="AMOUNT", required=True, help="What stays in it; the rest goes to the bank.")
@click.option("--note", default="", help="Why the count is off.")
@click.option("--approved-by", metavar="MANAGER", help=APPROVED_BY)
def close_(drawer_name: str | None, left: str, note: str, approved_by: str | None) -> None:
    """Close a counted drawer: close "Drawer 1" --left 100."""
    from frontdesk.permissions import Deed
    from frontdesk.services.drawers.drawer_counts import CloseDrawer, close_drawer

    with open_desk() as desk:
        wish = CloseDrawer(
            session_id=_open_session(desk, drawer_name),
            left=_amount(desk, left),
            note=note,
            approval=approved(desk, approved_by, Deed.ACCEPT_COUNT),
            **asked().once(),
        )
        done = close_drawer(desk, wish)
        show(asked(), done, lambda: [text(_closed(done, desk.shop))])


def _closed(done: ClosedDrawer, shop: Shop) -> str:
    off = f" {money(done.difference, shop)} off." if done.difference else ""
    return f"{done.drawer} is closed.{off} {money(done.left, shop)} left in it, {money(done.banked, shop)} to the bank."


def _amount(desk: Desk, typed: str) -> Decimal:
    from frontdesk.money import parse_money

    with usage():
        return parse_money(typed, desk.shop.currency, desk.shop.locale)


def _drawers(desk: Desk) -> Drawers:
    from frontdesk.services.drawers.drawers import ListDrawers, list_drawers

    return list_drawers(desk, ListDrawers())


def _named(desk: Desk, words: str) -> DrawerState:
    """A drawer by its name, its number, or the beginning or end of its name. Raises NotFound."""
    from frontdesk.errors import NotFound
    from frontdesk.text import folded

    found, said = _drawers(desk).drawers, folded(words)
    exact = [one for one in found if folded(one.name) == said]
    near = [one for one in found if folded(one.name).startswith(said) or folded(one.name).endswith(f" {said}")]
    likely = exact or near or [one for one in found if str(one.id) == words]
    if len(likely) != 1:
        names = ", ".join(one.name for one in found) or "none yet"
        raise NotFound(what="drawer", name=words, remedy=f"There are: {names}.")
    return likely[0]


def _session(desk: Desk, name: str | None) -> int | None:
    return None if name is None else _of(_named(desk, name))


def _of(state: DrawerState) -> int:
    from frontdesk.errors import NotFound

    if state.session_id is None:
        raise NotFound(what="open drawer", name=state.name, remedy="Open it first: frontdesk drawer open.")
    return state.session_id


def _open_session(desk: Desk, name: str | None) -> int:
    """Of the named drawer, else of the only open one."""
    from frontdesk.services.drawers.drawer_sessions import NoOpenDrawer, WhichDrawer

    if name is not None:
        return _of(_named(desk, name))
    found = _drawers(desk).open_ones
    if not found:
        raise NoOpenDrawer
    if len(found) > 1:
        raise WhichDrawer(drawers=" and ".join(one.name for one in found))
    return _of(found[0])
