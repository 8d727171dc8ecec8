"""Attacks on the channel for concerns that once worked: two seats for one person, lists that come twice."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client, override_settings

from penholder.actions.action import perform
from penholder.actions.errors import AbsentError, ConflictError, SeparationError
from penholder.actions.values import SYSTEM
from penholder.concerns import actions, filers, queries
from penholder.concerns.actions.upkeep import ListedTarget
from penholder.concerns.cases import key_of, load
from penholder.concerns.checks import examine
from penholder.concerns.codes import Codes
from penholder.concerns.keys import MESSAGE
from penholder.concerns.models import Filer, Message, Reader
from penholder.concerns.web.draft import Draft
from penholder.concerns.web.questions import STEPS, People
from penholder.entry.errors import BadRequestError
from penholder.ledger.queries import read_entries
from penholder.ledger.store import head
from penholder.people import actions as people
from penholder.people.models import RoleGrant
from penholder.vault.errors import VaultIntegrityError
from tests import concerns_ground, people_ground
from tests.casework import Casework
from tests.concerns_ground import AV, GROUNDS, LADDER, Ground, rejected, upheld, version_of


@pytest.fixture
def ground(casework: Casework) -> Iterator[Ground]:
    made = Ground(casework)
    made.list_targets()
    yield made
    made.close()


def stand_in(ground: Ground, giver: str, taker: str, role: str) -> None:
    """The one stands in for the other, for a week."""
    until = concerns_ground.Clock.day + timedelta(days=7)
    perform(
        people.delegate, ground.actor(giver), to=ground.people[taker], roles=(role,),
        valid_from=concerns_ground.Clock.day, valid_until=until,
    )  # fmt: skip


def test_nobody_signs_what_their_deputy_wrote_nor_does_another_deputy_of_theirs(ground: Ground) -> None:
    concern, _ = ground.raise_one()
    stand_in(ground, "owner-3", "owner-2", "concern_owner")
    made = ground.do(
        "owner-2", actions.propose_answer, concern=concern, answers=(upheld(1), rejected(2)),
        expected_version=version_of(concern),
    )  # fmt: skip
    for name in ("owner-2", "owner-3"):
        with pytest.raises(SeparationError):
            ground.do(
                name, actions.sign_answer, concern=concern, answer=made.result.answer,
                expected_version=version_of(concern),
            )  # fmt: skip
    stand_in(ground, "owner-3", "owner-1", "concern_owner")
    with pytest.raises(SeparationError):
        ground.do(
            "owner-1", actions.sign_answer, concern=concern, answer=made.result.answer,
            expected_version=version_of(concern),
        )  # fmt: skip


def test_what_was_contested_is_not_decided_by_whose_deputy_had_a_part_in_it(ground: Ground) -> None:
    concern, codes = ground.raise_one()
    stand_in(ground, "owner-3", "owner-2", "concern_owner")
    ground.answer(concern, "owner-2", "owner-1", upheld(1), rejected(2))
    by = people_ground.administrator()
    grant = RoleGrant.objects.get(user__public_id=ground.people["owner-3"], role="concern_owner").public_id
    perform(people.withdraw_role, by, grant=grant, why="moved to another office")
    perform(people.grant_role, by, person_id=ground.people["owner-3"], role="nominated_officer")
    ground.of_filer(actions.contest_points, codes, points=(2,), text="Two of the reports were not read.")
    given = {"concern": concern, "answers": (rejected(2, grounds=GROUNDS[2]),)}
    with pytest.raises(SeparationError):
        ground.do("owner-3", actions.propose_answer, expected_version=version_of(concern), **given)
    ground.do("nominated-2", actions.propose_answer, expected_version=version_of(concern), **given)


def test_who_joined_takes_the_concern_from_nobody_and_leaves_room_for_the_files_of_who_raised_it(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("penholder.concerns.actions.filer.MOST_FILES", 1)
    concern, first = ground.raise_one()
    made = ground.bring(concern)
    second = Codes(made.details["locator"], made.details["secret"])
    ground.list_targets(of_av=("owner-1", "owner-2", "nominated-1", "nominated-2"))
    with pytest.raises(ConflictError, match="who raised the concern does this"):
        ground.of_filer(actions.add_target, second, target=AV)
    plain = base64.b64encode(b"A note.\n").decode()
    for codes in (second, first):
        ground.of_filer(actions.attach_file, codes, content=plain, name="note.txt")
    with pytest.raises(ConflictError, match="one person sends 1 files at most"):
        ground.of_filer(actions.attach_file, second, content=plain, name="note.txt")


def test_a_staff_representative_can_be_kept_out_and_then_lets_nobody_join(ground: Ground) -> None:
    representative = ground.people["representative-1"]
    assert representative in {p.id for p in queries.people_of_the_ladder()}
    assert representative in dict(People().fields["kept_out"].choices)  # type: ignore[attr-defined]
    concern, _ = ground.raise_one(kept_out=(representative,))
    ground.do("representative-2", actions.ask_to_bring, concern=concern)
    for act in (actions.ask_to_bring, actions.bring_into_concern):
        with pytest.raises(AbsentError):
            ground.do("representative-1", act, concern=concern)


def test_no_staff_representative_lets_anybody_in_alone_and_nobody_in_whom_they_asked_for(ground: Ground) -> None:
    # story: a second person joins it unknown to the first, through a staff representative
    concern, first = ground.raise_one()
    with pytest.raises(ConflictError, match="no staff representative has asked"):
        ground.do("representative-1", actions.bring_into_concern, concern=concern)
    ground.do("representative-1", actions.ask_to_bring, concern=concern)
    with pytest.raises(SeparationError):
        ground.do("representative-1", actions.bring_into_concern, concern=concern)
    ground.people["deputy"] = people_ground.invited("deputy")
    stand_in(ground, "representative-1", "deputy", "staff_representative")
    ground.make_key("deputy")
    ground.of_filer(actions.write_message, first, text="Now the deputy has the key too.")
    with pytest.raises(SeparationError):
        ground.do("deputy", actions.bring_into_concern, concern=concern)
    assert Filer.objects.filter(joined=True).count() == 0
    ground.do("representative-2", actions.bring_into_concern, concern=concern)
    with pytest.raises(ConflictError, match="no staff representative has asked"):  # one person for each request
        ground.do("representative-2", actions.bring_into_concern, concern=concern)
    ground.do("representative-1", actions.ask_to_bring, concern=concern)
    concerns_ground.later(31)
    with pytest.raises(ConflictError, match="no staff representative has asked"):
        ground.do("representative-2", actions.bring_into_concern, concern=concern)


def test_doctor_says_where_one_representative_alone_can_let_nobody_join(casework: Casework) -> None:
    made = Ground(casework, ladder={n: r for n, r in LADDER.items() if n != "representative-2"})
    assert [f.what for f in examine() if "representative" in f.what] == [
        "one staff representative has a key, two are needed to let a second person join: one asks, one does"
    ]
    made.close()


def test_who_asks_that_somebody_join_is_in_no_public_entry_and_on_no_page_of_who_raised_it(ground: Ground) -> None:
    concern, first = ground.raise_one()
    with filers.using(first):
        before = queries.returned(first).steps
    ground.do("representative-1", actions.ask_to_bring, concern=concern)
    (entry,) = [json.loads(b) for b in read_entries(head()[0] - 1, head()[0])]
    assert (entry["event"], entry["about"], entry["data"]) == ("actions.Sealed", None, {})
    with filers.using(first):
        assert queries.returned(first).steps == before


@pytest.mark.parametrize(
    "said",
    [
        {"points": [1]}, {"points": ["x"]}, {"points": [{"claim": 5}]}, {"points": [{"evidence": "abc"}]},
        {"points": [{"evidence": [1]}]}, {"points": [{"criterion": None}]}, {"points": [{"more": ""}]},
        {"points": [{}] * 21}, {"place": 1}, {"place": -1}, {"targets": [1]}, {"kept_out": [[]]}, {"more": ""}, [],
    ],
)  # fmt: skip
def test_a_page_that_was_made_by_hand_is_refused_and_breaks_nothing(said: object) -> None:
    with pytest.raises(BadRequestError):
        Draft.read(base64.urlsafe_b64encode(json.dumps(said).encode()).decode())


def test_what_not_everybody_may_know_of_is_in_no_list_and_is_named_by_its_id(ground: Ground) -> None:
    hidden = "AP-0123456789abcdefghjkmnpqrs"
    row = ListedTarget(id=hidden, kind="case", title="Case 18, destination Velmora", state="under_review")
    perform(actions.import_targets, SYSTEM, made_on=concerns_ground.Clock.day, targets=(row,))
    assert hidden not in {t.id for t in queries.known_targets()}
    assert {(t.state, t.state_on, t.dissents) for t in queries.known_targets()} == {("", None, 0)}
    with override_settings(ROOT_URLCONF="penholder.site.urls_concerns"):
        shown = [Client().get(path).content.decode() for path in ("/raise", "/api/v1/concerns/channel")]
    assert [hidden in page or "Case 18" in page for page in shown] == [False, False]
    draft = Draft()
    STEPS["about"].take(draft, {"targets": [AV], "named": f" {hidden}, {AV};"})
    assert draft.targets == [AV, hidden]
    assert STEPS["about"].first(draft)["named"] == hidden
    assert ground.raise_one(targets=tuple(draft.targets))


def test_whose_role_has_ended_opens_nothing_of_what_is_written_later(ground: Ground) -> None:
    concern, codes = ground.raise_one()
    row = Reader.objects.get(user__public_id=ground.people["owner-3"])
    with ground.unlocked("owner-3"):
        old = key_of(load(concern), ground.actor("owner-3"), row)
    grant = RoleGrant.objects.get(user__public_id=ground.people["owner-3"], role="concern_owner").public_id
    perform(people.withdraw_role, people_ground.administrator(), grant=grant, why="moved to another office")
    ground.of_filer(actions.write_message, codes, text="They asked me about it in the corridor.")
    message = Message.objects.get()
    with pytest.raises(VaultIntegrityError):
        old.open_text(MESSAGE, message.public_id, bytes(message.text))
    assert not Reader.objects.filter(user__public_id=ground.people["owner-3"]).exists()
