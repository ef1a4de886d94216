"""A customer on one page: contact, notes, next visit, what there was so far, the last visits (features PE2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from frontdesk.desk import Desk
from frontdesk.money import money_text
from frontdesk.rules.states import Status
from frontdesk.screens.customers.born import age, born_words
from frontdesk.screens.customers.wording import HIDDEN, day_words, moment_words, phone_words
from frontdesk.services.customers import CustomerProfile, PastVisit
from frontdesk.text import fit, harmless

_LABEL = 10
_WHEN = 13
_STATUS = 12
_TONES = {Status.NO_SHOW: "$fd-noshow", Status.COMPLETED: "$foreground"}


class ProfilePage(VerticalScroll):
    """The page. It scrolls when the notes are long."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id, can_focus=True)
        self._profile: CustomerProfile | None = None

    def compose(self) -> ComposeResult:
        """One text."""
        yield Static("", id="profile-words", markup=False)

    @property
    def profile(self) -> CustomerProfile | None:
        """Whose page it is."""
        return self._profile

    def show(self, profile: CustomerProfile | None, desk: Desk, *, private: bool) -> None:
        """Show this one; nobody's page is empty."""
        if profile is None or self._profile is None or profile.card.id != self._profile.card.id:
            self.scroll_home(animate=False)
        self._profile = profile
        words = page(profile, desk, width=self._room(), private=private) if profile else Content("")
        self.query_one("#profile-words", Static).update(words)

    def _room(self) -> int:
        return max(30, self.size.width - 2)


def page(profile: CustomerProfile, desk: Desk, *, width: int, private: bool) -> Content:
    """The page as text, its lines no wider than so many cells."""
    return Content("\n").join([*_head(profile, desk, private), Content(""), *_visits(profile, desk, width, private)])


def _head(profile: CustomerProfile, desk: Desk, private: bool) -> Iterator[Content]:
    card, shop = profile.card, desk.shop
    yield Content.assemble((harmless(card.name), "bold"), ("" if card.is_active else "   archived", "$fd-amber"))
    yield Content("")
    born = f"{born_words(card.date_of_birth)}, {age(card.date_of_birth, desk.today)}" if card.date_of_birth else ""
    known = (
        ("Phone", phone_words(card.phone, shop.country), True),
        ("E-mail", card.email or "", True),
        ("Born", born, True),
        ("Gender", card.gender, True),
        ("Likes", profile.preferred_stylist or "", False),
        ("Number", card.code or "", False),
    )
    for label, value, secret in known:
        if value:
            yield _fact(label, HIDDEN if secret and private else value)
    if not (card.phone or card.email):
        yield Content.styled(f"{'':{_LABEL}}no telephone and no e-mail: e adds them", "$fd-muted")
    if card.notes:
        for place, line in enumerate([HIDDEN] if private else card.notes.splitlines()):
            yield _fact("" if place else "Notes", line, "$fd-amber")


def _visits(profile: CustomerProfile, desk: Desk, width: int, private: bool) -> Iterator[Content]:
    coming, shop = profile.next_visit, desk.shop
    if coming:
        words = f"{moment_words(coming.starts_at, shop)}  {coming.services}  {coming.stylists}".rstrip()
        yield _fact("Next", f"{words}  {coming.status.words}", "$accent")
    else:
        yield Content.assemble(_label("Next"), ("nothing booked: b books", "$fd-muted"))
    yield _fact("So far", "  ".join(_sums(profile, desk, private)), "" if not profile.no_shows else "$fd-amber")
    days = rhythm([visit.starts_at for visit in profile.last_visits if visit.status is Status.COMPLETED])
    if days:
        yield _fact("Comes", f"every {days} days")
    if not profile.last_visits:
        return
    yield Content("")
    yield Content.styled("Last visits", "$fd-muted")
    for visit in profile.last_visits:
        yield _line(visit, desk, width)


def _sums(profile: CustomerProfile, desk: Desk, private: bool) -> Iterator[str]:
    shop = desk.shop
    yield f"{profile.visits} visit{'s' * (profile.visits != 1)}"
    if private:
        return
    if profile.no_shows:
        yield f"{profile.no_shows} no-show{'s' * (profile.no_shows != 1)}"
    if profile.cancellations:
        yield f"{profile.cancellations} cancelled"
    yield f"spent {money_text(profile.spent, shop.currency, shop.locale)}"


def rhythm(visits: list[dt.datetime]) -> int | None:
    """How many days lie between visits, on the average of the last ones; unknown below three."""
    if len(visits) < 3:
        return None
    return (max(visits) - min(visits)).days // (len(visits) - 1)


def _line(visit: PastVisit, desk: Desk, width: int) -> Content:
    when = fit(day_words(visit.starts_at, desk.shop), _WHEN)
    who = fit(harmless(visit.stylists), 10)
    room = max(8, width - _WHEN - 12 - _STATUS)
    status = f"{visit.status.letter} {visit.status.words}"
    words = f"{when}{fit(harmless(visit.services), room)}  {who}"
    return Content.assemble(words, (fit(status, _STATUS), _TONES.get(visit.status, "$fd-muted")))


def _label(label: str) -> tuple[str, str]:
    return (f"{label:{_LABEL}}", "$fd-muted")


def _fact(label: str, value: str, tone: str = "") -> Content:
    return Content.assemble(_label(label), (harmless(value), tone or "$foreground"))
