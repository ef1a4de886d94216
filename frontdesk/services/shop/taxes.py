"""Rates of tax, with their dates (features CA8)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import text

from frontdesk.errors import BadInput, NotFound
from frontdesk.permissions import Deed
from frontdesk.rules.hours import DAY
from frontdesk.services.typed import given
from frontdesk.services.use_case import Work, Write, use_case
from frontdesk.services.wording import day_words
from frontdesk.tables.catalogue import Tax
from frontdesk.text import clean


@dataclass(frozen=True, kw_only=True)
class AddTax(Write):
    """A rate from a day on. One of the same name that holds then ends the day before."""

    name: str
    percent: Decimal
    inclusive: bool
    """Inside the price, or added on top."""
    on_services: bool = True
    on_products: bool = True
    valid_from: dt.date | None = None
    """Today, when it is not given."""
    position: int = 0
    """In which order taxes are reckoned; it matters to one that is taken of others."""
    compounds: bool = False
    """Taken of the taxes before it as well."""
    code: str = ""
    """What links its rates where its name changes with them, `VAT 20 %` to `VAT 21 %`; its name when it is empty."""


@dataclass(frozen=True, kw_only=True)
class EndTax(Write):
    """A rate that holds until a day and no longer. It is never edited: another one begins."""

    tax_id: int
    last_day: dt.date | None = None
    """The last day it is taken; today, when it is not given."""


@dataclass(frozen=True, kw_only=True)
class ListTaxes:
    """Every rate: what was, what is and what is planned."""


@dataclass(frozen=True)
class TaxCard:
    """A tax rate and its days."""

    id: int
    name: str
    percent: Decimal
    inclusive: bool
    on_services: bool
    on_products: bool
    valid_from: dt.date | None
    """None: it always was."""
    valid_until: dt.date | None
    """The day after the last; None: it has no end."""
    position: int = 0
    compounds: bool = False
    code: str = ""


@dataclass(frozen=True)
class Taxes:
    """Rates by name and first day."""

    taxes: tuple[TaxCard, ...]


@use_case(Deed.EDIT_CATALOGUE)
def add_tax(work: Work, request: AddTax) -> TaxCard:
    """A rate from a day on, until the next planned one of its name or code; the one before it ends. Past tickets keep
    theirs: a rate is never changed.

    Raises BadInput naming the field, NameTaken when a rate of that name begins on the same day.
    """
    name = given(request.name, "tax", "a name, like VAT", "name")
    percent = request.percent
    if not percent.is_finite() or not 0 <= percent <= 100:
        raise BadInput("The percent has to be between 0 and 100. Type 20, for example.", field="percent")
    if -int(percent.normalize().as_tuple().exponent) > 4:
        raise BadInput("The percent has at most four decimals. Type 8.875, for example.", field="percent")
    first = request.valid_from or work.desk.today
    asked = {"tax": clean(request.code) or name, "day": first}
    work.session.execute(_END_TAX, asked)
    following = work.session.execute(_NEXT_TAX, asked).scalar()
    tax = Tax(
        name=name,
        percent=percent,
        inclusive=request.inclusive,
        on_services=request.on_services,
        on_products=request.on_products,
        valid_from=first,
        valid_until=following or dt.date.max,
        position=request.position,
        compounds=request.compounds,
        code=clean(request.code),
    )
    work.session.add(tax)
    work.session.flush()
    work.tell("tax.added", tax.id)
    return _tax(tax)


_END_TAX = text("""
    UPDATE taxes SET valid_until = :day
     WHERE coalesce(nullif(code, ''), name) = :tax AND valid_from < :day AND valid_until > :day
""")
_NEXT_TAX = text("""
    SELECT min(valid_from) FROM taxes WHERE coalesce(nullif(code, ''), name) = :tax AND valid_from > :day
""")


@use_case(Deed.EDIT_CATALOGUE)
def end_tax(work: Work, request: EndTax) -> TaxCard:
    """Take a rate no longer after a day; past tickets keep it. Raises BadInput naming the field, NotFound."""
    tax = work.session.get(Tax, request.tax_id, with_for_update=True)
    if tax is None:
        raise NotFound(what="tax", name=request.tax_id, remedy="Look at the list of taxes.")
    last = request.last_day or work.desk.today
    yesterday = work.desk.today - DAY
    if last < yesterday:
        problem = f"Tickets since {day_words(last)} were taxed with it. Type a day from {day_words(yesterday)} on."
        raise BadInput(problem, field="last_day")
    if last < tax.valid_from:
        problem = f"{tax.name} begins on {day_words(tax.valid_from)} and can't end before. Type a later day."
        raise BadInput(problem, field="last_day")
    if last >= tax.valid_until - DAY:
        ended = day_words(tax.valid_until - DAY)
        raise BadInput(f"{tax.name} ends on {ended} already. Type an earlier day, or begin another.", field="last_day")
    tax.valid_until = last + DAY
    work.session.flush()
    work.tell("tax.ended", tax.id)
    return _tax(tax)


@use_case(Deed.SEE_BOOK)
def list_taxes(work: Work, request: ListTaxes) -> Taxes:
    """Every rate with its days."""
    rows = work.session.execute(_TAXES)
    return Taxes(tuple(_tax(row) for row in rows))


_TAXES = text("""
    SELECT id, name, percent, inclusive, on_services, on_products, valid_from, valid_until, position, compounds, code
      FROM taxes ORDER BY position, coalesce(nullif(code, ''), name), valid_from, id
""")


def _tax(row: Any) -> TaxCard:  # noqa: ANN401  a row or the tax itself
    return TaxCard(
        row.id,
        row.name,
        row.percent,
        row.inclusive,
        row.on_services,
        row.on_products,
        row.valid_from if row.valid_from != dt.date.min else None,
        row.valid_until if row.valid_until != dt.date.max else None,
        row.position,
        row.compounds,
        row.code,
    )
