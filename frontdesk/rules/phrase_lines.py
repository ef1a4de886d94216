"""Which stylist, length and add-ons belong to which service of a line (features BK10, BK11).

A comma parts who does what: "colour+cut anna, blow-dry bo". Where it does not, each stylist stands behind what he does,
or each before it; anything else is for somebody to say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from frontdesk.rules.hearing import Anyone, Heard, Spoken, Unassigned
from frontdesk.rules.phrase_wishes import Line
from frontdesk.rules.times import Length
from frontdesk.rules.vocabulary import Service, Stylist, Vocabulary, is_addon

Who = Stylist | Anyone | Unassigned
Piece = tuple[Service | Who | Length, Heard, int]
"""What is said, where, and in which clause."""


@dataclass(frozen=True, slots=True)
class Unclear:
    """What can't be given to one service."""

    what: tuple[tuple[Who | Length | Service, Heard], ...]
    """Stylists of whom one is meant, a length without a service of its own, or the services nobody was named for."""


def pieces(stretches: Sequence[Heard], typed: Spoken) -> list[Piece]:
    """The services, stylists and lengths of a line in their order, with the clause each stands in."""
    found: list[Piece] = []
    for stretch in stretches:
        for meaning in stretch.others[:1]:
            if isinstance(meaning, Service | Stylist | Anyone | Unassigned | Length):
                found.append((meaning, stretch, typed.clause(stretch.first)))
    return found


def lines_of(found: Sequence[Piece], vocabulary: Vocabulary) -> tuple[Line, ...] | Unclear:
    """Every service with what belongs to it, or what is not clear. A line without services has none."""
    mains = [place for place, piece in enumerate(found) if _is_main(piece[0], vocabulary)]
    if not mains:
        return ()
    whose = _stylists(found, mains)
    if isinstance(whose, Unclear):
        return whose
    lengths = _lengths(found, mains)
    if isinstance(lengths, Unclear):
        return lengths
    addons: dict[int, list[int]] = {place: [] for place in mains}
    for place, (meaning, _, _) in enumerate(found):
        if isinstance(meaning, Service) and place not in addons:
            addons[max((main for main in mains if main < place), default=mains[0])].append(meaning.id)
    return tuple(
        replace(_line(found[place][0], whose[place]), minutes=lengths.get(place), addons=tuple(addons[place]))
        for place in mains
    )


def _line(service: object, who: Who | None) -> Line:
    assert isinstance(service, Service)
    return Line(
        service.id,
        who.id if isinstance(who, Stylist) else None,
        anyone=isinstance(who, Anyone),
        unassigned=isinstance(who, Unassigned),
    )


def _is_main(meaning: object, vocabulary: Vocabulary) -> bool:
    return isinstance(meaning, Service) and not is_addon(meaning.id, vocabulary)


def _stylists(found: Sequence[Piece], mains: Sequence[int]) -> dict[int, Who | None] | Unclear:
    clauses = {found[place][2] for place in mains}
    if len(clauses) == 1:
        return _of_clause(range(len(found)), found, mains)
    outside = [(piece[0], piece[1]) for piece in found if piece[2] not in clauses and _is_who(piece[0])]
    for_all = {meaning for meaning, _ in outside}
    if len(for_all) > 1:
        return _of_clause(range(len(found)), found, mains)
    default = next(iter(for_all), None)
    whose: dict[int, Who | None] = {}
    for clause in sorted(clauses):
        own = [place for place, piece in enumerate(found) if piece[2] == clause]
        given = _of_clause(own, found, [place for place in mains if place in own])
        if isinstance(given, Unclear):
            return given
        whose |= {place: who or _who(default) for place, who in given.items()}
    left = [place for place, who in whose.items() if who is None]
    if left and len(left) < len(mains):
        return Unclear(tuple((_service(found[place][0]), found[place][1]) for place in left))
    return whose


def _of_clause(places: Sequence[int], found: Sequence[Piece], mains: Sequence[int]) -> dict[int, Who | None] | Unclear:
    """One stylist does all of it; of several, each does what stands right before, or right behind."""
    named = [place for place in places if _is_who(found[place][0])]
    people = {found[place][0] for place in named}
    if len(people) <= 1:
        return {main: _who(next(iter(people), None)) for main in mains}
    behind = {main: min((place for place in named if place > main), default=None) for main in mains}
    before = {main: max((place for place in named if place < main), default=None) for main in mains}
    for way in (behind, before):
        if set(way.values()) == set(named):
            return {main: _who(found[place][0]) for main, place in way.items() if place is not None}
    return Unclear(tuple((who, found[place][1]) for place in named if (who := _who(found[place][0])) is not None))


def _lengths(found: Sequence[Piece], mains: Sequence[int]) -> dict[int, int] | Unclear:
    """A length is of the service before it; at the head of a line, of its only service."""
    given: dict[int, int] = {}
    for place, (meaning, stretch, clause) in enumerate(found):
        if not isinstance(meaning, Length):
            continue
        before = [main for main in mains if main < place and found[main][2] == clause]
        of = before[-1] if before else mains[0] if len(mains) == 1 else None
        if of is None or given.get(of, meaning.minutes) != meaning.minutes:
            return Unclear(((meaning, stretch),))
        given[of] = meaning.minutes
    return given


def _is_who(meaning: object) -> bool:
    return isinstance(meaning, Stylist | Anyone | Unassigned)


def _who(meaning: object) -> Who | None:
    return meaning if isinstance(meaning, Stylist | Anyone | Unassigned) else None


def _service(meaning: object) -> Service:
    assert isinstance(meaning, Service)
    return meaning
