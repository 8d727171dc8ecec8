"""Stored files: what was put comes back, nothing else does, and no name or digest tells the content."""

from __future__ import annotations

import errno
import hashlib
import io
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penholder.vault import chunks
from penholder.vault.chunks import CHUNK, HEADER_BYTES, ChunkReader, FileKey, encrypt_chunks, new_header
from penholder.vault.crypto import TAG_BYTES
from penholder.vault.errors import (
    FileAbsentError,
    KeyDestroyedError,
    KeyMissingError,
    Refusal,
    UploadContentError,
    UploadTooLargeError,
    UploadTypeError,
    VaultError,
    VaultIntegrityError,
    VaultStorageError,
)
from penholder.vault.files import FileStore
from penholder.vault.keys import KeyStore
from penholder.vault.serving import download_headers
from penholder.vault.streams import take
from tests.unit.vault.documents import PDF, TEXT, docx

KEY = bytes(range(32))
STORED = CHUNK + TAG_BYTES


@pytest.fixture
def files(tmp_path: Path) -> FileStore:
    keys = KeyStore.create(tmp_path / "home" / "keys.sqlite3")
    return FileStore(tmp_path / "home" / "files", keys=keys)


def stored(plain: bytes) -> bytes:
    return new_header() + b"".join(encrypt_chunks([plain], key=KEY))


def opened(data: bytes) -> bytes:
    with ChunkReader(io.BytesIO(data), key=KEY) as reader:
        return reader.readall()


SIZES = (0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 5)


@pytest.mark.parametrize("size", SIZES)
def test_chunks_give_back_what_went_in(size: int) -> None:
    plain = os.urandom(size)
    data = stored(plain)
    assert opened(data) == plain
    assert len(data) == HEADER_BYTES + size + TAG_BYTES * max(1, -(-size // CHUNK))


@given(st.lists(st.binary(max_size=50_000), max_size=6))
def test_the_blocks_that_a_text_came_in_make_no_difference(blocks: list[bytes]) -> None:
    assert b"".join(encrypt_chunks(blocks, key=KEY)) == b"".join(encrypt_chunks([b"".join(blocks)], key=KEY))


@given(st.data())
def test_any_part_can_be_read_from_any_place(data: st.DataObject) -> None:
    plain = LONG
    at = data.draw(st.integers(0, len(plain) + 10))
    count = data.draw(st.integers(0, 2 * CHUNK))
    with io.BufferedReader(ChunkReader(io.BytesIO(LONG_STORED), key=KEY)) as reader:
        reader.seek(at)
        assert reader.read(count) == plain[at : at + count]
        assert reader.seek(-3, os.SEEK_END) == len(plain) - 3
        assert reader.read() == plain[-3:]


LONG = os.urandom(3 * CHUNK + 5)
LONG_STORED = stored(LONG)


@given(st.integers(0, len(LONG_STORED) - 1))
def test_a_file_that_was_cut_gives_no_byte(length: int) -> None:
    with pytest.raises(VaultIntegrityError):
        ChunkReader(io.BytesIO(LONG_STORED[:length]), key=KEY)


@pytest.mark.parametrize("length", [HEADER_BYTES + n * STORED for n in range(4)] + [0, HEADER_BYTES + 15])
def test_a_file_cut_between_chunks_gives_no_byte(length: int) -> None:
    with pytest.raises(VaultIntegrityError):
        ChunkReader(io.BytesIO(LONG_STORED[:length]), key=KEY)


@given(st.permutations(range(4)), st.booleans())
def test_chunks_in_another_order_doubled_or_left_out_are_refused(order: list[int], doubled: bool) -> None:
    parts = [LONG_STORED[HEADER_BYTES + n * STORED :][:STORED] for n in range(4)]
    if order == [0, 1, 2, 3] and not doubled:
        order = [0, 1, 3]
    chosen = b"".join(parts[n] for n in order) + (parts[order[-1]] if doubled else b"")
    with pytest.raises(VaultIntegrityError):
        opened(LONG_STORED[:HEADER_BYTES] + chosen)


def test_chunks_of_another_file_of_the_same_subject_do_not_fit() -> None:
    plain = os.urandom(2 * CHUNK)
    two = [stored_under(plain), stored_under(plain)]
    assert two[0][1] != two[1][1]
    mixed = two[0][0][: HEADER_BYTES + STORED] + two[1][0][HEADER_BYTES + STORED :]
    for _, key in two:
        with pytest.raises(VaultIntegrityError):
            ChunkReader(io.BytesIO(mixed), key=key.encryption).readall()


def stored_under(plain: bytes) -> tuple[bytes, FileKey]:
    header = new_header()
    key = FileKey.derive(KEY, salt=chunks.salt_of(header), subject="s-1")
    return header + b"".join(encrypt_chunks([plain], key=key.encryption)), key


@given(st.integers(HEADER_BYTES, len(LONG_STORED) - 1), st.integers(0, 7))
def test_a_flipped_bit_is_found_before_its_chunk_is_given_out(at: int, bit: int) -> None:
    data = bytearray(LONG_STORED)
    data[at] ^= 1 << bit
    given_out = bytearray()

    def give_out() -> None:
        reader = ChunkReader(io.BytesIO(bytes(data)), key=KEY)
        while block := reader.read(CHUNK):
            given_out.extend(block)

    with pytest.raises(VaultIntegrityError):
        give_out()
    assert LONG.startswith(given_out)
    assert len(given_out) <= (at - HEADER_BYTES) // STORED * CHUNK


def test_a_file_is_put_and_opened(files: FileStore) -> None:
    plain = docx({"word/media/a.png": os.urandom(200_000)})
    put = files.put(io.BytesIO(plain), subject="s-1", name="Report.docx")
    with files.open(put.address, subject="s-1") as reader:
        assert reader.read() == plain
    assert (put.size, put.media_type.rpartition(".")[2]) == (len(plain), "document")
    assert files.exists(put.address)
    assert list(files.addresses()) == [put.address]
    files.verify(put.address)


def test_files_lie_under_their_hash_private_and_unreadable(files: FileStore, tmp_path: Path) -> None:
    put = files.put(io.BytesIO(PDF), subject="s-1")
    path = tmp_path / "home" / "files" / put.address[:2] / put.address[2:4] / put.address
    assert hashlib.sha256(path.read_bytes()).hexdigest() == put.address
    assert oct(path.stat().st_mode & 0o777) == "0o600"
    every = b"".join(p.read_bytes() for p in (tmp_path / "home").rglob("*") if p.is_file())
    assert b"%PDF" not in every
    assert list((tmp_path / "home" / "files" / "incoming").iterdir()) == []


def test_no_name_and_no_digest_can_be_found_by_guessing(files: FileStore) -> None:
    put = files.put(io.BytesIO(b"officer-37\n"), subject="s-1")
    again = files.put(io.BytesIO(b"officer-37\n"), subject="s-1")
    assert {put.address, put.digest}.isdisjoint({again.address, again.digest})
    known = {put.address, put.digest}
    guesses = 0
    for number in range(100_000):
        guess = hashlib.sha256(b"officer-%d\n" % number)
        assert guess.hexdigest() not in known
        guesses += 1
    bare = hashlib.sha256(b"officer-37\n").digest()
    assert hashlib.sha256(bare).hexdigest() not in known
    assert guesses == 100_000


def test_the_digest_can_be_checked_by_whoever_is_given_file_and_salt(files: FileStore) -> None:
    put = files.put(io.BytesIO(TEXT), subject="s-1")
    salt, digest = files.opening(put.address, subject="s-1")
    assert len(salt) == 16
    assert digest == put.digest == hashlib.sha256(salt + hashlib.sha256(TEXT).digest()).hexdigest()


def test_after_the_key_is_destroyed_the_file_verifies_but_never_opens(files: FileStore) -> None:
    put = files.put(io.BytesIO(TEXT), subject="s-1")
    assert isinstance(files._keys, KeyStore)
    files._keys.destroy("s-1")
    files.verify(put.address)
    for use in (files.open, files.opening):
        with pytest.raises(KeyDestroyedError):
            use(put.address, subject="s-1")
    with pytest.raises(KeyDestroyedError):
        files.put(io.BytesIO(TEXT), subject="s-1")


def test_another_subject_cannot_open_it(files: FileStore) -> None:
    put = files.put(io.BytesIO(TEXT), subject="s-1")
    with pytest.raises(KeyMissingError):
        files.open(put.address, subject="s-2")
    files._keys.key_for("s-2")
    with pytest.raises(VaultIntegrityError):
        files.open(put.address, subject="s-2")


def test_a_changed_or_swapped_file_is_refused_before_the_first_byte(files: FileStore) -> None:
    one = files.put(io.BytesIO(TEXT), subject="s-1")
    two = files.put(io.BytesIO(PDF), subject="s-1")
    files._path(two.address).write_bytes(files._path(one.address).read_bytes())
    for use in (lambda: files.open(two.address, subject="s-1"), lambda: files.verify(two.address)):
        with pytest.raises(VaultIntegrityError):
            use()
    files._path(one.address).write_bytes(b"")
    with pytest.raises(VaultIntegrityError):
        files.open(one.address, subject="s-1")


@pytest.mark.parametrize("address", ["", "../../keys.sqlite3", "A" * 64, "0" * 63, "0" * 64])
def test_an_address_of_nothing_is_absent(files: FileStore, address: str) -> None:
    files._keys.key_for("s-1")
    with pytest.raises(FileAbsentError):
        files.open(address, subject="s-1")


def test_removing_is_final_and_may_be_repeated(files: FileStore) -> None:
    put = files.put(io.BytesIO(TEXT), subject="s-1")
    assert (files.remove(put.address), files.remove(put.address), files.exists(put.address)) == (
        True,
        False,
        False,
    )
    with pytest.raises(FileAbsentError):
        files.verify(put.address)


class Endless(io.RawIOBase):
    """Says nothing of its length and never ends; counts what was asked of it."""

    asked = 0

    def read(self, size: int = -1, /) -> bytes:
        assert size > 0
        self.asked += size
        return b"x" * size


def test_a_stream_is_refused_by_what_was_read_of_it(files: FileStore, tmp_path: Path) -> None:
    endless = Endless()
    with pytest.raises(UploadTooLargeError, match="more than 1 MiB were sent") as refused:
        files.put(endless, subject="s-1", limit=1 << 20)
    assert refused.value.reason == Refusal.TOO_LARGE
    assert endless.asked == (1 << 20) + 1
    assert [p for p in (tmp_path / "home" / "files").rglob("*") if p.is_file()] == []


def test_exactly_the_limit_is_taken(files: FileStore) -> None:
    assert files.put(io.BytesIO(b"x" * 1_000), subject="s-1", limit=1_000).size == 1_000
    with pytest.raises(UploadTooLargeError, match="more than 999 bytes"):
        files.put(io.BytesIO(b"x" * 1_000), subject="s-1", limit=999)


@given(st.binary(min_size=1, max_size=5_000), st.integers(1, 700))
def test_short_reads_change_neither_content_nor_hash(plain: bytes, most: int) -> None:
    source = io.BytesIO(plain)

    class Slow:
        def read(self, size: int, /) -> bytes:
            return source.read(min(size, most))

    taken = take(Slow(), limit=5_000)
    assert b"".join(taken) == plain
    assert (taken.size, taken.sha256) == (len(plain), hashlib.sha256(plain).digest())


class HangsUp:
    """Breaks off after one block."""

    left = 1

    def read(self, size: int, /) -> bytes:
        if not self.left:
            raise ConnectionResetError
        self.left -= 1
        return b"x" * size


@pytest.mark.parametrize(
    ("stream", "error", "reason"),
    [
        (HangsUp(), UploadContentError, Refusal.BROKEN_OFF),
        (io.BytesIO(b""), UploadContentError, Refusal.EMPTY),
        (io.BytesIO(b"MZ" + bytes(99)), UploadTypeError, Refusal.TYPE_NOT_ALLOWED),
    ],
)
def test_after_a_refusal_nothing_is_stored(
    files: FileStore, tmp_path: Path, stream: io.BytesIO, error: type[VaultError], reason: Refusal
) -> None:
    with pytest.raises(error) as refused:
        files.put(stream, subject="s-1")
    assert refused.value.context["reason"] == reason
    assert [p for p in (tmp_path / "home" / "files").rglob("*") if p.is_file()] == []


def test_a_full_disk_is_a_clean_error_and_leaves_nothing(
    files: FileStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    files._keys.key_for("s-1")
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        with pytest.raises(VaultStorageError, match="No space left"):
            files.put(io.BytesIO(TEXT), subject="s-1")
    assert [p for p in (tmp_path / "home" / "files").rglob("*") if p.is_file()] == []
    assert files.put(io.BytesIO(TEXT), subject="s-1").size == len(TEXT)


def test_sweeping_removes_old_left_overs_only(files: FileStore, tmp_path: Path) -> None:
    put = files.put(io.BytesIO(TEXT), subject="s-1")
    incoming = tmp_path / "home" / "files" / "incoming"
    (incoming / "old").write_bytes(b"x")
    (incoming / "new").write_bytes(b"x")
    os.utime(incoming / "old", (0, 0))
    assert (files.sweep(), files.sweep()) == (1, 0)
    assert [p.name for p in incoming.iterdir()] == ["new"]
    assert list(files.addresses()) == [put.address]


def test_downloads_are_attachments_in_a_sandbox_under_our_name() -> None:
    assert download_headers("text/csv", name="case-7F3K", size=12) == {
        "Content-Type": "text/csv; charset=utf-8",
        "Content-Length": "12",
        "Content-Disposition": 'attachment; filename="case-7F3K.csv"',
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "private, no-store",
    }


@pytest.mark.parametrize(
    ("media_type", "name"),
    [("text/html", "a"), ("image/svg+xml", "a"), ("text/plain", 'a"b'), ("text/plain", "a.html"),
     ("text/plain", "a\r\nX: y"), ("text/plain", ""), ("text/plain", "../a")],
)  # fmt: skip
def test_other_types_and_names_are_not_handed_out(media_type: str, name: str) -> None:
    with pytest.raises(VaultError):
        download_headers(media_type, name=name, size=1)
