"""A private sshd on this machine that gives whoever comes a desk and nothing else, and a key to come with."""

from __future__ import annotations

import getpass
import os
import shlex
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SSHD = "/usr/sbin/sshd"
"""sshd insists on an absolute path: it starts itself anew for every connection."""

NOTHING_BUT_THE_DESK = """\
    ForceCommand {command}
    AllowTcpForwarding no
    AllowStreamLocalForwarding no
    X11Forwarding no
    AllowAgentForwarding no
    PermitTunnel no
    PermitUserRC no
    PermitTTY yes
"""
"""The block of the README, as it stands there."""

CONFIG = """\
ListenAddress {address}:{port}
HostKey {folder}/host_key
PidFile {folder}/sshd.pid
AuthorizedKeysFile {folder}/authorized_keys
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PrintMotd no
PrintLastLog no
AcceptEnv LANG LC_*
PermitUserEnvironment no
{environment}
Match User {user}
"""


def found() -> bool:
    """Whether sshd and ssh are here."""
    return Path(SSHD).exists() and shutil.which("ssh") is not None and shutil.which("ssh-keygen") is not None


@dataclass(frozen=True)
class Door:
    """A running sshd."""

    folder: Path
    address: str
    port: int

    def ssh(self, *words: str, options: Sequence[str] = (), terminal: bool = True) -> tuple[str, ...]:
        """The command that goes through the door, with these words as the command asked for at the other end."""
        return (
            "ssh", "-F", "none", "-p", str(self.port), "-i", str(self.folder / "key"),
            "-o", f"UserKnownHostsFile={self.folder}/known_hosts", "-o", "StrictHostKeyChecking=yes",
            "-o", "IdentitiesOnly=yes", "-o", "LogLevel=ERROR", *(["-tt"] if terminal else ["-T"]), *options,
            f"{getpass.getuser()}@{self.address}", *words,
        )  # fmt: skip

    @property
    def log(self) -> str:
        """What sshd noted."""
        return (self.folder / "log").read_text()


@contextmanager
def opened(
    folder: Path, command: Sequence[str], environment: Mapping[str, str], *, address: str = "127.0.0.1",
    within: Sequence[str] = (),
) -> Iterator[Door]:  # fmt: skip
    """An sshd of our own, whose every visitor gets this command. `within` are the words that start it elsewhere."""
    folder.mkdir(mode=0o700)
    for name in ("host_key", "key"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)], check=True)
    shutil.copy(folder / "key.pub", folder / "authorized_keys")
    port = _free_port()
    host_key = (folder / "host_key.pub").read_text()
    (folder / "known_hosts").write_text(f"[{address}]:{port} {host_key}")
    (folder / "config").write_text(
        CONFIG.format(
            address=address, port=port, folder=folder, user=getpass.getuser(),
            environment=" ".join(["SetEnv", *(f'"{name}={value}"' for name, value in environment.items())]),
        )
        + NOTHING_BUT_THE_DESK.format(command=shlex.join(command)),
    )  # fmt: skip
    if os.geteuid() == 0:  # what a service manager makes before it starts sshd
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    process = subprocess.Popen(
        [*within, SSHD, "-D", "-f", str(folder / "config"), "-E", str(folder / "log")],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    door = Door(folder, address, port)
    try:
        _wait_until_it_listens(process, door)
        yield door
    finally:
        process.terminate()
        process.wait()


def _wait_until_it_listens(process: subprocess.Popen[bytes], door: Door) -> None:
    end = time.monotonic() + 20
    while "Server listening" not in (door.log if (door.folder / "log").exists() else ""):
        assert process.poll() is None, door.log
        assert time.monotonic() < end, door.log
        time.sleep(0.02)  # it tells nobody else


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])
