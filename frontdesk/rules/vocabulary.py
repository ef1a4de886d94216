"""What a shop's services and stylists are called, and which of them a few words name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from frontdesk.text import tokens

SHORTEST = 3
"""Letters a shortened name needs; a code may be shorter if it is given as a name."""


@dataclass(frozen=True, slots=True)
class Named:
    """A service or a stylist under every name it goes by: the full name first, then short forms and codes."""

    id: int
    names: tuple[str, ...]
    addon: bool = False
    """A service that is never given alone."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Everything that can be named on one line."""

    services: tuple[Named, ...]
    stylists: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class Service:
    """A service that words name."""

    id: int


@dataclass(frozen=True, slots=True)
class Stylist:
    """A stylist whom words name."""

    id: int


Pick = Service | Stylist


def picks(words: Sequence[str], vocabulary: Vocabulary) -> tuple[tuple[Pick, ...], bool]:
    """What these words name, and whether by a whole name. Spaces, hyphens, accents and case don't matter.

    Whole names win over shortened ones; of those, every one that begins so is returned.
    """
    parts = ["".join(tokens(word)) for word in words]
    if not parts[0] or not parts[-1]:
        return (), False
    typed = "".join(parts)
    whole = _called(typed, vocabulary, whole=True)
    if whole or len(parts[-1]) < SHORTEST:
        return whole, bool(whole)
    return _called(typed, vocabulary, whole=False), False


def title(pick: Pick, vocabulary: Vocabulary) -> str:
    """The full name, or the first name that nobody else in the vocabulary shares."""
    everyone = vocabulary.services if isinstance(pick, Service) else vocabulary.stylists
    names = next(named.names for named in everyone if named.id == pick.id)
    alone = [name for name in names if len(_called(_joined(name), vocabulary, whole=True)) == 1]
    return (alone or list(names))[0]


def is_addon(service_id: int, vocabulary: Vocabulary) -> bool:
    """Whether a service is something added to another."""
    return next(named.addon for named in vocabulary.services if named.id == service_id)


def longest_name(vocabulary: Vocabulary) -> int:
    """How many words the longest name has."""
    everyone = (*vocabulary.services, *vocabulary.stylists)
    return max((len(name.split()) + name.count("-") for named in everyone for name in named.names), default=1)


def _called(typed: str, vocabulary: Vocabulary, *, whole: bool) -> tuple[Pick, ...]:
    found: list[Pick] = [Service(named.id) for named in vocabulary.services if _answers(named, typed, whole=whole)]
    found += [Stylist(named.id) for named in vocabulary.stylists if _answers(named, typed, whole=whole)]
    return tuple(found)


def _answers(named: Named, typed: str, *, whole: bool) -> bool:
    names = [_joined(name) for name in named.names]
    return typed in names if whole else any(name.startswith(typed) for name in names)


@lru_cache(maxsize=4096)
def _joined(name: str) -> str:
    return "".join(tokens(name))
