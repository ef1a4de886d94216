"""Questions to the person at the keyboard. Where nobody is, the sentence names the option that answers instead."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from frontdesk.text import clean


def is_somebody_there() -> bool:
    """Whether a question would be seen and answered."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def ask(question: str, instead: str, *, default: str | None = None) -> str:
    """One line of an answer; enter takes the default. Without a person the default, or usage."""
    if not is_somebody_there():
        if default is not None:
            return default
        raise click.UsageError(f"Nobody is there to ask: give {instead}.")
    return str(click.prompt(clean(question), default=default, err=True))


def ask_secret(question: str, instead: str, *, variable: str = "FRONTDESK_PASSWORD", twice: bool = False) -> str:
    """A password or PIN, typed unseen, or from the environment; never from the command line, which others can read."""
    if given := os.environ.get(variable):
        return given
    if not is_somebody_there():
        raise click.UsageError(f"Nobody is there to ask: give {instead} in {variable}.")
    return str(click.prompt(clean(question), hide_input=True, confirmation_prompt=twice and "Again", err=True))


def agreed(question: str, *, default: bool = True) -> bool:
    """Yes or no. Without a person, yes: the command itself was the wish."""
    return not is_somebody_there() or click.confirm(clean(question), default=default, err=True)


def choose(question: str, answers: Sequence[str]) -> int | None:
    """Which of the numbered answers; None without a person, or when none of them is meant."""
    if not answers or not is_somebody_there():
        return None
    click.echo(clean(question), err=True)
    for number, answer in enumerate(answers, start=1):
        click.echo(f"  {number}  {clean(answer)}", err=True)
    picked = click.prompt("Which", type=click.IntRange(0, len(answers)), default=0, show_default=False, err=True,
                          prompt_suffix=" (enter for none)? ")  # fmt: skip
    return int(picked) - 1 if picked else None
