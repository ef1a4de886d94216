"""What the words of one typed line can mean, stretch by stretch: a step before deciding what they do mean."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time

from frontdesk.rules.vocabulary import Pick, Service, Stylist, Vocabulary, longest_name, picks
from frontdesk.rules.when import Day, Fixed, InWeeks, Said, Weekday, Wrong, heard_when
from frontdesk.text import clean

LONGEST_DATE = 6
"""Words in "on the 12th of march 2027"."""

_WORDS = re.compile(r'"[^"]*"?|\+\d[^\s,;+]*|[^\s,;+"]+')
_QUOTES = str.maketrans("“”„«»", '"""""')
_SOONEST = frozenset({"next", "soonest", "asap", "now"})
_FILLERS = frozenset({"for", "and", "&", "at", "on", "@", "the", "please", "any", "anyone", "anybody", "with", "w/"})
# Words that change what stands beside them. Read past, "after 3" would be booked at three.
_NOT_YET = frozenset(
    {"am", "pm", "morning", "afternoon", "evening", "tonight", "half", "quarter", "past", "after", "before", "from"}
    | {"to", "until", "till", "between", "or", "not", "in", "this", "every", "each", "week", "weeks", "month", "months"}
)


@dataclass(frozen=True, slots=True)
class Name:
    """A part of the customer's name, or of a telephone number."""


@dataclass(frozen=True, slots=True)
class Soonest:
    """The first free time."""


@dataclass(frozen=True, slots=True)
class Nobody:
    """Somebody asked for as a stylist who is none."""


Meaning = Day | time | Wrong | Pick | Name | Soonest | Nobody


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


def spoken(text: str) -> list[str]:
    """The words of a line. Commas and plus signs part them, +3d and what stands in quotes stay whole."""
    return _WORDS.findall(clean(text).translate(_QUOTES))


def heard(words: Sequence[str], vocabulary: Vocabulary, said: Said) -> list[Heard]:
    """The line from left to right, every time the longest stretch that means something."""
    longest, stretches, place = max(longest_name(vocabulary), LONGEST_DATE), list[Heard](), 0
    while place < len(words):
        stretches.append(_stretch(words, place, longest, vocabulary, said))
        place = stretches[-1].last
    return stretches


def role(meaning: Meaning) -> str:
    """What a meaning fills on a visit: a visit has one day, one time and one stylist, but several services."""
    if isinstance(meaning, Fixed | Weekday | InWeeks):
        return "day"
    return "time" if isinstance(meaning, time) else type(meaning).__name__.casefold()


def _stretch(words: Sequence[str], first: int, longest: int, vocabulary: Vocabulary, said: Said) -> Heard:
    word = words[first]
    if word.startswith('"'):
        return Heard(first, first + 1, word.strip('" '), (Name(),) if word.strip('" ') else ())
    if word.casefold() in ("with", "w/") and first + 1 < len(words):
        return _stylist_after(words, first, longest, vocabulary, said)
    for last in range(min(first + longest, len(words)), first, -1):
        if found := _known(words, first, last, vocabulary, said):
            return found
    return Heard(first, first + 1, word, _unknown(word))


def _known(words: Sequence[str], first: int, last: int, vocabulary: Vocabulary, said: Said) -> Heard | None:
    stretch = words[first:last]
    if any(word.startswith('"') for word in stretch):
        return None
    text = " ".join(stretch)
    picked, whole = picks(stretch, vocabulary)
    meanings: tuple[Meaning, ...] = heard_when(text, said)
    if re.fullmatch(r"\d{3,4}", text):
        meanings = (*(meaning for meaning in meanings if not isinstance(meaning, Wrong)), Name())
    if whole:
        meanings = tuple(meaning for meaning in meanings if not isinstance(meaning, Wrong))
    if whole or not meanings:
        meanings = (*picked, *meanings)
    return Heard(first, last, text, _perhaps_name(meanings, text, whole=whole), whole) if meanings else None


def _perhaps_name(meanings: tuple[Meaning, ...], text: str, *, whole: bool) -> tuple[Meaning, ...]:
    """A stylist's name, a shortened word and "tom" may be the customer; Cut and tuesday are not."""
    shortened = not whole and any(isinstance(meaning, Service | Stylist) for meaning in meanings)
    a_name = shortened or text.casefold() == "tom" or any(isinstance(meaning, Stylist) for meaning in meanings)
    return (*(meaning for meaning in meanings if meaning != Name()), Name()) if a_name else meanings


def _stylist_after(words: Sequence[str], first: int, longest: int, vocabulary: Vocabulary, said: Said) -> Heard:
    """ "with anna" is the stylist, whatever else anna could be."""
    after = _stretch(words, first + 1, longest, vocabulary, said)
    stylists = tuple(meaning for meaning in after.meanings if isinstance(meaning, Stylist))
    if stylists:
        return Heard(first, after.last, after.words, stylists, whole=True)
    if after.is_name:
        return Heard(first, after.last, after.words, (Nobody(),))
    return Heard(first, first + 1, words[first], ())


def _unknown(word: str) -> tuple[Meaning, ...]:
    plain = word.casefold()
    if plain in _SOONEST:
        return (Soonest(),)
    if plain in _FILLERS:
        return ()
    is_number = re.fullmatch(r"\+?\d{3,}", plain) is not None
    if plain in _NOT_YET or (not is_number and any(sign.isdecimal() for sign in plain)):
        return (Wrong(f'"{word}" is not understood here. Leave it out, or put a name in quotes.'),)
    return (Name(),)
