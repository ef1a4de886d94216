"""Files that say what something looks like: compared byte for byte, written anew by FRONTDESK_WRITE_GOLDENS=1."""

from __future__ import annotations

import os
from pathlib import Path


def agree(golden: Path, made: bytes) -> None:
    """What was made is what the file holds."""
    if os.environ.get("FRONTDESK_WRITE_GOLDENS"):
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_bytes(made)
    assert made == golden.read_bytes()
