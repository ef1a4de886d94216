"""What packages, points and card charges promise, as questions that find rows where they don't hold.

Each is a promise, a question whose answers name rows, and what to do next.
"""

from __future__ import annotations

PROMISES: tuple[tuple[str, str, str], ...] = (
    (
        "no session of a package is used twice, and the last one takes the last cent",
        "SELECT 'lot ' || lot_id FROM package_entries GROUP BY lot_id HAVING sum(sessions) < 0 OR sum(value) < 0"
        " OR sum(tax) < 0 OR (sum(sessions) = 0 AND sum(value) <> 0)",
        "Somebody wrote an entry by hand: look at its history.",
    ),
    (
        "what packages and points paid is in their ledgers",
        "SELECT 'sale ' || s.id FROM sales s CROSS JOIN LATERAL"
        " (SELECT coalesce(sum(amount) FILTER (WHERE method = 'package'), 0) AS sessions,"
        " coalesce(sum(amount) FILTER (WHERE method = 'points'), 0) AS points FROM payments WHERE sale_id = s.id) p"
        " WHERE s.id IN (SELECT sale_id FROM payments WHERE method IN ('package', 'points')"
        " UNION SELECT sale_id FROM package_entries WHERE kind IN ('used', 'returned')"
        " UNION SELECT sale_id FROM loyalty_entries WHERE kind IN ('redeemed', 'returned'))"
        " AND (p.sessions + (SELECT coalesce(sum(value), 0) FROM package_entries"
        " WHERE sale_id = s.id AND kind IN ('used', 'returned')) <> 0"
        " OR p.points + (SELECT coalesce(sum(value), 0) FROM loyalty_entries"
        " WHERE sale_id = s.id AND kind IN ('redeemed', 'returned')) <> 0)",
        "An entry is missing or was written by hand: look at the history of the sale.",
    ),
    (
        "a charge of a card terminal pays for one receipt, to the cent",
        "SELECT 'charge ' || c.id FROM card_payments c JOIN payments p ON p.card_payment_id = c.id"
        " GROUP BY c.id HAVING count(*) > 1 OR c.status <> 'approved' OR max(abs(p.amount)) <> c.amount",
        "Look at the charge at its provider, and correct the receipt.",
    ),
    (
        "no card's number is kept",
        "SELECT 'customer ' || id FROM customers WHERE holds_card_number(notes)"
        " UNION ALL SELECT 'visit ' || code FROM appointments"
        " WHERE holds_card_number(notes) OR holds_card_number(internal_notes)"
        " UNION ALL SELECT 'payment ' || id FROM payments WHERE holds_card_number(approval_code)"
        " UNION ALL SELECT 'alert ' || id FROM customer_alerts WHERE holds_card_number(words)"
        " UNION ALL SELECT 'wish ' || id FROM product_wishes WHERE holds_card_number(note)",
        "Take the number out of that note: the last four digits will do.",
    ),
)
