"""The pages about loading say what the code does."""

from __future__ import annotations

import re
import textwrap
from datetime import date
from decimal import Decimal
from pathlib import Path

from penholder.analysis.sources import mapping_file
from penholder.analysis.sources.mapping_file import shipped_names
from penholder.analysis.sources.quarantine import REASONS
from penholder.analysis.sources.targets import TARGETS
from tests.unit.sources.invented_lists import loaded, rows, write

DOCS = Path(__file__).resolve().parents[3] / "docs"
REFERENCE = (DOCS / "reference" / "mapping-files.md").read_text(encoding="utf-8")
HOW_TO = (DOCS / "how-to" / "load-another-states-list.md").read_text(encoding="utf-8")


def test_every_reason_is_on_its_page_and_no_other() -> None:
    page = (DOCS / "reference" / "quarantine-reasons.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `([a-z_]+)` \|", page, flags=re.MULTILINE) == sorted(REASONS)


def test_every_key_column_and_shipped_mapping_is_on_the_page() -> None:
    keys = mapping_file.TOP | mapping_file.STYLE | mapping_file.TABLE | mapping_file.RULE
    assert [k for k in sorted(keys) if f"`{k}`" not in REFERENCE] == []
    columns = {name for holds in ("lines", "incidents", "edges") for name in TARGETS[holds]}
    assert [c for c in sorted(columns) if not re.search(rf"\b{c}\b", REFERENCE)] == []
    assert [n for n in shipped_names() if f"`{n}`" not in REFERENCE] == []


def test_the_list_of_the_how_to_page_loads_as_it_says(tmp_path: Path) -> None:
    blocks = [textwrap.dedent(b) for b in re.findall(r"```(?:yaml)?\n(.*?)```", HOW_TO, flags=re.DOTALL)]
    source = write(tmp_path / "liste-2014.csv", blocks[0], encoding="cp1252")
    mapping = write(tmp_path / "ardenia.yaml", blocks[1])
    report = loaded(source, tmp_path / "data", "generic-licences", mapping=mapping)
    assert report.document()["files"][0]["columns_not_read"] == ["Bearbeiter"]
    (line,) = rows(tmp_path / "data", "lines")
    assert (line["line"], line["decided_on"], line["destination"]) == ("A-1:1", date(2014, 3, 5), "XB")
    assert (line["value"], line["rating"], line["end_user"]) == (Decimal("1234500.00"), "ML10;ML22", "forces")
