"""Tables of evidence. All rows are inserted and read, never updated, but for `Incident.version`.

What is said about an incident is a row of its own each time, linked to the act that said it. No column takes the
name of a person; texts are official and stand in no published file. Coordinates are whole millionths of a degree.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from penholder.evidence.values import Axis, GradeAxis

ID = 40
NAME = 200
HASH = 64
WORD = 40
TEXT = 4_000


class Change(models.Model):
    """One act that changed evidence: the link from its rows to its entries in the ledger (`Entry.run`)."""

    run = models.CharField(max_length=ID, unique=True)
    act = models.CharField(max_length=120)
    recorded_at = models.DateTimeField()


class Source(models.Model):
    """A body that reports, or a list that it keeps."""

    public_id = models.CharField(max_length=ID, unique=True)
    name = models.CharField(max_length=NAME, unique=True)
    kind = models.CharField(max_length=WORD)
    note = models.CharField(max_length=TEXT, blank=True)
    change = models.ForeignKey(Change, on_delete=models.PROTECT, db_index=False)


class Import(models.Model):
    """One file whose rows were taken in as one act."""

    public_id = models.CharField(max_length=ID, unique=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT)
    layout = models.CharField(max_length=NAME)
    received_on = models.DateField()
    read = models.PositiveIntegerField()
    loaded = models.PositiveIntegerField()
    quarantined = models.PositiveIntegerField()
    reasons = models.JSONField()
    file = models.CharField(max_length=HASH, unique=True)
    """Address in the vault."""
    file_digest = models.CharField(max_length=HASH)
    data_sha256 = models.CharField(max_length=HASH)
    change = models.ForeignKey(Change, on_delete=models.PROTECT, db_index=False)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(read=F("loaded") + F("quarantined")), name="read_is_loaded_and_quarantined"
            ),
        )


class QuarantinedRow(models.Model):
    """A row of a file that was not taken in, and why. What stood in it is kept in the file alone."""

    imported = models.ForeignKey(Import, on_delete=models.PROTECT, related_name="refused", db_index=False)
    line = models.PositiveIntegerField()
    column = models.CharField(max_length=NAME, blank=True)
    reason = models.CharField(max_length=WORD)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("imported", "line"), name="one_reason_per_row"),)


class Incident(models.Model):
    """One report of one incident, by one source. Reports of one event are joined (`Joining`)."""

    public_id = models.CharField(max_length=ID, unique=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT)
    imported = models.ForeignKey(Import, null=True, on_delete=models.PROTECT, related_name="incidents")
    row = models.PositiveIntegerField(null=True)
    """Place among the rows that were taken in, from 1."""
    key = models.CharField(max_length=NAME)
    received_on = models.DateField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    date_precision = models.CharField(max_length=WORD)
    place = models.CharField(max_length=NAME)
    place_precision = models.CharField(max_length=WORD)
    admin1 = models.CharField(max_length=NAME, blank=True)
    admin2 = models.CharField(max_length=NAME, blank=True)
    place_name = models.CharField(max_length=NAME, blank=True)
    latitude_micro = models.IntegerField(null=True)
    longitude_micro = models.IntegerField(null=True)
    munition = models.CharField(max_length=NAME, blank=True)
    object_class = models.CharField(max_length=WORD)
    object_words = models.CharField(max_length=NAME, blank=True)
    attacks_least = models.PositiveIntegerField(null=True)
    attacks_most = models.PositiveIntegerField(null=True)
    certainty = models.CharField(max_length=NAME, blank=True)
    version = models.PositiveIntegerField(default=1)
    """Grows with every act: what an act must name to show that it saw the newest."""
    change = models.ForeignKey(Change, on_delete=models.PROTECT, db_index=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("source", "key"), name="one_report_per_key"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="incident_ends_after_start"),
        )
        indexes = (
            models.Index(fields=("-starts_on", "public_id"), name="incident_by_day"),
            models.Index(fields=("place", "starts_on"), name="incident_by_place"),
        )


class Actor(models.Model):
    """A party that the report names as having acted: forces, states, groups; never a person."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="actors", db_index=False)
    place = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=NAME, db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("incident", "name"), name="one_row_per_actor"),)


class Means(models.Model):
    """A means that the report names."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="means", db_index=False)
    place = models.PositiveSmallIntegerField()
    means = models.CharField(max_length=WORD, db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("incident", "means"), name="one_row_per_means"),)


class Casualties(models.Model):
    """How many people of one status, at least and at most. Counts alone."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="casualties", db_index=False)
    place = models.PositiveSmallIntegerField()
    harm = models.CharField(max_length=WORD)
    status = models.CharField(max_length=WORD)
    least = models.PositiveIntegerField()
    most = models.PositiveIntegerField(null=True)
    status_source = models.CharField(max_length=ID, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("incident", "harm", "status"), name="one_range_per_status"),
            models.CheckConstraint(condition=Q(most=None) | Q(most__gte=F("least")), name="range_not_reversed"),
            models.CheckConstraint(
                condition=Q(status="unknown") | ~Q(status_source=""), name="status_has_a_source"
            ),
        )


class Grade(models.Model):
    """One axis of the grade of one report, as judged once. number: 1, 2, ..."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="grades", db_index=False)
    axis = models.CharField(max_length=WORD)
    number = models.PositiveIntegerField()
    value = models.CharField(max_length=1)
    reason = models.CharField(max_length=TEXT)
    change = models.ForeignKey(Change, on_delete=models.PROTECT, db_index=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("incident", "axis", "number"), name="one_row_per_grade"),
            models.CheckConstraint(
                condition=Q(axis=GradeAxis.RELIABILITY.value, value__in=list("ABCDEF"))
                | Q(axis=GradeAxis.CREDIBILITY.value, value__in=list("123456")),
                name="grade_is_of_its_axis",
            ),
        )


class Origin(models.Model):
    """Whose account a report repeats. origin null: its own source's."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="origins", db_index=False)
    number = models.PositiveIntegerField()
    origin = models.ForeignKey(Source, null=True, on_delete=models.PROTECT, db_index=False)
    reason = models.CharField(max_length=TEXT)
    change = models.ForeignKey(Change, on_delete=models.PROTECT, db_index=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("incident", "number"), name="one_row_per_origin"),)


class Joining(models.Model):
    """A report was joined to the one that stands for the event, or separated from it (same_as null)."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="joinings", db_index=False)
    number = models.PositiveIntegerField()
    same_as = models.ForeignKey(Incident, null=True, on_delete=models.PROTECT, related_name="joined")
    reason = models.CharField(max_length=TEXT)
    change = models.ForeignKey(Change, on_delete=models.PROTECT, db_index=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("incident", "number"), name="one_row_per_joining"),
            models.CheckConstraint(condition=~Q(same_as=F("incident")), name="not_joined_to_itself"),
        )


class Scope(models.Model):
    """Whether an incident is assessed at all, as said once."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="scopes", db_index=False)
    number = models.PositiveIntegerField()
    in_scope = models.BooleanField()
    reason = models.CharField(max_length=TEXT)
    change = models.ForeignKey(Change, on_delete=models.PROTECT, db_index=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("incident", "number"), name="one_row_per_scope"),)


class Finding(models.Model):
    """One answer to one of the four questions. A change of mind is one more row, with its reason."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="findings", db_index=False)
    axis = models.CharField(max_length=WORD)
    number = models.PositiveIntegerField()
    value = models.CharField(max_length=WORD)
    confidence = models.CharField(max_length=WORD)
    party = models.CharField(max_length=NAME, blank=True)
    """Of an attribution: to whom."""
    grounds = models.CharField(max_length=TEXT)
    evidence = models.JSONField()
    """Public ids."""
    reason = models.CharField(max_length=TEXT, blank=True)
    """Why it was changed; empty for the first."""
    change = models.ForeignKey(Change, on_delete=models.PROTECT, db_index=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("incident", "axis", "number"), name="one_row_per_finding"),
            models.CheckConstraint(condition=Q(number=1) | ~Q(reason=""), name="changed_finding_has_a_reason"),
            models.CheckConstraint(condition=Q(axis__in=[a.value for a in Axis]), name="axis_is_known"),
        )


class Explanation(models.Model):
    """What the party itself says, or found in an investigation of its own."""

    public_id = models.CharField(max_length=ID, unique=True)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="explanations")
    party = models.CharField(max_length=NAME)
    kind = models.CharField(max_length=WORD)
    position = models.CharField(max_length=WORD)
    given_on = models.DateField()
    source = models.ForeignKey(Source, null=True, on_delete=models.PROTECT, db_index=False)
    text = models.CharField(max_length=TEXT)
    credibility = models.CharField(max_length=1)
    credibility_reason = models.CharField(max_length=TEXT)
    change = models.ForeignKey(Change, on_delete=models.PROTECT, db_index=False)


class ExculpatoryFact(models.Model):
    """Something that can speak for the party, and what is said against that."""

    public_id = models.CharField(max_length=ID, unique=True)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="facts")
    kind = models.CharField(max_length=WORD)
    source = models.ForeignKey(Source, null=True, on_delete=models.PROTECT, db_index=False)
    text = models.CharField(max_length=TEXT)
    disputed = models.CharField(max_length=TEXT, blank=True)
    credibility = models.CharField(max_length=1)
    credibility_reason = models.CharField(max_length=TEXT)
    change = models.ForeignKey(Change, on_delete=models.PROTECT, db_index=False)


class Gap(models.Model):
    """Something that is not known and should be."""

    public_id = models.CharField(max_length=ID, unique=True)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="gaps")
    axis = models.CharField(max_length=WORD)
    question = models.CharField(max_length=TEXT)
    due = models.DateField(null=True)
    change = models.ForeignKey(Change, on_delete=models.PROTECT, db_index=False)


class GapClosing(models.Model):
    """How a gap was closed."""

    gap = models.OneToOneField(Gap, on_delete=models.PROTECT, related_name="closing")
    is_answered = models.BooleanField()
    answer = models.CharField(max_length=TEXT)
    change = models.ForeignKey(Change, on_delete=models.PROTECT, db_index=False)
