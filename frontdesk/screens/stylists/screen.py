"""The stylists screen: the week as a grid, the person beside it, and what changes either (features ST1 to ST5)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, ClassVar

from textual import getters, on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from frontdesk.errors import NotAllowed
from frontdesk.permissions import Deed, refusal_for
from frontdesk.rules.hours import DAY
from frontdesk.screens import commands
from frontdesk.screens.base import DeskScreen
from frontdesk.screens.commands import Command
from frontdesk.screens.records import read_history
from frontdesk.screens.stylists import hours_forms, person_forms, taking_away
from frontdesk.screens.stylists.pay import pay_of
from frontdesk.screens.stylists.tips import tips_of
from frontdesk.screens.stylists.week_grid import Spot, WeekGrid
from frontdesk.screens.stylists.wording import day_brief, day_sentences, day_title, person_content, reach_line
from frontdesk.screens.visits.stranded import deal_with
from frontdesk.services.menu.catalogue import ListServices, list_services
from frontdesk.services.menu.categories import ListCategories, list_categories
from frontdesk.services.team import stylists
from frontdesk.services.team.roster import HoursChanged
from frontdesk.services.team.shop_hours import ListStranded, list_stranded
from frontdesk.services.team.stylists import ListStylists, ShowStylist, StylistProfile
from frontdesk.services.team.week import ShowWeek, WeekSheet, show_week
from frontdesk.text import harmless
from frontdesk.widgets.form import Form
from frontdesk.widgets.modal import Answer, Question

WEEK = 7 * DAY


@dataclass(frozen=True)
class _Change:
    """One of the things that `e` changes."""

    key: str
    words: str
    deed: Deed = Deed.EDIT_ROSTER


class StylistsScreen(DeskScreen):
    """The week of the stylists: who works when, how full each day is, who is away. ≠ marks a day that differs from the
    usual week, ░ one with a break, + one with more than a stretch; the bar shows how much of the day is booked."""

    CSS_PATH = "stylists.tcss"
    DEED: ClassVar[Deed | None] = Deed.SEE_BOOK
    KEYS = (
        commands.EDIT, commands.EARNED, commands.TIPS, commands.ADD, commands.REMOVE, commands.BLOCK, commands.EARLIER,
        commands.LATER, commands.NOW, commands.GO, commands.OPEN, commands.HISTORY, commands.VIEW, commands.FIND,
        commands.WHY,
    )  # fmt: skip

    grid = getters.query_one("#week", WeekGrid)

    def __init__(self) -> None:
        super().__init__()
        self._first: dt.date | None = None
        self._sheet: WeekSheet | None = None
        self._stranded = 0
        self._wanted: tuple[dt.date | None, int | None] = (None, None)
        self._profile: StylistProfile | None = None
        self._words: dict[str, Content] = {}

    def heading(self) -> str:
        """Which week."""
        if self._sheet is None:
            return "Stylists"
        first, last, today = self._sheet.days[0], self._sheet.days[-1], self.desk.today
        begins = f"{first.day} {first:%b}" if first.month != last.month else f"{first.day}"
        year = f" {last.year}" if last.year != today.year else ""
        near = {-1: "last week", 0: "this week", 1: "next week"}.get((first - _monday(today)).days // 7, "")
        return "   ".join(filter(None, ("Stylists", f"{begins} – {last.day} {last:%b}{year}", near)))

    def body(self) -> ComposeResult:
        """The grid, the day under the cursor in a line, the person beside it."""
        with Horizontal(id="body"):
            with Vertical(id="weeks"):
                yield WeekGrid()
                yield Static("", id="brief", markup=False)
            with VerticalScroll(id="person", can_focus=False):
                yield Static("", id="who", markup=False)

    def find_focus(self) -> None:
        """On the grid."""
        self.grid.focus()

    async def load(self) -> None:
        """The week, and how many visits of it stand outside hours."""
        sheet = await self.ask(show_week, ShowWeek(first_day=self._first))
        fresh = self._sheet is None
        outside = await self.ask(list_stranded, ListStranded(first_day=sheet.days[0], last_day=sheet.days[-1]))
        self._sheet, self._stranded = sheet, len({one.appointment_id for one in outside.visits})
        self.grid.show(sheet, self.desk.today)
        if fresh:
            self.grid.go_to(self.desk.today)
        if self._wanted != (None, None):
            self.grid.go_to(*self._wanted)
            self._wanted = (None, None)
        if self.is_wide and self.spot is not None:
            self._profile = await self.ask(stylists.show_stylist, ShowStylist(stylist_id=self.spot.row.stylist_id))
        self._describe()

    @property
    def spot(self) -> Spot | None:
        """The stylist's day under the cursor."""
        return self.grid.spot

    @property
    def is_wide(self) -> bool:
        """Whether the person stands beside the grid."""
        return self.size.width >= 120

    def on_resize(self) -> None:
        """Beside the grid somebody stands who was not looked up yet."""
        if self.is_loaded:
            self._moved()

    @on(WeekGrid.Moved)
    def _moved(self) -> None:
        self._describe()
        spot = self.spot
        if self.is_wide and spot and (self._profile is None or self._profile.card.id != spot.row.stylist_id):
            self._look_up(spot.row.stylist_id)

    @work(group="preview", exclusive=True)
    async def _look_up(self, stylist_id: int) -> None:
        with self.refusals_shown():
            self._profile = await self.ask(stylists.show_stylist, ShowStylist(stylist_id=stylist_id))
            self._describe()

    def _describe(self) -> None:
        spot = self.spot
        brief = Content("")
        if spot is not None:
            title = f"{harmless(spot.row.name)}, {day_title(spot.day.day)}: "
            brief = Content.assemble((title, "bold"), harmless(day_brief(spot.day)))
            if self._stranded:
                visits = "visit" if self._stranded == 1 else "visits"
                brief = Content.assemble(
                    (f"{self._stranded} {visits} of this week outside hours: v lists them\n", "$fd-amber"), brief
                )
        self._put("#brief", brief)
        if self.is_wide:
            self._put("#who", self._beside(spot))

    def _put(self, where: str, words: Content) -> None:
        """Painted only when the words differ."""
        if self._words.get(where) != words:
            self._words[where] = words
            self.query_one(where, Static).update(words)

    def _beside(self, spot: Spot | None) -> Content:
        who = self._profile
        if spot is None or who is None or who.card.id != spot.row.stylist_id:
            return Content("")
        return Content("\n").join([Content.styled(harmless(who.card.name), "bold"), self._page(who, spot)])

    def _page(self, who: StylistProfile, spot: Spot) -> Content:
        private = self.app.private
        reach = reach_line(who, private=private)
        return Content("\n").join(
            [
                *([Content.styled(harmless(reach), "$fd-muted")] if reach else []),
                Content(""),
                Content.styled(day_title(spot.day.day), "$fd-muted"),
                *(Content(harmless(line)) for line in day_sentences(spot.row.name, spot.day)),
                person_content(who, self.desk.shop.locale, private=private),
            ]
        )

    # Commands

    def reason_against(self, command: Command) -> str | None:
        """Without a stylist there is nothing to act on; who may not is told before a form opens."""
        if command in _ON_SOMEBODY and self.spot is None:
            return "Nobody works here yet. + adds a stylist."
        if command in (commands.EDIT, commands.ADD) and self._refusal(Deed.EDIT_ROSTER):
            rates = command is commands.EDIT and self._refusal(Deed.EDIT_RATES) is None
            return None if rates else self._refusal(Deed.EDIT_ROSTER)
        return None

    def _refusal(self, deed: Deed) -> str | None:
        remedy = refusal_for(self.desk.actor, deed)
        return NotAllowed(who=self.desk.actor.name, deed=deed.value, remedy=remedy).sentence if remedy else None

    def do_earlier(self) -> None:
        """A week back."""
        self._show_week(-WEEK)

    def do_later(self) -> None:
        """A week on."""
        self._show_week(WEEK)

    def _show_week(self, by: dt.timedelta) -> None:
        if self._sheet is not None:
            self._first = (self._first or self._sheet.first_day) + by
            self.show_anew()

    def do_now(self) -> None:
        """This week, today."""
        self._go(self.desk.today)

    async def do_go(self) -> None:
        """The week of a day in words."""
        day = await self.fill(hours_forms.go_form(self))
        if day is not None:
            self._go(day)

    def _go(self, day: dt.date) -> None:
        self._first, self._wanted = _monday(day), (day, None)
        self.show_anew()

    @on(WeekGrid.Opened)
    def _opened(self) -> None:
        self.action_run(commands.OPEN.name)

    async def do_open(self) -> None:
        """The person and the day on a sheet."""
        spot = self.spot
        if spot is None:
            return
        who = await self._who(spot)
        await self.read(who.card.name, self._page(who, spot))

    async def do_why(self) -> None:
        """Why this day is as it is."""
        spot = self.spot
        if spot is not None:
            said = "\n".join(day_sentences(spot.row.name, spot.day))
            legend = "≠ differs from the usual week   ░ has a break   + more than one stretch   ▇▇··· how full"
            await self.read(f"{spot.row.name}, {day_title(spot.day.day)}", f"{said}\n\n{legend}")

    async def do_history(self) -> None:
        """Who changed this stylist, and when."""
        spot = self.spot
        if spot is not None:
            await read_history(self, "stylists", spot.row.stylist_id, spot.row.name)

    async def do_add(self) -> None:
        """Somebody new, or somebody who is back."""
        everybody = (await self.ask(stylists.list_stylists, ListStylists(all=True))).stylists
        left = [one for one in everybody if not one.is_active][:9]
        if left:
            back = [Answer(str(n), f"{one.name} is back", one.id) for n, one in enumerate(left, start=1)]
            chosen = await self.app.wait_for(Question("Who serves here now?", [Answer("n", "somebody new", 0), *back]))
            if chosen is None:
                return
            if chosen:
                await self._person(await self.ask(stylists.show_stylist, ShowStylist(stylist_id=chosen)))
                return
        menu, shelves = await self._menu()
        added = await self.fill(person_forms.new_form(self, menu, shelves))
        if added is not None:
            self._wanted = (None, added.id)
            self._done(f"{added.name} is in the book. e sets hours, breaks and rates.")

    async def do_edit(self) -> None:
        """What of this stylist? Hours, this day, a break, days away, services, rate, name."""
        spot = self.spot
        if spot is None:
            return
        day = day_title(spot.day.day)
        changes = {
            "w": _Change("w", "the usual week, from a day on"),
            "d": _Change("d", f"{day} only"),
            "b": _Change("b", "a break"),
            "o": _Change("o", f"time off from {day}"),
            "s": _Change("s", "what they do"),
            "r": _Change("r", "what they earn", Deed.EDIT_RATES),
            "n": _Change("n", "name, telephone, leaving"),
        }
        answers = [Answer(one.key, one.words, one.key) for one in changes.values()]
        wish = await self.app.wait_for(Question(f"Change what of {spot.row.name}?", answers))
        if wish is None:
            return
        refusal = self._refusal(changes[wish].deed)
        if refusal:
            self.say(refusal, "amber")
        else:
            await self._change(wish, spot)

    async def do_earned(self) -> None:
        """What they are paid; a stylist sees their own pay only."""
        actor = self.desk.actor
        own = actor.stylist_id if refusal_for(actor, Deed.SEE_RATES) else None
        if self.app.private:
            self.say("Pay is hidden while a customer may see. I shows it again.", "amber")
        elif own is not None or self.spot is not None:
            await pay_of(self, own or (self.spot.row.stylist_id if self.spot else None))

    async def do_tips(self) -> None:
        """Whose the tips are."""
        if self.app.private:
            self.say("Tips are hidden while a customer may see. I shows them again.", "amber")
        else:
            await tips_of(self)

    async def _change(self, wish: str, spot: Spot) -> None:
        if wish == "w":
            await self._hours(hours_forms.week_form(self, await self._who(spot)))
        elif wish == "d":
            await self._hours(hours_forms.day_form(self, spot))
        elif wish == "b":
            await self._hours(hours_forms.break_form(self, spot))
        elif wish == "o":
            await self._hours(hours_forms.away_form(self, spot))
        elif wish == "s":
            menu, shelves = await self._menu()
            skills = await self.fill(person_forms.skills_form(self, await self._who(spot), menu, shelves))
            if skills is not None:
                self._done(f"What {skills.stylist} does is changed.")
                await deal_with(self, skills.stranded)
        elif wish == "r":
            rates = await self.fill(person_forms.rates_form(self, await self._who(spot)))
            if rates is not None:
                self._done(f"{rates.stylist}'s rates hold from {day_title(rates.valid_from)}.")
        else:
            await self._person(await self._who(spot))

    async def _person(self, who: StylistProfile) -> None:
        person = await self.fill(person_forms.person_form(self, who))
        if person is not None:
            was, now = who.card.is_active, person.card.is_active
            said = "is changed" if was == now else "works here again" if now else "has left; + brings them back"
            self._wanted = (None, person.card.id)
            self._done(f"{person.card.name} {said}.")
            await deal_with(self, person.stranded)

    async def _hours(self, form: Form[HoursChanged]) -> None:
        changed = await self.fill(form)
        if changed is not None:
            self._done(f"{changed.stylist}'s hours are changed.")
            await deal_with(self, changed.stranded)

    async def do_block(self) -> None:
        """Keep time of this day free."""
        spot = self.spot
        if spot is not None:
            blocked = await self.fill(hours_forms.block_form(self, spot))
            if blocked is not None:
                self._done(f"Kept free on {day_title(spot.day.day)}.")
                await deal_with(self, blocked.stranded)

    async def do_remove(self) -> None:
        """Take away what lies on this day: time off, a break, a block, or what differs from the usual week."""
        spot = self.spot
        if spot is None:
            return
        found = await taking_away.removable(self, spot)
        if not found:
            self.say(f"Nothing lies on {day_title(spot.day.day)} that could be taken away. e changes hours.", "amber")
            return
        answers = [Answer(str(number), one.words, one) for number, one in enumerate(found[:9], start=1)]
        chosen = await self.app.wait_for(Question(f"Take what away of {spot.row.name}?", answers))
        if chosen is not None:
            stranded = await chosen.remove(self)
            if stranded is not None:
                self._done(chosen.done)
                await deal_with(self, stranded)

    async def do_view(self) -> None:
        """The visits of this week outside hours, with a way to the book."""
        sheet = self._sheet
        if sheet is None:
            return
        outside = await self.ask(list_stranded, ListStranded(first_day=sheet.days[0], last_day=sheet.days[-1]))
        if outside.visits:
            await deal_with(self, outside.visits)
        else:
            self.say("Every visit of this week lies within working hours.")

    async def _who(self, spot: Spot) -> StylistProfile:
        return await self.ask(stylists.show_stylist, ShowStylist(stylist_id=spot.row.stylist_id))

    async def _menu(self) -> tuple[Any, Any]:
        menu = await self.ask(list_services, ListServices())
        return menu.services, (await self.ask(list_categories, ListCategories())).categories

    def _done(self, words: str) -> None:
        self._profile = None
        self.say(words)
        self.show_anew()


_ON_SOMEBODY = (commands.EDIT, commands.REMOVE, commands.BLOCK, commands.OPEN, commands.HISTORY, commands.WHY)


def _monday(day: dt.date) -> dt.date:
    return day - DAY * (day.isoweekday() - 1)
