"""A plain page: title, table, notes, citation. For every answer that has no page of its own."""

from __future__ import annotations

from penholder.analysis.report.result import Result


def plain_page(result: Result) -> str:
    """The page as one HTML text."""
    raise NotImplementedError(result.title)
