"""One head, one signature: nothing is signed that does not extend what was signed or published before."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from penholder.actions import moment
from penholder.actions.lock import writer_lock
from penholder.custody import keyring
from penholder.custody.day_times import settle_times
from penholder.custody.errors import LedgerKeyError, RollbackError
from penholder.custody.files import file_lock, write_whole
from penholder.custody.published import RECOVER, read_head
from penholder.kernel.home import PUBLISHED_HEAD, SENT_HEAD
from penholder.ledger import queries, store
from penholder.ledger.checkpoint import Checkpoint
from penholder.ledger.door import own_door
from penholder.ledger.errors import LedgerIntegrityError, NoteError, ProofError
from penholder.ledger.merkle import Frontier, fold, root_nodes, verify_consistency
from penholder.ledger.models import Checkpoint as CheckpointRow
from penholder.ledger.note import Signer, open_note

_LOCK = 0x70656E7075626C69
"""Advisory lock of the publisher ("penpubli")."""
_LEFT_THE_HOUSE = {
    PUBLISHED_HEAD: "the head that was published last",
    SENT_HEAD: "the head of the last receipt",
}


@contextmanager
def publisher_lock() -> Iterator[None]:
    """Nobody else signs or publishes for this installation while it is held."""
    with file_lock(settings.PENHOLDER_HOME / "publisher.lock"):
        if connection.vendor == "sqlite":
            yield
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", (_LOCK,))


def head_of_tree() -> Checkpoint:
    """The head of our own tree, its root computed anew from the hashes of the tree.

    Raises: LedgerIntegrityError: the head that the appends left is another.
    """
    store.place_waiting()
    size, frontier = store.head()
    nodes = root_nodes(size)
    node = queries.node_reader(nodes)
    root = fold([node(*n) for n in nodes]) if nodes else Frontier().root()
    if root != frontier.root():
        raise LedgerIntegrityError(
            f"the newest head (size {size}) is not the root of the tree that is stored",
            hint="run `penholder fsck`; restore a backup and recover from the published files",
        )
    return Checkpoint(settings.PENHOLDER_ORIGIN, size, root)


def check_extends(head: Checkpoint, old: Checkpoint, *, said: str) -> None:
    """Raises: RollbackError: `head` does not begin with all that `old` has. `said`: what `old` is."""
    if head.origin != old.origin:
        raise RollbackError(
            f"{said} is of the ledger {old.origin}; this one is {head.origin}",
            hint="give the folder of this ledger, or an empty one",
        )
    if old.size > head.size:
        raise RollbackError(
            f"this database is older than what was published: it has {head.size} entries, {said} has {old.size}",
            hint=RECOVER,
        )
    if old.size == 0:
        return
    try:
        proof = queries.consistency(old.size, head.size) if old.size < head.size else ()
        verify_consistency(
            old_size=old.size, old_root=old.root, new_size=head.size, new_root=head.root, proof=proof
        )
    except ProofError as error:
        raise RollbackError(
            f"this database is not the one that was published: the first {old.size} entries of {said} are others",
            hint=RECOVER,
        ) from error


def sign_head(head: Checkpoint) -> str:
    """The signed note of `head`: the one that is stored, or a new one that is stored before it is given.

    Needs `publisher_lock`. Finishes a change of key that waits. Raises: RollbackError; LedgerKeyError.
    """
    adopt_next_key()  # what a crash has left undone
    if check_before_signing(head) < head.size:
        _store_note(head, head.sign(_signers(head.size)))
    adopt_next_key()
    return str(CheckpointRow.objects.values_list("note", flat=True).get(size=head.size))


def send_head() -> str:
    """The signed note of our tree as it stands, for a receipt that leaves the house before it is published.

    Kept in the home, beside what was published, so that a database that is put back signs no other history.
    Raises: RollbackError; LedgerKeyError; LedgerIntegrityError.
    """
    with publisher_lock():
        note = sign_head(head_of_tree())
        write_whole(settings.PENHOLDER_HOME / SENT_HEAD, note.encode(), mode=0o600)
        settle_times(settings.PENHOLDER_HOME, deep=False)
        return note


def seal_with_recovery_key(head: Checkpoint, recovery: Signer) -> None:
    """Sign the head that announces a new key by a recovery key, because the old key is lost."""
    check_before_signing(head)
    _store_note(head, head.sign([_next_key(), recovery]))
    adopt_next_key()


def check_before_signing(head: Checkpoint) -> int:
    """Size of the newest signed head (-1: none). Raises: RollbackError: `head` does not extend it, or does not
    extend the head that left the house last (which a database that was put back does not know)."""
    newest = CheckpointRow.objects.order_by("-size").first()
    if newest is not None:
        check_extends(head, read_head(newest.note), said="the newest signed head")
    for name, said in _LEFT_THE_HOUSE.items():
        last = settings.PENHOLDER_HOME / name
        if last.is_file():
            check_extends(head, read_head(last.read_bytes()), said=said)
    return newest.size if newest is not None else -1


def _signers(size: int) -> list[Signer]:
    keys = keyring.keys_at(size, settings.PENHOLDER_ORIGIN)
    signer = keyring.secret_key(keyring.LEDGER_KEY)
    if signer is None or signer.verifier != keys.current:
        raise LedgerKeyError(
            f"secrets/{keyring.LEDGER_KEY} is not the key that signs now, {keys.current.text()}",
            hint="restore the folder `secrets`; after a loss: penholder ledger rotate-key --recovery-key FILE",
        )
    if keys.pending is None:
        return [signer]
    if keys.pending.data["recovery"]:
        raise LedgerKeyError(
            "a change of key by the recovery key is not finished",
            hint="run `penholder ledger rotate-key --recovery-key FILE` again",
        )
    return [_next_key(expected=keys.pending.data["new_key"]), signer]


def _next_key(expected: str = "") -> Signer:
    found = keyring.secret_key(keyring.NEXT_KEY)
    if found is None or (expected and found.verifier.text() != expected):
        raise LedgerKeyError(
            f"secrets/{keyring.NEXT_KEY} is not the key that the log announces {expected}",
            hint="restore the folder `secrets` from its copy",
        )
    return found


def _store_note(head: Checkpoint, note: str) -> None:
    """Compare and swap: one row per size. On PostgreSQL synchronous: all commits before it are durable then."""
    row = CheckpointRow(size=head.size, root=head.root, note=note, signed_at=moment.kept())
    try:
        with own_door(), writer_lock(), transaction.atomic(durable=True):
            _check_durable()
            row.save(force_insert=True)
    except IntegrityError:  # another publisher was faster: its note counts
        stored = CheckpointRow.objects.get(size=head.size)
        if bytes(stored.root) != head.root:
            raise RollbackError(
                f"another head of size {head.size} has been signed", hint="run `penholder fsck`"
            ) from None


def _check_durable() -> None:
    """Raises: LedgerIntegrityError: this commit would not reach the disk (SQLite: the back end sees to it)."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('synchronous_commit')")
            if cursor.fetchone()[0] == "off":
                raise LedgerIntegrityError("a head is signed in a synchronous commit alone", hint="set it to on")


def adopt_next_key() -> None:
    """After the head that seals a change of key: the new key takes over, the old one is destroyed."""
    coming = keyring.secret_key(keyring.NEXT_KEY)
    if coming is None:
        return
    keys = keyring.newest(settings.PENHOLDER_ORIGIN)
    if keys.pending is None and keys.current == coming.verifier:
        secrets = settings.PENHOLDER_HOME / "secrets"
        (secrets / keyring.NEXT_KEY).replace(secrets / keyring.LEDGER_KEY)


def open_ours(note: str | bytes, *, said: str) -> Checkpoint:
    """The checkpoint of a note that a key of this ledger signed. Raises: LedgerIntegrityError."""
    keys = keyring.newest(settings.PENHOLDER_ORIGIN)
    try:
        return Checkpoint.parse(open_note(note, keys.everyone).text)
    except NoteError as error:
        raise LedgerIntegrityError(
            f"{said} is no checkpoint that this ledger signed: {error.message}",
            hint="if it is older than a change of key that this database does not know, " + RECOVER,
        ) from error
