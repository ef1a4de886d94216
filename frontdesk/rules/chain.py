"""The chain of the journal, reckoned again from what stands in it: what was changed, taken out or cut off (N13).

The database wrote the hashes; this is the second opinion, in another language.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

START = hashlib.sha256(b"").digest()
"""What the first entry follows."""


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as it stands there."""

    shop_id: int
    seq: int
    kind: str
    source: str
    source_id: int
    day: dt.date
    at: dt.datetime
    content: bytes
    """The hash over the rows that it tells of, as they were."""
    previous: bytes
    hash: bytes
    lines: tuple[tuple[str, Decimal], ...]
    """Accounts with signed amounts, debits positive, in their order."""
    found: bytes | None
    """The hash over those rows as they are; None when they are gone."""


@dataclass(frozen=True)
class Break:
    """Something that is not as it was written."""

    seq: int
    """Of the entry, or of the one that should stand there."""
    source: str
    source_id: int | None
    what: str
    """`sale 12 was changed after it was written`, without a full stop."""


def text_of(link: Link) -> str:
    """An entry as it is hashed."""
    moved = ";".join(f"{account}:{_plain(amount)}" for account, amount in link.lines)
    at = link.at.astimezone(dt.UTC)
    said = [
        str(link.shop_id), str(link.seq), link.kind, link.source, str(link.source_id), f"{link.day:%Y-%m-%d}",
        f"{at:%Y-%m-%dT%H:%M:%S.%f}", link.content.hex(), link.previous.hex(),
    ]  # fmt: skip
    return "|".join([*said, moved] if moved else said)


def breaks_in(links: Iterable[Link], head: tuple[int, bytes] | None, against: bytes | None = None) -> Iterator[Break]:
    """Everything that is not as it was written, in order of the chain.

    `head` is where the shop's chain ends by its own head row; `against` a hash from a printed Z, which has to stand
    somewhere in the chain.
    """
    seq, before = 0, START
    is_there = against is None or against == START
    for link in links:
        if link.seq != seq + 1:
            yield Break(
                seq + 1, "journal_entries", None, f"{_count(link.seq - seq - 1)} taken out before entry {link.seq}"
            )
            before = link.previous
        if link.previous != before:
            yield Break(link.seq, link.source, link.source_id, f"entry {link.seq} does not follow the one before it")
        if hashlib.sha256(text_of(link).encode()).digest() != link.hash:
            yield Break(link.seq, link.source, link.source_id, f"entry {link.seq} was changed after it was written")
        if sum((amount for _, amount in link.lines), Decimal(0)):
            yield Break(link.seq, link.source, link.source_id, f"entry {link.seq} is out of balance")
        if link.found is None:
            yield Break(link.seq, link.source, link.source_id, f"{_row(link)} is gone")
        elif link.found != link.content:
            yield Break(link.seq, link.source, link.source_id, f"{_row(link)} was changed after it was written")
        is_there = is_there or link.hash == against
        seq, before = link.seq, link.hash
    if head is not None and head[0] > seq:
        yield Break(seq + 1, "journal_entries", None, f"{_count(head[0] - seq)} cut off after entry {seq}")
    elif head is not None and head != (seq, before):
        yield Break(seq, "journal_heads", None, "the end of the chain is not what its head says")
    if not is_there and against is not None:
        yield Break(
            seq, "journal_entries", None, f"no entry has the hash {against.hex()[:12]}…: it was cut off or written anew"
        )


def _row(link: Link) -> str:
    return f"row {link.source_id} of {link.source} ({link.kind})"


def _count(entries: int) -> str:
    return "1 entry was" if entries == 1 else f"{entries} entries were"


def _plain(amount: Decimal) -> str:
    """As the database writes a number without needless zeros."""
    return f"{amount.normalize():f}"
