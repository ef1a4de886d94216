"""The server's folders: who owns them, who can open them, and what is on the disk for certain."""

from __future__ import annotations

import os
import stat
import zlib
from dataclasses import dataclass
from pathlib import Path

from frontdesk.db.server.account import Account, name_of
from frontdesk.db.server.refusals import FolderNotPrivate, FolderUnusable

LONGEST_SOCKET = 103
"""Bytes of a socket's path on macOS; Linux allows four more."""


@dataclass(frozen=True)
class Place:
    """Every path of one server."""

    home: Path
    version: int
    account: Account

    @property
    def folder(self) -> Path:
        return self.home / str(self.version)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    @property
    def handles(self) -> Path:
        """Shared by every terminal that uses the server."""
        return self.folder / "handles.lock"

    @property
    def starting(self) -> Path:
        """Held by the one who starts it."""
        return self.folder / "starting.lock"

    @property
    def running(self) -> Path:
        """Inherited by the server and each of its processes: free only when the last has ended."""
        return self.folder / "running.lock"

    @property
    def pid_file(self) -> Path:
        return self.data / "postmaster.pid"

    @property
    def socket_directory(self) -> Path:
        """Where a server started now puts its socket."""
        return _socket_base(self.account) / self._key

    def socket_directories(self) -> list[Path]:
        """Where a running server's socket may be, private ones only: a terminal without the environment of the one
        that started the server would look in the wrong place, so the server's own note is believed first."""
        likely = [Path(line) for line in pid_file_lines(self)[4:5] if os.path.isabs(line)]
        if self.socket_directory not in likely:
            likely.append(self.socket_directory)
        return [
            folder for folder in likely if is_private(folder, self.account) and is_private(folder.parent, self.account)
        ]

    def prepare(self) -> None:
        """Make home and folder, private. Raises `FolderNotPrivate`."""
        for folder in (self.home, self.folder):
            ensure_private(folder, self.account)

    def prepare_socket_directory(self) -> Path:
        """Make the folder of the socket, private. Raises `FolderNotPrivate`."""
        folder = self.socket_directory
        for path in (folder.parent, folder):
            ensure_private(path, self.account, adopt_empty=False)
        return folder

    @property
    def _key(self) -> str:
        return f"{zlib.crc32(os.fsencode(self.folder)):08x}"


def pid_file_lines(place: Place) -> list[str]:
    """What the server wrote about itself; a hint, never a proof, and empty when it can't be read."""
    try:
        return place.pid_file.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return []


def is_private(folder: Path, account: Account) -> bool:
    """A real folder of this user that nobody else can open."""
    try:
        found = os.lstat(folder)
    except OSError:
        return False
    return _is_private(found, account)


def ensure_private(folder: Path, account: Account, *, adopt_empty: bool = True) -> None:
    """Make the folder, or check it. One that stands empty may be taken over; parents are made but never changed.

    Raises `FolderNotPrivate` or `FolderUnusable`.
    """
    if is_private(folder, account):
        return
    made = _make(folder, account)
    if account.stands_in and (made or os.lstat(folder).st_uid == 0) and not _entries(folder):
        os.chown(folder, account.uid, account.gid, follow_symlinks=False)
    found = os.lstat(folder)
    if not stat.S_ISDIR(found.st_mode):
        raise FolderUnusable(folder=folder, reason="it is not a folder")
    if adopt_empty and found.st_uid == account.uid and not _is_private(found, account) and not _entries(folder):
        os.chmod(folder, 0o700)
    found = os.lstat(folder)
    if not _is_private(found, account):
        raise FolderNotPrivate(
            folder=folder,
            wanted=account.name,
            owner=name_of(found.st_uid),
            mode=f"{found.st_mode & 0o777:o}",
            remedy=_remedy(folder, found.st_uid, account),
        )


def write_durably(path: Path, text: str, account: Account) -> None:
    """Replace a file so that after a power cut it is the old one or the new one, never half of it."""
    new = path.with_name(path.name + ".new")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        account.own(descriptor)
        file.write(text)
        file.flush()
        os.fsync(descriptor)
    os.replace(new, path)
    fsync_folder(path.parent)


def fsync_folder(folder: Path) -> None:
    """Put the folder's entries on the disk: a rename or a new file lasts only after this."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _socket_base(account: Account) -> Path:
    # Root's own run-time folder is closed to the user that runs the server, and `sudo -E` brings somebody else's.
    given = "" if account.stands_in else os.environ.get("XDG_RUNTIME_DIR", "")
    if os.path.isabs(given) and is_private(Path(given), account):
        base = Path(given) / "frontdesk"
        if len(os.fsencode(base / "12345678" / ".s.PGSQL.5432")) <= LONGEST_SOCKET:
            return base
    return Path("/tmp") / f"frontdesk-{account.uid}"


def _is_private(found: os.stat_result, account: Account) -> bool:
    return stat.S_ISDIR(found.st_mode) and found.st_uid == account.uid and found.st_mode & 0o777 == 0o700


def _make(folder: Path, account: Account) -> bool:
    for parent in reversed(folder.parents):
        if _mkdir(parent, 0o755) and account.stands_in:
            os.chmod(parent, 0o755)  # one just made by us: root's umask may have closed it to the server's user
    return _mkdir(folder, 0o700)


def _mkdir(folder: Path, mode: int) -> bool:
    try:
        os.mkdir(folder, mode)
    except FileExistsError:
        return False
    except OSError:
        if folder.is_dir():  # "/" on a read-only disk
            return False
        raise
    return True


def _entries(folder: Path) -> list[str]:
    return os.listdir(folder) if folder.is_dir() and not folder.is_symlink() else ["not a folder"]


def _remedy(folder: Path, owner: int, account: Account) -> str:
    import shlex

    quoted = shlex.quote(str(folder))
    if owner == account.uid:
        return f"If it is frontdesk's, run: chmod 700 {quoted}"
    if account.stands_in:
        return f"If it is frontdesk's, run: chown -R {account.name} {quoted} && chmod 700 {quoted}"
    return "Choose another data folder, or ask whoever looks after this computer to remove it."
