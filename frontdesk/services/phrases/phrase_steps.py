"""Typed steps of a visit, and going to one: "arrive jane", "pay kim", "go jane fri" (features N1).

Private to the reading of lines.
"""

from __future__ import annotations

from dataclasses import replace

from frontdesk.rules.phrase_wishes import Go, Step, When
from frontdesk.rules.states import EXITS, Status
from frontdesk.services.phrases.line_wishes import GoDay, GoVisit, StepOf
from frontdesk.services.phrases.phrase_reading import ReadPhrase, Understood
from frontdesk.services.phrases.phrase_visits import TO_COME, visit_of
from frontdesk.services.phrases.phrase_words import Asked
from frontdesk.services.use_case import Work
from frontdesk.services.wording import day_words

_STANDING = tuple(status for status in Status if status not in EXITS)
_FROM = {
    "confirm": (Status.PENDING,),
    "arrive": (Status.PENDING, Status.CONFIRMED),
    "start": TO_COME,
    "finish": (Status.ARRIVED, Status.IN_SERVICE, Status.PROCESSING),
    "no-show": (Status.PENDING, Status.CONFIRMED),
    "pay": _STANDING,
}
_SAID = {
    "confirm": "{} will come", "arrive": "{} is here", "start": "{} begins", "finish": "{} is done",
    "no-show": "{} did not come", "pay": "{} pays",
}  # fmt: skip


def read_step(work: Work, request: ReadPhrase, wish: Step) -> Understood:
    """`Jane Doe 0123, Cut, Mon 9 Mar 10:00 with Anna is here`; of today unless another day is said."""
    of = wish.of
    if of.day is None and wish.what != "confirm":
        of = replace(of, day=work.desk.today)
    visit = visit_of(work, wish.who, of, request.text, states=_FROM[wish.what])
    if isinstance(visit, Asked):
        return Understood(visit)
    return Understood(
        customer=visit.customer,
        starts_at=visit.starts_at,
        preview=_SAID[wish.what].format(visit.words(work.shop.timezone)),
        wish=StepOf(wish.what, visit.id, visit.lines[0].id, visit.customer, visit.what, visit.starts_at),
    )


def read_go(work: Work, request: ReadPhrase, wish: Go) -> Understood:
    """To a day, or to a visit of somebody who is named."""
    if not wish.who:
        assert wish.day is not None  # the grammar asks for one of both
        return Understood(preview=f"Go to {day_words(wish.day)}", wish=GoDay(wish.day))
    visit = visit_of(work, wish.who, When(day=wish.day), request.text, states=_STANDING)
    if isinstance(visit, Asked):
        return Understood(visit)
    return Understood(
        customer=visit.customer,
        starts_at=visit.starts_at,
        preview=f"Go to {visit.words(work.shop.timezone)}",
        wish=GoVisit(visit.id, visit.starts_at),
    )
