"""A made-up shop's book keeps every promise a real one keeps."""

from __future__ import annotations

import psycopg
from sqlmodel import Session

from frontdesk.db.engine import open_engine
from frontdesk.db.server import Handle
from frontdesk.rules.hours import DAY
from frontdesk.rules.states import Status, visit_status
from frontdesk.services.seeding import Seeded
from frontdesk.services.team import slots
from frontdesk.text import search_tokens, sort_key
from tests.services.seeding.made_up import NOW, SCALE, ask


def test_nobody_is_in_two_chairs(database: psycopg.Connection, seeded: Seeded) -> None:
    clashes = ask(
        database,
        "SELECT a.id FROM time_slots a JOIN time_slots b ON a.resource_id = b.resource_id AND a.id < b.id"
        " AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at"
        " WHERE a.business_id = %(business)s AND a.status = 'booked' AND b.status = 'booked'",
        seeded,
    )
    assert clashes == []


def test_every_live_part_holds_its_strip_and_no_other_does(database: psycopg.Connection, seeded: Seeded) -> None:
    wrong = ask(
        database,
        "SELECT p.id FROM appointment_parts p JOIN appointment_services l ON l.id = p.appointment_service_id"
        " LEFT JOIN time_slots t ON t.part_id = p.id WHERE p.business_id = %(business)s"
        " AND (t.id IS NOT NULL) <> (p.resource_id IS NOT NULL AND NOT (l.overbooked AND p.role = 'lead')"
        "      AND l.status NOT IN ('cancelled', 'late_cancelled', 'no_show', 'void'))",
        seeded,
    )
    assert wrong == []


def test_an_overbooked_line_has_its_reason_and_somebody_in_the_way(
    database: psycopg.Connection, seeded: Seeded
) -> None:
    lines = ask(
        database,
        "SELECT l.overbook_reason, EXISTS (SELECT FROM appointment_parts p JOIN time_slots t"
        " ON t.resource_id = p.resource_id AND t.starts_at < p.ends_at AND p.starts_at < t.ends_at"
        " WHERE p.appointment_service_id = l.id AND t.status = 'booked')"
        " FROM appointment_services l WHERE l.business_id = %(business)s AND l.overbooked",
        seeded,
    )
    assert lines
    assert all(reason and clashes for reason, clashes in lines)


def test_processing_gaps_are_used_by_somebody_else(database: psycopg.Connection, seeded: Seeded) -> None:
    used = ask(
        database,
        "SELECT count(*) FROM appointment_parts w JOIN appointment_services l ON l.id = w.appointment_service_id"
        " JOIN stylists s ON s.id = l.stylist_id JOIN time_slots t ON t.resource_id = s.resource_id"
        " AND t.status = 'booked' AND t.starts_at >= w.starts_at AND t.ends_at <= w.ends_at"
        " WHERE w.business_id = %(business)s AND w.kind = 'processing'",
        seeded,
    )
    assert used[0][0] > 0


def test_derived_pieces_are_what_a_rebuild_makes(server: Handle, seeded_in: str, seeded: Seeded) -> None:
    engine = open_engine(server.conninfo(seeded_in))
    with Session(engine) as session:
        strips = session.connection().exec_driver_sql(
            "SELECT resource_id, published_from, published_until FROM strips WHERE business_id = %(b)s",
            {"b": seeded.business_id},
        )
        days = [(r, first + DAY * n) for r, first, until in strips for n in range((until - first).days)]
        assert len(days) == (SCALE.stylists + 2) * (SCALE.days_back + 365)
        found = slots.difference(session, days, NOW)
        assert (found.missing, found.gone, found.lapsed) == ((), (), ())
        assert slots.rebuild(session, days[::17], NOW) == 0
        session.connection().exec_driver_sql(
            "DELETE FROM time_slots WHERE id = (SELECT min(id) FROM time_slots WHERE business_id = %(b)s"
            " AND status = 'available')",
            {"b": seeded.business_id},
        )
        assert len(slots.difference(session, days, NOW).missing) == 1
    engine.dispose()


def test_states_fit_their_steps_and_the_moment(database: psycopg.Connection, seeded: Seeded) -> None:
    lines = ask(
        database,
        "SELECT l.appointment_id, l.status, coalesce((SELECT to_status FROM appointment_status_history h"
        " WHERE h.appointment_service_id = l.id ORDER BY h.at DESC, h.id DESC LIMIT 1), 'pending'), a.status"
        " FROM appointment_services l JOIN appointments a ON a.id = l.appointment_id"
        " WHERE l.business_id = %(business)s",
        seeded,
    )
    assert all(status == last for _, status, last, _ in lines)
    by_visit: dict[int, list[Status]] = {}
    for visit, status, _, _ in lines:
        by_visit.setdefault(visit, []).append(Status(status))
    assert all(visit_status(by_visit[visit]) == whole for visit, _, _, whole in lines)
    assert ask(database, "SELECT id FROM appointment_status_history WHERE business_id = %(business)s"
               " AND at > %(now)s", seeded) == []  # fmt: skip
    today = ask(
        database,
        "SELECT DISTINCT l.status FROM appointment_services l WHERE business_id = %(business)s"
        " AND starts_at BETWEEN CAST(%(now)s AS timestamptz) - interval '4 hours'"
        " AND CAST(%(now)s AS timestamptz) + interval '8 hours'",
        seeded,
    )
    assert {("completed",), ("arrived",)} <= set(today)
    assert {("pending",), ("confirmed",)} & set(today)
    undone = ask(
        database,
        "SELECT id FROM appointment_services WHERE business_id = %(business)s AND status IN ('pending', 'confirmed',"
        " 'arrived', 'in_service', 'processing') AND ends_at < CAST(%(now)s AS timestamptz)",
        seeded,
    )
    assert undone == []


def test_cancellations_have_their_notice_and_a_reason(database: psycopg.Connection, seeded: Seeded) -> None:
    found = ask(
        database,
        "SELECT a.status, c.notice_minutes, c.reason_id IS NOT NULL OR c.note <> '' AS why,"
        " extract(epoch FROM a.starts_at - c.cancelled_at) / 60 - c.notice_minutes"
        " FROM appointment_cancellations c JOIN appointments a ON a.id = c.appointment_id"
        " WHERE c.business_id = %(business)s",
        seeded,
    )
    assert found
    assert all(why and 0 <= odd < 1 for _, _, why, odd in found)
    assert all((status == "late_cancelled") == (notice < 24 * 60) for status, notice, _, _ in found)


def test_customers_are_found_by_what_they_are_called(database: psycopg.Connection, seeded: Seeded) -> None:
    people = ask(
        database,
        "SELECT c.first_name, c.last_name, c.phone, c.email, c.sort_key, array_agg((t.kind, t.token)::text ORDER BY 1)"
        " FROM customers c JOIN customer_tokens t ON t.customer_id = c.id WHERE c.business_id = %(business)s"
        " GROUP BY c.id",
        seeded,
    )
    assert len(people) == SCALE.customers
    for first, last, phone, email, key, tokens in people:
        assert key == sort_key(first, last)
        assert len(tokens) == len(search_tokens(first_name=first, last_name=last, phone=phone, email=email))
        assert phone is None or phone.startswith(("+447700900", "+442079460", "+441632960", "+441134960"))
        assert email is None or email.endswith("@example.com")
