"""Posting, changing within ten minutes, and reporting."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from penholder.actions.action import Run, action
from penholder.actions.errors import ConflictError, InvalidError
from penholder.debate import pages
from penholder.debate.allowances import take
from penholder.debate.configuration import configuration
from penholder.debate.errors import StandingError
from penholder.debate.events import CommentEdited, CommentPosted, CommentReported
from penholder.debate.models import Comment, Edition, Member, Report
from penholder.debate.policy.clocks import is_editable
from penholder.debate.policy.machine import machines
from penholder.debate.policy.text import checked_text, html_of
from penholder.debate.rows import acting_member, check_accepted, check_rule, locked_comment, rules_in_force
from penholder.debate.sealing import Place, seal_text
from penholder.debate.values import (
    COMMENT,
    DEEPEST,
    LONGEST,
    REPORT,
    CommentMove,
    CommentState,
    DebatePermission,
    Kind,
    RuleId,
)

Text = Annotated[
    str,
    Field(
        min_length=1,
        max_length=LONGEST,
        description="What you want to say. *Stress*, lists, quotes (>) and links to https addresses are shown.",
    ),
]
PageId = Annotated[
    str, Field(min_length=1, max_length=40, pattern=r"^[0-9A-Za-z-]+$", description="Public id of the page.")
]
CommentId = Annotated[str, Field(min_length=3, max_length=40, description="Public id of a comment (CT-…).")]
Expected = Annotated[int, Field(description="State that you saw; the act is refused if it has changed.", ge=1)]


@action(permission=DebatePermission.POST, events=(CommentPosted,))
def post_comment(
    run: Run,
    *,
    kind: Annotated[Kind, Field(description="Kind of the page.")],
    page: PageId,
    text: Text,
    parent: Annotated[CommentId | None, Field(description="Comment to which this replies.")] = None,
) -> str:
    """Write a comment on a page, or a reply. Everybody reads it at once.

    It can be changed for ten minutes, until somebody replies or reports it. Replies to a reply of the third level
    stand beside it. Gives the id of the comment.
    """
    member = acting_member(run)
    rules = rules_in_force(run.now.date())
    check_accepted(member, rules)
    pages.check_exists(kind, page)
    above = _parent(parent, kind, page)
    kept = checked_text(text)
    conf = configuration()
    take(member, "post", limit=conf.posts, window=conf.window, now=run.now)
    row = _place(run, member, kind, page, above)
    _write(run, row, 1, kept)
    run.record(
        CommentPosted(
            comment=row.public_id,
            kind=kind,
            page=page,
            parent=row.parent.public_id if row.parent else None,
            version=rules.version,
            member=member.public_id,
            person=member.person,
            text=kept,
        )
    )
    return row.public_id


@action(permission=DebatePermission.POST, events=(CommentEdited,))
def edit_comment(run: Run, *, comment: CommentId, text: Text, expected_version: Expected) -> str:
    """Change one's own comment: for ten minutes, and only until somebody replies or reports it.

    That it was changed is shown; moderators read what it was before.
    """
    member = acting_member(run)
    row = locked_comment(comment, expected_version)
    if row.member_id != member.pk or row.person != member.person:
        raise StandingError("this comment is somebody else's", hint="a reply can say what is wrong with it")
    check_accepted(member, rules_in_force(run.now.date()))
    machines().comment.after(CommentMove.EDIT, CommentState(row.state), what="the comment")
    if not is_editable(row.posted_at, now=run.now, has_replies=row.replies.exists()):
        raise ConflictError(
            "a comment can be changed for ten minutes, and until somebody replies",
            hint="write a reply to it that says what should be otherwise",
        )
    kept = checked_text(text)
    number = row.edition + 1
    _write(run, row, number, kept)
    Comment.objects.filter(pk=row.pk).update(edition=number, version=row.version + 1)
    run.record(CommentEdited(comment=comment, edition=number, person=row.person, text=kept))
    return comment


@action(permission=DebatePermission.REPORT, events=(CommentReported,))
def report_comment(
    run: Run,
    *,
    comment: CommentId,
    rule: Annotated[RuleId, Field(description="The house rule that it breaks.")],
    text: Annotated[str, Field(max_length=1_000, description="What you want to say to the moderators.")] = "",
) -> str:
    """Say that a comment breaks a house rule; once.

    Moderators decide; however many report it, it stays until then. Whoever reports is told the outcome. Gives the
    id of the report.
    """
    member = acting_member(run)
    rules = rules_in_force(run.now.date())
    check_rule(rules, rule)
    row = locked_comment(comment)
    if row.member_id == member.pk:
        raise StandingError("nobody reports their own comment", hint="within ten minutes it can be changed")
    if row.reports.filter(member=member).exists():
        raise ConflictError("you reported this comment already", hint="you will be told the outcome")
    state = machines().comment.after(CommentMove.REPORT, CommentState(row.state), what="the comment")
    conf = configuration()
    take(member, "report", limit=conf.reports, window=conf.window, now=run.now)
    public_id, said = run.new_id(REPORT), text.strip()
    Report.objects.create(
        public_id=public_id,
        comment=row,
        member=member,
        person=member.person,
        rule=rule,
        rules=rules,
        text=seal_text(Place.REPORT, said, id=public_id, person=member.person) if said else None,
        at=run.now,
    )
    Comment.objects.filter(pk=row.pk).update(state=state, queued_at=row.queued_at or run.now)
    run.record(
        CommentReported(
            comment=comment,
            report=public_id,
            rule=rule,
            version=rules.version,
            member=member.public_id,
            person=member.person,
            text=said,
        )
    )
    return public_id


def _parent(parent: str | None, kind: Kind, page: str) -> Comment | None:
    """The comment above. Raises: AbsentError. InvalidError: of another page, or hidden."""
    if parent is None:
        return None
    row = locked_comment(parent)
    if (row.kind, row.page) != (kind, page):
        raise InvalidError("the comment is on another page", fields={"parent": "is a comment on another page"})
    if row.state not in machines().shown:
        raise ConflictError("this comment is not shown, so nobody can reply to it", hint="write a new comment")
    return row if row.depth < DEEPEST else row.parent


def _place(run: Run, member: Member, kind: Kind, page: str, above: Comment | None) -> Comment:
    public_id = run.new_id(COMMENT)
    step = f"{run.now:%Y%m%d%H%M%S}{public_id}"
    return Comment.objects.create(
        public_id=public_id,
        kind=kind,
        page=page,
        member=member,
        person=member.person,
        root=(above.root or above) if above else None,
        parent=above,
        depth=above.depth + 1 if above else 0,
        path=f"{above.path}/{step}" if above else step,
        posted_at=run.now,
        state=machines().comment.begins,
    )


def _write(run: Run, row: Comment, number: int, text: str) -> None:
    """An edition: the text, and the HTML that is shown from now on. It is made here, once."""
    box = f"{row.public_id}/{number}"
    Edition.objects.create(
        comment=row,
        number=number,
        text=seal_text(Place.TEXT, text, id=box, person=row.person),
        html=seal_text(Place.HTML, html_of(text), id=box, person=row.person),
        at=run.now,
    )
