"""Settings come from four places, and each knows which."""

from __future__ import annotations

from pathlib import Path

import pytest

from frontdesk.errors import BadInput
from frontdesk.settings import load


def _environ(tmp_path: Path, **more: str) -> dict[str, str]:
    return {"FRONTDESK_CONFIG_FOLDER": str(tmp_path), **more}


def test_flags_win_over_the_environment_and_that_over_the_file(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('database = "of the file"\nserver_version = 16\ndatabase_url = "file"\n')
    environ = _environ(tmp_path, FRONTDESK_DATABASE="of the environment", FRONTDESK_DATABASE_URL="environment")
    settings = load({"database_url": "flag"}, environ)
    assert (settings.server_version, settings.database, settings.database_url) == (16, "of the environment", "flag")
    assert settings.origins["server_version"] == str(tmp_path / "config.toml")
    assert settings.origins["database"] == "FRONTDESK_DATABASE"
    assert settings.origins["database_url"] == "flag"
    assert "data_folder" not in settings.origins


def test_an_unknown_name_in_the_file_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('datenbank = "x"\n')
    with pytest.raises(BadInput, match="names 'datenbank', which is no setting. The settings are: database_url"):
        load(environ=_environ(tmp_path))


def test_a_file_that_is_not_toml_is_named(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("database = \n")
    with pytest.raises(BadInput, match="is not a readable settings file"):
        load(environ=_environ(tmp_path))


def test_a_number_that_is_none_says_where_it_stands(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"server_version has to be a whole number, not 'new' \(FRONTDESK_SERVER"):
        load(environ=_environ(tmp_path, FRONTDESK_SERVER_VERSION="new"))
