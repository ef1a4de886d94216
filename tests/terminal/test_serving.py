"""frontdesk serve and frontdesk demo --web, as they are typed and as they end."""

from __future__ import annotations

import re
import subprocess
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.terminal.conftest import DESK, PLAIN, Served, Shop
from tests.terminal.harness.terminal import Terminal


def said(shop: Shop, *words: str) -> subprocess.CompletedProcess[str]:
    """A command that ends by itself."""
    return subprocess.run(
        (*DESK, *words), env=shop.environment, cwd=shop.folder, capture_output=True, text=True, check=False, timeout=60
    )


def test_ctrl_c_ends_it(shop: Shop) -> None:
    with Terminal((*DESK, "serve", "--port", "0"), environment=shop.environment, folder=shop.folder) as window:
        window.wait_for("reverse proxy with TLS")
        text = window.wait_for("Ctrl+C ends it")
        assert re.search(r"http://127\.0\.0\.1:\d+/", text)
        window.keys("ctrl+c")
        assert window.exit_code() == 0


def test_a_taken_port_is_refused_with_what_to_do(served_shop: Served, shop: Shop) -> None:
    done = said(shop, "serve", "--port", str(served_shop.port))
    assert done.returncode == 3
    assert f"Port {served_shop.port} of 127.0.0.1 is taken" in done.stderr
    assert "--port 0" in done.stderr


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("serve", "--address", "desk.example.com"), 3, "https://desk.example.com"),
        (("serve", "--host", "no.such.host.invalid"), 3, "can't listen at no.such.host.invalid"),
        (("serve", "--port", "70000"), 2, "70000"),
        (("demo", "--port", "8017"), 2, "--port belongs to --web."),
    ],
)
def test_what_can_not_be_is_refused_before_anything_starts(
    shop: Shop, words: tuple[str, ...], code: int, sentence: str
) -> None:
    done = said(shop, *words)
    assert (done.returncode, done.stdout) == (code, "")
    assert sentence in " ".join(done.stderr.split())


@pytest.fixture
def passable() -> Iterator[Path]:
    """A folder through which the private server's own user may pass, which pytest's is not."""
    with tempfile.TemporaryDirectory(prefix="frontdesk-demo-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


@pytest.mark.slow
def test_the_demo_in_a_browser_needs_no_database_of_anybody(passable: Path) -> None:
    folders = {f"FRONTDESK_{kind.upper()}_FOLDER": str(passable / kind) for kind in ("data", "config", "state")}
    command = (*DESK, "demo", "--web", "--port", "0", "--size", "small")
    with Terminal(command, environment=PLAIN | folders, folder=passable, columns=100) as window:
        text = window.wait_for("Ctrl+C ends it", timeout=120)
        found = re.search(r"http://127\.0\.0\.1:\d+/", text)
        assert found is not None
        with urllib.request.urlopen(found[0]) as page:
            assert b"<title>frontdesk</title>" in page.read()
        window.keys("ctrl+c")
        assert window.exit_code() == 0
