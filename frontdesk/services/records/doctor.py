"""Looks for what should never be: each finding names the rows and what to do (features AD16)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text

from frontdesk.clock import local
from frontdesk.permissions import Deed
from frontdesk.rules.hours import DAY
from frontdesk.services.records import ledger_promises, loyal_promises
from frontdesk.services.team import slots
from frontdesk.services.use_case import Work, use_case
from frontdesk.services.wording import day_and_time, day_words


@dataclass(frozen=True, kw_only=True)
class ExamineData:
    """Check every promise by row."""


@dataclass(frozen=True, kw_only=True)
class Examine:
    """Look at the server, its zones and clocks, and the schema."""


@dataclass(frozen=True)
class Finding:
    """Something that should not be."""

    promise: str
    rows: tuple[str, ...]
    remedy: str


@dataclass(frozen=True)
class Diagnosis:
    """What was looked at and what was found."""

    checked: tuple[str, ...]
    findings: tuple[Finding, ...]


@use_case(Deed.SEE_TAKINGS)
def examine_data(work: Work, request: ExamineData) -> Diagnosis:
    """Check the promises that the tables make, of this business, row by row. Changes nothing."""
    findings = [_strips(work), *(_ask(work, *question) for question in _QUESTIONS)]
    checked = ("derived pieces are what rules and facts say", *(promise for promise, _, _ in _QUESTIONS))
    return Diagnosis(checked, tuple(finding for finding in findings if finding is not None))


@use_case(Deed.SEE_BOOK)
def examine(work: Work, request: Examine) -> Diagnosis:
    """Check what the data stands on: the server, whom it thinks we are, its clock and its zones. Changes nothing."""
    server = work.session.execute(_SERVER).one()
    findings = []
    if server.version < OLDEST_SERVER:
        remedy = f"Move to PostgreSQL {OLDEST_SERVER} or newer."
        findings.append(Finding(_CHECKED[0], (f"it is PostgreSQL {server.version}",), remedy))
    if server.is_mighty:
        findings.append(Finding(_CHECKED[1], (f"{server.role} looks past them",), "Sign in as the desk's role."))
    apart = abs((server.now - work.now).total_seconds())
    if apart > CLOCKS_APART_SECONDS:
        findings.append(
            Finding(_CHECKED[2], (f"they are {apart:.0f} seconds apart",), "Set both clocks by the network.")
        )
    differing = _zone_differences(work)
    if differing:
        remedy = (
            "Nothing to do: frontdesk converts by its own zone data, and SQL never does. Mind it in SQL of your own."
        )
        findings.append(Finding(_CHECKED[3], differing, remedy))
    wrong = tuple(
        f"{row.what}, since {day_and_time(row.since, row.timezone)}: {row.error}"
        for row in work.session.execute(_UPKEEP, {"since": work.now - 14 * DAY})
    )
    if wrong:
        remedy = "frontdesk upkeep run tries again now, frontdesk outbox list shows the letters."
        findings.append(Finding(_CHECKED[4], wrong, remedy))
    return Diagnosis(_CHECKED, tuple(findings))


OLDEST_SERVER = 16
CLOCKS_APART_SECONDS = 30
_CHECKED = (
    "the server is new enough",
    "the desk's role is bound by the rules of who sees what",
    "this machine's clock and the server's agree",
    "the server's zone data agrees for this business's shops",
    "what is due every day is done, and letters go out",
)
_UPKEEP = text("""
    SELECT c.name || ' in ' || s.name AS what, c.failed_at AS since, s.timezone, c.error
      FROM chores c JOIN shops s ON s.id = c.shop_id WHERE c.failed_at IS NOT NULL
     UNION ALL
    SELECT 'letter ' || p.id || ' of ' || h.name || ', given up', p.failed_at, h.timezone, p.error
      FROM prints p JOIN shops h ON h.id = p.shop_id
     WHERE p.channel = 'mail' AND p.failed_at > :since
       AND NOT EXISTS (SELECT FROM prints q WHERE q.sale_id = p.sale_id AND q.document = p.document
                          AND q.channel = 'mail' AND q.id > p.id AND q.failed_at IS NULL)
""")
_SERVER = text("""
    SELECT current_setting('server_version_num')::int / 10000 AS version, current_user AS role,
           clock_timestamp() AS now,
           (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user) AS is_mighty
""")


def _zone_differences(work: Work) -> tuple[str, ...]:
    """Shops in whose zone the server's clock changes differ from ours within two years."""
    found = []
    days = [work.now + DAY * 7 * week for week in range(104)]
    for zone in work.session.execute(text("SELECT DISTINCT timezone FROM shops ORDER BY 1")).scalars():
        theirs = work.session.execute(_OFFSETS, {"zone": zone, "days": days}).scalars().all()
        ours = [offset.total_seconds() for day in days if (offset := local(day, zone).utcoffset()) is not None]
        if [float(seconds) for seconds in theirs] != ours:
            found.append(zone)
    return tuple(found)


# The one place where SQL converts: to find out whether it would have been right.
_OFFSETS = text("""
    SELECT extract(epoch FROM timezone(:zone, day) - timezone('UTC', day))
      FROM unnest(CAST(:days AS timestamptz[])) AS day
""")


def _strips(work: Work) -> Finding | None:
    names: dict[int, str] = {}
    days = []
    for row in work.session.execute(_LAID_OUT):
        names[row.resource_id] = row.name
        span = (row.published_until - row.published_from).days
        days += [(row.resource_id, row.published_from + DAY * n) for n in range(span)]
    change = slots.difference(work.session, days, work.now)
    rows = [
        f"{names[resource]} {day_words(piece.starts_at.date())}: a piece is missing"
        for resource, piece in change.missing
    ]
    rows += [f"time slot {slot_id} should not be there" for slot_id in change.gone]
    if not rows:
        return None
    return Finding("derived pieces are what rules and facts say", tuple(rows), "Lay the strips out anew.")


_LAID_OUT = text("""
    SELECT s.resource_id, r.name, s.published_from, s.published_until
      FROM strips s JOIN resources r ON r.id = s.resource_id ORDER BY s.resource_id
""")


def _ask(work: Work, promise: str, question: str, remedy: str) -> Finding | None:
    rows = tuple(work.session.execute(text(question)).scalars())
    return Finding(promise, rows, remedy) if rows else None


_QUESTIONS = (
    (
        "no two facts of a strip overlap",
        "SELECT 'time slots ' || a.id || ' and ' || b.id FROM time_slots a JOIN time_slots b"
        " ON a.resource_id = b.resource_id AND a.id < b.id AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at"
        " AND b.starts_at > a.starts_at - interval '25 hours'"
        " WHERE a.status IN ('booked', 'held') AND b.status IN ('booked', 'held')",
        "Move one of the two visits.",
    ),
    (
        "a sale's lines, tenders and tips add up to its totals",
        "SELECT 'sale ' || s.id FROM sales s WHERE (s.total, s.total + s.tip, s.tip) IS DISTINCT FROM ("
        " (SELECT coalesce(sum(total), 0) FROM sale_lines WHERE sale_id = s.id),"
        " (SELECT coalesce(sum(amount), 0) FROM payments WHERE sale_id = s.id),"
        " (SELECT coalesce(sum(amount), 0) FROM tips WHERE sale_id = s.id))",
        "Somebody changed it by hand: look at its history.",
    ),
    (
        "receipt numbers have no gaps",
        "SELECT 'shop ' || shop_id || ' has ' || count(*) || ' receipts up to number ' || max(number)"
        " FROM sales WHERE number IS NOT NULL GROUP BY shop_id HAVING count(*) <> max(number)",
        "A sale was removed by hand: look at the history of sales.",
    ),
    (
        "a visit's state is that of its lines",
        "SELECT 'visit ' || a.code FROM appointments a WHERE a.status = 'completed' AND EXISTS (SELECT FROM"
        " appointment_services l WHERE l.appointment_id = a.id AND l.status IN ('pending', 'confirmed', 'arrived'))",
        "Take the visit through its last step again.",
    ),
    (
        "a line that is to be served has its time, and one that is not has none",
        "SELECT 'line ' || l.id || ' of visit ' || a.code FROM appointment_services l"
        " JOIN appointments a ON a.id = l.appointment_id JOIN appointment_parts p ON p.appointment_service_id = l.id"
        " LEFT JOIN time_slots t ON t.part_id = p.id WHERE (t.id IS NOT NULL) <> (p.resource_id IS NOT NULL"
        " AND l.status NOT IN ('cancelled', 'late_cancelled', 'no_show', 'void')"
        " AND NOT (l.overbooked AND p.role = 'lead'))",
        "Move the visit to where it should be.",
    ),
    (
        "a fee that was paid is owed, and is what its line on the ticket says",
        "SELECT 'fee ' || f.id || ' of visit ' || a.code FROM appointment_fees f"
        " JOIN sale_lines s ON s.id = f.sale_line_id JOIN appointment_services l ON l.id = f.appointment_service_id"
        " JOIN appointments a ON a.id = l.appointment_id"
        " WHERE f.taken_back_at IS NOT NULL OR f.amount <> s.gross OR s.kind <> 'fee'",
        "Refund the ticket, or put the visit where it was.",
    ),
    (
        "what was sold has left the shelf",
        # Lines from before pieces were counted have no moves; the line of a refund moves pieces back.
        "SELECT 'line ' || l.id || ' (' || l.name || ')' FROM sale_lines l JOIN sales s ON s.id = l.sale_id"
        " JOIN stock_moves m ON m.sale_line_id = l.id GROUP BY l.id, s.shop_id"
        " HAVING bool_or(m.product_id IS DISTINCT FROM l.product_id OR m.shop_id <> s.shop_id)"
        " OR abs(sum(m.quantity) FILTER (WHERE m.kind IN ('sold', 'returned'))) IS DISTINCT FROM abs(l.quantity)",
        "Count those products: a count puts right what stock says.",
    ),
    *ledger_promises.PROMISES,
    *loyal_promises.PROMISES,
)
