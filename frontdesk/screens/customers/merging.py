"""Two people change one customer: what each of them typed, put together field by field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Texts = Mapping[str, str]
"""What stands in the fields of a form, by their names."""


@dataclass(frozen=True)
class Merged:
    """What stands in the form afterwards."""

    texts: dict[str, str]
    taken: tuple[str, ...]
    """Fields that only the other one changed: theirs stands there."""
    contested: tuple[str, ...]
    """Fields that both changed: one's own stands there."""


def merged(typed: Texts, seen: Texts, now: Texts) -> Merged:
    """What was typed over what was seen, and what somebody else has made of that meanwhile. Nothing typed is lost."""
    texts, taken, contested = dict(typed), [], []
    for name, theirs in now.items():
        before = seen.get(name, "")
        if theirs == before or theirs == typed.get(name, ""):
            continue
        if typed.get(name, "") == before:
            texts[name] = theirs
            taken.append(name)
        else:
            contested.append(name)
    return Merged(texts, tuple(taken), tuple(contested))
