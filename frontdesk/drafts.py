"""Drafts: what somebody has half typed, kept within half a second, until it is saved or thrown away.

One file per person and form under the data folder, mode 0600, replaced as a whole, so that neither a killed process
nor a power cut leaves half a draft.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Draft:
    """What was typed into one form."""

    form: str
    """The form's name, with what it is about: `booking`, `customer 12`."""
    title: str
    """As the form calls itself: "Book a visit"."""
    typed: Mapping[str, str]
    kept_at: dt.datetime


class Drafts:
    """The drafts of one person in one folder."""

    def __init__(self, folder: Path, person: str) -> None:
        self._folder = folder / "drafts" / hashlib.sha256(person.encode()).hexdigest()[:16]

    def keep(self, draft: Draft) -> None:
        """Write it down, in place of what was kept for the same form."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        written = json.dumps({**vars(draft), "typed": dict(draft.typed), "kept_at": draft.kept_at.isoformat()})
        handle, name = tempfile.mkstemp(dir=self._folder, prefix=".", suffix=".new")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(written)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, self._file(draft.form))

    def find(self, form: str) -> Draft | None:
        """What was kept for a form, if anything readable is."""
        return _read(self._file(form))

    def drop(self, form: str) -> None:
        """It is saved, or not wanted any more."""
        self._file(form).unlink(missing_ok=True)

    def all(self) -> tuple[Draft, ...]:
        """Everything this person has half typed, newest first."""
        found = [draft for path in self._folder.glob("*.json") if (draft := _read(path))]
        return tuple(sorted(found, key=lambda draft: draft.kept_at, reverse=True))

    def _file(self, form: str) -> Path:
        return self._folder / f"{hashlib.sha256(form.encode()).hexdigest()[:16]}.json"


def _read(path: Path) -> Draft | None:
    with suppress(OSError, ValueError, KeyError, TypeError):
        found = json.loads(path.read_text(encoding="utf-8"))
        typed = {str(name): str(value) for name, value in found["typed"].items()}
        return Draft(found["form"], found["title"], typed, dt.datetime.fromisoformat(found["kept_at"]))
    return None
