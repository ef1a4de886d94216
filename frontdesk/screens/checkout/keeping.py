"""The counter as a draft: what is half paid survives a crash, and is taken up again where it was left."""

from __future__ import annotations

from pydantic import TypeAdapter, ValidationError

from frontdesk.screens.checkout.counter import Kept
from frontdesk.widgets.form import Keeper

_KEPT = TypeAdapter(Kept)


def kept(keeper: Keeper) -> Kept | None:
    """What was kept the last time; None for nothing, or for what another release wrote and this one can't read."""
    found = keeper.found()
    if not found or "counter" not in found:
        return None
    try:
        return _KEPT.validate_json(found["counter"])
    except ValidationError:
        return None


def keep(keeper: Keeper, counter: Kept) -> None:
    """Write the counter down; an empty one is forgotten."""
    if counter.is_empty:
        keeper.drop()
    else:
        keeper.keep({"counter": _KEPT.dump_json(counter).decode()})
