"""Pictures, walked part by part to their last byte: what follows the end, or is larger than a screen can show, is
refused. Pixels are not decoded.

Sources: PNG specification (third edition) sections 5.2-5.6; JPEG: ITU-T T.81 annex B.
"""

from __future__ import annotations

import re
import struct
from typing import BinaryIO

from penholder.vault.errors import Refusal, UploadContentError
from penholder.vault.streams import BLOCK

PNG_START = b"\x89PNG\r\n\x1a\n"
JPEG_START = b"\xff\xd8\xff"
MAX_PIXELS = 100_000_000
MAX_PARTS = 20_000
_NAME = re.compile(rb"[A-Za-z]{4}\Z")
_MARKER = re.compile(rb"\xff+[^\x00\xd0-\xd7\xff]")
_SOS = 0xDA
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def check_png(stream: BinaryIO, *, size: int) -> None:
    """Chunks from IHDR to IEND, which ends the file. Raises: UploadContentError."""
    place = len(PNG_START)
    for number in range(MAX_PARTS):
        stream.seek(place)
        head = stream.read(8)
        if len(head) < 8 or not _NAME.match(head[4:]) or (number == 0) != (head[4:] == b"IHDR"):
            raise _damaged("PNG")
        length = int.from_bytes(head[:4], "big")
        if number == 0:
            _check_pixels(*struct.unpack(">LL", stream.read(8).ljust(8, b"\0")))
        place += 12 + length
        if place > size:
            raise _damaged("PNG")
        if head[4:] == b"IEND":
            if place != size or length:
                raise _trailing("PNG")
            return
    raise _damaged("PNG")


def check_jpeg(stream: BinaryIO, *, size: int) -> None:
    """Segments from SOI to EOI, which ends the file, or is followed by another JPEG: cameras append smaller and
    brighter versions (CIPA DC-007). Raises: UploadContentError.
    """
    place, pixels = 0, False
    for _ in range(MAX_PARTS):
        stream.seek(place)
        head = stream.read(9)
        if head.startswith(JPEG_START):
            place, pixels = place + 2, False
            continue
        if head.startswith(b"\xff\xd9") and pixels:
            place += 2
            if place == size:
                return
            stream.seek(place)
            if stream.read(3) != JPEG_START:
                raise _trailing("JPEG")
            continue
        length = int.from_bytes(head[2:4], "big")
        if len(head) < 9 or head[0] != 0xFF or head[1] < 0xC0 or length < 2:
            raise _damaged("JPEG")
        if head[1] in _FRAMES:
            height, width = struct.unpack(">HH", head[5:9])
            _check_pixels(width, height)
            pixels = True
        place += 2 + length
        if head[1] == _SOS:
            place = _next_marker(stream, place)
    raise _damaged("JPEG")


def _next_marker(stream: BinaryIO, place: int) -> int:
    """The place of the next marker after compressed data (B.1.1.5: 0xFF00 and restarts are part of the data)."""
    stream.seek(place)
    kept = b""
    while block := stream.read(BLOCK):
        data = kept + block
        if found := _MARKER.search(data):
            return place - len(kept) + found.end() - 2
        place += len(block)
        kept = data[-1:] if data.endswith(b"\xff") else b""
    raise _damaged("JPEG")


def _check_pixels(width: int, height: int) -> None:
    if not 0 < width * height <= MAX_PIXELS:
        raise UploadContentError(
            Refusal.TOO_MANY_PIXELS,
            f"the picture says {width} x {height} pixels; up to {MAX_PIXELS // 1_000_000} million are taken",
            hint="make it smaller",
        )


def _damaged(kind: str) -> UploadContentError:
    return UploadContentError(Refusal.DAMAGED, f"the {kind} picture is damaged or was cut", hint="export it anew")


def _trailing(kind: str) -> UploadContentError:
    return UploadContentError(
        Refusal.TRAILING_DATA, f"something follows the end of the {kind} picture", hint="export the picture anew"
    )
