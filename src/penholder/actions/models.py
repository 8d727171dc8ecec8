"""Book-keeping of the actions. Written by `actions` alone; the ledger holds the record itself."""

from __future__ import annotations

from django.db import models

ID = 40
NAME = 120


class Act(models.Model):
    """An index of who did what to what: one row per event. Separation of duties is computed from it."""

    entry = models.OneToOneField("ledger.Entry", on_delete=models.PROTECT, primary_key=True)
    run = models.CharField(max_length=ID)
    act = models.CharField(max_length=NAME)
    actor = models.CharField(max_length=ID)
    role = models.CharField(max_length=NAME)
    about = models.CharField(max_length=NAME, blank=True)
    at = models.DateTimeField()
    stood_in_for = models.TextField(blank=True, default="")
    """Ids, by spaces, of the people whose act it is, too: of whoever lent a deputy the roles, and of those whose
    act the system followed."""

    class Meta:
        indexes = (models.Index(fields=("about", "act", "actor"), name="act_by_subject"),)


class IdempotencyKey(models.Model):
    """A key that a caller gave with an act, and what the act gave back."""

    key = models.CharField(max_length=64, primary_key=True)
    """HMAC-SHA-256 of actor, act and the key as given, under the secret of the installation."""
    request = models.CharField(max_length=64)
    """HMAC-SHA-256 of the parameters."""
    receipt = models.JSONField()
    at = models.DateTimeField(db_index=True)


class OutboxRow(models.Model):
    """A reaction that is due because an event happened."""

    entry = models.ForeignKey("ledger.Entry", on_delete=models.PROTECT)
    event = models.CharField(max_length=NAME)
    reaction = models.CharField(max_length=NAME)
    due_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=400, blank=True)
    """Code and message of the last failure; shown by `penholder doctor`."""

    class Meta:
        constraints = (models.UniqueConstraint(fields=("entry", "reaction"), name="one_reaction_per_entry"),)
        indexes = (
            models.Index(fields=("due_at",), condition=models.Q(done_at__isnull=True), name="outbox_waiting"),
        )


class ScheduledRun(models.Model):
    """When each scheduled action ran last."""

    name = models.CharField(max_length=NAME, primary_key=True)
    ran_at = models.DateTimeField()
    failure = models.CharField(max_length=400, blank=True)
