"""Plain text and tables, read to their end: UTF-8, no control characters, no page of the web in disguise."""

from __future__ import annotations

import codecs
import csv
import io
import re
from typing import BinaryIO

from penholder.vault.errors import Refusal, UploadContentError
from penholder.vault.streams import BLOCK

MARKUP = re.compile(
    rb"<(!doctype|html|head|body|script|style|svg|iframe|object|embed|img|a|table|div|h1|meta|link|\?xml|!--)[\s/>:-]",
    re.IGNORECASE,
)
"""What makes a browser take a text for a page (mimesniff.spec.whatwg.org section 7.1), and a few more."""
_SCRIPT = re.compile(r"<script[\s/>]", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\x80-\x9f]")
_SNIFFED = 1_024
_OVERLAP = 16
_DELIMITERS = ",;\t|"
_ROWS_COMPARED = 100
_TABLE_HEAD = 1 << 20


def check_text(stream: BinaryIO) -> None:
    """Read a text to its end. Memory: one block. Raises: UploadContentError."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    stream.seek(0)
    if MARKUP.search(stream.read(_SNIFFED)):
        raise _markup()
    stream.seek(0)
    before = ""
    while True:
        block = stream.read(BLOCK)
        try:
            text = decoder.decode(block, final=not block)
        except UnicodeDecodeError as error:
            raise UploadContentError(Refusal.NOT_UTF8, "the text is not UTF-8", hint="save it as UTF-8") from error
        if _CONTROL.search(text):
            raise UploadContentError(
                Refusal.CONTROL_CHARACTERS, "the text holds control characters", hint="save it as plain text"
            )
        if _SCRIPT.search(before + text):
            raise _markup()
        if not block:
            return
        before = text[-_OVERLAP:]


def check_table(stream: BinaryIO) -> None:
    """A text is a table if, under one delimiter, its first row has two fields or more, and the next hundred rows
    have no more than it.

    Reads: 1 MiB at most. Raises: UploadContentError.
    """
    stream.seek(0)
    text = stream.read(_TABLE_HEAD).decode("utf-8-sig", errors="ignore")
    if not any(_is_table(text, delimiter) for delimiter in _DELIMITERS):
        raise UploadContentError(
            Refusal.NOT_A_TABLE,
            "the text is no table: its first row has one field only, or a row has more fields than it",
            hint="check the delimiter and the quotes, or send it as .txt",
        )


def _is_table(text: str, delimiter: str) -> bool:
    widths: list[int] = []
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for row in rows:
            if row:
                widths.append(len(row))
            if len(widths) > _ROWS_COMPARED:
                break
    except csv.Error:
        return False
    return bool(widths) and widths[0] > 1 and max(widths) == widths[0]


def _markup() -> UploadContentError:
    return UploadContentError(
        Refusal.MARKUP, "the text is a page of the web or a drawing with scripts", hint="send it as a PDF"
    )
