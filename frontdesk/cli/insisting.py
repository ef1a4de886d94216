"""What one may insist on when a booking is refused, and a manager's yes to it by PIN (features BK7, BK29, AD2)."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

import click

from frontdesk.cli.ask import ask_secret
from frontdesk.cli.asked import asked
from frontdesk.keeping import kept

if TYPE_CHECKING:
    from frontdesk.desk import Desk
    from frontdesk.permissions import Deed

Command = Callable[..., None]


class Insistence(TypedDict):
    """The same, as a request carries it."""

    overbook_reason: str | None
    outside_hours: bool
    in_past: bool
    approval: str | None


@dataclass(frozen=True)
class Insisted:
    """What the command line insists on."""

    overbook: str | None
    outside: bool
    past: bool
    approved_by: str | None

    def __bool__(self) -> bool:
        return bool(self.overbook or self.outside or self.past)

    def at(self, desk: Desk) -> Insistence:
        """For a request of this desk; a manager's PIN is asked for if one was named. Raises WrongSecret."""
        return {
            "overbook_reason": self.overbook,
            "outside_hours": self.outside,
            "in_past": self.past,
            "approval": self._approval(desk, self.approved_by) if self.approved_by else None,
        }

    def _approval(self, desk: Desk, login: str) -> str | None:
        from frontdesk.permissions import refusal_for
        from frontdesk.services.people.sign_in import approve

        lacking = [deed for deed in self._deeds() if refusal_for(desk.actor, deed) is not None]
        if not lacking:
            return None
        if len(lacking) > 1:
            raise click.UsageError("A manager approves one thing at a time: insist on one of them.")
        pin = ask_secret(f"PIN of {login}", "the manager's PIN", variable="FRONTDESK_PIN")
        terminal = kept(asked().settings.terminal_file)
        return approve(desk, login=login, pin=pin, deed=lacking[0], terminal_secret=terminal)

    def _deeds(self) -> list[Deed]:
        from frontdesk.permissions import Deed

        wished = ((self.overbook, Deed.OVERBOOK), (self.outside, Deed.BOOK_OUTSIDE), (self.past, Deed.BOOK_PAST))
        return [deed for wish, deed in wished if wish]


def insisting(command: Command) -> Command:
    """--overbook, --outside, --past and --approved-by, handed on together as `insisted`."""

    @functools.wraps(command)
    def run(overbook: str | None, outside: bool, past: bool, approved_by: str | None, **others: object) -> None:
        command(**others, insisted=Insisted(overbook, outside, past, approved_by))

    for option in (
        click.option("--approved-by", metavar="MANAGER", help="If you may not: a manager, whose PIN is asked for."),
        click.option("--past", is_flag=True, help="Although that time has been."),
        click.option("--outside", is_flag=True, help="Although nobody works then."),
        click.option("--overbook", metavar="REASON", help="Beside another visit, on purpose; say why."),
    ):
        option(run)
    return run
