"""Changes of key: whoever pinned the first key can follow them offline, and nobody can invent one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench.synthetic_log import LOG_KEY, ORIGIN, RECOVERY_KEY, seeded
from penholder.ledger.errors import LedgerIntegrityError, NoteError
from penholder.ledger.keyring import RECOVERY_ANNOUNCED, ROTATED, Keyring
from penholder.ledger.note import Signer
from penholder.ledger.verify import VerifyReport, verify_reader
from penholder.ledger.witness import begin, check_head
from tests.memory_reader import MemoryReader
from tests.unit.ledger.invented_log import InventedLog

SECOND = Signer(ORIGIN, 1, b"\x02" * 32)
THIRD = Signer(ORIGIN, 1, b"\x03" * 32)
THIEF = Signer(ORIGIN, 1, b"\x66" * 32)
FIRST_ONLY = Keyring(LOG_KEY.verifier)


def verify(files: dict[str, bytes], keys: Keyring | None = FIRST_ONLY) -> VerifyReport:
    return verify_reader(MemoryReader(files), keys=keys)


def messages(files: dict[str, bytes], keys: Keyring | None = FIRST_ONLY) -> list[str]:
    return [f"{p.file}: {p.message}" for p in verify(files, keys).problems]


@pytest.fixture
def log() -> InventedLog:
    log = InventedLog()
    log.grow(300)
    return log


def test_two_changes_of_key_are_followed_from_the_first_key(log: InventedLog) -> None:
    log.rotate(SECOND)
    assert messages(log.publish(log.keyring.heads[-1])) == []  # the head of the change itself is signed by both
    log.grow(500)
    log.rotate(THIRD)
    log.grow(700)
    files = log.publish()
    report = verify(files)
    assert (report.problems, report.signed_by, report.pinned) == ([], THIRD.verifier, True)
    for known in (SECOND, THIRD):
        assert verify(files, Keyring(known.verifier)).pinned
    assert Keyring.parse(files["verifier-keys"]) == log.keyring
    assert verify(files, Keyring.parse(files["verifier-keys"])).pinned


def test_the_file_of_keys_reads_as_it_is_documented(log: InventedLog) -> None:
    log.rotate(SECOND)
    first, second, third, empty, *_ = log.keyring.text().split("\n")
    assert first == SECOND.verifier.text()
    assert second == f"{LOG_KEY.verifier.text()} until 301"
    assert third == f"{RECOVERY_KEY.verifier.text()} recovery"
    assert empty == ""
    assert log.keyring.may_sign(301) == (SECOND.verifier, LOG_KEY.verifier)
    assert log.keyring.may_sign(302) == (SECOND.verifier,)


def test_a_head_that_only_the_old_key_signed_is_refused_after_the_change(log: InventedLog) -> None:
    log.rotate(SECOND)
    log.grow(400)
    assert "not signed by" in messages(log.publish(log.head(LOG_KEY)))[0]


def test_a_change_that_the_old_key_did_not_sign_is_refused(log: InventedLog) -> None:
    log.rotate(THIEF, signers=(THIEF,))
    log.grow(400)
    found = messages(log.publish())
    assert found == ["verifier-keys: entry 300 changes the key, but no head of size 301 is signed by the old key"]


def test_a_head_of_the_old_key_from_before_the_change_does_not_prove_it(log: InventedLog) -> None:
    before = log.head()
    log.rotate(THIEF, signers=(THIEF,))
    log.keyring = Keyring(THIEF.verifier, ((LOG_KEY.verifier, 300),), log.keyring.recovery, (before,))
    assert "entry 300 changes the key, but no head of size 300" in messages(log.publish())[0]


def test_a_head_of_another_history_does_not_prove_a_change(log: InventedLog) -> None:
    elsewhere = InventedLog()
    elsewhere.grow(290)
    elsewhere.announce(RECOVERY_ANNOUNCED, {"recovery_key": RECOVERY_KEY.verifier.text()})
    elsewhere.grow(301)
    log.rotate(THIEF, signers=(THIEF,))
    log.keyring = Keyring(THIEF.verifier, ((LOG_KEY.verifier, 301),), log.keyring.recovery, (elsewhere.head(),))
    assert "verifier-keys: signed head 1 (size 301) is not a head of this log" in messages(log.publish())


def test_a_change_that_the_log_does_not_announce_is_refused(log: InventedLog) -> None:
    log.keyring = log.keyring.rotated(THIEF.verifier, heads=[log.head(LOG_KEY, THIEF)], until=300)
    log.signer = THIEF
    assert "but the log announces 0 changes of key" in messages(log.publish())[0]


def test_an_announced_change_that_the_file_hides_is_refused(log: InventedLog) -> None:
    log.rotate(SECOND)
    log.keyring = Keyring(LOG_KEY.verifier, recovery=log.keyring.recovery)
    assert "1 signing keys, but the log announces 1" in messages(log.publish(log.head(LOG_KEY)))[0]


def test_a_change_to_another_key_than_the_announced_one_is_refused(log: InventedLog) -> None:
    log.announce(
        ROTATED, {"new_key": THIRD.verifier.text(), "old_key": LOG_KEY.verifier.text(), "recovery": False}
    )
    log.keyring = log.keyring.rotated(SECOND.verifier, heads=[log.head(LOG_KEY, SECOND)], until=301)
    log.signer = SECOND
    assert "entry 300 announces another change of key than the 1." in messages(log.publish())[0]


def test_a_key_of_another_name_cannot_take_over(log: InventedLog) -> None:
    log.rotate(Signer("norland.invalid/log", 1, b"\x09" * 32))
    assert "does not bear the name of the log" in messages(log.publish())[0]


# Recovery


def recovered(log: InventedLog, *, before: bool = True) -> dict[str, bytes]:
    """The signing key is lost; the recovery key signs the head in which a new one is announced."""
    last = log.head() if before else ""
    log.rotate(SECOND, signers=(RECOVERY_KEY,), recovery=True, before=last)
    log.grow(500)
    return log.publish()


def test_a_recovery_is_followed_where_the_lost_key_had_announced_the_recovery_key(log: InventedLog) -> None:
    report = verify(recovered(log))
    assert (report.problems, report.signed_by, report.pinned) == ([], SECOND.verifier, True)


def test_a_recovery_is_followed_where_the_recovery_key_was_pinned(log: InventedLog) -> None:
    known = Keyring(LOG_KEY.verifier, recovery=(RECOVERY_KEY.verifier,))
    assert messages(recovered(log, before=False), known) == []


def test_a_recovery_by_a_key_that_nobody_trusted_knew_is_refused(log: InventedLog) -> None:
    assert "is signed by a recovery key that can be trusted" in messages(recovered(log, before=False))[0]
    own = seeded(f"{ORIGIN}-thief")
    taken = InventedLog(keyring=Keyring(LOG_KEY.verifier, recovery=(RECOVERY_KEY.verifier, own.verifier)))
    taken.grow(300)
    last = taken.head()
    taken.announce(RECOVERY_ANNOUNCED, {"recovery_key": own.verifier.text()})  # after the last head of the owner
    taken.rotate(THIEF, signers=(own,), recovery=True, before=last)
    assert "a recovery key that can be trusted" in messages(taken.publish())[0]


def test_a_recovery_key_that_is_announced_must_stand_in_the_file(log: InventedLog) -> None:
    log.keyring = Keyring(LOG_KEY.verifier)
    found = messages(log.publish())
    assert found == ["verifier-keys: entry 1 announces a recovery key that this file does not have"]


@pytest.mark.parametrize("said", [["x"], {"a": 1}, 5, None, True])
def test_what_an_enemys_log_announces_is_said_and_breaks_nothing(log: InventedLog, said: object) -> None:
    log.announce(RECOVERY_ANNOUNCED, {"recovery_key": said})
    log.announce(ROTATED, {"new_key": said, "old_key": said, "recovery": said})
    log.keyring = log.keyring.rotated(THIEF.verifier, heads=[log.head(LOG_KEY, THIEF)], until=302)
    log.signer = THIEF
    assert messages(log.publish()) == [
        "verifier-keys: entry 301 announces another change of key than the 1. of this file",
        "verifier-keys: entry 300 announces a recovery key that this file does not have",
    ]


def test_a_recovery_key_does_not_sign_for_the_signing_key(log: InventedLog) -> None:
    assert "not signed by" in messages(log.publish(log.head(RECOVERY_KEY)))[0]


# Who has a key that was retired


THIEFS_OWN = seeded(f"{ORIGIN}-thief")
NO_TRUSTED = "is signed by a recovery key that can be trusted"


def taken_over(log: InventedLog) -> dict[str, bytes]:
    """Who has the retired first key announces an own recovery key by it, and recovers from the second key."""
    log.keyring = replace(log.keyring, recovery=(*log.keyring.recovery, THIEFS_OWN.verifier))
    log.announce(RECOVERY_ANNOUNCED, {"recovery_key": THIEFS_OWN.verifier.text()})
    log.rotate(THIEF, signers=(THIEFS_OWN,), recovery=True, before=log.head(LOG_KEY))
    log.grow(500)
    return log.publish()


@pytest.mark.parametrize("pinned", [FIRST_ONLY, Keyring(SECOND.verifier)])
def test_a_retired_key_announces_no_recovery_key(log: InventedLog, pinned: Keyring) -> None:
    log.rotate(SECOND)
    log.grow(400)
    remembered = log.head().encode()
    files = taken_over(log)
    report = verify_reader(MemoryReader(files), keys=pinned, since=remembered)
    assert [NO_TRUSTED in p.message for p in report.problems] == [True]


def test_a_witness_does_not_follow_a_retired_key(log: InventedLog) -> None:
    log.rotate(SECOND)
    log.grow(400)
    state = begin(MemoryReader(log.publish()), keys=Keyring(SECOND.verifier))
    with pytest.raises(LedgerIntegrityError, match=NO_TRUSTED):
        check_head(MemoryReader(taken_over(log)), state)


def test_keys_before_the_pinned_one_vouch_for_nothing_after_it(log: InventedLog) -> None:
    """A history of the thief's own, in which the first key names the second one, which signs nothing."""
    log.keyring = replace(log.keyring, recovery=(*log.keyring.recovery, THIEFS_OWN.verifier))
    log.announce(RECOVERY_ANNOUNCED, {"recovery_key": THIEFS_OWN.verifier.text()})
    old, new = LOG_KEY.verifier, SECOND.verifier
    log.announce(ROTATED, {"new_key": new.text(), "old_key": old.text(), "recovery": False})
    log.keyring = log.keyring.rotated(new, heads=[log.head(LOG_KEY)], until=log.writer.size)
    log.rotate(THIEF, signers=(THIEFS_OWN,), recovery=True)
    assert messages(log.publish()) == []  # whoever knows the first key alone cannot tell
    assert [NO_TRUSTED in said for said in messages(log.publish(), Keyring(SECOND.verifier))] == [True]


def test_what_contradicts_the_keys_that_are_known_is_a_fork(log: InventedLog) -> None:
    other = InventedLog()
    other.grow(250)
    log.rotate(SECOND)
    known = Keyring.parse(log.publish()["verifier-keys"])
    older = verify(other.publish(), known)
    assert (older.problems, "retired by the keys that you gave" in older.notices[0]) == ([], True)
    other.grow(302)
    too_far, forked = messages(other.publish(), known)
    assert too_far.endswith("signed heads up to size 301 by the keys that were given, not 302")
    assert "forked: the first 301 entries are not those that a head among the given keys signs" in forked
    other.rotate(THIEF)
    follows = f"{THIEF.verifier.text()} follows where by the keys that were given {SECOND.verifier.text()} does"
    assert messages(other.publish(), known) == [f"verifier-keys: forked: {follows}"]
    broken = replace(known, heads=(known.heads[0].replace("301", "302", 1),))
    assert "a signed head among the keys that were given:" in messages(log.publish(), broken)[0]


KEY, OLD = SECOND.verifier.text(), LOG_KEY.verifier.text()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        f"{KEY}\n\n",
        f"{KEY}\n\ntext\n",
        f"{KEY} until 5\n",
        f"{KEY} recovery\n",
        f"{KEY}\n{OLD}\n",
        f"{OLD} until 5\n{KEY}\n",
        f"{KEY}\n{OLD} until 05\n",
        f"{KEY}\n{OLD} until\n",
        f"{KEY}\n{OLD} until 5 6\n",
        f"{KEY}\n{OLD}  until 5\n",
        f"{KEY}\n{OLD} revoked\n",
        f"{KEY}\n{KEY} until 5\n",
        f"{KEY}\n{OLD} until 5\n{THIRD.verifier.text()} until 5\n",
        f"{KEY}\n{OLD} until 5\n{THIRD.verifier.text()} until 6\n",
        f"{KEY[:-1]}\n",
        Signer("w", 4, bytes(32)).verifier.text(),
        SECOND.text(),
        KEY + "\n" + "x" * 1_000_000,
    ],
)
def test_a_file_of_keys_that_means_nothing_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        Keyring.parse(text)
    with pytest.raises(NoteError):
        Keyring.parse(b"\xff")
