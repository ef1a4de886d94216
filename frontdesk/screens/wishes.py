"""The request id of what stands in a form: the same as long as it says the same, so that it is never done twice."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID, uuid4

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
