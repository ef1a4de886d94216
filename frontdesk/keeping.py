"""Small secrets in files that only their owner can read: a sign-in's token, a terminal's secret."""

from __future__ import annotations

import os
from pathlib import Path


def kept(path: Path) -> str:
    """What is kept there; empty if nothing is."""
    try:
        return path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return ""


def keep(path: Path, secret: str) -> None:
    """Keep a secret with mode 0600; a power cut leaves the old one or the new one."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.{os.getpid()}.new")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(secret + "\n")
            file.flush()
            os.fsync(descriptor)
        os.replace(new, path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise


def forget(path: Path) -> bool:
    """Keep it no longer. False if nothing was kept."""
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    return True
