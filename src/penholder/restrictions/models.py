"""Tables of the restrictions. What was said when it was set is never updated; what changed later is a Step."""

from __future__ import annotations

from django.db import models

from penholder.restrictions.values import Kind, StepKind

ID = 40
NAME = 120
WORD = 40
PLACE = 400


class Change(models.Model):
    """One act that changed restrictions: the link from its rows to its entries in the ledger (`Entry.run`)."""

    run = models.CharField(max_length=ID, unique=True)
    act = models.CharField(max_length=NAME)
    recorded_at = models.DateTimeField()


class Restriction(models.Model):
    """A moratorium, an exemption or a hold. `version` alone grows, with every act on it."""

    public_id = models.CharField(max_length=ID, unique=True)
    kind = models.CharField(max_length=WORD)
    version = models.PositiveIntegerField(default=1)
    limb = models.CharField(max_length=NAME, blank=True)
    """Id of the rule on which it rests; of an exemption, the one that would otherwise require refusal."""
    scope = models.TextField(blank=True)
    """A condition as `policy.read_scope` reads it; empty: every line."""
    legal_basis = models.TextField(blank=True)
    reasons = models.TextField()
    advice_for = models.TextField(blank=True)
    advice_against = models.TextField(blank=True)
    conditions = models.TextField(blank=True)
    until = models.DateField(null=True)
    """First day on which it no longer holds, as said from the beginning; null: until it is lifted or ended."""
    review_by = models.DateField()
    cause = models.CharField(max_length=ID, blank=True)
    """Public id of the change of circumstances for which it was made; empty: none."""
    change = models.ForeignKey(Change, on_delete=models.PROTECT, db_index=False)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(kind__in=[k.value for k in Kind]), name="restriction_kind"),
        )
        indexes = (models.Index(fields=("kind", "public_id"), name="restriction_by_kind"),)


class Step(models.Model):
    """One step in the life of a restriction, in the order of the primary key. Inserted and read, never updated."""

    restriction = models.ForeignKey(Restriction, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=WORD)
    on = models.DateField()
    """From which day on, in the world."""
    destination = models.CharField(max_length=PLACE, blank=True)
    where = models.TextField(blank=True)
    """Of an announcement: where it was made."""
    reasons = models.TextField(blank=True)
    gates = models.JSONField(default=list)
    """Ids of the questions that were open about it."""
    gate_reasons = models.TextField(blank=True, db_default="")
    """Why their answer was not awaited."""
    change = models.ForeignKey(Change, on_delete=models.PROTECT, db_index=False)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(kind__in=[k.value for k in StepKind]), name="restriction_step_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(gates=[]) | ~models.Q(gate_reasons=""), name="restriction_step_gate_has_reasons"
            ),
        )
        indexes = (models.Index(fields=("destination", "kind"), name="restriction_step_by_place"),)


class GateRow(models.Model):
    """A question that is open at the site of concerns, or was. Nothing of who raised it is known here."""

    public_id = models.CharField(max_length=ID, unique=True)
    target = models.CharField(max_length=ID, db_index=True)
    question = models.CharField(max_length=PLACE)
    since = models.DateField()
    level = models.CharField(max_length=300)
    closed_on = models.DateField(null=True)
    """Day of the first list that left it out; null: it is open."""
    made_on = models.DateField()
    """Day of the last list that changed it."""
