"""The desk in a real browser: painted by Chromium, played by its keyboard, and nothing asked of anybody outside."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.terminal.conftest import STAND_IN, Served, Shop, sign_in
from tests.terminal.harness import browser as chromium
from tests.terminal.harness.browser import Browser
from tests.terminal.harness.picture import colours_of
from tests.terminal.harness.processes import children
from tests.terminal.test_leaving import begin_a_booking, go_on_with_it

Serve = Callable[..., Served]

pytestmark = pytest.mark.skipif(chromium.found() is None, reason="there is no Chromium here; .ci/run installs it")


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    with Browser(tmp_path / "browser") as opened:
        yield opened


def test_the_page_asks_nothing_of_anybody_outside(serve: Serve, browser: Browser) -> None:
    served = serve(*STAND_IN)
    browser.open(served.address)
    browser.wait_for("Sign in with a PIN")
    browser.quiet(0.5)
    assert len(browser.asked_for) > 5
    assert browser.strangers() == []
    assert browser.complaints == []
    assert browser.run("document.title") == "frontdesk"


def test_a_request_to_the_outside_would_be_seen(browser: Browser) -> None:
    browser.open("data:text/html,<img src='http://elsewhere.example/x.png'>")
    browser.run("new Promise(done => setTimeout(done, 200))")
    assert browser.strangers() == ["http://elsewhere.example/x.png"]


def test_the_sign_in_is_painted_on_a_dark_page_as_large_as_the_window(serve: Serve, browser: Browser) -> None:
    served = serve(*STAND_IN)
    browser.open(served.address)
    browser.wait_for("Sign in with a PIN")
    browser.quiet(0.5)
    colours = colours_of(browser.picture())
    (dark, most), *others = colours.most_common()
    assert max(dark) < 40
    assert most > colours.total() / 2
    assert any(min(colour) > 180 and pixels > 50 for colour, pixels in others), "letters were looked for"
    wide, high = browser.run("[innerWidth, innerHeight]")
    columns, rows = browser.screen.columns, browser.screen.lines
    assert columns > wide / 12
    assert rows > high / 26


def test_a_pin_typed_without_touching_the_mouse_signs_in_and_the_closed_tab_ends_the_desk(
    serve: Serve, browser: Browser
) -> None:
    served = serve(*STAND_IN)
    browser.open(served.address)
    browser.wait_for("Sign in with a PIN")
    browser.type("1111")
    browser.keys("enter")
    browser.wait_for("Signed in by process")
    (desk,) = children(served.process.pid)
    browser.close_tab()
    assert desk.ended()


def test_a_closed_desk_says_so_and_opens_again(serve: Serve, browser: Browser) -> None:
    served = serve(*STAND_IN)
    browser.open(served.address)
    browser.wait_for("Sign in with a PIN")
    (desk,) = children(served.process.pid)
    assert not browser.run("document.getElementById('closed').checkVisibility()")
    browser.type("\x11")
    assert desk.ended()
    browser.run("new Promise(done => setTimeout(done, 100))")
    assert browser.run("document.getElementById('closed').checkVisibility()")
    mark = browser.mark()
    browser.keys("enter")
    browser.wait_until(lambda _: b"Sign in" in browser.wire.since(mark), "a second sign-in was waited for")


def test_the_real_desk_in_a_browser(served_shop: Served, browser: Browser) -> None:
    browser.open(served_shop.address)
    sign_in(browser)
    browser.wait_for("b book")
    browser.type("b")
    browser.wait_for("Book a visit")
    browser.type("jan")
    browser.wait_for("Jane Doe")
    assert browser.strangers() == []
    assert browser.complaints == []
    (desk,) = children(served_shop.process.pid)
    browser.close_tab()
    assert desk.ended()


def test_a_closed_tab_keeps_what_was_half_typed(served_shop: Served, shop: Shop, browser: Browser) -> None:
    browser.open(served_shop.address)
    begin_a_booking(browser)
    (desk,) = children(served_shop.process.pid)
    browser.close_tab()
    assert desk.ended()
    with shop.open_desk() as here:
        go_on_with_it(here)


def test_a_picture_of_the_book_shows_more_than_letters(served_shop: Served, browser: Browser) -> None:
    browser.open(served_shop.address)
    sign_in(browser)
    browser.quiet(0.5)
    colours = colours_of(browser.picture())
    assert len([colour for colour, pixels in colours.items() if pixels > 200]) >= 4
