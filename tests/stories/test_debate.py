"""Story, part 9: members debate under versioned rules; what moderators do has reasons, appeals and figures."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from penholder.actions.action import perform
from penholder.actions.errors import AbsentError, ConflictError, InvalidError, RefusedError, SeparationError
from penholder.actions.values import NOBODY, SYSTEM, Actor
from penholder.debate import actions
from penholder.debate.answers import Shown
from penholder.debate.models import Comment, Measure, Statement
from penholder.debate.policy import tally
from penholder.debate.queries import counted, moderating, own, reading
from penholder.debate.values import CommentState, Kind, MemberState
from penholder.ledger.door import migration_door
from penholder.ledger.entry import LedgerEntry
from penholder.ledger.models import Entry
from penholder.people import actions as accounts
from penholder.people import queries as people
from penholder.people.actor import actor_of_token
from penholder.people.errors import TokenError
from tests import debate_ground as ground
from tests import people_ground
from tests.casework import Casework, SettingsOfTest
from tests.debate_ground import PAGE
from tests.ledger_ground import intrude


@pytest.fixture(autouse=True)
def installation(casework: Casework, settings_of_test: SettingsOfTest) -> Iterator[None]:
    ground.start(settings_of_test)
    return iter([None])


pytestmark = pytest.mark.usefixtures("tables_are_what_the_ledger_says")


def shown(comment: str, viewer: Actor = NOBODY) -> Shown:
    return reading.comment(viewer=viewer, id=comment).shown


def page(viewer: Actor = NOBODY) -> list[str]:
    found = reading.threads(viewer=viewer, kind=Kind.LICENCE, page=PAGE)
    return [html for t in found.items for c in (t.root, *t.replies) if (html := c.html)]


def told(actor: Actor) -> list[str]:
    return [t.text for t in people.inbox(viewer=people_ground.actor(actor.id)).items]


# story: Debate (off unless an authority switches it on)
@pytest.mark.parametrize("given", [{}, {"enabled": False}])
def test_without_the_switch_there_is_no_debate(settings_of_test: SettingsOfTest, given: dict[str, bool]) -> None:
    writer = ground.member("reader-1")
    settings_of_test.set("PENHOLDER_DEBATE", given)
    assert not reading.is_on()
    with pytest.raises(AbsentError, match="no debate"):
        ground.post(writer)
    with pytest.raises(AbsentError, match="no debate"):
        reading.threads(viewer=NOBODY, kind=Kind.LICENCE, page=PAGE)


# story: a member with a verified address and an active membership comments on the licence's page
def test_a_member_comments_and_everybody_reads_it() -> None:
    writer = ground.member("reader-1", called="Ana of the Quay")
    made = ground.post(writer, "What is the **end use**?")
    (thread,) = reading.threads(viewer=NOBODY, kind=Kind.LICENCE, page=PAGE).items
    assert (thread.root.id, thread.root.name, thread.root.shown) == (made, "Ana of the Quay", Shown.TEXT)
    assert thread.root.html == "<p>What is the <strong>end use</strong>?</p>"
    assert reading.threads(viewer=NOBODY, kind=Kind.LICENCE, page="L-other").items == ()


# story: A non-member cannot post
def test_a_non_member_cannot_post() -> None:
    outsider = ground.account("outsider-1")
    with pytest.raises(RefusedError, match=r"debate\.post"):
        ground.post(outsider)
    with pytest.raises(RefusedError):
        ground.post(NOBODY)
    with pytest.raises(RefusedError, match="only members"):
        ground.post(ground.account("reader-1", "member"))
    assert Comment.objects.count() == 0


# story: a member with a verified address: without one, nobody takes part
def test_an_account_whose_address_is_not_verified_neither_posts_nor_joins(casework: Casework) -> None:
    writer, newcomer = ground.member("reader-1"), ground.account("reader-2", "member")
    ground.enter(newcomer, "N-2")
    intrude(casework, "UPDATE account_emailaddress SET verified = FALSE")
    with pytest.raises(RefusedError, match="no verified address"):
        ground.post(writer)
    with pytest.raises(RefusedError):
        ground.join(newcomer, "N-2", "Reader 2")
    intrude(casework, "UPDATE account_emailaddress SET verified = TRUE")
    ground.post(writer)
    ground.join(newcomer, "N-2", "Reader 2")


# story: A member with a verified address and an active membership: nobody takes part with that of somebody else
def test_an_account_cannot_join_with_a_membership_that_is_not_its_own() -> None:
    ground.member("reader-1", membership="N-1")
    with pytest.raises(RefusedError, match="no active membership"):
        ground.join(ground.account("reader-2", "member"), "N-1", "Second")


# story: A member with a verified address and an active membership: one that is over gives no voice
def test_a_membership_that_is_over_keeps_reading_and_the_own_data() -> None:
    writer = ground.account("reader-1", "member")
    ground.enter(writer, "N-1", until=date(2024, 12, 1))
    ground.join(writer, "N-1", "Reader 1")
    perform(actions.accept_rules, writer, version="1")
    ground.post(writer, "before")
    ground.later(days=10)
    with pytest.raises(RefusedError, match="not active"):
        ground.post(writer, "after")
    assert page() == ["<p>before</p>"]
    assert [c["text"] for c in own.export(viewer=writer)["comments"]] == ["before"]


# story: under versioned house rules
def test_nobody_posts_who_did_not_accept_the_version_in_force(
    casework: Casework, settings_of_test: SettingsOfTest
) -> None:
    writer = ground.member("reader-1", accept=False)
    with pytest.raises(RefusedError, match="version 1"):
        ground.post(writer)
    perform(actions.accept_rules, writer, version="1")
    ground.post(writer)
    rule = {"id": "short", "title": "Be short", "text": "Write little."}
    text = json.dumps({"versions": [{"version": "2", "rules": [rule]}]})
    (casework.home / "house-rules.yaml").write_text(text, encoding="utf-8")
    settings_of_test.set("PENHOLDER_DEBATE", {"enabled": True, "rules": "house-rules.yaml"})
    perform(
        actions.bring_rules_in_force, people_ground.administrator(), version="2", valid_from=date(2024, 11, 23)
    )
    ground.post(writer, "still under version 1")
    ground.later(days=1)
    with pytest.raises(RefusedError, match="version 2"):
        ground.post(writer)
    with pytest.raises(ConflictError):
        perform(actions.accept_rules, writer, version="1")
    perform(actions.accept_rules, writer, version="2")
    ground.post(writer)
    assert [r.version for r in reading.versions(viewer=NOBODY)] == ["2", "1"]
    assert reading.rules_in_force(viewer=NOBODY, on=date(2024, 11, 22)).version == "1"


# story: another reports it with a rule as the reason
def test_another_member_reports_it_with_a_rule_as_the_reason_once() -> None:
    writer, reporter = ground.member("reader-1"), ground.member("reader-2")
    comment = ground.post(writer)
    with pytest.raises(InvalidError):
        ground.report(reporter, comment, rule="no-such-rule")
    with pytest.raises(RefusedError):
        ground.report(writer, comment)
    ground.report(reporter, comment, text="about the officer")
    with pytest.raises(ConflictError, match="already"):
        ground.report(reporter, comment, rule="hatred")
    entry = LedgerEntry.from_bytes(Entry.objects.get(event="debate.CommentReported").body.encode())
    assert (entry.data["comment"], entry.data["rule"], entry.data["version"]) == (comment, "respect", "1")
    assert set(entry.data) == {"comment", "report", "rule", "version"}


def test_a_crowd_of_reports_hides_nothing() -> None:
    writer = ground.member("reader-0")
    comment = ground.post(writer, "A plain question")
    for letter in "abcdefghmn":
        ground.report(ground.member(f"reader-{letter}"), comment)
    assert shown(comment) is Shown.TEXT
    (row,) = moderating.queue(viewer=ground.moderator()).items
    assert (row.comment, row.reports) == (comment, 10)


# story: a moderator removes it with a statement of reasons that reaches the author at once
def test_a_removal_comes_with_a_statement_of_reasons_that_the_author_has_at_once(
    settings_of_test: SettingsOfTest,
) -> None:
    settings_of_test.set("PENHOLDER_REACTIONS", "worker")  # and no worker runs
    writer, reporter, judge = ground.member("reader-1"), ground.member("reader-2"), ground.moderator()
    comment = ground.post(writer, "The officer is a crook")
    ground.report(reporter, comment)
    ground.later(hours=3)
    measure = ground.remove(judge, comment)
    assert told(writer) == ["Your comment was removed: read why, and what you can do"]
    (found,) = own.mine(viewer=writer).statements
    assert (found.measure_id, found.measure, found.scope, found.until) == (measure, "remove", "comment", None)
    assert (found.facts, found.source) == (ground.FACTS, "report")
    assert (found.found_by_machine, found.decided_by_machine) == (False, False)
    assert (found.rule.id, found.version) == ("respect", "1")
    assert (found.redress, found.appeal_until, found.may_appeal) == ("appeal", date(2025, 5, 22), True)
    assert people.inbox(viewer=people_ground.actor(writer.id)).items[0].subject == found.id


def test_the_reporter_is_told_the_outcome() -> None:
    writer, reporter, judge = ground.member("reader-1"), ground.member("reader-2"), ground.moderator()
    removed, kept = ground.post(writer, "one"), ground.post(writer, "two")
    ground.report(reporter, removed)
    ground.report(reporter, kept)
    assert [r.outcome for r in own.mine(viewer=reporter).reports] == [None, None]
    ground.remove(judge, removed)
    ground.later(seconds=1)
    ground.keep(judge, kept)
    assert told(reporter) == [
        "You reported a comment: it was removed",
        "You reported a comment: it stays, because no rule was found broken",
    ]
    assert {r.comment: r.outcome for r in own.mine(viewer=reporter).reports} == {removed: "remove", kept: "keep"}


def test_a_removed_comment_leaves_its_rule_and_day_and_the_replies_stay() -> None:
    writer, other, judge = ground.member("reader-1"), ground.member("reader-2"), ground.moderator()
    comment = ground.post(writer, "The officer is a crook")
    reply = ground.post(other, "Please keep to the matter", parent=comment)
    ground.remove(judge, comment)
    root, replies = reading.thread(viewer=NOBODY, id=reply)
    assert (root.shown, root.html) == (Shown.REMOVED, None)
    assert root.tombstone is not None
    assert (root.tombstone.rule, root.tombstone.version, root.tombstone.at) == ("respect", "1", ground.now())
    assert [(r.id, r.html) for r in replies.items] == [(reply, "<p>Please keep to the matter</p>")]
    with pytest.raises(ConflictError):
        ground.post(other, "an answer to nothing", parent=comment)


def test_whoever_wrote_or_reported_a_comment_and_whoever_it_is_about_does_not_moderate_it() -> None:
    both = ground.member("reader-1")
    people_by = people_ground.administrator()
    perform(accounts.grant_role, people_by, person_id=both.id, role="moderator")
    both = people_ground.actor(both.id)
    writer = ground.member("reader-2")
    mine, theirs = ground.post(both, "my own"), ground.post(writer, "theirs")
    ground.report(writer, mine)
    ground.report(both, theirs)
    for comment in (mine, theirs):
        for act in (ground.remove, ground.hold, ground.keep):
            with pytest.raises(SeparationError):
                act(both, comment)
    with pytest.raises(SeparationError):
        ground.suspend(both, both)
    assert [r.comment for r in moderating.queue(viewer=both).items] == [theirs]
    with pytest.raises(AbsentError):
        moderating.case(viewer=both, id=mine)


# story: the author appeals; another moderator decides
def test_the_author_appeals_and_another_moderator_restores_the_comment_in_its_place() -> None:
    writer, other, reporter = ground.member("reader-1"), ground.member("reader-2"), ground.member("reader-3")
    first, second = ground.moderator(), ground.moderator("moderator-2")
    before = ground.post(other, "before")
    comment = ground.post(writer, "The decision is a disgrace", parent=before)
    ground.later(seconds=1)
    after = ground.post(other, "after", parent=before)
    ground.report(reporter, comment)
    measure = ground.remove(first, comment)
    ground.later(days=2)
    appealed = ground.appeal(writer, measure)
    with pytest.raises(ConflictError):
        ground.appeal(writer, measure)
    with pytest.raises(SeparationError):
        ground.decide(first, appealed, "dismissed")
    ground.decide(second, appealed, "granted")
    _, replies = reading.thread(viewer=NOBODY, id=before)
    assert [r.id for r in replies.items] == [comment, after]
    assert (replies.items[0].html, replies.items[0].restored_on) == (
        "<p>The decision is a disgrace</p>",
        date(2024, 11, 24),
    )
    assert told(writer)[-1] == "Your appeal was granted: read the reasons"
    assert own.mine(viewer=writer).appeals[0].reasons == ground.REASONS
    assert told(reporter)[-1] == "A comment that you reported is shown again: an appeal was granted"


def test_an_appeal_is_never_decided_automatically() -> None:
    writer = ground.member("reader-1")
    appealed = ground.appeal(writer, ground.remove(ground.moderator(), ground.post(writer)))
    with pytest.raises(RefusedError, match="decide_appeal"):
        ground.decide(SYSTEM, appealed, "dismissed")
    with pytest.raises(RefusedError):
        ground.decide(writer, appealed, "granted")
    ground.later(days=15)
    (waits,) = moderating.appeals(viewer=ground.moderator("moderator-2")).items
    assert (waits.outcome, waits.is_overdue) == (None, True)


def test_an_appeal_is_open_for_six_months() -> None:
    writer, judge = ground.member("reader-1"), ground.moderator()
    first, second = (ground.remove(judge, ground.post(writer, t)) for t in ("one", "two"))
    ground.Clock.moment = ground.Clock.moment.replace(year=2025, month=5, day=22)
    ground.appeal(writer, first)
    ground.later(days=1)
    with pytest.raises(ConflictError, match="2025-05-22"):
        ground.appeal(writer, second)


def test_two_deputies_of_one_moderator_are_one_for_a_ban_and_for_an_appeal() -> None:
    offender, absent = ground.member("reader-1"), ground.moderator("moderator-3")
    comment, other = ground.post(offender, "one"), ground.moderator("moderator-4")
    deputies = [ground.account(f"deputy-{n}") for n in (1, 2)]
    day = ground.now().date()
    for deputy in deputies:
        perform(
            accounts.delegate, absent, to=deputy.id, roles=("moderator",), valid_from=day,
            valid_until=day + timedelta(days=7),
        )  # fmt: skip
    one, two = (people_ground.actor(d.id) for d in deputies)
    appealed = ground.appeal(offender, ground.remove(one, comment))
    proposal = ground.propose(one, offender)
    for who in (one, two, absent):
        with pytest.raises(SeparationError, match=r"debate\.remove_comment"):
            ground.decide(who, appealed, "dismissed")
        with pytest.raises(SeparationError, match=r"debate\.propose_ban"):
            perform(actions.confirm_ban, who, proposal=proposal, expected_version=1)
        assert [b.may_confirm for b in moderating.bans(viewer=who)] == [False]
    assert [b.may_confirm for b in moderating.bans(viewer=other)] == [True]
    ground.decide(other, appealed, "dismissed")
    perform(actions.confirm_ban, other, proposal=proposal, expected_version=1)


# story: a second offender is banned for good by two moderators and stays banned under a new address
def test_a_ban_needs_two_moderators_and_stays_under_a_new_address() -> None:
    offender = ground.member("reader-1", membership="N-7", called="Loud One")
    first, second = ground.moderator(), ground.moderator("moderator-2")
    proposal = ground.propose(first, offender)
    ground.post(offender, "still here: a proposal changes nothing")
    with pytest.raises(SeparationError):
        perform(actions.confirm_ban, first, proposal=proposal, expected_version=1)
    token = perform(accounts.issue_token, offender, label="reader").details["token"]
    perform(actions.confirm_ban, second, proposal=proposal, expected_version=1)
    assert own.mine(viewer=offender).state is MemberState.BANNED
    with pytest.raises(RefusedError, match="banned"):
        ground.post(offender)
    with pytest.raises(TokenError):
        actor_of_token(token)
    (given,) = own.mine(viewer=offender).statements
    again = ground.account("reader-new", "member")
    ground.enter(again, "N-7")
    assert ground.join(again, "N-7", "Quiet One") == own.mine(viewer=again).member
    with pytest.raises(RefusedError, match="banned"):
        perform(actions.accept_rules, again, version="1")
    with pytest.raises(RefusedError, match="banned"):
        ground.post(again)
    assert own.mine(viewer=again).state is MemberState.BANNED
    # The task of the old account leads to it still, and it is among those of the new one.
    assert own.statement(viewer=offender, id=given.id) == own.statement(viewer=again, id=given.id)


def test_who_is_banned_can_appeal_and_a_third_moderator_decides() -> None:
    offender = ground.member("reader-1")
    first, second = ground.moderator(), ground.moderator("moderator-2")
    measure = ground.ban(first, second, offender)
    appealed = ground.appeal(offender, measure)
    for involved in (first, second):
        with pytest.raises(SeparationError):
            ground.decide(involved, appealed, "granted")
    ground.decide(ground.moderator("moderator-3"), appealed, "granted")
    assert own.mine(viewer=offender).state is MemberState.ACTIVE
    ground.post(offender, "back")


def test_a_suspension_ends_by_itself_with_every_worker_stopped(settings_of_test: SettingsOfTest) -> None:
    settings_of_test.set("PENHOLDER_REACTIONS", "worker")
    offender, judge = ground.member("reader-1"), ground.moderator()
    comment = ground.post(ground.member("reader-2"))
    ground.suspend(judge, offender, days=3)
    ground.later(days=2, hours=23)
    assert own.mine(viewer=offender).state is MemberState.RESTRICTED
    with pytest.raises(RefusedError, match="suspended"):
        ground.post(offender)
    with pytest.raises(RefusedError, match="suspended"):
        ground.report(offender, comment)
    ground.later(hours=1)
    assert own.mine(viewer=offender).state is MemberState.ACTIVE
    ground.post(offender, "back")


# story: No shadow bans
def test_in_every_state_the_author_sees_what_everybody_sees_but_for_what_they_were_told() -> None:
    writer, reporter, judge = ground.member("reader-1"), ground.member("reader-2"), ground.moderator()
    second = ground.moderator("moderator-2")
    made = {state: ground.post(writer, f"text {state}") for state in CommentState}
    for state in CommentState:
        if state is not CommentState.VISIBLE:
            ground.report(reporter, made[state])
    ground.keep(judge, made[CommentState.KEPT])
    ground.hold(judge, made[CommentState.HELD])
    ground.remove(judge, made[CommentState.REMOVED])
    ground.decide(second, ground.appeal(writer, ground.remove(judge, made[CommentState.RESTORED])), "granted")
    assert {c.public_id: c.state for c in Comment.objects.all()} == {i: s.value for s, i in made.items()}
    hidden = {s.comment for s in own.mine(viewer=writer).statements if s.ended_at is None}
    for state, comment in made.items():
        views = [reading.comment(viewer=v, id=comment) for v in (NOBODY, writer, reporter, judge)]
        assert len(set(views)) == 1, state
        assert (views[0].shown is not Shown.TEXT) == (comment in hidden), state
    pages = [
        reading.threads(viewer=v, kind=Kind.LICENCE, page=PAGE).items for v in (NOBODY, writer, reporter, judge)
    ]
    assert pages[0] == pages[1] == pages[2] == pages[3]


def test_the_text_of_a_removed_comment_is_nowhere_but_with_its_author_and_moderators() -> None:
    writer, other, judge = ground.member("reader-1"), ground.member("reader-2"), ground.moderator()
    comment = ground.post(writer, "Unrepeatable words")
    ground.post(other, "a reply", parent=comment)
    ground.remove(judge, comment)
    seen = (
        page(),
        page(other),
        reading.thread(viewer=other, id=comment),
        reading.comment(viewer=other, id=comment),
        reading.measures(viewer=other),
        own.export(viewer=other),
    )
    assert "Unrepeatable" not in repr(seen)
    assert "Unrepeatable" not in "".join(Entry.objects.values_list("body", flat=True))
    assert own.mine(viewer=writer).statements[0].text == "Unrepeatable words"
    assert moderating.case(viewer=judge, id=comment).editions[0].text == "Unrepeatable words"
    with pytest.raises(RefusedError):
        moderating.case(viewer=other, id=comment)
    with pytest.raises(AbsentError):
        own.statement(viewer=other, id=own.mine(viewer=writer).statements[0].id)


# story: the public moderation report counts all of it
def test_the_public_report_counts_all_of_it_and_equals_a_recount_of_the_public_log() -> None:
    writer, reporter, offender = ground.member("reader-1"), ground.member("reader-2"), ground.member("reader-3")
    first, second, third = (ground.moderator(f"moderator-{n}") for n in (1, 2, 3))
    made = [ground.post(writer, f"comment {n}") for n in range(4)]
    for comment in made[:3]:
        ground.report(reporter, comment)
    ground.report(reporter, made[3], rule="hatred")
    ground.later(hours=2)
    ground.keep(first, made[0])
    ground.hold(first, made[1])
    granted = ground.appeal(writer, ground.remove(first, made[2]))
    dismissed = ground.appeal(writer, ground.remove(first, made[3], rule="hatred"))
    ground.decide(second, granted, "granted")
    ground.decide(second, dismissed, "dismissed")
    ground.suspend(first, writer)
    ground.appeal(offender, ground.ban(first, second, offender))
    ground.later(days=15)
    assert third.id
    found = reading.report(viewer=NOBODY)
    assert [(f.name, f.rule, f.number) for f in found.figures] == [
        ("posted", "", 4),
        ("reported", "", 4), ("reported", "hatred", 1), ("reported", "respect", 3),
        ("keep", "", 1),
        ("hold", "", 1), ("hold", "respect", 1),
        ("remove", "", 2), ("remove", "hatred", 1), ("remove", "respect", 1),
        ("warn", "", 0),
        ("suspend", "", 1), ("suspend", "respect", 1),
        ("ban", "", 1), ("ban", "hatred", 1),
        ("decided_by_machine", "", 0),
        ("median_minutes_to_decision", "", 120),
        ("appealed", "", 3), ("granted", "", 1), ("dismissed", "", 1), ("appeals_open", "", 1),
        ("appeals_overdue", "", 1),
    ]  # fmt: skip
    entries = [LedgerEntry.from_bytes(e.body.encode()) for e in Entry.objects.order_by("id")]
    said = [
        tally.Said(e.event, datetime.fromisoformat(e.at), e.data) for e in entries if e.event.startswith("debate.")
    ]
    assert tally.recount(said, first=found.first, last=found.last, now=ground.now()) == found.figures
    for f in found.figures:
        if f.name in counted.LISTED and f.name != tally.MEDIAN:
            listed = counted.rows(viewer=NOBODY, figure=f.name, rule=f.rule, part=counted.Part()).items
            assert len(listed) == f.number, f
    rows = reading.measures(viewer=NOBODY).items
    assert sorted(r.measure.value for r in rows) == ["ban", "hold", "keep", "remove", "remove", "suspend"]
    day = reading.report(viewer=NOBODY, first=date(2024, 11, 23), last=date(2024, 11, 23))
    assert {f.number for f in day.figures} == {0, None}


def test_no_restriction_stands_without_its_statement(casework: Casework) -> None:
    writer = ground.member("reader-1")
    comment = ground.post(writer)
    measure = Measure.objects.get(public_id=ground.remove(ground.moderator(), comment))
    hidden, statements = Comment.objects.filter(public_id=comment), Statement.objects.all()
    changes: tuple[tuple[QuerySet[Any], dict[str, Any]], ...] = (
        (Measure.objects.filter(pk=measure.pk), {"statement": None}),
        (hidden, {"measure": None}),
        (statements, {"rule": ""}),
        (statements, {"decided_by_machine": True}),
        (statements, {"redress": "none"}),
    )
    for rows, change in changes:
        with pytest.raises(IntegrityError), migration_door(), transaction.atomic():
            rows.update(**change)


def test_an_erased_member_leaves_replies_and_measures_and_no_text() -> None:
    writer, other, judge = ground.member("reader-1"), ground.member("reader-2"), ground.moderator()
    kept, removed = ground.post(writer, "my text"), ground.post(writer, "worse")
    ground.post(other, "an answer", parent=kept)
    ground.remove(judge, removed)
    by = people_ground.administrator()
    perform(accounts.erase_subject, by, subject=writer.id, ground="request-of-the-person")
    assert page() == ["<p>an answer</p>"]
    found = reading.comment(viewer=NOBODY, id=kept)
    assert (found.shown, found.name, found.html) == (Shown.ERASED, None, None)
    assert shown(removed) is Shown.REMOVED
    assert [m.measure for m in reading.measures(viewer=NOBODY).items] == ["remove"]
    assert [bytes(e.text) for c in (kept, removed) for e in Comment.objects.get(public_id=c).editions.all()] == [
        b"",
        b"",
    ]
