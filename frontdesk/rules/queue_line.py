"""What somebody types for a walk-in: `kim cut`, `kim lee beard trim with bo` (features CI3).

The service is the longest stretch of words that names one; behind it, or behind "with", may stand the stylist who was
asked for; every other word is the customer's name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from frontdesk.rules.vocabulary import Service, Stylist, Vocabulary, longest_name, picks

_FILLERS = frozenset({"a", "for", "the", "and"})


@dataclass(frozen=True)
class QueueLine:
    """Who wants what, and with whom if they said so."""

    who: str
    service_id: int | None
    stylist_id: int | None = None
    between: tuple[int, ...] = ()
    """Services that the words could all mean, when it is not clear."""


def read_line(text: str, vocabulary: Vocabulary) -> QueueLine:
    """The parts of a line. Nothing is guessed: what names no service stays part of the name."""
    words = text.split()
    stretch, services = _service(words, vocabulary)
    if not services:
        return QueueLine(" ".join(words), None)
    first, last = stretch
    before, after = words[:first], words[last:]
    stylist, after = _stylist(after, vocabulary)
    if stylist is None and "with" in [word.casefold() for word in before]:
        at = [word.casefold() for word in before].index("with")
        stylist, rest = _stylist(before[at:], vocabulary)
        before = before[:at] + rest
    who = " ".join(word for word in [*before, *after] if word.casefold() not in _FILLERS)
    if not who and stylist is not None and len(words) > last - first:
        who, stylist = " ".join(words[last:]), None  # "cut anna": there has to be somebody, so Anna is who came
    return QueueLine(who, services[0] if len(services) == 1 else None, stylist, services if services[1:] else ())


def _service(words: Sequence[str], vocabulary: Vocabulary) -> tuple[tuple[int, int], tuple[int, ...]]:
    """Where the service stands and which it may be: whole names before shortened ones, long before short, late before
    early, because names come first."""
    best: tuple[tuple[bool, int, int], tuple[int, int], tuple[int, ...]] | None = None
    for first in range(len(words)):
        for last in range(first + 1, min(len(words), first + longest_name(vocabulary)) + 1):
            picked, whole = picks(words[first:last], vocabulary)
            services = tuple(one.id for one in picked if isinstance(one, Service))
            rank = (whole, last - first, first)
            if services and (best is None or rank > best[0]):
                best = rank, (first, last), services
    return ((0, 0), ()) if best is None else best[1:]


def _stylist(words: Sequence[str], vocabulary: Vocabulary) -> tuple[int | None, list[str]]:
    """Who was asked for, from these words, and the words that are left."""
    said = [word for word in words if word.casefold() not in ("with", "by")]
    for count in (2, 1):
        if len(said) >= count:
            picked, whole = picks(said[:count], vocabulary)
            stylists = [one.id for one in picked if isinstance(one, Stylist)]
            if len(stylists) == 1 and (whole or len(words) > len(said)):
                return stylists[0], said[count:]
    return None, list(words)
