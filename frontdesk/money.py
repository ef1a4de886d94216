"""Amounts of money: how they are rounded, shared out, shown and read. The only module that rounds."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from frontdesk.errors import BadInput

LARGEST = Decimal(10) ** 12
"""An amount typed at a desk stays below this; more is a barcode in the wrong field."""

_MARKS = str.maketrans("", "", "\u200e\u200f\u061c")
_SPACES = re.compile(r"\s+")
_SWISS_QUOTES = str.maketrans("'\u02bc", "\u2019\u2019")


@lru_cache(maxsize=256)
def minor_digits(currency: str) -> int:
    """How many digits follow the decimal sign of a currency: EUR 2, JPY 0, KWD 3 (from Babel's CLDR data)."""
    from babel.numbers import get_currency_precision

    return int(get_currency_precision(currency))


def rounded(amount: Decimal | Fraction, currency: str) -> Decimal:
    """The amount in whole minor units, halves away from zero: 0.125 becomes 0.13, and -0.125 becomes -0.13."""
    scale = 10 ** minor_digits(currency)
    units = math.floor(abs(Fraction(amount)) * scale + Fraction(1, 2))
    return _from_units(-units if amount < 0 else units, currency)


def rounded_to(amount: Decimal, step: Decimal, currency: str) -> Decimal:
    """The nearest whole number of steps, halves away from zero: 97.98 to 0.05 is 98.00."""
    steps = math.floor(Fraction(abs(amount)) / Fraction(step) + Fraction(1, 2))
    return rounded((-steps if amount < 0 else steps) * step, currency)


def split(total: Decimal, weights: Sequence[Decimal | int], currency: str) -> list[Decimal]:
    """Share a total by weight so that the shares add up to it exactly (largest remainder; ties go to the first).

    The total is in whole minor units. Weights that are all zero share equally. A negative total is shared as its
    positive twin is, so that a refund undoes a sale to the cent. Weights may be negative, as bundle lines are, if they
    don't add up to zero.
    """
    if all(weight == 0 for weight in weights):
        weights = [1] * len(weights)
    whole = sum((Fraction(weight) for weight in weights), Fraction())
    if not weights and not total:
        return []
    if not whole:
        raise ValueError(f"weights that add up to nothing can't share {total}")
    return apportioned([Fraction(total) * Fraction(weight) / whole for weight in weights], currency)


def apportioned(exact: Sequence[Decimal | Fraction], currency: str) -> list[Decimal]:
    """Round exact amounts so that they add up to their rounded sum, moving no amount by a whole minor unit."""
    scale = 10 ** minor_digits(currency)
    amounts = [Fraction(amount) * scale for amount in exact]
    whole = sum(amounts, Fraction())
    sign = -1 if whole < 0 else 1
    floors = [math.floor(amount * sign) for amount in amounts]
    left = math.floor(whole * sign + Fraction(1, 2)) - sum(floors)
    by_remainder = sorted(range(len(amounts)), key=lambda place: (floors[place] - amounts[place] * sign, place))
    for place in by_remainder[:left]:
        floors[place] += 1
    return [_from_units(units * sign, currency) for units in floors]


def plain(amount: Decimal, currency: str) -> str:
    """The bare number with all its minor digits, for tables and for programs: 1234.50."""
    return f"{rounded(amount, currency):f}"


def money_text(amount: Decimal, currency: str, locale: str) -> str:
    """An amount as people of a locale write it: £1,234.50, 1.234,50 €. No direction marks: terminals misdraw them."""
    from babel.numbers import format_currency

    return format_currency(rounded(amount, currency), currency, locale=_tag(locale)).translate(_MARKS)


def number_text(amount: Decimal, currency: str, locale: str) -> str:
    """An amount as people of a locale write it, without its currency: 1.234,50. For columns of one currency."""
    from babel import Locale
    from babel.numbers import format_decimal

    places = minor_digits(currency)
    shape = Locale.parse(_tag(locale)).decimal_formats[None].pattern.replace(".###", "." * (places > 0) + "0" * places)
    return format_decimal(rounded(amount, currency), format=shape, locale=_tag(locale)).translate(_MARKS)


def percent_text(percent: Decimal, locale: str) -> str:
    """A percentage as people of a locale write it, no digit more than it has: 10 %, 12,5 %."""
    from babel.numbers import format_decimal

    return f"{format_decimal(percent.normalize(), locale=_tag(locale)).translate(_MARKS)} %"


def decimal_text(number: Decimal, locale: str) -> str:
    """A number that is no amount, as people of a locale write it, no digit more than it has: 1.5, 0,0005."""
    from babel.numbers import format_decimal

    return format_decimal(number.normalize(), locale=_tag(locale), decimal_quantization=False).translate(_MARKS)


def parse_money(
    text: str, currency: str, locale: str, field: str = "amount", *, allow_negative: bool = False
) -> Decimal:
    """Read a typed amount, with or without its currency, exactly as the locale writes it.

    Raises BadInput for anything else: lax reading takes the German 1234.50 for 123450.
    """
    typed = _without_currency(text, currency, locale)
    amount = _number(typed, locale, field, digits=minor_digits(currency))
    if amount < 0 and not allow_negative:
        raise BadInput(f"{_the(field)} can't be below zero. Type {_written(-amount, locale, currency)}.", field=field)
    if -int(amount.as_tuple().exponent) > minor_digits(currency):
        raise BadInput(_too_fine(typed, amount, currency, locale, field), field=field)
    return rounded(amount, currency)


def parse_percent(text: str, locale: str, field: str = "percent") -> Decimal:
    """Read a percentage from 0 to 100, with or without its sign: 10, 12,5 %. Raises BadInput."""
    percent = _number(_tidy(text.replace("%", " "), locale), locale, field, digits=2)
    if not 0 <= percent <= 100:
        raise BadInput(f"{_the(field)} has to be between 0 and 100 %. Type 10 %, for example.", field=field)
    if -int(percent.normalize().as_tuple().exponent) > 4:
        raise BadInput(f"{_the(field)} is too fine: four digits behind the point are kept.", field=field)
    return percent


def parse_number(text: str, locale: str, field: str) -> Decimal:
    """Read a number that is no amount exactly as the locale writes it. Raises BadInput."""
    return _number(_tidy(text, locale), locale, field, digits=2)


def _from_units(units: int, currency: str) -> Decimal:
    return Decimal((0 if units >= 0 else 1, tuple(map(int, str(abs(units)))), -minor_digits(currency)))


def _tag(locale: str) -> str:
    return locale.replace("-", "_")


def _the(field: str) -> str:
    return f"The {_CALLED.get(field, field.replace('_', ' '))}"


_CALLED = {"left": "amount left", "cards": "card terminal's total"}
"""Fields whose name alone is no subject of a sentence."""


@lru_cache(maxsize=64)
def _signs(locale: str) -> tuple[str, str]:
    """The group and decimal signs of a locale; every kind of space stands for one."""
    from babel.numbers import get_decimal_symbol, get_group_symbol

    group = get_group_symbol(_tag(locale))
    return (" " if group.isspace() else group), get_decimal_symbol(_tag(locale))


def _tidy(text: str, locale: str) -> str:
    """What was typed with plain digits, plain spaces and a plain minus in front."""
    text = "".join(str(int(sign)) if sign.isdecimal() else sign for sign in text.translate(_MARKS))
    text = _SPACES.sub(" ", text.replace("\u2212", "-")).strip()
    if _signs(locale)[0] == "\u2019":
        text = text.translate(_SWISS_QUOTES)
    return text


def _without_currency(text: str, currency: str, locale: str) -> str:
    from babel.numbers import get_currency_symbol

    names = {currency, get_currency_symbol(currency, _tag(locale)), get_currency_symbol(currency, "en")}
    text = _tidy(text, locale)
    for name in sorted((_tidy(name, locale) for name in names), key=len, reverse=True):
        bare = re.sub(rf"^(-?)\s*{re.escape(name)}\s*|\s*{re.escape(name)}$", r"\1", text, count=1, flags=re.IGNORECASE)
        if bare != text:
            return bare
    return text


def _number(typed: str, locale: str, field: str, digits: int) -> Decimal:
    from babel.numbers import NumberFormatError, get_group_symbol, parse_decimal

    group, decimal = _signs(locale)
    shape = rf"-?[0-9]+({re.escape(group)}[0-9]+)*({re.escape(decimal)}[0-9]+)?"
    if not re.fullmatch(shape, typed):
        raise BadInput(_unreadable(typed, locale, field, digits), field=field)
    try:
        amount = parse_decimal(typed.replace(group, get_group_symbol(_tag(locale))), locale=_tag(locale), strict=True)
    except NumberFormatError:
        raise BadInput(_unreadable(typed, locale, field, digits), field=field) from None
    if abs(amount) >= LARGEST:
        raise BadInput(f"{_the(field)} is too large. Check that it isn't a number of another kind.", field=field)
    return amount


def _unreadable(typed: str, locale: str, field: str, digits: int) -> str:
    shown = "".join(sign for sign in typed if sign.isprintable())[:30]
    if not shown:
        return f"{_the(field)} is empty. Type it like {_example(Decimal('12.5'), locale, digits)}."
    meant = _meant(typed, digits)
    if meant is None:
        return f'{_the(field)} "{shown}" is not a number. Type it like {_example(Decimal("12.5"), locale, digits)}.'
    return f'{_the(field)} "{shown}" is not how numbers are written here. Type {_example(meant, locale, digits)}.'


def _meant(typed: str, digits: int) -> Decimal | None:
    """The likeliest reading of a number in a foreign hand: the last sign before a few digits is the decimal one."""
    if not re.fullmatch(r"-?[0-9.,' \u2019]*[0-9]", typed) or len(typed) > 20:
        return None
    pointed = re.sub(rf"[.,]([0-9]{{1,{max(digits, 1)}}})$", r"p\1", typed)
    return Decimal(re.sub("[^0-9p-]", "", pointed).replace("p", "."))


def _example(amount: Decimal, locale: str, digits: int) -> str:
    from babel.numbers import format_decimal

    return format_decimal(amount, format="0." + "0" * digits if digits else "0", locale=_tag(locale))


def _written(amount: Decimal, locale: str, currency: str) -> str:
    return _example(rounded(amount, currency), locale, minor_digits(currency))


def _too_fine(typed: str, amount: Decimal, currency: str, locale: str, field: str) -> str:
    digits, right = minor_digits(currency) or "no", _written(amount, locale, currency)
    return f'{_the(field)} "{typed}" is too fine: {currency} has {digits} decimals. Type {right}.'
