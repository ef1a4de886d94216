"""The last changes anywhere, in words: who, when, where, what it was and what it is (features AD3)."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import text

from frontdesk.clock import local
from frontdesk.errors import BadInput
from frontdesk.permissions import Deed
from frontdesk.services.use_case import Work, use_case

MOST = 500
"""So many changes are answered at once, at most."""


@dataclass(frozen=True, kw_only=True)
class ListChanges:
    """The last changes, newest first."""

    limit: int = 100
    before: dt.datetime | None = None
    """Only those before this moment: the next page."""


@dataclass(frozen=True)
class TellChange:
    """A change in words."""

    id: int
    at: dt.datetime
    who: str
    """`sql:role` for one made by hand."""
    terminal: str | None
    action: str
    """`added`, `changed` or `removed`."""
    what: str
    """`service Cut`."""
    details: tuple[str, ...]
    """`price 50.00 → 55.00`."""


@dataclass(frozen=True)
class Changes:
    """Changes, newest first."""

    changes: tuple[TellChange, ...]


@use_case(Deed.SEE_HISTORY)
def list_changes(work: Work, request: ListChanges) -> Changes:
    """Who changed what last, anywhere in the business. Raises BadInput."""
    if not 1 <= request.limit <= MOST:
        raise BadInput(f"Between 1 and {MOST} changes can be listed at once.", field="limit")
    rows = work.session.execute(_LAST, {"limit": request.limit, "before": request.before, "of_stylists": _OF_STYLISTS})
    return Changes(tuple(_told(row, work.shop.timezone) for row in rows))


_LAST = text("""
    WITH last AS (
        SELECT id, at, who, terminal_id, table_name, row_id, action, old, new FROM audit_log
         WHERE CAST(:before AS timestamptz) IS NULL OR at < CAST(:before AS timestamptz)
         ORDER BY at DESC, id DESC LIMIT :limit
    )
    SELECT l.id, l.at, l.who, t.name AS terminal, l.table_name, l.row_id, l.action,
           CAST(l.old AS text) AS old, CAST(l.new AS text) AS new,
           CASE l.table_name
               WHEN 'users' THEN (SELECT name FROM users WHERE id = l.row_id)
               WHEN 'shops' THEN (SELECT name FROM shops WHERE id = l.row_id)
               WHEN 'services' THEN (SELECT name FROM services WHERE id = l.row_id)
               WHEN 'products' THEN (SELECT name FROM products WHERE id = l.row_id)
               WHEN 'taxes' THEN (SELECT name FROM taxes WHERE id = l.row_id)
               WHEN 'terminals' THEN (SELECT name FROM terminals WHERE id = l.row_id)
               WHEN 'stylists' THEN (SELECT trim(first_name || ' ' || last_name) FROM stylists WHERE id = l.row_id)
               WHEN 'customers' THEN (SELECT trim(first_name || ' ' || last_name) FROM customers WHERE id = l.row_id)
               WHEN 'appointments' THEN (SELECT code FROM appointments WHERE id = l.row_id)
               ELSE (SELECT trim(p.first_name || ' ' || p.last_name) FROM stylists p
                      WHERE l.table_name = ANY (:of_stylists)
                        AND p.id = CAST(coalesce(l.new, l.old) ->> 'stylist_id' AS bigint))
           END AS name,
           (SELECT jsonb_object_agg(n.kind || n.id, n.name) FROM (
                SELECT 'product_id ' AS kind, id, name FROM products
                 WHERE id IN (CAST(l.new ->> 'product_id' AS bigint), CAST(l.old ->> 'product_id' AS bigint))
                UNION ALL
                SELECT 'service_id ', id, name FROM services
                 WHERE id IN (CAST(l.new ->> 'service_id' AS bigint), CAST(l.old ->> 'service_id' AS bigint))
                UNION ALL
                SELECT 'stylist_id ', id, trim(first_name || ' ' || last_name) FROM stylists
                 WHERE id IN (CAST(l.new ->> 'stylist_id' AS bigint), CAST(l.old ->> 'stylist_id' AS bigint))
                UNION ALL
                SELECT 'customer_id ', id, trim(first_name || ' ' || last_name) FROM customers
                 WHERE id IN (CAST(l.new ->> 'customer_id' AS bigint), CAST(l.old ->> 'customer_id' AS bigint))
           ) n) AS names
      FROM last l LEFT JOIN terminals t ON t.id = l.terminal_id
     ORDER BY l.at DESC, l.id DESC
""")

DID = {"insert": "added", "update": "changed", "delete": "removed"}
"""What was done, for people."""

_NAMED = {
    "users": "person", "appointments": "visit", "appointment_services": "service of a visit", "sales": "ticket",
    "sale_lines": "line of a ticket", "taxes": "tax", "weekly_shifts": "usual hours", "dated_shifts": "one day's hours",
    "business_hours": "opening hours", "time_off": "time off", "stylist_rates": "rate", "user_secrets": "secret",
    "commission_rules": "commission rule", "commission_tiers": "band of commission",
    "stylist_specialties": "what a stylist does", "service_categories": "shelf of the menu", "businesses": "business",
    "cash_movements": "cash movement", "addresses": "address", "series": "series",
}  # fmt: skip
_OF_STYLISTS = [
    "time_off", "weekly_shifts", "dated_shifts", "breaks", "commission_rules", "stylist_rates", "stylist_specialties",
]  # fmt: skip
"""What has no name of its own is called by whose it is."""
_UNTOLD = {
    "id", "business_id", "created_at", "updated_at", "version", "sort_key", "position", "secret_hash", "shop_id",
    "token",
}  # fmt: skip
_LONGEST = 60


def _told(row: Any, timezone: str) -> TellChange:  # noqa: ANN401  a row
    old, new = _kept(row.old), _kept(row.new)
    kind = _NAMED.get(row.table_name) or one_of(row.table_name)
    name = row.name or {**old, **new}.get("name") or {**old, **new}.get("code") or ""
    said = details(row.action, _spoken(old, row.names or {}, timezone), _spoken(new, row.names or {}, timezone))
    return TellChange(row.id, row.at, row.who, row.terminal, DID[row.action], f"{kind} {name}".strip(), said)


def one_of(table: str) -> str:
    """What one row of a table is called: `prepayment_entries` hold a prepayment entry."""
    if table.endswith("ies"):
        one = f"{table[:-3]}y"
    else:
        one = table[:-2] if table.endswith(("ches", "sses", "xes")) else table.removesuffix("s")
    return one.replace("_", " ")


def _spoken(kept: Mapping[str, Any], names: Mapping[str, str], timezone: str) -> dict[str, Any]:
    """With names instead of numbers, and instants by the shop's wall clock."""
    return {column: names.get(f"{column} {value}") or _wall(value, timezone) for column, value in kept.items()}


def _wall(value: object, timezone: str) -> object:
    if not isinstance(value, str) or not _INSTANT.match(value):
        return value
    at = local(dt.datetime.fromisoformat(value), timezone)
    return f"{at:%a} {at.day} {at:%b %Y %H:%M}"


_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.\d]*[+-]\d\d:\d\d$")
"""As the database writes one into the history."""


def _kept(said: str | None) -> dict[str, Any]:
    """Amounts keep their digits: 50.00 stays 50.00."""
    kept: dict[str, Any] = json.loads(said, parse_float=Decimal) if said else {}
    return kept


def details(action: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    """What it was and what it is, column by column; of something added or removed, what was said of it."""
    columns = [name for name in {**before, **after} if name not in _UNTOLD]
    if action == "update":
        return tuple(f"{_column(name)} {_value(before.get(name))} → {_value(after.get(name))}" for name in columns)
    kept = after or before
    return tuple(f"{_column(name)} {_value(kept[name])}" for name in columns if kept[name] not in (None, "", [], {}))


def _column(name: str) -> str:
    return name.removesuffix("_id").replace("_", " ")


def _value(value: object) -> str:
    if value is None or value == "":
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    said = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return said if len(said) <= _LONGEST else said[: _LONGEST - 1] + "…"
