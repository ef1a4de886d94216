"""Typed verbs about who is not there, or not yet: "sick anna until fri", "late bo 20", "late jane 20" (N1, N11).

Private to the reading of lines.
"""

from __future__ import annotations

from frontdesk.rules.hours import DAY
from frontdesk.rules.phrase_wishes import Late, Sick, When
from frontdesk.services.book.late_customers import ProposeCustomerLate
from frontdesk.services.book.reshuffling import ProposeLate, ProposeSick
from frontdesk.services.menu.menu import Menu
from frontdesk.services.phrases.line_wishes import BeIll, ComeLate, CustomerLate
from frontdesk.services.phrases.phrase_reading import ReadPhrase, Understood, asked
from frontdesk.services.phrases.phrase_visits import visit_of
from frontdesk.services.phrases.phrase_words import Asked
from frontdesk.services.use_case import Work
from frontdesk.services.wording import day_words

_MOST_DAYS = 14


def read_sick(work: Work, request: ReadPhrase, wish: Sick, menu: Menu) -> Understood:
    """`Anna is ill, Mon 9 Mar to Fri 13 Mar: what becomes of each visit?`"""
    name = next(each.name for each in menu.stylists if each.id == wish.stylist)
    if wish.when.window is not None:
        whole = f"sick with {name}" + (f" {wish.when.day}" if wish.when.day else "")
        return asked("Whoever is ill is away to the end of the day, today from now on.", [("so it is", whole)])
    first = wish.when.day or work.desk.today
    last = wish.when.until or first
    if first < work.desk.today:
        return asked(f"{day_words(first)} has been. Type today, or a day to come.")
    days = [first + DAY * ahead for ahead in range((last - first).days + 1)]
    if len(days) > _MOST_DAYS:
        return asked(f"{len(days)} days are more than {_MOST_DAYS}. Enter the time off with the stylists, F4.")
    when = day_words(first) if first == last else f"{day_words(first)} to {day_words(last)}"
    return Understood(
        stylist=name,
        preview=f"{name} is ill, {when}: what becomes of each visit?",
        wish=BeIll(name, tuple(ProposeSick(stylist_id=wish.stylist, day=day) for day in days)),
    )


def read_late(work: Work, request: ReadPhrase, wish: Late, menu: Menu) -> Understood:
    """`Bo comes 20 minutes late: what becomes of today's visits?`; of a customer, what can be done about it."""
    if wish.stylist is None:
        return _customer_late(work, request, wish)
    name = next(each.name for each in menu.stylists if each.id == wish.stylist)
    return Understood(
        stylist=name,
        preview=f"{name} comes {wish.minutes} minutes late: what becomes of today's visits?",
        wish=ComeLate(ProposeLate(stylist_id=wish.stylist, minutes=wish.minutes)),
    )


def _customer_late(work: Work, request: ReadPhrase, wish: Late) -> Understood:
    visit = visit_of(work, wish.who, When(day=work.desk.today), request.text)
    if isinstance(visit, Asked):
        return Understood(visit)
    return Understood(
        customer=visit.customer,
        starts_at=visit.starts_at,
        preview=f"{visit.words(work.shop.timezone)}: {wish.minutes} minutes late. What now?",
        wish=CustomerLate(ProposeCustomerLate(appointment_id=visit.id, minutes=wish.minutes), visit.starts_at),
    )
