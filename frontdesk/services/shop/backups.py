"""Backups from a screen: who may make one, and which there are (features AD10)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frontdesk.errors import NotAllowed
from frontdesk.permissions import Deed, refusal_for

if TYPE_CHECKING:
    from frontdesk.db.backup import BackedUp as BackedUp
    from frontdesk.db.backup import KeptBackup as KeptBackup
    from frontdesk.desk import Desk
    from frontdesk.settings import Settings

MAKES = Deed.EDIT_SHOP
"""Whoever may change the shop may copy all of it."""


def make_backup(desk: Desk, settings: Settings) -> BackedUp:
    """Write everything into a file and read it back; blocks for as long as that takes, while people go on working.

    Raises NotAllowed, and what `db.backup.back_up` raises.
    """
    from frontdesk.db.backup import back_up

    remedy = refusal_for(desk.actor, MAKES)
    if remedy:
        raise NotAllowed(who=desk.actor.name, deed=MAKES.value, remedy=remedy)
    return back_up(settings, verify=True, clock=desk.clock)


def list_backups(desk: Desk, settings: Settings) -> tuple[KeptBackup, ...]:
    """The backups on this machine, the newest first."""
    from frontdesk.db.backup import kept_backups

    return kept_backups(settings)
