"""What the tests of the private server stand on: ground for a home, users, and terminals that are real processes."""

from __future__ import annotations

import atexit
import json
import os
import pwd
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path

import pytest

from frontdesk.db.server.account import Account, ensure_server_account
from frontdesk.db.server.binaries import bin_directory
from frontdesk.db.server.folders import Place
from frontdesk.db.server.shelf import runnable_by
from tests.db.server_terminal import Options

REPOSITORY = Path(__file__).parents[2]
PROGRAM = Path(__file__).with_name("server_terminal.py")
PATIENCE = 30.0
IS_ROOT = os.geteuid() == 0
needs_root = pytest.mark.skipif(not IS_ROOT, reason="NOT TESTED: only root can be two users")


@dataclass
class Answer:
    """What a terminal said to an order."""

    value: object = None
    refusal: str | None = None
    sentence: str = ""
    waits: list[str] = field(default_factory=list)


class Refused(AssertionError):
    """A terminal met a refusal that the test did not expect."""


class Terminal:
    """A process with a handle of its own."""

    def __init__(self, options: Options, environment: dict[str, str], launcher: Sequence[str] = ()) -> None:
        command = [*launcher, sys.executable, "-P", "-B", str(PROGRAM), json.dumps(asdict(options))]
        paths = os.pathsep.join([str(REPOSITORY), *sys.path])
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": paths, **environment},
        )
        self._heard = b""
        assert self.hear().value == "here"

    def send(self, word: str, *facts: object) -> None:
        """Give an order and don't wait for the answer."""
        assert self.process.stdin
        self.process.stdin.write(json.dumps([word, *facts]).encode() + b"\n")
        self.process.stdin.flush()

    def hear(self) -> Answer:
        """The answer to the last order, refusals too."""
        waits: list[str] = []
        while True:
            message = self._message()
            if "wait" in message:
                waits.append(str(message["wait"]))
            elif "refusal" in message:
                return Answer(None, str(message["refusal"]), str(message["sentence"]), waits)
            else:
                return Answer(message["answer"], waits=waits)

    def hear_wait(self) -> str:
        """The next thing it says it waits for."""
        message = self._message()
        assert "wait" in message, message
        return str(message["wait"])

    def do(self, word: str, *facts: object) -> Answer:
        """Give an order; the answer must be no refusal."""
        answer = self.refused(word, *facts)
        if answer.refusal:
            raise Refused(f"{answer.refusal}: {answer.sentence}")
        return answer

    def refused(self, word: str, *facts: object) -> Answer:
        """Give an order; the answer may be a refusal."""
        self.send(word, *facts)
        return self.hear()

    def attach(self) -> str:
        return str(self.do("attach").value)

    def ask(self, query: str) -> list[str]:
        value = self.do("ask", query).value
        assert isinstance(value, list)
        return value

    def status(self) -> dict[str, object]:
        value = self.do("status").value
        assert isinstance(value, dict)
        return value

    def close(self) -> None:
        self.do("close")

    def kill(self) -> None:
        """As a power cut would: nothing is cleaned up."""
        self.process.kill()
        self.process.wait()

    def end(self) -> int:
        """Leave in good order: close what is open and exit."""
        assert self.process.stdin
        assert self.process.stdout
        if self.process.poll() is None:
            with suppress(BrokenPipeError):
                self.process.stdin.close()
            try:
                self.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.kill()
        self.process.stdout.close()
        with suppress(BrokenPipeError):
            self.process.stdin.close()
        return self.process.returncode

    def _message(self) -> dict[str, object]:
        assert self.process.stdout
        deadline = time.monotonic() + PATIENCE
        while b"\n" not in self._heard:
            readable, _, _ = select.select([self.process.stdout], [], [], max(0, deadline - time.monotonic()))
            assert readable, "the terminal does not answer"
            more = os.read(self.process.stdout.fileno(), 65536)
            assert more, "the terminal has ended"
            self._heard += more
        line, _, self._heard = self._heard.partition(b"\n")
        message = json.loads(line)
        assert isinstance(message, dict)
        return message


@dataclass(frozen=True)
class Person:
    """A Unix user at a terminal."""

    uid: int | None
    """None is whoever runs the tests."""
    gid: int

    def account(self) -> Account:
        """Who the server of this person runs as."""
        if self.uid is None:
            return ensure_server_account()
        return Account(self.uid, self.gid, stands_in=True)


ROOT = Person(None, 0)


def a_normal_user() -> Person:
    """Somebody without rights: ourselves, or one of the system's own when root runs the tests."""
    return _persons()[0] if IS_ROOT else Person(None, os.getegid())


def somebody_else() -> Person:
    """Another user without rights; only root can be one."""
    return _persons()[1]


def _persons() -> list[Person]:
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    named = [known[name] for name in ("nobody", "daemon", "games", "bin", "mail", "www-data") if name in known]
    return [Person(entry.pw_uid, entry.pw_gid) for entry in named]


@dataclass
class Ground:
    """A folder that everybody may pass, with a home to be, and the terminals of one test."""

    folder: Path
    person: Person
    home: Path
    version: int = 18
    environment: dict[str, str] = field(default_factory=dict)
    terminals: list[Terminal] = field(default_factory=list)

    def terminal(self, *launcher: str, **options: object) -> Terminal:
        """Sit somebody down; by default the ground's own person at the ground's own home.

        A launcher is a command that starts another one, such as `setpriv`.
        """
        given: dict[str, object] = {
            "home": str(self.home),
            "version": self.version,
            "uid": self.person.uid,
            "gid": self.person.gid,
        }
        if self.person.uid is not None:
            given["wheel_in"] = str(readable_wheel(self.version))
        chosen = Options(**{**given, **options})  # type: ignore[arg-type]  # as the JSON on the other side
        self.terminals.append(Terminal(chosen, self.environment, launcher))
        return self.terminals[-1]

    @property
    def server_folder(self) -> Path:
        return self.home / str(self.version)

    @property
    def data(self) -> Path:
        return self.server_folder / "data"

    @property
    def pid_file(self) -> Path:
        return self.data / "postmaster.pid"

    @property
    def log(self) -> str:
        return (self.server_folder / "server.log").read_text()

    def place(self) -> Place:
        """Where the server keeps everything, without a session folder."""
        return Place(self.home, self.version, self.person.account())

    def starts(self) -> int:
        """How often a server was started here."""
        return self.log.count("starting PostgreSQL")

    def postmaster(self) -> int:
        return int(self.pid_file.read_text().split("\n")[0])

    def settle(self) -> None:
        """Have a data folder whose server has been stopped: a copy of one made before, which is quicker."""
        subprocess.run(["cp", "-a", "--sparse=always", _settled(self.person, self.version), self.home], check=True)

    def write(self, path: Path, content: bytes) -> None:
        """Put a file there as the server's user."""
        path.write_bytes(content)
        path.chmod(0o600)
        self.give(path)

    def give(self, path: Path) -> None:
        """Make a file or folder the server's user's."""
        account = self.person.account()
        os.chown(path, account.uid, account.gid)


@cache
def _settled(person: Person, version: int) -> Path:
    folder = tempfile.mkdtemp(prefix="frontdesk-settled-", dir="/tmp")
    atexit.register(shutil.rmtree, folder)
    with ground_for(person, version=version) as ground:
        ground.terminal().do("attach")
        ground.terminals[-1].end()
        (ground.server_folder / "server.log").unlink()
        subprocess.run(["cp", "-a", "--sparse=always", ground.home, folder], check=True)
    return Path(folder, "home")


@contextmanager
def ground_for(person: Person, *, version: int = 18, settled: bool = False) -> Iterator[Ground]:
    """Ground of a person's own, tidied away afterwards with every server that still stands on it."""
    folder = Path(tempfile.mkdtemp(prefix="frontdesk-ground-", dir="/tmp"))
    folder.chmod(0o755)
    ground = Ground(folder, person, folder / "home", version)
    if person.uid is not None:
        os.chown(folder, person.uid, person.gid)
    try:
        if settled:
            ground.settle()
        yield ground
    finally:
        for terminal in ground.terminals:
            terminal.end()
        for pid in postgres_below(folder):
            os.kill(pid, signal.SIGKILL)
        until(lambda: not postgres_below(folder))
        shutil.rmtree(ground.place().socket_directory, ignore_errors=True)
        shutil.rmtree(folder)


def readable_wheel(version: int) -> Path:
    """A copy of the wheel's programs that every user can run."""
    if not IS_ROOT:
        return bin_directory(version).parents[2]
    return runnable_by(ensure_server_account(), version).parents[2]


def run_as(person: Person, action: Callable[[], None]) -> int:
    """Do something as somebody else in a fork; 0 when it went well, else the number of the error."""
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setgid(person.gid)
            os.setuid(person.uid or 0)
            action()
        except OSError as problem:
            os._exit(problem.errno or 255)
        except BaseException:  # noqa: BLE001  # a fork of pytest must never return into pytest
            os._exit(254)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def postgres_below(folder: Path) -> list[int]:
    """The living PostgreSQL processes at home somewhere below."""
    found = []
    for name in os.listdir("/proc"):
        with suppress(OSError):
            if name.isdigit() and os.readlink(f"/proc/{name}/cwd").startswith(f"{folder}/"):
                found.append(int(name))
    return found


def lives(pid: int) -> bool:
    """It runs; a zombie does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def until(true: Callable[[], object]) -> None:
    """Wait for something that must come."""
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.002)
