"""What happened in the debate. The log shows ids, rules, dates, measures; persons and texts are sealed.

Texts and persons are under the key of the person who wrote, or to whom it was said: an erasure takes both.
"""

from __future__ import annotations

from datetime import date, datetime

from penholder.actions.events import Event
from penholder.actions.values import Visibility
from penholder.debate.values import Kind, Measure, Outcome, Redress, Scope, Source


class RulesBroughtInForce(
    Event,
    visibility=Visibility.PUBLIC,
    about="version",
    public=("version", "rules", "sha256", "valid_from"),
):
    """A version of the house rules is in force from a day on. rules: id, title and text of each."""

    version: str
    rules: tuple[dict[str, str], ...]
    sha256: str
    valid_from: date


class MembershipEntered(
    Event,
    visibility=Visibility.SEALED,
    about="key",
    official=("key", "valid_from", "valid_until"),
    personal={"person": "person", "membership": "person"},
):
    """An administrator entered a membership of a person. key: pseudonym of its number."""

    key: str
    valid_from: date
    valid_until: date | None
    person: str
    membership: str


class MembershipEnded(Event, visibility=Visibility.SEALED, about="key", official=("key", "valid_until")):
    """An entered membership ends (the day exclusive)."""

    key: str
    valid_until: date


class MemberJoined(
    Event,
    visibility=Visibility.SEALED,
    about="member",
    official=("member",),
    personal={"person": "person", "called": "person"},
):
    """A membership takes part in the debate, under a name."""

    member: str
    person: str
    called: str


class MemberMoved(
    Event,
    visibility=Visibility.SEALED,
    about="member",
    official=("member",),
    personal={"person": "person", "called": "person"},
):
    """The same membership has another account now. Measures against it go with it."""

    member: str
    person: str
    called: str


class MemberForgotten(Event, visibility=Visibility.SEALED, about="member", official=("member",)):
    """The account of a member was erased: what was left of name and texts was overwritten."""

    member: str


class RulesAccepted(
    Event,
    visibility=Visibility.SEALED,
    about="member",
    official=("member", "version"),
    personal={"person": "person"},
):
    """A member accepted a version of the house rules."""

    member: str
    version: str
    person: str


class CommentPosted(
    Event,
    visibility=Visibility.PUBLIC,
    about="comment",
    public=("comment", "kind", "page", "parent", "version"),
    personal={"member": "person", "person": "person", "text": "person"},
):
    """A member wrote something. parent: the comment to which it replies; version: of the rules."""

    comment: str
    kind: Kind
    page: str
    parent: str | None
    version: str
    member: str
    person: str
    text: str


class CommentEdited(
    Event,
    visibility=Visibility.PUBLIC,
    about="comment",
    public=("comment", "edition"),
    personal={"person": "person", "text": "person"},
):
    """The author changed a comment within ten minutes."""

    comment: str
    edition: int
    person: str
    text: str


class CommentReported(
    Event,
    visibility=Visibility.PUBLIC,
    about="comment",
    public=("comment", "report", "rule", "version"),
    personal={"member": "person", "person": "person", "text": "person"},
):
    """A member says that a comment breaks a rule."""

    comment: str
    report: str
    rule: str
    version: str
    member: str
    person: str
    text: str


class CommentKept(
    Event,
    visibility=Visibility.PUBLIC,
    about="comment",
    public=("comment", "measure", "reports", "ended"),
    official=("grounds",),
):
    """A moderator let a comment stand. reports: those that this answers; ended: the hold that it ends."""

    comment: str
    measure: str
    reports: tuple[str, ...]
    ended: str | None
    grounds: str


class CommentRestricted(
    Event,
    visibility=Visibility.PUBLIC,
    about="comment",
    public=(
        "comment", "measure", "kind", "statement", "scope", "source", "rule", "version", "redress",
        "appeal_until", "reports", "superseded", "found_by_machine", "decided_by_machine",
    ),
    personal={"person": "person", "facts": "person"},
):  # fmt: skip
    """A moderator held or removed a comment, and its author was told why in the same act.

    superseded: the hold in the place of which a removal stands.
    """

    comment: str
    measure: str
    kind: Measure
    statement: str
    scope: Scope
    source: Source
    rule: str
    version: str
    redress: Redress
    appeal_until: date
    reports: tuple[str, ...]
    superseded: str | None
    found_by_machine: bool
    decided_by_machine: bool
    person: str
    facts: str


class MemberRestricted(
    Event,
    visibility=Visibility.PUBLIC,
    about="measure",
    public=(
        "measure", "kind", "statement", "scope", "until", "source", "rule", "version", "redress",
        "appeal_until", "found_by_machine", "decided_by_machine",
    ),
    personal={"member": "person", "person": "person", "facts": "person"},
):  # fmt: skip
    """A member was warned, suspended until a time, or banned, and told why in the same act."""

    measure: str
    kind: Measure
    statement: str
    scope: Scope
    until: datetime | None
    source: Source
    rule: str
    version: str
    redress: Redress
    appeal_until: date
    found_by_machine: bool
    decided_by_machine: bool
    member: str
    person: str
    facts: str


class BanProposed(
    Event,
    visibility=Visibility.OFFICIAL,
    about="measure",
    official=("measure", "rule", "version"),
    personal={"member": "person", "person": "person", "facts": "person"},
):
    """A moderator proposes a permanent ban. Nothing changes for anybody until another one confirms it."""

    measure: str
    rule: str
    version: str
    member: str
    person: str
    facts: str


class BanWithdrawn(Event, visibility=Visibility.OFFICIAL, about="measure", official=("measure", "grounds")):
    """A proposed ban was given up."""

    measure: str
    grounds: str


class AppealLodged(
    Event,
    visibility=Visibility.PUBLIC,
    about="appeal",
    public=("appeal", "measure"),
    personal={"person": "person", "grounds": "person"},
):
    """Somebody appeals against a measure."""

    appeal: str
    measure: str
    person: str
    grounds: str


class AppealDecided(
    Event,
    visibility=Visibility.PUBLIC,
    about="subject",
    public=("appeal", "measure", "subject", "outcome"),
    personal={"person": "person", "reasons": "person"},
):
    """A moderator who had nothing to do with it decided. subject: the comment; else the measure on the member."""

    appeal: str
    measure: str
    subject: str
    outcome: Outcome
    person: str
    reasons: str


class CommentRestored(
    Event, visibility=Visibility.PUBLIC, about="comment", public=("comment", "measure", "appeal")
):
    """A comment is shown again, in its place, with a note."""

    comment: str
    measure: str
    appeal: str


class MeasureLifted(Event, visibility=Visibility.PUBLIC, about="measure", public=("measure", "appeal")):
    """A measure on a member ended by an appeal."""

    measure: str
    appeal: str
