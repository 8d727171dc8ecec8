"""Find and lock what an act is about, and say whether the member may act now."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Q, QuerySet

from penholder.actions.action import Run
from penholder.actions.behind import behind
from penholder.actions.errors import AbsentError, ConflictError, InvalidError, SeparationError
from penholder.debate import memberships, models
from penholder.debate.configuration import check_enabled
from penholder.debate.errors import StandingError
from penholder.debate.memberships import Claim
from penholder.debate.models import Acceptance, Comment, HouseRules, Member
from penholder.debate.policy.machine import member_state
from penholder.debate.values import Measure, MemberState
from penholder.people.accounts import verified_address


def member_of(person: str) -> Member | None:
    """The member that an account is."""
    return Member.objects.filter(person=person).first()


def acting_member(run: Run) -> Member:
    """The member who posts, reports or accepts now, locked.

    Raises: AbsentError: no debate. StandingError: no member, no verified address, no active membership, a measure.
    """
    check_enabled()
    row = Member.objects.select_for_update().filter(person=run.actor.id).first()
    if row is None:
        raise StandingError(
            "only members take part in the debate, and this account is none",
            hint="join with the number of your membership first",
        )
    check_active(row, day=run.now.date())
    check_free(row, now=run.now)
    return row


def check_active(row: Member, *, day: date) -> None:
    """Raises: StandingError: no verified address, or no active membership."""
    address = verified_address(row.person)
    if address is None:
        raise StandingError("this account has no verified address", hint="ask an administrator for an invitation")
    if not memberships.is_active(Claim(row.key, row.person, address), day):
        raise StandingError(
            "this membership is not active today; reading, your own data and appeals stay open",
            hint="renew it where you are a member",
        )


def check_free(row: Member, *, now: datetime) -> None:
    """Raises: StandingError while the member is suspended or banned."""
    held = tuple(holding(row, now=now))
    state = member_state(Measure(m.measure) for m in held)
    if state is MemberState.BANNED:
        raise StandingError(
            "this membership is banned from the debate for good",
            hint="the statement of reasons says how to appeal",
        )
    if state is MemberState.RESTRICTED:
        until = max(m.until for m in held if m.until)
        raise StandingError(
            f"this membership is suspended from the debate until {until:%Y-%m-%d %H:%M} UTC",
            hint="the statement of reasons says how to appeal",
        )


def holding(row: Member, *, now: datetime) -> QuerySet[models.Measure]:
    """The measures on a member that hold: not ended, and not over. No worker ends a suspension; time does."""
    running = Q(until__isnull=True) | Q(until__gt=now)
    return row.measures.filter(running, comment__isnull=True, ended_at__isnull=True).order_by("at", "id")


def rules_in_force(day: date) -> HouseRules:
    """The version of a day. Raises: ConflictError: none."""
    found = HouseRules.objects.filter(valid_from__lte=day).order_by("-valid_from", "-id").first()
    if found is None:
        raise ConflictError(
            "there are no house rules in force, so nothing can be posted or moderated",
            hint="an administrator brings a version in force: debate.bring_rules_in_force",
        )
    return found


def check_accepted(row: Member, rules: HouseRules) -> None:
    """Raises: StandingError where the member did not accept this version."""
    if not Acceptance.objects.filter(member=row, rules=rules).exists():
        raise StandingError(
            f"version {rules.version} of the house rules must be accepted before posting",
            hint="read and accept them: debate.accept_rules",
        )


def check_rule(rules: HouseRules, rule: str) -> None:
    """Raises: InvalidError: the version has no such rule."""
    known = [r["id"] for r in rules.content]
    if rule not in known:
        raise InvalidError(
            f"version {rules.version} of the house rules has no rule {rule!r}",
            hint=f"its rules: {', '.join(known)}",
            fields={"rule": "is no rule of the version in force"},
        )


def locked_comment(public_id: str, expected: int | None = None) -> Comment:
    """Raises: AbsentError. ConflictError: it changed since it was seen."""
    row = Comment.objects.select_for_update().filter(public_id=public_id).first()
    if row is None:
        raise AbsentError(f"there is no comment {public_id}", hint="its id may be mistyped")
    if expected is not None:
        check_version(public_id, row.version, expected)
    return row


def locked_member(public_id: str, expected: int) -> Member:
    """Raises: AbsentError. ConflictError: it changed since it was seen."""
    row = Member.objects.select_for_update().filter(public_id=public_id).first()
    if row is None:
        raise AbsentError(f"there is no member {public_id}", hint="its id may be mistyped")
    check_version(public_id, row.version, expected)
    return row


def check_version(what: str, found: int, expected: int) -> None:
    """Raises: ConflictError."""
    if found != expected:
        raise ConflictError(
            f"{what} was changed since you looked: it is at state {found}, not {expected}",
            hint="look at it again, and act again if that is still right",
        )


def check_not_oneself(run: Run, persons: Iterable[str]) -> None:
    """No moderator decides about themself, nor about whom they stand in for. Raises: SeparationError."""
    if behind(run.actor) & set(persons):
        raise SeparationError(
            f"{run.spec.name} is about the moderator who would do it", hint="another moderator must do this"
        )
