"""What an act is about that is not public: the log does not show it, a receipt proves it, and fsck compares it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from penholder.actions.action import perform
from penholder.actions.errors import ConflictError, InvalidError, SeparationError
from penholder.actions.events import EVENTS
from penholder.actions.receipts import receipt_of
from penholder.actions.registry import ACTIONS
from penholder.actions.replay import read_recorded
from penholder.actions.values import SYSTEM, Actor, ActorKind, FieldClass, Visibility
from penholder.cli.verify import command as verify
from penholder.concerns import actions as concerns
from penholder.concerns.policy.tally import MOVES
from penholder.custody.actions import settle_recovered
from penholder.custody.backup import backup
from penholder.custody.fsck import fsck
from penholder.custody.publish import publish
from penholder.custody.receipts import receipts_of
from penholder.custody.recovered import recovered_run
from penholder.custody.values import Settlement
from penholder.kernel.home import FIRST_KEY
from penholder.ledger import queries
from penholder.ledger.disclosure import salted_text
from penholder.ledger.entry import LedgerEntry
from penholder.ledger.keyring import Keyring
from penholder.ledger.models import Entry
from penholder.ledger.note import Verifier
from penholder.ledger.verify_receipt import ReceiptReport, verify_receipt
from penholder.vault.models import SealedField
from penholder.vault.store import Private, keys, sealed_sheet
from tests import decision_ground
from tests.case_ground import START
from tests.casework import Casework, SettingsOfTest
from tests.concerns_ground import Ground, rejected, upheld, version_of
from tests.db.test_backup import put_back
from tests.decision_ground import Decision
from tests.ledger_ground import Weighed, Whispered, intrude, tell, told, weigh, weigh_again

ONE = Actor("P-one", ActorKind.PERSON, frozenset({"noter"}))


def said() -> list[str]:
    return [f"{f.where}: {f.what}" for f in fsck()]


def leaves() -> Iterator[tuple[LedgerEntry, Entry]]:
    for row in Entry.objects.order_by("id"):
        yield LedgerEntry.from_bytes(row.body.encode()), row


def hidden() -> list[tuple[str, str]]:
    """Event and subject of what the books know and the log does not show."""
    return [(row.event, row.about) for leaf, row in leaves() if row.about and leaf.visibility != "public"]


def named_by(subject: str) -> set[tuple[str, str]]:
    """Event and visibility of the leaves in which an id stands."""
    return {(leaf.event, leaf.visibility) for leaf, row in leaves() if subject in row.body}


def proved(text: str | None, key: Verifier) -> ReceiptReport:
    assert text is not None
    return verify_receipt(text.encode(), keys=Keyring(key))


def test_the_leaf_of_an_official_event_is_about_null_and_the_books_know_the_subject(
    first: Verifier, tmp_path: Path
) -> None:
    number = perform(weigh, ONE, thing="T-9").entries[0]
    perform(tell, ONE, thing="T-8")
    ((event, subject), (sealed, other)) = hidden()
    assert (event, subject, sealed, other) == (Weighed.name, "T-9", Whispered.name, "T-8")
    assert named_by("T-9") == set()
    assert [r.number for r in queries.entries_about("T-9")] == [number]
    publish(tmp_path / "out")
    everything = b"".join(p.read_bytes() for p in (tmp_path / "out").rglob("*") if p.is_file())
    assert b"T-8" in everything  # control: the subject of a public entry is there
    assert b"T-9" not in everything


def test_what_is_no_id_is_no_subject_of_an_official_event_either(first: Verifier) -> None:
    with pytest.raises(InvalidError) as refused:
        perform(weigh, ONE, thing="two words")
    assert refused.value.fields == {"thing": "it is no public id"}


def test_a_receipt_of_an_official_act_proves_its_subject(
    casework: Casework, first: Verifier, tmp_path: Path
) -> None:
    receipt = perform(weigh, ONE, thing="T-9")
    other = perform(weigh, ONE, thing="T-7").entries[0]
    assert receipt_of(receipt.entries[0]) is None  # not published yet
    publish(tmp_path / "out")
    ((_, text),) = receipts_of(receipt.run)
    report = proved(text, first)
    assert (report.problems, report.disclosed) == ([], {"thing": "T-9"})
    assert report.entry is not None
    assert (report.entry.event, report.entry.about) == (Weighed.name, None)
    wanted = receipt_of(other)
    assert wanted is not None
    forged = text.replace(text.split('"disclosures"')[1], wanted.split('"disclosures"')[1])
    assert "no digest in it is its own" in proved(forged, first).problems[0].message
    file = tmp_path / "act.tlog-proof"
    file.write_text(text, encoding="utf-8")
    done = CliRunner().invoke(verify, [str(file), "--key", str(casework.home / FIRST_KEY)])
    assert done.exit_code == 0
    assert 'by role system, about what the log does not show\ndisclosed: thing = "T-9"\n' in done.output


def test_a_receipt_of_a_public_or_sealed_act_discloses_nothing(first: Verifier, tmp_path: Path) -> None:
    shown, sealed = perform(tell, ONE, thing="T-9").entries
    publish(tmp_path / "out")
    public, whispered = (proved(receipt_of(n), first) for n in (shown, sealed))
    assert public.entry is not None
    assert (public.entry.about, public.disclosed) == ("T-9", {})
    assert whispered.entry is not None
    assert (whispered.entry.about, whispered.disclosed) == (None, {})


def test_a_changed_column_is_found_and_replays_go_by_the_entry(casework: Casework, first: Verifier) -> None:
    number = perform(weigh, ONE, thing="T-9").entries[0]
    sealed = perform(tell, ONE, thing="T-8").entries[1]
    assert said() == []
    intrude(casework, f"UPDATE ledger_entry SET about = 'T-1' WHERE id IN ({number}, {sealed})")
    columns = "the columns say something else than its private fields: about"
    assert said() == [f"entry {number}: {columns}", f"entry {sealed}: {columns}"]
    assert [r.about for r in read_recorded((Weighed.name, Whispered.name))] == ["T-9", "T-8"]
    intrude(casework, f"UPDATE ledger_entry SET about = 'T-9' WHERE id = {number}")
    intrude(casework, f"UPDATE ledger_entry SET about = 'T-8', event = '{Weighed.name}' WHERE id = {sealed}")
    assert f"entry {sealed}: the columns say something else than its private fields: event" in said()


def test_a_changed_index_of_acts_is_found(casework: Casework, first: Verifier) -> None:
    """Separation of duties is computed from it."""
    number = perform(weigh, ONE, thing="T-9").entries[0]
    sealed = perform(tell, ONE, thing="T-8").entries[1]
    intrude(casework, f"UPDATE actions_act SET about = 'T-1' WHERE entry_id IN ({number}, {sealed})")
    intrude(casework, f"UPDATE actions_act SET act = 'tests.other', role = 'other' WHERE entry_id = {sealed}")
    index = "the index of acts say something else than its private fields"
    assert said() == [f"entry {number}: {index}: about", f"entry {sealed}: {index}: act, role, about"]


def test_another_subject_in_the_vault_is_not_what_the_entry_committed_to(
    casework: Casework, first: Verifier
) -> None:
    """Sealed with the right key, under the right name; and the column says the same."""
    number = perform(weigh, ONE, thing="T-9").entries[0]
    row = SealedField.objects.get(entry=number, name="thing")
    field = Private("thing", salted_text("thing", "T-1"), row.subject, FieldClass.OFFICIAL)
    box = sealed_sheet([(number, field)])[2][0][4].hex()
    blob = f"X'{box}'" if casework.vendor == "sqlite" else f"'\\x{box}'"
    intrude(casework, f"UPDATE vault_sealedfield SET sealed = {blob} WHERE id = {row.id}")
    for table, key in (("ledger_entry", "id"), ("actions_act", "entry_id")):
        intrude(casework, f"UPDATE {table} SET about = 'T-1' WHERE {key} = {number}")
    assert said() == [f"private field thing of entry {number}: is not what the entry committed to"]


def test_a_subject_that_is_gone_from_the_vault_is_missed_even_where_another_was_erased(
    casework: Casework, first: Verifier
) -> None:
    number = perform(weigh, ONE, thing="T-9").entries[0]
    keys().destroy("T-gone")
    intrude(casework, f"DELETE FROM vault_sealedfield WHERE entry_id = {number} AND name <> 'actor'")
    for table, key in (("ledger_entry", "id"), ("actions_act", "entry_id")):
        intrude(casework, f"UPDATE {table} SET about = 'T-gone' WHERE {key} = {number}")
    assert said() == [f"private field thing of entry {number}: is missing, and nobody erased it"]


def test_after_the_subject_is_erased_what_the_entry_is_about_is_still_compared(
    casework: Casework, first: Verifier
) -> None:
    number = perform(weigh, ONE, thing="T-9").entries[0]
    keys().destroy("T-9")
    assert said() == []
    assert [(r.about, r.event, r.values) for r in read_recorded((Weighed.name,))] == [
        ("T-9", None, {"thing": "T-9"})
    ]
    intrude(casework, f"UPDATE ledger_entry SET about = 'T-1' WHERE id = {number}")
    assert said() == [f"entry {number}: the columns say something else than its private fields: about"]


def test_a_lost_official_act_counts_for_every_subject_of_before_until_it_is_settled(
    casework: Casework, first: Verifier, tmp_path: Path
) -> None:
    told(1, "T-1")
    told(1, "T-2")
    made = backup(tmp_path / "data")
    lost = perform(weigh, ONE, thing="T-1")
    publish(tmp_path / "out")
    put_back(casework, made, recover_from=tmp_path / "out")
    place = next(p for p in range(20) if [e.run for e in recovered_run(p)] == [lost.run])
    assert [(e.act, e.about) for e in recovered_run(place)] == [("ledger_ground.weigh", "")]
    for thing in ("T-1", "T-2"):
        with pytest.raises(SeparationError, match="on what is not known any more, and who that was is lost"):
            perform(weigh_again, ONE, thing=thing)
    assert perform(weigh_again, ONE, thing="T-3").entries  # nothing is older than the loss
    with pytest.raises(ConflictError, match=r"nobody has done ledger_ground\.weigh again since it was lost"):
        settle(place)
    perform(weigh, SYSTEM, thing="T-1")
    settle(place)
    assert perform(weigh_again, ONE, thing="T-2").entries
    assert perform(weigh_again, ONE, thing="T-1").entries
    perform(weigh, ONE, thing="T-1")
    with pytest.raises(SeparationError, match=r"who did ledger_ground\.weigh on T-1"):
        perform(weigh_again, ONE, thing="T-1")


def settle(place: int) -> None:
    perform(settle_recovered, SYSTEM, place=place, how=Settlement.REDONE, why="The minutes of the day say so")


INSIDE = {
    "casework.AdviceRecorded",
    "casework.OutcomeProposed",
    "casework.PartiesScreened",
    "casework.ProposalSigned",
}


@pytest.mark.slow
def test_the_log_tells_nobody_how_far_a_case_is_inside(
    casework: Casework, settings_of_test: SettingsOfTest
) -> None:
    settings_of_test.set("PENHOLDER_AUTHORITY", "tests.register_ground.RolesAsGiven")
    settings_of_test.set("PENHOLDER_CLOCK", "tests.case_ground.now")
    settings_of_test.set("PENHOLDER_REACTIONS", "inline")
    decision_ground.at(START)
    story = Decision().advised()
    story.propose()
    story.sign()
    assert {event for event, subject in hidden() if subject == story.id} >= INSIDE
    assert named_by(story.id) == set()
    story.decide()
    assert ("casework.CaseGranted", "public") in named_by(story.id)
    assert {visibility for _, visibility in named_by(story.id)} == {"public"}
    assert [line for line in said() if "private field" in line] == []


@pytest.mark.slow
def test_the_log_of_concerns_tells_no_filer_that_an_answer_was_proposed(casework: Casework) -> None:
    ground = Ground(casework)
    try:
        ground.list_targets()
        concern, _ = ground.raise_one()
        before = named_by(concern)
        ground.do(
            "owner-1",
            concerns.propose_answer,
            concern=concern,
            answers=(rejected(1), upheld(2)),
            expected_version=version_of(concern),
        )
        assert ("concerns.AnswerProposed", concern) in hidden()
        assert before == named_by(concern) == {("concerns.ConcernRaised", "public")}
    finally:
        ground.close()


def test_figures_of_concerns_are_counted_from_public_events_alone() -> None:
    assert {EVENTS[f"concerns.{name}"].visibility for name in MOVES} == {Visibility.PUBLIC}


def test_of_a_run_no_public_entry_names_what_its_official_entries_are_about() -> None:
    """Entries of one act share its run. That a draw has exhausted a line the public event itself says."""
    both = {Visibility.PUBLIC, Visibility.OFFICIAL}
    mixed = {name for name, spec in ACTIONS.items() if {e.visibility for e in spec.events} >= both}
    ours = {n for n in mixed if ACTIONS[n].function.__module__.startswith("penholder.")}
    assert ours == {"register.amend_line", "register.record_draw"}
