"""Who waits for products that move: read when some come, ended when they are bought (features PE13).

For the services of stock, and for whoever sells.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import text

from frontdesk.services.use_case import Work
from frontdesk.services.wording import person

_NAMED = 3
"""So many are called by name in a sentence."""


@dataclass(frozen=True)
class Waiting:
    """Somebody who waits for a product that has just come."""

    wish_id: int
    customer_id: int
    customer: str
    phone: str
    product_id: int
    product: str

    @property
    def words(self) -> str:
        """`Jane Doe waits for Serum`."""
        return f"{self.customer} waits for {self.product}"


def who_waits(work: Work, product_ids: Collection[int]) -> tuple[Waiting, ...]:
    """Who has an open wish for one of these, who waits longest first."""
    rows = work.session.execute(_WHO_WAITS, {"products": list(product_ids)})
    return tuple(
        Waiting(
            row.id, row.customer_id, person(row.first_name, row.last_name, row.code), row.phone or "", row.product_id,
            row.product,
        )
        for row in rows
    )  # fmt: skip


_WHO_WAITS = text("""
    SELECT w.id, w.customer_id, c.first_name, c.last_name, c.code, c.phone, w.product_id, p.name AS product
      FROM product_wishes w JOIN customers c ON c.id = w.customer_id JOIN products p ON p.id = w.product_id
     WHERE w.ended_at IS NULL AND w.product_id = ANY (CAST(:products AS bigint[]))
     ORDER BY w.wished_at, w.id
""")


def waiting_words(waiting: Sequence[Waiting]) -> str:
    """`Jane Doe waits for Serum`, `Jane Doe and Kim Lee wait for Serum`; of several products `; ` between them."""
    by_product: dict[str, list[str]] = {}
    for one in waiting:
        by_product.setdefault(one.product, []).append(one.customer)
    return "; ".join(
        f"{_several(names)} wait{'s' * (len(names) == 1)} for {product}" for product, names in by_product.items()
    )


def _several(names: Sequence[str]) -> str:
    if len(names) > _NAMED:
        return f"{', '.join(names[:_NAMED])} and {len(names) - _NAMED} more"
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def end_bought(work: Work, bought: Sequence[tuple[int, int]]) -> None:
    """Of customers with products that they have just bought: whoever has it waits no longer."""
    if not bought:
        return
    asked = {
        "customers": [customer for customer, _ in bought], "products": [product for _, product in bought],
        "at": work.now, "by": work.actor.user_id,
    }  # fmt: skip
    work.session.execute(_BOUGHT, asked)


_BOUGHT = text("""
    UPDATE product_wishes w SET ended_at = :at, ended_by = :by, outcome = 'bought'
      FROM unnest(CAST(:customers AS bigint[]), CAST(:products AS bigint[])) AS b (customer_id, product_id)
     WHERE w.customer_id = b.customer_id AND w.product_id = b.product_id AND w.ended_at IS NULL
""")
