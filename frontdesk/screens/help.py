"""F1: what can be done on this screen, from the commands' own declarations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from frontdesk.screens.commands import EVERYWHERE, Command, spoken_key
from frontdesk.text import fit, wrapped
from frontdesk.widgets.form import FORM_KEYS

if TYPE_CHECKING:
    from frontdesk.app import FrontDesk
    from frontdesk.screens.base import DeskScreen

_INDENT = 22
"""Where the sentences begin."""


def help_for(app: FrontDesk, screen: DeskScreen) -> Content:
    """The screen's purpose, its keys, the keys of every screen; what the person may not do says so."""
    room = max(40, min(app.size.width, 100) - 4)
    said = [*(Content(line) for line in wrapped(" ".join((screen.__doc__ or "").split()), room)), Content("")]
    said += [_line(app, screen, command, room) for command in screen.KEYS]
    said += [Content(""), Content.styled("On every screen", "bold")]
    said += [_line(app, screen, command, room) for command in EVERYWHERE if command not in screen.KEYS]
    said += [Content(""), *(Content(line) for line in wrapped(" ".join(FORM_KEYS.split()), room)), Content("")]
    said += [Content.styled(f"Keys can be changed: {app.settings.config_folder / 'keys.toml'}, [keys].", "$fd-muted")]
    return Content("\n").join(said)


def _line(app: FrontDesk, screen: DeskScreen, command: Command, room: int) -> Content:
    key = fit(spoken_key(app.key_of(command)), 8)
    first, *rest = wrapped(command.help, room - _INDENT)
    said = [Content.assemble("  ", (key, "bold $accent"), fit(command.name, 12), first)]
    said += [Content(" " * _INDENT + line) for line in rest]
    remedy = screen.not_permitted(command)
    if remedy:
        said += [Content.styled(" " * _INDENT + line, "$fd-amber") for line in wrapped(remedy, room - _INDENT)]
    return Content("\n").join(said)
