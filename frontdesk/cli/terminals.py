"""frontdesk terminal: where a PIN is enough to sign in."""

from __future__ import annotations

import click

from frontdesk.cli.asked import Reading, Writing, asked
from frontdesk.cli.desk import open_desk
from frontdesk.cli.output import say, show, table, text
from frontdesk.cli.when import words_of
from frontdesk.keeping import keep


@click.group()
def terminal() -> None:
    """Shop terminals, where a PIN is enough to sign in."""


@terminal.command("list", cls=Reading)
def list_() -> None:
    """The registered terminals."""
    from frontdesk.services.people.people import ListTerminals, list_terminals

    with open_desk() as desk:
        found = list_terminals(desk, ListTerminals())
    rows = [(str(t.id), t.name, t.shop, "" if t.is_active else "disabled") for t in found.terminals]
    show(asked(), found, lambda: [table(("No.", "Name", "Shop", ""), rows)] if rows else ())
    if not rows:
        say("None is registered. Register this one: frontdesk terminal register front desk.")


@terminal.command(cls=Writing)
@click.argument("name", nargs=-1, required=True)
def register(name: tuple[str, ...]) -> None:
    """Register this machine: terminal register front desk left.

    Its secret is kept in a file that only you can read, and nowhere else; PINs are good here from now on.
    """
    from frontdesk.services.people.people import RegisterTerminal, TerminalCard, register_terminal

    line = asked()
    with open_desk() as desk:
        made = register_terminal(desk, RegisterTerminal(name=words_of(name), **line.once()))
        if made.secret:  # it is said once; a repeated request leaves the file as it is
            keep(line.settings.terminal_file, made.secret)
        card = TerminalCard(made.id, made.name, desk.shop.name, True)
    show(line, card, lambda: [text(f"{card.name} ({card.id}) is registered at {card.shop}.")])
    say(f"Its secret is kept in {line.settings.terminal_file}.")


@terminal.command(cls=Writing)
@click.argument("number", type=int)
@click.argument("name", nargs=-1, required=True)
def rename(number: int, name: tuple[str, ...]) -> None:
    """Call a terminal something else: terminal rename 1 front desk right."""
    from frontdesk.services.people.people import RenameTerminal, rename_terminal

    with open_desk() as desk:
        wish = RenameTerminal(terminal_id=number, name=words_of(name), **asked().once())
        card = rename_terminal(desk, wish)
    show(asked(), card, lambda: [text(f"Terminal {card.id} is called {card.name}.")])


@terminal.command(cls=Writing)
@click.argument("number", type=int)
def disable(number: int) -> None:
    """A terminal that was lost or given away: no PIN is enough there any more."""
    from frontdesk.services.people.people import DisableTerminal, disable_terminal

    with open_desk() as desk:
        card = disable_terminal(desk, DisableTerminal(terminal_id=number, **asked().once()))
    show(asked(), card, lambda: [text(f"{card.name} ({card.id}) is disabled.")])
