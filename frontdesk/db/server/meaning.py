"""What a server that would not start meant to say, in words for the desk."""

from __future__ import annotations

import errno
import os
import re

from frontdesk.db.server.folders import Place
from frontdesk.db.server.refusals import DiskFull, FolderUnusable, MemoryShort, ServerWouldNotStart
from frontdesk.errors import Refusal

TOO_LITTLE = 1 << 20
"""Bytes free: below this even the server's last words may not have fitted on the disk."""


def refusal_from(words: str, place: Place) -> Refusal:
    """The refusal behind the last words of PostgreSQL."""
    reason = _last_complaint(words)
    if "No space left on device" in words or "Disk quota exceeded" in words or _free(place) < TOO_LITTLE:
        return DiskFull(folder=place.home)
    if "Read-only file system" in words or "Permission denied" in words:
        return FolderUnusable(folder=place.data, reason=reason)
    if "Cannot allocate memory" in words or "could not create shared memory segment" in words:
        return MemoryShort(reason=reason)
    return ServerWouldNotStart(reason=reason, log=place.log)


def refusal_for(problem: OSError, place: Place) -> Refusal | None:
    """The refusal for an error of the file system; None for one nobody expects."""
    if problem.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFull(folder=place.home)
    if problem.errno in (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG):
        return FolderUnusable(folder=problem.filename or place.home, reason=(problem.strerror or "").lower())
    return None


def _last_complaint(words: str) -> str:
    lines = [line for line in words.splitlines() if line.strip()]
    grave = [line for line in lines if re.search(r"\b(FATAL|PANIC|error):", line)]
    said = (grave or lines or ["it ended without a word"])[-1]
    return re.sub(r"^.*?\b(FATAL|PANIC|LOG|error):\s*", "", said).strip()


def _free(place: Place) -> int:
    disk = os.statvfs(place.folder)
    return disk.f_bavail * disk.f_frsize
