"""Backup now, from the desk, by whoever may."""

from __future__ import annotations

from pathlib import Path

import pytest

from frontdesk import errors
from frontdesk.db.server import Handle
from frontdesk.desk import Desk
from frontdesk.services.shop.backups import list_backups, make_backup
from frontdesk.settings import Settings
from tests.conftest import desk_conninfo


def test_an_admin_backs_up_and_nobody_else(server: Handle, committed: str, ada: Desk, mo: Desk, tmp_path: Path) -> None:
    settings = Settings(
        database_url=desk_conninfo(server, committed), admin_url=server.conninfo(committed), data_folder=tmp_path
    )
    assert list_backups(ada, settings) == ()
    made = make_backup(ada, settings)
    assert made.verified
    (kept,) = list_backups(ada, settings)
    assert (kept.path, kept.database, kept.bytes, kept.made_at) == (made.path, committed, made.bytes, ada.clock.now())
    with pytest.raises(errors.NotAllowed):
        make_backup(mo, settings)


def test_without_the_owner_s_address_there_is_no_backup_of_what_one_happens_to_see(
    server: Handle, committed: str, ada: Desk, tmp_path: Path
) -> None:
    from frontdesk.db.making import NoAdminAddress

    settings = Settings(database_url=desk_conninfo(server, committed), data_folder=tmp_path)
    with pytest.raises(NoAdminAddress):
        make_backup(ada, settings)
    assert list(tmp_path.iterdir()) == []
