"""pg_dump and pg_restore: which of them fit a server, and how they are run and waited for."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from frontdesk.db.making import connected
from frontdesk.db.server.binaries import INSTALLS, bin_directory
from frontdesk.errors import Refusal
from frontdesk.text import clean

OnWait = Callable[[str], None]

_ENCRYPTED = ("require", "verify-ca", "verify-full")
_TICK = 1.0
"""Seconds between two words on what is being waited for."""
_STUCK_SECONDS = 5
"""Of work without a byte read: waiting for the server costs none."""


class NoDumpProgram(Refusal):
    """The server runs PostgreSQL {version} over an encrypted line, and the pg_dump that comes with frontdesk speaks
    plain ones only. Install PostgreSQL's client programs, {version} or newer, on this machine."""


class ProgramFailed(Exception):
    """A program ended with a fault; its first words on it."""


@dataclass(frozen=True)
class DumpPrograms:
    """pg_dump and pg_restore that fit a server, and how they reach it."""

    folder: Path
    server_version: int
    environment: dict[str, str]

    def run(self, program: str, *words: str | Path, on_wait: OnWait | None = None, saying: str = "") -> str:
        """Run one to its end and take what it prints. Raises ProgramFailed.

        On Ctrl+C it is ended with us; `on_wait` hears `saying` each second. A pg_restore that a damaged file sends
        round in circles is ended.
        """
        with subprocess.Popen(
            [self.folder / program, *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True, errors="replace", cwd="/", env=self.environment, umask=0o077,
        ) as process:  # fmt: skip
            progress = _Progress(process.pid) if program == "pg_restore" else None
            try:
                while True:
                    try:
                        out, err = process.communicate(timeout=_TICK)
                        break
                    except subprocess.TimeoutExpired:
                        if on_wait is not None and saying:
                            on_wait(saying)
                        if progress is not None and progress.is_stuck():
                            raise ProgramFailed("the file sends it round in circles") from None
            except BaseException:
                process.kill()
                raise
        if process.returncode != 0:
            raise ProgramFailed(_fault(err) or f"{program} ended with {process.returncode}")
        return out


class _Progress:
    """Whether a program that reads a file still does. Some flipped bits make pg_restore spin for ever."""

    def __init__(self, pid: int) -> None:
        self._folder = Path(f"/proc/{pid}")
        self._read, self._since = -1, 0.0

    def is_stuck(self) -> bool:
        """Whether it has worked for long since it last read. False where the system does not say."""
        try:
            words = (self._folder / "io").read_text().split()
            ticks = (self._folder / "stat").read_text().rsplit(")", 1)[1].split()[11:13]
        except OSError:
            return False
        read, busy = int(words[1]), sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")
        if read != self._read:
            self._read, self._since = read, busy
        return busy - self._since > _STUCK_SECONDS


def programs_for(conninfo: str) -> DumpPrograms:
    """Those that fit the server behind an address: ours, or the machine's where ours can't. Raises NoDumpProgram."""
    with connected(conninfo) as connection:
        version = connection.info.server_version // 10000
    said = conninfo_to_dict(conninfo)
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
    if said.get("hostaddr") != "":  # a shared server; the private one's address leaves nothing to the environment
        environment |= {name: value for name, value in os.environ.items() if name.startswith("PG")}
    if said.get("password"):
        environment["PGPASSWORD"] = str(said["password"])
    return DumpPrograms(
        _folder(version, str(said.get("sslmode") or environment.get("PGSSLMODE", ""))), version, environment
    )


def without_password(conninfo: str) -> str:
    """An address for a command line, which every user of the machine can read."""
    said = {name: value for name, value in conninfo_to_dict(conninfo).items() if name != "password"}
    return make_conninfo("", **said)


def _folder(version: int, sslmode: str) -> Path:
    ours = sorted(known for known in INSTALLS if known >= version)
    if ours and sslmode not in _ENCRYPTED:
        return bin_directory(ours[0])
    found = shutil.which("pg_dump")
    if found is None or _major(found) < version:
        raise NoDumpProgram(version=version)
    return Path(found).parent


def _major(program: str) -> int:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    number = re.search(r"(\d+)", said)
    return int(number[1]) if number else 0


def _fault(words: str) -> str:
    lines: Sequence[str] = [line for line in words.splitlines() if line.strip()]
    told = next((line for line in lines if "error:" in line or "ERROR:" in line), lines[0] if lines else "")
    return clean(told.split("error:", 1)[-1])
