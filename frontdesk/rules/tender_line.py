"""The till's line: "cash 50 card", "gift 7K2Q 30", "tip 5 anna", "10% off for waiting" become tenders and wishes (N4).

Money is never guessed: what could be read in two ways is refused with both ways spelled out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from frontdesk.errors import BadInput
from frontdesk.money import money_text, parse_money, parse_percent, plain
from frontdesk.rules.pricing import CARD, CASH, Discount
from frontdesk.rules.tender_said import Known, TenderLine, TypedTender, TypedTip
from frontdesk.rules.tender_vocabulary import (
    BACK,
    BECAUSE,
    CLASS,
    COUPON,
    EXEMPT,
    KEEP,
    METHODS,
    NO,
    OFF,
    ON_FILE,
    PRICE,
    TIP,
    VERBS,
    heads_of,
    is_head,
    named,
)
from frontdesk.text import clean, folded

__all__ = ["LONGEST_LINE", "TenderLine", "TypedTender", "TypedTip", "typed_tenders"]

LONGEST_LINE = 40
"""Words on a line; more is a text pasted into the wrong field."""

_PARTED = re.compile(r"\s+|([·;+])")
_SHORTEST_CODE = 4
_DIGITS_OF_A_CODE = 6
_WORDS_OF_A_NAME = 4
_LAST_DIGITS = 4


def typed_tenders(
    text: str,
    *,
    currency: str,
    locale: str,
    stylists: Iterable[tuple[int, str]] = (),
    issuers: Iterable[tuple[int, str]] = (),
    classes: Iterable[tuple[int, str]] = (),
    cards: Iterable[tuple[int, str]] = (),
) -> TenderLine:
    """Read a line of the till. Who can be tipped, whose vouchers are taken and which price classes there are come by
    number and name, cards on file by their last four digits. Raises BadInput naming the word.

    A bare amount is cash. A card's approval code has four signs or more with a digit among them, or follows a "#".
    """
    words = _words(text)
    if len(words) > LONGEST_LINE:
        raise BadInput("That is too long for the till. Type cash 50, card, tip 5 or 10% off.", field="tenders")
    known = Known(tuple(stylists), tuple(issuers), tuple(classes), tuple(cards))
    return _Reading(words, currency, locale, known).line()


@dataclass(frozen=True, slots=True)
class _Word:
    said: str
    after: str
    """The sign before it, of `· ; +`; empty for a space."""


def _words(text: str) -> list[_Word]:
    words, sign = [], ""
    for part in _PARTED.split(re.sub(r"(?<=\d)\s+%", "%", clean(text))):
        if part in ("·", ";", "+"):
            sign = part
        elif part:
            words.append(_Word(part, sign))
            sign = ""
    return words


class _Reading:
    """The words of a line from left to right."""

    def __init__(self, words: Sequence[_Word], currency: str, locale: str, known: Known) -> None:
        self._words, self._at = words, 0
        self._currency, self._locale, self._known = currency, locale, known

    def line(self) -> TenderLine:
        found = TenderLine()
        while self._at < len(self._words):
            found = self._one_more(found)
        return found

    def _one_more(self, found: TenderLine) -> TenderLine:
        is_more = self._words[self._at].after == "+"
        word = self._next()
        if self._is_share(word):
            self._skip_off()
            return self._with_discount(found, Discount(percent=parse_percent(word, self._locale, "discount")))
        if (amount := self._amount(word)) is not None:
            if self._skip_off():
                return self._with_discount(found, Discount(amount=amount))
            return self._with_tender(found, self._bare_cash(word, amount, first=not found.tenders))
        head = self._head(word)
        if head in METHODS:
            return self._with_tender(found, self._tender(head))
        return self._with_wish(found, VERBS[head], head, is_more=is_more)

    def _with_wish(self, found: TenderLine, verb: str, said: str, *, is_more: bool) -> TenderLine:
        if verb == TIP:
            tip = self._tip()
            if any(one.stylist_id == tip.stylist_id for one in found.tips):
                raise BadInput("There are two tips on the line for the same. Type one.", field="tip")
            return replace(found, tips=(*found.tips, replace(tip, is_more=is_more or bool(found.tips))))
        if verb == OFF:
            return self._with_discount(found, self._off(said))
        if verb == COUPON:
            return replace(found, coupons=(*found.coupons, self._coupon()))
        if verb == CLASS:
            return self._with_class(found)
        if verb == EXEMPT:
            return self._exempt(found)
        if verb == PRICE:
            return self._with_price(found)
        if verb == NO:
            return replace(found, without=found.without | {self._taken_back()})
        return replace(found, uses_sessions=True)

    # Words

    def _next(self) -> str:
        self._at += 1
        return self._words[self._at - 1].said

    def _peek(self, ahead: int = 0) -> str:
        """The word that comes, if nothing parts it from those before."""
        at = self._at + ahead
        if at >= len(self._words) or any(one.after for one in self._words[self._at : at + 1]):
            return ""
        return self._words[at].said

    def _skip(self, words: Sequence[str]) -> bool:
        if folded(self._peek()) in words:
            self._at += 1
            return True
        return False

    def _skip_off(self) -> bool:
        return self._skip(("off", "discount", "disc"))

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

    def _positive(self, word: str, amount: Decimal) -> Decimal:
        if not amount:
            raise BadInput(f'"{word}" pays nothing. Type what is handed over.', field="tenders")
        return amount

    def _head(self, word: str) -> str:
        heads = heads_of(word)
        if len(heads) == 1:
            return heads[0]
        if heads:
            likely = f"{', '.join(heads[:-1])} or {heads[-1]}"
            raise BadInput(f'"{word}" could be {likely}. Type more of it.', field="tenders")
        raise BadInput(f'"{_short(word)}" is not understood. Type cash 50, card, tip 5 or 10% off.', field="tenders")

    # Ways to pay

    def _with_tender(self, found: TenderLine, tender: TypedTender) -> TenderLine:
        return replace(found, tenders=(*found.tenders, tender))

    def _bare_cash(self, word: str, amount: Decimal, *, first: bool) -> TypedTender:
        if not first:
            problem = f'Which way is "{word}" paid? Type cash {word} or card {word}; an amount has no space in it.'
            raise BadInput(problem, field="tenders")
        heads = [head for head in heads_of(self._peek()) if head in METHODS]
        if len(heads) == 1:
            two_ways = f'"{heads[0]} {word}", or "{CASH} {word} {heads[0]}"'
            if heads[0] == CASH:
                two_ways = f'"{CASH} {word}"'
            raise BadInput(f'"{word} {self._peek()}" can be read in two ways. Type {two_ways}.', field="tenders")
        return TypedTender(CASH, self._positive(word, amount), keep_change=self._skip(KEEP))

    def _tender(self, head: str) -> TypedTender:
        method = METHODS[head]
        if method in ("gift_card", "voucher"):
            return self._coded(method, head)
        if method == ON_FILE:
            return self._on_file()
        word = self._peek()
        amount = None if method == CARD and self._is_long_number(word) else self._amount(word)
        if amount is not None:
            self._at += 1
            amount = self._positive(word, amount)
            if method == "points" and word.isdecimal():
                money = money_text(amount, self._currency, self._locale).replace("\xa0", "")
                problem = f'"points {word}" could be {word} points, or {money}. Type points {money} for so much money'
                raise BadInput(f"{problem}, or points alone for as many as fit.", field="tenders")
        if method == CARD:
            return TypedTender(method, amount, self._code())
        if method == "transfer":
            return TypedTender(method, amount, code=self._code() or "")
        keep = method == CASH and self._skip(KEEP)
        if keep and amount is None:
            raise BadInput("Change is kept of how much? Type cash 50 keep.", field="tenders")
        return TypedTender(method, amount, keep_change=keep)

    def _code(self) -> str | None:
        word = self._peek()
        marked = word.startswith("#") and len(word) > 1
        alike = len(word) >= _SHORTEST_CODE and word.isalnum() and any(sign.isdigit() for sign in word)
        if not (marked or alike):
            return None
        self._at += 1
        return word.lstrip("#") or None

    @property
    def _has_cents(self) -> bool:
        return "." in plain(Decimal(0), self._currency)

    def _is_long_number(self, word: str) -> bool:
        """Six digits and no cents are what a card terminal shows, where money has cents."""
        return word.isdecimal() and len(word) >= _DIGITS_OF_A_CODE and self._has_cents

    def _coded(self, method: str, head: str) -> TypedTender:
        """A gift card or a voucher: its code and its amount, in either order, and whose voucher it is."""
        if method == "gift_card":
            self._skip(("card", "cards"))
        issuer: int | None = None
        most = 3 if method == "voucher" else 2  # one more where nobody's name may stand
        amounts: list[str] = []
        codes: list[str] = []
        unclear: list[str] = []
        while (word := self._peek()) and len(amounts) + len(codes) + len(unclear) < most:
            if method == "voucher" and issuer is None and (issuer := self._name(self._known.issuers, "issuers")):
                continue
            if word.isdecimal() and len(word) >= _SHORTEST_CODE:
                unclear.append(word)
            elif self._amount(word) is not None:
                amounts.append(word)
            elif (word.startswith("#") and len(word) > 1) or (not is_head(word) and self._is_code(word)):
                codes.append(word)
            else:
                break
            self._at += 1
        if len(unclear) == 2:
            one, other = unclear
            ways = f"{head} #{one} {other}, or {head} #{other} {one}"
            raise BadInput(f'"{head} {one} {other}" can be read in two ways. Type {ways}.', field="tenders")
        if unclear:
            (amounts if codes else codes).append(unclear[0])
        if not codes:
            raise BadInput(
                f"Which {head}? Type {head}, its code and the amount: {head} 7K2Q 30, or no amount for all that fits.",
                field="tenders",
            )
        if len(codes) > 1 or len(amounts) > 1:
            problem = f'"{_short(" ".join(codes))}" is more than one code. Type a code without a space in it.'
            if method == "voucher" and issuer is None:
                names = ", ".join(name for _, name in self._known.issuers) or "nobody yet"
                problem = f'Whose voucher is it? "{_short(codes[0])}" is not known; known are: {names}.'
            if len(amounts) > 1:
                problem = f"There are two amounts for one {head}. Type one."
            raise BadInput(problem, field="tenders")
        amount = self._positive(amounts[0], self._amount(amounts[0]) or Decimal(0)) if amounts else None
        return TypedTender(method, amount, code=codes[0].lstrip("#"), issuer_id=issuer)

    def _is_code(self, word: str) -> bool:
        return len(word) >= _SHORTEST_CODE and word.replace("-", "").isalnum() and word.isascii()

    def _on_file(self) -> TypedTender:
        """A card on file, by its last four digits where there are several, and its amount: in either order."""
        cards = {last4: number for number, last4 in self._known.cards}
        if not cards:
            problem = "No card of whoever pays is on file here. Take the card itself, or pay another way."
            raise BadInput(problem, field="tenders")
        number: int | None = None
        amount: Decimal | None = None
        while (word := self._peek().lstrip("#")) and (said := self._amount(word)) is not None:
            if number is None and word in cards:
                number = cards[word]
            elif len(word) == _LAST_DIGITS and word.isdecimal() and self._has_cents:
                problem = f"No card on file ends in {word}, but {_either(cards)}. An amount is typed {word}.00."
                raise BadInput(problem, field="tenders")
            elif amount is None:
                amount = self._positive(word, said)
            else:
                break
            self._at += 1
        if number is None and len(cards) > 1:
            raise BadInput(f"Which card on file? Type file and its last digits: {_either(cards)}.", field="tenders")
        return TypedTender(CARD, amount, customer_card_id=next(iter(cards.values())) if number is None else number)

    # What is wished for beside the tenders

    def _with_price(self, found: TenderLine) -> TenderLine:
        price = self._amount(self._peek()) if self._peek() else None
        if price is None:
            problem = "What does the line under the cursor cost? Type price 45, or price 45 for short hair."
            raise BadInput(problem, field="price")
        if found.price is not None:
            raise BadInput("There are two prices on the line. Type one.", field="price")
        self._at += 1
        reason = self._words_on("reason") if self._skip(BECAUSE) else found.reason
        return replace(found, price=price, reason=reason)

    def _tip(self) -> TypedTip:
        whom = self._whom() if self._peek() and not self._is_number(self._peek()) else None
        word = self._peek()
        if self._is_share(word):
            self._at += 1
            tip = TypedTip(percent=parse_percent(word, self._locale, "tip"))
        elif (amount := self._amount(word)) is not None:
            self._at += 1
            tip = TypedTip(amount=amount)
        else:
            raise BadInput("How much is the tip? Type tip 5, tip 10%, or tip 5 and a name.", field="tip")
        return replace(tip, stylist_id=whom or self._whom())

    def _is_number(self, word: str) -> bool:
        return self._is_share(word) or self._amount(word) is not None

    def _whom(self) -> int | None:
        return self._name(self._known.stylists, "tip")

    def _name(self, known: Sequence[tuple[int, str]], field: str) -> int | None:
        """The one of these whom the next words name, as many of them as belong to the name. Raises BadInput."""
        self._skip(("to",))
        first = self._peek()
        if not first:
            return None
        likely, heads = named(first, known), heads_of(first)
        if likely and heads:
            names = [name for number, name in known if number in likely]
            if folded(first) not in {folded(name) for name in names} and folded(first) in heads:
                return None
            raise BadInput(f'"{first}" could be {" or ".join([*names, *heads])}. Type more of it.', field=field)
        taken = 1
        while len(likely) > 1 or taken < _WORDS_OF_A_NAME:
            following = self._peek(taken)
            longer = " ".join(self._words[self._at + at].said for at in range(taken + 1)) if following else ""
            more = named(longer, known)
            if not more:
                break
            likely, taken = more, taken + 1
        if len(likely) > 1:
            names = [name for number, name in known if number in likely]
            who = "several people" if field == "tip" else " or ".join(names)
            raise BadInput(f'"{first}" could be {who}. Type more of the name.', field=field)
        if likely:
            self._at += taken
        return likely[0] if likely else None

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
        reason = self._words_on("reason") if self._skip(BECAUSE) else ""
        return replace(found, discount=discount, reason=reason)

    def _words_on(self, what: str) -> str:
        """Words in somebody's own language, to the end of the line or the next sign. Raises BadInput where they may
        have gone on to a tender."""
        said = []
        while word := self._peek():
            said.append(word)
            self._at += 1
        found = " ".join(said)
        if not found:
            raise BadInput(f"What is the {what}? Type it to the end of the line.", field="tenders")
        for word in said[1:]:
            if folded(word) in METHODS or folded(word) == TIP:
                early, late = found.split(f" {word}", 1)
                raise BadInput(
                    f'Where does the {what} end? Type "{early}; {word}{late}", or leave {word} out of it.',
                    field="tenders",
                )
        return found

    def _coupon(self) -> str:
        if not self._peek():
            raise BadInput("Which coupon? Type its code: coupon XMAS.", field="tenders")
        return self._next().lstrip("#").upper()

    def _with_class(self, found: TenderLine) -> TenderLine:
        number = self._name(self._known.classes, "classes")
        if number is None:
            names = [name for _, name in self._known.classes]
            known = f"Type class and one of: {', '.join(names)}." if names else "There is none here yet."
            shown = f'There is no price class "{_short(self._peek())}".' if self._peek() else "Which price class?"
            raise BadInput(f"{shown} {known}", field="tenders")
        return replace(found, price_class_id=number)

    def _exempt(self, found: TenderLine) -> TenderLine:
        self._skip(BECAUSE)
        return replace(found, exempt=self._words_on("reason"))

    def _taken_back(self) -> str:
        word = folded(self._peek())
        likely = sorted({what for said, what in BACK.items() if word and said.startswith(word)})
        if len(likely) != 1:
            raise BadInput(
                "Take back what? Type no tip, no discount, no price, no coupon or no class.", field="tenders"
            )
        self._at += 1
        return likely[0]


def _either(words: Iterable[str]) -> str:
    *others, last = words
    return f"{', '.join(others)} or {last}" if others else last


def _short(word: str) -> str:
    return word if len(word) <= 20 else word[:19] + "…"
