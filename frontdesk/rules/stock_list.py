"""A list of products and how many, as it is scanned or typed down: one a line, `5012345678900`, `sha 6`, `sha 6 @7.20`.

A product that stands on several lines is as many as all of them say: whoever scans every piece counts so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from frontdesk.errors import BadInput
from frontdesk.text import clean, folded

_LINE = re.compile(r"(?P<words>.+?)(?:\s+x?(?P<many>[0-9]{1,5})x?)?(?:\s*@\s*(?P<cost>\S+))?")


class Named(Protocol):
    """A product that can be meant."""

    @property
    def id(self) -> int:
        """Its number."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def code(self) -> str:
        """The shop's own."""

    @property
    def barcode(self) -> str | None:
        """What the scanner reads."""


@dataclass(frozen=True)
class Listed:
    """A product of the list and how many of it there are."""

    product_id: int
    name: str
    many: int
    cost: str = ""
    """As it was typed; of one."""


def listed(typed: str, shelf: Sequence[Named], field: str) -> tuple[Listed, ...]:
    """The products of a list, in its order. Raises BadInput naming the line."""
    found: dict[int, Listed] = {}
    for number, line in enumerate(typed.splitlines(), start=1):
        said = clean(line)
        if not said:
            continue
        product, many, cost = _meant(said, shelf, number, field)
        before = found.get(product.id)
        total = many + (before.many if before else 0)
        found[product.id] = Listed(product.id, product.name, total, cost or (before.cost if before else ""))
    return tuple(found.values())


def _meant(said: str, shelf: Sequence[Named], number: int, field: str) -> tuple[Named, int, str]:
    # What is a product as it stands is no quantity: a barcode, or a name that ends in a number.
    if exact := _called(said, shelf, exactly=True):
        return exact[0], 1, ""
    match = _LINE.fullmatch(said)
    assert match is not None
    words, many, cost = match["words"], match["many"], match["cost"] or ""
    likely = _called(words, shelf, exactly=True) or _called(words, shelf, exactly=False)
    if len(likely) == 1:
        return likely[0], int(many) if many else 1, cost
    if likely:
        names = ", ".join(one.name for one in likely[:4])
        raise BadInput(f"Line {number}: which {words} is meant: {names}? Type its code.", field=field)
    problem = f"Line {number}: no product is called {words} or has that barcode."
    raise BadInput(f"{problem} Put it on the shelf first, or take the line away.", field=field)


def _called(words: str, shelf: Sequence[Named], *, exactly: bool) -> list[Named]:
    wanted = folded(words)
    if exactly:
        for key in ("barcode", "code", "name"):
            if found := [one for one in shelf if folded(getattr(one, key) or "") == wanted]:
                return found[:1]
        return []
    return [one for one in shelf if wanted and folded(one.name).startswith(wanted)]
