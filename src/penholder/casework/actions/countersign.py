"""A second pair of eyes, or a third: somebody who wrote none of it accepts the proposal, or rejects it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from penholder.actions.action import Run, action
from penholder.actions.errors import ConflictError, SeparationError
from penholder.actions.models import Act
from penholder.actions.words import check_words
from penholder.casework.actions.locked import Locked, lock_case
from penholder.casework.actions.parameters import CaseId, Expected, Reasons
from penholder.casework.deciding import newest_proposal
from penholder.casework.decision_events import ProposalSigned
from penholder.casework.decision_parts import Proposal, Signed
from penholder.casework.dossier import Held
from penholder.casework.values import CaseStatus, CaseworkPermission, Changed, PartKind, Signature

WROTE = ("casework.propose_outcome", "casework.record_advice", "casework.rate_goods")


@action(permission=CaseworkPermission.COUNTERSIGN, events=(ProposalSigned,), apart_from=WROTE)
def countersign_proposal(
    run: Run,
    *,
    case: CaseId,
    signature: Annotated[Signature, Field(description="Accept it, or reject it: then it goes back.")],
    reasons: Reasons,
    expected_version: Expected,
) -> Changed:
    """Accept the proposal, or reject it, with reasons. Whoever rated, advised, proposed or contributed cannot.

    Where two countersignatures are needed, two people give them.
    """
    locked = lock_case(run, case, expected_version=expected_version)
    locked.check_in(CaseStatus.COUNTERSIGN, what="proposals are countersigned")
    locked.refuse_if_held()
    check_words(reasons=reasons)
    proposal = proposal_of(locked)
    given = [s for s in locked.dossier.of(PartKind.SIGNATURE) if s.about == proposal.id]
    _refuse_who_took_part(locked, given)
    number = len(given) + 1
    is_accepted = signature is Signature.ACCEPT
    completes = is_accepted and number >= proposal.value.signatures
    locked.record(
        ProposalSigned(
            case=case,
            proposal_id=proposal.id,
            signed=Signed(signature=signature, reasons=reasons, number=number),
            completes=completes,
        )
    )
    said = ("another person countersigns it, too",) if is_accepted and not completes else ()
    return locked.changed(proposal.id, said=said)


def proposal_of(locked: Locked) -> Held[Proposal]:
    """The proposal that counts. Raises: ConflictError: nothing is proposed."""
    found = newest_proposal(locked.dossier)
    if found is None:
        raise ConflictError(f"no outcome of {locked.row.public_id} is proposed", hint="look at the case again")
    return found


def _refuse_who_took_part(locked: Locked, given: list[Held[Signed]]) -> None:
    """Raises: SeparationError: the actor contributed to a proposal, or has signed this one already."""
    refuse_contributors(locked, what="a proposal is countersigned")
    persons = locked.persons
    signed = Act.objects.filter(run__in=[s.run for s in given]).values_list("actor", "stood_in_for")
    if persons & {p for actor, stood in signed for p in (actor, *stood.split())}:
        raise SeparationError(
            "the second countersignature is another person's than the first", hint="ask a colleague"
        )


def refuse_contributors(locked: Locked, *, what: str) -> None:
    """Whoever a proposal of the case names as having written parts of it. Raises: SeparationError."""
    wrote = {p for row in locked.dossier.of(PartKind.PROPOSAL) for p in row.value.contributors}
    if locked.persons & wrote:
        raise SeparationError(f"{what} by somebody who contributed nothing to it", hint="ask a colleague")
