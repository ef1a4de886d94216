"""The customers: found as one types, one page each, added, changed, archived, booked for."""

from __future__ import annotations

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Static

from frontdesk.errors import NotAllowed, NotSignedIn, Refusal, Unreachable
from frontdesk.permissions import Deed, refusal_for
from frontdesk.screens import commands
from frontdesk.screens.asking import DraftKeeper
from frontdesk.screens.base import DeskScreen
from frontdesk.screens.commands import Command
from frontdesk.screens.customers.agreed import agreed_list, agreed_words, agreeing, forgotten
from frontdesk.screens.customers.editing import Editing
from frontdesk.screens.customers.held import change_what_they_have
from frontdesk.screens.customers.knowing import change_alerts
from frontdesk.screens.customers.newest import Newest
from frontdesk.screens.customers.profile import ProfilePage
from frontdesk.screens.customers.telling import history_words
from frontdesk.screens.customers.wanting import wanted_by
from frontdesk.screens.customers.wording import cells, day_words, moment_words, nobody_words
from frontdesk.screens.messages import BookFor, FindCustomer
from frontdesk.services.book.arrivals import ListAlerts, list_alerts
from frontdesk.services.customers.customer_search import FindCustomers, Found, find_customers
from frontdesk.services.customers.customers import (
    ArchiveCustomer,
    CustomerCard,
    CustomerProfile,
    RestoreCustomer,
    ShowCustomer,
    archive_customer,
    restore_customer,
    show_customer,
)
from frontdesk.services.menu.menu import ShowMenu, show_menu
from frontdesk.services.placing.accommodations import AccommodationCard, ListAccommodations, list_accommodations
from frontdesk.services.records.history import ShowHistory, show_history
from frontdesk.services.reports.balances import ShowBalances, balances
from frontdesk.text import harmless, phone_digits
from frontdesk.widgets.bar import Bar
from frontdesk.widgets.line import Line
from frontdesk.widgets.modal import Answer, Question
from frontdesk.widgets.plain_table import Column, PlainTable, Row

_MOST = 60
"""So many are listed; who wants fewer types on."""
_NOTHING_TYPED = "Type a name, the end of a telephone number, or an e-mail."
_CHANGES = (commands.ADD, commands.EDIT, commands.ARCHIVE, commands.RESTORE, commands.AGREED)
_ABOUT_ONE = (
    commands.EDIT, commands.BOOK, commands.HISTORY, commands.AGREED, commands.ALERTS, commands.HAS, commands.ARCHIVE,
    commands.OPEN,
    commands.WHY,
)  # fmt: skip


class SearchField(Line):
    """What is looked for; down and escape go into the list, where letters act."""

    BINDINGS = [Binding("down,escape", "screen.into_list", show=False)]  # noqa: RUF012  Textual's own kind


class CustomersScreen(DeskScreen):
    """Customers: type to find them, enter opens their page."""

    CSS_PATH = "customers.tcss"
    DEED = Deed.SEE_CUSTOMERS
    KEYS = (
        commands.OPEN, commands.BOOK, commands.EDIT, commands.ADD, commands.FIND, commands.HISTORY, commands.AGREED,
        commands.ALERTS, commands.HAS, commands.ARCHIVE, commands.RESTORE, commands.WHY,
        commands.BACK,
    )  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self._found: dict[int, Found] = {}
        self._found_for = ""
        """What the list was found for: the cursor stays as long as that is the same."""
        self._is_opened = False
        self._archived: list[tuple[int, str]] = []
        """Who was taken out of the search at this desk, the last one at the end."""
        self._search = Newest(self._find)
        self._pages = Newest(self._turn)

    def heading(self) -> str:
        """Where one is."""
        return "Customers"

    def body(self) -> ComposeResult:
        """The field and the list; the page beside or instead of it."""
        with Horizontal(id="body"):
            with Vertical(id="found-list"):
                with Horizontal(id="search-line"):
                    yield Static("Find", id="search-label", markup=False)
                    yield SearchField(id="search", placeholder="name, phone's end, e-mail")
                    yield Static("", id="said", markup=False)
                columns = [Column("Name"), Column("Phone", 15), Column("Last seen", 11), Column("Next visit", 16)]
                yield PlainTable(columns, empty=_NOTHING_TYPED, id="list")
            yield ProfilePage(id="profile")

    def find_focus(self) -> None:
        """One comes here to find somebody."""
        self._field.focus()

    @property
    def _field(self) -> SearchField:
        return self.query_one("#search", SearchField)

    @property
    def _list(self) -> PlainTable:
        return self.query_one("#list", PlainTable)

    @property
    def _page(self) -> ProfilePage:
        return self.query_one("#profile", ProfilePage)

    @property
    def _one(self) -> Found | None:
        """Who is under the cursor."""
        row = self._list.row
        return self._found.get(int(str(row.key))) if row else None

    @property
    def _shows_page(self) -> bool:
        return self._is_opened or self.has_class("-wide")

    # Finding

    async def load(self) -> None:
        """Look again for the same, and at the one whose page is shown."""
        await self._search.run()
        await self._pages.run()

    @on(Input.Changed, "#search")
    def _typed(self) -> None:
        self._look()

    @work(group="offers")
    async def _look(self) -> None:
        await self._guarded(self._search)

    @work(group="preview")
    async def _turn_page(self) -> None:
        await self._guarded(self._pages)

    async def _guarded(self, question: Newest) -> None:
        try:
            await question.run()
        except Unreachable as refusal:
            self.app.reach.lost(refusal)
        except NotSignedIn:
            self.app.lock()
        except Refusal as refusal:
            self.say(refusal.sentence, "amber")

    async def _find(self) -> None:
        typed = self._field.value
        answer = await self.ask(find_customers, FindCustomers(text=typed, limit=_MOST))
        self._found = {found.id: found for found in answer.customers}
        nobody = nobody_words(typed) if typed.strip() else _NOTHING_TYPED
        shop, private = self.desk.shop, self.app.private
        rows = [Row(found.id, cells(found, shop, private=private)) for found in answer.customers]
        self._list.show(rows, empty=nobody)
        if typed != self._found_for and rows:
            self._list.go_to(rows[0].key)
        self._found_for = typed
        count = f"the first {_MOST}: type on" if len(rows) == _MOST else f"{len(rows)} found" if rows else ""
        said = f'no "{typed.strip()}": found with "{answer.forgiven}"' if answer.forgiven else count
        line = self.query_one("#said", Static)
        line.set_class(answer.forgiven is not None, "-forgiven")
        line.update(Content(harmless(said)))

    # The page

    @on(PlainTable.Moved, "#list")
    def _moved(self) -> None:
        if self._shows_page:
            self._turn_page()

    async def _turn(self) -> None:
        one = self._one
        if one is None or not self._shows_page:
            self._page.show(None, self.desk, private=self.app.private)
            return
        profile = await self.ask(show_customer, ShowCustomer(customer_id=one.id))
        agreed = await self.ask(list_accommodations, ListAccommodations(customer_id=one.id))
        has = await self.ask(balances, ShowBalances(customer_id=one.id))
        alerts = (await self.ask(list_alerts, ListAlerts(customer_id=one.id))).alerts
        wishes = await wanted_by(self, one.id)
        if self._one is not None and self._one.id == one.id:
            private = self.app.private
            self._page.show(
                profile, self.desk, private=private, agreed=agreed.accommodations, alerts=alerts, balances=has.balances,
                wishes=wishes,
            )  # fmt: skip

    def on_resize(self) -> None:
        """From 120 columns the page stands beside the list."""
        self.call_after_refresh(self._turn_page)

    @on(PlainTable.Chosen, "#list")
    def _chosen(self) -> None:
        self.do_open()

    @on(Input.Submitted, "#search")
    def _submitted(self) -> None:
        self._open_first()

    @work(group="keys")
    async def _open_first(self) -> None:
        """Enter in the field opens whom the words find, not whom they found some letters ago."""
        await self._guarded(self._search)
        if self._one is None:
            self.say(nobody_words(self._field.value) if self._field.value.strip() else _NOTHING_TYPED)
            self._list.focus()
        else:
            self.do_open()

    def do_open(self) -> None:
        """Their page: instead of the list, or beside it."""
        if self._one is not None:
            self._open(True)

    def _open(self, is_opened: bool) -> None:
        self._is_opened = is_opened
        self.set_class(is_opened, "-opened")
        (self._page if is_opened else self._list).focus()
        if is_opened:
            self.call_after_refresh(self._turn_page)

    def do_back(self) -> None:
        """From the page to the list."""
        if self._is_opened:
            self._open(False)

    def action_into_list(self) -> None:
        """Down from the field."""
        self._list.focus()

    # Commands

    def draw_footer(self) -> None:
        """In the field, what its keys do."""
        super().draw_footer()
        if self.is_mounted and self.is_attached and self.focused is self._field:
            self.query_one("#footer", Bar).show(self._keys([commands.HELP]), "enter open the first  ↓ into the list")

    def reason_against(self, command: Command) -> str | None:
        """Nobody under the cursor, or not allowed."""
        if command in _CHANGES and (remedy := refusal_for(self.desk.actor, Deed.EDIT_CUSTOMERS)):
            who, deed = self.desk.actor.name, Deed.EDIT_CUSTOMERS.value
            return NotAllowed(who=who, deed=deed, remedy=remedy).sentence
        if command is commands.RESTORE and not self._archived:
            return "Nobody was archived since the desk was opened here. frontdesk customer restore brings anybody back."
        if command in _ABOUT_ONE and self._one is None:
            return "Nobody is under the cursor. / finds somebody, + adds them."
        return None

    def do_find(self) -> None:
        """Into the field, ready for another name."""
        if self._is_opened:
            self._open(False)
        self._field.focus()
        self._field.select_all()

    def on_find_customer(self, message: FindCustomer) -> None:
        """Another screen wants somebody found."""
        self.do_find()

    def do_book(self) -> None:
        """To the book, with their name on the line."""
        one = self._one
        if one is not None:
            self.app.pass_on("calendar", BookFor(one.id, one.name))

    def do_why(self) -> None:
        """What the line under the cursor says."""
        one, shop = self._one, self.desk.shop
        if one is None:
            return
        seen = f"last finished visit {day_words(one.last_seen, shop)}" if one.last_seen else "no finished visit yet"
        coming = f"next booked {moment_words(one.next_visit, shop)}" if one.next_visit else "nothing booked"
        self.say(f"{one.name}: {seen}; {coming}.")

    async def do_add(self) -> None:
        """Somebody new; what was looked for is in the form already."""
        card = await self.fill(Editing(self.desk, self.ask, await self._stylists(), self._keeper()).form(self._meant()))
        if card is None:
            return
        self._field.value = card.name
        await self._show_one(card, f"{card.name} is added.  b books for them.")

    async def do_edit(self) -> None:
        """Change the one under the cursor."""
        profile = await self._profile()
        if profile is None:
            return
        stylists = await self._stylists()
        keeper = self._keeper(profile.card)
        card = await self.fill(Editing(self.desk, self.ask, stylists, keeper, profile).form())
        if card is not None:
            await self._show_one(card, f"{card.name} is saved.")

    async def do_history(self) -> None:
        """Who did what to this customer."""
        one = self._one
        if one is None:
            return
        try:
            history = await self.ask(show_history, ShowHistory(kind="customers", id=one.id))
        except Refusal as refusal:
            self.say(refusal.sentence, "amber")
            return
        stylists = dict(await self._stylists())
        words = history_words(history, self.desk, stylists, private=self.app.private)
        await self.read(f"History of {one.name}", words)

    async def do_agreed(self) -> None:
        """What was agreed with the one under the cursor: forget it, or agree on more."""
        one = self._one
        if one is None:
            return
        found = await self.ask(list_accommodations, ListAccommodations(customer_id=one.id))
        chosen: AccommodationCard | str | None = "more"
        if found.accommodations:
            listed = agreed_list(found.customer, found.accommodations, self.desk.shop)
            chosen = await self.app.wait_for(listed)
        if isinstance(chosen, AccommodationCard):
            if await forgotten(self, chosen):
                self.say(f"Forgotten: {agreed_words(chosen, self.desk.shop)}.")
        elif chosen is not None:
            menu = await self.ask(show_menu, ShowMenu())
            card = await self.fill(agreeing(self, one.id, found.customer, menu))
            if card is not None:
                self.say(f"Remembered for {card.customer}: {agreed_words(card, self.desk.shop)}.")
        await self._guarded(self._pages)

    async def do_alerts(self) -> None:
        """What everybody has to know about the one under the cursor: no longer so, or something more."""
        one = self._one
        if one is None:
            return
        said = await change_alerts(self, one.id, one.name)
        if said:
            self.say(said)
        await self._guarded(self._pages)

    async def do_has(self) -> None:
        """What the one under the cursor has: packages and points, put right; and what they want."""
        one = self._one
        if one is None:
            return
        if self.app.private:
            self.say("What they have is hidden while a customer may see. I shows it again.", "amber")
            return
        said = await change_what_they_have(self, one.id, one.name)
        if said:
            self.say(said)
        await self._guarded(self._pages)

    async def do_archive(self) -> None:
        """Out of the search, once somebody has said yes."""
        one = self._one
        if one is None:
            return
        coming = " The visit that is booked stays in the book." if one.next_visit else ""
        words = f"Archive {one.name}? They are found no more; their visits and sales stay.{coming}"
        if not await self.app.wait_for(Question(words, [Answer("y", "archive them", True)])):
            return
        if await self.write(archive_customer, ArchiveCustomer(customer_id=one.id)) is not None:
            self._open(False)
            self._archived.append((one.id, one.name))
            self.say(f"{one.name} is archived. Q brings them back.")
            self.show_anew()

    async def do_restore(self) -> None:
        """Who was archived here last is found again."""
        customer_id, name = self._archived[-1]
        if await self.write(restore_customer, RestoreCustomer(customer_id=customer_id)) is not None:
            self._archived.pop()
            self.say(f"{name} is found again.")
            self.show_anew()

    async def _profile(self) -> CustomerProfile | None:
        one = self._one
        if one is None:
            return None
        try:
            return await self.ask(show_customer, ShowCustomer(customer_id=one.id))
        except Refusal as refusal:
            self.say(refusal.sentence, "amber")
            return None

    async def _stylists(self) -> list[tuple[int, str]]:
        """Who can be liked best. A form opens without them rather than not at all."""
        try:
            menu = await self.ask(show_menu, ShowMenu())
        except Refusal:
            return []
        return [(stylist.id, stylist.name) for stylist in menu.stylists]

    def _keeper(self, card: CustomerCard | None = None) -> DraftKeeper:
        if card is None:
            return self.keeper("customer", "Somebody new")
        return self.keeper(f"customer {card.id}", f"Change {card.name}")

    async def _show_one(self, card: CustomerCard, words: str) -> None:
        await self._guarded(self._search)
        self._list.go_to(card.id)
        await self._guarded(self._pages)
        self.say(words)

    def _meant(self) -> dict[str, str]:
        """What was looked for and not found, as the fields of somebody new."""
        words = self._field.value.split() if not self._found else []
        digits = [word for word in words if phone_digits(word)]
        mails = [word for word in words if "@" in word]
        names = [word.capitalize() if word.islower() else word for word in words if word not in (*digits, *mails)]
        return {
            "first_name": " ".join(names[:-1]) or "".join(names), "last_name": names[-1] if names[1:] else "",
            "phone": " ".join(digits), "email": " ".join(mails),
        }  # fmt: skip
