"""GeoJSON feature collections -> batches of records, one feature at a time, in bounded memory."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any

from penholder.analysis.sources.rows import BATCH, RECORD_LIMIT, RawBatch, RowFault
from penholder.analysis.sources.stream import BLOCK, Source
from penholder.kernel.errors import SourceError

_FEATURES = re.compile(r'"features"\s*:\s*\[')
_BETWEEN = re.compile(r"[\s,]*")
_DECODER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str)
_MAX_HEAD = 1 << 20


def looks_like_json(head: bytes) -> bool:
    """Does the text begin with a brace?"""
    return head.removeprefix(codecs.BOM_UTF8).lstrip()[:1] == b"{"


def property_names(head: bytes) -> tuple[str, ...]:
    """Names of the properties of the first feature; empty if there is none in `head`."""
    text = head.decode("utf-8", "replace")
    start = _FEATURES.search(text)
    if not start:
        return ()
    try:
        feature, _ = _DECODER.raw_decode(text, _after_gap(text, start.end()))
    except (ValueError, RecursionError):
        return ()
    return tuple(_cells(feature))


class GeoJsonRows:
    """The features of a collection as records; the cells are their properties, as text, in the order of `header`.

    `header` are the properties of the first feature; of later features only these are read.
    """

    def __init__(self, source: Source, wanted: tuple[str, ...]) -> None:
        """`wanted`: only these properties are kept. Raises: SourceError where there is no feature at all."""
        self.source = source
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._text = ""
        self._at = 0
        self._line = 1
        self._open()
        first = next(self._features(), None)
        if first is None:
            raise SourceError(
                f"{source.shown} is a feature collection without features", hint="nothing was loaded"
            )
        self._first = first
        self.header = tuple(_cells(first[1]))
        self._wanted = frozenset(wanted)

    def __iter__(self) -> Iterator[RawBatch]:
        batch = self._with(RawBatch([], [], []), self._first)
        for numbered in self._features():
            if batch.read >= BATCH:
                yield batch
                batch = RawBatch([], [], [])
            self._with(batch, numbered)
        yield batch

    def _with(self, batch: RawBatch, numbered: tuple[int, Any]) -> RawBatch:
        line, feature = numbered
        cells = _cells(feature)
        if cells:
            batch.rows.append([cells.get(n, "") if n in self._wanted else "" for n in self.header])
            batch.lines.append(line)
        else:
            batch.faults.append(RowFault(line, "not_a_feature"))
        return batch

    def _open(self) -> None:
        while not (start := _FEATURES.search(self._text)):  # `_at` is still 0
            if len(self._text) > _MAX_HEAD or not self._more():
                raise SourceError(
                    f"{self.source.shown} is JSON, but no GeoJSON feature collection",
                    hint='a feature collection has a list called "features"',
                )
        self._advance(start.end())

    def _features(self) -> Iterator[tuple[int, Any]]:
        """Physical line and content of each feature."""
        while True:
            self._advance(_after_gap(self._text, self._at))
            if self._at == len(self._text):
                if not self._more():
                    raise self._refusal("the JSON is cut short")
            elif self._text[self._at] == "]":
                return
            else:
                yield self._line, self._one()

    def _one(self) -> Any:
        while True:
            try:
                feature, end = _DECODER.raw_decode(self._text, self._at)
            except RecursionError:
                raise self._refusal("a feature is nested too deep") from None
            except ValueError:
                if len(self._text) - self._at > RECORD_LIMIT:
                    raise self._refusal("a feature is too long, or the JSON is not well formed") from None
                if not self._more():
                    raise self._refusal("the JSON is cut short or not well formed") from None
                continue
            if end == len(self._text) and self._more():
                continue  # a number at the very end of a block may go on in the next
            self._advance(end)
            return feature

    def _refusal(self, what: str) -> SourceError:
        return SourceError(
            f"{self.source.shown}, line {self._line}: {what}", hint="nothing was loaded; get the file again"
        )

    def _advance(self, end: int) -> None:
        self._line += self._text.count("\n", self._at, end)
        self._at = end

    def _more(self) -> bool:
        block = self.source.read(BLOCK)
        self._text = self._text[self._at :] + self._decoder.decode(block, final=not block)
        self._at = 0
        return bool(block)


def _after_gap(text: str, start: int) -> int:
    match = _BETWEEN.match(text, start)
    return match.end() if match else start


def _cells(feature: Any) -> dict[str, str]:
    """The properties of a feature as text, and its point as latitude and longitude if they are not among them."""
    if not isinstance(feature, dict) or not isinstance(feature.get("properties"), dict):
        return {}
    cells = {" ".join(k.split()): _text(v) for k, v in feature["properties"].items()}
    geometry = feature.get("geometry")
    point = geometry.get("coordinates") if isinstance(geometry, dict) and geometry.get("type") == "Point" else None
    if isinstance(point, list) and len(point) >= 2:
        cells.setdefault("longitude", _text(point[0]))
        cells.setdefault("latitude", _text(point[1]))
    return cells


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
