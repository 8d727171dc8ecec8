"""What `penholder import` needs of memory does not grow with the file, nor with one line of it."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

HEADER = b"licence_group,date,rating,count,value,country,refused\n"
MEGABYTE = b"x" * (1 << 20)
# The peak is read from the program's own status: what wait4 tells includes the memory of whoever started it.
MEASURED = """
import sys
from penholder.cli.main import main
try:
    main(sys.argv[2:])
finally:
    with open("/proc/self/status") as status, open(sys.argv[1], "w") as peak:
        peak.write(next(line.split()[1] for line in status if line.startswith("VmHWM:")))
"""


def piped(blocks: Iterable[bytes], into: Path) -> tuple[dict[str, Any], int, int]:
    """Import from standard input; gives the answer, the exit code and the peak memory in kB."""
    answer, said, peak = (into.parent / name for name in ("answer.json", "said.txt", "peak.txt"))
    read_end, write_end = os.pipe()
    command = [
        sys.executable,
        "-c",
        MEASURED,
        str(peak),
        "import",
        "uk-licences",
        "-",
        "--into",
        str(into),
        "--json",
    ]
    actions = [
        (os.POSIX_SPAWN_DUP2, read_end, 0),
        (os.POSIX_SPAWN_CLOSE, write_end),
        (os.POSIX_SPAWN_OPEN, 1, str(answer), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
        (os.POSIX_SPAWN_OPEN, 2, str(said), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
    ]
    child = os.posix_spawn(sys.executable, command, os.environ, file_actions=actions)
    os.close(read_end)
    with os.fdopen(write_end, "wb", buffering=0) as pipe:
        try:
            for block in blocks:
                pipe.write(block)
        except BrokenPipeError:
            pass  # the program had seen enough
    _, status = os.waitpid(child, 0)
    assert "Traceback" not in said.read_text()
    text = answer.read_text()
    return json.loads(text) if text else {}, os.waitstatus_to_exitcode(status), int(peak.read_text())


def row(number: int) -> bytes:
    return b"%d,2014-%02d-%02d,ML%d,1,%d,XA,0\n" % (
        number * 7 // 10, number % 12 + 1, number % 28 + 1, number % 22, number * 7919 % 10**7,
    )  # fmt: skip


def lines(count: int) -> Iterable[bytes]:
    yield HEADER
    for start in range(0, count, 10_000):
        yield b"".join(map(row, range(start, min(start + 10_000, count))))


@pytest.mark.slow
def test_a_line_of_two_gigabytes_is_one_quarantined_row_in_bounded_memory(tmp_path: Path) -> None:
    def blocks() -> Iterable[bytes]:
        yield HEADER + row(1) + b"2,"
        for _ in range(2048):
            yield MEGABYTE
        yield b"\n" + row(3)

    answer, code, peak_kb = piped(blocks(), tmp_path / "data")
    assert (code, answer["read"], answer["loaded"]) == (0, 3, 2)
    assert answer["reasons"] == {"line_too_long": 1}
    assert peak_kb < 400_000


@pytest.mark.slow
def test_two_gigabytes_without_any_line_end_are_refused_in_bounded_memory(tmp_path: Path) -> None:
    answer, code, peak_kb = piped((MEGABYTE for _ in range(2048)), tmp_path / "data")
    assert (code, answer) == (2, {})
    assert "uk-licences" in (tmp_path / "said.txt").read_text()
    assert peak_kb < 400_000
    assert not (tmp_path / "data").exists()


@pytest.mark.slow
def test_a_quote_that_is_never_closed_costs_one_row_of_a_large_file(tmp_path: Path) -> None:
    block = b"".join(map(row, range(30_000)))

    def blocks() -> Iterable[bytes]:
        yield HEADER + b'0,2014-01-02,"ML10,1,1,XA,0\n'
        for _ in range(20):
            yield block

    answer, code, peak_kb = piped(blocks(), tmp_path / "data")
    assert code == 0
    assert answer["read"] == 600_001
    assert answer["reasons"]["unclosed_quote"] == 1
    assert answer["reasons"]["exact_repeat"] == 570_000
    assert peak_kb < 500_000


@pytest.mark.slow
def test_memory_does_not_grow_with_the_number_of_lines(tmp_path: Path) -> None:
    small, _, small_kb = piped(lines(200_000), tmp_path / "small")
    large, _, large_kb = piped(lines(2_000_000), tmp_path / "large")
    assert (small["loaded"], large["loaded"]) == (200_000, 2_000_000)
    # On a busy machine more blocks wait to be written; `python -m bench` measures the ratio itself.
    assert large_kb <= 1.6 * small_kb
