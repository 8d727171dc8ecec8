"""A debate for tests: a clock, people with real accounts, memberships, and the first comments."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from penholder.actions.action import perform
from penholder.actions.values import Actor
from penholder.debate import actions
from penholder.debate.models import Comment, Member
from penholder.debate.values import Kind
from tests import people_ground
from tests.casework import SettingsOfTest
from tests.settled import settled

PAGE = "L-page"
FACTS = "The comment calls the officer a liar and a crook; rule “respect” forbids abuse of persons."
REASONS = "The words are about what was decided, not about a person: the rule does not reach them."
GROUNDS = "I wrote about the decision and not about the person who took it."


class Clock:
    """A clock that the test moves."""

    moment = datetime(2024, 11, 22, 10, 0, tzinfo=UTC)


def now() -> datetime:
    """The moment of the test."""
    return Clock.moment


def later(**span: int) -> None:
    """Let time pass."""
    Clock.moment += timedelta(**span)


def switch_on(settings: SettingsOfTest, **more: Any) -> None:
    """The clock, the debate on, and roomy limits."""
    Clock.moment = datetime(2024, 11, 22, 10, 0, tzinfo=UTC)
    settings.set("PENHOLDER_CLOCK", "tests.debate_ground.now")
    settings.set("PENHOLDER_REACTIONS", "inline")
    settings.set("PENHOLDER_DEBATE", {"enabled": True, "posts": 50, "reports": 50} | more)


def start(settings: SettingsOfTest, **more: Any) -> None:
    """A debate that is on, with rules in force."""
    switch_on(settings, **more)
    bring_rules_in_force()


@settled
def bring_rules_in_force() -> None:
    """The first version, by the first administrator."""
    perform(actions.bring_rules_in_force, people_ground.administrator(), version="1")


@settled
def account(name: str, *roles: str) -> Actor:
    """An account with these roles."""
    return people_ground.officer(name, *roles)


def moderator(name: str = "moderator-1") -> Actor:
    """Somebody who moderates."""
    return account(name, "moderator")


@settled
def member(name: str, *, membership: str = "", called: str = "", accept: bool = True) -> Actor:
    """A member under a name, with the rules accepted."""
    actor = account(name, "member")
    enter(actor, membership or f"N-{name}")
    join(actor, membership or f"N-{name}", called or f"Reader {name}")
    if accept:
        perform(actions.accept_rules, actor, version="1")
    return actor


def enter(actor: Actor, membership: str, *, until: date | None = None) -> None:
    """An administrator enters the membership."""
    by = people_ground.administrator()
    perform(actions.enter_membership, by, membership=membership, person_id=actor.id, valid_until=until)


def join(actor: Actor, membership: str, called: str) -> str:
    """Take part."""
    made: str = perform(actions.join_debate, actor, membership=membership, name=called).result
    return made


def post(actor: Actor, text: str = "What is the end use?", **more: Any) -> str:
    """A comment on the page."""
    given: dict[str, Any] = {"kind": Kind.LICENCE, "page": PAGE, "text": text} | more
    made: str = perform(actions.post_comment, actor, **given).result
    return made


def report(actor: Actor, comment: str, rule: str = "respect", text: str = "") -> str:
    """Report a comment."""
    made: str = perform(actions.report_comment, actor, comment=comment, rule=rule, text=text).result
    return made


def version(comment: str) -> int:
    """Of a comment."""
    return Comment.objects.get(public_id=comment).version


def remove(actor: Actor, comment: str, rule: str = "respect", facts: str = FACTS) -> str:
    """Remove a comment. Gives the measure."""
    made: str = perform(
        actions.remove_comment, actor, comment=comment, rule=rule, facts=facts, expected_version=version(comment)
    ).result
    return made


def hold(actor: Actor, comment: str, rule: str = "respect") -> str:
    """Hold a comment."""
    made: str = perform(
        actions.hold_comment, actor, comment=comment, rule=rule, facts=FACTS, expected_version=version(comment)
    ).result
    return made


def keep(actor: Actor, comment: str) -> str:
    """Keep a comment."""
    made: str = perform(
        actions.keep_comment,
        actor,
        comment=comment,
        grounds="No rule is broken.",
        expected_version=version(comment),
    ).result
    return made


def row_of(actor: Actor) -> Member:
    """The member that an account is."""
    return Member.objects.get(person=actor.id)


def suspend(by: Actor, who: Actor, days: int = 7) -> str:
    """Suspend a member."""
    row = row_of(who)
    made: str = perform(
        actions.suspend_member, by, member=row.public_id, days=days, rule="respect", facts=FACTS,
        expected_version=row.version,
    ).result  # fmt: skip
    return made


def propose(by: Actor, who: Actor) -> str:
    """Propose a ban."""
    row = row_of(who)
    made: str = perform(
        actions.propose_ban, by, member=row.public_id, rule="hatred", facts=FACTS, expected_version=row.version
    ).result
    return made


def ban(first: Actor, second: Actor, who: Actor) -> str:
    """Ban a member for good, by two."""
    made: str = perform(actions.confirm_ban, second, proposal=propose(first, who), expected_version=1).result
    return made


def appeal(actor: Actor, measure: str) -> str:
    """Appeal against a measure."""
    made: str = perform(actions.lodge_appeal, actor, measure=measure, grounds=GROUNDS).result
    return made


def decide(actor: Actor, appealed: str, outcome: str) -> None:
    """Decide an appeal."""
    perform(actions.decide_appeal, actor, appeal=appealed, outcome=outcome, reasons=REASONS, expected_version=1)
