"""Text: the words of an answer, for a letter or a terminal; Markdown is the same with a title."""

from __future__ import annotations

from typing import BinaryIO

from penholder.analysis.report.folding import folded_all
from penholder.analysis.report.formats.delimited import write_tsv
from penholder.analysis.report.result import Result

WIDTH = 100


def write_text(result: Result, stream: BinaryIO, *, cite: bool, as_file: bool) -> None:
    """The words and the citation, folded to WIDTH characters; an answer without words as tab-separated rows."""
    if not result.words:
        write_tsv(result, stream, cite=cite, as_file=as_file)
        return
    lines = folded_all((*result.words, "", result.citation.line()), WIDTH)
    stream.write("".join(f"{line}\n" for line in lines).encode())


def write_markdown(result: Result, stream: BinaryIO, *, cite: bool, as_file: bool) -> None:
    """As `write_text`, under a title."""
    stream.write(f"# {result.title}\n\n".encode())
    write_text(result, stream, cite=cite, as_file=as_file)
