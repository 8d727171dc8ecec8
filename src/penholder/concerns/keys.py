"""Who can open a case: kept as the ladder, the conflicts and the filer's wishes say, by whoever opens it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from penholder.actions.values import FieldClass
from penholder.concerns import officers, sealing
from penholder.concerns.cases import Case
from penholder.concerns.models import AnsweredPoint, Attachment, Concern, Filer, KnownTarget, Message, Reader
from penholder.concerns.officers import Officer
from penholder.concerns.policy.ladder import levels_for
from penholder.concerns.sealing import CaseKey
from penholder.vault.files import FileStore
from penholder.vault.rows import keep_file
from penholder.vault.store import vault

CONTENT, MESSAGE, NAME, GROUNDS, MORE = "content", "message", "file name", "grounds", "answer"
"""Kinds of sealed places of a case."""


@dataclass(frozen=True, slots=True)
class Seats:
    """The key of the case as it is now, and the levels that can hear it."""

    key: CaseKey
    levels: tuple[int, ...]
    free: tuple[Officer, ...]


def files(key: CaseKey) -> FileStore:
    """The folder of files, under keys made of the key of the case."""
    return FileStore(vault().files.folder, keys=key)


def free_officers(case: Case, key: CaseKey, *, on: date) -> tuple[Officer, ...]:
    """Who may hear the case on a day."""
    targets = KnownTarget.objects.filter(pk__in=case.row.targets.values("target"))
    kept_out = content_of(case.row, key)["kept_out"]
    found = officers.officers(on=on)
    return officers.free_of_conflict(found, partaking=officers.partakers(targets), kept_out=kept_out)


def content_of(row: Concern, key: CaseKey) -> dict[str, Any]:
    """What the filer wrote. Raises: VaultIntegrityError."""
    found: dict[str, Any] = key.open(CONTENT, row.public_id, bytes(row.content))
    return found


def give(row: Concern, key: CaseKey, to: Officer) -> None:
    """Seal the key of the case to an officer."""
    boxed = sealing.box(key.key, to=to.public, binding=sealing.of_case(row.public_id, to.id))
    Reader.objects.update_or_create(concern=row, user_id=to.key, defaults={"level": to.level, "boxed": boxed})


def reseat(case: Case, key: CaseKey, *, on: date) -> Seats:
    """Give the key to all who may hear the case, and take it from those who may no more.

    Where somebody loses it (a conflict, or a role that ended), the case gets another key: an old copy of their box
    opens nothing new.
    """
    free = free_officers(case, key, on=on)
    by_key = {o.key: o for o in free}
    rows = {r.user_id: r for r in Reader.objects.filter(concern=case.row)}
    if rows.keys() - by_key.keys() or case.row.has_stale_key:
        Reader.objects.filter(concern=case.row).exclude(user__in=by_key).delete()
        key = _rekey(case.row, key)
        rows = {}
    for user, officer in by_key.items():
        if user not in rows or rows[user].level != officer.level:
            give(case.row, key, officer)
    case.row.has_stale_key = False
    return Seats(key, levels_for(officers.count_by_level(free), officers.ladder()), free)


def _rekey(row: Concern, old: CaseKey) -> CaseKey:
    """Seal all of the case anew, under another key. Boxes of officers are written by the caller."""
    new = CaseKey(row.public_id, sealing.new_key())
    row.content = new.seal_text(CONTENT, row.public_id, old.open_text(CONTENT, row.public_id, bytes(row.content)))
    row.save(update_fields=["content"])
    for message in Message.objects.filter(concern=row):
        message.text = _moved(message.text, MESSAGE, message.public_id, old, new)
        message.save(update_fields=["text"])
    for point in AnsweredPoint.objects.filter(answer__concern=row).select_related("answer"):
        place = f"{point.answer.public_id}:{point.point}"
        point.grounds = _moved(point.grounds, GROUNDS, place, old, new)
        point.more = _moved(point.more, MORE, place, old, new)
        point.save(update_fields=["grounds", "more"])
    for attachment in Attachment.objects.filter(concern=row):
        _move_file(attachment, old, new)
    for filer in Filer.objects.filter(concern=row):
        binding = sealing.of_case(row.public_id, filer.lookup)
        filer.boxed = sealing.box(new.key, to=bytes(filer.public), binding=binding)
        filer.save(update_fields=["boxed"])
    return new


def _moved(sealed: bytes | memoryview[int], kind: str, place: str, old: CaseKey, new: CaseKey) -> bytes:
    return new.seal_text(kind, place, old.open_text(kind, place, bytes(sealed)))


def _move_file(row: Attachment, old: CaseKey, new: CaseKey) -> None:
    """The old file stays as a left-over of the folder: should the transaction fail, nothing is lost."""
    with files(old).open(row.address, subject=row.public_id) as plain:
        stored = files(new).put(plain, subject=row.public_id)
    row.address = stored.address
    keep_file(stored, subject=row.public_id, field_class=FieldClass.RESTRICTED)
    row.name = _moved(row.name, NAME, row.public_id, old, new)
    row.save(update_fields=["address", "name"])
