"""Reading a log while somebody publishes it, and a folder in which somebody put other things than files."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bench.synthetic_log import LOG_KEY, ORIGIN, POLICY_TEXT, log_files, write_files
from penholder.ledger.checkpoint import Checkpoint
from penholder.ledger.errors import LedgerIntegrityError
from penholder.ledger.folder import FolderReader
from penholder.ledger.keyring import POLICY_ANNOUNCED, Keyring
from penholder.ledger.note import Signer
from penholder.ledger.verify import VerifyReport, verify_folder, verify_reader
from penholder.ledger.witness import begin, check_head
from tests.memory_reader import MemoryReader
from tests.unit.ledger.invented_log import InventedLog

PINNED = Keyring(LOG_KEY.verifier)
SECOND = Signer(ORIGIN, 1, b"\x02" * 32)
HEADS = ("verifier-keys", "policy", "checkpoint")
"""In the order in which they are written."""


def verify(files: dict[str, bytes]) -> VerifyReport:
    return verify_reader(MemoryReader(files), keys=PINNED)


def witness(files: dict[str, bytes], since: dict[str, bytes]) -> int:
    """The size that a witness goes on to, who has signed `since`."""
    state, _ = check_head(MemoryReader(since), begin(MemoryReader(since), keys=PINNED))
    return check_head(MemoryReader(files), state)[0].size


@dataclass
class Changing:
    """A folder in which `then` happens after so many reads, once for every publication that is left."""

    files: dict[str, bytes]
    then: list[dict[str, bytes]]
    after: int
    reads: int = field(default=0)

    def read(self, path: str) -> bytes | None:
        self.reads += 1
        if self.then and self.reads % self.after == 0:
            self.files = self.then.pop(0)
        return self.files.get(path)

    def paths(self) -> list[str]:
        return list(self.files)


def without_partial(files: dict[str, bytes]) -> dict[str, bytes]:
    """As the publisher leaves it: partial files go where the full one has come."""
    return {p: d for p, d in files.items() if ".p/" not in p or p.partition(".p/")[0] not in files}


def grown(*sizes: int) -> list[dict[str, bytes]]:
    """The folder after each publication."""
    log, found = InventedLog(), []
    for size in sizes:
        log.grow(size)
        found.append(without_partial(log.publish()))
    return found


def test_a_head_whose_partial_files_have_become_full_ones_is_intact() -> None:
    old, new = grown(300, 600)
    late = {**new, "checkpoint": old["checkpoint"]}  # the reader has read the checkpoint before the publication
    assert "tile/entries/001.p/44" not in late
    assert verify(late).problems == []
    assert witness(late, grown(100)[0]) == 300
    short = {**late, "tile/entries/001": late["tile/entries/001"][:900]}
    assert [p.file for p in verify(short).problems] == ["tile/entries/001.p/44"]


@pytest.mark.parametrize("after", range(1, 40))
def test_whenever_somebody_publishes_the_reader_sees_an_intact_log(after: int) -> None:
    first, *then = grown(300, 511, 512, 700, 900)
    report = verify_reader(Changing(first, list(then), after), keys=PINNED)  # type: ignore[arg-type]
    assert report.problems == []
    state, _ = check_head(MemoryReader(first), begin(MemoryReader(first), keys=PINNED))
    assert check_head(Changing(first, list(then), after), state)[0].size >= 300  # type: ignore[arg-type]


def changed() -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Before and after a publication with a new key and a new policy."""
    log = InventedLog()
    log.grow(300)
    before = log.publish()
    log.rotate(SECOND)
    policy = POLICY_TEXT.replace("group witnesses 2", "group witnesses 3").encode()
    log.announce(POLICY_ANNOUNCED, {"policy_sha256": hashlib.sha256(policy).hexdigest()})
    log.grow(520)
    return before, {**log.publish(), "policy": policy}


def steps() -> list[dict[str, bytes]]:
    """Every state of the folder on the way, in the order of the writes (custody/next_head.py)."""
    old, new = changed()
    found = [{**new, **{name: old[name] for name in HEADS}}]  # the tiles are there
    found.append({**found[-1], **{f"next/{name}": new[name] for name in HEADS}})  # comes in one step: a folder
    for name in HEADS:
        found.append({**found[-1], name: new[name]})
    return [*found, new]


@pytest.mark.parametrize("step", range(6))
def test_a_change_of_keys_and_policy_may_be_cut_short_anywhere(step: int) -> None:
    files = steps()[step]
    report = verify(files)
    assert (report.problems, report.pinned) == ([], True)
    assert report.checkpoint is not None
    assert report.checkpoint.size == (300 if step == 0 else 520)
    said = "a change of keys or policy is being published, or was cut short: the head in next/ was verified"
    assert (said in report.notices) == (0 < step < 5)
    assert witness(files, changed()[0]) == report.checkpoint.size


@pytest.mark.parametrize("after", range(1, 30))
def test_a_reader_meanwhile_sees_the_old_or_the_new_log(after: int) -> None:
    first, *then = steps()
    report = verify_reader(Changing(first, list(then), after), keys=PINNED)  # type: ignore[arg-type]
    assert report.problems == []
    state, _ = check_head(MemoryReader(first), begin(MemoryReader(first), keys=PINNED))
    assert check_head(Changing(first, list(then), after), state)[0].size in {300, 520}  # type: ignore[arg-type]


def test_damage_in_the_files_of_a_change_is_found() -> None:
    files = steps()[2]
    for name in HEADS:
        damaged = bytearray(files[f"next/{name}"])
        damaged[5] ^= 1
        found = {p.file for p in verify({**files, f"next/{name}": bytes(damaged)}).problems}
        assert f"next/{name}" in found <= {f"next/{n}" for n in HEADS}
    forged = Checkpoint(ORIGIN, 300, bytes(32)).sign([LOG_KEY]).encode()
    problems = verify({**files, "checkpoint": forged}).problems
    assert [(p.file, p.message) for p in problems] == [("checkpoint", "is no head of this log (size 300)")]
    gone = {k: v for k, v in files.items() if k != "next/policy"}
    assert [(p.file, p.message) for p in verify(gone).problems] == [("next/policy", "is missing")]


def as_pipe(path: Path) -> None:
    path.unlink(missing_ok=True)
    os.mkfifo(path)


def as_link(target: str) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        path.unlink()
        path.symlink_to(target)

    return make


@pytest.mark.parametrize("name", ["policy", "verifier-keys", "README.txt", "tile/0/000", "tile/entries/001.p/44"])
@pytest.mark.parametrize("kind", [as_pipe, as_link("/dev/zero"), as_link("elsewhere")])
def test_what_is_no_plain_file_is_refused_at_once(tmp_path: Path, name: str, kind: Callable[[Path], None]) -> None:
    write_files(tmp_path, log_files(300))
    kind(tmp_path / name)
    problems = verify_folder(tmp_path, keys=PINNED).problems
    assert {p.file for p in problems} == {name}
    said = "it is no plain file" if kind is as_pipe else "it is a symbolic link"
    assert problems[0].message == f"{name}: cannot be read ({said})"


def test_folders_that_are_too_deep_to_be_listed_are_a_problem_and_not_a_crash(tmp_path: Path) -> None:
    write_files(tmp_path / "log", log_files(3))
    here = os.open(tmp_path / "log", os.O_RDONLY)
    for _ in range(30):
        os.mkdir("d" * 200, dir_fd=here)
        below = os.open("d" * 200, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
    problems = verify_folder(tmp_path / "log", keys=PINNED).problems
    assert [p.file for p in problems] == ["tile"]
    assert problems[0].message.endswith("cannot be read (File name too long)")


def test_a_pipe_that_nobody_needs_is_refused_too(tmp_path: Path) -> None:
    write_files(tmp_path, log_files(300))
    (tmp_path / "tile/0/000.p").mkdir()
    as_pipe(tmp_path / "tile/0/000.p/7")
    assert [p.file for p in verify_folder(tmp_path, keys=PINNED).problems] == ["tile/0/000.p/7"]
    as_pipe(tmp_path / "checkpoint")
    with pytest.raises(LedgerIntegrityError, match="no plain file"):
        FolderReader(tmp_path).read("checkpoint")
