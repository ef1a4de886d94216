"""The services of a visit on a ticket: whose hands did them, what they cost there, what is paid already."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import text

from frontdesk.rules.hands import Hand, hands_on
from frontdesk.services.ticket.items import Goods, Item
from frontdesk.services.ticket.ticket_wishes import Ticket
from frontdesk.services.use_case import Work


def _items_of(work: Work, ticket: Ticket) -> list[Item]:
    if not ticket.appointment_ids:
        return []
    return [
        Item(
            "service",
            row.name,
            row.quantity,
            row.price,
            row.stylist_id,
            row.customer_id,
            row.stylist or "",
            appointment_id=row.appointment_id,
            visit_line_id=row.id,
            service_id=row.service_id,
            discount=ticket.line_discounts.get(row.id),
            typed_price=ticket.line_prices.get(row.id),
            paid=row.paid,
            hands=_hands(row.hands),
            cost=row.cost,
        )
        for row in work.session.execute(_VISIT_LINES, {"visits": sorted(set(ticket.appointment_ids))})
    ]


def _hands(parts: Sequence[tuple[int, str, str, int, int]] | None) -> tuple[tuple[int, int], ...]:
    """More than one pair of hands, or nothing: then the line is its stylist's."""
    minutes = hands_on(Hand(*part) for part in parts or ())
    return tuple(minutes.items()) if len(minutes) > 1 else ()


_VISIT_LINES = text("""
    SELECT l.id, l.appointment_id, l.name, l.quantity, l.price, l.stylist_id, l.service_id, a.customer_id,
           s.first_name AS stylist, v.cost,
           (SELECT jsonb_agg(jsonb_build_array(p.position, p.kind, p.role, h.id,
                                               CAST(extract(epoch FROM p.ends_at - p.starts_at) / 60 AS integer))
                            ORDER BY p.starts_at, p.id)
              FROM appointment_parts p JOIN stylists h ON h.resource_id = p.resource_id
             WHERE p.appointment_service_id = l.id AND p.role IN ('lead', 'assistant')) AS hands,
           EXISTS (SELECT FROM paid_visit_lines p WHERE p.appointment_service_id = l.id) AS paid
      FROM appointment_services l JOIN appointments a ON a.id = l.appointment_id
      LEFT JOIN stylists s ON s.id = l.stylist_id JOIN services v ON v.id = l.service_id
     WHERE a.id = ANY (:visits) AND l.status NOT IN ('cancelled', 'late_cancelled', 'no_show', 'void')
     ORDER BY a.starts_at, a.id, l.position
""")


GOODS = Goods(("service",), _items_of)
