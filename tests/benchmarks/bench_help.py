"""How much `frontdesk --help` costs against importing Textual: CPU of fresh interpreters."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence

from tests.benchmarks.figures import Figure, ratio
from tests.benchmarks.scratch import Scratch


def figures(scratch: Scratch) -> Iterator[Figure]:
    """User and system time, the least of several, in turn."""
    ours, theirs = [sys.executable, "-m", "frontdesk", "--help"], [sys.executable, "-c", "import textual.app"]
    taken = [(_cpu(ours), _cpu(theirs)) for _ in range(max(5, scratch.size.rounds // 6))]
    yield ratio(
        "frontdesk --help, CPU of importing textual.app", min(a for a, _ in taken), min(b for _, b in taken), 0.6
    )


def _cpu(command: Sequence[str]) -> float:
    before = os.times()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system
