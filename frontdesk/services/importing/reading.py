"""The files of an import, from the disk to text: small enough to be held at once, so that nothing is half read."""

from __future__ import annotations

from pathlib import Path

from frontdesk.errors import BadInput
from frontdesk.rules.mapping import ImportMap, read_map

LARGEST_FILE = 64 * 1024 * 1024
"""Bytes. A salon's ten years are a tenth of it; more is the wrong file."""

_MARK = b"\xef\xbb\xbf"


def map_at(path: Path) -> ImportMap:
    """The map in a file. Raises BadInput."""
    return read_map(_decoded(_bytes(path, "map_file"), path.name, "utf-8"), path.name)


def texts_in(folder: Path, mapping: ImportMap) -> dict[str, str]:
    """The text of every file that the map names. Raises BadInput."""
    if not folder.is_dir():
        raise BadInput(f"There is no folder {folder}. Give the folder that the export's files lie in.", field="folder")
    names = [file.file for file in mapping.files]
    return {name: _decoded(_bytes(folder / name, "folder"), name, mapping.encoding) for name in names}


def _bytes(path: Path, field: str) -> bytes:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise BadInput(f"{path.name} is larger than 64 MiB. Check that it is the right file.", field=field)
        return path.read_bytes()
    except OSError as error:
        raise BadInput(f"{path} can't be read: {error.strerror or error}.", field=field) from None


def _decoded(content: bytes, name: str, encoding: str) -> str:
    try:
        return content.removeprefix(_MARK).decode("utf-8" if content.startswith(_MARK) else encoding)
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        other = "cp1252" if encoding == "utf-8" else "utf-8"
        raise BadInput(
            f"{name}, row {row} holds a letter that is not {encoding}. Save the file as {encoding}, or try"
            f' encoding = "{other}" in the map.',
            field=name,
        ) from None
