"""What each stretch of a line means after all: what can't be meant beside the rest of the line is dropped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from frontdesk.rules.hearing import Heard, Meaning, Name, Spoken, role
from frontdesk.rules.vocabulary import Service, Stylist
from frontdesk.rules.when import Fixed

_TAKEN_ONCE = frozenset({"day", "time", "stylist"})

Sought = TypeVar("Sought")


def sorted_out(stretches: list[Heard], typed: Spoken) -> list[Heard]:
    """Drop what a stretch can't mean because another certainly means it: with "tue", tom is no day.

    Stylists are taken once in each clause that has a service of its own.
    """
    apart = _clauses(stretches, typed)
    while True:
        taken = {
            (role(stretch.meanings[0]), _place(stretch, typed, apart))
            for stretch in stretches
            if len(stretch.meanings) == 1 and role(stretch.meanings[0]) in _TAKEN_ONCE
        }
        fewer = [_fewer(place, stretches, taken, typed, apart) for place in range(len(stretches))]
        if fewer == stretches:
            return stretches
        stretches = fewer


def likely(place: int, stretches: Sequence[Heard]) -> tuple[Meaning, ...]:
    """What a stretch may mean after all: the customer only where a customer's name could stand."""
    stretch = stretches[place]
    if stretch.is_name or len(stretch.others) == len(stretch.meanings):
        return stretch.meanings
    return stretch.meanings if _may_be_customer(place, stretches) else stretch.others


def who(stretches: Sequence[Heard]) -> str:
    """The customer's words as typed; an "and" stays between two of them."""
    parts = [
        stretch.words
        for place, stretch in enumerate(stretches)
        if stretch.is_name
        or (stretch.words in ("and", "&") and is_name(place - 1, stretches) and is_name(place + 1, stretches))
    ]
    return " ".join(parts)


def beside_name(place: int, stretches: Sequence[Heard]) -> bool:
    """Whether a customer's name stands right before or behind."""
    return is_name(place - 1, stretches) or is_name(place + 1, stretches)


def is_name(place: int, stretches: Sequence[Heard]) -> bool:
    """Whether there is a stretch at that place, and it can only be the customer."""
    return 0 <= place < len(stretches) and stretches[place].is_name


def every(stretches: Sequence[Heard], kind: type[Sought]) -> list[tuple[Sought, Heard]]:
    """Each stretch that means something of a kind, with the meaning."""
    return [(meaning, each) for each in stretches for meaning in each.others[:1] if isinstance(meaning, kind)]


def _clauses(stretches: Sequence[Heard], typed: Spoken) -> frozenset[int]:
    """The clauses that have a service of their own; none when all services stand in one."""
    found = {
        typed.clause(stretch.first)
        for stretch in stretches
        if any(isinstance(meaning, Service) for meaning in stretch.meanings)
    }
    return frozenset(found) if len(found) > 1 else frozenset()


def _place(stretch: Heard, typed: Spoken, apart: frozenset[int]) -> int:
    """The clause that a stylist belongs to; everything else belongs to the line."""
    clause = typed.clause(stretch.first)
    return clause if clause in apart and isinstance(stretch.meanings[0], Stylist) else -1


def _fewer(
    place: int, stretches: Sequence[Heard], taken: set[tuple[str, int]], typed: Spoken, apart: frozenset[int]
) -> Heard:
    stretch = stretches[place]
    if len(stretch.meanings) < 2:
        return stretch
    clause = typed.clause(stretch.first)
    own = clause if clause in apart else -1
    left = tuple(
        meaning
        for meaning in stretch.meanings
        if (role(meaning), own if isinstance(meaning, Stylist) else -1) not in taken
    )
    second_stylist = stretch.whole and left == (Name(),) and who(stretches) and not beside_name(place, stretches)
    return stretch if second_stylist or not left else replace(stretch, meanings=left)


def _may_be_customer(place: int, stretches: Sequence[Heard]) -> bool:
    stretch = stretches[place]
    if not who(stretches):
        return True
    if any(isinstance(meaning, Fixed) for meaning in stretch.others):
        return is_name(place + 1, stretches)
    if stretch.whole or all(isinstance(meaning, Service) for meaning in stretch.others):
        return False
    return beside_name(place, stretches)
