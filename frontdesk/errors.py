"""Every "no" frontdesk can say, in the receptionist's words."""

from __future__ import annotations


class Refusal(Exception):
    """That can't be done now."""

    # The class's docstring is the sentence shown; `{name}` parts are filled from the keyword arguments, and the
    # arguments travel beside the sentence so that a program can read them from the JSON answer.

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        self.sentence = " ".join((type(self).__doc__ or "").split()).format(**facts)
        super().__init__(self.sentence)

    @property
    def code(self) -> str:
        """The refusal's name for programs: `SlotTaken`."""
        return type(self).__name__


class Unreachable(Refusal):
    """The database can't be reached ({reason}). Nothing was saved; try again in a moment."""


class OutcomeUnknown(Refusal):
    """The database went away while saving, and whether it was saved is not known. Send the same request again with
    its key {request_id}: it is never done twice."""


class Busy(Refusal):
    """Another terminal is saving the same thing right now. Nothing was changed; try again."""


class NotAllowed(Refusal):
    """{who} may not {deed}. {remedy}"""


class NotSignedIn(Refusal):
    """Nobody is signed in here, or the sign-in has ended. Sign in with frontdesk login."""


class BadInput(Refusal):
    """{problem}"""

    # For text that can't be understood: the sentence names the field, what is wrong and what would be right.

    def __init__(self, problem: str, *, field: str | None = None) -> None:
        super().__init__(problem=problem.replace("{", "(").replace("}", ")"), field=field)
        self.sentence = problem
