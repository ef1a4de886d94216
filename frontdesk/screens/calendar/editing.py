"""A visit made otherwise: service, length, price, hands; a line more or less; whose it is (SV3, BK11, BK23)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from frontdesk.errors import BadInput
from frontdesk.money import number_text, parse_money
from frontdesk.rules.moment import moment_meant
from frontdesk.screens.calendar.acts import VisitActs
from frontdesk.screens.visits import booking as forms
from frontdesk.screens.visits.arrival import show_card
from frontdesk.services.book.adding import AddLine, add_line
from frontdesk.services.book.changing import (
    ChangeLine,
    DropLine,
    HandOver,
    VisitChanged,
    change_line,
    drop_line,
    hand_over,
)
from frontdesk.services.book.groups import (
    ArriveGroup,
    GroupSheet,
    MakeGroup,
    Ungroup,
    arrive_group,
    make_group,
    ungroup,
)
from frontdesk.services.book.reassigning import Reassign, reassign
from frontdesk.services.book.visit_notes import WriteNotes, write_notes
from frontdesk.services.book.visits import ShowVisit, show
from frontdesk.services.customers.customer_search import FindCustomers, find_customers
from frontdesk.services.menu.menu import Menu, MenuService, ShowMenu, show_menu
from frontdesk.services.sheets.day import DayEntry
from frontdesk.widgets.field import Field, Offer, among
from frontdesk.widgets.form import Filled, Form
from frontdesk.widgets.modal import Answer, Question

_WAYS = {
    "c": "service, length, price or stylist of this line",
    "a": "add a service or something extra",
    "d": "drop this line, the rest of the visit stays",
    "h": "hand the rest of this line over to somebody else",
    "n": "notes: what the stylist should know",
    "w": "it is another customer's",
}


@dataclass(frozen=True)
class _Named:
    """What a choice offers, by its value."""

    menu: Menu

    def services(self, *kinds: str) -> list[Offer]:
        """`Cut  45m  50.00`."""
        return [Offer(str(s.id), f"{s.name}  {s.minutes}m  {s.price}") for s in self.menu.services if s.kind in kinds]

    def stylists(self) -> list[Offer]:
        """By their names."""
        return [Offer(str(one.id), one.name) for one in self.menu.stylists]

    def service(self, service_id: int) -> MenuService:
        """By its number."""
        return next(one for one in self.menu.services if one.id == service_id)


class Editing(VisitActs):
    """What `e` changes, and who belongs together."""

    async def do_edit(self) -> None:
        """Ask what, and change it."""
        entry = self.entry
        if entry is None:
            return
        several = len(self._lines_of(entry)) > 1
        offered = [Answer(key, words, key) for key, words in _WAYS.items() if key != "d" or several]
        way = await self.app.wait_for(Question(f"Change what of {entry.customer}, {entry.service}?", offered))
        if way == "c":
            await self._change_line(entry)
        elif way == "a":
            await self._add_line(entry)
        elif way == "d":
            await self._drop_line(entry)
        elif way == "h":
            await self._hand_over(entry)
        elif way == "n":
            await self._write_notes(entry)
        elif way == "w":
            await self._give_to_another(entry)

    async def _change_line(self, entry: DayEntry) -> None:
        named = _Named(await self.ask(show_menu, ShowMenu()))
        offers, people = named.services("service", "addon"), named.stylists()
        minutes = (entry.ends_at - entry.starts_at) // dt.timedelta(minutes=1)
        shop = self.desk.shop
        price = number_text(entry.price, shop.currency, shop.locale)
        stylist = next((o for o in people if o.value == str(entry.stylist_id)), Offer("", ""))

        async def save(filled: Filled) -> ChangeLine:
            service_id = int(filled.picked["service"]) if filled.picked["service"] else None
            if filled["service"] and filled["service"] != entry.service and service_id is None:
                raise BadInput(f"There is no service called {filled['service']}. Choose one.", field="service")
            who = int(filled.picked["stylist"]) if filled.picked["stylist"] else None
            said_minutes = _minutes(filled["minutes"])
            said_price = parse_money(filled["price"], shop.currency, shop.locale, "price")
            # What stands in a field as it was is not said: another service brings its own length and price.
            return ChangeLine(
                line_id=entry.line_id,
                version=entry.version,
                service_id=service_id,
                minutes=said_minutes if said_minutes != minutes else None,
                price=said_price if said_price != entry.price else None,
                stylist_id=who if who != entry.stylist_id else None,
            )

        fields = [
            Field("service", "Service", value=entry.service, find=among(offers)),
            Field("minutes", "Minutes", value=str(minutes)),
            Field("price", "Price", value=price),
            Field("stylist", "With", value=stylist.label, picked=stylist.value, find=among(people)),
        ]
        wish = await self.fill(Form(f"Change {entry.customer}, {entry.service}", fields, save))
        if wish is not None:
            await self.carry_out(change_line, wish, self._changed)

    async def _add_line(self, entry: DayEntry) -> None:
        named = _Named(await self.ask(show_menu, ShowMenu()))
        people = named.stylists()

        async def save(filled: Filled) -> AddLine:
            if not filled.picked["service"]:
                raise BadInput("Choose a service.", field="service")
            service = named.service(int(filled.picked["service"]))
            return AddLine(
                appointment_id=entry.appointment_id,
                service_id=service.id,
                stylist_id=int(filled.picked["stylist"]) if filled.picked["stylist"] else None,
                addon_of=(entry.addon_of or entry.line_id) if service.kind == "addon" else None,
                version=entry.version,
            )

        fields = [
            Field("service", "Service", find=among(named.services("service", "addon"))),
            Field("stylist", "With", find=among(people), hint="whoever does the rest, when nobody is named"),
        ]
        wish = await self.fill(Form(f"Add to {entry.customer}'s visit", fields, save))
        if wish is not None:
            await self.carry_out(add_line, wish, self._changed)

    async def _drop_line(self, entry: DayEntry) -> None:
        reason = await self.fill(forms.reason_form(f"Drop {entry.service} of {entry.customer}", "Why"))
        if reason is not None:
            await self.carry_out(
                drop_line, DropLine(line_id=entry.line_id, version=entry.version, reason=reason), self._changed
            )

    async def _hand_over(self, entry: DayEntry) -> None:
        named = _Named(await self.ask(show_menu, ShowMenu()))
        people = [one for one in named.stylists() if one.value != str(entry.stylist_id)]
        now = self.desk.clock.now().replace(second=0, microsecond=0)
        at = now if entry.starts_at < now < entry.ends_at else entry.starts_at

        async def save(filled: Filled) -> HandOver:
            if not filled.picked["stylist"]:
                raise BadInput("Choose who goes on.", field="stylist")
            moment = moment_meant(filled["at"], forms.here(self), instead_of=at, field="at")
            return HandOver(
                line_id=entry.line_id, version=entry.version, stylist_id=int(filled.picked["stylist"]), at=moment
            )

        fields = [
            Field("stylist", "To", find=among(people)),
            Field("at", "From", value=self.wall(at), hint="when the other one takes over"),
        ]
        wish = await self.fill(Form(f"Hand {entry.customer}, {entry.service} over", fields, save))
        if wish is not None:
            await self.carry_out(hand_over, wish, self._changed)

    async def _write_notes(self, entry: DayEntry) -> None:
        visit = await self.ask(show, ShowVisit(appointment_id=entry.appointment_id))

        async def save(filled: Filled) -> WriteNotes:
            return WriteNotes(appointment_id=entry.appointment_id, notes=filled.typed["notes"], version=visit.version)

        title = f"Notes of {entry.customer}'s visit"
        field = Field("notes", "Notes", value=visit.notes, lines=True)
        form = Form(title, [field], save, keeper=self.keeper(f"notes {entry.appointment_id}", title))
        wish = await self.fill(form)
        if wish is not None and await self.write(write_notes, wish) is not None:
            self._done(f"{entry.customer}: the notes are written.")

    async def _give_to_another(self, entry: DayEntry) -> None:
        async def find(typed: str) -> list[Offer]:
            if not typed.strip():
                return []
            found = await self.ask(find_customers, FindCustomers(text=typed, limit=6))
            tails = ((one, f" {one.phone[-4:]}" if one.phone else "") for one in found.customers)
            return [Offer(str(one.id), f"{one.name}{tail}") for one, tail in tails]

        async def save(filled: Filled) -> Reassign:
            if not filled.picked["customer"]:
                raise BadInput("Choose whose visit it is.", field="customer")
            return Reassign(
                appointment_id=entry.appointment_id,
                customer_id=int(filled.picked["customer"]),
                version=entry.version,
            )

        field = Field("customer", "Customer", find=find, hint="name, end of a telephone, e-mail")
        wish = await self.fill(Form(f"Whose visit is {entry.code}?", [field], save))
        if wish is not None:
            await self.carry_out(reassign, wish, self._changed)

    def _changed(self, changed: VisitChanged) -> None:
        lines = ", ".join(
            f"{line.service} {self.wall(line.starts_at)}–{self.wall(line.ends_at)}"
            for line in changed.lines
            if line.status.letter not in "xXnv"
        )
        self._done(f"{changed.customer}: {lines}.")
        self.go_to(self._day_of(changed.starts_at), changed.starts_at, visit=changed.appointment_id)

    # Parties

    async def do_group(self) -> None:
        """Link what is marked; a visit of a party alone leaves it."""
        marked = list(dict.fromkeys(entry.appointment_id for entry in self.grid.marked))
        entry = self.entry
        if len(marked) == 2:
            await self.carry_out(make_group, MakeGroup(appointment_ids=tuple(marked)), self._grouped)
        elif entry is not None and entry.group_id is not None:
            alone = await self.write(ungroup, Ungroup(appointment_ids=(entry.appointment_id,)))
            if alone is not None:
                self._done(f"{entry.customer} is in no party any more.")
        elif entry is not None and len(marked) == 1 and entry.appointment_id not in marked:
            await self.carry_out(make_group, MakeGroup(appointment_ids=(*marked, entry.appointment_id)), self._grouped)
        else:
            self.say("Mark two visits with space first: B makes them a party.", "amber")

    def _grouped(self, party: GroupSheet) -> None:
        self.grid.unmark()
        self._done(
            f"{party.name or 'A party'}: {', '.join(visit.customer for visit in party.visits)}. a checks all in."
        )

    async def do_arrive(self) -> None:
        """The customer is here, or everybody of their party."""
        entry = self.entry
        if entry is None or entry.group_id is None:
            await super().do_arrive()
            return
        ways = [Answer("a", "everybody of the party", True), Answer("o", f"only {entry.customer}", False)]
        everybody = await self.app.wait_for(Question(f"{entry.customer} is in a party. Who is here?", ways))
        if everybody is False:
            await super().do_arrive()
        elif everybody:
            party = await self.write(arrive_group, ArriveGroup(group_id=entry.group_id))
            if party is not None:
                self._done(f"{', '.join(visit.customer for visit in party.visits)}: here.")
                for visit in party.visits:
                    await show_card(self, visit.appointment_id)


def _minutes(typed: str) -> int:
    said = typed.rstrip("m ")
    if not said.isdigit():
        raise BadInput("Say for how many minutes: 45.", field="minutes")
    return int(said)
