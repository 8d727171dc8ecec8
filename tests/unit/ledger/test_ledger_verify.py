"""Verification of published logs: intact ones pass, and whatever is wrong is found where it is."""

from __future__ import annotations

import functools
import random
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest

from bench.synthetic_log import (
    LOG_KEY,
    ORIGIN,
    POLICY_TEXT,
    WITNESSES,
    LogWriter,
    act_entry,
    entries,
    heads,
    log_files,
    signed,
    write_files,
)
from penholder.ledger import parallel, retrace
from penholder.ledger.bundles import inspect_bundle
from penholder.ledger.checkpoint import Checkpoint
from penholder.ledger.cosignature import cosign
from penholder.ledger.entry import LedgerEntry
from penholder.ledger.errors import NoteError
from penholder.ledger.folder import FolderReader
from penholder.ledger.keyring import Keyring
from penholder.ledger.layout import (
    Tile,
    decode_bundle,
    encode_bundle,
    entries_path,
    parse_path,
    split_bundle,
)
from penholder.ledger.merkle import Frontier, leaf_hash
from penholder.ledger.note import Signer
from penholder.ledger.policy import Policy
from penholder.ledger.retrace import Tree, inspect_all
from penholder.ledger.verify import VerifyReport, verify_folder, verify_reader
from tests.memory_reader import MemoryReader
from tests.unit.ledger.invented_log import InventedLog, witnessed_log

PINNED = Keyring(LOG_KEY.verifier)
SIZES = (0, 1, 2, 255, 256, 257, 512, 2_000)


def verify(files: dict[str, bytes], **options: object) -> VerifyReport:
    return verify_reader(MemoryReader(files), **{"keys": PINNED, **options})  # type: ignore[arg-type]


def said(report: VerifyReport) -> list[tuple[str, int | None]]:
    return [(p.file, p.entry) for p in report.problems]


@pytest.fixture(scope="module")
def log() -> dict[str, bytes]:
    return log_files(2_000)


@pytest.mark.parametrize("size", SIZES)
def test_an_intact_log_of_any_size_passes(size: int) -> None:
    report = verify(log_files(size))
    assert (report.problems, report.facts.entries, report.pinned) == ([], size, True)
    assert report.verdict.witnessed
    assert report.notices == ([] if size else [_policy_not_announced()])


def _policy_not_announced() -> str:
    return "the policy is not announced in the log: nothing but the folder vouches for it"


def test_the_recomputed_root_is_that_of_the_frontier_at_every_size() -> None:
    frontier = Frontier()
    size = 700
    files = log_files(size)
    tree = Tree(MemoryReader(files), size, root=b"")
    tree.retrace(inspect_all(MemoryReader(files), size))
    for number, entry in enumerate(entries(size)):
        assert tree.root_at(number) == frontier.root()
        frontier, _ = frontier.append(leaf_hash(entry))
    assert tree.root_at(size) == frontier.root()
    assert tree.root_at(size + 1) is None


def test_the_report_says_counts_times_and_how_many_are_late(log: dict[str, bytes]) -> None:
    report = verify(log)
    assert (report.facts.first_at, report.facts.last_at) == ("2026-01-01T00:00:00Z", "2026-01-01T03:53:13Z")
    assert report.facts.late == len(range(97, 2_000, 97))
    assert report.facts.events["register.LineSuspended"] == len(range(3, 2_000, 3))
    assert report.checkpoint is not None
    assert report.checkpoint.size == 2_000
    assert report.signed_by == LOG_KEY.verifier


def test_without_a_key_of_ones_own_the_report_says_whose_word_it_is(log: dict[str, bytes]) -> None:
    report = verify(log, keys=None)
    assert report.problems == []
    assert not report.pinned
    assert [n for n in report.notices if LOG_KEY.verifier.text() in n] == report.notices


def test_another_key_than_the_one_that_is_known_is_refused(log: dict[str, bytes]) -> None:
    stranger = Keyring(Signer(ORIGIN, 1, bytes(32)).verifier)
    report = verify(log, keys=stranger)
    assert said(report) == [("verifier-keys", None)]
    assert not report.pinned


# Damage


def flipped(files: dict[str, bytes], path: str, bit: int) -> dict[str, bytes]:
    data = bytearray(files[path])
    data[bit // 8] ^= 1 << bit % 8
    return {**files, path: bytes(data)}


def place(files: dict[str, bytes], path: str, bit: int) -> int | None:
    """The entry that the report must name for a flipped bit."""
    tile = parse_path(path)
    if tile is None:
        return None
    if tile.level >= 0:
        return (tile.index * 256 + bit // 8 // 32) << (8 * tile.level)
    entries_, end = split_bundle(files[path][: bit // 8], 256)
    assert end <= bit // 8
    return tile.index * 256 + len(entries_)


def flip_and_verify(log: dict[str, bytes], picks: list[tuple[str, int]]) -> list[object]:
    """The flips that were not found where they are."""
    missed: list[object] = []
    for path, bit in picks:
        found = said(verify(flipped(log, path, bit), keys=None))
        if found != [(path, place(log, path, bit))] and not (
            place(log, path, bit) is None and found and {file for file, _ in found} == {path}
        ):
            missed.append((path, bit, found))
    return missed


def cached(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bundles that did not change are not hashed again: the function depends on nothing but its arguments."""
    monkeypatch.setattr(retrace, "inspect_bundle", functools.cache(inspect_bundle))


def picked(log: dict[str, bytes], number: int, *, seed: int) -> list[tuple[str, int]]:
    """Half of them with every byte equally likely, half with every file equally likely."""
    rng = random.Random(seed)
    paths = sorted(log)
    weights = [len(log[p]) for p in paths]
    chosen = [*rng.choices(paths, weights, k=number // 2), *rng.choices(paths, k=number - number // 2)]
    return [(path, rng.randrange(len(log[path]) * 8)) for path in chosen]


def test_300_flipped_bits_are_found_each_in_its_place(
    log: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    cached(monkeypatch)
    assert flip_and_verify(log, picked(log, 300, seed=1)) == []


@pytest.mark.slow
def test_10_000_flipped_bits_are_found_each_in_its_place(
    log: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    cached(monkeypatch)
    assert flip_and_verify(log, picked(log, 10_000, seed=2)) == []


@pytest.mark.slow
@pytest.mark.parametrize("path", ["checkpoint", "verifier-keys", "policy", "README.txt"])
def test_every_bit_of_the_files_beside_the_tiles_is_covered(
    log: dict[str, bytes], path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    cached(monkeypatch)
    assert flip_and_verify(log, [(path, bit) for bit in range(len(log[path]) * 8)]) == []


@pytest.mark.parametrize("size", [257, 600])
def test_a_file_that_is_missing_empty_longer_or_shorter_is_named(size: int) -> None:
    files = log_files(size)
    for path, data in files.items():
        if path == "checkpoint":
            continue
        for damaged in (None, b"", data + b"\x00", data[:-1]):
            broken = {p: d for p, d in files.items() if p != path}
            report = verify(broken if damaged is None else {**broken, path: damaged}, keys=None)
            if path in {"policy", "verifier-keys"} and damaged == data[:-1]:
                continue  # a last newline more or less changes no key; the policy is compared below
            assert {p.file for p in report.problems} == {path}, (path, damaged and len(damaged))


def test_two_damages_are_both_named(log: dict[str, bytes]) -> None:
    twice = flipped(flipped(log, "tile/entries/001", 9_000), "tile/0/004", 100)
    assert {p.file for p in verify(twice).problems} == {"tile/entries/001", "tile/0/004"}


def test_an_edited_entry_with_its_tile_is_found_by_the_hash_above(log: dict[str, bytes]) -> None:
    bundle = decode_bundle(log["tile/entries/002"])
    bundle[5] = act_entry(999_999)
    edited = {
        **log,
        "tile/entries/002": encode_bundle(bundle),
        "tile/0/002": b"".join(map(leaf_hash, bundle)),
    }
    report = verify(edited)
    assert report.problems[0].file in {"tile/1/000.p/7", "checkpoint"}
    assert "checkpoint" in {p.file for p in report.problems}


def test_a_history_that_is_wholly_rewritten_and_signed_again_is_a_fork_for_whoever_remembers() -> None:
    old = log_files(1_000)
    writer = LogWriter()
    files: dict[str, bytes] = {}
    for number, entry in enumerate(entries(1_500)):
        files.update(writer.add(act_entry(7) if number == 500 else entry))
    files.update(writer.partial())
    forged = {**files, **heads(signed(writer.checkpoint()))}
    assert verify(forged).problems == []  # a log alone does not stop a split view
    assert "forked" in verify(forged, since=old["checkpoint"]).problems[0].message
    assert "forked" not in str(verify(log_files(1_500), since=old["checkpoint"]).problems)


def test_a_remembered_head_is_continued_rolled_back_or_of_another_log(log: dict[str, bytes]) -> None:
    report = verify(log, since=log_files(777)["checkpoint"])
    assert (report.problems, report.since) == ([], 777)
    assert verify(log, since=log_files(0)["checkpoint"]).problems == []
    assert "rolled back" in verify(log_files(777), since=log["checkpoint"]).problems[0].message
    foreign = Checkpoint("norland.invalid/log", 5, b"\x05" * 32).sign([LOG_KEY]).encode()
    assert "another log" in verify(log, since=foreign).problems[0].message
    unsigned = Checkpoint(ORIGIN, 5, b"\x05" * 32).sign([Signer(ORIGIN, 1, bytes(32))]).encode()
    assert "no known key" in verify(log, since=unsigned).problems[0].message
    with pytest.raises(NoteError):
        verify(log, since=b"a head?")


def test_an_entry_that_is_none_is_named_even_where_every_hash_is_right() -> None:
    log = InventedLog()
    log.grow(300)
    log.append(b'{"v":1}')
    log.grow(400)
    report = verify(log.publish())
    assert said(report) == [("tile/entries/001.p/144", 300)]
    assert "not a ledger entry" in report.problems[0].message


def test_times_that_go_back_are_noticed_not_refused() -> None:
    log = InventedLog()
    log.grow(300)
    log.append(act_entry(10), act_entry(11), act_entry(400))
    report = verify(log.publish())
    assert report.problems == []
    assert report.notices == ["1 entries have a time before that of the entry before them"]


def test_a_head_that_lies_about_its_size_does_not_keep_the_verifier_busy() -> None:
    files = log_files(300)
    lying = Checkpoint(ORIGIN, 1 << 50, b"\x01" * 32)
    report = verify({**files, "checkpoint": signed(lying).encode()})
    assert 200 <= len(report.problems) < 500
    assert report.notices == ["200 problems were found; the rest was not looked at"]


# Files that the head does not need


def test_partial_tiles_of_earlier_sizes_must_match_too() -> None:
    log = InventedLog()
    for size in (3, 200, 256, 300, 2_000):
        log.grow(size)
        files = log.publish(signed(log.writer.checkpoint()))
    leftovers = {"tile/entries/000.p/3", "tile/entries/000.p/200", "tile/0/000.p/200", "tile/1/000.p/1"}
    assert leftovers < set(files)
    assert verify(files).problems == []
    for path in sorted(leftovers):
        bit = len(files[path]) * 8 - 9
        assert said(verify(flipped(files, path, bit))) == [(path, place(files, path, bit))]
    assert said(verify({**files, "tile/0/000.p/200": files["tile/0/000.p/200"][:-32]})) == [
        ("tile/0/000.p/200", 199)
    ]


def test_strangers_and_tiles_beyond_the_head_are_noticed() -> None:
    files = log_files(300)
    more = {"tile/entries/001.p/45": b"x", "notes.txt": b"", "tile/0/x001/000": b"", "tile/00/000": b""}
    more["cosignatures/w1"] = b"a note that a witness left"
    report = verify({**files, **more})
    assert report.problems == []
    assert report.notices == [
        "2 files of a larger log than the signed head has; not checked: tile/0/x001/000, tile/entries/001.p/45",
        "2 files that no published log has; not checked: notes.txt, tile/00/000",
    ]


# Witnesses and policies


@pytest.mark.parametrize(
    ("names", "witnessed"), [((), False), (("w1",), False), (("w1", "w3"), True), (("w1", "w2", "w3"), True)]
)
def test_a_log_is_unwitnessed_until_as_many_as_the_policy_says_have_signed(
    names: tuple[str, ...], *, witnessed: bool
) -> None:
    log = InventedLog()
    log.grow(10)
    report = verify(log.publish(signed(log.writer.checkpoint(), witnesses=names)))
    assert report.problems == []
    assert (report.verdict.witnessed, report.verdict.signed, report.verdict.needed) == (witnessed, names, 2)


def test_the_verifiers_own_policy_goes_before_that_of_the_folder() -> None:
    log = InventedLog()
    log.grow(10)
    library = Signer("library.invalid", 4, b"\x0c" * 32)
    files = log.publish(cosign(log.head(), library, timestamp=1_780_000_000))
    own = Policy.parse(f"witness library {library.verifier.text()}\nquorum library\n")
    report = verify(files, policy=own)
    assert (report.problems, report.verdict.witnessed, report.own_policy) == ([], True, True)
    assert said(verify(files)) == [("checkpoint", None)]  # nobody in the folder accounts for that signature
    other_log = Policy.parse(f"log {Signer('x', 1, bytes(32)).verifier.text()}\nquorum none\n")
    assert "none of the logs that it names" in verify(witnessed_log(10), policy=other_log).problems[0].message


def test_a_log_that_is_its_own_witness_is_refused() -> None:
    same = Signer("w.invalid", 4, LOG_KEY.seed)
    own = Policy.parse(f"witness a {same.verifier.text()}\nquorum a\n")
    report = verify(witnessed_log(10), policy=own)
    assert [p.message for p in report.problems] == ["witness a is a key of the log itself"]


def test_a_forged_cosignature_refuses_the_head(log: dict[str, bytes]) -> None:
    forged = cosign(signed(Checkpoint(ORIGIN, 7, bytes(32))), WITNESSES["w3"], timestamp=5)
    line = forged.splitlines()[-1] + "\n"
    report = verify({**log, "checkpoint": log["checkpoint"] + line.encode()})
    assert said(report) == [("checkpoint", None)]
    assert "witness-3.invalid" in report.problems[0].message


def test_another_policy_than_the_announced_one_is_refused(log: dict[str, bytes]) -> None:
    weaker = POLICY_TEXT.replace("group witnesses 2", "group witnesses 1")
    report = verify({**log, "policy": weaker.encode()})
    assert said(report) == [("policy", None)]
    assert "entry 0 announces" in report.problems[0].message


def test_a_witness_that_signed_before_the_last_entry_was_made_is_noticed() -> None:
    log = InventedLog()
    log.grow(10)
    report = verify(log.publish(cosign(log.head(), WITNESSES["w1"], timestamp=1_000_000_000)))
    assert report.notices == ["the last entry says 2026-01-01T00:01:03Z, over a day after witness w1 signed it"]


# Folders on a disk, and several processes


def test_a_folder_is_verified_like_the_files_in_it(tmp_path: Path, log: dict[str, bytes]) -> None:
    write_files(tmp_path, log)
    report = verify_folder(tmp_path, keys=PINNED)
    assert report == verify(log)
    assert sorted(FolderReader(tmp_path).paths()) == sorted(log)


def test_several_processes_say_the_same_as_one(
    tmp_path: Path, log: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parallel, "WORTH_IT", 1)
    monkeypatch.setattr(parallel, "_processors", lambda: 2)
    damaged = flipped(log, "tile/entries/003", 5_000)
    write_files(tmp_path, damaged)
    seen: list[tuple[int, int]] = []
    report = verify_folder(tmp_path, keys=PINNED, progress=lambda done, total: seen.append((done, total)))
    assert report == verify(damaged)
    assert seen == [(min(2_000, n * 256), 2_000) for n in range(1, 9)]


class _Dies:
    """A pool whose processes are killed at once, as a system without memory does."""

    def __init__(self, _workers: int) -> None:
        pass

    def __enter__(self) -> _Dies:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def submit(self, *_: object) -> object:
        raise BrokenProcessPool("killed")


@pytest.mark.parametrize("broken", [lambda _: None, _Dies])
def test_where_no_process_can_be_started_one_does_all(
    tmp_path: Path, log: dict[str, bytes], monkeypatch: pytest.MonkeyPatch, broken: Callable[[int], object]
) -> None:
    monkeypatch.setattr(parallel, "WORTH_IT", 1)
    monkeypatch.setattr(parallel, "_pool", broken)
    write_files(tmp_path, log)
    assert verify_folder(tmp_path, keys=PINNED).problems == []


def test_a_folder_that_is_no_published_log_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NoteError, match="no file 'checkpoint'"):
        verify_folder(tmp_path)


def test_an_unreadable_file_is_a_problem_and_not_a_crash(tmp_path: Path) -> None:
    write_files(tmp_path, log_files(300))
    path = tmp_path / Tile(0, 0).path
    path.unlink()
    path.mkdir()
    report = verify_folder(tmp_path, keys=PINNED)
    assert [p.file for p in report.problems] == ["tile/0/000"]
    assert "cannot be read" in report.problems[0].message


def test_the_bundles_of_a_log_hold_entries_that_can_be_read(log: dict[str, bytes]) -> None:
    assert [LedgerEntry.from_bytes(e).to_bytes() for e in decode_bundle(log[entries_path(0)])] == list(
        entries(256)
    )
