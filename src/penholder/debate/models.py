"""Tables of the debate. Texts are sealed under the key of who wrote them, so an erasure takes them.

No measure that restricts somebody stands without its statement of reasons, and no comment is hidden without a
measure: both are constraints of the database.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from penholder.debate.values import CommentState, Redress, Scope, Source
from penholder.debate.values import Measure as MeasureWord

ID = 40
WORD = 30
KEY = 40
PATH = 200


def _among(field: str, words: type) -> Q:
    return Q(**{f"{field}__in": [w.value for w in words]})  # type: ignore[attr-defined]


class HouseRules(models.Model):
    """A version of the house rules that was brought in force. Never changed."""

    version = models.CharField(max_length=WORD, unique=True)
    content = models.JSONField()
    """Rules in order: id, title, text."""
    sha256 = models.CharField(max_length=64)
    valid_from = models.DateField()
    run = models.CharField(max_length=ID)


class EnteredMembership(models.Model):
    """A membership as an administrator entered it: whose it is, and on which days it is active."""

    key = models.CharField(max_length=KEY, db_index=True)
    """Pseudonym of the membership id (people.addresses.blind)."""
    person = models.CharField(max_length=ID, db_index=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    run = models.CharField(max_length=ID)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("key",), condition=Q(valid_until__isnull=True), name="one_open_row_per_membership"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="entered_membership_in_order",
            ),
        )


class Member(models.Model):
    """One membership in the debate, whatever account it has now."""

    public_id = models.CharField(max_length=ID, unique=True)
    key = models.CharField(max_length=KEY, unique=True)
    """Pseudonym of the membership id: it survives a new address and an erasure, and so does a ban."""
    person = models.CharField(max_length=ID, unique=True)
    """Public id of the account that it has now."""
    name = models.BinaryField()
    name_key = models.CharField(max_length=KEY, unique=True)
    """Pseudonym of the skeleton of the name: two names that look alike have one."""
    joined_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)


class Acceptance(models.Model):
    """A member accepted a version of the rules."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="acceptances")
    rules = models.ForeignKey(HouseRules, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("member", "rules"), name="accepted_once"),)


class Allowance(models.Model):
    """How often a member did something since a moment. Only ever changed by one statement (allowances.take)."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=WORD)
    used = models.PositiveIntegerField()
    since = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("member", "kind"), name="one_allowance_per_kind"),)


class Comment(models.Model):
    """A comment, at a place in its thread. Its texts are its editions."""

    public_id = models.CharField(max_length=ID, unique=True)
    kind = models.CharField(max_length=WORD)
    page = models.CharField(max_length=ID)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="comments")
    person = models.CharField(max_length=ID)
    """Account that wrote it: under whose key its texts are."""
    root = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="thread")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="replies")
    depth = models.PositiveSmallIntegerField()
    path = models.CharField(max_length=PATH)
    """Order within the thread: each level adds time and id."""
    posted_at = models.DateTimeField()
    edition = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=WORD)
    measure = models.ForeignKey("Measure", null=True, on_delete=models.PROTECT, related_name="+")
    """The hold or removal that hides it."""
    restored_at = models.DateTimeField(null=True)
    queued_at = models.DateTimeField(null=True)
    """Since when it waits for a moderator."""
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=_among("state", CommentState)
                & (~Q(state__in=["held", "removed"]) | Q(measure__isnull=False)),
                name="hidden_by_a_measure_alone",
            ),
            models.CheckConstraint(condition=Q(depth__lte=2), name="three_levels"),
        )
        indexes = (
            models.Index(fields=("kind", "page", "-posted_at", "public_id"), name="comment_by_page"),
            models.Index(fields=("root", "path"), name="comment_by_thread"),
            models.Index(fields=("member", "-posted_at"), name="comment_by_member"),
            models.Index(fields=("queued_at", "public_id"), name="comment_queue"),
        )


class Edition(models.Model):
    """A text of a comment, and the HTML that was made of it then. Never changed."""

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveSmallIntegerField()
    text = models.BinaryField()
    html = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("comment", "number"), name="editions_in_order"),)


class Report(models.Model):
    """A member says that a comment breaks a rule: once."""

    public_id = models.CharField(max_length=ID, unique=True)
    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="reports")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="reports")
    person = models.CharField(max_length=ID)
    rule = models.CharField(max_length=ID)
    rules = models.ForeignKey(HouseRules, on_delete=models.PROTECT, related_name="+")
    text = models.BinaryField(null=True)
    at = models.DateTimeField()
    measure = models.ForeignKey("Measure", null=True, on_delete=models.PROTECT, related_name="answered")
    """What was decided on it; empty: nothing yet."""

    class Meta:
        constraints = (models.UniqueConstraint(fields=("comment", "member"), name="reported_once"),)


class Statement(models.Model):
    """A statement of reasons: to whom, what, how far, how long, on which facts, by which rule, and what to do."""

    public_id = models.CharField(max_length=ID, unique=True)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="statements")
    person = models.CharField(max_length=ID)
    """Account to which it was given: under whose key the facts are."""
    measure = models.CharField(max_length=WORD)
    scope = models.CharField(max_length=WORD)
    at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    """Empty: without an end."""
    facts = models.BinaryField()
    source = models.CharField(max_length=WORD)
    found_by_machine = models.BooleanField(default=False)
    decided_by_machine = models.BooleanField(default=False)
    rule = models.CharField(max_length=ID)
    rules = models.ForeignKey(HouseRules, on_delete=models.PROTECT, related_name="+")
    redress = models.CharField(max_length=WORD)
    appeal_until = models.DateField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=_among("measure", MeasureWord)
                & _among("scope", Scope)
                & _among("source", Source)
                & _among("redress", Redress)
                & ~Q(rule="")
                & ~Q(person=""),
                name="statement_is_whole",
            ),
            models.CheckConstraint(condition=Q(decided_by_machine=False), name="a_person_decided"),
        )


class Measure(models.Model):
    """What a moderator decided: on a comment, or on a member."""

    public_id = models.CharField(max_length=ID, unique=True)
    measure = models.CharField(max_length=WORD)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="measures")
    comment = models.ForeignKey(Comment, null=True, on_delete=models.PROTECT, related_name="measures")
    statement = models.OneToOneField(Statement, null=True, on_delete=models.PROTECT, related_name="restriction")
    rule = models.CharField(max_length=ID)
    rules = models.ForeignKey(HouseRules, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=WORD)
    at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended = models.CharField(max_length=WORD, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=_among("measure", MeasureWord) & (Q(measure="keep") | Q(statement__isnull=False)),
                name="no_restriction_without_statement",
            ),
            models.CheckConstraint(
                condition=~Q(measure="suspend") | Q(until__isnull=False), name="a_suspension_has_an_end"
            ),
        )
        indexes = (
            models.Index(fields=("-at", "public_id"), name="measure_by_time"),
            models.Index(fields=("member", "measure"), name="measure_by_member"),
        )


class BanProposal(models.Model):
    """A moderator proposes a permanent ban; another one confirms it. Its id becomes that of the measure."""

    public_id = models.CharField(max_length=ID, unique=True)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="ban_proposals")
    person = models.CharField(max_length=ID)
    rule = models.CharField(max_length=ID)
    rules = models.ForeignKey(HouseRules, on_delete=models.PROTECT, related_name="+")
    facts = models.BinaryField()
    state = models.CharField(max_length=WORD)
    at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("member",), condition=Q(state="proposed"), name="one_open_ban_proposal"
            ),
        )


class Appeal(models.Model):
    """Against one measure, once."""

    public_id = models.CharField(max_length=ID, unique=True)
    measure = models.OneToOneField(Measure, on_delete=models.PROTECT, related_name="appeal")
    person = models.CharField(max_length=ID)
    grounds = models.BinaryField()
    lodged_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=WORD, blank=True)
    reasons = models.BinaryField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = (models.Index(fields=("lodged_at", "public_id"), name="appeal_by_time"),)
