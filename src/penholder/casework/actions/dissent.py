"""Dissent: an officer's own words, sealed from the first second, with a commitment in the ledger for ever."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from penholder.actions.action import Run, action
from penholder.actions.errors import AbsentError
from penholder.actions.words import check_words
from penholder.casework.actions.locked import lock_case
from penholder.casework.actions.parameters import CaseId, PartId
from penholder.casework.dissents import opened
from penholder.casework.events import DissentRead, DissentRecorded
from penholder.casework.values import DISSENT, CaseworkPermission, PartKind

_TARGETS = frozenset({PartKind.ADVICE, PartKind.PROPOSAL, PartKind.DECISION, PartKind.APPEAL_DECISION})


@dataclass(frozen=True, slots=True)
class Dissented:
    """What the officer gets back. digest: SHA-256 of the salt, a line end and the text."""

    case: str
    dissent: str
    digest: str


@action(permission=CaseworkPermission.DISSENT, events=(DissentRecorded,))
def record_dissent(
    run: Run,
    *,
    case: CaseId,
    text: Annotated[
        str, Field(description="Your own words. Nobody edits, answers for, or removes them.", max_length=20_000)
    ],
    target: Annotated[
        str,
        Field(description="Public id of the advice (AD-…) or decision (DE-…) from which you dissent; empty: the "
              "case.", max_length=40),
    ] = "",
) -> Dissented:  # fmt: skip
    """Record that you dissent from a case, an advice or a decision. It stands for ever.

    That there is a dissent, and a commitment to its text, is in the public ledger at once; the text is read by who
    decides, by the independent reviewer and by auditors. Keep the salt that you are shown: with your text and the
    receipt it proves what you wrote, whatever becomes of our copy.
    """
    locked = lock_case(run, case, expected_version=None)
    check_words(text=text)
    if target not in {"", case}:
        row = locked.dossier.row(target)
        if row is None or row.kind not in _TARGETS:
            raise AbsentError(f"there is no advice or decision {target} on {case}", hint="its page lists them")
    dissent, salt = run.new_id(DISSENT), run.new_id()
    digest = commitment(salt, text)
    locked.record(
        DissentRecorded(case=case, dissent=dissent, digest=digest, target=target or case, text=text, salt=salt)
    )
    run.details.update({"dissent": dissent, "salt": salt, "digest": digest})
    return Dissented(case, dissent, digest)


def commitment(salt: str, text: str) -> str:
    """SHA-256, hex, of the salt, a line end and the text, in UTF-8."""
    return hashlib.sha256(f"{salt}\n{text}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class ReadDissent:
    """Which dissent was read; its text is in the details of the receipt."""

    dissent: str


@action(permission=CaseworkPermission.READ_DISSENT, events=(DissentRead,))
def read_dissent(
    run: Run, *, dissent: Annotated[PartId, Field(description="Public id of the dissent (DS-…).")]
) -> ReadDissent:
    """Read the text of a dissent. That it was read is recorded first.

    It stands in the details of the receipt, once.
    """
    found = opened(dissent)
    if found is None:
        raise AbsentError("there is no such dissent", hint="its public id may be mistyped")
    run.record(DissentRead(dissent=dissent))
    run.details.update(found)
    return ReadDissent(dissent)
