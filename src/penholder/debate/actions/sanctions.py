"""What moderators decide on a member: warn, suspend until a time, ban for good (by two)."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from penholder.actions.action import Run, action
from penholder.actions.errors import AbsentError, ConflictError
from penholder.actions.words import check_words
from penholder.debate.actions.comments import Expected
from penholder.debate.actions.moderation import BrokenRule, Facts
from penholder.debate.configuration import check_enabled
from penholder.debate.events import BanProposed, BanWithdrawn, MemberRestricted
from penholder.debate.models import BanProposal, HouseRules, Member
from penholder.debate.policy.machine import machines, member_state
from penholder.debate.reasons import Finding, restrict
from penholder.debate.rows import (
    check_not_oneself,
    check_rule,
    check_version,
    holding,
    locked_member,
    rules_in_force,
)
from penholder.debate.sealing import Box, Place, is_erased, open_text, seal_text
from penholder.debate.values import (
    MEASURE,
    BanState,
    DebatePermission,
    Measure,
    MemberMove,
    Redress,
    Scope,
    Source,
)
from penholder.people.accounts import end_access
from penholder.people.events import TaskAdded, TokenWithdrawn

MemberId = Annotated[str, Field(min_length=3, max_length=40, description="Public id of a member (MB-…).")]
ProposalId = Annotated[str, Field(min_length=3, max_length=40, description="Public id of a proposed ban (MS-…).")]


@action(permission=DebatePermission.RESTRICT, events=(MemberRestricted, TaskAdded))
def warn_member(run: Run, *, member: MemberId, rule: BrokenRule, facts: Facts, expected_version: Expected) -> str:
    """Warn a member. Nothing is limited; they are told at once, with the reasons. Gives the id of the measure."""
    row, rules = _member(run, member, MemberMove.WARN, rule=rule, facts=facts, expected=expected_version)
    return _restrict(run, Measure.WARN, row, Finding(rules, rule, facts, Source.OWN_INITIATIVE))


@action(permission=DebatePermission.RESTRICT, events=(MemberRestricted, TaskAdded))
def suspend_member(
    run: Run,
    *,
    member: MemberId,
    days: Annotated[int, Field(ge=1, le=180, description="For how many days, of 24 hours each.")],
    rule: BrokenRule,
    facts: Facts,
    expected_version: Expected,
) -> str:
    """Let a member post and report nothing for some days. It ends by itself; they are told at once, with reasons.

    Reading, their own data and an appeal stay open. Gives the id of the measure.
    """
    row, rules = _member(run, member, MemberMove.SUSPEND, rule=rule, facts=facts, expected=expected_version)
    finding = Finding(rules, rule, facts, Source.OWN_INITIATIVE)
    return _restrict(run, Measure.SUSPEND, row, finding, days=days)


@action(permission=DebatePermission.BAN, events=(BanProposed,))
def propose_ban(run: Run, *, member: MemberId, rule: BrokenRule, facts: Facts, expected_version: Expected) -> str:
    """Propose to ban a member for good. Nothing changes until another moderator confirms it. Gives its id."""
    row, rules = _member(run, member, MemberMove.BAN, rule=rule, facts=facts, expected=expected_version)
    if BanProposal.objects.filter(member=row, state=BanState.PROPOSED).exists():
        raise ConflictError("a ban of this member is proposed already", hint="confirm or withdraw it")
    public_id = run.new_id(MEASURE)
    BanProposal.objects.create(
        public_id=public_id,
        member=row,
        person=row.person,
        rule=rule,
        rules=rules,
        facts=seal_text(Place.PROPOSED, facts, id=public_id, person=row.person),
        state=BanState.PROPOSED,
        at=run.now,
    )
    run.record(
        BanProposed(
            measure=public_id,
            rule=rule,
            version=rules.version,
            member=row.public_id,
            person=row.person,
            facts=facts,
        )
    )
    return public_id


@action(
    permission=DebatePermission.BAN,
    events=(MemberRestricted, TaskAdded, TokenWithdrawn),
    apart_from=("debate.propose_ban",),
)
def confirm_ban(run: Run, *, proposal: ProposalId, expected_version: Expected) -> str:
    """Confirm a ban that another moderator proposed. It holds at once, for the membership, whatever its address.

    Sessions and tokens of the account end in this act; its person can sign in again to read the statement of
    reasons and to appeal. Gives the id of the measure.
    """
    row = _proposal(proposal, expected_version)
    member = locked_member(row.member.public_id, row.member.version)
    check_not_oneself(run, {member.person, row.person})
    state = member_state(Measure(m.measure) for m in holding(member, now=run.now))
    machines().member.after(MemberMove.BAN, state, what="the member")
    facts = open_text(Place.PROPOSED, Box(row.public_id, row.person, row.facts))
    if facts is None:
        raise ConflictError("what the ban is for was erased", hint="propose it anew, on what is known now")
    finding = Finding(row.rules, row.rule, facts, Source.OWN_INITIATIVE)
    made = _restrict(run, Measure.BAN, member, finding, public_id=row.public_id)
    _settle(row, BanState.CONFIRMED)
    end_access(run, member.person)
    return made


@action(permission=DebatePermission.BAN, events=(BanWithdrawn,))
def withdraw_ban(
    run: Run,
    *,
    proposal: ProposalId,
    grounds: Annotated[str, Field(min_length=10, max_length=1_000, description="Why; moderators read this.")],
    expected_version: Expected,
) -> str:
    """Give up a proposed ban."""
    check_words(grounds=grounds)
    row = _proposal(proposal, expected_version)
    check_not_oneself(run, {row.member.person, row.person})
    _settle(row, BanState.WITHDRAWN)
    run.record(BanWithdrawn(measure=proposal, grounds=grounds))
    return proposal


def _member(
    run: Run, member: str, move: MemberMove, *, rule: str, facts: str, expected: int
) -> tuple[Member, HouseRules]:
    """Raises: SeparationError, ConflictError, InvalidError, AbsentError."""
    check_enabled()
    check_words(facts=facts)
    row = locked_member(member, expected)
    check_not_oneself(run, {row.person})
    if is_erased(row.person):
        raise ConflictError("this account was erased", hint="nothing needs to be done")
    state = member_state(Measure(m.measure) for m in holding(row, now=run.now))
    machines().member.after(move, state, what="the member")
    rules = rules_in_force(run.now.date())
    check_rule(rules, rule)
    return row, rules


def _restrict(
    run: Run, measure: Measure, member: Member, finding: Finding, *, days: int = 0, public_id: str = ""
) -> str:
    until = run.now + timedelta(days=days) if days else None
    made = restrict(run, measure, finding, member=member, until=until, public_id=public_id)
    Member.objects.filter(pk=member.pk).update(version=member.version + 1)
    statement = made.statement
    assert statement is not None  # noqa: S101 - a constraint of the database says so
    run.record(
        MemberRestricted(
            measure=made.public_id,
            kind=measure,
            statement=statement.public_id,
            scope=Scope(statement.scope),
            until=until,
            source=finding.source,
            rule=finding.rule,
            version=finding.rules.version,
            redress=Redress(statement.redress),
            appeal_until=statement.appeal_until,
            found_by_machine=False,
            decided_by_machine=False,
            member=member.public_id,
            person=statement.person,
            facts=finding.facts,
        )
    )
    return made.public_id


def _proposal(proposal: str, expected: int) -> BanProposal:
    check_enabled()
    row = BanProposal.objects.select_for_update().filter(public_id=proposal).first()
    if row is None:
        raise AbsentError(f"there is no proposed ban {proposal}", hint="its id may be mistyped")
    check_version(proposal, row.version, expected)
    if row.state != BanState.PROPOSED:
        raise ConflictError(f"this proposal is {row.state} already", hint="nothing needs to be done")
    return row


def _settle(row: BanProposal, state: BanState) -> None:
    BanProposal.objects.filter(pk=row.pk).update(state=state, version=row.version + 1)
