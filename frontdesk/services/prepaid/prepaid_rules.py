"""What holds for prepayments here, and which services ask for a deposit: rules as rows, over the country's (features
6.3, BK24)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import text

from frontdesk.errors import BadInput, NotFound
from frontdesk.permissions import Deed
from frontdesk.rules.deposits import WHO, Who
from frontdesk.rules.prepayments import (
    FORFEITS,
    KINDS,
    LONGEST,
    TAX_POINTS,
    Forfeit,
    PrepaidKind,
    TaxPoint,
    default_rule,
)
from frontdesk.services.typed import amount_of
from frontdesk.services.use_case import Work, Write, use_case


@dataclass(frozen=True, kw_only=True)
class ListPrepaidRules:
    """What holds for each kind of prepayment."""


@dataclass(frozen=True, kw_only=True)
class SetPrepaidRule(Write):
    """Another rule than the country's for one kind, or the country's again."""

    kind: PrepaidKind
    tax_point: TaxPoint = "used"
    forfeit: Forfeit = "kept"
    months: int | None = None
    """How long it can be used; None for ever."""
    as_in_the_country: bool = False
    """Forget the shop's own rule."""


@dataclass(frozen=True)
class PrepaidRuleCard:
    """What holds for one kind of prepayment."""

    kind: PrepaidKind
    tax_point: TaxPoint
    forfeit: Forfeit
    months: int | None
    is_own: bool
    """Said by the shop; else as is usual in its country."""


@dataclass(frozen=True)
class PrepaidRules:
    """One for each kind."""

    rules: tuple[PrepaidRuleCard, ...]


@dataclass(frozen=True, kw_only=True)
class ListDepositRules:
    """Which services ask for a deposit."""


@dataclass(frozen=True, kw_only=True)
class SetDepositRule(Write):
    """Ask for a deposit for a service, a category or everything; percent or amount, or neither to ask no more."""

    service_id: int | None = None
    category_id: int | None = None
    who: Who = "all"
    percent: Decimal | None = None
    amount: Decimal | None = None


@dataclass(frozen=True)
class DepositRuleCard:
    """What one rule asks for."""

    service_id: int | None
    category_id: int | None
    name: str
    """The service, the category, or empty for everything."""
    who: Who
    percent: Decimal | None
    amount: Decimal | None


@dataclass(frozen=True)
class DepositRules:
    """Services first, then categories, then what holds for all others."""

    rules: tuple[DepositRuleCard, ...]


@use_case(Deed.SEE_BOOK)
def list_prepaid_rules(work: Work, request: ListPrepaidRules) -> PrepaidRules:
    """When the tax of each kind of prepayment is due, what becomes of what is left, and how long it is good for."""
    return _rules(work)


@use_case(Deed.EDIT_CATALOGUE)
def set_prepaid_rule(work: Work, request: SetPrepaidRule) -> PrepaidRules:
    """Say what holds for one kind from now on; what was issued keeps the rule of its day. Raises BadInput."""
    for said, known, field in (
        (request.kind, KINDS, "kind"),
        (request.tax_point, TAX_POINTS, "tax_point"),
        (request.forfeit, FORFEITS, "forfeit"),
    ):
        if said not in known:
            raise BadInput(f"{said!r} is none of {', '.join(known)}. Choose one of them.", field=field)
    if request.months is not None and not 1 <= request.months <= LONGEST:
        raise BadInput(f"It can be good for 1 to {LONGEST} months, or for ever. Choose one of them.", field="months")
    asked = {
        "kind": request.kind, "tax_point": request.tax_point, "forfeit": request.forfeit, "months": request.months,
    }  # fmt: skip
    work.session.execute(_FORGET if request.as_in_the_country else _SET, asked)
    work.tell("shop.changed", work.shop.id)
    return _rules(work)


_FORGET = text("DELETE FROM prepayment_rules WHERE kind = :kind")
_SET = text("""
    INSERT INTO prepayment_rules (kind, tax_point, forfeit, months) VALUES (:kind, :tax_point, :forfeit, :months)
    ON CONFLICT ON CONSTRAINT prepayment_rules_kind_key
    DO UPDATE SET tax_point = excluded.tax_point, forfeit = excluded.forfeit, months = excluded.months
""")


def _rules(work: Work) -> PrepaidRules:
    own = {row.kind: row for row in work.session.execute(_OWN)}
    cards = []
    for kind in KINDS:
        rule = own.get(kind) or default_rule(kind, work.shop.country)
        cards.append(PrepaidRuleCard(kind, rule.tax_point, rule.forfeit, rule.months, kind in own))
    return PrepaidRules(tuple(cards))


_OWN = text("SELECT kind, tax_point, forfeit, months FROM prepayment_rules")


@use_case(Deed.SEE_BOOK)
def list_deposit_rules(work: Work, request: ListDepositRules) -> DepositRules:
    """Which services ask for a deposit, of whom and how much."""
    return DepositRules(tuple(_deposit_rules(work)))


@use_case(Deed.EDIT_CATALOGUE)
def set_deposit_rule(work: Work, request: SetDepositRule) -> DepositRules:
    """Ask for a deposit, ask for another one, or ask no more. Visits that are booked are asked by the new rule.

    Raises BadInput, NotFound.
    """
    percent, amount = request.percent, request.amount
    if percent is not None and amount is not None:
        raise BadInput("A deposit is a share or a sum: say one of the two.", field="percent")
    if request.service_id is not None and request.category_id is not None:
        raise BadInput("A rule is for a service or for a category: say one of the two.", field="service")
    if request.who not in WHO:
        raise BadInput(f"A deposit is asked of {', '.join(WHO)}. Choose one of them.", field="who")
    if percent is not None and not 0 < percent <= 100:
        raise BadInput("A deposit is more than 0 and at most 100 % of the price.", field="percent")
    if amount is not None and not amount_of(work, amount, "deposit"):
        raise BadInput("A deposit of nothing holds nothing. Type how much.", field="amount")
    asked = {
        "service": request.service_id, "category": request.category_id, "who": request.who, "percent": percent,
        "amount": amount,
    }  # fmt: skip
    if percent is None and amount is None:
        if work.session.execute(_ASK_NO_MORE, asked).scalar() is None:
            raise NotFound(what="deposit rule", name="there", remedy="Say a percentage or an amount to make one.")
    else:
        _refuse_unknown(work, request)
        work.session.execute(_ASK, asked)
    work.tell("shop.changed", work.shop.id)
    return DepositRules(tuple(_deposit_rules(work)))


def _refuse_unknown(work: Work, request: SetDepositRule) -> None:
    asked = {"service": request.service_id, "category": request.category_id}
    row = work.session.execute(_KNOWN, asked).one()
    if request.service_id is not None and not row.service:
        raise NotFound(what="service", name=request.service_id, remedy="Look at the menu.")
    if request.category_id is not None and not row.category:
        raise NotFound(what="category", name=request.category_id, remedy="Look at the menu.")


_KNOWN = text("""
    SELECT EXISTS (SELECT FROM services WHERE id = :service) AS service,
           EXISTS (SELECT FROM service_categories WHERE id = :category) AS category
""")
_ASK = text("""
    INSERT INTO deposit_rules (service_id, category_id, who, percent, amount)
    VALUES (:service, :category, :who, :percent, :amount)
    ON CONFLICT ON CONSTRAINT deposit_rules_key
    DO UPDATE SET percent = excluded.percent, amount = excluded.amount
""")
_ASK_NO_MORE = text("""
    DELETE FROM deposit_rules WHERE service_id IS NOT DISTINCT FROM :service
       AND category_id IS NOT DISTINCT FROM :category AND who = :who RETURNING id
""")


def _deposit_rules(work: Work) -> Sequence[DepositRuleCard]:
    return [DepositRuleCard(*row) for row in work.session.execute(_DEPOSIT_RULES)]


_DEPOSIT_RULES = text("""
    SELECT r.service_id, r.category_id, CAST(coalesce(v.name, g.name, '') AS text), r.who, r.percent, r.amount
      FROM deposit_rules r LEFT JOIN services v ON v.id = r.service_id
      LEFT JOIN service_categories g ON g.id = r.category_id
     ORDER BY r.service_id IS NULL, r.category_id IS NULL, 3, r.who, r.id
""")
