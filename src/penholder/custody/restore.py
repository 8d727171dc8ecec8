"""Putting a backup back: verified, compared with what was published, erasures applied again; all or nothing."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from penholder.custody.errors import BackupError, RollbackError
from penholder.custody.files import make_private, write_whole
from penholder.custody.in_use import alone
from penholder.custody.manifest import Manifest, read_manifest
from penholder.custody.published import RECOVER, Published, read_head, read_published
from penholder.custody.snapshot import ERASURES, KEYS, SQLITE, Snapshot, snapshot_of
from penholder.kernel import clock
from penholder.kernel.home import CONFIGURATION, PUBLISHED_HEAD, SENT_HEAD
from penholder.ledger.checkpoint import Checkpoint
from penholder.ledger.keyring import Keyring
from penholder.ledger.layout import CHECKPOINT
from penholder.ledger.note import Signer, Verifier
from penholder.vault.durable import sync_folder
from penholder.vault.journal import ErasureJournal, reapply
from penholder.vault.keys import KeyStore


@dataclass(frozen=True, slots=True)
class Order:
    """What shall be restored, and where. `published`: a published folder to compare with; `recover_from`: one to
    take missing entries from; `keys_from`: a backup of keys, for a home that has none."""

    source: Path
    home: Path
    published: Path | None = None
    recover_from: Path | None = None
    keys_from: Path | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """A backup that was verified and may be put back; `missing`: entries that must come from `published`."""

    order: Order
    manifest: Manifest
    snapshot: Snapshot
    published: Published | None
    compared: tuple[str, ...]
    missing: int = field(default=0)


def prepare(order: Order) -> Prepared:
    """Verify the backup and compare it with every published head that is known. Changes nothing.

    Raises: DamagedBackupError; RollbackError: the backup is older than what was published; LedgerIntegrityError:
        the published files to recover from are damaged; BackupError.
    """
    manifest = read_manifest(order.source, kind="data")
    trusted = _trusted(order)
    source = read_published(order.recover_from, trusted=trusted) if order.recover_from else None
    heads = dict(_known_heads(order))
    snapshot = snapshot_of(order.source, sizes=tuple(h.size for h in heads.values()))
    if (snapshot.size, snapshot.root.hex()) != (manifest.size, manifest.root):
        raise BackupError("the manifest says another head than the entries give", hint="use another backup")
    top = source.head if source else Checkpoint(manifest.origin, snapshot.size, snapshot.root)
    for said, head in heads.items():
        _check_covered(said, head, snapshot, top, is_recovering=source is not None)
    return Prepared(order, manifest, snapshot, source, tuple(heads), max(0, top.size - snapshot.size))


def _trusted(order: Order) -> Keyring | None:
    """The key by which published files are judged: that which signs now, where the secrets are here.

    The first key alone would vouch for whoever has it after it was retired, where the backup is older than that.
    """
    for folder in (order.home, order.keys_from):
        path = folder / "secrets" / "ledger-key" if folder else None
        if path is not None and path.is_file():
            return Keyring(Signer.parse(path.read_text(encoding="utf-8").strip()).verifier)
    for folder in (order.home, order.source):
        if (folder / "verifier-key").is_file():
            return Keyring(Verifier.parse((folder / "verifier-key").read_text(encoding="utf-8").strip()))
    return None


def _known_heads(order: Order) -> Iterator[tuple[str, Checkpoint]]:
    """Every head that left the house, of which this machine can know."""
    places = [
        order.home / PUBLISHED_HEAD,
        order.home / SENT_HEAD,
        order.home / "published" / CHECKPOINT,
        *(f / CHECKPOINT for f in (order.published, order.recover_from) if f is not None),
    ]
    for folder in (order.published, order.recover_from):
        if folder is not None and not (folder / CHECKPOINT).is_file():
            raise BackupError(f"{folder} is no published ledger: it has no {CHECKPOINT}", hint="give that folder")
    for path in places:
        if path.is_file():
            yield str(path), read_head(path.read_bytes())


def _check_covered(
    said: str, head: Checkpoint, snapshot: Snapshot, top: Checkpoint, *, is_recovering: bool
) -> None:
    """Raises: RollbackError: what is restored would not have all that this published head has."""
    if head.origin != top.origin:
        raise RollbackError(f"{said} is of the ledger {head.origin}, the backup of {top.origin}", hint="give ours")
    if head.size > top.size:
        hint = "that folder is older too: give the newest copy" if is_recovering else RECOVER
        raise RollbackError(
            f"this backup is older than what was published: {snapshot.size} entries, {said} has {head.size}",
            hint=hint,
        )
    if 0 < head.size <= snapshot.size and snapshot.roots[head.size] != head.root:
        raise RollbackError(
            f"this backup is of another ledger: the first {head.size} entries of {said} are not in it",
            hint="use another backup",
        )


def restore_files(prepared: Prepared, *, recover: Callable[[Path], int]) -> Path | None:
    """Put an SQLite backup back into the home. `recover(draft)` adds missing entries to a draft home.

    Gives the folder in which the replaced database was kept. Raises: BackupError; then nothing was changed.
    """
    order = prepared.order
    is_new = not (order.home / CONFIGURATION).is_file()
    draft = order.home.with_name(f".{order.home.name}.restore.part")
    shutil.rmtree(draft, ignore_errors=True)
    try:
        with alone(order.home):
            _draft(prepared, draft, is_new=is_new)
            if prepared.missing:
                recover(draft)
            apply_erasures(order, draft if is_new else order.home)
            if prepared.published is not None:
                home = draft if is_new else order.home
                write_whole(home / PUBLISHED_HEAD, prepared.published.note.encode(), mode=0o600)
            if not is_new:
                return _swap(draft, order)
            draft.rename(order.home)
            sync_folder(order.home.parent)
            return None
    except OSError as error:
        raise BackupError(
            f"nothing was restored: {error.strerror}", hint="see disk space and permissions, then try again"
        ) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _draft(prepared: Prepared, draft: Path, *, is_new: bool) -> None:
    """A home beside the home, with the backup's database in it."""
    order = prepared.order
    make_private(draft)
    shutil.copyfile(order.source / SQLITE, draft / SQLITE)
    (draft / SQLITE).chmod(0o600)
    if is_new:
        for name in (CONFIGURATION, "verifier-key"):
            shutil.copyfile(order.source / name, draft / name)
        _bring_keys(order, draft)
        for folder in (draft / "files", draft / "backups"):
            make_private(folder)
        bring_files(order, draft)
    else:
        for name in (CONFIGURATION, "verifier-key"):
            shutil.copyfile(order.home / name, draft / name)
        (draft / "secrets").symlink_to(order.home / "secrets")


def _bring_keys(order: Order, draft: Path) -> None:
    if order.keys_from is None:
        raise BackupError(
            f"{order.home} has no keys, and a backup of data holds none",
            hint="give --keys-from with the folder that `penholder backup --keys-to` made",
        )
    read_manifest(order.keys_from, kind="keys")
    shutil.copytree(order.keys_from / "secrets", draft / "secrets")
    (draft / "secrets").chmod(0o700)
    for name in (KEYS, ERASURES):
        if (order.keys_from / name).is_file():
            shutil.copyfile(order.keys_from / name, draft / name)
            (draft / name).chmod(0o600)


def bring_files(order: Order, home: Path) -> None:
    """The files of the backup that are not there; one that is there has the same content: its name says so."""
    base = order.source / "files"
    for path in sorted(base.rglob("*")) if base.is_dir() else ():
        target = home / "files" / path.relative_to(base)
        if path.is_file() and not target.exists():
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_whole(target, path.read_bytes(), mode=0o600, durable=False)
    os.sync()


def apply_erasures(order: Order, home: Path) -> None:
    """Destroy again what the journal of the replaced home, or that of the backup of keys, says is destroyed."""
    store = KeyStore(home / KEYS)
    journals = [order.home / ERASURES, *([order.keys_from / ERASURES] if order.keys_from else [])]
    own = ErasureJournal(home / ERASURES)
    for path in journals:
        for record in ErasureJournal(path).records():
            own.append(record)
    reapply(store, own)
    store.close()


def _swap(draft: Path, order: Order) -> Path:
    """The old database aside, the new one in its place; files are added."""
    bring_files(order, order.home)
    aside = order.home / "backups" / f"replaced-{clock.now():%Y%m%dT%H%M%SZ}"
    make_private(aside)
    handle = os.open(order.home / "writer.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        for suffix in ("", "-wal", "-shm"):
            path = order.home / f"{SQLITE}{suffix}"
            if path.exists():
                path.rename(aside / path.name)
        (draft / SQLITE).rename(order.home / SQLITE)
        sync_folder(order.home)
    finally:
        os.close(handle)
    return aside
