"""Rows of the ledger. They are inserted and read, never updated or deleted: triggers of the database see to it."""

from __future__ import annotations

from django.db import models

from penholder.ledger.fields import GivenNumber, RowNumber

HASH = 32
ID = 40
NAME = 120


class Entry(models.Model):
    """One entry, written in the transaction of the act that it records. Its place in the log is in `Place`."""

    id = RowNumber(primary_key=True)
    body = models.TextField()
    """The leaf: canonical JSON, exactly the bytes that are hashed and published."""
    run = models.CharField(max_length=ID, db_index=True)
    event = models.CharField(max_length=NAME)
    about = models.CharField(max_length=NAME, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("about", "id"), name="entry_by_subject"),)


class Waiting(models.Model):
    """Entries that have no place yet. The only table of the ledger from which rows are deleted."""

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, primary_key=True)


class Place(models.Model):
    """The place of an entry in the log: contiguous from 0, in the order that is proved."""

    seq = GivenNumber(primary_key=True)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT)


class Node(models.Model):
    """The hash of a complete subtree. Level 0 are the leaves."""

    pk = models.CompositePrimaryKey("level", "position")
    level = models.SmallIntegerField()
    position = models.BigIntegerField()
    hash = models.BinaryField(max_length=HASH)


class Head(models.Model):
    """Size and root of the log after each batch of entries, and when that was."""

    size = GivenNumber(primary_key=True)
    root = models.BinaryField(max_length=HASH)
    frontier = models.BinaryField()
    """Hashes of the complete subtrees, largest first."""
    recorded_at = models.DateTimeField()
    """Never before that of the head before it: who looks for a time halves the sizes, and needs no index."""


class Checkpoint(models.Model):
    """A head that was signed for publication. One row per size: two publishers cannot sign two histories."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField(max_length=HASH)
    note = models.TextField()
    signed_at = models.DateTimeField(db_index=True)
