"""The journal of money: verified against a printed Z, exported for the bookkeeper (features CD10, CD11, N13)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from operator import attrgetter

from sqlalchemy import text

from frontdesk.errors import BadInput
from frontdesk.permissions import Deed
from frontdesk.rules.chain import Break, Link, breaks_in
from frontdesk.services.use_case import Work, use_case

_AT_ONCE = 2_000
"""So many entries are read at a time."""


@dataclass(frozen=True)
class Head:
    """The end of a shop's chain."""

    seq: int
    hash: bytes


@dataclass(frozen=True, kw_only=True)
class VerifyJournal:
    """The whole chain of this shop."""

    against: str = ""
    """The hash that a Z printed, or its beginning; a chain that was cut off and written anew does not have it."""


@dataclass(frozen=True)
class Wrong:
    """Something that is not as it was written."""

    entry: int
    z: int | None
    """In which Z it was, if one covers it."""
    source: str
    source_id: int | None
    what: str


@dataclass(frozen=True)
class Verified:
    """What the chain says of itself."""

    shop: str
    entries: int
    head: str
    """The last entry's hash."""
    wrong: tuple[Wrong, ...]
    unwritten: tuple[str, ...]
    """Closed sales, moved and pooled tips and pay that are in no entry."""

    @property
    def is_whole(self) -> bool:
        """Whether everything is as it was written."""
        return not (self.wrong or self.unwritten)


@dataclass(frozen=True, kw_only=True)
class ExportJournal:
    """Days of this shop's journal."""

    first: dt.date
    last: dt.date | None = None
    """The first alone, when it is not given."""


@dataclass(frozen=True)
class Posting:
    """One line of an entry."""

    entry: int
    day: dt.date
    kind: str
    source: str
    source_id: int
    number: int | None
    """Of the receipt or the Z."""
    account: str
    debit: Decimal
    credit: Decimal


@dataclass(frozen=True)
class Exported:
    """Postings in the order of the chain; debits equal credits on every day."""

    shop: str
    currency: str
    postings: tuple[Posting, ...]


@use_case(Deed.SEE_TAKINGS)
def verify_journal(work: Work, request: VerifyJournal) -> Verified:
    """Reckon the chain again from its first entry, and every row that it tells of. Changes nothing. Raises BadInput."""
    against = _hash(work, request.against)
    end = head_of(work)
    breaks = list(breaks_in(_links(work), (end.seq, end.hash), against))
    unwritten = tuple(work.session.execute(_UNWRITTEN, {"shop": work.shop.id}).scalars())
    return Verified(work.shop.name, end.seq, end.hash.hex(), tuple(_wrong(work, breaks)), unwritten)


@use_case(Deed.SEE_TAKINGS)
def export_journal(work: Work, request: ExportJournal) -> Exported:
    """The postings of days, for the bookkeeper. Raises BadInput."""
    last = request.last or request.first
    if last < request.first:
        raise BadInput("The last day lies before the first. Say them in order.", field="last")
    rows = work.session.execute(_POSTINGS, {"shop": work.shop.id, "first": request.first, "last": last})
    return Exported(work.shop.name, work.shop.currency, tuple(Posting(*row) for row in rows))


def head_of(work: Work) -> Head:
    """The end of this shop's chain, for whoever prints it."""
    row = work.session.execute(text("SELECT seq, hash FROM journal_head(:shop)"), {"shop": work.shop.id}).one()
    return Head(row.seq or 0, bytes(row.hash) if row.hash else b"")


def _hash(work: Work, typed: str) -> bytes | None:
    said = "".join(typed.split()).casefold()
    if not said:
        return None
    if len(said) < 12 or any(sign not in "0123456789abcdef" for sign in said):
        raise BadInput("That is no hash of a Z. Type what it prints below its QR, at least the first 12 signs.")
    found = work.session.execute(_WITH_HASH, {"shop": work.shop.id, "like": said}).scalar()
    return bytes(found) if found else bytes.fromhex(said[: len(said) // 2 * 2])


_WITH_HASH = text("""
    SELECT hash FROM journal_entries
     WHERE shop_id = :shop AND left(encode(hash, 'hex'), length(:like)) = :like ORDER BY seq LIMIT 1
""")


def _links(work: Work) -> Iterator[Link]:
    rows = work.session.execute(
        _LINKS, {"shop": work.shop.id}, execution_options={"stream_results": True, "yield_per": _AT_ONCE}
    )
    for _, group in groupby(rows, key=attrgetter("seq")):
        lines = list(group)
        one = lines[0]
        yield Link(
            work.shop.id,
            one.seq,
            one.kind,
            one.source,
            one.source_id,
            one.day,
            one.at,
            bytes(one.content),
            bytes(one.previous),
            bytes(one.hash),
            tuple((line.account, line.debit - line.credit) for line in lines if line.account is not None),
            bytes(one.found) if one.found is not None else None,
        )


_LINKS = text("""
    SELECT e.seq, e.kind, e.source, e.source_id, e.day, e.at, e.content, e.previous, e.hash, e.found,
           l.account, l.debit, l.credit
      FROM (SELECT *, journal_content(kind, source, source_id) AS found FROM journal_entries WHERE shop_id = :shop) e
      LEFT JOIN journal_lines l ON l.business_id = e.business_id AND l.entry_id = e.id
     ORDER BY e.seq, l.position
""")


def _wrong(work: Work, breaks: Sequence[Break]) -> Iterator[Wrong]:
    covers = work.session.execute(_COVERED, {"shop": work.shop.id}).all() if breaks else []
    for one in breaks:
        z = next((row.number for row in covers if row.head_seq >= one.seq), None)
        yield Wrong(one.seq, z, one.source, one.source_id, one.what)


_COVERED = text("SELECT number, head_seq FROM z_reports WHERE shop_id = :shop AND head_seq IS NOT NULL ORDER BY number")
_UNWRITTEN = text("""
    SELECT what FROM (
        SELECT 1 AS place, s.number, s.id,
               coalesce('receipt ' || s.number, 'receipt ' || s.imported_number || ' of another system') AS what
          FROM sales s
         WHERE s.shop_id = :shop AND s.status = 'closed'
           AND NOT EXISTS (SELECT FROM journal_entries e
                            WHERE e.business_id = s.business_id AND e.shop_id = s.shop_id AND e.source = 'sales'
                              AND e.source_id = s.id AND e.kind = s.kind)
         UNION ALL
        SELECT 2, s.number, t.id, 'the tip moved on receipt ' || s.number
          FROM tips t JOIN sales s ON s.business_id = t.business_id AND s.id = t.sale_id
         WHERE s.shop_id = :shop AND t.moved_at IS NOT NULL AND t.amount > 0
           AND NOT EXISTS (SELECT FROM tips o JOIN journal_entries e ON e.business_id = o.business_id
                               AND e.shop_id = s.shop_id AND e.source = 'tips' AND e.source_id = o.id
                            WHERE o.business_id = t.business_id AND o.sale_id = t.sale_id AND o.id >= t.id)
         UNION ALL
        SELECT 3, p.id, p.id, 'pool ' || p.id || ' of tips' FROM tip_pools p
         WHERE p.shop_id = :shop
           AND NOT EXISTS (SELECT FROM journal_entries e
                            WHERE e.business_id = p.business_id AND e.shop_id = p.shop_id AND e.source = 'tip_pools'
                              AND e.source_id = p.id)
         UNION ALL
        -- Pay is the business's: it stands in the books of one shop or of several.
        SELECT 4, y.id, y.id, y.what
          FROM (SELECT business_id, id, 'commissions' AS source,
                       'entry ' || id || ' of pay (' || replace(kind, '_', ' ') || ')' AS what
                  FROM commissions WHERE sale_line_id IS NULL
                 UNION ALL
                SELECT business_id, id, 'statements', 'statement ' || id FROM statements) y
         WHERE NOT EXISTS (SELECT FROM journal_entries e
                            WHERE e.business_id = y.business_id AND e.source = y.source AND e.source_id = y.id)) found
     ORDER BY place, number, id
""")
_POSTINGS = text("""
    SELECT e.seq, e.day, e.kind, e.source, e.source_id, coalesce(s.number, z.number), l.account, l.debit, l.credit
      FROM journal_entries e JOIN journal_lines l ON l.business_id = e.business_id AND l.entry_id = e.id
      LEFT JOIN tips t ON e.source = 'tips' AND t.id = e.source_id
      LEFT JOIN sales s ON s.id = CASE e.source WHEN 'sales' THEN e.source_id WHEN 'tips' THEN t.sale_id END
      LEFT JOIN z_reports z ON e.source = 'z_reports' AND z.id = e.source_id
     WHERE e.shop_id = :shop AND e.day BETWEEN :first AND :last ORDER BY e.seq, l.position
""")
