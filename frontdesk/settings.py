"""One frozen Settings: defaults, then config.toml, then the environment, then flags; each value knows its origin."""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from frontdesk.errors import BadInput

ROOT_FOLDER = Path("/var/lib/frontdesk")
"""Where root's data lies: a server that runs as an unprivileged user can't read a home of mode 0700."""


def _folder(kind: str) -> Path:
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return ROOT_FOLDER / kind
    with warnings.catch_warnings():
        # On SSH and in cron XDG_RUNTIME_DIR is not set; platformdirs warns, and its fallback is what we want.
        warnings.simplefilter("ignore")
        import platformdirs

        found = {
            "data": platformdirs.user_data_path, "config": platformdirs.user_config_path,
            "state": platformdirs.user_state_path,
        }[kind]  # fmt: skip
        return found("frontdesk", appauthor=False)


@dataclass(frozen=True)
class Settings:
    """Where things are and how this machine reaches its database."""

    database_url: str | None = None
    """A shared server, as the desk's role. Without it a private server is started."""
    admin_url: str | None = None
    """The same server as somebody who may migrate it."""
    database: str = "frontdesk"
    """The database's name on the private server."""
    server_version: int = 18
    """Which PostgreSQL of the wheel the private server runs: 18 or 16."""
    data_folder: Path = field(default_factory=lambda: _folder("data"))
    """The private server's files, drafts."""
    config_folder: Path = field(default_factory=lambda: _folder("config"))
    """config.toml, keys.toml, this terminal's secret."""
    state_folder: Path = field(default_factory=lambda: _folder("state"))
    """Logs and the token that `frontdesk login` keeps."""
    theme: str = "frontdesk-dark"
    """The colours of the desk: frontdesk-dark, -light, -contrast, -colour-blind, or any of Textual's."""
    lock_minutes: int = 10
    """After so long without a key the desk locks itself; 0 for never."""
    printer: str = ""
    """Where receipts are printed: `file:/dev/usb/lp0` or `tcp://192.168.1.50:9100`; empty for nowhere."""
    card_terminal: str = "external"
    """How cards are charged: `external`, by a terminal whose approval code is typed, or `simulated:FOLDER`."""
    smtp_host: str = ""
    """Which server takes the letters; empty when none are sent from here."""
    smtp_port: int = 587
    """465 speaks TLS from the beginning, any other when the server offers it."""
    smtp_user: str = ""
    """Who signs in there; nobody when it is empty."""
    smtp_password: str = ""
    """With what. Never shown."""
    smtp_from: str = ""
    """Whose address stands on the letters."""
    origins: Mapping[str, str] = field(default_factory=dict, compare=False)
    """For every setting that is not the default: where its value comes from."""

    @property
    def config_file(self) -> Path:
        """The file that people edit."""
        return self.config_folder / "config.toml"

    @property
    def server_home(self) -> Path:
        """The private server's own folder."""
        return self.data_folder / "server"

    @property
    def token_file(self) -> Path:
        """What `frontdesk login` keeps, mode 0600."""
        return self.state_folder / "token"

    @property
    def terminal_file(self) -> Path:
        """What `frontdesk terminal register` keeps, mode 0600."""
        return self.config_folder / "terminal"

    @property
    def log_file(self) -> Path:
        """Where faults are written: never to the terminal."""
        return self.state_folder / "frontdesk.log"


_PATHS = {"data_folder", "config_folder", "state_folder"}
_NUMBERS = {"server_version", "lock_minutes", "smtp_port"}


def load(flags: Mapping[str, Any] | None = None, environ: Mapping[str, str] | None = None) -> Settings:
    """Settings from every place, with their origins. Raises BadInput naming the place of a bad value."""
    environ = os.environ if environ is None else environ
    names = [f.name for f in fields(Settings) if f.name != "origins"]
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}

    def take(found: Mapping[str, Any], origin: str) -> None:
        for name, value in found.items():
            values[name] = _typed(name, value, origin)
            origins[name] = origin

    from_environment = {n: environ[f"FRONTDESK_{n.upper()}"] for n in names if environ.get(f"FRONTDESK_{n.upper()}")}
    take({n: v for n, v in from_environment.items() if n == "config_folder"}, "environment")
    config_file = Settings(**values).config_file
    if config_file.exists():
        take(_from_file(config_file, names), str(config_file))
    for name, value in from_environment.items():
        take({name: value}, f"FRONTDESK_{name.upper()}")
    take({n: v for n, v in (flags or {}).items() if v is not None}, "flag")
    return Settings(**values, origins=origins)


def _from_file(path: Path, names: list[str]) -> dict[str, Any]:
    import tomllib

    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} is not a readable settings file: {error}. Correct it or move it away.") from error
    unknown = sorted(set(found) - set(names))
    if unknown:
        raise BadInput(f"{path} names {unknown[0]!r}, which is no setting. The settings are: {', '.join(names)}.")
    return found


def _typed(name: str, value: Any, origin: str) -> Any:  # noqa: ANN401  a setting is whatever was typed, until here
    if name in _PATHS:
        return Path(value).expanduser().absolute()
    if name in _NUMBERS:
        try:
            return int(value)
        except ValueError as error:
            raise BadInput(f"{name} has to be a whole number, not {value!r} ({origin}).") from error
    return value
