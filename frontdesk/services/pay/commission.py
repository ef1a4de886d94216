"""Rules of commission: what holds, a new one, an end, and what would be earned of something and why (ST7 to ST10)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import text

from frontdesk.errors import BadInput, NotFound
from frontdesk.money import number_text, percent_text, rounded
from frontdesk.permissions import Deed
from frontdesk.rules.commission import (
    BASES,
    FORMS,
    KINDS,
    Reckoning,
    Rule,
    Scope,
    Sold,
    Tier,
    base_of,
    earned,
    rule_for,
)
from frontdesk.services.team.rule_writing import put_rule
from frontdesk.services.team.stylist_hours import end_day, first_day
from frontdesk.services.use_case import Work, Write, use_case
from frontdesk.text import clean


@dataclass(frozen=True, kw_only=True)
class ListCommissionRules:
    """Which rules hold."""

    day: dt.date | None = None
    """On this day; today when it is not given."""
    all: bool = False
    """Those that ended and those that are still to begin as well."""


@dataclass(frozen=True)
class RuleCard:
    """A rule in words, and as it is kept."""

    id: int
    whose: str
    """`Anna`, `level senior`, `everybody`."""
    of_what: str
    """`Colour`, `all of Style`, `services with Staff prices`."""
    how: str
    """`40 % of what is after discount, without tax`."""
    scope: Scope
    reckoning: Reckoning
    valid_from: dt.date | None
    valid_until: dt.date | None
    """The day after the last; None: it has no end."""


@dataclass(frozen=True)
class RuleList:
    """Rules in the order in which they are looked at: the first that fits counts."""

    day: dt.date
    rules: tuple[RuleCard, ...]


@dataclass(frozen=True, kw_only=True)
class SetCommissionRule(Write):
    """A rule from a day on. It ends the one before it of the same scope; nothing that was earned changes."""

    scope: Scope
    reckoning: Reckoning
    valid_from: dt.date | None = None
    """Today, when it is not given."""


@dataclass(frozen=True)
class CommissionRuleSet:
    """The rule's number and first day."""

    rule_id: int
    valid_from: dt.date


@dataclass(frozen=True, kw_only=True)
class EndCommissionRule(Write):
    """A rule ends: the next in order counts from that day on."""

    rule_id: int
    until: dt.date | None = None
    """The first day on which it does not hold; today when it is not given."""


@dataclass(frozen=True)
class CommissionRuleEnded:
    """When a rule ends."""

    rule_id: int
    until: dt.date


@dataclass(frozen=True, kw_only=True)
class TryCommission:
    """What somebody would earn of something sold today at a price."""

    stylist_id: int
    service_id: int | None = None
    product_id: int | None = None
    price: Decimal | None = None
    """As priced; the list price when it is not given."""
    price_class_id: int | None = None
    kind: str | None = None
    """Of another kind of line: `fee`, `package`. Its price is said then."""


@dataclass(frozen=True)
class LookedAt:
    """A rule that was looked at."""

    rule: RuleCard
    counts: bool


@dataclass(frozen=True)
class CommissionTried:
    """Which rule would count, what was looked at before it, and what it comes to."""

    price: Decimal
    base: Decimal
    amount: Decimal | None
    """None where nothing was agreed; of a tiered rule as if the period had only begun."""
    looked_at: tuple[LookedAt, ...]
    """Everything that fits, nearest first."""


@use_case(Deed.SEE_RATES)
def list_rules(work: Work, request: ListCommissionRules) -> RuleList:
    """Which rules of commission hold, in the order in which they are looked at."""
    day = request.day or work.desk.today
    found = cards(work)
    if not request.all:
        found = [one for one in found if (one.valid_from or day) <= day < (one.valid_until or dt.date.max)]
    return RuleList(day, tuple(found))


@use_case(Deed.EDIT_RATES)
def set_rule(work: Work, request: SetCommissionRule) -> CommissionRuleSet:
    """Write a rule from a day on; the one before it of the same scope ends. Raises BadInput."""
    first = request.valid_from or work.desk.today
    scope = replace(request.scope, level=clean(request.scope.level or "") or None)
    refuse_odd_scope(scope)
    how = refuse_odd_reckoning(request.reckoning, work.shop.currency)
    return CommissionRuleSet(put_rule(work, scope, how, first), first)


@use_case(Deed.EDIT_RATES)
def end_rule(work: Work, request: EndCommissionRule) -> CommissionRuleEnded:
    """End a rule. What was earned by it stays. Raises NotFound, BadInput."""
    until = request.until or work.desk.today
    found = next((one for one in cards(work) if one.id == request.rule_id), None)
    if found is None:
        raise NotFound(what="rule", name=request.rule_id, remedy="Look at the list of rules.")
    begins = found.valid_from or dt.date.min
    until = max(until, begins)
    if found.valid_until is not None and found.valid_until <= until:
        raise BadInput(f"That rule has ended already, before {found.valid_until}.", field="rule")
    work.session.execute(_END, {"rule": found.id, "until": until})
    return CommissionRuleEnded(found.id, until)


_END = text("UPDATE commission_rules SET valid_until = :until WHERE id = :rule")


@use_case(Deed.SEE_RATES)
def try_rules(work: Work, request: TryCommission) -> CommissionTried:
    """What somebody would earn of something and by which rule. Writes nothing. Raises NotFound, BadInput."""
    row = work.session.execute(
        _THING,
        {"stylist": request.stylist_id, "service": request.service_id, "product": request.product_id},
    ).one_or_none()
    if row is None:
        raise NotFound(what="stylist", name=request.stylist_id, remedy="Look at the list of stylists.")
    price = request.price if request.price is not None else row.price
    if price is None:
        raise BadInput("Say of what, or the price of it: 120, for example.", field="price")
    kind = request.kind or ("product" if request.product_id else "service")
    inside = sum((rate.percent for rate in _taxes_of(work, kind) if rate.inclusive), Decimal(0))
    taxable = rounded(price * 100 / (100 + inside), work.shop.currency)
    sold = Sold(
        kind=kind, quantity=Decimal(1), list_price=row.price if row.price is not None else price, gross=price,
        discount=Decimal(0), taxable=taxable, tax=price - taxable, cost=row.cost or Decimal(0),
        service_id=request.service_id, product_id=request.product_id, category_id=row.category_id,
        price_class_id=request.price_class_id,
    )  # fmt: skip
    every = {one.id: one for one in cards(work)}
    rules = [_rule(one) for one in every.values()]
    looked: list[LookedAt] = []
    while rule := rule_for(rules, sold, request.stylist_id, row.level, work.desk.today):
        looked.append(LookedAt(every[rule.id], counts=not looked))
        rules = [one for one in rules if one.id != rule.id]
    if not looked:
        return CommissionTried(price, taxable, None, ())
    how = looked[0].rule.reckoning
    base = base_of(how, sold, work.shop.currency)
    return CommissionTried(price, base, earned(how, base, Decimal(0), work.shop.currency), tuple(looked))


_THING = text("""
    SELECT s.level, coalesce(v.price, p.price) AS price, coalesce(v.cost, p.cost) AS cost, v.category_id
      FROM stylists s LEFT JOIN services v ON v.id = CAST(:service AS bigint)
      LEFT JOIN products p ON p.id = CAST(:product AS bigint)
     WHERE s.id = :stylist
""")


def _taxes_of(work: Work, kind: str) -> list[Any]:
    column = "on_products" if kind == "product" else "on_services"
    return [row for row in work.session.execute(_TAXES, {"day": work.desk.today}) if getattr(row, column)]


_TAXES = text("""
    SELECT percent, inclusive, on_services, on_products FROM taxes WHERE valid_from <= :day AND valid_until > :day
""")


def _rule(card: RuleCard) -> Rule:
    return Rule(
        id=card.id,
        scope=card.scope,
        how=card.reckoning,
        valid_from=card.valid_from or dt.date.min,
        valid_until=card.valid_until or dt.date.max,
    )


def cards(work: Work) -> list[RuleCard]:
    """Every rule that ever held or will, in the order in which they are looked at, as the policies show them."""
    tiers: dict[int, list[Tier]] = {}
    for row in work.session.execute(_TIERS):
        tiers.setdefault(row.rule_id, []).append(Tier(from_amount=row.from_amount, percent=row.percent))
    return list(_cards(work, work.session.execute(_RULES), tiers))


_TIERS = text("SELECT rule_id, from_amount, percent FROM commission_tiers ORDER BY rule_id, from_amount")
_RULES = text("""
    SELECT r.*, s.first_name AS stylist, coalesce(v.name, p.name, c.name, k.code, x.name) AS named
      FROM commission_rules r LEFT JOIN stylists s ON s.id = r.stylist_id
      LEFT JOIN services v ON v.id = r.service_id LEFT JOIN products p ON p.id = r.product_id
      LEFT JOIN service_categories c ON c.id = r.category_id LEFT JOIN coupons k ON k.id = r.coupon_id
      LEFT JOIN price_classes x ON x.id = r.price_class_id
     WHERE r.valid_from < r.valid_until
     ORDER BY CASE WHEN num_nonnulls(r.service_id, r.product_id) > 0 THEN 0 WHEN r.category_id IS NOT NULL THEN 1
                   WHEN r.coupon_id IS NOT NULL THEN 2 WHEN r.price_class_id IS NOT NULL THEN 3 ELSE 4 END,
              CASE WHEN r.stylist_id IS NOT NULL THEN 0 WHEN r.level IS NOT NULL THEN 1 ELSE 2 END,
              r.kind DESC, stylist, r.level, named, r.valid_from DESC, r.id DESC
""")


def _cards(work: Work, rows: Iterable[Any], tiers: dict[int, list[Tier]]) -> Iterator[RuleCard]:
    for row in rows:
        scope = Scope(
            kind=row.kind, stylist_id=row.stylist_id, level=row.level, service_id=row.service_id,
            product_id=row.product_id, category_id=row.category_id, coupon_id=row.coupon_id,
            price_class_id=row.price_class_id,
        )  # fmt: skip
        # Bands beside a rule of another form say nothing.
        bands = tuple(tiers.get(row.id, ())) if row.form.startswith("tier") else ()
        how = Reckoning(form=row.form, base=row.base, percent=row.percent, flat=row.flat, tiers=bands)
        yield RuleCard(
            row.id, row.stylist or (f"level {row.level}" if row.level else "everybody"), _of_what(scope, row.named),
            how_said(how, work.shop.currency, work.shop.locale), scope, how, first_day(row.valid_from),
            end_day(row.valid_until),
        )  # fmt: skip


def _of_what(scope: Scope, named: str | None) -> str:
    kinds = f"{scope.kind}s"
    if scope.service_id or scope.product_id:
        return named or ""
    if scope.category_id:
        return f"all of {named}"
    if scope.coupon_id:
        return f"{kinds} with coupon {named}"
    if scope.price_class_id:
        return f"{kinds} at {named} prices"
    return kinds


def how_said(how: Reckoning, currency: str, locale: str) -> str:
    """How a rule reckons, in one line."""
    if how.form == "flat":
        return f"{number_text(how.flat or Decimal(0), currency, locale)} for each"
    of = f"of {BASES[how.base]}"
    if how.form == "percent":
        return f"{percent_text(how.percent or Decimal(0), locale)} {of}"
    bands = ", ".join(
        f"{percent_text(tier.percent, locale)} from {number_text(tier.from_amount, currency, locale)}"
        for tier in how.tiers
    )
    return f"{bands} {of}, {FORMS[how.form]}"


def refuse_odd_scope(scope: Scope) -> None:
    """Raises BadInput for a scope that says two things at once, or nothing that there is."""
    if scope.kind not in KINDS:
        raise BadInput(f"Commission is on {', '.join(KINDS[:-1])} or {KINDS[-1]}. Say one of them.", field="kind")
    if scope.stylist_id and scope.level:
        raise BadInput("A rule is for one stylist, for a level or for everybody: say one of the three.", field="level")
    items = (scope.service_id, scope.product_id, scope.category_id, scope.coupon_id, scope.price_class_id)
    if sum(each is not None for each in items) > 1:
        raise BadInput(
            "A rule is for one thing: a service, a product, a category, a coupon or a price class.", field="what"
        )
    if scope.product_id and scope.kind != "product":
        raise BadInput("A rule for a product is on products: say kind product.", field="kind")
    if (scope.service_id or scope.category_id) and scope.kind != "service":
        raise BadInput("A rule for a service or a category is on services: say kind service.", field="kind")


def refuse_odd_reckoning(how: Reckoning, currency: str) -> Reckoning:
    """The reckoning, tidied. Raises BadInput for one that can't be reckoned."""
    if how.form not in FORMS:
        raise BadInput(f"A rule is {', '.join(FORMS)}: say one of them.", field="form")
    if how.base not in BASES:
        raise BadInput(f"A base is {', '.join(BASES)}: say one of them.", field="base")
    if how.form == "flat":
        if how.flat is None or how.flat < 0 or rounded(how.flat, currency) != how.flat:
            raise BadInput("Say how much for each, to the smallest coin: 5.00, for example.", field="flat")
        return Reckoning(form="flat", base=how.base, flat=rounded(how.flat, currency))
    if how.form == "percent":
        return Reckoning(base=how.base, percent=_percent(how.percent))
    tiers = tuple(sorted(how.tiers, key=lambda tier: tier.from_amount))
    if not tiers or tiers[0].from_amount != 0:
        raise BadInput("The first band begins at 0: 0:40 2000:45 3000:50, for example.", field="tiers")
    if len({tier.from_amount for tier in tiers}) < len(tiers):
        raise BadInput("Two bands begin at the same amount. Give each its own.", field="tiers")
    return Reckoning(
        form=how.form,
        base=how.base,
        tiers=tuple(
            Tier(from_amount=rounded(tier.from_amount, currency), percent=_percent(tier.percent)) for tier in tiers
        ),
    )


def _percent(percent: Decimal | None) -> Decimal:
    if percent is None or not percent.is_finite() or not 0 <= percent <= 100:
        raise BadInput("A rate has to be between 0 and 100 %. Type 40, for example.", field="percent")
    if -int(percent.normalize().as_tuple().exponent) > 4:
        raise BadInput("A rate has at most four decimals. Type 35.5, for example.", field="percent")
    return percent.normalize() if percent else Decimal(0)
