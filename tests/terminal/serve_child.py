"""Serves a program to browsers until told to stop, and says at which port. The program is the command line's rest."""

from __future__ import annotations

import sys

from frontdesk.web.place import Place
from frontdesk.web.server import serve


def main() -> None:
    """One server on any free port."""
    serve(sys.argv[1:], Place(port=0), lambda sentence: print(sentence, flush=True))


if __name__ == "__main__":
    main()
