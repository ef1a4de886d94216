"""frontdesk book: a visit from one typed line (features BK3, N1)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from frontdesk.cli.ask import agreed, choose
from frontdesk.cli.asked import Writing, asked
from frontdesk.cli.booked import drawn_booking
from frontdesk.cli.desk import open_desk
from frontdesk.cli.insisting import Insisted, insisting
from frontdesk.cli.names import Unclear
from frontdesk.cli.output import json_of, say, show, text
from frontdesk.cli.run import INTERRUPTED
from frontdesk.cli.when import words_of
from frontdesk.errors import OutcomeUnknown

if TYPE_CHECKING:
    from frontdesk.desk import Desk
    from frontdesk.services.booking import BookAppointment, Booked
    from frontdesk.services.phrases import Understood


@click.command(cls=Writing)
@click.argument("line", nargs=-1, required=True)
@click.option("--dry-run", is_flag=True, help="Only say what it would book.")
@click.option("--yes", "-y", is_flag=True, help="Don't ask before booking.")
@click.option("--notes", default="", help="For whoever serves.")
@click.option("--guest", metavar="NAME", help="For somebody the customer brings, or who has not said who they are.")
@insisting
def book(line: tuple[str, ...], dry_run: bool, yes: bool, notes: str, guest: str | None, insisted: Insisted) -> None:
    """Book a visit: book jane cut tue 3pm anna. Who, what, when and with whom, in any order.

    At a terminal, what is unclear is asked and the visit is shown before it is booked; elsewhere an unclear line is
    refused with what it could have meant.
    """
    with open_desk() as desk:
        read = _read(desk, words_of(line))
        if dry_run:
            show(asked(), read, lambda: [text(read.preview)])
            if read.warning:
                say(read.warning)
            return
        assert read.request is not None
        say(read.preview)
        if read.warning and not insisted and asked().key is None:
            say(read.warning)
        if not (yes or agreed("Book it?")):
            say("Nothing was booked.")
            raise click.exceptions.Exit(INTERRUPTED)
        booked = _booked(desk, replace(read.request, notes=notes, **insisted.at(desk), **asked().once()), guest)
        show(asked(), booked, lambda: drawn_booking(desk, booked))


def _booked(desk: Desk, wish: BookAppointment, guest: str | None) -> Booked:
    from frontdesk.services.booking import book as book_visit

    exactly = replace(wish, guest_name=guest or "", for_guest=guest is not None)
    try:
        return book_visit(desk, exactly)
    except OutcomeUnknown:
        # The line may mean another time when it is typed again ("next"); the request never does.
        say(f"Exactly this again: frontdesk do booking.book --json '{json_of(exactly).decode()}'")
        raise


def _read(desk: Desk, line: str) -> Understood:
    """What the line means, after everything unclear was asked. Raises Unclear where nobody can answer."""
    from frontdesk.services.phrases import ReadPhrase, read_phrase

    while True:
        read = read_phrase(desk, ReadPhrase(text=line))
        if read.question is None:
            return read
        picked = choose(read.question.text, [label for label, _ in read.question.options])
        if picked is None:
            raise Unclear(question=read.question.text, options=[whole for _, whole in read.question.options])
        line = read.question.options[picked][1]
