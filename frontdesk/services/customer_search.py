"""Finding customers as one types: every word a prefix, digits a telephone's end, a typo forgiven (features PE1).

Behind row-level security only leakproof operators may use an index, so prefixes are ranges of `~>=~` and `~<~` on
folded tokens, never LIKE.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz, process
from sqlalchemy import text
from sqlmodel import Session

from frontdesk.permissions import Deed
from frontdesk.services.use_case import Work, use_case
from frontdesk.services.wording import person
from frontdesk.text import folded_email, phone_digits, tokens

WORDS = 5
"""As many words of a search count; more narrow nothing down."""

_CLOSE_ENOUGH = 75
"""Of a hundred: one wrong or missing letter in a short name, two in a long one."""


@dataclass(frozen=True, kw_only=True)
class FindCustomers:
    """What was typed so far: `doe 0123`."""

    text: str
    limit: int = 20


@dataclass(frozen=True)
class Found:
    """A customer as a list shows them."""

    id: int
    name: str
    code: str | None
    phone: str | None
    email: str | None
    preferred_stylist_id: int | None
    last_seen: dt.datetime | None


@dataclass(frozen=True)
class CustomersFound:
    """Who was found, closest name first."""

    customers: tuple[Found, ...]
    forgiven: str | None = None
    """What was searched for instead of a word that nobody has."""


@use_case(Deed.SEE_CUSTOMERS)
def find_customers(work: Work, request: FindCustomers) -> CustomersFound:
    """Customers whose names, telephone, e-mail or code begin with what was typed."""
    found = find_by_words(work.session, request.text, request.limit)
    if found or not request.text.strip():
        return CustomersFound(tuple(found))
    forgiven = _forgiven(work.session, request.text)
    if forgiven is None:
        return CustomersFound(())
    return CustomersFound(tuple(find_by_words(work.session, forgiven, request.limit)), forgiven)


def find_by_words(session: Session, words: str, limit: int) -> list[Found]:
    """The same without forgiving, for a service that has a session open: one question."""
    ranges = _ranges(words)
    if not ranges:
        return []
    first, *others = ranges
    also = "".join(
        f" AND EXISTS (SELECT FROM customer_tokens o{n} WHERE o{n}.customer_id = t.customer_id"
        f" AND ({_within(f'o{n}', f'w{n}_', one)}))"
        for n, one in enumerate(others)
    )
    # Nothing typed goes into the question itself, only names of parameters.
    question = _FIND.format(within=_within("t", "w_", first), also=also, columns=_COLUMNS)
    given: dict[str, object] = {"limit": limit, "enough": limit * 4}
    for prefix, one in [("w_", first), *((f"w{n}_", each) for n, each in enumerate(others))]:
        for m, (low, high) in enumerate(one):
            given |= {f"{prefix}low{m}": low, f"{prefix}high{m}": high}
    return [_found(row) for row in session.execute(text(question), given)]


def find_by_number(session: Session, customer_id: int) -> Found | None:
    """One customer by number."""
    row = session.execute(text(_COLUMNS + " FROM customers c WHERE c.id = :id"), {"id": customer_id}).one_or_none()
    return None if row is None else _found(row)


_Range = tuple[str, str]


def _ranges(words: str) -> list[list[_Range]]:
    """For each word the token ranges it may lie in, the most telling word first."""
    if "@" in words and " " not in words.strip():
        return [[_range(folded_email(words))]]
    typed = list(dict.fromkeys(words.split()))[:WORDS]
    numbers = "".join(word for word in typed if _is_number(word))
    split = [word for part in typed if not _is_number(part) for word in tokens(part)]
    ranges = [[_range(word)] for word in sorted(dict.fromkeys(split), key=len, reverse=True)]
    digits = phone_digits(numbers)
    if digits:
        local = digits.lstrip("0") if len(digits) > 6 else digits
        ranges.insert(0 if len(digits) > 3 else len(ranges), [_range(digits), _range(local[::-1])])
    return ranges


def _is_number(word: str) -> bool:
    return bool(phone_digits(word)) and not tokens("".join(sign for sign in word if not sign.isdecimal()))


def _range(prefix: str) -> _Range:
    return prefix, prefix[:-1] + chr(ord(prefix[-1]) + 1)


def _within(table: str, prefix: str, ranges: Sequence[_Range]) -> str:
    return " OR ".join(
        f"{table}.token ~>=~ :{prefix}low{m} AND {table}.token ~<~ :{prefix}high{m}" for m in range(len(ranges))
    )


_COLUMNS = """
    SELECT c.id, c.first_name, c.last_name, c.code, c.phone, c.email, c.preferred_stylist_id,
           (SELECT a.starts_at FROM appointments a WHERE a.customer_id = c.id AND a.status = 'completed'
             ORDER BY a.starts_at DESC LIMIT 1) AS last_seen
"""
_FIND = """
    WITH hits AS (
        SELECT t.customer_id, t.token FROM customer_tokens t
         WHERE ({within}){also}
         ORDER BY t.token USING ~<~ LIMIT :enough
    ), people AS (
        SELECT customer_id, min(token) AS token FROM hits GROUP BY customer_id
    )
    {columns}
      FROM people p JOIN customers c ON c.id = p.customer_id
     WHERE c.is_active ORDER BY p.token USING ~<~, c.sort_key USING ~<~, c.id LIMIT :limit
"""


def _found(row: Any) -> Found:  # noqa: ANN401  a row of either question
    return Found(
        row.id,
        person(row.first_name, row.last_name, row.code),
        row.code,
        row.phone,
        row.email,
        row.preferred_stylist_id,
        row.last_seen,
    )


def _forgiven(session: Session, words: str) -> str | None:
    """The same search with words nobody has replaced by the closest that somebody has; None when none is close."""
    said: list[str] = []
    for word in tokens(words)[:WORDS]:
        if find_by_words(session, word, 1):
            said.append(word)
            continue
        close = process.extractOne(word, _names_like(session, word), scorer=fuzz.ratio, score_cutoff=_CLOSE_ENOUGH)
        if close is None:
            return None
        said.append(close[0])
    return " ".join(said) or None


def _names_like(session: Session, word: str) -> Iterable[str]:
    """Names that begin with the same two letters, or the first, or have the first two swapped."""
    beginnings = [word[:2], word[:1]] if len(word) < 2 else [word[:2], word[1] + word[0], word[:1]]
    low, high = zip(*(_range(beginning) for beginning in beginnings), strict=True)
    return list(session.execute(_NAMES, {"low": list(low), "high": list(high)}).scalars())


_NAMES = text("""
    SELECT DISTINCT t.token FROM unnest(CAST(:low AS text[]), CAST(:high AS text[])) AS b (low, high)
     CROSS JOIN LATERAL (SELECT token FROM customer_tokens
                          WHERE token ~>=~ b.low AND token ~<~ b.high AND kind IN ('first', 'last')
                          LIMIT 20000) t
""")
