"""Two people change one thing: the second is told by whom, and loses nothing typed. Private to services that edit."""

from __future__ import annotations

from sqlalchemy import text

from frontdesk.errors import ChangedMeanwhile
from frontdesk.services.use_case import Work


def refuse_changed(work: Work, table: str, row_id: int, *, seen: int, found: int) -> None:
    """Go on only if the version that was seen is the one that is there. Raises ChangedMeanwhile."""
    if seen != found:
        who = work.session.execute(_LAST_HAND, {"table": table, "row": row_id}).scalars().first()
        raise ChangedMeanwhile(who=who or "Somebody")


_LAST_HAND = text("""
    SELECT who FROM audit_log WHERE table_name = :table AND row_id = :row ORDER BY at DESC, id DESC LIMIT 1
""")
