"""A command is declared once: its key, its footer, F1, the palette and keys.toml all follow from that."""

from __future__ import annotations

import inspect
import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import pytest

from frontdesk.app import FrontDesk
from frontdesk.db.server import Handle
from frontdesk.errors import BadInput
from frontdesk.screens import commands
from frontdesk.screens.base import DeskScreen
from frontdesk.screens.commands import EVERYWHERE, Command, spoken_key
from frontdesk.screens.everywhere import do_everywhere, every_command
from frontdesk.screens.keyboard.keys import LOST, TAKEN, read_keys
from frontdesk.widgets.bar import Bar
from frontdesk.widgets.modal import Sheet
from tests.screens.desk import Played, playing

SCREENS: tuple[DeskScreen, ...] = tuple(
    screen
    for make in FrontDesk.MODES.values()
    if isinstance(screen := make(), DeskScreen)  # type: ignore[operator]
)
each_screen = pytest.mark.parametrize("screen", SCREENS, ids=[type(screen).__name__ for screen in SCREENS])

ONE_MEANING = (
    {"cancel", "archive", "leave"}, {"assign", "open", "open-drawer"}, {"view", "x-report"}, {"print", "z-again"},
    {"tip", "tips"},
)  # fmt: skip
"""Names that differ and mean one thing at the desk: out of what is to come, its history stays; take what is here; look
at it in another way; on paper; whose the tip is."""


def offered(screen: DeskScreen) -> list[Command]:
    """Everything a screen's keys do."""
    return list(dict.fromkeys((*screen.KEYS, *EVERYWHERE)))


def two_on_one(declared: Sequence[Command]) -> list[set[str]]:
    """Names of commands that one screen puts on one key."""
    names: dict[str, set[str]] = defaultdict(set)
    for command in declared:
        names[command.key].add(command.name)
    return [found for found in names.values() if len(found) > 1]


def meanings(declared: Sequence[Command]) -> dict[str, set[str]]:
    """By key: what it means, a verb each. `add` and `add-line` are one verb."""
    found: dict[str, set[str]] = defaultdict(set)
    for command in declared:
        verb = next((min(names) for names in ONE_MEANING if command.name in names), command.name)
        found[command.key].add(verb.split("-")[0] if command.key in ("plus", "minus") else verb)
    return {key: verbs for key, verbs in found.items() if len(verbs) > 1}


@each_screen
def test_no_screen_has_two_commands_on_one_key(screen: DeskScreen) -> None:
    assert two_on_one(offered(screen)) == []


def test_two_commands_on_one_key_would_be_found() -> None:
    assert two_on_one([commands.CANCEL, commands.ARCHIVE]) == [{"cancel", "archive"}]


def test_one_key_means_one_thing_on_all_screens() -> None:
    assert meanings(every_command()) == {}
    assert meanings([commands.CANCEL, commands.ARCHIVE, Command("explode", "x", "", "")]) == {
        "x": {"archive", "explode"}
    }


def test_every_command_is_declared_once_and_fully() -> None:
    names = [command.name for command in every_command()]
    assert len(names) == len(set(names))
    for command in every_command():
        assert command.label
        assert command.help.endswith("."), command.name
        assert command.key not in LOST
        assert command.key not in TAKEN
        assert command.key not in ("f10", "f11", "left_square_bracket", "right_square_bracket", "dollar_sign")


@each_screen
def test_a_screen_offers_only_declared_commands_and_each_has_a_handler(screen: DeskScreen) -> None:
    assert set(screen.KEYS) <= set(every_command())
    named = set(re.findall(r"commands\.([A-Z]+)\b", inspect.getsource(do_everywhere))) - {"MODES"}
    everywhere = {*commands.MODES, *(getattr(commands, name) for name in named)}
    for command in offered(screen):
        own = hasattr(screen, f"do_{command.name.replace('-', '_')}")
        assert own or command in everywhere, f"{command.name} does nothing on {type(screen).__name__}"


@each_screen
def test_every_handler_has_a_key(screen: DeskScreen) -> None:
    handlers = {name[3:].replace("_", "-") for name in dir(screen) if name.startswith("do_")}
    assert handlers <= {command.name for command in offered(screen)}


async def helped(desk: Played) -> str:
    """What F1 says here."""
    await desk.press("f1")
    sheet = desk.app.screen
    assert isinstance(sheet, Sheet)
    words = sheet.words
    await desk.press("escape")
    return words


def footer_of(screen: DeskScreen) -> str:
    """The line of keys."""
    return screen.query_one("#footer", Bar).left


async def test_footer_help_and_palette_follow_the_declarations(server: Handle, shop: str, tmp_path: Path) -> None:
    async with playing(server, shop, tmp_path, size=(200, 60)) as desk:
        await desk.sign_in("ada")
        await desk.press("b")
        assert "ctrl+s save" in await helped(desk), "in a form F1 says what its keys do"
        await desk.press("escape")
        for mode in FrontDesk.MODES:
            await desk.app.switch_to(mode)
            await desk.settled()
            screen = desk.app.screen
            assert isinstance(screen, DeskScreen)
            words = await helped(desk)
            palette = {command.title: command.help for command in desk.app.get_system_commands(screen)}
            for command in offered(screen):
                key = spoken_key(command.key)
                assert re.search(rf"^ +{re.escape(key)} +{command.name} ", words, re.MULTILINE), (mode, command.name)
                assert palette[command.name.replace("-", " ")] == f"{key}  {command.help}", mode
            if screen.focused is None or not screen.focused.can_focus:
                continue
            screen.set_focus(None)
            screen.draw_footer()
            for command in (*screen.KEYS, commands.HELP):
                if command.in_footer and screen.why_not(command) is None:
                    assert command.label in footer_of(screen), (mode, command.name)


async def test_keys_toml_moves_a_command_with_its_footer_help_and_palette(
    server: Handle, shop: str, tmp_path: Path
) -> None:
    (tmp_path / "keys.toml").write_text(
        '[keys]\nbook = "i"\nwhy = "ctrl+y"\ncustomers = "y"\nfind = "ctrl+g"\n', encoding="utf-8"
    )
    async with playing(server, shop, tmp_path, size=(120, 36)) as desk:
        await desk.sign_in()
        screen = desk.app.screen
        assert isinstance(screen, DeskScreen)
        assert footer_of(screen).startswith("i book")
        words = await helped(desk)
        assert re.search(r"^ +i +book ", words, re.MULTILINE)
        assert re.search(r"^ +ctrl\+y +why ", words, re.MULTILINE)
        palette = {command.title: command.help for command in desk.app.get_system_commands(screen)}
        assert palette["book"].startswith("i  ")
        await desk.press("b")
        assert isinstance(desk.app.screen, DeskScreen), "the key that it left does nothing"
        await desk.press("ctrl+y")
        assert screen.said_last
        await desk.press("colon")
        assert footer_of(screen).startswith("ctrl+g find"), "a key that is no letter acts in a field, too"
        await desk.press("escape")
        await desk.press("i")
        assert "Book a visit" in desk.text
        await desk.press("escape", "y")
        assert desk.app.current_mode == "customers"
        await desk.type("yann")
        assert desk.app.current_mode == "customers"
        assert "yann" in desk.text, "in a field a letter is a letter, whatever it is elsewhere"


BROKEN = {
    "no toml": ("[keys\n", "can't be read"),
    "no table": ('keys = "b"\n', "no table"),
    "no command": ('[keys]\ndance = "y"\n', "no command"),
    "no key": ('[keys]\narrive = "contrl+p"\n', "no key"),
    "empty": ('[keys]\narrive = ""\n', "needs a key"),
    "a number": ("[keys]\narrive = 7\n", "needs a key"),
    "taken": ('[keys]\narrive = "b"\n', "is book already"),
    "twice": ('[keys]\narrive = "y"\nconfirm = "y"\n', "already"),
    "a cursor key": ('[keys]\narrive = "down"\n', "moving the cursor"),
    **{f"lost {key}": (f'[keys]\narrive = "{key}"\n', f"is {LOST[key]} on many terminals") for key in LOST},
    "lost by capitals": ('[keys]\narrive = "Ctrl+H"\n', "backspace"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_keys_toml_that_cannot_be_says_why(tmp_path: Path, name: str) -> None:
    text, why = BROKEN[name]
    (tmp_path / "keys.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=re.escape(why)) as refused:
        read_keys(tmp_path / "keys.toml", every_command())
    assert refused.value.sentence.endswith("The usual keys hold.")


def test_a_keys_toml_that_can_be_is_read(tmp_path: Path) -> None:
    path = tmp_path / "keys.toml"
    assert read_keys(path, every_command()) == {}
    path.write_text('[keys]\narrive = "b"\nbook = "a"\nwhy = ";"\nlock = "alt+l"\nzoom = "ä"\n', encoding="utf-8")
    assert read_keys(path, every_command()) == {
        "arrive": "b", "book": "a", "why": "semicolon", "lock": "alt+l", "zoom": "ä",
    }  # fmt: skip
    path.write_bytes(b"\xff\xfe[keys]")
    with pytest.raises(BadInput, match="can't be read"):
        read_keys(path, every_command())


async def test_with_a_broken_keys_toml_the_usual_keys_hold_and_the_desk_says_so(
    server: Handle, shop: str, tmp_path: Path
) -> None:
    (tmp_path / "keys.toml").write_text('[keys]\nbook = "i"\narrive = "ctrl+h"\n', encoding="utf-8")
    async with playing(server, shop, tmp_path, size=(120, 36)) as desk:
        await desk.sign_in()
        assert "ctrl+h for arrive is backspace on many terminals. The usual keys hold." in desk.text
        await desk.press("b")
        assert "Book a visit" in desk.text
