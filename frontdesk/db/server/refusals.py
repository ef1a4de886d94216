"""Every "no" the private server can say."""

from __future__ import annotations

from frontdesk.errors import Refusal


class ServerFilesMissing(Refusal):
    """The database server that comes with frontdesk is missing from {folder}. Install frontdesk again."""


class NoServerAccount(Refusal):
    """A database server never runs as root, and the user {user} could not be made ({reason}). Make it with
    "useradd --system {user}", or start frontdesk as an ordinary user."""


class FolderNotPrivate(Refusal):
    """The folder {folder} must belong to {wanted} and be closed to everybody else; it belongs to {owner} with mode
    {mode}. {remedy}"""


class FolderBlocked(Refusal):
    """The database server runs as the user {user}, who may not pass through {folder}. {remedy}"""


class FolderUnusable(Refusal):
    """The database server can't use {folder} ({reason}). Check who owns the folder and its disk, then start again."""


class DiskFull(Refusal):
    """There is no room left on the disk of {folder}, so the database server can't run. What was saved is safe: free
    some space, then start again."""


class MemoryShort(Refusal):
    """There is not enough memory for the database server ({reason}). Close other programs, then start again."""


class ServerInTheWay(Refusal):
    """Somebody started another database server on {folder} by hand (process {pid}). Stop that one, then start again."""


class ServerOutOfReach(Refusal):
    """The database server of {folder} runs already (process {pid}) and can't be reached from here. Use frontdesk where
    it was started, or stop that process and start again."""


class ServerWouldNotStart(Refusal):
    """The database server would not start: {reason}. The whole story is in {log}."""
