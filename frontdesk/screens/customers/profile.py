"""A customer on one page: contact, notes, next visit, what there was so far, the last visits (features PE2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from textwrap import wrap

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from frontdesk.desk import Desk
from frontdesk.money import money_text
from frontdesk.rules.states import Status
from frontdesk.screens.customers.agreed import agreed_words
from frontdesk.screens.customers.born import age, born_words
from frontdesk.screens.customers.knowing import alert_lines
from frontdesk.screens.customers.wanting import wanted_facts
from frontdesk.screens.customers.wording import HIDDEN, day_words, moment_words, phone_words
from frontdesk.screens.having import balance_words, is_owed
from frontdesk.services.book.arrivals import Alert
from frontdesk.services.customers.customers import CustomerProfile, PastVisit
from frontdesk.services.placing.accommodations import AccommodationCard
from frontdesk.services.reports.balances import Balance
from frontdesk.services.stock.product_wishes import Wish
from frontdesk.text import cell_width, fit, harmless

_LABEL = 10
_WHEN = 13
_WHO = 8
_STATUS = 11
_ROOMY = 60
"""Cells: of the parts of a line, and from how many on there is room for words."""
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

    def show(
        self,
        profile: CustomerProfile | None,
        desk: Desk,
        *,
        private: bool,
        agreed: Sequence[AccommodationCard] = (),
        alerts: Sequence[Alert] = (),
        balances: Sequence[Balance] = (),
        wishes: Sequence[Wish] = (),
    ) -> None:
        """Show this one; nobody's page is empty."""
        if profile is None or self._profile is None or profile.card.id != self._profile.card.id:
            self.scroll_home(animate=False)
        self._profile = profile
        words = Content("")
        if profile is not None:
            words = page(
                profile, desk, width=self._room(), private=private, agreed=agreed, alerts=alerts, balances=balances,
                wishes=wishes,
            )  # fmt: skip
        self.query_one("#profile-words", Static).update(words)

    def _room(self) -> int:
        return max(30, self.size.width - 2)


def page(
    profile: CustomerProfile,
    desk: Desk,
    *,
    width: int,
    private: bool,
    agreed: Sequence[AccommodationCard] = (),
    alerts: Sequence[Alert] = (),
    balances: Sequence[Balance] = (),
    wishes: Sequence[Wish] = (),
) -> Content:
    """The page as text, its lines no wider than so many cells."""
    name, *head = _head(profile, desk, width, private)
    head = [name, *alert_lines(alerts, width=width, private=private), *head]
    for place, card in enumerate(agreed):
        words = HIDDEN if private else agreed_words(card, desk.shop)
        head.append(_fact("" if place else "Agreed", words, width))
    head += _balances(balances, desk, width, private)
    for place, (words, tone) in enumerate(wanted_facts(wishes, desk.shop, private=private)):
        head.append(_fact("" if place else "Wants", words, width, tone))
    return Content("\n").join([*head, Content(""), *_visits(profile, desk, width, private)])


def _head(profile: CustomerProfile, desk: Desk, width: int, private: bool) -> Iterator[Content]:
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
            yield _fact(label, HIDDEN if secret and private else value, width)
    if not (card.phone or card.email):
        yield Content.styled(f"{'':{_LABEL}}no telephone and no e-mail: e adds them", "$fd-muted")
    if card.notes:
        for place, line in enumerate([HIDDEN] if private else card.notes.splitlines()):
            yield _fact("" if place else "Notes", line, width, "$fd-amber")


def _balances(balances: Sequence[Balance], desk: Desk, width: int, private: bool) -> Iterator[Content]:
    """What they have here, then what they owe; in private neither."""
    told = [one for one in balances if one.amount != 0 or one.sessions or one.points]
    if private:
        if told:
            yield _fact("Has", HIDDEN, width)
        return
    for label, tone, ones in (
        ("Has", "", [one for one in told if not is_owed(one)]),
        ("Owes", "$fd-amber", [one for one in told if is_owed(one)]),
    ):
        for place, one in enumerate(ones):
            yield _fact("" if place else label, balance_words(one, desk.shop), width, tone)
    if any(one.kind in ("package", "membership", "points") for one in told):
        yield Content.styled(f"{'':{_LABEL}}h puts packages and points right", "$fd-muted")


def _visits(profile: CustomerProfile, desk: Desk, width: int, private: bool) -> Iterator[Content]:
    coming, shop = profile.next_visit, desk.shop
    if coming:
        words = f"{moment_words(coming.starts_at, shop)}  {coming.status.letter} {coming.status.words}"
        yield _fact("Next", words, width, "$accent")
        yield _fact("", f"{coming.services}  {coming.stylists}", width)
    else:
        yield Content.assemble(_label("Next"), ("nothing booked: b books", "$fd-muted"))
    tone = "$fd-amber" if profile.no_shows and not private else ""
    yield _fact("So far", "  ".join(_sums(profile, desk, private)), width, tone)
    days = rhythm([visit.starts_at for visit in profile.last_visits if visit.status is Status.COMPLETED])
    if days:
        yield _fact("Comes", f"every {days} days", width)
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
    """A visit in a line; where there is little room its state is the letter alone."""
    letter, words = visit.status.letter, visit.status.words
    status = fit(f"{letter} {words}", _STATUS) if width >= _ROOMY else letter
    when, who = fit(day_words(visit.starts_at, desk.shop), _WHEN), fit(harmless(visit.stylists), _WHO)
    room = max(8, width - _WHEN - _WHO - 4 - len(status))
    said = f"{when}{fit(harmless(visit.services), room)}  {who}  "
    return Content.assemble(said, (status, _TONES.get(visit.status, "$fd-muted")))


def _label(label: str) -> tuple[str, str]:
    return (f"{label:{_LABEL}}", "$fd-muted")


def _fact(label: str, value: str, width: int, tone: str = "") -> Content:
    """A label and what stands behind it; what needs several lines stays behind it."""
    said, room = harmless(value), width - _LABEL
    if cell_width(said) > room:
        lines = wrap(said, room if said.isascii() else room // 2)
        said = f"\n{'':{_LABEL}}".join(lines)
    return Content.assemble(_label(label), (said, tone or "$foreground"))
