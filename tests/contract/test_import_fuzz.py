"""Any bytes, for any kind: rows, quarantine, or an error that a user can read. Never a traceback."""

from __future__ import annotations

import json
import random
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from penholder.analysis.sources.load import load
from penholder.analysis.sources.mapping import ColumnRule, Mapping
from penholder.analysis.sources.mapping_file import read_mapping, shipped, shipped_names
from penholder.analysis.sources.quarantine import REASONS
from penholder.kernel.errors import PenholderError

pytestmark = pytest.mark.slow  # `make check`

KINDS = sorted(shipped_names())
ODD = [
    "",
    "1",
    "-1",
    "1e400",
    "2014-01-02",
    "31/02/2014",
    "XA",
    "é",
    "\0",
    '"',
    "'",
    ";",
    "[",
    '["a"]',
    "{",
    "yes",
]
ODD += ["refused", "10+", " ", "\n", "\r", "\ufeff", "x" * 300, "=1+1", "NaN", "١٢", "2014-02", "A1", "air_strike"]
GOOD = {
    "day": ["2014-01-02", "02/01/2014"], "last_day": ["2014-01-03", "03/01/2014"], "place": ["XA", "Ostvale"],
    "money": ["10", "1.5"], "quantity": ["3"], "count": ["1", "2"], "bound": ["7", "10+"], "degrees": ["1.5"],
    "list": ["ML1", '["a", "b"]', "strike"], "word": ["0", "1", "high", "drone", "manufacturer", "found_inside"],
    "grade": ["high"],
}  # fmt: skip


def attempt(content: bytes, into: Path, mapping: Mapping) -> str:
    source = into.parent / "fuzz.csv"
    source.write_bytes(content)
    generic = mapping.kind.startswith("generic")
    try:
        report = load(
            source,
            into=into,
            kind=mapping.kind,
            mapping=mapping.name if generic else None,
            released=date(2020, 1, 1),
        )
    except PenholderError as error:
        return error.message
    for file in report.document()["files"]:
        assert file["read"] == file["loaded"] + file["quarantined"]
        assert file["quarantined"] == sum(file["reasons"].values())
        assert set(file["reasons"]) <= set(REASONS)
    return ""


def cell(chance: random.Random, rule: ColumnRule) -> str:
    odd = chance.random() < 0.04
    text = chance.choice(ODD if odd else GOOD.get(rule.target.form, ["a", "b", "key 3"]))
    return f'"{text.replace(chr(34), chr(34) * 2)}"' if chance.random() < 0.9 else text


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=25)
@given(seed=st.integers(0, 2**32))
def test_random_rows_under_the_right_header(
    tmp_path_factory: pytest.TempPathFactory, kind: str, seed: int
) -> None:
    chance = random.Random(seed)
    mapping = shipped(kind)
    table = chance.choice([t for t in mapping.tables if t.holds == mapping.main])
    by_name = {c: r for r in table.rules for c in (r.columns if r.joined else r.columns[:1])}
    lines = [",".join(by_name)]
    for _ in range(chance.randrange(1, 30)):
        row = [cell(chance, rule) for rule in by_name.values()]
        lines.append(",".join(row[:-1] if chance.random() < 0.02 else row))
    encoding = chance.choice(["utf-8", "utf-8", "utf-8-sig", "utf-16", "cp1252"])
    content = chance.choice(["\n", "\r\n", "\r"]).join(lines).encode(encoding, "replace")
    attempt(content, tmp_path_factory.mktemp("fuzz") / "data", mapping)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=15)
@given(noise=st.binary(max_size=300), cut=st.integers(0, 300))
def test_random_bytes_with_or_without_the_right_header(
    tmp_path_factory: pytest.TempPathFactory, kind: str, noise: bytes, cut: int
) -> None:
    mapping = shipped(kind)
    names = ",".join(c for r in mapping.tables[0].rules for c in r.columns)
    attempt(names.encode()[:cut] + b"\n" + noise, tmp_path_factory.mktemp("fuzz") / "data", mapping)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=40)
@given(features=st.lists(VALUES, max_size=4), cut=st.integers(0, 60))
def test_random_json_as_geojson(
    tmp_path_factory: pytest.TempPathFactory, features: list[object], cut: int
) -> None:
    mapping = shipped("ucdp-ged")
    names = [c for r in mapping.tables[0].rules for c in r.columns]
    first = {"type": "Feature", "properties": dict.fromkeys(names, "2014-01-02"), "geometry": None}
    text = json.dumps({"features": [first, *features]})
    attempt(text[: len(text) - cut].encode("utf-8", "replace"), tmp_path_factory.mktemp("fuzz") / "data", mapping)


WORDS = [
    "kind",
    "generic-licences",
    "columns",
    "fixed",
    "licence",
    "decided_on",
    "tables",
    "holds",
    "lines",
    "&a",
    "*a",
]
WORDS += [":", "-", "[", "]", "{", "}", "\n", "  ", "'", '"', "#", ",", "!!python/object:x"]


@settings(max_examples=150)
@given(st.lists(st.sampled_from(WORDS) | st.text(max_size=4), max_size=25))
def test_random_mapping_files(tmp_path_factory: pytest.TempPathFactory, words: list[str]) -> None:
    path = tmp_path_factory.mktemp("mapping") / "list.yaml"
    path.write_text("".join(words), encoding="utf-8", errors="replace")
    with pytest.raises(PenholderError):
        read_mapping(path)
