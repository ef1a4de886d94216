"""frontdesk undo, redo: what I did to the book last, taken back and done again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from frontdesk.cli.asked import Writing, asked
from frontdesk.cli.desk import open_desk
from frontdesk.cli.output import show, text

if TYPE_CHECKING:
    from frontdesk.services.undo.undo import Undone


@click.command(cls=Writing)
@click.option("--past", type=int, metavar="NUMBER", help="Go past an action that was refused; --json names it.")
def undo(past: int | None) -> None:
    """Take back what you did to the book last, today and in this shop; again to go further back.

    Whatever is done to visits can be taken back, and what was one stroke is taken back in one: a swap, a party, a
    day put together again. Money can't.
    """
    from frontdesk.services.undo.undo import UndoLast, undo_last

    with open_desk() as desk:
        _told(undo_last(desk, UndoLast(older_than=past, **asked().once())))


@click.command(cls=Writing)
def redo() -> None:
    """Do again what you took back last, unless you did something new since."""
    from frontdesk.services.undo.undo import RedoLast, redo_last

    with open_desk() as desk:
        _told(redo_last(desk, RedoLast(**asked().once())))


def _told(undone: Undone) -> None:
    show(asked(), undone, lambda: [text(undone.sentence)])
