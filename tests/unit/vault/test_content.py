"""What is taken is what it seems; what is two things, lies or grows without measure is refused with its reason."""

from __future__ import annotations

import io
import subprocess
import sys
import tracemalloc
import zlib
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from penholder.vault.archive import MAX_MEMBERS
from penholder.vault.content import ALLOWED, identify
from penholder.vault.errors import Refusal, UploadContentError, UploadError, UploadTypeError
from tests.unit.vault.documents import (
    CSV,
    ODT_TYPE,
    PDF,
    TEXT,
    WORD_TYPES,
    Lie,
    docx,
    jpeg,
    lying_zip,
    odt,
    png,
    zipped,
)

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def found(data: bytes, name: str | None = None) -> str:
    return identify(io.BytesIO(data), size=len(data), name=name)


def why(data: bytes, name: str | None = None) -> Refusal:
    with pytest.raises(UploadError) as refused:
        found(data, name)
    assert refused.value.hint
    assert refused.value.context == {"reason": refused.value.reason.value}
    return refused.value.reason


def workbook(writer: str) -> bytes:
    target = io.BytesIO()
    if writer == "openpyxl":
        book = openpyxl.Workbook()
        book.active.append(["L-1", 1000])
        book.save(target)
    else:
        other = xlsxwriter.Workbook(target, {"in_memory": True})
        other.add_worksheet().write_row(0, 0, ["L-1", 1000])
        other.close()
    return target.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (PDF, "Anlage 1.PDF", "application/pdf"),
        (PDF.rstrip(), None, "application/pdf"),
        (png(), "a.png", "image/png"),
        (jpeg(), "a.jpeg", "image/jpeg"),
        (jpeg() + jpeg(4, 4), "a.jpg", "image/jpeg"),
        (TEXT, "a.txt", "text/plain"),
        (b"\xef\xbb\xbf" + TEXT, None, "text/plain"),
        (b"value < 3 and > 1, a <- b\n", None, "text/plain"),
        (CSV, "lines.csv", "text/csv"),
        (CSV.replace(b",", b";"), "lines.csv", "text/csv"),
        (b"a,b,c\n1,2\n\n1,2,3\n", "ragged.csv", "text/csv"),
        (CSV, None, "text/plain"),
        (CSV, "lines.txt", "text/plain"),
        (docx(), "a.docx", WORD),
        (docx({"word/media/image1.svg": b"<svg/>", "word/theme/": b""}), None, WORD),
        (workbook("openpyxl"), "a.xlsx", EXCEL),
        (workbook("xlsxwriter"), "a.xlsx", EXCEL),
        (odt(), "a.odt", ODT_TYPE.decode()),
    ],
)
def test_what_is_allowed_is_taken_for_what_it_is(data: bytes, name: str | None, kind: str) -> None:
    assert found(data, name) == kind
    assert kind in ALLOWED


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (b"", None, Refusal.EMPTY),
        (PDF, "a.exe", Refusal.TYPE_NOT_ALLOWED),
        (PDF, "a.pdf.exe", Refusal.TYPE_NOT_ALLOWED),
        (PDF, "noending", Refusal.TYPE_NOT_ALLOWED),
        (PDF, "a.png", Refusal.TYPE_NOT_AS_SAID),
        (TEXT, "a.pdf", Refusal.TYPE_NOT_AS_SAID),
        (docx(), "a.xlsx", Refusal.TYPE_NOT_AS_SAID),
        (b"MZ" + bytes(200), None, Refusal.TYPE_NOT_ALLOWED),
        (b"\x7fELF" + bytes(200), None, Refusal.TYPE_NOT_ALLOWED),
        (b"GIF89a" + bytes(50), None, Refusal.TYPE_NOT_ALLOWED),
        (b"{\\rtf1 hello}", None, Refusal.TYPE_NOT_ALLOWED),
        (b"Rar!\x1a\x07\x00" + bytes(50), None, Refusal.TYPE_NOT_ALLOWED),
        ("Grüße".encode("utf-16"), None, Refusal.NOT_UTF8),
        ("Grüße".encode("latin-1"), None, Refusal.NOT_UTF8),
        (b"a" * 65_535 + "ü".encode() + b"\xff", None, Refusal.NOT_UTF8),
        (TEXT + "ü".encode()[:1], None, Refusal.NOT_UTF8),
        (b"a\0b", None, Refusal.CONTROL_CHARACTERS),
        (b"\x1b[2J", None, Refusal.CONTROL_CHARACTERS),
        (b"one line\nanother\n", "a.csv", Refusal.NOT_A_TABLE),
        (b"a,b\n1,2,3\n", "a.csv", Refusal.NOT_A_TABLE),
        (b"<html><body>hello</body></html>", None, Refusal.MARKUP),
        (b"  \n<!DOCTYPE html><p>", None, Refusal.MARKUP),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', None, Refusal.MARKUP),
        (b'<?xml version="1.0"?><svg onload="alert(1)"/>', None, Refusal.MARKUP),
        (b"a,b\n" + b"1,2\n" * 9_000 + b"<ScRiPt>,x\n", "a.csv", Refusal.MARKUP),
        (b"x" * (65_536 - 3) + b"<script >", None, Refusal.MARKUP),
    ],
)
def test_other_content_is_refused(data: bytes, name: str | None, reason: Refusal) -> None:
    assert why(data, name) == reason


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"<html><script>alert(1)</script>" + PDF, Refusal.MIXED_TYPES),
        (b"\n" + PDF, Refusal.MIXED_TYPES),
        (b"%PDF-1.4\n%<script>alert(1)</script>\n" + PDF, Refusal.MIXED_TYPES),
        (PDF + zipped({"a.txt": b"x"}), Refusal.MIXED_TYPES),
        (PDF + zipped({"a.txt": b"x"})[:-2] + b"\x06\x00%%EOF\n", Refusal.MIXED_TYPES),
        (PDF + b"%" * 1_024 + b"<script>alert(1)</script>", Refusal.TRAILING_DATA),
        (PDF + b"Rar!\x1a\x07\x00", Refusal.TRAILING_DATA),
        (PDF[:-9], Refusal.TRAILING_DATA),
        (b"%PDF-9.9\n%%EOF", Refusal.DAMAGED),
        (png() + b"\0", Refusal.TRAILING_DATA),
        (png() + zipped({"a": b"x"}), Refusal.TRAILING_DATA),
        (png()[:-5], Refusal.DAMAGED),
        (png(20_000, 20_000), Refusal.TOO_MANY_PIXELS),
        (png(0, 2), Refusal.TOO_MANY_PIXELS),
        (jpeg(60_000, 60_000), Refusal.TOO_MANY_PIXELS),
        (jpeg() + b"\0", Refusal.TRAILING_DATA),
        (jpeg() + zipped({"a": b"x"}), Refusal.TRAILING_DATA),
        (jpeg()[:-2], Refusal.DAMAGED),
        (b"\xff\xd8\xff\xd9", Refusal.DAMAGED),
    ],
)
def test_what_is_two_things_or_goes_on_after_its_end_is_refused(data: bytes, reason: Refusal) -> None:
    assert why(data) == reason


def parts(*more: Lie) -> list[Lie]:
    return [Lie("[Content_Types].xml", WORD_TYPES), Lie("word/document.xml", b"<w:document/>"), *more]


def test_the_zip_writer_of_these_tests_tells_the_truth_when_asked_to() -> None:
    assert found(lying_zip(parts(Lie("word/styles.xml", b"<s/>")))) == WORD


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (zipped({"a.txt": b"x"}), Refusal.TYPE_NOT_ALLOWED),
        (zipped({}), Refusal.TYPE_NOT_ALLOWED),
        (docx(types=b"<Types/>"), Refusal.TYPE_NOT_ALLOWED),
        (odt({"[Content_Types].xml": WORD_TYPES, "word/document.xml": b"<x/>"}), Refusal.TYPE_NOT_ALLOWED),
        (docx({"word/vbaProject.bin": b"x"}), Refusal.MACROS),
        (docx(types=WORD_TYPES.replace(b"document.main", b"macroEnabled.main")), Refusal.MACROS),
        (odt({"Basic/Standard/Module1.xml": b"<m/>"}), Refusal.MACROS),
        (docx({"word/embeddings/oleObject1.bin": b"x"}), Refusal.EMBEDDED_OBJECT),
        (docx({"word/media/image1.bin": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"}), Refusal.EMBEDDED_OBJECT),
        (docx({"word/media/a.png": b"MZ\x90\x00"}), Refusal.EMBEDDED_OBJECT),
        (docx({"word/media/a.svg": b"<svg><script>alert(1)</script></svg>"}), Refusal.EMBEDDED_OBJECT),
        (docx({"word/a.zip": b"x"}), Refusal.NESTED_ARCHIVE),
        (docx({"word/media/image1.png": zipped({"a": b"x"})}), Refusal.NESTED_ARCHIVE),
        (docx({"word/media/image1.png": b"\x1f\x8b\x08" + bytes(20)}), Refusal.NESTED_ARCHIVE),
        (docx({"../evil": b"x"}), Refusal.UNSAFE_NAME),
        (docx({"word/../../evil": b"x"}), Refusal.UNSAFE_NAME),
        (docx({"/etc/evil": b"x"}), Refusal.UNSAFE_NAME),
        (docx({"C:/evil": b"x"}), Refusal.UNSAFE_NAME),
        (docx({"word\\evil": b"x"}), Refusal.UNSAFE_NAME),
        (docx({"w" * 300: b"x"}), Refusal.UNSAFE_NAME),
        (docx({"WORD/document.xml": b"x"}), Refusal.UNSAFE_NAME),
        (docx({"word/x.xml": b'<!DOCTYPE a [<!ENTITY b "c">]>'}), Refusal.ENTITIES),
        (docx({"word/x.xml": b"<a>" + b" " * 65_530 + b"<!ENTITY b>"}), Refusal.ENTITIES),
        (docx({"word/x.xml": "<a/>".encode("utf-16")}), Refusal.ENTITIES),
        (b"junk" + docx(), Refusal.MIXED_TYPES),
        (docx() + b"junk", Refusal.TRAILING_DATA),
        (docx()[:-1], Refusal.TRAILING_DATA),
        (lying_zip(parts(), gap=b"hidden bytes"), Refusal.DAMAGED),
        (lying_zip(parts(), count=2_001), Refusal.TOO_MANY_MEMBERS),
        (lying_zip(parts(), count=1), Refusal.DAMAGED),
        (lying_zip([Lie(f"a{n}", b"") for n in range(MAX_MEMBERS + 1)]), Refusal.TOO_MANY_MEMBERS),
        (lying_zip(parts(Lie("word/evil", b"/etc/passwd", mode=0o120777))), Refusal.LINK),
        (lying_zip(parts(Lie("word/a", b"x", flags=1))), Refusal.ENCRYPTED),
        (lying_zip(parts(Lie("word/a", b"x", method=12, raw=b"x"))), Refusal.COMPRESSION),
        (lying_zip(parts(Lie("word/a", b"x", local_name="word/b"))), Refusal.DAMAGED),
        (lying_zip(parts(Lie("word/a", b"xy", local_size=10))), Refusal.SIZE_NOT_AS_SAID),
        (lying_zip(parts(Lie("word/a", b"x" * 100, said_size=10))), Refusal.SIZE_NOT_AS_SAID),
        (lying_zip(parts(Lie("word/a", b"x" * 10, said_size=100))), Refusal.DAMAGED),
        (lying_zip(parts(Lie("word/a", b"x", crc=1))), Refusal.DAMAGED),
        (lying_zip(parts(Lie("word/a", b"x", raw=b"\xff\xff"))), Refusal.DAMAGED),
        (lying_zip(parts(Lie("word/a", b"x", raw=b"\x01\x01\x00\xfe\xffx~"))), Refusal.DAMAGED),
    ],
)
def test_archives_that_are_no_plain_documents_are_refused(data: bytes, reason: Refusal) -> None:
    assert why(data) == reason


@cache
def packed_noughts(size: int) -> bytes:
    """The deflated form of `size` noughts, made in blocks."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return b"".join(packer.compress(bytes(1 << 20)) for _ in range(size >> 20)) + packer.flush()


BOMBS: dict[str, tuple[Callable[[], bytes], Refusal]] = {
    "says 10 bytes, inflates to 200 MB": (
        lambda: lying_zip(parts(Lie("word/a.bin", b"", said_size=10, raw=packed_noughts(200 << 20)))),
        Refusal.SIZE_NOT_AS_SAID,
    ),
    "says 200 MB": (
        lambda: lying_zip(parts(Lie("word/a.bin", b"", said_size=200 << 20, raw=packed_noughts(200 << 20)))),
        Refusal.INFLATES_TOO_FAR,
    ),
    "says 90 MB, inflates to 200 MB": (
        lambda: lying_zip(parts(Lie("word/a.bin", b"", said_size=90 << 20, raw=packed_noughts(200 << 20)))),
        Refusal.SIZE_NOT_AS_SAID,
    ),
    "60 members of 2 MB": (
        lambda: lying_zip(
            parts(*[Lie(f"word/{n}", b"", said_size=2 << 20, raw=packed_noughts(2 << 20)) for n in range(60)])
        ),
        Refusal.INFLATES_TOO_FAR,
    ),
    "one huge type list": (
        lambda: lying_zip([Lie("[Content_Types].xml", b" " * (90 << 20))]),
        Refusal.DAMAGED,
    ),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_refused_with_little_memory(bomb: str) -> None:
    make, reason = BOMBS[bomb]
    data = make()
    assert len(data) < 1 << 20
    tracemalloc.start()
    try:
        assert why(data) == reason
        assert tracemalloc.get_traced_memory()[1] < 8 << 20
    finally:
        tracemalloc.stop()


MEASURE = """
import io, resource, sys
from penholder.vault.content import identify
from penholder.vault.errors import UploadError
data = open(sys.argv[1], "rb").read()
before = resource.getrusage(resource.RUSAGE_SELF)
try:
    identify(io.BytesIO(data), size=len(data))
except UploadError as error:
    after = resource.getrusage(resource.RUSAGE_SELF)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(error.reason, after.ru_maxrss - before.ru_maxrss, spent)
"""


@pytest.mark.parametrize("bomb", ["says 10 bytes, inflates to 200 MB", "says 90 MB, inflates to 200 MB"])
def test_a_bomb_takes_less_than_50_mb_and_a_second_of_a_fresh_process(bomb: str, tmp_path: Path) -> None:
    make, reason = BOMBS[bomb]
    (tmp_path / "bomb.docx").write_bytes(make())
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, tmp_path / "bomb.docx"], capture_output=True, text=True, check=True
    )
    said, kilobytes, seconds = done.stdout.split()
    assert said == reason
    assert int(kilobytes) < 50 << 10
    assert float(seconds) < 1


def test_members_may_hide_nothing_behind_small_first_blocks() -> None:
    # Empty deflate blocks first, so that the first plain bytes come one by one.
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    inner = zipped({"a": b"x"})
    raw = b"\x00\x00\x00\xff\xff" * 20_000 + b"".join(
        packer.compress(inner[n : n + 1]) + packer.flush(zlib.Z_FULL_FLUSH) for n in range(len(inner))
    )
    assert why(lying_zip(parts(Lie("word/a.bin", inner, raw=raw + packer.flush())))) == Refusal.NESTED_ARCHIVE


@given(st.binary(max_size=400), st.integers(0, 400), st.sampled_from([PDF, png(), jpeg(), docx(), odt(), CSV]))
def test_broken_files_are_refused_or_taken_but_never_crash(noise: bytes, at: int, base: bytes) -> None:
    data = base[:at] + noise + base[at + len(noise) :]
    with suppress(UploadTypeError, UploadContentError):
        assert found(data) in ALLOWED


@given(st.integers(0, len(docx()) - 1), st.integers(0, 7))
def test_every_flipped_bit_of_a_document_is_noticed_or_harmless(at: int, bit: int) -> None:
    data = bytearray(docx())
    data[at] ^= 1 << bit
    with suppress(UploadError):
        assert found(bytes(data)) == WORD


def test_every_reason_and_type_is_in_the_reference() -> None:
    page = (Path(__file__).resolve().parents[3] / "docs" / "reference" / "files.md").read_text()
    wanted = [reason.value for reason in Refusal] + [e for kind in ALLOWED.values() for e in kind.endings]
    assert [w for w in wanted if f"`{w}`" not in page] == []
