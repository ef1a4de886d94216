"""The page about tax: what the country usually has, and what this shop makes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from frontdesk.errors import BadInput
from frontdesk.money import parse_percent, percent_text
from frontdesk.screens.setup import choices
from frontdesk.screens.setup.answers import Answers
from frontdesk.screens.setup.page import Step, chosen, picked, value
from frontdesk.screens.setup.shop_pages import PLACE
from frontdesk.services.presets.reading import advice_for, taxes_of
from frontdesk.text import clean
from frontdesk.widgets.field import Field


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
        label, taken = chosen(answers, f"tax_how_{key}", (how, how))
        both = choices.plain((choices.INSIDE, choices.ON_TOP))
        fields += [
            Field(f"tax_name_{key}", f"Tax on{of}" if of else "Tax", answers.text(f"tax_name_{key}", tax.name)),
            Field(f"tax_{key}", "Percent", answers.text(f"tax_{key}", percent_text(tax.percent, locale))),
            Field(f"tax_how_{key}", "It is", label, taken, find=both),
        ]
    return fields or [
        Field("tax_name_0", "Tax", answers.text("tax_name_0", ""), hint="its name, like VAT; empty for none"),
        Field("tax_0", "Percent", answers.text("tax_0", ""), hint="20"),
        Field(
            "tax_how_0", "It is", *chosen(answers, "tax_how_0", (choices.INSIDE, choices.INSIDE)),
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


def with_article(country: str) -> str:
    """`the United Kingdom`, `Germany`: a country as a sentence names it."""
    takes_one = country.startswith(_BEGIN) or country.endswith(_END) or country in _SO_CALLED
    return f"the {country}" if takes_one else country


_BEGIN = ("United ", "British ")
_END = ("Islands", "Republic", "Territories", "Territory")
_SO_CALLED = ("Bahamas", "Comoros", "Gambia", "Isle of Man", "Maldives", "Netherlands", "Philippines", "Seychelles")


def _check_tax(answers: Answers) -> None:
    taxes_said(answers)


TAX: Step = Step(
    "Tax",
    lambda answers: (
        advice_for(picked(answers, PLACE, "country"))
        or f"As it usually is in {with_article(value(answers, PLACE, 'country'))}. Not registered? Make it 0 %."
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
