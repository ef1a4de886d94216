"""Other people's processes: which a process has started, and waiting for one of them to end."""

from __future__ import annotations

import os
import select
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Watched:
    """A process that can be waited for though it is nobody's child here."""

    pid: int
    descriptor: int

    @classmethod
    def of(cls, pid: int) -> Watched:
        """Hold on to a running process, so that its number can't be taken for another's."""
        return cls(pid, os.pidfd_open(pid))

    def ended(self, within: float = 20) -> bool:
        """Whether it ends within so many seconds; a zombie has ended."""
        ready, _, _ = select.select([self.descriptor], [], [], within)
        return bool(ready)


def children(pid: int) -> list[Watched]:
    """The processes that a process has started and that still run."""
    found: list[Watched] = []
    for thread in Path(f"/proc/{pid}/task").iterdir():
        for child in (thread / "children").read_text().split():
            watched = Watched.of(int(child))
            if not watched.ended(within=0):
                found.append(watched)
    return found


def descendants(pid: int) -> list[Watched]:
    """Those that it has started, and those that these have started."""
    found = children(pid)
    return found + [below for child in found for below in descendants(child.pid)]
