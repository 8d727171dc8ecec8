"""One table in every format: the same values, the same order, the citation, and nothing lost on the way."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import click
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from penholder.analysis.report.formats import SUFFIXES, write
from penholder.analysis.report.formats.cells import BATCH_ROWS
from penholder.analysis.report.formats.workbook import cell_text
from penholder.analysis.report.result import Citation, Result
from penholder.cli.output import OutputOptions, emit, output_options
from penholder.kernel.errors import OutputError

WORDS = ["=1+1", "@x", 'a "b", c', None, "line\nbreak\ttab \\", "Ærø"]
VALUES = [Decimal("1.50"), Decimal("-3.00"), None, Decimal("0.10"), Decimal("1234567890123.45"), Decimal("0.00")]
DAYS = [date(2024, 9, 2), None, date(1899, 1, 1), date(2008, 1, 1), date(2025, 12, 31), date(2000, 2, 29)]
CITATION = Citation("lines, all of them", "ab" * 32, on="2024-09-02", attribution=("Source A", "Source B"))


def table() -> pa.Table:
    """Every kind of column that a result has."""
    return pa.table(
        {
            "line": [f"L:{k}" for k in range(6)],
            "rating": pa.array(WORDS).dictionary_encode(),
            "text": WORDS,
            "value": pa.array(VALUES, pa.decimal128(18, 2)),
            "decided_on": pa.array(DAYS, pa.date32()),
            "count": pa.array([1, None, -3, 4, 5, 6], pa.int64()),
            "pooled": pa.array([True, False, None, True, True, False]),
        }
    )


def result(rows: pa.Table | None = None, **more: Any) -> Result:
    """A result around `rows`, given as a function, as the stocktake does."""
    found = table() if rows is None else rows
    return Result("A title", {"lines": 6, "value": Decimal("1E+3")}, lambda: found, CITATION, **more)


def written(suffix: str, *, given_rows: pa.Table | None = None, cite: bool = False, as_file: bool = True) -> bytes:
    stream = io.BytesIO()
    write(result(given_rows), suffix, stream, cite=cite, as_file=as_file)
    return stream.getvalue()


def test_parquet_keeps_types_rows_and_carries_the_citation() -> None:
    with pq.ParquetFile(io.BytesIO(written(".parquet"))) as file:
        back = file.read()
    assert back.replace_schema_metadata(None).cast(table().schema).equals(table())
    assert json.loads(back.schema.metadata[b"penholder.citation"]) == CITATION.document()


def test_csv_reads_back_with_formulas_made_harmless() -> None:
    rows = list(csv.reader(io.StringIO(written(".csv").decode(), newline=""), strict=True))
    assert rows[0] == table().column_names
    assert rows[1] == ["L:0", "'=1+1", "'=1+1", "1.50", "2024-09-02", "1", "true"]
    assert rows[2] == ["L:1", "'@x", "'@x", "-3.00", "", "", "false"]
    assert rows[4] == ["L:3", "", "", "0.10", "2008-01-01", "4", "true"]
    assert rows[5][2:4] == ["line\nbreak\ttab \\", "1234567890123.45"]
    assert written(".csv").count(b"\r\n") == 7


def test_tsv_has_one_line_per_row_whatever_the_cells_hold() -> None:
    lines = written(".tsv").decode().split("\n")
    assert len(lines) == 8
    assert lines[-1] == ""
    assert lines[5].split("\t")[2] == "line\\nbreak\\ttab \\\\"
    assert {line.count("\t") for line in lines[:-1]} == {6}


def test_json_lines_hold_numbers_without_noise_and_nulls() -> None:
    lines = written(".nl").decode().splitlines()
    assert lines[0] == (
        '{"line": "L:0", "rating": "=1+1", "text": "=1+1", "value": 1.50, "decided_on": "2024-09-02", '
        '"count": 1, "pooled": true}'
    )
    back = [json.loads(line, parse_float=Decimal) for line in lines]
    assert [r["value"] for r in back] == VALUES
    assert [r["text"] for r in back] == WORDS


def test_json_is_the_document_with_the_citation_and_a_file_has_the_rows_too() -> None:
    on_stdout = json.loads(written(".json", as_file=False))
    assert on_stdout == {"lines": 6, "value": 1000, "citation": CITATION.document()}
    in_file = json.loads(written(".json"), parse_float=Decimal)
    assert [r["value"] for r in in_file.pop("rows")] == VALUES
    assert in_file == on_stdout


def test_xlsx_has_texts_as_texts_numbers_as_numbers_and_a_sheet_about_it() -> None:
    book = openpyxl.load_workbook(io.BytesIO(written(".xlsx")))
    rows = [[c.value for c in row] for row in book["Rows"].iter_rows()]
    assert rows[0] == table().column_names
    assert rows[1][:4] == ["L:0", "=1+1", "=1+1", 1.5]
    assert {c.data_type for row in book["Rows"].iter_rows(max_col=3, min_row=2) for c in row} <= {"s", "n"}
    assert not any(c.data_type == "f" for row in book["Rows"].iter_rows() for c in row)
    assert rows[1][4].date() == DAYS[0]
    assert rows[3][4] == "1899-01-01"
    about = [row[0].value for row in book["About"].iter_rows()]
    assert "data: " + "ab" * 32 in about
    assert "attribution: Source A; Source B" in about


def test_a_text_longer_than_a_cell_is_cut_and_says_so() -> None:
    assert cell_text("x" * 32_767) == "x" * 32_767
    cut = cell_text("x" * 40_000)
    assert len(cut) == 32_767
    assert cut.endswith("[cut here: longer than a cell can be; see the Parquet or JSON file]")


def test_html_holds_the_rows_as_text_and_the_citation() -> None:
    page = written(".html").decode()
    assert "6 of 6 rows" in page
    assert '<time datetime="2024-09-02">2 September 2024</time>' in page
    assert "ab" * 32 in page


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_same_rows_give_the_same_bytes(suffix: str) -> None:
    assert written(suffix) == written(suffix)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_no_rows_is_a_file_that_can_be_read(suffix: str) -> None:
    assert written(suffix, given_rows=table().slice(0, 0)) is not None


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".nl"])
def test_rows_beyond_one_batch_are_all_written(suffix: str) -> None:
    many = pa.table({"n": pa.array(range(BATCH_ROWS + 5), pa.int32())})
    lines = written(suffix, given_rows=many).decode().splitlines()
    assert len(lines) - (suffix != ".nl") == BATCH_ROWS + 5
    assert lines[-1] in (f"{BATCH_ROWS + 4}", f'{{"n": {BATCH_ROWS + 4}}}')


def test_cite_puts_the_citation_before_the_rows() -> None:
    lines = written(".csv", cite=True).decode().split("\r\n")
    assert lines[:3] == ["# title: A title", "# predicate: lines, all of them", "# data: " + "ab" * 32]
    assert lines[5] == "# attribution: Source A; Source B"
    assert lines[6].startswith("line,rating")


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=5))
def test_any_text_comes_back_from_csv_and_json_lines(words: list[str]) -> None:
    rows = pa.table({"a": words, "b": words})
    lines = written(".nl", given_rows=rows).decode().split("\n")
    assert [json.loads(line)["a"] for line in lines[:-1]] == words
    read = list(csv.reader(io.StringIO(written(".csv", given_rows=rows).decode(), newline=""), strict=True))
    guarded = ["'" + w if w[:1] in ("=", "+", "-", "@", "\t", "\r") and w else w for w in words]
    assert [row[0] for row in read[1:]] == guarded


@click.command()
@output_options
def ask(output: OutputOptions) -> None:
    emit(result(notices=("an assumption was made",)), output)


def test_in_a_pipe_the_answer_is_tsv_and_talk_goes_to_standard_error() -> None:
    run = CliRunner().invoke(ask, [])
    assert run.exit_code == 0
    assert run.stdout.startswith("line\trating\ttext")
    assert run.stderr == "note: an assumption was made\n"


def test_several_files_and_a_format_at_once(tmp_path: Path) -> None:
    names = ["a.parquet", "b.csv", "c.xlsx", "d.HTML"]
    options = [part for name in names for part in ("-o", str(tmp_path / name))]
    run = CliRunner().invoke(ask, [*options, "--json"])
    assert run.exit_code == 0
    assert json.loads(run.stdout)["lines"] == 6
    assert sorted(p.name for p in tmp_path.iterdir()) == names
    assert f"wrote {tmp_path / 'b.csv'}" in run.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-o", "x.docx"], "suffix '.docx'; allowed: .parquet .csv"),
        (["-o", "x"], "no suffix; allowed"),
        (["-o", "/no/such/folder/x.csv"], "the folder '/no/such/folder' does not exist"),
        (["--json", "--csv"], "--json and --csv were given"),
    ],
)
def test_what_cannot_be_written_is_refused_before_any_work(arguments: list[str], message: str) -> None:
    run = CliRunner().invoke(ask, arguments)
    assert run.exit_code == 2
    assert message in run.stderr
    assert run.stdout == ""


def test_a_file_that_cannot_be_completed_leaves_the_old_one(tmp_path: Path) -> None:
    target = tmp_path / "rows.csv"
    target.write_text("old")

    def broken() -> pa.Table:
        raise OSError(28, "No space left on device")

    with pytest.raises(OutputError, match=r"cannot write .*rows.csv: No space left on device"):
        emit(Result("t", {}, broken, CITATION), OutputOptions(files=(target,)))
    assert target.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["rows.csv"]


def test_a_link_is_followed_and_permissions_are_kept(tmp_path: Path) -> None:
    target, link = tmp_path / "real.csv", tmp_path / "link.csv"
    target.write_text("old")
    target.chmod(0o640)
    link.symlink_to(target)
    emit(result(), OutputOptions(files=(link,)))
    assert link.is_symlink()
    assert target.read_text().startswith("line,rating")
    assert target.stat().st_mode & 0o777 == 0o640


_PROGRAM = """
import sys
import pyarrow as pa
from penholder.analysis.report.result import Citation, Result
from penholder.cli.output import OutputOptions, emit
from penholder.kernel.errors import PenholderError
rows = pa.table({"n": pa.array(range(300_000), pa.int32())})
try:
    emit(Result("t", {}, rows, Citation("p", "d")), OutputOptions(sys.argv[1]))
except PenholderError as error:
    sys.exit(f"{error.code}: {error.message}")
"""


def test_a_reader_that_goes_away_ends_it_quietly() -> None:
    run = subprocess.Popen([sys.executable, "-c", _PROGRAM, "nl"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert run.stdout is not None
    assert run.stdout.readline() == b'{"n": 0}\n'
    run.stdout.close()
    assert run.stderr is not None
    assert run.stderr.read() == b""
    run.stderr.close()
    assert run.wait() == 0


@pytest.mark.skipif(not os.access("/dev/full", os.W_OK), reason="no /dev/full on this machine")
def test_a_full_disk_on_standard_output_is_said() -> None:
    with Path("/dev/full").open("wb") as full:
        run = subprocess.run(
            [sys.executable, "-c", _PROGRAM, "csv"], stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert run.returncode == 1
    assert run.stderr == b"output: cannot write to standard output: No space left on device\n"


_WORKBOOK_PROGRAM = """
import sys, tempfile
from pathlib import Path
import pyarrow as pa
from penholder.analysis.report.formats import write
from penholder.analysis.report.result import Citation, Result
rows = pa.table({"n": [f"{(k * 7919) % 1000003} {k * k}" for k in range(20_000)]})
with Path("/dev/full").open("wb", buffering=0) as stream:
    try:
        write(Result("t", {}, rows, Citation("p", "d")), ".xlsx", stream)
    except OSError as error:
        said = f"{type(error).__name__}: {error.strerror}"
sys.exit(f"{said}; left: {list(Path(tempfile.gettempdir()).iterdir())}")
"""


@pytest.mark.skipif(not os.access("/dev/full", os.W_OK), reason="no /dev/full on this machine")
def test_a_workbook_on_a_full_disk_is_said_once_and_leaves_nothing_behind(tmp_path: Path) -> None:
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    run = subprocess.run(
        [sys.executable, "-c", _WORKBOOK_PROGRAM], capture_output=True, text=True, check=False, env=environment
    )
    assert run.stderr == "OSError: No space left on device; left: []\n"


def test_a_file_that_cannot_be_written_leaves_those_before_it_true(tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    locked.mkdir()
    link = locked / "b.csv"
    link.symlink_to(tmp_path / "gone" / "b.csv")
    with pytest.raises(OutputError) as raised:
        emit(result(), OutputOptions(files=(tmp_path / "a.csv", link)))
    assert (tmp_path / "a.csv").read_text().startswith("line,rating")
    assert raised.value.message.startswith(f"cannot write {link}: ")
    assert raised.value.hint.startswith("nothing was written to it; ")
