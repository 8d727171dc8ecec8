"""XLSX in constant memory: sheets `Rows` (and `Rows 2`, ... beyond Excel's limit) and `About` with the citation.

Every text is written as a text, so that nothing in the data is ever run as a formula or turned into a link.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, BinaryIO

import pyarrow as pa
import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from penholder.analysis.report.formats.cells import batches
from penholder.analysis.report.formats.delimited import citation_lines
from penholder.analysis.report.result import Result

SHEET_ROWS = 1_048_575
"""Rows that one sheet holds below its heading (a limit of Excel)."""
_CELL_CHARACTERS = 32_767
_CUT = " [cut here: longer than a cell can be; see the Parquet or JSON file]"
_FIRST_DAY = date(1900, 3, 1)
"""Excel believes in 29 February 1900; earlier days are written as text."""
_EXACT = 15
"""Digits that a number in Excel holds exactly."""


def write_xlsx(result: Result, stream: BinaryIO, *, cite: bool, as_file: bool) -> None:
    """Numbers as numbers, dates as dates, nulls as empty cells.

    Raises: OSError where the stream or the folder of temporary files is full; neither then keeps anything open.
    """
    sink = _Sink(stream)
    with tempfile.TemporaryDirectory(prefix="penholder-") as folder:
        try:
            _write_book(result, sink, folder)
        except FileCreateError as error:
            raise error.args[0] from error
        finally:
            sink.ended = True


def _write_book(result: Result, sink: _Sink, folder: str) -> None:
    book = xlsxwriter.Workbook(
        sink,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "tmpdir": folder,
        },
    )
    # A fixed date, so that the same rows give the same bytes.
    book.set_properties({"title": result.title, "created": datetime(1980, 1, 1, tzinfo=UTC)})
    table = result.rows()
    _write_rows(book, table)
    _write_about(book, result, table.num_rows)
    book.close()


class _Sink(io.RawIOBase):
    """The stream as the packer sees it. Once `ended`, it takes everything and passes nothing on.

    A packer that failed tries to finish its file when it is thrown away, long after the stream was closed.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.ended = False

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        return len(data) if self.ended else self._stream.write(data)

    def seek(self, offset: int, whence: int = 0) -> int:
        return 0 if self.ended else self._stream.seek(offset, whence)

    def tell(self) -> int:
        return 0 if self.ended else self._stream.tell()

    def flush(self) -> None:
        if not self.ended:
            self._stream.flush()


def _write_rows(book: Any, table: pa.Table) -> None:
    formats = {
        "head": book.add_format({"bold": True}),
        "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        "money": book.add_format({"num_format": "#,##0.00"}),
    }
    sheet = _new_sheet(book, table, "Rows", formats["head"])
    row, sheets = 0, 1
    for batch in batches(table):
        columns = [column.to_pylist() for column in batch.columns]
        for cells in zip(*columns, strict=True):
            if row == SHEET_ROWS:
                row, sheets = 0, sheets + 1
                sheet = _new_sheet(book, table, f"Rows {sheets}", formats["head"])
            row += 1
            for at, value in enumerate(cells):
                if value is not None:
                    _write_cell(sheet, row, at, value, formats)


def _new_sheet(book: Any, table: pa.Table, name: str, head: object) -> Any:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, max(table.num_columns - 1, 0), 16)
    for at, title in enumerate(table.column_names):
        sheet.write_string(0, at, title, head)
    return sheet


def _write_cell(sheet: Any, row: int, at: int, value: object, formats: dict[str, Any]) -> None:
    if isinstance(value, bool):
        sheet.write_boolean(row, at, value)
    elif isinstance(value, Decimal) and len(value.as_tuple().digits) <= _EXACT:
        sheet.write_number(row, at, float(value), formats["money"])
    elif isinstance(value, int | float) and _is_exact(value):
        sheet.write_number(row, at, value)
    elif isinstance(value, date) and not isinstance(value, datetime) and value >= _FIRST_DAY:
        sheet.write_datetime(row, at, datetime(value.year, value.month, value.day), formats["day"])  # noqa: DTZ001
    else:
        sheet.write_string(row, at, cell_text(str(value)))


def _is_exact(value: float) -> bool:
    if isinstance(value, int):
        return len(str(abs(value))) <= _EXACT
    return value == value and value not in (float("inf"), float("-inf"))  # noqa: PLR0124 - NaN is not itself


def cell_text(text: str) -> str:
    """`text`, cut with a remark where it is longer than Excel allows."""
    return text if len(text) <= _CELL_CHARACTERS else text[: _CELL_CHARACTERS - len(_CUT)] + _CUT


def _write_about(book: Any, result: Result, rows: int) -> None:
    sheet = book.add_worksheet("About")
    sheet.set_column(0, 0, 110)
    lines: list[str] = [*citation_lines(result), f"rows: {rows}"]
    lines += [f"note: {n}" for n in result.notices]
    write_line: Callable[..., object] = sheet.write_string
    for at, line in enumerate(lines):
        write_line(at, 0, cell_text(line))
