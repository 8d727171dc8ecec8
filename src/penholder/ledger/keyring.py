"""The file `verifier-keys`: who signs the log now, who did before, and the signed heads that prove each change.

    name+id+base64                      the key that signs now
    name+id+base64 until 1500           an older key (newest first): it signed heads up to that size
    name-recovery+id+base64 recovery    a key that may name a new one when the signing key is lost

    (a blank line, then signed checkpoints in the order of their sizes, a blank line between them)

A change of key is an entry `custody.KeyRotated` in the log. Whoever trusts the old key must see a head *signed by
the old key* that has this entry in it (for a recovery: signed by the recovery key). Those heads are kept here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from penholder.ledger.checkpoint import Checkpoint, open_checkpoint, parse_number
from penholder.ledger.errors import NoteError
from penholder.ledger.note import ED25519, MAX_NOTE, Note, Verifier

ROTATED = "custody.KeyRotated"
RECOVERY_ANNOUNCED = "custody.RecoveryKeyAnnounced"
POLICY_ANNOUNCED = "custody.PolicyAnnounced"
MAX_KEYS = 256


@dataclass(frozen=True, slots=True)
class Keyring:
    """The keys of a log. `older`: (key, size up to which it signed), newest first; `heads`: signed notes."""

    current: Verifier
    older: tuple[tuple[Verifier, int], ...] = ()
    recovery: tuple[Verifier, ...] = ()
    heads: tuple[str, ...] = ()

    @property
    def chain(self) -> tuple[Verifier, ...]:
        """The signing keys, the first one first."""
        return (*(key for key, _ in reversed(self.older)), self.current)

    @property
    def everyone(self) -> tuple[Verifier, ...]:
        """All signing keys and recovery keys."""
        return (*self.chain, *self.recovery)

    def may_sign(self, size: int) -> tuple[Verifier, ...]:
        """The signing keys that a head of this size may be signed by."""
        return (self.current, *(key for key, until in self.older if size <= until))

    def rotated(self, new: Verifier, *, heads: Sequence[str], until: int) -> Keyring:
        """The keyring after a change to `new`.

        `heads`: the signed checkpoint of size `until` that has the entry `custody.KeyRotated` in it and that the
        old key (or a recovery key) signed; for a recovery before it the last head of the lost key.
        """
        return replace(self, current=new, older=((self.current, until), *self.older), heads=(*self.heads, *heads))

    def text(self) -> str:
        """The file."""
        lines = [self.current.text()]
        lines += [f"{key.text()} until {size}" for key, size in self.older]
        lines += [f"{key.text()} recovery" for key in self.recovery]
        return "\n".join(["\n".join(lines) + "\n", *self.heads])

    @classmethod
    def parse(cls, content: bytes | str) -> Keyring:
        """The keyring of a file, or of a single vkey. Raises: NoteError with the line."""
        if len(content) > MAX_NOTE:
            raise NoteError(f"a file of keys has at most {MAX_NOTE:,} bytes, not {len(content):,}")
        try:
            text = content.decode("utf-8") if isinstance(content, bytes) else content
        except UnicodeDecodeError as error:
            raise NoteError(f"a file of keys must be UTF-8; byte {error.start} is not") from error
        keys, *notes = text.split("\n\n")
        if len(notes) % 2 or (notes and not text.endswith("\n")):
            raise NoteError("a file of keys: what follows the keys must be signed checkpoints, whole")
        pairs = zip(notes[::2], notes[1::2], strict=True)
        heads = tuple(f"{body}\n\n{signatures.removesuffix(chr(10))}\n" for body, signatures in pairs)
        lines = (keys + "\n" if notes else keys).removesuffix("\n").split("\n")
        if len(lines) > MAX_KEYS:
            raise NoteError(f"a file of keys has at most {MAX_KEYS} keys")
        return _assembled([_read_line(line, number) for number, line in enumerate(lines, 1)], heads)


Line = tuple[Verifier, int | None, bool]


def _read_line(line: str, number: int) -> Line:
    said = f"keys, line {number}"
    words = line.split(" ")
    try:
        key = Verifier.parse(words[0])
        until = parse_number(words[2], "until") if words[1:2] == ["until"] and len(words) == 3 else None
    except NoteError as error:
        raise NoteError(f"{said}: {error.message}", hint=error.hint) from error
    if key.algorithm != ED25519:
        raise NoteError(f"{said}: key {key.name} is not a key of a log (0x01)")
    if len(words) > 1 and until is None and words[1:] != ["recovery"]:
        raise NoteError(f"{said}: after a key only `until SIZE` or `recovery` may stand")
    return key, until, words[1:] == ["recovery"]


def _assembled(lines: list[Line], heads: tuple[str, ...]) -> Keyring:
    current = [key for key, until, is_recovery in lines if until is None and not is_recovery]
    older = tuple((key, until) for key, until, _ in lines if until is not None)
    recovery = tuple(key for key, _, is_recovery in lines if is_recovery)
    if len(current) != 1 or lines[0][0] != current[0]:
        raise NoteError("a file of keys has one key that signs now, on its first line")
    if [size for _, size in older] != sorted({size for _, size in older}, reverse=True):
        raise NoteError("a file of keys: the older keys must stand newest first, each with a smaller size")
    found = Keyring(current[0], older, recovery, heads)
    if len({key.public_key for key in found.everyone}) != len(lines):
        raise NoteError("a file of keys: a key is given twice")
    return found


@dataclass(frozen=True, slots=True)
class LedgerEvent:
    """An entry about the ledger itself, found in the log: its event and public fields."""

    index: int
    event: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Head:
    checkpoint: Checkpoint
    note: Note


def check_chain(
    keyring: Keyring,
    events: Sequence[LedgerEvent],
    *,
    origin: str,
    root_at: Callable[[int], bytes | None],
    pinned: Sequence[Verifier] = (),
) -> Iterator[str]:
    """Follow the signing key from the first to the current one; yield what is wrong.

    Args:
        events: the ledger's own entries, in order. pinned: keys that the verifier knows from elsewhere.
        root_at: the recomputed root at a size; None where there is no such size.
    """
    heads: list[_Head] = []
    for number, message in enumerate(keyring.heads, 1):
        try:
            head = _Head(*open_checkpoint(message, keyring.everyone))
        except NoteError as error:
            yield f"signed head {number}: {error.message}"
            continue
        heads.append(head)
        if head.note.unknown:
            yield f"signed head {number}: a signature by a key that is not in this file"
        if head.checkpoint.origin != origin or root_at(head.checkpoint.size) != head.checkpoint.root:
            yield f"signed head {number} (size {head.checkpoint.size}) is not a head of this log"
    yield from _names(keyring, origin)
    yield from _links(keyring, events, heads, pinned)
    yield from _announced(keyring, events)


def _names(keyring: Keyring, origin: str) -> Iterator[str]:
    for key in keyring.chain:
        if key.name != origin:
            yield f"key {key.name} does not bear the name of the log, {origin}"
    for key in keyring.recovery:
        if key.name == origin:
            yield f"recovery key {key.text()} must have a name of its own"


def _links(
    keyring: Keyring, events: Sequence[LedgerEvent], heads: list[_Head], pinned: Sequence[Verifier]
) -> Iterator[str]:
    rotations = [e for e in events if e.event == ROTATED]
    chain = keyring.chain
    if len(rotations) != len(chain) - 1:
        yield f"{len(chain)} signing keys, but the log announces {len(rotations)} changes of key"
    for step, (event, (key, until)) in enumerate(zip(rotations, reversed(keyring.older), strict=False)):
        wanted = {"new_key": chain[step + 1].text(), "old_key": key.text()}
        is_recovery = event.data.get("recovery")
        if {**event.data, "recovery": None} != {**wanted, "recovery": None} or not isinstance(is_recovery, bool):
            yield f"entry {event.index} announces another change of key than the {step + 1}. of this file"
            continue
        signers = _recovery_signers(keyring, events, heads, pinned, step) if is_recovery else [key]
        proofs = [h.checkpoint.size for h in heads if any(h.note.is_signed_by(s) for s in signers)]
        who = "a recovery key that can be trusted" if is_recovery else "the old key"
        if until not in proofs or until <= event.index:
            yield f"entry {event.index} changes the key, but no head of size {until} is signed by {who}"


def _recovery_signers(
    keyring: Keyring, events: Sequence[LedgerEvent], heads: list[_Head], pinned: Sequence[Verifier], step: int
) -> list[Verifier]:
    """Recovery keys that the verifier knows, or that an earlier signing key announced in a head that it signed.

    A signing key vouches for nothing from the entry on that retires it: whoever has it later could sign anything.
    And where the verifier knows a later key, those before it vouch for nothing that comes after that one.
    """
    trusted = [key for key in keyring.recovery if key in pinned]
    retired = [e.index for e in events if e.event == ROTATED]
    known = max((number for number, key in enumerate(keyring.chain) if key in pinned), default=0)
    vouching = enumerate(keyring.chain[: step + 1])
    covered = max(
        (
            min(h.checkpoint.size, retired[number])
            for number, key in vouching
            for h in heads
            if not number < known <= step and h.note.is_signed_by(key)
        ),
        default=0,
    )
    named = {
        str(e.data.get("recovery_key")) for e in events if e.event == RECOVERY_ANNOUNCED and e.index < covered
    }
    return trusted + [key for key in keyring.recovery if key.text() in named]


def check_known(
    known: Keyring, found: Keyring, *, size: int, root_at: Callable[[int], bytes | None]
) -> Iterator[str]:
    """Compare the keys of a log with those that the verifier has from elsewhere; yield what contradicts them.

    The two have a signing key in common.

    Args: size: of the head of the log, which may be older than what is known. root_at: as in `check_chain`.
    """
    shared = next(key for key in found.chain if key in known.chain)
    theirs = found.chain[found.chain.index(shared) :]
    ours = known.chain[known.chain.index(shared) :]
    for mine, other in zip(ours, theirs, strict=False):
        if mine != other:
            yield f"forked: {other.text()} follows where by the keys that were given {mine.text()} does"
            return
    until = dict(known.older).get(found.current)
    if until is not None and size > until:
        yield f"{found.current.text()} signed heads up to size {until} by the keys that were given, not {size}"
    for message in known.heads:
        try:
            head, _ = open_checkpoint(message, known.everyone)
        except NoteError as error:
            yield f"a signed head among the keys that were given: {error.message}"
            continue
        if root_at(head.size) not in {None, head.root}:
            yield f"forked: the first {head.size} entries are not those that a head among the given keys signs"


def _announced(keyring: Keyring, events: Sequence[LedgerEvent]) -> Iterator[str]:
    announced = {str(e.data.get("recovery_key")): e.index for e in events if e.event == RECOVERY_ANNOUNCED}
    in_file = {key.text() for key in keyring.recovery}
    for text, index in announced.items():
        if text not in in_file:
            yield f"entry {index} announces a recovery key that this file does not have"
