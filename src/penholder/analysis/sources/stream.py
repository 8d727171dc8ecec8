"""The bytes of one source: a file, a `.gz` file (known by its first bytes) or standard input.

Everything that is read is hashed on the way, so that a release names exactly the bytes that it came from.
"""

from __future__ import annotations

import codecs
import gzip
import hashlib
import io
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from penholder.kernel.errors import SourceError

STDIN = "-"
BLOCK = 1 << 20
_GZIP = b"\x1f\x8b"
_OTHER_FORMATS = {
    b"PK\x03\x04": "a zip archive or an Excel workbook",
    b"\xd0\xcf\x11\xe0": "an old Excel or Word file",
    b"%PDF": "a PDF file",
    b"PAR1": "a Parquet file",
    b"\x28\xb5\x2f\xfd": "a zstd file",
    b"BZh": "a bzip2 file",
    b"\xfd7zXZ": "an xz file",
}


class Progress(Protocol):
    """Told how many bytes of the source were read."""

    def __call__(self, count: int, /) -> None: ...


def no_progress(_count: int, /) -> None:
    """For callers that show nothing."""


class _Hashed(io.RawIOBase):
    """Raw bytes, hashed and counted as they are read."""

    def __init__(self, stream: BinaryIO, progress: Progress) -> None:
        super().__init__()
        self._stream = stream
        self._progress = progress
        self.digest = hashlib.sha256()
        self.count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        block = self._stream.read(len(buffer))
        buffer[: len(block)] = block
        self.digest.update(block)
        self.count += len(block)
        self._progress(len(block))
        return len(block)


class Source:
    """One opened source. `read` gives decompressed bytes; close it, or use it in a `with`."""

    def __init__(self, path: Path | str, *, progress: Progress = no_progress) -> None:
        """Raises: SourceError where there is no such file, or it is a folder, unreadable or of another format."""
        self.name = "stdin" if path == STDIN else Path(path).name
        self.shown = "standard input" if path == STDIN else str(path)
        raw = cast("BinaryIO", sys.stdin.buffer) if path == STDIN else _opened(Path(path))
        self._close: Callable[[], None] = (lambda: None) if path == STDIN else raw.close
        self._hashed = _Hashed(raw, progress)
        self._packed = io.BufferedReader(self._hashed, BLOCK)
        self._head = b""
        self._plain: BinaryIO = cast("BinaryIO", self._packed)
        self._content = self._hashed
        try:
            if self._guarded(lambda: self._packed.peek(8)[:8]).startswith(_GZIP):
                unpacked = cast("BinaryIO", gzip.GzipFile(fileobj=self._packed, mode="rb"))
                self._content = _Hashed(unpacked, no_progress)
                self._plain = cast("BinaryIO", io.BufferedReader(self._content, BLOCK))
            self._refuse_other_formats()
        except SourceError:
            self._close()
            raise

    def __enter__(self) -> Source:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def peek(self, size: int) -> bytes:
        """The first `size` bytes (fewer at the end), without using them up. Only before the first `read`."""
        while len(self._head) < size:
            block = self._guarded(lambda: self._plain.read(size - len(self._head)))
            if not block:
                break
            self._head += block
        return self._head[:size]

    def read(self, size: int) -> bytes:
        """Up to `size` bytes; empty at the end. Raises: SourceError if the file is cut short or damaged."""
        if self._head:
            block, self._head = self._head[:size], self._head[size:]
            return block
        return self._guarded(lambda: self._plain.read(size))

    def finish(self) -> tuple[str, int]:
        """Read what is left; sha256 (hex) and number of the bytes as they were given (packed, for `.gz`)."""
        if self._content is not self._hashed:
            while self._guarded(lambda: self._content.read(BLOCK) or b""):
                pass
        while self._guarded(lambda: self._packed.read(BLOCK)):
            pass
        return self._hashed.digest.hexdigest(), self._hashed.count

    @property
    def content_sha256(self) -> str:
        """sha256 (hex) of the content, unpacked where the file is packed. After `finish`."""
        return self._content.digest.hexdigest()

    def recode(self, encoding: str) -> None:
        """Turn a stream whose line ends are not single bytes (UTF-16, UTF-32) into UTF-8."""
        head, self._head = self._head, b""
        self._plain = cast("BinaryIO", io.BufferedReader(_Recoded(head, self._plain, encoding, self.shown), BLOCK))

    def _guarded(self, action: Callable[[], bytes]) -> bytes:
        try:
            return action()
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise SourceError(
                f"{self.shown} is cut short or damaged: {error}",
                hint="nothing was loaded; get the file again and check its size",
            ) from error
        except OSError as error:
            said = error.strerror or error
            raise SourceError(f"{self.shown} cannot be read: {said}", hint="nothing was loaded") from error

    def _refuse_other_formats(self) -> None:
        head = self.peek(8)
        for magic, what in _OTHER_FORMATS.items():
            if head.startswith(magic):
                raise SourceError(
                    f"{self.shown} is {what}", hint="give it as CSV (UTF-8), GeoJSON, or either in .gz"
                )


class _Recoded(io.RawIOBase):
    def __init__(self, head: bytes, stream: BinaryIO, encoding: str, shown: str) -> None:
        super().__init__()
        self._pending = head
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._ready = b""
        self._shown = shown

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        while not self._ready:
            block, self._pending = self._pending or self._stream.read(BLOCK), b""
            try:
                self._ready = self._decoder.decode(block, final=not block).encode("utf-8", "replace")
            except UnicodeDecodeError as error:
                raise SourceError(
                    f"{self._shown} is not {error.encoding}: {error.reason}", hint="give its real --encoding"
                ) from error
            if not block:
                break
        count = min(len(buffer), len(self._ready))
        buffer[:count], self._ready = self._ready[:count], self._ready[count:]
        return count


def _opened(path: Path) -> BinaryIO:
    try:
        return cast("BinaryIO", path.open("rb", buffering=0))
    except FileNotFoundError as error:
        raise SourceError(f"{path}: there is no such file or folder", hint="check the path") from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        said = getattr(error, "strerror", None) or error
        raise SourceError(f"{path} cannot be read: {said}", hint="check the path and its permissions") from error


def check_encoding(name: str) -> str:
    """The codec's own name. Raises: SourceError for a name that is not known as a text encoding."""
    try:
        codec = codecs.lookup(name)
        "a".encode(codec.name)
    except (LookupError, ValueError) as error:
        raise SourceError(
            f"encoding {name!r} is not known", hint="for example utf-8, cp1252, iso-8859-1, utf-16"
        ) from error
    return codec.name


def is_wide(encoding: str) -> bool:
    """Does a line end take more than one byte in this encoding?"""
    return len("\n".encode(encoding)) > 1
