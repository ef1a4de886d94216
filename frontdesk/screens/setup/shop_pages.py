"""The pages about the shop: what it is, where it is, when it is open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from frontdesk.errors import BadInput
from frontdesk.money import money_text
from frontdesk.rules.week import Stretch, hours_meant, week_words
from frontdesk.screens.setup import choices
from frontdesk.screens.setup.answers import Answers
from frontdesk.screens.setup.page import Step, chosen, picked, value
from frontdesk.services.presets.reading import preset
from frontdesk.services.team.hours_wishes import WEEKDAYS, refuse_overlaps
from frontdesk.text import clean
from frontdesk.widgets.field import Field

_NAMES = {
    "salon": "My salon", "spa": "My spa", "clinic": "My clinic", "retail": "My shop", "reservations": "My house",
}  # fmt: skip
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CLOSED = "closed"


def trade(answers: Answers) -> str:
    """Which preset."""
    return answers.pick("preset", "salon")


def _business_fields(answers: Answers) -> Sequence[Field]:
    kind, name = trade(answers), answers.text("name", _NAMES[trade(answers)])
    label, value_ = chosen(answers, "preset", (choices.TRADES[kind], kind))
    return (
        Field("preset", "What it is", label, value_, find=choices.trades()),
        Field("name", "Business", name),
        Field("shop", "Shop", answers.text("shop", ""), hint="empty: called like the business"),
        Field("address", "Address", answers.text("address", ""), hint="printed on receipts; may stay empty"),
    )


def _check_business(answers: Answers) -> None:
    if not clean(value(answers, BUSINESS, "name")):
        raise BadInput("The business needs a name.", field="name")


BUSINESS: Step = Step(
    "The business",
    lambda answers: "What it is decides what the menu, the hours and the words start with. All of it can be changed.",
    _business_fields,
    _check_business,
    lambda answers: f"{value(answers, BUSINESS, 'name')}, {choices.TRADES[trade(answers)].lower()}",
)


def _place_fields(answers: Answers) -> Sequence[Field]:
    guess = answers.guess
    zone, zone_value = chosen(answers, "zone", (guess.timezone, guess.timezone))
    guess = guess.for_zone(zone_value or guess.timezone)
    country, code = chosen(answers, "country", (choices.country_name(guess.country), guess.country))
    guess = replace(guess, country=code or guess.country)
    money, currency = chosen(answers, "currency", (choices.currency_name(guess.currency), guess.currency))
    writing, locale = chosen(answers, "locale", (choices.locale_name(guess.locale), guess.locale))
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


def _hours_fields(answers: Answers) -> Sequence[Field]:
    usual = preset(trade(answers)).hours
    fields = []
    for weekday, (day, name) in enumerate(zip(_DAYS, WEEKDAYS, strict=True), start=1):
        spans = ", ".join(f"{each.opens:%H:%M}–{each.closes:%H:%M}" for each in usual if each.weekday == weekday)
        fields.append(Field(day, name, answers.text(day, spans or _CLOSED), hint=_CLOSED))
    return fields


def hours_said(answers: Answers) -> tuple[Stretch, ...]:
    """When it is open. Raises BadInput naming the day."""
    said: list[Stretch] = []
    for weekday, field in enumerate(_hours_fields(answers), start=1):
        if field.value.strip().casefold() in ("", _CLOSED, "-"):
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
