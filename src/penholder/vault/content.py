"""What a file is, said by its content alone, against a short list of what is taken.

This is not a search for malware. It keeps out what is two things at once, what opens as something else than it
seems, and what grows without measure. Files are served as attachments only (vault/serving.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO

import filetype

from penholder.vault.archive import TELLING, read_archive
from penholder.vault.errors import Refusal, UploadContentError, UploadTypeError
from penholder.vault.pictures import JPEG_START, PNG_START, check_jpeg, check_png
from penholder.vault.streams import MEBIBYTE
from penholder.vault.texts import MARKUP, check_table, check_text

MAX_UPLOAD = 25 * MEBIBYTE
_HEAD = 8_192
_SNIFFED = 1_024
"""Browsers and readers look for a type no further than this (mimesniff.spec.whatwg.org section 5)."""
_PDF_START = re.compile(rb"%PDF-[12]\.[0-9]")
_PDF_END = re.compile(rb"%%EOF[\x00\t\n\x0c\r ]*\Z")
_LONGEST_COMMENT = 65_535 + 22
_EOF_WITHIN = 1_024
_ODT = b"application/vnd.oasis.opendocument.text"
_MAIN_PARTS = {
    "word/document.xml": (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        b"wordprocessingml.document.main+xml",
    ),
    "xl/workbook.xml": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        b"spreadsheetml.sheet.main+xml",
    ),
}


@dataclass(frozen=True, slots=True)
class MediaType:
    """One type that is taken: the endings that its names may have (the first is ours), and what people call it."""

    endings: tuple[str, ...]
    words: str


ALLOWED: dict[str, MediaType] = {
    "application/pdf": MediaType((".pdf",), "PDF"),
    "image/png": MediaType((".png",), "PNG picture"),
    "image/jpeg": MediaType((".jpg", ".jpeg"), "JPEG picture"),
    "text/plain": MediaType((".txt",), "text in UTF-8"),
    "text/csv": MediaType((".csv",), "table as CSV in UTF-8"),
    _MAIN_PARTS["word/document.xml"][0]: MediaType((".docx",), "Word document"),
    _MAIN_PARTS["xl/workbook.xml"][0]: MediaType((".xlsx",), "Excel workbook"),
    _ODT.decode(): MediaType((".odt",), "OpenDocument text"),
}
"""The whole list. docs/reference/files.md says it to people."""


def identify(stream: BinaryIO, *, size: int, name: str | None = None) -> str:
    """The media type of a file, one of ALLOWED, after the whole of it was checked.

    Args:
        stream: seekable, from its beginning. size: of the stream in bytes.
        name: the file name as sent; its ending must fit the content, and tells CSV from other text.
    Memory: about 2 MiB. Time: below a second at 25 MiB.
    Raises: UploadTypeError; UploadContentError.
    """
    said = _said(name)
    stream.seek(0)
    head = stream.read(_HEAD)
    if not head:
        raise UploadContentError(Refusal.EMPTY, "the file is empty", hint="send a file that holds something")
    found = _by_content(stream, head, size=size, said=said)
    if said is not None and said != found:
        raise UploadTypeError(
            Refusal.TYPE_NOT_AS_SAID,
            f"the name says {ALLOWED[said].words}, but the content is {ALLOWED[found].words}",
            hint="give the file the ending that fits its content",
        )
    return found


def _said(name: str | None) -> str | None:
    """The type that the ending of a name stands for."""
    if name is None:
        return None
    ending = PurePosixPath(name.replace("\\", "/")).suffix.lower()
    found = next((kind for kind, allowed in ALLOWED.items() if ending in allowed.endings), None)
    if found is None:
        raise UploadTypeError(
            Refusal.TYPE_NOT_ALLOWED, "the ending of the file name is of no type that is taken", hint=_taken()
        )
    return found


def _by_content(stream: BinaryIO, head: bytes, *, size: int, said: str | None) -> str:
    if head.startswith(b"%PDF-"):
        _check_pdf(stream, head, size)
        return "application/pdf"
    if head.startswith(PNG_START):
        check_png(stream, size=size)
        return "image/png"
    if head.startswith(JPEG_START):
        check_jpeg(stream, size=size)
        return "image/jpeg"
    if head.startswith(b"PK"):
        return _document(read_archive(stream, size=size))
    if b"%PDF-" in head[:_SNIFFED] or b"PK\3\4" in head[:_SNIFFED]:
        raise UploadContentError(
            Refusal.MIXED_TYPES, "a PDF or an archive begins after something else", hint="export the document anew"
        )
    guessed = filetype.guess_mime(head)
    if guessed is not None:
        raise UploadTypeError(
            Refusal.TYPE_NOT_ALLOWED, f"the content looks like {guessed}, which is not taken", hint=_taken()
        )
    check_text(stream)
    if said == "text/csv":
        check_table(stream)
        return said
    return "text/plain"


def _check_pdf(stream: BinaryIO, head: bytes, size: int) -> None:
    """The header at byte 0, the end at the end, no archive at the end, no page of the web at the beginning."""
    if not _PDF_START.match(head):
        raise UploadContentError(Refusal.DAMAGED, "the PDF has no version that is known", hint="export it anew")
    if MARKUP.search(head[:_SNIFFED]):
        raise UploadContentError(
            Refusal.MIXED_TYPES, "the file is a PDF and a page of the web", hint="export it anew"
        )
    stream.seek(max(0, size - _LONGEST_COMMENT))
    tail = stream.read(_LONGEST_COMMENT)
    if b"PK\5\6" in tail:
        raise UploadContentError(Refusal.MIXED_TYPES, "an archive follows the PDF", hint="export the PDF anew")
    if not _PDF_END.search(tail[-_EOF_WITHIN:]):
        raise UploadContentError(
            Refusal.TRAILING_DATA, "the PDF was cut, or something follows its end", hint="export the PDF anew"
        )


def _document(members: dict[str, bytes]) -> str:
    """Which document a checked archive is."""
    types, odf = (members.get(name, b"") for name in TELLING)
    if b"macroEnabled" in types:
        raise UploadContentError(
            Refusal.MACROS, "the document is of a type with macros", hint="save it as docx or xlsx"
        )
    parts = [part for part in _MAIN_PARTS if part in members and _MAIN_PARTS[part][1] in types]
    if len(parts) == 1 and not odf:
        return _MAIN_PARTS[parts[0]][0]
    if odf == _ODT and next(iter(members)) == "mimetype" and "content.xml" in members and not types:
        return _ODT.decode()
    raise UploadTypeError(Refusal.TYPE_NOT_ALLOWED, "an archive that is no document is not taken", hint=_taken())


def _taken() -> str:
    return "taken are: " + ", ".join(f"{kind.words} ({kind.endings[0]})" for kind in ALLOWED.values())
