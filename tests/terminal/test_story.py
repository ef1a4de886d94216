"""A receptionist's hour, at the shop's own terminal and over the worst line one would still work on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.terminal import story
from tests.terminal.conftest import DESK, Shop
from tests.terminal.harness import ssh
from tests.terminal.harness.network import BadLine, NoSuchLine, bad_line
from tests.terminal.harness.terminal import Terminal


@pytest.mark.parametrize(("rows", "columns"), [(24, 80), pytest.param(36, 120, marks=pytest.mark.thorough)])
def test_an_hour_at_the_desk(shop: Shop, rows: int, columns: int) -> None:
    with shop.open_desk(rows=rows, columns=columns) as desk:
        story.play(desk, shop)


@pytest.mark.thorough
def test_the_same_hour_without_colours_and_in_sixteen(shop: Shop) -> None:
    with shop.open_desk(NO_COLOR="1", TERM="linux", COLORTERM=None) as desk:
        story.play(desk, shop)
        assert set(desk.wire.colours().values()) == {0}


@pytest.fixture
def line() -> Iterator[BadLine]:
    try:
        with bad_line(round_trip_ms=300, loss_percent=1) as made:
            yield made
    except NoSuchLine as why:
        pytest.skip(f"no bad line can be made here: {why}")


@pytest.mark.slow
@pytest.mark.skipif(not ssh.found(), reason="there is no sshd here; .ci/run installs openssh-server")
def test_the_same_hour_with_300_ms_and_lost_packets(shop: Shop, line: BadLine, tmp_path: Path) -> None:
    ours = {name: value for name, value in shop.environment.items() if name.startswith("FRONTDESK_")}
    with (
        ssh.opened(tmp_path / "sshd", DESK, ours, address=line.address, within=line.within) as door,
        Terminal(door.ssh(), environment=shop.environment) as desk,
    ):
        story.play(desk, shop, patience=60)
    assert line.lost > 3, f"{line.carried} packets were carried, and too few lost to prove anything"
