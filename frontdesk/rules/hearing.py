"""What the words of one typed line can mean, stretch by stretch: a step before deciding what they do mean."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import time

from frontdesk.rules.often import Every, Times, heard_often
from frontdesk.rules.times import Length, Window, heard_clock
from frontdesk.rules.vocabulary import Pick, Service, Stylist, Vocabulary, longest_name, picks
from frontdesk.rules.when import Days, Fixed, InWeeks, Said, Span, Weekday, Wrong, heard_days
from frontdesk.text import clean

LONGEST_DATE = 8
"""Words in "between half past 2 and quarter to 4"."""

_WORDS = re.compile(r'"[^"]*"?|\+\d[^\s,;+]*|[,;+]|[^\s,;+"]+')
_QUOTES = str.maketrans("“”„«»", '"""""')
_SOONEST = frozenset({"next", "soonest", "asap", "now"})
_ANYONE = frozenset({"any", "anyone", "anybody", "whoever"})
_UNASSIGNED = frozenset({"unassigned", "nobody"})
_FILLERS = frozenset({"for", "and", "&", "at", "on", "@", "the", "please", "with", "w/"})
_AGAIN = {"the first time": False, "the second time": True}
# Words that change what stands beside them. Read past, "after 3" would be booked at three.
_NOT_YET = frozenset(
    {"half", "quarter", "past", "after", "before", "from", "to", "until", "till", "between", "or", "not", "in", "this"}
    | {"every", "each", "weeks", "months"}
)


@dataclass(frozen=True, slots=True)
class Name:
    """A part of the customer's name, or of a telephone number."""


@dataclass(frozen=True, slots=True)
class Soonest:
    """The first free time."""


@dataclass(frozen=True, slots=True)
class Anyone:
    """Whoever is free, and not whom the customer likes best."""


@dataclass(frozen=True, slots=True)
class Unassigned:
    """Nobody yet: somebody will take it."""


@dataclass(frozen=True, slots=True)
class Without:
    """An add-on that is not wanted: "no gloss"."""

    service: int


@dataclass(frozen=True, slots=True)
class Again:
    """Which of the two hours that the autumn change brings: "1:30 second"."""

    second: bool


@dataclass(frozen=True, slots=True)
class To:
    """Between where a visit is and where it goes."""


@dataclass(frozen=True, slots=True)
class Nobody:
    """Somebody asked for as a stylist who is none."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """Something asked for as a service that is none: it stands behind a plus sign."""


Meaning = (
    Days | time | Window | Length | Every | Times | Again | Wrong | Pick
    | Anyone | Unassigned | Without | Name | Soonest | To | Nobody | Nothing
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spoken:
    """The words of a line, and where commas and plus signs stand between them."""

    words: tuple[str, ...]
    breaks: frozenset[int] = frozenset()
    """The words that a comma stands before."""
    joined: frozenset[int] = frozenset()
    """The words that a plus sign stands before."""

    def clause(self, place: int) -> int:
        """How many commas stand before a word."""
        return sum(1 for each in self.breaks if each <= place)


@dataclass(frozen=True, slots=True)
class Ear:
    """What a line is heard with."""

    vocabulary: Vocabulary
    said: Said
    names_two: bool = False
    """Two customers are named: "with" stands between them, and makes nobody a stylist."""
    bare_minutes: bool = False
    """A number alone is minutes: "late bo 20"."""
    has_to: bool = False
    """ "to" parts where a visit is from where it goes."""
    longest: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "longest", max(longest_name(self.vocabulary), LONGEST_DATE))


@dataclass(frozen=True, slots=True)
class Heard:
    """A stretch of words, from first to before last, and everything it can mean; nothing for a filler like "for"."""

    first: int
    last: int
    words: str
    meanings: tuple[Meaning, ...]
    whole: bool = False
    """Named in full, not shortened."""

    @property
    def is_name(self) -> bool:
        """Whether it can only be the customer."""
        return self.meanings == (Name(),)

    @property
    def others(self) -> tuple[Meaning, ...]:
        """What else than a name it can mean."""
        return tuple(meaning for meaning in self.meanings if not isinstance(meaning, Name))


def spoken(text: str) -> Spoken:
    """The words of a line. Commas and plus signs part them, +3d and what stands in quotes stay whole."""
    words, breaks, joined = list[str](), set[int](), set[int]()
    for found in _WORDS.findall(clean(text).translate(_QUOTES)):
        if found == "+":
            joined.add(len(words))
        elif found in ",;":
            breaks.add(len(words))
        else:
            words.append(found)
    between = range(1, len(words))
    return Spoken(tuple(words), frozenset(breaks.intersection(between)), frozenset(joined.intersection(between)))


def heard(typed: Spoken, ear: Ear, first: int = 0) -> list[Heard]:
    """The line from left to right, every time the longest stretch that means something."""
    stretches, place = list[Heard](), first
    while place < len(typed.words):
        stretches.append(_again(stretches, _stretch(typed, place, ear)))
        place = stretches[-1].last
    return stretches


def role(meaning: Meaning) -> str:
    """What a meaning fills on a visit: a visit has one day, one time and one stylist, but several services."""
    if isinstance(meaning, Fixed | Weekday | InWeeks | Span):
        return "day"
    return "time" if isinstance(meaning, time) else type(meaning).__name__.casefold()


def _again(before: Sequence[Heard], stretch: Heard) -> Heard:
    """ "first" and "second" tell two hours apart where they stand behind a time; elsewhere they are names."""
    word = stretch.words.casefold()
    if word in ("first", "second") and before and any(isinstance(each, time) for each in before[-1].meanings):
        return Heard(stretch.first, stretch.last, stretch.words, (Again(word == "second"),))
    return stretch


def _stretch(typed: Spoken, first: int, ear: Ear) -> Heard:
    word = typed.words[first]
    if word.startswith('"'):
        return Heard(first, first + 1, word.strip('" '), (Name(),) if word.strip('" ') else ())
    if word.casefold() in ("with", "w/") and first + 1 < len(typed.words) and not ear.names_two:
        return _stylist_after(typed, first, ear)
    if word.casefold() in ("no", "without") and first + 1 < len(typed.words):
        return _without(typed, first, ear)
    until = min([first + ear.longest, len(typed.words), *(each for each in typed.breaks if each > first)])
    for last in range(until, first, -1):
        if found := _known(typed, first, last, ear):
            return found
    return Heard(first, first + 1, word, _unknown(typed, first, ear))


def _known(typed: Spoken, first: int, last: int, ear: Ear) -> Heard | None:
    stretch = typed.words[first:last]
    if any(word.startswith('"') for word in stretch):
        return None
    text = " ".join(stretch)
    picked, whole = picks(stretch, ear.vocabulary)
    meanings = _when(text, ear)
    if re.fullmatch(r"\d{3,4}", text) and meanings != (Length(int(text)),):
        meanings = (*(meaning for meaning in meanings if not isinstance(meaning, Wrong)), Name())
    if whole:
        meanings = tuple(meaning for meaning in meanings if not isinstance(meaning, Wrong))
    if whole or not meanings:
        meanings = (*picked, *meanings)
    if first in typed.joined and (services := tuple(each for each in meanings if isinstance(each, Service))):
        return Heard(first, last, text, services, whole=True)
    return Heard(first, last, text, _perhaps_name(meanings, text, whole=whole), whole) if meanings else None


def _when(text: str, ear: Ear) -> tuple[Meaning, ...]:
    """Every day, time, length and rule that a few words can mean; one Wrong if they only sound like one."""
    if ear.bare_minutes and re.fullmatch(r"\d{1,3}", text) and int(text):
        return (Length(int(text)),)
    if text.casefold() in _AGAIN:
        return (Again(_AGAIN[text.casefold()]),)
    days = heard_days(text, ear.said)
    found: list[Meaning] = [days] if days else []
    found += [*heard_clock(text, ear.said), *heard_often(text)]
    right = tuple(each for each in found if not isinstance(each, Wrong))
    return right or tuple(found[:1])


def _perhaps_name(meanings: tuple[Meaning, ...], text: str, *, whole: bool) -> tuple[Meaning, ...]:
    """A stylist's name, a shortened word and "tom" may be the customer; Cut and tuesday are not."""
    shortened = not whole and any(isinstance(meaning, Service | Stylist) for meaning in meanings)
    a_name = shortened or text.casefold() == "tom" or any(isinstance(meaning, Stylist) for meaning in meanings)
    return (*(meaning for meaning in meanings if meaning != Name()), Name()) if a_name else meanings


def _stylist_after(typed: Spoken, first: int, ear: Ear) -> Heard:
    """ "with anna" is the stylist, whatever else anna could be."""
    after = _stretch(typed, first + 1, ear)
    stylists = tuple(meaning for meaning in after.meanings if isinstance(meaning, Stylist | Anyone | Unassigned))
    if stylists:
        return Heard(first, after.last, after.words, stylists, whole=True)
    if after.is_name:
        return Heard(first, after.last, after.words, (Nobody(),))
    return Heard(first, first + 1, typed.words[first], ())


def _without(typed: Spoken, first: int, ear: Ear) -> Heard:
    """ "no gloss" is the answer to a question about an add-on; before anything else "no" is a name."""
    after = _stretch(typed, first + 1, ear)
    services = tuple(Without(each.id) for each in after.meanings if isinstance(each, Service))
    if services:
        return Heard(first, after.last, after.words, services, whole=True)
    return Heard(first, first + 1, typed.words[first], (Name(),))


def _unknown(typed: Spoken, place: int, ear: Ear) -> tuple[Meaning, ...]:
    word = typed.words[place]
    plain = word.casefold()
    if plain in _SOONEST:
        return (Soonest(),)
    if plain in _ANYONE:
        return (Anyone(),)
    if plain in _UNASSIGNED:
        return (Unassigned(),)
    if plain in _FILLERS:
        return ()
    if plain in ("to", "→") and ear.has_to:
        return (To(),)
    is_number = re.fullmatch(r"\+?\d{3,}", plain) is not None
    if plain in _NOT_YET or (not is_number and any(sign.isdecimal() for sign in plain)):
        return (Wrong(f'"{word}" is not understood here. Leave it out, or put a name in quotes.'),)
    return (Nothing(),) if place in typed.joined else (Name(),)
