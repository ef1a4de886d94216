"""What stylists earn of a line: written from a day on, read by who may see it (feature ST7)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import text

from frontdesk.errors import BadInput
from frontdesk.permissions import Deed, refusal_for
from frontdesk.services.stylist_hours import first_day
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
    SELECT kind, percent, valid_from FROM stylist_rates WHERE stylist_id = :stylist ORDER BY kind DESC, valid_from
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
        asked = {"stylist": stylist_id, "kind": kind, "percent": percent.normalize(), "first": first}
        work.session.execute(_RATE, asked)


_RATE = text("""
    INSERT INTO stylist_rates (stylist_id, kind, percent, valid_from) VALUES (:stylist, :kind, :percent, :first)
    ON CONFLICT ON CONSTRAINT stylist_rates_key DO UPDATE SET percent = excluded.percent
""")
