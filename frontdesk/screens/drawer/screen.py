"""The drawers of the shop: opened, counted blind, closed; cash in and out; X, Z and the close (features CD1-CD7)."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.widgets import Static

from frontdesk.money import money_text
from frontdesk.permissions import Deed
from frontdesk.rules.z_report import MOVES
from frontdesk.screens import commands
from frontdesk.screens.base import DeskScreen
from frontdesk.screens.commands import Command
from frontdesk.screens.drawer import drawing, forms
from frontdesk.screens.drawer.checklist import ChecklistSheet, GoThere
from frontdesk.screens.drawer.counting import Count, CountSheet
from frontdesk.screens.messages import GoTo, PayFor
from frontdesk.services.drawers.checklist import DRAWER, UNPAID, CheckDay, check_day
from frontdesk.services.drawers.closing import ShowX, ShowZ, show_x, show_z
from frontdesk.services.drawers.drawer_counts import (
    CLOSING,
    SPOT,
    CountDrawer,
    CountedDrawer,
    ExplainCash,
    Outcome,
    count_drawer,
    explain_cash,
)
from frontdesk.services.drawers.drawer_moves import CashMoved, ListMoves, list_moves
from frontdesk.services.drawers.drawers import Drawers, DrawerState, ListDrawers, OpenDrawer, list_drawers, open_drawer
from frontdesk.services.papers.printing import print_text
from frontdesk.services.pay.tips import ShowTipsOwed, show_tips_to_pay
from frontdesk.text import harmless
from frontdesk.widgets.plain_table import PlainTable


class DrawerScreen(DeskScreen):
    """The list of drawers, and below it what went in and out of the one under the cursor."""

    CSS_PATH = "drawer.tcss"
    DEED = Deed.USE_DRAWER
    KEYS: ClassVar = (
        commands.OPEN_DRAWER, commands.PAY_IN, commands.PAY_OUT, commands.LOOK, commands.CLOSE_DAY, commands.X_REPORT,
        commands.Z_AGAIN, commands.NEW_DRAWER, commands.WHY, commands.BACK,
    )  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self._found: Drawers | None = None
        self._begun: dict[int, dict[Decimal, int]] = {}
        """Counts that were left half-way, by drawer."""

    # What stands there

    def body(self) -> ComposeResult:
        """The drawers, then the moves of one."""
        with Container(id="body"):
            empty = "There is no drawer yet. M adds one, for an admin."
            yield PlainTable(drawing.DRAWERS, empty=empty, id="drawers")
            yield Static(Content(""), id="which")
            moves = PlainTable(drawing.MOVED, id="moves")
            moves.can_focus = False
            yield moves

    def heading(self) -> str:
        """Where."""
        return f"Drawers   {self.desk.shop.name}" if self.app.is_signed_in else "Drawers"

    def find_focus(self) -> None:
        """The keys act on the drawers."""
        self._list.focus()

    @property
    def _list(self) -> PlainTable:
        return self.query_one("#drawers", PlainTable)

    @property
    def drawer(self) -> DrawerState | None:
        """The drawer under the cursor."""
        row = self._list.row
        drawers = self._found.drawers if self._found else ()
        return next((one for one in drawers if row is not None and one.id == row.key), None)

    async def load(self) -> None:
        """The drawers, and the moves of the one the cursor is on."""
        self._found = await self.ask(list_drawers, ListDrawers())
        shop, private = self.desk.shop, self.app.private
        self._list.show([drawing.drawer_row(one, shop, private=private) for one in self._found.drawers])
        await self._load_moves()

    async def _load_moves(self) -> None:
        one = self.drawer
        line = self.query_one("#which", Static)
        line.update(Content(drawing.which_line(one)))
        line.set_class(bool(one and one.is_forgotten), "-now")
        session = one.session_id if one else None
        moves = (await self.ask(list_moves, ListMoves(session_id=session))).moves if session is not None else ()
        shop, private = self.desk.shop, self.app.private
        empty = "Nothing yet. + puts cash in, − takes it out." if session is not None else ""
        self.query_one("#moves", PlainTable).show(
            [drawing.move_row(each, shop, private=private) for each in moves], empty=empty
        )

    @on(PlainTable.Moved, "#drawers")
    def _other_drawer(self) -> None:
        self.set_out(self._load_moves)

    @on(PlainTable.Chosen)
    def _chosen(self, chosen: PlainTable.Chosen) -> None:
        chosen.stop()
        self.action_run(commands.OPEN_DRAWER.name)

    def reason_against(self, command: Command) -> str | None:
        """What a key needs under the cursor."""
        if command in (commands.OPEN_DRAWER, commands.WHY, *_OPEN_ONLY) and self.drawer is None:
            return "There is no drawer yet. M adds one, for an admin."
        if command in _OPEN_ONLY and self.drawer and not self.drawer.is_open:
            return f"{self.drawer.name} is closed. enter opens it."
        return None

    # One drawer

    async def do_open_drawer(self) -> None:
        """A closed drawer is opened with its float, an open one is counted and closed."""
        one = self.drawer
        if one is None:
            return
        if one.is_open:
            await self._count(one)
        else:
            await self._open(one)
        self.show_anew()

    async def _open(self, one: DrawerState) -> None:
        was = f" {self._money(one.left)} was left in it." if one.left is not None else ""
        count = await self._counted(one, f"Open {one.name}: count its float.{was}", "")
        if count is None:
            return
        wish = OpenDrawer(drawer_id=one.id, typed=count.typed, total=count.total)
        opened = await self.write(open_drawer, wish)
        if opened is not None:
            self._begun.pop(one.id, None)
            off = f" {self._money(opened.left)} was left in it." if opened.difference else ""
            self.say(f"{opened.drawer} is open with {self._money(opened.opening_float)}.{off}")

    async def _count(self, one: DrawerState) -> None:
        counted = await self._confirmed(one, f"Count {one.name}, open since {one.since}", CLOSING)
        if counted is not None:
            await self._close(one, counted)

    async def do_look(self) -> None:
        """A count in between; the drawer stays open."""
        one = self.drawer
        if one is None:
            return
        counted = await self._confirmed(one, f"Look into {one.name}, open since {one.since}", SPOT)
        if counted is not None:
            self.say(f"{one.name}: {drawing.counted_words(counted, self.desk.shop)} It stays open.")
            self.show_anew()

    async def _confirmed(self, one: DrawerState, title: str, kind: str) -> CountedDrawer | None:
        """A count that was right, or was counted again."""
        assert one.session_id is not None
        word = ""
        while True:
            count = await self._counted(one, title, word)
            if count is None:
                return None
            wish = CountDrawer(session_id=one.session_id, typed=count.typed, total=count.total, kind=kind)
            counted = await self.write(count_drawer, wish)
            if counted is None:
                return None
            self._begun.pop(one.id, None)
            if counted.outcome is not Outcome.RECOUNT:
                return counted
            word = drawing.counted_words(counted, self.desk.shop)

    async def _counted(self, one: DrawerState, title: str, word: str) -> Count | None:
        sheet = CountSheet(title, self.desk.shop, begun=self._begun.get(one.id), word=word)
        count = await self.app.wait_for(sheet)
        if count is None:
            self._begun[one.id] = dict(sheet.pieces)
        return count

    async def _close(self, one: DrawerState, counted: CountedDrawer) -> None:
        closed = await self.fill(forms.close_form(self, one, counted))
        if closed is None:
            self.say(f"{one.name} is counted and still open. enter counts it again.", "amber")
            return
        still = [each.name for each in self._found.open_ones if each.id != one.id] if self._found else []
        then = f"Next: {still[0]}." if still else "Z closes the day."
        self.say(f"{closed.drawer} is closed, {self._money(closed.banked)} to the bank. {then}")

    async def do_new_drawer(self) -> None:
        """One more drawer."""
        added = await self.fill(forms.drawer_form(self, f"Drawer {len(self._drawers) + 1}"))
        if added is not None:
            self.say(f"{added.name} is there. enter opens it with its float.")
            self.show_anew()

    async def do_add_cash(self) -> None:
        """Cash from elsewhere."""
        if self.drawer is not None:
            moved = await self.fill(forms.pay_in_form(self, self.drawer))
            self._tell(moved)

    async def do_remove_cash(self) -> None:
        """Cash for something, to the safe, to another drawer, as tips."""
        one = self.drawer
        if one is None or self._found is None:
            return
        others = tuple(each for each in self._found.open_ones if each.id != one.id)
        tips = await self.ask(show_tips_to_pay, ShowTipsOwed())
        moved = await self.fill(forms.pay_out_form(self, one, others, tips))
        self._tell(moved)

    def _tell(self, moved: CashMoved | None) -> None:
        if moved is None:
            return
        towards = moved.to_drawer or moved.stylist or moved.reason
        about = f": {harmless(towards)}" if towards else ""
        self.say(f"{moved.drawer}: {self._money(moved.amount)} {MOVES[moved.kind].lower()}{about}.")
        self.show_anew()

    async def do_why(self) -> None:
        """Why that much is expected; of an open drawer only who sees takings is told."""
        one = self.drawer
        session = one.session_id or one.last_session_id if one else None
        if one is None or session is None:
            self.say("Nothing was counted here yet.")
            return
        why = await self.ask(explain_cash, ExplainCash(session_id=session))
        lines = [f"{MOVES[part.kind]:<18}{self._money(part.amount):>14}" for part in why.parts]
        lines += [f"{'Expected':<18}{self._money(why.expected):>14}"]
        lines += [f"{'Counted':<18}{self._money(total):>14}" for total in why.counts]
        await self.read(f"Cash of {harmless(why.drawer)}", "\n".join(lines))

    # The day

    async def do_x_report(self) -> None:
        """A look at the figures."""
        found = await self.ask(show_x, ShowX())
        await self.read("X: since the last Z; nothing is reset", found.sheet)

    async def do_z_again(self) -> None:
        """The last close, as it was printed."""
        found = await self.ask(show_z, ShowZ())
        await self._on_paper(found.sheet, found.head_hash)
        await self.read(f"Z {found.number}, as it was printed", found.sheet)

    async def do_close_day(self) -> None:
        """The checklist, then the close."""
        found = await self.ask(check_day, CheckDay())
        left_open = ""
        if not found.is_clear:
            chosen = await self.app.wait_for(ChecklistSheet(found))
            if chosen is None:
                return
            if isinstance(chosen, GoThere):
                await self._go_there(chosen)
                return
            left_open = f"Left open: {', '.join(one.sentence for one in found.blockers)}."
        closed = await self.fill(forms.day_form(self, left_open))
        if closed is not None:
            self.say(f"The day is closed: Z {closed.number}, {self._money(closed.figures.takings)}.")
            self.show_anew()
            await self._on_paper(closed.sheet, closed.figures.head_hash)
            await self.read(f"Z {closed.number}", closed.sheet)

    async def _on_paper(self, sheet: str, head_hash: str) -> None:
        """Print a Z where there is a printer, the journal's last hash beneath it as a QR."""
        printer = self.app.settings.printer
        if printer:
            done = await self.app.aside(lambda: print_text(printer, sheet, qr=head_hash))
            self.say(f"{self.said_last} {done.sentence}".strip(), "" if done.printed else "amber")

    async def _go_there(self, chosen: GoThere) -> None:
        if chosen.kind == DRAWER:
            one = next((each for each in self._drawers if each.session_id == chosen.thing.id), None)
            if one is not None:
                self._list.go_to(one.id)
                await self._count(one)
                self.show_anew()
        elif chosen.kind == UNPAID:
            self.app.pass_on("checkout", PayFor(chosen.thing.id))
        elif chosen.screen == "calendar":
            self.app.pass_on("calendar", GoTo(chosen.thing.id))
        else:
            await self.app.switch_to(chosen.screen)

    @property
    def _drawers(self) -> tuple[DrawerState, ...]:
        return self._found.drawers if self._found else ()

    async def do_back(self) -> None:
        """To the book."""
        await self.app.switch_to("calendar")

    def _money(self, amount: Decimal | None) -> str:
        return money_text(amount or Decimal(0), self.desk.shop.currency, self.desk.shop.locale)


_OPEN_ONLY = (commands.PAY_IN, commands.PAY_OUT, commands.LOOK)
