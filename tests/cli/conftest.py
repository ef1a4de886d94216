"""Commands as they are typed: in this process against a copy of Vale Street, and as a real process where it must be."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from frontdesk.cli.asked import Asked
from frontdesk.cli.root import root
from frontdesk.clock import SetClock
from frontdesk.db.server import Handle
from frontdesk.services.people.sign_in import Sessions
from tests import vale_street
from tests.conftest import desk_conninfo

REPO = Path(__file__).parents[2]


@dataclass(frozen=True)
class Ended:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401  whatever was answered
        """The one line of JSON on stdout."""
        return json.loads(self.out)


Run = Callable[..., Ended]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's folders, empty, and an environment that says nothing else."""
    for name in [name for name in os.environ if name.startswith("FRONTDESK_")] + ["NO_COLOR", "FORCE_COLOR"]:
        monkeypatch.delenv(name, raising=False)
    for kind in ("data", "config", "state"):
        monkeypatch.setenv(f"FRONTDESK_{kind.upper()}_FOLDER", str(tmp_path / kind))
    monkeypatch.setenv("COLUMNS", "80")
    return tmp_path


@pytest.fixture
def run(place: Path, sessions: Sessions) -> Run:
    """A command at Vale Street on Monday 9 March 2026 at nine, by Ria; what it saves is gone after the test."""
    return lambda *words, typed="", who="ria": _invoked(words, typed, who, Asked(sessions=sessions))


@pytest.fixture
def shared(server: Handle, committed: str, place: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Vale Street on a shared server, Ria signed in: the database's name."""
    monkeypatch.setenv("FRONTDESK_DATABASE_URL", desk_conninfo(server, committed))
    monkeypatch.setenv("FRONTDESK_TOKEN", vale_street.token("ria"))
    return committed


@pytest.fixture
def run_for_good(shared: str) -> Run:
    """The same on a shared server: every command connects, and what it saves stays."""
    return lambda *words, typed="", who="ria": _invoked(words, typed, who, Asked())


def _invoked(words: tuple[str, ...], typed: str, who: str, asked: Asked) -> Ended:
    asked.clock = SetClock(vale_street.NOW)
    token = {"FRONTDESK_TOKEN": vale_street.token(who) if who else None}
    done = CliRunner().invoke(root, words, obj=asked, input=typed, env=token, prog_name="frontdesk")
    assert isinstance(done.exception, SystemExit | None)
    return Ended(done.exit_code, done.stdout, done.stderr)


@pytest.fixture
def process(place: Path) -> Run:
    """A command in a process of its own."""

    def invoke(*words: str, typed: str = "", **environment: str) -> Ended:
        done = subprocess.run(
            [sys.executable, "-m", "frontdesk", *words], input=typed, capture_output=True, text=True, check=False,
            cwd=REPO, env={**os.environ, **environment}, timeout=60,
        )  # fmt: skip
        return Ended(done.returncode, done.stdout, done.stderr)

    return invoke
