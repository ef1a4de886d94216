"""What the ledgers of prepaid and owed money promise, as questions that find rows where they don't hold.

Each is a promise, a question whose answers name rows, and what to do next.
"""

from __future__ import annotations

PROMISES: tuple[tuple[str, str, str], ...] = (
    (
        "nothing is below nothing: no gift card, credit, deposit, account, voucher or transfer",
        "SELECT 'prepayment ' || prepayment_id FROM prepayment_entries GROUP BY prepayment_id HAVING sum(amount) < 0"
        " UNION ALL SELECT 'account ' || account_id FROM account_entries GROUP BY account_id HAVING sum(amount) < 0"
        " UNION ALL SELECT 'receivable ' || receivable_id FROM receivable_entries GROUP BY receivable_id"
        " HAVING sum(amount) < 0",
        "Somebody wrote an entry by hand: look at its history.",
    ),
    (
        "what a sale put on cards, deposits and accounts is what its lines say",
        "SELECT 'line ' || l.id || ' of sale ' || l.sale_id FROM sale_lines l"
        " WHERE l.kind IN ('gift_card', 'deposit', 'account') AND l.total <> coalesce(CASE l.kind"
        " WHEN 'account' THEN (SELECT -sum(e.amount) FROM account_entries e WHERE e.sale_id = l.sale_id"
        " AND e.sale_line_id = l.id)"
        " ELSE (SELECT sum(e.amount) FROM prepayment_entries e WHERE e.sale_id = l.sale_id"
        " AND e.sale_line_id = l.id) END, 0)",
        "An entry is missing or was written by hand: look at the history of the sale.",
    ),
    (
        "what gift cards, credit, deposits, accounts, vouchers and transfers paid is in their ledgers",
        "SELECT 'payment ' || p.id || ' of sale ' || p.sale_id FROM payments p"
        " WHERE p.method IN ('gift_card', 'credit', 'deposit', 'account', 'voucher', 'transfer')"
        " AND p.amount <> coalesce(CASE"
        " WHEN p.method IN ('gift_card', 'credit', 'deposit') THEN (SELECT -sum(e.amount) FROM prepayment_entries e"
        " WHERE e.sale_id = p.sale_id AND e.payment_id = p.id)"
        " WHEN p.method = 'account' THEN (SELECT sum(e.amount) FROM account_entries e"
        " WHERE e.sale_id = p.sale_id AND e.payment_id = p.id)"
        " ELSE (SELECT sum(e.amount) FROM receivable_entries e JOIN receivables r ON r.id = e.receivable_id"
        " WHERE e.payment_id = p.id AND e.kind = 'owed') END, 0)",
        "An entry is missing or was written by hand: look at the history of the sale.",
    ),
)
