"""Running PostgreSQL's programs as the server's user, each in a session and an environment of its own."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from frontdesk.db.server.account import Account

ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
"""Nothing of PGDATA, PGPORT or a library path that was set for something else."""

_begun: dict[int, subprocess.Popen[bytes]] = {}

Command = Sequence[str | Path]


def run_as(account: Account, command: Command, *, inherits: Sequence[int] = ()) -> subprocess.CompletedProcess[str]:
    """Run a program to its end and take its words."""
    return subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="surrogateescape",
        check=False,
        pass_fds=inherits,
        **_apart(account),
    )


def begin_as(account: Account, command: Command, *, log: int, inherits: Sequence[int]) -> subprocess.Popen[bytes]:
    """Start a program that outlives us: Ctrl+C and a closed terminal reach only our own session."""
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        pass_fds=inherits,
        **_apart(account),
    )
    _begun[process.pid] = process
    return process


def _apart(account: Account) -> dict[str, Any]:
    """As that user, in a session and an environment of its own, with files that only they may read."""
    return {
        "cwd": "/",
        "env": ENVIRONMENT,
        "umask": 0o077,
        "start_new_session": True,
        "user": account.uid if account.stands_in else None,
        "group": account.gid if account.stands_in else None,
        "extra_groups": [] if account.stands_in else None,
    }


def reap() -> None:
    """Take note of begun programs that have ended, so that none stays a zombie for as long as we run."""
    for pid, process in list(_begun.items()):
        if process.poll() is not None:
            _begun.pop(pid, None)
