"""What a command prints: data on stdout, talk on stderr; tables for people, JSON for programs.

Whatever people typed is text and never markup. Nothing is coloured when it is piped, and NO_COLOR is obeyed.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Collection, Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

import click

from frontdesk.text import clean

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table
    from rich.text import Text

    from frontdesk.cli.asked import Asked
    from frontdesk.desk import Shop

_WORDS = re.compile("[^ ]+")

CLOSED_PIPE = 141
"""128 + SIGPIPE: whoever read our output has gone, as `head` does."""


def show(asked: Asked, answer: object, draw: Callable[[], Iterable[RenderableType]]) -> None:
    """Print an answer, as JSON if that was asked for, else as it is drawn for people."""
    if asked.json:
        _out(json_of(answer) + b"\n")
        return
    from rich.console import Console

    console = Console(file=sys.stdout, highlight=False, markup=False, emoji=False, soft_wrap=False)
    with console.capture() as drawn:
        for one in draw():
            console.print(one)
    _out("".join(f"{line.rstrip()}\n" for line in drawn.get().splitlines()).encode(_encoding(), "replace"))


def json_of(answer: object) -> bytes:
    """An answer as programs read it: amounts as strings, instants with their zone. Indented on a terminal."""
    from pydantic import TypeAdapter

    indent = 2 if sys.stdout.isatty() else None
    return TypeAdapter(type(answer)).dump_json(answer, indent=indent)


def say(*sentences: str) -> None:
    """Talk to the person at the keyboard."""
    for sentence in sentences:
        click.echo(plain(sentence), err=True)


def plain(words: str) -> str:
    """Words as they are, with their spaces and lines and without anything that could steer a terminal."""
    return "\n".join(_WORDS.sub(lambda word: clean(word[0]), line) for line in words.splitlines())


def text(words: str, style: str = "") -> Text:
    """Words that are shown as they are and never as markup."""
    from rich.text import Text

    return Text(plain(words), style=style)


def table(headings: Sequence[str], rows: Iterable[Sequence[str]], *, right: Collection[str] = ()) -> Table:
    """Columns with space between them and nothing around; `right` names those that are flush right."""
    from rich.table import Table

    drawn = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim", show_header=any(headings))
    for heading in headings:
        drawn.add_column(text(heading), justify="right" if heading in right else "left", overflow="fold")
    for row in rows:
        drawn.add_row(*(text(cell) for cell in row))
    return drawn


def facts(pairs: Iterable[tuple[str, str]]) -> Table:
    """Labels left, what they stand for beside them; empty ones are left out."""
    from rich.table import Table

    drawn = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    drawn.add_column(style="dim", no_wrap=True)
    drawn.add_column(overflow="fold")
    for label, value in pairs:
        if value:
            drawn.add_row(text(label), text(value))
    return drawn


def amount(value: Decimal | None, shop: Shop) -> str:
    """Money as the shop writes it, without its currency: for columns."""
    from frontdesk.money import number_text

    return "" if value is None else number_text(value, shop.currency, shop.locale)


def money(value: Decimal, shop: Shop) -> str:
    """Money as the shop writes it."""
    from frontdesk.money import money_text

    return money_text(value, shop.currency, shop.locale)


def _encoding() -> str:
    return getattr(sys.stdout, "encoding", None) or "utf-8"


def _out(data: bytes) -> None:
    try:
        click.echo(data, nl=False)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # so that leaving does not fail on it again
        raise click.exceptions.Exit(CLOSED_PIPE) from None
