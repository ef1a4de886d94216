"""Finding customers as one types: every word a prefix, digits a telephone's end, a typo forgiven (features PE1).

Behind row-level security only leakproof operators may use an index, so prefixes are ranges of `~>=~` and `~<~` on
folded tokens, never LIKE. One question per key: it counts how frequented each way is and goes the emptiest, token by
token in the order of the index, until it has enough people. LIMIT and OFFSET 0 keep the planner from turning that into
a join that reads every match and sorts it, or that looks through all the Janes for each person's own words.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import TextClause, text
from sqlmodel import Session

from frontdesk.permissions import Deed
from frontdesk.rules.search_words import Road, Word, beginnings_until, plain_roads, roads, search_words
from frontdesk.services.customers.customer_typos import forgiven_words
from frontdesk.services.use_case import Work, use_case
from frontdesk.services.wording import person

_LOOKED_AT = 300
"""So many people are looked at for two words that are not names of one person."""


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
    next_visit: dt.datetime | None = None
    """The soonest one that is booked; known where somebody looks at a list, not on the booking line."""


@dataclass(frozen=True)
class CustomersFound:
    """Who was found, closest name first."""

    customers: tuple[Found, ...]
    forgiven: str | None = None
    """What was searched for instead of a word that nobody has."""


@use_case(Deed.SEE_CUSTOMERS)
def find_customers(work: Work, request: FindCustomers) -> CustomersFound:
    """Customers whose names, telephone, e-mail or code begin with what was typed."""
    words = search_words(request.text, _calling_code(work.shop.country))
    found = _found_by(work.session, words, request.limit, work.now)
    if found or not words:
        return CustomersFound(tuple(found))
    for meant in forgiven_words(work.session, words):
        found = _found_by(work.session, meant, request.limit, work.now)
        if found:
            return CustomersFound(tuple(found), " ".join(word.said for word in meant))
    return CustomersFound(())


def find_by_words(session: Session, words: str, limit: int) -> list[Found]:
    """The same without forgiving, for a service that has a session open."""
    return _found_by(session, search_words(words), limit)


def find_forgiving(session: Session, words: str, limit: int) -> list[Found]:
    """Who is called nearly so, for words that nobody has."""
    for meant in forgiven_words(session, search_words(words)):
        if found := _found_by(session, meant, limit):
            return found
    return []


def find_by_number(session: Session, customer_id: int) -> Found | None:
    """One customer by number."""
    row = session.execute(_ONE, {"id": customer_id, "now": None}).one_or_none()
    return None if row is None else _person(row)


def _calling_code(country: str) -> str:
    import phonenumbers

    return str(phonenumbers.country_code_for_region(country) or "")


def _found_by(session: Session, words: Sequence[Word], limit: int, now: dt.datetime | None = None) -> list[Found]:
    """Two names of one person first; only when nobody has them, two words of whatever kind, e-mail and code too."""
    ways = roads(words)
    found = _along(session, ways, limit, now) if ways else []
    if found or not any(way.is_paired for way in ways):
        return found
    return _along(session, plain_roads(words), limit, now, most=_LOOKED_AT)


def _along(
    session: Session, ways: Sequence[Road], limit: int, now: dt.datetime | None, most: int | None = None
) -> list[Found]:
    given: dict[str, object] = {"limit": limit, "most": most, "now": now}
    for w, way in enumerate(ways):
        for b, beginning in enumerate(way.beginnings):
            given |= _range(f"w{w}b{b}", beginning)
        for c, check in enumerate(way.checks):
            for b, beginning in enumerate(check.beginnings):
                given |= _range(f"w{w}c{c}b{b}", beginning)
    shape = tuple(
        (len(way.beginnings), tuple(len(check.beginnings) for check in way.checks), way.is_paired) for way in ways
    )
    rows = session.execute(_question(shape), given)
    found = {row.id: row for row in sorted(rows, key=lambda row: (row.token, row.sort_key, row.id))}
    return [_person(row) for row in found.values()]


def _person(row: Any) -> Found:  # noqa: ANN401  a row of either question
    return Found(
        row.id,
        person(row.first_name, row.last_name, row.code),
        row.code,
        row.phone,
        row.email,
        row.preferred_stylist_id,
        row.last_seen,
        row.next_visit,
    )


def _range(name: str, beginning: str) -> dict[str, str]:
    return {f"{name}_from": beginning, f"{name}_until": beginnings_until(beginning)}


_Shape = tuple[tuple[int, tuple[int, ...], bool], ...]
"""Of each way: how many beginnings, how many beginnings each check has, and whether it goes along pairs."""


@lru_cache(maxsize=256)
def _question(shape: _Shape) -> TextClause:
    """Nothing typed goes into a question, only names of parameters: few shapes, each planned once."""
    counts, follow = [], []
    for w, (beginnings, checks, is_paired) in enumerate(shape):
        names = [f"w{w}b{b}" for b in range(beginnings)]
        looks = "".join(
            _CHECK.format(
                theirs=_THEIRS, within=" OR ".join(_WITHIN.format(table="o", name=f"w{w}c{c}b{b}") for b in range(each))
            )
            for c, each in enumerate(checks)
        )
        chosen = "" if len(shape) == 1 else _CHOSEN.format(way=w)
        counts.append(_COUNT.format(way=w, counts=_counts(names, is_paired=is_paired)))
        follow += [_FOLLOW.format(theirs=_THEIRS, name=name, chosen=chosen, looks=looks) for name in names]
    emptiest = "" if len(shape) == 1 else _EMPTIEST.format(counts=" UNION ALL ".join(counts))
    return text(emptiest + _PEOPLE.format(follow=" UNION ALL ".join(follow), columns=_COLUMNS))


def _counts(names: Sequence[str], *, is_paired: bool) -> str:
    # Of those who are called so and have the right initials, many are meant; of all who are called so, a few. A way
    # along pairs may therefore be more frequented than a plain one and still be the shorter.
    few = " + ".join(_FEW.format(name=name, most=500 if is_paired else 3000) for name in names)
    return f"({few})" if is_paired else f"({few}) / 6"


_WITHIN = "{table}.token ~>=~ :{name}_from AND {table}.token ~<~ :{name}_until"
_FEW = """(SELECT count(*) FROM (
    SELECT FROM customer_tokens t WHERE t.token ~>=~ :{name}_from AND t.token ~<~ :{name}_until LIMIT {most}) few)"""
_COUNT = "SELECT {way} AS way, {counts} AS people"
_EMPTIEST = "WITH emptiest AS MATERIALIZED (SELECT way FROM ({counts}) ways ORDER BY people, way LIMIT 1) "
_CHOSEN = " AND (SELECT way FROM emptiest) = {way}"
_THEIRS = "(SELECT token FROM customer_tokens WHERE customer_id = t.customer_id OFFSET 0)"
_CHECK = " AND EXISTS (SELECT FROM {theirs} o WHERE {within})"
_FOLLOW = """(
    SELECT t.customer_id, t.token FROM (
        SELECT t.customer_id, t.token FROM customer_tokens t
         WHERE t.token ~>=~ :{name}_from AND t.token ~<~ :{name}_until{chosen}
         ORDER BY t.token USING ~<~, t.customer_id LIMIT CAST(:most AS bigint)) t
     WHERE true{looks}
       AND NOT EXISTS (SELECT FROM {theirs} o WHERE o.token ~>=~ :{name}_from AND o.token ~<~ t.token)
)"""
_COLUMNS = """
    c.id, c.first_name, c.last_name, c.code, c.phone, c.email, c.preferred_stylist_id, c.sort_key,
    (SELECT a.starts_at FROM appointments a WHERE a.customer_id = c.id AND a.status = 'completed'
      ORDER BY a.starts_at DESC LIMIT 1) AS last_seen,
    (SELECT a.starts_at FROM appointments a WHERE a.customer_id = c.id AND a.starts_at >= CAST(:now AS timestamptz)
        AND a.status IN ('pending', 'confirmed') ORDER BY a.starts_at LIMIT 1) AS next_visit
"""
_PEOPLE = """
    SELECT c.*, t.token FROM ({follow}) t CROSS JOIN LATERAL (
        SELECT {columns} FROM customers c WHERE c.id = t.customer_id AND c.is_active OFFSET 0) c
     LIMIT :limit"""
_ONE = text("SELECT " + _COLUMNS + " FROM customers c WHERE c.id = :id")  # noqa: S608  nothing but column names
