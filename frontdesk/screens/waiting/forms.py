"""What is asked about those who wait: what they wish for, and why they go."""

from __future__ import annotations

from collections.abc import Sequence

from frontdesk.clock import day_of
from frontdesk.errors import BadInput
from frontdesk.rules.moment import Here, day_meant
from frontdesk.rules.wait_words import hours_meant, hours_words, weekdays_meant, weekdays_words
from frontdesk.screens.base import DeskScreen
from frontdesk.screens.wishes import Wishes
from frontdesk.services.customers.customer_search import FindCustomers, find_customers
from frontdesk.services.menu.menu import Menu
from frontdesk.services.waiting.waitlist import AddToWaitlist, ChangeWaiting, Waiting, add_to_waitlist, change_waiting
from frontdesk.services.wording import day_words
from frontdesk.text import folded
from frontdesk.widgets.field import Field, Offer, among
from frontdesk.widgets.form import Filled, Form

_ANYBODY = Offer("0", "anybody")


def wish_form(screen: DeskScreen, menu: Menu, one: Waiting | None = None) -> Form[Waiting]:
    """Somebody who wants a time that is not free; or what somebody on the list wants now."""
    wishes, names = Wishes(), {service.id: service.name for service in menu.services}

    def asked(filled: Filled) -> dict[str, object]:
        customer, guest = _who(filled)
        since, until = hours_meant(filled["hours"], field="over_by")
        stylist = int(filled.picked["stylist"] or _unknown(filled, "stylist", "with whom", "anybody"))
        return {
            "customer_id": customer, "guest_name": guest, "service_ids": _services(filled["services"], names),
            "stylist_id": stylist or None, "first_day": _day(screen, filled, "first_day"),
            "last_day": _day(screen, filled, "last_day") if filled["last_day"] else None,
            "weekdays": weekdays_meant(filled["weekdays"], field="weekdays"), "not_before": since, "over_by": until,
            "note": filled["note"],
        }  # fmt: skip

    async def save(filled: Filled) -> Waiting:
        given, id_ = asked(filled), wishes.id_for(filled)
        try:
            if one is None:
                return await screen.ask_surely(add_to_waitlist, AddToWaitlist(request_id=id_, **given))  # type: ignore[arg-type]
            change = ChangeWaiting(entry_id=one.id, request_id=id_, **given)  # type: ignore[arg-type]
            return await screen.ask_surely(change_waiting, change)
        except BadInput as refusal:
            field = {"over_by": "hours"}.get(str(refusal.facts.get("field")), refusal.facts.get("field"))
            raise BadInput(refusal.sentence, field=str(field) if field else None) from refusal

    async def preview(filled: Filled) -> str:
        days = filter(None, (filled["services"], _preview_days(screen, filled)))
        return "  ".join(days)

    return Form(
        f"What {one.customer} waits for" if one else "Somebody waits for a time",
        _fields(screen, menu, one), save, preview=preview,
        keeper=screen.keeper(f"waiting {one.id if one else ''}".strip(), "Somebody on the waitlist"),
    )  # fmt: skip


def _fields(screen: DeskScreen, menu: Menu, one: Waiting | None) -> list[Field]:
    async def customers(typed: str) -> Sequence[Offer]:
        if not typed.strip():
            return ()
        found = await screen.ask(find_customers, FindCustomers(text=typed, limit=6))
        return [
            Offer(str(each.id), f"{each.name} {each.phone[-4:]}" if each.phone else each.name)
            for each in found.customers
        ]

    async def services(typed: str) -> Sequence[Offer]:
        before, plus, last = typed.rpartition("+")
        words = folded(last).strip()
        return [
            Offer(str(each.id), f"{before}{plus}{each.name}")
            for each in menu.services
            if each.kind != "addon" and folded(each.name).startswith(words)
        ]

    stylists = [_ANYBODY, *(Offer(str(each.id), each.name) for each in menu.stylists)]
    with_ = Offer(str(one.stylist_id), one.stylist or "") if one and one.stylist_id else _ANYBODY
    since, until = (_word(one.first_day), _word(one.last_day)) if one else ("today", "")
    return [
        Field("customer", "Who", one.customer if one else "", _picked(one), "a customer, or any name", find=customers),
        Field("services", "Wants", one.what if one else "", hint="cut, or colour+blow-dry", find=services),
        Field("stylist", "With", with_.label, with_.value, find=among(stylists)),
        Field("first_day", "From", since, hint="tue, 10 mar"),
        Field("last_day", "Until", until, hint="four weeks later"),
        Field("weekdays", "On", weekdays_words(one.weekdays) if one else "", hint="any day; tue fri; weekend"),
        Field("hours", "At", hours_words(one.opens, one.closes) if one else "", hint="any time; 16-18; after 16"),
        Field("note", "Note", one.note if one else "", hint="call after six"),
    ]  # fmt: skip


def _picked(one: Waiting | None) -> str:
    return str(one.customer_id) if one and one.customer_id is not None else ""


def _word(day: object) -> str:
    return f"{day:%Y-%m-%d}"


def _who(filled: Filled) -> tuple[int | None, str]:
    """The customer chosen, else the words as somebody without a card."""
    chosen = filled.picked["customer"]
    return (int(chosen), "") if chosen else (None, filled["customer"])


def _unknown(filled: Filled, field: str, what: str, instead: str) -> str:
    raise BadInput(f'"{filled[field]}" is nobody here. Choose {what} from the list, or {instead}.', field=field)


def _services(words: str, names: dict[int, str]) -> tuple[int, ...]:
    """`cut+blow-dry`, each by the beginning of its name. Raises BadInput."""
    found = []
    for word in filter(None, (part.strip() for part in words.split("+"))):
        said = folded(word)
        exact = [number for number, name in names.items() if folded(name) == said]
        begun = exact or [number for number, name in names.items() if folded(name).startswith(said)]
        if len(begun) != 1:
            several = f"could be {', '.join(names[number] for number in begun[:4])}" if begun else "is no service here"
            raise BadInput(f'"{word}" {several}. Say which.', field="services")
        found += begun
    if not found:
        raise BadInput("Say what they want done: cut, or colour+blow-dry.", field="services")
    return tuple(found)


def _day(screen: DeskScreen, filled: Filled, field: str) -> object:
    desk = screen.desk
    here = Here(desk.clock.now(), desk.shop.timezone, desk.shop.country)
    return day_meant(filled[field] or "today", here, field=field)


def _preview_days(screen: DeskScreen, filled: Filled) -> str:
    since, until = hours_meant(filled["hours"], field="hours")
    days = weekdays_meant(filled["weekdays"], field="weekdays")
    first = day_meant(
        filled["first_day"] or "today",
        Here(screen.desk.clock.now(), screen.desk.shop.timezone, screen.desk.shop.country),
        field="first_day",
    )
    today = day_of(screen.desk.clock.now(), screen.desk.shop.timezone)
    opens = since.hour * 60 + since.minute if since else 0
    closes = until.hour * 60 + until.minute if until else 24 * 60
    said = [
        "from today" if first == today else f"from {day_words(first)}",
        weekdays_words(days),
        hours_words(opens, closes),
    ]
    return ", ".join(filter(None, said))


def why_form(title: str, hint: str) -> Form[str]:
    """Why something is done that needs a reason."""

    async def save(filled: Filled) -> str:
        if not filled["reason"]:
            raise BadInput("That needs a reason. Say why in a few words.", field="reason")
        return filled["reason"]

    return Form(title, [Field("reason", "Why", hint=hint)], save)
