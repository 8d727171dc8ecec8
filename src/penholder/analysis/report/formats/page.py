"""HTML: the full page that a result brings, or a plain page with its table."""

from __future__ import annotations

from typing import BinaryIO

from penholder.analysis.report.html.plain import plain_page
from penholder.analysis.report.result import Result


def write_html(result: Result, stream: BinaryIO, *, cite: bool, as_file: bool) -> None:
    """One file without outside requests."""
    stream.write((result.html() if result.html else plain_page(result)).encode())
