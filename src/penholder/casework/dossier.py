"""A case as its rows leave it: pure, for policy and queries. Every row stays; the newest of each kind counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, Generic, TypeVar

from penholder.casework.parts import (
    Advice,
    Application,
    Circulation,
    DissentMark,
    Match,
    Question,
    Rating,
    Screening,
    Verdict,
)
from penholder.casework.values import CaseStatus, PartKind

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Held(Generic[V]):
    """One row of a case. number: version of the case that it made; run: of the act, as in the ledger."""

    number: int
    place: int
    kind: PartKind
    id: str
    about: str
    status: CaseStatus
    on: date
    at: datetime
    run: str
    value: V


@dataclass(frozen=True)
class Dossier:
    """All rows of one case, oldest first; never empty."""

    id: str
    exporter: str
    rows: tuple[Held[Any], ...]

    def of(self, kind: PartKind) -> tuple[Held[Any], ...]:
        """The rows of one kind, oldest first."""
        return self._by_kind.get(kind, ())

    @cached_property
    def _by_kind(self) -> dict[PartKind, tuple[Held[Any], ...]]:
        found: dict[PartKind, list[Held[Any]]] = {}
        for row in self.rows:
            found.setdefault(row.kind, []).append(row)
        return {kind: tuple(rows) for kind, rows in found.items()}

    def last(self, kind: PartKind) -> Held[Any] | None:
        """The newest row of a kind."""
        return next(reversed(self.of(kind)), None)

    def row(self, public_id: str) -> Held[Any] | None:
        """The row with a public id."""
        return next((r for r in self.rows if public_id and r.id == public_id), None)

    @property
    def status(self) -> CaseStatus:
        """Where the case stands."""
        return self.rows[-1].status

    @property
    def version(self) -> int:
        """To name in the next act as what was seen."""
        return self.rows[-1].number

    @cached_property
    def drafted(self) -> Held[Application]:
        """The newest version of the application."""
        return self.of(PartKind.APPLICATION)[-1]

    @property
    def application(self) -> Application:
        """What the newest version says."""
        return self.drafted.value

    @property
    def submitted(self) -> Held[Any] | None:
        """When it was applied for."""
        return self.last(PartKind.SUBMISSION)

    @cached_property
    def ratings(self) -> dict[int, Held[Rating]]:
        """Line -> the newest rating, of lines that the newest version still has as they were rated."""
        found = {r.value.line: r for r in self.of(PartKind.RATING)}
        return {n: r for n, r in sorted(found.items()) if self._is_as_rated(n, r.number)}

    def _is_as_rated(self, line: int, rated: int) -> bool:
        """Has the line not changed since it was rated?"""
        now = self.application.goods
        then = next(r.value.goods for r in reversed(self.of(PartKind.APPLICATION)) if r.number < rated)
        return line <= len(now) and line <= len(then) and now[line - 1] == then[line - 1]

    @cached_property
    def questions(self) -> tuple[tuple[Held[Question], Held[Any] | None], ...]:
        """Each question with its answer, oldest first."""
        answers = {a.about: a for a in self.of(PartKind.ANSWER)}
        return tuple((q, answers.get(q.id)) for q in self.of(PartKind.QUESTION))

    @property
    def open_questions(self) -> tuple[Held[Question], ...]:
        """Those without an answer."""
        return tuple(q for q, answer in self.questions if answer is None)

    @property
    def screening(self) -> Held[Screening] | None:
        """The newest screening."""
        return self.last(PartKind.SCREENING)

    @cached_property
    def matches(self) -> tuple[tuple[Held[Match], Held[Verdict] | None], ...]:
        """Each possible match of the newest screening, and its newest verdict."""
        newest = self.screening
        if newest is None:
            return ()
        verdicts = {v.about: v for v in self.of(PartKind.VERDICT)}
        counted = {newest.id, *newest.value.kept}
        found = (m for m in self.of(PartKind.MATCH) if m.about in counted or m.id in counted)
        return tuple((m, verdicts.get(m.id)) for m in found)

    @cached_property
    def asked(self) -> dict[str, Held[Circulation]]:
        """Department -> when it was asked, first."""
        found: dict[str, Held[Circulation]] = {}
        for row in self.of(PartKind.CIRCULATION):
            for department in row.value.departments:
                found.setdefault(department, row)
        return found

    @cached_property
    def advice(self) -> dict[str, tuple[Held[Advice], ...]]:
        """Department -> its advice, all versions, oldest first."""
        found: dict[str, tuple[Held[Advice], ...]] = {}
        for row in self.of(PartKind.ADVICE):
            found[row.value.department] = (*found.get(row.value.department, ()), row)
        return found

    @property
    def newest_advice(self) -> dict[str, Held[Advice]]:
        """Department -> what it advises now."""
        return {department: rows[-1] for department, rows in self.advice.items()}

    @property
    def waived(self) -> dict[str, Held[Any]]:
        """Department -> that the case went on without it."""
        return {w.value.department: w for w in self.of(PartKind.WAIVER)}

    @property
    def awaited(self) -> tuple[str, ...]:
        """Departments that were asked, have not advised, and were not waived."""
        return tuple(d for d in self.asked if d not in self.advice and d not in self.waived)

    @property
    def dissents(self) -> tuple[Held[DissentMark], ...]:
        """Every dissent: it stands for ever."""
        return self.of(PartKind.DISSENT)


def dossier_of(public_id: str, exporter: str, rows: Iterable[Held[Any]]) -> Dossier:
    """A case from its rows, in any order."""
    return Dossier(public_id, exporter, tuple(sorted(rows, key=lambda r: (r.number, r.place))))
