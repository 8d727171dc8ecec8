"""Published test vectors: ours must agree with everyone's, to the byte (sources: NOTICE.txt beside this file)."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from penholder.ledger.checkpoint import Checkpoint
from penholder.ledger.disclosure import Disclosure
from penholder.ledger.entry import LedgerEntry
from penholder.ledger.errors import NoteError, ProofError
from penholder.ledger.layout import (
    Tile,
    bundle_growth,
    encode_bundle,
    entries_path,
    growth,
)
from penholder.ledger.merkle import (
    EMPTY_ROOT,
    Frontier,
    leaf_hash,
    node_hash,
    verify_consistency,
    verify_inclusion,
)
from penholder.ledger.note import COSIGNATURE_V1, ED25519, Signer, Verifier, open_note, sign_note

HERE = Path(__file__).parent
PETER = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
PETER_PUBLIC = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETER_TEXT = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
)
PETER_SIGNATURE = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
TESSERA = "PRIVATE+KEY+example.com/log/testdata+33d7b496+AeymY/SZAX0jZcJ8enZ5FY1Dz+wTML2yWSkK+9DSF3eg"
TESSERA_ENTRIES = b"one two three four five six seven eit nain ten ileven twelf threeten fourten fivten".split(
    b" "
)


def vectors(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (HERE / name).read_text().splitlines()]


def unpacked(text: str | None) -> bytes:
    return base64.b64decode(text or "")


INCLUSION = vectors("merkle-inclusion.jsonl")
CONSISTENCY = vectors("merkle-consistency.jsonl")


def test_all_vectors_are_there() -> None:
    assert (len(INCLUSION), len(CONSISTENCY)) == (98, 98)


def inclusion_refused(vector: dict[str, Any]) -> bool:
    try:
        verify_inclusion(
            unpacked(vector["leafHash"]), index=vector["leafIdx"], size=vector["treeSize"],
            proof=[unpacked(h) for h in vector["proof"] or ()], root=unpacked(vector["root"]),
        )  # fmt: skip
    except ProofError:
        return True
    return False


def consistency_refused(vector: dict[str, Any]) -> bool:
    try:
        verify_consistency(
            old_size=vector["size1"], old_root=unpacked(vector["root1"]), new_size=vector["size2"],
            new_root=unpacked(vector["root2"]), proof=[unpacked(h) for h in vector["proof"] or ()],
        )  # fmt: skip
    except ProofError:
        return True
    return False


def test_inclusion_proofs_agree_with_all_98_vectors() -> None:
    assert [v["name"] for v in INCLUSION if inclusion_refused(v) != v["wantErr"]] == []


def test_consistency_proofs_agree_with_all_98_vectors() -> None:
    assert [v["name"] for v in CONSISTENCY if consistency_refused(v) != v["wantErr"]] == []


def test_hashes_are_those_of_rfc_6962() -> None:
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert leaf_hash(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert leaf_hash(b"L123456").hex() == "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56"
    assert node_hash(b"N123", b"N456").hex() == "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb"


def test_the_tessera_log_comes_out_byte_identical() -> None:
    published = {v["path"]: unpacked(v["base64"]) for v in vectors("tessera-log.jsonl")}
    signer = Signer.parse(TESSERA)
    tree, hashes = Frontier(), b""
    made = {"checkpoint.0": Checkpoint("example.com/log/testdata", 0, EMPTY_ROOT).sign([signer]).encode()}
    for number, entry in enumerate(TESSERA_ENTRIES, 1):
        tree, _ = tree.append(leaf_hash(entry))
        hashes += leaf_hash(entry)
        checkpoint = Checkpoint("example.com/log/testdata", number, tree.root()).sign([signer])
        made[f"checkpoint.{number}"] = made["checkpoint"] = checkpoint.encode()
        (tile,), (bundle,) = growth(number - 1, number), bundle_growth(number - 1, number)
        made[tile.path] = hashes
        made[bundle.path] = encode_bundle(TESSERA_ENTRIES[:number])
    assert len(published) == 47
    assert made == published


def test_a_signed_note_is_that_of_go() -> None:
    signer = Signer.parse(PETER)
    assert signer.verifier.text() == PETER_PUBLIC
    message = sign_note(PETER_TEXT, [signer])
    assert message == f"{PETER_TEXT}\n\u2014 PeterNeumann {PETER_SIGNATURE}\n"
    assert open_note(message, [Verifier.parse(PETER_PUBLIC)]).text == PETER_TEXT


def test_the_example_of_c2sp_verifies() -> None:
    key = Verifier.parse("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")
    assert (key.name, key.algorithm, key.key_id.hex()) == ("example.com/foo", ED25519, "530d903a")


@pytest.mark.parametrize("algorithm", [ED25519, COSIGNATURE_V1])
def test_every_key_that_is_cut_short_is_refused(algorithm: int) -> None:
    refused = 0
    for number in range(10):
        signer = Signer("example.com/log", algorithm, bytes([number]) * 32)
        for text, parse in ((signer.verifier.text(), Verifier.parse), (signer.text(), Signer.parse)):
            for end in range(len(text)):
                with pytest.raises(NoteError):
                    parse(text[:end])
                refused += 1
    assert refused == 10 * (len(signer.verifier.text()) + len(signer.text()))


def test_tiles_of_seventy_thousand_leaves() -> None:
    partial = [(t.level, t.index, t.width) for t in growth(0, 70_000) if t.width < 256]
    assert partial == [(0, 273, 112), (1, 1, 17), (2, 0, 1)]
    assert sum(t.level == 0 and t.width == 256 for t in growth(0, 70_000)) == 273
    assert [(t.level, t.index, t.width) for t in growth(0, 256)] == [(0, 0, 256), (1, 0, 1)]


def test_paths_of_tiles() -> None:
    assert Tile(0, 1_234_067).path == "tile/0/x001/x234/067"
    assert Tile(1, 1, 17).path == "tile/1/001.p/17"
    assert entries_path(273, 112) == "tile/entries/273.p/112"
    assert entries_path(1_000) == "tile/entries/x001/000"


def test_the_digest_of_a_disclosure_is_that_of_sd_jwt() -> None:
    disclosure = Disclosure("6Ij7tM-a5iVPGboS5tmvVA", "email", "johndoe@example.com")
    assert disclosure.digest() == "JzYjH4svliH0R3PyEMfeZu6Jt69u5qehZo7F7EPYlSE"
    assert Disclosure.parse(disclosure.text()) == disclosure


def test_the_format_of_an_entry_does_not_drift() -> None:
    # Published entries must be read for ever: whoever changes this needs a version 2.
    entry = LedgerEntry(
        event="register.LineSuspended", act="register.suspend_lines", run="01hzy4k3m5n6p7q8r9s0t1v2w3",
        role="licensing_manager", at="2026-11-22T10:14:05Z", about="L-7F3K2M9QX4", claimed_at="2026-11-19",
        visibility="public", sd=tuple(f"{chr(ord('A') + n)}{'a' * 41}A" for n in range(8)),
        data={"power": "order-12", "lines": 3, "reason": "Prüfung"}, rules="xa-criteria-2021",
    )  # fmt: skip
    digests = ",".join(f'"{d}"' for d in entry.sd)
    assert entry.to_bytes().decode() == (
        f'{{"_sd":[{digests}],"about":"L-7F3K2M9QX4","act":"register.suspend_lines","at":"2026-11-22T10:14:05Z",'
        '"claimed_at":"2026-11-19","data":{"lines":3,"power":"order-12","reason":"Prüfung"},'
        '"event":"register.LineSuspended","late":true,"role":"licensing_manager","rules":"xa-criteria-2021",'
        '"run":"01hzy4k3m5n6p7q8r9s0t1v2w3","v":1,"visibility":"public"}'
    )
    assert (
        leaf_hash(entry.to_bytes()).hex() == leaf_hash(LedgerEntry.from_bytes(entry.to_bytes()).to_bytes()).hex()
    )
