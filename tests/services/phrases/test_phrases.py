"""The type-to-book line against the book: BK3 and the questions it asks."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from sqlalchemy import text

from frontdesk.clock import SetClock, TimeSkipped
from frontdesk.desk import Desk
from frontdesk.services.book.booking import book
from frontdesk.services.customers.customers import AddCustomer, EditCustomer, add_customer, edit_customer
from frontdesk.services.menu.addons import AddonWish, SetAddons, set_addons
from frontdesk.services.menu.catalogue import AddService, add_service
from frontdesk.services.people.sign_in import Sessions, open_desk
from frontdesk.services.phrases.line_wishes import (
    BookAgain,
    MoveVisit,
)
from frontdesk.services.phrases.phrases import CompletePhrase, ReadPhrase, Understood, complete_phrase, read_phrase
from frontdesk.services.series.series import plan_series
from tests.services.desks import ANNA, BLOW_DRY, BO, COLOUR, CUT, JANE, KIM, MASSAGE, booked, march
from tests.vale_street import token


def _read(desk: Desk, text: str) -> Understood:
    return read_phrase(desk, ReadPhrase(text=text))


def test_twenty_three_keys_book_a_visit(ria: Desk) -> None:
    understood = _read(ria, "jane cut tue 3pm anna")
    assert understood.preview == "Tue 10 Mar 15:00–15:45  Jane Doe 0123  Cut  Anna  50.00"
    assert understood.request is not None
    visit = book(ria, understood.request)
    assert (visit.starts_at, visit.lines[0].stylist) == (march(10, 15), "Anna")


@pytest.mark.parametrize(
    "line",
    ["anna tue jane 3pm cut", "tue 15:00 cut with anna jane doe", "cut 0123 anna 10/3 3pm", "jane cut tue 15h ann"],
)
def test_words_come_in_any_order(ria: Desk, line: str) -> None:
    assert _read(ria, line).preview.startswith("Tue 10 Mar 15:00–15:45  Jane Doe")


def test_two_janes_are_one_question_whose_answer_books(ria: Desk) -> None:
    add_customer(ria, AddCustomer(first_name="Jane", last_name="Dorn", phone="+447700909981"))
    asked = _read(ria, "jane cut tue 3pm anna").question
    assert asked is not None
    assert asked.text == "Which jane?"
    assert [label for label, _ in asked.options] == ["Jane Doe 0123, new", "Jane Dorn 9981, new"]
    assert _read(ria, asked.options[1][1]).customer == "Jane Dorn"


@pytest.mark.parametrize(
    ("line", "question"),
    [
        ("cut tue 3pm with anna", "Who is it for? Type a name, or the end of a telephone number."),
        ("zorro cut tue 3pm anna", "Nobody is called zorro. Add them first, or type another name."),
        ("jane tue 3pm anna", "Which service?"),
        ("jane cut tue anna", "At what time?"),
    ],
)
def test_what_is_missing_is_asked(ria: Desk, line: str, question: str) -> None:
    understood = _read(ria, line)
    assert understood.question is not None
    assert understood.question.text == question
    assert understood.request is None


def test_every_answer_to_a_question_is_a_line_that_books(ria: Desk) -> None:
    asked = _read(ria, "jane cut tue anna").question
    assert asked is not None
    assert all(label.startswith("Tue 10 Mar ") and "with Anna" in label for label, _ in asked.options)
    for _, line in asked.options:
        understood = _read(ria, line)
        assert understood.request is not None
        assert understood.warning is None


def test_the_times_that_are_asked_about_are_apart(ria: Desk) -> None:
    question = _read(ria, "jane cut fri anna").question
    assert question is not None
    hours = [label.split()[3] for label, _ in question.options]
    assert len(hours) > 6, hours
    assert len({hour[:2] for hour in hours}) > 5, "a quarter of an hour later is no other answer"


def test_next_takes_the_first_free_time(ria: Desk) -> None:
    booked(ria, KIM, march(9, 9), (CUT, ANNA))
    assert _read(ria, "jane cut next").starts_at == march(9, 9, 45)


def test_a_preferred_stylist_is_meant_when_nobody_is_named(ria: Desk) -> None:
    edit_customer(
        ria,
        EditCustomer(
            customer_id=JANE, version=1, first_name="Jane", last_name="Doe", phone="+447700900123",
            preferred_stylist_id=BO,
        ),
    )  # fmt: skip
    assert _read(ria, "jane cut tue 3pm").stylist == "Bo"


def test_a_taken_time_is_said_before_enter_is_pressed(ria: Desk) -> None:
    booked(ria, KIM, march(10, 15))
    warning = _read(ria, "jane cut tue 3pm anna").warning
    assert warning is not None
    assert warning.startswith("Anna is taken 15:00–15:45 by Kim Lee")


def test_a_time_that_does_not_exist_is_refused(ria: Desk, clock: SetClock) -> None:
    clock.set(dt.datetime(2026, 3, 27, 9, tzinfo=dt.UTC))
    with pytest.raises(TimeSkipped, match="clocks go forward"):
        _read(ria, "jane cut 29/3 1:30am anna")


def test_two_services_are_one_visit(ria: Desk) -> None:
    understood = _read(ria, "jane cut+blow-dry tue 10 anna")
    assert understood.services == ("Cut", "Blow-dry")
    assert (understood.ends_at, str(understood.price)) == (march(10, 11, 15), "80.00")


def test_each_stylist_does_what_stands_in_their_clause(ria: Desk) -> None:
    understood = _read(ria, "jane colour+cut tue 10 anna, blowdry bo")
    assert understood.preview.startswith("Tue 10 Mar 10:00–")
    assert "Colour+Cut Anna, Blow-dry Bo" in understood.preview
    assert understood.request is not None
    visit = book(ria, understood.request)
    assert [(line.service, line.stylist) for line in visit.lines] == [
        ("Colour", "Anna"), ("Cut", "Anna"), ("Blow-dry", "Bo"),
    ]  # fmt: skip
    assert understood.ends_at == visit.ends_at


def test_a_length_is_of_this_visit_alone(ria: Desk) -> None:
    understood = _read(ria, "jane cut 60m tue 3pm anna")
    assert understood.preview.startswith("Tue 10 Mar 15:00–16:00  Jane Doe 0123  Cut  Anna")


def test_next_shows_the_two_after_it(ria: Desk) -> None:
    booked(ria, KIM, march(9, 9), (CUT, ANNA))
    understood = _read(ria, "jane cut next anna")
    assert (understood.starts_at, len(understood.others)) == (march(9, 9, 45), 2)
    for _, line in understood.others:
        assert _read(ria, line).warning is None


def test_a_slip_is_put_right_and_shown(ria: Desk) -> None:
    assert _read(ria, "jane ctu tuseday 3pm anna").preview == (
        "Tue 10 Mar 15:00–15:45  Jane Doe 0123  Cut  Anna  50.00"
    )


def test_a_slip_in_a_name_is_asked_about_and_never_guessed(ria: Desk) -> None:
    question = _read(ria, "jnae cut tue 3pm anna").question
    assert question is not None
    assert (question.text, question.unknown) == ("Nobody is called jnae. Who is meant?", "jnae")
    assert [_read(ria, line).customer for _, line in question.options] == ["Jane Doe"]


def test_a_customers_name_is_no_slip(ria: Desk) -> None:
    add_customer(ria, AddCustomer(first_name="Ana", last_name="Ctu", phone="+447700909981"))
    assert _read(ria, "ana ctu cut tue 3pm bo").customer == "Ana Ctu"


def test_a_repeated_hour_is_one_question(ria: Desk, clock: SetClock) -> None:
    clock.set(dt.datetime(2026, 10, 20, 9, tzinfo=dt.UTC))
    question = _read(ria, "jane cut 25/10 1:30am anna").question
    assert question is not None
    first, second = [_read(ria, line) for _, line in question.options]
    assert "01:30–01:15 (the first)" in first.preview
    times = [first.starts_at, second.starts_at]
    assert times == [dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC), dt.datetime(2026, 10, 25, 1, 30, tzinfo=dt.UTC)]


def test_what_comes_again_has_a_plan(ria: Desk) -> None:
    understood = _read(ria, "jane cut every 6w tue 10 anna x8")
    assert "every 6 weeks, 8 times, until Tue 29 Dec" in understood.preview
    assert isinstance(understood.wish, BookAgain)
    assert understood.request is None
    assert len(plan_series(ria, understood.wish.request).dates) == 8


def test_what_has_been_is_said_to_have_been(ria: Desk) -> None:
    warning = _read(ria, "jane cut yesterday 3pm anna").warning
    assert warning is not None
    assert warning.startswith("Sun 8 Mar 15:00 is in the past.")


def test_a_day_that_is_not_laid_out_yet_is_not_called_taken(ria: Desk) -> None:
    understood = _read(ria, "jane cut 2027-12-23 10 anna")
    assert understood.warning is None
    assert understood.request is not None
    assert book(ria, understood.request).starts_at == dt.datetime(2027, 12, 23, 10, tzinfo=dt.UTC)


def test_until_counts_the_times(ria: Desk) -> None:
    wish = _read(ria, "jane cut weekly tue 10 anna until 31/3").wish
    assert isinstance(wish, BookAgain)
    assert wish.request.count == 4


def test_the_last_word_is_completed(ria: Desk) -> None:
    def completed(text: str) -> tuple[str, ...]:
        return complete_phrase(ria, CompletePhrase(text=text)).lines

    assert completed("jane cu") == ("jane Cut ",)
    assert completed("jane colour+bl") == ("jane colour+Blow-dry ",)
    assert completed("mov") == ("move ",)
    assert completed("ja") == ("Jane Doe ",)
    assert completed("jane cut ") == ()


def test_an_add_on_is_asked_for_where_it_has_to_be(ria: Desk, mo: Desk) -> None:
    gloss = add_service(mo, AddService(name="Gloss", code="GLOSS", price=Decimal(12), minutes=15, kind="addon"))
    set_addons(mo, SetAddons(service_id=COLOUR, addons=(AddonWish(addon_id=gloss.id, is_required=True),)))
    added = _read(ria, "jane colour+gloss+cut tue 10 anna")
    assert added.services == ("Colour", "Gloss", "Cut")
    assert added.request is not None
    assert [line.service for line in book(ria, added.request).lines] == ["Colour", "Gloss", "Cut"]
    question = _read(ria, "kim colour wed 10 anna").question
    assert question is not None
    assert [label for label, _ in question.options] == ["with Gloss", "no Gloss"]
    with_, without = [_read(ria, line) for _, line in question.options]
    assert (with_.services, without.services) == (("Colour", "Gloss"), ("Colour",))
    assert without.request is not None
    assert book(ria, without.request).lines[0].service == "Colour"
    assert _read(ria, "free colour+gloss thu").question is not None
    assert isinstance(_read(ria, _first(_read(ria, "move jane next"))).wish, MoveVisit)


def test_a_bundle_is_one_word_and_its_own_price(ria: Desk, mo: Desk) -> None:
    add_service(mo, AddService(
        name="Spa day", code="SPA", price=Decimal("100.01"), kind="bundle", contains=(MASSAGE, CUT, BLOW_DRY),
    ))  # fmt: skip
    understood = _read(ria, "jane spa-day sat 10 anna")
    assert understood.preview == "Sat 14 Mar 10:00–12:15  Jane Doe 0123  Massage+Cut+Blow-dry  Anna  100.01"
    booked_ = _read(ria, f"kim {_first(_read(ria, 'free spa day wed'))}")
    assert booked_.services == ("Massage", "Cut", "Blow-dry")
    assert _read(ria, "jane spa next").warning is None


def test_a_time_that_fills_a_gap_says_so(ria: Desk) -> None:
    booked(ria, KIM, march(10, 9), (CUT, ANNA))
    booked(ria, KIM, march(10, 10, 30), (CUT, ANNA))
    assert _read(ria, "jane cut tue 9.45 anna").preview == (
        "Tue 10 Mar 09:45–10:30  Jane Doe 0123  Cut  Anna  50.00   fills a 45 min gap"
    )


def _first(asked: Understood) -> str:
    assert asked.question is not None
    return asked.question.options[0][1]


def test_times_and_dates_are_those_of_the_shop(sessions: Sessions, clock: SetClock) -> None:
    with sessions() as session:
        session.execute(text("SELECT set_config('frontdesk.token', 'token of ada', true)"))
        shop = session.execute(text(
            "INSERT INTO shops (name, timezone, currency, locale, country)"
            " VALUES ('New York', 'America/New_York', 'USD', 'en_US', 'US') RETURNING id"
        )).scalar_one()  # fmt: skip
        for hours in (
            "INSERT INTO business_hours (shop_id, weekday, opens, closes) VALUES (:shop, 6, '08:00', '12:00')",
            "INSERT INTO dated_shifts (stylist_id, shop_id, day, starts, ends)"
            " VALUES (1, :shop, '2026-03-14', '08:00', '12:00')",
        ):
            session.execute(text(hours), {"shop": shop})
        session.commit()
    there = open_desk(sessions, token("ada"), clock, shop_id=shop)
    understood = _read(there, "jane cut 3/14 8.30 anna")
    assert understood.preview.startswith("Sat 14 Mar 08:30–09:15  Jane Doe 0123  Cut  Anna  50.00")
    assert understood.starts_at == march(14, 12, 30)
