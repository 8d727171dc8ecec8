"""What happened to assessments. Public fields are published with the ledger; all others are sealed.

Public: that a version was accepted, its number, cut-off and loops, that it was superseded; and of the gist, which
is published on purpose, the words and the findings per use class. Official: contents, requests for changes, links.
Restricted: the note of the legal check. Reserved: what was instructed orally; that it happened shows nowhere.
"""

from __future__ import annotations

from datetime import date

from penholder.actions.events import Event
from penholder.actions.values import Visibility
from penholder.assessment.values import AssessmentPermission, Concern, Content, Finding


class AssessmentStarted(
    Event,
    visibility=Visibility.OFFICIAL,
    about="assessment",
    official=("assessment", "destination", "party", "conflict"),
):
    """Somebody began to assess a party at a destination."""

    assessment: str
    destination: str
    party: str
    conflict: str


class VersionSaved(
    Event,
    visibility=Visibility.OFFICIAL,
    about="assessment",
    official=("assessment", "version", "number", "content", "answers", "dropped"),
):
    """A version was saved. It is never changed: a change is the next version.

    answers: the change request that it answers. dropped: evidence that the version before cited and this does not.
    """

    assessment: str
    version: str
    number: int
    content: Content
    answers: str
    dropped: tuple[str, ...]


class VersionSent(
    Event, visibility=Visibility.OFFICIAL, about="assessment", official=("assessment", "version", "number")
):
    """A version left its drafter, for the legal check."""

    assessment: str
    version: str
    number: int


class VersionChecked(
    Event,
    visibility=Visibility.OFFICIAL,
    about="assessment",
    official=("assessment", "version", "number"),
    restricted=("note",),
):
    """The legal check of a version is done. note: privileged."""

    assessment: str
    version: str
    number: int
    note: str


class VersionCountersigned(
    Event,
    visibility=Visibility.OFFICIAL,
    about="assessment",
    official=("assessment", "version", "number", "remark"),
):
    """Somebody who wrote none of it signed it, and it went to the decider."""

    assessment: str
    version: str
    number: int
    remark: str


class ChangeRequested(
    Event,
    visibility=Visibility.OFFICIAL,
    about="assessment",
    official=("assessment", "version", "number", "request", "requested_by", "what", "why", "drops", "loops"),
):
    """A version was returned. loops: how often one was, this time included."""

    assessment: str
    version: str
    number: int
    request: str
    requested_by: str
    what: str
    why: str
    drops: tuple[str, ...]
    loops: int


class VersionAccepted(
    Event,
    visibility=Visibility.PUBLIC,
    about="assessment",
    public=("assessment", "version", "number", "destination", "cutoff", "accepted_on", "loops"),
    official=("remark",),
):
    """A version may be cited from this day on."""

    assessment: str
    version: str
    number: int
    destination: str
    cutoff: date
    accepted_on: date
    loops: int
    remark: str


class VersionSuperseded(
    Event,
    visibility=Visibility.PUBLIC,
    about="assessment",
    public=("assessment", "version", "number", "by", "effective_on"),
):
    """An accepted version may be cited no longer: a newer one was accepted."""

    assessment: str
    version: str
    number: int
    by: str
    effective_on: date


class DissentLinked(
    Event, visibility=Visibility.OFFICIAL, about="assessment", official=("assessment", "version", "dissent")
):
    """A dissent note is about a version."""

    assessment: str
    version: str
    dissent: str


class GistPublished(
    Event,
    visibility=Visibility.PUBLIC,
    about="assessment",
    public=(
        "assessment", "version", "number", "destination", "cutoff", "attitude", "findings", "gist", "published_on"
    ),
):  # fmt: skip
    """What may be known of an accepted version was published. findings: (use class, limb, finding)."""

    assessment: str
    version: str
    number: int
    destination: str
    cutoff: date
    attitude: Concern
    findings: tuple[tuple[str, str, Finding], ...]
    gist: str
    published_on: date


class InstructionRecorded(
    Event,
    visibility=Visibility.SEALED,
    about="instruction",
    restricted=("instruction", "assessment", "version", "number", "text"),
    reserved=AssessmentPermission.READ_INSTRUCTION,
):
    """The drafter was told orally to change something. For the independent reviewer alone."""

    instruction: str
    assessment: str
    version: str
    number: int
    text: str


class InstructionRead(
    Event,
    visibility=Visibility.SEALED,
    about="instruction",
    restricted=("instruction",),
    reserved=AssessmentPermission.READ_INSTRUCTION,
):
    """The independent reviewer read it."""

    instruction: str
