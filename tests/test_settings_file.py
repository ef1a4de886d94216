"""config.toml as a program changes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from frontdesk.errors import BadInput
from frontdesk.settings import load
from frontdesk.settings_file import keep_setting

WRITTEN = """# Ours, from Ada.
theme = "frontdesk-dark"  # until the lamps are mended

[other]
"""


def test_a_changed_setting_leaves_the_comments_and_says_where_it_is(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(WRITTEN.partition("\n[other]")[0], encoding="utf-8")
    before = load({"config_folder": str(tmp_path)}, {})
    after = keep_setting(before, "theme", "frontdesk-light")
    text = file.read_text(encoding="utf-8")
    assert "# Ours, from Ada." in text
    assert "# until the lamps are mended" in text
    assert after.theme == load({}, {"FRONTDESK_CONFIG_FOLDER": str(tmp_path)}).theme == "frontdesk-light"
    assert after.origins["theme"] == str(file)
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_first_setting_makes_the_file(tmp_path: Path) -> None:
    settings = load({}, {"FRONTDESK_CONFIG_FOLDER": str(tmp_path / "new")})
    keep_setting(settings, "lock_minutes", 3)
    assert load({}, {"FRONTDESK_CONFIG_FOLDER": str(tmp_path / "new")}).lock_minutes == 3


def test_what_the_environment_decides_is_not_written(tmp_path: Path) -> None:
    settings = load({}, {"FRONTDESK_CONFIG_FOLDER": str(tmp_path), "FRONTDESK_THEME": "nord"})
    with pytest.raises(BadInput, match="FRONTDESK_THEME decides theme"):
        keep_setting(settings, "theme", "frontdesk-light")
    assert not (tmp_path / "config.toml").exists()


def test_a_file_that_nobody_can_read_is_left_alone(tmp_path: Path) -> None:
    settings = load({}, {"FRONTDESK_CONFIG_FOLDER": str(tmp_path)})
    (tmp_path / "config.toml").write_text("theme = ", encoding="utf-8")
    with pytest.raises(BadInput, match="can't be changed"):
        keep_setting(settings, "theme", "nord")
    assert (tmp_path / "config.toml").read_text(encoding="utf-8") == "theme = "
