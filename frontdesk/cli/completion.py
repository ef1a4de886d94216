"""frontdesk completion: the few lines that let a shell complete commands."""

from __future__ import annotations

import click

SHELLS = {
    "bash": 'Put this into ~/.bashrc:  eval "$(frontdesk completion bash)"',
    "zsh": 'Put this into ~/.zshrc:  eval "$(frontdesk completion zsh)"',
    "fish": "Once:  frontdesk completion fish > ~/.config/fish/completions/frontdesk.fish",
}


@click.command()
@click.argument("shell", type=click.Choice(tuple(SHELLS)))
def completion(shell: str) -> None:
    """Let the shell complete commands and their options.

    \b
    bash   eval "$(frontdesk completion bash)"   in ~/.bashrc
    zsh    eval "$(frontdesk completion zsh)"    in ~/.zshrc
    fish   frontdesk completion fish > ~/.config/fish/completions/frontdesk.fish
    """
    from click.shell_completion import get_completion_class

    from frontdesk.cli.ask import is_somebody_there
    from frontdesk.cli.root import root

    complete = get_completion_class(shell)
    assert complete is not None
    click.echo(complete(root, {}, "frontdesk", "_FRONTDESK_COMPLETE").source())
    if is_somebody_there():
        click.echo(SHELLS[shell], err=True)
