"""The debate on both databases: limits under contention, memberships from two sources, names, edits, replay."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connections, transaction
from django.test import Client

from penholder.actions.action import perform
from penholder.actions.errors import AbsentError, ConflictError, InvalidError, RefusedError
from penholder.actions.replay import run_replays
from penholder.debate import actions, memberships
from penholder.debate.answers import CommentView
from penholder.debate.configuration import read
from penholder.debate.errors import LimitError, StandingError
from penholder.debate.memberships import HEADER, Claim, EnteredRows, SignedFile, key_of
from penholder.debate.models import Allowance, Comment, Edition, EnteredMembership, Member
from penholder.debate.policy.machine import machines
from penholder.debate.queries import moderating, own, reading
from penholder.debate.values import Kind
from penholder.kernel.errors import ConfigurationError
from penholder.ledger.door import migration_door
from penholder.ledger.models import Entry
from penholder.ledger.note import Signer, sign_note
from penholder.people import actions as accounts
from penholder.people.addresses import pseudonym_of
from penholder.people.models import User
from tests import debate_ground as ground
from tests import people_ground
from tests.casework import Casework, SettingsOfTest

pytestmark = pytest.mark.slow  # `make check`


@pytest.fixture(autouse=True)
def installation(casework: Casework, settings_of_test: SettingsOfTest) -> Iterator[None]:
    ground.start(settings_of_test)
    return iter([None])


def wrong() -> list[tuple[str, str]]:
    return [(d.where, d.what) for d in run_replays() if d.is_wrong]


# Limits


@pytest.mark.slow
def test_of_a_hundred_posts_at_once_with_limit_five_five_are_accepted(settings_of_test: SettingsOfTest) -> None:
    writer = ground.member("reader-1")
    settings_of_test.set("PENHOLDER_DEBATE", {"enabled": True, "posts": 5})

    def post(number: int) -> str:
        try:
            ground.post(writer, f"post {number}")
        except LimitError:
            return "refused"
        else:
            return "accepted"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=10) as pool:
        found = Counter(pool.map(post, range(100)))
    assert found == {"accepted": 5, "refused": 95}
    assert Comment.objects.count() == 5
    assert Allowance.objects.get(kind="post").used == 5
    assert wrong() == []


def test_the_allowance_comes_back_when_the_time_is_over_and_is_of_the_account(
    settings_of_test: SettingsOfTest,
) -> None:
    writer, other = ground.member("reader-1"), ground.member("reader-2")
    settings_of_test.set("PENHOLDER_DEBATE", {"enabled": True, "posts": 2, "minutes": 10})
    for n in range(2):
        ground.post(writer, f"post {n}")
    with pytest.raises(LimitError, match="10 minutes"):
        ground.post(writer)
    ground.post(other)
    ground.later(minutes=9, seconds=59)
    with pytest.raises(LimitError):
        ground.post(writer)
    ground.later(seconds=1)
    ground.post(writer)


def test_a_post_that_is_refused_for_its_text_costs_nothing() -> None:
    writer = ground.member("reader-1")
    with pytest.raises(InvalidError):
        ground.post(writer, "***")
    assert not Allowance.objects.filter(kind="post").exists()


# Memberships


def claim(who: str, membership: str) -> Claim:
    user = people_ground.known_by(who)
    return Claim(key_of(membership), user.public_id, user.email)


class _Entered:
    """The first source, with what it takes to fill it."""

    def give(self, who: str, membership: str, first: date, last: date | None) -> None:
        person = people_ground.known_by(who).public_id
        perform(
            actions.enter_membership, people_ground.administrator(), membership=membership, person_id=person,
            valid_from=first, valid_until=last,
        )  # fmt: skip

    def source(self) -> memberships.MembershipSource:
        return EnteredRows()


class _Signed:
    """The second source."""

    def __init__(self, casework: Casework) -> None:
        self.path = casework.home / "memberships.note"
        self.signer = Signer.generate("club.ardenia.invalid")
        self.rows: list[str] = []

    def give(self, who: str, membership: str, first: date, last: date | None) -> None:
        self.rows.append(f"{membership} {who}@ardenia.invalid {first} {last or '-'}")
        text = "\n".join([HEADER, *self.rows]) + "\n"
        self.path.write_text(sign_note(text, [self.signer]), encoding="utf-8")

    def source(self) -> memberships.MembershipSource:
        return SignedFile(self.path, self.signer.verifier.text())


@pytest.fixture(params=["entered", "file"])
def kept(request: pytest.FixtureRequest, casework: Casework) -> _Entered | _Signed:
    return _Entered() if request.param == "entered" else _Signed(casework)


def test_both_sources_say_on_which_days_whose_membership_is_active(kept: _Entered | _Signed) -> None:
    ground.account("reader-1", "member")
    ground.account("reader-2", "member")
    kept.give("reader-1", "N-1", date(2024, 11, 1), date(2025, 1, 1))
    kept.give("reader-2", "N-2", date(2024, 11, 22), None)
    source = kept.source()
    days = (date(2024, 10, 31), date(2024, 11, 1), date(2024, 12, 31), date(2025, 1, 1))
    assert [source.is_active(claim("reader-1", "n-1"), d) for d in days] == [False, True, True, False]
    assert source.is_active(claim("reader-2", "n - 2"), date(2034, 1, 1))
    assert not source.is_active(claim("reader-2", "N-1"), date(2024, 12, 1))
    assert not source.is_active(claim("reader-1", "N-2"), date(2024, 12, 1))


def test_a_membership_survives_a_new_address_in_the_signed_file(
    casework: Casework, settings_of_test: SettingsOfTest
) -> None:
    kept = _Signed(casework)
    settings_of_test.set("PENHOLDER_DEBATE", {
        "enabled": True, "sources": ["file"], "membership_file": "memberships.note",
        "membership_key": kept.signer.verifier.text(),
    })  # fmt: skip
    old = ground.account("reader-1", "member")
    kept.give("reader-1", "N-1", date(2024, 1, 1), None)
    member = ground.join(old, "N-1", "Harbour Watch")
    perform(actions.accept_rules, old, version="1")
    comment = ground.post(old)
    kept.rows.clear()
    kept.give("reader-new", "N-1", date(2024, 1, 1), None)
    new = ground.account("reader-new", "member")
    assert ground.join(new, "N-1", "Harbour Watch") == member
    ground.post(new, "acceptance goes with the membership")
    with pytest.raises(StandingError, match="only members"):
        ground.post(old)
    assert reading.comment(viewer=new, id=comment).name == "Harbour Watch"
    assert wrong() == []


@pytest.mark.parametrize("spoil", [
    lambda text: text.replace("N-1", "N-2"), lambda text: text.replace(HEADER, "another"), lambda _text: "nothing",
])  # fmt: skip
def test_a_file_that_is_not_as_it_was_signed_is_refused(casework: Casework, spoil: Any) -> None:
    kept = _Signed(casework)
    ground.account("reader-1")
    kept.give("reader-1", "N-1", date(2024, 1, 1), None)
    kept.path.write_text(spoil(kept.path.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(ConfigurationError):
        kept.source().is_active(claim("reader-1", "N-1"), date(2024, 12, 1))


def test_a_line_with_too_few_fields_and_a_file_that_is_not_there_are_refused(casework: Casework) -> None:
    kept = _Signed(casework)
    ground.account("reader-1")
    with pytest.raises(ConfigurationError, match="cannot be read"):
        kept.source().is_active(claim("reader-1", "N-1"), date(2024, 12, 1))
    kept.path.write_text(sign_note(f"{HEADER}\nN-1 only\n", [kept.signer]), encoding="utf-8")
    with pytest.raises(ConfigurationError, match="four fields"):
        kept.source().is_active(claim("reader-1", "N-1"), date(2024, 12, 1))


def test_a_membership_entered_for_another_account_leaves_the_first_one(casework: Casework) -> None:
    first, second = ground.account("reader-1", "member"), ground.account("reader-2", "member")
    ground.enter(first, "N-1")
    ground.later(days=1)
    ground.enter(second, "N-1")
    rows = EnteredMembership.objects.order_by("id").values_list("person", "valid_from", "valid_until")
    assert list(rows) == [
        (first.id, date(2024, 11, 22), date(2024, 11, 23)),
        (second.id, date(2024, 11, 23), None),
    ]
    perform(actions.end_membership, people_ground.administrator(), membership="N-1")
    with pytest.raises(AbsentError):
        perform(actions.end_membership, people_ground.administrator(), membership="N-1")
    with pytest.raises(StandingError):
        ground.join(second, "N-1", "Second Reader")


def test_no_table_and_no_entry_holds_the_number_of_a_membership_or_a_name() -> None:
    ground.member("reader-1", membership="N-123456", called="Harbour Watch")
    text = "".join(Entry.objects.values_list("body", flat=True))
    row = Member.objects.get()
    for said in ("N-123456", "Harbour"):
        assert said not in text
        assert said not in repr([*EnteredMembership.objects.values(), *Member.objects.values()])
        assert said.encode() not in bytes(row.name)
        assert base64.b64encode(said.encode())[:8] not in bytes(row.name)


@pytest.mark.parametrize(
    "given",
    [
        {"enabled": "yes"}, {"post": 5}, {"posts": 0}, {"minutes": True}, {"sources": []}, {"sources": ["club"]},
        {"sources": ["file"]}, {"sources": ["file"], "membership_file": "x"},
    ],
)  # fmt: skip
def test_what_penholder_toml_may_not_say_of_the_debate_is_refused(
    casework: Casework, given: dict[str, Any]
) -> None:
    with pytest.raises(ConfigurationError, match=r"\[debate\]"):
        read(given, home=casework.home)


# Names, edits, threads


def test_two_names_that_look_alike_are_one(casework: Casework) -> None:
    ground.member("reader-1", called="Harbour Watch")
    other = ground.account("reader-2", "member")
    ground.enter(other, "N-2")
    for name in ("Harbour Watch", "harb0ur-watch", "HARBOUR.WATCH"):
        with pytest.raises(InvalidError, match="taken"):
            ground.join(other, "N-2", name)
    with pytest.raises(InvalidError):
        ground.join(other, "N-2", "Licensing authority of Ardenia")
    ground.join(other, "N-2", "Harbour Bell")
    with pytest.raises(ConflictError, match="already"):
        ground.join(other, "N-2", "Harbour Bell")


def change(actor: Any, comment: str, text: str) -> None:
    perform(actions.edit_comment, actor, comment=comment, text=text, expected_version=ground.version(comment))


def test_a_comment_is_changed_within_ten_minutes_and_moderators_read_what_it_was() -> None:
    writer, other = ground.member("reader-1"), ground.member("reader-2")
    comment = ground.post(writer, "first")
    ground.later(minutes=10)
    change(writer, comment, "second <b>")
    found = reading.comment(viewer=other, id=comment)
    assert (found.html, found.is_edited) == ("<p>second &lt;b&gt;</p>", True)
    texts = [e.text for e in moderating.case(viewer=ground.moderator(), id=comment).editions]
    assert texts == ["first", "second <b>"]
    with pytest.raises(RefusedError, match="somebody else's"):
        change(other, comment, "third")
    ground.later(seconds=1)
    with pytest.raises(ConflictError, match="ten minutes"):
        change(writer, comment, "third")
    assert wrong() == []


def test_a_comment_with_a_reply_or_a_report_is_changed_no_more() -> None:
    writer, other = ground.member("reader-1"), ground.member("reader-2")
    answered, reported = ground.post(writer, "one"), ground.post(writer, "two")
    ground.post(other, "a reply", parent=answered)
    ground.report(other, reported)
    for comment in (answered, reported):
        with pytest.raises(ConflictError):
            change(writer, comment, "other")


def test_threads_have_three_levels_and_keep_their_order_while_one_pages() -> None:
    writer = ground.member("reader-1")
    root = ground.post(writer, "root")
    made = {}
    for n in range(3):
        ground.later(seconds=1)
        made[n] = ground.post(writer, f"level 1, {n}", parent=root)
    second = ground.post(writer, "level 2", parent=made[0])
    ground.later(seconds=1)
    third = ground.post(writer, "beside level 2", parent=second)
    _, page = reading.thread(viewer=writer, id=third, limit=2)
    ground.later(seconds=1)
    ground.post(writer, "came meanwhile", parent=root)
    rest: list[CommentView] = []
    while page.next_cursor:
        rest += page.items
        _, page = reading.thread(viewer=writer, id=root, cursor=page.next_cursor, limit=2)
    rest += page.items
    assert [(c.html, c.depth) for c in rest] == [
        ("<p>level 1, 0</p>", 1), ("<p>level 2</p>", 2), ("<p>beside level 2</p>", 2), ("<p>level 1, 1</p>", 1),
        ("<p>level 1, 2</p>", 1), ("<p>came meanwhile</p>", 1),
    ]  # fmt: skip
    (listed,) = reading.threads(viewer=writer, kind=Kind.LICENCE, page=ground.PAGE).items
    assert (len(listed.replies), listed.more) == (5, 1)


def test_pages_of_threads_neither_repeat_nor_skip_while_new_ones_come() -> None:
    writer = ground.member("reader-1")
    made = []
    for n in range(5):
        ground.later(seconds=1)
        made.append(ground.post(writer, f"root {n}"))
    seen, cursor = [], None
    for _ in range(3):
        page = reading.threads(viewer=writer, kind=Kind.LICENCE, page=ground.PAGE, cursor=cursor, limit=2)
        seen += [t.root.id for t in page.items]
        cursor = page.next_cursor
        ground.later(seconds=1)
        ground.post(writer, "newer")
    assert seen == list(reversed(made))
    oldest = reading.threads(viewer=writer, kind=Kind.LICENCE, page=ground.PAGE, oldest=True, limit=1)
    assert oldest.items[0].root.id == made[0]


def one_page(kind: str, page: str) -> tuple[str, str] | None:
    """A publisher with one page."""
    return ("Licence 1", "/licences/L-1") if (kind, page) == ("licence", "L-1") else None


def test_a_publisher_says_of_which_pages_there_is_a_debate(settings_of_test: SettingsOfTest) -> None:
    settings_of_test.set("PENHOLDER_PAGES", f"{__name__}.one_page")
    writer = ground.member("reader-1")
    assert ground.post(writer, page="L-1")
    with pytest.raises(AbsentError, match="no licence L-2"):
        ground.post(writer, page="L-2")


# Bans, erasure, replay


def test_a_ban_ends_sessions_and_leaves_those_of_others() -> None:
    offender, other = ground.member("reader-1"), ground.member("reader-2")
    browsers = {}
    for who in (offender, other):
        browsers[who.id] = Client()
        browsers[who.id].force_login(User.objects.get(public_id=who.id))
    assert Session.objects.count() == 2
    ground.ban(ground.moderator(), ground.moderator("moderator-2"), offender)
    (left,) = Session.objects.all()
    assert left.get_decoded()["_auth_user_id"] == str(User.objects.get(public_id=other.id).pk)


def test_a_ban_survives_an_erasure_and_the_name_comes_free() -> None:
    offender = ground.member("reader-1", membership="N-7", called="Loud One")
    comment = ground.post(offender, "words")
    ground.ban(ground.moderator(), ground.moderator("moderator-2"), offender)
    by = people_ground.administrator()
    perform(accounts.erase_subject, by, subject=offender.id, ground="request-of-the-person")
    row = Member.objects.get()
    assert (bytes(row.name), row.key) == (b"", key_of("N-7"))
    assert not Edition.objects.filter(comment__public_id=comment).exclude(text=b"", html=b"").exists()
    again = ground.account("reader-new", "member")
    ground.enter(again, "N-7")
    ground.join(again, "N-7", "Loud One")
    with pytest.raises(StandingError, match="banned"):
        ground.post(again)
    assert own.mine(viewer=again).statements[0].facts is None
    assert wrong() == []


def test_what_was_changed_behind_the_ledger_is_found() -> None:
    writer, other, judge = ground.member("reader-1"), ground.member("reader-2"), ground.moderator()
    comment = ground.post(writer)
    ground.report(other, comment)
    measure = ground.remove(judge, comment)
    ground.appeal(writer, measure)
    assert wrong() == []
    with migration_door(), transaction.atomic():
        Comment.objects.update(state="kept", measure=None)
    assert wrong() == [(f"comment {comment}", "the ledger and the tables differ in measure, state")]
    with migration_door(), transaction.atomic():
        Member.objects.filter(person=other.id).update(person="P-nobody")
    assert (f"member {ground_row('P-nobody')}", "the ledger and the tables differ in person") in wrong()


def ground_row(person: str) -> str:
    return Member.objects.get(person=person).public_id


def test_the_queue_is_longest_first_and_empties_with_the_decisions() -> None:
    writer, other, judge = ground.member("reader-1"), ground.member("reader-2"), ground.moderator()
    first, second = ground.post(writer, "one"), ground.post(writer, "two")
    ground.report(other, second)
    ground.later(hours=30)
    ground.report(other, first, rule="privacy")
    rows = moderating.queue(viewer=judge).items
    assert [(r.comment, r.hours, r.rules) for r in rows] == [(second, 30, ("respect",)), (first, 0, ("privacy",))]
    assert moderating.waiting(viewer=judge) == 2
    ground.hold(judge, second)
    assert [r.state for r in moderating.queue(viewer=judge).items] == ["held", "reported"]
    ground.remove(judge, second)
    ground.keep(judge, first)
    assert moderating.queue(viewer=judge).items == ()
    with pytest.raises(RefusedError):
        moderating.queue(viewer=other)


def test_an_open_appeal_against_a_hold_is_decided_before_the_comment_is() -> None:
    writer, judge = ground.member("reader-1"), ground.moderator()
    comment = ground.post(writer)
    appealed = ground.appeal(writer, ground.hold(judge, comment))
    with pytest.raises(ConflictError, match="appeal"):
        ground.remove(judge, comment)
    ground.decide(ground.moderator("moderator-2"), appealed, "dismissed")
    ground.remove(judge, comment)
    assert [m.ended for m in moderating.case(viewer=judge, id=comment).measures] == ["superseded", ""]
    assert Comment.objects.get(public_id=comment).state not in machines().shown
    assert wrong() == []


def test_the_pseudonyms_of_addresses_are_those_of_people() -> None:
    ground.account("reader-1")
    assert claim("reader-1", "N-1").address == pseudonym_of("READER-1@ardenia.invalid")
