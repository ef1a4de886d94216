"""Vale Street at a registered terminal, for the app to play in."""

from __future__ import annotations

import pytest

from frontdesk.db.server import Handle
from tests.screens.desk import with_pins


@pytest.fixture
def shop(server: Handle, committed: str) -> str:
    """A copy of Vale Street with a registered terminal: its database's name."""
    with_pins(server.conninfo(committed))
    return committed
