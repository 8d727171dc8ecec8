"""Tables of the statements. Rows are inserted and read; `Promise.version` alone grows."""

from __future__ import annotations

from django.db import models

ID = 40
NAME = 200
WORD = 40
TEXT = 4_000


class Statement(models.Model):
    """What was said in public, and which version of an assessment was accepted that day."""

    public_id = models.CharField(max_length=ID, unique=True)
    destination = models.CharField(max_length=NAME, db_index=True)
    said_on = models.DateField()
    place = models.CharField(max_length=NAME)
    speaker_role = models.CharField(max_length=NAME)
    words = models.CharField(max_length=TEXT)
    source = models.CharField(max_length=NAME, blank=True)
    """Where the text can be found."""
    claims = models.JSONField(default=list)
    """`values.Claim` as JSON values, in order."""
    assessment = models.CharField(max_length=ID, blank=True)
    assessed = models.CharField(max_length=ID, blank=True)
    """Public id of the version that was accepted that day, as it was known at the record; empty: none."""
    run = models.CharField(max_length=ID)

    class Meta:
        indexes = (models.Index(fields=("-said_on", "public_id"), name="statement_by_day"),)


class Promise(models.Model):
    """What was promised in a statement, and by when."""

    public_id = models.CharField(max_length=ID, unique=True)
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="promises")
    words = models.CharField(max_length=TEXT)
    due = models.DateField()
    version = models.PositiveIntegerField(default=1)
    run = models.CharField(max_length=ID)

    class Meta:
        indexes = (models.Index(fields=("due", "public_id"), name="promise_by_due"),)


class Outcome(models.Model):
    """A promise was kept, or replaced by another: once. on: as was said; recorded_on: when that was said."""

    promise = models.OneToOneField(Promise, on_delete=models.PROTECT, related_name="outcome")
    state = models.CharField(max_length=WORD)
    on = models.DateField()
    recorded_on = models.DateField()
    source = models.CharField(max_length=NAME, blank=True)
    """Where it can be seen that it was kept."""
    words = models.CharField(max_length=TEXT, blank=True)
    by = models.ForeignKey(Promise, null=True, on_delete=models.PROTECT, related_name="replaces")
    run = models.CharField(max_length=ID)
