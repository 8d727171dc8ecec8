"""Rows of the vault: what is sealed under the key of a subject. The keys are elsewhere."""

from __future__ import annotations

from django.db import models

from penholder.ledger.fields import RowNumber

ID = 120


class SealedField(models.Model):
    """One private field of one entry: its disclosure, sealed."""

    id = RowNumber(primary_key=True)
    entry = models.ForeignKey("ledger.Entry", on_delete=models.PROTECT, db_index=False)  # the constraint has one
    name = models.CharField(max_length=ID)
    subject = models.CharField(max_length=ID, db_index=True)
    """Whose key it is under: a person, an organisation, a licence or a case."""
    field_class = models.CharField(max_length=20)
    """Need to know: commercial, official, restricted, personal."""
    sealed = models.BinaryField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("entry", "name"), name="one_sealed_field_per_name"),)


class VaultFile(models.Model):
    """One stored file. The bytes are in the folder of files, under the key of the subject."""

    address = models.CharField(max_length=64, unique=True)
    """SHA-256 of the stored bytes: the name in the folder."""
    subject = models.CharField(max_length=ID, db_index=True)
    digest = models.CharField(max_length=64)
    """Salted commitment to the plain text, as the ledger has it."""
    field_class = models.CharField(max_length=20)
    """Need to know: commercial, official, restricted, personal."""
    media_type = models.CharField(max_length=ID)
    size = models.BigIntegerField()
    """Of the plain text, in bytes."""

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(size__gt=0), name="stored_file_is_not_empty"),)
