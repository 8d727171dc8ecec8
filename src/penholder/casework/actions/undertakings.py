"""Files of undertakings: kept by the act that names them first, and never taken over into another case."""

from __future__ import annotations

from collections.abc import Iterable

from penholder.actions.errors import InvalidError
from penholder.actions.values import FieldClass
from penholder.casework.actions.locked import Locked
from penholder.casework.files import find_undertaking, media_type_of
from penholder.casework.parts import Party
from penholder.casework.values import UNDERTAKING, PartKind
from penholder.kernel.errors import PenholderError
from penholder.vault.staged import keep_staged, read_handle


def keep_undertakings(locked: Locked, parties: Iterable[Party]) -> None:
    """Keep the files that this case did not have before. Raises: InvalidError, by party."""
    saved = (row.value for row in locked.dossier.of(PartKind.APPLICATION))
    had = {p.undertaking.file for application in saved for p in application.parties if p.undertaking}
    for number, party in enumerate(parties):
        paper = party.undertaking
        if paper is None:
            continue
        if paper.signed_on > locked.today:
            raise _invalid(number, "signed_on", "must not be in the future")
        if paper.file not in had:
            _keep(paper.file, number)
            had.add(paper.file)


def _keep(file: str, number: int) -> None:
    if find_undertaking(file) is not None:
        raise _invalid(number, "file", "is the file of another act: send it again")
    try:
        handle = read_handle(file, prefix=UNDERTAKING)
        keep_staged(handle, field_class=FieldClass.COMMERCIAL, media_type=media_type_of(handle))
    except PenholderError as error:
        raise _invalid(number, "file", f"is not there: {error.message}") from error


def _invalid(number: int, field: str, words: str) -> InvalidError:
    return InvalidError(
        "an undertaking cannot be taken as it was given",
        hint="send the file again",
        fields={f"parties.{number}.undertaking.{field}": words},
    )
