"""Lists of parties, parties against them, and what a person says of each name that resembles an entry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import Field

from penholder.actions.action import Run, action
from penholder.actions.errors import AbsentError, ConflictError, InvalidError
from penholder.actions.values import FieldClass
from penholder.actions.words import check_words
from penholder.casework.actions.locked import Locked, change_of, lock_case
from penholder.casework.actions.parameters import CaseId, Expected, PartId, Reasons
from penholder.casework.events import MatchJudged, PartiesScreened, PartyListLoaded
from penholder.casework.files import LIST_TYPE, open_list
from penholder.casework.models import ListEntry, PartyList
from penholder.casework.names import is_same, lists_of, possible_matches
from penholder.casework.parts import Match, Screening, Verdict
from penholder.casework.policy.screening import THRESHOLD
from penholder.casework.queries import lists_in_force
from penholder.casework.reading import ReadList, read_list
from penholder.casework.values import (
    MATCH,
    SCREENING,
    CaseStatus,
    CaseworkPermission,
    Changed,
    ListKind,
    MatchVerdict,
    Words,
)
from penholder.vault.staged import HANDLE, keep_staged

_BATCH = 500
_WORKED_ON = (CaseStatus.UNDER_REVIEW, CaseStatus.DEPARTMENTS_ADVISING, CaseStatus.FINAL_REVIEW)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of every row of a file: read = loaded + all reasons."""

    party_list: str
    read: int
    loaded: int
    reasons: dict[str, int]
    data_sha256: str


@action(permission=CaseworkPermission.LOAD_LIST, events=(PartyListLoaded,))
def load_list(
    run: Run,
    *,
    file: Annotated[str, Field(description="The file that was sent: its handle (LS-….…).", pattern=HANDLE)],
    name: Annotated[
        Words, Field(description="What the list is called; a later load of the same name takes its place.")
    ],
    kind: Annotated[ListKind, Field(description="Denials of partner states, or sanctions: screened alike.")],
    source: Annotated[Words, Field(description="Who publishes it, and where.")],
    as_of: Annotated[date, Field(description="Day as of which the list stood so.")],
) -> Loaded:
    """Take in every row of a list of parties, or keep it out with a reason. Entries of persons are kept out.

    A load takes the place of the earlier one of the same name; cases that are open are screened again.
    """
    if as_of > run.now.date():
        raise InvalidError("the list is of the future", fields={"as_of": "must be today or earlier"})
    handle, stream = open_list(file)
    if PartyList.objects.filter(public_id=handle.subject).exists():
        raise InvalidError("this file was taken in already", fields={"file": "is used already: send it again"})
    with stream:
        found = read_list(stream, as_of=as_of)
    stored = keep_staged(handle, field_class=FieldClass.OFFICIAL, media_type=LIST_TYPE)
    row = PartyList.objects.create(
        public_id=handle.subject,
        name=name,
        kind=kind.value,
        source=source,
        as_of=as_of,
        read=found.read,
        loaded=len(found.rows),
        refused=[list(r) for r in found.refused],
        file=stored.address,
        file_digest=stored.digest,
        data_sha256=found.data_sha256,
        change=change_of(run),
    )
    _write_entries(row, found)
    run.record(
        PartyListLoaded(
            party_list=row.public_id,
            called=name,
            kind=kind,
            source=source,
            as_of=as_of,
            read=found.read,
            loaded=len(found.rows),
            reasons=dict(found.reasons),
            file=stored.address,
            file_digest=stored.digest,
            data_sha256=found.data_sha256,
        ),
        claimed_at=as_of,
    )
    return Loaded(row.public_id, found.read, len(found.rows), dict(found.reasons), found.data_sha256)


def _write_entries(row: PartyList, found: ReadList) -> None:
    ListEntry.objects.bulk_create(
        (ListEntry(party_list=row, key=r.key, spellings=list(r.spellings), place=r.place) for r in found.rows),
        batch_size=_BATCH,
    )


@action(permission=CaseworkPermission.SCREEN, events=(PartiesScreened,))
def screen_parties(run: Run, *, case: CaseId, expected_version: Expected) -> Changed:
    """Compare the parties of a case with every list in force. Each possible match is judged by a person.

    A match that was found and judged before, and is found again just so, keeps its verdict.
    """
    locked = lock_case(run, case, expected_version=expected_version)
    locked.check_in(*_WORKED_ON, what="parties are screened")
    loads = lists_in_force()
    if not loads:
        raise ConflictError("there is no list to screen against", hint="load a list of parties first")
    lists, parties = lists_of(loads), locked.dossier.application.parties
    found = possible_matches(parties, lists.entries)
    new, kept = _new_and_kept(locked, found)
    screening = run.new_id(SCREENING)
    screened = Screening(
        application=locked.dossier.drafted.number,
        lists=lists.seen,
        threshold=THRESHOLD,
        parties=len(parties),
        compared=len(parties) * len(lists.entries),
        kept=kept,
    )
    named = tuple((run.new_id(MATCH), m) for m in new)
    locked.record(PartiesScreened(case=case, screening=screening, screened=screened, matches=named))
    waiting = sum(verdict is None for _, verdict in locked.dossier.matches)
    many = "match waits" if waiting == 1 else "matches wait"
    said = (f"{waiting} possible {many} for a person",) if waiting else ("no possible match waits",)
    return locked.changed(screening, said=said)


def _new_and_kept(locked: Locked, found: tuple[Match, ...]) -> tuple[list[Match], tuple[str, ...]]:
    """Matches that were not found before, and the ids of those that were."""
    before = [m for m, _ in locked.dossier.matches]
    new, kept = [], []
    for match in found:
        same = next((m.id for m in before if is_same(m.value, match)), None)
        if same is None:
            new.append(match)
        else:
            kept.append(same)
    return new, tuple(kept)


@action(permission=CaseworkPermission.JUDGE_MATCH, events=(MatchJudged,))
def judge_match(
    run: Run,
    *,
    case: CaseId,
    match: Annotated[PartId, Field(description="Public id of the possible match (MA-…).")],
    verdict: Annotated[
        MatchVerdict, Field(description="Is the party the entry of the list, another, or can nobody say?")
    ],
    reasons: Reasons,
    expected_version: Expected,
) -> Changed:
    """Say whether a party is the one on the list, and why. No score decides this.

    A later verdict takes its place; both stay readable.
    """
    locked = lock_case(run, case, expected_version=expected_version)
    locked.check_in(*_WORKED_ON, what="matches are judged")
    if match not in {m.id for m, _ in locked.dossier.matches}:
        raise AbsentError(f"there is no match {match} on {case}", hint="its page lists them")
    check_words(reasons=reasons)
    judged = Verdict(verdict=verdict, reasons=reasons)
    locked.record(MatchJudged(case=case, match=match, judged=judged))
    return locked.changed(match)
