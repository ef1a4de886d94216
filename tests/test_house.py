"""The house as it stands: which room imports which, and what an import drags along."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def _modules_after(statement: str) -> set[str]:
    """What is loaded once a fresh interpreter has run this: import-linter can't see what is deferred."""
    script = f"import sys; {statement}; print(' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_imports_run_one_way() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("statement", "strangers"),
    [
        ("import frontdesk.services.all", {"textual"}),
        ("import frontdesk.rules.hours, frontdesk.rules.pricing, frontdesk.rules.phrase", {"sqlalchemy", "psycopg"}),
        ("import frontdesk.__main__", {"textual", "sqlmodel", "sqlalchemy", "pydantic", "psycopg", "rich"}),
    ],
)
def test_an_import_brings_no_strangers(statement: str, strangers: set[str]) -> None:
    assert not strangers & _modules_after(statement)


def test_only_money_rounds() -> None:
    rounding = ("quantize(", "ROUND_", " round(")
    found = [
        f"{path.relative_to(ROOT)}: {word}"
        for path in (ROOT / "frontdesk").rglob("*.py")
        for word in rounding
        if path.name != "money.py" and word in path.read_text(encoding="utf-8")
    ]
    assert found == []


def test_only_the_clock_asks_the_time() -> None:
    asking = ("datetime.now(", "time.time(", "date.today(", "utcnow(")
    found = [
        f"{path.relative_to(ROOT)}: {word}"
        for path in (ROOT / "frontdesk").rglob("*.py")
        for word in asking
        if path.name != "clock.py" and word in path.read_text(encoding="utf-8")
    ]
    assert found == []


def test_every_module_says_what_it_owns() -> None:
    mute = [
        str(path.relative_to(ROOT))
        for folder in ("frontdesk", "tests", "migrations")
        for path in (ROOT / folder).rglob("*.py")
        if not path.read_text(encoding="utf-8").startswith(('"""', 'r"""'))
    ]
    assert mute == []
