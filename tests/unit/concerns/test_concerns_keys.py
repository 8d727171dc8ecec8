"""Codes, boxes, the ladder, the commitment and the receipt."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

import pytest

from penholder.concerns import codes as made
from penholder.concerns import sealing
from penholder.concerns.codes import Codes, Cost, new_codes, open_codes
from penholder.concerns.errors import LadderError
from penholder.concerns.policy.ladder import levels_for, read_ladder, usual_ladder
from penholder.concerns.receipt import ConcernReceipt, commitment, is_concern_receipt, verify_concern
from penholder.kernel import clock
from penholder.kernel.canonical import canonical_json
from penholder.kernel.ids import random_id
from penholder.ledger.checkpoint import Checkpoint
from penholder.ledger.disclosure import commit
from penholder.ledger.entry import LedgerEntry
from penholder.ledger.errors import ProofError
from penholder.ledger.keyring import Keyring
from penholder.ledger.merkle import Frontier, leaf_hash
from penholder.ledger.note import Signer
from penholder.ledger.proof import make_receipt
from penholder.vault.crypto import Binding
from penholder.vault.errors import VaultIntegrityError

CHEAP = Cost(memory=64, passes=1)
CONTENT: dict[str, Any] = {"matter": "record", "points": [{"claim": "Minutes were changed."}], "targets": []}
SIGNER = Signer.generate("c.ardenia.invalid/log")


# Codes.


def test_the_secret_has_more_than_eighty_bits() -> None:
    assert made.SECRET_BITS == 100
    assert len({new_codes().secret for _ in range(100)}) == 100


def test_codes_may_be_typed_as_people_read_them() -> None:
    codes = new_codes()
    typed = Codes(codes.locator.lower().replace("-", " "), codes.secret.replace("0", "O").replace("1", "l"))
    assert open_codes(typed, cost=CHEAP) == open_codes(codes, cost=CHEAP)
    assert made.is_whole(typed)
    assert made.lookup(typed.locator) == made.lookup(codes.locator)


def test_another_locator_makes_another_key_of_the_same_secret() -> None:
    one, other = new_codes(), new_codes()
    assert open_codes(one, cost=CHEAP) != open_codes(Codes(other.locator, one.secret), cost=CHEAP)


def test_the_blinding_in_the_receipt_does_not_open_the_case() -> None:
    opened = open_codes(new_codes(), cost=CHEAP)
    assert len({opened.private, opened.blinding, opened.public}) == 3


# Boxes.


def test_a_box_opens_for_its_recipient_in_its_place_alone() -> None:
    private, other = sealing.new_private(), sealing.new_private()
    place = sealing.of_case("CN-1", "P-1")
    boxed = sealing.box(b"k" * 32, to=sealing.public_of(private), binding=place)
    assert sealing.unbox(boxed, private=private, binding=place) == b"k" * 32
    for key, where in (
        (other, place),
        (private, sealing.of_case("CN-2", "P-1")),
        (private, Binding("x", "y", "z")),
    ):
        with pytest.raises(VaultIntegrityError):
            sealing.unbox(boxed, private=key, binding=where)


def test_the_key_of_an_officer_opens_with_their_passphrase_alone() -> None:
    private = sealing.new_private()
    words = "five plain words of mine"
    locked = sealing.lock(private, passphrase=words, owner="P-1", cost=CHEAP)
    assert sealing.unlock(locked, passphrase=words, owner="P-1", cost=CHEAP) == private
    for passphrase, owner in (("five plain words of Mine", "P-1"), (words, "P-2")):
        with pytest.raises(VaultIntegrityError):
            sealing.unlock(locked, passphrase=passphrase, owner=owner, cost=CHEAP)


# The ladder.


# story: a ladder without an instance outside the authority refuses to open the channel
def test_a_ladder_without_an_instance_outside_is_refused() -> None:
    usual = [dict(level) for level in usual_ladder("Committee on arms exports")]
    assert [x.name for x in read_ladder(usual)][-1] == "Committee on arms exports"
    inside = {"name": "Director", "role": "concern_reviewer", "outside": False}
    for wrong in (
        [],
        usual[:2],
        [*usual, inside],
        [usual[0], {**usual[1], "outside": True}, usual[2]],
        [usual[0], usual[1], {**usual[2], "outside": False}],
        [usual[0], usual[0], usual[2]],
        [usual[2]],
        [{**usual[0], "role": "decider"}, usual[2]],
        [{**usual[0], "more": 1}, usual[2]],
    ):
        with pytest.raises(LadderError):
            read_ladder(wrong)


def test_a_level_hears_a_concern_where_two_are_free_and_the_top_always_does() -> None:
    levels = read_ladder(usual_ladder("Committee on arms exports"))
    assert levels_for({1: 2, 2: 1, 3: 2}, levels) == (1, 3)
    assert levels_for({1: 0, 2: 0, 3: 0}, levels) == (3,)


# The commitment, and the receipt.


def test_a_hundred_thousand_guesses_match_no_commitment_but_the_plain_hash() -> None:
    opened = open_codes(new_codes(), cost=CHEAP)
    held = commitment(CONTENT, blinding=opened.blinding)
    plain = hashlib.sha256(canonical_json(CONTENT).encode()).hexdigest()
    guesses = [canonical_json(CONTENT | {"points": [{"claim": f"Guess {n}."}]}) for n in range(99_999)]
    guesses.append(canonical_json(CONTENT))
    hashes = {hashlib.sha256(g.encode()).hexdigest() for g in guesses}
    named = {
        hashlib.sha256(b"penholder concern commitment v1\0" + blinding + bytes.fromhex(h)).hexdigest()
        for h in hashes
        for blinding in (b"", bytes(32))
    }
    assert held not in hashes | named
    assert plain in hashes  # the control: without the blinding a guess is confirmed


def receipt(content: dict[str, Any], blinding: bytes) -> bytes:
    entry = LedgerEntry(
        event="concerns.ConcernRaised", act="concerns.raise_concern", run=random_id(), role="public",
        at=clock.stamp(datetime(2026, 1, 15, tzinfo=UTC)), visibility="public", sd=commit([]),
        about="CN-1", data={"commitment": commitment(content, blinding=blinding)},
    ).to_bytes()  # fmt: skip
    frontier, _ = Frontier().append(leaf_hash(entry))
    head = Checkpoint(SIGNER.name, 1, frontier.root()).sign([SIGNER])
    proof = make_receipt(entry, index=0, hashes=(), checkpoint=head, disclosures=()).text()
    return ConcernReceipt(content, blinding, proof).text().encode()


def test_a_receipt_verifies_from_its_own_text_and_the_key_of_the_log() -> None:
    text = receipt(CONTENT, b"b" * 32)
    assert is_concern_receipt(text)
    report, content = verify_concern(text, keys=Keyring.parse(SIGNER.verifier.text()))
    assert (report.is_intact, content) == (True, CONTENT)


def test_another_content_or_blinding_does_not_fit_the_entry() -> None:
    good = ConcernReceipt.parse(receipt(CONTENT, b"b" * 32))
    keys = Keyring.parse(SIGNER.verifier.text())
    for wrong in (
        ConcernReceipt(CONTENT | {"matter": "other"}, good.blinding, good.proof),
        ConcernReceipt(CONTENT, b"c" * 32, good.proof),
    ):
        report, _ = verify_concern(wrong.text().encode(), keys=keys)
        assert [p.message for p in report.problems] == ["the entry does not commit to this content"]


def test_any_bit_that_is_changed_makes_a_receipt_fail() -> None:
    text = receipt(CONTENT, b"b" * 32)
    keys = Keyring.parse(SIGNER.verifier.text())
    survivors = []
    for place in range(len(text)):
        changed = bytearray(text)
        changed[place] ^= 1 << (place % 8)
        try:
            report, _ = verify_concern(bytes(changed), keys=keys)
        except ProofError:
            continue
        if report.is_intact:
            survivors.append(place)
    assert survivors == []
