"""Making the shop that was described: business, taxes, hours, menu, people, this terminal. It can be gone on with.

Everything runs in a thread. What is made stays made when a later part is refused or the line drops: every part has its
own request id, so that making again changes nothing that is there.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID, uuid4

from frontdesk.backstage import Backstage
from frontdesk.clock import Clock
from frontdesk.desk import Desk
from frontdesk.errors import BadInput, LoginTaken, NameTaken, Refusal, Unreachable
from frontdesk.guesses import code_of, refuse_unknown
from frontdesk.keeping import keep
from frontdesk.permissions import Role
from frontdesk.rules.week import Stretch, week_in_line
from frontdesk.screens.setup.answers import Answers, Helper
from frontdesk.screens.setup.page import picked, value
from frontdesk.screens.setup.people_pages import LAST, YOU, you_serve
from frontdesk.screens.setup.shop_pages import BUSINESS, PLACE, hours_are_usual, hours_said, trade
from frontdesk.screens.setup.tax_page import taxes_are_usual, taxes_said
from frontdesk.services.people.people import (
    AddUser,
    ChangeSecret,
    RegisterTerminal,
    add_user,
    register_terminal,
    set_pin,
)
from frontdesk.services.people.sign_in import open_desk, sign_in
from frontdesk.services.presets import InstallPreset, PresetInstalled, install_preset
from frontdesk.services.shop.setup import FoundBusiness, found_business
from frontdesk.services.shop.taxes import AddTax, add_tax
from frontdesk.services.team.roster import Shift
from frontdesk.services.team.shop_hours import OpenHours, SetBusinessHours, set_business_hours
from frontdesk.services.team.stylists import AddStylist, add_stylist
from frontdesk.text import clean

Say = Callable[[str], None]


@dataclass(frozen=True)
class Opened:
    """A shop that is ready."""

    desk: Desk
    """The admin's."""
    terminal_secret: str
    installed: PresetInstalled


class Founding:
    """One shop in the making."""

    def __init__(self, backstage: Backstage, clock: Clock) -> None:
        self._backstage = backstage
        self._clock = clock
        self._ids: dict[object, UUID] = {}
        self._is_in_doubt = False
        self._desk: Desk | None = None
        self._secret = ""

    @property
    def has_begun(self) -> bool:
        """Whether the business is there: its name, place and admin can't be typed anew."""
        return self._desk is not None

    def run(self, answers: Answers, say: Say) -> Opened:
        """Make everything that is not made yet. Raises its refusals, whose field says which step they are about."""
        if self._desk is None:
            say("Founding the business…")
            self._desk = self._founded(_business(answers))
        desk = self._desk
        say("Taxes, hours and the menu…")
        self._put_rules(desk, answers)
        installed = install_preset(desk, InstallPreset(preset=trade(answers), request_id=self._id("preset")))
        say("The people…")
        self._put_you(desk, answers)
        for helper in answers.people:
            week = week_in_line(helper.week, field="person_week") or hours_said(answers)
            self._put(desk, helper, week, _login_of(helper, answers))
        say("This terminal…")
        self._register(desk, clean(value(answers, LAST, "terminal")))
        return Opened(desk, self._secret, installed)

    def _id(self, *about: object) -> UUID:
        return self._ids.setdefault(about, uuid4())

    def _founded(self, wish: FoundBusiness) -> Desk:
        sessions = self._backstage.sessions
        try:
            self._backstage.as_owner(lambda owner: found_business(owner, wish))
        except Unreachable:
            self._is_in_doubt = True  # it may have been saved before the line dropped
            raise
        except NameTaken:
            if not self._is_in_doubt:
                raise
        token = sign_in(sessions, login=f"{wish.admin_login}@{wish.code}", secret=wish.admin_password)
        return open_desk(sessions, token, self._clock)

    def _put_rules(self, desk: Desk, answers: Answers) -> None:
        """Before the preset, which leaves alone what is there."""
        if not taxes_are_usual(answers):
            for tax in taxes_said(answers):
                add_tax(desk, AddTax(**vars(tax), request_id=self._id(tax)))
        if not hours_are_usual(answers):
            week = hours_said(answers)
            hours = tuple(OpenHours(weekday=each.weekday, opens=each.starts, closes=each.ends) for each in week)
            wish = SetBusinessHours(valid_from=desk.today, hours=hours, request_id=self._id(week))
            set_business_hours(desk, wish)

    def _put_you(self, desk: Desk, answers: Answers) -> None:
        name, pin = clean(value(answers, YOU, "admin")), value(answers, YOU, "pin")
        if you_serve(answers):
            week = hours_said(answers)
            add_stylist(desk, _stylist(name, week, self._id("you", name, week)))
        if pin:
            set_pin(desk, ChangeSecret(user_id=desk.actor.user_id, secret=pin, request_id=self._id("pin", pin)))

    def _put(self, desk: Desk, helper: Helper, week: tuple[Stretch, ...], login: str) -> None:
        stylist_id = None
        try:
            if helper.part == "stylist":
                stylist_id = add_stylist(desk, _stylist(helper.name, week, self._id(helper.name, week))).id
            if helper.pin:
                wish = AddUser(
                    login=login, name=helper.name, role=Role(helper.part), pin=helper.pin, stylist_id=stylist_id,
                    request_id=self._id(helper, login),
                )  # fmt: skip
                add_user(desk, wish)
        except (BadInput, NameTaken, LoginTaken) as refusal:
            raise BadInput(f"{helper.name}: {refusal.sentence}", field="person") from refusal

    def _register(self, desk: Desk, name: str) -> None:
        if not self._secret:
            made = register_terminal(desk, RegisterTerminal(name=name, request_id=self._id("terminal", name)))
            self._secret = made.secret
        try:
            keep(self._backstage.settings.terminal_file, self._secret)
        except OSError as error:
            raise CannotKeep(place=self._backstage.settings.terminal_file, why=os.strerror(error.errno or 0)) from error


class CannotKeep(Refusal):
    """The shop is made, but {place} can't be written ({why}). Make that folder yours, then press enter again."""


def _business(answers: Answers) -> FoundBusiness:
    """What the owner of the tables is asked to make. Raises BadInput."""
    place = {name: picked(answers, PLACE, name) for name in ("zone", "country", "currency", "locale")}
    refuse_unknown(place["country"], place["currency"], place["locale"])
    name = clean(value(answers, BUSINESS, "name"))
    return FoundBusiness(
        name=name,
        code=code_of(name),
        shop=clean(value(answers, BUSINESS, "shop")) or name,
        address=clean(value(answers, BUSINESS, "address")),
        timezone=place["zone"],
        currency=place["currency"],
        locale=place["locale"],
        country=place["country"],
        admin_login=value(answers, YOU, "login"),
        admin_name=clean(value(answers, YOU, "admin")),
        admin_password=answers.text("password", ""),
        preset=trade(answers),
    )


def _stylist(name: str, week: tuple[Stretch, ...], request_id: UUID) -> AddStylist:
    first, _, last = name.partition(" ")
    shifts = tuple(Shift(weekday=each.weekday, starts=each.starts, ends=each.ends) for each in week)
    return AddStylist(first_name=first, last_name=last, shifts=shifts, request_id=request_id)


def _login_of(helper: Helper, answers: Answers) -> str:
    """The first name, or the whole one when somebody before has it."""
    taken = {value(answers, YOU, "login")}
    for one in answers.people:
        words = one.name.split()
        wanted = [code_of(words[0]), code_of(one.name), *(f"{code_of(words[0])}{number}" for number in range(2, 99))]
        login = next(each for each in wanted if each not in taken)
        if one is helper:
            return login
        taken.add(login)
    raise AssertionError("somebody who is not among the people")
