"""Drawers and what went in and out of them, as rows of lists."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from frontdesk.clock import local
from frontdesk.desk import Shop
from frontdesk.money import money_text, number_text
from frontdesk.rules.counting import denominations, total_of
from frontdesk.rules.z_report import MOVES
from frontdesk.services.drawers.drawer_counts import CountedDrawer
from frontdesk.services.drawers.drawer_moves import MoveLine
from frontdesk.services.drawers.drawers import DrawerState
from frontdesk.text import harmless
from frontdesk.widgets.plain_table import Column, Row

DRAWERS = (
    Column("Drawer", 16), Column(""), Column("By", 10), Column("Float", 11, right=True),
    Column("Sales", 5, right=True),
)  # fmt: skip
MOVED = (Column("Time", 5), Column("What"), Column("By", 10), Column("Amount", 11, right=True))


def drawer_row(one: DrawerState, shop: Shop, *, private: bool) -> Row:
    """A drawer in the list: open since when, or closed with what is in it."""
    if one.is_open:
        opening = "·····" if private else number_text(one.opening_float or Decimal(0), shop.currency, shop.locale)
        tone = "fd-amber" if one.is_forgotten else ""
        cells = (harmless(one.name), f"open since {one.since}", harmless(one.opened_by), opening, str(one.sales))
        return Row(one.id, cells, tone)
    left = "" if one.left is None or private else number_text(one.left, shop.currency, shop.locale)
    return Row(one.id, (harmless(one.name), "closed", "", left, ""), "fd-muted")


def move_row(one: MoveLine, shop: Shop, *, private: bool) -> Row:
    """A move: what for, by whom, how much."""
    about = one.reason or one.stylist or one.other_drawer
    more = one.other_drawer if one.reason and one.other_drawer else ""
    words = ": ".join(part for part in (MOVES.get(one.kind, one.kind), one.stylist, more or about) if part)
    if one.stylist and about == one.stylist:
        words = f"{MOVES[one.kind]}: {one.stylist}"
    amount = "·····" if private else number_text(one.amount, shop.currency, shop.locale)
    return Row(one.id, (f"{local(one.at, shop.timezone):%H:%M}", harmless(words), harmless(one.who), amount))


def which_line(one: DrawerState | None) -> str:
    """What stands above the moves."""
    if one is None:
        return ""
    if not one.is_open:
        return f"{harmless(one.name)} is closed. enter opens it with its float."
    if one.is_forgotten:
        return f"{harmless(one.name)} open since {one.since}. Count it now: enter. What is in it is never assumed."
    return f"{harmless(one.name)}, cash in and out without a sale"


def piece_lines(pieces: Mapping[Decimal, int], at: int, shop: Shop) -> list[tuple[str, bool]]:
    """The column of notes and coins: label, how many, what they come to; and which is asked for."""
    lines = []
    for place, one in enumerate(denominations(shop.currency)):
        count = pieces.get(one.value)
        many = "" if count is None else str(count)
        worth = "" if not count else number_text(one.value * count, shop.currency, shop.locale)
        mark = "▸" if place == at else " "
        lines.append((f"{mark} {one.label:>7} x {many:>5} {worth:>14}", place == at))
    return lines


def sum_line(pieces: Mapping[Decimal, int], shop: Shop) -> str:
    """What is counted so far."""
    return f"  {'Counted':>7}         {number_text(total_of(pieces, shop.currency), shop.currency, shop.locale):>14}"


def counted_words(counted: CountedDrawer, shop: Shop) -> str:
    """What a confirmed count says: only once it is right or was counted again, what should have been there."""
    total = money_text(counted.total, shop.currency, shop.locale)
    if counted.expected is None or counted.difference is None:
        return f"{total} is further off than it may be. Count {counted.drawer} once more."
    expected = money_text(counted.expected, shop.currency, shop.locale)
    if not counted.difference:
        return f"{total} counted, as it should be."
    side = "over" if counted.difference > 0 else "short"
    off = money_text(abs(counted.difference), shop.currency, shop.locale)
    return f"{total} counted, {expected} expected: {off} {side}."
