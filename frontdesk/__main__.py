"""The command `frontdesk`, also as `python -m frontdesk`."""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType


def main() -> None:
    """Run one command line and leave with its exit code (frontdesk.cli.run)."""
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _leave)
    # The desk itself opens without what only commands need.
    if len(sys.argv) == 1 and "_FRONTDESK_COMPLETE" not in os.environ:
        from frontdesk.opening import open_alone

        sys.exit(open_alone())
    from frontdesk.cli.root import root

    root.main(prog_name="frontdesk")


def _leave(number: int, frame: FrameType | None) -> None:
    # Leaving by an exception gives the private server back; dying of the signal would leave it running.
    sys.exit(128 + number)


if __name__ == "__main__":
    main()
