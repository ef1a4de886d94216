"""login, logout, whoami, user, terminal: who the commands act as."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from tests.cli.conftest import Run

PASSWORD = "correct horse battery"


@pytest.fixture
def secrets(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What would be typed unseen."""
    for name, value in (("NEW_PASSWORD", PASSWORD), ("PASSWORD", PASSWORD), ("NEW_PIN", "4711"), ("PIN", "4711")):
        monkeypatch.setenv(f"FRONTDESK_{name}", value)


@pytest.mark.usefixtures("secrets")
def test_a_sign_in_is_kept_in_a_private_file_until_one_signs_out(run: Run, place: Path) -> None:
    added = run("user", "add", "zoe", "--role", "receptionist", who="ada")
    assert added.code == 0, added.err
    signed_in = run("login", "zoe@vale", who="")
    assert signed_in.code == 0, signed_in.err
    assert "Zoe, receptionist" in signed_in.out
    kept = place / "state" / "token"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert run("whoami", "--json", who="").json["name"] == "Zoe"
    token = kept.read_text()
    assert run("logout", who="").code == 0
    assert not kept.exists()
    kept.write_text(token)
    assert run("whoami", who="").code == 3


@pytest.mark.usefixtures("secrets")
def test_a_wrong_password_is_refused_and_keeps_nothing(run: Run, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("user", "add", "zoe", "--role", "receptionist", who="ada")
    monkeypatch.setenv("FRONTDESK_PASSWORD", "something else")
    ended = run("login", "zoe@vale", "--json", who="")
    assert (ended.code, ended.json["refused"]) == (3, "WrongSecret")
    assert not (place / "state" / "token").exists()


@pytest.mark.usefixtures("secrets")
def test_a_pin_is_good_at_a_registered_terminal_only(run: Run, place: Path) -> None:
    assert run("user", "add", "zoe", "--role", "trainee", "--pin", who="ada").code == 0
    assert run("login", "zoe@vale", "--pin", who="").code == 3
    registered = run("terminal", "register", "front", "desk", "--json", who="ada")
    assert registered.json["name"] == "front desk"
    secret = place / "config" / "terminal"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert secret.read_text().strip() not in registered.out + registered.err
    assert run("login", "zoe", "--pin", who="").code == 0
    assert "front desk  Vale Street" in run("terminal", "list", who="ada").out
    assert run("terminal", "disable", str(registered.json["id"]), who="ada").code == 0
    assert run("login", "zoe", "--pin", who="").code == 3


@pytest.mark.usefixtures("secrets")
def test_people_are_listed_changed_and_disabled_by_an_admin(run: Run) -> None:
    assert run("user", "add", "zoe", "--role", "manager").code == 3
    assert run("user", "add", "zoe", "--name", "Zoë B", "--role", "manager", "--password", "--pin", who="ada").code == 0
    assert "zoe      Zoë B  manager" in run("user", "list").out
    assert run("user", "password", "zoe", who="ada").code == 0
    assert run("user", "disable", "zoe", who="ada").code == 0
    assert run("user", "disable", "nobody", who="ada").code == 3
    assert "disabled" in run("user", "list").out
    assert run("login", "zoe@vale", who="").code == 3


def test_without_a_person_a_password_is_not_waited_for(run: Run) -> None:
    ended = run("login", "ria", who="")
    assert ended.code == 2
    assert "FRONTDESK_PASSWORD" in ended.err


def test_whoami_says_who_and_where(run: Run) -> None:
    ended = run("whoami")
    assert "Ria, receptionist" in ended.out
    assert "Vale Street (1)" in ended.out


def test_somebody_elses_shop_is_no_shop(run: Run) -> None:
    assert run("whoami", "--shop", "2").code == 3
    assert run("--shop", "1", "whoami").code == 0
