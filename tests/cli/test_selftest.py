"""The scripted day, and that it can fail."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy.pool import NullPool
from sqlmodel import Session

from frontdesk.cli import scripted_day
from frontdesk.db.engine import open_engine
from frontdesk.db.making import Server
from frontdesk.db.server import Handle
from frontdesk.errors import Refusal
from frontdesk.services.people.sign_in import Sessions

SCRATCH = "scratch_of_the_selftest"


@pytest.fixture
def scratch(server: Handle) -> Iterator[tuple[Sessions, Sessions]]:
    """Sessions of the owner and of the desk, in an empty database."""
    own = Server(SCRATCH, server.conninfo(SCRATCH), server.conninfo("postgres"), None)
    own.migrate()
    engines = [
        open_engine(conninfo, poolclass=NullPool)
        for conninfo in (server.conninfo(SCRATCH), server.conninfo(SCRATCH, user=f"{SCRATCH}_desk"))
    ]
    yield lambda: Session(engines[0]), lambda: Session(engines[1])
    own.drop_database()
    own.drop_roles()


def test_the_day_goes_as_it_should(scratch: tuple[Sessions, Sessions]) -> None:
    story: list[str] = []
    teller = scripted_day.Teller(lambda time, sentence: story.append(f"{time} {sentence}"))
    scripted_day.play(teller, *scratch)
    told = "\n".join(story)
    assert teller.checks > 15
    assert "Anna is taken 15:00–15:45 by Jane Doe (booked by Ria, 09:00). Free next: 15:45, or Bo at 15:00." in told
    assert "That visit is already paid." in told
    assert "18:05 The doctor checks every promise" in told


def test_a_day_that_goes_otherwise_is_noticed() -> None:
    teller = scripted_day.Teller(lambda time, sentence: None)
    with pytest.raises(scripted_day.WentWrong, match="the sum should be 2, and is 1"):
        teller.expect("the sum", 1, 2)
    with pytest.raises(scripted_day.WentWrong, match="should have been refused as Refusal"):
        teller.refused(Refusal, lambda: None)
