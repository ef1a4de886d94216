"""H on what is no visit and no customer: who changed a record, and when, on a sheet to read."""

from __future__ import annotations

from frontdesk.clock import local
from frontdesk.screens.base import DeskScreen
from frontdesk.services.records.changes import DID, details
from frontdesk.services.records.history import Kind, ShowHistory, show_history


async def read_history(screen: DeskScreen, kind: Kind, record_id: int, name: str) -> None:
    """A record's changes, the newest first; what was said of people is hidden while the privacy key holds."""
    found = await screen.ask(show_history, ShowHistory(kind=kind, id=record_id))
    lines = []
    for change in reversed(found.changes):
        at = local(change.at, screen.desk.shop.timezone)
        what = ", ".join(details(change.action, change.old or {}, change.new or {}))
        said = f": {what}" if what and not screen.app.private else ""
        where = f" at {change.terminal}" if change.terminal else ""
        lines.append(f"{at:%a %-d %b %Y %H:%M}  {change.who}{where} {DID[change.action]}{said}")
    await screen.read(f"History of {name}", "\n".join(lines) or "Nothing has been changed yet.")
