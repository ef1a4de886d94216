"""What is due every day without anybody asking, done by whichever desk is on: a shop has no cron.

Each chore of a shop is a row of `chores` that says on which of the shop's days it was done last. Whoever finds it due
tries a lock and does it with the mark in one transaction: it is done once or not at all, and nobody waits for anybody.
No other terminal is told, because no screen offers what has lapsed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import text

from frontdesk.channels.mail import Mailbox
from frontdesk.db.upkeep import prepare_months
from frontdesk.desk import Desk
from frontdesk.errors import Busy, NotAllowed, NotFound, NotSignedIn, Refusal, Unreachable
from frontdesk.permissions import Deed, refusal_for
from frontdesk.rules.hours import DAY
from frontdesk.services.packages import package_changes
from frontdesk.services.papers.outbox import send_due
from frontdesk.services.placing.availability import LayOutStrips, lay_out_strips
from frontdesk.services.points import loyalty
from frontdesk.services.prepaid.prepaid import money
from frontdesk.services.reports import liabilities
from frontdesk.services.team import slots
from frontdesk.services.use_case import Work, Write, use_case
from frontdesk.settings import Settings
from frontdesk.text import clean

AGAIN = dt.timedelta(minutes=15)
"""After what went wrong, so long nobody tries."""
STEP = 28 * DAY
"""So much of the strips is laid out at once: whoever books waits for no more than that."""
PATIENCE = "300ms"
"""So long history may have to wait for a month of its own, and whoever writes it for that."""


@dataclass(frozen=True)
class ChoreState:
    """One chore, and how it went here."""

    name: str
    words: str
    done_on: dt.date | None
    done_at: dt.datetime | None
    failed_at: dt.datetime | None
    """Since when it goes wrong."""
    error: str
    is_due: bool


@dataclass(frozen=True, kw_only=True)
class ListChores:
    """Those of this shop."""


@dataclass(frozen=True)
class Chores:
    """In the order in which they are done."""

    chores: tuple[ChoreState, ...]
    letters_due: int
    """Letters that should be sent by now, for whoever may send them."""
    laid_out_until: dt.date
    """Up to which day every strip is laid out."""


@dataclass(frozen=True, kw_only=True)
class DoChore(Write):
    """One chore, unless it was done today."""

    name: str


@dataclass(frozen=True)
class ChoreDone:
    """What came of it."""

    name: str
    is_done: bool
    """Whether it was this desk that did it now."""
    words: str


@dataclass(frozen=True, kw_only=True)
class NoteChore(Write):
    """How a chore went that is not done in one transaction, or that went wrong."""

    name: str
    error: str = ""
    """Nothing when it went well."""


@dataclass(frozen=True)
class Outside:
    """What a desk has beside its database: the tables' owner, where there is one, and the mail server."""

    mailbox: Mailbox
    owner_conninfo: str | None

    @classmethod
    def of(cls, settings: Settings, owner_conninfo: str | None) -> Outside:
        """As these settings mean it."""
        mailbox = Mailbox(
            settings.smtp_host, settings.smtp_port, settings.smtp_user, settings.smtp_password, settings.smtp_from
        )
        return cls(mailbox, owner_conninfo)


@dataclass(frozen=True)
class Upkept:
    """What one round came to."""

    done: tuple[ChoreDone, ...]
    failed: tuple[ChoreDone, ...]


# Each in one transaction with its mark.


def _packages(work: Work) -> str:
    gone = package_changes.lapse(work)
    return f"{_many(gone.sessions, 'session')} lapsed, {money(work, gone.value)}"


def _points(work: Work) -> str:
    gone = loyalty.expire(work)
    return f"{_many(gone.points, 'point')} of {_many(gone.customers, 'customer')} expired"


def _cards(work: Work) -> str:
    gone = liabilities.write_off(work)
    return f"{_many(gone.count, 'gift card')} and credits ended, {money(work, gone.total)}"


def _many(count: int, what: str) -> str:
    return f"1 {what}" if count == 1 else f"{count} {what}s"


# By themselves, because they are safe to do twice and too long for one transaction, or not the desk's to write.


def _strips(desk: Desk, outside: Outside) -> str:
    pieces, wanted = 0, desk.today + slots.PUBLISHED_AHEAD
    until = list_chores(desk, ListChores()).laid_out_until
    while until < wanted:
        until = min(until + STEP, wanted)
        pieces += lay_out_strips(desk, LayOutStrips(until=until)).pieces
    return f"{_many(pieces, 'piece')} laid out"


def _history(desk: Desk, outside: Outside) -> str:
    made = prepare_months(outside.owner_conninfo, patience=PATIENCE) if outside.owner_conninfo else []
    return f"{_many(len(made), 'month')} of history made"


_IN_ONE: Mapping[str, tuple[str, Callable[[Work], str]]] = {
    "packages": ("package sessions that were not used in time", _packages),
    "points": ("points that have expired", _points),
    "cards": ("gift cards and credit whose last day has passed", _cards),
}
_BY_ITSELF: Mapping[str, tuple[str, Callable[[Desk, Outside], str]]] = {
    "strips": ("the book a year ahead", _strips),
    "history": ("months of history ahead of their time", _history),
}
WORDS = {name: words for name, (words, _) in (*_IN_ONE.items(), *_BY_ITSELF.items())}
"""What each chore is about."""


@use_case(Deed.SEE_BOOK)
def list_chores(work: Work, request: ListChores) -> Chores:
    """What is due every day, and how it went last."""
    asked = {"shop": work.shop.id, "today": work.desk.today, "now": work.now}
    asked["sends"] = refusal_for(work.actor, Deed.SELL) is None
    about = work.session.execute(_ABOUT, asked).one()
    rows = {row.name: row for row in work.session.execute(_LIST, asked)}
    states = []
    for name, words in WORDS.items():
        row = rows.get(name)
        if row is None:
            states.append(ChoreState(name, words, None, None, None, "", True))
            continue
        due = row.done_on != work.desk.today and (row.next_at is None or row.next_at <= work.now)
        states.append(ChoreState(name, words, row.done_on, row.done_at, row.failed_at, row.error, due))
    return Chores(tuple(states), about.letters, about.laid_out_until)


_ABOUT = text("""
    SELECT CASE WHEN :sends THEN mails_due(:now) ELSE 0 END AS letters,
           (SELECT greatest(coalesce(min(coalesce(p.published_until, CAST(:today AS date))), :today), :today)
              FROM resources r LEFT JOIN strips p ON p.resource_id = r.id
             WHERE r.shop_id = :shop AND r.is_active) AS laid_out_until
""")
_LIST = text("SELECT name, done_on, done_at, failed_at, next_at, error FROM chores WHERE shop_id = :shop")


@use_case(Deed.SELL)
def do_chore(work: Work, request: DoChore) -> ChoreDone:
    """Do a chore unless it was done today or somebody has it in hand; nobody is waited for. Raises NotFound."""
    if request.name not in _IN_ONE:
        raise NotFound(what="chore", name=request.name, remedy=f"There are {', '.join(_IN_ONE)}.")
    if not work.session.execute(_TRY, {"name": request.name}).scalar():
        return ChoreDone(request.name, False, "another terminal has it in hand")
    asked = {"shop": work.shop.id, "name": request.name, "today": work.desk.today, "now": work.now}
    if work.session.execute(_DONE_ON, asked).scalar() == work.desk.today:
        return ChoreDone(request.name, False, "was done today")
    words = _IN_ONE[request.name][1](work)
    work.session.execute(_WENT_WELL, asked)
    return ChoreDone(request.name, True, words)


# A shop's chores reach into its business: two of its shops take turns.
_TRY = text("SELECT pg_try_advisory_xact_lock(hashtextextended('chore ' || actor_business() || ' ' || :name, 0))")
_DONE_ON = text("SELECT done_on FROM chores WHERE shop_id = :shop AND name = :name")
_WENT_WELL = text("""
    INSERT INTO chores (shop_id, name, done_on, done_at) VALUES (:shop, :name, :today, :now)
    ON CONFLICT (business_id, shop_id, name)
    DO UPDATE SET done_on = excluded.done_on, done_at = excluded.done_at, failed_at = NULL, next_at = NULL, error = ''
""")


@use_case(Deed.SELL)
def note_chore(work: Work, request: NoteChore) -> ChoreDone:
    """Write down how a chore went. What somebody else has done meanwhile did not go wrong. Raises NotFound."""
    if request.name not in WORDS:
        raise NotFound(what="chore", name=request.name, remedy=f"There are {', '.join(WORDS)}.")
    error = clean(request.error)
    asked = {"shop": work.shop.id, "name": request.name, "today": work.desk.today, "now": work.now}
    if error:
        work.session.execute(_WENT_WRONG, {**asked, "error": error, "next": work.now + AGAIN})
    else:
        work.session.execute(_WENT_WELL, asked)
    return ChoreDone(request.name, not error, error)


_WENT_WRONG = text("""
    INSERT INTO chores AS c (shop_id, name, failed_at, next_at, error) VALUES (:shop, :name, :now, :next, :error)
    ON CONFLICT (business_id, shop_id, name)
    DO UPDATE SET failed_at = coalesce(c.failed_at, excluded.failed_at), next_at = excluded.next_at,
                  error = excluded.error
     WHERE c.done_on IS DISTINCT FROM CAST(:today AS date)
""")


def keep_up(
    desk: Desk, outside: Outside, *, again: bool = False, fault: Callable[[Exception], object] = lambda _: None
) -> Upkept:
    """Do whatever is due, in the thread that calls; `again` does not wait after what went wrong.

    What goes wrong is written beside its chore and in the answer, and does not keep the others; `fault` is handed
    what should never happen. Raises Unreachable, NotSignedIn, and NotAllowed for whoever may not sell.
    """
    remedy = refusal_for(desk.actor, Deed.SELL)
    if remedy:
        raise NotAllowed(who=desk.actor.name, deed=Deed.SELL.value, remedy=remedy)
    found = list_chores(desk, ListChores())
    round_ = _Round(desk, outside, fault)
    for chore in found.chores:
        if chore.is_due or (again and chore.failed_at is not None):
            round_.attempt(chore.name)
    if found.letters_due and outside.mailbox.is_there:
        round_.send()
    return Upkept(tuple(round_.done), tuple(round_.failed))


class _Round:
    """One look at everything."""

    def __init__(self, desk: Desk, outside: Outside, fault: Callable[[Exception], object]) -> None:
        self._desk = desk
        self._outside = outside
        self._fault = fault
        self.done: list[ChoreDone] = []
        self.failed: list[ChoreDone] = []

    def attempt(self, name: str) -> None:
        """Do it, or write down why it could not be done."""
        try:
            if name in _IN_ONE:
                self.done.append(do_chore(self._desk, DoChore(name=name)))
                return
            words = _BY_ITSELF[name][1](self._desk, self._outside)
            note_chore(self._desk, NoteChore(name=name))
            self.done.append(ChoreDone(name, True, words))
        except Busy:  # somebody works on just this: the next round finds it due again
            self.done.append(ChoreDone(name, False, "somebody works on it just now"))
        except (Unreachable, NotSignedIn, NotAllowed):
            raise
        except Refusal as refusal:
            self._note(name, refusal.sentence)
        except Exception as error:  # noqa: BLE001  one chore's fault must not keep the others, nor the desk
            self._fault(error)
            self._note(name, f"a fault ({type(error).__name__}): the log says where")

    def send(self) -> None:
        """Letters have a ledger of their own: what was not taken stays in the outbox with its reason."""
        sent = send_due(self._desk, self._outside.mailbox)
        words = f"{sent.sent} sent, {sent.waiting} tried again later, {sent.given_up} given up"
        (self.failed if sent.errors else self.done).append(ChoreDone("letters", not sent.errors, words))

    def _note(self, name: str, error: str) -> None:
        note_chore(self._desk, NoteChore(name=name, error=error))
        self.failed.append(ChoreDone(name, False, error))
