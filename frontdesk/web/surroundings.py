"""The environment a browser's desk runs in: what it needs, and nothing else of ours."""

from __future__ import annotations

from collections.abc import Mapping

NEEDED = (
    "HOME", "USER", "LOGNAME", "PATH", "TMPDIR", "TZ", "LANG", "LANGUAGE", "VIRTUAL_ENV", "PYTHONPATH", "SYSTEMROOT",
)  # fmt: skip
KINDS = ("LC_", "XDG_", "FRONTDESK_")
WITHHELD = {"FRONTDESK_TOKEN", "FRONTDESK_ADMIN_URL"}
"""A token would sign everybody in as its person; the owner's address is for migrating, not for a desk."""


def surroundings(environ: Mapping[str, str], *, columns: int, rows: int) -> dict[str, str]:
    """A desk's environment, from ours."""
    kept = {
        name: value for name, value in environ.items()
        if (name in NEEDED or name.startswith(KINDS)) and name not in WITHHELD
    }  # fmt: skip
    kept.setdefault("LANG", "C.UTF-8")
    kept.update(
        TERM="xterm-256color",
        COLORTERM="truecolor",
        TEXTUAL_DRIVER="frontdesk.web.driver:BrowserDriver",
        TEXTUAL_COLOR_SYSTEM="truecolor",
        COLUMNS=str(columns),
        ROWS=str(rows),
    )
    return kept
