"""keys.toml: any command under another key. Names are the commands', as F1 and the palette show them.

[keys]
arrive = "i"
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path

from frontdesk.errors import BadInput
from frontdesk.screens.commands import Command

LOST = {"ctrl+h": "backspace", "ctrl+i": "tab", "ctrl+m": "enter", "ctrl+c": "copying"}
"""What some terminals can't tell from something else."""


def read_keys(path: Path, known: Sequence[Command]) -> dict[str, str]:
    """Keys by command. Raises BadInput for a file, a command or a key that can't be."""
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise BadInput(f"{path.name} can't be read: {error}. The usual keys hold.") from error
    keys = found.get("keys", {})
    names = {command.name for command in known}
    for name, key in keys.items() if isinstance(keys, dict) else ():
        if name not in names:
            raise BadInput(f"{path.name} names {name!r}, which is no command; F1 lists them. The usual keys hold.")
        if not isinstance(key, str) or not key:
            raise BadInput(f"{path.name}: {name} needs a key in quotes. The usual keys hold.")
        if key in LOST:
            raise BadInput(f"{path.name}: {key} for {name} is {LOST[key]} on many terminals. The usual keys hold.")
    return {name: _textual_name(key) for name, key in keys.items()} if isinstance(keys, dict) else {}


def _textual_name(key: str) -> str:
    """`?` as people write it, `question_mark` as Textual calls it."""
    from textual.keys import _character_to_key

    return _character_to_key(key) if len(key) == 1 else key.lower()
