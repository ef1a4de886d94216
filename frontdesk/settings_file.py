"""config.toml changed by a program: one setting, with everybody's comments left as they are."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from frontdesk.errors import BadInput
from frontdesk.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from tomlkit import TOMLDocument


def keep_setting(settings: Settings, name: str, value: str | int) -> Settings:
    """Write a setting to config.toml, and answer the settings as they are then.

    Raises BadInput when the environment or a flag decides it, so that what is written would not hold, and when the
    file can't be read or written.
    """
    file = settings.config_file
    origin = settings.origins.get(name, "default")
    if origin not in ("default", str(file)):
        where = "the command line" if origin == "flag" else origin
        raise BadInput(f"{where} decides {name.replace('_', ' ')}. Change it there.", field=name)
    try:
        document = _read(file)
        document[name] = value
        _write(file, document.as_string())
    except (OSError, ValueError) as error:
        raise BadInput(f"{file} can't be changed: {error}. Correct it or move it away.", field=name) from error
    changed: dict[str, Any] = {name: value, "origins": {**settings.origins, name: str(file)}}
    return replace(settings, **changed)


def _read(file: Path) -> TOMLDocument:
    import tomlkit

    try:
        return tomlkit.parse(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return tomlkit.document()


def _write(file: Path, text: str) -> None:
    """Replaced as a whole: a power cut leaves the old one or the new one. It may hold a password, so 0600."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = file.with_name(f"{file.name}.{os.getpid()}.new")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
            opened.write(text)
            opened.flush()
            os.fsync(descriptor)
        os.replace(new, file)
    except BaseException:
        new.unlink(missing_ok=True)
        raise
