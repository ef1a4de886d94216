"""What is built from a checkout runs from anywhere: the wheel, and uvx without installing."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MIGRATIONS = {f"frontdesk/migrations/versions/{path.name}" for path in (ROOT / "migrations" / "versions").glob("0*.py")}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def test_the_wheel_contains_the_migrations_and_no_tests(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert names >= MIGRATIONS | {"frontdesk/migrations/env.py", "frontdesk/services/presets/salon.toml"}
    assert not any(name.startswith(("tests/", "migrations/")) for name in names)


def test_an_editable_install_carries_no_stale_migrations() -> None:
    assert not list((Path(sysconfig.get_path("purelib")) / "frontdesk").rglob("*.py"))


def _environment(tmp_path: Path) -> dict[str, str]:
    """A machine on which frontdesk was never used. Root's data stays where its server can read it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("FRONTDESK_", "VIRTUAL_ENV"))}
    homes = {
        name: str(tmp_path / name.lower()) for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME")
    }
    return {**kept, **homes}


@pytest.mark.slow
def test_the_wheel_plays_a_day_from_an_empty_folder(wheel: Path, tmp_path: Path) -> None:
    target = tmp_path / "installed"
    venv.create(target, with_pip=False)
    place = Path(sysconfig.get_path("purelib", vars={"base": str(target)}))
    with zipfile.ZipFile(wheel) as built:
        built.extractall(place)
    # What it needs is taken from here; frontdesk itself stands first and comes from the wheel.
    (place / "needs.pth").write_text(sysconfig.get_path("purelib") + "\n")
    empty = tmp_path / "empty"
    empty.mkdir()
    done = subprocess.run(
        [target / "bin" / "python", "-m", "frontdesk", "selftest"],
        cwd=empty, env=_environment(tmp_path), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "The day went as it should" in done.stdout
    assert list(empty.iterdir()) == []


@pytest.mark.slow
def test_uvx_runs_a_checkout(tmp_path: Path) -> None:
    uv = str(Path(sys.executable).with_name("uv"))
    command = [uv, "tool", "run", "--from", str(ROOT), "frontdesk", "selftest"]
    environment = {**_environment(tmp_path), "UV_CACHE_DIR": str(tmp_path / "cache")}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0 and ("Failed to fetch" in done.stderr or "error sending request" in done.stderr):
        pytest.skip("uvx could not reach a package index from here")
    assert done.returncode == 0, done.stderr
    assert "The day went as it should" in done.stdout
