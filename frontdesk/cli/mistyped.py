"""What can't be understood on a command line was mistyped: usage, and no refusal of the shop."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from frontdesk.errors import BadInput, Refusal


@contextmanager
def usage(*also: type[Refusal]) -> Iterator[None]:
    """What can't be understood in here was mistyped: usage, and not a refusal of the shop."""
    mistyped: tuple[type[Refusal], ...] = (BadInput, *also)
    try:
        yield
    except mistyped as error:
        raise click.UsageError(error.sentence, click.get_current_context(silent=True)) from error
