"""Odd desks, for the server that keeps them: one can't begin, one never leaves, one tells its environment."""

from __future__ import annotations

import json
import os
import signal
import sys
import time


def main() -> None:
    """By what the command line says."""
    match sys.argv[1]:
        case "cannot-begin":
            print("The database can't be reached.", file=sys.stderr)
            sys.exit(4)
        case "never-leaves":
            for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGINT):
                signal.signal(number, signal.SIG_IGN)
            _send("still here")
            while True:
                time.sleep(60)
        case "tells":
            _send(json.dumps(dict(os.environ)))
            sys.stdin.read()


def _send(text: str) -> None:
    """As Textual's web driver does."""
    data = text.encode()
    sys.stdout.buffer.write(b"__GANGLION__\nD" + len(data).to_bytes(4, "big") + data)
    sys.stdout.flush()


if __name__ == "__main__":
    main()
