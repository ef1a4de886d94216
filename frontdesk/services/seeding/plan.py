"""Everything that is about to be written, row by row, before anything is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple, TypeVar

R = TypeVar("R", bound=NamedTuple)


class Plan:
    """Rows by kind, in the order they were planned."""

    def __init__(self) -> None:
        self.rows: dict[type[Any], list[Any]] = defaultdict(list)
        self._given: dict[type[Any], int] = defaultdict(int)

    def add(self, *rows: NamedTuple) -> None:
        """One or a few."""
        for row in rows:
            self.rows[type(row)].append(row)

    def extend(self, rows: Iterable[NamedTuple]) -> None:
        """Many."""
        self.add(*rows)

    def fresh(self) -> dict[type[Any], list[Any]]:
        """Every row that was not given out before."""
        news = {kind: planned[self._given[kind] :] for kind, planned in self.rows.items()}
        self._given.update({kind: len(planned) for kind, planned in self.rows.items()})
        return news

    def next_id(self, kind: type[Any]) -> int:
        """The number of the next row of a kind, counted from 1."""
        return len(self.rows[kind]) + 1

    def of(self, kind: type[R]) -> list[R]:
        """All rows of a kind."""
        return self.rows[kind]
