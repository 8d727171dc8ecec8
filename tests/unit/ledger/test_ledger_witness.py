"""A witness signs what continues the head that it remembers, and nothing else."""

from __future__ import annotations

import json
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from bench.synthetic_log import (
    LOG_KEY,
    ORIGIN,
    LogWriter,
    act_entry,
    entries,
    heads,
    log_files,
    signed,
    write_files,
)
from penholder.cli.main import penholder
from penholder.kernel.errors import PenholderError
from penholder.ledger.checkpoint import Checkpoint
from penholder.ledger.cosignature import merge_cosignatures, verify_cosignature
from penholder.ledger.errors import LedgerIntegrityError, NoteError
from penholder.ledger.keyring import Keyring
from penholder.ledger.merkle import EMPTY_ROOT, node_hash
from penholder.ledger.note import COSIGNATURE_V1, Signer, Verifier, parse_note
from penholder.ledger.witness import TileNodes, WitnessState, begin, check_head, cosign_head
from tests.memory_reader import MemoryReader
from tests.unit.ledger.invented_log import InventedLog

WITNESS = Signer("library.invalid", COSIGNATURE_V1, b"\x0c" * 32)
KEYS = Keyring(LOG_KEY.verifier)
SECOND = Signer(ORIGIN, 1, b"\x02" * 32)


def begun(files: dict[str, bytes]) -> WitnessState:
    return begin(MemoryReader(files), keys=KEYS)


def checked(files: dict[str, bytes], state: WitnessState) -> WitnessState:
    return check_head(MemoryReader(files), state)[0]


def test_a_witness_begins_with_nothing_and_follows_the_log() -> None:
    state = begun(log_files(10))
    assert (state.origin, state.size, state.root, state.checkpoint) == (ORIGIN, 0, EMPTY_ROOT, "")
    for size in (0, 10, 10, 255, 256, 2_000):
        state = checked(log_files(size), state)
        assert state.size == size
        assert WitnessState.parse(state.text().encode()) == state


def test_the_cosignature_is_over_the_published_head() -> None:
    files = log_files(300)
    state, message = check_head(MemoryReader(files), begun(files))
    cosigned = cosign_head(message, WITNESS, timestamp=1_700_000_000)
    assert verify_cosignature(parse_note(cosigned), WITNESS.verifier) == 1_700_000_000
    merged = merge_cosignatures(files["checkpoint"], cosigned, witnesses=[WITNESS.verifier], now=1_700_000_000)
    assert [s.name for s in parse_note(merged).signatures][-1] == "library.invalid"
    assert [s.name for s in parse_note(state.checkpoint).signatures] == [ORIGIN]


def forked(size: int) -> dict[str, bytes]:
    """Another history, signed by the right key, with right tiles."""
    writer = LogWriter()
    files: dict[str, bytes] = {}
    for number, entry in enumerate(entries(size)):
        files.update(writer.add(act_entry(1_000_000) if number == 200 else entry))
    return {**files, **dict(writer.partial()), **heads(signed(writer.checkpoint()))}


def test_forks_and_rollbacks_are_refused() -> None:
    state = checked(log_files(300), begun(log_files(300)))
    for size in (300, 301, 900):
        with pytest.raises(LedgerIntegrityError, match="forked"):
            checked(forked(size), state)
    for size in (0, 299):
        with pytest.raises(LedgerIntegrityError, match="rolled back: 300"):
            checked(log_files(size), state)


def test_a_head_that_its_tiles_do_not_bear_out_is_refused() -> None:
    files = log_files(300)
    state = begun(files)
    lying = {**files, "checkpoint": signed(Checkpoint(ORIGIN, 300, b"\x01" * 32)).encode()}
    with pytest.raises(LedgerIntegrityError, match="do not lead to the root"):
        checked(lying, state)
    for damaged in (None, b"", files["tile/0/001.p/44"][:-1]):
        more = {"tile/0/001.p/44": damaged} if damaged is not None else {}
        broken = {k: v for k, v in files.items() if k != "tile/0/001.p/44"}
        with pytest.raises(LedgerIntegrityError, match=r"tile/0/001.p/44"):
            checked({**broken, **more}, state)


def test_a_head_of_another_key_or_log_is_refused() -> None:
    files = log_files(300)
    stranger = Keyring(Signer(ORIGIN, 1, bytes(32)).verifier)
    with pytest.raises(LedgerIntegrityError, match="key that this witness knows"):
        begin(MemoryReader(files), keys=stranger)
    with pytest.raises(NoteError, match="state is of"):
        checked(files, replace(begun(files), origin="norland.invalid/log"))
    with pytest.raises(NoteError, match="no published log"):
        checked({}, begun(files))


def test_a_change_of_key_is_followed_where_the_log_announces_it() -> None:
    log = InventedLog()
    log.grow(300)
    state = checked(log.publish(), begun(log.publish()))
    log.rotate(SECOND)
    log.grow(400)
    state = checked(log.publish(), state)
    assert (state.keys, state.size) == ((SECOND.verifier,), 400)
    assert WitnessState.parse(state.text().encode()) == state
    log.keyring = Keyring(LOG_KEY.verifier)
    with pytest.raises(LedgerIntegrityError):
        checked(log.publish(log.head(Signer(ORIGIN, 1, b"\x05" * 32))), state)


def test_nodes_are_those_of_the_tree() -> None:
    files = log_files(600)
    nodes = TileNodes(MemoryReader(files), 600)
    assert nodes(0, 599) == files["tile/0/002.p/88"][-32:]
    assert nodes(8, 1) == files["tile/1/000.p/2"][-32:]
    assert nodes(9, 0) == node_hash(nodes(8, 0), nodes(8, 1))
    for level, index in ((0, 600), (8, 2), (10, 0)):
        with pytest.raises(LedgerIntegrityError, match="no complete node"):
            nodes(level, index)


def test_a_damaged_state_is_refused_and_not_begun_anew() -> None:
    files = log_files(300)
    good = checked(files, begun(files)).text()
    assert WitnessState.parse(good.encode()).size == 300
    document = json.loads(good)
    wrong = ["", "{}", "[]", good[:-1], good.replace("300", "299"), good.replace('"v":1', '"v":2'), good + " "]
    wrong += [good.replace('"size":300', '"size":"300"'), good.replace(ORIGIN, "norland.invalid", 1)]
    wrong += [json.dumps({**document, "keys": []}), json.dumps({**document, "root": 5})]
    for content in wrong:
        with pytest.raises(NoteError):
            WitnessState.parse(content.encode())


# The command


def run(*words: str | Path) -> tuple[int, str, str]:
    result = CliRunner().invoke(penholder, list(map(str, words)))
    error = result.exception
    if isinstance(error, PenholderError):
        return error.exit_code, result.stdout, str(error)
    return result.exit_code, result.stdout, result.stderr


def test_the_command_signs_what_continues_and_refuses_a_fork_with_exit_code_3(tmp_path: Path) -> None:
    published, state, key = tmp_path / "log", tmp_path / "state", tmp_path / "witness.key"
    write_files(published, log_files(300))
    options = ("--state", state, "--key", key)
    begin_words = ("--name", "library.invalid", "--log-key", LOG_KEY.verifier.text())
    code, vkey, _ = run("witness", "init", published, *options, *begin_words)
    assert code == 0
    verifier = Verifier.parse(vkey.strip())
    assert (verifier.name, verifier.algorithm) == ("library.invalid", COSIGNATURE_V1)
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert run("witness", "init", published, *options, *begin_words)[0] == 2

    code, said, _ = run("witness", "sign", published, *options)
    assert (code, said) == (0, f"cosigned {ORIGIN}, size 300 (before: 0): {state}.cosigned\n")
    cosigned = parse_note((tmp_path / "state.cosigned").read_bytes())
    assert verify_cosignature(cosigned, verifier) is not None
    remembered = state.read_bytes()

    write_files(published, forked(400))
    code, _, said = run("witness", "sign", published, *options, "-o", tmp_path / "never")
    assert (code, "forked" in said, (tmp_path / "never").exists()) == (3, True, False)
    assert state.read_bytes() == remembered

    write_files(published, log_files(400))
    assert run("witness", "sign", published, *options, "-o", tmp_path / "second")[0] == 0
    assert WitnessState.parse(state.read_bytes()).size == 400


def test_nothing_is_signed_before_the_head_is_remembered(tmp_path: Path) -> None:
    published, state, key = tmp_path / "log", tmp_path / "states" / "state", tmp_path / "witness.key"
    state.parent.mkdir()
    write_files(published, log_files(10))
    key.write_text(WITNESS.text())
    begin_words = ("--name", "library.invalid", "--log-key", LOG_KEY.verifier.text())
    assert run("witness", "init", published, "--state", state, "--key", key, *begin_words)[0] == 0
    content = state.read_bytes()
    state.unlink()
    state.mkdir()  # it can be neither read nor replaced
    code, _, _ = run("witness", "sign", published, "--state", state, "--key", key, "-o", tmp_path / "signed")
    assert (code, (tmp_path / "signed").exists()) == (2, False)
    state.rmdir()
    state.write_bytes(content)
    log_key = tmp_path / "log.key"
    log_key.write_text(LOG_KEY.text())
    assert run("witness", "sign", published, "--state", state, "--key", log_key)[0] == 2
    assert run("witness", "sign", published, "--state", state, "--key", key, "-o", tmp_path / "signed")[0] == 0
