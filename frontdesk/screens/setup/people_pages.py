"""The pages about people: who sets it up, who else works here; and the last look before it is made."""

from __future__ import annotations

import re
from collections.abc import Sequence

from frontdesk.errors import BadInput
from frontdesk.guesses import code_of
from frontdesk.rules.week import Stretch, week_in_line
from frontdesk.screens.setup import choices
from frontdesk.screens.setup.answers import Answers
from frontdesk.screens.setup.page import Step, chosen, picked, value
from frontdesk.screens.setup.shop_pages import trade
from frontdesk.services.people.people import SHORTEST_PASSWORD
from frontdesk.services.presets.reading import preset
from frontdesk.services.team.hours_wishes import WEEKDAYS, refuse_overlaps
from frontdesk.text import clean
from frontdesk.widgets.field import Field

_YES, _NO = "yes", "no"
_LOGIN = re.compile(r"[a-z0-9._-]{1,40}")
_PIN = re.compile(r"[0-9]{4,8}")


def _you_fields(answers: Answers) -> Sequence[Field]:
    name = answers.text("admin", answers.who)
    serves = chosen(answers, "serves", (_YES, _YES))
    return (
        Field("admin", "Your name", name, hint="as the book calls you"),
        Field("login", "Sign-in name", answers.text("login", code_of(name.split()[0]) if name.split() else "")),
        Field("password", "Password", answers.text("password", ""), secret=True,
              hint=f"{SHORTEST_PASSWORD} characters or more"),
        Field("password_again", "The same again", answers.text("password_again", ""), secret=True),
        Field("pin", "PIN", answers.text("pin", ""), secret=True, hint="4 to 8 digits, enough at this terminal"),
        Field("serves", "You serve, too", *serves, find=choices.plain((_YES, _NO))),
    )  # fmt: skip


def you_serve(answers: Answers) -> bool:
    """Whether the admin has a column in the book."""
    return picked(answers, YOU, "serves") == _YES


def _check_you(answers: Answers) -> None:
    said = {field.name: field for field in _you_fields(answers)}
    if not clean(said["admin"].value):
        raise BadInput("Say what the book calls you.", field="admin")
    if not _LOGIN.fullmatch(said["login"].value):
        raise BadInput("A sign-in name has letters, digits, dots and dashes only, like ria.", field="login")
    if len(said["password"].value) < SHORTEST_PASSWORD:
        raise BadInput(f"A password has at least {SHORTEST_PASSWORD} characters.", field="password")
    if said["password"].value != said["password_again"].value:
        raise BadInput("The two passwords differ. Type the same again.", field="password_again")
    if said["pin"].value and not _PIN.fullmatch(said["pin"].value):
        raise BadInput("A PIN has four to eight digits.", field="pin")
    if not said["serves"].picked:
        raise BadInput("Say yes or no.", field="serves")


YOU: Step = Step(
    "You",
    lambda answers: "You will be the admin: whoever may do everything. The password opens the desk anywhere.",
    _you_fields,
    _check_you,
    lambda answers: value(answers, YOU, "admin") + (", serves too" if you_serve(answers) else ""),
)


def _people_fields(answers: Answers) -> Sequence[Field]:
    part = chosen(answers, "person_part", (choices.PARTS[0], choices.PARTS[0]))
    return (
        Field("person", "Name", answers.text("person", ""), hint="enter on an empty name goes on"),
        Field("person_part", "Part", *part, find=choices.plain(choices.PARTS)),
        Field("person_pin", "PIN", answers.text("person_pin", ""), hint="4 to 8 digits"),
        Field("person_week", "Week", answers.text("person_week", ""), hint="mon-fri 9-17; empty: while it is open"),
    )


def check_person(answers: Answers) -> None:
    """Whether the one who is being typed can be added. Raises BadInput naming the field."""
    said = {field.name: field for field in _people_fields(answers)}
    name, part, pin = clean(said["person"].value), said["person_part"].picked, said["person_pin"].value.strip()
    if not name:
        raise BadInput("They need a name for the book to call them by.", field="person")
    if name.casefold() == clean(value(answers, YOU, "admin")).casefold():
        raise BadInput(f"{name} is you. Somebody of the same name needs another: {name} B.", field="person")
    if not part:
        raise BadInput(f"They can be {', '.join(choices.PARTS)}. Choose one.", field="person_part")
    if not pin and part != "stylist":
        raise BadInput(f"A {part} needs a PIN to sign in with.", field="person_pin")
    if pin and not _PIN.fullmatch(pin):
        raise BadInput("A PIN has four to eight digits.", field="person_pin")
    if part == "stylist":
        _refuse_same_column(answers, name)
    if part == "stylist" and said["person_week"].value.strip():
        _refuse_bad_stretches(week_in_line(said["person_week"].value, field="person_week"))


def _refuse_same_column(answers: Answers, name: str) -> None:
    """The book calls stylists by their first names, the second Anna by her whole one. Raises BadInput."""
    others = [one.name for one in answers.people if one.part == "stylist" and one.name.casefold() != name.casefold()]
    if you_serve(answers):
        others.insert(0, clean(value(answers, YOU, "admin")))
    taken: set[str] = set()
    for each in (*others, name):
        first = each.split()[0]
        column = each if first in taken else first
        if column in taken:
            raise BadInput(f"The book has a {column} already. Type {name} with a last name.", field="person")
        taken.add(column)


def _refuse_bad_stretches(week: Sequence[Stretch]) -> None:
    """A week whose days can be. Raises BadInput naming the field."""
    for weekday in sorted({each.weekday for each in week}):
        try:
            refuse_overlaps([(e.starts, e.ends) for e in week if e.weekday == weekday], WEEKDAYS[weekday - 1])
        except BadInput as refusal:
            raise BadInput(refusal.sentence, field="person_week") from refusal


def _check_people(answers: Answers) -> None:
    if not you_serve(answers) and not any(one.part == "stylist" for one in answers.people):
        raise BadInput("Nobody serves yet. Add a stylist: type their name and press enter.", field="person")
    lost = next((one for one in answers.people if not one.pin and one.part != "stylist"), None)
    if lost:
        raise BadInput(f"{lost.name} needs a PIN, which is not kept in drafts. Type the name again.", field="person")


PEOPLE: Step = Step(
    "The others",
    lambda answers: "Who else works here. A stylist without a PIN stands in the book and does not sign in.",
    _people_fields,
    _check_people,
    lambda answers: ", ".join(f"{one.name} ({one.part})" for one in answers.people) or "nobody else",
)


def _last_fields(answers: Answers) -> Sequence[Field]:
    return (Field("terminal", "This terminal", answers.text("terminal", "Front desk")),)


def _check_last(answers: Answers) -> None:
    if not clean(value(answers, LAST, "terminal")):
        raise BadInput("The terminal needs a name, like front desk left.", field="terminal")


def menu_told(answers: Answers) -> str:
    """How much the menu starts with."""
    menu = preset(trade(answers)).services
    names = ", ".join(each.name for each in menu[:3])
    return f"{len(menu)} services: {names}…"


LAST: Step = Step(
    "Ready",
    lambda answers: "enter makes the shop. PINs are good at this terminal from then on.",
    _last_fields,
    _check_last,
    lambda answers: "",
)
