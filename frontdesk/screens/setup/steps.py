"""The steps of setting up: what each asks, with which defaults, and what it refuses before anything is made."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from frontdesk.errors import BadInput
from frontdesk.guesses import code_of
from frontdesk.money import money_text, parse_percent, percent_text
from frontdesk.rules.week import Stretch, hours_meant, week_in_line, week_words
from frontdesk.screens.setup import choices
from frontdesk.screens.setup.answers import Answers
from frontdesk.services.hours_wishes import WEEKDAYS, refuse_overlaps
from frontdesk.services.people import SHORTEST_PASSWORD
from frontdesk.services.presets.reading import advice_for, preset, taxes_of
from frontdesk.text import clean
from frontdesk.widgets.field import Field

_NAMES = {
    "salon": "My salon", "spa": "My spa", "clinic": "My clinic", "retail": "My shop", "reservations": "My house",
}  # fmt: skip
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CLOSED = "closed"
_YES, _NO = "yes", "no"
_LOGIN = re.compile(r"[a-z0-9._-]{1,40}")
_PIN = re.compile(r"[0-9]{4,8}")


@dataclass(frozen=True)
class Step:
    """One page."""

    title: str
    words: Callable[[Answers], str]
    fields: Callable[[Answers], Sequence[Field]]
    check: Callable[[Answers], None]
    """Raises BadInput naming the field."""
    told: Callable[[Answers], str]
    """What was answered, in a line."""


def value(answers: Answers, step: Step, name: str) -> str:
    """What stands in a field, whether somebody has been there or not."""
    return next(one.value for one in step.fields(answers) if one.name == name).strip()


def picked(answers: Answers, step: Step, name: str) -> str:
    """What is chosen in a field, whether somebody has been there or not."""
    return next(one.picked for one in step.fields(answers) if one.name == name)


def _chosen(answers: Answers, name: str, default: tuple[str, str]) -> tuple[str, str]:
    """Text and value of a choice; the default's when nobody chose."""
    if name in answers.typed:
        return answers.typed[name], answers.picked.get(name, "")
    return default


def _nothing(answers: Answers) -> None:
    return


# The business


def trade(answers: Answers) -> str:
    """Which preset."""
    return answers.pick("preset", "salon")


def _business_fields(answers: Answers) -> Sequence[Field]:
    kind, name = trade(answers), answers.text("name", _NAMES[trade(answers)])
    label, value_ = _chosen(answers, "preset", (choices.TRADES[kind], kind))
    return (
        Field("preset", "What it is", label, value_, find=choices.trades()),
        Field("name", "Business", name),
        Field("shop", "Shop", answers.text("shop", name), hint="its own name, when there are several"),
        Field("address", "Address", answers.text("address", ""), hint="printed on receipts; may stay empty"),
    )


def _check_business(answers: Answers) -> None:
    if not clean(value(answers, BUSINESS, "name")):
        raise BadInput("The business needs a name.", field="name")
    if not clean(value(answers, BUSINESS, "shop")):
        raise BadInput("The shop needs a name. With one shop it is the business's.", field="shop")


BUSINESS: Step = Step(
    "The business",
    lambda answers: "What it is decides what the menu, the hours and the words start with. All of it can be changed.",
    _business_fields,
    _check_business,
    lambda answers: f"{value(answers, BUSINESS, 'name')}, {choices.TRADES[trade(answers)].lower()}",
)

# Where it is


def _place_fields(answers: Answers) -> Sequence[Field]:
    guess = answers.guess
    zone, zone_value = _chosen(answers, "zone", (guess.timezone, guess.timezone))
    guess = guess.for_zone(zone_value or guess.timezone)
    country, code = _chosen(answers, "country", (choices.country_name(guess.country), guess.country))
    guess = type(guess)(guess.timezone, code or guess.country, guess.language)
    money, currency = _chosen(answers, "currency", (choices.currency_name(guess.currency), guess.currency))
    writing, locale = _chosen(answers, "locale", (choices.locale_name(guess.locale), guess.locale))
    return (
        Field("zone", "Time zone", zone, zone_value, "a city, like Berlin", find=choices.zones()),
        Field("country", "Country", country, code, find=choices.countries()),
        Field("currency", "Money", money, currency, find=choices.currencies()),
        Field("locale", "Written as in", writing, locale, find=choices.locales(code or guess.country)),
    )


def _check_place(answers: Answers) -> None:
    for field in _place_fields(answers):
        if not field.picked:
            raise BadInput(f'"{field.value}" is not in the list. Type the beginning and press enter.', field=field.name)


PLACE: Step = Step(
    "Where it is",
    lambda answers: "Type a city or a country; what follows from it changes along.",
    _place_fields,
    _check_place,
    lambda answers: ", ".join(
        (
            picked(answers, PLACE, "zone"),
            money_text(Decimal("1234.5"), picked(answers, PLACE, "currency"), picked(answers, PLACE, "locale")),
        )
    ),
)

# Tax


@dataclass(frozen=True)
class TaxSaid:
    """A tax as it stands on its page."""

    name: str
    percent: Decimal
    inclusive: bool
    on_services: bool
    on_products: bool


def _tax_fields(answers: Answers) -> Sequence[Field]:
    country, locale = picked(answers, PLACE, "country"), picked(answers, PLACE, "locale")
    fields: list[Field] = []
    for place, tax in enumerate(taxes_of(country)):
        of = "" if tax.on_services and tax.on_products else " services" if tax.on_services else " goods"
        key = f"{country}{place}"
        how = choices.INSIDE if tax.inclusive else choices.ON_TOP
        label, chosen = _chosen(answers, f"tax_how_{key}", (how, how))
        both = choices.plain((choices.INSIDE, choices.ON_TOP))
        fields += [
            Field(f"tax_name_{key}", f"Tax on{of}" if of else "Tax", answers.text(f"tax_name_{key}", tax.name)),
            Field(f"tax_{key}", "Percent", answers.text(f"tax_{key}", percent_text(tax.percent, locale))),
            Field(f"tax_how_{key}", "It is", label, chosen, find=both),
        ]
    return fields or [
        Field("tax_name_0", "Tax", answers.text("tax_name_0", ""), hint="its name, like VAT; empty for none"),
        Field("tax_0", "Percent", answers.text("tax_0", ""), hint="20"),
        Field(
            "tax_how_0", "It is", *_chosen(answers, "tax_how_0", (choices.INSIDE, choices.INSIDE)),
            find=choices.plain((choices.INSIDE, choices.ON_TOP)),
        ),
    ]  # fmt: skip


def taxes_said(answers: Answers) -> tuple[TaxSaid, ...]:
    """The taxes as they stand there. Raises BadInput naming the field."""
    fields = list(_tax_fields(answers))
    locale, country = picked(answers, PLACE, "locale"), picked(answers, PLACE, "country")
    known = taxes_of(country)
    said = []
    for place in range(0, len(fields), 3):
        name, percent, how = fields[place : place + 3]
        if not known and not clean(name.value) and not percent.value.strip():
            continue
        if not clean(name.value):
            raise BadInput("The tax needs a name, as receipts show it.", field=name.name)
        if not how.picked:
            raise BadInput(f"It is {choices.INSIDE} or {choices.ON_TOP}. Choose one.", field=how.name)
        rule = known[place // 3] if known else None
        said.append(
            TaxSaid(
                clean(name.value),
                parse_percent(percent.value, locale, percent.name),
                how.picked == choices.INSIDE,
                rule.on_services if rule else True,
                rule.on_products if rule else True,
            )
        )
    return tuple(said)


def taxes_are_usual(answers: Answers) -> bool:
    """Whether they are what the country usually has."""
    return taxes_said(answers) == tuple(TaxSaid(**vars(tax)) for tax in taxes_of(picked(answers, PLACE, "country")))


def _check_tax(answers: Answers) -> None:
    taxes_said(answers)


TAX: Step = Step(
    "Tax",
    lambda answers: (
        advice_for(picked(answers, PLACE, "country"))
        or f"As it usually is in {value(answers, PLACE, 'country')}. Not registered? Make it 0 %."
    ),
    _tax_fields,
    _check_tax,
    lambda answers: (
        ", ".join(
            f"{tax.name} {percent_text(tax.percent, picked(answers, PLACE, 'locale'))}" for tax in taxes_said(answers)
        )
        or "none"
    ),
)

# Opening hours


def _hours_fields(answers: Answers) -> Sequence[Field]:
    usual = preset(trade(answers)).hours
    fields = []
    for weekday, (day, name) in enumerate(zip(DAYS, WEEKDAYS, strict=True), start=1):
        spans = ", ".join(f"{each.opens:%H:%M}–{each.closes:%H:%M}" for each in usual if each.weekday == weekday)
        fields.append(Field(day, name, answers.text(day, spans or CLOSED), hint=CLOSED))
    return fields


def hours_said(answers: Answers) -> tuple[Stretch, ...]:
    """When it is open. Raises BadInput naming the day."""
    said: list[Stretch] = []
    for weekday, field in enumerate(_hours_fields(answers), start=1):
        if field.value.strip().casefold() in ("", CLOSED, "-"):
            continue
        spans = hours_meant(field.value, field=field.name)
        try:
            refuse_overlaps(spans, field.label)
        except BadInput as refusal:
            raise BadInput(refusal.sentence, field=field.name) from refusal
        said += [Stretch(weekday, *span) for span in spans]
    return tuple(said)


def hours_are_usual(answers: Answers) -> bool:
    """Whether they are the preset's."""
    usual = sorted((each.weekday, each.opens, each.closes) for each in preset(trade(answers)).hours)
    return sorted(tuple(each) for each in hours_said(answers)) == usual


def _check_hours(answers: Answers) -> None:
    if not hours_said(answers):
        raise BadInput("Somewhen it has to be open. Type hours like 9-18 on one day at least.", field="mon")


HOURS: Step = Step(
    "Opening hours",
    lambda answers: "Like 9-18, or 9-13, 14-18. Empty is closed.",
    _hours_fields,
    _check_hours,
    lambda answers: week_words(hours_said(answers)),
)

# Who sets it up


def _you_fields(answers: Answers) -> Sequence[Field]:
    name = answers.text("admin", answers.who)
    serves = _chosen(answers, "serves", (_YES, _YES))
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

# The others


def usual_week(answers: Answers) -> str:
    """Whoever serves works while it is open, unless they say otherwise."""
    return week_words(hours_said(answers))


def _people_fields(answers: Answers) -> Sequence[Field]:
    part = _chosen(answers, "person_part", (choices.PARTS[0], choices.PARTS[0]))
    return (
        Field("person", "Name", answers.text("person", ""), hint="enter on an empty name goes on"),
        Field("person_part", "Part", *part, find=choices.plain(choices.PARTS)),
        Field("person_pin", "PIN", answers.text("person_pin", ""), hint="4 to 8 digits"),
        Field("person_week", "Week", answers.text("person_week", usual_week(answers)), hint="mon-fri 9-17, sat 9-13"),
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
        refuse_bad_stretches(week_in_line(said["person_week"].value, field="person_week"))


def refuse_bad_stretches(week: Sequence[Stretch]) -> None:
    """A week whose days can be. Raises BadInput naming the field."""
    if not week:
        raise BadInput("When do they work? Type it like mon-fri 9-17.", field="person_week")
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

# Looking over it


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

STEPS = (BUSINESS, PLACE, TAX, HOURS, YOU, PEOPLE, LAST)
