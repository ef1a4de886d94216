"""Who owns a fact of somebody's time, a visit, a class or whoever keeps it: the joins and the words for it.

Private to those who refuse a time and say why.
"""

from __future__ import annotations

from typing import Any

from frontdesk.services.wording import person

OWNER_COLUMNS = """
           t.held_until, a.code, a.guest_name, c.first_name, c.last_name, c.code AS customer_code,
           g.name AS class_name, k.name AS held_by,
           CASE WHEN o.id IS NOT NULL
                THEN coalesce(nullif(e.guest_name, ''), concat_ws(' ', w.first_name, w.last_name)) END AS held_for,
           u.name AS booked_by, coalesce(h.at, a.created_at, s.created_at) AS booked_at
"""
"""What is told of an owner: of a visit its code, customer and who booked it when; of a class its name; of a hold who
keeps it (`held_by`), for whom of the waitlist (`held_for`) and until when."""

OWNER_JOINS = """
      LEFT JOIN appointment_parts p ON p.id = t.part_id
      LEFT JOIN appointment_services l ON l.id = p.appointment_service_id
      LEFT JOIN appointments a ON a.id = l.appointment_id
      LEFT JOIN customers c ON c.id = a.customer_id
      LEFT JOIN class_sessions s ON s.id = t.class_session_id
      LEFT JOIN services g ON g.id = s.service_id
      LEFT JOIN users k ON k.id = t.held_by
      LEFT JOIN waitlist_offers o ON o.hold_key = t.hold_key
      LEFT JOIN waitlist_entries e ON e.id = o.entry_id
      LEFT JOIN customers w ON w.id = e.customer_id
      LEFT JOIN LATERAL (SELECT user_id, at FROM appointment_status_history
                          WHERE appointment_id = a.id ORDER BY at, id LIMIT 1) h ON true
      LEFT JOIN users u ON u.id = h.user_id
"""
"""From a piece of a strip, `time_slots t`, to whatever owns it; `l` is the line of its visit."""


def owner_name(row: Any) -> str:  # noqa: ANN401  a row with OWNER_COLUMNS
    """The class, or the customer of the visit: `Kim Lee`."""
    return row.class_name or person(row.first_name, row.last_name, row.customer_code, row.guest_name)
