"""Tables of the assessments. Versions, steps, requests and links are inserted and read, never updated.

No table knows of instructions that were given orally: they are in the vault alone (`assessment.reserved`).
"""

from __future__ import annotations

from django.db import models

from penholder.assessment.values import TEXT_LENGTH, Status

ID = 40
NAME = 200
WORD = 40


class Assessment(models.Model):
    """The assessment of one party to one conflict at one destination, through all its versions."""

    public_id = models.CharField(max_length=ID, unique=True)
    destination = models.CharField(max_length=NAME, db_index=True)
    party = models.CharField(max_length=NAME)
    conflict = models.CharField(max_length=NAME, blank=True)
    """What it is called; empty: none."""
    version = models.PositiveIntegerField(default=1)
    """Grows with every act on it; the only column that is ever updated."""
    run = models.CharField(max_length=ID)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("destination", "party", "conflict"), name="one_assessment_per_party"),
        )


class Version(models.Model):
    """What the assessment said at one save."""

    public_id = models.CharField(max_length=ID, unique=True)
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="versions", db_index=False)
    number = models.PositiveIntegerField()
    cutoff = models.DateField()
    content = models.JSONField()
    """`values.Content` as JSON values."""
    dropped = models.JSONField(default=list)
    """Ids of evidence that the version before cited and this one does not."""
    answers = models.CharField(max_length=ID, blank=True)
    """Public id of the change request that it answers."""
    saved_at = models.DateTimeField()
    run = models.CharField(max_length=ID)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("assessment", "number"), name="one_version_per_number"),)


class Step(models.Model):
    """A version took a status: by which move, from which day in the world."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="steps", db_index=False)
    number = models.PositiveIntegerField()
    move = models.CharField(max_length=WORD)
    status = models.CharField(max_length=WORD)
    on = models.DateField()
    at = models.DateTimeField()
    run = models.CharField(max_length=ID)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("version", "number"), name="one_step_per_number"),
            models.CheckConstraint(
                condition=models.Q(status__in=[s.value for s in Status]), name="version_status_is_known"
            ),
        )
        indexes = (models.Index(fields=("status", "on"), name="version_by_status"),)


class ChangeRequest(models.Model):
    """Who wanted what changed in a version, and why."""

    public_id = models.CharField(max_length=ID, unique=True)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="requests")
    requested_by = models.CharField(max_length=NAME)
    """A function or an office, never a name."""
    what = models.CharField(max_length=TEXT_LENGTH)
    why = models.CharField(max_length=TEXT_LENGTH)
    drops = models.JSONField(default=list)
    """Ids of evidence that it asks to cite no more."""
    at = models.DateTimeField()
    run = models.CharField(max_length=ID)


class DissentLink(models.Model):
    """A dissent note is about this version."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="dissents", db_index=False)
    dissent = models.CharField(max_length=ID)
    run = models.CharField(max_length=ID)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("version", "dissent"), name="one_link_per_dissent"),)


class Gist(models.Model):
    """What was published of an accepted version, in open words."""

    version = models.OneToOneField(Version, on_delete=models.PROTECT, related_name="gist")
    text = models.CharField(max_length=TEXT_LENGTH)
    published_on = models.DateField()
    run = models.CharField(max_length=ID)
