"""Reading what strangers send: in blocks, counted as it is read, never trusting a length that was announced."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Protocol

from penholder.vault.errors import Refusal, UploadContentError, UploadTooLargeError

BLOCK = 1 << 16
MEBIBYTE = 1 << 20


class Readable(Protocol):
    """A binary stream: an open file, an HTTP body, an upload of Django."""

    def read(self, size: int, /) -> bytes | None:
        """At most `size` bytes; none at the end."""


class Taken:
    """The blocks of a stream. After the last one `size` and `sha256` are those of the whole."""

    def __init__(self, stream: Readable, *, limit: int) -> None:
        self._stream = stream
        self._limit = limit
        self._digest = hashlib.sha256()
        self.size = 0

    def __iter__(self) -> Iterator[bytes]:
        """Blocks of 1 to 64 KiB. At most one block more than `limit` is read.

        Raises: UploadTooLargeError as soon as more than `limit` bytes were read; UploadContentError if the stream
        is empty or breaks off.
        """
        while block := self._next():
            self.size += len(block)
            if self.size > self._limit:
                raise UploadTooLargeError(
                    Refusal.TOO_LARGE,
                    f"more than {size_in_words(self._limit)} were sent; that is the limit",
                    hint="send a smaller file, or several",
                )
            self._digest.update(block)
            yield block
        if not self.size:
            raise UploadContentError(Refusal.EMPTY, "the file is empty", hint="send a file that holds something")

    def _next(self) -> bytes | None:
        try:
            return self._stream.read(min(BLOCK, self._limit - self.size + 1))
        except OSError as error:  # also what Django raises where the sender hangs up
            raise UploadContentError(
                Refusal.BROKEN_OFF, "the file did not arrive in full", hint="send it again"
            ) from error

    @property
    def sha256(self) -> bytes:
        """SHA-256 of the plain bytes so far, 32 bytes."""
        return self._digest.digest()


def take(stream: Readable, *, limit: int) -> Taken:
    """Read a stream in blocks up to `limit` bytes. Units: bytes. Memory: one block."""
    return Taken(stream, limit=limit)


def size_in_words(size: int) -> str:
    """`25 MiB`, or `1234 bytes` where it is no whole number of MiB."""
    return f"{size // MEBIBYTE} MiB" if size >= MEBIBYTE and size % MEBIBYTE == 0 else f"{size} bytes"
