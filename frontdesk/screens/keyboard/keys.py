"""keys.toml: any command under another key. Names are the commands', as F1 and the palette show them.

[keys]
arrive = "i"
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

from frontdesk.errors import BadInput
from frontdesk.screens.commands import Command

LOST = {
    "ctrl+h": "backspace", "ctrl+i": "tab", "ctrl+m": "enter", "ctrl+enter": "enter", "ctrl+[": "escape",
    "ctrl+left_square_bracket": "escape", "ctrl+c": "copying",
}  # fmt: skip
"""What some terminals can't tell from something else."""

TAKEN = {
    **dict.fromkeys(("up", "down", "left", "right", "home", "end", "pageup", "pagedown"), "moving the cursor"),
    **dict.fromkeys(("tab", "shift+tab"), "going to the next field"),
    **dict.fromkeys(("ctrl+s", "ctrl+o", "ctrl+n"), "forms"),
    "backspace": "taking a letter back",
}
"""What has its meaning wherever one types or looks."""

_MODIFIERS = {"ctrl", "shift", "alt", "super", "hyper", "meta"}


def read_keys(path: Path, known: Sequence[Command]) -> dict[str, str]:
    """Keys by command. Raises BadInput for a file, a command or a key that can't be, and for two commands on one."""
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise BadInput(f"{path.name} can't be read: {error}. The usual keys hold.") from error
    keys = found.get("keys", {})
    if not isinstance(keys, dict):
        raise BadInput(f"{path.name}: keys is no table; begin it with [keys] on a line. The usual keys hold.")
    names = {command.name for command in known}
    chosen: dict[str, str] = {}
    for name, key in keys.items():
        if name not in names:
            raise BadInput(f"{path.name} names {name!r}, which is no command; F1 lists them. The usual keys hold.")
        if not isinstance(key, str) or not key:
            raise BadInput(f"{path.name}: {name} needs a key in quotes. The usual keys hold.")
        chosen[name] = _textual_name(key)
        if why := _why_not(key, chosen[name]):
            raise BadInput(f"{path.name}: {key} for {name} {why}. The usual keys hold.")
    _refuse_two_on_one(path, chosen, known)
    return chosen


def _why_not(key: str, called: str) -> str:
    for name in (key.lower() if len(key) > 1 else key, called):
        if name in LOST:
            return f"is {LOST[name]} on many terminals"
        if name in TAKEN:
            return f"is for {TAKEN[name]}"
    return "" if _is_key(called) else "is no key"


def _refuse_two_on_one(path: Path, chosen: Mapping[str, str], known: Sequence[Command]) -> None:
    """One key, one meaning: commands that share a key by default may, any others may not."""
    for command in known:
        key = chosen.get(command.name)
        for other in known if key else ():
            if other.key != command.key and chosen.get(other.name, other.key) == key:
                raise BadInput(
                    f"{path.name}: {key} for {command.name} is {other.name} already; give {other.name} another key too."
                    " The usual keys hold."
                )


def _is_key(called: str) -> bool:
    from textual.keys import Keys, key_to_character

    *modifiers, last = called.split("+")
    named = len(last) == 1 or last in {key.value for key in Keys} or key_to_character(last) is not None
    return named and _MODIFIERS.issuperset(modifiers)


def _textual_name(key: str) -> str:
    """`?` as people write it, `question_mark` as Textual calls it."""
    from textual.keys import _character_to_key

    return _character_to_key(key) if len(key) == 1 else key.lower()
