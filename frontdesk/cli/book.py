"""frontdesk book: a typed line, booked or otherwise carried out (features BK3, N1)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from frontdesk.cli.ask import agreed, choose
from frontdesk.cli.asked import Writing, asked
from frontdesk.cli.booked import drawn_booking
from frontdesk.cli.desk import open_desk
from frontdesk.cli.insisting import Insisted, insisting
from frontdesk.cli.line_done import carry_out
from frontdesk.cli.names import Unclear
from frontdesk.cli.output import json_of, say, show, text
from frontdesk.cli.run import INTERRUPTED
from frontdesk.cli.when import words_of
from frontdesk.errors import OutcomeUnknown

if TYPE_CHECKING:
    from frontdesk.desk import Desk
    from frontdesk.services.book.booking import BookAppointment, Booked
    from frontdesk.services.phrases.phrases import Understood


@click.command(cls=Writing)
@click.argument("line", nargs=-1, required=True)
@click.option("--dry-run", is_flag=True, help="Only say what it would do.")
@click.option("--yes", "-y", is_flag=True, help="Don't ask before it is done.")
@click.option("--notes", default="", help="For whoever serves.")
@click.option("--guest", metavar="NAME", help="For somebody the customer brings, or who has not said who they are.")
@click.option("--reason", default="", help="Why, when the line cancels a visit.")
@insisting
def book(
    line: tuple[str, ...], dry_run: bool, yes: bool, notes: str, guest: str | None, reason: str, insisted: Insisted
) -> None:
    """Book a visit: book jane cut tue 3pm anna. Who, what, when and with whom, in any order.

    A verb as the first word does something else: book "move jane 4pm bo", book "cancel jane tue" --reason ill,
    book "swap jane, kim", book "wait jane cut this week", book "queue kim cut", book "block anna 13:00 lunch 30m".

    At a terminal, what is unclear is asked and shown before it is done; elsewhere an unclear line is refused with what
    it could have meant.
    """
    with open_desk() as desk:
        read = read_line(desk, words_of(line))
        if dry_run:
            show(asked(), read, lambda: [text(read.preview)])
            if read.warning:
                say(read.warning)
            return
        say(read.preview)
        if read.warning and not insisted and asked().key is None:
            say(read.warning)
        if not (yes or agreed("Book it?" if read.request is not None else "Do it?")):
            say("Nothing was booked." if read.request is not None else "Nothing was done.")
            raise click.exceptions.Exit(INTERRUPTED)
        if read.request is None:
            assert read.wish is not None
            done: Any = carry_out(desk, read.wish, insisted, reason)
            show(asked(), done.answer, lambda: done.drawn)
            return
        booked = _booked(desk, replace(read.request, notes=notes, **insisted.at(desk), **asked().once()), guest)
        show(asked(), booked, lambda: drawn_booking(desk, booked))


def _booked(desk: Desk, wish: BookAppointment, guest: str | None) -> Booked:
    from frontdesk.services.book.booking import book as book_visit

    exactly = replace(wish, guest_name=guest or wish.guest_name, for_guest=guest is not None)
    try:
        return book_visit(desk, exactly)
    except OutcomeUnknown:
        # The line may mean another time when it is typed again ("next"); the request never does.
        say(f"Exactly this again: frontdesk do booking.book --json '{json_of(exactly).decode()}'")
        raise


def read_line(desk: Desk, line: str) -> Understood:
    """What the line means, after everything unclear was asked. Raises Unclear where nobody can answer."""
    from frontdesk.services.phrases.phrases import ReadPhrase, read_phrase

    while True:
        read = read_phrase(desk, ReadPhrase(text=line))
        if read.question is None:
            return read
        picked = choose(read.question.text, [label for label, _ in read.question.options])
        if picked is None:
            raise Unclear(question=read.question.text, options=[whole for _, whole in read.question.options])
        line = read.question.options[picked][1]
