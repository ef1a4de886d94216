"""The line between a browser's tab and its desk: who may have one, what goes along it, and that both ends end."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import aiohttp
import pytest

from frontdesk.errors import BadInput
from frontdesk.web.place import Place
from frontdesk.web.server import PortTaken
from frontdesk.web.server import serve as serve_here
from frontdesk.web.tab import without_false_ends
from tests.terminal.conftest import STAND_IN, Served
from tests.terminal.harness.processes import Watched, children

Serve = Callable[..., Served]
BAD = (sys.executable, "-m", "tests.terminal.stubborn_child")
pytestmark = pytest.mark.asyncio


@asynccontextmanager
async def tab(served: Served, *, origin: str | None = None) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    """A tab as our page opens it, or as a page from elsewhere would."""
    headers = {"Origin": origin or served.address.rstrip("/")}
    async with (
        aiohttp.ClientSession() as client,
        client.ws_connect(served.address + "line?width=80&height=24", headers=headers) as line,
    ):
        yield line


async def heard(line: aiohttp.ClientWebSocketResponse, wanted: bytes) -> bytes:
    """What arrives until it holds something. Raises AssertionError when the line ends before."""
    found = b""
    async with asyncio.timeout(30):
        async for message in line:
            found += message.data if isinstance(message.data, bytes) else b""
            if wanted in found:
                return found
    raise AssertionError(f"{wanted!r} never came, but {found!r}")


def desks(served: Served) -> list[Watched]:
    """The processes of all tabs."""
    return children(served.process.pid)


async def gone(processes: list[Watched]) -> None:
    """Wait for processes to end."""
    for process in processes:
        assert await asyncio.to_thread(process.ended), process


async def test_each_tab_has_a_desk_of_its_own(serve: Serve) -> None:
    served = serve(*STAND_IN)
    async with tab(served) as one, tab(served) as other:
        await heard(one, b"Sign in with a PIN")
        await heard(other, b"Sign in with a PIN")
        assert len(desks(served)) == 2


async def test_keys_reach_the_desk_and_a_closed_tab_ends_it(serve: Serve) -> None:
    served = serve(*STAND_IN)
    async with tab(served) as line:
        await heard(line, b"Sign in with a PIN")
        await line.send_json(["stdin", "1111\r"])
        await heard(line, b"Signed in by process")
        running = desks(served)
    assert len(running) == 1
    await gone(running)


@pytest.mark.parametrize(
    "origin", ["https://elsewhere.example", "http://frontdesk.example:{port}", "null", "http://127.0.0.1:1"]
)
async def test_a_page_from_elsewhere_gets_no_desk(serve: Serve, origin: str) -> None:
    served = serve(*STAND_IN)
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        async with tab(served, origin=origin.format(port=served.port)):
            pass
    assert refused.value.status == 403
    assert desks(served) == []


async def test_without_saying_where_it_comes_from_nobody_gets_a_desk(serve: Serve) -> None:
    served = serve(*STAND_IN)
    async with aiohttp.ClientSession() as client:
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await client.ws_connect(served.address + "line")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_ending_the_server_ends_every_desk(serve: Serve, number: signal.Signals) -> None:
    served = serve(*STAND_IN)
    async with tab(served) as one, tab(served) as other:
        await heard(one, b"Sign in with a PIN")
        await heard(other, b"Sign in with a PIN")
        running = desks(served)
        assert len(running) == 2
        os.kill(served.process.pid, number)
        await gone(running)
        assert await asyncio.to_thread(served.process.wait, 20) == 0


async def test_a_killed_server_leaves_no_desk_behind(serve: Serve) -> None:
    served = serve(*STAND_IN)
    async with tab(served) as line:
        await heard(line, b"Sign in with a PIN")
        running = desks(served)
        served.process.kill()
        await gone(running)


async def test_a_desk_that_does_not_leave_is_ended(serve: Serve) -> None:
    served = serve(*BAD, "never-leaves")
    async with tab(served) as line:
        await heard(line, b"still here")
        running = desks(served)
    assert len(running) == 1
    await gone(running)


async def test_a_desk_that_cannot_begin_closes_its_tab(serve: Serve) -> None:
    served = serve(*BAD, "cannot-begin")
    async with tab(served) as line, asyncio.timeout(20):
        message = await line.receive()
        assert message.type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED)
    await gone(desks(served))


async def test_junk_on_the_line_harms_no_desk(serve: Serve) -> None:
    junk = (
        "", "null", "[]", "{}", '["stdin"]', '["stdin", 5]', '["resize", {"width": 1000000000, "height": -4}]',
        '["resize", {"width": "80"}]', '["resize", null]', "\x00", '["quit"]', '["stdin", "\\ud800"]', "[" * 100_000,
    )  # fmt: skip
    served = serve(*STAND_IN)
    async with tab(served) as line:
        await heard(line, b"Sign in with a PIN")
        for text in junk:
            await line.send_str(text)
        await line.send_json(["resize", {"width": 80, "height": 24}])
        await line.send_json(["stdin", "1111\r"])
        await heard(line, b"Signed in by process")


async def test_a_desk_gets_what_it_needs_of_the_environment_and_no_secret(serve: Serve) -> None:
    served = serve(
        *BAD, "tells", FRONTDESK_TOKEN="a token", FRONTDESK_ADMIN_URL="postgresql://owner@x/y", AWS_SECRET_KEY="secret",
        FRONTDESK_DATABASE_URL="postgresql://desk@x/y", NO_COLOR="1", LC_ALL="C.UTF-8", HOME="/nowhere",
    )  # fmt: skip
    async with tab(served) as line:
        told = json.loads(await heard(line, b"}"))
    assert told["FRONTDESK_DATABASE_URL"] == "postgresql://desk@x/y"
    assert (told["LC_ALL"], told["HOME"], told["COLUMNS"], told["ROWS"]) == ("C.UTF-8", "/nowhere", "80", "24")
    assert not {"FRONTDESK_TOKEN", "FRONTDESK_ADMIN_URL", "AWS_SECRET_KEY", "NO_COLOR"} & set(told)


async def test_the_page_may_load_nothing_from_outside(serve: Serve) -> None:
    served = serve(*STAND_IN)
    async with aiohttp.ClientSession() as client, client.get(served.address) as page:
        policy = page.headers["Content-Security-Policy"]
        text = await page.text()
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "//" not in text.replace("<!DOCTYPE", "")


@pytest.mark.parametrize("path", ["page/", "terminal/", "page/../server.py", "page/%2e%2e/server.py", "download/x"])
async def test_the_page_s_folders_show_nothing_else(serve: Serve, path: str) -> None:
    served = serve(*STAND_IN)
    async with aiohttp.ClientSession() as client, client.get(served.address + path) as page:
        assert page.status in (403, 404)


async def test_a_taken_port_is_said(serve: Serve) -> None:
    served = serve(*STAND_IN)
    with pytest.raises(PortTaken, match=f"Port {served.port} of 127.0.0.1 is taken"):
        serve_here(STAND_IN, Place(port=served.port), print)


async def test_behind_a_proxy_its_own_address_is_welcome_too() -> None:
    place = Place(address="https://desk.example.com/salon")
    assert place.welcomes("https://desk.example.com", 8017)
    assert place.welcomes("http://localhost:8017", 8017)
    assert not place.welcomes("http://desk.example.com", 8017)
    assert not place.welcomes(None, 8017)


@pytest.mark.parametrize("address", ["desk.example.com", "ftp://desk", "https://", "https://x/?a=b"])
async def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(BadInput, match="https://desk.example.com"):
        Place(address=address)


async def test_being_reachable_from_elsewhere_is_said_as_it_is() -> None:
    assert "PINs travel there readable" in Place(host="0.0.0.0").said(80)[0]
    assert "on this machine" in Place().said(80)[0]


@pytest.mark.parametrize(
    ("sent", "passed_on"),
    [
        ("jane", "jane"),
        ("\x1b[A", "\x1b[A"),
        ("\x1b[200~jane\x1b[201~", "\x1b[200~jane\x1b[201~"),
        ("\x1b[200~jane\x1b[201~x\r\x1b[201~", "\x1b[200~jane[201~x\r\x1b[201~"),
        ("\x1b[200~\x1b]52;c;x\x07\x1b[201~", "\x1b[200~]52;c;x\x07\x1b[201~"),
    ],
)
async def test_a_paste_can_not_end_itself_and_go_on_as_keys(sent: str, passed_on: str) -> None:
    assert without_false_ends(sent) == passed_on
