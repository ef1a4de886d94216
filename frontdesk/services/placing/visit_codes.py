"""Short names of visits that people can say on the telephone: 7QK2."""

from __future__ import annotations

import secrets

from sqlalchemy import text
from sqlmodel import Session

_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # without 0, 1, I and O, which people mix up
_LENGTH = 5


def new_codes(session: Session, how_many: int) -> list[str]:
    """Codes no visit of this business has, in one question."""
    codes: set[str] = set()
    while len(codes) < how_many:
        drawn = {
            "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH)) for _ in range(how_many - len(codes) + 4)
        } - codes
        taken = set(session.execute(_TAKEN, {"codes": list(drawn)}).scalars())
        codes |= drawn - taken
    return sorted(codes)[:how_many]


_TAKEN = text("SELECT code FROM appointments WHERE code = ANY (:codes)")
