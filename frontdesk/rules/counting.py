"""Counting a drawer: the notes and coins of a currency, and how a count is typed, `20x3 10x7 5x2 50p x4` (N14)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NoReturn

from frontdesk.errors import BadInput
from frontdesk.money import LARGEST, minor_digits, rounded

MOST_PIECES = 100_000
"""More of one note or coin than this is a typing mistake."""

_CASH = {
    "AUD": "100 50 20 10 5 | 2 1 .50 .20 .10 .05",
    "BRL": "200 100 50 20 10 5 2 | 1 .50 .25 .10 .05",
    "CAD": "100 50 20 10 5 | 2 1 .25 .10 .05",
    "CHF": "1000 200 100 50 20 10 | 5 2 1 .50 .20 .10 .05",
    "CNY": "100 50 20 10 5 1 | 1 .50 .10",
    "CZK": "5000 2000 1000 500 200 100 | 50 20 10 5 2 1",
    "DKK": "500 200 100 50 | 20 10 5 2 1 .50",
    "EUR": "500 200 100 50 20 10 5 | 2 1 .50 .20 .10 .05 .02 .01",
    "GBP": "50 20 10 5 | 2 1 .50 .20 .10 .05 .02 .01",
    "HUF": "20000 10000 5000 2000 1000 500 | 200 100 50 20 10 5",
    "ILS": "200 100 50 20 | 10 5 2 1 .50 .10",
    "INR": "500 200 100 50 20 10 | 20 10 5 2 1",
    "JPY": "10000 5000 2000 1000 | 500 100 50 10 5 1",
    "KRW": "50000 10000 5000 1000 | 500 100 50 10",
    "KWD": "20 10 5 1 .500 .250 | .100 .050 .020 .010 .005",
    "MXN": "1000 500 200 100 50 20 | 10 5 2 1 .50",
    "NOK": "1000 500 200 100 50 | 20 10 5 1",
    "NZD": "100 50 20 10 5 | 2 1 .50 .20 .10",
    "PLN": "500 200 100 50 20 10 | 5 2 1 .50 .20 .10 .05 .02 .01",
    "RON": "500 200 100 50 20 10 5 1 | .50 .10 .05 .01",
    "SEK": "1000 500 200 100 50 20 | 10 5 2 1",
    "SGD": "100 50 10 5 2 | 1 .50 .20 .10 .05",
    "TRY": "200 100 50 20 10 5 | 1 .50 .25 .10 .05",
    "USD": "100 50 20 10 5 2 1 | 1 .50 .25 .10 .05 .01",
    "ZAR": "200 100 50 20 10 | 5 2 1 .50 .20 .10",
}
"""Notes | coins in circulation, largest first, as the central banks list them. What is both is counted together."""

_USUAL = "100 50 20 10 5 2 1 .50 .20 .10 .05 .01"
"""Of a currency that is not listed: any of these that it has units for."""

_MINOR = {
    "GBP": "p pence", "PLN": "gr grosz grosze groszy", "CHF": "rp rappen c ct", "DKK": "øre ore", "SEK": "öre ore",
    "NOK": "øre ore", "RON": "bani ban", "TRY": "kr kurus kuruş", "ILS": "ag agorot", "INR": "p paise",
    "CZK": "h haléř", "KWD": "fils", "CNY": "fen", "BRL": "c centavos", "MXN": "c centavos",
}  # fmt: skip
"""What a number of minor units is called, the shortest first; cents elsewhere."""
_CENTS = "c ct cent cents ¢"

_NAMED = {
    "USD": {"quarter": ".25", "dime": ".10", "nickel": ".05", "penny": ".01", "buck": "1", "half": ".50"},
    "CAD": {"toonie": "2", "loonie": "1", "quarter": ".25", "dime": ".10", "nickel": ".05"},
    "GBP": {"tenner": "10", "fiver": "5", "penny": ".01", "quid": "1"},
    "CHF": {"fünfliber": "5", "fuenfliber": "5"},
    "AUD": {"fiver": "5", "tenner": "10"},
}
"""Notes and coins that people call by a name."""


@dataclass(frozen=True)
class Denomination:
    """A note or a coin."""

    value: Decimal
    label: str
    """`20`, `50p`."""
    is_note: bool


Pieces = Mapping[Decimal, int]
"""How many of each note and coin."""


def denominations(currency: str) -> tuple[Denomination, ...]:
    """Every note and coin of a currency, largest first, each value once."""
    notes, _, coins = _CASH.get(currency, _USUAL).partition("|")
    found: dict[Decimal, Denomination] = {}
    for is_note, values in ((True, notes), (False, coins)):
        for value in (rounded(Decimal(each), currency) for each in values.split()):
            if value and value not in found:
                found[value] = Denomination(value, piece_label(value, currency), is_note)
    return tuple(found.values())


def piece_label(value: Decimal, currency: str) -> str:
    """What a note or coin is called in a count: `20`, `50p`."""
    if value >= 1 or not minor_digits(currency):
        return f"{value.normalize():f}"
    return f"{(value * 10 ** minor_digits(currency)).normalize():f}{_minor_words(currency)[0]}"


def total_of(pieces: Pieces, currency: str) -> Decimal:
    """What they come to."""
    return rounded(sum((value * count for value, count in pieces.items()), Decimal(0)), currency)


def count_text(pieces: Pieces, currency: str) -> str:
    """A count as it is typed, largest first: `20x3 10x7 50px4`. Reading it again gives the same."""
    listed = sorted(((value, count) for value, count in pieces.items() if count), reverse=True)
    return " ".join(f"{piece_label(value, currency)}x{count}" for value, count in listed)


def read_count(text: str, currency: str, field: str = "count") -> dict[Decimal, int]:
    """Read a typed count: value first, then how many, `20x3 10x7 5x2 1x14`; coins by name, `50p x4`, `2 quarters`.

    Raises BadInput with a sentence that shows where it stops being one.
    """
    reading = _Reading(text, currency, field)
    found: dict[Decimal, int] = {}
    for value, count in reading.items():
        found[value] = found.get(value, 0) + count
        if found[value] > MOST_PIECES or value * found[value] >= LARGEST:
            raise BadInput(
                f"So many of {piece_label(value, currency)} fit in no drawer. Count them again.", field=field
            )
    if not found:
        raise BadInput(
            f"Nothing is counted yet. Type it like {_example(currency)}, or 0 for an empty drawer.", field=field
        )
    return found


_TOKEN = re.compile(
    r"(?P<number>[0-9]+(?:[.,][0-9]+)?|[.,][0-9]+)|(?P<times>[xX×*](?![^\W\d_]))"
    r"|(?P<word>[^\W\d_]+|¢)|(?P<odd>\S)"
)


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    at: int


class _Reading:
    """One typed count on its way through the grammar: (value "x" count | count name | name "x" count)*."""

    def __init__(self, text: str, currency: str, field: str) -> None:
        self._text = " ".join(text.split())
        self._currency = currency
        self._field = field
        self._values = {one.value for one in denominations(currency)}
        # A sign of money before a number, and what separates items for the eye, say nothing.
        plain = re.sub(r"[£$€¥₩₪₹;+]|,(?=\s|$)", " ", self._text)
        self._tokens = [_Token(str(m.lastgroup), m[0], m.start()) for m in _TOKEN.finditer(_parted(plain))]
        self._next = 0

    def items(self) -> Iterator[tuple[Decimal, int]]:
        if [token.text for token in self._tokens] == ["0"]:
            yield min(self._values), 0
            return
        while token := self._peek():
            if token.kind == "number":
                yield self._number_first(self._take())
            elif token.kind == "word":
                yield self._named(self._take())
            else:
                self._stop(token, "a note or coin is missing before it")

    def _number_first(self, number: _Token) -> tuple[Decimal, int]:
        after = self._peek()
        if after and after.kind == "word":
            word = self._take()
            if word.text.casefold() in _minor_words(self._currency):
                value = self._decimal(number) / 10 ** minor_digits(self._currency)
                return self._times(value, number, f"{number.text}{word.text}")
            return self._value_called(word), self._count(number)
        return self._times(self._decimal(number), number, number.text)

    def _named(self, word: _Token) -> tuple[Decimal, int]:
        return self._times(self._value_called(word), word, word.text)

    def _times(self, value: Decimal, where: _Token, said: str) -> tuple[Decimal, int]:
        times = self._peek()
        if times is None or times.kind != "times":
            self._check(value, where, None)
            self._stop(where, f"how many {said} there are is missing")
        self._take()
        count = self._peek()
        if count is None or count.kind != "number":
            self._stop(count or times, f"how many {said} there are is missing")
        self._take()
        self._check(value, where, count)
        return rounded(value, self._currency), self._count(count)

    def _check(self, value: Decimal, where: _Token, count: _Token | None) -> None:
        if value in self._values:
            return
        turned = count is not None and self._decimal(count) in self._values
        meant = f" Type {count.text}x{where.text} for {where.text} of {count.text}." if turned and count else ""
        self._stop(where, f"there is no {self._currency} note or coin of that value", meant)

    def _value_called(self, word: _Token) -> Decimal:
        said = word.text.casefold()
        named = _NAMED.get(self._currency, {})
        for name, value in named.items():
            if said in (name, f"{name}s", f"{name[:-1]}ies" if name.endswith("y") else name):
                return rounded(Decimal(value), self._currency)
        self._stop(word, f"that is no note or coin of {self._currency}")

    def _count(self, token: _Token) -> int:
        if not token.text.isdigit():
            self._stop(token, "notes and coins are counted whole")
        if len(token.text) > 7:
            self._stop(token, "so many fit in no drawer")
        return int(token.text)

    def _decimal(self, token: _Token) -> Decimal:
        return Decimal(token.text.replace(",", "."))

    def _peek(self) -> _Token | None:
        return self._tokens[self._next] if self._next < len(self._tokens) else None

    def _take(self) -> _Token:
        self._next += 1
        return self._tokens[self._next - 1]

    def _stop(self, token: _Token, why: str, remedy: str = "") -> NoReturn:
        before, at = self._text[: token.at].rstrip(), self._text[token.at :]
        shown = f"{before[-24:]} ▸{at[:24]}".strip()
        raise BadInput(f"{shown}: {why}.{remedy or f' Type it like {_example(self._currency)}.'}", field=self._field)


def _parted(text: str) -> str:
    """An x before a number is a times sign, also right after a digit or a letter: `20x3`, `50px4`."""
    return re.sub(r"(?<=[0-9\w])[xX](?=\s*[0-9])", "×", text)


def _minor_words(currency: str) -> list[str]:
    return _MINOR.get(currency, _CENTS).split()


def _example(currency: str) -> str:
    first = [one.label for one in denominations(currency)]
    return f"{first[1]}x3 {first[2]}x7"
