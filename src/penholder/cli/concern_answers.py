"""`penholder concerns overdue` and `involved`: what can be said of concerns without opening any of them."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING

import click

from penholder.cli.asking import Day
from penholder.cli.casework import start
from penholder.kernel.counts import many

if TYPE_CHECKING:
    from penholder.concerns.involved import Involved
    from penholder.concerns.overdue import Course, Stage

_DID = {
    "acknowledge": "acknowledged",
    "allocate": "handed it on",
    "extend": "extended the time",
    "message": "wrote a message",
    "propose": "wrote an answer",
    "sign": "signed an answer",
}


@click.command("overdue", epilog="Example: penholder concerns overdue --on 2026-09-30")
@click.option("--on", type=Day(), help="As at the end of this day; default: today.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def overdue_command(on: date | None, *, as_json: bool) -> None:
    """Say of each concern which level owed an answer until when, who owns it, and whether it closed with one.

    Opens nothing: it reads days and levels. Run on the server of the site of concerns.
    """
    start(site="concerns")
    from penholder.actions.moment import today  # noqa: PLC0415 - loads Django
    from penholder.concerns.overdue import courses  # noqa: PLC0415

    day = on or today()
    found = courses(on=day)
    if as_json:
        click.echo(json.dumps([asdict(c) for c in found], default=str, indent=1, ensure_ascii=False))
        return
    for course in found:
        click.echo("\n".join(_course_words(course, day)))
    click.echo("\n".join(_sums(found)))


def _course_words(course: Course, on: date) -> list[str]:
    ended = f"{course.state} on {course.ended_on}" if course.ended_on else f"open, {course.state}"
    lines = [f"{course.concern}  raised {course.raised_on}: {ended}"]
    for stage in course.stages:
        lines += [
            f"  level {stage.level}, {stage.office}: due {stage.due}, {_stage_words(stage, on)}",
            f"    owned by {', '.join(stage.owners) or 'nobody'}",
        ]
    if course.unanswered:
        lines.append(f"  CLOSED WITHOUT A FINDING on point {', '.join(map(str, course.unanswered))}")
    return lines


def _stage_words(stage: Stage, on: date) -> str:
    from penholder.concerns.overdue import days_late  # noqa: PLC0415 - loads Django

    if stage.answered_on:
        late = f", {days_late(stage, on=on)} days late" if stage.is_overdue else ""
        return f"answered {many(stage.points, 'point')} on {stage.answered_on}{late}"
    if stage.to:
        return f"not answered: went to {stage.to}"
    if stage.is_overdue:
        return f"OVERDUE {days_late(stage, on=on)} days"
    return f"{(stage.due - on).days} days left"


def _sums(found: tuple[Course, ...]) -> list[str]:
    stages = [stage for course in found for stage in course.stages]
    passed = [s for s in stages if s.is_overdue]
    ended = [c for c in found if not c.is_open]
    return [
        f"{len(found) - len(ended)} open; levels that let their due day pass: {len(passed)}",
        f"{len(ended)} closed, of them without a finding on every point: {sum(bool(c.unanswered) for c in ended)}",
    ]


@click.command("involved", epilog="Example: penholder concerns involved CN-0123…")
@click.argument("concern")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def involved_command(concern: str, *, as_json: bool) -> None:
    """Say whether somebody who dealt with CONCERN took part in what it is about, and who was kept from it.

    Opens nothing: it compares references of staff. Run on the server of the site of concerns.
    """
    start(site="concerns")
    from penholder.concerns.involved import involved  # noqa: PLC0415 - loads Django

    found = involved(id=concern)
    if as_json:
        click.echo(json.dumps(asdict(found), default=str, indent=1, ensure_ascii=False))
        return
    click.echo("\n".join(_involved_words(found)))


def _involved_words(found: Involved) -> list[str]:
    lines = [f"{found.concern} is about"]
    lines += [f"  {id_}  {title}: {number} people took part in it" for id_, title, number in found.targets]
    lines.append("Who dealt with it")
    said = {True: "TOOK PART", False: "took no part", None: "not known: the account was erased"}
    for part in found.parts:
        did = ", ".join(_DID[word] for word in part.did)
        lines.append(f"  level {part.level}, {part.title} ({did}): {said[part.took_part]}")
    lines.append(f"Kept from it, because they took part: {', '.join(found.kept_out) or 'nobody of the ladder'}")
    took, unknown = (sum(p.took_part is truth for p in found.parts) for truth in (True, None))
    return [
        *lines,
        f"{len(found.parts)} people dealt with it: {took} of them took part, of {unknown} it is not known",
    ]
