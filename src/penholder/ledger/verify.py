"""Verifying a published log from its files alone, also while somebody publishes to it.

Everything is recomputed: entries -> leaf hashes -> every tile -> root -> signature -> chain of keys -> witnesses.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from penholder.kernel import clock
from penholder.ledger.bundles import BundleResult, Facts, Problem
from penholder.ledger.checkpoint import Checkpoint
from penholder.ledger.errors import LedgerIntegrityError, NoteError
from penholder.ledger.folder import FolderReader, Reader, read_heads
from penholder.ledger.keyring import POLICY_ANNOUNCED, Keyring, check_chain, check_known
from penholder.ledger.layout import CHECKPOINT, ENTRIES, NEXT, POLICY, README, README_TEXT, VERIFIER_KEYS
from penholder.ledger.leftovers import check_other_files
from penholder.ledger.note import Note, Verifier, open_note, parse_note
from penholder.ledger.parallel import Progress, inspect_folder
from penholder.ledger.policy import Policy, PolicyVerdict
from penholder.ledger.retrace import Tree, inspect_all

_DAY = 24 * 60 * 60
NOBODY = PolicyVerdict(witnessed=False, signed=(), needed=0)


@dataclass(slots=True)
class VerifyReport:
    """What came of the verification of a published log. Right where `problems` is empty.

    `pinned`: was the chain of keys followed from a key that the user gave? `own_policy`: is the verdict by a
    policy that the user gave, and not by that of the folder? `since`: size of the head compared with, if any.
    """

    checkpoint: Checkpoint | None = None
    signed_by: Verifier | None = None
    pinned: bool = False
    own_policy: bool = False
    since: int | None = None
    facts: Facts = field(default_factory=Facts)
    verdict: PolicyVerdict = NOBODY
    problems: list[Problem] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    note: str = ""
    """The signed head as it was read."""
    keyring: Keyring | None = None
    """The keys as they were read."""

    @property
    def is_intact(self) -> bool:
        """Nothing was found wrong."""
        return not self.problems


def verify_folder(
    folder: Path,
    *,
    keys: Keyring | None = None,
    policy: Policy | None = None,
    since: bytes | None = None,
    now: int | None = None,
    progress: Progress | None = None,
) -> VerifyReport:
    """Verify a published folder; needs nothing but its files.

    Args:
        keys: keys that the verifier knows from elsewhere (any signing key of the chain, the first for example).
        policy: the verifier's own; None: the one in the folder. since: a checkpoint that the verifier remembers.
        now: POSIX seconds, for the times of cosignatures; None: by the clock of this machine.
    Raises: NoteError: the folder is no published log, or `since` is no checkpoint. Damage is reported, not raised.
    Units: 1e6 entries take some 5 s and 120 MB on two processors.
    """
    reader = FolderReader(folder)
    if not (folder / CHECKPOINT).is_file():
        raise NoteError(
            f"{folder}: there is no file {CHECKPOINT!r} in it, so it is no published log",
            hint="give the folder that holds checkpoint and tile/",
        )
    wanted = _Wanted(keys, policy, _remembered(since), _seconds(now))
    return _settled(reader, lambda size: inspect_folder(reader, size, progress=progress), wanted)


def verify_reader(
    reader: Reader,
    *,
    keys: Keyring | None = None,
    policy: Policy | None = None,
    since: bytes | None = None,
    now: int | None = None,
) -> VerifyReport:
    """As `verify_folder`, for files that are somewhere else than in a folder, in one process."""
    wanted = _Wanted(keys, policy, _remembered(since), _seconds(now))
    return _settled(reader, lambda size: inspect_all(reader, size), wanted)


def _seconds(now: int | None) -> int:
    return int(clock.now().timestamp()) if now is None else now


Inspect = Callable[[int], Iterator[BundleResult]]
_TRIES = 3


def _settled(reader: Reader, inspect: Inspect, wanted: _Wanted) -> VerifyReport:
    """The report; where something is wrong and the head has changed meanwhile, that of the new head."""
    for _ in range(_TRIES):
        verification = _Verification(reader, inspect, wanted)
        report = verification.run()
        if report.is_intact or read_heads(reader) == verification.heads:
            break
    return report


@dataclass(frozen=True, slots=True)
class _Remembered:
    checkpoint: Checkpoint
    message: bytes


def _remembered(message: bytes | None) -> _Remembered | None:
    return None if message is None else _Remembered(Checkpoint.parse(parse_note(message).text), message)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What the verifier knows and asks for. `now`: POSIX seconds."""

    keys: Keyring | None
    policy: Policy | None
    remembered: _Remembered | None
    now: int


class _Verification:
    def __init__(self, reader: Reader, inspect: Inspect, wanted: _Wanted) -> None:
        self._reader = reader
        self._inspect = inspect
        self._keys = wanted.keys
        self._policy = wanted.policy
        self._wanted = wanted
        self._report = VerifyReport(own_policy=wanted.policy is not None)
        self.heads = read_heads(reader)

    def run(self) -> VerifyReport:
        report = self._report
        report.keyring = keyring = self._keyring()
        published = self._published_policy()
        note = self._open_head(keyring, published)
        if note is None:
            return report
        try:
            report.checkpoint = head = Checkpoint.parse(note.text)
        except NoteError as error:
            self._wrong(CHECKPOINT, error.message)
            return report
        tree = Tree(self._reader, head.size, root=head.root)
        try:
            tree.retrace(self._inspect(head.size))
        except LedgerIntegrityError as error:
            report.notices.append(error.message)
            report.problems += tree.problems
            return report
        report.facts = tree.facts
        report.problems += tree.problems
        if tree.root_at(head.size) != head.root:
            self._wrong(CHECKPOINT, f"its root is not that of the {head.size} entries in this folder")
        if any(tile.level == ENTRIES for tile in tree.suspects):
            report.notices.append("entries are damaged: keys and policy were not compared with what they announce")
        else:
            self._compare_announced(keyring, head, tree)
        if self._wanted.remembered is not None:
            self._compare_since(self._wanted.remembered, keyring, tree)
        self._witnesses(note, published, keyring)
        self._rest(tree)
        return report

    def _wrong(self, file: str, message: str, entry: int | None = None) -> None:
        self._report.problems.append(Problem(self.heads.path(file), message, entry))

    def _read_head(self, name: str) -> bytes | None:
        data = self.heads.files[name]
        if data is None:
            self._wrong(name, self.heads.failures.get(name, "is missing"))
        return data

    def _read(self, path: str) -> bytes | None:
        try:
            data = self._reader.read(path)
        except LedgerIntegrityError as error:
            self._wrong(path, error.message)
            return None
        if data is None:
            self._wrong(path, "is missing")
        return data

    def _keyring(self) -> Keyring | None:
        data = self._read_head(VERIFIER_KEYS)
        try:
            return self._keys if data is None else Keyring.parse(data)
        except NoteError as error:
            self._wrong(VERIFIER_KEYS, error.message)
            return self._keys

    def _published_policy(self) -> Policy | None:
        self._policy_file = data = self._read_head(POLICY)
        try:
            return None if data is None else Policy.parse(data)
        except NoteError as error:
            self._wrong(POLICY, error.message)
            return None

    def _open_head(self, keyring: Keyring | None, published: Policy | None) -> Note | None:
        """The note of the checkpoint, if the key that signs now signed it and no line of it is wrong."""
        data = self._read_head(CHECKPOINT)
        if data is None or keyring is None:
            return None
        policies = [policy for policy in (published, self._policy) if policy is not None]
        witnesses = [key for policy in policies for key in policy.witnesses.values()]
        try:
            note = open_note(data, [*keyring.everyone, *witnesses])
        except NoteError as error:
            self._wrong(CHECKPOINT, f"{error.message}; so nothing else could be checked")
            return None
        if not note.is_signed_by(keyring.current):
            self._wrong(CHECKPOINT, f"it is not signed by {keyring.current.text()}, the key that signs now")
            return None
        for signature in note.unknown if published is not None else ():
            self._wrong(
                CHECKPOINT,
                f"the signature of {signature.name} is of no key in {VERIFIER_KEYS} or {POLICY}, or a second one",
            )
        self._report.signed_by = keyring.current
        self._report.note = note.message()
        return note

    def _follow_keys(self, keyring: Keyring, head: Checkpoint, tree: Tree) -> None:
        known = self._keys.everyone if self._keys is not None else ()
        events = tree.facts.ledger
        found = check_chain(keyring, events, origin=head.origin, root_at=tree.root_at, pinned=known)
        for message in found:
            self._wrong(VERIFIER_KEYS, message)
        if self._keys is None:
            self._report.notices.append(
                f"the keys are the folder's own: compare {keyring.chain[0].text()} with what you know from "
                "elsewhere, and give it with --key"
            )
        elif not set(self._keys.chain) & set(keyring.chain):
            given = ", ".join(key.text() for key in self._keys.chain)
            self._wrong(
                VERIFIER_KEYS, f"this log is not signed by the key that was given ({given}), nor by its heirs"
            )
        else:
            self._report.pinned = True
            for message in check_known(self._keys, keyring, size=head.size, root_at=tree.root_at):
                self._wrong(VERIFIER_KEYS, message)
            if keyring.current in self._keys.chain[:-1]:
                self._report.notices.append(
                    f"it is signed by {keyring.current.text()}, which is retired by the keys that you gave: it is "
                    "an older copy, or made by somebody who has that key now; --since or a witness tells which"
                )

    def _compare_announced(self, keyring: Keyring | None, head: Checkpoint, tree: Tree) -> None:
        if keyring is not None:
            self._follow_keys(keyring, head, tree)
        self._compare_policy(tree)

    def _compare_policy(self, tree: Tree) -> None:
        announced = [e for e in tree.facts.ledger if e.event == POLICY_ANNOUNCED]
        data = self._policy_file
        if not announced:
            self._report.notices.append(
                "the policy is not announced in the log: nothing but the folder vouches for it"
            )
        elif data is not None and hashlib.sha256(data).hexdigest() != announced[-1].data.get("policy_sha256"):
            self._wrong(POLICY, f"is not the policy that entry {announced[-1].index} announces")

    def _compare_since(self, remembered: _Remembered, keyring: Keyring | None, tree: Tree) -> None:
        old = remembered.checkpoint
        self._report.since = old.size
        known = [ring for ring in (keyring, self._keys) if ring is not None]
        try:
            open_note(remembered.message, [key for ring in known for key in ring.everyone])
        except NoteError as error:
            self._wrong(CHECKPOINT, f"the head that you remember (size {old.size}): {error.message}")
            return
        if self._report.checkpoint is not None and old.origin != self._report.checkpoint.origin:
            self._wrong(CHECKPOINT, f"the head that you remember is of another log, {old.origin}")
        elif old.size > tree.size:
            self._wrong(CHECKPOINT, f"rolled back: you remember {old.size} entries, here are {tree.size}")
        elif tree.root_at(old.size) != old.root:
            self._wrong(CHECKPOINT, f"forked: the first {old.size} entries are not those that you remember")

    def _witnesses(self, note: Note, published: Policy | None, keyring: Keyring | None) -> None:
        policy = self._policy or published
        if policy is None:
            return
        self._report.verdict = verdict = policy.satisfied(note, now=self._wanted.now)
        own = {key.public_key for key in keyring.everyone} if keyring is not None else set()
        for name, key in policy.witnesses.items():
            if key.public_key in own:
                self._wrong(POLICY, f"witness {name} is a key of the log itself")
        if policy.logs and own.isdisjoint(key.public_key for key in policy.logs):
            self._wrong(POLICY, "none of the logs that it names is this one")
        self._report.notices += [untimely_notice(name) for name in verdict.untimely]
        last = self._report.facts.last_at
        for name, time in zip(verdict.signed, verdict.times, strict=True):
            if last and datetime.fromisoformat(last).timestamp() > time + _DAY:
                self._report.notices.append(
                    f"the last entry says {last}, over a day after witness {name} signed it"
                )

    def _compare_in_place(self, tree: Tree) -> None:
        """While a change is under way: the checkpoint in place is an earlier head of the same log, or the same."""
        self._report.notices.append(
            f"a change of keys or policy is being published, or was cut short: the head in {NEXT} was verified"
        )
        data = self._read(CHECKPOINT)
        try:
            head = Checkpoint.parse(parse_note(data or b"").text)
        except NoteError as error:
            self._report.problems += [Problem(CHECKPOINT, error.message)] if data is not None else []
            return
        if tree.root_at(head.size) != head.root:
            self._report.problems.append(Problem(CHECKPOINT, f"is no head of this log (size {head.size})"))

    def _rest(self, tree: Tree) -> None:
        if self.heads.where:
            self._compare_in_place(tree)
        readme = self._read(README)
        if readme is not None and readme != README_TEXT.encode():
            self._wrong(README, "is not the text that belongs there")
        try:
            problems, notices = check_other_files(self._reader, tree)
        except LedgerIntegrityError as error:  # a folder that cannot be listed
            problems, notices = [Problem("tile", error.message)], []
        self._report.problems += problems
        self._report.notices += notices
        if tree.facts.steps_back:
            self._report.notices.append(
                f"{tree.facts.steps_back} entries have a time before that of the entry before them"
            )


def untimely_notice(name: str) -> str:
    """What is said of a witness whose cosignature does not count."""
    return f"the cosignature of witness {name} does not count: its time is 0, or lies in the future"
