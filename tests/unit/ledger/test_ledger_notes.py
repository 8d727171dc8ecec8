"""Signed notes, checkpoints, cosignatures and policies: what is read, and what is refused."""

from __future__ import annotations

import pytest

from penholder.ledger import note as note_module
from penholder.ledger.checkpoint import Checkpoint, open_checkpoint
from penholder.ledger.cosignature import cosign, merge_cosignatures, verify_cosignature
from penholder.ledger.errors import NoteError
from penholder.ledger.merkle import EMPTY_ROOT
from penholder.ledger.note import (
    COSIGNATURE_V1,
    MAX_SIGNATURES,
    Signature,
    Signer,
    Verifier,
    open_note,
    parse_note,
    sign_note,
)
from penholder.ledger.policy import Policy, policy_text

LOG = Signer("ardenia.invalid/log", 1, bytes(range(32)))
OTHER = Signer("norland.invalid/log", 1, bytes(32))
W = {n: Signer(f"w{n}.invalid", COSIGNATURE_V1, bytes([n]) * 32) for n in range(1, 6)}
NOW = 1_795_305_600
HEAD = Checkpoint(LOG.name, 7, b"\x07" * 32)
DASH = "\u2014"


def test_a_key_survives_its_text_and_does_not_show_itself() -> None:
    fresh = Signer.generate("ardenia.invalid/log")
    assert Signer.parse(fresh.text()) == fresh
    assert Verifier.parse(fresh.verifier.text()) == fresh.verifier
    assert fresh.text().split("+", 4)[-1] not in repr(fresh)
    assert Signer.generate("a", algorithm=COSIGNATURE_V1).verifier.algorithm == COSIGNATURE_V1


@pytest.mark.parametrize("name", ["", "two words", "a+b", "a\nb", "a\u00a0b", "a\x1fb"])
def test_a_name_that_no_key_may_have_is_refused(name: str) -> None:
    with pytest.raises(NoteError):
        Signer.generate(name)


def test_a_note_of_a_known_key_opens_and_others_are_ignored() -> None:
    message = sign_note("text\n\nmore\n", [OTHER, LOG])
    note = open_note(message, [LOG.verifier])
    assert note.text == "text\n\nmore\n"
    assert [s.name for s in note.verified] == [LOG.name]
    assert [s.name for s in note.unknown] == [OTHER.name]
    assert note.message() == message
    assert note.is_signed_by(LOG.verifier)
    assert not note.is_signed_by(OTHER.verifier)


def test_a_note_that_no_known_key_signed_is_refused() -> None:
    with pytest.raises(NoteError, match="no known key signed"):
        open_note(sign_note("text\n", [OTHER]), [LOG.verifier])


def test_one_wrong_signature_of_a_known_key_refuses_the_whole_note() -> None:
    forged = sign_note("other\n", [OTHER]).split("\n\n")[1]
    with pytest.raises(NoteError, match="norland"):
        open_note(sign_note("text\n", [LOG]) + forged, [LOG.verifier, OTHER.verifier])


def test_a_name_shared_with_a_known_key_does_not_make_a_key_known() -> None:
    impostor = Signer(LOG.name, 1, bytes(31) + b"\x09")
    with pytest.raises(NoteError, match="no known key"):
        open_note(sign_note("text\n", [impostor]), [LOG.verifier])


@pytest.mark.parametrize("text", ["", "no newline", "tab\there\n", "escape\x1b[2J\n", "nul\x00\n", "return\r\n"])
def test_a_text_that_no_note_may_have_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        sign_note(text, [LOG])
    with pytest.raises(NoteError):
        parse_note(f"{text}\n{DASH} {LOG.name} {'A' * 92}\n")


@pytest.mark.parametrize(
    "lines",
    [
        "",
        f"{DASH} name\n",
        f"{DASH} name AAAA\n",
        f"- name {'A' * 92}\n",
        f"{DASH} na+me {'A' * 92}\n",
        f"{DASH}  {'A' * 92}\n",
        f"{DASH} name {'A' * 92}",
        f"{DASH} name {'A' * 91}\n",
        f"{DASH} name {'A' * 90}B=\n",
        f"{DASH} name {'A' * 92} \n",
    ],
)
def test_signature_lines_that_are_none_are_refused(lines: str) -> None:
    with pytest.raises(NoteError):
        parse_note(f"text\n\n{lines}")


def test_more_than_64_signatures_are_refused() -> None:
    line = f"{DASH} name {'A' * 92}\n"
    assert len(parse_note("text\n\n" + line * MAX_SIGNATURES).signatures) == 64
    with pytest.raises(NoteError, match="at most 64 signatures, not 65"):
        parse_note("text\n\n" + line * (MAX_SIGNATURES + 1))
    with pytest.raises(NoteError, match="at most 1,000,000 bytes"):
        parse_note("x" * 1_000_001)


def test_a_checkpoint_survives_its_note() -> None:
    found, note = open_checkpoint(HEAD.sign([LOG]), [LOG.verifier])
    assert found == HEAD
    assert note.text == f"ardenia.invalid/log\n7\n{'BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc='}\n"
    with_extension = Checkpoint(LOG.name, 0, EMPTY_ROOT, ("one", "two"))
    assert Checkpoint.parse(with_extension.text()) == with_extension


@pytest.mark.parametrize(
    "text",
    [
        "log\n7\n",
        "log\n07\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n",
        "log\n-7\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n",
        "log\n9223372036854775808\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n",
        "log\n\u0667\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n",
        "\n7\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n",
        "log\n7\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBw==\n",
        "log\n7\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwd=\n",
        "log\n0\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n",
        "log\n7\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\n\nempty line before\n",
        "log\n7\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=",
    ],
)
def test_a_text_that_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        Checkpoint.parse(text)


def test_a_cosignature_makes_the_round_and_says_its_time() -> None:
    cosigned = cosign(HEAD.sign([LOG]), W[1], timestamp=1_679_315_147)
    note = open_note(cosigned, [LOG.verifier, W[1].verifier])
    assert [s.name for s in note.verified] == [LOG.name, "w1.invalid"]
    assert verify_cosignature(note, W[1].verifier) == 1_679_315_147
    assert verify_cosignature(note, W[2].verifier) is None


def test_a_cosignature_does_not_hold_for_another_time_or_text() -> None:
    cosigned = cosign(HEAD.sign([LOG]), W[1], timestamp=1_679_315_147)
    head, _, line = cosigned.rpartition(f"{DASH} ")
    signature = W[1].sign(HEAD.text(), timestamp=1_679_315_147)
    another_time = (1_679_315_148).to_bytes(8, "big") + signature.signature[8:]
    later = Signature(signature.name, signature.key_id, another_time)
    for forged in (head + later.line(), Checkpoint(LOG.name, 8, b"\x07" * 32).sign([LOG]) + f"{DASH} {line}"):
        with pytest.raises(NoteError, match="w1"):
            open_note(forged, [LOG.verifier, W[1].verifier])


def test_a_key_of_a_log_does_not_cosign_and_a_key_of_a_witness_does_not_sign() -> None:
    with pytest.raises(NoteError, match="not for cosignatures"):
        cosign(HEAD.sign([LOG]), OTHER, timestamp=1)
    with pytest.raises(NoteError, match="a time belongs to a cosignature"):
        HEAD.sign([W[1]])
    for time in (-1, 1 << 63):
        with pytest.raises(NoteError):
            cosign(HEAD.sign([LOG]), W[1], timestamp=time)


def test_cosignatures_are_merged_once_verified_and_only_of_witnesses() -> None:
    published = HEAD.sign([LOG])
    by_one = cosign(published, W[1], timestamp=10)
    by_two_and_stranger = cosign(cosign(published, W[3], timestamp=11), W[2], timestamp=12)
    witnesses = [W[1].verifier, W[2].verifier]
    merged = merge_cosignatures(by_one, by_two_and_stranger, witnesses=witnesses, now=NOW)
    assert [s.name for s in parse_note(merged).signatures] == [LOG.name, "w1.invalid", "w2.invalid"]
    again = merge_cosignatures(merged, cosign(published, W[1], timestamp=99), witnesses=witnesses, now=NOW)
    assert again == merged
    with pytest.raises(NoteError, match="no known key"):
        merge_cosignatures(published, cosign(published, W[3], timestamp=1), witnesses=witnesses, now=NOW)
    other = Checkpoint(LOG.name, 8, b"\x08" * 32).sign([LOG])
    with pytest.raises(NoteError, match="another checkpoint"):
        merge_cosignatures(published, cosign(other, W[1], timestamp=1), witnesses=witnesses, now=NOW)


TWO_LEVELS = "\n".join(
    [
        f"log {LOG.verifier.text()} https://ardenia.invalid",
        "# a comment",
        *(f" witness\tX{n} {W[n].verifier.text()}" for n in (1, 2, 3)),
        "group X 2 X1 X2 X3",
        *(f"witness Y{n} {W[n].verifier.text()}" for n in (4, 5)),
        "group Y any Y4 Y5",
        "group both all X Y",
        "quorum both",
        "",
    ]
)


@pytest.mark.parametrize(
    ("signed", "witnessed"),
    [((), False), ((1, 2), False), ((1, 4), False), ((1, 2, 4), True), ((2, 3, 5), True), ((1, 2, 3, 4, 5), True)],
)
def test_a_policy_of_two_levels(signed: tuple[int, ...], *, witnessed: bool) -> None:
    policy = Policy.parse(TWO_LEVELS)
    message = HEAD.sign([LOG])
    for number in signed:
        message = cosign(message, W[number], timestamp=number)
    verdict = policy.satisfied(open_note(message, [LOG.verifier, *policy.witnesses.values()]), now=NOW)
    assert (verdict.witnessed, verdict.needed, verdict.times) == (witnessed, 3, signed)


def test_a_policy_that_asks_for_nobody_makes_nothing_witnessed() -> None:
    policy = Policy.parse("quorum none\n")
    verdict = policy.satisfied(open_note(cosign(HEAD.sign([LOG]), W[1], timestamp=1), [LOG.verifier]), now=NOW)
    assert (verdict.witnessed, verdict.needed) == (False, 0)
    text = policy_text(logs=[LOG.verifier], witnesses={"a": W[1].verifier, "b": W[2].verifier}, threshold=2)
    assert text.endswith("group witnesses 2 a b\nquorum witnesses\n")
    assert policy_text(logs=[], witnesses={}, threshold=0) == "quorum none\n"


V1, V2 = W[1].verifier.text(), W[2].verifier.text()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no quorum"),
        (f"witness a {V1}\nquorum b\n", "line 2"),
        (f"witness a {V1}\nwitness a {V2}\nquorum a\n", "defined twice"),
        (f"witness a {V1}\nwitness b {V1}\nquorum a\n", "given twice"),
        (f"witness none {V1}\nquorum none\n", "or is none"),
        (f"witness a {V1}\ngroup g 2 a\nquorum g\n", "threshold"),
        (f"witness a {V1}\ngroup g 0 a\nquorum g\n", "threshold"),
        (f"witness a {V1}\ngroup g any a none\nquorum g\n", "do not define"),
        (f"witness a {V1}\ngroup g any a\ngroup h any a\nquorum g\n", "second time"),
        (f"witness a {V1}\nquorum a\nquorum a\n", "second quorum"),
        (f"witness a {LOG.verifier.text()}\nquorum a\n", "algorithm"),
        (f"log {V1}\nquorum none\n", "algorithm"),
        (f"witness a {V1}\ngroup g any\nquorum g\n", "not understood"),
        ("quorum none\rquorum a\n", "control character"),
        ("quorum none\n" + "#" * 100_000, "at most"),
    ],
)
def test_a_policy_that_means_nothing_is_refused(text: str, said: str) -> None:
    with pytest.raises(NoteError, match=said):
        Policy.parse(text)


def test_a_log_is_no_witness_of_itself() -> None:
    same = Signer("w.invalid", COSIGNATURE_V1, LOG.seed)
    with pytest.raises(NoteError, match="no witness of itself"):
        Policy.parse(f"log {LOG.verifier.text()}\nwitness a {same.verifier.text()}\nquorum a\n")


def _order(y: int) -> int:
    """The order of the point with this y on the curve (0 where there is no such point)."""
    prime, base = (1 << 255) - 19, 0
    d = -121665 * pow(121666, -1, prime) % prime
    square = (y * y - 1) * pow(d * y * y + 1, -1, prime) % prime
    base = pow(square, (prime + 3) // 8, prime)
    if (base * base - square) % prime:
        base = base * pow(2, (prime - 1) // 4, prime) % prime
    if (base * base - square) % prime:
        return 0
    point = (base, y % prime)
    for order in (1, 2, 4, 8):
        if point == (0, 1):
            return order
        (x, y), k = point, d * point[0] ** 2 * point[1] ** 2
        point = (2 * x * y * pow(1 + k, -1, prime) % prime, (y * y + x * x) * pow(1 - k, -1, prime) % prime)
    return 9


def test_a_public_key_for_which_anybody_can_sign_is_refused() -> None:
    """With the identity as key, the point and number (identity, 0) sign every text (RFC 8032, 5.1.7)."""
    weak = list(note_module._LOW_ORDER)
    assert sorted(map(_order, weak)) == [1, 2, 4, 8, 8]
    written = [y.to_bytes(32, "little") for y in (*weak, (1 << 255) - 19, (1 << 255) - 18, (1 << 255) - 1)]
    for key in written:
        for sign in (0, 0x80):
            with pytest.raises(NoteError, match="without a secret"):
                Verifier("w.invalid", COSIGNATURE_V1, key[:31] + bytes([key[31] | sign]))
    assert _order(int.from_bytes(W[1].verifier.public_key, "little") & ((1 << 255) - 1)) == 9


def test_a_second_line_of_a_key_that_signed_is_accounted_for_by_nobody() -> None:
    message = HEAD.sign([LOG])
    line = message[message.index(DASH) :]
    note = open_note(message + line, [LOG.verifier])
    assert [s.name for s in note.unknown] == [LOG.name]
    assert open_note(message, [LOG.verifier]).unknown == ()


@pytest.mark.parametrize(
    ("time", "counts"), [(1, True), (NOW + 86_400, True), (NOW + 86_401, False), (1 << 62, False)]
)
def test_a_cosignature_of_the_future_is_no_witness(time: int, *, counts: bool) -> None:
    policy = Policy.parse(f"witness w1 {V1}\nquorum w1\n")
    published = HEAD.sign([LOG])
    cosigned = cosign(published, W[1], timestamp=time)
    verdict = policy.satisfied(open_note(cosigned, [LOG.verifier, W[1].verifier]), now=NOW)
    assert (verdict.witnessed, verdict.untimely) == (counts, () if counts else ("w1",))
    if not counts:
        with pytest.raises(NoteError, match="lies in the future"):
            merge_cosignatures(published, cosigned, witnesses=[W[1].verifier], now=NOW)


def test_a_cosignature_without_a_time_is_no_witness() -> None:
    with pytest.raises(NoteError, match="0 is no time"):
        cosign(HEAD.sign([LOG]), W[1], timestamp=0)
    message = HEAD.sign([LOG]) + W[1].sign(HEAD.text(), timestamp=0).line()
    policy = Policy.parse(f"witness w1 {V1}\nquorum w1\n")
    verdict = policy.satisfied(open_note(message, [LOG.verifier, W[1].verifier]), now=NOW)
    assert (verdict.witnessed, verdict.signed, verdict.untimely) == (False, (), ("w1",))
