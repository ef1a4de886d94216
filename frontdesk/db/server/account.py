"""Who the server runs as: ourselves, or for root an unprivileged user, because PostgreSQL refuses root."""

from __future__ import annotations

import os
import pwd
from dataclasses import dataclass

from frontdesk.db.server.refusals import NoServerAccount

NAME = "frontdesk"
"""The system user that runs the server when root uses frontdesk."""


@dataclass(frozen=True)
class Account:
    """A Unix user that owns the server's files and runs its processes."""

    uid: int
    gid: int
    stands_in: bool
    """We are root and this is the unprivileged user in our place."""

    @property
    def name(self) -> str:
        return name_of(self.uid)

    def own(self, descriptor: int) -> None:
        """Give an open file that root has just made to this user."""
        if self.stands_in and os.fstat(descriptor).st_uid != self.uid:
            os.fchown(descriptor, self.uid, self.gid)


def server_account() -> Account | None:
    """The user the server runs as; None when root has no such user yet."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), stands_in=False)
    try:
        entry = pwd.getpwnam(NAME)
    except KeyError:
        return None
    return Account(entry.pw_uid, entry.pw_gid, stands_in=True)


def ensure_server_account() -> Account:
    """The user the server runs as, made first if root lacks it. Raises `NoServerAccount`."""
    account = server_account() or _make_account()
    if account.uid == 0:
        raise NoServerAccount(user=NAME, reason="it has root's own number")
    return account


def _make_account() -> Account:
    import subprocess

    command = ["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", NAME]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        reason = " ".join(done.stderr.split()) or f"useradd ended with {done.returncode}"
    except OSError as problem:
        reason = f"useradd: {problem.strerror}"
    account = server_account()  # asked again whatever useradd said: another terminal may have been first
    if account is None:
        raise NoServerAccount(user=NAME, reason=reason)
    return account


def name_of(uid: int) -> str:
    """The user's name, or its number where the machine has no name for it."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
