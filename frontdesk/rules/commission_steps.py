"""An entry of pay as arithmetic that anybody can do again: each step in words, figures and what they come to (ST7)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from frontdesk.money import plain, rounded
from frontdesk.rules.commission import BASES, Reckoning, Tier, bands, reached, tier_amount

Shown = Callable[[Decimal], str]


@dataclass(frozen=True)
class Step:
    """One line of arithmetic."""

    words: str
    figures: str
    """`45.00 x 40 %`; parts are added and taken off in the order in which they stand, products first. What is shared is
    `33.50 by 30:15, part 1`: by largest remainder, ties to the first. Empty where nothing is reckoned."""
    value: str
    """What it comes to, rounded half away from zero to the currency's smallest coin."""


def steps_of(
    inputs: Mapping[str, Any], *, base: Decimal, percent: Decimal | None, amount: Decimal, currency: str,
    shown: Shown | None = None,
) -> tuple[Step, ...]:  # fmt: skip
    """How an entry was reckoned, from what was kept with it. An entry without anything kept was a share of its base."""
    written = _Written(inputs, currency, shown or (lambda value: plain(value, currency)))
    form = inputs.get("form")
    if form is None:
        return (Step("Share", f"{written.shown(base)} x {_number(percent)} %", written.shown(amount)),)
    if form == "by_hand":
        return (Step(f"By hand: {inputs['reason']}", "", written.shown(amount)),)
    if form == "top_up":
        return (
            Step(
                "Guarantee less what was earned", f"{written.of('guarantee')} - {written.of('earned')}",
                written.shown(amount),
            ),
        )  # fmt: skip
    if "policy" in inputs:
        return (*written.given_back(), *written.unearned(-base, amount))
    return (*written.base(base), *written.shared(base), *written.earned(base, amount))


def _number(value: object) -> str:
    return f"{Decimal(str(value)).normalize():f}"


def how_of(inputs: Mapping[str, Any]) -> Reckoning:
    """The rule as it was when the entry was written."""
    return Reckoning(
        form=inputs["form"],
        base=inputs.get("base", "net"),
        percent=Decimal(inputs["percent"]) if "percent" in inputs else None,
        flat=Decimal(inputs["flat"]) if "flat" in inputs else None,
        tiers=tuple(Tier(from_amount=Decimal(a), percent=Decimal(p)) for a, p in inputs.get("tiers", ())),
    )


class _Written:
    """What was kept with an entry."""

    def __init__(self, inputs: Mapping[str, Any], currency: str, shown: Shown) -> None:
        self._inputs, self._currency, self.shown = inputs, currency, shown
        self._how = how_of(inputs) if "tiers" in inputs or "percent" in inputs or "flat" in inputs else None

    def of(self, name: str) -> str:
        return self.shown(self._amount(name))

    def _amount(self, name: str) -> Decimal:
        return Decimal(self._inputs[name])

    def base(self, base: Decimal) -> Iterator[Step]:
        """From the line as it was sold to what the rule takes of it."""
        whole, name = self.of("whole"), self._inputs["name"]
        quantity = _number(self._inputs["quantity"])
        if self._inputs["form"] == "flat":
            yield Step(f"{name}, for each", f"{quantity} x {self.of('flat')}", whole)
            return
        kind = self._inputs["base"]
        words = f"{name}, {BASES[kind]}"
        match kind:
            case "list":
                yield Step(words, f"{quantity} x {self.of('list')}", whole)
            case "discounted":
                yield Step(words, f"{self.of('gross')} - {self.of('discount')}", whole)
            case "taxed":
                yield Step(words, f"{self.of('taxable')} + {self.of('tax')}", whole)
            case "after_cost" if Decimal(self._inputs["whole"]) == 0:
                yield Step(f"{words}: the product used cost as much", "", whole)
            case "after_cost":
                yield Step(words, f"{self.of('taxable')} - {quantity} x {self.of('cost')}", whole)
            case "voucher" if "voucher" in self._inputs:
                yield Step(words, f"{quantity} x {self.of('voucher')}", whole)
            case _:
                yield Step(f"{name}, {BASES['net']}", self._net(), whole)

    def _net(self) -> str:
        gross, discount, taxable = self._amount("gross"), self._amount("discount"), self._amount("taxable")
        inside = gross - discount - taxable
        tax = f" - {self.shown(inside)}" if inside else ""
        return f"{self.shown(gross)} - {self.shown(discount)}{tax}"

    def shared(self, base: Decimal) -> Iterator[Step]:
        if "weights" in self._inputs:
            weights = ":".join(_number(each) for each in self._inputs["weights"])
            figures = f"{self.of('whole')} by {weights}, part {self._inputs['place']}"
            yield Step("Shared by the minutes of each pair of hands", figures, self.shown(base))

    def earned(self, base: Decimal, amount: Decimal) -> Iterator[Step]:
        how = self._how
        if how is None or how.form == "flat":
            return
        if how.is_tiered:
            yield from self._tiers(how, self._amount("before"), base, amount)
            return
        yield Step("Share", f"{self.shown(base)} x {_number(how.percent)} %", self.shown(amount))

    def _tiers(self, how: Reckoning, before: Decimal, base: Decimal, amount: Decimal) -> Iterator[Step]:
        after = before + base
        first, last = self._inputs["first_day"], self._inputs["last_day"]
        sign = "-" if base < 0 else "+"
        yield Step(
            f"Period {first} to {last}", f"{self.shown(before)} {sign} {self.shown(abs(base))}", self.shown(after)
        )
        for words, total in (("The period with it pays", after), ("Without it", before)):
            yield Step(words, self._on(how, total), self.shown(tier_amount(how, total, self._currency)))
        with_it, without = (tier_amount(how, total, self._currency) for total in (after, before))
        yield Step("The difference", f"{self.shown(with_it)} - {self.shown(without)}", self.shown(amount))

    def _on(self, how: Reckoning, total: Decimal) -> str:
        if how.form == "tier_whole" or total <= 0:
            return f"{self.shown(total)} x {_number(reached(how, total).percent)} %"
        return " + ".join(f"{self.shown(part)} x {_number(tier.percent)} %" for tier, part in bands(how, total))

    def given_back(self) -> Iterator[Step]:
        """From the part of the line that went back to how much of the entry's base goes with it."""
        name, base = self._inputs["name"], self.of("earned_base")
        whole, before, now = (self._amount(each) for each in ("part_of", "part_before", "part_now"))
        gone = f"{base} x {self.shown(before + now)} / {self.shown(whole)}"
        if before:
            goes = self._amount("goes")
            until = Decimal(self._inputs["earned_base"]) * before / whole
            yield Step(
                f"{name}, gone back until now",
                f"{base} x {self.shown(before)} / {self.shown(whole)}",
                self.shown(until),
            )
            yield Step("With this", gone, self.shown(rounded(until, self._currency) + goes))
            yield Step(
                "So goes back",
                f"{self.shown(rounded(until, self._currency) + goes)} - {self.shown(until)}",
                self.of("goes"),
            )
        else:
            yield Step(f"{name}, goes back", gone, self.of("goes"))
        kept = {"withhold": "", "split": "50", "goodwill": "0"}[self._inputs["policy"]]
        if kept:
            words = "Split: half of it is taken back" if kept == "50" else "Goodwill: nothing is taken back"
            yield Step(words, f"{self.of('goes')} x {kept} %", self.of("take"))

    def unearned(self, take: Decimal, amount: Decimal) -> Iterator[Step]:
        how = self._how
        if how is None or not take:
            return
        if how.is_tiered:
            yield from self._tiers(how, self._amount("before"), -take, amount)
            return
        if how.form == "flat":
            yield Step("Taken back", f"{self.shown(Decimal(0))} - {self.shown(take)}", self.shown(amount))
            return
        left, rate = self._amount("left"), _number(how.percent)
        after, before = (rounded(each * (how.percent or 0) / 100, self._currency) for each in (left - take, left))
        yield Step("What is left of it", f"{self.shown(left)} - {self.shown(take)}", self.shown(left - take))
        yield Step("Its share", f"{self.shown(left - take)} x {rate} %", self.shown(after))
        yield Step("The share before", f"{self.shown(left)} x {rate} %", self.shown(before))
        yield Step("The difference", f"{self.shown(after)} - {self.shown(before)}", self.shown(amount))
