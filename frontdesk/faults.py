"""The log of faults: where it happened and what kind it was, and nothing that could name a customer."""

from __future__ import annotations

import os
import platform
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

LARGEST = 1_000_000
"""Bytes after which the log begins anew; the one before is kept beside it."""

_OUR_OWN_WORDS = (AttributeError, TypeError, NameError, ImportError, AssertionError, NotImplementedError)
"""Faults whose words come from programmers, not from what people typed."""


def kept_in_log(error: BaseException, log_file: Callable[[], Path]) -> str:
    """Write a fault down and say where; or say that even that could not be done.

    Where the log lies is asked here, because settings may be what is broken.
    """
    try:
        path = log_file()
        append(path, "".join(described(error)))
    except Exception as problem:  # noqa: BLE001  a broken settings file or a full disk must not hide the first fault
        return f"It could not be written down either ({type(problem).__name__})."
    return f"The details are in {path}."


def described(error: BaseException) -> Iterator[str]:
    """A traceback without values: files, lines and kinds of error, and of a database error its code and names.

    The words of most errors repeat what they choked on (a parameter, a failing row, a number that is none), and
    whoever is erased from the book has to be gone from the log as well.
    """
    from frontdesk import __version__
    from frontdesk.clock import SystemClock

    on = f"frontdesk {__version__}, Python {platform.python_version()}, {sys.platform}"
    yield f"--- {SystemClock().now():%Y-%m-%d %H:%M:%S} UTC, {on}\n"
    for one in _chain(error):
        yield from traceback.format_tb(one.__traceback__)
        yield f"{type(one).__module__}.{type(one).__name__}{_safe_words(one)}\n"


def append(path: Path, text: str) -> None:
    """Add to the log, which only its owner may read."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > LARGEST:
        os.replace(path, path.with_suffix(".old.log"))
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as log:
        log.write(text)


def _chain(error: BaseException) -> list[BaseException]:
    """The first cause first; of a database error what the driver raised as well, of a worker's what it died of."""
    found: list[BaseException] = []
    one: BaseException | None = error
    while one is not None:
        found.append(one)
        before = (
            one.__cause__, None if one.__suppress_context__ else one.__context__,
            getattr(one, "orig", None), getattr(one, "error", None),
        )  # fmt: skip
        one = next((e for e in before if isinstance(e, BaseException) and e not in found), None)
    return found[::-1]


def _safe_words(error: BaseException) -> str:
    if isinstance(error, _OUR_OWN_WORDS):
        return f": {error}"
    if isinstance(error, OSError):
        return f": {error.strerror} {error.filename or ''}"
    named = getattr(error, "diag", None)
    if named is not None:
        facts = (getattr(error, "sqlstate", None), named.constraint_name, named.table_name, named.column_name)
        return ": " + " ".join(str(fact) for fact in facts if fact)
    return ""
