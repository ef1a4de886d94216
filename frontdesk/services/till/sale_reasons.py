"""Why a closed sale came to what it came to: the arithmetic of an open ticket, from what the sale kept (features N5).

Nothing is reckoned anew from today's prices and taxes: what came off, each tax, the tenders and whose the tip was stand
with the sale, and the sums that are told are those that make these figures.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import Row, text

from frontdesk.clock import local
from frontdesk.errors import BadInput, NotFound
from frontdesk.money import rounded, split
from frontdesk.permissions import Deed
from frontdesk.rules.explaining import Explainer, Reason
from frontdesk.rules.pricing import Cut, Discount, Line, Priced, PricedLine, TaxAmount, TaxRate
from frontdesk.rules.tender_words import method_words
from frontdesk.services.till.reckoning import typed_words
from frontdesk.services.use_case import Work, use_case
from frontdesk.services.wording import person


@dataclass(frozen=True, kw_only=True)
class ExplainSale:
    """A sale by its receipt's number or its row's."""

    number: int | None = None
    sale_id: int | None = None


@dataclass(frozen=True)
class SaleExplained:
    """Every figure in the order of the receipt, then its tenders, and what was given back of it since."""

    sale_id: int
    number: int
    customer: str
    reasons: tuple[Reason, ...]
    currency: str


@use_case(Deed.SELL)
def explain_sale(work: Work, request: ExplainSale) -> SaleExplained:
    """Why every figure of a closed sale is what it is. Raises NotFound, BadInput."""
    if request.number is None and request.sale_id is None:
        raise BadInput("Which receipt? Type the number that stands on it.", field="number")
    asked = {"shop": work.shop.id, "number": request.number, "sale": request.sale_id}
    sale = work.session.execute(_SALE, asked).one_or_none()
    if sale is None:
        name = request.number if request.sale_id is None else f"#{request.sale_id}"
        raise NotFound(what="receipt", name=name, remedy="Look at the day's report.")
    rows = work.session.execute(_LINES, {"sale": sale.id}).all()
    told = _Told(sale, rows)
    reasons = list(_of_sale(told) if sale.kind == "sale" else _of_correction(told))
    reasons += _tenders(told, work.session.execute(_PAYMENTS, {"sale": sale.id}).all())
    for back in work.session.execute(_BACK, {"sale": sale.id}):
        day = f"{local(back.closed_at, work.shop.timezone):%a %-d %b}"
        words = f"{back.kind} on {day}" + (f", because {back.reason}" if back.reason else "")
        reasons.append(Reason(f"Receipt {back.number}", words, f"{back.total:f}", back.total))
    who = person(sale.first_name, sale.last_name, sale.customer_code) if sale.customer_id else ""
    return SaleExplained(sale.id, sale.number or 0, who, tuple(reasons), sale.currency)


_SALE = text("""
    SELECT s.id, s.number, s.kind, s.reason, s.currency, s.subtotal, s.discount, s.total, s.tip, s.tax_exempt_reason,
           p.name AS price_class, s.customer_id, c.first_name, c.last_name, c.code AS customer_code,
           o.number AS corrects, u.name AS approver, h.service_charge, h.tax_rounding,
           (SELECT jsonb_agg(jsonb_build_array(t.stylist_id, y.first_name, CAST(t.amount AS text)) ORDER BY t.id)
              FROM tips t JOIN stylists y ON y.id = t.stylist_id WHERE t.sale_id = s.id) AS tips
      FROM sales s JOIN shops h ON h.id = s.shop_id LEFT JOIN price_classes p ON p.id = s.price_class_id
      LEFT JOIN customers c ON c.id = s.customer_id LEFT JOIN sales o ON o.id = s.corrects_id
      LEFT JOIN users u ON u.id = s.approved_by
     WHERE s.shop_id = :shop AND s.status = 'closed'
       AND CASE WHEN CAST(:sale AS bigint) IS NULL THEN s.number = :number ELSE s.id = :sale END
""")
_LINES = text("""
    SELECT l.id, l.kind, l.name, l.quantity, l.unit_price, l.list_price, l.price_reason, l.voucher_value, l.gross,
           l.discount, l.taxable, l.total, l.stylist_id,
           (SELECT jsonb_agg(jsonb_build_array(x.tax_id, x.name, CAST(x.percent AS text), x.inclusive,
                             CAST(x.taxable AS text), CAST(x.amount AS text), t.position, t.compounds) ORDER BY x.id)
              FROM sale_line_taxes x JOIN taxes t ON t.id = x.tax_id WHERE x.sale_line_id = l.id) AS taxes,
           (SELECT jsonb_agg(jsonb_build_array(d.kind, CAST(d.percent AS text), CAST(d.amount AS text), d.coupon_id,
                             c.code, d.reason, u.name) ORDER BY d.position)
              FROM sale_discounts d LEFT JOIN coupons c ON c.id = d.coupon_id LEFT JOIN users u ON u.id = d.approved_by
             WHERE d.sale_line_id = l.id) AS discounts
      FROM sale_lines l WHERE l.sale_id = :sale ORDER BY l.position
""")
_PAYMENTS = text("""
    SELECT p.method, p.amount, p.tendered, p.change, p.approval_code, p.code, concat(c.brand, ' …', c.last4) AS card,
           c.id AS charge
      FROM payments p LEFT JOIN card_payments c ON c.id = p.card_payment_id WHERE p.sale_id = :sale ORDER BY p.position
""")
_BACK = text("""
    SELECT number, kind, reason, closed_at, total + tip AS total FROM sales
     WHERE corrects_id = :sale AND status = 'closed' ORDER BY number
""")


@dataclass(frozen=True)
class _Off:
    """What came off one line, as it was kept."""

    kind: str
    percent: Decimal | None
    amount: Decimal
    coupon_id: int | None
    code: str
    why: str
    """Why, and who allowed it."""


class _Told:
    """A closed sale as the engine had it."""

    def __init__(self, sale: Row[Any], rows: Sequence[Row[Any]]) -> None:
        self.sale = sale
        self.rows = [row for row in rows if row.kind != "rounding"]
        self.rounding = sum((row.total for row in rows if row.kind == "rounding"), Decimal(0))
        self.off = [[_off(*each) for each in row.discounts or ()] for row in self.rows]
        self.lines = [self._line(place, row) for place, row in enumerate(self.rows)]
        self.priced = self._priced()

    @property
    def explainer(self) -> Explainer:
        """What explains it as it explains an open ticket."""
        coupons = self._whole("coupon")
        ticket = self._whole("ticket")
        return Explainer(
            self.lines,
            [row.name for row in self.rows],
            self.priced,
            self.sale.currency,
            [Cut(key, discount, frozenset()) for key, (discount, _) in coupons.items()],
            [code for _, code in coupons.values()],
            next(iter(ticket.values()))[0] if ticket else None,
            self.sale.tax_rounding == "ticket",
        )

    def _whole(self, kind: str) -> dict[int, tuple[Discount, str]]:
        """What came off several lines, together again: by coupon, or under 0."""
        found: dict[int, tuple[Discount, str]] = {}
        for each in (one for of_line in self.off for one in of_line if one.kind == kind):
            before = found.get(each.coupon_id or 0)
            if each.percent is not None:
                found[each.coupon_id or 0] = (Discount(percent=each.percent), each.code)
            else:
                whole = abs(each.amount) + (before[0].amount or Decimal(0) if before else Decimal(0))
                found[each.coupon_id or 0] = (Discount(amount=whole), each.code)
        return found

    def _line(self, place: int, row: Row[Any]) -> Line:
        own = next((each for each in self.off[place] if each.kind == "line"), None)
        amounts = _taxes(row)
        rates = [
            TaxRate(tax.tax_id, tax.name, tax.percent, tax.inclusive, position, compounds)
            for tax, (*_, position, compounds) in zip(amounts, row.taxes or (), strict=True)
        ]
        return Line(
            place,
            row.quantity,
            row.unit_price,
            () if row.kind == "prepaid_tax" else tuple(rates),
            _discount(own) if own else None,
            is_discounted=any(each.kind == "ticket" for each in self.off[place]),
            is_charged=row.kind == "service",
            charge=self._charge(row),
            fixed=amounts if row.kind == "prepaid_tax" else (),
        )

    def _charge(self, row: Row[Any]) -> Decimal | None:
        """The shop's percent of today, where it makes what was charged then."""
        if row.kind != "charge":
            return None
        of = sum((one.gross - one.discount for one in self.rows if one.kind == "service"), Decimal(0))
        percent: Decimal = self.sale.service_charge
        return percent if rounded(of * percent / 100, self.sale.currency) == row.gross else None

    def _priced(self) -> Priced:
        lines = []
        for place, row in enumerate(self.rows):
            own = sum((each.amount for each in self.off[place] if each.kind == "line"), Decimal(0))
            cuts = tuple((each.coupon_id or 0, each.amount) for each in self.off[place] if each.kind == "coupon")
            net = row.gross - row.discount
            lines.append(PricedLine(
                place, row.gross, row.discount, net, row.taxable, _taxes(row), row.total, own, cuts
            ))  # fmt: skip
        whole: dict[tuple[int, Decimal, bool], TaxAmount] = {}
        for tax in (tax for line in lines for tax in line.taxes):
            key = (tax.tax_id, tax.percent, tax.inclusive)
            before = whole.get(key)
            whole[key] = (
                replace(tax, taxable=before.taxable + tax.taxable, amount=before.amount + tax.amount) if before else tax
            )
        return Priced(
            tuple(lines),
            sum((line.gross for line in lines), Decimal(0)),
            sum((line.discount for line in lines), Decimal(0)),
            tuple(whole.values()),
            sum((line.total for line in lines), Decimal(0)),
        )


def _off(
    kind: str, percent: str | None, amount: str, coupon_id: int | None, code: str | None, reason: str, by: str | None
) -> _Off:
    why = (f", because {reason}" if reason else "") + (f", allowed by {by}" if by else "")
    return _Off(kind, None if percent is None else Decimal(percent), Decimal(amount), coupon_id, code or "", why)


def _discount(off: _Off) -> Discount:
    return Discount(percent=off.percent) if off.percent is not None else Discount(amount=abs(off.amount))


def _taxes(row: Row[Any]) -> tuple[TaxAmount, ...]:
    return tuple(
        TaxAmount(tax_id, name, Decimal(percent), inclusive, Decimal(taxable), Decimal(amount))
        for tax_id, name, percent, inclusive, taxable, amount, *_ in row.taxes or ()
    )


def _of_sale(told: _Told) -> Iterator[Reason]:
    sale, explainer = told.sale, told.explainer
    yield from _prices(told)
    whys = {
        (f"{row.name}: {each.code or 'discount'}", each.kind): each.why
        for row, of_line in zip(told.rows, told.off, strict=True)
        for each in of_line
    }
    for reason in explainer.reasons():
        kind = next((kind for start, kind in _KINDS.items() if reason.rule.startswith(start)), "")
        yield replace(reason, rule=reason.rule + whys.get((reason.figure, kind), ""))
    yield from _tips(told, explainer)
    if told.rounding:
        words = "cash was paid in the coins that there are"
        yield Reason("Rounding", words, f"{told.rounding:f}", told.rounding)
    if sale.tip or told.rounding:
        parts = [told.priced.total, sale.tip, *([told.rounding] if told.rounding else [])]
        yield Reason("To pay", "total, tip and rounding", explainer.sum_of(*parts), sum(parts, Decimal(0)))


_KINDS = {"discount on the line": "line", "discount on the ticket": "ticket", "coupon": "coupon"}


def _prices(told: _Told) -> Iterator[Reason]:
    """Why a line's price was not the list's."""
    sale = told.sale
    for row in told.rows:
        if row.list_price is None or row.list_price == row.unit_price:
            continue
        listed = f"the list said {row.list_price:f}"
        if row.voucher_value is not None:
            words = f"a package's own session price, {listed}"
        elif row.price_reason or not (sale.price_class or sale.tax_exempt_reason):
            words = typed_words(row.list_price, row.price_reason)
        elif sale.price_class:
            words = f"price class {sale.price_class}, {listed}"
        else:
            words = f"without the tax inside: {sale.tax_exempt_reason}; {listed}"
        yield Reason(f"{row.name}: price", words, f"{row.unit_price:f}", row.unit_price)


def _tips(told: _Told, explainer: Explainer) -> Iterator[Reason]:
    """Each one's part, with the sum that makes it where it was shared by what their services came to."""
    given = [(int(who), name, Decimal(amount)) for who, name, amount in told.sale.tips or ()]
    nets: dict[int, Decimal] = {}
    for row in told.rows:
        if row.kind == "service" and row.stylist_id is not None:
            nets[row.stylist_id] = nets.get(row.stylist_id, Decimal(0)) + max(row.gross - row.discount, Decimal(0))
    whole, is_shared = sum(nets.values(), Decimal(0)), _is_shared(told, nets, {who: part for who, _, part in given})
    for who, name, amount in given:
        if not is_shared:
            yield Reason(f"Tip for {name}", "as it was said", f"{amount:f}", amount)
            continue
        exact = Fraction(told.sale.tip) * Fraction(nets[who]) / Fraction(whole)
        arithmetic = f"{told.sale.tip:f} x {nets[who]:f} / {whole:f}"
        words = "by what each one's services came to"
        yield Reason(f"Tip for {name}", words, explainer.shared(arithmetic, exact, amount), amount)


def _is_shared(told: _Told, nets: Mapping[int, Decimal], given: Mapping[int, Decimal]) -> bool:
    if len(given) < 2 or not any(nets.values()) or set(given) - set(nets):
        return False
    shares = dict(zip(nets, split(told.sale.tip, list(nets.values()), told.sale.currency), strict=True))
    return {who: part for who, part in shares.items() if part} == dict(given)


def _of_correction(told: _Told) -> Iterator[Reason]:
    """Of a refund or a void: what went back of each line."""
    sale = told.sale
    words = f"{sale.kind} of receipt {sale.corrects}" + (f", because {sale.reason}" if sale.reason else "")
    words += f", allowed by {sale.approver}" if sale.approver else ""
    amounts = []
    for row in told.rows:
        if row.total or row.quantity:
            amounts.append(row.total)
            yield Reason(row.name, words, f"{row.total:f}", row.total)
    amounts += [amount for amount in (sale.tip, told.rounding) if amount]
    if sale.tip:
        yield Reason("Tip", words, f"{sale.tip:f}", sale.tip)
    if told.rounding:
        yield Reason("Rounding", "there are no coins for it", f"{told.rounding:f}", told.rounding)
    whole = sum(amounts, Decimal(0))
    yield Reason("Given back", "sum of what went back", told.explainer.sum_of(*amounts), whole)


def _tenders(told: _Told, payments: Sequence[Row[Any]]) -> Iterator[Reason]:
    for one in payments:
        said = told.explainer.sum_of(one.tendered, -one.change) if one.change else f"{one.amount:f}"
        if one.change:
            words = "handed over less change"
        elif one.charge is not None:
            words = f"{one.card}, charge {one.charge}, code {one.approval_code}"
        elif one.approval_code or one.code:
            words = f"code {one.approval_code or '…' + one.code[-4:]}"
        else:
            words = "as it was paid"
        yield Reason(method_words(one.method), words, said, one.amount)
    if len(payments) > 1:
        amounts = [one.amount for one in payments]
        yield Reason("Paid", "sum of the tenders", told.explainer.sum_of(*amounts), sum(amounts, Decimal(0)))
