"""Every offer of several services books as it stands, for reasons that are so; what is not offered is refused.

Features BK5, BK10, BK15.
"""

from __future__ import annotations

import datetime as dt
import random
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from itertools import pairwise

import pytest
from sqlalchemy import text

from frontdesk import errors
from frontdesk.clock import SetClock
from frontdesk.desk import Desk
from frontdesk.rules.hours import DAY
from frontdesk.services.book.booking import BookAppointment, BookLine
from frontdesk.services.book.visit_making import make_visit
from frontdesk.services.menu.catalogue import AddService, ServicePartWish, add_service
from frontdesk.services.menu.own_terms import SetOwnTerms, set_own_terms
from frontdesk.services.people.sign_in import Sessions
from frontdesk.services.placing.booking_wishes import Booked
from frontdesk.services.search.visit_search import FindVisit, VisitOffer, WantedLine, find_visit
from frontdesk.services.search.why import ExplainTime, explain
from frontdesk.services.shop.shop_rules import EditShopRules, edit_shop_rules
from frontdesk.services.team import slots
from frontdesk.services.team.roster import AddBreak, add_break
from frontdesk.services.team.shop_hours import BlockTime, block_time
from frontdesk.services.team.stylists import AddStylist, add_stylist
from frontdesk.services.use_case import Work
from tests.services.desks import ANNA, BLOW_DRY, BO, COLOUR, CUT, JANE, KIM, MASSAGE, OLA, booked, march

FIRST = dt.date(2026, 3, 9)
DAYS = 5
ROOM = 3
STRIPS = {"Anna": 1, "Bo": 2}

Lines = tuple[tuple[int, int | None], ...]

WISHES: tuple[Lines, ...] = (
    ((CUT, ANNA),),
    ((COLOUR, None),),
    ((COLOUR, ANNA), (BLOW_DRY, BO)),
    ((CUT, None), (MASSAGE, None)),
    ((MASSAGE, ANNA), (MASSAGE, BO)),
    ((BLOW_DRY, BO), (COLOUR, ANNA), (CUT, None)),
)


@pytest.fixture
def busy(ria: Desk, mo: Desk, ada: Desk) -> Desk:
    """A week with breaks, blocks, own lengths and some seventy visits, its Friday empty."""
    edit_shop_rules(ada, EditShopRules(wait_minutes=15))
    set_own_terms(mo, SetOwnTerms(stylist_id=BO, service_id=CUT, minutes=50))
    add_break(mo, AddBreak(stylist_id=BO, starts=dt.time(13), ends=dt.time(13, 30), weekday=2, name="lunch"))
    block_time(mo, BlockTime(resource_id=ROOM, starts_at=march(11, 11), ends_at=march(11, 15), name="Painted"))
    draw = random.Random(23)
    for _ in range(70):
        wish = (draw.choice((CUT, CUT, BLOW_DRY, COLOUR, MASSAGE)), draw.choice((ANNA, BO)))
        starts_at = march(draw.randint(9, 12), draw.randint(9, 16), draw.choice((0, 15, 30, 45)))
        try:
            booked(ria, draw.choice((JANE, KIM, OLA, None, None)), starts_at, wish)
        except errors.Refusal:
            continue
    return ria


def found(
    desk: Desk, lines: Lines, *, sort: str = "soonest", limit: int = 0, customer: int | None = JANE
) -> tuple[VisitOffer, ...]:
    wanted = tuple(WantedLine(service_id=s, stylist_id=p) for s, p in lines)
    wish = FindVisit(lines=wanted, customer_id=customer, first_day=FIRST, days=DAYS, limit=limit, sort=sort)
    return find_visit(desk, wish).offers


@contextmanager
def trying(desk: Desk, sessions: Sessions, starts_at: dt.datetime, lines: Sequence[BookLine]) -> Iterator[Work | None]:
    """The book with that visit in it, taken back afterwards; None where it is refused."""
    wish = BookAppointment(customer_id=JANE, starts_at=starts_at, lines=tuple(lines))
    with sessions() as session:
        session.execute(text("SELECT set_config('frontdesk.token', 'token of ria', true)"))
        work = Work(desk, session)
        try:
            made: Booked | None = make_visit(work, wish)
        except errors.Refusal:
            made = None
        yield work if made else None
        session.rollback()


def test_every_offer_books_and_every_other_start_is_refused(busy: Desk, sessions: Sessions, clock: SetClock) -> None:
    """Five days of starts, drawn at random, for six visits.

    The control: a search that does not know who it is for offers starts that are refused.
    """
    draw = random.Random(3)
    starts = [march(9 + n // 40, 8 + n % 40 // 4, n % 4 * 15) for n in range(DAYS * 40)]
    refused = taken = 0
    for lines in WISHES:
        offers = {offer.starts_at: offer for offer in found(busy, lines)}
        assert offers, lines
        for starts_at in draw.sample(starts, 25):
            asked = [BookLine(service_id=service, stylist_id=stylist) for service, stylist in lines]
            with trying(busy, sessions, starts_at, asked) as work:
                assert (work is not None) == (starts_at in offers), (lines, starts_at)
            taken, refused = taken + (starts_at in offers), refused + (starts_at not in offers)
    assert taken > 10
    blind = {offer.starts_at for offer in found(busy, WISHES[0], customer=None)}
    (broken, *_) = sorted(blind - {offer.starts_at for offer in found(busy, WISHES[0])})
    with trying(busy, sessions, broken, [BookLine(service_id=CUT, stylist_id=ANNA)]) as work:
        assert work is None, "Jane is elsewhere"
    assert refused > 20


def test_an_offer_is_booked_as_it_stands_and_every_reason_is_so(busy: Desk, sessions: Sessions) -> None:
    """With the stylists, times and prices it names; each sentence against the strips before and after."""
    said: set[str] = set()
    for lines in WISHES:
        for offer in found(busy, lines, sort="best", limit=15):
            with sessions() as session:
                session.execute(text("SELECT set_config('frontdesk.token', 'token of ria', true)"))
                before = gaps(Work(busy, session), offer)
            with trying(busy, sessions, offer.starts_at, offer.to_book) as work:
                assert work is not None, offer
                after = gaps(work, offer)
                rows = work.session.execute(_LINES, {"at": offer.starts_at}).all()
            asked = [(line.service, line.stylist, line.price, line.starts_at) for line in offer.lines]
            assert [(row.name, row.first_name, row.price, row.starts_at) for row in rows] == asked, offer
            assert rows[0].ends_at == offer.ends_at
            for reason in offer.reasons:
                assert is_so(reason, offer, before, after), told(reason, offer, before, after)
                said.add(re.sub(r"\d+", "n", reason.replace("Anna", "X").replace("Bo", "X")))
    assert {"fills a n min gap", "leaves no gap that nothing fits", "leaves X n min that nothing fits"} <= said
    assert {"keeps X's afternoon whole", "breaks into X's free afternoon", "n min to wait before Massage"} <= said


_LINES = text("""
    SELECT l.name, p.first_name, l.price, l.starts_at, a.ends_at
      FROM appointments a JOIN appointment_services l ON l.appointment_id = a.id JOIN stylists p ON p.id = l.stylist_id
     WHERE a.starts_at = :at AND a.customer_id = 1 AND a.status = 'pending' ORDER BY l.position
""")


Gap = tuple[dt.datetime, dt.datetime]


def gaps(work: Work, offer: VisitOffer) -> dict[str, list[Gap]]:
    """What is free of each stylist of an offer, on its day."""
    day = offer.starts_at.replace(hour=0, minute=0)
    now = work.now
    found: dict[str, list[Gap]] = {}
    for name in {line.stylist for line in offer.lines if line.stylist}:
        pieces = slots.pieces_between(work.session, [STRIPS[name]], day, day + DAY)
        free = [(max(p.starts_at, now), p.ends_at) for p in pieces if p.status == "available" and p.ends_at > now]
        found[name] = free
    return found


def told(reason: str, offer: VisitOffer, before: dict[str, list[Gap]], after: dict[str, list[Gap]]) -> str:
    """A case, to be read."""
    lines = [f"{line.service} {line.stylist} {line.starts_at:%H:%M}-{line.ends_at:%H:%M}" for line in offer.lines]
    free = [
        {name: " ".join(f"{start:%H:%M}-{end:%H:%M}" for start, end in its) for name, its in each.items()}
        for each in (before, after)
    ]
    return f"{reason}: {offer.starts_at:%a} {lines}, free before and after {free}"


def is_so(reason: str, offer: VisitOffer, before: dict[str, list[Gap]], after: dict[str, list[Gap]]) -> bool:
    """Whether a reason holds; the shortest service takes half an hour."""
    new = {name: [gap for gap in its if gap not in before[name]] for name, its in after.items()}
    short = {name: [end - start for start, end in its if end - start < SHORTEST] for name, its in new.items()}
    if match := re.fullmatch(r"fills a (\d+) min gap(?: of (\w+)'s)?", reason):
        whole = dt.timedelta(minutes=int(match[1]))
        return any(
            end - start == whole
            and (start, end) not in after[name]
            and not short[name]
            and not _at_edge(new[name], (start, end))
            for name in ([match[2]] if match[2] else before)
            for start, end in before[name]
        )
    if reason == "leaves no gap that nothing fits":
        return not any(short.values())
    if match := re.fullmatch(r"leaves (?:(\w+) )?(\d+) min that nothing fits", reason):
        return sum(short[match[1] or next(iter(before))], dt.timedelta()) == dt.timedelta(minutes=int(match[2]))
    if match := re.fullmatch(r"(keeps|breaks into) (\w+)'s (?:free )?(morning|afternoon)(?: whole)?", reason):
        half, name = _half(offer, match[3]), match[2]
        return _within_one(half, before[name]) and _within_one(half, after[name]) == (match[1] == "keeps")
    if match := re.fullmatch(r"(\d+) min to wait before ([\w-]+)", reason):
        waits = [(then.starts_at - line.ends_at, then.service) for line, then in pairwise(offer.lines)]
        return (dt.timedelta(minutes=int(match[1])), match[2]) in waits
    return False


SHORTEST = dt.timedelta(minutes=30)


def _half(offer: VisitOffer, word: str) -> Gap:
    first, last = (9, 12) if word == "morning" else (13, 17)
    return march(offer.starts_at.day, first), march(offer.starts_at.day, last)


def _at_edge(some: list[Gap], gap: Gap) -> bool:
    """Whether one of some gaps lies where another begins or ends."""
    return any(one[0] == gap[0] or one[1] == gap[1] for one in some)


def _within_one(stretch: Gap, some: list[Gap]) -> bool:
    return any(start <= stretch[0] and stretch[1] <= end for start, end in some)


def test_a_customer_s_own_stylist_is_a_reason(ria: Desk, sessions: Sessions) -> None:
    with sessions() as session:
        session.execute(text("SELECT set_config('frontdesk.token', 'token of ria', true)"))
        session.execute(
            text("UPDATE customers SET preferred_stylist_id = :bo WHERE id = :jane"), {"bo": BO, "jane": JANE}
        )
        session.commit()
    best = found(ria, ((CUT, None),), sort="best", limit=1)[0]
    assert best.lines[0].stylist == "Bo"
    assert best.reasons[0] == "with Bo, whom Jane prefers"


def test_a_bundle_is_offered_in_its_parts_and_booked_as_one(ria: Desk, mo: Desk, sessions: Sessions) -> None:
    with sessions() as session:
        session.execute(text("SELECT set_config('frontdesk.token', 'token of mo', true)"))
        bundle = session.execute(
            text("INSERT INTO services (code, name, price, kind) VALUES ('DAY', 'Spa day', 100, 'bundle') RETURNING id")
        ).scalar_one()
        for place, service in enumerate((MASSAGE, CUT), start=1):
            session.execute(
                text("INSERT INTO bundle_services (bundle_id, position, service_id) VALUES (:b, :p, :s)"),
                {"b": bundle, "p": place, "s": service},
            )
        session.commit()
    offer = found(ria, ((bundle, None),), limit=1)[0]
    assert [line.service for line in offer.lines] == ["Massage", "Cut"]
    assert offer.price == 100
    assert [line.service_id for line in offer.to_book] == [bundle]
    why = explain(ria, ExplainTime(stylist_id=ANNA, at=march(10, 15), service_id=bundle))
    assert why.sentences == ("Spa day fits: 15:00 Massage with Anna, 16:00 Cut with Anna.",)
    late = explain(ria, ExplainTime(stylist_id=BO, at=march(10, 16, 45), service_id=bundle))
    assert late.sentences == (
        "Spa day could begin at 16:45, but the rest can't follow in time.", "Free next: Wed 11 Mar 10:00.",
    )  # fmt: skip
    early = explain(ria, ExplainTime(stylist_id=None, at=march(10, 8, 30), service_id=bundle))
    assert early.sentences == ("The shop opens 09:00.", "Free next: 09:00.")
    assert not late.is_free
    cleo = add_stylist(mo, AddStylist(first_name="Cleo", service_ids=(CUT,))).id
    cleos = explain(ria, ExplainTime(stylist_id=cleo, at=march(10, 9), service_id=bundle))
    assert cleos.sentences[0] == "Spa day could begin at 09:00, but the rest can't follow in time.", "she has no shift"
    with trying(ria, sessions, offer.starts_at, offer.to_book) as work:
        assert work is not None


def test_what_is_added_is_done_by_the_same_hands_at_once(ria: Desk, mo: Desk, sessions: Sessions) -> None:
    part = ServicePartWish(kind="active", minutes=15, holds=("lead",))
    gloss = add_service(mo, AddService(name="Gloss", code="GLO", price=Decimal(12), parts=(part,))).id
    with sessions() as session:
        session.execute(text("SELECT set_config('frontdesk.token', 'token of mo', true)"))
        session.execute(text("UPDATE services SET kind = 'addon' WHERE id = :id"), {"id": gloss})
        session.commit()
    wish = (
        WantedLine(service_id=CUT),
        WantedLine(service_id=gloss, addon_of=0),
        WantedLine(service_id=BLOW_DRY, stylist_id=BO),
    )
    offer = find_visit(ria, FindVisit(lines=wish, first_day=FIRST + DAY, days=1, sort="soonest")).offers[0]
    cut, added, dry = offer.lines
    assert (cut.stylist, added.service, dry.stylist) == (added.stylist, "Gloss", "Bo")
    assert (added.starts_at, added.ends_at) == (cut.ends_at, cut.ends_at + dt.timedelta(minutes=15))
    assert offer.price == 50 + 12 + 30
    with trying(ria, sessions, offer.starts_at, offer.to_book) as work:
        assert work is not None
