"""A concern with what is sealed in it opened, as its readers see it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from penholder.actions.models import Act
from penholder.concerns import keys, officers
from penholder.concerns.answers import (
    AnsweredView,
    AnswerView,
    CaseRow,
    CaseView,
    FileView,
    MessageView,
    StepView,
    TargetView,
)
from penholder.concerns.cases import Case, behind_runs
from penholder.concerns.matters import matters
from penholder.concerns.models import Answer, AnsweredPoint, Attachment, Filer, Message, Step
from penholder.concerns.policy.clocks import Standing
from penholder.concerns.sealing import CaseKey
from penholder.concerns.values import Disposition, Move, State
from penholder.concerns.words import MOVES

OPENS = "concerns.read_concern"
"""The act that is the access entry."""


@dataclass(frozen=True, slots=True)
class Pen:
    """Who looks: an officer (with those for whom they stand in), or a filer."""

    persons: frozenset[str] = frozenset()
    filer: Filer | None = None


def row_of(case: Case, on: date) -> CaseRow:
    """The line of a list."""
    now = case.standing(on)
    return CaseRow(
        id=case.id,
        raised_on=case.row.raised_on,
        matter=matters()[case.row.matter].name,
        level=now.level,
        office=officers.level_named(now.level).name,
        state=now.state.value,
        due=now.due,
        days_left=(now.due - on).days if now.due else 0,
        needs_acknowledgement=now.state is State.RAISED,
        version=case.row.version,
    )


def case_view(case: Case, key: CaseKey, pen: Pen, *, on: date) -> CaseView:
    """All of it, for this reader."""
    now = case.standing(on)
    content = keys.content_of(case.row, key)
    following = _next_office(case, now)
    return CaseView(
        row=row_of(case, on) if pen.filer is None else replace(row_of(case, on), version=0),
        standing=now,
        points=tuple(content["points"]),
        targets=_targets(case, pen),
        messages=_messages(case, key, pen),
        files=_files(case, key, pen),
        answers=_answers(case, key, pen),
        steps=_steps(case, now, pen),
        question=matters()[case.row.matter].question if case.row.asks_decider else "",
        is_joined=bool(pen.filer and pen.filer.joined),
        next_office=following,
        next_on=now.due + timedelta(days=1) if now.due and following else None,
    )


def _next_office(case: Case, now: Standing) -> str:
    levels = next((m.levels for m in reversed(case.moves) if m.levels), ())
    above = next((n for n in levels if n > now.level), None)
    return officers.level_named(above).name if above else ""


def _targets(case: Case, pen: Pen) -> tuple[TargetView, ...]:
    rows = [t.target for t in case.row.targets.select_related("target").order_by("pk")]
    told = bool(pen.persons)
    return tuple(
        TargetView(r.public_id, r.kind, r.title, r.state, r.state_on, r.dissents if told else 0) for r in rows
    )


def _messages(case: Case, key: CaseKey, pen: Pen) -> tuple[MessageView, ...]:
    """An officer reads all; a filer their own, and those of offices to everybody."""
    rows = Message.objects.filter(concern=case.row).select_related("filer").order_by("pk")
    found = []
    for row in rows:
        if pen.filer and row.filer is not None and row.filer.pk != pen.filer.pk:
            continue
        office = officers.level_named(row.level).name if row.level else ""
        joined = bool(row.filer and row.filer.joined) and not pen.filer
        text = key.open_text(keys.MESSAGE, row.public_id, bytes(row.text))
        found.append(MessageView(row.on, office, text, by_joined=joined))
    return tuple(found)


def _files(case: Case, key: CaseKey, pen: Pen) -> tuple[FileView, ...]:
    rows = Attachment.objects.filter(concern=case.row).order_by("pk")
    if pen.filer:
        rows = rows.filter(filer=pen.filer)
    return tuple(file_view(row, key) for row in rows)


def file_view(row: Attachment, key: CaseKey) -> FileView:
    """One file."""
    name = key.open_text(keys.NAME, row.public_id, bytes(row.name))
    return FileView(row.public_id, name, row.media_type, row.size, row.on)


def _answers(case: Case, key: CaseKey, pen: Pen) -> tuple[AnswerView, ...]:
    """Those that were issued; an officer sees proposals too."""
    rows = Answer.objects.filter(concern=case.row).select_related("signature").order_by("pk")
    made = []
    for row in rows:
        signature = getattr(row, "signature", None)
        if signature is None and pen.filer is not None:
            continue
        points = tuple(_answered(row, point, key) for point in row.answered.order_by("point"))
        signed_on = signature.on if signature else None
        office = officers.level_named(row.level).name
        is_own = bool(pen.persons & behind_runs([row.run]))
        made.append(AnswerView(row.public_id, row.level, office, row.on, signed_on, is_own, points))
    return tuple(made)


def _answered(answer: Answer, row: AnsweredPoint, key: CaseKey) -> AnsweredView:
    place = f"{answer.public_id}:{row.point}"
    more: dict[str, Any] = key.open(keys.MORE, place, bytes(row.more))
    return AnsweredView(
        point=row.point,
        disposition=Disposition(row.disposition),
        grounds=key.open_text(keys.GROUNDS, place, bytes(row.grounds)),
        records=tuple(more["records"]),
        none_because=more["none_because"],
        action=more["action"],
        action_owner=more["action_owner"],
        action_due=row.action_due,
        no_action_because=more["no_action_because"],
        referred_to=more["referred_to"],
        repeated_because=more["repeated_because"],
    )


def _steps(case: Case, now: Standing, pen: Pen) -> tuple[StepView, ...]:
    steps = case.steps if pen.filer is None else _not_of_another(case, pen.filer)
    told = [StepView(s.on, words) for s in steps if (words := _words(s, pen))]
    if pen.filer is not None:
        told += _openings(case)
    for lapse in now.lapses:
        whose = officers.level_named(lapse.level).name
        to = f"it went to the {officers.level_named(lapse.to).name}" if lapse.to else "there is no level above"
        told.append(StepView(lapse.due + timedelta(days=1), f"The {whose} let the due day pass: {to}"))
    return tuple(sorted(told, key=lambda s: s.on))


def _not_of_another(case: Case, filer: Filer) -> Iterator[Step]:
    """Steps without those that another filer took: who raised it does not learn that somebody has joined."""
    own = set(Message.objects.filter(filer=filer).values_list("run", flat=True))
    own |= set(Attachment.objects.filter(filer=filer).values_list("run", flat=True))
    for step in case.steps:
        if step.person or step.run in own or Move(step.move) not in {Move.MESSAGE, Move.ATTACH}:
            yield step


def _openings(case: Case) -> list[StepView]:
    """Each day on which somebody of an office has opened it; who, is not said."""
    offices = {level.role: level.name for level in officers.ladder()}
    rows = Act.objects.filter(about=case.id, act=OPENS).order_by("entry_id").values_list("at", "role")
    found = dict.fromkeys((at.date(), offices.get(role, "office")) for at, role in rows)
    return [StepView(on, f"Opened by the {office}") for on, office in found]


def _words(step: Step, pen: Pen) -> str:
    move = Move(step.move)
    if move is Move.PROPOSE and pen.filer is not None:
        return ""
    points = ", ".join(map(str, step.points))
    office = officers.level_named(step.level).name if step.level else "office"
    until = f"{step.until:%-d %B %Y}" if step.until else ""
    return MOVES.get(move, "").format(office=office, points=points, until=until)
