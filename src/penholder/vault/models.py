"""Rows of the vault: what is sealed under the key of a subject. The keys are elsewhere."""

from __future__ import annotations

from django.db import models

ID = 120


class SealedField(models.Model):
    """One private field of one entry: its disclosure, sealed."""

    entry = models.ForeignKey("ledger.Entry", on_delete=models.PROTECT)
    name = models.CharField(max_length=ID)
    subject = models.CharField(max_length=ID, db_index=True)
    """Whose key it is under: a person, an organisation, a licence or a case."""
    field_class = models.CharField(max_length=20)
    """Need to know: commercial, official, restricted, personal."""
    sealed = models.BinaryField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("entry", "name"), name="one_sealed_field_per_name"),)
