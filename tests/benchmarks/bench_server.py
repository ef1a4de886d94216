"""How quickly the private server is there, beside what `pg_ctl` needs on the same data in the same run."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from frontdesk.db.server import PrivateServer
from frontdesk.db.server.account import ensure_server_account
from frontdesk.db.server.children import run_as
from frontdesk.db.server.shelf import runnable_by
from frontdesk.db.server.wire import Line

ROUNDS = 15
START_GOAL = 0.40
"""Of `pg_ctl -w start`, to the first answer."""
ATTACH_GOAL_MS = 5.0


def main() -> None:
    """Print both figures; the machine's own speed cancels out of the first."""
    folder = Path(tempfile.mkdtemp(prefix="frontdesk-bench-", dir="/tmp"))
    folder.chmod(0o755)
    try:
        server = PrivateServer(folder / "home")
        server.attach().close()
        ours, theirs = [], []
        for _ in range(ROUNDS):  # in turns, so that whatever else the machine does strikes both
            ours.append(milliseconds(lambda: cold_start(server)))
            server.stop()
            theirs.append(pg_ctl_start(server))
        # The least disturbed round of each: pg_ctl mostly sleeps, so a busy machine slows only ours.
        print(
            f"server cold start  {min(ours) / min(theirs):.2f}x of pg_ctl -w start   goal <= {START_GOAL:.2f}x"
            f"   ({min(ours):.0f} ms, pg_ctl {min(theirs):.0f} ms)"
        )
        with server.attach():
            attached = min(milliseconds(lambda: attach(server)) for _ in range(ROUNDS * 4))
        print(f"server attach      {attached:.1f} ms   goal <= {ATTACH_GOAL_MS:.1f} ms")
    finally:
        shutil.rmtree(folder)


def cold_start(server: PrivateServer) -> None:
    """From nothing running to the first answer; the handle is left to the stop that follows."""
    first_answer(server.attach().socket_directory)


def attach(server: PrivateServer) -> None:
    """A second terminal's share."""
    server.attach().close()


def pg_ctl_start(server: PrivateServer) -> float:
    """The same data folder started as everybody else does it, to the first answer."""
    account = ensure_server_account()
    data = server.home / str(server.version) / "data"
    sockets = Path(tempfile.mkdtemp(dir=server.home))
    shutil.chown(sockets, account.uid, account.gid)
    pg_ctl = runnable_by(account, server.version) / "pg_ctl"
    log = server.home / "pg_ctl.log"
    begin: list[str | Path] = [pg_ctl, "-w", "-D", data, "-l", log, "-o", f"-k {sockets}", "start"]

    def start() -> None:
        run_as(account, begin).check_returncode()
        first_answer(sockets)

    took = milliseconds(start)
    run_as(account, [pg_ctl, "-w", "-m", "fast", "-D", data, "stop"]).check_returncode()
    return took


def first_answer(sockets: Path) -> None:
    """Connect and ask."""
    with Line(sockets) as line:
        line.greet()
        line.ask("SELECT 1")


def milliseconds(action: Callable[[], None]) -> float:
    """How long it takes."""
    began = time.perf_counter()
    action()
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    main()
