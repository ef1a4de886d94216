"""What stylists earn of a line: written from a day on, read by who may see it (feature ST7)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import text

from frontdesk.errors import BadInput
from frontdesk.permissions import Deed, refusal_for
from frontdesk.rules.commission import Reckoning, Scope
from frontdesk.services.team.rule_writing import put_rule
from frontdesk.services.team.stylist_hours import first_day
from frontdesk.services.use_case import Work


@dataclass(frozen=True)
class RateCard:
    """A rate from a day on."""

    kind: str
    """`service` or `product`: of which lines."""
    percent: Decimal
    valid_from: dt.date | None
    """None: it always was."""


@dataclass(frozen=True)
class StylistRates:
    """What somebody earns of services and products today; None where nothing was agreed."""

    service_percent: Decimal | None
    product_percent: Decimal | None
    history: tuple[RateCard, ...]
    """What was, is and is planned: services first, in order of time."""


def rates_of(work: Work, stylist_id: int) -> StylistRates | None:
    """Somebody's rates, as the database's policies show them: to managers, to themselves; None to anybody else."""
    rows = work.session.execute(_RATES, {"stylist": stylist_id}).all()
    if not rows and refusal_for(work.actor, Deed.SEE_RATES) is not None:
        return None
    begun = {row.kind: row.percent for row in rows if row.valid_from <= work.desk.today}
    history = tuple(RateCard(row.kind, row.percent, first_day(row.valid_from)) for row in rows)
    return StylistRates(begun.get("service"), begun.get("product"), history)


_RATES = text("""
    SELECT kind, percent, valid_from FROM commission_rules
     WHERE stylist_id = :stylist AND form = 'percent' AND kind IN ('service', 'product') AND valid_from < valid_until
       AND num_nonnulls(service_id, product_id, category_id, coupon_id, price_class_id) = 0
     ORDER BY kind DESC, valid_from
""")


def write_rates(
    work: Work,
    stylist_id: int,
    first: dt.date,
    *,
    service_percent: Decimal | None,
    product_percent: Decimal | None,
) -> None:
    """What they earn from a day on; a rate that is not given stays. Raises BadInput."""
    work.session.flush()
    for kind, percent in (("service", service_percent), ("product", product_percent)):
        if percent is None:
            continue
        if not percent.is_finite() or not 0 <= percent <= 100:
            raise BadInput("A rate has to be between 0 and 100 %. Type 40, for example.", field=f"{kind}_percent")
        if -int(percent.normalize().as_tuple().exponent) > 4:
            raise BadInput("A rate has at most four decimals. Type 35.5, for example.", field=f"{kind}_percent")
        put_rule(work, Scope(kind=kind, stylist_id=stylist_id), Reckoning(percent=percent.normalize()), first)
