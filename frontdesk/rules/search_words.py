"""What a typed search means: its words, the beginnings of tokens that answer each, and the ways to who is meant.

The other half of `text.search_tokens`, which writes what is looked for here (features PE1). A search of two words would
read everybody called Jane to find the few whose other name begins with "d"; so tokens of two names exist as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from frontdesk.text import PAIR, PHONE, TAIL, TOKEN_LENGTH, clean, folded_email, phone_digits, tokens

WORDS = 5
"""As many words of a search count; more narrow nothing down."""

_SHORT = 6
"""So many digits beside a name are the last ones of a telephone number; more are all of it."""

_NUMBER = re.compile(r"[+(]*\d[\d+()./-]*|[+()./-]*")
_LIKE_EMAIL = re.compile(r"\w[._+]\w")


@dataclass(frozen=True)
class Word:
    """One word of a search."""

    said: str
    beginnings: tuple[str, ...]
    """Whoever has a token that begins with one of these is meant."""
    paired: tuple[str, ...] = ()
    """The same beside another name."""
    is_name: bool = False


@dataclass(frozen=True)
class Road:
    """One way to everybody who is meant: along the tokens that begin so, looking at each one's other words."""

    beginnings: tuple[str, ...]
    checks: tuple[Word, ...] = ()
    is_paired: bool = False


def search_words(typed: str, calling_code: str = "") -> list[Word]:
    """The words of a search as it is typed. A calling code ("44") lets a number begin with the nought one dials."""
    words: list[Word] = []
    alone = True
    for is_number, chunks in groupby(clean(typed).split(), key=lambda chunk: bool(_NUMBER.fullmatch(chunk))):
        if not is_number:
            named = [word for chunk in chunks for word in _words(chunk)]
            alone = alone and not named
            words += named
        elif phone_digits(number := "".join(chunks)):
            words.append(_number(number, calling_code))
    if not alone:
        words = [_beside_a_name(word) for word in words]
    return list(dict.fromkeys(words))[:WORDS]


def roads(words: Sequence[Word]) -> list[Road]:
    """The ways of which the least frequented is worth going: along pairs of names where there are two words."""
    if len(words) < 2:
        return plain_roads(words)
    one, other = sorted(words, key=lambda word: len(word.said), reverse=True)[:2]
    ways: list[Road] = []
    for name, beside in ((one, other), (other, one)):
        if not (name.is_name and len(name.said) >= PAIR and beside.paired):
            continue
        known = {beside} if len(name.said) > PAIR else {beside, name}
        checks = tuple(word for word in words if word not in known)
        lead = f" {name.said[:PAIR]} "
        ways.append(Road(tuple(lead + beginning for beginning in beside.paired), checks, is_paired=True))
        if len(beside.said) < PAIR:
            ways.append(_plain(name, words))
    return ways or plain_roads(words)


def plain_roads(words: Sequence[Word]) -> list[Road]:
    """One way for each word."""
    return [_plain(word, words) for word in words]


def beginnings_until(beginning: str) -> str:
    """Where tokens with this beginning end, in the order of code points."""
    last = ord(beginning[-1]) + 1
    return beginning[:-1] + chr(0xE000 if last == 0xD800 else min(last, 0x10FFFF))


def _plain(word: Word, words: Iterable[Word]) -> Road:
    return Road(word.beginnings, tuple(other for other in words if other != word))


def _words(chunk: str) -> list[Word]:
    if "@" in chunk:
        return [Word(chunk, (folded_email(chunk)[:TOKEN_LENGTH],))]
    parts = tokens(chunk)
    if len(parts) > 1 and _LIKE_EMAIL.search(chunk):
        joined = "".join(parts)[:TOKEN_LENGTH]
        return [Word(joined, (joined, folded_email(chunk)[:TOKEN_LENGTH]), (joined,), is_name=True)]
    cut = [part[:TOKEN_LENGTH] for part in parts]
    return [Word(part, (part,), (part,), is_name=not part[0].isdecimal()) for part in cut]


def _number(typed: str, calling_code: str) -> Word:
    digits = phone_digits(typed)
    tail = TAIL + (digits.lstrip("0") if len(digits) > _SHORT else digits)[::-1]
    if typed.startswith(("+", "00")):
        abroad = PHONE + digits.removeprefix("00")
        if typed.startswith("+") or len(digits) > _SHORT:
            return Word(digits, (abroad,))
        return Word(digits, (digits, tail, abroad), (tail, digits))
    phones = [PHONE + calling_code + digits.removeprefix("0")] if calling_code else []
    if not calling_code or digits.startswith(calling_code):
        phones.append(PHONE + digits)
    return Word(digits, (digits, tail, *phones), (tail, digits))


def _beside_a_name(word: Word) -> Word:
    if word.is_name or not word.said.isdecimal():
        return word
    if len(word.said) <= _SHORT:
        return Word(word.said, word.paired or word.beginnings, word.paired)
    return Word(word.said, word.beginnings)
