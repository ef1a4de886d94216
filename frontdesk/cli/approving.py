"""A manager's yes on the command line: their login is named, their PIN is asked for (features AD2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frontdesk.cli.ask import ask_secret
from frontdesk.cli.asked import asked
from frontdesk.keeping import kept

if TYPE_CHECKING:
    from frontdesk.desk import Desk
    from frontdesk.permissions import Deed

APPROVED_BY = "If you may not: a manager, whose PIN is asked for."


def approved(desk: Desk, login: str | None, deed: Deed) -> str | None:
    """A manager's yes to this one deed, for a request; None when nobody was named or none is needed. Raises
    WrongSecret."""
    from frontdesk.permissions import refusal_for
    from frontdesk.services.people.sign_in import approve

    if not login or refusal_for(desk.actor, deed) is None:
        return None
    pin = ask_secret(f"PIN of {login}", "the manager's PIN", variable="FRONTDESK_PIN")
    return approve(desk, login=login, pin=pin, deed=deed, terminal_secret=kept(asked().settings.terminal_file))
