"""Fields that offer something: who types fast is understood like who waits for the list; a draft was typed."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import Static

from frontdesk.widgets.field import Field, Offer, among
from frontdesk.widgets.form import Filled, Form
from tests.widgets.test_hostile_text import Alone

SERVICES = [
    Offer("1", "Cut  45m  50.00"),
    Offer("2", "Children's cut  30m  24.00"),
    Offer("3", "Beard trim  15m  15.00"),
]


@pytest.mark.parametrize(
    ("typed", "value"),
    [("cut", "1"), ("CUT", "1"), ("trim", "3"), ("c", None), ("", None), ("perm", None), ("child", "2"), ("45m", "1")],
)
def test_of_a_few_what_is_typed_out_or_fits_only_one_is_meant(typed: str, value: str | None) -> None:
    meant = among(SERVICES).meant(typed)
    assert (meant.value if meant else None) == value


class Memory:
    """Keeps a draft for a test."""

    def __init__(self) -> None:
        self.kept: Mapping[str, str] | None = None

    def found(self) -> Mapping[str, str] | None:
        """What was kept."""
        return self.kept

    def keep(self, typed: Mapping[str, str]) -> None:
        """Keep this."""
        self.kept = typed

    def drop(self) -> None:
        """Not wanted."""
        self.kept = None


async def save(filled: Filled) -> Filled:
    return filled


async def slowly(typed: str) -> Sequence[Offer]:
    """A search that takes longer than typing on."""
    for _ in range(20):
        await asyncio.sleep(0)
    return [Offer("7", "Jane Doe 0123")] if "jane doe".startswith(typed) else []


async def opened(pilot: Pilot[None], form: Form[Filled], answers: list[Filled | None]) -> None:
    """The form over the screen; what it ends with is put down."""
    await pilot.app.push_screen(form, answers.append)


async def test_enter_takes_what_fits_the_words_and_not_what_the_list_has_got_to() -> None:
    form = Form("Book", [Field("who", "Who", find=slowly), Field("what", "What", find=among(SERVICES))], save)
    answers: list[Filled | None] = []
    async with Alone().run_test() as pilot:
        await opened(pilot, form, answers)
        entry = form.focused
        assert entry is not None
        for sign in "jane":
            entry.post_message(events.Key(sign, sign))  # nobody waits for the list
        await pilot.press("enter", *"cut", "tab", "shift+tab", "ctrl+s")
        await pilot.pause()
    assert answers == [Filled({"who": "Jane Doe 0123", "what": "Cut  45m  50.00"}, {"who": "7", "what": "1"})]


async def test_what_was_left_by_tab_is_what_it_can_only_mean_and_what_stood_there_is_not_chosen() -> None:
    fields = [Field("what", "What", find=among(SERVICES)), Field("also", "Also", value="Cut", find=among(SERVICES))]
    async with Alone().run_test() as pilot:
        form = Form("Book", fields, save)
        await pilot.app.push_screen(form)
        await pilot.press(*"trim", "tab")
        assert form.filled.picked == {"what": "3", "also": ""}


async def test_a_form_begun_afresh_leaves_no_draft_and_waits_in_its_first_field() -> None:
    memory = Memory()
    form = Form("Book", [Field("who", "Who"), Field("note", "Note", value="none")], save, keeper=memory)
    async with Alone().run_test() as pilot:
        await pilot.app.push_screen(form)
        assert "kept as a draft" in str(form.query_one("#keys", Static).content)
        await pilot.press(*"jane", "tab", "x", "ctrl+n")
        assert form.focused is not None
        assert form.focused.id == "entry-who"
        await pilot.press("escape")
    assert memory.kept is None


async def test_a_form_that_keeps_no_draft_does_not_promise_one() -> None:
    form = Form("Overbook", [Field("reason", "Why")], save)
    async with Alone().run_test() as pilot:
        await pilot.app.push_screen(form)
        assert "draft" not in str(form.query_one("#keys", Static).content)
