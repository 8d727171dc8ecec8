"""Inboxes: what somebody, a team, or whoever holds a role has to do."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from penholder.actions.action import Run, action
from penholder.actions.errors import AbsentError, ConflictError, InvalidError
from penholder.actions.values import Actor, ActorKind
from penholder.people.actions.grants import RoleId
from penholder.people.actions.rows import PersonId, PublicId, TeamId, Version, check_version, locked, person, team
from penholder.people.actor import holds_on
from penholder.people.events import TaskAdded, TaskFinished
from penholder.people.models import Task
from penholder.people.sealed import Column, seal_text
from penholder.people.values import PeoplePermission, TaskState


@action(permission=PeoplePermission.ADD_TASK, events=(TaskAdded,))
def add_task(
    run: Run,
    *,
    text: Annotated[str, Field(min_length=3, max_length=400, description="What is to be done")],
    subject: Annotated[
        str, Field(max_length=120, pattern=r"^[0-9A-Za-z/-]*$", description="Public id of what it is about")
    ] = "",
    person_id: Annotated[PersonId | None, Field(description="Public id of whose task it is")] = None,
    team_id: Annotated[TeamId | None, Field(description="Public id of the team whose task it is")] = None,
    role: Annotated[RoleId | None, Field(description="Id of the role whose task it is")] = None,
    due_on: Annotated[date | None, Field(description="Day by which it must be done")] = None,
) -> str:
    """Put a task into the inbox of exactly one of: a person, a team, whoever holds a role. Gives its id."""
    if sum(x is not None for x in (person_id, team_id, role)) != 1:
        raise InvalidError(
            "a task is for exactly one of: a person, a team, a role",
            hint="give one of the three",
            fields={"person_id": "give exactly one of person, team and role"},
        )
    return put_task(
        run, text=text, subject=subject, person_id=person_id, team_id=team_id, role=role or "", due_on=due_on
    )


def put_task(
    run: Run,
    *,
    text: str,
    subject: str,
    person_id: str | None = None,
    team_id: str | None = None,
    role: str = "",
    due_on: date | None = None,
) -> str:
    """The same as part of another act, which declares TaskAdded: whoever is told of it is told in that act."""
    task_id = run.new_id("J")
    row = Task.objects.create(
        public_id=task_id,
        about=subject,
        text=seal_text(Column.TASK, text, id=task_id, subject=person_id or task_id),
        user=person(person_id) if person_id else None,
        team=team(team_id) if team_id else None,
        role=role,
        due_on=due_on,
        state=TaskState.OPEN,
        created_at=run.now,
    )
    run.record(
        TaskAdded(
            task=row.public_id,
            subject=subject,
            text=text,
            person=person_id or "",
            team=team_id or "",
            role=row.role,
            due_on=due_on,
        )
    )
    return row.public_id


@action(permission=PeoplePermission.FINISH_TASK, events=(TaskFinished,))
def finish_task(
    run: Run,
    *,
    task: Annotated[PublicId, Field(description="Public id of a task")],
    expected_version: Version,
    remark: Annotated[str, Field(max_length=400, description="What came of it")] = "",
) -> str:
    """Say that a task of one's own inbox is done."""
    row = locked(Task.objects.all(), "task", public_id=task)
    if not _is_of(row, run.actor, run.now.date()):
        raise AbsentError("there is no such task", hint="its public id may be mistyped")
    check_version(row.version, expected_version)
    if row.state != TaskState.OPEN:
        raise ConflictError("the task is done already", hint="nothing needs to be done")
    row.state, row.finished_at, row.version = TaskState.DONE, run.now, row.version + 1
    row.save(update_fields=["state", "finished_at", "version"])
    whose = row.user.public_id if row.user else ""
    run.record(TaskFinished(task=row.public_id, remark=remark, person=whose))
    return row.public_id


def _is_of(task: Task, actor: Actor, today: date) -> bool:
    if actor.kind is ActorKind.SYSTEM:
        return True
    own = task.user is not None and task.user.public_id == actor.id
    in_team = (
        task.team is not None and task.team.memberships.filter(holds_on(today), user__public_id=actor.id).exists()
    )
    return own or in_team or (bool(task.role) and task.role in actor.roles)
