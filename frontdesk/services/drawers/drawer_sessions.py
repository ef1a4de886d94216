"""Into which drawer a sale's cash goes."""

from __future__ import annotations

from sqlalchemy import text

from frontdesk.errors import Refusal
from frontdesk.services.use_case import Work


class NoOpenDrawer(Refusal):
    """No drawer is open here, and cash goes into one that was counted. Open a drawer first, then take the cash."""


class DrawerClosed(Refusal):
    """That drawer is closed by now. Open it again, or take the cash at another one."""


class WhichDrawer(Refusal):
    """{drawers} are open. Say into which the cash goes."""


def open_session_for(work: Work, wished_id: int | None, takes_cash: bool) -> int | None:
    """The wished session, or the shop's only open one; None where there are no drawers, or none is needed.

    Raises DrawerClosed, NoOpenDrawer and WhichDrawer; the last two only when cash is taken.
    """
    open_ones = work.session.execute(_OPEN, {"shop": work.shop.id}).all()
    if wished_id is not None:
        if all(row.id != wished_id for row in open_ones):
            raise DrawerClosed
        return wished_id
    if len(open_ones) == 1:
        return int(open_ones[0].id)
    if takes_cash and open_ones:
        raise WhichDrawer(drawers=" and ".join(row.name for row in open_ones))
    if takes_cash and work.session.execute(_HAS_DRAWERS, {"shop": work.shop.id}).scalar():
        raise NoOpenDrawer
    return None


_OPEN = text("""
    SELECT s.id, d.name FROM drawer_sessions s JOIN drawers d ON d.id = s.drawer_id
     WHERE s.shop_id = :shop AND s.closed_at IS NULL ORDER BY d.name
""")
_HAS_DRAWERS = text("SELECT EXISTS (SELECT FROM drawers WHERE shop_id = :shop AND is_active)")
