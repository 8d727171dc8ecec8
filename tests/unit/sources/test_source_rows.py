from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penholder.analysis.sources import rows as rows_module
from penholder.analysis.sources import text as text_module
from penholder.analysis.sources.rows import CsvRows, Dialect, RawBatch, RowFault
from penholder.analysis.sources.stream import Source
from penholder.kernel.errors import SourceError


def read(path: Path, content: bytes, dialect: Dialect = Dialect()) -> tuple[CsvRows, RawBatch]:  # noqa: B008
    path.write_bytes(content)
    with Source(path) as source:
        reader = CsvRows(source, dialect)
        whole = RawBatch([], [], [])
        for batch in reader:
            whole.rows += batch.rows
            whole.lines += batch.lines
            whole.faults += batch.faults
            whole.skipped += batch.skipped
    return reader, whole


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "list.csv"


def test_rows_know_the_physical_line_on_which_they_begin_despite_quoted_line_breaks(file: Path) -> None:
    reader, batch = read(file, b'a,b\n1,"x\ny\nz"\n\n2,w\n')
    assert reader.header == ("a", "b")
    assert batch.rows == [["1", "x\ny\nz"], ["2", "w"]]
    assert batch.lines == [2, 6]
    assert batch.faults == []


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_all_three_kinds_of_line_end_are_read_alike(file: Path, end: bytes) -> None:
    _, batch = read(file, end.join([b"a,b", b"1,x", b"2,y"]))
    assert (batch.rows, batch.lines) == ([["1", "x"], ["2", "y"]], [2, 3])


def test_a_byte_order_mark_is_not_part_of_the_first_column(file: Path) -> None:
    reader, batch = read(file, b"\xef\xbb\xbfa,b\n1,2\n")
    assert reader.header == ("a", "b")
    assert batch.rows == [["1", "2"]]


def test_a_row_with_too_few_or_too_many_fields_is_a_fault_with_both_numbers(file: Path) -> None:
    _, batch = read(file, b"a,b\n1\n1,2\n1,2,3\n")
    assert batch.rows == [["1", "2"]]
    assert batch.faults == [
        RowFault(2, "wrong_field_count", None, "1 fields, not 2"),
        RowFault(4, "wrong_field_count", None, "3 fields, not 2"),
    ]
    assert batch.read == 3


def test_a_quote_that_is_never_closed_costs_its_own_line_only(file: Path) -> None:
    _, batch = read(file, b'a,b\n1,x\n2,"y\n3,z\n4,w\n')
    assert batch.rows == [["1", "x"], ["3", "z"], ["4", "w"]]
    assert batch.lines == [2, 4, 5]
    assert [(f.line, f.reason) for f in batch.faults] == [(3, "unclosed_quote")]


def test_an_unclosed_quote_far_from_the_end_does_not_swallow_the_file(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_module, "BLOCK", 1000)
    monkeypatch.setattr(rows_module, "RECORD_LIMIT", 4000)
    lines = [f"{i},x" for i in range(5000)]
    lines[7] = '7,"x'
    _, batch = read(file, ("a,b\n" + "\n".join(lines) + "\n").encode())
    assert len(batch.rows) == 4999
    assert [(f.line, f.reason) for f in batch.faults] == [(9, "unclosed_quote")]
    assert batch.lines[-1] == 5001


def test_text_after_a_closing_quote_is_a_fault_and_the_next_row_is_read(file: Path) -> None:
    _, batch = read(file, b'a,b\n"x"y,1\n2,3\n')
    assert [(f.line, f.reason) for f in batch.faults] == [(2, "bad_quoting")]
    assert (batch.rows, batch.lines) == ([["2", "3"]], [3])


def test_bytes_outside_the_encoding_cost_their_own_row_only(file: Path) -> None:
    _, batch = read(file, "a,b\n1,é\n2,y\n".encode("cp1252"))
    assert [(f.line, f.reason, f.detail) for f in batch.faults] == [(2, "bad_encoding", "")]
    assert batch.rows == [["2", "y"]]


def test_the_same_bytes_are_read_whole_in_their_own_encoding(file: Path) -> None:
    _, batch = read(file, "a,b\n1,é\n".encode("cp1252"), Dialect(encoding="cp1252"))
    assert batch.rows == [["1", "é"]]


def test_a_nul_byte_costs_its_own_row_only(file: Path) -> None:
    _, batch = read(file, b"a,b\n1,x\0\n2,y\n")
    assert [(f.line, f.reason) for f in batch.faults] == [(2, "nul_byte")]
    assert batch.rows == [["2", "y"]]


def test_a_line_that_is_too_long_costs_its_own_row_only(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_module, "BLOCK", 64)
    monkeypatch.setattr(text_module, "LINE_LIMIT", 64)
    _, batch = read(file, b"a,b\n1,x\n2," + b"y" * 1000 + b"\n3,z\n")
    assert [(f.line, f.reason) for f in batch.faults] == [(3, "line_too_long")]
    assert (batch.rows, batch.lines) == ([["1", "x"], ["3", "z"]], [2, 4])


def test_a_header_that_is_too_long_says_that_this_is_no_table(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_module, "BLOCK", 64)
    monkeypatch.setattr(text_module, "LINE_LIMIT", 64)
    with pytest.raises(SourceError, match="line 1, is no header: line too long"):
        read(file, b"a" * 1000)


def test_rows_of_tags_under_the_header_are_skipped_and_counted(file: Path) -> None:
    _, batch = read(file, b"a,b,c\n,#date+year,#geo\n1,#2,x\n")
    assert (batch.skipped, batch.rows, batch.lines) == (1, [["1", "#2", "x"]], [3])


def test_a_preamble_and_remark_rows_are_skipped_where_the_mapping_says_so(file: Path) -> None:
    dialect = Dialect(delimiter=";", skip_lines=2, skip_starting=("Total",))
    reader, batch = read(file, b"Annual list\n\na;b\n1;x\nTotal;9\n2;y\n", dialect)
    assert reader.header == ("a", "b")
    assert (batch.rows, batch.lines, batch.skipped) == ([["1", "x"], ["2", "y"]], [4, 6], 1)


def test_two_columns_of_one_name_are_refused_with_their_places(file: Path) -> None:
    with pytest.raises(SourceError, match=r"two columns are called 'a' \(columns 1 and 3\)"):
        read(file, b"a,b,a \n1,2,3\n")


def test_several_columns_without_a_name_are_allowed(file: Path) -> None:
    reader, batch = read(file, b"a,,\n1,,\n")
    assert (reader.header, batch.rows) == (("a", "", ""), [["1", "", ""]])


def test_an_empty_file_is_refused(file: Path) -> None:
    with pytest.raises(SourceError, match="is empty"):
        read(file, b"")


def test_a_gz_file_is_known_by_its_bytes_and_one_that_is_cut_short_is_refused(file: Path) -> None:
    packed = gzip.compress(b"a,b\n" + b"".join(b"%d,x\n" % i for i in range(10_000)))
    _, batch = read(file, packed)
    assert len(batch.rows) == 10_000
    with pytest.raises(SourceError, match="cut short or damaged"):
        read(file, packed[: len(packed) // 2])


def test_a_workbook_is_refused_by_its_name_of_format(file: Path) -> None:
    with pytest.raises(SourceError, match="a zip archive or an Excel workbook"):
        read(file, b"PK\x03\x04" + b"\0" * 100)


CELL = st.text(st.characters(exclude_characters="\r\0", exclude_categories=["Cs"]), max_size=12)


@given(st.lists(st.tuples(CELL, CELL, CELL), max_size=30), st.integers(8, 200))
def test_whatever_a_csv_writer_writes_is_read_back_with_its_lines(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str]], block: int
) -> None:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(["k", "b", "c"])
    starts = []
    for row in rows:
        starts.append(buffer.getvalue().count("\n") + 1)
        writer.writerow(["key", *row[1:]])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_module, "BLOCK", block)
        _, batch = read(tmp_path_factory.mktemp("rows") / "a.csv", buffer.getvalue().encode())
    assert batch.rows == [["key", *row[1:]] for row in rows]
    assert batch.lines == starts
    assert batch.faults == []


@given(st.binary(max_size=400), st.integers(4, 64))
def test_any_bytes_at_all_give_rows_or_a_clear_error(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, block: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_module, "BLOCK", block)
        patch.setattr(text_module, "LINE_LIMIT", 50)
        patch.setattr(rows_module, "RECORD_LIMIT", 100)
        try:
            reader, batch = read(tmp_path_factory.mktemp("any") / "a.csv", b"a,b\n" + content)
        except SourceError:
            return
    assert all(len(row) == len(reader.header) for row in batch.rows)
    assert len(batch.rows) == len(batch.lines)
    assert batch.lines == sorted(batch.lines)
