"""Documents that are zip archives (DOCX, XLSX, ODT), checked without unpacking them to a disk.

Every figure in the archive is taken as a claim: the directory, each local header and the inflated data must agree,
and nothing is inflated beyond what was claimed or what is allowed. Source of the layout: PKWARE APPNOTE 6.3.10,
sections 4.3 and 4.4; of overlapping members: D. Fifield, A better zip bomb, WOOT 2019.
"""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from penholder.vault.errors import Refusal, UploadContentError
from penholder.vault.member_rules import WINDOW, check_member_content, check_member_name
from penholder.vault.streams import BLOCK, size_in_words

MAX_MEMBERS = 2_000
MAX_DIRECTORY = 1 << 20
MAX_INFLATED = 100 << 20
TELLING = ("[Content_Types].xml", "mimetype")
"""Members that say the type of the document; at most 1 MiB each."""
_END = struct.Struct("<4s4H2LH")
_LOCAL = struct.Struct("<4s5H3L2H")
_STORED, _DEFLATED = zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED
_ENCRYPTED, _DESCRIPTOR, _STRONG, _UTF8 = 0x1, 0x8, 0x40, 0x800
_DESCRIPTOR_SIZES = (12, 16, 20, 24)
_IN_EXTRA = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive: its name, and where its compressed bytes are."""

    info: zipfile.ZipInfo
    start: int

    @property
    def end(self) -> int:
        """The first byte after the compressed ones."""
        return self.start + self.info.compress_size


def read_archive(stream: BinaryIO, *, size: int) -> dict[str, bytes]:
    """Check a zip archive from first to last byte; gives the members by name, in the order of the file, with the
    content of those that say the type (TELLING) and nothing of the others.

    Units: bytes. Memory: the directory and the telling members, at most 1 MiB each.
    Raises: UploadContentError.
    """
    directory = _check_end(stream, size)
    infos = _directory(stream, directory, size)
    members = [_member(stream, info) for info in sorted(infos, key=lambda i: i.header_offset)]
    _check_gaps(members, directory)
    said = sum(info.file_size for info in infos)
    if said > MAX_INFLATED:
        raise _refused(
            Refusal.INFLATES_TOO_FAR,
            f"the archive says that it holds {said} bytes; at most {size_in_words(MAX_INFLATED)} are allowed",
        )
    return {member.info.filename: _check_content(stream, member) for member in members}


def _check_end(stream: BinaryIO, size: int) -> int:
    """Where the directory begins. It must end at the end record, and that at the end of the file."""
    stream.seek(max(0, size - _END.size))
    tail = stream.read(_END.size)
    if len(tail) < _END.size or not tail.startswith(b"PK\5\6"):
        raise _refused(Refusal.TRAILING_DATA, "the archive does not end where the file ends")
    _, disk, first_disk, here, total, length, offset, comment = _END.unpack(tail)
    if disk or first_disk or here != total or comment:
        raise _refused(Refusal.DAMAGED, "the end of the archive contradicts itself, or has a comment")
    if total > MAX_MEMBERS or length > MAX_DIRECTORY:
        raise _refused(
            Refusal.TOO_MANY_MEMBERS, f"the archive has {total} members; a document has at most {MAX_MEMBERS}"
        )
    if offset + length != size - _END.size:
        raise _refused(
            Refusal.MIXED_TYPES, "there are bytes before, in or after the archive that are not part of it"
        )
    return int(offset)


def _directory(stream: BinaryIO, directory: int, size: int) -> list[zipfile.ZipInfo]:
    """The entries of the central directory, names and flags checked."""
    stream.seek(directory)
    tail = stream.read(size - directory)
    # Only the directory is given to zipfile: it can then read no member, and its size is bounded.
    shifted = tail[: -_END.size] + tail[-_END.size : -6] + struct.pack("<LH", 0, 0)
    try:
        with zipfile.ZipFile(io.BytesIO(shifted)) as found:
            infos = found.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error) as error:
        raise _refused(Refusal.DAMAGED, "the directory of the archive cannot be read") from error
    if len(infos) != int.from_bytes(tail[-12:-10], "little"):
        raise _refused(Refusal.DAMAGED, "the archive has another number of members than it says")
    seen: set[str] = set()
    for info in infos:
        _check_entry(info)
        if info.filename.casefold() in seen:
            raise _refused(Refusal.UNSAFE_NAME, "two members of the archive have the same name")
        seen.add(info.filename.casefold())
    return infos


def _check_entry(info: zipfile.ZipInfo) -> None:
    if info.flag_bits & (_ENCRYPTED | _STRONG):
        raise _refused(
            Refusal.ENCRYPTED, "a member of the archive is encrypted", hint="save it without a password"
        )
    if info.compress_type not in (_STORED, _DEFLATED):
        raise _refused(Refusal.COMPRESSION, "a member of the archive is compressed in an unusual way")
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise _refused(Refusal.LINK, "a member of the archive is a link or a device, not a file")
    if info.is_dir() and info.file_size:
        raise _refused(Refusal.DAMAGED, "a folder of the archive has a content")
    if info.filename != info.orig_filename:
        raise _refused(Refusal.UNSAFE_NAME, "a member of the archive has two names")
    check_member_name(info.filename)


def _member(stream: BinaryIO, info: zipfile.ZipInfo) -> Member:
    """The place of a member's bytes, its local header compared with the directory."""
    offset = info.header_offset
    stream.seek(max(0, offset))
    header = stream.read(_LOCAL.size)
    if offset < 0 or len(header) < _LOCAL.size or not header.startswith(b"PK\3\4"):
        raise _refused(Refusal.DAMAGED, "a member of the archive is not where the directory says")
    _, _, flags, method, _, _, _, packed, plain, name_length, extra_length = _LOCAL.unpack(header)
    name = stream.read(name_length).decode("utf-8" if flags & _UTF8 else "cp437", errors="replace")
    if name != info.orig_filename or method != info.compress_type or (flags ^ info.flag_bits) & _ENCRYPTED:
        raise _refused(Refusal.DAMAGED, "a member of the archive is another than the directory says")
    known = [pair for pair in ((packed, info.compress_size), (plain, info.file_size)) if pair[0] != _IN_EXTRA]
    if not flags & _DESCRIPTOR and any(here != there for here, there in known):
        raise _refused(Refusal.SIZE_NOT_AS_SAID, "a member of the archive says two different sizes")
    return Member(info, offset + _LOCAL.size + name_length + extra_length)


def _check_gaps(members: list[Member], directory: int) -> None:
    """Members follow each other without overlap and without hidden bytes between."""
    begins = [member.info.header_offset for member in members] + [directory]
    if begins[0]:
        raise _refused(Refusal.MIXED_TYPES, "there are bytes before the first member of the archive")
    for member, following in zip(members, begins[1:], strict=True):
        gap = following - member.end
        if gap and not (member.info.flag_bits & _DESCRIPTOR and gap in _DESCRIPTOR_SIZES):
            raise _refused(Refusal.DAMAGED, "members of the archive overlap, or bytes are hidden between them")


def _check_content(stream: BinaryIO, member: Member) -> bytes:
    """Inflate a member block by block, no further than it says; gives what says the type of the document."""
    info, count, crc = member.info, 0, 0
    window, kept = b"", b""
    for block in _inflated(stream, member):
        window = window[-WINDOW:] + block
        check_member_content(info.filename, window, first=count <= WINDOW)
        count += len(block)
        if count > info.file_size:
            raise _refused(
                Refusal.SIZE_NOT_AS_SAID, f"a member of the archive says {info.file_size} bytes and holds more"
            )
        crc = zlib.crc32(block, crc)
        if info.filename in TELLING and count <= MAX_DIRECTORY:
            kept += block
    if count != info.file_size or crc != info.CRC or (kept and len(kept) != count):
        raise _refused(Refusal.DAMAGED, "a member of the archive is damaged (size or check sum)")
    return kept


def _inflated(stream: BinaryIO, member: Member) -> Iterator[bytes]:
    """The plain blocks of a member, at most 64 KiB each, whatever its size says."""
    place, packed = member.start, member.info.compress_type == _DEFLATED
    engine = zlib.decompressobj(-zlib.MAX_WBITS)
    while place < member.end:
        stream.seek(place)
        block = stream.read(min(BLOCK, member.end - place))
        if not block:
            raise _refused(Refusal.DAMAGED, "the archive was cut")
        place += len(block)
        if not packed:
            yield block
            continue
        try:
            while not engine.eof and (plain := engine.decompress(block, BLOCK)):
                yield plain
                block = engine.unconsumed_tail  # may be empty while plain bytes are still to come
        except zlib.error as error:
            raise _refused(Refusal.DAMAGED, "a member of the archive cannot be inflated") from error
    if packed and (not engine.eof or engine.unused_data or place != member.end):
        raise _refused(Refusal.DAMAGED, "a member of the archive ends before or after its bytes")


def _refused(reason: Refusal, message: str, *, hint: str = "") -> UploadContentError:
    return UploadContentError(reason, message, hint=hint or "save the document anew and send it again")
