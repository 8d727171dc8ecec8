"""Others check what we publish: sigstore (PyPI, `requirements/check.txt`) and aics-tlog 0.2.1 (PyPI, fetched)."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bench.synthetic_log import LOG_KEY, ORIGIN, WITNESSES, log_files, write_files
from penholder.ledger.checkpoint import Checkpoint
from penholder.ledger.layout import entries_path, split_bundle
from penholder.ledger.merkle import consistency_proof, inclusion_proof
from penholder.ledger.note import parse_note
from penholder.ledger.witness import TileNodes
from tests.memory_reader import MemoryReader

pytestmark = pytest.mark.slow
AICS_TLOG = "aics-tlog==0.2.1 --hash=sha256:e8cd2be003001576353bbd1a139b68252baf85df8e5d356c5ff26f3c417efdfc"
SIZE = 70_000
SPKI_OF_ED25519 = bytes.fromhex("302a300506032b6570032100")


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return log_files(SIZE)


def entry(files: dict[str, bytes], index: int) -> bytes:
    path = entries_path(index // 256) if index < SIZE // 256 * 256 else entries_path(index // 256, SIZE % 256)
    return split_bundle(files[path], 256)[0][index % 256]


def test_sigstore_accepts_our_checkpoint_and_inclusion_proofs_and_no_others(files: dict[str, bytes]) -> None:
    from sigstore._internal import trust
    from sigstore._internal.merkle import verify_merkle_inclusion
    from sigstore._internal.rekor.checkpoint import verify_checkpoint
    from sigstore.errors import VerificationError
    from sigstore_models.common.v1 import PublicKey, PublicKeyDetails

    der = SPKI_OF_ED25519 + LOG_KEY.verifier.public_key
    key = PublicKey(raw_bytes=base64.b64encode(der), key_details=PublicKeyDetails.PKIX_ED25519)
    keyring = trust.RekorKeyring(trust.Keyring([key]))
    message = files["checkpoint"].decode()
    root = Checkpoint.parse(parse_note(message).text).root
    nodes = TileNodes(MemoryReader(files), SIZE)

    def rekor_entry(index: int, data: bytes, envelope: str = message) -> Any:
        hashes = list(inclusion_proof(index, SIZE, nodes))
        proof = SimpleNamespace(
            log_index=index,
            tree_size=SIZE,
            hashes=hashes,
            root_hash=root,
            checkpoint=SimpleNamespace(envelope=envelope),
        )
        log_id = SimpleNamespace(key_id=LOG_KEY.verifier.key_id)
        return SimpleNamespace(
            _inner=SimpleNamespace(inclusion_proof=proof, canonicalized_body=data, log_id=log_id)
        )

    for index in (0, 1, 255, 256, 65_535, 65_536, 69_887, 69_999):
        right = rekor_entry(index, entry(files, index))
        verify_merkle_inclusion(right)
        verify_checkpoint(keyring, right)
        with pytest.raises(VerificationError):
            verify_merkle_inclusion(rekor_entry(index, entry(files, index) + b" "))
    with pytest.raises(VerificationError):
        verify_checkpoint(keyring, rekor_entry(0, b"", message.replace("70000", "70001")))


AUDIT = """
import sys, json
wheel, folder, given = sys.argv[1:]
sys.path.insert(0, wheel)
import aics_tlog as a
asked = json.load(open(given))
key = a.parse_vkey(asked["key"])
witnesses = [a.parse_vkey(k) for k in asked["witnesses"]]
note = a.parse_note(open(folder + "/checkpoint").read())
result = a.verify_checkpoint(note, key, witnesses, quorum=2, expected_origin=asked["origin"])
head = a.parse_checkpoint(note.text)
reader = a.FileSystemTileReader(folder)
a.audit_tiles(reader, head.size, head.root)
consistent = [
    a.verify_consistency(p["old"], p["new"], bytes.fromhex(p["old_root"]), bytes.fromhex(p["new_root"]),
                         [bytes.fromhex(h) for h in p["proof"]])
    for p in asked["consistency"]
]
theirs = [[h.hex() for h in a.consistency_proof_from_tiles(reader, p["old"], p["new"], head.size)]
          for p in asked["consistency"]]
print(json.dumps({"ok": result.ok, "size": head.size, "consistent": consistent,
                  "same": theirs == [p["proof"] for p in asked["consistency"]]}))
"""


def consistency(files: dict[str, bytes], old: int, new: int) -> dict[str, Any]:
    from penholder.ledger.retrace import Tree, inspect_all

    reader = MemoryReader(files)
    tree = Tree(reader, SIZE, root=b"")
    tree.retrace(inspect_all(reader, SIZE))
    roots = [tree.root_at(size) or b"" for size in (old, new)]
    return {
        "old": old,
        "new": new,
        "old_root": roots[0].hex(),
        "new_root": roots[1].hex(),
        "proof": [h.hex() for h in consistency_proof(old, new, TileNodes(reader, SIZE))],
    }


def test_aics_tlog_audits_our_folder_with_cosignatures_and_consistency(
    files: dict[str, bytes], tmp_path: Path
) -> None:
    # It asks for Python 3.12, so it cannot stand in our requirements; what the test needs runs from the wheel.
    (tmp_path / "requirement.txt").write_text(AICS_TLOG + "\n")
    options = ["--quiet", "--no-deps", "--only-binary=:all:", "--require-hashes", "--python-version=3.12"]
    fetched = subprocess.run(
        [sys.executable, "-m", "pip", "download", *options, "--dest", str(tmp_path), "-r", "requirement.txt"],
        capture_output=True, text=True, check=False, cwd=tmp_path,
    )  # fmt: skip
    assert fetched.returncode == 0, fetched.stderr
    write_files(tmp_path / "log", files)
    asked = {
        "key": LOG_KEY.verifier.text(),
        "origin": ORIGIN,
        "witnesses": [k.verifier.text() for k in WITNESSES.values()],
        "consistency": [consistency(files, old, new) for old, new in ((1, SIZE), (256, 257), (65_536, 69_999))],
    }
    (tmp_path / "asked.json").write_text(json.dumps(asked))
    wheel = next(tmp_path.glob("*.whl"))
    done = subprocess.run(
        [sys.executable, "-c", AUDIT, str(wheel), str(tmp_path / "log"), str(tmp_path / "asked.json")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["ok"], found["size"], found["consistent"], found["same"]) == (True, SIZE, [True] * 3, True)
