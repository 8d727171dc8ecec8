"""`penholder import` as a program: what it prints, its exit codes, and what it leaves behind."""

from __future__ import annotations

import gzip
import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from penholder.cli.main import main

pytestmark = pytest.mark.slow  # pages and long runs: `make check`

VALUES = "licence_group,date,rating,count,value,country,refused\n1,2014-01-02,ML10,1,3540,XA,0\n"
BAD_ROW = "2,2014-02-31,ML10,1,1,XA,0\n"


def run(*arguments: object, stdin: bytes | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "penholder.cli.main", "import", *map(str, arguments)]
    done = subprocess.run(command, input=stdin or b"", capture_output=True, check=False, timeout=120)
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "values.csv"
    path.write_text(VALUES + BAD_ROW)
    return path


def test_json_has_the_fixed_names_and_data_and_talk_are_apart(source: Path, tmp_path: Path) -> None:
    done = run("uk-licences", source, "--into", tmp_path / "data", "--released", "2015-06-30", "--json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert (answer["read"], answer["loaded"], answer["quarantined"]) == (2, 1, 1)
    assert answer["reasons"] == {"not_a_date": 1}
    assert answer["released"] == "2015-06-30"
    assert len(answer["sha256"]) == 64
    assert answer["files"][0]["name"] == "values.csv"
    assert "2 read = 1 loaded + 1 quarantined" in done.stderr


def test_words_are_the_answer_without_json(source: Path, tmp_path: Path) -> None:
    done = run("uk-licences", source, "--into", tmp_path / "data")
    assert "values.csv (lines): 2 read = 1 loaded + 1 quarantined" in done.stdout
    assert "1 not_a_date" in done.stdout
    assert "note: the day of publication was not given (--released)" in done.stderr


def test_the_first_five_quarantined_rows_are_shown_and_where_all_are(tmp_path: Path) -> None:
    source = tmp_path / "values.csv"
    bad = [f"{n},2014-02-31,ML10,1,1,XA,0\n" for n in range(2, 8)]
    source.write_text(VALUES + "".join([*bad[:3], "9,2014-01-02,ML10,1\n", *bad[3:]]))
    done = run("uk-licences", source, "--into", tmp_path / "my data", "--json")
    lines = done.stderr.splitlines()
    at = lines.index("      line 3, column date: not_a_date: 2014-02-31")
    assert lines[at : at + 6] == [
        *(f"      line {n}, column date: not_a_date: 2014-02-31" for n in range(3, 6)),
        "      line 6: wrong_field_count: 4 fields, not 7",
        "      line 7, column date: not_a_date: 2014-02-31",
        f"  all quarantined rows: penholder info '{tmp_path}/my data' --quarantine",
    ]
    first = json.loads(done.stdout)["first_quarantined"]
    assert [f["line"] for f in first] == [3, 4, 5, 6, 7]
    wanted = {"file": "values.csv", "line": 6, "column": None, "reason": "wrong_field_count"}
    assert first[3] == {**wanted, "detail": "4 fields, not 7"}


def test_strict_leaves_with_1_after_loading(source: Path, tmp_path: Path) -> None:
    done = run("uk-licences", source, "--into", tmp_path / "data", "--strict")
    assert done.returncode == 1
    assert (tmp_path / "data" / "penholder.json").is_file()


def test_a_guess_is_shown_and_needs_yes_where_nobody_can_confirm_it(source: Path, tmp_path: Path) -> None:
    refused = run(source, "--into", tmp_path / "data")
    assert refused.returncode == 2
    assert "kind: uk-licences (guessed from the columns of values.csv)" in refused.stderr
    assert "--yes" in refused.stderr
    assert not (tmp_path / "data").exists()
    assert run(source, "--into", tmp_path / "data", "--yes").returncode == 0


@pytest.mark.parametrize("packed", [False, True])
def test_standard_input_is_read_packed_or_not(tmp_path: Path, packed: bool) -> None:
    content = VALUES.encode()
    given = gzip.compress(content) if packed else content
    done = run("uk-licences", "-", "--into", tmp_path / "data", "--json", stdin=given)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["files"][0]["name"] == "stdin"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["uk-licence", "values.csv"], "kind 'uk-licence' is not known"),
        (["uk-licences"], "the SOURCE is missing"),
        (["a", "b", "c"], "one KIND and one SOURCE"),
        (["uk-licences", "nowhere.csv"], "there is no such file"),
        (["generic-licences", "values.csv"], "needs a mapping"),
        (["uk-licences", "values.csv", "--released", "31.12.2014"], "not a date"),
        (["uk-licences", "values.csv", "--encoding", "klingon"], "encoding 'klingon' is not known"),
        (["ucdp-ged", "values.csv"], "is no ucdp-ged file: it has no column 'id'"),
        (["uk-licences", "values.csv", "--series", "../up"], "cannot be the name of a series"),
    ],
)
def test_what_cannot_be_done_is_said_with_exit_code_2(
    source: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    given = [str(source) if a == "values.csv" else a for a in arguments]
    with pytest.raises(SystemExit) as left:
        main(["import", *given, "--into", str(tmp_path / "data")])
    shown = capfd.readouterr()
    assert left.value.code == 2
    assert said in shown.err
    assert "Traceback" not in shown.err
    assert shown.out == ""
    assert not (tmp_path / "data").exists()


def test_a_data_folder_that_is_a_file_is_said_and_stays_as_it_was(source: Path, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("mine")
    done = run("uk-licences", source, "--into", tmp_path / "data")
    assert (done.returncode, "is a file, not a folder" in done.stderr) == (2, True)
    assert (tmp_path / "data").read_text() == "mine"


def test_no_space_left_is_said_and_the_old_data_stand(source: Path, tmp_path: Path) -> None:
    into = tmp_path / "data"
    assert run("uk-licences", source, "--into", into, "--released", "2015-01-01").returncode == 0
    before = (into / "penholder.json").read_bytes()
    big = tmp_path / "big.csv"
    lines = "".join(f"{i},2014-01-02,ML{i % 22},1,{i * 7919},XA,0\n" for i in range(60_000))
    big.write_text(VALUES.splitlines()[0] + "\n" + lines)
    limit = "import resource, runpy, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
    limit += "resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000));"
    limit += f"sys.argv = ['penholder', 'import', 'uk-licences', {str(big)!r}, '--into', {str(into)!r}];"
    limit += "runpy.run_module('penholder.cli.main', run_name='__main__')"
    done = subprocess.run([sys.executable, "-B", "-c", limit], capture_output=True, check=False, timeout=120)
    assert done.returncode == 2, done.stderr.decode()
    assert b"cannot write to" in done.stderr
    assert b"Traceback" not in done.stderr
    assert (into / "penholder.json").read_bytes() == before
    assert [p.name for p in into.iterdir() if p.name.startswith(".incoming")] == []


def test_killed_half_way_the_old_data_stand_and_the_next_import_sweeps_up(source: Path, tmp_path: Path) -> None:
    into = tmp_path / "data"
    assert run("uk-licences", source, "--into", into, "--released", "2015-01-01").returncode == 0
    before = (into / "penholder.json").read_bytes()
    command = [sys.executable, "-m", "penholder.cli.main", "import", "uk-licences", "-", "--into", str(into)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdin is not None
        row = b"5,2014-01-02,ML10,1,%d,XA,0\n"
        process.stdin.write(VALUES.encode() + b"".join(row % i for i in range(200_000)))
        process.stdin.flush()
        deadline = time.monotonic() + 60
        while not list(into.glob(".incoming*/.spool")) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert list(into.glob(".incoming*/.spool"))
        os.kill(process.pid, signal.SIGKILL)
    assert (into / "penholder.json").read_bytes() == before
    assert list(into.glob(".incoming*"))
    done = run("uk-licences", source, "--into", into, "--released", "2015-01-01")
    assert (done.returncode, "already loaded" in done.stdout) == (0, True)
    assert not list(into.glob(".incoming*"))


def test_on_a_terminal_the_guess_is_asked_about_and_no_is_no(source: Path, tmp_path: Path) -> None:
    for answer, code in ((b"n\n", 130), (b"y\n", 0)):
        ours, theirs = pty.openpty()
        command = [
            sys.executable,
            "-m",
            "penholder.cli.main",
            "import",
            str(source),
            "--into",
            str(tmp_path / "data"),
        ]
        with subprocess.Popen(command, stdin=theirs, stderr=theirs, stdout=subprocess.DEVNULL) as process:
            os.close(theirs)
            os.write(ours, answer)
            shown = b""
            try:
                while block := os.read(ours, 4096):
                    shown += block
            except OSError:  # the other end is closed
                pass
            os.close(ours)
        assert b"kind: uk-licences (guessed from the columns of values.csv)" in shown
        assert process.returncode == code
        assert (tmp_path / "data").exists() == (code == 0)
