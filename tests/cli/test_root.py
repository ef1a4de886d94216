"""The root: help costs next to nothing, every listed command can be run, completion knows them."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Iterator

import click
import pytest

from frontdesk.cli.root import COMMANDS, root
from tests.cli.conftest import REPO, Run

HEAVY = ("sqlmodel", "sqlalchemy", "pydantic", "rich", "psycopg", "textual", "alembic", "babel")


@pytest.mark.parametrize("flag", ["--help", "--version"])
def test_help_and_version_import_nothing_heavy(flag: str) -> None:
    ask = (
        "import sys\n"
        "from frontdesk.__main__ import main\n"
        f"sys.argv = ['frontdesk', '{flag}']\n"
        "try: main()\n"
        "except SystemExit as end: assert end.code == 0\n"
        f"print([m for m in {HEAVY!r} if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True, cwd=REPO)
    assert done.stderr.strip() == "[]"
    assert "frontdesk" in done.stdout


def test_help_costs_less_than_sixty_percent_of_importing_the_screens() -> None:
    def cpu(*command: str) -> float:
        def once() -> float:
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run([sys.executable, *command], check=True, stdout=subprocess.DEVNULL, cwd=REPO)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

        return min(once() for _ in range(3))

    assert cpu("-m", "frontdesk", "--help") <= 0.6 * cpu("-c", "import textual.app")


def test_every_listed_command_can_be_imported_and_helps() -> None:
    context = click.Context(root, info_name="frontdesk")
    for name in root.list_commands(context):
        command = root.get_command(context, name)
        assert command is not None
        assert command.name == name
        assert command.help, name
        assert len(command.get_help(click.Context(command, info_name=name, parent=context)).splitlines()) > 3


def test_every_command_has_a_line_of_its_own_in_the_help(process: Run) -> None:
    shown = process("--help").out
    for listed in COMMANDS.values():
        for name, (_, words) in listed.items():
            assert f"  {name} " in shown
            assert words in shown
    assert max(map(len, shown.splitlines())) <= 80


def test_a_mistyped_command_is_usage_and_hears_what_was_meant(process: Run) -> None:
    ended = process("chekout", "7QK2X")
    assert ended.code == 2
    assert "Did you mean checkout" in ended.err
    assert ended.out == ""


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script_for_the_shell(process: Run, shell: str) -> None:
    ended = process("completion", shell)
    assert ended.code == 0, ended.err
    assert "_FRONTDESK_COMPLETE" in ended.out


def test_completion_answers_with_commands_without_importing_them(process: Run) -> None:
    ended = process(_FRONTDESK_COMPLETE="bash_complete", COMP_WORDS="frontdesk che", COMP_CWORD="1")
    assert "plain,checkout" in ended.out


def _options(command: click.Command, path: str) -> Iterator[tuple[str, click.Option]]:
    yield from ((path, one) for one in command.params if isinstance(one, click.Option))
    if isinstance(command, click.Group):
        for name, under in command.commands.items():
            yield from _options(under, f"{path} {name}")


def test_every_option_of_every_command_says_what_it_is() -> None:
    context = click.Context(root)
    commands = [(name, root.get_command(context, name)) for name in root.list_commands(context)]
    found = [pair for name, command in commands if command is not None for pair in _options(command, name)]
    assert len(found) > 300
    assert [f"{path} {one.opts[0]}" for path, one in found if not one.help and not one.hidden] == []
