"""A manager's yes to one action, by PIN, while somebody else stays signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frontdesk.permissions import Deed
from frontdesk.widgets.field import Field, Offer, among
from frontdesk.widgets.form import Filled, Form

if TYPE_CHECKING:
    from frontdesk.app import FrontDesk


async def approval_form(app: FrontDesk, deed: Deed) -> Form[str]:
    """Asks a manager's name and PIN; answers the code of the approval."""
    from frontdesk.services.people import sign_in

    found = await app.aside(sign_in.names, app.backstage.sessions, app.terminal_secret)
    able = [Offer(name.login, name.name) for name in found if name.role.value in ("manager", "admin")]

    async def approve(filled: Filled) -> str:
        login = filled.picked["manager"] or filled["manager"]
        return await app.aside(
            lambda: sign_in.approve(
                app.desk, login=login, pin=filled["pin"], deed=deed, terminal_secret=app.terminal_secret
            )
        )

    first = able[0] if able else Offer("", "")
    return Form(
        f"A manager's yes: {deed.value}",
        [
            Field("manager", "Manager", value=first.label, picked=first.value, find=among(able)),
            Field("pin", "PIN", secret=True),
        ],
        approve,
        focus="pin",
    )
