"""A terminal for the tests of the private server: a process that attaches, asks and closes when told to.

Orders come as JSON lines, `["attach"]`; what is waited for and each answer go back as JSON lines.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path

from frontdesk.db.server import Handle, PrivateServer, account
from frontdesk.db.server.wire import Declined, Line
from frontdesk.errors import Refusal

# Everything that is imported on the way, while this process may still read the interpreter's folders.
for name in ("children", "launch", "processes"):
    importlib.import_module(f"frontdesk.db.server.{name}")
for name in ("shlex", "pwd", "subprocess"):
    importlib.import_module(name)


@dataclass(frozen=True)
class Options:
    """What a terminal is told on its command line."""

    home: str
    version: int = 18
    uid: int | None = None
    """Become this user; None stays who we are."""
    gid: int = 0
    wheel_in: str | None = None
    """A folder to find the wheel in before all others."""
    like_macos: bool = False
    """No /proc, no pidfd, no peer credentials."""
    exit_on_sigterm: bool = False
    account_name: str = account.NAME


@dataclass
class Terminal:
    """The program's state."""

    server: PrivateServer
    handles: list[Handle] = field(default_factory=list)

    def attach(self) -> object:
        self.handles.append(self.server.attach(lambda words: say({"wait": words})))
        return str(self.handles[-1].socket_directory)

    def ask(self, query: str) -> object:
        """A new connection each time, and the first row."""
        with Line(self.handles[-1].socket_directory, patience=60) as line:
            line.greet()
            return line.ask(query)

    def status(self) -> object:
        return json.loads(json.dumps(asdict(self.server.status()), default=str))

    def stop(self) -> object:
        return self.server.stop()

    def close(self) -> object:
        """The newest handle."""
        self.handles.pop().close()
        return None

    def close_in_a_fork(self) -> object:
        """What happens when a child process, which shares the handle's descriptor, closes it."""
        child = os.fork()
        if child == 0:
            self.handles[-1].close()
            os._exit(0)
        return os.waitpid(child, 0)[1]

    def peek(self, pid: int) -> object:
        """A process's working folder, if the kernel lets us see it."""
        try:
            return os.readlink(f"/proc/{pid}/cwd")
        except PermissionError:
            return None

    def churn(self, times: int) -> object:
        """Attach, ask and close over and over; how often the answer was right."""
        good = 0
        for _ in range(times):
            self.attach()
            good += self.ask("SELECT 41 + 1") == ["42"]
            self.close()
        return good


def say(message: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def become(options: Options) -> None:
    if options.uid is not None:
        os.setgroups([])
        os.setgid(options.gid)
        os.setuid(options.uid)
    if options.wheel_in is not None:
        sys.path.insert(0, options.wheel_in)
    if options.like_macos:
        sys.platform = "darwin"
        delattr(os, "pidfd_open")
    if options.exit_on_sigterm:
        signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    account.NAME = options.account_name


def main() -> None:
    options = Options(**json.loads(sys.argv[1]))
    become(options)
    terminal = Terminal(PrivateServer(Path(options.home), options.version))
    say({"answer": "here"})
    try:
        while order := sys.stdin.readline():
            word, *facts = json.loads(order)
            try:
                say({"answer": getattr(terminal, word)(*facts)})
            except Refusal as refusal:
                say({"refusal": refusal.code, "sentence": refusal.sentence})
            except Declined as answer:
                say({"refusal": answer.state, "sentence": str(answer)})
    finally:
        while terminal.handles:
            terminal.close()


if __name__ == "__main__":
    main()
