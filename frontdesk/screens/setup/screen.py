"""The first time: a shop from nothing, by keyboard, page by page, with defaults that make a working one (AD8)."""

from __future__ import annotations

import os
from textwrap import wrap
from typing import TYPE_CHECKING

from textual import events, getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Static

from frontdesk.drafts import Draft, Drafts
from frontdesk.errors import BadInput, Refusal
from frontdesk.guesses import guesses
from frontdesk.screens.base import DeskScreen
from frontdesk.screens.setup.answers import SECRETS, Answers, Helper
from frontdesk.screens.setup.founding import Founding, Opened
from frontdesk.screens.setup.page import Step, picked, value
from frontdesk.screens.setup.people_pages import LAST, PEOPLE, check_person, menu_told
from frontdesk.screens.setup.shop_pages import PLACE
from frontdesk.screens.setup.steps import STEPS
from frontdesk.text import clean, harmless
from frontdesk.widgets.bar import Bar
from frontdesk.widgets.field import FieldRow

if TYPE_CHECKING:
    from frontdesk.app import FrontDesk

KEPT_AFTER = 0.3
"""Seconds after the last key."""
_DRAFT = "setup"
_LABEL, _BESIDE, _MARGIN = 15, 56, 21
"""Cells: of a page's name in the overview, of the overview beside a page, and around what it tells."""
_LOST = "What was typed before is kept, but for passwords and PINs."


class SetUpScreen(Screen[None]):
    """Set up: enter goes on, escape goes back, ctrl+s takes the page as it stands."""

    CSS_PATH = "setup.tcss"
    AUTO_FOCUS = None
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (60, "-narrow"), (120, "-wide")]  # noqa: RUF012  Textual's own kind
    VERTICAL_BREAKPOINTS = [(0, "-short"), (20, "-tall")]  # noqa: RUF012
    BINDINGS = [  # noqa: RUF012
        Binding("enter", "next", show=False, priority=True),
        Binding("ctrl+s", "take_page", show=False, priority=True),
        Binding("escape", "back", show=False, priority=True),
        Binding("ctrl+r", "remove_last", show=False, priority=True),
        Binding("up", "other(-1)", show=False),
        Binding("down", "other(1)", show=False),
    ]

    if TYPE_CHECKING:
        app = getters.app(FrontDesk)

    def __init__(self) -> None:
        super().__init__()
        who = os.environ.get("USER", "")
        self.answers = Answers(guesses(os.environ), who.capitalize() if who not in ("", "root") else "Admin")
        self._at = 0
        self._is_busy = False
        self._founding: Founding
        self._keep_later: Timer | None = None

    def compose(self) -> ComposeResult:
        """The page, what there is so far beside it, why not, what the keys do."""
        yield Bar(id="header")
        with Horizontal(id="body"):
            with Vertical(id="page"):
                yield Static("", id="title", markup=False)
                yield Static("", id="words", markup=False)
                yield Static("", id="so-far", markup=False)
                yield VerticalScroll(id="fields", can_focus=False)
                yield Static("", id="wrong", markup=False)
            yield Static("", id="overview", markup=False)
        yield Bar(id="footer")
        yield Static("frontdesk needs 60 columns and 20 rows.", id="too-small", markup=False)

    async def on_mount(self) -> None:
        """Go on where it was left, or begin."""
        self._founding = Founding(self.app.backstage, self.app.clock)
        kept = self._drafts.find(_DRAFT)
        if kept:
            self.answers.read(kept.typed)
        await self._turn_to(0)
        self._say(_LOST if kept else "")
        self.call_after_refresh(self.app.warm_up)

    # The page

    @property
    def step(self) -> Step:
        """Which page it is."""
        return STEPS[self._at]

    @property
    def rows(self) -> list[FieldRow]:
        """Its fields, as far as they stand: a draft may be due while the page is turned."""
        return [row for row in self.query(FieldRow) if row.is_mounted]

    async def _turn_to(self, place: int, field: str = "") -> None:
        self._at = place
        fields = self.query_one("#fields", VerticalScroll)
        await fields.remove_children()
        await fields.mount(*(FieldRow(each) for each in self.step.fields(self.answers)))
        self._draw()
        rows = self.rows
        self._focus(next((row for row in rows if row.field.name == field), rows[0]))

    def _focus(self, row: FieldRow) -> None:
        row.entry.focus()

    def _draw(self) -> None:
        answers, step = self.answers, self.step
        self.query_one("#header", Bar).show(
            Content.styled("Set up", "bold"), f"{self._at + 1} of {len(STEPS)}   {step.title}"
        )
        self.query_one("#title", Static).update(Content.styled(step.title, "bold"))
        self.query_one("#words", Static).update(Content(step.words(answers)))
        so_far, words = self.query_one("#so-far", Static), self._so_far()
        so_far.update(words)
        so_far.display = bool(words.plain)
        self.query_one("#overview", Static).update(self._overview(self._at))
        last = step is LAST
        keys = [("enter", "make the shop" if last else "next"), ("ctrl+s", "next page"), ("esc", "back")]
        if step is PEOPLE and answers.people:
            keys.insert(1, ("ctrl+r", "remove last"))
        if last:
            keys.pop(1)
        said = [Content.assemble((key, "bold $accent"), " ", words) for key, words in keys]
        self.query_one("#footer", Bar).show(Content("  ").join(said), "ctrl+q quit, kept")

    def _so_far(self) -> Content:
        if self.step is LAST and not self.has_class("-wide"):
            return self._overview(len(STEPS))
        if self.step is not PEOPLE:
            return Content("")
        return Content("\n").join(_person(one) for one in self.answers.people)

    def _overview(self, until: int) -> Content:
        """What was answered, page by page; what lies ahead is only named."""
        room = (self.size.width if until == len(STEPS) and not self.has_class("-wide") else _BESIDE) - _MARGIN
        lines = []
        for place, step in enumerate(STEPS[:-1]):
            told = _told(step, self.answers, room) if place < until else ""
            mark = ("✓ ", "$fd-service") if place < until else ("▸ " if place == self._at else "  ", "$accent")
            lines.append(Content.assemble(mark, (f"{step.title:<{_LABEL}}", "$fd-muted"), told))
        if self.step is LAST:
            menu = _lines(menu_told(self.answers), room)
            lines.append(Content.assemble("  ", (f"{'Menu':<{_LABEL}}", "$fd-muted"), menu))
        return Content("\n").join(lines)

    def on_resize(self) -> None:
        """Beside the page or in it."""
        self.call_after_refresh(self._draw)

    @on(FieldRow.Typed)
    def _typed(self) -> None:
        if self._keep_later:
            self._keep_later.stop()
        self._keep_later = self.set_timer(KEPT_AFTER, self._keep)

    # What is typed

    def _gather(self) -> None:
        """Take what was typed on this page; defaults that nobody touched stay open to change."""
        shown = {field.name: field for field in self.step.fields(self.answers)}
        for row in self.rows:
            name, before = row.field.name, shown.get(row.field.name)
            if before is not None and (name in self.answers.typed or row.typed != before.value):
                self.answers.put(name, row.typed, row.picked)

    def _follow(self) -> None:
        """What follows from an answer changes along, where nobody typed."""
        now = {field.name: field for field in self.step.fields(self.answers)}
        for row in self.rows:
            field = now.get(row.field.name)
            if field and row.typed != field.value:
                row.put(field.value, field.picked)
        if self.step is PLACE:
            self.query_one("#overview", Static).update(self._overview(self._at))

    def _keep(self) -> None:
        if self.is_attached and not self._is_busy:
            self._gather()
            self._drafts.keep(Draft(_DRAFT, "Set up", self.answers.written(), self.app.clock.now()))

    @property
    def _drafts(self) -> Drafts:
        return Drafts(self.app.settings.data_folder, _DRAFT)

    # Keys

    def on_key(self, event: events.Key) -> None:
        """While the shop is made, nothing is typed."""
        if self._is_busy:
            event.stop()
            event.prevent_default()

    async def action_next(self) -> None:
        """The next field; at the last one, the next page."""
        row = self._row()
        if self._is_busy or row is None or not await self._take(row):
            return
        self._gather()
        self._follow()
        rows = self.rows
        ends = row is rows[-1]
        if self.step is PEOPLE:
            typed = clean(self.answers.text("person", ""))
            part = picked(self.answers, PEOPLE, "person_part")
            if row is rows[0] and not typed:
                await self._go_on()
                return
            ends = ends or (row.field.name == "person_pin" and part != "stylist")
        if ends:
            await self._end_page()
        else:
            self._focus(rows[rows.index(row) + 1])

    async def action_take_page(self) -> None:
        """The page as it stands."""
        row = self._row()
        if self._is_busy or (row is not None and not await self._take(row)):
            return
        self._gather()
        if self.step is PEOPLE and not clean(self.answers.text("person", "")):
            await self._go_on()
        elif self.step is not LAST:
            await self._end_page()
        else:
            self._say("enter makes the shop.")

    async def action_back(self) -> None:
        """The page before; this one is kept."""
        first = STEPS.index(PEOPLE) if self._founding.has_begun else 0
        if self._is_busy or self._at <= first:
            return
        self._gather()
        self._say("")
        await self._turn_to(self._at - 1)

    async def action_remove_last(self) -> None:
        """The one who was added last, taken off again."""
        if self.step is PEOPLE and self.answers.people and not self._is_busy:
            gone = self.answers.people.pop()
            self._keep()
            self._draw()
            self._say(f"{gone.name} is taken off.")

    def action_other(self, by: int) -> None:
        """Up and down: among offers while there are some, among fields otherwise."""
        row = self._row()
        if row is None or row.highlight(by) or row.offers:
            return
        rows = self.rows
        self._focus(rows[(rows.index(row) + by) % len(rows)])

    def _row(self) -> FieldRow | None:
        return next((row for row in self.rows if row.entry.has_focus), None)

    async def _take(self, row: FieldRow) -> bool:
        """Choose what is highlighted, or what the typed words mean now. False when they mean nothing."""
        if row.field.find is None or row.picked:
            return True
        if not row.typed.strip():
            self.answers.forget(row.field.name)
            usual = next(field for field in self.step.fields(self.answers) if field.name == row.field.name)
            row.put(usual.value, usual.picked)
            return True
        offers = tuple(await row.field.find(row.typed))
        if not offers:
            self._refuse(BadInput(f'There is no "{row.typed.strip()}" to choose here.', field=row.field.name))
            return False
        if row.offers != offers or not row.take():
            row.put(offers[0].label, offers[0].value)
        return True

    # Going on

    async def _end_page(self) -> None:
        """Check the page and go on; among the people, add the one typed and ask for the next."""
        if self.step is not PEOPLE:
            await self._go_on()
            return
        answers = self.answers
        try:
            check_person(answers)
        except BadInput as refusal:
            self._refuse(refusal)
            return
        said = {name: value(answers, PEOPLE, name) for name in ("person", "person_pin", "person_week")}
        part = picked(answers, PEOPLE, "person_part")
        week = said["person_week"] if part == "stylist" else ""
        answers.add(Helper(clean(said["person"]), part, said["person_pin"], week))
        answers.forget("person", "person_part", "person_pin", "person_week")
        await self._turn_to(self._at)
        self._keep()
        self._say(f"{clean(said['person'])} is added. The next one, or enter to go on.")

    async def _go_on(self) -> None:
        self._follow()
        try:
            self.step.check(self.answers)
        except BadInput as refusal:
            self._refuse(refusal)
            return
        self._say("")
        if self.step is LAST:
            self._is_busy = True
            self._make()
        else:
            await self._turn_to(self._at + 1)

    def _refuse(self, refusal: Refusal) -> None:
        """Everything stays as typed; the field it is about is marked."""
        self._say(refusal.sentence, tone="amber")
        about = refusal.facts.get("field")
        for row in self.rows:
            row.mark(row.field.name == about)
            if row.field.name == about:
                self._focus(row)

    def _say(self, words: str, tone: str = "muted") -> None:
        self.query_one("#wrong", Static).update(Content.styled(harmless(words), f"$fd-{tone}"))
        if not words:
            for row in self.rows:
                row.mark(False)

    @work(group="save")
    async def _make(self) -> None:
        try:
            for step in STEPS:
                step.check(self.answers)
            opened = await self.app.aside(self._founding.run, self.answers, self._progress)
        except Refusal as refusal:
            self._is_busy = False
            await self._go_where(refusal)
            return
        except BaseException:
            self._is_busy = False
            raise
        await self._open(opened)

    def _progress(self, words: str) -> None:
        self.app.call_from_thread(self._say, words)

    async def _go_where(self, refusal: Refusal) -> None:
        """To the page that a refusal is about."""
        about = refusal.facts.get("field")
        place = next(
            (place for place, step in enumerate(STEPS) for one in step.fields(self.answers) if one.name == about),
            self._at,
        )
        if place != self._at:
            await self._turn_to(place, str(about))
        self._refuse(refusal)

    async def _open(self, opened: Opened) -> None:
        """The admin sits down; nothing secret stays behind."""
        app = self.app
        if self._keep_later:
            self._keep_later.stop()
        self._drafts.drop(_DRAFT)
        self.answers.forget(*SECRETS)
        self.answers.people = []
        app.terminal_secret = opened.terminal_secret
        await app.sit_down(opened.desk)
        words = opened.installed.advice or "The shop is ready: b books the first visit. F7 changes what you set up."
        screen = app.screen
        if isinstance(screen, DeskScreen):
            screen.call_after_refresh(screen.say, words, "amber" if opened.installed.advice else "")


def _told(step: Step, answers: Answers, room: int) -> str:
    try:
        return _lines(step.told(answers), room)
    except BadInput:
        return ""


def _lines(words: str, room: int) -> str:
    return f"\n{'':{_LABEL + 2}}".join(wrap(harmless(words), max(20, room)))


def _person(one: Helper) -> Content:
    pin = "PIN" if one.pin else "no PIN"
    week = (one.week or "whenever it is open") if one.part == "stylist" else ""
    return Content.assemble("  ", (harmless(one.name), "bold"), f"  {one.part}  {pin}  ", (harmless(week), "$fd-muted"))
