"""The shelf of an import: what there was, what the receipts took of it, and what there is to be, below zero too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from frontdesk.services.importing.draft import Draft, DraftSaleLine
from frontdesk.services.importing.rows import add_all
from frontdesk.services.importing.writing import Ids
from frontdesk.services.use_case import Work
from frontdesk.tables.stock import StockLevel, StockMove


def tell_stock(draft: Draft) -> None:
    """Say in a line what becomes of the shelf."""
    counted = [row for row in draft.products if row.on_hand is not None]
    if counted:
        below = sum(row.on_hand < 0 for row in counted if row.on_hand is not None)
        draft.notes.append(f"Products that come with how many there are: {len(counted)}, of them {below} below zero.")
    odd = [
        line.row.row for sale in draft.sales for line in sale.lines
        if line.product and line.row.quantity != int(line.row.quantity)
    ]  # fmt: skip
    if odd:
        rows = ", ".join(map(str, odd[:10]))
        draft.notes.append(f"No whole pieces in row {rows}: sold as they stand there, and no stock moves.")


def write_shelf(work: Work, draft: Draft, ids: Ids) -> None:
    """What there was of new products before the receipts, so that what is left after them is what the file says."""
    sold: Counter[str] = Counter()
    for sale in draft.sales:
        for line in sale.lines:
            sold[line.product or ""] += line.pieces
    first = min((sale.day for sale in draft.sales), default=work.desk.today)
    openings = [(row.code, row.on_hand + sold[row.code]) for row in draft.products if row.on_hand is not None]
    add_all(
        work.session,
        StockMove,
        [
            _move(work, ids.products[code], "opening", many) | {"day": first, "reason": "brought over"}
            for code, many in openings
            if many
        ],
    )
    add_all(
        work.session,
        StockLevel,
        [
            {
                "shop_id": work.shop.id, "product_id": ids.products[row.code], "low_at": max(row.low_at or 0, 0),
                "order_to": max(row.order_to or 0, row.low_at or 0, 0),
            }
            for row in draft.products
            if (row.low_at or 0) > 0 or (row.order_to or 0) > 0
        ],
    )  # fmt: skip


def write_sold(work: Work, draft: Draft, ids: Ids, written: Mapping[DraftSaleLine, tuple[int, int]]) -> None:
    """The pieces of retail lines leave the shelf on their day, also where nothing was there."""
    rows = []
    for sale in draft.sales:
        for line in sale.lines:
            if line.product and line.pieces:
                kind = "sold" if line.pieces > 0 else "returned"
                row = _move(work, ids.products[line.product], kind, -line.pieces)
                rows.append(row | {"day": sale.day, "sale_line_id": written[line][1]})
    add_all(work.session, StockMove, rows)


def _move(work: Work, product_id: int, kind: str, quantity: int) -> dict[str, object]:
    return {
        "shop_id": work.shop.id, "product_id": product_id, "kind": kind, "quantity": quantity, "at": work.now,
        "sale_line_id": None, "reason": "",
    }  # fmt: skip
