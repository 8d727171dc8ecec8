"""The CSV of a release: no cell is a formula, and what is read is what was written."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from penholder.publication.releases import files
from penholder.publication.releases.tables import Cell

SHAPE = files.SHAPES["promises"]
ROW: dict[str, Cell] = dict.fromkeys(SHAPE.columns)


@pytest.mark.parametrize("words", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "'=1", "''-1"])
def test_no_text_of_a_release_is_a_formula_in_its_csv(words: str) -> None:
    (line,) = files.as_csv(SHAPE, [{**ROW, "promise": "PM-1", "words": words}]).decode().split("\r\n")[1:-1]
    assert line.split(",")[2].strip('"') == f"'{words}"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1))
def test_what_is_read_is_what_was_written(tmp_path: Path, words: str) -> None:
    rows = [{**ROW, "promise": "PM-1", "words": words}]
    (tmp_path / "promises.csv").write_bytes(files.as_csv(SHAPE, rows))
    assert files.read_csv(tmp_path, "promises") == rows
