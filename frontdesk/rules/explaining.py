"""Why a ticket comes to what it comes to: each figure with the rule behind it and the sum that makes it (features N5).

The sums are plain text of numbers, + - x / and "round": whoever works one out and rounds it to the coin gets the figure
beside it, to the cent. A cent that largest remainder moved stands behind as + 0.01.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from frontdesk.money import plain, rounded
from frontdesk.rules.pricing import Cut, Discount, Line, Priced, PricedLine, TaxRate, shares_of_taxes


@dataclass(frozen=True, slots=True)
class Reason:
    """One figure of a ticket and why it is so."""

    figure: str
    """What it is: `Cut: VAT`, `Total`."""
    rule: str
    """What makes it so: `tax 3, 20 % inside the price`."""
    arithmetic: str
    amount: Decimal


@dataclass(frozen=True)
class Explainer:
    """Explains one priced ticket; lines are named by place."""

    lines: Sequence[Line]
    names: Sequence[str]
    priced: Priced
    currency: str
    cuts: Sequence[Cut] = ()
    cut_names: Sequence[str] = ()
    ticket_discount: Discount | None = None
    is_rounded_once: bool = False
    """Each tax once over the ticket, instead of line by line."""

    def reasons(self) -> Iterator[Reason]:
        """Every figure of every line, then those of the whole."""
        parts = self._parts()
        for place, name in enumerate(self.names):
            line, sums = self.lines[place], self.priced.lines[place]
            yield self._gross(line, sums, name)
            yield from parts[place]
            if parts[place]:
                arithmetic = self._sum([sums.gross], [part.amount for part in parts[place]])
                yield Reason(f"{name}: after discounts", "price less discounts", arithmetic, sums.net)
            yield from self._taxes(line, sums, name)
        yield from self._whole()

    def _gross(self, line: Line, sums: PricedLine, name: str) -> Reason:
        if line.charge is None:
            return Reason(
                name, "quantity x price", f"{_said(line.quantity)} x {self._plain(line.unit_price)}", sums.gross
            )
        charged = [one.net for place, one in enumerate(self.priced.lines) if self.lines[place].is_charged]
        arithmetic = f"({self._sum(charged)}) x {_said(line.charge)} / 100"
        return Reason(name, f"{_said(line.charge)} % of services, after discounts", arithmetic, sums.gross)

    def _parts(self) -> list[list[Reason]]:
        """What came off each line, in the order in which it came off."""
        parts: list[list[Reason]] = [[] for _ in self.lines]
        left = [sums.gross for sums in self.priced.lines]
        for place, (line, sums) in enumerate(zip(self.lines, self.priced.lines, strict=True)):
            if line.discount is not None:
                arithmetic = self._plain(sums.own_discount)
                if line.discount.percent is not None:
                    arithmetic = f"{self._plain(sums.gross)} x {_said(line.discount.percent)} / 100"
                figure = f"{self.names[place]}: discount"
                parts[place].append(
                    Reason(figure, _rule("discount on the line", line.discount), arithmetic, sums.own_discount)
                )
                left[place] -= sums.own_discount
        for cut, name in zip(self.cuts, self.cut_names, strict=True):
            taken = {
                p: dict(sums.cuts)[cut.key] for p, sums in enumerate(self.priced.lines) if cut.key in dict(sums.cuts)
            }
            self._spread(parts, left, taken, cut.discount, f"coupon {cut.key}", name)
        if self.ticket_discount is not None:
            taken = {p: sums.ticket_discount for p, sums in enumerate(self.priced.lines) if self.lines[p].is_discounted}
            self._spread(parts, left, taken, self.ticket_discount, "discount on the ticket", "discount")
        return parts

    def _spread(
        self,
        parts: list[list[Reason]],
        left: list[Decimal],
        taken: Mapping[int, Decimal],
        discount: Discount,
        rule: str,
        name: str,
    ) -> None:
        whole, off = _total(left[place] for place in taken), _total(taken.values())
        for place, amount in taken.items():
            if discount.percent is not None:
                exact = Fraction(left[place]) * Fraction(discount.percent) / 100
                arithmetic = f"{self._plain(left[place])} x {_said(discount.percent)} / 100"
            elif off and whole:
                exact = Fraction(off) * Fraction(left[place]) / Fraction(whole)
                arithmetic = f"{self._plain(off)} x {self._plain(left[place])} / {self._plain(whole)}"
            else:
                exact, arithmetic = Fraction(amount), self._plain(amount)
            figure = f"{self.names[place]}: {name}"
            parts[place].append(Reason(figure, _rule(rule, discount), self.shared(arithmetic, exact, amount), amount))
            left[place] -= amount

    def _taxes(self, line: Line, sums: PricedLine, name: str) -> Iterator[Reason]:
        if line.fixed:
            for tax in sums.taxes:
                yield Reason(f"{name}: {tax.name}", f"tax {tax.tax_id}, out again", self._plain(tax.amount), tax.amount)
        else:
            shares = shares_of_taxes(line.taxes)
            inside = _total(share for rate, share in shares.items() if rate.inclusive)
            for rate, tax in zip(shares, sums.taxes, strict=True):
                arithmetic = f"{self._plain(sums.net)} x {_share(rate, shares)} / {_said(100 + inside)}"
                exact = Fraction(sums.net) * Fraction(shares[rate]) / Fraction(100 + inside)
                yield Reason(
                    f"{name}: {tax.name}", _tax_rule(rate), self.shared(arithmetic, exact, tax.amount), tax.amount
                )
        if sums.taxes:
            within = [tax.amount for tax in sums.taxes if tax.inclusive]
            yield Reason(f"{name}: before tax", "less the taxes inside", self._sum([sums.net], within), sums.taxable)
            everything = [sums.taxable, *(tax.amount for tax in sums.taxes)]
            yield Reason(f"{name}: to pay", "with all taxes", self._sum(everything), sums.total)

    def _whole(self) -> Iterator[Reason]:
        lines = self.priced.lines
        yield Reason("Subtotal", "sum of the lines", self._sum([one.gross for one in lines]), self.priced.subtotal)
        off = [one.discount for one in lines if one.discount]
        if off:
            yield Reason("Discounts", "sum of what came off", self._sum(off), self.priced.discount)
        for tax in self.priced.taxes:
            of_lines = [
                one.amount
                for line in lines
                for one in line.taxes
                if (one.tax_id, one.percent, one.inclusive) == (tax.tax_id, tax.percent, tax.inclusive)
            ]
            once = "once over the ticket, then given to the lines" if self.is_rounded_once else "line by line"
            yield Reason(tax.name, f"tax {tax.tax_id}, rounded {once}", self._sum(of_lines), tax.amount)
        yield Reason("Total", "sum of what is to pay", self._sum([one.total for one in lines]), self.priced.total)

    def shared(self, arithmetic: str, exact: Fraction, amount: Decimal) -> str:
        """The sum, and behind it the cent that largest remainder gave or took."""
        moved = amount - rounded(exact, self.currency)
        return f"round({arithmetic}) {self._signed(moved)}" if moved else arithmetic

    def _sum(self, plus: Iterable[Decimal], minus: Iterable[Decimal] = ()) -> str:
        amounts = [*plus, *(-amount for amount in minus)]
        if not amounts:
            return self._plain(Decimal(0))
        return " ".join([self._plain(amounts[0]), *(self._signed(amount) for amount in amounts[1:])])

    def sum_of(self, *amounts: Decimal) -> str:
        """A sum as text."""
        return self._sum(amounts)

    def _plain(self, amount: Decimal) -> str:
        """With all its digits, when the price is finer than coins are."""
        exact = f"{amount:f}"
        return exact if rounded(amount, self.currency) != amount else plain(amount, self.currency)

    def _signed(self, amount: Decimal) -> str:
        return f"{'-' if amount < 0 else '+'} {self._plain(abs(amount))}"


def _said(number: Decimal) -> str:
    return f"{number.normalize():f}"


def _share(rate: TaxRate, shares: Mapping[TaxRate, Decimal]) -> str:
    if not rate.compounds:
        return _said(rate.percent)
    before = []
    for other, share in shares.items():
        if other == rate:
            break
        before.append(_said(share))
    return f"{_said(rate.percent)} x ({' + '.join(['100', *before])}) / 100" if before else _said(rate.percent)


def _tax_rule(rate: TaxRate) -> str:
    where = "inside the price" if rate.inclusive else "on top"
    return (
        f"tax {rate.id}, {_said(rate.percent)} % {where}{', of the taxes before it as well' if rate.compounds else ''}"
    )


def _rule(words: str, discount: Discount) -> str:
    return f"{words}, {_said(discount.percent)} %" if discount.percent is not None else words


def _total(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, Decimal())
