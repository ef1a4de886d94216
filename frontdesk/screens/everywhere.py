"""What the commands of every screen do, and what the palette offers."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.app import SystemCommand

from frontdesk.screens import commands
from frontdesk.screens.commands import Command
from frontdesk.screens.help import help_for
from frontdesk.screens.messages import FindCustomer, OpenLine
from frontdesk.styles.themes import HOUSE_THEMES

if TYPE_CHECKING:
    from frontdesk.app import FrontDesk
    from frontdesk.screens.base import DeskScreen

Doing = Callable[[], Coroutine[Any, Any, None]]
"""What has to be waited for, not begun yet: a coroutine that a closing desk never runs would be complained of."""


def do_everywhere(app: FrontDesk, screen: DeskScreen, command: Command) -> Doing | None:
    """Carry out a command that no screen has as its own; what has to be waited for is answered."""
    if command in commands.MODES:
        return partial(app.switch_to, command.name)
    if command is commands.HELP:
        return partial(screen.read, "Help", help_for(app, screen))
    if command is commands.LOCK:
        app.lock()
    elif command is commands.PALETTE:
        app.action_command_palette()
    elif command is commands.THEME:
        names = [theme.name for theme in HOUSE_THEMES]
        app.theme = names[(names.index(app.theme) + 1) % len(names)] if app.theme in names else names[0]
        screen.say(f"Colours: {app.theme}.")
    elif command is commands.PRIVACY:
        app.private = not app.private
        screen.draw_header()
        screen.show_anew()
    elif command is commands.FIND:
        app.pass_on("customers", FindCustomer())
    elif command is commands.LINE:
        app.pass_on("calendar", OpenLine())
    elif command in (commands.UNDO, commands.REDO):
        return partial(_take_back, screen, redo=command is commands.REDO)
    elif command is commands.QUIT:
        app.exit()
    return None


async def _take_back(screen: DeskScreen, *, redo: bool) -> None:
    """The last thing somebody did to the book, taken back or done again from any screen."""
    from frontdesk.services.undo.undo import RedoLast, UndoLast, redo_last, undo_last

    done = await (screen.write(redo_last, RedoLast()) if redo else screen.write(undo_last, UndoLast()))
    if done is not None:
        screen.say(done.sentence)
        screen.show_anew()


def palette(app: FrontDesk, screen: DeskScreen) -> Iterable[SystemCommand]:
    """The commands of this screen and of every screen, then the themes."""
    for command in dict.fromkeys((*screen.KEYS, *commands.EVERYWHERE)):
        words = f"{commands.spoken_key(app.key_of(command))}  {command.help}"
        yield SystemCommand(command.name.replace("-", " "), words, lambda c=command: screen.action_run(c.name))
    for theme in HOUSE_THEMES:
        wear = partial(setattr, app, "theme", theme.name)
        yield SystemCommand(f"theme {theme.name}", "Changes the colours.", wear)


def every_command() -> tuple[Command, ...]:
    """All that are declared."""
    return tuple(value for value in vars(commands).values() if isinstance(value, Command))
