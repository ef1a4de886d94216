"""What a service is made of, in a line: `45`, `30 + 45 processing + 30 finish`, `60 with lead, room + 15 cleanup`."""

from __future__ import annotations

import re
from collections.abc import Iterable

from frontdesk.errors import BadInput
from frontdesk.services.menu.catalogue import HOLDS, PART_KINDS, ServicePartCard, ServicePartWish

_PART = re.compile(r"(\d{1,4})\s*(?:m|min)?\s*([a-z-]*)\s*(?:with\s+(.+))?", re.IGNORECASE)
_ALONE = {"processing": ()}
_USUAL = ("lead",)


def parts_meant(words: str) -> tuple[ServicePartWish, ...]:
    """The parts that are meant; one without a kind is the service itself. Raises BadInput for the field `takes`."""
    return tuple(_part(piece.strip()) for piece in words.split("+") if piece.strip())


def parts_words(parts: Iterable[ServicePartCard]) -> str:
    """Parts as they can be typed again."""
    return " + ".join(_said(part) for part in parts)


def _part(piece: str) -> ServicePartWish:
    match = _PART.fullmatch(piece)
    kind = (match[2].lower() or "active") if match else ""
    if match is None or kind not in PART_KINDS:
        kinds = ", ".join(PART_KINDS)
        raise BadInput(
            f'"{piece}" is no part of a service. Say 45, or 30 + 45 processing + 30 finish. Kinds: {kinds}.',
            field="takes",
        )
    held = tuple(word for word in re.split(r"[\s,]+", match[3].lower()) if word) if match[3] else None
    if held == ("nobody",):
        held = ()
    unknown = next((word for word in held or () if word not in HOLDS), None)
    if unknown is not None:
        raise BadInput(f"A part can keep {', '.join(HOLDS)} or nobody busy, not {unknown}.", field="takes")
    return ServicePartWish(kind=kind, minutes=int(match[1]), holds=_ALONE.get(kind, _USUAL) if held is None else held)


def _said(part: ServicePartCard) -> str:
    kind = "" if part.kind == "active" else f" {part.kind}"
    usual = part.holds == _ALONE.get(part.kind, _USUAL)
    return f"{part.minutes}{kind}" + ("" if usual else f" with {', '.join(part.holds) or 'nobody'}")
