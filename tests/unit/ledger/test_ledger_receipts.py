"""Receipts: proof of an entry without the log, with or without disclosures."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import timedelta

import pytest

from bench.synthetic_log import BEGINS, LOG_KEY, POLICY_TEXT, LogWriter, act_entry, signed
from penholder.ledger.checkpoint import Checkpoint
from penholder.ledger.disclosure import Disclosure, commit
from penholder.ledger.entry import LedgerEntry
from penholder.ledger.errors import NoteError, ProofError
from penholder.ledger.keyring import Keyring
from penholder.ledger.merkle import inclusion_proof
from penholder.ledger.note import Signer, parse_note
from penholder.ledger.policy import Policy
from penholder.ledger.proof import Receipt, TlogProof, check_proof, make_receipt
from penholder.ledger.verify_receipt import verify_receipt
from penholder.ledger.witness import TileNodes
from tests.memory_reader import MemoryReader

SIZE, INDEX = 300, 270
KEYS = Keyring(LOG_KEY.verifier)
ACTOR = Disclosure("AAAAAAAAAAAAAAAAAAAAAA", "actor", "officer-37")
REASON = Disclosure("BBBBBBBBBBBBBBBBBBBBBA", "reason", {"text": "Prüfung", "count": 3})
POLICY = Policy.parse(POLICY_TEXT)
VKEY = LOG_KEY.verifier.text()


def numbered() -> Receipt:
    """A receipt of entry 270 of 300, which has two private fields, under a head that two witnesses signed."""
    digests = commit([ACTOR, REASON])
    entry = replace(LedgerEntry.from_bytes(act_entry(INDEX)), sd=digests).to_bytes()
    writer = LogWriter()
    files: dict[str, bytes] = {}
    for number in range(SIZE):
        files.update(writer.add(entry if number == INDEX else act_entry(number)))
    files.update(writer.partial())
    hashes = inclusion_proof(INDEX, SIZE, TileNodes(MemoryReader(files), SIZE))
    return make_receipt(entry, index=INDEX, hashes=hashes, checkpoint=signed(writer.checkpoint()))


@pytest.fixture(scope="module")
def receipt() -> Receipt:
    return numbered()


def problems(content: str, keys: Keyring = KEYS) -> list[str]:
    return [p.message for p in verify_receipt(content.encode(), keys=keys).problems]


def test_a_receipt_proves_its_entry(receipt: Receipt) -> None:
    report = verify_receipt(receipt.text().encode(), keys=KEYS, policy=POLICY)
    assert report.problems == []
    assert report.entry is not None
    assert (report.index, report.entry.about, report.signed_by) == (INDEX, "L-00000270", LOG_KEY.verifier)
    assert (report.verdict.witnessed, report.verdict.signed) == (True, ("w1", "w2"))
    assert not verify_receipt(receipt.text().encode(), keys=KEYS).verdict.witnessed


def test_a_receipt_is_a_tlog_proof_of_c2sp(receipt: Receipt) -> None:
    lines = receipt.text().split("\n")
    assert lines[0] == "c2sp.org/tlog-proof@v1"
    assert lines[1] == f"extra {base64.b64encode(receipt.entry).decode()}"
    assert lines[2] == "index 270"
    assert [len(line) for line in lines[3:12]] == [44] * 7 + [0, len("ardenia.invalid/register")]
    assert TlogProof.parse(receipt.text()) == receipt.proof
    assert Receipt.parse(receipt.text()) == receipt


def test_disclosures_travel_with_the_receipt_and_are_checked(receipt: Receipt) -> None:
    whole = replace(receipt, disclosures=(ACTOR, REASON))
    assert Receipt.parse(whole.text()) == whole
    report = verify_receipt(whole.text().encode(), keys=KEYS)
    assert report.problems == []
    assert report.disclosed == {"actor": "officer-37", "reason": {"text": "Prüfung", "count": 3}}
    forged = replace(receipt, disclosures=(replace(ACTOR, value="officer-38"),))
    assert "not of this entry" in problems(forged.text())[0]
    twice = replace(receipt, disclosures=(ACTOR, ACTOR))
    assert "given twice" in problems(twice.text())[0]


def test_another_entry_index_proof_or_key_is_refused(receipt: Receipt) -> None:
    proof = receipt.proof
    wrong = [
        replace(proof, extra=act_entry(INDEX)),
        replace(proof, index=INDEX + 1),
        replace(proof, hashes=proof.hashes[:-1]),
        replace(proof, hashes=(*proof.hashes[:-1], bytes(32))),
    ]
    for one in wrong:
        assert "inclusion proof of entry" in problems(one.text())[0]
    stranger = Keyring(Signer(LOG_KEY.name, 1, bytes(32)).verifier)
    assert problems(receipt.text(), stranger) == ["no known key signed this note"]
    foreign = Keyring(Signer("norland.invalid", 1, LOG_KEY.seed).verifier)
    assert problems(receipt.text(), foreign) == ["no known key signed this note"]


def test_a_witness_alone_does_not_make_a_receipt(receipt: Receipt) -> None:
    text, signatures = receipt.proof.checkpoint.split("\n\n")
    only_witnesses = f"{text}\n\n" + "".join(line + "\n" for line in signatures.split("\n")[1:-1])
    bare = Receipt(replace(receipt.proof, checkpoint=only_witnesses))
    report = verify_receipt(bare.text().encode(), keys=KEYS, policy=POLICY)
    assert "not signed by a key of the log" in report.problems[0].message


def test_an_older_key_counts_up_to_the_size_that_it_signed(receipt: Receipt) -> None:
    now = Signer(LOG_KEY.name, 1, b"\x02" * 32)
    sealed = Checkpoint.parse(parse_note(receipt.proof.checkpoint).text).sign([LOG_KEY, now])
    older = ((LOG_KEY.verifier, SIZE),)
    assert problems(receipt.text(), Keyring(now.verifier, older, heads=(sealed,))) == []
    assert problems(receipt.text(), Keyring(now.verifier, ((LOG_KEY.verifier, SIZE - 1),))) != []


def test_a_retired_key_alone_proves_nothing(receipt: Receipt) -> None:
    """Who has a retired key now can sign any head of a size that it once might have signed."""
    keys = Keyring(Signer(LOG_KEY.name, 1, b"\x02" * 32).verifier, ((LOG_KEY.verifier, SIZE),))
    content = receipt.text().encode()
    report = verify_receipt(content, keys=keys)
    assert (report.is_intact, report.is_retired) == (False, True)
    assert report.problems[0].message.startswith(f"its checkpoint is signed by a retired key alone, {VKEY}")
    witnessed = verify_receipt(content, keys=keys, policy=POLICY)
    assert (witnessed.is_intact, witnessed.is_retired, witnessed.verdict.witnessed) == (True, True, True)
    other = Checkpoint(LOG_KEY.name, SIZE, bytes(32)).sign([LOG_KEY])
    assert not verify_receipt(content, keys=replace(keys, heads=(other,))).is_intact


def test_a_witness_that_signed_before_time_began_or_tomorrow_does_not_count(receipt: Receipt) -> None:
    moment = int((BEGINS + timedelta(days=98)).timestamp())  # the witnesses sign on day 100
    report = verify_receipt(receipt.text().encode(), keys=KEYS, policy=POLICY, now=moment)
    assert (report.is_intact, report.verdict.witnessed, report.verdict.signed) == (True, False, ())
    assert (
        report.notices[0] == "the cosignature of witness w1 does not count: its time is 0, or lies in the future"
    )
    assert verify_receipt(receipt.text().encode(), keys=KEYS, policy=POLICY, now=moment + 86_400).verdict.witnessed


def test_the_proof_alone_can_be_checked_against_data_from_elsewhere(receipt: Receipt) -> None:
    bare = TlogProof.parse(replace(receipt.proof, extra=None).text())
    checkpoint, note = check_proof(bare, receipt.entry, [LOG_KEY.verifier])
    assert (checkpoint.size, [s.name for s in note.verified]) == (SIZE, [LOG_KEY.name])
    with pytest.raises(ProofError):
        check_proof(bare, b"", [LOG_KEY.verifier])
    with pytest.raises(NoteError):
        check_proof(bare, receipt.entry, [])


def test_what_is_no_receipt_is_refused(receipt: Receipt) -> None:
    text = receipt.text()
    document = {"penholder_receipt": 1, "proof": text, "disclosures": []}
    wrong = [
        "",
        "{",
        "{}",
        "[]",
        text.replace("tlog-proof@v1", "tlog-proof@v2"),
        text.replace("index 270", "index 0270"),
        text.replace("index 270", "index -1"),
        text.replace("index 270", "index 270 "),
        text.replace("extra ", "extra  "),
        text.replace("index 270\n", ""),
        text.replace("\nindex", "\nextra AAAA\nindex"),
        "\n".join(line for line in text.split("\n") if not line.startswith("extra")),
        text.replace("index 270\n", "index 270\n" + "A" * 43 + "=\n" * 1 + ("A" * 43 + "=\n") * 60),
        text.replace("index 270\n", "index 270\nAAAA\n"),
        text.split("\n\n", maxsplit=1)[0],
        json.dumps({**document, "more": 1}),
        json.dumps({**document, "penholder_receipt": 2}),
        json.dumps({**document, "penholder_receipt": True}),
        json.dumps({**document, "penholder_receipt": 1.0}),
        json.dumps({**document, "disclosures": [1]}),
        json.dumps({**document, "disclosures": ["?"]}),
        json.dumps({**document, "disclosures": ["x"] * 257}),
        json.dumps(document)[:-1] + ', "proof": ""}',
        '{"a":' * 100_000,
        "x" * 8_000_001,
    ]
    for content in wrong:
        with pytest.raises(ProofError):
            Receipt.parse(content)
    with pytest.raises(ProofError):
        Receipt.parse(b"\xff")
    assert Receipt.parse(json.dumps(document)) == receipt
