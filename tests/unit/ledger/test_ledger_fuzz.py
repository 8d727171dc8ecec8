"""Whatever is fed to the parsers: only their own errors leave them."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.synthetic_log import LOG_KEY, POLICY_TEXT, log_files
from penholder.ledger.checkpoint import Checkpoint, open_checkpoint
from penholder.ledger.disclosure import Disclosure
from penholder.ledger.entry import LedgerEntry, check_entry
from penholder.ledger.errors import LedgerIntegrityError, NoteError, ProofError
from penholder.ledger.keyring import Keyring
from penholder.ledger.layout import decode_bundle, parse_path
from penholder.ledger.merkle import Frontier
from penholder.ledger.note import Signer, Verifier, open_note
from penholder.ledger.policy import Policy
from penholder.ledger.proof import Receipt, make_receipt
from penholder.ledger.verify import verify_reader
from penholder.ledger.verify_receipt import verify_receipt
from penholder.ledger.witness import WitnessState, begin, check_head
from tests.memory_reader import MemoryReader
from tests.unit.ledger.invented_log import InventedLog

FILES = log_files(3)
LOG = MemoryReader(FILES)
KEYS = Keyring(LOG_KEY.verifier)


def _rotated() -> bytes:
    log = InventedLog()
    log.grow(5)
    log.rotate(Signer(LOG_KEY.name, 1, b"\x02" * 32))
    return log.keyring.text().encode()


ENTRY = decode_bundle(FILES["tile/entries/000.p/3"], 3)[2]
RECEIPT = make_receipt(ENTRY, index=2, hashes=(bytes(32),), checkpoint=FILES["checkpoint"].decode())
DISCLOSURE = Disclosure("A" * 22, "actor", ["officer-37", {"a": 1}])
STATE = check_head(LOG, begin(LOG, keys=KEYS))[0].text().encode()
Reads = Callable[[bytes], Any]


def of_text(parse: Callable[[str], Any]) -> Reads:
    return lambda data: parse(data.decode("utf-8", "surrogateescape"))


def in_folder(path: str) -> Reads:
    return lambda data: verify_reader(MemoryReader({**FILES, path: data}))


PARSERS: dict[str, tuple[bytes, Reads]] = {
    "note": (FILES["checkpoint"], lambda data: open_note(data, [LOG_KEY.verifier])),
    "checkpoint": (FILES["checkpoint"], lambda data: open_checkpoint(data, [LOG_KEY.verifier])),
    "checkpoint text": (FILES["checkpoint"].split(b"\n\n")[0] + b"\n", of_text(Checkpoint.parse)),
    "vkey": (LOG_KEY.verifier.text().encode(), of_text(Verifier.parse)),
    "private key": (LOG_KEY.text().encode(), of_text(Signer.parse)),
    "keys": (_rotated(), Keyring.parse),
    "policy": (POLICY_TEXT.encode(), Policy.parse),
    "policy text": (POLICY_TEXT.encode(), of_text(Policy.parse)),
    "entry": (ENTRY, LedgerEntry.from_bytes),
    "entry check": (ENTRY, check_entry),
    "bundle": (FILES["tile/entries/000.p/3"], lambda data: decode_bundle(data, 3)),
    "receipt": (RECEIPT.text().encode(), Receipt.parse),
    "receipt text": (RECEIPT.text().encode(), of_text(Receipt.parse)),
    "receipt check": (RECEIPT.text().encode(), lambda data: verify_receipt(data, keys=KEYS)),
    "disclosure": (DISCLOSURE.text().encode(), of_text(Disclosure.parse)),
    "frontier": (bytes(96), lambda data: Frontier.from_bytes(7, data)),
    "state": (STATE, WitnessState.parse),
    "path": (b"tile/0/x001/000.p/3", of_text(parse_path)),
    **{f"folder, {path}": (FILES[path], in_folder(path)) for path in sorted(FILES)},
    "remembered": (FILES["checkpoint"], lambda data: verify_reader(LOG, since=data)),
    "witness": (FILES["checkpoint"], lambda data: begin(MemoryReader({**FILES, "checkpoint": data}), keys=KEYS)),
}  # fmt: skip


@pytest.mark.parametrize("name", PARSERS)
def test_the_seeds_are_read(name: str) -> None:
    seed, read = PARSERS[name]
    if name != "receipt check":
        read(seed)


@st.composite
def mutated(draw: st.DrawFn, seed: bytes) -> bytes:
    """The seed with up to three places changed; or anything at all."""
    if draw(st.booleans()):
        return draw(st.binary(max_size=200))
    data = seed
    for _ in range(draw(st.integers(1, 3))):
        begin_, end = sorted((draw(st.integers(0, len(data))), draw(st.integers(0, len(data)))))
        data = data[:begin_] + draw(st.binary(max_size=8)) + data[min(end, begin_ + 40) :]
    return data


def only_its_own_errors(name: str, data: st.DataObject) -> None:
    seed, read = PARSERS[name]
    with contextlib.suppress(NoteError, ProofError, LedgerIntegrityError):
        read(data.draw(mutated(seed)))


@pytest.mark.parametrize("name", PARSERS)
@settings(max_examples=25)
@given(data=st.data())
def test_only_their_own_errors_leave_the_parsers(name: str, data: st.DataObject) -> None:
    only_its_own_errors(name, data)


@pytest.mark.slow
@pytest.mark.parametrize("name", PARSERS)
@settings(max_examples=1_000, derandomize=False)
@given(data=st.data())
def test_only_their_own_errors_leave_the_parsers_after_many_tries(name: str, data: st.DataObject) -> None:
    only_its_own_errors(name, data)


EVIL = [
    b"\xed\xa0\x80",
    "\u202e".encode(),
    b"\x00",
    b"\r\n",
    b"9" * 5_000,
    b"\n" * 5_000,
    b"+" * 5_000,
    b"=" * 5_000,
    b"[" * 100_000,
    b'{"a":' * 20_000,
    "\u2014 a ".encode() * 5_000,
    "\u0660".encode(),
]


@pytest.mark.parametrize("name", PARSERS)
def test_known_evil_is_read_without_surprise(name: str) -> None:
    seed, read = PARSERS[name]
    for evil in EVIL:
        for data in (evil, seed + evil, evil + seed, seed[: len(seed) // 2] + evil + seed[len(seed) // 2 :]):
            with contextlib.suppress(NoteError, ProofError, LedgerIntegrityError):
                read(data)
