"""GeoJSON feature collections -> batches of records, one feature at a time, in bounded memory."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from penholder.analysis.sources.rows import BATCH, RECORD_LIMIT, RawBatch, RowFault
from penholder.analysis.sources.stream import BLOCK, Source
from penholder.kernel.errors import SourceError

_FEATURES = re.compile(r'"features"\s*:\s*\[')
_NEXT = re.compile(r"[\s,]*")
_DECODER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str)
_MAX_HEAD = 1 << 20


def looks_like_json(head: bytes) -> bool:
    """Does the text begin with a brace?"""
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{"


def property_names(head: bytes) -> tuple[str, ...]:
    """Names of the properties of the first feature; empty if there is none in `head`."""
    text = head.decode("utf-8", "replace")
    start = _FEATURES.search(text)
    if not start:
        return ()
    try:
        feature, _ = _DECODER.raw_decode(text, _skipped(text, start.end()))
    except (ValueError, RecursionError):
        return ()
    return tuple(_cells(feature))


class GeoJsonRows:
    """The features of a collection as records whose cells are the properties that are wanted, as text."""

    def __init__(self, source: Source, wanted: tuple[str, ...]) -> None:
        self.source = source
        self._text = ""
        self._line = 1
        self._ended = False
        self._open_collection()
        names = property_names(self._text.encode("utf-8", "replace")) if not self._text.startswith("{") else ()
        self._first = self._peeked()
        names = tuple(_cells(self._first)) if self._first is not None else ()
        self.header = names
        self._kept = [n for n in names if n in wanted]

    def __iter__(self) -> Iterator[RawBatch]:
        batch = RawBatch([], [], [])
        for line, feature in self._features():
            cells = _cells(feature)
            if isinstance(feature, _Broken):
                batch.faults.append(RowFault(line, feature.reason))
            elif not cells:
                batch.faults.append(RowFault(line, "not_a_feature"))
            else:
                batch.rows.append([cells.get(n, "") if n in self._kept else "" for n in self.header])
                batch.lines.append(line)
            if batch.read >= BATCH:
                yield batch
                batch = RawBatch([], [], [])
        if batch.read:
            yield batch

    def _open_collection(self) -> None:
        while not (start := _FEATURES.search(self._text)):
            if len(self._text) > _MAX_HEAD or not self._more():
                raise SourceError(
                    f"{self.source.shown} is JSON, but no GeoJSON feature collection",
                    hint='a feature collection has a list called "features"',
                )
        self._advance(start.end())

    def _peeked(self) -> Any:
        found = next(self._features(), None)
        self._held = found
        return None if found is None or isinstance(found[1], _Broken) else found[1]

    _held: tuple[int, Any] | None = None

    def _features(self) -> Iterator[tuple[int, Any]]:
        if self._held is not None:
            held, self._held = self._held, None
            yield held
        while not self._ended:
            self._advance(_skipped(self._text, 0))
            if not self._text:
                if not self._more():
                    raise self._cut_short()
                continue
            if self._text[0] == "]":
                self._ended = True
                return
            line = self._line
            yield line, self._one()

    def _one(self) -> Any:
        while True:
            try:
                feature, end = _DECODER.raw_decode(self._text)
            except RecursionError:
                return self._pass_over("nested_too_deep")
            except ValueError:
                if len(self._text) > RECORD_LIMIT:
                    return self._pass_over("record_too_long")
                if self._more():
                    continue
                raise self._cut_short() from None
            if end == len(self._text) and self._more():
                continue
            self._advance(end)
            return feature

    def _pass_over(self, reason: str) -> Any:
        raise SourceError(
            f"{self.source.shown}, line {self._line}: a feature cannot be read ({reason.replace('_', ' ')})",
            hint="nothing was loaded; check the file with a JSON tool",
        )

    def _cut_short(self) -> SourceError:
        return SourceError(
            f"{self.source.shown}, line {self._line}: the JSON is cut short or not well formed",
            hint="nothing was loaded; get the file again",
        )

    def _advance(self, end: int) -> None:
        self._line += self._text.count("\n", 0, end)
        self._text = self._text[end:]

    def _more(self) -> bool:
        block = self.source.read(BLOCK)
        while block and (block[-1] & 0xC0) == 0x80 and len(block) % BLOCK > BLOCK - 4:
            block += self.source.read(1)  # not to cut a character in two
        if not block:
            return False
        self._tail = getattr(self, "_tail", b"") + block
        text, self._tail = _decoded(self._tail)
        self._text += text
        return True


class _Broken:
    def __init__(self, reason: str) -> None:
        self.reason = reason


def _decoded(data: bytes) -> tuple[str, bytes]:
    """All whole characters of `data`, and the bytes of a last one that is not complete."""
    for keep in range(min(4, len(data) + 1)):
        try:
            return data[: len(data) - keep].decode("utf-8").removeprefix("\ufeff"), data[len(data) - keep :]
        except UnicodeDecodeError:
            continue
    return data.decode("utf-8", "replace"), b""


def _skipped(text: str, start: int) -> int:
    match = _NEXT.match(text, start)
    return match.end() if match else start


def _cells(feature: Any) -> dict[str, str]:
    """The properties of a feature as text, and its point as latitude and longitude if they are not among them."""
    if not isinstance(feature, dict) or not isinstance(feature.get("properties"), dict):
        return {}
    cells = {" ".join(k.split()): _text(v) for k, v in feature["properties"].items()}
    geometry = feature.get("geometry")
    if isinstance(geometry, dict) and geometry.get("type") == "Point":
        point = geometry.get("coordinates")
        if isinstance(point, list) and len(point) >= 2:
            cells.setdefault("longitude", _text(point[0]))
            cells.setdefault("latitude", _text(point[1]))
    return cells


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
