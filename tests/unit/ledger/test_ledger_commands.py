"""`penholder verify` as people run it: what it says, its exit codes, and what it does not load."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from bench.synthetic_log import LOG_KEY, POLICY_TEXT, act_entry, log_files, write_files
from penholder.cli.ledger import witnessed_words
from penholder.cli.main import penholder
from penholder.kernel.errors import PenholderError
from penholder.ledger.merkle import inclusion_proof
from penholder.ledger.note import Signer
from penholder.ledger.policy import PolicyVerdict
from penholder.ledger.proof import make_receipt
from penholder.ledger.witness import TileNodes
from tests.memory_reader import MemoryReader

VKEY = LOG_KEY.verifier.text()
VERDICTS: list[tuple[bool, tuple[str, ...], int]] = [
    (False, (), 0),
    (False, (), 1),
    (False, ("library",), 2),
    (True, ("library", "archive"), 2),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("published")
    write_files(folder, log_files(300))
    return folder


def run(*words: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(penholder, ["verify", *map(str, words)])
    if isinstance(result.exception, PenholderError):
        return result.exception.exit_code, str(result.exception)
    return result.exit_code, result.output


def test_an_intact_log_is_said_in_words(folder: Path) -> None:
    code, said = run(folder, "--key", VKEY)
    lines = said.splitlines()
    assert code == 0
    assert lines[0] == "log:       ardenia.invalid/register"
    assert lines[1].startswith("entries:   300, 2026-01-01T00:00:00Z to 2026-01-01T00:34:53Z; 3 late")
    assert lines[3] == f"signed by: {VKEY} (followed from the key that you gave)"
    assert lines[4].startswith("WITNESSED by w1 at 2026-04-11T00:00:00Z, w2 at")
    assert lines[5:] == ["INTACT"]


def test_damage_is_said_with_its_place_and_exit_code_3(folder: Path, tmp_path: Path) -> None:
    files = log_files(300)
    data = files["tile/entries/000"]
    write_files(tmp_path, {**files, "tile/entries/000": data[:100] + b"X" + data[101:]})
    code, said = run(tmp_path, "--key", VKEY)
    assert code == 3
    assert said.splitlines()[-2:] == [
        "DAMAGED: 1 problem",
        "  tile/entries/000, entry 0: this entry is not what the tree has",
    ]
    assert f"signed by: {VKEY} (the key that you gave)" in said
    assert f"signed by: {VKEY} (a key of the folder itself)" in run(tmp_path)[1]
    other = Signer.generate("ardenia.invalid/register").verifier.text()
    whose = f"signed by: {VKEY} (a key of the folder itself, NOT followed from the key that you gave)"
    assert whose in run(tmp_path, "--key", other)[1]
    code, document = run(tmp_path, "--key", VKEY, "--json")
    found = json.loads(document)
    assert (code, found["intact"]) == (3, False)
    assert found["problems"] == [
        {"file": "tile/entries/000", "entry": 0, "message": "this entry is not what the tree has"}
    ]


def test_json_says_all_that_words_say(folder: Path) -> None:
    code, document = run(folder, "--json", "--since", folder / "checkpoint", "--policy", folder / "policy")
    found: dict[str, Any] = json.loads(document)
    assert (code, found["size"], found["late"], found["since"]) == (0, 300, 3, 300)
    assert (found["witnessed"], found["witnesses_needed"], found["policy_given"]) == (True, 2, True)
    assert (found["key_given"], found["signed_by"]) == (False, VKEY)


def test_keys_may_come_from_a_file(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "key").write_text(VKEY + "\n")
    for given in (tmp_path / "key", folder / "verifier-keys"):
        assert run(folder, "--key", given)[0] == 0


def test_a_receipt_is_verified_with_its_key(folder: Path, tmp_path: Path) -> None:
    files = log_files(300)
    hashes = inclusion_proof(194, 300, TileNodes(MemoryReader(files), 300))
    receipt = make_receipt(act_entry(194), index=194, hashes=hashes, checkpoint=files["checkpoint"].decode())
    path = tmp_path / "act.tlog-proof"
    path.write_text(receipt.text())
    (tmp_path / "policy").write_text(POLICY_TEXT)
    code, said = run(path, "--key", VKEY)
    assert code == 0
    assert said.splitlines()[0] == "log:       ardenia.invalid/register, entry 194 of 300"
    assert "claimed for 2025-12-29T00:22:38Z (late)" in said
    assert said.splitlines()[-2].startswith(
        "UNWITNESSED: no policy was given, and a proof carries none; --policy FILE"
    )
    assert said.splitlines()[-1] == "INTACT"
    assert json.loads(run(path, "--key", VKEY, "--json")[1])["policy_given"] is False
    (tmp_path / "nobody").write_text("quorum none\n")
    said = run(path, "--key", VKEY, "--policy", tmp_path / "nobody")[1]
    assert said.splitlines()[-2:] == ["UNWITNESSED: no policy asks for outside witnesses", "INTACT"]
    code, document = run(path, "--key", VKEY, "--policy", tmp_path / "policy", "--json")
    assert (code, json.loads(document)["witnessed"], json.loads(document)["entry"]["v"]) == (0, True, 1)
    path.write_text(receipt.text().replace("index 194", "index 195"))
    code, said = run(path, "--key", VKEY)
    assert (code, said.splitlines()[0]) == (3, "NOT PROVEN: 1 problem")
    assert run(path)[0] == 2


@pytest.mark.parametrize(
    "words",
    [
        ("{folder}/tile",),
        ("{folder}/nothing",),
        ("{folder}/checkpoint", "--key", VKEY),
        ("{folder}", "--key", "nothing"),
        ("{folder}", "--key", VKEY[:-1]),
        ("{folder}", "--since", "{folder}/policy"),
        ("{folder}", "--policy", "{folder}/checkpoint"),
        ("{folder}/checkpoint", "--since", "{folder}/checkpoint", "--key", VKEY),
    ],
)
def test_what_cannot_be_read_as_asked_ends_with_exit_code_2(folder: Path, words: tuple[str, ...]) -> None:
    assert run(*(w.format(folder=folder) for w in words))[0] == 2


def test_what_is_allowed_is_said_where_nothing_can_be_read(folder: Path) -> None:
    code, said = run(folder, "--key", "nothing")
    assert code == 2
    assert "--key nothing: there is no such file, and it is no key (name+id+base64)" in said
    assert (
        "give the folder of a log or a release, or the file of a receipt" in run(folder / "none", "--key", VKEY)[1]
    )


@pytest.mark.parametrize("group", ["ledger", "witness"])
def test_the_commands_of_a_group_are_said_in_whole_sentences(group: str) -> None:
    said = CliRunner().invoke(penholder, [group, "--help"]).output.partition("Commands:")[2]
    assert said
    assert "..." not in said


def test_a_number_of_witnesses_without_their_names_is_refused() -> None:
    found = CliRunner().invoke(penholder, ["ledger", "witnesses", "--needed", "2"])
    assert found.exit_code == 2
    assert "name all of them with --witness NAME=VKEY" in found.output


def test_how_far_a_head_is_witnessed_is_said_in_words() -> None:
    said = [witnessed_words(PolicyVerdict(*given)) for given in VERDICTS]
    assert said == [
        "UNWITNESSED: no policy asks for outside witnesses; `penholder ledger witnesses` names them",
        "UNWITNESSED: the policy asks for 1 outside witness, 0 signed",
        "UNWITNESSED: the policy asks for 2 outside witnesses, 1 signed (library)",
        "witnessed by library, archive",
    ]


@pytest.mark.parametrize("command", [["verify"], ["witness", "sign"]])
def test_neither_command_loads_django_or_a_data_frame(command: list[str]) -> None:
    code = (
        "import sys; from penholder.cli.main import main\n"
        f"try: main({[*command, '--help']!r})\n"
        "except SystemExit as left: assert not left.code, left.code\n"
        "heavy = {'django', 'numpy', 'pyarrow', 'pandas', 'duckdb', 'yaml', 'rich', 'ninja', 'pydantic'}\n"
        "assert not heavy & {m.partition('.')[0] for m in sys.modules}"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_names_cannot_steer_the_terminal(tmp_path: Path) -> None:
    write_files(tmp_path, {**log_files(3), "evil\x1b[2J": b""})
    assert "\x1b" not in run(tmp_path)[1]
