"""Small documents of every kind that is taken, and a zip writer that can lie. All made here, about nobody."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass

PDF = b"%PDF-1.4\n1 0 obj\n<</Type/Catalog>>\nendobj\nxref\n0 1\ntrailer\n<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
CSV = b"line,goods,value\nL-1,ML4,1000\nL-2,ML10,2500\n"
TEXT = "The licence was suspended on 3 May. Grüße.\n".encode()
WORD_TYPES = (
    b'<?xml version="1.0" encoding="UTF-8"?><Types><Override PartName="/word/document.xml" '
    b'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
ODT_TYPE = b"application/vnd.oasis.opendocument.text"


def png(width: int = 2, height: int = 2) -> bytes:
    """A grey picture; the given size is only said."""

    def part(name: bytes, data: bytes) -> bytes:
        return struct.pack(">L", len(data)) + name + data + struct.pack(">L", zlib.crc32(name + data))

    header = struct.pack(">LLBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + part(b"IHDR", header)
        + part(b"IDAT", zlib.compress(b"\0\1\1\0\1\1"))
        + part(b"IEND", b"")
    )


def jpeg(width: int = 8, height: int = 8) -> bytes:
    """Segments as of a JPEG, a restart and a stuffed byte in the data; no picture that could be seen."""
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\x00"
    scan = b"\xff\xda" + struct.pack(">H", 8) + b"\x01\x01\x00\x00\x3f\x00" + b"\x12\xff\x00\x34\xff\xd0\x56"
    thumbnail = b"\xff\xe1" + struct.pack(">H", 8) + b"\xff\xd8\xff\xd9zz"
    return (
        b"\xff\xd8\xff\xe0" + struct.pack(">H", 16) + b"JFIF\0" + bytes(9) + thumbnail + frame + scan + b"\xff\xd9"
    )


def docx(extra: dict[str, bytes] | None = None, *, types: bytes = WORD_TYPES) -> bytes:
    """A Word document with further members."""
    parts = {
        "[Content_Types].xml": types,
        "_rels/.rels": b"<Relationships/>",
        "word/document.xml": b"<w:document/>",
    }
    return zipped(parts | (extra or {}))


def odt(extra: dict[str, bytes] | None = None) -> bytes:
    """An OpenDocument text with further members."""
    return zipped({"mimetype": ODT_TYPE, "content.xml": b"<office:document-content/>"} | (extra or {}))


def zipped(members: dict[str, bytes]) -> bytes:
    """An ordinary archive."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            packed = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name), data, packed)
    return target.getvalue()


@dataclass
class Lie:
    """One member whose headers may say anything. None: the truth."""

    name: str
    data: bytes
    said_size: int | None = None
    local_size: int | None = None
    local_name: str | None = None
    flags: int = 0
    method: int = 8
    mode: int = 0o100644
    crc: int | None = None
    raw: bytes | None = None
    """The compressed bytes, as they are written."""


def lying_zip(members: list[Lie], *, count: int | None = None, tail: bytes = b"", gap: bytes = b"") -> bytes:
    """An archive of lies, written header by header (APPNOTE 4.3)."""
    body, directory = b"", b""
    for m in members:
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        packed = (
            m.raw if m.raw is not None else m.data if m.method == 0 else packer.compress(m.data) + packer.flush()
        )
        crc = zlib.crc32(m.data) if m.crc is None else m.crc
        said = len(m.data) if m.said_size is None else m.said_size
        local = said if m.local_size is None else m.local_size
        name, local_name = m.name.encode(), (m.local_name or m.name).encode()
        common = (20, m.flags, m.method, 0, 0, crc, len(packed))
        sizes = (crc, len(packed), said, len(name), 0, 0, 0, 0, m.mode << 16, len(body))
        directory += struct.pack("<4s6H3L5H2L", b"PK\1\2", 0x0314, *common[:5], *sizes) + name
        body += struct.pack("<4s5H3L2H", b"PK\3\4", *common, local, len(local_name), 0) + local_name + packed + gap
    total = len(members) if count is None else count
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, total, total, len(directory), len(body), 0)
    return body + directory + end + tail
