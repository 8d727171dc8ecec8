"""Bytes -> text in chunks of whole lines, in bounded memory.

A line that is too long is thrown away while it is read, a line with bytes that are not in the encoding is kept
with replacement marks, and both are remembered by their physical number, so that only their record is lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from penholder.analysis.sources.stream import BLOCK, Source

LINE_LIMIT = 1 << 20
"""Longest line in bytes. Real tables stay far below; a longer one is something else than a table row."""
_BOM = b"\xef\xbb\xbf"


@dataclass(slots=True)
class Chunk:
    """Whole lines of text. `first` is the physical number of the first one, from 1; `count` how many."""

    text: str
    first: int
    count: int


@dataclass(slots=True)
class Chunks:
    """Iterate to get the chunks; `faults` gathers physical line -> reason code while that happens."""

    source: Source
    encoding: str
    faults: dict[int, str] = field(default_factory=dict)
    _line: int = 1
    _carriage: bool = False

    def __iter__(self) -> Iterator[Chunk]:
        carry = self.source.read(BLOCK)
        carry = carry.removeprefix(_BOM) if self.encoding.startswith("utf-8") else carry
        self._carriage = b"\r" in carry[:-1] and b"\n" not in carry
        carry = self._lines(carry)
        while True:
            cut = carry.find(b"\n")
            if cut > LINE_LIMIT or (cut < 0 and len(carry) > LINE_LIMIT):
                yield self._long_line()
                carry = self._rest_of_long(carry, cut)
                continue
            end = carry.rfind(b"\n") + 1
            if end:
                yield self._chunk(carry[:end])
                carry = carry[end:]
            block = self._lines(self.source.read(BLOCK))
            if not block:
                break
            carry += block
        if carry:
            yield self._chunk(carry)

    def _lines(self, block: bytes) -> bytes:
        """Old Macintosh files end their lines with a carriage return alone."""
        return block.replace(b"\r", b"\n") if self._carriage else block

    def _long_line(self) -> Chunk:
        self.faults[self._line] = "line_too_long"
        chunk = Chunk("\n", self._line, 1)
        self._line += 1
        return chunk

    def _rest_of_long(self, carry: bytes, cut: int) -> bytes:
        while cut < 0:
            carry = self._lines(self.source.read(BLOCK))
            if not carry:
                return b""
            cut = carry.find(b"\n")
        return carry[cut + 1 :]

    def _chunk(self, data: bytes) -> Chunk:
        try:
            text = data.decode(self.encoding)
        except UnicodeDecodeError:
            text = self._decoded_by_line(data)
        if "\0" in text:
            self._mark_nul(text)
        count = text.count("\n") + (not text.endswith("\n"))
        chunk = Chunk(text, self._line, count)
        self._line += count
        return chunk

    def _decoded_by_line(self, data: bytes) -> str:
        lines = []
        for number, line in enumerate(data.split(b"\n"), self._line):
            try:
                lines.append(line.decode(self.encoding))
            except UnicodeDecodeError:
                self.faults[number] = "bad_encoding"
                lines.append(line.decode(self.encoding, "replace"))
        return "\n".join(lines)

    def _mark_nul(self, text: str) -> None:
        for number, line in enumerate(text.split("\n"), self._line):
            if "\0" in line:
                self.faults[number] = "nul_byte"
