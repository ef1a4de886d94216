"""F1: what can be done on this screen, from the commands' own declarations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from frontdesk.screens.commands import EVERYWHERE, Command, spoken_key
from frontdesk.text import fit

if TYPE_CHECKING:
    from frontdesk.app import FrontDesk
    from frontdesk.screens.base import DeskScreen

_FORMS = """In forms: enter next, at the last field save; ctrl+s save; esc back, the draft is kept; alt and a field's
first letter jumps to it. In choices: type, up and down, enter."""


def help_for(app: FrontDesk, screen: DeskScreen) -> Content:
    """The screen's purpose, its keys, the keys of every screen; what can't act now says why."""
    said = [Content((screen.__doc__ or "").strip()), Content("")]
    said += [_line(app, screen, command) for command in screen.KEYS]
    said += [Content(""), Content.styled("On every screen", "bold")]
    said += [_line(app, screen, command) for command in EVERYWHERE]
    said += [Content(""), Content(" ".join(_FORMS.split())), Content("")]
    said += [Content.styled(f"Keys can be changed: {app.settings.config_folder / 'keys.toml'}, [keys].", "$fd-muted")]
    return Content("\n").join(said)


def _line(app: FrontDesk, screen: DeskScreen, command: Command) -> Content:
    key = fit(spoken_key(app.key_of(command)), 8)
    words = Content.assemble("  ", (key, "bold $accent"), fit(command.name, 13), command.help)
    reason = screen.why_not(command)
    return Content.assemble(words, (f"  {reason}", "$fd-amber")) if reason else words
