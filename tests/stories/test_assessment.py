"""Story, part 4: the assessment of a destination, its versions, and who asked for what."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from penholder.actions.action import perform
from penholder.actions.errors import AbsentError, ConflictError, InvalidError, RefusedError, SeparationError
from penholder.actions.models import Act
from penholder.actions.values import SYSTEM, Actor, Visibility
from penholder.assessment import actions, queries
from penholder.assessment.reserved import instructions
from penholder.assessment.values import Area, Aspect, Concern, Finding, Status
from penholder.cli.main import main
from penholder.ledger.entry import LedgerEntry
from penholder.ledger.models import Entry
from penholder.people import actions as people
from tests import assessment_ground as ground
from tests import people_ground
from tests.assessment_ground import (
    ADMINISTRATOR,
    AUDITOR,
    DECIDER,
    DRAFTER,
    EXPORTER,
    LEGAL,
    MANAGER,
    REVIEWER,
    SECOND,
    SIGNER,
    TODAY,
    Draft,
    accepted,
    content,
    evidence,
    without_evidence,
)

pytestmark = pytest.mark.usefixtures("evidence_of_a_strike", "tables_are_what_the_ledger_says")


def seen(version: str, viewer: Actor = DRAFTER, **more: Any) -> Any:
    return queries.version(viewer=viewer, id=version, **more)


# story: The penholder writes the destination's assessment: three areas x capability, commitment, record; cut-off
# date; clear-risk finding per use class.
def test_an_assessment_says_nine_findings_a_cutoff_and_a_risk_per_use_class() -> None:
    draft = Draft()
    version = seen(draft.save())
    found = {(c.area, c.aspect): c.finding for c in version.content.cells}
    assert len(found) == 9
    assert found[Area.CONDUCT_OF_HOSTILITIES, Aspect.RECORD] is Concern.SERIOUS_CONCERN
    assert found[Area.DETAINEES, Aspect.COMMITMENT] is Concern.INSUFFICIENT_INFORMATION
    assert version.content.cutoff == date(2024, 1, 28)
    assert version.risk == {
        "air_strike": Finding.CLEAR_RISK,
        "detention": Finding.INSUFFICIENT_INFORMATION,
    }


def test_a_risk_is_found_per_use_class_and_never_of_a_country() -> None:
    draft = Draft()
    for wrong in ("XV", "Velmora", "all"):
        with pytest.raises(InvalidError) as refused:
            draft.save(content(risks=(ground.risk(wrong, Finding.CLEAR_RISK),)))
        assert list(refused.value.fields) == ["content.risks.0.use_class"]


def test_every_save_is_a_version_that_nothing_changes() -> None:
    draft = Draft()
    first = draft.save()
    before = seen(first).content
    draft.save(without_evidence(content(), evidence(1)))
    assert seen(first).content == before
    assert seen(first).status is Status.SUPERSEDED
    assert [v.number for v in queries.assessment(viewer=DRAFTER, id=draft.id).versions] == [1, 2]


# story: Version 1 comes back with a change request (who, what, why) that drops two evidence links
def test_version_1_comes_back_with_who_what_and_why_and_the_loop_is_counted() -> None:
    draft = Draft()
    first = draft.save()
    draft.submit()
    request = draft.ask(drops=(evidence(1), evidence(2)))
    found = queries.assessment(viewer=AUDITOR, id=draft.id)
    assert (found.versions[-1].status, found.loops) == (Status.RETURNED, 1)
    made = found.requests[0]
    assert (made.id, made.version, made.requested_by) == (request, first, "Private office of the decider")
    assert (made.what, made.why) == ("Leave out the two strikes on the port.", "They are disputed by the party.")
    assert made.drops == (evidence(1), evidence(2))


# story: a change request needs who, what and why; an empty phrase is refused
@pytest.mark.parametrize("field", ["requested_by", "what", "why"])
@pytest.mark.parametrize("words", ["n/a", "as discussed", "TBC", "  .  "])
def test_a_change_request_needs_who_what_and_why_and_empty_phrases_are_refused(field: str, words: str) -> None:
    draft = Draft()
    draft.save()
    draft.submit()
    with pytest.raises(InvalidError) as refused:
        draft.ask(by=DECIDER, **{field: words})
    assert list(refused.value.fields) == [field]
    assert queries.assessment(viewer=DRAFTER, id=draft.id).loops == 0


# story: a change that drops evidence links says so
def test_a_version_that_drops_evidence_says_so_at_once_and_for_ever() -> None:
    draft = Draft()
    draft.save()
    draft.submit()
    request = draft.ask()
    second = draft.save(without_evidence(content(), evidence(1), evidence(2)), answers=request)
    said = draft.last.result.said
    lost = f"{evidence(1)}, {evidence(2)}"
    assert said == (f"this version no longer cites 2 pieces of evidence that the one before cites: {lost}",)
    assert seen(second).dropped == (evidence(1), evidence(2))
    assert queries.assessment(viewer=AUDITOR, id=draft.id).requests[0].answered_by == second


# story: an oral instruction is recorded with one click, seen by the independent reviewer alone
def test_an_oral_instruction_is_recorded_with_one_click_and_seen_by_the_independent_reviewer_alone() -> None:
    draft = Draft()
    version = draft.save()
    before = queries.assessment(viewer=DRAFTER, id=draft.id)
    receipt = perform(actions.record_oral_instruction, DRAFTER, assessment=draft.id)
    (row,) = instructions(viewer=REVIEWER)
    assert (row.id, row.is_read) == (receipt.result.instruction, False)
    for other in (ADMINISTRATOR, AUDITOR, DECIDER, LEGAL, SIGNER, MANAGER, DRAFTER, SECOND, EXPORTER):
        assert instructions(viewer=other) == ()
        with pytest.raises(RefusedError):
            perform(actions.read_instruction, other, instruction=row.id)
    assert queries.assessment(viewer=DRAFTER, id=draft.id) == before
    read = perform(actions.read_instruction, REVIEWER, instruction=row.id)
    assert read.details == {
        "actor": DRAFTER.id, "assessment": draft.id, "version": version, "number": 1, "text": "",
    }  # fmt: skip
    assert instructions(viewer=REVIEWER)[0].is_read


def test_no_reading_of_private_fields_finds_an_oral_instruction() -> None:
    draft = Draft()
    draft.save()
    perform(actions.record_oral_instruction, DRAFTER, assessment=draft.id, text="Soften the part on relief.")
    entry = Entry.objects.get(event="assessment.InstructionRecorded")
    for other in (ADMINISTRATOR, AUDITOR, DECIDER, LEGAL, REVIEWER):
        for field in ("text", "actor", "sealed"):
            with pytest.raises(AbsentError, match="there is no such entry"):
                perform(
                    people.read_private, other, place=entry.place.seq, fields=(field,), why="to see what is there"
                )


def test_the_ledger_shows_of_an_oral_instruction_only_that_something_happened() -> None:
    draft = Draft()
    draft.save()
    perform(actions.record_oral_instruction, DRAFTER, assessment=draft.id, text="Soften the part on relief.")
    (row,) = instructions(viewer=REVIEWER)
    perform(actions.read_instruction, REVIEWER, instruction=row.id)
    for entry in Entry.objects.filter(event__startswith="assessment.Instruction"):
        shown = LedgerEntry.from_bytes(entry.body.encode())
        assert (shown.event, shown.act, shown.role, shown.about, shown.data) == (
            "actions.Sealed", "actions.sealed", "sealed", None, {},
        )  # fmt: skip
        assert shown.visibility == Visibility.SEALED
        assert draft.id.encode() not in entry.body.encode()
    assert not Entry.objects.filter(about=draft.id, event__contains="Instruction").exists()
    assert not Act.objects.filter(about=draft.id, act__contains="instruction").exists()


# story: a countersigner who wrote none of it signs
@pytest.mark.parametrize("roles", [("penholder", "countersigner")])
def test_whoever_wrote_any_of_it_cannot_countersign(roles: tuple[str, ...]) -> None:
    both = ground.person("both", *roles)
    draft = Draft()
    draft.save(by=both)
    draft.save()
    draft.do(actions.send_version, DRAFTER)
    draft.do(actions.finish_legal_check, LEGAL, note="The method is sound.")
    with pytest.raises(SeparationError):
        draft.do(actions.countersign_version, both)
    draft.do(actions.countersign_version, SIGNER)


def test_the_drafter_cannot_accept_and_neither_can_the_countersigner() -> None:
    writes = ground.person("writes", "penholder", "decider")
    signs = ground.person("signs", "countersigner", "decider")
    draft = Draft()
    draft.save(by=writes)
    draft.do(actions.send_version, writes)
    draft.do(actions.finish_legal_check, LEGAL, note="The method is sound.")
    draft.do(actions.countersign_version, signs)
    for one in (writes, signs):
        with pytest.raises(SeparationError):
            draft.accept(by=one)
    draft.accept()


# story: version 3 is accepted
def test_version_3_is_accepted_and_alone_may_be_cited() -> None:
    draft = Draft()
    draft.save()
    draft.submit()
    request = draft.ask(drops=(evidence(1), evidence(2)))
    draft.save(without_evidence(content(), evidence(1), evidence(2)), answers=request)
    third = draft.save(without_evidence(content(), evidence(1), evidence(2)))
    draft.submit()
    for version in draft.versions:
        with pytest.raises(ConflictError, match="not accepted"):
            queries.citable(version, on=TODAY)
    ground.at(date(2024, 4, 3))
    assert draft.accept() == third
    found = queries.citable(third, on=TODAY)
    assert (found.number, found.loops, found.accepted_on) == (3, 1, date(2024, 4, 3))
    for version in draft.versions[:2]:
        with pytest.raises(ConflictError, match="not accepted"):
            queries.citable(version, on=TODAY)
    assert queries.current_on("XV", date(2024, 4, 2)) is None
    assert queries.current_on("XV", TODAY) == found


# story: The diff from version 1 to what the decider saw shows the dropped links apart from wording.
def test_the_diff_from_version_1_to_what_the_decider_saw_shows_dropped_links_apart_from_wording() -> None:
    draft = Draft()
    first = draft.save()
    draft.submit()
    draft.ask(drops=(evidence(1), evidence(2)))
    changed = without_evidence(content(), evidence(1), evidence(2))
    cells = tuple(
        ground.cell(c.area, c.aspect, Concern.SOME_CONCERN, *c.evidence, grounds=f"{c.grounds} Both sides differ.")
        if (c.area, c.aspect) == (Area.CONDUCT_OF_HOSTILITIES, Aspect.RECORD)
        else c
        for c in changed.cells
    )
    draft.save(changed)
    third = draft.save(content(cells=cells, risks=changed.risks))
    draft.submit()
    assert queries.kept_diff(viewer=AUDITOR, assessment=draft.id) == (first, third)
    found = queries.diff(viewer=AUDITOR, before=first, after=third)
    assert found.is_kept
    assert found.diff.gone == (evidence(1), evidence(2))
    place = "conduct_of_hostilities/record"
    assert [(c.part, c.what, c.before, c.after) for c in found.diff.findings] == [
        (place, "finding", "serious_concern", "some_concern")
    ]
    (wording,) = found.diff.wording
    assert (wording.part, "".join(w.text for w in wording.words if w.piece == "added")) == (
        place,
        " Both sides differ.",
    )
    assert [(r.requested_by, r.drops) for r in found.requests] == [
        ("Private office of the decider", (evidence(1), evidence(2)))
    ]


# story: Staleness in days stands on every decision that cites it.
def test_information_is_71_days_old_on_the_day_of_the_decision_and_over_the_limit() -> None:
    accepted()
    found = queries.current_on("XV", date(2024, 4, 8))
    assert found is not None
    age = queries.age(found, on=date(2024, 4, 8))
    assert (age.days, age.limit, age.is_over) == (71, 14, True)


# story: question 5: information cut-off, staleness, later evidence received before the decision and not considered
def test_evidence_recorded_after_the_cutoff_and_before_the_decision_is_named() -> None:
    accepted(given=content(date(2024, 1, 28)))
    ground.at(date(2024, 3, 25))
    ground.make_evidence("Monitors of Ostvale")
    late = [evidence(n) for n in range(1, 5)]
    found = queries.current_on("XV", date(2024, 4, 8))
    assert found is not None
    assert queries.later_evidence(found, until=date(2024, 4, 8)) == tuple(late)
    assert queries.later_evidence(found, until=date(2024, 3, 25)) == ()


def test_evidence_that_is_not_there_cannot_be_cited() -> None:
    draft = Draft()
    with pytest.raises(InvalidError) as refused:
        draft.save(content(risks=(ground.risk("air_strike", Finding.CLEAR_RISK, "IN-000"),)))
    assert "IN-000" in refused.value.message


def test_what_was_known_at_a_moment_is_shown_without_what_came_later() -> None:
    draft = Draft()
    draft.save()
    moment = ground.Clock.moment
    ground.later(hours=2)
    draft.submit()
    found = queries.assessment(viewer=AUDITOR, id=draft.id, known=moment)
    assert (found.versions[-1].status, found.may) == (Status.DRAFTING, ())
    assert queries.kept_diff(viewer=AUDITOR, assessment=draft.id, known=moment) is None
    draft.accept()
    accepted_at = ground.Clock.moment
    assert queries.current_on("XV", accepted_at.date(), known=moment) is None


def test_who_took_part_is_known_by_version() -> None:
    draft = Draft()
    first = draft.save(by=SECOND)
    draft.save()
    draft.submit()
    draft.accept()
    found = queries.participants(draft.versions[1])
    assert found.wrote == {DRAFTER.id, SECOND.id}
    assert [set(f) for f in (found.advised, found.countersigned, found.decided)] == [
        {LEGAL.id},
        {SIGNER.id},
        {DECIDER.id},
    ]
    assert queries.participants(first).all == {SECOND.id}


def test_a_dissent_note_is_linked_to_its_version_and_stays() -> None:
    draft = accepted()
    perform(
        actions.link_dissent,
        DRAFTER,
        assessment=draft.id,
        version=draft.versions[0],
        dissent="DS-0000000000000000",
    )
    found = queries.current_on("XV", TODAY)
    assert found is not None
    assert found.dissents == ("DS-0000000000000000",)


def test_a_gist_is_published_of_an_accepted_version_alone_with_its_findings_per_use_class() -> None:
    draft = Draft()
    version = draft.save()
    gist = "Possible breaches were found on relief; on hostilities the information did not suffice."
    with pytest.raises(ConflictError, match="never accepted"):
        draft.do(actions.publish_gist, MANAGER, version=version, gist=gist)
    draft.submit().accept()
    draft.do(actions.publish_gist, MANAGER, version=version, gist=gist)
    entry = LedgerEntry.from_bytes(Entry.objects.get(event="assessment.GistPublished").body.encode())
    assert entry.data["findings"] == [
        ["air_strike", ground.LIMB, "clear_risk"],
        ["detention", ground.LIMB, "insufficient_information"],
    ]
    assert entry.data["gist"] == gist


def test_nothing_of_what_a_version_says_is_public_without_a_gist() -> None:
    draft = accepted()
    for row in Entry.objects.filter(about=draft.id):
        shown = LedgerEntry.from_bytes(row.body.encode())
        assert set(shown.data) <= {
            "assessment", "version", "number", "destination", "cutoff", "accepted_on", "loops",
        }  # fmt: skip


def test_a_draft_that_is_not_whole_does_not_leave_its_drafter() -> None:
    draft = Draft()
    draft.save(content(cells=content().cells[:8]))
    with pytest.raises(ConflictError, match=r"detainees.record is not assessed"):
        draft.do(actions.send_version, DRAFTER)


def test_a_version_that_others_look_at_is_not_changed_under_them() -> None:
    draft = Draft()
    draft.save()
    draft.submit()
    with pytest.raises(ConflictError, match="it is with others now"):
        draft.save()


def test_an_acceptance_is_not_dated_before_the_decider_had_the_version() -> None:
    draft = Draft()
    draft.save()
    ground.at(date(2024, 3, 25))
    draft.submit()
    ground.at(date(2024, 3, 28))
    for day in (date(2024, 3, 24), date(2024, 3, 29)):
        with pytest.raises(InvalidError) as refused:
            draft.accept(on=day)
        assert list(refused.value.fields) == ["accepted_on"]
    draft.accept(on=date(2024, 3, 25))


def test_an_update_leaves_the_accepted_version_in_force_until_it_is_accepted_itself() -> None:
    draft = accepted()
    ground.at(date(2024, 4, 3))
    second = draft.save(content(date(2024, 3, 31)))
    first = draft.versions[0]
    assert queries.citable(first, on=date(2024, 4, 3)).id == first
    draft.submit().accept()
    assert seen(first).status is Status.SUPERSEDED
    assert queries.citable(second, on=date(2024, 4, 3)).loops == 0
    found = queries.current_on("XV", date(2024, 4, 2))
    assert found is not None
    assert found.id == first


def test_whoever_contributed_to_a_version_cannot_countersign_it() -> None:
    contributor = people_ground.actor(people_ground.invited("contributor", "countersigner"))
    draft = Draft()
    draft.save(content(contributors=(contributor.id,)))
    draft.do(actions.send_version, DRAFTER)
    draft.do(actions.finish_legal_check, LEGAL, note="The method is sound.")
    with pytest.raises(SeparationError):
        draft.do(actions.countersign_version, contributor)


def test_who_may_not_see_assessments_finds_none() -> None:
    draft = accepted()
    for viewer in (EXPORTER, ADMINISTRATOR, ground.person("numbers", "statistician")):
        assert queries.assessments(viewer=viewer).items == ()
        for ask in (
            lambda v=viewer: queries.assessment(viewer=v, id=draft.id),
            lambda v=viewer: queries.version(viewer=v, id=draft.versions[0]),
            lambda v=viewer: queries.diff(viewer=v, before=draft.versions[0], after=draft.versions[0]),
        ):
            with pytest.raises(AbsentError):
                ask()
    assert queries.assessments(viewer=SYSTEM).items[0].id == draft.id


def command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *words: str) -> list[str]:
    """What a command prints, line by line."""
    monkeypatch.setattr("penholder.cli.assessment.start", lambda **_: None)  # Django is set up, on this one
    with pytest.raises(SystemExit) as left:
        main(words)
    said = capsys.readouterr()
    assert left.value.code in {0, None}, said.err
    return said.out.splitlines()


# story: question 6: which findings changed between the first full draft and what the decider saw, who asked, and
# what evidence links disappeared
def test_one_command_says_what_changed_on_the_way_to_the_decider(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = Draft()
    draft.save()
    assert command(capsys, monkeypatch, "assessment", "changes", draft.id) == [
        "No version was put before the decider."
    ]
    draft.submit()
    asked = "Leave out the two strikes on the port."
    draft.ask(what=asked, drops=(evidence(3),))
    draft.save(without_evidence(content(attitude=Concern.SOME_CONCERN), evidence(3)))
    draft.submit()
    assert command(capsys, monkeypatch, "assessment", "changes", draft.id) == [
        "From version 1 to version 2",
        "Findings that changed: 1",
        "  attitude finding: serious_concern -> some_concern",
        "Evidence cited no more: 1",
        f"  {evidence(3)}",
        "Change requests: 1",
        f"  on version 1, Private office of the decider: {asked} (They are disputed by the party.)",
        "Texts worded anew: 0",
    ]


# story: question 5, its part of the assessment
def test_one_command_says_what_was_accepted_on_a_day_how_old_it_was_and_what_came_later(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = accepted()
    ground.at(date(2024, 3, 25))
    ground.make_evidence("Monitors of Ostvale")
    assert command(capsys, monkeypatch, "assessment", "current", "XV", "--on", "2024-04-08") == [
        f"{ground.PARTY}: version 1 ({draft.versions[0]}), accepted on 2024-03-20, returned 0 times",
        "  information until 2024-01-28: 71 days before 2024-04-08, over the limit of 14",
        "  4 reports recorded after that and before 2024-04-08, not considered",
        "  air_strike              clear_risk",
        "  detention               insufficient_information",
    ]
    none = command(capsys, monkeypatch, "assessment", "current", "XN", "--on", "2024-04-08")
    assert none == ["No assessment of XN was accepted on 2024-04-08."]
