"""That the figures can still be taken. What they come to is printed by `make bench` and asserted nowhere."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.slow
@pytest.mark.thorough
def test_figures_are_printed_for_small_books() -> None:
    # The desk's own figures wait for minutes and for quiet, and races start programs; `make bench` alone takes them.
    asked = ("booking", "days", "day", "till")
    command = [
        sys.executable,
        "-m",
        "tests.benchmarks",
        "--quick",
        *(word for name in asked for word in ("--only", name)),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert {line.split(":")[0] for line in lines} == set(asked)
    assert all(("goal" in line) != ("beside" in line) for line in lines)
