"""A picture that a browser took, as far as a test has to look at it: which colours are in it and how much of each."""

from __future__ import annotations

import struct
import zlib
from collections import Counter
from collections.abc import Iterator

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def colours_of(png: bytes) -> Counter[tuple[int, int, int]]:
    """How many pixels have each colour, of 8-bit PNG without palette or interlacing, as Chromium writes it."""
    assert png.startswith(SIGNATURE)
    packed = b""
    for kind, body in _chunks(png):
        if kind == b"IHDR":
            width, height, depth, colour, *_, interlaced = struct.unpack(">IIBBBBB", body)
            assert (depth, colour in (2, 6), interlaced) == (8, True, 0)
        elif kind == b"IDAT":
            packed += body
    samples = 3 if colour == 2 else 4
    found: Counter[tuple[int, int, int]] = Counter()
    for row in _rows(zlib.decompress(packed), width * samples, height, samples):
        found.update(zip(row[0::samples], row[1::samples], row[2::samples], strict=True))
    return found


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = len(SIGNATURE)
    while place < len(png):
        (length,) = struct.unpack_from(">I", png, place)
        yield png[place + 4 : place + 8], png[place + 8 : place + 8 + length]
        place += length + 12


def _rows(data: bytes, length: int, height: int, samples: int) -> Iterator[bytearray]:
    above = bytearray(length)
    for number in range(height):
        start = number * (length + 1)
        row = bytearray(data[start + 1 : start + 1 + length])
        _unfilter(data[start], row, above, samples)
        yield row
        above = row


def _unfilter(kind: int, row: bytearray, above: bytearray, samples: int) -> None:
    """Undo one row's filter (PNG specification, 9.2)."""
    for place in range(len(row)):
        left = row[place - samples] if place >= samples else 0
        up = above[place]
        corner = above[place - samples] if place >= samples else 0
        if kind == 1:
            row[place] = (row[place] + left) & 255
        elif kind == 2:
            row[place] = (row[place] + up) & 255
        elif kind == 3:
            row[place] = (row[place] + (left + up) // 2) & 255
        elif kind == 4:
            guess = left + up - corner
            near = min((abs(guess - left), 0, left), (abs(guess - up), 1, up), (abs(guess - corner), 2, corner))
            row[place] = (row[place] + near[2]) & 255
