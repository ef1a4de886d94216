"""How customers are written on lists and profiles: telephones as one dials them here, days with their year."""

from __future__ import annotations

import datetime as dt

from frontdesk.clock import local
from frontdesk.desk import Shop
from frontdesk.rules.when import MONTHS, WEEKDAYS
from frontdesk.services.customers.customer_search import Found

HIDDEN = "·····"
"""What stands where a customer who looks at the screen should read nothing."""


def phone_words(phone: str | None, country: str) -> str:
    """A number as one dials it in the shop's country, with its country code when it is of another."""
    import phonenumbers

    if not phone:
        return ""
    try:
        number = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:
        return phone
    here = phonenumbers.country_code_for_region(country) == number.country_code
    shape = phonenumbers.PhoneNumberFormat.NATIONAL if here else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, shape)


def day_words(at: dt.datetime, shop: Shop) -> str:
    """`27 Jan 2026`: a day far enough away that its year matters."""
    here = local(at, shop.timezone)
    return f"{here.day} {MONTHS[here.month - 1]} {here.year}"


def moment_words(at: dt.datetime, shop: Shop) -> str:
    """`Tue 10 Mar 15:45`: a visit to come."""
    here = local(at, shop.timezone)
    return f"{WEEKDAYS[here.weekday()]} {here.day} {MONTHS[here.month - 1]} {here:%H:%M}"


def cells(found: Found, shop: Shop, *, private: bool) -> tuple[str, ...]:
    """A line of the list: name, telephone, last seen, next visit."""
    phone = phone_words(found.phone, shop.country)
    return (
        found.name,
        HIDDEN if private and phone else phone,
        day_words(found.last_seen, shop) if found.last_seen else "new",
        moment_words(found.next_visit, shop) if found.next_visit else "",
    )


def nobody_words(typed: str) -> str:
    """What an empty list says: digits are nobody's name."""
    said = typed.strip()
    if said and not any(sign.isalpha() for sign in said) and any(sign.isdecimal() for sign in said):
        return f'No telephone or number is "{said}", or ends so. + adds somebody.'
    return f'Nobody is called "{said}". + adds them.'
