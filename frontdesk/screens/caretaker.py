"""What the desk sees to by itself while it is on: whatever is due, in a thread of its own, and nothing is painted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from frontdesk.faults import kept_in_log

if TYPE_CHECKING:
    from frontdesk.app import FrontDesk


def look_after(app: FrontDesk) -> bool:
    """One look, in the thread that calls, as whoever sits here; False when nobody does.

    What goes wrong stands in Today and in the log.

    Nobody has to be told of a database that is away, a sign-in that has ended, or somebody who may do none of it: the
    next look is a minute off, and other desks look as well.
    """
    if not app.is_signed_in or app.is_leaving:
        return False
    from frontdesk.errors import Refusal
    from frontdesk.services.records.upkeep import Outside, keep_up

    def fault(error: Exception) -> None:
        kept_in_log(error, lambda: app.settings.log_file)

    try:
        desk = replace(app.desk, sessions=app.backstage.sessions_aside)
        keep_up(desk, Outside.of(app.settings, app.backstage.database.owner_conninfo), fault=fault)
    except Refusal:
        return True
    except Exception as error:  # noqa: BLE001  whatever it is, nobody at the desk has asked for it
        if not app.is_leaving:  # a database that was closed beneath it is no fault
            fault(error)
    return True
