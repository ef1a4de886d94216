"""A real Chromium without a window, led through its debugging pipe: what its page asks for, receives and paints."""

from __future__ import annotations

import base64
import itertools
import json
import os
import shutil
import subprocess
import threading
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from tests.terminal.harness.display import PATIENCE, Display, NeverShown

Facts = dict[str, Any]

KEYS = {"enter": ("Enter", 13, "\r"), "escape": ("Escape", 27, ""), "f2": ("F2", 113, ""), "f3": ("F3", 114, "")}
"""As the browser knows them: name, number, text."""


def found() -> str | None:
    """Where Chromium is, if it is."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


class Browser(Display):
    """One browser with one tab. What arrives on the tab's web sockets is shown as on a terminal."""

    def __init__(self, folder: Path, *, width: int = 1000, height: int = 600) -> None:
        super().__init__(rows=24, columns=80)
        self.asked_for: list[str] = []
        """The address of every request that the page made, web sockets included."""
        self.complaints: list[str] = []
        """What the page wrote to its console, and errors of its scripts."""
        self._answers: dict[int, Facts] = {}
        self._numbers = itertools.count(1)
        program = found()
        assert program is not None
        to_read, self._to = os.pipe()
        self._from, to_write = os.pipe()
        options = [
            "--headless=new", "--remote-debugging-pipe", f"--user-data-dir={folder}", f"--window-size={width},{height}",
            "--no-first-run", "--disable-extensions", "--disable-dev-shm-usage", "--disable-background-networking",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
        ]  # fmt: skip
        if os.geteuid() == 0:
            options.append("--no-sandbox")
        # The browser reads orders from descriptor 3 and answers on 4.
        shell = f'exec 3<&{to_read} 4>&{to_write}; exec "$@"'
        self._process = subprocess.Popen(
            ["/bin/bash", "-c", shell, "browser", program, *options, "about:blank"], pass_fds=(to_read, to_write),
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        os.close(to_read)
        os.close(to_write)
        self._reader = threading.Thread(target=self._read, name="browser", daemon=True)
        self._reader.start()
        targets = self._order("Target.getTargets")["targetInfos"]
        self._tab = next(target["targetId"] for target in targets if target["type"] == "page")
        self._session = self._order("Target.attachToTarget", targetId=self._tab, flatten=True)["sessionId"]
        for domain in ("Network", "Page", "Runtime"):
            self.tell(f"{domain}.enable")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _read(self) -> None:
        waiting = b""
        while arrived := os.read(self._from, 1 << 16):
            *messages, waiting = (waiting + arrived).split(b"\0")
            for message in messages:
                self._heard(json.loads(message))
        self.end()

    def _heard(self, message: Facts) -> None:
        if "id" in message:
            with self._news:
                self._answers[message["id"]] = message
                self._news.notify_all()
            return
        facts = message.get("params", {})
        match message["method"]:
            case "Network.requestWillBeSent":
                self._note(self.asked_for, facts["request"]["url"])
            case "Network.webSocketCreated":
                self._note(self.asked_for, facts["url"])
            case "Network.webSocketFrameReceived" if facts["response"]["opcode"] == 2:
                self.feed(base64.b64decode(facts["response"]["payloadData"]))
            case "Network.webSocketFrameSent" if '"resize"' in facts["response"]["payloadData"]:
                size = json.loads(facts["response"]["payloadData"])[1]
                with self._news:
                    self.screen.resize(size["height"], size["width"])
            case "Runtime.consoleAPICalled" if facts["type"] in ("error", "warning"):
                self._note(self.complaints, str([part.get("value") for part in facts["args"]]))
            case "Runtime.exceptionThrown":
                self._note(self.complaints, str(facts["exceptionDetails"]))

    def _note(self, notes: list[str], words: str) -> None:
        with self._news:
            notes.append(words)
            self._news.notify_all()

    def _order(self, method: str, session: str | None = None, /, **facts: object) -> Facts:
        number = next(self._numbers)
        order: Facts = {"id": number, "method": method, "params": facts}
        if session is not None:
            order["sessionId"] = session
        os.write(self._to, json.dumps(order).encode() + b"\0")
        with self._news:
            self._news.wait_for(lambda: number in self._answers or self._closed, PATIENCE)
            if number not in self._answers:
                raise NeverShown(f"the browser never answered {method}")
            answer = self._answers.pop(number)
        assert "error" not in answer, answer
        found: Facts = answer["result"]
        return found

    def tell(self, method: str, **facts: object) -> Facts:
        """Order something of the tab."""
        return self._order(method, self._session, **facts)

    def open(self, address: str) -> None:
        """Go to a page."""
        self.tell("Page.navigate", url=address)

    def run(self, script: str) -> Any:  # noqa: ANN401  whatever the script says
        """A script's value, in the page."""
        answer = self.tell("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def click(self, x: int, y: int) -> None:
        """Press the mouse."""
        for kind in ("mousePressed", "mouseReleased"):
            self.tell("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def type(self, text: str) -> None:
        """Type letters, with real key presses."""
        for letter in text:
            self.tell("Input.dispatchKeyEvent", type="keyDown", key=letter, text=letter, unmodifiedText=letter)
            self.tell("Input.dispatchKeyEvent", type="keyUp", key=letter)

    def keys(self, *names: str) -> None:
        """Press keys by name, or letters."""
        for name in names:
            if name not in KEYS:
                self.type(name)
                continue
            key, number, text = KEYS[name]
            facts = {"key": key, "code": key, "windowsVirtualKeyCode": number}
            self.tell("Input.dispatchKeyEvent", type="keyDown", text=text, **facts)
            self.tell("Input.dispatchKeyEvent", type="keyUp", **facts)

    def picture(self) -> bytes:
        """What the tab shows, as PNG."""
        return base64.b64decode(self.tell("Page.captureScreenshot", format="png")["data"])

    def strangers(self) -> list[str]:
        """The requests that were not for this machine."""
        hosts = {"127.0.0.1", "localhost", None}
        here = {"data", "blob", "about"}
        return [
            url for url in self.asked_for
            if urlsplit(url).scheme not in here and urlsplit(url).hostname not in hosts
        ]  # fmt: skip

    def close_tab(self) -> None:
        """Close the tab, as a person does."""
        self._order("Target.closeTarget", targetId=self._tab)

    def close(self) -> None:
        """End the browser and all its processes."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, 9)
        self._process.wait()
        self._reader.join(timeout=5)
        for descriptor in (self._to, self._from):
            os.close(descriptor)
