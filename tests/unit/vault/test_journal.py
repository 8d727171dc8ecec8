"""The journal of erasures: on the disk first, read strictly, and applied again after a restore."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penholder.vault.errors import ErasureJournalError, KeyDestroyedError, VaultError, VaultStorageError
from penholder.vault.journal import ErasureJournal, ErasureRecord, Reapplied, reapply
from penholder.vault.keys import KeyStore

AT = datetime(2026, 11, 22, 10, 14, 5, tzinfo=UTC)
FIRST = ErasureRecord("e-1", "s-1", "retention-expired", AT)
SECOND = ErasureRecord("e-2", "s-2", "court-order", AT)


@pytest.fixture
def journal(tmp_path: Path) -> ErasureJournal:
    found = ErasureJournal(tmp_path / "erasures.jsonl")
    found.append(FIRST)
    found.append(SECOND)
    return found


def test_records_come_back_in_order_and_the_file_is_private(journal: ErasureJournal, tmp_path: Path) -> None:
    assert journal.records() == (FIRST, SECOND)
    assert oct((tmp_path / "erasures.jsonl").stat().st_mode & 0o777) == "0o600"
    assert ErasureJournal(tmp_path / "none.jsonl").records() == ()


def test_a_line_is_canonical_json_with_a_check_sum() -> None:
    assert FIRST.to_line() == (
        b'{"at":"2026-11-22T10:14:05Z","ground":"retention-expired","id":"e-1","subject":"s-1",'
        b'"sum":"' + json.loads(FIRST.to_line())["sum"].encode() + b'","v":1}\n'
    )
    assert len(json.loads(FIRST.to_line())["sum"]) == 16


def test_the_same_record_again_is_harmless_another_under_its_id_is_refused(journal: ErasureJournal) -> None:
    journal.append(FIRST)
    assert journal.records() == (FIRST, SECOND)
    with pytest.raises(ErasureJournalError, match="two different erasures"):
        journal.append(replace(FIRST, subject="s-9"))
    assert journal.records() == (FIRST, SECOND)


def test_a_last_line_that_was_torn_anywhere_is_no_record_and_is_mended(tmp_path: Path) -> None:
    whole, line = FIRST.to_line(), SECOND.to_line()
    for cut in range(len(line)):
        path = tmp_path / f"{cut}.jsonl"
        path.write_bytes(whole + line[:cut])
        torn = ErasureJournal(path)
        complete = cut == len(line) - 1  # only the end of the line is missing
        assert torn.records() == ((FIRST, SECOND) if complete else (FIRST,))
        third = replace(SECOND, id="e-3")
        torn.append(third)
        assert torn.records() == ((FIRST, SECOND, third) if complete else (FIRST, third))
        assert path.read_bytes().endswith(third.to_line())


def test_every_flipped_bit_before_the_last_line_is_found(tmp_path: Path) -> None:
    sound = FIRST.to_line() + SECOND.to_line()
    for at in range(len(FIRST.to_line())):
        for bit in range(8):
            damaged = bytearray(sound)
            damaged[at] ^= 1 << bit
            (tmp_path / "erasures.jsonl").write_bytes(damaged)
            with pytest.raises(ErasureJournalError) as found:
                ErasureJournal(tmp_path / "erasures.jsonl").records()
            assert found.value.exit_code == 3


@given(st.binary(max_size=80).filter(lambda noise: b"\n" not in noise))
def test_noise_between_records_is_refused_with_its_line(
    tmp_path_factory: pytest.TempPathFactory, noise: bytes
) -> None:
    path = tmp_path_factory.mktemp("journal") / "erasures.jsonl"
    path.write_bytes(FIRST.to_line() + noise + b"\n" + SECOND.to_line())
    with pytest.raises(ErasureJournalError, match=r"erasures\.jsonl:2: "):
        ErasureJournal(path).records()


@pytest.mark.parametrize(
    "bad",
    [
        {"ground": "because officer-1 asked"},
        {"ground": ""},
        {"id": "a b"},
        {"subject": ""},
        {"at": datetime(2026, 1, 1)},  # noqa: DTZ001 - the time without a zone is the point
        {"at": AT.replace(microsecond=1)},
    ],
)
def test_a_record_holds_code_words_and_utc_only(bad: dict[str, Any]) -> None:
    with pytest.raises(VaultError):
        replace(FIRST, **bad)


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(VaultStorageError):
        ErasureJournal(tmp_path / "none" / "erasures.jsonl").append(FIRST)


def test_after_a_restore_of_older_keys_the_erasures_are_done_again(
    tmp_path: Path, journal: ErasureJournal
) -> None:
    store = KeyStore.create(tmp_path / "home" / "keys.sqlite3")
    key = store.keys_for(["s-1", "s-2", "s-3"])["s-1"]
    shutil.copy(store._path, tmp_path / "yesterday")
    assert store.destroy_all(["s-1", "s-2"]) == 2
    store.close()
    shutil.copy(tmp_path / "yesterday", store._path)
    restored = KeyStore(store._path)
    assert restored.read("s-1") == key
    assert reapply(restored, journal) == Reapplied(known=2, destroyed_again=2)
    assert reapply(restored, journal) == Reapplied(known=2, destroyed_again=0)
    with pytest.raises(KeyDestroyedError):
        restored.read("s-1")
    assert restored.count() == 1
    assert key not in store._path.read_bytes()
