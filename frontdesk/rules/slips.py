"""Slips of the fingers in the words of the booking line: "tuseday", "massgae" (features N1).

Short words forgive little, because names are short too: with three letters only two that changed places, with four
one slip behind the first letter, from five on one slip, from eight on two.
"""

from __future__ import annotations

from functools import lru_cache

from frontdesk.rules.vocabulary import Vocabulary
from frontdesk.text import tokens

DAY_WORDS = (
    *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    *("mon", "tue", "wed", "thu", "fri", "sat", "sun", "tues", "weds", "thurs"),
    *("today", "tomorrow", "tonight", "yesterday", "morning", "afternoon", "evening", "noon", "midday"),
    *("every", "next", "week", "weeks", "weekend", "month", "weekly", "monthly", "until", "unassigned", "anyone"),
    *("january", "february", "march", "april", "august", "september", "october", "november", "december"),
)
"""What is said of when, and may be mistyped. Short months stay out: too many people are called nearly so."""


def meant_by(word: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The words of the shop and of the calendar that a word is a slip of; nothing when it is one of them, or like none.

    Words that lead to the same are there once.
    """
    typed = "".join(tokens(word))
    known = (*_names(vocabulary), *((day, day) for day in DAY_WORDS))
    found = {said: whole for said, whole in known if is_slip(typed, said)}
    slips = {whole: _slips(typed, said) for said, whole in found.items()}
    fewest = min(slips.values(), default=0)
    return tuple(whole for whole, count in slips.items() if count == fewest)


def is_slip(typed: str, meant: str) -> bool:
    """Whether a word is another one with so few letters wrong that it was probably meant."""
    if typed == meant or not typed.isalpha() or not meant.isalpha():
        return False
    short = min(len(typed), len(meant))
    if short < 3 or abs(len(typed) - len(meant)) > 2:
        return False
    if short == 3:
        return is_turned(typed, meant) or _is_doubled(typed, meant)
    if short == 4 and typed[0] != meant[0]:
        return False
    return _slips(typed, meant) <= (2 if short >= 8 else 1)


def is_turned(typed: str, meant: str) -> bool:
    """Whether two letters changed places, and nothing else."""
    return len(typed) == len(meant) and sorted(typed) == sorted(meant) and _slips(typed, meant) == 1


def _is_doubled(typed: str, meant: str) -> bool:
    return any(
        typed[:place] + typed[place + 1 :] == meant
        for place in range(1, len(typed))
        if typed[place] == typed[place - 1]
    )


def _slips(typed: str, meant: str) -> int:
    from rapidfuzz.distance import OSA

    return int(OSA.distance(typed, meant))


@lru_cache(maxsize=16)
def _names(vocabulary: Vocabulary) -> tuple[tuple[str, str], ...]:
    """Every word of every name, as it is compared and as it is written; a name of several also as one."""
    found: dict[str, str] = {}
    for named in (*vocabulary.services, *vocabulary.stylists):
        for name in named.names:
            words = name.split()
            found |= {"".join(tokens(word)): word for word in words}
            found["".join(tokens(name))] = name if len(words) == 1 else "".join(tokens(name))
    return tuple(found.items())
