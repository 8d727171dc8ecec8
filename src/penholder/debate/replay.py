"""The tables of the debate against what was recorded: for `penholder fsck`. Erased texts are not compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from penholder.actions.replay import Difference, Recorded, replays
from penholder.debate import events, models
from penholder.debate.models import (
    Acceptance,
    Appeal,
    BanProposal,
    Comment,
    EnteredMembership,
    HouseRules,
    Member,
    Report,
)
from penholder.debate.queries.own import texts_of
from penholder.debate.values import CommentState, Ended, Measure, Outcome
from penholder.kernel import clock

_Rows = dict[str, dict[str, Any]]
_BATCH = 500
_HIDES = {Measure.HOLD.value: CommentState.HELD, Measure.REMOVE.value: CommentState.REMOVED}


@replays(events.RulesBroughtInForce)
def house_rules(recorded: Iterator[Recorded]) -> Iterator[Difference]:
    """Every version, word by word."""
    said = {r.about: {n: r.values[n] for n in ("rules", "sha256", "valid_from")} for r in recorded}
    held = {
        h.version: {"rules": h.content, "sha256": h.sha256, "valid_from": h.valid_from.isoformat()}
        for h in HouseRules.objects.all()
    }
    yield from _compare("version", said, held)


@replays(events.MemberJoined, events.MemberMoved, events.RulesAccepted)
def members(recorded: Iterator[Recorded]) -> Iterator[Difference]:
    """Every member, and which versions they accepted. Of erased accounts the person is not known any more."""
    said: _Rows = {}
    for r in recorded:
        row = said.setdefault(r.about, {"accepted": set()})
        if r.name == events.RulesAccepted.name:
            row["accepted"].add(r.values["version"])
        else:
            row["person"] = r.values.get("person")
    held: _Rows = {m.public_id: {"person": m.person, "accepted": set()} for m in Member.objects.all()}
    accepted = Acceptance.objects.values_list("member__public_id", "rules__version")
    for member, version in accepted:
        held[member]["accepted"].add(version)
    for identity, row in held.items():
        if said.get(identity, {}).get("person") is None:
            row.pop("person")
    yield from _compare("member", said, held)


@replays(events.MembershipEntered, events.MembershipEnded)
def memberships(recorded: Iterator[Recorded]) -> Iterator[Difference]:
    """Every entered membership: on which days it was somebody's."""
    said: _Rows = {}
    for r in recorded:
        days = said.setdefault(r.about, {"days": []})["days"]
        if r.name == events.MembershipEntered.name:
            days.append([r.values["valid_from"], r.values["valid_until"]])
        else:
            days[-1][1] = r.values["valid_until"]
    held: _Rows = {}
    for row in EnteredMembership.objects.order_by("id"):
        until = row.valid_until.isoformat() if row.valid_until else None
        held.setdefault(row.key, {"days": []})["days"].append([row.valid_from.isoformat(), until])
    yield from _compare("membership", said, held)


@replays(
    events.CommentPosted,
    events.CommentEdited,
    events.CommentReported,
    events.CommentKept,
    events.CommentRestricted,
    events.CommentRestored,
)
def comments(recorded: Iterator[Recorded]) -> Iterator[Difference]:
    """Every comment: its place, its text, its state; and every report with what was decided on it."""
    said: _Rows = {}
    reports: _Rows = {}
    for r in recorded:
        _comment(said, reports, r)
    held: _Rows = {}
    rows = Comment.objects.select_related("parent", "measure").order_by("id")
    for part in _parts(rows):
        texts = texts_of(part)
        for c in part:
            held[c.public_id] = _held(c, texts.get(c.pk))
            if held[c.public_id]["text"] is None:
                held[c.public_id].pop("text")
    yield from _compare("comment", said, held)
    kept = Report.objects.select_related("comment", "measure", "rules").iterator(chunk_size=_BATCH)
    yield from _compare("report", reports, {r.public_id: _report(r) for r in kept})


@replays(
    events.CommentKept,
    events.CommentRestricted,
    events.MemberRestricted,
    events.BanProposed,
    events.BanWithdrawn,
    events.AppealLodged,
    events.AppealDecided,
)
def measures(recorded: Iterator[Recorded]) -> Iterator[Difference]:
    """Every measure with its statement and how it ended, every appeal and every proposed ban."""
    said: _Rows = {}
    appeals: _Rows = {}
    bans: _Rows = {}
    for r in recorded:
        _measure(said, appeals, bans, r)
    rows = models.Measure.objects.select_related("statement", "rules", "comment").iterator(chunk_size=_BATCH)
    yield from _compare("measure", said, {m.public_id: _held_measure(m) for m in rows})
    lodged = Appeal.objects.select_related("measure").iterator(chunk_size=_BATCH)
    held = {a.public_id: {"measure": a.measure.public_id, "outcome": a.outcome} for a in lodged}
    yield from _compare("appeal", appeals, held)
    yield from _compare("proposed ban", bans, {b.public_id: {"state": b.state} for b in BanProposal.objects.all()})


def _comment(said: _Rows, reports: _Rows, r: Recorded) -> None:
    values = r.values
    row = said.setdefault(r.about, {})
    match r.name:
        case events.CommentPosted.name:
            row |= {n: values[n] for n in ("kind", "page", "parent")}
            row |= {"text": values.get("text"), "edition": 1, "state": "visible", "measure": None}
        case events.CommentEdited.name:
            row |= {"text": values.get("text"), "edition": values["edition"]}
        case events.CommentReported.name:
            row["state"] = "reported"
            reports[values["report"]] = {
                "comment": r.about, "rule": values["rule"], "version": values["version"], "measure": None,
            }  # fmt: skip
        case events.CommentKept.name:
            row |= {"state": "kept", "measure": None}
            _decided(reports, values)
        case events.CommentRestricted.name:
            row |= {"state": _HIDES[values["kind"]].value, "measure": values["measure"]}
            _decided(reports, values)
        case events.CommentRestored.name:
            row |= {"state": "restored", "measure": None}
        case _:
            pass


def _decided(reports: _Rows, values: Mapping[str, Any]) -> None:
    for report in values["reports"]:
        reports[report]["measure"] = values["measure"]


def _held(row: Comment, text: str | None) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "page": row.page,
        "parent": row.parent.public_id if row.parent else None,
        "text": text,
        "edition": row.edition,
        "state": row.state,
        "measure": row.measure.public_id if row.measure else None,
    }


def _report(row: Report) -> dict[str, Any]:
    return {
        "comment": row.comment.public_id,
        "rule": row.rule,
        "version": row.rules.version,
        "measure": row.measure.public_id if row.measure else None,
    }


_OF_MEASURE = ("kind", "statement", "scope", "source", "rule", "version", "redress", "appeal_until")


def _measure(said: _Rows, appeals: _Rows, bans: _Rows, r: Recorded) -> None:
    values = r.values
    match r.name:
        case events.CommentKept.name:
            said[values["measure"]] = {"kind": "keep", "comment": r.about, "ended": "", "until": None}
            if values["ended"]:
                said[values["ended"]]["ended"] = Ended.KEPT.value
        case events.CommentRestricted.name | events.MemberRestricted.name:
            row = {n: values[n] for n in _OF_MEASURE}
            row |= {"comment": values.get("comment"), "until": values.get("until"), "ended": ""}
            said[values["measure"]] = row
            if values.get("superseded"):
                said[values["superseded"]]["ended"] = Ended.SUPERSEDED.value
            if values["measure"] in bans:
                bans[values["measure"]]["state"] = "confirmed"
        case events.BanProposed.name:
            bans[r.about] = {"state": "proposed"}
        case events.BanWithdrawn.name:
            bans[r.about]["state"] = "withdrawn"
        case _:
            _appeal(said, appeals, r)


def _appeal(said: _Rows, appeals: _Rows, r: Recorded) -> None:
    values = r.values
    if r.name == events.AppealLodged.name:
        appeals[r.about] = {"measure": values["measure"], "outcome": ""}
        return
    appeals[values["appeal"]]["outcome"] = values["outcome"]
    if values["outcome"] == Outcome.GRANTED:
        said[values["measure"]]["ended"] = Ended.APPEAL.value


def _held_measure(row: models.Measure) -> dict[str, Any]:
    found: dict[str, Any] = {
        "kind": row.measure,
        "comment": row.comment.public_id if row.comment else None,
        "ended": row.ended,
        "until": clock.stamp(row.until) if row.until else None,
    }
    if row.statement is not None:
        found |= {n: getattr(row.statement, n) for n in ("scope", "source", "rule", "redress")}
        found |= {
            "statement": row.statement.public_id,
            "version": row.rules.version,
            "appeal_until": row.statement.appeal_until.isoformat(),
        }
    return found


def _parts(rows: Any) -> Iterator[list[Comment]]:
    """Comments, some hundreds at a time."""
    part: list[Comment] = []
    for row in rows.iterator(chunk_size=_BATCH):
        part.append(row)
        if len(part) == _BATCH:
            yield part
            part = []
    yield part


def _compare(kind: str, said: _Rows, held: _Rows) -> Iterator[Difference]:
    for identity in sorted(_names(said, held)):
        if identity not in held:
            yield Difference(f"{kind} {identity}", "is in the ledger and not in the tables")
        elif identity not in said:
            yield Difference(f"{kind} {identity}", "is in the tables and not in the ledger")
        elif lost := [n for n, v in held[identity].items() if said[identity].get(n) != v]:
            yield Difference(
                f"{kind} {identity}", f"the ledger and the tables differ in {', '.join(sorted(lost))}"
            )


def _names(*rows: _Rows) -> Iterable[str]:
    return {identity for row in rows for identity in row}
