"""The type-to-book line against the real book: what it asks for, whether that can be, and what it will cost (features
BK3, N1).

Reading changes nothing. A line that can be carried out comes back with the wish that does it.
"""

from __future__ import annotations

from dataclasses import dataclass

from frontdesk.clock import local
from frontdesk.permissions import Deed
from frontdesk.rules.phrase import Phrase, Question, understand, with_customer
from frontdesk.rules.phrase_wishes import Block, Cancel, Free, Gaps, Go, Late, Move, Queue, Redo, Sick, Step, Swap, Wait
from frontdesk.services.menu.menu import menu
from frontdesk.services.phrases.line_wishes import TakeBack
from frontdesk.services.phrases.phrase_away import read_late, read_sick
from frontdesk.services.phrases.phrase_booking import read_booking
from frontdesk.services.phrases.phrase_reading import ReadPhrase, Understood, asked
from frontdesk.services.phrases.phrase_steps import read_go, read_step
from frontdesk.services.phrases.phrase_verbs import read_block, read_cancel, read_free, read_move, read_swap
from frontdesk.services.phrases.phrase_waiting import LISTED, read_gaps, read_listed, read_queue, read_wait
from frontdesk.services.phrases.phrase_words import Asked, called, completions, vocabulary
from frontdesk.services.placing.availability import lay_out_first
from frontdesk.services.use_case import Work, use_case

__all__ = [
    "Asked", "CompletePhrase", "Completed", "ReadPhrase", "Understood", "complete_phrase", "read_phrase",
    "with_customer",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class CompletePhrase:
    """A line that is being typed, its last word begun."""

    text: str


@dataclass(frozen=True)
class Completed:
    """The same line with the last word as it could go on, the likeliest first."""

    lines: tuple[str, ...]


@use_case(Deed.SEE_BOOK)
def complete_phrase(work: Work, request: CompletePhrase) -> Completed:
    """How the last word of a line could go on: services, stylists, verbs, customers."""
    return Completed(completions(work, request.text))


@use_case(Deed.SEE_BOOK, before=lay_out_first)
def read_phrase(work: Work, request: ReadPhrase) -> Understood:
    """What a typed line would do. Raises TimeSkipped, NotFound, CannotDo for times and things that are not."""
    on_offer = menu(work.session)
    now = local(work.now, work.shop.timezone)
    names = called(work.session, request.text)
    read = understand(
        request.text,
        vocabulary(on_offer),
        today=now.date(),
        now=now.time(),
        day_first=work.shop.country not in ("US", "CA"),
        called=names.begins,
        named=names.whole,
    )
    match read:
        case Question():
            return asked(read.text, read.options)
        case Phrase() if read.who.startswith(LISTED):
            return read_listed(work, read)
        case Phrase():
            return read_booking(work, request, read, on_offer)
        case Move():
            return read_move(work, request, read, on_offer)
        case Cancel():
            return read_cancel(work, request, read)
        case Swap():
            return read_swap(work, request, read)
        case Free():
            return read_free(work, request, read, on_offer)
        case Wait():
            return read_wait(work, request, read)
        case Sick():
            return read_sick(work, request, read, on_offer)
        case Late():
            return read_late(work, request, read, on_offer)
        case Gaps():
            return read_gaps(work, request, read)
        case Queue():
            return read_queue(work, request, read, on_offer)
        case Block():
            return read_block(work, request, read)
        case Step():
            return read_step(work, request, read)
        case Go():
            return read_go(work, request, read)
    again = isinstance(read, Redo)
    return Understood(preview="Do it again after all" if again else "Take back the last action", wish=TakeBack(again))
