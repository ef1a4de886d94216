"""What stands in a form as a wish: its request id, so that it is done once, and its way over another's change."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID, uuid4

from frontdesk.errors import ChangedMeanwhile, Refusal
from frontdesk.widgets.form import Filled


class Wishes:
    """One form's wishes. Saved again as it stood, a wish keeps its id; with another word in it, it is another one."""

    def __init__(self) -> None:
        self._said: Mapping[str, str] | None = None
        self._id = uuid4()

    def id_for(self, filled: Filled) -> UUID:
        """The id of this wish."""
        said = {**filled.typed, **{f"{name}#": value for name, value in filled.picked.items()}}
        if said != self._said:
            self._said, self._id = said, uuid4()
        return self._id


def saves_over_it(refusal: Refusal) -> str | None:
    """What ctrl+o does about a change that somebody else made meanwhile."""
    return "saves yours over it" if isinstance(refusal, ChangedMeanwhile) else None


def goes_over(filled: Filled) -> bool:
    """Whether the person has read that somebody else changed it, and wants theirs."""
    return isinstance(filled.insists_on, ChangedMeanwhile)
