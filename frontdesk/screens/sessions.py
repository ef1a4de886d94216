"""Sessions of services as they are typed into a field: `5 Cut, 1 Colour` (feature CO9)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from frontdesk.errors import BadInput
from frontdesk.services.menu.catalogue import ServiceCard
from frontdesk.services.packages.packages import PackageContents, Sessions
from frontdesk.text import folded

_COUNT_FIRST = re.compile(r"(\d{1,5})\s*[x×]?\s+(.+)", re.IGNORECASE)
_COUNT_LAST = re.compile(r"(.+?)\s*[:x×]?\s*(\d{1,5})", re.IGNORECASE)


def sessions_meant(words: str, menu: Sequence[ServiceCard], field: str = "services") -> tuple[Sessions, ...]:
    """How often which services. Raises BadInput for the field."""
    return tuple(_session(piece.strip(), menu, field) for piece in words.split(",") if piece.strip())


def sessions_words(contents: Iterable[PackageContents]) -> str:
    """Sessions as they can be typed again."""
    return ", ".join(f"{one.sessions} {one.service}" for one in contents)


def _session(piece: str, menu: Sequence[ServiceCard], field: str) -> Sessions:
    found = _COUNT_FIRST.fullmatch(piece)
    number, name = (found[1], found[2]) if found else ("", "")
    if found is None and (found := _COUNT_LAST.fullmatch(piece)):
        number, name = found[2], found[1]
    if found is None:
        raise BadInput(f'"{piece}" does not say how many. Say 5 Cut, 1 Colour.', field=field)
    return Sessions(service_id=_named(name, menu, field).id, sessions=int(number))


def _named(words: str, menu: Iterable[ServiceCard], field: str) -> ServiceCard:
    """By its name, its code, or a beginning that only one has."""
    known, wanted = [one for one in menu if one.is_active], folded(words.strip())
    exact = [one for one in known if wanted in (folded(one.name), folded(one.code))]
    found = exact or [one for one in known if wanted and folded(one.name).startswith(wanted)]
    if len(found) == 1:
        return found[0]
    listed = ", ".join(one.name for one in (found or known)[:6])
    if found:
        raise BadInput(f"Which service? {listed}.", field=field)
    raise BadInput(f"There is no service {words.strip()}. On the menu: {listed or 'nothing yet'}.", field=field)
