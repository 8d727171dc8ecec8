"""Whose cosignatures a checkpoint needs (C2SP tlog-policy): logs, witnesses, groups, and a quorum."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from penholder.ledger.cosignature import time_counts
from penholder.ledger.errors import NoteError
from penholder.ledger.note import COSIGNATURE_V1, ED25519, Note, Verifier

MAX_POLICY = 100_000
MAX_NAMES = 256
"""Logs, witnesses and groups together (C2SP recommends at least 32 of each)."""
_NONE = "none"


@dataclass(frozen=True, slots=True)
class PolicyVerdict:
    """Is it witnessed? `signed`: names of witnesses that cosigned; `needed`: how many must at least.

    A policy that asks for no witness (`quorum none`) never makes a checkpoint witnessed.
    """

    witnessed: bool
    signed: tuple[str, ...]
    needed: int
    times: tuple[int, ...] = ()
    """POSIX seconds of the cosignatures, as `signed`."""
    untimely: tuple[str, ...] = ()
    """Witnesses whose cosignature does not count: its time is 0, or lies in the future."""


@dataclass(frozen=True, slots=True)
class Group:
    """At least `threshold` of `members` (witnesses or earlier groups)."""

    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy as its file says it. `quorum` is a witness, a group, or `none`."""

    logs: tuple[Verifier, ...]
    witnesses: dict[str, Verifier]
    groups: dict[str, Group]
    quorum: str

    @classmethod
    def parse(cls, content: bytes | str) -> Policy:
        """The policy of a file. Raises: NoteError with the line: anything that C2SP tlog-policy does not allow."""
        reading = _Reading()
        for number, line in enumerate(_lines(content), 1):
            words = line.strip(" \t").replace("\t", " ").split(" ")
            words = [w for w in words if w]
            if not words or words[0].startswith("#"):
                continue
            try:
                reading.take(words)
            except NoteError as error:
                raise NoteError(f"policy, line {number}: {error.message}", hint=error.hint) from error
        if reading.quorum is None:
            raise NoteError("policy: it has no quorum line", hint="quorum none asks for no witness")
        return cls(tuple(reading.logs), reading.witnesses, reading.groups, reading.quorum)

    def satisfied(self, note: Note, *, now: int) -> PolicyVerdict:
        """What the verified signatures of `note` (from `open_note` with the keys of the witnesses) amount to.

        `now`: POSIX seconds; a cosignature that is dated later, or not at all, does not count.
        """
        found = {name: _time(note, key) for name, key in self.witnesses.items() if note.is_signed_by(key)}
        times = {name: time for name, time in found.items() if time_counts(time, now=now)}
        needed = self._needed(self.quorum)
        witnessed = needed > 0 and self._has(self.quorum, frozenset(times))
        untimely = tuple(name for name in found if name not in times)
        return PolicyVerdict(witnessed, tuple(times), needed, tuple(times.values()), untimely)

    def _has(self, name: str, signed: frozenset[str]) -> bool:
        if name not in self.groups:
            return name in signed
        group = self.groups[name]
        return sum(self._has(member, signed) for member in group.members) >= group.threshold

    def _needed(self, name: str) -> int:
        if name not in self.groups:
            return int(name != _NONE)
        group = self.groups[name]
        return sum(sorted(self._needed(member) for member in group.members)[: group.threshold])


def policy_text(*, logs: Iterable[Verifier], witnesses: dict[str, Verifier], threshold: int) -> str:
    """A policy that asks for `threshold` of `witnesses` (name -> key). Raises: NoteError: that cannot be."""
    lines = [f"log {key.text()}" for key in logs]
    lines += [f"witness {name} {key.text()}" for name, key in witnesses.items()]
    lines += [f"group witnesses {threshold} {' '.join(witnesses)}"] if threshold else []
    lines.append("quorum witnesses" if threshold else "quorum none")
    text = "\n".join(lines) + "\n"
    Policy.parse(text)
    return text


@dataclass(slots=True)
class _Reading:
    logs: list[Verifier] = field(default_factory=list)
    witnesses: dict[str, Verifier] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    quorum: str | None = None
    used: set[str] = field(default_factory=set)

    def take(self, words: list[str]) -> None:
        """One line that is not empty. Raises: NoteError: what it says is not allowed, or too much is named."""
        if len(self.logs) + len(self.witnesses) + len(self.groups) > MAX_NAMES:
            raise NoteError(f"more than {MAX_NAMES} logs, witnesses and groups")
        match words:
            case ["log", key] | ["log", key, _]:
                self.logs.append(self._key(key, ED25519))
            case ["witness", name, key] | ["witness", name, key, _]:
                self._check_new(name)
                self.witnesses[name] = self._key(key, COSIGNATURE_V1)
            case ["group", name, threshold, first, *more]:
                self._check_new(name)
                self.groups[name] = self._group(threshold, (first, *more))
            case ["quorum", name]:
                self._take_quorum(name)
            case _:
                said = "allowed: log KEY [URL], witness NAME KEY [URL], group NAME all|any|K NAME..., quorum NAME"
                raise NoteError("this line is not understood", hint=said)

    def _take_quorum(self, name: str) -> None:
        if self.quorum is not None:
            raise NoteError("there is a second quorum line")
        if name != _NONE and name not in self.witnesses and name not in self.groups:
            raise NoteError("the quorum names no witness and no group of the lines above")
        self.quorum = name

    def _group(self, threshold: str, members: tuple[str, ...]) -> Group:
        for name in members:
            if name not in self.witnesses and name not in self.groups:
                raise NoteError("a group names a member that the lines above do not define")
            if name in self.used:
                raise NoteError("a name is a member of a group for the second time; it may be of one group once")
            self.used.add(name)
        if threshold in {"all", "any"}:
            return Group(len(members) if threshold == "all" else 1, members)
        if not re.fullmatch(r"[1-9][0-9]{0,3}", threshold) or int(threshold) > len(members):
            raise NoteError(f"a threshold must be all, any or a number from 1 to {len(members)}")
        return Group(int(threshold), members)

    def _check_new(self, name: str) -> None:
        if name == _NONE or name in self.witnesses or name in self.groups:
            raise NoteError("a name is defined twice, or is none")

    def _key(self, text: str, algorithm: int) -> Verifier:
        found = Verifier.parse(text)
        if found.algorithm != algorithm:
            raise NoteError(f"key {found.name}: its algorithm is not the one for this line (0x{algorithm:02x})")
        if any(found.public_key == k.public_key for k in (*self.logs, *self.witnesses.values())):
            raise NoteError(f"key {found.name}: the same public key is given twice; a log is no witness of itself")
        return found


def _lines(content: bytes | str) -> list[str]:
    if len(content) > MAX_POLICY:
        raise NoteError(f"a policy has at most {MAX_POLICY:,} bytes, not {len(content):,}")
    try:
        text = content.decode("utf-8", "surrogateescape") if isinstance(content, bytes) else content
    except UnicodeError as error:
        raise NoteError("a policy must be text") from error
    bad = re.search(r"[\x00-\x08\x0b-\x1f\x7f]", text)
    if bad:
        raise NoteError(f"policy, line {text.count(chr(10), 0, bad.start()) + 1}: a control character")
    return text.split("\n")


def _time(note: Note, key: Verifier) -> int:
    found = next(s for s in note.verified if (s.name, s.key_id) == (key.name, key.key_id))
    return found.timestamp or 0
