"""The till's line: "cash 50 card", "card 66 A1B2", "tip 5 anna", "10% off" become tenders, a tip and a discount (N4).

Money is never guessed: what could be read in two ways is refused with both ways spelled out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from frontdesk.errors import BadInput
from frontdesk.money import parse_money, parse_percent, plain, rounded
from frontdesk.rules.pricing import CARD, CASH, METHODS, Discount
from frontdesk.text import clean, folded

LONGEST_LINE = 40
"""Words on a line; more is a text pasted into the wrong field."""

NOT_YET = ("gift", "credit", "owe")
"""Ways of paying that people know from elsewhere and that this till does not take."""

_TIP, _OFF = "tip", ("off", "discount")
_PARTED = re.compile(r"[\s·;+]+")
_SHORTEST_CODE = 4
_DIGITS_OF_A_CODE = 6


@dataclass(frozen=True, slots=True)
class TypedTender:
    """One way of paying; without an amount it takes the rest."""

    method: str
    amount: Decimal | None = None
    approval_code: str | None = None


@dataclass(frozen=True, slots=True)
class TypedTip:
    """A tip, as a sum or as a share of what is paid, and whose it is when that was said."""

    amount: Decimal | None = None
    percent: Decimal | None = None
    stylist_id: int | None = None

    def of(self, total: Decimal, currency: str) -> Decimal:
        """The tip in money, when so much is paid without it."""
        return self.amount if self.amount is not None else rounded(total * (self.percent or 0) / 100, currency)


@dataclass(frozen=True, slots=True)
class TenderLine:
    """What a line says. All of it may be missing."""

    tenders: tuple[TypedTender, ...] = ()
    tip: TypedTip | None = None
    discount: Discount | None = None


def typed_tenders(text: str, *, currency: str, locale: str, stylists: Iterable[tuple[int, str]] = ()) -> TenderLine:
    """Read a line of the till; stylists are who can be tipped, by number and name. Raises BadInput naming the word.

    A bare amount is cash. A card's approval code has four signs or more with a digit among them, or follows a "#".
    """
    words = [word for word in _PARTED.split(re.sub(r"(?<=\d)\s+%", "%", clean(text))) if word]
    if len(words) > LONGEST_LINE:
        raise BadInput("That is too long for the till. Type cash 50, card, tip 5 or 10% off.", field="tenders")
    return _Reading(words, currency, locale, tuple(stylists)).line()


class _Reading:
    """The words of a line from left to right."""

    def __init__(self, words: Sequence[str], currency: str, locale: str, stylists: Sequence[tuple[int, str]]) -> None:
        self._words, self._at = words, 0
        self._currency, self._locale, self._stylists = currency, locale, stylists

    def line(self) -> TenderLine:
        found = TenderLine()
        while self._at < len(self._words):
            found = self._one_more(found)
        return found

    def _one_more(self, found: TenderLine) -> TenderLine:
        word = self._next()
        if self._is_share(word):
            self._skip(_OFF)
            return self._with_discount(found, Discount(percent=parse_percent(word, self._locale, "discount")))
        if (amount := self._amount(word)) is not None:
            if self._skip(_OFF):
                return self._with_discount(found, Discount(amount=amount))
            return self._with_tender(found, self._cash(word, amount, first=not found.tenders))
        if word.casefold() in _OFF:
            return self._with_discount(found, self._off(word))
        if word.casefold() == _TIP:
            return self._with_tip(found)
        return self._with_tender(found, self._tender(self._method(word)))

    def _next(self) -> str:
        self._at += 1
        return self._words[self._at - 1]

    def _peek(self) -> str:
        return self._words[self._at] if self._at < len(self._words) else ""

    def _skip(self, words: Sequence[str]) -> bool:
        if self._peek().casefold() in words:
            self._at += 1
            return True
        return False

    def _is_share(self, word: str) -> bool:
        return "%" in word

    def _amount(self, word: str) -> Decimal | None:
        """The money that a word says, or None for a word of another kind. Raises BadInput for a number gone wrong."""
        if not any(sign.isdigit() for sign in word) or word.startswith("#") or self._is_share(word):
            return None
        try:
            return parse_money(word, self._currency, self._locale)
        except BadInput:
            if any(sign.isalpha() for sign in word):
                return None
            raise

    def _cash(self, word: str, amount: Decimal, *, first: bool) -> TypedTender:
        if not first:
            problem = f'Which way is "{word}" paid? Type cash {word} or card {word}; an amount has no space in it.'
            raise BadInput(problem, field="tenders")
        method = self._known(self._peek(), METHODS)
        if method:
            two_ways = f'"{method} {word}", or "{CASH} {word} {method}"'
            if method == CASH:
                two_ways = f'"{CASH} {word}"'
            raise BadInput(f'"{word} {self._peek()}" can be read in two ways. Type {two_ways}.', field="tenders")
        return TypedTender(CASH, self._positive(word, amount))

    def _tender(self, method: str) -> TypedTender:
        word = self._peek()
        amount = None if method == CARD and self._is_long_number(word) else self._amount(word)
        if amount is not None:
            self._at += 1
            amount = self._positive(word, amount)
        return TypedTender(method, amount, self._code() if method == CARD else None)

    def _code(self) -> str | None:
        word = self._peek()
        marked = word.startswith("#") and len(word) > 1
        alike = len(word) >= _SHORTEST_CODE and word.isalnum() and any(sign.isdigit() for sign in word)
        if not (marked or alike):
            return None
        self._at += 1
        return word.lstrip("#") or None

    def _is_long_number(self, word: str) -> bool:
        """Six digits and no cents are what a card terminal shows, where money has cents."""
        return word.isdecimal() and len(word) >= _DIGITS_OF_A_CODE and "." in plain(Decimal(0), self._currency)

    def _off(self, said: str) -> Discount:
        word = self._next() if self._peek() else ""
        if self._is_share(word):
            return Discount(percent=parse_percent(word, self._locale, "discount"))
        amount = self._amount(word)
        if amount is None:
            raise BadInput(f"How much {said}? Type 10% off, or 5 off.", field="discount")
        return Discount(amount=amount)

    def _with_discount(self, found: TenderLine, discount: Discount) -> TenderLine:
        if found.discount is not None:
            raise BadInput("There are two discounts on the line. Type one.", field="discount")
        return replace(found, discount=discount)

    def _with_tip(self, found: TenderLine) -> TenderLine:
        if found.tip is not None:
            raise BadInput("There are two tips on the line. Type one.", field="tip")
        word = self._next() if self._peek() else ""
        if self._is_share(word):
            tip = TypedTip(percent=parse_percent(word, self._locale, "tip"))
        elif (amount := self._amount(word)) is not None:
            tip = TypedTip(amount=amount)
        else:
            raise BadInput("How much is the tip? Type tip 5, or tip 10%.", field="tip")
        return replace(found, tip=replace(tip, stylist_id=self._whom()))

    def _whom(self) -> int | None:
        name = folded(self._peek())
        if not name or self._known(self._peek(), (*METHODS, *NOT_YET, _TIP, *_OFF)):
            return None
        called = [number for number, theirs in self._stylists if folded(theirs) == name]
        called = called or [number for number, theirs in self._stylists if folded(theirs).startswith(name)]
        if len(called) > 1:
            raise BadInput(f'"{self._peek()}" could be several people. Type more of the name.', field="tip")
        if called:
            self._at += 1
        return called[0] if called else None

    def _with_tender(self, found: TenderLine, tender: TypedTender) -> TenderLine:
        return replace(found, tenders=(*found.tenders, tender))

    def _positive(self, word: str, amount: Decimal) -> Decimal:
        if not amount:
            raise BadInput(f'"{word}" pays nothing. Type what is handed over.', field="tenders")
        return amount

    def _known(self, word: str, words: Sequence[str]) -> str | None:
        """The one of these words that begins so; None for none or for several."""
        likely = [one for one in words if word and one.startswith(word.casefold())]
        return likely[0] if len(likely) == 1 else None

    def _method(self, word: str) -> str:
        if method := self._known(word, METHODS):
            return method
        likely = [one for one in METHODS if one.startswith(word.casefold())]
        if likely:
            raise BadInput(f'"{word}" could be {" or ".join(likely)}. Type more of it.', field="tenders")
        later = self._known(word, NOT_YET)
        if later:
            raise BadInput(
                f'"{later}" is not taken here. Type cash or card, with or without an amount.', field="tenders"
            )
        shown = word if len(word) <= 20 else word[:19] + "…"
        raise BadInput(f'"{shown}" is not understood. Type cash 50, card, tip 5 or 10% off.', field="tenders")
