"""What several of these tests are handed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.services.importing.exports import Folder, written


@pytest.fixture
def export(tmp_path: Path) -> Folder:
    """The small export, one week before the fixture's Monday."""
    return written(tmp_path)
