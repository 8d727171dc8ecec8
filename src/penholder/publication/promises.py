"""Statements, promises, assessments and decisions as their public entries leave them. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from penholder.publication.values import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A promise. Overdue is no state: it is read from the due day."""

    id: str
    statement: str
    words: str
    due: date
    state: str
    ended_on: date | None
    recorded_on: date | None
    """Day of the entry that says so: until then it stood open, and overdue past its due day."""
    replaced_by: str
    end_words: str
    source: str
    facts: tuple[Fact, ...]

    def is_overdue(self, day: date) -> bool:
        """Is it open, or was it open on that day, past its due day?"""
        is_open = self.ended_on is None or self.ended_on > day
        return is_open and self.due < day

    @property
    def told_later(self) -> date | None:
        """The day on which its end was recorded, where that is a later one than the day on which it ended."""
        if self.recorded_on is None or self.ended_on is None or self.recorded_on <= self.ended_on:
            return None
        return self.recorded_on

    def days_late(self, day: date) -> int:
        """By how many days it is, or was when it was kept, late."""
        return max(0, ((day if self.ended_on is None else min(day, self.ended_on)) - self.due).days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """Something that was said in public."""

    id: str
    destination: str
    said_on: date
    place: str
    speaker_role: str
    words: str
    source: str
    claims: tuple[tuple[str, tuple[str, ...]], ...]
    assessment: str
    version: str
    promises: tuple[Promise, ...]
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessed:
    """One accepted version of an assessment; gist "": none was published."""

    assessment: str
    version: str
    number: int
    destination: str
    cutoff: date
    accepted_on: date
    superseded_on: date | None
    loops: int
    gist: str
    attitude: str
    findings: tuple[tuple[str, str, str], ...]
    published_on: date | None
    facts: tuple[Fact, ...]

    def age(self, day: date) -> int:
        """Days between its cut-off and a day: how old the information is."""
        return (day - self.cutoff).days

    def is_current(self, day: date) -> bool:
        """Was it accepted by that day, and not superseded?"""
        return self.accepted_on <= day and (self.superseded_on is None or day < self.superseded_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A case that was decided, with the findings by limb that were accepted."""

    case: str
    outcome: str
    decided_on: date
    rule_set: str
    findings: tuple[tuple[str, str], ...]
    limbs: tuple[str, ...]
    exemptions: tuple[str, ...]
    against_lead: bool
    on_appeal: bool
    information_days: int | None
    told_on: date | None
    dissents: tuple[tuple[str, str], ...]
    licence: str
    facts: tuple[Fact, ...]


def statements_of(facts: Iterable[Fact]) -> tuple[dict[str, Statement], dict[str, Promise]]:
    """Public id -> statement, and public id -> promise."""
    given = [f for f in facts if f.kind in {"statement", "promise"}]
    promises: dict[str, Promise] = {}
    for fact in given:
        if fact.kind == "promise":
            _promise(promises, fact)
    found = {
        fact.about: _statement(fact, tuple(p for p in promises.values() if p.statement == fact.about))
        for fact in given
        if fact.name == "StatementRecorded"
    }
    return found, promises


def _promise(promises: dict[str, Promise], fact: Fact) -> None:
    said = fact.fields
    name = str(said["promise"])
    old = promises.get(name)
    if fact.name == "PromiseRecorded":
        promises[name] = Promise(
            id=name,
            statement=str(said["statement"]),
            words=str(said["words"]),
            due=_day(said["due"]),
            state="open",
            ended_on=None,
            recorded_on=None,
            replaced_by="",
            end_words="",
            source="",
            facts=(fact,),
        )
    elif old is not None:
        kept = fact.name == "PromiseKept"
        promises[name] = Promise(
            id=name,
            statement=old.statement,
            words=old.words,
            due=old.due,
            state="kept" if kept else "replaced",
            ended_on=_day(said["kept_on" if kept else "replaced_on"]),
            recorded_on=fact.at.date(),
            replaced_by="" if kept else str(said["by"]),
            end_words=str(said["words" if kept else "reasons"]),
            source=str(said.get("source") or ""),
            facts=(*old.facts, fact),
        )


def _statement(fact: Fact, promises: tuple[Promise, ...]) -> Statement:
    said = fact.fields
    return Statement(
        id=fact.about,
        destination=str(said["destination"]),
        said_on=_day(said["said_on"]),
        place=str(said["place"]),
        speaker_role=str(said["speaker_role"]),
        words=str(said["words"]),
        source=str(said["source"]),
        claims=tuple((str(c["words"]), tuple(c["about"])) for c in said["claims"]),
        assessment=str(said["assessment"]),
        version=str(said["version"]),
        promises=promises,
        facts=(fact,),
    )


def assessments_of(facts: Iterable[Fact]) -> dict[str, Assessed]:
    """Public id of the version -> what is public of it."""
    grouped: dict[str, list[Fact]] = {}
    for fact in facts:
        if fact.kind == "assessment":
            grouped.setdefault(str(fact.fields["version"]), []).append(fact)
    return {version: made for version, of in grouped.items() if (made := _assessed(of)) is not None}


def _assessed(facts: list[Fact]) -> Assessed | None:
    by_name = {f.name: f for f in facts}
    accepted = by_name.get("VersionAccepted")
    if accepted is None:
        return None
    gist, ended = by_name.get("GistPublished"), by_name.get("VersionSuperseded")
    said = accepted.fields
    return Assessed(
        assessment=str(said["assessment"]),
        version=str(said["version"]),
        number=int(said["number"]),
        destination=str(said["destination"]),
        cutoff=_day(said["cutoff"]),
        accepted_on=_day(said["accepted_on"]),
        superseded_on=ended.day("effective_on") if ended else None,
        loops=int(said["loops"]),
        gist=str(gist.fields["gist"]) if gist else "",
        attitude=str(gist.fields["attitude"]) if gist else "",
        findings=tuple((str(a), str(b), str(c)) for a, b, c in gist.fields["findings"]) if gist else (),
        published_on=gist.day("published_on") if gist else None,
        facts=tuple(facts),
    )


def current_on(assessed: Iterable[Assessed], *, destination: str, day: date) -> Assessed | None:
    """What was accepted for a destination on a day; of several the newest."""
    found = [a for a in assessed if a.destination == destination and a.is_current(day)]
    return max(found, key=lambda a: (a.accepted_on, a.number), default=None)


def decisions_of(facts: Iterable[Fact]) -> dict[str, Decision]:
    """Public id of the case -> its newest decision. A case that only has dissents is not decided."""
    grouped: dict[str, list[Fact]] = {}
    for fact in facts:
        if fact.kind == "decision":
            grouped.setdefault(str(fact.fields["case"]), []).append(fact)
    return {case: made for case, of in grouped.items() if (made := _decision(case, of)) is not None}


_OUTCOMES = {"CaseGranted": "granted", "CaseRefused": "refused"}


def _decision(case: str, facts: list[Fact]) -> Decision | None:
    decided = [f for f in facts if f.name in _OUTCOMES]
    if not decided:
        return None
    last = decided[-1]
    said = last.fields
    told = [f for f in facts if f.name == "CaseNoticeIssued" and f.number > last.number]
    linked = [f for f in facts if f.name == "LicenceLinked"]
    return Decision(
        case=case,
        outcome=_OUTCOMES[last.name],
        decided_on=_day(said["decided_on"]),
        rule_set=str(said["rule_set"]),
        findings=tuple((str(limb), str(found)) for limb, found in said["findings"]),
        limbs=last.words("limbs"),
        exemptions=last.words("exemptions"),
        against_lead=bool(said["is_against_lead"]),
        on_appeal=bool(said["on_appeal"]),
        information_days=said["information_days"],
        told_on=told[0].day("issued_on") if told else None,
        dissents=tuple((f.fields["dissent"], f.fields["digest"]) for f in facts if f.name == "DissentRecorded"),
        licence=str(linked[-1].fields["licence"]) if linked else "",
        facts=tuple(facts),
    )


def _day(text: Any) -> date:
    return date.fromisoformat(str(text))
