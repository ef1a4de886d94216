"""The server is killed while tills check out: nothing that was acknowledged is lost, and nothing is there twice."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy.pool import NullPool
from sqlmodel import Session

from frontdesk.clock import SetClock
from frontdesk.db import migrations
from frontdesk.db.engine import open_engine
from frontdesk.db.server import Handle, PrivateServer
from frontdesk.desk import Desk
from frontdesk.services.people.sign_in import open_desk
from frontdesk.services.records.doctor import ExamineData, examine_data
from frontdesk.services.reports.journal import VerifyJournal, verify_journal
from tests import vale_street
from tests.conftest import MEMORY, VERSION, desk_conninfo
from tests.seeds import seeds
from tests.services.desks import booked, march
from tests.services.lock_line import until_they_wait

TILLS = 2
DATABASE = "making"

Wish = tuple[int, str]
"""A visit, and the key under which it is paid."""


class Mortal:
    """A private server of the test's own, to be killed and started again."""

    def __init__(self, home: Path, stack: ExitStack) -> None:
        self._home = home
        self._stack = stack
        self.handle = self.attach()

    def attach(self) -> Handle:
        """Start it when it does not run. The share in the dead one is given back after the living is taken."""
        self.handle = self._stack.enter_context(PrivateServer(self._home, VERSION).attach())
        return self.handle

    def kill(self) -> None:
        """As a power cut ends it, but for the disk."""
        pid_file = self._home / str(VERSION) / "data" / "postmaster.pid"
        os.kill(int(pid_file.read_text().split("\n")[0]), signal.SIGKILL)

    @property
    def owner(self) -> str:
        """How its superuser connects."""
        return self.handle.conninfo(DATABASE)


@pytest.fixture
def mortal() -> Iterator[Mortal]:
    """With Vale Street in it. It keeps its promises to the disk, as a shop's server does."""
    room = Path(tempfile.mkdtemp(prefix="frontdesk-mortal-", dir=MEMORY if os.access(MEMORY, os.W_OK) else None))
    room.chmod(0o711)
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, room, ignore_errors=True)
        server = Mortal(room / "server", stack)
        with psycopg.connect(server.handle.conninfo("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {DATABASE}")
        migrations.migrate(server.owner)
        vale_street.build(server.owner)
        yield server


def _desk(server: Mortal, login: str) -> Desk:
    engine = open_engine(desk_conninfo(server.handle, DATABASE), poolclass=NullPool)
    return open_desk(lambda: Session(engine), vale_street.token(login), SetClock(vale_street.NOW))


def _wishes(server: Mortal) -> list[Wish]:
    ria = _desk(server, "ria")
    visits = [booked(ria, None, march(day, hour)).appointment_id for day in (10, 11) for hour in range(9, 16)]
    return [(visit, str(uuid4())) for visit in visits]


class Tills:
    """Processes that check out, and live through the server's death."""

    def __init__(self, server: Mortal, stack: ExitStack) -> None:
        conninfo = desk_conninfo(server.handle, DATABASE)
        command = [sys.executable, "-m", "tests.services.book.till_child", "steady", conninfo]
        self._tills = [
            stack.enter_context(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
            for _ in range(TILLS)
        ]
        for till in self._tills:
            assert _line(till) == "ready"

    def begin(self, wishes: Sequence[Wish], *, early: bool = False) -> None:
        """Hand each its share."""
        self._shares = [wishes[number::TILLS] for number in range(TILLS)]
        for till, share in zip(self._tills, self._shares, strict=True):
            assert till.stdin is not None
            till.stdin.write("".join(f"{visit} {key}{' early' * early}\n" for visit, key in share))
            till.stdin.flush()

    def said(self, many: int) -> list[str]:
        """What the first till answers next; each answer is waited for."""
        return [_line(self._tills[0]) for _ in range(many)]

    def rest(self, heard: int = 0) -> set[str]:
        """The keys that are acknowledged until all have answered everything; so much of the first was heard before."""
        answers = self.said(len(self._shares[0]) - heard)
        for till, share in zip(self._tills[1:], self._shares[1:], strict=True):
            answers += [_line(till) for _ in share]
        return set(answers) - {"lost"}


def _line(till: subprocess.Popen[str]) -> str:
    assert till.stdout is not None
    return till.stdout.readline().strip()


def _killed_in_the_midst(server: Mortal, tills: Tills, wishes: Sequence[Wish], *, early: bool = False) -> set[str]:
    """Kill it while a till has written its sale and waits for the number; what the tills have acknowledged.

    `early` tills acknowledge before, and answer once more when they know.
    """
    with closing(psycopg.connect(server.owner)) as blocker:
        blocker.execute("LOCK TABLE sale_numbers IN ACCESS EXCLUSIVE MODE")
        tills.begin(wishes, early=early)
        until_they_wait(server.owner, 1)
        said = set(tills.said(1)) if early else set()
        server.kill()
    server.attach()
    return said or tills.rest()


_FOUND = """
    SELECT count(*) FROM idempotency_keys k JOIN sales s ON s.id = (k.answer->>'sale_id')::bigint
     WHERE k.request_id = ANY (%s::uuid[]) AND s.status = 'closed'
       AND s.total + s.tip = (SELECT sum(amount) FROM payments WHERE sale_id = s.id)
"""


def _lost(server: Mortal, keys: set[str]) -> int:
    with psycopg.connect(server.owner) as owner:
        (found,) = owner.execute(_FOUND, (list(keys),)).fetchone() or (0,)
    return len(keys) - int(found)


def test_a_server_killed_under_its_tills_has_lost_nothing_they_acknowledged_and_holds_nothing_twice(
    mortal: Mortal,
) -> None:
    """FRONTDESK_TEST_SEEDS=200 kills it as often. What a till said too early is lost, or this test tests nothing."""
    wishes = _wishes(mortal)
    acknowledged: set[str] = set()
    dice = random.Random(11)
    with ExitStack() as stack:
        tills = Tills(mortal, stack)
        too_early = _killed_in_the_midst(mortal, tills, wishes[:1], early=True)
        assert _lost(mortal, too_early) == 1
        assert tills.said(1) == ["lost"]
        acknowledged |= _killed_in_the_midst(mortal, tills, wishes[:4])
        for _ in seeds(0):
            left = [wish for wish in wishes if wish[1] not in acknowledged]
            tills.begin(left if len(left) >= 2 * TILLS else wishes)
            first = tills.said(dice.randrange(1, 3))
            mortal.kill()
            mortal.attach()
            acknowledged |= {*first, *tills.rest(len(first))} - {"lost"}
            assert _lost(mortal, acknowledged) == 0
        tills.begin(wishes)
        assert {key for _, key in wishes} == tills.rest(), "who asks again is answered"
    with psycopg.connect(mortal.owner) as owner:
        counts = owner.execute(
            "SELECT count(*), count(DISTINCT number), max(number), (SELECT count(*) FROM payments) / 2 FROM sales"
        ).fetchone()
    assert counts == (len(wishes),) * 4
    mo = _desk(mortal, "mo")
    seen = verify_journal(mo, VerifyJournal())
    assert (seen.entries, seen.is_whole) == (len(wishes), True)
    assert examine_data(mo, ExamineData()).findings == ()
