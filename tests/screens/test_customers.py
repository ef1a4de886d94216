"""The customers: found as one types, one page each, changed by two people at once, booked for."""

from __future__ import annotations

import asyncio
import datetime as dt
from pathlib import Path

import pytest
from textual.widgets import Input

from frontdesk.db.server import Handle
from frontdesk.errors import BadInput
from frontdesk.screens.customers.born import born_meant
from frontdesk.screens.customers.editing import CustomerForm
from frontdesk.screens.customers.merging import merged
from frontdesk.screens.customers.newest import Newest
from frontdesk.screens.customers.screen import CustomersScreen
from frontdesk.screens.customers.wording import nobody_words
from frontdesk.screens.messages import BookFor, FindCustomer
from frontdesk.services.book.visits import LeaveVisit, StepVisit, finish, no_show
from frontdesk.services.customers.customers import AddCustomer, EditCustomer, add_customer, edit_customer
from frontdesk.widgets.modal import Question, Sheet
from tests.screens.desk import Played, each_size, elsewhere, playing, soon
from tests.services.desks import ANNA, BLOW_DRY, COLOUR, CUT, JANE, booked, march

pytestmark = pytest.mark.asyncio


async def _form(played: Played) -> CustomerForm:
    await soon(played, lambda: isinstance(played.app.screen, CustomerForm))
    form = played.app.screen
    assert isinstance(form, CustomerForm)
    return form


async def _closed(played: Played) -> None:
    await soon(played, lambda: isinstance(played.app.screen, CustomersScreen))


def _jane_has_been(played: Played) -> None:
    """Four visits, one missed, one to come, and a note."""
    was = [(dt.datetime(2025, 10, 27, 10, tzinfo=dt.UTC), CUT), (dt.datetime(2025, 12, 8, 10, tzinfo=dt.UTC), COLOUR),
           (dt.datetime(2026, 1, 26, 15, tzinfo=dt.UTC), CUT)]  # fmt: skip
    for at, service in was:
        ria = elsewhere(played, "ria", at)
        finish(ria, StepVisit(appointment_id=booked(ria, JANE, at, (service, ANNA)).appointment_id))
    missed = elsewhere(played, "ria", dt.datetime(2026, 2, 16, 9, tzinfo=dt.UTC))
    visit = booked(missed, JANE, missed.clock.now(), (BLOW_DRY, ANNA))
    no_show(missed, LeaveVisit(appointment_id=visit.appointment_id))
    ria = elsewhere(played, "ria")
    booked(ria, JANE, march(10, 15, 45))
    edit_customer(
        ria,
        EditCustomer(
            customer_id=JANE, version=1, first_name="Jane", last_name="Doe", phone="07700 900123",
            email="jane@example.com", date_of_birth=dt.date(1988, 2, 29), preferred_stylist_id=ANNA,
            notes="Allergic to latex.\nTea, no milk.",
        ),
    )  # fmt: skip
    add_customer(ria, AddCustomer(first_name="Jan", last_name="[/b] Doering"))
    add_customer(ria, AddCustomer(first_name="山田", last_name="Doe 🙂", phone="+81 3 1234 5678"))


@each_size
async def test_a_receptionist_finds_jane_and_reads_her_page(
    server: Handle, shop: str, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with playing(server, shop, tmp_path, size=size) as desk:
        await desk.sign_in("ria")
        _jane_has_been(desk)
        await desk.press("f3")
        assert "Type a name, the end of a telephone number, or an e-mail." in desk.text
        await desk.type("do")
        for name in ("Jane Doe", "Jan [/b] Doering", "山田 Doe"):
            assert name in desk.text
        desk.shows("customers")
        await desk.type("e 0123")
        await desk.press("enter")
        await desk.settled()
        assert "29 Feb 1988, 38" in desk.text
        assert "every 45 days" in desk.text
        desk.shows("customer")

        # A customer looks over: the page keeps to itself what is theirs alone.
        await desk.press("I")
        assert "latex" not in desk.text
        assert "900123" not in desk.text
        assert "spent" not in desk.text
        await desk.press("I")
        assert "latex" in desk.text

        # Elsewhere and back: the words and the page are still there.
        await desk.press("f2", "f3")
        assert "29 Feb 1988" in desk.text
        await desk.press("escape")
        assert "doe 0123" in desk.text


async def test_a_typo_is_forgiven_and_said_and_nobody_is_said_too(server: Handle, shop: str, tmp_path: Path) -> None:
    async with playing(server, shop, tmp_path) as desk:
        await desk.sign_in("ria")
        await desk.press("f3")
        await desk.type("jnae")
        assert 'no "jnae": found with "jane"' in desk.text
        assert "Jane Doe" in desk.text
        await desk.type("xyzzy")
        assert 'Nobody is called "jnaexyzzy". + adds them.' in desk.text


async def test_letters_are_text_in_the_field_and_act_in_the_list(server: Handle, shop: str, tmp_path: Path) -> None:
    async with playing(server, shop, tmp_path) as desk:
        await desk.sign_in("ria")
        await desk.press("f3")
        await desk.type("be")
        assert "Ola Berg" in desk.text
        await desk.press("down", "e")
        form = await _form(desk)
        assert form.title_words == "Change Ola Berg"
        await desk.press("escape")
        await desk.press("slash")
        await desk.type("kim")
        assert "Kim Lee" in desk.text
        assert "Ola" not in desk.text


async def test_a_new_customer_is_typed_once_and_the_wrong_field_is_marked(
    server: Handle, shop: str, tmp_path: Path
) -> None:
    async with playing(server, shop, tmp_path) as desk:
        await desk.sign_in("ria")
        await desk.press("f3")
        await desk.type("mia abt")
        await desk.press("down", "plus")
        form = await _form(desk)
        assert (form.filled["first_name"], form.filled["last_name"]) == ("Mia", "Abt")
        await desk.type("0770 12")
        await desk.press("ctrl+s")
        assert '"0770 12" is not a telephone number in GB' in desk.text
        assert [row.id for row in form.query(".-wrong")] == ["row-phone"]
        await desk.press(*["backspace"] * 7)
        await desk.type("07700 900555")
        await desk.press("tab")
        await desk.type("mia@")
        await desk.press("ctrl+s")
        assert [row.id for row in form.query(".-wrong")] == ["row-email"]
        await desk.type("example.com")
        await desk.press("enter")
        await desk.type("31/2/1990")
        await desk.press("ctrl+s")
        assert "is no date of birth" in desk.text
        assert [row.id for row in form.query(".-wrong")] == ["row-date_of_birth"]
        desk.shows("customer_wrong")
        await desk.press(*["backspace"] * 9)
        await desk.type("3 feb 90")
        await soon(desk, lambda: "Born Sat 3 Feb 1990, 36 years old." in desk.text)
        await desk.press("ctrl+s")
        await _closed(desk)
        assert "Mia Abt is added." in desk.text
        assert "07700 900555" in desk.text


async def test_whoever_saves_second_sees_what_changed_and_loses_nothing(
    server: Handle, shop: str, tmp_path: Path
) -> None:
    async with playing(server, shop, tmp_path) as desk:
        await desk.sign_in("ria")
        await desk.press("f3")
        await desk.type("jane")
        await desk.press("down", "e")
        form = await _form(desk)
        await desk.press("alt+e")
        await desk.type("jane@example.com")
        form.query_one("#entry-notes").focus()
        await desk.type("Tea")
        edit_customer(
            elsewhere(desk, "mo"),
            EditCustomer(
                customer_id=JANE, version=1, first_name="Jane", last_name="Dorn", phone="07700900123", notes="Coffee"
            ),
        )
        await desk.press("ctrl+s")
        assert "Mo changed this while you were typing" in desk.text
        assert "last name is now Dorn" in " ".join(desk.text.split())
        assert "notes is now Coffee, and yours is kept" in " ".join(desk.text.split())
        filled = form.filled
        assert (filled["last_name"], filled["email"], filled["notes"]) == ("Dorn", "jane@example.com", "Tea")
        await desk.press("ctrl+s")
        await _closed(desk)
        assert "Jane Dorn is saved." in desk.text


async def test_a_draft_comes_back_and_does_not_undo_what_changed_meanwhile(
    server: Handle, shop: str, tmp_path: Path
) -> None:
    async with playing(server, shop, tmp_path) as desk:
        await desk.sign_in("ria")
        await desk.press("f3")
        await desk.type("jane")
        await desk.press("down", "e")
        form = await _form(desk)
        form.query_one("#entry-notes").focus()
        await desk.type("Tea")
        await desk.press("escape")
        edit_customer(
            elsewhere(desk, "mo"), EditCustomer(customer_id=JANE, version=1, first_name="Jane", last_name="Dorn")
        )
        await desk.press("e")
        form = await _form(desk)
        assert "This is your draft" in form.reason
        assert (form.filled["last_name"], form.filled["phone"], form.filled["notes"]) == ("Dorn", "", "Tea")


async def test_history_is_told_and_archiving_asks_first(server: Handle, shop: str, tmp_path: Path) -> None:
    async with playing(server, shop, tmp_path) as desk:
        await desk.sign_in("ria")
        edit_customer(
            elsewhere(desk, "mo"),
            EditCustomer(customer_id=JANE, version=1, first_name="Jane", last_name="Doe", phone="07700900124"),
        )
        await desk.press("f3")
        await desk.type("jane")
        await desk.press("down", "H")
        await soon(desk, lambda: isinstance(desk.app.screen, Sheet))
        assert "Mo changed" in desk.text
        assert "telephone  +447700900124  (was +447700900123)" in desk.text
        await desk.press("escape", "x")
        await soon(desk, lambda: isinstance(desk.app.screen, Question))
        await desk.press("escape")
        assert "Jane Doe" in desk.text
        await desk.press("x")
        await soon(desk, lambda: isinstance(desk.app.screen, Question))
        await desk.press("y")
        await soon(desk, lambda: "Jane Doe is archived." in desk.text)
        await soon(desk, lambda: 'Nobody is called "jane".' in desk.text)
        await desk.press("Q")
        await soon(desk, lambda: "Jane Doe is found again." in desk.text)
        await soon(desk, lambda: "1 found" in desk.text)


async def test_a_visit_is_booked_for_whoever_is_under_the_cursor(
    server: Handle, shop: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with playing(server, shop, tmp_path) as desk:
        await desk.sign_in("ria")
        passed: list[BookFor] = []
        await desk.press("f3")
        await desk.type("jane")
        monkeypatch.setattr(desk.app, "pass_on", lambda mode, message: passed.append(message))
        await desk.press("down", "b")
        assert [(message.customer_id, message.name) for message in passed] == [(JANE, "Jane Doe")]


async def test_another_screen_s_find_begins_a_new_search(server: Handle, shop: str, tmp_path: Path) -> None:
    async with playing(server, shop, tmp_path) as desk:
        await desk.sign_in("ria")
        await desk.press("f3")
        await desk.type("jane")
        await desk.press("enter", "f2")
        desk.app.pass_on("customers", FindCustomer())
        await desk.settled()
        await desk.type("kim")
        assert "Kim Lee" in desk.text
        assert "Jane" not in desk.text


async def test_an_auditor_reads_and_is_told_who_may_change(server: Handle, shop: str, tmp_path: Path) -> None:
    async with playing(server, shop, tmp_path) as desk:
        await desk.sign_in("otto")
        await desk.press("f3")
        await desk.type("jane")
        await desk.press("down", "e")
        assert "Otto may not add and change customers." in desk.text


async def test_no_name_and_no_paste_breaks_the_screen(server: Handle, shop: str, tmp_path: Path) -> None:
    nasty = (
        "[/b] Ann",
        "[link=file:///x]Zed",
        "\x1b]52;c;Zed\x07",
        "\u202eZed",
        "Zed" * 100,
        "山田" * 40,
        "🙂" * 30,
        "%s {x}",
    )
    async with playing(server, shop, tmp_path) as desk:
        await desk.sign_in("ria")
        ria = elsewhere(desk, "ria")
        for words in nasty:
            add_customer(ria, AddCustomer(first_name="Nasty", last_name=words, notes=f"{words}\n{words}", gender=words))
        await desk.press("f3")
        for words in (*nasty, "a\x00b", "\ud800"):
            desk.app.screen.query_one("#search", Input).value = words
            await desk.settled()
            assert "\x1b" not in desk.text
        desk.app.screen.query_one("#search", Input).value = "nasty"
        await desk.settled()
        await desk.press("down")
        for _ in nasty:
            await desk.press("enter")
            assert "Nasty" in desk.text
            await desk.press("e")
            form = await _form(desk)
            assert "\x1b" not in desk.text
            await desk.press("escape")
            await _closed(desk)
            assert form.title_words.startswith("Change Nasty")
            await desk.press("H")
            await soon(desk, lambda: isinstance(desk.app.screen, Sheet))
            await desk.press("escape", "escape", "down")
        for width, height in ((1, 1), (200, 60), (40, 10), (120, 36), (80, 24)):
            await desk.pilot.resize_terminal(width, height)
            await desk.settled()
        assert "Nasty" in desk.text


async def test_a_new_search_begins_at_its_first(server: Handle, shop: str, tmp_path: Path) -> None:
    async with playing(server, shop, tmp_path) as desk:
        await desk.sign_in("ria")
        for name in ("Abel", "Abby", "Abt", "Abner"):
            add_customer(elsewhere(desk, "ria"), AddCustomer(first_name="Zoe", last_name=name))
        await desk.press("f3")
        await desk.type("zoe")
        await desk.press("down", "down", "down", "slash")
        await desk.type("zoe ab")
        await desk.press("enter")
        assert desk.text.splitlines()[1].strip() == "Zoe Abby"


@pytest.mark.parametrize(
    ("typed", "country", "day"),
    [
        ("29 feb 1988", "GB", dt.date(1988, 2, 29)),
        ("1988-02-29", "GB", dt.date(1988, 2, 29)),
        ("3/4/88", "GB", dt.date(1988, 4, 3)),
        ("3/4/88", "US", dt.date(1988, 3, 4)),
        ("3.4.1988", "US", dt.date(1988, 4, 3)),
        ("April 3rd, 2001", "US", dt.date(2001, 4, 3)),
        ("  ", "GB", None),
    ],
)
async def test_a_date_of_birth_lies_in_the_past(typed: str, country: str, day: dt.date | None) -> None:
    assert born_meant(typed, country, dt.date(2026, 3, 9)) == day


@pytest.mark.parametrize("typed", ["29 feb 1987", "yesterday", "10 mar 2026", "1/1", "1.1.1876", "2026"])
async def test_what_is_no_date_of_birth_is_refused_with_its_field(typed: str) -> None:
    with pytest.raises(BadInput) as refused:
        born_meant(typed, "GB", dt.date(2026, 3, 9))
    assert refused.value.facts["field"] == "date_of_birth"


async def test_two_people_s_typing_is_put_together_field_by_field() -> None:
    seen = {"phone": "1", "email": "", "notes": "a"}
    both = merged({"phone": "1", "email": "x@y.z", "notes": "b"}, seen, {"phone": "2", "email": "", "notes": "c"})
    assert both.texts == {"phone": "2", "email": "x@y.z", "notes": "b"}
    assert (both.taken, both.contested) == (("phone",), ("notes",))


async def test_whoever_types_fast_asks_for_the_newest_words_only() -> None:
    asked: list[str] = []
    typed, gates = ["j"], [asyncio.Event() for _ in range(3)]

    async def ask() -> None:
        asked.append(typed[0])
        await gates[len(asked) - 1].wait()

    search = Newest(ask)
    first = asyncio.create_task(search.run())
    await asyncio.sleep(0)
    later = []
    for words in ("ja", "jan", "jane"):
        typed[0] = words
        later.append(asyncio.create_task(search.run()))
        await asyncio.sleep(0)
    for gate in gates:
        gate.set()
    await asyncio.gather(first, *later)
    assert asked == ["j", "jane"]


async def test_whoever_is_cancelled_while_asking_leaves_the_newest_wish_to_the_others() -> None:
    asked: list[str] = []
    typed, gate = ["j"], asyncio.Event()

    async def ask() -> None:
        asked.append(typed[0])
        await gate.wait()

    search = Newest(ask)
    first = asyncio.create_task(search.run())
    await asyncio.sleep(0)
    typed[0] = "jane"
    second = asyncio.create_task(search.run())
    await asyncio.sleep(0)
    first.cancel()
    gate.set()
    await second
    assert asked == ["j", "jane"]


async def test_digits_that_nobody_has_are_no_name() -> None:
    assert nobody_words(" 0093 ") == 'No telephone or number is "0093", or ends so. + adds somebody.'
    assert nobody_words("r2d2") == 'Nobody is called "r2d2". + adds them.'
